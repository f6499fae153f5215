//! What numbers have in common that are in one group.

use std::fmt;
use std::sync::Arc;

use crate::model::{Kind, ScopeKind};
use crate::store::query::selection::{Field, by_version};

/// What numbers are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By(Vec<Field>);

/// Everything that a group can be formed by, beside the fields of environments and labels.
const GROUPABLE: [Field; 8] = [
    Field::Experiment,
    Field::Host,
    Field::Tool,
    Field::ToolVersion,
    Field::Event,
    Field::Spelling,
    Field::Class,
    Field::Privilege,
];

impl By {
    /// Groups by these fields, in this order.
    ///
    /// An event belongs to a microarchitecture: of two, equal codes are two groups. Classes are the same on all.
    ///
    /// # Errors
    /// Nothing can be grouped by one of them.
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Result<Self, String> {
        let mut all: Vec<Field> = Vec::new();
        for field in fields {
            let known = || GROUPABLE.iter().chain(&Field::ENVIRONMENT);
            if !known().any(|groupable| *groupable == field) && !matches!(field, Field::Label(_)) {
                let names: Vec<String> = known().map(ToString::to_string).collect();
                return Err(format!("nothing can be grouped by '{field}', only by {} and label.KEY", names.join(", ")));
            }
            if !all.contains(&field) {
                all.push(field);
            }
        }
        Ok(Self(all))
    }

    /// Groups by fields of which all are known to be fit.
    pub(crate) fn all(fields: Vec<Field>) -> Self {
        Self(fields)
    }

    /// Reads `experiment,event,label.threads`.
    ///
    /// # Errors
    /// There is no such field, or nothing can be grouped by it.
    pub fn read(text: &str) -> Result<Self, String> {
        let fields: Result<Vec<Field>, String> = text.split(',').map(|name| Field::named(name.trim())).collect();
        Self::new(fields?)
    }

    /// The same without some fields.
    #[must_use]
    pub fn without(mut self, fields: &[&Field]) -> Self {
        self.0.retain(|field| !fields.contains(&field));
        self
    }

    /// The fields, in order.
    pub fn fields(&self) -> &[Field] {
        &self.0
    }

    /// Whether a field is among them.
    pub fn contains(&self, field: &Field) -> bool {
        self.0.contains(field)
    }
}

/// What numbers in one group always share, be it asked for or not: numbers that differ in one of them mean different things.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Aspects {
    /// Count, metric, or estimate from samples.
    pub kind: Kind,
    /// Unit.
    pub unit: Option<Arc<str>>,
    /// Rings that the number covers; `None` when that is not known.
    pub privilege: Option<Arc<str>>,
    /// What kind of part it covers: the whole, one CPU, one socket, ...
    pub scope: ScopeKind,
    /// Which part of that kind: `CPU3`, `S0-D0-C1`, `N0`. Unknown for the whole and for threads, whose labels hold numbers that every run
    /// has others of.
    pub part: Part,
    /// The control group; unknown when all are covered.
    pub cgroup: Part,
    /// Whether it covers an interval and not the whole run.
    pub interval: bool,
    /// Number of repeats that it is the mean of; 1 for a plain number.
    pub repeats: i32,
    /// The events counted together: each costs the others instructions in the kernel, and time on a counter.
    pub together: Option<Together>,
}

/// Events that were counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Together {
    /// The events, ascending, with commas between them; an event may hold commas itself.
    pub text: Arc<str>,
    /// How many there are.
    pub events: usize,
}

impl Together {
    /// The events of an ascending list.
    pub(crate) fn of(events: &[&str]) -> Self {
        Self { text: events.join(",").into(), events: events.len() }
    }
}

/// One of [`Aspects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Count, metric, or estimate.
    Kind,
    /// Unit.
    Unit,
    /// Rings.
    Privilege,
    /// What kind of part is covered.
    Scope,
    /// Which part of its kind.
    Part,
    /// The control group.
    Cgroup,
    /// Interval or whole run.
    Interval,
    /// Number of repeats.
    Repeats,
    /// The events counted together.
    Together,
}

