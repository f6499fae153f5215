//! What is known of each capture from the script that made it, and how a parse is held against it.

use serde::Deserialize;

use crate::parsed::{Counter, Parsed, Run};

/// One line of `fixtures/expected.jsonl`; `fixtures/README.md` explains the fields.
#[derive(Debug, Deserialize)]
pub(crate) struct Expected {
    pub(crate) file: String,
    kind: String,
    repeat: Option<u32>,
    n_counters: usize,
    n_counted: usize,
    n_not_counted: usize,
    n_not_supported: usize,
    sum_of_values: f64,
    samples: Vec<Sample>,
    blocks: Option<usize>,
    elapsed_s: Option<Vec<f64>>,
    user_s: Option<Vec<f64>>,
    sys_s: Option<Vec<f64>>,
}

#[derive(Debug, Deserialize)]
struct Sample {
    index: usize,
    event: String,
    value: Option<f64>,
    status: String,
    unit: Option<String>,
    scope: Option<String>,
    interval: Option<String>,
    cgroup: Option<String>,
    aggregated: Option<u32>,
    percent_running: Option<f64>,
    stddev_pct: Option<f64>,
}

/// Whether two numbers are one number that was printed once: a float apart at most.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// Adds a line to `found` when two values differ.
fn differ<T: PartialEq + std::fmt::Debug>(found: &mut Vec<String>, what: &str, got: &T, want: &T) {
    if got != want {
        found.push(format!("{what} is {got:?} instead of {want:?}"));
    }
}

/// As [`differ`], for numbers.
fn differ_number(found: &mut Vec<String>, what: &str, got: Option<f64>, want: Option<f64>) {
    let equal = match (got, want) {
        (Some(got), Some(want)) => same(got, want),
        _ => got == want,
    };
    if !equal {
        found.push(format!("{what} is {got:?} instead of {want:?}"));
    }
}

impl Expected {
    /// Everything in which a parse differs from what is known.
    pub(crate) fn differences(&self, parsed: &Parsed) -> Vec<String> {
        let mut found = Vec::new();
        self.compare_counts(parsed, &mut found);
        self.compare_times(&parsed.runs, &mut found);
        for sample in &self.samples {
            match parsed.counters.get(sample.index) {
                Some(counter) => sample.compare(counter, self.kind == "by-hand", &mut found),
                None => found.push(format!("counter {} is missing", sample.index)),
            }
        }
        found
    }

    fn compare_counts(&self, parsed: &Parsed, found: &mut Vec<String>) {
        let with = |status: &str| parsed.counters.iter().filter(|counter| counter.status == status).count();
        differ(found, "number of counters", &parsed.counters.len(), &self.n_counters);
        differ(found, "number of counted", &with("counted"), &self.n_counted);
        differ(found, "number of not counted", &with("not counted"), &self.n_not_counted);
        differ(found, "number of not supported", &with("not supported"), &self.n_not_supported);
        let sum: f64 = parsed.counters.iter().filter_map(|counter| counter.value).sum();
        // Sums of rounded decimals are exact to a few units of the last place only.
        if (sum - self.sum_of_values).abs() > 1e-6 + 1e-12 * sum.abs() {
            found.push(format!("the sum of the values is {sum} instead of {}", self.sum_of_values));
        }
    }

    /// Only text has headers and footers to compare; `blocks` counts the headers, and interval output has none.
    fn compare_times(&self, runs: &[Run], found: &mut Vec<String>) {
        let times = |time: fn(&Run) -> Option<f64>| runs.iter().filter_map(time).collect::<Vec<f64>>();
        for (what, got, want) in [
            ("elapsed times", times(|run| run.wall_seconds), &self.elapsed_s),
            ("user times", times(|run| run.user_seconds), &self.user_s),
            ("system times", times(|run| run.sys_seconds), &self.sys_s),
        ] {
            if let (Some(want), false) = (want, self.kind == "by-hand") {
                differ(found, what, &got, want);
            }
        }
        let Some(blocks) = self.blocks else { return };
        // Without header and without counters nothing says whether there was a run: `-I --metric-only` has one, an error message none.
        if blocks > 0 || self.n_counters > 0 {
            differ(found, "number of runs", &runs.len(), &blocks.max(1));
        }
        if let (Some(repeat @ 2..), [run]) = (self.repeat, runs) {
            differ(found, "repeats", &run.repeats, &(blocks == 1).then_some(repeat));
        }
    }
}

impl Sample {
    /// What the output says for a `status` of the expectations.
    fn status(&self) -> String {
        self.status.replace('_', " ")
    }

    /// `summary` marks rows for the whole run, which have no interval.
    fn interval(&self) -> Option<f64> {
        self.interval.as_deref().filter(|text| *text != "summary").map(|text| text.parse().expect("a time"))
    }

    /// The script that wrote the files by hand did not note what its column of added counters holds.
    fn compare(&self, counter: &Counter, by_hand: bool, all: &mut Vec<String>) {
        let mut found = Vec::new();
        differ(&mut found, "event", &counter.event, &self.event);
        differ(&mut found, "status", &counter.status, &self.status());
        differ_number(&mut found, "value", counter.value, self.value);
        if let (Some(count), Some(value)) = (counter.count, self.value) {
            #[expect(clippy::cast_precision_loss, reason = "the expected value is a float as well")]
            differ(&mut found, "count", &(count as f64), &value);
        }
        differ(&mut found, "unit", &counter.unit, &self.unit);
        differ(&mut found, "scope", &counter.scope, &self.scope);
        differ(&mut found, "cgroup", &counter.cgroup, &self.cgroup);
        if !by_hand {
            differ(&mut found, "members", &counter.members, &self.aggregated);
        }
        differ_number(&mut found, "interval", counter.interval, self.interval());
        if self.percent_running.is_some() {
            differ_number(&mut found, "running_percent", counter.running_percent, self.percent_running);
        }
        if self.stddev_pct.is_some() {
            differ_number(&mut found, "spread_percent", counter.spread_percent, self.stddev_pct);
        }
        all.extend(found.into_iter().map(|text| format!("counter {} (line {}): {text}", self.index, counter.line)));
    }
}
