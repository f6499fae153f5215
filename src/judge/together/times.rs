//! Rules over times: I2 (time on a counter) and I11 (CPU time against the times of the run).

use super::{Checked, Part};
use crate::model::{ScopeKind, Status};
use crate::stats::invariant::{Finding, Kind};
use crate::store::query::Fact;

/// The most that a rounded share can be, percent.
const ALL_THE_TIME: f64 = 100.01;

/// What times of one run may be apart because they begin and end at different moments, milliseconds.
const APART: f64 = 10.0;

/// I2 and I11.
pub(super) fn check(part: &Part<'_>) -> Vec<Checked> {
    let counted = part.facts().filter(|(_, fact)| fact.status == Status::Counted);
    let mut found: Vec<Checked> = counted.flat_map(|(at, fact)| running(part, at, fact)).collect();
    let clocks = part.facts().filter(|(_, fact)| part.text(fact) == "task-clock" && part.unit(fact) == Some("msec"));
    found.extend(clocks.flat_map(|(at, fact)| [fits(part, at, fact), adds_up(part, at, fact)]).flatten());
    found
}

/// I2: what was counted ran for some of the time, and for no more than all of it.
fn running(part: &Part<'_>, at: usize, fact: &Fact<'_>) -> Vec<Checked> {
    let check = |found, low, high| {
        let events = vec![part.text(fact).to_owned()];
        Checked { finding: Finding { id: "I2", kind: Kind::Hard, events, found, low, high }, rows: vec![at] }
    };
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds are exact in a float up to 104 days")]
    let time = fact.runtime_ns.map(|runtime| check(runtime as f64, 1.0, f64::INFINITY));
    let share = fact.running_percent.map(|percent| check(percent, 0.0, ALL_THE_TIME));
    time.into_iter().chain(share).collect()
}

/// I11: one CPU has no more time than passed. How many CPUs a whole run had is not known. Soft, for perf starts and reads the counters of
/// one CPU after the other, before and after it takes the time: on a busy machine it waits for each of them (seen with perf 6.1: 45.08 ms in
/// 15.23).
fn fits(part: &Part<'_>, at: usize, fact: &Fact<'_>) -> Option<Checked> {
    let is_one = part.scope.is_some_and(|scope| scope.kind == ScopeKind::Cpu) && part.interval_ns.is_none();
    let (clock, elapsed) = (fact.value? / 1e3, part.facts.run.wall_seconds.filter(|_| is_one)?);
    let high = 1.01 * elapsed + APART / 1e3;
    let events = vec!["task-clock".to_owned(), "elapsed".to_owned()];
    Some(Checked { finding: Finding { id: "I11", kind: Kind::Soft, events, found: clock, low: 0.0, high }, rows: vec![at] })
}

/// I11 (soft): a command's user and system time are its CPU time. Repeats are left out: their times are those of all together, or none.
fn adds_up(part: &Part<'_>, at: usize, fact: &Fact<'_>) -> Option<Checked> {
    let run = part.facts.run;
    let is_command = part.is_whole() && run.command.is_some() && run.repeats.is_none();
    let (user, system) = (run.user_seconds.filter(|_| is_command)? * 1e3, run.sys_seconds? * 1e3);
    let clock = fact.value?;
    let reach = (0.02 * clock).max(APART);
    let events = ["user", "sys", "task-clock"].map(str::to_owned).to_vec();
    let finding =
        Finding { id: "I11", kind: Kind::Soft, events, found: user + system, low: clock - reach, high: clock + reach };
    Some(Checked { finding, rows: vec![at] })
}
