//! Two sides, event by event: different, the same, or not to be told.

mod matching;
mod tested;

use std::sync::Arc;

use matching::Match;
use tested::Tested;

use super::groups::{EventNames, Group, Options as Forming, groups};
use super::key::{Aspect, Aspects, By, Key, Part, Together};
use crate::model::Kind;
use crate::stats::Class;
use crate::stats::adjust::Correction;
use crate::stats::sketch::{EXACT, Ordered};
use crate::stats::verdict::{ALPHA, Comparison, Threshold, Verdict};
use crate::store::query::Selection;
use crate::store::query::selection::Field;
use crate::store::{Store, StoreError};

/// What is compared, and how.
#[derive(Debug, Clone)]
pub struct Question {
    /// What belongs to the first side.
    pub a: Selection,
    /// What belongs to the second side.
    pub b: Selection,
    /// What a row of the answer is about.
    pub by: By,
    /// Aspects in which the sides may differ.
    pub mixed: Vec<Aspect>,
    /// How the p values of the rows, one family, are corrected.
    pub correction: Correction,
    /// Least difference that matters, relative; `None`: that of the class of each event.
    pub relative: Option<f64>,
    /// Least difference that matters, in the unit of the numbers; `None`: 1000 instructions or cycles, one of other counts.
    pub absolute: Option<f64>,
}

/// A row of the answer.
#[derive(Debug)]
pub struct Row {
    /// What the numbers share; those of a row with two sides all of it.
    pub key: Key,
    /// Names of the event on both sides, each with its tool.
    pub names: Arc<EventNames>,
    /// How steady such numbers can be expected to be, which decides what difference matters.
    pub grade: Class,
    /// The sides; one that is missing has no such numbers.
    pub sides: (Option<Side>, Option<Side>),
    /// What came out.
    pub outcome: Outcome,
}

/// What is known of one side alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Numbers.
    pub n: u64,
    /// Their median.
    pub median: f64,
    /// Their robust coefficient of variation.
    pub spread: Option<f64>,
}

/// What came out of a row.
#[derive(Debug)]
pub enum Outcome {
    /// Both sides were compared.
    Compared {
        /// The numbers.
        comparison: Box<Comparison>,
        /// The p, corrected for all rows.
        adjusted_p: f64,
        /// The threshold.
        threshold: Threshold,
        /// The verdict.
        verdict: Verdict,
        /// Whether the numbers were compared by the middles of buckets: a side has more than are kept as they are.
        are_rounded: bool,
    },
    /// Only one side has the event at all.
    OneSided,
    /// The other side has the event, and no numbers that may be compared with these: the nearest have these aspects.
    Apart(Arc<Aspects>),
}

/// The fields that rows are about unless somebody asks: never those in which the sides differ, and classes where sides may be of
/// different microarchitectures, for an event belongs to one.
pub fn default_by(a: &Selection, b: &Selection) -> By {
    let asked: Vec<&Field> = a.conditions().iter().chain(b.conditions()).map(|condition| &condition.field).collect();
    let place = if are_of_several_machines(a, b) { None } else { Some(Field::Microarch) };
    let fields = [Field::Experiment, Field::Kernel, Field::Tool].into_iter().chain(place).collect();
    named(By::all(fields).without(&asked), a, b)
}

/// The aspects that are mixed: those that somebody asked for, and the control group where the sides are told apart by it.
pub fn mixed(asked: &[Aspect], a: &Selection, b: &Selection) -> Vec<Aspect> {
    let by_cgroup = a.conditions().iter().chain(b.conditions()).any(|condition| condition.field == Field::Cgroup);
    asked.iter().copied().chain(by_cgroup.then_some(Aspect::Cgroup)).collect()
}

/// What rows are about, with the event unless each side is about one: numbers of different events have nothing in common.
pub fn named(by: By, a: &Selection, b: &Selection) -> By {
    let names = [Field::Event, Field::Spelling, Field::Class];
    if names.iter().any(|field| by.contains(field)) || (is_about_one(a, &names) && is_about_one(b, &names)) {
        return by;
    }
    let name = if are_of_several_machines(a, b) { Field::Class } else { Field::Event };
    By::all(by.fields().iter().cloned().chain([name]).collect())
}

/// An event belongs to a microarchitecture, a class to none.
fn are_of_several_machines(a: &Selection, b: &Selection) -> bool {
    let machines = [Field::Microarch, Field::Arch, Field::Vendor, Field::Family, Field::Model, Field::Stepping];
    a.conditions().iter().chain(b.conditions()).any(|condition| machines.contains(&condition.field))
}

