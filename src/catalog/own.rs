//! What users say of names: by hand, of their own machines, or with tables of their own. It comes before every table of the program.
//!
//! A statement never holds a number: it says which spelling a name stands for, and that is resolved by the tables like any other. So it
//! cannot say anything that could not be explained.

use std::collections::{HashMap, HashSet};

use super::Tool;
use super::resolution::Method;
use super::spelling::{Mask, Name, Spelling};

/// How much a statement weighs; the first wins, and of equal ones the one that was said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// A person decided.
    Hand,
    /// The machine itself told.
    Machine,
    /// A table of the tool.
    Table,
}

impl Weight {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Hand => Method::Hand,
            Self::Machine => Method::OwnMachine,
            Self::Table => Method::OwnTable,
        }
    }
}

/// That a name stands for a spelling, or that a machine has it or lacks it.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The name, as its tool writes it.
    pub name: Spelling,
    /// What it stands for; `None` when it is only said to be there or not.
    pub means: Option<Spelling>,
    /// Whether the machine has it.
    pub supported: bool,
    /// How much it weighs.
    pub weight: Weight,
    /// Number of the set that it belongs to: of equal weight, the highest wins.
    pub set: i64,
    /// The kernel that it holds for; `None` when for every one.
    pub kernel: Option<String>,
    /// Where it stands, for people: `sysfs 3: cpu/events/cpu-cycles:1`.
    pub origin: String,
}

impl Statement {
    fn holds(&self, kernel: Option<&str>) -> bool {
        self.kernel.is_none() || self.kernel.as_deref() == kernel
    }
}

/// All that users say of one microarchitecture.
#[derive(Debug, Default)]
pub struct Own {
    statements: Vec<Statement>,
    by_key: HashMap<(Tool, String), Vec<usize>>,
    pmus: HashSet<String>,
}

impl Own {
    /// Gathers statements.
    pub fn new(statements: Vec<Statement>) -> Self {
        let mut by_key: HashMap<(Tool, String), Vec<usize>> = HashMap::new();
        let mut pmus = HashSet::new();
        for (at, statement) in statements.iter().enumerate() {
            by_key.entry((statement.name.tool, key(&statement.name))).or_default().push(at);
            if let Name::Terms { pmu, .. } = &statement.name.name {
                pmus.insert(folded(pmu).to_owned());
            }
        }
        Self { statements, by_key, pmus }
    }

    /// Every statement, in the order in which they were said.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What is said of a name under a kernel, the weightiest first.
    pub fn of(&self, name: &Spelling, kernel: Option<&str>) -> Vec<&Statement> {
        let mut found = self.under_any_kernel(name);
        found.retain(|statement| statement.holds(kernel));
        found
    }

    /// What is said of a name under whichever kernel, likewise.
    pub fn under_any_kernel(&self, name: &Spelling) -> Vec<&Statement> {
        let at = self.by_key.get(&(name.tool, key(name))).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<&Statement> = at.iter().map(|at| &self.statements[*at]).collect();
        found.sort_by_key(|statement| (statement.weight, -statement.set));
        found
    }

    /// The statements that decide what a name means: of the weightiest set that says anything of it; several where it has one for each PMU.
    pub(super) fn deciding(&self, name: &Spelling, kernel: Option<&str>) -> Vec<&Statement> {
        let mut found = self.of(name, kernel);
        found.retain(|statement| statement.means.is_some());
        let first = found.first().map(|statement| (statement.weight, statement.set));
        found.retain(|statement| Some((statement.weight, statement.set)) == first);
        found
    }

    /// Whether some statement is about a PMU, so that its name is known to be one.
    pub(super) fn has_pmu(&self, pmu: &str) -> bool {
        self.pmus.contains(pmu)
    }
}

/// The name of all instances of a PMU: the boxes of an uncore are numbered, `uncore_cbox_3`, and each counts the same events.
pub(super) fn folded(pmu: &str) -> &str {
    match pmu.rsplit_once('_') {
        Some((name, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => pmu,
    }
}

/// The text by which a name is looked up: without what says how to count; perf and libpfm4 do not mind case.
fn key(spelling: &Spelling) -> String {
    let text = match &spelling.name {
        Name::Terms { pmu, terms } => {
            let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
            format!("{}/{}/", folded(pmu), terms.join(","))
        }
        Name::Parts { pmu, event, attributes } => {
            let pmu = pmu.iter().map(|pmu| format!("{pmu}::"));
            let parts = attributes.iter().filter(|part| !part.is_modifier()).map(|part| format!(":{part}"));
            pmu.chain([event.clone()]).chain(parts).collect()
        }
        Name::Oprofile { event, fields } => match &fields.mask {
            None | Some(Mask::Number(0)) => event.clone(),
            Some(Mask::Number(mask)) => format!("{event}:{mask:#x}"),
            Some(Mask::Named(mask)) => format!("{event}:{mask}"),
        },
        Name::Plain(name) if spelling.tool == Tool::Perf => super::resolve::listed_name(name),
        name => name.to_string(),
    };
    if spelling.tool == Tool::Oprofile || spelling.tool == Tool::Papi { text } else { text.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(tool: Tool, name: &str, weight: Weight, set: i64) -> Statement {
        Statement {
            name: Spelling::read(tool, name),
            means: Some(Spelling::read(Tool::Perf, "r3c")),
            supported: true,
            weight,
            set,
            kernel: None,
            origin: String::new(),
        }
    }

    #[test]
    fn a_hand_wins_over_a_machine_over_a_table_and_the_last_over_the_first() {
        let own = Own::new(vec![
            statement(Tool::Perf, "cycles", Weight::Table, 4),
            statement(Tool::Perf, "cpu-cycles", Weight::Hand, 1),
            statement(Tool::Perf, "CYCLES", Weight::Machine, 3),
            statement(Tool::Perf, "cycles", Weight::Table, 5),
        ]);
        let order: Vec<i64> = own.of(&Spelling::read(Tool::Perf, "cycles:u"), None).iter().map(|found| found.set).collect();
        assert_eq!(order, [1, 3, 5, 4]);
    }

    #[test]
    fn what_one_kernel_says_is_not_said_of_others() {
        let of_kernel = Statement { kernel: Some("6.1".to_owned()), ..statement(Tool::Perf, "cycles", Weight::Machine, 1) };
        let own = Own::new(vec![of_kernel]);
        let found = |kernel| own.of(&Spelling::read(Tool::Perf, "cycles"), kernel).len();
        assert_eq!((found(Some("6.1")), found(Some("6.12")), found(None)), (1, 0, 0));
    }

    #[test]
    fn instances_of_a_pmu_fold_and_names_that_end_in_letters_do_not() {
        for (pmu, name) in
            [("uncore_cbox_3", "uncore_cbox"), ("armv8_pmuv3_0", "armv8_pmuv3"), ("cpu_core", "cpu_core"), ("a_", "a_")]
        {
            assert_eq!(folded(pmu), name);
        }
    }
}
