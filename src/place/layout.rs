//! Templates that tell what the parts of a path, or of a line of text, mean.
//!
//! # The language
//! A template is held against the whole path below a directory, with `/` between the parts.
//!
//! | written | stands for |
//! |---|---|
//! | `{name}` | one or more characters within one part: the value of a field |
//! | `{name:REGEX}` | what the regular expression allows of that: `{host:node[0-9]+}`; braces inside are in pairs |
//! | `{name:@date}` | a date, whatever the name |
//! | `*` | any characters within one part, none as well |
//! | `**` | any number of whole parts |
//! | `[...]` | what may be missing: `{host}[/{label.governor}]/perf.txt` |
//! | `\` | the next character, whatever it is |
//! | anything else | itself |
//!
//! `regex:` in front makes the rest one regular expression for the whole path; its named groups are the names.
//!
//! Names are the fields of [`Field`]; every other name is the key of a label, and `label.NAME` always is. `repeat`, `family`, `model` and
//! `stepping` are decimal numbers; a `date` is written year first, [`date_micros`] gives its time. A name that is used twice must
//! have the same value in both places.
//!
//! A [`TextPattern`] is the same for a whole line: `/` is a character like others, a blank stands for any blanks, those at the ends
//! of the line are left out, and a value neither begins nor ends with one.
//!
//! # Nothing is guessed
//! `{a}_{b}` fits `x_y_z` in two ways. Which one is meant, the path does not say: no value is taken, and the reason shows them and
//! the way out, `{a:[^_]+}_{b}`. All ways are looked at, not the first that an engine finds. Ways that differ only in what has no
//! name (`*`) are the same reading.

mod date;
mod error;
mod field;
mod restriction;
mod template;
mod ways;

#[cfg(test)]
mod tests;

use std::str::FromStr;

use regex::{Regex, RegexBuilder};
use regex_automata::nfa::thompson::NFA;
use regex_automata::util::primitives::PatternID;

pub use date::micros as date_micros;
pub use error::LayoutError;
pub use field::Field;
use template::{Draft, Name, Subject};
use ways::{Values, Ways};

/// Most memory that the automaton of one template may take, in bytes.
const MAX_AUTOMATON: usize = 1 << 20;

/// What a template says about a path or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The values of the names, in order of the template. Names in parts that are missing are left out.
    Matched(Vec<(Field, String)>),
    /// It is about others.
    NoMatch,
    /// It fits, and gives no values for this reason: two readings, two values of one name, an impossible date or number.
    Refused(String),
}

/// A template for paths.
#[derive(Debug, Clone)]
pub struct Layout(Pattern);

impl Layout {
    /// What the template says about a path: relative, with `/` between the parts.
    pub fn read(&self, path: &str) -> Reading {
        self.0.read(path)
    }

    /// The template as it was given.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl FromStr for Layout {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Self, LayoutError> {
        Pattern::new(text, Subject::Path).map(Self)
    }
}

/// Templates for paths, of which the first that fits is meant.
#[derive(Debug, Clone, Default)]
pub struct Layouts(pub Vec<Layout>);

impl Layouts {
    /// What the first template that fits says. One that fits and refuses is not passed over.
    pub fn read(&self, path: &str) -> Reading {
        let readings = self.0.iter().map(|layout| layout.read(path));
        readings.into_iter().find(|reading| *reading != Reading::NoMatch).unwrap_or(Reading::NoMatch)
    }
}

/// A template for lines of text.
#[derive(Debug, Clone)]
pub struct TextPattern(Pattern);

