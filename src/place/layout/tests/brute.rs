//! Templates as data, read by trying everything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::Field;

/// A part of the template: whole parts, or what stands within one.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Any,
    Of(Vec<Element>),
}

#[derive(Debug, Clone)]
pub(super) enum Element {
    Literal(char),
    Star,
    Name(Limit),
    Option(Vec<Element>),
}

/// What a name may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    None,
    Letters,
    NoUnderscore,
    Either,
}

impl Limit {
    fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Letters => ":[ab]+",
            Self::NoUnderscore => ":[^_]+",
            Self::Either => ":a|ab",
        }
    }

    fn allows(self, text: &str) -> bool {
        let within = !text.is_empty() && !text.contains('/');
        within
            && match self {
                Self::None => true,
                Self::Letters => text.chars().all(|c| "ab".contains(c)),
                Self::NoUnderscore => !text.contains('_'),
                Self::Either => text == "a" || text == "ab",
            }
    }
}

fn element() -> impl Strategy<Value = Element> {
    let limit = prop_oneof![Just(Limit::None), Just(Limit::Letters), Just(Limit::NoUnderscore), Just(Limit::Either)];
    let leaf = prop_oneof![
        3 => prop::sample::select(vec!['a', 'b', '_', '_']).prop_map(Element::Literal),
        1 => Just(Element::Star),
        4 => limit.prop_map(Element::Name),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let within = prop_oneof![6 => inner, 1 => Just(Element::Literal('/'))];
        prop::collection::vec(within, 1..3).prop_map(Element::Option)
    })
}

pub(super) fn parts() -> impl Strategy<Value = Vec<Part>> {
    let part = prop_oneof![1 => Just(Part::Any), 5 => prop::collection::vec(element(), 1..5).prop_map(Part::Of)];
    // `**` joined from two wildcards, or `***`, is another language.
    prop::collection::vec(part, 1..4).prop_filter("one star at a time", |parts| {
        let text = text(parts);
        parts.iter().all(|part| !matches!(part, Part::Of(elements) if inner_text(elements).contains("**")))
            && !text.contains("***")
    })
}

fn inner_text(elements: &[Element]) -> String {
    let mut name = 0;
    elements.iter().map(|element| element_text(element, &mut name)).collect()
}

/// The template, with the names `n0`, `n1`, ... from left to right.
pub(super) fn text(parts: &[Part]) -> String {
    let mut name = 0;
    let each = parts.iter().map(|part| match part {
        Part::Any => "**".to_owned(),
        Part::Of(elements) => elements.iter().map(|element| element_text(element, &mut name)).collect(),
    });
    each.collect::<Vec<String>>().join("/")
}

fn element_text(element: &Element, name: &mut usize) -> String {
    match element {
        Element::Literal(c) => c.to_string(),
        Element::Star => "*".to_owned(),
        Element::Name(limit) => {
            *name += 1;
            format!("{{n{}{}}}", *name - 1, limit.text())
        }
        Element::Option(inner) => format!("[{}]", inner.iter().map(|element| element_text(element, name)).collect::<String>()),
    }
}

/// Every path of at most this many characters.
pub(super) fn all_paths(longest: u32) -> impl Iterator<Item = String> {
    (0..=longest).flat_map(|length| {
        (0..4_usize.pow(length)).map(move |number| (0..length).map(|at| ['a', 'b', '_', '/'][number >> (2 * at) & 3]).collect())
    })
}

type Values = BTreeMap<usize, String>;

/// Where an attempt got to, and with which values.
type Attempt = (usize, Values);

/// The values of every way to read a path.
pub(super) fn readings(parts: &[Part], path: &str) -> BTreeSet<Values> {
    let mut attempts: Vec<Attempt> = vec![(0, Values::new())];
    let mut name = 0;
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        attempts = attempts.into_iter().flat_map(|attempt| take_part(part, attempt, path, name, last)).collect();
        attempts.sort();
        attempts.dedup();
        name += match part {
            Part::Any => 0,
            Part::Of(elements) => elements.iter().map(names_in).sum(),
        };
    }
    attempts.into_iter().filter(|(at, _)| *at == path.len()).map(|(_, values)| values).collect()
}

fn names_in(element: &Element) -> usize {
    match element {
        Element::Name(_) => 1,
        Element::Option(inner) => inner.iter().map(names_in).sum(),
        _ => 0,
    }
}

/// Every end of one part, with the `/` behind it unless it is the last.
fn take_part(part: &Part, attempt: Attempt, path: &str, name: usize, last: bool) -> Vec<Attempt> {
    let slash = |(at, values): Attempt| path[at..].starts_with('/').then_some((at + 1, values));
    match part {
        Part::Of(elements) => {
            let ends = take_all(elements, attempt, path, name);
            if last { ends } else { ends.into_iter().filter_map(slash).collect() }
        }
        Part::Any => {
            let (at, values) = attempt;
            let ends =
                (at..=path.len()).filter(|end| if last { whole(&path[at..*end], false) } else { whole(&path[at..*end], true) });
            ends.map(|end| (end, values.clone())).collect()
        }
    }
}

/// Whether a text is parts, none of them empty: `a/b`, or with the `/` behind each of them `a/b/`, then also none at all.
fn whole(text: &str, closed: bool) -> bool {
    let inner = if closed { text.strip_suffix('/') } else { Some(text) };
    closed && text.is_empty() || inner.is_some_and(|inner| inner.split('/').all(|part| !part.is_empty()))
}

fn take_all(elements: &[Element], attempt: Attempt, path: &str, mut name: usize) -> Vec<Attempt> {
    let mut attempts = vec![attempt];
    for element in elements {
        attempts = attempts.into_iter().flat_map(|attempt| take(element, attempt, path, name)).collect();
        name += names_in(element);
    }
    attempts
}

fn take(element: &Element, (at, values): Attempt, path: &str, name: usize) -> Vec<Attempt> {
    let ends = at..=path.len();
    match element {
        Element::Literal(c) => path[at..].starts_with(*c).then(|| (at + 1, values)).into_iter().collect(),
        Element::Star => ends.filter(|end| !path[at..*end].contains('/')).map(|end| (end, values.clone())).collect(),
        Element::Name(limit) => ends
            .filter(|end| limit.allows(&path[at..*end]))
            .map(|end| (end, values.iter().map(|(n, t)| (*n, t.clone())).chain([(name, path[at..end].to_owned())]).collect()))
            .collect(),
        Element::Option(inner) => {
            let mut ends = take_all(inner, (at, values.clone()), path, name);
            ends.push((at, values));
            ends
        }
    }
}

pub(super) fn same(values: &Values, read: &[(Field, String)]) -> bool {
    let named: Vec<(Field, String)> = values.iter().map(|(n, text)| (Field::Label(format!("n{n}")), text.clone())).collect();
    named == read
}