impl Aspect {
    /// Every aspect with the word used for it.
    pub const WORDS: [(Self, &'static str); 9] = [
        (Self::Kind, "kind"),
        (Self::Unit, "unit"),
        (Self::Privilege, "privilege"),
        (Self::Scope, "scope"),
        (Self::Part, "part"),
        (Self::Cgroup, "cgroup"),
        (Self::Interval, "interval"),
        (Self::Repeats, "repeats"),
        (Self::Together, "together"),
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The aspect that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(aspect, _)| aspect)
    }
}

impl Aspects {
    /// In which they differ.
    pub fn differences(&self, other: &Self) -> Vec<Aspect> {
        let equal = [
            self.kind == other.kind,
            self.unit == other.unit,
            self.privilege == other.privilege,
            self.scope == other.scope,
            self.part == other.part,
            self.cgroup == other.cgroup,
            self.interval == other.interval,
            self.repeats == other.repeats,
            self.together == other.together,
        ];
        Aspect::WORDS.into_iter().zip(equal).filter(|(_, equal)| !equal).map(|((aspect, _), _)| aspect).collect()
    }
}

/// An event as a group has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventName {
    /// A canonical event of a microarchitecture, which is empty for what means the same on all.
    Canonical {
        /// Key of the microarchitecture.
        microarch: Arc<str>,
        /// The event as text.
        text: Arc<str>,
    },
    /// Computed from several events of a microarchitecture.
    Derived {
        /// Key of the microarchitecture, if it is known.
        microarch: Option<Arc<str>>,
        /// How.
        formula: Arc<str>,
    },
    /// What a tool wrote, where no single event is known: equal names of different tools stay apart.
    Written {
        /// The tool.
        tool: Arc<str>,
        /// The event as printed.
        text: Arc<str>,
    },
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Canonical { text, .. } | Self::Written { text, .. } => f.write_str(text),
            Self::Derived { formula, .. } => f.write_str(formula),
        }
    }
}

/// A value of a field that is grouped by; unknown sorts first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// Nothing is known.
    Unknown,
    /// A text.
    Text(Arc<str>),
    /// A whole number.
    Number(i64),
    /// An event.
    Event(EventName),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Event(event) => write!(f, "{event}"),
        }
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Natural order: numbers by value, texts with runs of digits by value.
impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let rank = |part: &Self| match part {
            Self::Unknown => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
            Self::Event(_) => 3,
        };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => by_version(a, b).then_with(|| a.cmp(b)),
            (Self::Event(a), Self::Event(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// What the numbers of a group share. Groups are many and differ in little: they hold one copy of what is equal in them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Values of the fields that are grouped by, in their order.
    pub parts: Arc<[Part]>,
    /// What numbers in one group always share.
    pub aspects: Arc<Aspects>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_a_group_can_be_grouped_by() {
        let by = By::read("experiment, event,label.threads,event").unwrap();
        assert_eq!(by.fields(), [Field::Experiment, Field::Event, Field::Label("threads".to_owned())]);
        assert!(By::read("value").unwrap_err().contains("experiment, host"));
        assert!(By::read("experimant").unwrap_err().contains("do you mean experiment"));
    }

    #[test]
    fn aspects_tell_in_which_they_differ() {
        let one = Aspects {
            kind: Kind::Count,
            unit: None,
            privilege: Some("user".into()),
            scope: ScopeKind::Whole,
            part: Part::Unknown,
            cgroup: Part::Unknown,
            interval: false,
            repeats: 1,
            together: Some(Together::of(&["a", "b"])),
        };
        let other = Aspects { privilege: Some("user+kernel".into()), repeats: 5, ..one.clone() };
        assert_eq!(one.differences(&other), [Aspect::Privilege, Aspect::Repeats]);
        assert_eq!(one.differences(&one), []);
        for (aspect, word) in Aspect::WORDS {
            assert_eq!((aspect.as_str(), Aspect::from_word(word)), (word, Some(aspect)));
        }
    }

    #[test]
    fn groups_come_in_natural_order() {
        let text = |text: &str| Part::Text(text.into());
        let mut parts = [text("5.10"), Part::Number(2), text("5.4"), Part::Unknown, text("a")];
        parts.sort();
        assert_eq!(parts, [Part::Unknown, Part::Number(2), text("5.4"), text("5.10"), text("a")]);
    }
}
