//! The option that judges by weights that were learnt.

use std::fs;
use std::path::PathBuf;

use super::exit::Usage;
use crate::judge::Weighing;

/// By which weights results are judged.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct WeightsArgs {
    /// Judge by the weights of a file that `prc-etl trust fit --out` wrote, and say their version
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
}

impl WeightsArgs {
    /// The weights of the file, or those that everybody has.
    pub(super) fn read(&self) -> anyhow::Result<Weighing> {
        let Some(path) = &self.weights else { return Ok(Weighing::default()) };
        let refused = |reason: String| Usage(format!("--weights {}: {reason}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        Ok(Weighing::read(&text).map_err(|error| refused(error.to_string()))?)
    }

    /// Whether the results are judged by other weights than usual.
    pub(super) fn is_given(&self) -> bool {
        self.weights.is_some()
    }
}
