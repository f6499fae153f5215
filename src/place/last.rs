//! The placements of the runs before.
//!
//! Files of a directory differ in their numbers and hardly ever in where they belong. What they share is weighed, made and checked once,
//! and is one value in memory, which the writer knows by its address.

use std::sync::Arc;

use super::{Around, Facts};
use crate::model::{Context, Placement, Run};

/// All that the placement of a run follows from, beside what is the same for every source that a [`super::Placing`] places.
#[derive(Debug)]
pub(super) struct Basis<'a> {
    pub(super) around: Option<&'a Arc<Around>>,
    /// The tool that writes the format.
    pub(super) tool: &'a str,
    pub(super) run: &'a Run,
    /// Name of the directory that holds the source.
    pub(super) directory: Option<&'a str>,
    /// What the path says, what the lines before the run say, and what the source says of itself.
    pub(super) path: &'a Facts,
    pub(super) between: &'a Facts,
    pub(super) said: &'a Context,
}

/// The same, kept.
#[derive(Debug)]
struct Kept {
    /// Holding it keeps its address from coming to mean another one.
    around: Option<Arc<Around>>,
    tool: String,
    tool_version: Option<String>,
    command: Option<String>,
    states_its_start: bool,
    directory: Option<String>,
    path: Facts,
    between: Facts,
    said: Context,
}

impl Kept {
    fn of(basis: &Basis<'_>) -> Self {
        let &Basis { around, tool, run, directory, path, between, said } = basis;
        Self {
            around: around.cloned(),
            tool: tool.to_owned(),
            tool_version: run.tool_version.clone(),
            command: run.command.clone(),
            states_its_start: run.started_at.is_some(),
            directory: directory.map(str::to_owned),
            path: path.clone(),
            between: between.clone(),
            said: said.clone(),
        }
    }

    fn is(&self, basis: &Basis<'_>) -> bool {
        let &Basis { around, tool, run, directory, path, between, said } = basis;
        self.around.as_ref().map(Arc::as_ptr) == around.map(Arc::as_ptr)
            && self.directory.as_deref() == directory
            && (self.tool.as_str(), &self.tool_version, &self.command) == (tool, &run.tool_version, &run.command)
            && self.states_its_start == run.started_at.is_some()
            && (&self.path, &self.between, &self.said) == (path, between, said)
    }
}

/// What weighing the voices gave.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) placement: Arc<Placement>,
    /// Start of a run that states none, microseconds since the epoch.
    pub(super) started_at: Option<i64>,
    /// What was said otherwise by weaker voices.
    pub(super) contradictions: Vec<String>,
}

/// Placements that are remembered: the outputs of some tools and commands, side by side in a directory.
const MOST: usize = 8;

/// The last placements and what each followed from.
#[derive(Debug, Default)]
pub(super) struct Last {
    known: Vec<(Kept, Weighed)>,
    /// Where the next one is kept, in place of the oldest.
    oldest: usize,
}

impl Last {
    /// What follows from this: what it was before, or what `weigh` finds.
    pub(super) fn weighed(&mut self, basis: &Basis<'_>, weigh: impl FnOnce() -> Weighed) -> &Weighed {
        let known = self.known.iter().position(|(kept, _)| kept.is(basis));
        let at = known.unwrap_or_else(|| self.keep((Kept::of(basis), weigh())));
        &self.known[at].1
    }

    fn keep(&mut self, new: (Kept, Weighed)) -> usize {
        let at = self.oldest;
        self.oldest = (at + 1) % MOST;
        if at < self.known.len() {
            self.known[at] = new;
        } else {
            self.known.push(new);
        }
        at
    }
}
