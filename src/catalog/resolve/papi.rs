//! Presets of PAPI.

use super::{Found, Place};
use crate::catalog::Tool;
use crate::catalog::machine::Preset;
use crate::catalog::resolution::{Candidate, Formula, Method, Operand};
use crate::catalog::spelling::{Attribute, Name, Spelling};

impl Place<'_> {
    /// A preset, by its name with case. One that is a single native event is that event; every other is computed and stays apart.
    pub(super) fn preset(&self, name: &str, attributes: &[Attribute]) -> Found {
        if let Some(word) = attributes.iter().find(|word| !word.is_modifier()) {
            return Found::nothing(format!("'{word}' is no word that a preset takes"));
        }
        let pmus = self.machine.pmus();
        let here =
            |preset: &&Preset| preset.name == name && (preset.kernel_pmu.is_empty() || pmus.contains(&preset.kernel_pmu));
        let rows: Vec<&Preset> = self.machine.presets().iter().filter(here).collect();
        let mut found = match rows.as_slice() {
            [] => return Found::nothing(format!("PAPI's tables have no '{name}' for {}", self.microarch())),
            rows if rows.iter().all(|row| row.kind != "native") => self.derived(rows),
            rows if rows.iter().any(|row| row.kind != "native") => {
                let first = rows.iter().find(|row| row.kind != "native");
                let mut found = self.natives(rows);
                found.formula = first.map(|row| self.formula(row));
                found
            }
            rows => self.natives(rows),
        };
        if rows.len() > 1 && (found.formula.is_some() || differ(&found.candidates)) {
            found.reason = format!("PAPI's tables define '{name}' twice for {}; the later line may win", self.microarch());
        }
        found
    }

    /// Every preset that is a native event.
    pub(super) fn preset_names(&self) -> Vec<(String, Candidate)> {
        let native = self.machine.presets().iter().filter(|row| row.kind == "native");
        native
            .flat_map(|row| self.natives(&[row]).candidates.into_iter().map(|candidate| (row.name.to_owned(), candidate)))
            .collect()
    }

    /// Native presets; the later line first, for PAPI is thought to take it.
    fn natives(&self, rows: &[&Preset]) -> Found {
        let mut reason = String::new();
        let mut candidates = Vec::new();
        for row in rows.iter().rev().filter(|row| row.kind == "native") {
            let found = self.native(row.natives[0]);
            reason = found.reason;
            candidates.extend(found.candidates.into_iter().filter(|candidate| Self::is_of(row, candidate)).map(|candidate| {
                Candidate { method: Method::Preset, source: format!("papi/{} by {}", row.cpu, row.natives[0]), ..candidate }
            }));
        }
        Found::events(candidates, || reason)
    }

    /// Whether an event is of the core that a preset belongs to.
    fn is_of(row: &Preset, candidate: &Candidate) -> bool {
        row.kernel_pmu.is_empty() || row.kernel_pmu == candidate.event.pmu || candidate.event.is_universal()
    }

    /// Derived presets; several that compute the same are one.
    fn derived(&self, rows: &[&Preset]) -> Found {
        let formulas: Vec<Formula> = rows.iter().map(|row| self.formula(row)).collect();
        let (last, others) = (&formulas[formulas.len() - 1], &formulas[..formulas.len() - 1]);
        if others.iter().all(|other| other.equals(last)) {
            return Found { formula: Some(last.clone()), ..Found::default() };
        }
        Found::nothing(format!("PAPI's tables define '{}' in several ways: {last} and others", rows[0].name))
    }

    fn formula(&self, row: &Preset) -> Formula {
        Formula {
            source: format!("papi/{}", row.cpu),
            kind: row.kind.to_owned(),
            expression: row.expression.to_owned(),
            operands: row.natives.iter().map(|name| self.operand(name, |candidate| Self::is_of(row, candidate))).collect(),
        }
    }

    fn operand(&self, name: &str, is_of: impl Fn(&Candidate) -> bool) -> Operand {
        let mut events = self.native(name).candidates.into_iter().filter(is_of);
        let first = events.next().map(|candidate| self.machine.canonical(candidate.event));
        let is_one = events.all(|other| Some(self.machine.canonical(other.event)) == first);
        Operand { name: name.to_owned(), event: first.filter(|_| is_one) }
    }

    /// A formula as users write it, who have it from a table of their own.
    pub(super) fn written_formula(&self, kind: &str, expression: &str, natives: &[String]) -> Found {
        let formula = Formula {
            source: String::new(),
            kind: kind.to_owned(),
            expression: expression.to_owned(),
            operands: natives.iter().map(|name| self.operand(name, |_| true)).collect(),
        };
        Found { formula: Some(formula), ..Found::default() }
    }

    /// A native event, as the presets name it.
    fn native(&self, name: &str) -> Found {
        let spelling = Spelling::read(Tool::Libpfm4, name);
        if let Some(stated) = self.stated(&spelling) {
            return stated;
        }
        match spelling.name {
            Name::Plain(name) => self.pfm(None, &name, &[]),
            Name::Parts { pmu, event, attributes } => self.pfm(pmu.as_deref(), &event, &attributes),
            _ => Found::nothing(format!("'{name}' is no name of libpfm4")),
        }
    }
}

fn differ(candidates: &[Candidate]) -> bool {
    candidates.iter().any(|candidate| candidate.event != candidates[0].event)
}
