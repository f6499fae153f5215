//! Findings that belong together: the same rule, tool, event, machine and kernel. Many of one kind are no accident of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::told::Told;
use crate::stats::Sample;

/// Places that are kept of a bug.
const EXAMPLES: usize = 3;

/// What the findings of a bug have in common; an unknown name is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The tool.
    pub tool: String,
    /// Its version.
    pub tool_version: String,
    /// The event as printed.
    pub event: String,
    /// The microarchitecture.
    pub microarch: String,
    /// The kernel release.
    pub kernel: String,
}

/// Findings of one rule in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Bug {
    /// The rule.
    pub rule: String,
    /// What they share.
    pub place: Place,
    /// What the first says.
    pub told: Told,
    /// The same in words.
    pub text: String,
    /// How many there are.
    pub findings: usize,
    /// Runs that have some.
    pub runs: usize,
    /// Runs that counted the event there.
    pub looked_at: usize,
    /// Median relative deviation, absolute; `None` where it has no size.
    pub effect: Option<f64>,
    /// Where the first of them are: `PATH:LINE`.
    pub examples: Vec<String>,
}

#[derive(Debug)]
struct Gathered {
    told: Told,
    text: String,
    findings: usize,
    runs: BTreeSet<i64>,
    effects: Vec<f64>,
    examples: Vec<String>,
}

/// Findings on their way to bugs.
#[derive(Debug, Default)]
pub struct Gatherer {
    runs: BTreeMap<Place, BTreeSet<i64>>,
    bugs: BTreeMap<(Place, String), Gathered>,
}

impl Gatherer {
    /// A result that was looked at, with what is found of it; `example` is its `PATH:LINE`.
    pub fn add<'t>(
        &mut self,
        place: &Place,
        run: i64,
        example: impl Fn() -> String,
        found: impl Iterator<Item = (&'t Told, &'t str)>,
    ) {
        match self.runs.get_mut(place) {
            Some(runs) => drop(runs.insert(run)),
            None => drop(self.runs.insert(place.clone(), BTreeSet::from([run]))),
        }
        for (told, text) in found {
            let bug = self.bugs.entry((place.clone(), told.rule.clone())).or_insert_with(|| Gathered {
                told: told.clone(),
                text: text.to_owned(),
                findings: 0,
                runs: BTreeSet::new(),
                effects: Vec::new(),
                examples: Vec::new(),
            });
            bug.findings += 1;
            bug.runs.insert(run);
            bug.effects.extend(told.effect.map(f64::abs));
            if bug.examples.len() < EXAMPLES {
                bug.examples.push(example());
            }
        }
    }

    /// The bugs: those of the hardest sort first, then those of most runs; of equal ones the larger effect.
    pub fn finish(self) -> Vec<Bug> {
        let Self { runs, bugs } = self;
        let bug = |((place, rule), gathered): ((Place, String), Gathered)| Bug {
            rule,
            looked_at: runs.get(&place).map_or(0, BTreeSet::len),
            place,
            told: gathered.told,
            text: gathered.text,
            findings: gathered.findings,
            runs: gathered.runs.len(),
            effect: Sample::new(gathered.effects).ok().map(|effects| effects.median()),
            examples: gathered.examples,
        };
        let mut bugs: Vec<Bug> = bugs.into_iter().map(bug).collect();
        let size = |bug: &Bug| bug.effect.unwrap_or(0.0);
        bugs.sort_by(|a, b| a.told.sort.cmp(&b.told.sort).then(b.runs.cmp(&a.runs)).then_with(|| size(b).total_cmp(&size(a))));
        bugs
    }
}
