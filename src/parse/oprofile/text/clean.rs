//! Takes off what mail and web pages do to a report: quoting, no-break spaces, quoted-printable.

use std::borrow::Cow;

use crate::parse::lines::{Line, Lines, Mark, without_escapes};

/// A line of the report, and the lines of the source it stands on.
#[derive(Debug, Clone)]
pub(super) struct Clean<'a> {
    /// The first line as it stands in the source.
    pub(super) line: Line<'a>,
    /// Those that it goes on in: nearly always none.
    more: Vec<Line<'a>>,
    /// What the tool printed, as far as that can be told.
    pub(super) text: Cow<'a, str>,
}

impl<'a> Clean<'a> {
    /// Lines of the source that it takes.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        std::iter::once(self.line).chain(self.more.iter().copied())
    }

    /// How many those are.
    pub(super) fn height(&self) -> usize {
        1 + self.more.len()
    }
}

/// The lines that a row stands on: one, or as many as it was wrapped into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a>(pub(super) &'a [Clean<'a>]);

impl<'a> Span<'a> {
    /// Number of the first one in the source.
    pub(super) fn first(self) -> u32 {
        self.0.first().map_or(0, |clean| clean.line.number)
    }

    /// How many lines of the source it takes.
    pub(super) fn height(self) -> u32 {
        u32::try_from(self.0.iter().map(Clean::height).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// All of them.
    pub(super) fn lines(self) -> impl Iterator<Item = Line<'a>> {
        self.0.iter().flat_map(Clean::lines)
    }

    /// Their text, joined as it was before it was wrapped.
    pub(super) fn text(self) -> Cow<'a, str> {
        let [first, more @ ..] = self.0 else { return Cow::Borrowed("") };
        let mut text = Cow::Borrowed(&*first.text);
        for next in more {
            let joined = text.to_mut();
            joined.push(' ');
            joined.push_str(next.text.trim_start());
        }
        text
    }
}

/// What was done to the whole source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    quoted: bool,
    printable: bool,
    /// Somewhere may be an escape or a no-break space: without one in the whole source no line is searched for them.
    marked: bool,
}

impl Damage {
    /// Looks for it: nine lines of ten begin with `>`, or blanks are written `=20`.
    pub(super) fn of(text: &str) -> Self {
        static QUOTED: Mark = Mark::new("\n>");
        static PRINTABLE: Mark = Mark::new("=20");
        let is_whole = !text.starts_with('>') && !QUOTED.is_in(text) && !PRINTABLE.is_in(text);
        let (quoted, printable) = if is_whole { (false, false) } else { Self::by_line(text) };
        Self { quoted, printable, marked: printable || may_be_marked(text) }
    }

    fn by_line(text: &str) -> (bool, bool) {
        let (mut all, mut quoted, mut printable) = (0_usize, 0_usize, false);
        for line in Lines::new(text).filter(|line| !line.text.trim_start().is_empty()) {
            all += 1;
            quoted += usize::from(line.text.starts_with('>'));
            printable |= line.text.ends_with("=20");
        }
        (quoted > 0 && quoted * 5 >= all * 4, printable)
    }

    /// What was taken off, for people.
    pub(super) fn notes(self) -> impl Iterator<Item = &'static str> {
        let quoted = self.quoted.then_some("the quoting of a mail was taken off");
        quoted.into_iter().chain(self.printable.then_some("quoted-printable text was decoded"))
    }
}

/// Bytes of a line that room is made for: rows are about as long.
const USUAL_WIDTH: usize = 24;

/// Most lines that room is made for at once: a text may be a few long ones.
const MOST_ROOM: usize = 4096;

/// The lines of a source, cleaned.
pub(super) fn lines(text: &str, damage: Damage) -> Vec<Clean<'_>> {
    let mut cleaned: Vec<Clean<'_>> = Vec::with_capacity((text.len() / USUAL_WIDTH).min(MOST_ROOM));
    let mut open = false;
    for line in Lines::new(text) {
        let (content, continues) = if damage.printable { decoded(line.text) } else { (Cow::Borrowed(line.text), false) };
        let finish = |text| if continues { text } else { finished(text, damage.marked) };
        if let Some(last) = cleaned.last_mut().filter(|_| open) {
            last.more.push(line);
            last.text.to_mut().push_str(&content);
            last.text = finish(std::mem::take(&mut last.text));
        } else {
            let text = finish(if damage.quoted { unquoted(content) } else { content });
            cleaned.push(Clean { line, more: Vec::new(), text });
        }
        open = continues;
    }
    cleaned
}

/// One line on its own, as far as it can be cleaned without the others: quoting is taken off.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    finished(unquoted(Cow::Borrowed(text)), may_be_marked(text))
}

fn finished(text: Cow<'_, str>, marked: bool) -> Cow<'_, str> {
    let text = if marked { unmarked(text) } else { text };
    let kept = text.trim_end().len();
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..kept]),
        Cow::Owned(mut text) => {
            text.truncate(kept);
            Cow::Owned(text)
        }
    }
}

/// Whether a text may hold an escape or a no-break space: of that its first byte alone is looked for, which a usual report does not have.
fn may_be_marked(text: &str) -> bool {
    memchr::memchr2(0x1b, 0xc2, text.as_bytes()).is_some()
}

fn unmarked(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(text) => without_escapes(text),
        owned @ Cow::Owned(_) => owned,
    };
    if text.contains('\u{a0}') { Cow::Owned(text.replace('\u{a0}', " ")) } else { text }
}

fn unquoted(text: Cow<'_, str>) -> Cow<'_, str> {
    let cut = |text: &str| text.strip_prefix('>').map(|rest| text.len() - rest.strip_prefix(' ').unwrap_or(rest).len());
    match (cut(&text), text) {
        (Some(from), Cow::Borrowed(text)) => Cow::Borrowed(&text[from..]),
        (Some(from), Cow::Owned(text)) => Cow::Owned(text[from..].to_owned()),
        (None, text) => text,
    }
}

/// A line of quoted-printable text, and whether it goes on in the next.
fn decoded(text: &str) -> (Cow<'_, str>, bool) {
    let (text, soft) = text.strip_suffix('=').map_or((text, false), |text| (text, true));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'=').then(|| tail.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    (Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()), soft)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> Vec<String> {
        lines(text, Damage::of(text)).into_iter().map(|line| line.text.into_owned()).collect()
    }

    #[test]
    fn what_mail_does_to_a_report_is_taken_off() {
        assert_eq!(cleaned("> a b  \n>\u{a0} c\n"), ["a b", "  c"]);
        assert_eq!(cleaned("operator=\nx=20y\n"), ["operator=", "x=20y"]);
    }

    #[test]
    fn every_line_of_the_source_is_in_one_cleaned_line() {
        let text = "> a uni=\nt\n>=20\n> x\n";
        let cleaned = lines(text, Damage::of(text));
        let numbers: Vec<u32> = cleaned.iter().flat_map(Clean::lines).map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
    }
}
