//! What PAPI's high-level interface leaves in `papi_hl_output/` or, behind `PAPI-HL Output:`, on stdout (PAPI 6.0.1 to 7).
//!
//! PAPI writes JSON, and always one member a line. It is read by lines, so that each number keeps its place and a file that was cut
//! gives what stands in it. Each execution of a region on a thread is a run: regions contain one another and must not be added.

mod line;

use crate::machine::label;
use crate::model::{Kind, RejectKind, Report, RunResult, ScopeKind, Status};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines};
use crate::parse::notation::Notation;
use crate::parse::number::number;
use crate::parse::{Evidence, Format};
use line::Member;

/// The format.
pub const FORMAT: Format = Format { name: "papi-hl-json", tool: "papi", version: 1, sniff, parse };

fn version(line: &str) -> Option<&str> {
    match line::member(line)? {
        Member::Leaf("papi_version", version) => Some(version),
        _ => None,
    }
}

fn sniff(text: &str) -> Option<Evidence> {
    let line = Lines::new(text).find(|line| version(line.text).is_some())?;
    Some(Evidence { line: line.number, reason: "member \"papi_version\" of PAPI's high-level interface".to_owned() })
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    for line in Lines::new(text) {
        reader.line(line);
    }
    if reader.version.is_some() {
        reader.builder.note("the output ends before its last brace");
    }
    reader.builder.finish()
}

#[derive(Debug, Default)]
struct Reader<'a> {
    builder: Builder,
    /// Version of PAPI, inside its output.
    version: Option<&'a str>,
    /// Keys of the objects that are open, the outermost left out.
    path: Vec<&'a str>,
    /// Events whose values are readings of the counter instead of differences.
    instant: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: Line<'a>) {
        if let Some(version) = version(line.text) {
            *self = Self { builder: std::mem::take(&mut self.builder), version: Some(version), ..Self::default() };
            return self.builder.furniture();
        }
        if self.version.is_none() {
            return self.outside(line);
        }
        match line::member(line.text) {
            Some(Member::Open(key)) => self.open(line, key),
            Some(Member::Close) => {
                if self.path.pop().is_none() {
                    self.version = None;
                }
                self.builder.furniture();
            }
            Some(Member::Leaf(key, value)) => self.leaf(line, key, value),
            None if line.text.trim().is_empty() => self.builder.furniture(),
            None => self.builder.reject(line, 0, RejectKind::Json, "no line as PAPI writes its JSON"),
        }
    }

    fn outside(&mut self, line: Line<'_>) {
        if matches!(line.text.trim(), "" | "{" | "PAPI-HL Output:") {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    fn open(&mut self, line: Line<'a>, key: &'a str) {
        self.path.push(key);
        if let ["threads", _, "regions", _] = self.path[..] {
            let index = self.builder.begin_run(line.number);
            self.builder.run(index).tool_version = self.version.map(str::to_owned);
        }
        self.builder.furniture();
    }

    fn leaf(&mut self, line: Line<'a>, key: &'a str, value: &'a str) {
        match (&self.path[..], key) {
            (["threads", thread, "regions", _], _) => return self.of_region(line, thread, key, value),
            (["threads", thread, "regions", _, event], "region_value") => return self.of_region(line, thread, event, value),
            (["threads", _, "regions", _, _], key) if key.starts_with("read_") => {
                self.builder.note("readings within a region (read_N) are left out: its value covers them");
            }
            ([], "cpu_info") => self.builder.label(label::CPU, value),
            ([], "max_cpu_rate_mhz") => self.builder.label("mhz", value),
            (["event_definitions", event], "type") if value == "instant" => self.instant.push(event),
            (["threads", ..], _) => {
                return self.builder.reject(line, 0, RejectKind::Row, "no place where this program expects a value of PAPI");
            }
            _ => {}
        }
        self.builder.furniture();
    }

    /// A member of a region: its name and place, its time, or an event.
    fn of_region(&mut self, line: Line<'a>, thread: &str, key: &'a str, value: &str) {
        let run = self.builder.last_run().expect("a region begins a run");
        match key {
            "name" => self.builder.run(run).target = Some(format!("region {value}")),
            "parent_region_id" => {
                if value != "-1" {
                    self.builder.note("values of a region cover the regions within it");
                }
            }
            "real_time_nsec" => return self.time(line, run, value),
            _ => return self.value(line, (run, thread), key, value),
        }
        self.builder.furniture();
    }

    #[expect(clippy::cast_precision_loss, reason = "a duration below 2^53 nanoseconds is exact, and a longer one is 104 days")]
    fn time(&mut self, line: Line<'_>, run: u32, value: &str) {
        let Ok(nanoseconds) = value.parse::<u64>() else {
            return self.builder.reject(line, 0, RejectKind::Number, "real_time_nsec: not a whole number");
        };
        self.builder.run(run).wall_seconds = Some(nanoseconds as f64 / 1e9);
        self.builder.furniture();
    }

    /// `cycles` are ticks of the time stamp counter, no event; and an instant value is no difference. Neither is a count of the region.
    fn value(&mut self, line: Line<'_>, (run, thread): (u32, &str), event: &str, value: &str) {
        if event.is_empty() || event.len().max(thread.len()) > MAX_NAME {
            return self.builder.reject(line, 0, RejectKind::Name, "no name of an event or thread");
        }
        let Ok(printed) = number(value, Notation::Point) else {
            return self.builder.reject(line, 0, RejectKind::Number, "no value of an event");
        };
        let (unit, kind) = match event {
            "cycles" => (Some("ticks"), Kind::Metric),
            _ if self.instant.contains(&event) => {
                self.builder
                    .note("events of type instant are readings of the counter, not counts of the region: kept as metrics");
                (None, Kind::Metric)
            }
            _ => (None, Kind::Count),
        };
        let spelling = self.builder.spelling(event, unit, kind);
        let scope = self.builder.scope(ScopeKind::Thread, thread, None, None);
        let mut result = RunResult::new(run, line.number, spelling, Status::Counted, Some(printed.number));
        (result.scope, result.flags) = (scope, printed.flags);
        self.builder.push(result);
        self.builder.results_on(1);
    }
}

#[cfg(test)]
mod tests;
