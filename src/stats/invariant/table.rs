//! The rules over events as data, and the few forms they have.

use super::window::{Machine, Reading, Window};

/// Whether a broken rule is a contradiction or a reason to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Cannot be, whatever the machine.
    Hard,
    /// Suspicious; some microarchitectures count in other units.
    Soft,
}

/// A bound of a ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// A number.
    Fixed(f64),
    /// 0.5 x the lowest frequency of the machine.
    HalfMinGhz,
    /// 1.05 x the highest.
    MaxGhz,
    /// What it can retire in a cycle.
    Width,
}

impl Bound {
    fn on(self, machine: &Machine) -> Option<f64> {
        match self {
            Self::Fixed(value) => Some(value),
            Self::HalfMinGhz => machine.min_ghz.map(|ghz| 0.5 * ghz),
            Self::MaxGhz => machine.max_ghz.map(|ghz| 1.05 * ghz),
            Self::Width => machine.width,
        }
    }
}

/// What a rule says. `*` in names stands for the same text everywhere in the rule. A rule holds for events as they are and for
/// those of each privilege level and each kind of core alone ([`SETTINGS`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// The first event is at most the second.
    AtMost(&'static str, &'static str),
    /// The parts add up to the whole, within `relative` x the whole + `absolute`.
    Sum {
        /// Events that must be there.
        parts: &'static [&'static str],
        /// An event that is added when it is there; empty for none.
        also: &'static str,
        /// The whole.
        whole: &'static str,
        /// Tolerance, share of the whole.
        relative: f64,
        /// Tolerance, in the unit of the event.
        absolute: f64,
    },
    /// `low <= first / second <= high`; a second event of 0 is not checked.
    Ratio {
        /// Above the line.
        first: &'static str,
        /// Below it.
        second: &'static str,
        /// The least that the ratio may be.
        low: Bound,
        /// The most.
        high: Bound,
    },
}

/// A rule over the events of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// `I1` ... `I21`; rules of one id belong together.
    pub id: &'static str,
    /// Contradiction or suspicion.
    pub kind: Kind,
    /// The same for the events of one interval of a run.
    pub in_intervals: Kind,
    /// What it says.
    pub form: Form,
}

const fn hard(id: &'static str, form: Form) -> Rule {
    Rule { id, kind: Kind::Hard, in_intervals: Kind::Hard, form }
}

const fn soft(id: &'static str, form: Form) -> Rule {
    Rule { id, kind: Kind::Soft, in_intervals: Kind::Soft, form }
}

/// Of counters of one thing: at the ends of intervals they are read one after the other, and what lies between is no contradiction there.
const fn of_one_thing(id: &'static str, form: Form) -> Rule {
    Rule { id, kind: Kind::Hard, in_intervals: Kind::Soft, form }
}

const fn ratio(first: &'static str, second: &'static str, low: Bound, high: Bound) -> Form {
    Form::Ratio { first, second, low, high }
}

/// Parts and whole have counters of their own, which the kernel starts and reads one after the other: 0.1 % and 1000 may lie between
/// them. Seen with perf 6.1 attached to a process: 592 page faults, 593 minor ones; and 922 of 849.
const fn sum(parts: &'static [&'static str], also: &'static str, whole: &'static str) -> Form {
    Form::Sum { parts, also, whole, relative: 0.001, absolute: 1_000.0 }
}

use Bound::{Fixed, HalfMinGhz, MaxGhz, Width};
use Form::AtMost;

/// Every rule over events. Identities of the hardware and of the kernel's definitions; tolerances are judgement. I16 (the four
/// level-1 shares of top-down analysis: Yasin, ISPASS 2014) is in percent.
pub const RULES: &[Rule] = &[
    hard("I3", AtMost("branches", "instructions")),
    hard("I4", AtMost("branch-misses", "branches")),
    of_one_thing("I5", AtMost("*:u", "*")),
    of_one_thing("I5", AtMost("*:k", "*")),
    // That of a hypervisor is counted apart only where there is one.
    of_one_thing("I5", sum(&["*:u", "*:k"], "*:h", "*")),
    soft("I6", AtMost("*-load-misses", "*-loads")),
    soft("I6", AtMost("cache-misses", "cache-references")),
    soft("I7", AtMost("LLC-loads", "L1-dcache-load-misses")),
    soft("I7", AtMost("LLC-load-misses", "LLC-loads")),
    of_one_thing("I8", sum(&["minor-faults", "major-faults"], "", "page-faults")),
    hard("I9", ratio("cycles", "task-clock", Fixed(f64::MIN_POSITIVE), Fixed(8.0))),
    soft("I9", ratio("cycles", "task-clock", HalfMinGhz, MaxGhz)),
    hard("I10", ratio("instructions", "cycles", Fixed(0.0), Fixed(12.0))),
    soft("I10", ratio("instructions", "cycles", Fixed(0.0), Width)),
    soft("I12", AtMost("stalled-cycles-frontend", "cycles")),
    soft("I12", AtMost("stalled-cycles-backend", "cycles")),
    of_one_thing("I13", sum(&["cpu_core/*/", "cpu_atom/*/"], "", "*")),
    soft("I14", ratio("cycles", "ref-cycles", Fixed(0.1), Fixed(2.5))),
    soft("I15", AtMost("cpu-migrations", "context-switches")),
];

