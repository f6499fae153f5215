//! The texts that follow the numbers of a row: place in the source, image, application, symbol.
//!
//! Names hold blanks, so a column ends at its width; one that is too long for it ends at the next blank.

use super::titles::{Columns, NAME_WIDTH};
use crate::parse::lines::behind_blanks;

/// The texts of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Names<'a> {
    pub(super) location: Option<&'a str>,
    pub(super) image: Option<&'a str>,
    pub(super) app: Option<&'a str>,
    pub(super) symbol: &'a str,
    /// Whether the row has an application that its titles do not announce.
    pub(super) hidden_app: bool,
}

/// Splits the texts of a row; `None` when one is missing.
pub(super) fn split<'a>(text: &'a str, columns: &Columns) -> Option<Names<'a>> {
    let mut names = Names::default();
    let mut rest = text;
    if columns.location {
        let (place, after) = location(rest)?;
        (names.location, rest) = (known(place), after);
    }
    for (width, into) in [(columns.image, &mut names.image), (columns.app, &mut names.app)] {
        let Some(width) = width else { continue };
        let (name, after) = field(rest, width)?;
        (*into, rest) = (Some(name), after);
    }
    // The manual shows lists whose titles lack the application.
    if columns.image.is_some() && columns.app.is_none() && begins_padded(rest) {
        let (app, after) = field(rest, NAME_WIDTH)?;
        (names.app, names.hidden_app, rest) = (Some(app), true, after);
    }
    // A list of applications alone is one in which each image is its own application.
    names.image = names.image.or(names.app);
    names.symbol = rest;
    (!rest.is_empty()).then_some(names)
}

/// The place, unless it is said that there is none.
pub(super) fn known(place: &str) -> Option<&str> {
    (place != NO_LOCATION).then_some(place)
}

const NO_LOCATION: &str = "(no location information)";

/// `calc.c:6`, whose path may hold blanks, or words that say there is none.
pub(super) fn location(text: &str) -> Option<(&str, &str)> {
    let end = if text.starts_with(NO_LOCATION) { NO_LOCATION.len() } else { end_of_line_number(text)? };
    Some((&text[..end], text[end..].trim_start()))
}

/// The end of the first `:DIGITS` that a blank or the end follows.
fn end_of_line_number(text: &str) -> Option<usize> {
    text.match_indices(':').find_map(|(at, _)| {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let end = at + 1 + digits;
        (digits > 0 && matches!(text.as_bytes().get(end), None | Some(b' '))).then_some(end)
    })
}

/// Whether a text is a place and nothing else, as rows of single addresses have it.
pub(super) fn is_lone_location(text: &str) -> bool {
    location(text).is_some_and(|(_, rest)| rest.is_empty())
}

/// One column of names and what follows it.
pub(super) fn field(text: &str, width: usize) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at(end_of_field(text, width)?);
    let (name, rest) = with_suffix(text, name.trim_end(), behind_blanks(rest).trim_start());
    (!name.is_empty() && !rest.is_empty()).then_some((name, rest))
}

/// Whether the first two blanks that stand together pad a column of its usual width: a symbol may hold two as well.
fn begins_padded(text: &str) -> bool {
    two_blanks(text).is_some_and(|gap| text.len() - text[gap..].trim_start().len() == NAME_WIDTH)
}

/// Where the first two blanks stand together.
fn two_blanks(text: &str) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| pair == b"  ")
}

fn end_of_field(text: &str, width: usize) -> Option<usize> {
    // Where padding begins the name ends: a copy may have lost some of it.
    if text.as_bytes().get(width - 1) == Some(&b' ') && text.is_char_boundary(width) {
        return Some(two_blanks(&text[..width]).unwrap_or(width));
    }
    let from = text.ceil_char_boundary(width.min(text.len()));
    let early = two_blanks(&text[..from]);
    early.or_else(|| text[from..].find(' ').map(|at| from + at)).or_else(|| text.find(' '))
}

