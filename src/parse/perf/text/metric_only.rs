//! Tables of `--metric-only`: a heading of names, and rows of bare numbers under them.
//!
//! perf prints both right-aligned in columns of 20 characters or the width of the name (`METRIC_ONLY_LEN` in
//! tools/perf/util/stat-display.c), but shifts the heading against the rows by up to a few characters depending on version and mode,
//! and leaves the cell of a missing value blank. A number gets a name only when every number of the row ends where a name ends.

use super::layout::is_blank;

/// Width of a column whose name is shorter.
const COLUMN: usize = 20;
/// Farthest that a heading was seen shifted against its rows.
const MAX_SHIFT: usize = 3;

/// The name of each number of a row; `None` when they cannot be matched without guessing.
///
/// `cells` must be the part of `row` that holds the numbers.
pub(super) fn names<'a>(heading: &'a str, row: &str, cells: &str) -> Option<Vec<&'a str>> {
    let heading = heading.trim_end_matches(is_blank);
    if !heading.is_ascii() || !row.is_ascii() {
        return None;
    }
    let first = cells.as_ptr() as usize - row.as_ptr() as usize;
    let ends = ends_of_words(row, first);
    let label_end = row[..first].trim_end_matches(is_blank).len();
    let last = *ends.last()?;
    // Versions differ in whether a blank stands between the columns of the rows, as it does in the heading.
    [0, 1].into_iter().find_map(|step| {
        let shift = heading.len().checked_sub(last + step * (ends.len() - 1)).filter(|&shift| shift <= MAX_SHIFT)?;
        let ends = ends.iter().enumerate().map(|(i, end)| end + shift + step * i);
        between(heading, if label_end == 0 { shift } else { label_end }, label_end > 0, ends)
    })
}

/// Where each word behind `from` ends.
fn ends_of_words(row: &str, from: usize) -> Vec<usize> {
    let bytes = row.as_bytes();
    let blank = |at: usize| bytes.get(at).is_none_or(|&byte| is_blank(byte.into()));
    (from + 1..=bytes.len()).filter(|&at| !blank(at - 1) && blank(at)).collect()
}

/// The names that end at `ends`; the first may begin anywhere behind a label.
fn between(heading: &str, mut start: usize, labelled: bool, ends: impl Iterator<Item = usize>) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    for end in ends {
        let cell = heading.get(start..end)?;
        let name = cell.trim_matches(is_blank);
        let aligned = !cell.ends_with(is_blank) && heading[end..].chars().next().is_none_or(is_blank);
        let one_column = labelled && names.is_empty() || cell.len() == name.len().max(COLUMN);
        if name.is_empty() || !aligned || !one_column || name.contains("   ") {
            return None;
        }
        names.push(name);
        start = end + 1;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched<'a>(heading: &'a str, row: &str) -> Option<Vec<&'a str>> {
        let label = if row.starts_with('C') { 4 } else { 0 };
        let cells = row[label..].trim_start();
        names(heading, row, cells)
    }

    #[test]
    fn numbers_are_named_when_every_one_ends_under_a_name() {
        let heading = " faults/sec  page_faults_per_second cs/sec  cs_per_second ";
        let row = "                           55043.0               1898.0";
        assert_eq!(matched(heading, row), Some(vec!["faults/sec  page_faults_per_second", "cs/sec  cs_per_second"]));
        let heading = "                       GHz       insn per cycle ";
        assert_eq!(matched(heading, "CPU0                  3.05                 1.00 "), Some(vec!["GHz", "insn per cycle"]));
    }

    #[test]
    fn a_blank_cell_is_not_guessed_over() {
        let heading = "                       GHz       insn per cycle ";
        assert_eq!(matched(heading, "                                           1.00 "), None);
        assert_eq!(matched(heading, "                      3.05"), None);
    }
}
