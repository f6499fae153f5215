//! Files that say what names mean, or which names a machine has: text in, statements out.
//!
//! Every reader takes a file whole or refuses it with the line and the reason. What a file says and the catalogue has no place for
//! (metrics, events without encoding) is given back as left out, with the reason, and never silently passed over.

pub mod cpus;
pub mod libpfm;
pub mod oprofile;
pub mod papi;
pub mod perf_list;
pub mod sysfs;
pub mod vendor;

use std::fmt;

use super::Tool;

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The file, as it was given to the reader.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; nothing was changed", self.file, self.line, self.reason)
    }
}

impl std::error::Error for Malformed {}

/// What a file says of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The tool whose name it is.
    pub tool: Tool,
    /// The name.
    pub name: String,
    /// The spelling that it stands for and the tool that writes so; `None` when the name is only said to be there or not.
    pub means: Option<(Tool, String)>,
    /// Whether the machine has it.
    pub supported: bool,
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

/// What a reader made of its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What they say.
    pub told: Vec<Told>,
    /// Reasons for which something was left out, each with how often.
    pub left_out: Vec<(String, usize)>,
}

/// Finds the lines of names in JSON, which come in the order of the text.
struct Lines<'a> {
    rest: &'a str,
    last: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, last: 1 }
    }

    /// The line of the next occurrence; the last known line when it is written with other escapes.
    fn of(&mut self, name: &str) -> usize {
        let quoted = serde_json::Value::from(name).to_string();
        if let Some(at) = self.rest.find(&quoted) {
            let (before, after) = self.rest.split_at(at);
            self.last += before.matches('\n').count();
            self.rest = &after[quoted.len()..];
        }
        self.last
    }
}

/// A number, hexadecimal with `0x`, else decimal.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')),
        None => text.parse().ok().filter(|_| !text.starts_with('+')),
    }
}

impl Reading {
    /// Counts what was left out for a reason.
    pub fn leave_out(&mut self, reason: &str, count: usize) {
        match self.left_out.iter_mut().find(|(known, _)| known == reason) {
            Some((_, all)) => *all += count,
            None => self.left_out.push((reason.to_owned(), count)),
        }
    }

    /// Takes what is said of a name, unless it was said before; a second meaning for one name is an error.
    pub fn take(&mut self, told: Told) -> Result<(), Malformed> {
        let pmu =
            |means: &Option<(Tool, String)>| means.as_ref().and_then(|(_, text)| Some(text.split_once('/')?.0.to_owned()));
        let is_rival =
            |other: &&Told| other.tool == told.tool && other.name == told.name && pmu(&other.means) == pmu(&told.means);
        match self.told.iter().find(is_rival) {
            None => self.told.push(told),
            Some(other) if other.means == told.means && other.supported == told.supported => {}
            Some(other) => {
                let shown = |told: &Told| match &told.means {
                    Some((_, means)) => means.clone(),
                    None => format!("supported: {}", told.supported),
                };
                let reason =
                    format!("'{}' is {}, but {}:{} has {}", told.name, shown(&told), other.file, other.line, shown(other));
                return Err(Malformed { file: told.file, line: told.line, reason });
            }
        }
        Ok(())
    }
}
