//! What shows that a text is perf's, and which decimal mark it uses.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use super::header;
use super::layout::{skip_blanks, unquoted};
use super::row::{Body, row};
use crate::parse::Evidence;
use crate::parse::lines::Lines;
use crate::parse::notation::Notation;

/// The heading of interval mode.
const HEADING: &str = "#           time ";

/// Finds a header or an interval row.
pub(super) fn sniff(text: &str) -> Option<Evidence> {
    first_header(text).or_else(|| first_interval_row(text))
}

fn first_header(text: &str) -> Option<Evidence> {
    let at = header_at(text)?;
    Some(Evidence::new(line_number(text, at), ["the header \"", header::WORDS, "...\""].concat()))
}

/// Where the words of the first header stand.
pub(super) fn header_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = header::FINDER.find(&bytes[from..]) {
        let at = from + found;
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |length| at + length);
        if header::opening(&text[start..end]).is_some() {
            return Some(at);
        }
        // A line has its words in front or is no header, however often it holds them.
        from = end;
    }
    None
}

fn first_interval_row(text: &str) -> Option<Evidence> {
    // Rows of interval mode hold a time with nine decimals; a text without ".ddddddddd " has none.
    if !holds_heading(text) && !holds_time(text) {
        return None;
    }
    let shows = |line: &str| {
        if is_heading(skip_blanks(unquoted(line))) {
            return Some("the heading of interval mode");
        }
        is_interval_row(unquoted(line)).then_some("an interval row: time, count, event")
    };
    Lines::new(text).find_map(|line| Some(Evidence::new(line.number, shows(line.text)?)))
}

/// Whether the heading of interval mode stands anywhere in a text.
fn holds_heading(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'#', bytes).any(|at| bytes[at..].starts_with(HEADING.as_bytes()))
}

/// Whether a text holds a number with nine decimals in front of a blank.
#[expect(clippy::needless_bitwise_bool, reason = "without branches, so that many bytes are compared at once")]
fn holds_time(text: &str) -> bool {
    /// From the point of a time to the blank behind it.
    const LENGTH: usize = 10;
    /// Bytes that are looked at together, for a machine compares many at once.
    const STRETCH: usize = 512;
    let bytes = text.as_bytes();
    let blanks = bytes.get(LENGTH..).unwrap_or_default();
    // Few stretches have a point and a blank at that distance.
    let framed = |(point, blank): (&u8, &u8)| (*point == b'.') & ((*blank == b' ') | (*blank == b'\t'));
    bytes.chunks(STRETCH).zip(blanks.chunks(STRETCH)).enumerate().any(|(stretch, (points, blanks))| {
        points.iter().zip(blanks).fold(false, |found, pair| found | framed(pair))
            && memchr::memchr_iter(b'.', points).any(|at| is_time(bytes, stretch * STRETCH + at))
    })
}

/// Whether the point of a number with nine decimals stands at a place, and a blank behind it.
fn is_time(bytes: &[u8], point: usize) -> bool {
    let before = point.checked_sub(1).is_some_and(|at| bytes[at].is_ascii_digit());
    let behind = bytes.get(point + 1..point + 11).and_then(<[u8]>::split_last);
    before && behind.is_some_and(|(last, decimals)| matches!(last, b' ' | b'\t') && decimals.iter().all(u8::is_ascii_digit))
}

/// Whether a line is the heading of interval mode.
pub(super) fn is_heading(line: &str) -> bool {
    line.starts_with(HEADING)
}

/// Whether a line is an interval row by itself. The columns of `-x ' '` look alike but go on with numbers.
pub(super) fn is_interval_row(line: &str) -> bool {
    let Some(row) = row(line).filter(|row| row.time.is_some()) else {
        return false;
    };
    let word = |word: &str| !word.starts_with(|c: char| c.is_ascii_digit());
    matches!(row.body, Body::Counter { name, .. } if name.text.split_ascii_whitespace().all(word))
}

fn line_number(text: &str, at: usize) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1).unwrap_or(u32::MAX)
}

/// How sure a notation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// A decimal mark was seen.
    Sure,
    /// Only a mark in front of three digits was seen: a group, for perf never prints three decimals of a value.
    Groups,
}

