//! Puts the lines of ocount's output together: blocks, their runs and their intervals.

use hashbrown::HashSet;

use super::brief;
use super::line::{Content, Owner, content, failure};
use super::long;
use super::row::{Refusal, Row};
use crate::model::{Kind, RejectKind, Report, RunResult, ScopeKind, Status};
use crate::parse::builder::Builder;
use crate::parse::lines::{Line, Lines};

/// Counts go through a C `double` in ocount.
const EXACT_IN_DOUBLE: i64 = 1 << 53;

/// Said where the first column of the brief form holds no 0.
const UNKNOWN_OWNER: &str =
    "the brief form does not say whether its first column is a CPU or a task: taken for tasks, as none is 0";

/// What was printed before a block and belongs to it.
#[derive(Debug, Default)]
struct Before {
    line: Option<u32>,
    wall_seconds: Option<f64>,
    time: Option<i64>,
}

/// A block that takes rows.
#[derive(Debug)]
struct Block {
    run: u32,
    time: Option<i64>,
    /// Spellings and scopes of its rows.
    seen: HashSet<(u32, Option<u32>)>,
}

/// The intervals of a run so far.
#[derive(Debug)]
struct Series {
    run: u32,
    subject: Option<String>,
    time: i64,
    /// Rows of the longest interval.
    rows: usize,
}

/// Reads one source.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    builder: Builder,
    before: Before,
    block: Option<Block>,
    /// The owner column of the table that is open.
    table: Option<Owner>,
    series: Option<Series>,
    /// Index of a result, its run, and the end of its interval, microseconds since the epoch.
    timed: Vec<(u32, u32, i64)>,
    /// What the first column of the brief form names, once it was asked.
    brief_owner: Option<Owner>,
}

