//! Weights of trust in a file, with a version of their own.

use std::fmt::Write;

use crate::model::Digest;
use crate::stats::trust::{VERSION, Weights};

/// Weights, and what coefficients that were computed with them are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighing {
    /// The weights.
    pub weights: Weights,
    /// `trust-1`, or `trust-1+fit-` and the digest of the weights.
    pub version: String,
}

/// Why a file has no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// It is not the TOML that is written.
    #[error("no valid TOML: {0}")]
    Syntax(String),
    /// A weight or the version is missing or of another kind.
    #[error("'{0}' is missing or no {1}")]
    Missing(&'static str, &'static str),
    /// Something is there that nobody would read.
    #[error("unknown key '{0}'")]
    Unknown(String),
    /// The weights are not those that the version was made of.
    #[error("version '{found}' is not that of these weights, which are '{expected}': changed by hand?")]
    Version {
        /// What the file says.
        found: String,
        /// What its weights make.
        expected: String,
    },
}

impl Default for Weighing {
    fn default() -> Self {
        Self { weights: Weights::DEFAULT, version: VERSION.to_owned() }
    }
}

impl Weighing {
    /// Weights that were learnt: the same weights have the same version everywhere.
    pub fn fitted(weights: Weights) -> Self {
        let digest = Digest::of(table(&weights).as_bytes()).to_string();
        Self { weights, version: format!("{VERSION}+fit-{}", &digest[..12]) }
    }

    /// The content of a file. Numbers are written so that they are read back to the last bit.
    pub fn to_toml(&self) -> String {
        format!("version = \"{}\"\n\n[weights]\n{}", self.version, table(&self.weights))
    }

    /// Reads what [`to_toml`](Self::to_toml) writes; comments may be added.
    ///
    /// # Errors
    /// Something is missing, unknown, or not what the version says.
    pub fn read(text: &str) -> Result<Self, WeightsError> {
        let file: toml::Table =
            text.parse().map_err(|error: toml::de::Error| WeightsError::Syntax(error.message().to_owned()))?;
        let found = file.get("version").and_then(toml::Value::as_str).ok_or(WeightsError::Missing("version", "text"))?;
        let weights = file.get("weights").and_then(toml::Value::as_table).ok_or(WeightsError::Missing("weights", "table"))?;
        let is_unknown = |known: &[&str], key: &&String| !known.contains(&key.as_str());
        let unknown = file.keys().find(|key| is_unknown(&["version", "weights"], key));
        if let Some(key) = unknown.or_else(|| weights.keys().find(|key| is_unknown(&Weights::NAMES, key))) {
            return Err(WeightsError::Unknown(key.clone()));
        }
        let mut list = [0.0; Weights::COUNT];
        for (weight, name) in list.iter_mut().zip(Weights::NAMES) {
            let number = weights.get(name).and_then(toml::Value::as_float).filter(|number| number.is_finite());
            *weight = number.ok_or(WeightsError::Missing(name, "number with a point"))?;
        }
        let read = Self::fitted(Weights::from_array(list));
        let (found, expected) = (found.to_owned(), read.version.clone());
        if found == expected { Ok(read) } else { Err(WeightsError::Version { found, expected }) }
    }
}

/// The weights, one a line.
fn table(weights: &Weights) -> String {
    let mut lines = String::new();
    for (name, weight) in Weights::NAMES.iter().zip(weights.to_array()) {
        // Writing to a text does not fail.
        let _ = writeln!(lines, "{name} = {weight:?}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt() -> Weighing {
        Weighing::fitted(Weights { prior: 0.1 + 0.2, mux: 2.0, ..Weights::DEFAULT })
    }

    #[test]
    fn weights_are_read_back_to_the_last_bit() {
        assert_eq!(Weighing::read(&learnt().to_toml()), Ok(learnt()));
        assert!(learnt().to_toml().contains("\nprior = 0.30000000000000004\nmux = 2.0\n"), "{}", learnt().to_toml());
    }

    #[test]
    fn every_change_of_a_weight_is_another_version() {
        let other = Weighing::fitted(Weights { prior: 0.3, ..learnt().weights });
        assert!(learnt().version.starts_with("trust-1+fit-") && learnt().version != other.version);
        assert_ne!(Weighing::fitted(Weights::DEFAULT).version, Weighing::default().version, "learnt, if equal");
    }

    #[test]
    fn what_is_not_what_was_written_is_refused_with_the_reason() {
        let text = learnt().to_toml();
        let error = |text: String| Weighing::read(&text).unwrap_err().to_string();
        assert!(error(text.replace("mux = 2.0", "mux = 2.5")).ends_with("changed by hand?"));
        assert_eq!(error(text.replace("mux = 2.0\n", "")), "'mux' is missing or no number with a point");
        assert_eq!(error(text.replace("mux = 2.0", "mux = nan")), "'mux' is missing or no number with a point");
        assert_eq!(error(text.replace("mux", "mix")), "unknown key 'mix'");
        assert_eq!(error(text.replace("version", "virsion")), "'version' is missing or no text");
        assert!(error("mux = ".to_owned()).starts_with("no valid TOML: "));
        assert_eq!(error(String::new()), "'version' is missing or no text");
    }
}
