//! Names that users gave: they come first, and are resolved by the tables through what they stand for.

use super::{Found, Place, universal};
use crate::catalog::Tool;
use crate::catalog::event::{Event, interned};
use crate::catalog::own::{Statement, folded};
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::{Attribute, Modifiers, Name, Spelling};

/// Statements that may lead to one another.
const DEEPEST: u8 = 3;

impl Place<'_> {
    /// What users say of the spelling, else what the tables have.
    pub(super) fn with_own(&self, spelling: &Spelling) -> Found {
        self.stated(spelling).unwrap_or_else(|| universal::find(spelling).or_else(|| self.find(spelling)))
    }

    /// The names of the tables that users say nothing of, and those that they say something of.
    pub(super) fn with_own_names(&self, tool: Tool, mut tables: Vec<(String, Candidate)>) -> Vec<(String, Candidate)> {
        let own = self.machine.own();
        let stated: Vec<&Statement> = own.statements().iter().filter(|statement| statement.name.tool == tool).collect();
        if !stated.is_empty() {
            tables.retain(|(name, _)| own.deciding(&Spelling::read(tool, name), self.kernel).is_empty());
        }
        for statement in stated {
            let found = self.stated(&statement.name).unwrap_or_default();
            tables.extend(found.candidates.into_iter().map(|candidate| (statement.name.to_string(), candidate)));
        }
        tables
    }

    /// `None` when nothing is said. What is said and cannot be resolved ends the search: a decision is not replaced by a table.
    pub(super) fn stated(&self, spelling: &Spelling) -> Option<Found> {
        if self.depth > DEEPEST {
            return None;
        }
        let statements = self.said_of(spelling);
        let mut all = Found::default();
        for statement in &statements {
            let found = self.of_statement(statement, spelling);
            if let (Some(one), Some(other)) = (&all.formula, &found.formula)
                && !one.equals(other)
            {
                return Some(Found::nothing(format!(
                    "{} and an earlier line say that it is {other} and {one}",
                    statement.origin
                )));
            }
            all.formula = all.formula.or(found.formula);
            all.candidates.extend(found.candidates);
            all.reason = found.reason;
        }
        (!statements.is_empty()).then_some(all)
    }

    /// PAPI takes the names of libpfm4, with or without their PMU.
    fn said_of(&self, spelling: &Spelling) -> Vec<&Statement> {
        let own = self.machine.own();
        let found = own.deciding(spelling, self.kernel);
        if !found.is_empty() || !matches!(spelling.tool, Tool::Papi | Tool::Libpfm4) {
            return found;
        }
        let pfm = |name: Name| Spelling { tool: Tool::Libpfm4, name, modifiers: spelling.modifiers.clone() };
        match &spelling.name {
            Name::Plain(name) if name.starts_with("PAPI_") => Vec::new(),
            Name::Parts { pmu: Some(pmu), event, attributes } => {
                let Some(table) = self.machine.pfm().iter().find(|table| table.pmu.eq_ignore_ascii_case(pmu)) else {
                    return Vec::new();
                };
                let bare = Name::Parts { pmu: None, event: event.clone(), attributes: attributes.clone() };
                let mut found = own.deciding(&pfm(bare), self.kernel);
                found.retain(|statement| is_of_pmu(statement, table.kernel_pmu));
                found
            }
            name => own.deciding(&pfm(name.clone()), self.kernel),
        }
    }

    fn of_statement(&self, statement: &Statement, asked: &Spelling) -> Found {
        let Some(means) = &statement.means else { return Found::default() };
        // Rings that are asked for choose the counter on some machines, whatever the name.
        let means = Spelling { modifiers: asked.modifiers.clone(), ..means.clone() };
        let found = Self { depth: self.depth + 1, ..*self }.with_own(&means);
        if found.is_nothing() {
            return Found::nothing(format!("{} says that it is {} '{means}': {}", statement.origin, means.tool, found.reason));
        }
        let told = |candidate: Candidate| Candidate {
            method: statement.weight.method(),
            source: statement.origin.clone(),
            ..candidate
        };
        Found { candidates: found.candidates.into_iter().map(told).collect(), ..found }
    }

    /// A bare name that no table has, and that the machine's own PMUs are said to know.
    pub(super) fn stated_on_core(&self, name: &str) -> Vec<Candidate> {
        self.machine.pmus().iter().flat_map(|pmu| self.stated_inside(pmu, name)).collect()
    }

    /// A name between the slashes of a core PMU: as it was said of that PMU, else as it was said by itself.
    pub(super) fn stated_for(&self, written: &str, pmus: &[&'static str], name: &str) -> Vec<Candidate> {
        let found = self.stated_inside(written, name);
        if !found.is_empty() {
            return found;
        }
        let bare = Spelling { tool: Tool::Perf, name: Name::Plain(name.to_owned()), modifiers: Modifiers::default() };
        let mut found = self.stated(&bare).unwrap_or_default().candidates;
        found.retain(|candidate| pmus.contains(&candidate.event.pmu));
        found
    }

    /// A name between the slashes of a PMU.
    pub(super) fn stated_inside(&self, pmu: &str, name: &str) -> Vec<Candidate> {
        let terms = vec![Attribute { key: name.to_owned(), value: None }];
        let name = Name::Terms { pmu: pmu.to_owned(), terms };
        self.stated(&Spelling { tool: Tool::Perf, name, modifiers: Modifiers::default() }).unwrap_or_default().candidates
    }

    /// The terms of a PMU that is none of the core, and that users say there is: a name that they gave, or the whole word.
    pub(super) fn of_another_pmu(&self, written: &str, terms: &[Attribute]) -> Option<Found> {
        let pmu = folded(written);
        if !self.machine.own().has_pmu(pmu) {
            return None;
        }
        if let [term] = terms
            && term.value.is_none()
        {
            let reason = || format!("nothing that was imported has '{}' of '{pmu}'", term.key);
            return Some(Found::events(self.stated_inside(pmu, &term.key), reason));
        }
        let (mut config, mut config1) = (0, 0);
        for term in terms {
            match (term.key.as_str(), term.number()) {
                ("config", Some(number)) => config |= number,
                ("config1", Some(number)) => config1 |= number,
                _ => return Some(Found::nothing(format!("'{term}' of '{pmu}': only its kernel knows where it belongs"))),
            }
        }
        let event = Event::numbered(interned(pmu), config, config1);
        Some(Found { candidates: vec![Candidate::new(event, Method::Terms, "")], ..Found::default() })
    }
}

/// Whether a statement is about a PMU, where the machine has several.
fn is_of_pmu(statement: &Statement, kernel_pmu: &str) -> bool {
    match statement.means.as_ref().map(|means| &means.name) {
        Some(Name::Terms { pmu, .. }) => kernel_pmu.is_empty() || pmu == kernel_pmu,
        _ => true,
    }
}