/// The notation that a text shows.
///
/// Strongest first: the elapsed, user and system times always have decimals; percentages and metrics are never grouped; a value has 2
/// or 6 decimals (perf 2.6.31 to 7.2) or none.
pub(super) fn notation(text: &str) -> Option<(Notation, Strength)> {
    static MARKS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
        [pattern(r"(?:#[ \t]+-?|\+-[ \t]*|[(\[]|from )[0-9]+([.,])[0-9]+"), pattern(r"[0-9]([.,])(?:[0-9]{2}|[0-9]{6})[ \t]")]
    });
    static GROUPS: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!("(?m)^{TIME}{LABEL}[0-9]{{1,3}}([.,])[0-9]{{3}}[ \\t.,]")));
    let mark = |pattern: &Regex| pattern.captures(text)?.get(1)?.as_str().chars().next();
    let decimal = footer_mark(text).or_else(|| MARKS.iter().find_map(mark).and_then(Notation::of_mark));
    if let Some(notation) = decimal {
        return Some((notation, Strength::Sure));
    }
    let notation = if mark(&GROUPS)? == '.' { Notation::Comma } else { Notation::Point };
    Some((notation, Strength::Groups))
}

/// What may stand in front of a value: the time of an interval, which has its point in every notation ...
const TIME: &str = r"[ \t]*(?:[0-9]+\.[0-9]{9}[ \t]+)?";
/// ... and a label, as `label` reads it; the names of threads have 15 bytes at most.
const LABEL: &str = r"(?:(?:CPU[0-9]+|[SN][0-9]+(?:-[A-Z]+[0-9]+)*(?:[ \t]+[0-9]+)?|[^#\n]{1,15}-[0-9]+)[ \t]+)?";

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a fixed pattern")
}

/// The mark of the first time in a footer.
fn footer_mark(text: &str) -> Option<Notation> {
    static SECONDS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" seconds "));
    SECONDS.find_iter(text.as_bytes()).find_map(|at| {
        let digits = text[..at].trim_end_matches([' ', '\t']);
        let mark = digits.trim_end_matches(|c: char| c.is_ascii_digit());
        if mark.len() == digits.len() {
            return None;
        }
        Notation::of_mark(mark.chars().next_back()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_evidence_decides_the_mark() {
        use Notation::{Comma, Point};
        use Strength::{Groups, Sure};
        for (text, expected) in [
            ("  1.234      cycles\n   0,051852060 seconds time elapsed\n", Some((Comma, Sure))),
            ("  1,234      cycles  # 0.5 GHz\n", Some((Point, Sure))),
            ("  1.234      cycles   (33,33%)\n", Some((Comma, Sure))),
            ("  12,34 msec task-clock\n", Some((Comma, Sure))),
            ("  1.234      cycles\n", Some((Comma, Groups))),
            ("  1,234      cycles\n", Some((Point, Groups))),
            ("  1234      cycles\n", None),
            ("     1.000503117          2.715.014      cycles\n", Some((Comma, Groups))),
            ("     1.000503117              1.234      branches\n", Some((Comma, Groups))),
            ("     1.000503117              1,234      branches\n", Some((Point, Groups))),
            ("     1.000503117                234      branches\n", None),
            ("CPU0              1.234.567      cycles\n", Some((Comma, Groups))),
            ("     1.000503117 S0-D0-L3-ID0          2          2.715.014      cycles\n", Some((Comma, Groups))),
            ("S0        2         1,234      cycles\n", Some((Point, Groups))),
            ("      we\"ird, c-15175      1.234      cycles\n", Some((Comma, Groups))),
        ] {
            assert_eq!(notation(text), expected, "{text}");
        }
    }

    #[test]
    fn only_perfs_own_lines_are_evidence() {
        assert_eq!(sniff("log\n\n Performance counter stats for 'true':\n").map(|found| found.line), Some(3));
        assert_eq!(sniff("> 1.000266796     79,313,191,516      fpu.total\n").map(|found| found.line), Some(1));
        for before in 0..600 {
            let text = format!("{}\n 1.000266796     79,313      fpu.total\n", "x".repeat(before));
            assert_eq!(sniff(&text).map(|found| found.line), Some(2), "{before}");
        }
        for text in [
            "1.012763890 3969592418  cpu-cycles 2683629138 16.60 0.246 GHz\n",
            "Performance counter stats for core 0, no multiplexing:\n",
            "took 1.012763890 seconds\n",
            "",
        ] {
            assert_eq!(sniff(text), None, "{text}");
        }
    }
}
