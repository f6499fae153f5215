//! The side file `prc.toml`: says once, for a whole directory, where its runs belong.

mod reader;

use std::fmt;

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

use super::Facts;
use super::layout::{Field, Layouts, TextPattern};
use crate::model::{ToolName, without_compression};
use reader::{Entry, Table};

/// Name of a side file.
pub const SIDECAR_NAME: &str = "prc.toml";

/// Largest side file, in bytes.
pub const MAX_SIDECAR: usize = 64 << 10;

/// Most patterns of one key.
const MAX_PATTERNS: usize = 256;

/// What a side file says. What it does not say is `None`, and a side file further up may say it.
#[derive(Debug, Default)]
pub struct Sidecar {
    /// Facts of every run.
    pub facts: Facts,
    /// Whether the files come from this machine.
    pub local: Option<bool>,
    /// How paths below its directory are read.
    pub layouts: Option<Layouts>,
    /// How lines between outputs are read.
    pub text: Option<Vec<TextPattern>>,
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
    formats: Vec<(GlobMatcher, String)>,
}

/// Why a side file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidecarError {
    /// Line, from 1; 0 for the whole file.
    pub line: u32,
    /// Column in characters, from 1; 0 for the whole line.
    pub column: u32,
    /// What is wrong, with the key, and the way out.
    pub reason: String,
}

impl fmt::Display for SidecarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason),
            line => write!(f, "line {line}, column {}: {}", self.column, self.reason),
        }
    }
}

impl std::error::Error for SidecarError {}

/// Keys of a side file.
const KEYS: &[&str] = &[
    "experiment",
    "tool",
    "host",
    "date",
    "local",
    "layout",
    "include",
    "exclude",
    "text",
    "environment",
    "labels",
    "formats",
];

/// Keys of its table `environment`.
const ENVIRONMENT_KEYS: &[&str] = &["arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"];

impl Sidecar {
    /// Reads a side file. `formats` are the names that its table `formats` may give.
    pub fn parse(text: &str, formats: &[&str]) -> Result<Self, SidecarError> {
        if text.len() > MAX_SIDECAR {
            let reason = format!("{} bytes; a side file has at most {MAX_SIDECAR}", text.len());
            return Err(SidecarError { line: 0, column: 0, reason });
        }
        let mut sidecar = Self::default();
        for entry in Table::parse(text)?.entries(KEYS)? {
            sidecar.take(&entry, formats)?;
        }
        Ok(sidecar)
    }

    fn take(&mut self, entry: &Entry<'_>, formats: &[&str]) -> Result<(), SidecarError> {
        match entry.key() {
            "experiment" => self.facts.experiment = Some(entry.text()?),
            "tool" => self.facts.tool = Some(entry.parsed::<ToolName>(&entry.text()?)?),
            "host" => self.facts.host = Some(entry.text()?),
            "date" => self.facts.started_at = Some(entry.date()?),
            "local" => self.local = Some(entry.boolean()?),
            "layout" => self.layouts = Some(Layouts(patterns(entry)?)),
            "text" => self.text = Some(patterns(entry)?),
            "include" => self.include = Some(globs(entry)?),
            "exclude" => self.exclude = Some(globs(entry)?),
            "environment" => self.environment(&entry.table()?)?,
            "labels" => self.labels(&entry.table()?)?,
            _ => self.formats(&entry.table()?, formats)?,
        }
        Ok(())
    }

    fn environment(&mut self, table: &Table<'_>) -> Result<(), SidecarError> {
        let machine = &mut self.facts.environment;
        for entry in table.entries(ENVIRONMENT_KEYS)? {
            match entry.key() {
                "arch" => machine.arch = Some(entry.text()?),
                "vendor" => machine.vendor = Some(entry.text()?),
                "family" => machine.family = Some(entry.number()?),
                "model" => machine.model = Some(entry.number()?),
                "stepping" => machine.stepping = Some(entry.number()?),
                "microarch" => machine.microarch = Some(entry.text()?),
                "kernel" => machine.kernel = Some(entry.text()?),
                _ => machine.virt = Some(entry.text()?),
            }
        }
        Ok(())
    }

    fn labels(&mut self, table: &Table<'_>) -> Result<(), SidecarError> {
        for entry in table.all() {
            Field::label(entry.key()).map_err(|reason| entry.error_at_key(format!("label '{}': {reason}", entry.key())))?;
            self.facts.labels.insert(entry.key().to_owned(), entry.label()?);
        }
        Ok(())
    }

    fn formats(&mut self, table: &Table<'_>, known: &[&str]) -> Result<(), SidecarError> {
        for entry in table.all() {
            let glob = glob(entry.key()).map_err(|reason| entry.error_at_key(reason))?.compile_matcher();
            let format = entry.text()?;
            if !known.contains(&format.as_str()) {
                return Err(entry.error(reader::unknown("format", &format, known)));
            }
            self.formats.push((glob, format));
        }
        Ok(())
    }

    /// Whether a file is wanted, by its path below the directory of this side file; `None` when it does not say.
    ///
    /// `may_hold` says that the file is an archive, which is opened whatever its own name: its members are judged by theirs.
    /// A compressed file is meant by its name with and without the suffix: once it is read it has none.
    pub(super) fn admits(&self, path: &str, may_hold: bool) -> (Option<bool>, Option<bool>) {
        let meant = |globs: &GlobSet| globs.is_match(path) || globs.is_match(without_compression(path));
        let included = self.include.as_ref().map(|globs| may_hold || meant(globs));
        (included, self.exclude.as_ref().map(meant))
    }

    /// The format that a file is to be read as, likewise.
    pub(super) fn format(&self, path: &str) -> Option<&str> {
        self.formats.iter().find(|(glob, _)| glob.is_match(path)).map(|(_, format)| format.as_str())
    }
}

/// One template or a list of them.
fn patterns<T>(entry: &Entry<'_>) -> Result<Vec<T>, SidecarError>
where
    T: std::str::FromStr,
    T::Err: fmt::Display,
{
    entry.list(MAX_PATTERNS)?.iter().map(|item| item.parsed(&item.text()?)).collect()
}

fn globs(entry: &Entry<'_>) -> Result<GlobSet, SidecarError> {
    let mut set = GlobSetBuilder::new();
    for item in entry.list(MAX_PATTERNS)? {
        set.add(glob(&item.text()?).map_err(|reason| item.error(reason))?);
    }
    set.build().map_err(|error| entry.error(error.to_string()))
}

/// `*` and `?` stay within a part of the path, `**` stands for any number of parts.
fn glob(pattern: &str) -> Result<globset::Glob, String> {
    GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
