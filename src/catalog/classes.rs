//! Semantic classes: what an event is about, across tools and microarchitectures.
//!
//! A class holds canonical events, never names: a member is written as the generic name or the code whose event belongs to it, on the
//! microarchitectures of a kind. A soft member counts nearly the same, and a comparison says so.

use std::sync::OnceLock;

use super::bundle::hexadecimal;
use super::event::Event;
use super::machine::Machine;

/// The table, kept by hand: class, grade, kind of machine, member, soft.
const TABLE: &str = include_str!("../../catalog/classes.csv");

/// How far repeated numbers of a class may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Retired work: repeats to a percent.
    Exact,
    /// Clocks.
    Cycle,
    /// Misses, stalls, speculation.
    Rate,
    /// What the kernel counts itself.
    Software,
}

impl Grade {
    const WORDS: [(Self, &'static str); 4] =
        [(Self::Exact, "exact"), (Self::Cycle, "cycle"), (Self::Rate, "rate"), (Self::Software, "software")];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(grade, _)| grade)
    }
}

/// A semantic class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// Its name: `cycles`, `branch-misses`.
    pub name: &'static str,
    /// How far its numbers repeat.
    pub grade: Grade,
}

/// That an event belongs to a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The class.
    pub class: Class,
    /// Whether it counts only nearly the same as the others.
    pub is_soft: bool,
}

#[derive(Debug)]
struct Line {
    class: Class,
    kind: &'static str,
    member: &'static str,
    is_soft: bool,
}

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| TABLE.lines().skip(1).filter_map(line).collect())
}

fn line(text: &'static str) -> Option<Line> {
    let mut cells = text.split(',');
    let (name, grade, kind, member) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let class = Class { name, grade: Grade::from_word(grade)? };
    Some(Line { class, kind, member, is_soft: cells.next() == Some("soft") })
}

/// The class of a name.
pub fn named(name: &str) -> Option<Class> {
    lines().iter().map(|line| line.class).find(|class| class.name == name)
}

/// The classes that an event belongs to on a machine, firm ones first.
pub fn of(event: &Event, machine: &Machine) -> Vec<Membership> {
    let mut found: Vec<Membership> = Vec::new();
    for line in lines().iter().filter(|line| is_kind(machine, line.kind) && is_member(machine, line.member, event)) {
        match found.iter_mut().find(|known| known.class.name == line.class.name) {
            Some(known) => known.is_soft &= line.is_soft,
            None => found.push(Membership { class: line.class, is_soft: line.is_soft }),
        }
    }
    found.sort_by_key(|membership| membership.is_soft);
    found
}

/// The word for the makers of a machine's core.
fn kinds(machine: &Machine) -> &'static str {
    let row = machine.microarch().row;
    match row.vendor {
        "GenuineIntel" if row.family == "6" || row.family == "18" => "intel",
        _ if row.is_amd() => "amd",
        _ if row.is_arm() => "arm",
        _ if row.is_power() => "power",
        _ if row.arch == "s390x" => "s390",
        _ if row.arch == "riscv64" => "riscv",
        _ => "other",
    }
}

/// `*`, `intel`, or one table: `power9`.
fn is_kind(machine: &Machine, kind: &str) -> bool {
    kind.split('|').any(|kind| kind == "*" || kind == kinds(machine) || kind == machine.microarch().row.generic)
}

/// Whether an event is the one that a line names: by its code, or as what a generic name stands for under some kernel.
fn is_member(machine: &Machine, member: &str, event: &Event) -> bool {
    if let Some(code) = hexadecimal(member) {
        return !event.is_universal() && event.pmu != "sbi" && *event == machine.canonical(Event::numbered(event.pmu, code, 0));
    }
    if event.is_universal() {
        return super::resolve::universal_name(member).is_some_and(|known| known == *event);
    }
    machine.generic().any(|row| row.name == member && machine.canonical(row.event.clone()) == *event)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::{Microarch, Spelling, Tool, resolve, rows};

    #[test]
    fn every_line_names_an_event_of_some_machine() {
        let machines: Vec<Machine> = rows().iter().map(|row| Machine::new(Microarch { row, pmu: None })).collect();
        for line in lines() {
            let is_known = |machine: &Machine| {
                hexadecimal(line.member).is_some()
                    || !resolve(&Spelling::read(Tool::Perf, line.member), Some(machine), None).candidates.is_empty()
            };
            assert!(machines.iter().any(|machine| is_kind(machine, line.kind) && is_known(machine)), "{line:?}");
        }
        assert_eq!(lines().len() + 1, TABLE.lines().count(), "a line was not read");
        let names: BTreeSet<&str> = lines().iter().map(|line| line.class.name).collect();
        assert!((40..60).contains(&names.len()), "{names:?}");
        assert!(lines().iter().all(|line| named(line.class.name) == Some(line.class)), "a class has two grades");
        assert_eq!(named("cycle"), None);
    }

    #[test]
    fn a_member_is_an_event_and_no_name() {
        let machine = Machine::new(crate::catalog::named("power9").unwrap());
        let classes = |text: &str| -> Vec<(&str, bool)> {
            let found = resolve(&Spelling::read(Tool::Perf, text), Some(&machine), None);
            found
                .event()
                .map(|event| of(event, &machine))
                .unwrap_or_default()
                .iter()
                .map(|one| (one.class.name, one.is_soft))
                .collect()
        };
        assert_eq!(classes("cycles"), [("cycles", false)]);
        assert_eq!(classes("r1001e"), [("cycles", false)]);
        assert_eq!(classes("PM_RUN_CYC"), [("cycles", true)]);
        assert_eq!(classes("faults"), [("page-faults", false)]);
    }
}
