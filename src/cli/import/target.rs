//! Where an import goes: into a database, or nowhere.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::cli::database::DatabaseArgs;
use crate::model::{Parsed, SourceState};
use crate::store::{Access, ImportHeader, ImportId, ImportStatus, Store, StoreError, Verdict};

/// Where an import goes.
pub(super) enum Target {
    /// Into a database.
    Database(Box<Store>, ImportId),
    /// Nowhere; a database that exists is asked what it knows.
    Rehearsal(Option<Box<Store>>),
}

impl Target {
    /// Opens a database and begins an import.
    pub(super) fn begin(database: &DatabaseArgs) -> anyhow::Result<Self> {
        let mut store = database.open(Access::Write)?;
        let header = ImportHeader {
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            arguments: command_line(std::env::args_os().skip(1), &database.url()?.to_string()),
        };
        let import = store.begin_import(&header)?;
        Ok(Self::Database(Box::new(store), import))
    }

    /// Looks for a database and leaves it as it is.
    pub(super) fn rehearse(database: &DatabaseArgs) -> anyhow::Result<Self> {
        match Store::open(&database.url()?, Access::Read) {
            Ok(store) => Ok(Self::Rehearsal(Some(Box::new(store)))),
            Err(StoreError::Missing(_) | StoreError::Empty(_)) => Ok(Self::Rehearsal(None)),
            Err(error) => Err(error.into()),
        }
    }

    /// Number of the import; `None` for a rehearsal.
    pub(super) fn import(&self) -> Option<ImportId> {
        match self {
            Self::Database(_, import) => Some(*import),
            Self::Rehearsal(_) => None,
        }
    }

    /// The database that is written to, without password.
    pub(super) fn database(&self) -> Option<String> {
        match self {
            Self::Database(store, _) => Some(store.url().to_string()),
            Self::Rehearsal(_) => None,
        }
    }

    /// The files of the database itself, which are no input when they lie in the tree.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let (Self::Database(store, _) | Self::Rehearsal(Some(store))) = self else { return Vec::new() };
        let path = store.url().sqlite_path().and_then(|path| path.canonicalize().ok());
        let beside = |path: PathBuf| {
            ["", "-wal", "-shm", "-journal"].map(|suffix| {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                PathBuf::from(name)
            })
        };
        path.map(beside).into_iter().flatten().collect()
    }

    /// Loads sources, or says what would become of them.
    pub(super) fn load(&mut self, sources: &[Parsed]) -> Result<Vec<Verdict>, StoreError> {
        match self {
            Self::Database(store, import) => store.load(*import, sources),
            Self::Rehearsal(Some(store)) => store.rehearse(sources),
            Self::Rehearsal(None) => Ok(sources.iter().map(unknown_to_all).collect()),
        }
    }

    /// Ends the import and keeps its report.
    pub(super) fn finish(&mut self, status: ImportStatus, report: &str) -> Result<(), StoreError> {
        match self {
            Self::Database(store, import) => store.finish_import(*import, status, report),
            Self::Rehearsal(_) => Ok(()),
        }
    }

    /// Takes everything back.
    pub(super) fn undo(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Database(store, import) => store.undo_import(*import).map(drop),
            Self::Rehearsal(_) => Ok(()),
        }
    }
}

fn unknown_to_all(source: &Parsed) -> Verdict {
    match &source.state {
        SourceState::Rejected(reject) => Verdict::Rejected(reject.clone()),
        SourceState::Known | SourceState::Unknown(_) => Verdict::Loaded { same_content_as: None },
    }
}

/// The arguments as one text, with the database as it may be shown instead of as it was typed.
fn command_line(arguments: impl Iterator<Item = OsString>, database: &str) -> String {
    let mut hidden = false;
    let words = arguments.map(|argument| {
        let text = argument.to_string_lossy();
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
fn quoted(word: &str) -> String {
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
        assert_eq!(line(&["--db=postgres://me:secret@host/db", "it's"]), r"--db=postgres://me@host/db 'it'\''s'");
    }
}
