//! What one part of the paths of a group is.

use std::collections::HashSet;

use super::affix::{self, Affix};
use crate::machine::ARCHITECTURES;
use crate::place::layout::date_micros;

/// Names of microarchitectures that are used for nothing else.
const MICROARCHITECTURES: [&str; 31] = [
    "nehalem",
    "westmere",
    "sandybridge",
    "ivybridge",
    "haswell",
    "broadwell",
    "skylake",
    "skylakex",
    "cascadelake",
    "cascadelakex",
    "icelake",
    "icelakex",
    "tigerlake",
    "alderlake",
    "raptorlake",
    "meteorlake",
    "sapphirerapids",
    "emeraldrapids",
    "graniterapids",
    "zen",
    "zen1",
    "zen2",
    "zen3",
    "zen4",
    "zen5",
    "power8",
    "power9",
    "power10",
    "neoverse-n1",
    "neoverse-v1",
    "neoverse-v2",
];

/// What the texts of a column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Class<'a> {
    /// The same everywhere.
    Constant,
    /// Dates.
    Date,
    /// The hosts that the files name themselves.
    Host,
    /// Architectures.
    Arch,
    /// Microarchitectures.
    Microarch,
    /// Numbers between the same ends.
    Numbers(Affix<'a>),
    /// What an earlier column varies in, between the same ends.
    Same {
        /// Index of the column.
        part: usize,
        /// The ends.
        affix: Affix<'a>,
    },
    /// Other words between the same ends.
    Words(Affix<'a>),
}

impl<'a> Class<'a> {
    /// What a column is; `hosts` are those that the files name, `earlier` the columns before it.
    pub(super) fn of(column: &[&'a str], hosts: &[Option<&str>], earlier: &[Part<'a>]) -> Self {
        let all = |test: fn(&str) -> bool| column.iter().all(|text| test(text));
        if all(|text| date_micros(text).is_some()) {
            Self::Date
        } else if names_hosts(column, hosts) {
            Self::Host
        } else if all(|text| ARCHITECTURES.contains(&text)) {
            Self::Arch
        } else if all(|text| MICROARCHITECTURES.contains(&text.to_ascii_lowercase().as_str())) {
            Self::Microarch
        } else if column.iter().all(|text| *text == column[0]) {
            Self::Constant
        } else if let Some(affix) = Affix::of_numbers(column) {
            Self::Numbers(affix)
        } else {
            same_as(column, earlier).unwrap_or_else(|| Self::Words(Affix::of_words(column)))
        }
    }
}

/// Whether at least one file names a host, and the column is that host wherever one is named.
fn names_hosts(column: &[&str], hosts: &[Option<&str>]) -> bool {
    hosts.iter().any(Option::is_some) && column.iter().zip(hosts).all(|(text, host)| host.is_none_or(|host| host == *text))
}

/// The earlier column that every text repeats.
fn same_as<'a>(column: &[&'a str], earlier: &[Part<'a>]) -> Option<Class<'a>> {
    let words = |part: &&(usize, &Part<'a>)| matches!(part.1.class, Class::Words(_));
    earlier.iter().enumerate().filter(|part| words(&part)).find_map(|(at, part)| {
        let middles = part.middles();
        let (before, behind) = column[0].split_once(middles[0])?;
        let repeats = |(text, middle): (&&str, &&str)| {
            text.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind)) == Some(*middle)
        };
        column.iter().zip(&middles).all(repeats).then_some(Class::Same { part: at, affix: Affix { before, behind } })
    })
}

/// A column: what stands in one place of every path of a group.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) class: Class<'a>,
    pub(super) column: Vec<&'a str>,
    /// Number of the directory or file name, from 1.
    pub(super) level: usize,
    /// Whether it is all of that.
    whole: bool,
    /// Its number among the words of that, from 1, when there are several.
    piece: Option<usize>,
    /// What stands behind it.
    pub(super) joint: &'a str,
}

/// Adds a column, in pieces where it has some, to those before it.
pub(super) fn split<'a>(column: Vec<&'a str>, level: usize, hosts: &[Option<&str>], parts: &mut Vec<Part<'a>>) {
    let begin = parts.len();
    add(column, level, hosts, parts);
    let pieces = &mut parts[begin..];
    let whole = pieces.len() == 1;
    let is_word = |part: &Part<'_>| matches!(part.class, Class::Words(_));
    let several = pieces.iter().filter(|part| is_word(part)).count() > 1;
    let mut number = 0;
    for part in pieces {
        part.whole = whole;
        if several && is_word(part) {
            number += 1;
            part.piece = Some(number);
        }
    }
}

fn add<'a>(column: Vec<&'a str>, level: usize, hosts: &[Option<&str>], parts: &mut Vec<Part<'a>>) {
    let class = Class::of(&column, hosts, parts);
    let pieces = match class {
        Class::Words(_) => affix::apart(&column),
        Class::Constant | Class::Numbers(_) => affix::dated(&column),
        _ => None,
    };
    match pieces {
        Some((pieces, joint)) => {
            for piece in pieces {
                add(piece, level, hosts, parts);
                join(parts, joint);
            }
            join(parts, "/");
        }
        None => parts.push(Part { class, column, level, whole: true, piece: None, joint: "/" }),
    }
}

