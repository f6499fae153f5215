//! The shapes of groups as bars.

use std::io::{self, Write};

use crate::cli::output::Cell;
use crate::stats::histogram::{Histogram, suitable_bins};
use crate::stats::sketch::{EXACT, Sketch};

/// Most bins of a group.
const MOST_BINS: usize = 20;
/// Characters of the longest bar.
const LONGEST: usize = 40;

/// Prints a heading and a line for each bin: where it begins and ends, how many numbers are in it, and a bar.
pub(super) fn print(out: &mut impl Write, heading: &str, values: &Sketch) -> io::Result<()> {
    writeln!(out, "{heading}  n={}", values.count())?;
    let Some(sample) = values.sample() else {
        let why = if values.count() == 0 { String::new() } else { format!("  not known of more than {EXACT} numbers\n") };
        return writeln!(out, "{why}");
    };
    let histogram = Histogram::new(&sample, suitable_bins(&sample, MOST_BINS));
    let edges = histogram.edges();
    let texts: Vec<String> = edges.iter().map(|edge| Cell::Computed(*edge).rounded().into_owned()).collect();
    let widest = texts.iter().map(String::len).max().unwrap_or(0);
    let most = histogram.counts.iter().copied().max().unwrap_or(1);
    let digits = most.to_string().len();
    for (ends, count) in texts.windows(2).zip(&histogram.counts) {
        // Rounded up: what is there is seen.
        let bar = "█".repeat((count * LONGEST).div_ceil(most));
        let line = format!("  {:>widest$} to {:>widest$}  {count:>digits$}  {bar}", ends[0], ends[1]);
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}