impl<'a> Reader<'a> {
    /// A reader of this text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            builder: Builder::default(),
            before: Before::default(),
            block: None,
            table: None,
            series: None,
            timed: Vec::new(),
            brief_owner: None,
        }
    }

    /// Everything in the text.
    pub(super) fn read(mut self) -> Report {
        for line in Lines::new(self.text) {
            self.line(line);
        }
        self.close();
        self.place_intervals();
        self.builder.finish()
    }

    fn line(&mut self, line: Line<'a>) {
        match content(line.text) {
            Content::Blank => self.close(),
            Content::Duration(seconds) => {
                self.before = Before { line: Some(line.number), wall_seconds: seconds, time: None };
            }
            Content::Time(time) => {
                self.close();
                self.before = Before { line: Some(line.number), wall_seconds: None, time: Some(time) };
            }
            Content::Header { scaled, subject } => {
                self.open(line, Some(subject));
                if scaled {
                    self.builder.note("ocount scaled the counts for the time in which events were on no counter");
                }
            }
            Content::Titles(owner) => self.table = self.block.is_some().then_some(owner),
            Content::Note => {
                if let Some(failure) = failure(line.text) {
                    self.builder.note(format!("ocount: {failure}"));
                }
            }
            Content::Other => return self.other(line),
        }
        self.builder.furniture();
    }

    /// A row of the open table or of the brief form, or a line of another program.
    fn other(&mut self, line: Line<'a>) {
        let read = match self.table {
            Some(owner) => Some(long::read(line.text, owner).map(|row| (row, owner))),
            None => self.brief(line),
        };
        match read {
            // A `0` without decimals may be the beginning of a percentage.
            Some(Ok((row, _))) if !line.ended && row.status == Status::NotCounted && line.text.ends_with('0') => {
                self.builder.reject(line, 0, RejectKind::Row, "the source ends inside this row");
            }
            Some(Ok((row, owner))) => self.push(line, &row, owner),
            Some(Err((kind, reason))) => self.builder.reject(line, 0, kind, reason),
            None if self.builder.context(line) => {}
            None => self.builder.foreign(),
        }
    }

    /// A row of the brief form, or what would be one between such rows.
    fn brief(&mut self, line: Line<'a>) -> Option<Result<(Row<'a>, Owner), Refusal>> {
        match brief::read(line.text) {
            Some(read) => Some(read.map(|row| self.owned(row))),
            None if self.block.is_some() => brief::damaged(line.text).map(Err),
            None => None,
        }
    }

    /// A row of the brief form, and what its first column names, if it has one: all of the text decides that.
    fn owned(&mut self, row: Row<'a>) -> (Row<'a>, Owner) {
        let text = self.text;
        let decide = || if brief::is_per_cpu(text) { Owner::Cpu } else { Owner::Task };
        let owner = row.owner.map_or(Owner::Run, |_| *self.brief_owner.get_or_insert_with(decide));
        (row, owner)
    }

    fn push(&mut self, line: Line<'_>, row: &Row<'_>, owner: Owner) {
        let spelling = self.builder.spelling(row.event, None, Kind::Count);
        let scope = row.owner.and_then(|id| self.scope(id, owner));
        let (run, time) = self.block_for(line, (spelling, scope));
        let mut result = RunResult::new(run, line.number, spelling, row.status, row.number);
        (result.scope, result.flags, result.running_percent) = (scope, row.flags, row.percent);
        let index = self.builder.push(result);
        if let Some(time) = time {
            self.timed.push((index, run, time));
        }
        if row.number.and_then(|number| number.count).is_none_or(|count| count > EXACT_IN_DOUBLE) && row.number.is_some() {
            self.builder.note("ocount keeps counts in a double: those above 2^53 have lost their last digits");
        }
        self.builder.results_on(1);
    }

    fn scope(&mut self, id: i64, owner: Owner) -> Option<u32> {
        if owner == Owner::Cpu {
            return self.builder.scope(ScopeKind::Cpu, &format!("CPU{id}"), None, None);
        }
        if self.table.is_none() {
            self.builder.note(UNKNOWN_OWNER);
        }
        self.builder.scope(ScopeKind::Thread, &id.to_string(), None, None)
    }

    /// The block that a row belongs to. The brief form has no heading, and ocount names an event once: one that comes again begins
    /// another output.
    fn block_for(&mut self, line: Line<'_>, key: (u32, Option<u32>)) -> (u32, Option<i64>) {
        let again = self.block.as_ref().is_some_and(|block| block.seen.contains(&key));
        if again && self.table.is_none() {
            self.close();
        }
        if self.block.is_none() {
            self.open(line, None);
        }
        let block = self.block.as_mut().expect("a block was just opened");
        block.seen.insert(key);
        (block.run, block.time)
    }

    /// Begins a block: one of the intervals of the run before, or a run of its own.
    fn open(&mut self, line: Line<'_>, subject: Option<&str>) {
        self.close();
        let before = std::mem::take(&mut self.before);
        let follows =
            |series: &&Series| before.time.is_some_and(|time| time > series.time) && series.subject.as_deref() == subject;
        let (run, rows) = match self.series.as_ref().filter(follows) {
            Some(series) => (series.run, series.rows),
            None => (self.begin_run(before.line.unwrap_or(line.number), before.wall_seconds, subject), 0),
        };
        self.series = before.time.map(|time| Series { run, subject: subject.map(str::to_owned), time, rows });
        self.block = Some(Block { run, time: before.time, seen: HashSet::new() });
    }

    /// Ends the block that is open. A table does not say how many rows it has: one without any was cut, and so was an interval that
    /// has fewer than those before it.
    fn close(&mut self) {
        self.table = None;
        let Some(block) = self.block.take() else { return };
        let rows = block.seen.len();
        let longest = self.series.as_ref().map_or(0, |series| series.rows);
        if let Some(series) = &mut self.series {
            series.rows = longest.max(rows);
        }
        if rows == 0 {
            self.builder.note("a heading has no rows below it: what followed is missing");
        } else if rows < longest {
            self.builder.note(format!("an interval has {rows} rows and those before it {longest}: what followed is missing"));
        }
    }

    fn begin_run(&mut self, line: u32, wall_seconds: Option<f64>, subject: Option<&str>) -> u32 {
        let index = self.builder.begin_run(line);
        let run = self.builder.run(index);
        run.wall_seconds = wall_seconds;
        let is_target = subject.is_some_and(|subject| subject == "the whole system" || subject.starts_with("the specified "));
        *(if is_target { &mut run.target } else { &mut run.command }) = subject.map(str::to_owned);
        index
    }

    /// Turns times of day into times since the start. ocount prints the end of each interval and never the start of the run, which is
    /// taken to be one interval before the first end.
    fn place_intervals(&mut self) {
        let timed = std::mem::take(&mut self.timed);
        for run in timed.chunk_by(|one, other| one.1 == other.1) {
            let first = run[0].2;
            let Some(second) = run.iter().map(|(_, _, time)| *time).find(|time| *time > first) else {
                self.builder.note("one interval alone does not say when it began: its counts are those of the run so far");
                continue;
            };
            let start = first.checked_sub(second).and_then(|back| first.checked_add(back));
            let Some(start) = start.filter(|start| *start >= 0) else {
                self.builder.note("its times lie too far apart to be those of intervals: they are left out");
                continue;
            };
            self.builder.run(run[0].1).started_at = Some(start);
            self.builder.note("the run is taken to have begun one interval before the end of the first");
            for (result, _, time) in run {
                self.builder.result(*result).interval_ns = time.checked_sub(start).and_then(|since| since.checked_mul(1000));
            }
        }
    }
}
