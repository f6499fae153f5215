//! The option that names the database, the same for all commands.

use std::path::PathBuf;

use anyhow::Context;

use super::exit::Usage;
use super::import::quoted;
use super::selection::tell;
use crate::store::{Access, DatabaseUrl, Store, StoreError, UrlError};

/// Names the database where no option does; it may be set and empty.
const VARIABLE: &str = "PRC_DATABASE_URL";

/// Which database a command works on.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct DatabaseArgs {
    /// SQLite file (PATH or sqlite:PATH) or PostgreSQL server (postgres://...)
    ///
    /// Without it: $XDG_DATA_HOME/prc-etl/prc-etl.db, or ~/.local/share/prc-etl/prc-etl.db. A password is better kept in PGPASSWORD or
    /// ~/.pgpass than here, where other users of the machine can see it.
    // A value parser would print the text of a malformed URL, with its password; so would the help with the variable.
    #[arg(long, value_name = "URL|FILE", env = VARIABLE, hide_env_values = true, global = true)]
    db: Option<String>,
}

impl DatabaseArgs {
    /// The database that was named, or the default one.
    pub(super) fn url(&self) -> anyhow::Result<DatabaseUrl> {
        match self.named() {
            Some(text) => Ok(text.parse().map_err(|error: UrlError| Usage(error.to_string()))?),
            None => default_file().map(DatabaseUrl::sqlite),
        }
    }

    /// What was named.
    fn named(&self) -> Option<&str> {
        self.db.as_deref().filter(|db| !db.is_empty() || !self.is_of_variable())
    }

    /// Whether the variable says the same: then nobody asks for the database in particular.
    fn is_of_variable(&self) -> bool {
        std::env::var(VARIABLE).ok() == self.db
    }

    /// The option that names the same database, with a blank before it; nothing where none was named.
    pub(super) fn option(&self) -> String {
        let url = self.named().and_then(|_| self.url().ok());
        url.map_or_else(String::new, |url| format!(" --db {}", quoted(&url.to_string())))
    }

    /// Opens it for a question that can be answered without it; `None` when there is none. One that cannot be asked is told, and is
    /// an error only where the option names it.
    pub(super) fn open_if_any(&self) -> anyhow::Result<Option<Store>> {
        let url = match self.url() {
            Ok(url) => url,
            // A question without database needs no home either.
            Err(_) if self.named().is_none() => return Ok(None),
            Err(error) => return Err(error),
        };
        match Store::open(&url, Access::Read) {
            Ok(store) => Ok(Some(store)),
            Err(StoreError::Empty(_)) => Ok(None),
            // Nobody asked for the default database: that it is not there is no news, that it cannot be read is.
            Err(StoreError::Missing(_)) if self.named().is_none() => Ok(None),
            Err(error) if self.is_of_variable() => {
                tell(&format!("answered without the database: {error}"));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens it.
    pub(super) fn open(&self, access: Access) -> anyhow::Result<Store> {
        Ok(Store::open(&self.url()?, access)?)
    }
}

fn default_file() -> anyhow::Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
    Ok(data.context("neither XDG_DATA_HOME nor HOME is set; name the database with --db")?.join("prc-etl/prc-etl.db"))
}
