//! Counter rows.

use std::borrow::Cow;

use super::super::block::Block;
use super::super::layout::{is_blank, unquoted};
use super::super::row::{Body, Name, Row};
use super::super::tail::{self, Tail};
use super::super::value::Value;
use super::{MAIL_ENCODED, Reader, percent_of};
use crate::model::{Flags, Kind, RejectKind, RunResult, ScopeKind, Status};
use crate::parse::builder::MAX_NAME;
use crate::parse::lines::Line;
use crate::parse::notation::Notation;
use crate::parse::number::{self, NumberError, Printed};
use crate::parse::perf::{scope, unit};

/// The parts of a counter row, which a broken line completes.
pub(super) struct Counter<'a> {
    value: Value<'a>,
    unit: Option<&'a str>,
    name: Name<'a>,
    metric: Option<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn take_row(&mut self, line: Line<'a>, row: &Row<'a>) {
        let Some(mut block) = self.block.take() else {
            return;
        };
        let restarted = block.restarts(row);
        if restarted {
            let run = self.begin_run(line.number);
            block = Block::of_intervals(run, block.notation, block.heading);
        }
        block.passed(row);
        match row.body {
            Body::Counter { value, unit, name, metric } => {
                self.counter(line, row, &mut block, Counter { value, unit, name, metric });
            }
            Body::Continuation(metric) => self.continuation(line, row, &mut block, metric),
            Body::Group { metric, .. } => {
                block.counter = None;
                block.group = None;
                self.continuation(line, row, &mut block, metric);
            }
            Body::Numbers(cells) => self.numbers(line, row, &block, cells),
            Body::Nameless => self.builder.reject(line, 0, RejectKind::Row, "no event stands behind the value"),
        }
        self.block = Some(block);
    }

    pub(super) fn counter(&mut self, line: Line<'a>, row: &Row<'a>, block: &mut Block<'a>, mut counter: Counter<'a>) {
        let mut tail = row.tail;
        let mut lines = 1;
        // A unit from sysfs may hold a line feed: the name and the percentages then stand on the next line.
        if let Some((name, rest)) = self.name_behind_broken_unit(line, &counter) {
            (counter.unit, counter.name, tail) = (Some(counter.name.text), Name { text: name, one_word: false }, rest);
            self.lines.next();
            lines = 2;
        }
        let (status, printed) = match counter.value {
            Value::NotCounted => (Status::NotCounted, None),
            Value::NotSupported => (Status::NotSupported, None),
            Value::Number { text, read } => match value_of(text, read, block.notation) {
                Ok(printed) => (Status::Counted, Some(printed)),
                Err(error) => return self.reject_number(line, text, error),
            },
        };
        // Whatever stands behind the event shows that it is whole; perf ends every line.
        if !line.ended && lines == 1 && counter.metric.is_none() && tail == Tail::default() && !line.text.ends_with(is_blank) {
            return self.builder.reject(line, 0, RejectKind::Row, "the source ends inside this row: the event may be cut");
        }
        let (event, cgroup) = counter.name.split(&block.cgroups);
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
    pub(super) fn without_mail_encoding<'e>(&mut self, event: &'e str) -> Cow<'e, str> {
        if !self.mail_encoded || !event.contains(MAIL_ENCODED) {
            return Cow::Borrowed(event);
        }
        self.builder.note("\"=3D\" in event names is read as \"=\" (quoted-printable mail)");
        Cow::Owned(event.replace(MAIL_ENCODED, "="))
    }

    pub(super) fn scope(&mut self, row: &Row<'_>, cgroup: Option<&str>) -> Option<u32> {
        let kind = row.label.map_or(ScopeKind::Whole, scope::kind_of);
        self.builder.scope(kind, row.label.unwrap_or_default(), cgroup, row.members)
    }

    /// The next line when it holds the name that belongs behind this row's unit.
    pub(super) fn name_behind_broken_unit(&self, line: Line<'_>, counter: &Counter<'_>) -> Option<(&'a str, Tail<'a>)> {
        if counter.unit.is_some() || counter.metric.is_some() || line.text.ends_with(' ') {
            return None;
        }
        if !counter.name.text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let next = unquoted(self.lines.clone().next()?.text);
        let (text, tail) = tail::split(next);
        let name = text.strip_prefix(' ')?;
        let pmu_event = name.contains('/') && !name.contains(' ') && name.starts_with(|c: char| c.is_ascii_alphabetic());
        pmu_event.then_some((name, tail))
    }
}

/// The value of a counter. perf prints none, 2 or (clocks before 5.0) 6 decimals: three digits behind the decimal mark are a group of
/// another notation, as where outputs of two machines were put together.
fn value_of(text: &str, read: Option<(Notation, Printed)>, notation: Notation) -> Result<Printed, NumberError> {
    let printed = match read {
        Some((known, printed)) if known == notation => printed,
        _ => number::number(text, notation)?,
    };
    if printed.decimals == 3 { Err(NumberError::Notation(notation)) } else { Ok(printed) }
}
