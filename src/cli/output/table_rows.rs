//! Rows in columns of a width.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Cell, Column, InTable};

/// Rows that decide the widths.
const SAMPLE: usize = 1000;

/// Widest cell, in characters: longer texts are cut and end in an ellipsis. CSV and JSON have them whole.
const WIDEST: usize = 80;

struct Field {
    text: String,
    right: bool,
}

pub(super) struct TableRows<W: Write> {
    columns: Cow<'static, [Column]>,
    /// Characters of a line, where somebody looks at it.
    line: Option<usize>,
    out: W,
    sample: Vec<Vec<Field>>,
    /// Known as soon as the sample is out.
    widths: Option<Vec<usize>>,
}

impl<W: Write> TableRows<W> {
    pub(super) fn new(columns: Cow<'static, [Column]>, line: Option<usize>, out: W) -> Self {
        Self { columns, line, out, sample: Vec::new(), widths: None }
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let shown = self.columns.iter().zip(cells).filter(|(column, _)| column.is_shown());
        let fields = shown.map(|(_, cell)| Field { text: cut(cell.rounded().into_owned()), right: cell.is_number() }).collect();
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
        let widths = self.fitting();
        let heading: Vec<Field> = self.columns.iter().filter(|column| column.is_shown()).map(Field::heading).collect();
        let rule = widths.iter().map(|width| Field { text: "-".repeat(*width), right: false }).collect();
        write_line(&mut self.out, &widths, &heading)?;
        write_line(&mut self.out, &widths, &rule)?;
        for line in std::mem::take(&mut self.sample) {
            write_line(&mut self.out, &widths, &line)?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    /// The widths of the columns that stay, after the spare ones that do not fit have gone.
    fn fitting(&mut self) -> Vec<usize> {
        let mut shown: Vec<Column> = self.columns.iter().filter(|column| column.is_shown()).cloned().collect();
        let mut widths: Vec<usize> = shown.iter().map(|column| Field::heading(column).text.chars().count()).collect();
        for fields in &self.sample {
            for (width, field) in widths.iter_mut().zip(fields) {
                *width = (*width).max(field.text.chars().count());
            }
        }
        while self.line.is_some_and(|line| widths.iter().sum::<usize>() + 2 * widths.len() > line + 2) {
            let spare = shown.iter().enumerate().filter_map(|(at, column)| Some((column.spare_number()?, at)));
            let Some((_, at)) = spare.max() else { break };
            shown.remove(at);
            widths.remove(at);
            for fields in &mut self.sample {
                fields.remove(at);
            }
            self.hide(at);
        }
        widths
    }

    /// Hides the shown column at a position.
    fn hide(&mut self, at: usize) {
        if let Some(column) = self.columns.to_mut().iter_mut().filter(|column| column.is_shown()).nth(at) {
            column.in_table = InTable::Never;
        }
    }
}

impl Column {
    fn is_shown(&self) -> bool {
        self.in_table != InTable::Never
    }

    fn spare_number(&self) -> Option<u8> {
        match self.in_table {
            InTable::IfItFits(number) => Some(number),
            InTable::Always | InTable::Never => None,
        }
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
        Self { text: cut(Cell::from(column.name.as_ref()).plain().into_owned()), right: false }
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
    fn spare_columns_go_where_a_line_would_not_fit() {
        let printed = |line| {
            let columns = vec![Column::main("event"), Column::spare("kernel", 2), Column::spare("mean", 1), Column::main("n")];
            let mut out = Vec::new();
            let mut rows = TableRows::new(columns.into(), line, &mut out);
            rows.row(&[Cell::from("cycles"), Cell::from("6.1.0"), Cell::Int(1234), Cell::Int(3)]).unwrap();
            rows.finish().unwrap();
            String::from_utf8(out).unwrap().lines().next().unwrap().to_owned()
        };
        assert_eq!(printed(None), "event   kernel  mean  n");
        assert_eq!(printed(Some(23)), "event   kernel  mean  n");
        assert_eq!(printed(Some(22)), "event   mean  n");
        assert_eq!(printed(Some(5)), "event   n");
    }

    #[test]
    fn long_cells_are_cut_at_a_character() {
        assert_eq!(cut("short".to_owned()), "short");
        assert_eq!(cut("ä".repeat(WIDEST)), "ä".repeat(WIDEST));
        assert_eq!(cut("ä".repeat(WIDEST + 1)), format!("{}…", "ä".repeat(WIDEST - 1)));
    }
}
