//! Outputs that follow each other with nothing between: their events repeat, and so do those of one run that was asked for them twice.

use std::collections::HashMap;

use super::Builder;
use crate::model::RunResult;

/// How many times further than neighbours of one sequence the same events of two may lie apart when both are one run's.
///
/// The sequences of one run are switched on and off one after the other, as their events are: they lie apart by a sequence, and a
/// sequence of two by no more than twice the step from one event to the next. What interrupts perf in between adds to either.
const FURTHER: u64 = 10;
/// How far the same events of one run may lie apart where no sequence tells, nanoseconds: more than any two of a CPU did in 5.10 to 7.2 on
/// a busy machine, and less than what a second of sleep lasts longer or shorter from run to run.
const APART: u64 = 50_000;

impl Builder {
    /// The number of counters after which those from `first` on repeat to the end, event by event and scope by scope; `None` when they
    /// do not. The same event again and again (`-e cycles,cycles`) is no repetition of a sequence, and neither are events that were on
    /// a counter for the same time as before: that is one run that was asked for them twice.
    pub(crate) fn period(&self, first: u32) -> Option<usize> {
        let counters = || self.report.results[first as usize..].iter().filter(|result| result.metric_of.is_none());
        let key = |result: &RunResult| (result.spelling, result.scope);
        let of_first = key(counters().next()?);
        let period = counters().skip(1).position(|result| key(result) == of_first)? + 1;
        let pairs = || counters().skip(period).zip(counters());
        let repeats = counters().count().is_multiple_of(period) && pairs().all(|(later, earlier)| key(later) == key(earlier));
        if period == 1 || !repeats {
            return None;
        }
        let apart = neighbours_apart(counters(), period).map_or(APART, |apart| apart * FURTHER);
        let mut times = pairs().filter_map(|(later, earlier)| time(later).zip(time(earlier))).peekable();
        let one_run = times.peek().is_some() && times.all(|pair| is_same_time(pair) && pair.0.abs_diff(pair.1) <= apart);
        (!one_run).then_some(period)
    }
}

/// The time of an event that was on a counter all the time: events that took turns say nothing about when their run began and ended.
fn time(result: &RunResult) -> Option<i64> {
    let in_turns = result.running_percent.is_some_and(|percent| percent < 100.0);
    result.runtime_ns.filter(|time| *time > 0 && !in_turns)
}

/// How far the times of neighbours lie apart at most, of one sequence and one scope each; `None` when there are none. What is far from its
/// neighbour is none of an event that perf switches on and off with the others (`duration_time`).
fn neighbours_apart<'a>(counters: impl Iterator<Item = &'a RunResult>, period: usize) -> Option<u64> {
    let (mut before, mut apart) = (HashMap::new(), None);
    for (index, result) in counters.enumerate() {
        if index % period == 0 {
            before.clear();
        }
        let Some(time) = time(result) else { continue };
        let pair = before.insert(result.scope, time).map(|before| (time, before));
        apart = apart.max(pair.filter(|pair| is_same_time(*pair)).map(|(one, other)| one.abs_diff(other)));
    }
    apart
}

/// Whether two times, nanoseconds, can be those of one run: a thousandth apart at most.
fn is_same_time((later, earlier): (i64, i64)) -> bool {
    later.abs_diff(earlier) <= later.unsigned_abs() / 1000
}

#[cfg(test)]
mod tests {
    use crate::parse::perf::csv::FORMAT;

    /// How many runs there are in rows of scope, event and time.
    fn runs(rows: &[(&str, &str, i64)]) -> usize {
        let row = |(scope, event, time): &(&str, &str, i64)| format!("{scope}1,,{event},{time},100.00,,\n");
        (FORMAT.parse)(&rows.iter().map(row).collect::<String>()).runs.len()
    }

    #[test]
    fn outputs_of_a_loop_are_runs_of_their_own_however_alike_their_times() {
        // `perf stat -a sleep 1` on four CPUs: a sleep is exact to some tenths of a millisecond, and perf to some microseconds.
        let (one, two) = ("cycles", "instructions");
        let output = |time| [("", one, time), ("", two, time - 2000)];
        assert_eq!(runs(&[output(4_004_127_331), output(4_004_382_110), output(4_003_382_110)].concat()), 3);
        // A command alone: its events begin and end at once.
        let output = |time| [("", one, time), ("", two, time)];
        assert_eq!(runs(&[output(8_349_632), output(8_343_504)].concat()), 2);
        assert_eq!(runs(&[output(8_349_632), output(8_349_632)].concat()), 1);
        // `-A`, with one event for each CPU.
        let output = |time| [("CPU0,", one, time), ("CPU1,", one, time + 400)];
        assert_eq!(runs(&[output(1_000_941_203), output(1_001_105_717)].concat()), 2);
    }

    #[test]
    fn a_run_that_was_asked_twice_for_its_events_is_one() {
        let (one, two) = ("cycles", "instructions");
        // `-a -e cycles,instructions,cycles,instructions`
        let steps = [4_004_127_331, 4_004_125_331, 4_004_123_911, 4_004_120_804];
        assert_eq!(runs(&[("", one, steps[0]), ("", two, steps[1]), ("", one, steps[2]), ("", two, steps[3])]), 1);
        // `-A -e cycles,cycles`: the times of 7.2, interval-A.csv, CPU 0 and CPU 1.
        let steps = [107_597_403, 107_613_649, 107_596_580, 107_612_510];
        assert_eq!(
            runs(&[("CPU0,", one, steps[0]), ("CPU1,", one, steps[1]), ("CPU0,", one, steps[2]), ("CPU1,", one, steps[3])]),
            1
        );
    }
}
