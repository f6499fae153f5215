//! `perf stat -x SEP`, 2.6.38 to 7.2: rows without heading or quoting, in more than ten layouts.

mod dialect;
mod fields;
mod layout;

use super::rows::Rows;
use super::{notes, started};
use crate::model::Report;
use crate::parse::lines::{Line, Lines};
use crate::parse::{Evidence, Format};
use fields::Splitter;

/// The format.
pub const FORMAT: Format = Format { name: "perf-stat-csv", tool: "perf", version: 1, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    let (dialect, line) = dialect::learn(text)?;
    Some(Evidence { line, reason: format!("a row of value, unit and event separated by {:?}", dialect.separator) })
}

fn parse(text: &str) -> Report {
    let mut rows = Rows::default();
    let Some((dialect, _)) = dialect::learn(text) else {
        Lines::new(text).for_each(|line| not_a_row(&mut rows, line));
        return rows.finish();
    };
    if dialect.cuts_metrics() {
        rows.builder().note("perf cuts metrics at a decimal comma when the separator is a comma: they are left out");
    }
    let mut splitter = Splitter::new(dialect.separator);
    for line in Lines::new(text) {
        match splitter.fields(line.text).and_then(|fields| layout::row(&fields, &dialect)) {
            Some(Ok(row)) => rows.push(line, &row),
            Some(Err((kind, reason))) => rows.builder().reject(line, 0, kind, reason),
            None => not_a_row(&mut rows, line),
        }
    }
    rows.finish()
}

fn not_a_row(rows: &mut Rows, line: Line<'_>) {
    let text = line.text.trim();
    if text.is_empty() || notes::is_note(text) {
        rows.builder().furniture();
    } else if let Some(at) = started::started_on(text) {
        rows.started(at);
    } else {
        rows.builder().foreign();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_rows_are_rejected_and_other_lines_are_foreign() {
        let report = parse("12;;cycles;500;100.00;;\n12x34;;instructions;500;100.00;;\nhello;world\n\n7;;branc\n");
        let rejected: Vec<u32> = report.rejects.iter().map(|reject| reject.line).collect();
        assert_eq!((report.results.len(), rejected.as_slice()), (1, [2, 5].as_slice()));
        assert_eq!((report.tally.lines, report.tally.foreign, report.tally.furniture), (5, 1, 2));
    }

    #[test]
    fn outputs_with_nothing_between_are_runs_of_their_own() {
        let output = "1;;cycles;500;100.00;;\n2;;branches;500;100.00;;\n";
        assert_eq!(parse(&output.repeat(3)).runs.len(), 3);
        assert_eq!(parse("1;;cycles;500;100.00;;\n1;;cycles;500;100.00;;\n").runs.len(), 1);
    }
}
