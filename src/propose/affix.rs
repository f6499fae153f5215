//! What texts have in common at their ends.

use crate::place::layout::date_micros;

/// What stands before and behind the part that varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Affix<'a> {
    pub(super) before: &'a str,
    pub(super) behind: &'a str,
}

impl<'a> Affix<'a> {
    /// The longest ends that all texts share, cut back by `before` and `behind`; something is left between them in every text.
    fn shared(texts: &[&'a str], before: fn(&str) -> usize, behind: fn(&str) -> usize) -> Self {
        let Some(first) = texts.first() else { return Self { before: "", behind: "" } };
        let length = texts.iter().map(|text| common(first.chars(), text.chars())).min().unwrap_or(0);
        let head = &first[..length];
        let head = &head[..before(head)];
        let rests: Vec<&str> = texts.iter().map(|text| &text[head.len()..]).collect();
        let length = rests.iter().map(|rest| common(rests[0].chars().rev(), rest.chars().rev())).min().unwrap_or(0);
        let tail = &rests[0][rests[0].len() - length..];
        let tail = &tail[behind(tail)..];
        let empty = rests.iter().any(|rest| rest.len() <= tail.len());
        if empty { Self { before: "", behind: "" } } else { Self { before: head, behind: tail } }
    }

    /// Ends that lie between words: `run_` and `.log` of `run_a.log` and `run_b.log`, nothing of `alpha` and `alto`.
    pub(super) fn of_words(texts: &[&'a str]) -> Self {
        let behind = |tail: &str| tail.find(is_separator).unwrap_or(tail.len());
        Self::shared(texts, words_end, behind)
    }

    /// Ends between which every text has digits and nothing else.
    pub(super) fn of_numbers(texts: &[&'a str]) -> Option<Self> {
        let before = |head: &str| head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let behind = |tail: &str| tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let affix = Self::shared(texts, before, behind);
        texts.iter().all(|text| affix.middle(text).bytes().all(|byte| byte.is_ascii_digit())).then_some(affix)
    }

    /// What a text has between the ends.
    pub(super) fn middle<'t>(&self, text: &'t str) -> &'t str {
        &text[self.before.len()..text.len() - self.behind.len()]
    }
}

/// Where the last whole word of a text ends; a dot behind a digit is part of a version.
fn words_end(head: &str) -> usize {
    let in_version = |at: usize| head[at..].starts_with('.') && head[..at].ends_with(|c: char| c.is_ascii_digit());
    head.rmatch_indices(is_separator).map(|(at, _)| at).find(|at| !in_version(*at)).map_or(0, |at| at + 1)
}

fn is_separator(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '+' | '=')
}

/// Bytes that two texts share from their beginning.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

/// `hpl.perf.7` is `hpl.perf` and `7`; `perf-6.1` ends in a version.
pub(super) fn numeric_extension(name: &str) -> Option<(&str, &str)> {
    let (stem, number) = name.rsplit_once('.')?;
    let digits = !number.is_empty() && number.len() <= 9 && number.bytes().all(|byte| byte.is_ascii_digit());
    let plain = stem.ends_with(|c: char| !c.is_ascii_digit() && c != '/');
    (digits && plain).then_some((stem, number))
}

/// A column in the pieces that can be told apart, and what stands between them: a date at the end, or words with as many dots or
/// underscores in every text. `None` when it is one piece.
pub(super) fn apart<'a>(column: &[&'a str]) -> Option<(Vec<Vec<&'a str>>, &'a str)> {
    dated(column).or_else(|| words(column, ".")).or_else(|| words(column, "_"))
}

/// Texts that end in a date, without it, and the dates.
pub(super) fn dated<'a>(column: &[&'a str]) -> Option<(Vec<Vec<&'a str>>, &'a str)> {
    let dated: Vec<(&str, &str, &str)> = column.iter().map(|text| trailing_date(text)).collect::<Option<_>>()?;
    let joint = dated.first()?.1;
    let pieces = vec![dated.iter().map(|(stem, ..)| *stem).collect(), dated.iter().map(|(.., date)| *date).collect()];
    dated.iter().all(|(_, other, _)| *other == joint).then_some((pieces, joint))
}

fn words<'a>(column: &[&'a str], joint: &'static str) -> Option<(Vec<Vec<&'a str>>, &'a str)> {
    let count = column.first()?.matches(joint).count();
    let mut pieces = vec![Vec::with_capacity(column.len()); count + 1];
    for text in column {
        let words: Vec<&str> = text.split(joint).collect();
        if words.len() != pieces.len() || words.iter().any(|word| word.is_empty()) || joint == "." && has_version(text) {
            return None;
        }
        for (word, piece) in words.into_iter().zip(&mut pieces) {
            piece.push(word);
        }
    }
    (count > 0).then_some((pieces, joint))
}

/// Whether a dot stands between two digits.
fn has_version(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| three[1] == b'.' && three[0].is_ascii_digit() && three[2].is_ascii_digit())
}

/// `elm_2024-03-01` is `elm`, `_` and the date.
fn trailing_date(text: &str) -> Option<(&str, &str, &str)> {
    let separators = text.match_indices(['_', '-', '.']).filter(|(at, _)| *at > 0);
    separators.map(|(at, joint)| (&text[..at], joint, &text[at + 1..])).find(|(.., date)| date_micros(date).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(affix: Affix<'_>) -> (&str, &str) {
        (affix.before, affix.behind)
    }

    #[test]
    fn words_are_not_cut() {
        assert_eq!(ends(Affix::of_words(&["run_a.log", "run_b.log"])), ("run_", ".log"));
        assert_eq!(ends(Affix::of_words(&["alpha", "alto"])), ("", ""));
        assert_eq!(ends(Affix::of_words(&["a_a", "a_a_a"])), ("a_", ""));
        assert_eq!(ends(Affix::of_words(&["a_", "a_b"])), ("", ""), "something is left in every text");
        assert_eq!(ends(Affix::of_words(&["5.1.0+x", "5.2.0+y"])), ("", ""), "a version is one word");
        assert_eq!(ends(Affix::of_words(&["größe-x", "größe-y"])), ("größe-", ""));
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(Affix::of_numbers(&["run_1", "run_12"]).map(ends), Some(("run_", "")));
        assert_eq!(Affix::of_numbers(&["run_10.txt", "run_12.txt"]).map(ends), Some(("run_", ".txt")));
        assert_eq!(Affix::of_numbers(&["run_1", "run_x"]), None);
        assert_eq!(Affix::of_numbers(&["4gb_hynix", "8gb_micron"]), None);
    }

    #[test]
    fn an_extension_is_a_number_but_no_version() {
        assert_eq!(numeric_extension("hpl.perf.7"), Some(("hpl.perf", "7")));
        for name in ["perf-6.1", "a.out", "7", "a/.7", "x.", "x.1234567890"] {
            assert_eq!(numeric_extension(name), None, "{name}");
        }
    }
}
