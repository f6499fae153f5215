//! TOML with the place of everything, so that each error names line, column and key.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SidecarError;
use crate::place::layout::date_micros;

/// Names that differ by more are not what was meant.
const NEAR: f64 = 0.7;

/// A table of a side file.
pub(super) struct Table<'t> {
    text: &'t str,
    name: String,
    entries: DeTable<'t>,
}

/// A key with its value, or an item of a list.
pub(super) struct Entry<'a> {
    text: &'a str,
    key: &'a str,
    /// The key with the table it stands in: `environment.arch`.
    path: String,
    key_span: Range<usize>,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'t> Table<'t> {
    /// The file as a table.
    pub(super) fn parse(text: &'t str) -> Result<Self, SidecarError> {
        let entries = DeTable::parse(text).map_err(|error| {
            let reason = format!("no valid TOML: {}", error.message().trim_end());
            error_at(text, error.span().map_or(0, |span| span.start), reason)
        })?;
        Ok(Self { text, name: String::new(), entries: entries.into_inner() })
    }

    /// Every entry, in order of the keys.
    pub(super) fn all(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries.iter().map(|(key, value)| Entry {
            text: self.text,
            key: key.get_ref(),
            path: format!("{}{}", self.name, key.get_ref()),
            key_span: key.span(),
            value,
        })
    }

    /// The same, of a table that has known keys only.
    pub(super) fn entries(&self, known: &[&str]) -> Result<Vec<Entry<'_>>, SidecarError> {
        // The first wrong key of the file is told, not of the alphabet.
        let mut entries: Vec<Entry<'_>> = self.all().collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        match entries.iter().find(|entry| !known.contains(&entry.key)) {
            Some(entry) => Err(entry.error_at_key(unknown("key", &entry.path, known))),
            None => Ok(entries),
        }
    }
}

/// The sentence for a name that is not known, with the nearest that is.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let likeness = |known: &&str| strsim::jaro_winkler(&last.to_lowercase(), known);
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) >= NEAR) {
        Some(nearest) => format!("unknown {what} '{name}', did you mean '{nearest}'?"),
        None => format!("unknown {what} '{name}'; known are {}", known.join(", ")),
    }
}

impl<'a> Entry<'a> {
    pub(super) fn key(&self) -> &'a str {
        self.key
    }

    /// A text that is not empty.
    pub(super) fn text(&self) -> Result<String, SidecarError> {
        match self.value.get_ref().as_str() {
            Some("") => Err(self.error(format!("'{}' is empty; leave the key out when it is unknown", self.path))),
            Some(text) if text.contains('\0') => Err(self.error(format!("'{}' holds a NUL character", self.path))),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.expected("a text in quotes")),
        }
    }

    /// A text, or a number or truth value as written.
    pub(super) fn label(&self) -> Result<String, SidecarError> {
        match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            DeValue::Float(number) => Ok(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Ok(truth.to_string()),
            DeValue::String(_) => self.text(),
            _ => Err(self.expected("a text or a number")),
        }
    }

    /// A number that is not negative.
    pub(super) fn number(&self) -> Result<i32, SidecarError> {
        let number = self.value.get_ref().as_integer();
        let number = number.and_then(|number| i32::from_str_radix(number.as_str(), number.radix()).ok());
        number.filter(|number| *number >= 0).ok_or_else(|| self.expected("a number from 0 to 2147483647"))
    }

    /// A day, or a second of it, by the clock of the measured machine; microseconds since 1970-01-01 of that clock.
    pub(super) fn date(&self) -> Result<i64, SidecarError> {
        let text = match self.value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            _ => self.text()?,
        };
        date_micros(&text).ok_or_else(|| self.expected("a date such as 2026-11-22 or \"2026-11-22T20:41:07\""))
    }

    pub(super) fn boolean(&self) -> Result<bool, SidecarError> {
        self.value.get_ref().as_bool().ok_or_else(|| self.expected("true or false"))
    }

    /// A table; keys of tables above stand before its own in messages.
    pub(super) fn table(&self) -> Result<Table<'a>, SidecarError> {
        let entries = self.value.get_ref().as_table().ok_or_else(|| self.expected("a table"))?;
        Ok(Table { text: self.text, name: format!("{}.", self.path), entries: entries.clone() })
    }

    /// The items of a list; anything else is a list of one.
    pub(super) fn list(&self, most: usize) -> Result<Vec<Entry<'a>>, SidecarError> {
        let item =
            |value| Entry { text: self.text, key: self.key, path: self.path.clone(), key_span: self.key_span.clone(), value };
        let Some(items) = self.value.get_ref().as_array() else { return Ok(vec![item(self.value)]) };
        if items.len() > most {
            return Err(self.error(format!("'{}' has {} items; at most {most} are read", self.path, items.len())));
        }
        Ok(items.iter().map(item).collect())
    }

    /// A text in the type of its field.
    pub(super) fn parsed<T: FromStr>(&self, text: &str) -> Result<T, SidecarError>
    where
        T::Err: Display,
    {
        text.parse().map_err(|error| self.error(format!("'{}': {error}", self.path)))
    }

    fn expected(&self, what: &str) -> SidecarError {
        self.error(format!("'{}' must be {what}, not {}", self.path, self.value.get_ref().type_str()))
    }

    /// An error at the value.
    pub(super) fn error(&self, reason: String) -> SidecarError {
        error_at(self.text, self.value.span().start, reason)
    }

    /// An error at the key.
    pub(super) fn error_at_key(&self, reason: String) -> SidecarError {
        error_at(self.text, self.key_span.start, reason)
    }
}

fn error_at(text: &str, at: usize, reason: String) -> SidecarError {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
    SidecarError { line: count(before.matches('\n').count()), column: count(before[start..].chars().count()), reason }
}
