//! `opreport` as text, 0.6 (2003) to 1.5: image summaries, symbol lists with every set of columns, details, call graphs and
//! differential reports, also as mails and manuals quote them.
//!
//! Columns, widths and messages are those of the tool's source; tried with real outputs of 0.6 to 1.5.

mod cells;
mod clean;
mod graph;
mod header;
mod headless;
mod messages;
mod names;
mod pending;
mod reader;
mod rows;
mod summary;
mod symbols;
mod titles;

use clean::Damage;

use crate::model::Report;
use crate::parse::lines::{Lines, Mark, places};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "opreport-text", tool: "oprofile", version: 2, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    static ANNOTATED: Mark = Mark::new("* Command line: opannotate");
    static MARKS: [Mark; 2] = [Mark::new("samples"), Mark::new("timer interrupt")];
    // Each of the lines that are looked for has one of these: percent, a description in parentheses, or `Profiling`.
    let may_be_titled = || memchr::memchr3(b'%', b'(', b'P', text.as_bytes()).is_some();
    let marked = || places(text, "Counted ").next().is_some() || MARKS.iter().any(|mark| mark.is_in(text));
    let titled = || {
        Lines::new(text).find_map(|line| {
            let line_of = |reason: &str| Some(Evidence::new(line.number, reason));
            let plain = clean::plain(line.text);
            if titles::columns(&plain).is_some() {
                line_of("column titles of a symbol list")
            } else if titles::is_cells(&plain) {
                line_of("cells of samples and percent")
            } else if header::is_class(&plain) {
                line_of("a line that says which event was counted")
            } else {
                None
            }
        })
    };
    let found = (may_be_titled() && marked()).then(titled).flatten().or_else(|| headless::sniff(text))?;
    // opannotate prints the same header in front of annotated source.
    (!ANNOTATED.is_in(text)).then_some(found)
}

fn parse(text: &str) -> Report {
    let damage = Damage::of(text);
    reader::Reader::new(&clean::lines(text, damage), damage).read()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_whose_columns_cannot_be_told_cost_a_few_looks_at_them() {
        // Were all that follow looked at again from each of them, it would take hours.
        let head = "Counted CYCLES events (cycles) with a unit mask of 0x00 (No unit mask) count 100000\n";
        let report = parse(&format!("{head}{}10 1.0000\n", "10 1.0000 main\n".repeat(20_000)));
        assert_eq!((report.results.len(), report.tally.lines, report.tally.foreign), (0, 20_002, 20_001));
    }
}