/// A rule that was checked on the events of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// [`Rule::id`], or that of a rule over fields or groups.
    pub id: &'static str,
    /// Contradiction or suspicion.
    pub kind: Kind,
    /// The events it was checked on, in the order of the rule.
    pub events: Vec<String>,
    /// What was held against the bounds: a value, a sum or a ratio.
    pub found: f64,
    /// The least it may be.
    pub low: f64,
    /// The most it may be.
    pub high: f64,
}

impl Finding {
    /// Whether the rule holds.
    pub fn holds(&self) -> bool {
        self.low <= self.found && self.found <= self.high
    }
}

/// How the events of one rule can be restricted alike.
pub const SETTINGS: [&str; 6] = ["*", "*:u", "*:k", "*:h", "cpu_core/*/", "cpu_atom/*/"];

/// Checks every rule whose events are all there, of a whole run or of one of its intervals, in the order of the table, of the settings and
/// of the names. What holds is listed too: trust counts how many rules were checked.
pub fn check(window: &Window, machine: &Machine, is_interval: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        let rule = &Rule { kind: if is_interval { rule.in_intervals } else { rule.kind }, ..*rule };
        for setting in SETTINGS {
            for stem in stems(rule, setting, window) {
                findings.extend(on(rule, setting, stem, window, machine));
            }
        }
    }
    findings
}

/// Clocks that take any ring and ignore it: `task-clock:u` and `task-clock:k` are both all of the time (seen with perf 6.1).
const WITHOUT_RINGS: [&str; 5] = ["task-clock", "cpu-clock", "duration_time", "user_time", "system_time"];

/// Texts that the `*` of a rule can stand for: those of its first name. One empty text for a rule without.
fn stems<'a>(rule: &Rule, setting: &str, window: &'a Window) -> Vec<&'a str> {
    let first = match rule.form {
        Form::AtMost(first, _) | Form::Ratio { first, .. } => first,
        Form::Sum { parts, .. } => parts[0],
    };
    if !first.contains('*') {
        return vec![""];
    }
    let names_ring = first.contains(':');
    let is_meant = |stem: &&str| !(stem.is_empty() || names_ring && WITHOUT_RINGS.contains(stem));
    let stem = |event: &'a String| middle(first, middle(setting, event)?).filter(is_meant);
    window.0.keys().filter_map(stem).collect()
}

/// What the `*` of a pattern stands for in a text.
fn middle<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    let (before, behind) = pattern.split_once('*')?;
    text.strip_prefix(before)?.strip_suffix(behind)
}

fn on(rule: &Rule, setting: &str, stem: &str, window: &Window, machine: &Machine) -> Option<Finding> {
    let name = |pattern: &str| setting.replace('*', &pattern.replace('*', stem));
    let finding = |events, found, low, high| Finding { id: rule.id, kind: rule.kind, events, found, low, high };
    match rule.form {
        Form::AtMost(small, large) => {
            let events = vec![name(small), name(large)];
            let (small, large) = (window.get(&events[0])?, window.get(&events[1])?);
            Some(finding(events, small.value, f64::NEG_INFINITY, large.high() + small.slack))
        }
        Form::Sum { parts, also, whole, relative, absolute } => {
            let mut events: Vec<String> = parts.iter().map(|part| name(part)).collect();
            events.extend(Some(name(also)).filter(|_| !also.is_empty()).filter(|event| window.get(event).is_some()));
            let (sum, whole_name) = (window.sum(&events)?, name(whole));
            let whole = window.get(&whole_name)?;
            events.push(whole_name);
            let reach = relative * whole.value.abs() + absolute + whole.slack + sum.slack;
            Some(finding(events, sum.value, whole.value - reach, whole.value + reach))
        }
        Form::Ratio { first, second, low, high } => {
            let events = vec![name(first), name(second)];
            let (first, second) = (window.get(&events[0])?, window.get(&events[1])?);
            let (low, high) = (low.on(machine)?, high.on(machine)?);
            within(first, second, low, high).map(|(low, high)| finding(events, first.value / second.value, low, high))
        }
    }
}

/// The bounds widened by what both readings may be off: their ratio may be at most `first.high / second.low`. `None` when the second
/// may be 0.
fn within(first: Reading, second: Reading, low: f64, high: f64) -> Option<(f64, f64)> {
    let ratio = first.value / second.value;
    let (least, most) = (first.low() / second.high(), first.high() / second.low());
    (second.low() > 0.0).then_some((low - (most - ratio), high + (ratio - least)))
}
