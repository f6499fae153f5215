//! Patterns for paths and events.

use std::convert::Infallible;
use std::str::FromStr;

/// A pattern: `*` stands for any text (also across `/`), `?` for one character, everything else for itself.
///
/// Event names are full of brackets and backslashes, so there are no classes and no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

impl FromStr for Glob {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl From<&str> for Glob {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Glob {
    /// Whether the whole text fits the pattern.
    pub fn matches(&self, text: &str) -> bool {
        let (mut pattern, mut rest) = (self.0.as_str(), text);
        // After a star: what follows it, and where the text that it stands for may still grow to.
        let mut retry: Option<(&str, &str)> = None;
        loop {
            let mut symbols = pattern.chars();
            let mut letters = rest.chars();
            match (symbols.next(), letters.next()) {
                (Some('*'), _) => {
                    pattern = symbols.as_str();
                    retry = Some((pattern, rest));
                }
                (None, None) => return true,
                (Some(symbol), Some(letter)) if symbol == '?' || symbol == letter => {
                    (pattern, rest) = (symbols.as_str(), letters.as_str());
                }
                _ => {
                    let Some((after, from)) = retry else { return false };
                    let mut longer = from.chars();
                    if longer.next().is_none() {
                        return false;
                    }
                    (pattern, rest) = (after, longer.as_str());
                    retry = Some((after, rest));
                }
            }
        }
    }
}

/// Whether one of the patterns fits, or there is none.
pub(super) fn any_matches(globs: &[Glob], text: &str) -> bool {
    globs.is_empty() || globs.iter().any(|glob| glob.matches(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Glob(pattern.to_owned()).matches(text)
    }

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        assert!(matches("*", "") && matches("a*c", "a/b/c") && matches("*.txt", "x/y.txt") && matches("a?c", "aäc"));
        assert!(!matches("a?c", "ac") && !matches("a*c", "acb") && !matches("", "a") && !matches("?", ""));
        assert!(matches("*ab*ab", "abaabab") && matches("a**b", "ab"));
    }

    #[test]
    fn everything_else_stands_for_itself() {
        assert!(matches(r"uncore[0]\%_", r"uncore[0]\%_"));
        assert!(!matches("Cycles", "cycles") && !matches("c_cles", "cycles") && !matches("c%", "cycles"));
    }
}
