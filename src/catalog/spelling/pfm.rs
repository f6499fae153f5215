//! Spellings of libpfm4, which PAPI takes too (libpfm4, `docs/man3/pfm_get_os_event_encoding.3`).

use std::fmt;

use super::{Modifiers, Name, unreadable};

/// A part of a spelling that may have a value: `RFO_HIT`, `c=1`, `event=0x3c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// What stands before `=`.
    pub key: String,
    /// What stands after it; `None` for a bare word.
    pub value: Option<String>,
}

impl Attribute {
    pub(super) fn read(text: &str) -> Self {
        match text.split_once('=') {
            Some((key, value)) => Self { key: key.to_owned(), value: Some(value.to_owned()) },
            None => Self { key: text.to_owned(), value: None },
        }
    }

    /// Its value as a number, decimal or with `0x`; a bare word is 1.
    pub fn number(&self) -> Option<u64> {
        let Some(value) = &self.value else { return Some(1) };
        let digits = value.strip_prefix("0x").or_else(|| value.strip_prefix("0X"));
        match digits {
            _ if value.starts_with('+') => None,
            Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
            Some(_) => None,
            None => value.parse().ok(),
        }
    }

    /// Whether it is set: `u`, `u=1`, `u=y`; `None` when its value says neither.
    pub(in crate::catalog) fn flag(&self) -> Option<bool> {
        match self.value.as_deref() {
            None | Some("1" | "y" | "Y" | "t" | "T" | "on" | "ON") => Some(true),
            Some("0" | "n" | "N" | "f" | "F" | "off" | "OFF") => Some(false),
            Some(_) => None,
        }
    }

    /// libpfm4: whether it says how to count (`u`, `period=1000`) or changes the encoding (`c=1`), and is no unit mask.
    ///
    /// Their case does not matter, but for `E` and `I`, which are unit masks in some tables and edge and inversion elsewhere.
    pub fn is_modifier(&self) -> bool {
        const BARE: &[&str] = &["u", "k", "h", "t", "mg", "mh", "excl", "pinned", "precise", "hw_smpl", "intx", "intxcp"];
        let is_bare = || BARE.iter().any(|word| word.eq_ignore_ascii_case(&self.key));
        self.value.is_some() || is_bare() || matches!(self.key.as_str(), "e" | "i")
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        self.value.iter().try_for_each(|value| write!(f, "={value}"))
    }
}

pub(super) fn read(text: &str) -> (Name, Modifiers) {
    if text.contains(char::is_whitespace) {
        return (unreadable(text, "a name of libpfm4 or PAPI has no blanks"), Modifiers::default());
    }
    if !text.contains(':') {
        return (Name::Plain(text.to_owned()), Modifiers::default());
    }
    let name = parts(text);
    let modifiers = if let Name::Parts { attributes, .. } = &name { modifiers(attributes) } else { Modifiers::default() };
    (name, modifiers)
}

/// A text with colons.
pub(super) fn parts(text: &str) -> Name {
    let (pmu, rest) = match text.split_once("::") {
        Some((pmu, rest)) => (Some(pmu.to_owned()), rest),
        None => (None, text),
    };
    let mut pieces = rest.split(':');
    let event = pieces.next().unwrap_or_default().to_owned();
    let attributes: Vec<Attribute> = pieces.map(Attribute::read).collect();
    let hollow = event.is_empty() || pmu.as_deref() == Some("") || attributes.iter().any(|attribute| attribute.key.is_empty());
    if hollow { unreadable(text, "a part between two colons is empty") } else { Name::Parts { pmu, event, attributes } }
}

fn modifiers(attributes: &[Attribute]) -> Modifiers {
    let last =
        |key: &str| attributes.iter().rfind(|attribute| attribute.is_modifier() && attribute.key.eq_ignore_ascii_case(key));
    let flag = |key: &str| last(key).and_then(Attribute::flag);
    let number = |key: &str| last(key).and_then(Attribute::number);
    let guest_or_host = [("mg", 'G'), ("mh", 'H')].into_iter().filter(|(key, _)| flag(key) == Some(true));
    Modifiers {
        letters: String::new(),
        scope: Modifiers::rings(flag("u"), flag("k")),
        precise: number("precise").and_then(|level| u8::try_from(level).ok()).unwrap_or(0),
        period: number("period"),
        guest_or_host: guest_or_host.map(|(_, letter)| letter).collect(),
    }
}