/// Whether a side wants exactly one event.
fn is_about_one(side: &Selection, names: &[Field]) -> bool {
    side.conditions().iter().any(|condition| {
        let one = condition.patterns.len() == 1 && condition.patterns.iter().all(|pattern| pattern.literal().is_some());
        names.contains(&condition.field) && !condition.negated && one
    })
}

/// Compares two sides, in natural order of the rows.
///
/// # Errors
/// The database failed.
pub fn compare(store: &mut Store, question: &Question) -> Result<Vec<Row>, StoreError> {
    let forming = Forming { by: question.by.clone(), mixed: question.mixed.clone(), with_points: false };
    let first = groups(store, &question.a, &forming)?.groups;
    let second = groups(store, &question.b, &forming)?.groups;
    let mut rows = matched(first, second, question);
    correct(&mut rows, question.correction);
    Ok(rows)
}

fn matched(first: Vec<Group>, second: Vec<Group>, question: &Question) -> Vec<Row> {
    let kept = |groups: Vec<Group>| groups.into_iter().filter(|group| group.values.count() > 0).collect::<Vec<_>>();
    let (first, second) = (kept(first), kept(second));
    let rows = matching::by_parts(&first, &second).flat_map(|matching| {
        let mut rows: Vec<Row> = matching.matches().map(|found| row(found, question)).collect();
        // Within the same parts, what was compared comes first.
        rows.sort_by(|a, b| (a.outcome.rank(), &a.key.aspects).cmp(&(b.outcome.rank(), &b.key.aspects)));
        rows
    });
    rows.collect()
}

fn row(found: Match<'_>, question: &Question) -> Row {
    match found {
        Match::Both(first, second) => compared(first, second, question),
        Match::First(group, nearest) => alone(group, nearest, (Some(side(group)), None)),
        Match::Second(group, nearest) => alone(group, nearest, (None, Some(side(group)))),
    }
}

/// A group that the other side has no partner for: with the aspects that part it from the nearest one.
fn alone(group: &Group, nearest: Option<Arc<Aspects>>, sides: (Option<Side>, Option<Side>)) -> Row {
    Row {
        key: group.key.clone(),
        names: Arc::clone(&group.names),
        grade: grade(group),
        sides,
        outcome: nearest.map_or(Outcome::OneSided, Outcome::Apart),
    }
}

fn compared(first: &Group, second: &Group, question: &Question) -> Row {
    let grade = grade(first);
    let threshold = Threshold {
        relative: question.relative.unwrap_or(grade.practical_difference()),
        absolute: question.absolute.unwrap_or_else(|| floor(grade, &first.key.aspects)),
    };
    let ordered = (first.values.ordered(), second.values.ordered());
    let outcome = Tested::of(&ordered.0, &ordered.1).map_or(Outcome::OneSided, |tested| {
        let comparison = Box::new(Comparison::new(&tested.first, &tested.second));
        let (adjusted_p, verdict) = (comparison.p, Verdict::Unclear { more_runs: None });
        Outcome::Compared { comparison, adjusted_p, threshold, verdict, are_rounded: tested.are_rounded }
    });
    Row {
        key: first.key.clone(),
        names: together(&first.names, &second.names),
        grade,
        sides: (Some(side_of(first, &ordered.0)), Some(side_of(second, &ordered.1))),
        outcome,
    }
}

/// The names of both sides, which are mostly the same.
fn together(first: &Arc<EventNames>, second: &Arc<EventNames>) -> Arc<EventNames> {
    if first == second { Arc::clone(first) } else { Arc::new(first.union(second)) }
}

/// Corrects the p values of all rows together, and then gives the verdicts.
fn correct(rows: &mut [Row], correction: Correction) {
    let mut compared: Vec<(&Comparison, bool, &mut f64, Threshold, &mut Verdict)> = rows
        .iter_mut()
        .filter_map(|row| match &mut row.outcome {
            Outcome::Compared { comparison, adjusted_p, threshold, verdict, are_rounded } => {
                Some((&**comparison, *are_rounded, adjusted_p, *threshold, verdict))
            }
            Outcome::OneSided | Outcome::Apart(_) => None,
        })
        .collect();
    let family: Vec<f64> = compared.iter().map(|(comparison, ..)| comparison.p).collect();
    // A p of a rank test is a probability: without correction only if that should ever not be so.
    let adjusted = correction.adjust(&family).unwrap_or(family);
    for ((comparison, are_rounded, adjusted_p, threshold, verdict), p) in compared.iter_mut().zip(adjusted) {
        **adjusted_p = p;
        let told = if *are_rounded { tested::verdict_of_rounded } else { Comparison::verdict };
        **verdict = told(comparison, p, *threshold);
    }
}

