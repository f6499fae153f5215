//! Options on what is known already.

use super::target::Target;
use crate::model::{Candidate, Standing};
use crate::parse;
use crate::pipeline::{Checks, Wanted};
use crate::store::{Rules, StoreError};

/// What is loaded again, and what is not.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is known already (a source is known by its content and its path below the argument)")]
pub(super) struct KnownArgs {
    /// Read every file, also those whose location, size and time of last change are known
    #[arg(long)]
    rehash: bool,

    /// Load files again that an older version of their parser has read, or whose side files have changed, in place of their rows
    #[arg(long)]
    stale: bool,

    /// New content under a known path below the argument replaces all rows of that path, wherever that file lay
    ///
    /// For a tree that moved and went on. Without it, such a file is added beside the earlier one. The rows that it replaces are deleted;
    /// of two such files in one import the last in the order of locations stays. Every file is read (as with --rehash); standard
    /// input replaces nothing.
    #[arg(long)]
    replace: bool,

    /// What makes a source the same
    #[arg(long, value_enum, value_name = "BY", default_value_t = Identity::Path)]
    identity: Identity,
}

/// What makes a source the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Identity {
    /// Content and path below the argument
    Path,
    /// Content alone: a copy under another path is counted, and not loaded
    Content,
}

impl KnownArgs {
    /// What they mean for the database.
    pub(super) fn rules(&self) -> Rules {
        Rules {
            content_once: self.identity == Identity::Content,
            replace: self.replace,
            stale: self.stale,
            current_version: parse::current_version,
        }
    }

    /// What need not be opened.
    ///
    /// Under `--replace` a file that is known when it is met can be replaced before the import ends, so that nothing is relied on.
    pub(super) fn checks(
        &self,
        target: &Target,
        wanted: Wanted,
    ) -> Result<Checks<impl FnMut(&[Candidate]) -> Answer + Send + use<>>, StoreError> {
        let ledger = if self.rehash || self.replace { None } else { target.ledger(self.rules())? };
        let known = ledger.map(|mut ledger| move |files: &[Candidate]| ledger.standing(files));
        Ok(Checks { known, wanted })
    }
}

/// What the ledger says of a group of files.
type Answer = Result<Vec<Standing>, StoreError>;
