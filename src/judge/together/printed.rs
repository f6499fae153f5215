//! I21: what perf computes from counts and prints beside them is what the counts give, to the printed digits. A difference tells of swapped
//! lines, a wrong decimal mark, lost digits, or of a perf that prints another number than it computed with.

use super::reading::{Named, half_step};
use super::{Checked, Part};
use crate::model::Kind as Number;
use crate::stats::invariant::{Finding, Kind};
use crate::store::query::Fact;

/// What a metric is divided by.
enum By {
    /// An event, under the first of these names that is there.
    Event(&'static [&'static str]),
    /// The clock of the run, nanoseconds.
    Clock,
    /// The elapsed time, nanoseconds.
    Elapsed,
}

/// A metric: text, counter that it stands beside, divisor, factor, and the least digits that perf prints behind the decimal mark.
struct Metric(&'static str, &'static str, By, f64, usize);

const CYCLES: &[&str] = &["cycles", "cpu-cycles"];
const BRANCHES: &[&str] = &["branches", "branch-instructions"];

/// The metrics of `stat-shadow.c`.
const METRICS: &[Metric] = &[
    Metric("insn per cycle", "instructions", By::Event(CYCLES), 1.0, 2),
    Metric("insns per cycle", "instructions", By::Event(CYCLES), 1.0, 2),
    Metric("of all branches", "branch-misses", By::Event(BRANCHES), 100.0, 2),
    Metric("of all cache refs", "cache-misses", By::Event(&["cache-references"]), 100.0, 2),
    Metric("frontend cycles idle", "stalled-cycles-frontend", By::Event(CYCLES), 100.0, 2),
    Metric("backend cycles idle", "stalled-cycles-backend", By::Event(CYCLES), 100.0, 2),
    Metric("GHz", "cycles", By::Clock, 1.0, 3),
    Metric("GHz", "cpu-cycles", By::Clock, 1.0, 3),
    Metric("/sec", "", By::Clock, 1e9, 3),
    Metric("K/sec", "", By::Clock, 1e6, 3),
    Metric("M/sec", "", By::Clock, 1e3, 3),
    Metric("G/sec", "", By::Clock, 1.0, 3),
    Metric("CPUs utilized", "task-clock", By::Elapsed, 1.0, 3),
    Metric("CPUs utilized", "cpu-clock", By::Elapsed, 1.0, 3),
];

/// What a number may be, from how it was printed.
#[derive(Clone, Copy)]
struct Range {
    low: f64,
    high: f64,
}

/// Every metric of a whole run whose counter and divisor are there, once each. Beside intervals and parts of the machine perf (seen with 5.10 and
/// 6.1) prints what it computed with the clocks of others.
pub(super) fn check(part: &Part<'_>, window: &Named) -> Vec<Checked> {
    if !part.is_of_perf() || !part.is_whole() {
        return Vec::new();
    }
    let metrics = part.facts().filter(|(_, fact)| part.kind(fact) == Some(Number::Metric));
    metrics.filter_map(|(at, fact)| one(part, window, at, fact)).collect()
}

fn one(part: &Part<'_>, window: &Named, at: usize, fact: &Fact<'_>) -> Option<Checked> {
    let (counter_at, counter) = counter(part, fact)?;
    let name = part.text(counter);
    let base = name.trim_end_matches(":u").trim_end_matches(":k");
    let text = part.text(fact);
    let Metric(_, event, by, factor, digits) =
        METRICS.iter().find(|metric| metric.0 == text && (metric.1.is_empty() || metric.1 == base))?;
    let mut rows = vec![at, counter_at];
    let below = match by {
        By::Event(names) => {
            let place = names.iter().find_map(|divisor| window.place(&name.replacen(event, divisor, 1)))?;
            rows.push(place);
            range(part, &part.facts.facts[place])?
        }
        By::Clock => {
            let place = clock(part)?;
            rows.push(place);
            range(part, &part.facts.facts[place])?
        }
        By::Elapsed => elapsed(part)?,
    };
    let above = range(part, counter)?;
    let found = fact.value?;
    let half = half_step(found, *digits);
    let (low, high) = (factor * above.low / below.high - half, factor * above.high / below.low + half);
    // Clocks are too coarse to say anything of what ran for no time.
    let is_known = below.low > 0.0 && low.is_finite() && high.is_finite();
    let events = std::iter::once(text).chain(rows[1..].iter().map(|at| part.text(&part.facts.facts[*at])));
    let finding = Finding { id: "I21", kind: Kind::Hard, events: events.map(str::to_owned).collect(), found, low, high };
    is_known.then_some(Checked { finding, rows })
}

/// The counter that a metric stands beside, if there is no other of its name.
fn counter<'p>(part: &Part<'p>, metric: &Fact<'_>) -> Option<(usize, &'p Fact<'p>)> {
    let spelling = metric.of_spelling?;
    let mut counters = part.facts().filter(|(_, fact)| fact.spelling_id == spelling);
    counters.next().filter(|_| counters.next().is_none())
}

/// The one clock of a part; of several nobody knows which perf took.
fn clock(part: &Part<'_>) -> Option<usize> {
    let is_clock = |text: &str| text.starts_with("task-clock") || text.starts_with("cpu-clock");
    let mut clocks = part.facts().filter(|(_, fact)| is_clock(part.text(fact)) && part.unit(fact) == Some("msec"));
    clocks.next().filter(|_| clocks.next().is_none()).map(|(at, _)| at)
}

/// What a count or a clock (milliseconds, given in nanoseconds) may have been before it was printed.
fn range(part: &Part<'_>, fact: &Fact<'_>) -> Option<Range> {
    let value = fact.value?;
    let is_clock = part.unit(fact) == Some("msec");
    let is_rounded = fact.running_percent.is_some_and(|percent| percent < 100.0) || part.facts.run.repeats.is_some();
    let (half, unit) = match (is_clock, is_rounded) {
        (true, _) => (half_step(value, 2), 1e6),
        (false, true) => (0.5, 1.0),
        (false, false) => (0.0, 1.0),
    };
    Some(Range { low: (value - half) * unit, high: (value + half) * unit })
}

/// The elapsed time of the run, printed to a nanosecond.
fn elapsed(part: &Part<'_>) -> Option<Range> {
    let seconds = part.facts.run.wall_seconds?;
    let half = half_step(seconds, 9);
    Some(Range { low: 1e9 * (seconds - half), high: 1e9 * (seconds + half) })
}
