//! The database: the only module that knows diesel.
//!
//! [`Store::open`] takes a [`DatabaseUrl`], applies the migrations where that is safe, and refuses with one sentence otherwise.
//! An import is [`Store::begin_import`], any number of [`Store::load`], [`Store::finish_import`]; each `load` writes whole sources
//! (ledger row, runs, results, rejects) in transactions of their own, so that a killed import can simply be run again.
//!
//! | module | does |
//! |---|---|
//! | `url`, `secret` | which database is meant; no password gets out |
//! | `connect`, `migrate`, `any` | opens it, brings its schema up to date, one type for both back ends |
//! | `ledger`, `plan`, `rules` | what is known of a batch of sources, and what follows for each |
//! | `standing` | what is known of files that are not opened |
//! | `rehearse` | what an import would do |
//! | `dictionary`, `ids` | ids of names, sources and runs |
//! | `storable`, `outline` | what makes a source ready: what cannot be stored of it, what its results have in common |
//! | `ingest`, `remove`, `imports` | writes, deletes, the life of an import |
//! | `checkpoint` | writes SQLite's log back beside the writer |
//! | `keys` | indexes that a first load makes at its end |
//! | `experiments` | what people say of experiments |
//! | `bindings` | what spellings mean, as the catalogue says it |
//! | `names` | what users say of names and CPUs |
//! | `judgements` | automatic coefficients, for those who ask in SQL |
//! | `verdicts` | what people say of how far results can be believed |
//! | `check`, `info` | looks whether everything fits together, how much there is |
//! | [`seed`] | reads the database of the predecessor |
//! | [`query`] | lists what is there, in natural order |

mod any;
mod bindings;
mod check;
mod checkpoint;
mod clock;
mod connect;
mod dictionary;
mod error;
mod experiments;
mod ids;
mod imports;
mod info;
mod ingest;
mod judgements;
mod keys;
mod ledger;
mod migrate;
mod names;
mod outline;
mod plan;
pub mod query;
mod rehearse;
mod remove;
mod rows;
mod rules;
mod schema;
mod secret;
pub mod seed;
mod standing;
mod storable;
mod url;
mod verdicts;

use any::Db;

pub use bindings::{Bindings, Bound, CanonicalEvent, Meaning, Rebind, Sighting};
pub use connect::Access;
pub use error::StoreError;
pub use experiments::{ExperimentChange, ExperimentError, ExperimentRecord};
pub use imports::{ImportHeader, ImportId, ImportStatus};
pub use info::Info;
pub use judgements::{JudgedExperiment, Judging, Kept};
pub use names::{Cpu, NameSet, NewSet, SetId, Stated, Statement};
pub use rehearse::Rehearsal;
pub use remove::Undone;
pub use rules::Rules;
pub use storable::Storable;
pub use url::{DatabaseUrl, UrlError};
pub use verdicts::{TrustVerdict, VerdictSubject};

use crate::model::Reject;

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was written.
    Loaded {
        /// The first other path that has the same content, if there is one.
        same_content_as: Option<String>,
    },
    /// It was written in place of what the same file held before.
    ///
    /// When the new content was already there under the same path below another root, or anywhere and content is to be loaded once,
    /// the old rows are deleted and none written.
    Replaced,
    /// Its content was known under its path, or the same file was loaded below another root. Nothing was written.
    AlreadyThere,
    /// The same, and an older parser than that of its format now had read it. Nothing was written.
    Stale,
    /// Its content was known under another path, and content is to be loaded once ([`Rules::content_once`]). Nothing was written.
    Elsewhere {
        /// The first path that has the same content.
        path: String,
    },
    /// It could not be used; the reason was kept.
    Rejected(Reject),
}

/// An open database.
pub struct Store {
    db: Db,
    url: DatabaseUrl,
    loader: ingest::Loader,
    checkpoints: checkpoint::Checkpoints,
    rules: Rules,
}

impl Store {
    /// Opens a database, and gives it our tables when it is empty or an older SQLite file.
    pub fn open(url: &DatabaseUrl, access: Access) -> Result<Self, StoreError> {
        let mut db = connect::connect(url, access)?;
        migrate::prepare(&mut db, url, access)?;
        let (loader, checkpoints) = (ingest::Loader::default(), checkpoint::Checkpoints::default());
        Ok(Self { db, url: url.clone(), loader, checkpoints, rules: Rules::default() })
    }

    /// The same database under other rules.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// Brings the schema of a database up to date and returns the versions of the migrations that were applied.
    pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
        let mut db = connect::connect(url, Access::Write)?;
        migrate::migrate(&mut db, url)
    }

    /// The database, without password.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }
}
