//! What speaks against a number, in words with the numbers behind them.

use std::fmt;
use std::sync::Arc;

use super::Against;
use super::company::Company;
use super::errata::Erratum;
use crate::stats::invariant::{Finding, Kind};
use crate::stats::outlier::Deviation;
use crate::stats::trust::{Evidence, Peers, Void, mux_error};
use crate::store::query::Fact;

/// Something that speaks against a number.
#[derive(Debug, Clone)]
pub enum Reason {
    /// There is no number.
    Void(Void),
    /// No counter can hold it (rule I1).
    OutOfRange(f64),
    /// It contradicts other numbers of its run, or is suspicious beside them.
    Rule(Finding),
    /// It is zero where at least nine in ten of the same group are not (rule I20).
    LoneZero {
        /// How many others.
        others: usize,
    },
    /// It is zero, and another tool counts the event (rule Z2).
    ZeroBeside {
        /// The other tool.
        tool: Arc<str>,
        /// Its median.
        other: f64,
    },
    /// A fault of its tool, its kernel or its machine is known.
    Erratum(&'static Erratum),
    /// It stands out of its group.
    Outlier(Deviation),
    /// It stands out, and other events of its run do too: told, and not held against it.
    AnotherWay(Deviation),
    /// It is estimated from a share of the time.
    Multiplexed {
        /// The share, [0, 1].
        share: f64,
    },
    /// Another tool counts something else: by how much is said, not who is right.
    OtherTool {
        /// Median of its group.
        own: f64,
        /// The other tool.
        tool: Arc<str>,
        /// Its median.
        other: f64,
    },
    /// The numbers of its group vary more than its class of events should.
    Spread {
        /// Coefficient of variation.
        cov: f64,
        /// The most it should be.
        tolerance: f64,
    },
}

/// Everything that speaks against a number, in the order of [`Reason`].
pub(super) fn of(fact: &Fact<'_>, evidence: &Evidence, company: Option<&Company>, against: Against) -> Vec<Reason> {
    if let Some(void) = evidence.void {
        return vec![Reason::Void(void)];
    }
    let found = against.together;
    let mut failed = found.failed;
    failed.extend(company.and_then(|company| company.found.as_deref().cloned()));
    failed.sort_by_key(|finding| finding.kind != Kind::Hard);
    let range = fact.value.filter(|_| found.out_of_range).map(Reason::OutOfRange);
    let mut reasons: Vec<Reason> = range.into_iter().chain(failed.into_iter().map(Reason::Rule)).collect();
    reasons.extend(against.errata.into_iter().map(Reason::Erratum));
    if let Some(company) = company {
        let others = company.deviation.n;
        reasons.extend(company.lone_zero.then_some(Reason::LoneZero { others }));
        let says = others >= Peers::LEAST as usize && company.deviation.stands_out();
        let reason = if company.is_shared { Reason::AnotherWay } else { Reason::Outlier };
        reasons.extend(says.then(|| reason(company.deviation)));
    }
    // From here on an error of 1 % is expected; less is no reason to look.
    let share = evidence.running.filter(|share| mux_error(*share) > 0.01);
    reasons.extend(share.map(|share| Reason::Multiplexed { share }));
    let tolerance = evidence.class.tool_tolerance().ln_1p();
    let apart = evidence.cross.is_some_and(|cross| cross.ratio.ln().abs() > tolerance);
    let other = company.filter(|_| apart).and_then(|company| Some((company.median, company.other.clone()?)));
    let is_silent = fact.value == Some(0.0);
    reasons.extend(other.map(|(own, (tool, other))| {
        if is_silent && other != 0.0 { Reason::ZeroBeside { tool, other } } else { Reason::OtherTool { own, tool, other } }
    }));
    let tolerance = evidence.class.tolerance();
    let cov = evidence.cov.filter(|cov| *cov > tolerance);
    reasons.extend(cov.map(|cov| Reason::Spread { cov, tolerance }));
    reasons
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void(void) => f.write_str(void.as_str()),
            Self::OutOfRange(value) => write!(f, "I1: {value} is no number that a counter can hold"),
            Self::Rule(finding) => rule(finding, f),
            Self::LoneZero { others } => write!(f, "I20: zero, and of the {others} others of its group nine in ten are not"),
            Self::ZeroBeside { tool, other } => write!(f, "Z2: zero, and {tool} counts {other}"),
            Self::Erratum(erratum) => {
                write!(f, "erratum {} ({}): {} [{}]", erratum.id, erratum.effect.as_str(), erratum.text, erratum.source)
            }
            Self::Outlier(Deviation { centre, spread, z, n, .. }) => {
                write!(f, "outlier: {z:+.1} spreads from {centre} (spread {spread:.6}, {n} others)")
            }
            Self::AnotherWay(Deviation { centre, z, .. }) => {
                write!(f, "another way: {z:+.1} spreads from {centre}, as other events of its run are (no evidence)")
            }
            Self::Multiplexed { share } => {
                let error = 100.0 * mux_error(*share);
                write!(f, "multiplexed: counted {:.2} % of the time, error to expect {error:.1} %", 100.0 * share)
            }
            Self::OtherTool { own, tool, other } => {
                write!(f, "{tool} counts {other}, here {own}: apart by {}", own - other)
            }
            Self::Spread { cov, tolerance } => {
                write!(f, "unsteady: its group varies by {:.2} %, expected {:.0} %", 100.0 * cov, 100.0 * tolerance)
            }
        }
    }
}

fn rule(finding: &Finding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Finding { id, kind, events, found, low, high } = finding;
    let kind = if *kind == Kind::Hard { "contradiction" } else { "suspicious" };
    let expected = match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("within {} and {}", shown(*low), shown(*high)),
        (true, false) => format!("at least {}", shown(*low)),
        _ => format!("at most {}", shown(*high)),
    };
    write!(f, "{id}: {kind} of {}: {} is not {expected}", events.join(", "), shown(*found))
}

/// A number as people write it: powers of ten where the digits would fill a line.
fn shown(number: f64) -> String {
    let is_long = number != 0.0 && !(1e-6..1e16).contains(&number.abs());
    if is_long { format!("{number:e}") } else { number.to_string() }
}
