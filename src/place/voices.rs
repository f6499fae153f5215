//! Who says what of a run, strongest first, and who contradicts whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Facts;
use crate::model::{Environment, Given, Origin};

/// Facts by origin, strongest first.
#[derive(Debug, Default)]
pub(super) struct Voices<'a>(Vec<(Origin, &'a Facts)>);

impl<'a> Voices<'a> {
    /// Adds a voice weaker than all before. One that says nothing is never heard again.
    pub(super) fn add(&mut self, origin: Origin, facts: &'a Facts) {
        self.add_all([(origin, facts)]);
    }

    /// Adds voices, each weaker than the one before.
    pub(super) fn add_all(&mut self, voices: impl IntoIterator<Item = (Origin, &'a Facts)>) {
        self.0.extend(voices.into_iter().filter(|(_, facts)| !facts.is_empty()));
    }

    /// The strongest statement.
    pub(super) fn first<T>(&self, field: impl Fn(&'a Facts) -> Option<&'a T>) -> Option<Given<T>>
    where
        T: Clone + 'a,
    {
        self.0.iter().find_map(|&(origin, facts)| Some(Given { value: field(facts)?.clone(), origin }))
    }

    /// The strongest statement on each field of the environment.
    pub(super) fn environment(&self) -> (Environment, [Option<Origin>; 8]) {
        let split = |given: Option<Given<String>>| given.map(|given| (given.value, given.origin)).unzip();
        let number = |given: Option<Given<i32>>| given.map(|given| (given.value, given.origin)).unzip();
        let (arch, o1) = split(self.first(|facts| facts.environment.arch.as_ref()));
        let (vendor, o2) = split(self.first(|facts| facts.environment.vendor.as_ref()));
        let (family, o3) = number(self.first(|facts| facts.environment.family.as_ref()));
        let (model, o4) = number(self.first(|facts| facts.environment.model.as_ref()));
        let (stepping, o5) = number(self.first(|facts| facts.environment.stepping.as_ref()));
        let (microarch, o6) = split(self.first(|facts| facts.environment.microarch.as_ref()));
        let (kernel, o7) = split(self.first(|facts| facts.environment.kernel.as_ref()));
        let (virt, o8) = split(self.first(|facts| facts.environment.virt.as_ref()));
        let environment = Environment { arch, vendor, family, model, stepping, microarch, kernel, virt };
        (environment, [o1, o2, o3, o4, o5, o6, o7, o8])
    }

    /// The strongest statement on each label.
    pub(super) fn labels(&self) -> BTreeMap<String, Given<String>> {
        let mut labels = BTreeMap::new();
        for &(origin, facts) in &self.0 {
            for (key, value) in &facts.labels {
                labels.entry(key.clone()).or_insert_with(|| Given { value: value.clone(), origin });
            }
        }
        labels
    }

    /// Statements that a stronger voice contradicts, one sentence each. A weaker one never replaces a stronger one, but it is told.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        for (position, &(strong, facts)) in self.0.iter().enumerate() {
            for &(weak, others) in &self.0[position + 1..] {
                found.extend(contradicted(facts, others).map(|(subject, value, other)| {
                    format!("{subject}: '{value}' ({strong}) stands against '{other}' ({weak})")
                }));
            }
        }
        found.into_iter().collect()
    }
}

/// What is stated about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject<'a> {
    Field(&'static str),
    Label(&'a str),
}

/// What is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stated<'a> {
    Text(&'a str),
    Number(i64),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Label(key) => write!(f, "label {key}"),
        }
    }
}

impl fmt::Display for Stated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// What both state of the machine and of labels, and cannot both be true. An experiment is a name that may be given freely, the tool
/// has rules of its own.
fn contradicted<'a>(facts: &'a Facts, others: &'a Facts) -> impl Iterator<Item = (Subject<'a>, Stated<'a>, Stated<'a>)> {
    let fields = FIELDS.iter().filter_map(|(name, read)| Some((Subject::Field(name), read(facts)?, read(others)?)));
    let labels = others.labels.iter().filter_map(|(key, other)| {
        let value = facts.labels.get(key)?;
        Some((Subject::Label(key), Stated::Text(value), Stated::Text(other)))
    });
    fields.chain(labels).filter(|&(subject, value, other)| !agree(subject, value, other))
}

/// Reads a field.
type Read = for<'a> fn(&'a Facts) -> Option<Stated<'a>>;

/// What facts state beside their labels.
const FIELDS: [(&str, Read); 10] = [
    ("host", |facts| text(facts.host.as_ref())),
    ("arch", |facts| text(facts.environment.arch.as_ref())),
    ("vendor", |facts| text(facts.environment.vendor.as_ref())),
    ("family", |facts| number(facts.environment.family)),
    ("model", |facts| number(facts.environment.model)),
    ("stepping", |facts| number(facts.environment.stepping)),
    ("microarch", |facts| text(facts.environment.microarch.as_ref())),
    ("kernel", |facts| text(facts.environment.kernel.as_ref())),
    ("virt", |facts| text(facts.environment.virt.as_ref())),
    ("repetition", |facts| facts.repetition.map(Stated::Number)),
];

fn text(text: Option<&String>) -> Option<Stated<'_>> {
    text.map(|text| Stated::Text(text))
}

fn number(number: Option<i32>) -> Option<Stated<'static>> {
    number.map(|number| Stated::Number(number.into()))
}

/// Whether two statements can both be true: a host with and without its domain, a kernel release and the beginning of it.
fn agree(subject: Subject<'_>, one: Stated<'_>, other: Stated<'_>) -> bool {
    let marks: &[char] = match subject {
        Subject::Field("host") => &['.'],
        Subject::Field("kernel") => &['.', '-'],
        _ => &[],
    };
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(marks));
    match (one, other) {
        (Stated::Text(one), Stated::Text(other)) => one == other || begins(one, other) || begins(other, one),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(host: &str, kernel: &str) -> Facts {
        let environment = Environment { kernel: Some(kernel.to_owned()), ..Environment::default() };
        Facts { host: Some(host.to_owned()), environment, ..Facts::default() }
    }

    #[test]
    fn the_strongest_voice_is_heard_field_by_field() {
        let (strong, weak) = (Facts { host: Some("a".to_owned()), ..Facts::default() }, facts("b", "6.1.0"));
        let mut voices = Voices::default();
        voices.add(Origin::Sidecar(0), &strong);
        voices.add(Origin::File, &weak);
        assert_eq!(voices.first(|facts| facts.host.as_ref()).unwrap().value, "a");
        let (environment, origins) = voices.environment();
        assert_eq!((environment.kernel.as_deref(), origins[6]), (Some("6.1.0"), Some(Origin::File)));
        assert_eq!(voices.contradictions(), ["host: 'a' (sidecar:1) stands against 'b' (file)"]);
    }

    #[test]
    fn a_part_of_a_name_is_no_contradiction() {
        let contradictions = |one: &Facts, other: &Facts| {
            let mut voices = Voices::default();
            voices.add(Origin::Flag, one);
            voices.add(Origin::File, other);
            voices.contradictions()
        };
        let said = facts("node1.example.org", "6.1.0-13-amd64");
        assert_eq!(contradictions(&facts("node1", "6.1"), &said), Vec::<String>::new());
        assert_eq!(
            contradictions(&facts("node", "6.10"), &said),
            [
                "host: 'node' (flag) stands against 'node1.example.org' (file)",
                "kernel: '6.10' (flag) stands against '6.1.0-13-amd64' (file)"
            ]
        );
    }
}
