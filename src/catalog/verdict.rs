//! Whether a machine has an event, weighed from the tables, from lists that tools printed, and from results.

use super::listing::{Supported, support};
use super::machine::Machine;
use super::resolution::Resolution;

/// That a tool listed an event on a machine, or told that the machine lacks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whether the machine has it.
    pub has: bool,
    /// What the machine ran on, as environments have it: `none`, `kvm`; `None` when unknown.
    pub virt: Option<String>,
    /// Where it says so.
    pub origin: String,
}

/// What results of an event say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// As [`Listing::virt`].
    pub virt: Option<String>,
    /// Results with a number other than zero.
    pub counted: i64,
    /// Results of zero, which prove nothing: some tools print zero for what a machine lacks.
    pub zero: i64,
    /// Results that machine or kernel did not know.
    pub not_supported: i64,
}

/// The answer, with what speaks for it and what against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub supported: Supported,
    /// What says so.
    pub evidence: Vec<String>,
    /// Where the kinds of evidence disagree.
    pub contradictions: Vec<String>,
}

/// Weighs the evidence; `virt` asks about machines that run on it alone.
///
/// Tables tell what a CPU has. A guest is given less: on one they prove nothing, only its own lists and results do.
pub fn weigh(machine: &Machine, resolution: &Resolution, virt: Option<&str>, lists: &[Listing], seen: &[Seen]) -> Verdict {
    let tables = support(machine, resolution);
    let of_virt = |found: &Option<String>| virt.is_none() || found.as_deref() == virt;
    let lists: Vec<&Listing> = lists.iter().filter(|list| of_virt(&list.virt)).collect();
    let sum = |number: fn(&Seen) -> i64| seen.iter().filter(|seen| of_virt(&seen.virt)).map(number).sum::<i64>();
    let facts = Facts {
        tables: tables.supported,
        has: lists.iter().find(|list| list.has).map(|list| list.origin.as_str()),
        lacks: lists.iter().find(|list| !list.has).map(|list| list.origin.as_str()),
        counted: sum(|seen| seen.counted),
        zero: sum(|seen| seen.zero),
        refused: sum(|seen| seen.not_supported),
        is_guest: virt.is_some_and(|virt| virt != "none"),
        is_universal: !resolution.candidates.is_empty() && resolution.candidates.iter().all(|one| one.event.is_universal()),
    };
    let mut evidence = tables.evidence;
    evidence.extend(
        lists
            .iter()
            .map(|list| format!("{} {}", list.origin, if list.has { "lists it" } else { "says that it is not available" })),
    );
    if facts.is_guest && !facts.is_universal {
        evidence.push("a guest may be given less than its CPU has: there only its own lists and results tell".to_owned());
    }
    Verdict { supported: facts.answer(), evidence, contradictions: facts.contradictions() }
}

struct Facts<'a> {
    tables: Supported,
    has: Option<&'a str>,
    lacks: Option<&'a str>,
    counted: i64,
    zero: i64,
    refused: i64,
    is_guest: bool,
    is_universal: bool,
}

