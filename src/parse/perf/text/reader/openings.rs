//! Where an output begins: headers, headings of interval mode, and how the numbers below are written.

use std::collections::HashSet;

use super::super::block::Block;
use super::super::layout::{unquoted, unquoted_start};
use super::super::row::{self, Body};
use super::super::{evidence, header, tail};
use super::Reader;
use crate::model::Kind;
use crate::parse::lines::{Line, Lines};
use crate::parse::notation::Notation;

/// How many lines a quoted command may go on over.
const MAX_COMMAND_LINES: usize = 1000;

impl<'a> Reader<'a> {
    /// Opens a block. A header right below interval rows is the one of their `--summary` (5.8 to 6.1) when all events below it are
    /// theirs: the same run goes on.
    pub(super) fn header(&mut self, line: Line<'a>, target: &str) {
        self.builder.furniture();
        let command = self.rest_of_header(line, target);
        let header = header::header(command.as_deref().unwrap_or(target));
        let run = self.summarised().unwrap_or_else(|| self.begin_run(line.number));
        let run_data = self.builder.run(run);
        (run_data.command, run_data.target, run_data.repeats) = (header.command, header.target, header.repeats);
        let notation = self.notation_below(line);
        self.block = Some(Block::new(run, notation));
    }

    /// The run of interval rows that the rows below a header sum up: their events, and no others.
    fn summarised(&mut self) -> Option<u32> {
        let block = self.block.as_ref().filter(|block| block.interval && !block.closed && !block.foreign)?;
        let (run, events) = (block.run, self.events_below(block));
        let counters: HashSet<u32> = (0..self.builder.next_result())
            .rev()
            .map(|index| *self.builder.result(index))
            .take_while(|result| result.run == run)
            .filter(|result| result.metric_of.is_none())
            .map(|result| result.spelling)
            .collect();
        let is_one_of_theirs = |(event, unit): (&str, Option<&str>)| {
            let event = self.without_mail_encoding(event);
            self.builder.has_spelling(&event, unit, Kind::Count)
                && counters.contains(&self.builder.spelling(&event, unit, Kind::Count))
        };
        let summed = events.is_empty() == counters.is_empty() && events.into_iter().all(is_one_of_theirs);
        summed.then_some(run)
    }

    /// The events, with their units, of the rows below a header.
    fn events_below(&self, block: &Block<'a>) -> Vec<(&'a str, Option<&'a str>)> {
        let mut events = Vec::new();
        for line in self.lines.clone() {
            let (_, start) = unquoted_start(line.text);
            if start.is_empty() && !events.is_empty() || header::opening_at(start).is_some() {
                break;
            }
            let (text, tail) = tail::split(start);
            let Some(row) = row::of_columns(text, tail, block.threads, block.notation) else {
                continue;
            };
            if row.time.is_some() {
                break;
            }
            if let Body::Counter { name, unit, .. } = row.body {
                events.push((name.split(&block.cgroups).0, unit));
            }
        }
        events
    }

    pub(super) fn begin_run(&mut self, line: u32) -> u32 {
        let run = self.builder.begin_run(line);
        let data = self.builder.run(run);
        (data.started_at, data.tool_version) = (self.started.take(), self.version.map(str::to_owned));
        run
    }

    /// The whole header when a quoted command holds line feeds, having taken its lines; `None` when it ends on its first line.
    ///
    /// perf escapes nothing, so a command may hold look-alikes of everything. It ends where a line closes the quote and a blank line
    /// follows, before the next header; outputs in mails miss that blank line, so a header without such an end is its first line.
    pub(super) fn rest_of_header(&mut self, line: Line<'a>, target: &str) -> Option<String> {
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
            // A look-alike in a command is rarer than a header that was cut, whose rows would vanish in the command.
            if header::opening(next.text).is_some() {
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
    pub(super) fn notation_below(&mut self, line: Line<'a>) -> Notation {
        let start = line.text.as_ptr() as usize + line.text.len() - self.text.as_ptr() as usize;
        let below = &self.text[start..];
        let end = header::FINDER.find(below.as_bytes()).unwrap_or(below.len());
        self.notation(&below[..end])
    }

    pub(super) fn notation(&mut self, block: &str) -> Notation {
        let found = evidence::notation(block).or_else(|| *self.of_all.get_or_init(|| evidence::notation(self.text)));
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

    /// The heading of interval mode.
    pub(super) fn heading(&mut self, line: Line<'a>) {
        self.builder.furniture();
        if self.block.as_ref().is_none_or(Block::ends_at_heading) {
            self.open_interval_run(line.number);
        }
        if let Some(block) = &mut self.block {
            (block.heading, block.intervals) = (Some(unquoted(line.text)), 0);
        }
    }

    pub(super) fn open_interval_run(&mut self, line: u32) {
        let run = self.begin_run(line);
        let notation = self.notation("");
        self.block = Some(Block::of_intervals(run, notation, None));
    }
}
