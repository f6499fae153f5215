//! Takes off what mail and web pages do to a report: quoting, no-break spaces, quoted-printable.

use std::borrow::Cow;

use crate::parse::lines::{Line, Lines, without_escapes};

/// A line of the report, and the lines of the source it stands on.
#[derive(Debug, Clone)]
pub(super) struct Clean<'a> {
    /// The first line as it stands in the source.
    pub(super) line: Line<'a>,
    /// Lines of the source that it takes.
    pub(super) lines: Vec<Line<'a>>,
    /// What the tool printed, as far as that can be told.
    pub(super) text: Cow<'a, str>,
}

/// What was done to the whole source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    quoted: bool,
    printable: bool,
}

impl Damage {
    /// Looks for it: nine lines of ten begin with `>`, or blanks are written `=20`.
    pub(super) fn of(text: &str) -> Self {
        let (mut all, mut quoted, mut printable) = (0_usize, 0_usize, false);
        for line in Lines::new(text).filter(|line| !line.text.trim().is_empty()) {
            all += 1;
            quoted += usize::from(line.text.starts_with('>'));
            printable |= line.text.ends_with("=20");
        }
        Self { quoted: quoted > 0 && quoted * 5 >= all * 4, printable }
    }

    /// What was taken off, for people.
    pub(super) fn notes(self) -> impl Iterator<Item = &'static str> {
        let quoted = self.quoted.then_some("the quoting of a mail was taken off");
        quoted.into_iter().chain(self.printable.then_some("quoted-printable text was decoded"))
    }
}

/// The lines of a source, cleaned.
pub(super) fn lines(text: &str, damage: Damage) -> Vec<Clean<'_>> {
    let mut cleaned: Vec<Clean<'_>> = Vec::new();
    let mut open = false;
    for line in Lines::new(text) {
        let mut content = Cow::Borrowed(line.text);
        let mut continues = false;
        if damage.printable {
            let (decoded, soft) = decoded(line.text);
            (content, continues) = (Cow::Owned(decoded), soft);
        }
        if let Some(last) = cleaned.last_mut().filter(|_| open) {
            last.lines.push(line);
            last.text.to_mut().push_str(&content);
        } else {
            let text = if damage.quoted { unquoted(content) } else { content };
            cleaned.push(Clean { line, lines: vec![line], text });
        }
        open = continues;
        if let Some(last) = cleaned.last_mut().filter(|_| !open) {
            last.text = finished(std::mem::take(&mut last.text));
        }
    }
    cleaned
}

/// One line on its own, as far as it can be cleaned without the others: quoting is taken off.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    finished(unquoted(Cow::Borrowed(text)))
}

fn finished(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(text) => without_escapes(text),
        owned @ Cow::Owned(_) => owned,
    };
    let text = if holds_no_break_space(&text) { Cow::Owned(text.replace('\u{a0}', " ")) } else { text };
    let kept = text.trim_end().len();
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..kept]),
        Cow::Owned(mut text) => {
            text.truncate(kept);
            Cow::Owned(text)
        }
    }
}

/// Its first byte alone is looked for: no other character of a usual report has it.
fn holds_no_break_space(text: &str) -> bool {
    memchr::memchr(0xc2, text.as_bytes()).is_some() && text.contains('\u{a0}')
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
fn decoded(text: &str) -> (String, bool) {
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
    (String::from_utf8_lossy(&bytes).into_owned(), soft)
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
        let numbers: Vec<u32> = cleaned.iter().flat_map(|clean| clean.lines.iter().map(|line| line.number)).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
    }
}
