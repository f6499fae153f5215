//! Reasons taken apart: what a listing of findings has in its columns.

use super::errata;
use super::reason::Reason;
use crate::stats::invariant::{Finding, Kind as Strictness, RULES};
use crate::stats::trust::mux_error;
use crate::store::query::selection::by_version;

/// What sort of thing was found, from what cannot be true to what is only worth knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// A contradiction, whatever the machine.
    Hard,
    /// A zero that nobody counted.
    Zero,
    /// A known fault of a tool, a kernel or a CPU.
    Errata,
    /// Far from the numbers that are meant to be equal.
    Outlier,
    /// Suspicious beside other numbers of its run or group.
    Soft,
    /// Apart from what another tool counts.
    Tool,
    /// Estimated from a share of the time.
    Multiplexed,
    /// Of a group that varies more than it should.
    Spread,
    /// Stands out together with its whole run: no evidence against it.
    Way,
}

impl Sort {
    /// Every sort with the word used for it.
    pub const WORDS: [(Self, &'static str); 9] = [
        (Self::Hard, "hard"),
        (Self::Zero, "zero"),
        (Self::Errata, "errata"),
        (Self::Outlier, "outlier"),
        (Self::Soft, "soft"),
        (Self::Tool, "tool"),
        (Self::Multiplexed, "multiplexed"),
        (Self::Spread, "spread"),
        (Self::Way, "way"),
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

/// A reason in columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The rule, `I4`, or the name of an erratum; that of its sort where there is no other.
    pub rule: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// The events that it is about, when they are more than the one of the number.
    pub events: Vec<String>,
    /// What was held against the expectation, where it is not the number itself.
    pub found: Option<f64>,
    /// The least that is expected.
    pub low: Option<f64>,
    /// The most that is expected.
    pub high: Option<f64>,
    /// How far it is off, relative to what is expected; `None` where that has no size.
    pub effect: Option<f64>,
    /// Who says so.
    pub source: String,
}

/// Where the rules come from; what is not listed is this project's own judgement.
const SOURCES: &[(&str, &str)] = &[
    ("I1", "a counter holds 64 bits; RRZE-HPC/likwid#147"),
    ("I2", "perf_event_open(2): time_enabled, time_running"),
    ("I16", "Yasin, ISPASS 2014"),
    ("I19", "Weaver, Terpstra, Moore, ISPASS 2013"),
    ("I21", "stat-shadow.c of perf"),
    ("O1", "measured with opreport 1.5.0git on Linux 6.1"),
    ("outlier", "Iglewicz, Hoaglin 1993: modified z"),
    ("multiplexed", "CounterMiner, MICRO 2018: 28.3 % at 40 %"),
    ("spread", "Weaver, McKee, IISWC 2008"),
];

/// The rules that are no rows of the table of events.
const BESIDE: [&str; 12] = ["I1", "I2", "I11", "I16", "I17", "I19", "I20", "I21", "O1", "Z1", "Z2", "Z3"];

/// The sorts that have no other rule than their own name.
const OF_SORTS: [Sort; 5] = [Sort::Outlier, Sort::Tool, Sort::Multiplexed, Sort::Spread, Sort::Way];

/// Every rule that a finding can have: those with numbers, the sorts, the errata and among them those that a user lists.
pub fn rules() -> Vec<&'static str> {
    let mut rules: Vec<&str> = RULES.iter().map(|rule| rule.id).chain(BESIDE).collect();
    rules.sort_by(|a, b| by_version(a, b));
    rules.dedup();
    rules.extend(OF_SORTS.map(Sort::as_str));
    rules.extend(errata::all().map(|erratum| erratum.id.as_str()));
    rules
}

impl Reason {
    /// Its columns; `None` for what has no number, which is a status and no finding.
    pub fn told(&self) -> Option<Told> {
        let plain = |rule: &str, sort| Told {
            rule: rule.to_owned(),
            sort,
            events: Vec::new(),
            found: None,
            low: None,
            high: None,
            effect: None,
            source: source(rule),
        };
        Some(match self {
            Self::Void(_) => return None,
            Self::OutOfRange(value) => {
                Told { found: Some(*value), low: Some(0.0), high: Some(9_223_372_036_854_775_807.0), ..plain("I1", Sort::Hard) }
            }
            Self::Rule(finding) => of_rule(finding, plain(finding.id, of(finding))),
            Self::LoneZero { .. } => plain("I20", Sort::Zero),
            Self::ZeroBeside { other, .. } => {
                Told { found: Some(0.0), low: Some(*other), effect: Some(-1.0), ..plain("Z2", Sort::Zero) }
            }
            Self::Erratum(erratum) => Told { source: erratum.source.clone(), ..plain(&erratum.id, Sort::Errata) },
            Self::Outlier(deviation) => {
                apart(deviation.centre, deviation.z * deviation.spread, plain("outlier", Sort::Outlier))
            }
            Self::AnotherWay(deviation) => apart(deviation.centre, deviation.z * deviation.spread, plain("way", Sort::Way)),
            Self::Multiplexed { share } => {
                let error = Some(mux_error(*share)).filter(|error| error.is_finite());
                Told { found: Some(*share), low: Some(1.0), effect: error, ..plain("multiplexed", Sort::Multiplexed) }
            }
            Self::OtherTool { own, other, .. } => {
                let effect = (*other != 0.0).then(|| own / other - 1.0);
                Told { found: Some(*own), low: Some(*other), high: Some(*other), effect, ..plain("tool", Sort::Tool) }
            }
            Self::Spread { cov, tolerance } => Told {
                found: Some(*cov),
                low: Some(0.0),
                high: Some(*tolerance),
                effect: Some(*cov),
                ..plain("spread", Sort::Spread)
            },
        })
    }
}

fn source(rule: &str) -> String {
    SOURCES.iter().find(|(known, _)| *known == rule).map_or("definition of the events", |(_, source)| source).to_owned()
}

fn of(finding: &Finding) -> Sort {
    match finding.kind {
        _ if finding.id.starts_with('Z') => Sort::Zero,
        Strictness::Hard => Sort::Hard,
        Strictness::Soft => Sort::Soft,
    }
}

fn of_rule(finding: &Finding, plain: Told) -> Told {
    let Finding { events, found, low, high, .. } = finding;
    let nearest = if found < low { *low } else { *high };
    let effect = (nearest != 0.0 && nearest.is_finite()).then(|| found / nearest - 1.0);
    let bound = |bound: f64| bound.is_finite().then_some(bound);
    Told { events: events.clone(), found: Some(*found), low: bound(*low), high: bound(*high), effect, ..plain }
}

fn apart(centre: f64, by: f64, plain: Told) -> Told {
    let effect = (centre != 0.0 && by.is_finite()).then(|| by / centre.abs());
    Told { low: Some(centre), high: Some(centre), effect, ..plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of docs/findings.md begins with `| I3, I4 |` and its like; I18 is not checked.
    #[test]
    fn the_rules_are_those_of_the_documentation() {
        let page = include_str!("../../docs/findings.md");
        let first = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        let numbered = |rule: &&str| rule.starts_with(['I', 'O', 'Z']) && rule[1..].parse::<u32>().is_ok();
        let mut documented: Vec<&str> = first.flat_map(|cell| cell.split(", ")).filter(numbered).collect();
        documented.sort_by(|a, b| by_version(a, b));
        documented.dedup();
        let known: Vec<&str> = rules().into_iter().filter(numbered).collect();
        assert_eq!(known, documented);
        assert!(["outlier", "way", "perf-6.1-last-run"].iter().all(|rule| rules().contains(rule)));
    }
}
