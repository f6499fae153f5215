//! A place in a text that moves on, and the words that stand there.

use super::Place;

/// A place in a text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    place: Place,
    /// The line in which the last character before this place stands.
    last_line: u32,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, place: Place { line: 1, column: 1 }, last_line: 1 }
    }

    /// The same place in a text that ends after so many bytes, or a few less.
    pub(super) fn within(self, bytes: usize) -> Self {
        let end = self.rest.floor_char_boundary(bytes);
        Self { rest: &self.rest[..end], ..self }
    }

    /// Whether everything was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The place.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// The line in which the last character before this place stands.
    pub(super) fn last_line(&self) -> u32 {
        self.last_line
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Goes on by one character.
    pub(super) fn bump(&mut self) {
        match self.peek() {
            Some('\n') => {
                self.last_line = self.place.line;
                self.place = Place { line: self.place.line.saturating_add(1), column: 1 };
                self.rest = &self.rest[1..];
            }
            Some(next) => drop(self.take(next.len_utf8())),
            None => {}
        }
    }

    /// Goes on by some bytes of this line.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        let columns = u32::try_from(taken.chars().count()).unwrap_or(u32::MAX);
        self.place.column = self.place.column.saturating_add(columns);
        if !taken.is_empty() {
            self.last_line = self.place.line;
        }
        taken
    }

    /// Goes behind blanks of this line.
    pub(super) fn skip_blanks(&mut self) {
        self.take(self.rest.len() - behind_blanks(self.rest).len());
    }

    /// Goes behind what may stand between objects: blanks of this line, and the marks of a list of them.
    pub(super) fn skip_between(&mut self) {
        let between = |c: char| is_blank(c) || matches!(c, '[' | ',' | ']');
        self.take(self.rest.len() - self.rest.trim_start_matches(between).len());
    }

    /// Goes behind blanks and line ends.
    pub(super) fn skip_space(&mut self) {
        self.skip_blanks();
        while self.peek() == Some('\n') {
            self.bump();
            self.skip_blanks();
        }
    }

    /// Goes to the beginning of the next line.
    pub(super) fn skip_line(&mut self) {
        self.take(memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len()));
        self.bump();
    }

    /// A string and the colon behind it.
    pub(super) fn key(&mut self) -> Option<&'a str> {
        let key = self.quoted(|behind| behind.starts_with(':'))?;
        self.skip_blanks();
        self.bump();
        Some(key)
    }

    /// A string that is a value.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        self.quoted(|behind| behind.is_empty() || ends_value(behind))
    }

    /// What stands between a quotation mark and the first one on this line behind which `ends` holds.
    fn quoted(&mut self, ends: impl Fn(&str) -> bool) -> Option<&'a str> {
        let inner = self.rest.strip_prefix('"')?;
        let marks = memchr::memchr2_iter(b'"', b'\n', inner.as_bytes()).take_while(|at| inner.as_bytes()[*at] == b'"');
        let is_end = |at: &usize| ends(behind_blanks(&inner[at + 1..])) && !is_escaped(&inner[..*at]);
        let end = { marks }.find(is_end)?;
        self.take(end + 2);
        Some(&inner[..end])
    }

    /// A number or another word without quotation marks. One that ends with the text may have been cut.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"');
        let end = self.rest.find(is_end).filter(|end| *end > 0)?;
        ends_value(behind_blanks(&self.rest[end..])).then(|| self.take(end))
    }
}

/// Whether a value ends before this. A comma alone does not show it: a name may hold `",`, and a number a decimal comma.
fn ends_value(behind: &str) -> bool {
    let next = behind.strip_prefix(',').map(behind_blanks);
    behind.starts_with(['}', ']', '\n']) || next.is_some_and(|next| next.is_empty() || next.starts_with(['"', '{', '\n']))
}

fn behind_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

/// Whether an odd number of backslashes ends the text.
fn is_escaped(text: &str) -> bool {
    !(text.len() - text.trim_end_matches('\\').len()).is_multiple_of(2)
}
