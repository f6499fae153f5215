//! What is read and by how many workers, the same for all commands that read files.

use crate::place::layout::Field;
use std::path::PathBuf;

use crate::pipeline;

/// Paths and workers.
#[derive(Debug, clap::Args)]
pub(super) struct InputArgs {
    /// Directories and files to read; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Number of workers [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

impl InputArgs {
    /// Number of workers.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.map_or_else(pipeline::default_jobs, usize::from)
    }
}

/// `KEY=VALUE`.
pub(super) fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => {
            Field::label(key)?;
            Ok((key.to_owned(), value.to_owned()))
        }
        _ => Err("write KEY=VALUE, for example dimm=4GB".to_owned()),
    }
}