impl Facts<'_> {
    fn answer(&self) -> Supported {
        let proven = self.has.is_some() || self.counted > 0;
        let refuted = self.lacks.is_some() || self.refused > 0;
        match self.tables {
            Supported::Yes if self.is_universal || !self.is_guest => Supported::Yes,
            // What the machine itself lists weighs more than a table; a count under a name that no table has needs a look.
            Supported::No if self.has.is_none() => Supported::No,
            _ if proven => Supported::Yes,
            _ if refuted => Supported::No,
            _ => Supported::Unknown,
        }
    }

    fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let answer = self.answer();
        if self.tables == Supported::No && self.counted > 0 {
            found.push("counted, although the tables of its tool do not have it".to_owned());
        }
        if let (Supported::No, Some(origin)) = (self.tables, self.has) {
            found.push(format!("{origin} lists it, although the tables of its tool do not have it"));
        }
        if let Some(origin) = self.lacks.filter(|_| self.counted > 0) {
            found.push(format!("counted, although {origin} says that it is not available"));
        }
        if answer == Supported::Yes && self.counted == 0 && self.refused > 0 {
            found.push("never counted and not supported, although a table has it".to_owned());
        }
        if answer == Supported::Yes && self.counted == 0 && self.refused == 0 && self.zero > 0 && !self.is_universal {
            found.push(format!("never counted but as zero ({} results), although a table or a list has it", self.zero));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Spelling, Tool, named, resolve};

    /// Virtualisation, whether it was counted, and was refused.
    type Result = (&'static str, bool, bool);

    fn verdict(text: &str, virt: Option<&str>, lists: &[(&str, bool)], results: &[Result]) -> Verdict {
        let machine = Machine::new(named("ivybridge").unwrap());
        let resolution = resolve(&Spelling::read(Tool::Perf, text), Some(&machine), None);
        let list =
            |(virt, has): &(&str, bool)| Listing { has: *has, virt: Some((*virt).to_owned()), origin: "list".to_owned() };
        let lists: Vec<Listing> = lists.iter().map(list).collect();
        let seen = |(virt, counted, refused): &Result| Seen {
            virt: Some((*virt).to_owned()),
            counted: (*counted).into(),
            not_supported: (*refused).into(),
            zero: (!*counted && !*refused).into(),
        };
        let seen: Vec<Seen> = results.iter().map(seen).collect();
        weigh(&machine, &resolution, virt, &lists, &seen)
    }

    #[test]
    fn a_guest_has_what_its_own_lists_and_results_show() {
        for (text, virt, lists, results, answer) in [
            ("LLC-loads", None, &[][..], &[][..], Supported::Yes),
            ("LLC-loads", Some("none"), &[], &[], Supported::Yes),
            ("LLC-loads", Some("kvm"), &[], &[], Supported::Unknown),
            ("LLC-loads", Some("kvm"), &[], &[("none", true, false)], Supported::Unknown),
            ("LLC-loads", Some("kvm"), &[], &[("kvm", false, true)], Supported::No),
            ("LLC-loads", Some("kvm"), &[], &[("kvm", true, true)], Supported::Yes),
            ("LLC-loads", Some("kvm"), &[("kvm", false)], &[], Supported::No),
            ("LLC-loads", Some("kvm"), &[], &[("kvm", false, false)], Supported::Unknown),
            ("page-faults", Some("kvm"), &[], &[], Supported::Yes),
            ("r1234", None, &[], &[("none", true, false)], Supported::Yes),
            ("r1234", None, &[], &[("none", false, false)], Supported::Unknown),
        ] {
            let found = verdict(text, virt, lists, results);
            assert_eq!(found.supported, answer, "{text} {virt:?} {lists:?} {results:?}");
        }
        // That a guest lacks what its CPU has is no contradiction.
        assert!(verdict("LLC-loads", Some("kvm"), &[], &[("kvm", false, true)]).contradictions.is_empty());
    }

    #[test]
    fn contradictions_are_told() {
        for (text, lists, results, wanted) in [
            ("stalled-cycles-backend", &[][..], &[("none", true, false)][..], "counted, although the tables"),
            ("stalled-cycles-backend", &[("none", true)], &[], "list lists it, although the tables"),
            ("cycles", &[("none", false)], &[("none", true, false)], "counted, although list says"),
            ("LLC-loads", &[], &[("none", false, true)], "never counted and not supported"),
            ("LLC-loads", &[], &[("none", false, false)], "never counted but as zero"),
        ] {
            let found = verdict(text, None, lists, results).contradictions;
            assert!(found.iter().any(|told| told.starts_with(wanted)), "{text}: {found:?}");
        }
        assert!(verdict("cycles", None, &[("none", true)], &[("none", true, false)]).contradictions.is_empty());
        assert!(verdict("major-faults", None, &[], &[("none", false, false)]).contradictions.is_empty());
    }
}
