//! Classes of events: how steady a number can be expected to be.

/// What an event counts, as far as it decides how much it may vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Instructions, branches, retired uops; faults of a deterministic program.
    Exact,
    /// Cycles, reference cycles, clocks.
    Cycle,
    /// Misses, stalls, whatever is speculative.
    Rate,
    /// Context switches, migrations.
    Software,
}

impl Class {
    /// Every class with the word used for it.
    pub const WORDS: [(Self, &'static str); 4] =
        [(Self::Exact, "exact"), (Self::Cycle, "cycle"), (Self::Rate, "rate"), (Self::Software, "sw")];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The class that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(class, _)| class)
    }

    /// Spread that repetitions of one experiment may have, relative. Weaver & McKee (IISWC 2008) saw up to 1.07 % for retired
    /// instructions on careless machines; the others are judgement.
    pub fn tolerance(self) -> f64 {
        [0.01, 0.05, 0.25, 0.10][self as usize]
    }

    /// Difference that two tools may have, relative. Judgement.
    pub fn tool_tolerance(self) -> f64 {
        [0.01, 0.05, 0.15, 0.05][self as usize]
    }

    /// Difference of two sides that matters in practice, relative. Judgement; that of `Software` is as that of `Rate`.
    pub fn practical_difference(self) -> f64 {
        [0.001, 0.02, 0.05, 0.05][self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_the_place_of_their_class() {
        for (class, word) in Class::WORDS {
            assert_eq!((class.as_str(), Class::from_word(word)), (word, Some(class)));
        }
        assert_eq!(Class::from_word("exakt"), None);
    }
}
