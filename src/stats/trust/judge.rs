//! From evidence to a coefficient, with every step kept.

use super::evidence::Evidence;

/// Version of the automatic coefficient with the weights of [`Weights::DEFAULT`].
pub const VERSION: &str = "trust-1";

/// A part of the sum of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// Where the sum begins.
    Prior,
    /// Share of the time that the event was counted.
    Mux,
    /// Place among its group.
    Out,
    /// Spread of its group.
    Stab,
    /// Agreement with other tools.
    Cross,
    /// Hard invariants: all hold, or one is broken.
    Inv,
    /// Known to be supported, or not.
    Supp,
}

impl Term {
    /// The name used in breakdowns.
    pub fn as_str(self) -> &'static str {
        ["prior", "mux", "out", "stab", "cross", "inv", "supp"][self as usize]
    }
}

/// What limits a coefficient, whatever the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cap {
    /// Counted for less than 99.9 % of the time.
    Mux,
    /// An outlier of its group.
    Out,
    /// A hard invariant does not hold.
    Inv,
    /// Counted although the machine does not have the event.
    Supp,
    /// An erratum is listed.
    Errata,
}

impl Cap {
    /// The name used in breakdowns.
    pub fn as_str(self) -> &'static str {
        ["mux_cap", "out_cap", "inv_cap", "supp_cap", "errata_cap"][self as usize]
    }
}

/// Weights of the evidence, in log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Where the sum begins.
    pub prior: f64,
    /// Of multiplexing.
    pub mux: f64,
    /// Of the place in the group.
    pub out: f64,
    /// Of the spread of the group.
    pub stab: f64,
    /// Of agreement with other tools.
    pub cross: f64,
    /// Of hard invariants that all hold.
    pub held: f64,
    /// Of a broken one.
    pub broken: f64,
    /// Of known support.
    pub supported: f64,
    /// Of known lack of it.
    pub unsupported: f64,
}

impl Weights {
    /// Those of [`VERSION`]. Judgement.
    pub const DEFAULT: Self = Self {
        prior: 0.5,
        mux: 1.5,
        out: 3.0,
        stab: 1.0,
        cross: 2.0,
        held: 0.5,
        broken: -4.0,
        supported: 0.5,
        unsupported: -1.0,
    };

    /// How many there are.
    pub const COUNT: usize = 9;

    /// Their names, in the order of the fields.
    pub const NAMES: [&str; Self::COUNT] =
        ["prior", "mux", "out", "stab", "cross", "held", "broken", "supported", "unsupported"];

    /// The weights as a list, in the order of the fields.
    pub fn to_array(self) -> [f64; Self::COUNT] {
        let Self { prior, mux, out, stab, cross, held, broken, supported, unsupported } = self;
        [prior, mux, out, stab, cross, held, broken, supported, unsupported]
    }

    /// The weights of a list.
    pub fn from_array(list: [f64; Self::COUNT]) -> Self {
        let [prior, mux, out, stab, cross, held, broken, supported, unsupported] = list;
        Self { prior, mux, out, stab, cross, held, broken, supported, unsupported }
    }
}

impl Evidence {
    /// What each weight is multiplied with; `None` where nothing is known.
    pub fn features(&self) -> [Option<f64>; Weights::COUNT] {
        let when = |holds: bool| holds.then_some(1.0);
        let invariants = self.invariants;
        [
            Some(1.0),
            self.multiplexing(),
            self.outlier(),
            self.stability(),
            self.agreement(),
            when(invariants.checked > 0 && invariants.broken == 0),
            when(invariants.broken > 0),
            when(self.supported == Some(true)),
            when(self.supported == Some(false)),
        ]
    }

    fn caps(&self) -> Vec<(Cap, f64)> {
        [
            (Cap::Mux, self.multiplexing_cap()),
            (Cap::Out, self.outlier_cap()),
            (Cap::Inv, (self.invariants.broken > 0).then_some(0.2)),
            (Cap::Supp, (self.supported == Some(false)).then_some(0.3)),
            (Cap::Errata, self.errata.then_some(0.5)),
        ]
        .into_iter()
        .filter_map(|(cap, limit)| Some((cap, limit?.max(LEAST))))
        .collect()
    }
}

/// The least that a cap leaves of a counted result: `1 - e(f)` is negative below 5 % running, and 0 is kept for results without a
/// number.
const LEAST: f64 = 0.01;

/// Each weight's term.
const TERMS: [Term; Weights::COUNT] =
    [Term::Prior, Term::Mux, Term::Out, Term::Stab, Term::Cross, Term::Inv, Term::Inv, Term::Supp, Term::Supp];

/// An automatic coefficient and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The coefficient, [0, 1]; 0 for a result without a number and only for it.
    pub auto: f64,
    /// The known terms; their sum in this order is [`Judgement::evidence`]. Empty without a number.
    pub terms: Vec<(Term, f64)>,
    /// Sum of the terms: log-odds.
    pub evidence: f64,
    /// The limits that apply.
    pub caps: Vec<(Cap, f64)>,
    /// The cap that decided, if the evidence did not.
    pub limited_by: Option<Cap>,
}

impl Judgement {
    /// The band of the coefficient.
    pub fn band(&self) -> Band {
        Band::of(self.auto)
    }
}

/// The automatic coefficient: `min(1 / (1 + exp(-L)), smallest cap)`.
pub fn judge(evidence: &Evidence, weights: &Weights) -> Judgement {
    if evidence.void.is_some() {
        return Judgement { auto: 0.0, terms: Vec::new(), evidence: 0.0, caps: Vec::new(), limited_by: None };
    }
    let weighted = TERMS.into_iter().zip(weights.to_array()).zip(evidence.features());
    let terms: Vec<(Term, f64)> = weighted.filter_map(|((term, weight), feature)| Some((term, weight * feature?))).collect();
    let sum = terms.iter().map(|(_, value)| value).sum();
    let caps = evidence.caps();
    let free = logistic(sum);
    let lowest = caps.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, limit)| *limit < free);
    let auto = lowest.map_or(free, |(_, limit)| limit);
    Judgement { auto, terms, evidence: sum, caps, limited_by: lowest.map(|(cap, _)| cap) }
}

/// `1 / (1 + exp(-x))`; never 0, for a result with a number is not void.
pub(in crate::stats) fn logistic(x: f64) -> f64 {
    (1.0 / (1.0 + (-x).exp())).max(f64::MIN_POSITIVE)
}

/// The coefficient that counts: that of a person if there is one. `None` when theirs is not within [0, 1].
pub fn effective(auto: f64, manual: Option<f64>) -> Option<f64> {
    manual.map_or(Some(auto), |manual| (0.0..=1.0).contains(&manual).then_some(manual))
}

/// A coefficient in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// Exactly 0: there is no number.
    Void,
    /// Below 0.5.
    Suspicious,
    /// From 0.5.
    Weak,
    /// From 0.7.
    Good,
    /// From 0.9.
    High,
}

impl Band {
    /// The band of a coefficient; NaN is void.
    pub fn of(coefficient: f64) -> Self {
        let bounds = [(0.9, Self::High), (0.7, Self::Good), (0.5, Self::Weak), (f64::MIN_POSITIVE, Self::Suspicious)];
        bounds.into_iter().find(|(bound, _)| coefficient >= *bound).map_or(Self::Void, |(_, band)| band)
    }

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        ["void", "suspicious", "weak", "good", "high"][self as usize]
    }
}
