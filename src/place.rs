//! Gives each run its experiment, tool, environment, host and labels, each with its origin.
//!
//! Strongest first: what was given on the command line; the side files ([`Sidecar`]), the nearest before those further up; the path,
//! read by a template ([`layout`]); lines between the outputs; what the file says of itself; captured system files beside it; this
//! machine. What is unknown stays unknown, and what a weaker voice says otherwise is told.

mod around;
pub mod captured;
mod facts;
mod last;
pub mod layout;
mod local;
mod resolve;
mod sidecar;
mod voices;

use std::sync::{Arc, OnceLock};

use crate::model::Parsed;

pub use around::{Around, MORE, Says, Seen, Side};
pub use captured::Captured;
pub use facts::Facts;
use last::Last;
pub use layout::Layouts;
pub use local::Local;
pub use sidecar::{MAX_SIDECAR, SIDECAR_NAME, Sidecar, SidecarError};

/// What was given on the command line.
#[derive(Debug, Default)]
pub struct PlaceOptions {
    /// What is said of every run.
    pub given: Facts,
    /// How paths below the argument are read; without any, the side files say.
    pub layouts: Layouts,
    /// This machine, when the files come from it.
    pub local: Option<Local>,
}

/// Whether a file of this name is a side file.
pub fn is_sidecar(name: &str) -> bool {
    name == SIDECAR_NAME
}

/// Whether a file of this name may say something of those beside and below it.
pub fn speaks(name: &str) -> bool {
    is_sidecar(name) || captured::may_be(name)
}

/// Places runs.
#[derive(Debug)]
pub struct Placer {
    options: PlaceOptions,
    /// This machine, when the option asks for it.
    here: Option<Facts>,
    /// This machine, when a side file asks for it.
    local: OnceLock<Facts>,
}

impl Placer {
    /// A placer for these options.
    pub fn new(mut options: PlaceOptions) -> Self {
        let here = options.local.take().map(Facts::from);
        Self { options, here, local: OnceLock::new() }
    }

    /// Begins to place sources, one after another.
    pub fn placing(&self) -> Placing<'_> {
        Placing { placer: self, last: Last::default() }
    }

    /// This machine, when the files come from it.
    fn local(&self, around: Option<&Around>) -> Option<&Facts> {
        let asked = || around.is_some_and(Around::is_local).then(|| self.local.get_or_init(|| Facts::from(Local::read())));
        self.here.as_ref().or_else(asked)
    }
}

/// Places sources one after another, each worker its own. It remembers the last placements: nearly always the next run has one of them.
#[derive(Debug)]
pub struct Placing<'a> {
    placer: &'a Placer,
    last: Last,
}

impl Placing<'_> {
    /// Gives each run of a source its place. `tool` is the name of the tool that writes the format of the source, `text` what the
    /// parser has read.
    pub fn place(&mut self, parsed: &mut Parsed, tool: &str, text: &str, around: Option<&Arc<Around>>) {
        let Placer { options, .. } = self.placer;
        let local = self.placer.local(around.map(Arc::as_ref));
        resolve::Resolver { options, local, around, tool }.place(parsed, text, &mut self.last);
    }
}
