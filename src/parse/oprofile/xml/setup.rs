//! The events and classes that a document defines before its counts.

use std::collections::BTreeMap;

use crate::parse::oprofile::profile::Class;

/// `eventsetup`: an event as the user asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) mask: u64,
    pub(super) period: i64,
}

/// `class`: what tells the counts of one class from those of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Axis {
    pub(super) cpu: Option<i32>,
    pub(super) event: Option<String>,
    pub(super) mask: Option<u64>,
}

/// What `setup` and `classes` said.
#[derive(Debug, Default)]
pub(super) struct Setup {
    /// Line of the first of them, or of the root.
    pub(super) line: u32,
    pub(super) events: BTreeMap<String, (u32, Event)>,
    pub(super) classes: BTreeMap<String, (u32, Axis)>,
    pub(super) timer: bool,
}

impl Setup {
    /// The class of a count; `None` when it names one that was not defined.
    pub(super) fn class(&self, name: Option<&str>) -> Option<Class> {
        let (line, axis) = match name {
            Some(name) => self.classes.get(name).map(|(line, axis)| (Some(*line), axis.clone()))?,
            None => (None, Axis::default()),
        };
        let only = self.events.values().next().filter(|_| self.events.len() == 1);
        let event = match &axis.event {
            Some(id) => self.events.get(id),
            None => only,
        };
        let line = line.or(event.map(|(line, _)| *line)).unwrap_or(self.line);
        let (event, period) = match event {
            // Unit masks are decimal here and hexadecimal in text; the shortest has two digits there.
            Some((_, event)) => {
                let mask = axis.mask.unwrap_or(event.mask);
                (format!("{}:{}:{mask:#04x}", event.name, event.period), Some(event.period))
            }
            None if self.timer => ("TIMER".to_owned(), None),
            None => match (&axis.event, name) {
                (Some(id), _) => (format!("unknown event (id {id})"), None),
                (None, Some(name)) if axis.mask.is_some() => (format!("unknown event (class {name})"), None),
                _ => ("unknown event".to_owned(), None),
            },
        };
        Some(Class { line, event, period, cpu: axis.cpu, ..Class::default() })
    }
}
