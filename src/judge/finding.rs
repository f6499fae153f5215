//! What kind of thing speaks against a number, how far it is off by that, and who says that it should not be so.

use super::reason::Reason;
use crate::stats::invariant::{Finding, Kind as Strictness};
use crate::stats::trust::mux_error;

/// Kinds of findings, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// Numbers that cannot be true together.
    Hard,
    /// A zero where the others of its group are none.
    Zero,
    /// Numbers that are suspicious together.
    Soft,
    /// A number out of its group.
    Outlier,
    /// Another tool counts otherwise: nobody says which is right.
    Offset,
    /// A number that was estimated from a share of the time.
    Multiplexed,
    /// Numbers that vary more than their class of events does.
    Unsteady,
}

/// Every word of [`Reason::rule`] that a finding can have.
pub const RULES: [&str; 19] = [
    "I1",
    "I3",
    "I4",
    "I5",
    "I6",
    "I7",
    "I8",
    "I9",
    "I10",
    "I12",
    "I13",
    "I14",
    "I15",
    "I17",
    "I20",
    "outlier",
    "other-tool",
    "multiplexing",
    "spread",
];

impl FindingKind {
    /// Every kind with its word.
    pub const WORDS: [(Self, &'static str); 7] = [
        (Self::Hard, "hard"),
        (Self::Zero, "zero"),
        (Self::Soft, "soft"),
        (Self::Outlier, "outlier"),
        (Self::Offset, "offset"),
        (Self::Multiplexed, "multiplexed"),
        (Self::Unsteady, "unsteady"),
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl Reason {
    /// Its kind; `None` for what is no finding: a number that is not there, and one that is told without being held against.
    pub fn kind(&self) -> Option<FindingKind> {
        match self {
            Self::Void(_) | Self::AnotherWay(_) => None,
            Self::OutOfRange(_) => Some(FindingKind::Hard),
            Self::Rule(finding) if finding.rule.kind == Strictness::Hard => Some(FindingKind::Hard),
            Self::Rule(_) => Some(FindingKind::Soft),
            Self::LoneZero { .. } => Some(FindingKind::Zero),
            Self::Outlier(_) => Some(FindingKind::Outlier),
            Self::OtherTool { .. } => Some(FindingKind::Offset),
            Self::Multiplexed { .. } => Some(FindingKind::Multiplexed),
            Self::Spread { .. } => Some(FindingKind::Unsteady),
        }
    }

    /// The rule that it breaks, `I1` to `I21`; what is no such rule has a word.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Void(_) => "void",
            Self::OutOfRange(_) => "I1",
            Self::Rule(finding) => finding.rule.id,
            Self::LoneZero { .. } => "I20",
            Self::Outlier(_) | Self::AnotherWay(_) => "outlier",
            Self::OtherTool { .. } => "other-tool",
            Self::Multiplexed { .. } => "multiplexing",
            Self::Spread { .. } => "spread",
        }
    }

    /// How far the number is off what it was held against, as a share of that: 0.5 is half as much again. `None` where a share says
    /// nothing: for what cannot be, and against a bound of zero.
    pub fn effect(&self) -> Option<f64> {
        let share =
            |found: f64, expected: f64| (expected != 0.0).then(|| found / expected - 1.0).filter(|share| share.is_finite());
        match self {
            Self::Void(_) | Self::OutOfRange(_) => None,
            Self::Rule(Finding { found, low, high, .. }) => share(*found, if found > high { *high } else { *low }),
            Self::LoneZero { .. } => Some(-1.0),
            Self::Outlier(deviation) | Self::AnotherWay(deviation) => share(deviation.value, deviation.centre),
            Self::OtherTool { own, other, .. } => share(*own, *other),
            Self::Multiplexed { share } => Some(mux_error(*share)),
            Self::Spread { cov, .. } => Some(*cov),
        }
    }

    /// Who says that it should not be so.
    pub fn source(&self) -> &'static str {
        match self {
            Self::Void(_) => "the tool",
            Self::OutOfRange(_) => "counters are not negative; RRZE-HPC/likwid#147",
            Self::Rule(finding) => finding.rule.source(),
            Self::LoneZero { .. } => "judgement: nine in ten of the others",
            Self::Outlier(_) | Self::AnotherWay(_) => {
                "Iglewicz and Hoaglin 1993, modified z above 3.5, without the number itself"
            }
            Self::OtherTool { .. } => "judgement: tools agree within the tolerance of the class",
            Self::Multiplexed { .. } => "CounterMiner, MICRO 2018: 28 % at a share of 0.4",
            Self::Spread { .. } => "judgement: tolerance of the class",
        }
    }
}
