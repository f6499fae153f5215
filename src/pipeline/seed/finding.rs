//! What had to be interpreted: each kind once, with its number and an example.

use std::collections::BTreeMap;

use serde::Serialize;

/// How often something had to be interpreted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What, and what was done about it.
    pub what: String,
    /// How often.
    pub number: u64,
    /// The first of them.
    pub example: String,
}

/// Everything that had to be interpreted, in the order of the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<&'static str, (u64, String)>);

impl Findings {
    /// Notes one case.
    pub(super) fn add(&mut self, what: &'static str, example: impl FnOnce() -> String) {
        self.0.entry(what).or_insert_with(|| (0, example())).0 += 1;
    }

    /// Takes in those of a later part; earlier examples stay.
    pub(super) fn merge(&mut self, later: Self) {
        for (what, (number, example)) in later.0 {
            self.0.entry(what).or_insert((0, example)).0 += number;
        }
    }

    /// All of them.
    pub fn list(&self) -> Vec<Finding> {
        let finding = |(what, (number, example)): (&&str, &(u64, String))| Finding {
            what: (*what).to_owned(),
            number: *number,
            example: example.clone(),
        };
        self.0.iter().map(finding).collect()
    }

    /// One sentence each, for the notes of a source.
    pub(super) fn notes(&self) -> Vec<String> {
        self.list().into_iter().map(|found| format!("{}: {}, the first: {}", found.what, found.number, found.example)).collect()
    }
}
