//! Tables of `--metric-only -x`: a heading of names, then rows of bare numbers.
//!
//! A row is read when it has as many fields as the heading names; 5.10 to 6.12 glue headings together (`socket,cpusGhz,`) and add
//! empty fields for events that were not counted, which no reading can undo.

use super::interval;
use crate::parse::lines::Line;
use crate::parse::notation::Notation;
use crate::parse::number::{self, Printed};
use crate::parse::perf::metric;
use crate::parse::perf::rows::{Row, Rows};

/// Headings of the columns in front of the metrics.
const PLACES: [&str; 11] = ["time", "cpu", "core", "die", "cluster", "cache", "socket", "node", "comm-pid", "cpus", "ctrs"];

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    separator: &'a str,
    places: Vec<&'a str>,
    metrics: Vec<&'a str>,
}

/// Whether a line may be a heading, which its end tells. Most are none.
pub(super) fn may_be_heading(line: &[u8]) -> bool {
    last_separator(line.strip_suffix(b"\r").unwrap_or(line)).is_some()
}

/// The separator that a line ends with, of those that headings are looked for with.
fn last_separator(line: &[u8]) -> Option<&'static str> {
    match line {
        [.., b','] => Some(","),
        [.., b';'] => Some(";"),
        [.., b'\t'] => Some("\t"),
        [.., b'|'] => Some("|"),
        [.., b':', b':'] => Some("::"),
        _ => None,
    }
}

/// Reads a line as heading: names of places, then at least one name of a metric, each ended by the separator.
pub(super) fn heading(line: &str) -> Option<Heading<'_>> {
    let separator = last_separator(line.as_bytes())?;
    let names: Vec<&str> = line.trim_start().strip_suffix(separator)?.split(separator).collect();
    let count = names.iter().take_while(|name| PLACES.contains(name)).count();
    let (places, metrics) = names.split_at(count);
    let known = |name: &&str| metric::is_built_in(name) || metric::is_from_a_table(name);
    (!metrics.is_empty() && metrics.iter().all(known)).then(|| Heading {
        separator,
        places: places.to_vec(),
        metrics: metrics.to_vec(),
    })
}

/// The numbers of a row and where they belong.
pub(super) struct Numbers<'a> {
    place: Row<'a>,
    metrics: Vec<(Printed, &'a str)>,
    /// Whether there were more, which a decimal comma cut.
    cut: bool,
}

impl<'a> Heading<'a> {
    /// Reads a line as row below this heading.
    pub(super) fn row<'l: 'a>(&self, line: &'l str) -> Option<Numbers<'a>> {
        let fields: Vec<&str> = line.trim_start().strip_suffix(self.separator)?.split(self.separator).collect();
        if fields.len() != self.places.len() + self.metrics.len() {
            return None;
        }
        let (places, cells) = fields.split_at(self.places.len());
        let mut place = Row::default();
        for (name, text) in self.places.iter().zip(places) {
            match *name {
                "time" => place.interval_ns = Some(interval(text)?),
                "cpus" | "ctrs" => place.members = Some(text.parse().ok()?),
                _ => place.label = Some(text),
            }
        }
        let mut metrics = Vec::new();
        for (name, cell) in self.metrics.iter().zip(cells) {
            if !matches!(*cell, "" | "none" | "nan" | "-nan" | "inf" | "-inf") {
                metrics.push((decimal(cell)?, *name));
            }
        }
        let printed = metrics.len();
        metrics.retain(|(number, name)| !metric::is_cut(number, name));
        Some(Numbers { place, cut: metrics.len() < printed, metrics })
    }
}

impl Numbers<'_> {
    /// Whether there is any.
    pub(super) fn any(&self) -> bool {
        self.cut || !self.metrics.is_empty()
    }

    /// Adds them.
    pub(super) fn push_to(self, rows: &mut Rows, line: Line<'_>) {
        if self.cut {
            rows.builder().note(metric::CUT);
        }
        rows.push_metrics(line, &self.place, self.metrics.into_iter());
    }
}

/// A number without groups, with either decimal mark.
fn decimal(text: &str) -> Option<Printed> {
    let notation = if text.contains(',') { Notation::Comma } else { Notation::Point };
    number::number(text.trim_end_matches('%'), notation).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(heading_line: &str, row: &str) -> Option<Vec<(f64, String)>> {
        let heading = heading(heading_line)?;
        let numbers = heading.row(row)?;
        Some(numbers.metrics.iter().map(|(printed, name)| (printed.number.value, (*name).to_owned())).collect())
    }

    #[test]
    fn rows_are_read_when_they_have_the_fields_of_the_heading() {
        let metrics =
            |metrics: &[(f64, &str)]| Some(metrics.iter().map(|(value, name)| (*value, (*name).to_owned())).collect());
        let table = "faults/sec  page_faults_per_second,cs/sec  cs_per_second,";
        let both = metrics(&[(70848.0, "faults/sec  page_faults_per_second"), (3602.4, "cs/sec  cs_per_second")]);
        assert_eq!(read(table, "70848.0,3602.4,"), both);
        assert_eq!(read("cpu,GHz,insn per cycle,", "CPU0,,0.56,"), metrics(&[(0.56, "insn per cycle")]));
        assert_eq!(read(" time,GHz,insn per cycle,", "     0.201227597,,,,"), None);
        assert_eq!(read("socket,cpusGhz,insn per cycle,", "S0,2,,,"), None);
        let shares = metrics(&[(1.5, "GHz"), (1.2, "branch-misses:u of all branches")]);
        assert_eq!(read("GHz,branch-misses:u of all branches,", "1.500,1.20,"), shares);
        assert_eq!(read("id,name,", "1,2,"), None);
        assert_eq!(read("CPU::GHz::", "CPU0::1.5::"), None);
        assert_eq!(read("cpu::GHz::", "CPU0::1.5::"), metrics(&[(1.5, "GHz")]));
    }

    #[test]
    fn most_lines_are_seen_to_be_no_heading() {
        for line in ["cpu,GHz,", "cpu|GHz|\r", "cpu::GHz::", "cpu\tGHz\t", "cpu;GHz;"] {
            assert!(may_be_heading(line.as_bytes()), "{line:?}");
        }
        for line in ["", "cpu,GHz", "stats for 'x':", ";\r\r"] {
            assert!(!may_be_heading(line.as_bytes()), "{line:?}");
        }
    }
}
