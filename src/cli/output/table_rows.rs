//! Rows in columns of a width.

use std::io::{self, Write};

use super::{Cell, Column};

/// Rows that decide the widths.
const SAMPLE: usize = 1000;

/// Widest cell, in characters: longer texts are cut and end in an ellipsis. CSV and JSON have them whole.
const WIDEST: usize = 80;

struct Field {
    text: String,
    right: bool,
}

pub(super) struct TableRows<W: Write> {
    columns: Vec<Column>,
    out: W,
    sample: Vec<Vec<Field>>,
    /// Known as soon as the sample is out.
    widths: Option<Vec<usize>>,
}

impl<W: Write> TableRows<W> {
    pub(super) fn new(columns: &[Column], out: W) -> Self {
        Self { columns: columns.to_vec(), out, sample: Vec::new(), widths: None }
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let shown = self.columns.iter().zip(cells).filter(|(column, _)| column.in_table);
        let fields = shown.map(|(_, cell)| Field { text: cut(cell.shown().into_owned()), right: cell.is_number() }).collect();
        if let Some(widths) = &self.widths {
            return write_line(&mut self.out, widths, &fields);
        }
        self.sample.push(fields);
        if self.sample.len() == SAMPLE { self.release() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.widths.is_none() {
            self.release()?;
        }
        self.out.flush()
    }

    /// Rows that wait for the widths.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.sample.len()
    }

    fn release(&mut self) -> io::Result<()> {
        let heading: Vec<Field> = self.columns.iter().filter(|column| column.in_table).map(Field::heading).collect();
        let mut widths = vec![0; heading.len()];
        for line in self.sample.iter().chain([&heading]) {
            for (width, field) in widths.iter_mut().zip(line) {
                *width = (*width).max(field.text.chars().count());
            }
        }
        let rule = widths.iter().map(|width| Field { text: "-".repeat(*width), right: false }).collect();
        write_line(&mut self.out, &widths, &heading)?;
        write_line(&mut self.out, &widths, &rule)?;
        for line in std::mem::take(&mut self.sample) {
            write_line(&mut self.out, &widths, &line)?;
        }
        self.widths = Some(widths);
        Ok(())
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(WIDEST) {
        let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        text.truncate(last);
        text.push('…');
    }
    text
}

impl Field {
    fn heading(column: &Column) -> Self {
        Self { text: column.name.to_string(), right: false }
    }
}

fn write_line(out: &mut impl Write, widths: &[usize], fields: &Vec<Field>) -> io::Result<()> {
    let mut line = String::new();
    for (width, field) in widths.iter().zip(fields) {
        let blanks = " ".repeat(width.saturating_sub(field.text.chars().count()));
        let (before, after) = if field.right { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
        for part in [before, &field.text, after, "  "] {
            line.push_str(part);
        }
    }
    writeln!(out, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_are_cut_at_a_character() {
        assert_eq!(cut("short".to_owned()), "short");
        assert_eq!(cut("ä".repeat(WIDEST)), "ä".repeat(WIDEST));
        assert_eq!(cut("ä".repeat(WIDEST + 1)), format!("{}…", "ä".repeat(WIDEST - 1)));
    }
}