/// `NAME (deleted)` and `anon (tgid:4711 range:0x1-0x2)` are names of images, blanks and all.
fn with_suffix<'a>(text: &'a str, name: &'a str, rest: &'a str) -> (&'a str, &'a str) {
    let begin = text.len() - rest.len();
    let one_blank = name.len() + 1 >= begin;
    if !one_blank || !(rest.starts_with("(deleted) ") || rest.starts_with("(tgid:")) {
        return (name, rest);
    }
    let end = rest.find(')').map_or(name.len(), |at| begin + at + 1);
    (text[..end].trim_end(), text[end..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Columns = Columns {
        shape: super::super::titles::Shape { vma: false, classes: 1, cumulated: false, diff: false },
        location: false,
        image: Some(25),
        app: Some(25),
        indent: 0,
    };

    fn read<'a>(text: &'a str, columns: &Columns) -> Option<(Option<&'a str>, Option<&'a str>, &'a str)> {
        split(text, columns).map(|names| (names.image, names.app, names.symbol))
    }

    #[test]
    fn names_with_blanks_keep_them() {
        assert_eq!(
            read("libc-2.11.2.so (deleted) Xorg (deleted)           /lib64/libc-2.11.2.so (deleted)", &BOTH),
            Some((Some("libc-2.11.2.so (deleted)"), Some("Xorg (deleted)"), "/lib64/libc-2.11.2.so (deleted)"))
        );
        assert_eq!(
            read("shapes                   shapes                   (anonymous namespace)::Local::twist(int, int)", &BOTH),
            Some((Some("shapes"), Some("shapes"), "(anonymous namespace)::Local::twist(int, int)"))
        );
    }

    #[test]
    fn names_that_are_too_long_end_at_a_blank() {
        let anon = "anon (tgid:4711 range:0x7f2a10000000-0x7f2a10021000)";
        assert_eq!(read(&format!("{anon} calc                     {anon}"), &BOTH), Some((Some(anon), Some("calc"), anon)));
        let image = Columns { app: None, ..BOTH };
        let long = "kernel-2.6.28.4_2.vmlinux";
        assert_eq!(read(&format!("{long} d_validate"), &image), Some((Some(long), None, "d_validate")));
        let gone = "libpixman-1.so.0.16.6.#prelink#.3I5wow (deleted)";
        assert_eq!(read(&format!("{gone} f(int, int)"), &image), Some((Some(gone), None, "f(int, int)")));
    }

    #[test]
    fn a_copy_may_have_lost_padding() {
        let app = Columns { image: None, app: Some(21), ..BOTH };
        assert_eq!(read("cc1                  (no symbols)", &app), Some((Some("cc1"), Some("cc1"), "(no symbols)")));
        assert_eq!(
            read("cc1                  (no symbols)", &Columns { app: Some(25), ..app }),
            Some((Some("cc1"), Some("cc1"), "(no symbols)"))
        );
    }

    #[test]
    fn places_in_the_source_stand_before_the_names() {
        let placed = Columns { location: true, image: None, app: None, ..BOTH };
        let place = |text| split(text, &placed).map(|names| (names.location, names.symbol));
        assert_eq!(
            place("/usr/my dir/stl_algo.h:1908 std::sort(int)"),
            Some((Some("/usr/my dir/stl_algo.h:1908"), "std::sort(int)"))
        );
        assert_eq!(place("(no location information)   main"), Some((None, "main")));
        assert_eq!(place("calc.c:6"), None);
        assert!(is_lone_location("calc.c:6") && !is_lone_location("calc.c:6 main"));
    }

    #[test]
    fn an_application_that_the_titles_lack_is_found() {
        let image = Columns { app: None, ..BOTH };
        let names = split("7635.jo                  java                     void test.f2(int, int)", &image).expect("names");
        assert_eq!(
            (names.image, names.app, names.symbol, names.hidden_app),
            (Some("7635.jo"), Some("java"), "void test.f2(int, int)", true)
        );
    }

    #[test]
    fn a_symbol_may_hold_two_blanks() {
        let image = Columns { app: None, ..BOTH };
        for symbol in ["LazyCompile:~foo  bar.js:12", "operator  new(unsigned long)"] {
            let text = format!("7635.jo                  {symbol}");
            let names = split(&text, &image).expect("names");
            assert_eq!((names.image, names.app, names.symbol, names.hidden_app), (Some("7635.jo"), None, symbol, false));
        }
    }

    #[test]
    fn a_missing_name_is_no_row() {
        assert_eq!(read("vmlinux                  Xorg", &BOTH), None);
        assert_eq!(read("", &BOTH), None);
        assert_eq!(read("", &Columns { image: None, app: None, ..BOTH }), None);
    }
}
