//! Where an import goes: into a database, or nowhere.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::cli::database::DatabaseArgs;
use crate::pipeline;
use crate::store::{
    Access, ImportHeader, ImportId, ImportStatus, Rebind, Rehearsal, Rules, Storable, Store, StoreError, Verdict,
};

/// Where an import goes.
pub(super) enum Target {
    /// Into a database.
    Database(Box<Store>, ImportId),
    /// Nowhere; a database that exists is asked what it knows.
    Rehearsal(Box<Rehearsal>),
}

impl Target {
    /// Opens a database and begins an import.
    pub(super) fn begin(database: &DatabaseArgs, rules: Rules) -> anyhow::Result<Self> {
        let mut store = database.open(Access::Write)?.under(rules);
        let header = ImportHeader {
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            arguments: command_line(std::env::args_os().skip(1), &database.url()?.to_string()),
        };
        let import = store.begin_import(&header)?;
        Ok(Self::Database(Box::new(store), import))
    }

    /// From here on all of the import is kept, or nothing of it.
    pub(super) fn hold(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Database(store, _) => store.hold_import(),
            Self::Rehearsal(_) => Ok(()),
        }
    }

    /// Looks for a database and leaves it as it is.
    pub(super) fn rehearse(database: &DatabaseArgs, rules: Rules) -> anyhow::Result<Self> {
        let store = match Store::open(&database.url()?, Access::Read) {
            Ok(store) => Some(store),
            Err(StoreError::Missing(_) | StoreError::Empty(_)) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self::Rehearsal(Box::new(Rehearsal::new(store, rules))))
    }

    /// Number of the import; `None` for a rehearsal.
    pub(super) fn import(&self) -> Option<ImportId> {
        match self {
            Self::Database(_, import) => Some(*import),
            Self::Rehearsal(_) => None,
        }
    }

    /// The database that is asked what is known.
    fn store(&self) -> Option<&Store> {
        match self {
            Self::Database(store, _) => Some(store),
            Self::Rehearsal(rehearsal) => rehearsal.store(),
        }
    }

    /// The same database once more, to be asked for files while sources are loaded; `None` when it knows none.
    pub(super) fn ledger(&self, rules: Rules) -> Result<Option<Store>, StoreError> {
        let Some(store) = self.store() else { return Ok(None) };
        let mut ledger = Store::open(store.url(), Access::Read)?.under(rules);
        Ok(ledger.has_sources()?.then_some(ledger))
    }

    /// The files of the database itself, which are no input when they lie in the tree.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let Some(store) = self.store() else { return Vec::new() };
        let path = store.url().sqlite_path().and_then(|path| path.canonicalize().ok());
        let beside = |path: PathBuf| {
            ["", "-wal", "-shm", "-journal", ".lock"].map(|suffix| {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                PathBuf::from(name)
            })
        };
        path.map(beside).into_iter().flatten().collect()
    }

    /// Loads sources, or says what would become of them.
    pub(super) fn load(&mut self, sources: &[Storable]) -> Result<Vec<Verdict>, StoreError> {
        match self {
            Self::Database(store, import) => store.load(*import, sources),
            Self::Rehearsal(rehearsal) => rehearsal.load(sources),
        }
    }

    /// Ends the import and keeps its report.
    pub(super) fn finish(&mut self, status: ImportStatus, report: &str) -> Result<(), StoreError> {
        match self {
            Self::Database(store, import) => store.finish_import(*import, status, report),
            Self::Rehearsal(_) => Ok(()),
        }
    }

    /// Ties what was loaded, and what an import that was killed left over, to the events of the catalogue.
    pub(super) fn bind(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Database(store, _) => pipeline::bind(store, Rebind::Missing).map(drop),
            Self::Rehearsal(_) => Ok(()),
        }
    }
}

/// The arguments as one text, with the database as it may be shown instead of as it was typed. What follows `--` is no option of ours.
fn command_line(arguments: impl Iterator<Item = OsString>, database: &str) -> String {
    let (mut hidden, mut ours) = (false, true);
    let words = arguments.map(|argument| {
        let text = argument.to_string_lossy();
        ours &= argument != OsStr::new("--");
        if !ours {
            return quoted(&text);
        }
        let value = std::mem::replace(&mut hidden, argument == OsStr::new("--db"));
        if value {
            quoted(database)
        } else if text.starts_with("--db=") {
            format!("--db={}", quoted(database))
        } else {
            quoted(&text)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(arguments: &[&str]) -> String {
        command_line(arguments.iter().map(OsString::from), "postgres://me@host/db")
    }

    #[test]
    fn no_password_is_kept() {
        assert_eq!(line(&["import", "--db", "postgres://me:secret@host/db", "a b"]), "import --db postgres://me@host/db 'a b'");
        assert_eq!(
            line(&["record", "--db", "x", "--", "./bench", "--db", "y"]),
            "record --db postgres://me@host/db -- ./bench --db y"
        );
        assert_eq!(line(&["--db=postgres://me:secret@host/db", "it's"]), r"--db=postgres://me@host/db 'it'\''s'");
    }
}
