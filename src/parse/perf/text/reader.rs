//! Goes through a text line by line: knows which block a row stands in and what the row above was.

mod counters;
mod metrics;
mod openings;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use super::block::Block;
use super::layout::unquoted_start;
use super::tail::{self, Tail};
use super::{evidence, footer, header, row};
use crate::model::{RejectKind, Report};
use crate::parse::builder::Builder;
use crate::parse::lines::{Line, Lines, Mark};
use crate::parse::notation::Notation;
use crate::parse::number;
use crate::parse::perf::{notes, started};

/// An equals sign as mail programs encode it (quoted-printable).
const MAIL_ENCODED: &str = "=3D";

/// The state of reading.
pub(super) struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    builder: Builder,
    block: Option<Block<'a>>,
    /// `# started on` for the next run.
    started: Option<i64>,
    /// Version of perf that the source states for the runs below.
    version: Option<&'a str>,
    /// The metric groups so far.
    groups: Vec<metrics::Group>,
    /// Whether it holds [`MAIL_ENCODED`] anywhere, so that nobody need look for it in each event of a text that does not.
    mail_encoded: bool,
    /// The notation that the whole source shows, once a block that shows none has asked for it.
    of_all: OnceCell<Option<(Notation, evidence::Strength)>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        static ENCODED: Mark = Mark::new(MAIL_ENCODED);
        Self {
            text,
            lines: Lines::new(text),
            builder: Builder::default(),
            block: None,
            started: None,
            version: None,
            groups: Vec::new(),
            mail_encoded: ENCODED.is_in(text),
            of_all: OnceCell::new(),
        }
    }

    pub(super) fn read(mut self) -> Report {
        while let Some(line) = self.lines.next() {
            self.line(line);
        }
        self.finish_groups();
        self.builder.finish()
    }

    fn line(&mut self, line: Line<'a>) {
        let (content, start) = unquoted_start(line.text);
        if start.is_empty() {
            self.builder.furniture();
            if let Some(block) = &mut self.block {
                block.gap = true;
            }
        } else if let Some(target) = header::opening_at(start) {
            self.header(line, target);
        } else if !(start.starts_with('#') && self.comment(line, start)) {
            let (text, tail) = tail::split(start);
            if !self.footer(line, text, tail) && !self.row(line, content, text, tail) {
                self.other(line, content);
            }
        }
    }

    /// Takes a line as one of those in front of rows that begin with `#`.
    fn comment(&mut self, line: Line<'a>, start: &str) -> bool {
        if let Some(time) = started::started_on(start) {
            self.builder.furniture();
            self.started = Some(time);
            self.block = None;
            return true;
        }
        let heading = evidence::is_heading(start);
        if heading {
            self.heading(line);
        }
        heading
    }

    /// Takes a line as footer of the block.
    fn footer(&mut self, line: Line<'a>, text: &str, tail: Tail<'_>) -> bool {
        let Some(footer) = footer::footer(text, tail) else {
            return false;
        };
        let Some(block) = &mut self.block else {
            return false;
        };
        let (run, notation) = (block.run, block.notation);
        // Each time stands once: another one below is text of another program.
        let data = self.builder.run(run);
        let known = match footer.time {
            footer::Time::Elapsed | footer::Time::ElapsedMsec => data.wall_seconds,
            footer::Time::User => data.user_seconds,
            footer::Time::System => data.sys_seconds,
        };
        if known.is_some() {
            return false;
        }
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
    fn row(&mut self, line: Line<'a>, content: &'a str, text: &'a str, tail: Tail<'a>) -> bool {
        let open = self.block.as_ref().filter(|block| !block.closed);
        let threads = open.and_then(|block| block.threads);
        let row = row::of_columns(text, tail, threads, open.map_or(Notation::Point, |block| block.notation));
        let Some(row) = &row else {
            return false;
        };
        match open {
            Some(block) if block.belongs(row, content, &self.builder) => {}
            _ if row.time.is_some() && evidence::is_interval_row(content) => self.open_interval_run(line.number),
            _ => return false,
        }
        self.take_row(line, row);
        true
    }

    /// A line that is no row: a remark of perf, a row that was cut, or text of another program.
    fn other(&mut self, line: Line<'a>, content: &'a str) {
        if notes::is_note(content) {
            return self.builder.furniture();
        }
        if let Some(version) = notes::version(content) {
            self.version = Some(version);
            return self.builder.furniture();
        }
        let Some(block) = self.block.as_mut().filter(|block| !block.closed) else {
            if !self.builder.context(line) {
                self.builder.foreign();
            }
            return;
        };
        if content.trim_start().starts_with("<not ") {
            return self.builder.reject(line, 0, RejectKind::Row, "neither <not counted> nor <not supported> with an event");
        }
        if row::is_damaged(content, !block.gap || block.counters == 0) {
            return self.builder.reject(line, 0, RejectKind::Row, "the value in front of the event cannot be read");
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

/// A percentage; `None` when it cannot be read.
fn percent_of(text: &str, notation: Notation) -> Option<f64> {
    number::number(text, notation).ok().map(|printed| printed.number.value)
}