impl TextPattern {
    /// What the pattern says about a line.
    pub fn read(&self, line: &str) -> Reading {
        self.0.read(line.trim())
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl FromStr for TextPattern {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Self, LayoutError> {
        Pattern::new(text, Subject::Line).map(Self)
    }
}

/// A template, ready to be held against texts.
#[derive(Debug, Clone)]
struct Pattern {
    text: String,
    /// Tells fast whether a text fits.
    fits: Regex,
    /// Shows all ways in which it does.
    nfa: NFA,
    slots: Vec<Slot>,
}

/// A name and its group.
#[derive(Debug, Clone)]
struct Slot {
    name: Name,
    group: usize,
    optional: bool,
}

impl Pattern {
    fn new(text: &str, subject: Subject) -> Result<Self, LayoutError> {
        let Draft { pattern, names } = template::draft(text, subject)?;
        let large = || LayoutError::new(text, 0, "the template is too large; use fewer or smaller repetitions such as {1,100}");
        let fits = RegexBuilder::new(&pattern).size_limit(MAX_AUTOMATON).build().map_err(|_| large())?;
        let config = NFA::config().nfa_size_limit(Some(MAX_AUTOMATON));
        let nfa = NFA::compiler().configure(config).build(&pattern).map_err(|_| large())?;
        let slot = |name: Name| {
            let group = nfa.group_info().to_index(PatternID::ZERO, &name.group)?;
            Some(Slot { name, group, optional: ways::is_optional(&nfa, group) })
        };
        let slots = names.into_iter().filter_map(slot).collect();
        Ok(Self { text: text.to_owned(), fits, nfa, slots })
    }

    fn read(&self, text: &str) -> Reading {
        if !self.fits.is_match(text) {
            return Reading::NoMatch;
        }
        let ways = Ways::new(&self.nfa, text);
        let values: Vec<(&Name, Values<'_>)> =
            self.slots.iter().map(|slot| (&slot.name, ways.values(slot.group, slot.optional))).collect();
        self.judge(&values).map_or_else(Reading::Refused, Reading::Matched)
    }

    /// The values, or why there are none.
    fn judge(&self, values: &[(&Name, Values<'_>)]) -> Result<Vec<(Field, String)>, String> {
        let mut several: Vec<String> = values.iter().filter_map(|(name, values)| choice(name, values)).collect();
        several.dedup();
        if let Some((name, Values::Several(first, second))) = values.iter().find(|(_, v)| matches!(v, Values::Several(..))) {
            let way_out = self.way_out(name, first, *second);
            return Err(format!("'{}' fits in more than one way: {}; {way_out}", self.text, several.join(", ")));
        }
        let mut taken: Vec<(Field, String)> = Vec::new();
        for (name, value) in values {
            let Values::One(text) = value else { continue };
            take(&mut taken, name, text)?;
        }
        Ok(taken)
    }

    fn way_out(&self, name: &Name, first: &str, second: Option<&str>) -> String {
        let name = &name.written;
        if self.text.starts_with("regex:") {
            return format!("let the group '{name}' stand for less");
        }
        let separator = [first, second.unwrap_or_default()].concat().chars().find(|c| c.is_ascii_punctuation() && *c != '/');
        let example = separator.map_or("[a-z]+".to_owned(), |c| format!("[^{}]+", regex_syntax::escape(&c.to_string())));
        format!("restrict it with a pattern, such as {{{name}:{example}}}")
    }
}

fn choice(name: &Name, values: &Values<'_>) -> Option<String> {
    match values {
        Values::Several(first, Some(second)) => Some(format!("{} can be '{first}' or '{second}'", name.written)),
        Values::Several(first, None) => Some(format!("{} can be '{first}' or missing", name.written)),
        _ => None,
    }
}

/// Takes a value, which must be one, and the same as where its name stood before.
fn take(taken: &mut Vec<(Field, String)>, name: &Name, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if let Some(objection) = name.kind.objection(text) {
        return Err(format!("{} '{text}' {objection}", name.written));
    }
    match taken.iter().find(|(field, _)| *field == name.field) {
        Some((_, earlier)) if earlier != text => {
            Err(format!("{} is '{earlier}' in one place and '{text}' in another", name.written))
        }
        Some(_) => Ok(()),
        None => {
            taken.push((name.field.clone(), text.to_owned()));
            Ok(())
        }
    }
}