/// Sets what stands behind the last part.
pub(super) fn join<'a>(parts: &mut [Part<'a>], joint: &'a str) {
    if let Some(last) = parts.last_mut() {
        last.joint = joint;
    }
}

impl<'a> Part<'a> {
    /// Numbers at the end of names.
    pub(super) fn number(column: Vec<&'a str>, level: usize) -> Self {
        Self { class: Class::Numbers(NONE), column, level, whole: true, piece: None, joint: "/" }
    }

    /// The same for some of the files.
    pub(super) fn only(&self, chosen: &[usize]) -> Self {
        let column = chosen.iter().map(|at| self.column[*at]).collect();
        Self { class: self.class.clone(), column, level: self.level, whole: self.whole, piece: self.piece, joint: self.joint }
    }

    /// The label of its words.
    fn word(&self) -> String {
        match self.piece {
            Some(piece) => format!("label.level{}.{piece}", self.level),
            None => format!("label.level{}", self.level),
        }
    }

    /// What varies of each text.
    pub(super) fn middles(&self) -> Vec<&'a str> {
        match &self.class {
            Class::Numbers(affix) | Class::Words(affix) => self.column.iter().map(|text| affix.middle(text)).collect(),
            _ => self.column.clone(),
        }
    }

    /// Its piece of the template, and the name in it when that is new.
    pub(super) fn text(&self, naming: &mut Naming, earlier: &[Part<'_>]) -> (String, Option<String>) {
        let (affix, name, restriction) = match &self.class {
            Class::Constant => {
                naming.pass(self.column[0]);
                return (escaped(self.column[0]), None);
            }
            Class::Same { part, affix } => return (between(*affix, &earlier[*part].word(), ""), None),
            Class::Date => naming.date(self.level),
            Class::Host => (NONE, naming.field("host", self.level), ""),
            Class::Arch => (NONE, naming.field("arch", self.level), ""),
            Class::Microarch => (NONE, naming.field("microarch", self.level), ""),
            Class::Numbers(affix) => naming.number(*affix, self),
            Class::Words(affix) => (*affix, self.word(), ""),
        };
        (between(affix, &name, restriction), Some(name))
    }
}

/// What people call repetitions.
const REPETITIONS: [&str; 8] = ["iter", "iteration", "rep", "repeat", "repetition", "round", "run", "trial"];

/// Whether a text is the number of a repetition: `iter1`, `run_3`.
fn is_repetition(text: &str) -> bool {
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    word.len() < text.len() && REPETITIONS.contains(&word.trim_end_matches(['_', '-', '.']).to_ascii_lowercase().as_str())
}

const NONE: Affix<'static> = Affix { before: "", behind: "" };

fn between(affix: Affix<'_>, name: &str, restriction: &str) -> String {
    format!("{}{{{name}{restriction}}}{}", escaped(affix.before), escaped(affix.behind))
}

/// A text as a template has to write it.
fn escaped(text: &str) -> String {
    let escape = |c: char| matches!(c, '{' | '}' | '[' | ']' | '*' | '\\').then_some('\\').into_iter().chain([c]);
    text.chars().flat_map(escape).collect()
}

/// The names that are taken; asked from the innermost part on.
#[derive(Debug)]
pub(super) struct Naming {
    /// Whether the files say when their runs started: a date in the path would be put above that.
    dated: bool,
    taken: HashSet<String>,
}

impl Naming {
    pub(super) fn new(dated: bool) -> Self {
        Self { dated, taken: HashSet::new() }
    }

    /// Passes what never changes: where it is the repetition, no number further out is.
    fn pass(&mut self, constant: &str) {
        if is_repetition(constant) {
            self.taken.insert("repeat".to_owned());
        }
    }

    /// A field for the first that asks, a label for the others.
    fn field(&mut self, name: &str, level: usize) -> String {
        if self.taken.insert(name.to_owned()) { name.to_owned() } else { self.label(name, level) }
    }

    /// A label of its own.
    fn label(&mut self, key: &str, level: usize) -> String {
        let name = format!("label.{key}");
        if self.taken.insert(name.clone()) { name } else { format!("{name}{level}") }
    }

    fn date(&mut self, level: usize) -> (Affix<'static>, String, &'static str) {
        let name = if self.dated { self.label("date", level) } else { self.field("date", level) };
        let restriction = if name == "date" { "" } else { ":@date" };
        (NONE, name, restriction)
    }

    /// The repetition, or a label by the word before the number.
    fn number<'a>(&mut self, affix: Affix<'a>, part: &Part<'_>) -> (Affix<'a>, String, &'static str) {
        let short = part.middles().iter().all(|digits| digits.len() < 10);
        let repeats = !affix.before.is_empty() || part.whole;
        if short && repeats && self.taken.insert("repeat".to_owned()) {
            return (affix, "repeat".to_owned(), "");
        }
        let odd = |c: char| !c.is_ascii_alphanumeric();
        let key: String = affix.before.trim_matches(odd).chars().map(|c| if odd(c) { '_' } else { c }).collect();
        let key = if key.is_empty() { "number" } else { &key };
        (affix, self.label(key, part.level), ":[0-9]+")
    }
}
