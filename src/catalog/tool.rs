//! The tools whose spellings the catalogue knows.

use std::fmt;
use std::str::FromStr;

/// Who wrote a spelling. Equal texts of two tools are two spellings: nothing is concluded from an equal name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    /// `perf stat` and its kin.
    Perf,
    /// `OProfile`: `operf`, `ocount`, `opreport`.
    Oprofile,
    /// PAPI: presets, and native events by their names in libpfm4.
    Papi,
    /// libpfm4, as its own programs or `perf stat --pfm-events` take a name.
    Libpfm4,
}

impl Tool {
    /// Every tool with its word.
    pub const WORDS: [(Self, &'static str); 4] =
        [(Self::Perf, "perf"), (Self::Oprofile, "oprofile"), (Self::Papi, "papi"), (Self::Libpfm4, "libpfm4")];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tool {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::WORDS.into_iter().find(|(_, word)| *word == text).map(|(tool, _)| tool);
        known.ok_or_else(|| format!("'{text}' is no tool of the catalogue: perf, oprofile, papi, libpfm4"))
    }
}
