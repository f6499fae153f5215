//! Goes through a text line by line: knows which block a row stands in and what the row above was.

use std::borrow::Cow;

use super::block::Block;
use super::layout::unquoted;
use super::row::{self, Body, Row, Value};
use super::{evidence, footer, header, metric_only};
use crate::model::{Flags, Kind, RejectKind, Report, RunResult, ScopeKind, Status};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines};
use crate::parse::notation::Notation;
use crate::parse::number::{self, Printed};
use crate::parse::perf::{metric, notes, scope, started, unit};

/// How many lines a quoted command may go on over.
const MAX_COMMAND_LINES: usize = 1000;
/// How far a metric name that a mail program broke off is indented at least.
const WRAPPED_INDENT: usize = 16;

/// The state of reading.
pub(super) struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    builder: Builder,
    block: Option<Block<'a>>,
    /// `# started on` for the next run.
    started: Option<i64>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, lines: Lines::new(text), builder: Builder::default(), block: None, started: None }
    }

    pub(super) fn read(mut self) -> Report {
        while let Some(line) = self.lines.next() {
            self.line(line);
        }
        self.builder.finish()
    }

    fn line(&mut self, line: Line<'a>) {
        let content = unquoted(line.text);
        if content.trim().is_empty() {
            self.builder.furniture();
            if let Some(block) = &mut self.block {
                block.gap = true;
            }
        } else if let Some(target) = header::opening(line.text) {
            self.header(line, target);
        } else if let Some(time) = started::started_on(content.trim_start()) {
            self.builder.furniture();
            self.started = Some(time);
            self.block = None;
        } else if evidence::is_heading(content) {
            self.heading(line);
        } else if !self.footer(line, content) && !self.row(line, content) {
            self.other(line, content);
        }
    }

    /// Opens a block. A header right below interval rows is the one of their `--summary` (5.8 to 6.1): the same run goes on.
    fn header(&mut self, line: Line<'a>, target: &str) {
        self.builder.furniture();
        let command = self.rest_of_header(line, target);
        let header = header::header(command.as_deref().unwrap_or(target));
        let summarised =
            self.block.as_ref().filter(|block| block.interval && !block.closed && !block.foreign).map(|block| block.run);
        let run = summarised.unwrap_or_else(|| self.begin_run(line.number));
        let run_data = self.builder.run(run);
        (run_data.command, run_data.target, run_data.repeats) = (header.command, header.target, header.repeats);
        let notation = self.notation_below(line);
        self.block = Some(Block::new(run, notation));
    }

    fn begin_run(&mut self, line: u32) -> u32 {
        let run = self.builder.begin_run(line);
        self.builder.run(run).started_at = self.started.take();
        run
    }

    /// The whole header when a quoted command holds line feeds, having taken its lines; `None` when it ends on its first line.
    ///
    /// perf escapes nothing, so a command may hold look-alikes of everything. It ends where a line closes the quote and a blank line
    /// follows; outputs in mails miss that blank line, so a header that could end on its first line does, unless a true end comes
    /// before the next header.
    fn rest_of_header(&mut self, line: Line<'a>, target: &str) -> Option<String> {
        let followed_by_blank =
            |lines: &Lines<'_>| lines.clone().next().is_none_or(|next| unquoted(next.text).trim().is_empty());
        let could_end = header::closes(line.text);
        if could_end && followed_by_blank(&self.lines) || !target.starts_with('\'') {
            return None;
        }
        let mut ahead = self.lines.clone();
        let mut command = target.to_owned();
        for taken in 1..=MAX_COMMAND_LINES {
            let next = ahead.next()?;
            command.push('\n');
            command.push_str(next.text);
            if could_end && header::opening(next.text).is_some() {
                return None;
            }
            if header::closes(next.text) && followed_by_blank(&ahead) {
                (0..taken).for_each(|_| self.builder.furniture());
                self.lines = ahead;
                return Some(command);
            }
        }
        None
    }

    /// The notation of the block that begins below a line, from its own evidence, else from the whole source.
    fn notation_below(&mut self, line: Line<'a>) -> Notation {
        let start = line.text.as_ptr() as usize + line.text.len() - self.text.as_ptr() as usize;
        let below = &self.text[start..];
        let end = memchr::memmem::find(below.as_bytes(), header::WORDS.as_bytes()).unwrap_or(below.len());
        self.notation(&below[..end])
    }

    fn notation(&mut self, block: &str) -> Notation {
        let found = evidence::notation(block).or_else(|| evidence::notation(self.text));
        match found {
            Some((notation, evidence::Strength::Sure)) => notation,
            Some((notation, evidence::Strength::Groups)) => {
                self.builder.note(format!(
                    "nothing but three digits behind a mark shows the notation: read as groups of thousands, the decimal mark as {notation}"
                ));
                notation
            }
            None => Notation::Point,
        }
    }

    /// The heading of interval mode, repeated every 25 intervals.
    fn heading(&mut self, line: Line<'a>) {
        self.builder.furniture();
        if !self.block.as_ref().is_some_and(|block| block.interval && !block.closed) {
            self.open_interval_run(line.number);
        }
        if let Some(block) = &mut self.block {
            block.heading = Some(unquoted(line.text));
        }
    }

    fn open_interval_run(&mut self, line: u32) {
        let run = self.begin_run(line);
        let notation = self.notation("");
        self.block = Some(Block::of_intervals(run, notation, None));
    }

    /// Takes a line as footer of the block.
    fn footer(&mut self, line: Line<'a>, content: &str) -> bool {
        let Some(footer) = footer::footer(content) else {
            return false;
        };
        let Some(block) = &mut self.block else {
            return false;
        };
        let (run, notation) = (block.run, block.notation);
        let seconds = match number::number(footer.number, notation) {
            Ok(printed) => printed.number.value,
            Err(error) => {
                self.reject_number(line, footer.number, error);
                return true;
            }
        };
        self.builder.furniture();
        let run = self.builder.run(run);
        match footer.time {
            footer::Time::Elapsed => run.wall_seconds = Some(seconds),
            footer::Time::ElapsedMsec => run.wall_seconds = Some(seconds / 1e3),
            footer::Time::User => run.user_seconds = Some(seconds),
            footer::Time::System => run.sys_seconds = Some(seconds),
        }
        if matches!(footer.time, footer::Time::Elapsed | footer::Time::ElapsedMsec) {
            run.wall_spread_percent = footer.tail.spread.and_then(|percent| percent_of(percent, notation));
            block.closed = true;
        }
        true
    }

    /// Takes a line as row of the block, or as the interval row that opens one.
    fn row(&mut self, line: Line<'a>, content: &'a str) -> bool {
        let open = self.block.as_ref().filter(|block| !block.closed);
        let Some(row) = row::row(content, open.is_none_or(|block| block.threads != Some(false))) else {
            return false;
        };
        match open {
            Some(block) if block.belongs(&row, content, &self.builder) => {}
            _ if row.time.is_some() && evidence::is_interval_row(content) => self.open_interval_run(line.number),
            _ => return false,
        }
        self.take_row(line, &row);
        true
    }

    fn take_row(&mut self, line: Line<'a>, row: &Row<'a>) {
        let Some(mut block) = self.block.take() else {
            return;
        };
        let restarted = block.restarts(row);
        if restarted {
            let run = self.begin_run(line.number);
            block = Block::of_intervals(run, block.notation, block.heading);
        }
        match row.body {
            Body::Counter { value, unit, name, metric } => {
                self.counter(line, row, &mut block, Counter { value, unit, name, metric })
            }
            Body::Continuation(metric) => self.continuation(line, row, &mut block, metric),
            Body::Group { metric, .. } => {
                block.counter = None;
                block.group.clear();
                self.continuation(line, row, &mut block, metric);
            }
            Body::Numbers(cells) => self.numbers(line, row, &block, cells),
            Body::Nameless => self.builder.reject(line, 0, RejectKind::Row, "no event stands behind the value"),
        }
        self.block = Some(block);
    }

    fn counter(&mut self, line: Line<'a>, row: &Row<'a>, block: &mut Block<'a>, mut counter: Counter<'a>) {
        let mut tail = row.tail;
        let mut lines = 1;
        // A unit from sysfs may hold a line feed: the name and the percentages then stand on the next line.
        if let Some((name, rest)) = self.name_behind_broken_unit(line, &counter) {
            (counter.unit, counter.name, tail) = (Some(counter.name), name, rest);
            self.lines.next();
            lines = 2;
        }
        let (status, printed) = match counter.value {
            Value::NotCounted => (Status::NotCounted, None),
            Value::NotSupported => (Status::NotSupported, None),
            Value::Number(text) => match number::number(text, block.notation) {
                Ok(printed) => (Status::Counted, Some(printed)),
                Err(error) => return self.reject_number(line, text, error),
            },
        };
        let (event, cgroup) = row::split_cgroup(counter.name, &block.cgroups);
        if event.len() > MAX_NAME {
            return self.builder.reject(line, 0, RejectKind::Name, format!("the event name is longer than {MAX_NAME} bytes"));
        }
        block.saw(row, cgroup);
        let event = self.without_mail_encoding(event);
        let unit = counter.unit.or_else(|| unit::implied(&event, printed));
        let spelling = self.builder.spelling(&event, unit, Kind::Count);
        let mut result = RunResult::new(block.run, line.number, spelling, status, printed.map(|printed| printed.number));
        result.flags = printed.map_or(Flags::default(), |printed| printed.flags);
        result.scope = self.scope(row, cgroup);
        result.interval_ns = row.time;
        result.spread_percent = tail.spread.and_then(|percent| percent_of(percent, block.notation));
        result.running_percent = tail.running.and_then(|percent| percent_of(percent, block.notation));
        let index = self.builder.push(result);
        block.counter = Some(index);
        self.builder.results_on(lines);
        if let Some(text) = counter.metric {
            self.metric(line, block, text, &result, Some(index));
        }
    }

    /// An event whose equals signs a mail program encoded (quoted-printable, RFC 2045): perf knows no term whose value begins with
    /// `3D`, for it takes hexadecimal numbers only behind `0x`.
    fn without_mail_encoding<'e>(&mut self, event: &'e str) -> Cow<'e, str> {
        if !event.contains("=3D") {
            return Cow::Borrowed(event);
        }
        self.builder.note("\"=3D\" in event names is read as \"=\" (quoted-printable mail)");
        Cow::Owned(event.replace("=3D", "="))
    }

    fn scope(&mut self, row: &Row<'_>, cgroup: Option<&str>) -> Option<u32> {
        let kind = row.label.map_or(ScopeKind::Whole, scope::kind_of);
        self.builder.scope(kind, row.label.unwrap_or_default(), cgroup, row.members)
    }

    /// The next line when it holds the name that belongs behind this row's unit.
    fn name_behind_broken_unit(&self, line: Line<'_>, counter: &Counter<'_>) -> Option<(&'a str, super::tail::Tail<'a>)> {
        let unit_like = counter.name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !unit_like || counter.unit.is_some() || counter.metric.is_some() || line.text.ends_with(' ') {
            return None;
        }
        let next = unquoted(self.lines.clone().next()?.text);
        let (text, tail) = super::tail::split(next);
        let name = text.strip_prefix(' ')?;
        let pmu_event = name.contains('/') && !name.contains(' ') && name.starts_with(|c: char| c.is_ascii_alphabetic());
        pmu_event.then_some((name, tail))
    }

    /// A further metric line. Percentages behind it belong to the counter above, or to the whole metric group.
    fn continuation(&mut self, line: Line<'a>, row: &Row<'a>, block: &mut Block<'a>, text: &'a str) {
        if row::metric(text).is_none() && !is_not_a_number(text) {
            return self.foreign();
        }
        let template = match block.counter {
            Some(counter) => *self.builder.result(counter),
            None => RunResult {
                scope: self.scope(row, None),
                interval_ns: row.time,
                ..RunResult::new(block.run, line.number, 0, Status::Counted, None)
            },
        };
        let spread = row.tail.spread.and_then(|percent| percent_of(percent, block.notation));
        let running = row.tail.running.and_then(|percent| percent_of(percent, block.notation));
        match block.counter {
            Some(counter) => {
                let result = self.builder.result(counter);
                result.spread_percent = result.spread_percent.or(spread);
                result.running_percent = result.running_percent.or(running);
                self.metric(line, block, text, &template, Some(counter));
            }
            None => {
                let metric = self.metric(line, block, text, &template, None);
                block.group.extend(metric);
                for &member in &block.group {
                    self.builder.result(member).running_percent = running;
                    self.builder.result(member).spread_percent = spread;
                }
            }
        }
        self.builder.results_on(1);
    }

    /// Adds the metric that a text holds, beside a result like `beside`.
    fn metric(&mut self, line: Line<'a>, block: &Block<'a>, text: &'a str, beside: &RunResult, of: Option<u32>) -> Option<u32> {
        let Some((number, rest)) = row::metric(text) else {
            // perf divides by zero: such a metric has no value.
            if !is_not_a_number(text) {
                self.builder.note(format!("line {}: \"# {text}\" holds no number and is no metric", line.number));
            }
            return None;
        };
        let Ok(Printed { number, .. }) = number::number(number, block.notation) else {
            self.builder.note(format!("line {}: the metric \"{text}\" contradicts the notation and is left out", line.number));
            return None;
        };
        let wrapped = if rest.is_empty() { self.wrapped_metric_name() } else { None };
        let (unit, name) = metric::named(wrapped.unwrap_or(rest));
        if name.len() > MAX_NAME {
            return None;
        }
        let spelling = self.builder.spelling(name, unit, Kind::Metric);
        let mut result = RunResult::new(block.run, line.number, spelling, Status::Counted, Some(number));
        (result.scope, result.interval_ns, result.metric_of) = (beside.scope, beside.interval_ns, of);
        Some(self.builder.push(result))
    }

    /// The name of a metric when a mail program moved it to the next line, alone and deeply indented.
    fn wrapped_metric_name(&mut self) -> Option<&'a str> {
        let next = self.lines.clone().next()?.text;
        let name = next.trim_start();
        let alone = next.len() - name.len() >= WRAPPED_INDENT && name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !alone || name.contains([' ', '#']) {
            return None;
        }
        self.lines.next();
        self.builder.results_on(1);
        Some(name)
    }

    /// A row of numbers: a `--metric-only` table where there are no counters, else a row that lost its event.
    fn numbers(&mut self, line: Line<'a>, row: &Row<'a>, block: &Block<'a>, cells: &'a str) {
        if cells.is_empty() || block.counters == 0 && super::layout::is_interval_time(cells) {
            return self.builder.furniture();
        }
        if block.counters > 0 {
            return self.builder.reject(line, 0, RejectKind::Row, "no event stands behind the value");
        }
        let Some(names) = block.heading.and_then(|heading| metric_only::names(heading, unquoted(line.text), cells)) else {
            self.builder
                .note(format!("line {}: a metric-only row whose numbers cannot be matched to names is left out", line.number));
            return self.builder.furniture();
        };
        let (scope, words) = (self.scope(row, None), cells.split_ascii_whitespace());
        let mut added = 0;
        for (name, word) in names.into_iter().zip(words) {
            let Ok(printed) = number::number(word.trim_end_matches('%'), block.notation) else {
                continue;
            };
            let (unit, name) = metric::named(name);
            let spelling = self.builder.spelling(name, unit.or(word.ends_with('%').then_some("%")), Kind::Metric);
            let mut result = RunResult::new(block.run, line.number, spelling, Status::Counted, Some(printed.number));
            (result.scope, result.interval_ns) = (scope, row.time);
            self.builder.push(result);
            added += 1;
        }
        if added > 0 { self.builder.results_on(1) } else { self.builder.furniture() }
    }

    /// A line that is no row: a remark of perf, a row that was cut, or text of another program.
    fn other(&mut self, line: Line<'a>, content: &'a str) {
        if notes::is_note(content) {
            return self.builder.furniture();
        }
        let Some(block) = self.block.as_mut().filter(|block| !block.closed) else {
            return self.builder.foreign();
        };
        if content.trim_start().starts_with("<not ") {
            return self.builder.reject(line, 0, RejectKind::Row, "neither <not counted> nor <not supported> with an event");
        }
        if block.counters == 0 && !block.interval {
            block.heading = Some(content);
        }
        self.foreign();
    }

    /// Text of another program. Below the blank line that ends the rows, it ends the block.
    fn foreign(&mut self) {
        self.builder.foreign();
        if let Some(block) = &mut self.block {
            block.foreign = true;
            block.closed |= block.gap && block.counters > 0 && !block.interval;
        }
    }

    fn reject_number(&mut self, line: Line<'_>, number: &str, error: number::NumberError) {
        let before = number.as_ptr() as usize - line.text.as_ptr() as usize;
        let column = line.text[..before].chars().count() + 1;
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        self.builder.reject(line, column, RejectKind::Number, format!("'{number}' is {error}"));
    }
}

/// The parts of a counter row, which a broken line completes.
struct Counter<'a> {
    value: Value<'a>,
    unit: Option<&'a str>,
    name: &'a str,
    metric: Option<&'a str>,
}

/// A percentage; `None` when it cannot be read.
fn percent_of(text: &str, notation: Notation) -> Option<f64> {
    number::number(text, notation).ok().map(|printed| printed.number.value)
}

/// Whether a metric is `nan` or `inf`, as C prints them.
fn is_not_a_number(text: &str) -> bool {
    ["nan", "-nan", "inf", "-inf"].iter().any(|word| text.split(' ').next() == Some(word))
}
