//! Tables whose titles are missing: `-n`, and excerpts. The rows themselves tell the columns, when all of them agree.

use super::cells::{begins_row, is_change, is_share, numbers};
use super::clean::{self, Damage};
use super::messages::is_elision;
use super::names;
use super::titles::{Columns, NAME_WIDTH, Shape, is_rule};
use crate::parse::Evidence;
use crate::parse::lines::Lines;

/// Most columns that are looked for: more events than any machine has counters.
const MOST_CLASSES: usize = 16;

/// What a table without titles is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Images, in so many columns.
    Summary(usize),
    /// Symbols.
    Symbols(Columns),
}

/// A text that is nothing but rows.
pub(super) fn sniff(text: &str) -> Option<Evidence> {
    let first = Lines::new(text).find(|line| !line.text.trim_start().is_empty())?;
    let first = may_begin(first.text).then(|| clean::plain(first.text))?;
    if !is_rule(&first) && !begins_row(&first) {
        return None;
    }
    let lines = clean::lines(text, Damage::of(text));
    let printed = || lines.iter().filter(|line| !line.text.trim().is_empty() && !is_elision(&line.text));
    let mut rows = Vec::new();
    for clean in printed().filter(|clean| !is_rule(&clean.text)) {
        rows.push(begins_row(&clean.text).then_some(&*clean.text)?);
    }
    guess(&rows)?;
    let line = printed().find(|clean| !is_rule(&clean.text))?.line.number;
    Some(Evidence::new(line, "every line has samples, a percentage and a name"))
}

/// Whether a line, whose blanks in front are gone, may be a row or a rule once it is cleaned.
fn may_begin(line: &str) -> bool {
    line.trim_start()
        .starts_with(|first: char| first.is_ascii_hexdigit() || matches!(first, '-' | '>') || !first.is_ascii_graphic())
}

/// The columns that all rows agree on.
pub(super) fn guess(rows: &[&str]) -> Option<Guess> {
    let plain = shape(rows)?;
    let classes =
        (1..=MOST_CLASSES).take_while(|&classes| rows.iter().all(|row| fits(row, Shape { classes, ..plain }))).last()?;
    let shape = Shape { classes, ..plain };
    let gap = |row: &&str| {
        let rest = numbers(row, shape).map_or(0, |row| row.rest.len());
        let head = &row[..row.len() - rest];
        head.len() - head.trim_end().len()
    };
    // A summary ends its percentages with one blank, a list pads them to nine columns.
    if !shape.vma && !shape.diff && !shape.cumulated && rows.iter().all(|row| gap(row) == 1) {
        return Some(Guess::Summary(classes));
    }
    let texts: Vec<&str> = rows.iter().filter_map(|row| Some(numbers(row, shape).ok()?.rest)).collect();
    Some(Guess::Symbols(columns(shape, &texts)))
}

fn shape(rows: &[&str]) -> Option<Shape> {
    let words = |row: &'_ str, at: usize| row.split_whitespace().nth(at).unwrap_or("").to_owned();
    if rows.is_empty() {
        return None;
    }
    let vma = rows.iter().all(|row| super::cells::address(&words(row, 0)).is_some() && !is_share(&words(row, 1)));
    let from = usize::from(vma);
    let digits = |row: &str, at| super::cells::samples(&words(row, at)).is_some();
    let cumulated =
        rows.iter().all(|row| digits(row, from + 1) && is_share(&words(row, from + 2)) && is_share(&words(row, from + 3)));
    let behind = from + if cumulated { 4 } else { 2 };
    let diff = rows.iter().any(|row| is_change(&words(row, behind)));
    Some(Shape { vma, classes: 1, cumulated, diff })
}

fn fits(row: &str, shape: Shape) -> bool {
    numbers(row, shape).is_ok_and(|row| !row.rest.is_empty() && row.cells.iter().all(|cell| cell.gone || cell.share.is_some()))
}

/// The columns of names: as many as every row has.
fn columns(shape: Shape, texts: &[&str]) -> Columns {
    let location = texts.iter().all(|text| names::location(text).is_some_and(|(_, rest)| !rest.is_empty()));
    let texts: Vec<&str> =
        texts.iter().map(|text| if location { names::location(text).map_or(*text, |(_, rest)| rest) } else { text }).collect();
    let has = |count: usize| texts.iter().all(|text| has_columns(text, count)) && texts.iter().any(|text| is_padded(text));
    let count = if has(2) { 2 } else { usize::from(has(1)) };
    let width = |wanted: bool| wanted.then_some(NAME_WIDTH);
    Columns { shape, location, image: width(count > 0), app: width(count > 1), indent: 0 }
}

/// Whether a text has so many columns of their width before its symbol, in which no two blanks stand together.
fn has_columns(text: &str, count: usize) -> bool {
    if count == 0 {
        return !text.is_empty() && !text.contains("  ");
    }
    let wide = text.as_bytes().get(NAME_WIDTH - 1) == Some(&b' ')
        || text.find(' ').is_some_and(|at| at >= NAME_WIDTH)
        || text.contains(" (");
    let Some((name, rest)) = names::field(text, NAME_WIDTH).filter(|_| wide) else { return false };
    !name.contains("  ") && has_columns(rest, count - 1)
}

fn is_padded(text: &str) -> bool {
    names::field(text, NAME_WIDTH).is_some_and(|(name, _)| text[name.len()..].starts_with("  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: Columns = Columns {
        shape: Shape { vma: false, classes: 1, cumulated: false, diff: false },
        location: false,
        image: Some(25),
        app: Some(25),
        indent: 0,
    };

    #[test]
    fn rows_tell_their_columns() {
        assert_eq!(guess(&["    14918 70.1627 shapes", "\t    14716 98.6459 my shapes"]), Some(Guess::Summary(1)));
        let rows = [
            "12000    56.4387  shapes                   shapes                   double geo::f(int, int)",
            "321       1.5097  no-vmlinux               calc                     /no-vmlinux",
        ];
        assert_eq!(guess(&rows), Some(Guess::Symbols(NAMED)));
        let bare = [rows[0], "9        0.0423  /usr/bin/gone (deleted)"];
        assert_eq!(guess(&bare[1..]), Some(Guess::Symbols(Columns { image: None, app: None, ..NAMED })));
        let two = ["1 10.0000  2 20.0000  main", "1        0.1000  0              0  f"];
        let Some(Guess::Symbols(columns)) = guess(&two) else { panic!() };
        assert_eq!(columns.shape.classes, 2);
    }

    #[test]
    fn the_rows_of_a_comparison_tell_that_they_are_some() {
        let rows = [
            "777       4.6482  +27.1955  calc                     f",
            "410      ---      ---       calc                     g",
        ];
        let Some(Guess::Symbols(columns)) = guess(&rows) else { panic!() };
        assert!(columns.shape.diff && columns.image.is_some());
    }

    #[test]
    fn only_a_text_of_rows_is_one() {
        assert!(sniff("12 50.0000  a\n12 50.0000  b\n").is_some());
        for text in ["", "12 50.0000  a\nhello\n", "12;;cycles;1;100.00\n", "1 2 3\n", "12 50.0 a\n", "hello\n12 50.0000  a\n"]
        {
            assert_eq!(sniff(text), None, "{text:?}");
        }
    }
}