/// The absolute difference that does not matter unless somebody asks, in the unit of the numbers.
///
/// Tools start a program in environments of different size: perf counts 773 to 976 instructions more than ocount of whatever program
/// (six programs on a Cortex-A57, perf 6.1.176 and `OProfile` 1.5.0git; with the same environment 0 to 13 of most are left). So a
/// thousand is forgiven of instructions and cycles, one of everything else that is counted, and nothing of what has a unit.
fn floor(grade: Class, aspects: &Aspects) -> f64 {
    match (grade, aspects.kind, &aspects.unit) {
        (Class::Exact | Class::Cycle, Kind::Count, None) => 1_000.0,
        (_, Kind::Count, None) => 1.0,
        _ => 0.0,
    }
}

fn grade(group: &Group) -> Class {
    match group.key.aspects.kind {
        // A sample stands for a whole period: such numbers vary as those that are rates.
        Kind::Estimate | Kind::Metric => Class::Rate,
        Kind::Count => super::grade(group.class.as_deref()),
    }
}

fn side(group: &Group) -> Side {
    side_of(group, &group.values.ordered())
}

fn side_of(group: &Group, ordered: &Ordered<'_>) -> Side {
    let spread = tested::numbers(ordered).and_then(|sample| sample.robust_cov());
    Side { n: group.values.count(), median: ordered.quantile(0.5).unwrap_or_default(), spread }
}

impl Outcome {
    /// The word used in every output.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Compared { verdict, .. } => verdict.as_str(),
            Self::OneSided => "one side only",
            Self::Apart(_) => "not comparable",
        }
    }

    /// Compared rows come first.
    fn rank(&self) -> u8 {
        match self {
            Self::Compared { .. } => 0,
            Self::Apart(_) => 1,
            Self::OneSided => 2,
        }
    }
}

impl Row {
    /// What else is to be said: a shift that is there and does not matter, runs that are missing, aspects that differ.
    pub fn remark(&self) -> Option<String> {
        match &self.outcome {
            Outcome::OneSided => None,
            Outcome::Apart(other) => Some(parted(&self.key.aspects, other)),
            Outcome::Compared { comparison, adjusted_p, verdict, are_rounded, .. } => {
                let shifted = *adjusted_p < ALPHA && comparison.shift.abs() > 0.0;
                let told = match (verdict, shifted) {
                    (Verdict::Different, _) | (Verdict::Same, false) => None,
                    (Verdict::Same, true) => Some("shifted by less than matters".to_owned()),
                    (Verdict::Unclear { more_runs }, shifted) => Some(unclear(shifted, *more_runs)),
                };
                let rounded = are_rounded.then(|| format!("rounded by up to 0.05 %: more than {EXACT} numbers"));
                let said: Vec<String> = told.into_iter().chain(rounded).collect();
                (!said.is_empty()).then(|| said.join("; "))
            }
        }
    }
}

fn unclear(shifted: bool, more_runs: Option<u32>) -> String {
    let found = if shifted { "shifted by about what matters" } else { "no shift found" };
    more_runs.map_or_else(|| found.to_owned(), |runs| format!("{found}, {runs} more runs may tell"))
}

/// In what two sides differ: `user here, user+kernel there`.
fn parted(here: &Aspects, there: &Aspects) -> String {
    let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or("nothing known").to_owned();
    let size = |together: &Option<Together>| together.as_ref().map_or(0, |together| together.events);
    let cgroup = |aspects: &Aspects| match &aspects.cgroup {
        Part::Unknown => "none".to_owned(),
        known => known.to_string(),
    };
    let interval = |aspects: &Aspects| if aspects.interval { "interval" } else { "whole run" };
    let told = |aspect: &Aspect| match aspect {
        Aspect::Kind => format!("{} here, {} there", here.kind.as_str(), there.kind.as_str()),
        Aspect::Unit => format!("unit {} here, {} there", text(&here.unit), text(&there.unit)),
        Aspect::Privilege => format!("{} here, {} there", text(&here.privilege), text(&there.privilege)),
        Aspect::Scope => format!("per {} here, per {} there", here.scope.as_str(), there.scope.as_str()),
        Aspect::Part => format!("{} here, {} there", here.part, there.part),
        Aspect::Cgroup => format!("cgroup {} here, {} there", cgroup(here), cgroup(there)),
        Aspect::Interval => format!("{} here, {} there", interval(here), interval(there)),
        Aspect::Repeats => format!("mean of {} here, of {} there", here.repeats, there.repeats),
        Aspect::Together => {
            format!("counted with other events: {} together here, {} there", size(&here.together), size(&there.together))
        }
    };
    let mut aspects = here.differences(there);
    // Parts of different kinds are no equal parts, which need not be told.
    if aspects.contains(&Aspect::Scope) {
        aspects.retain(|aspect| *aspect != Aspect::Part);
    }
    aspects.iter().map(told).collect::<Vec<_>>().join("; ")
}
