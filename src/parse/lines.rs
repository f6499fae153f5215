//! Lines of a text with their numbers, without line ends and terminal colours.

use std::borrow::Cow;
use std::sync::OnceLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Number of the line, from 1.
    pub(crate) number: u32,
    /// The text without its line end.
    pub(crate) text: &'a str,
    /// Whether the line has a line end; without one the source may have been cut inside it.
    pub(crate) ended: bool,
}

/// The lines of a text; `\n` and `\r\n` end a line, and a last line needs no end.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    rest: &'a str,
    number: u32,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text, number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest.as_bytes());
        let (text, rest) = end.map_or((self.rest, ""), |end| (&self.rest[..end], &self.rest[end + 1..]));
        self.rest = rest;
        self.number += 1;
        // Bytes, not characters: nothing is done as often as this.
        let text = if text.as_bytes().last() == Some(&b'\r') { &text[..text.len() - 1] } else { text };
        Some(Line { number: self.number, text, ended: end.is_some() })
    }
}

/// Words without which a text cannot be of some format. A text without them costs one search, and no look at its lines; to prepare the
/// search costs more than the search itself and is done once.
#[derive(Debug)]
pub(crate) struct Mark {
    words: &'static str,
    finder: OnceLock<Finder<'static>>,
}

impl Mark {
    /// The mark of these words.
    pub(crate) const fn new(words: &'static str) -> Self {
        Self { words, finder: OnceLock::new() }
    }

    /// Whether a text holds it.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.finder.get_or_init(|| Finder::new(self.words)).find(text.as_bytes()).is_some()
    }

    /// The first line that shows what `shows` looks for, in a text that holds the mark.
    pub(crate) fn line<'a>(&self, text: &'a str, shows: impl Fn(&str) -> bool) -> Option<Line<'a>> {
        self.is_in(text).then(|| Lines::new(text).find(|line| shows(line.text)))?
    }
}

/// Where these words stand in a text, by their first letter. Where texts of other formats hold few of those, as of most capitals, that
/// costs a third of a search for all of the words.
pub(crate) fn places(text: &str, words: &'static str) -> impl Iterator<Item = usize> {
    let (text, words) = (text.as_bytes(), words.as_bytes());
    memchr_iter(words[0], text).filter(move |&at| text[at..].starts_with(words))
}

/// The first line that shows what `shows` looks for, in a text that holds these words.
pub(crate) fn line_with<'a>(text: &'a str, words: &'static str, shows: impl Fn(&str) -> bool) -> Option<Line<'a>> {
    places(text, words).next()?;
    Lines::new(text).find(|line| shows(line.text))
}

/// Eight blanks.
pub(crate) const BLANKS: u64 = u64::from_le_bytes(*b"        ");

/// What follows the blanks at the beginning of a text: columns are padded with them, so they are compared eight at a time.
#[inline]
pub(crate) fn behind_blanks(text: &str) -> &str {
    let mut rest = text.as_bytes();
    while let Some((word, behind)) = rest.split_first_chunk() {
        match u64::from_le_bytes(*word) ^ BLANKS {
            0 => rest = behind,
            others => {
                rest = &rest[others.trailing_zeros() as usize / 8..];
                break;
            }
        }
    }
    while let [b' ' | b'\t', behind @ ..] = rest {
        rest = behind;
    }
    &text[text.len() - rest.len()..]
}

/// How many lines a text has, counted as `Lines` does.
pub fn count_lines(text: &str) -> u32 {
    let ends = memchr_iter(b'\n', text.as_bytes()).count();
    let open = usize::from(!text.is_empty() && !text.ends_with('\n'));
    u32::try_from(ends + open).unwrap_or(u32::MAX)
}

/// A line without terminal escape sequences (perf colours ratios on a terminal; `script(1)` keeps them).
pub(crate) fn without_escapes(text: &str) -> Cow<'_, str> {
    const ESCAPE: u8 = 0x1b;
    if memchr(ESCAPE, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(ESCAPE, rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        rest = after_escape(&rest[at + 1..]);
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What follows a control sequence (ECMA-48, 5.4: `[`, parameters and intermediate bytes, one final byte). One that has no final byte
/// ends where its parameters end: a line end is never part of it. Of anything else only the escape byte itself is dropped.
fn after_escape(text: &str) -> &str {
    let Some(parameters) = text.strip_prefix('[') else {
        return text;
    };
    let rest = parameters.trim_start_matches(|c: char| ('\u{20}'..='\u{3f}').contains(&c));
    rest.strip_prefix(|c: char| ('\u{40}'..='\u{7e}').contains(&c)).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_the_text() {
        let lines: Vec<_> = Lines::new("a\r\n\nb").map(|line| (line.number, line.text, line.ended)).collect();
        assert_eq!(lines, [(1, "a", true), (2, "", true), (3, "b", false)]);
        for text in ["", "a", "a\n", "a\nb", "\n\n", "a\r\n"] {
            assert_eq!(count_lines(text) as usize, Lines::new(text).count(), "{text:?}");
        }
    }

    #[test]
    fn words_are_found_wherever_they_stand() {
        assert_eq!(places("Any Available AAvailable Avail", "Available").collect::<Vec<_>>(), [4, 15]);
        let line = |text| line_with(text, "Title", |line| line.trim() == "Title").map(|line| line.number);
        assert_eq!((line("The Title\n Title \n"), line("The Title\n"), line("The")), (Some(2), None, None));
        assert_eq!((behind_blanks(" \t     \t x "), behind_blanks("     "), behind_blanks("\u{a0}")), ("x ", "", "\u{a0}"));
    }

    #[test]
    fn escapes_are_removed_and_nothing_else() {
        assert_eq!(without_escapes("\u{1b}[31m 148.18%\u{1b}[m of"), " 148.18% of");
        assert_eq!(without_escapes("plain"), "plain");
        assert_eq!(without_escapes("cut \u{1b}[3"), "cut ");
        assert_eq!(without_escapes("cut \u{1b}[3\n 12 cycles"), "cut \n 12 cycles", "a line end is not part of it");
    }
}
