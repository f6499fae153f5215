//! Which database is meant, told from one text, and never shown with its password.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::secret;

/// A database: a SQLite file or a PostgreSQL connection string.
///
/// `Display` and `Debug` leave out everything that may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub(super) Target);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Target {
    Sqlite(PathBuf),
    Postgres(PostgresUrl),
}

/// A connection string that libpq will read the way we do: what is secret in it is known.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PostgresUrl {
    /// As given; holds the password.
    pub(super) text: String,
    /// What must not be printed.
    pub(super) secrets: Vec<String>,
    /// What may be printed.
    shown: String,
}

/// Why a text names no database. Holds nothing of the text but a scheme, for the rest may be a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The text is empty.
    #[error("the name of the database is empty; give a file or a postgres:// URL")]
    Empty,
    /// The scheme is no back end.
    #[error("'{0}://' is no database that prc-etl knows; use postgres://, sqlite:FILE or the path of a file")]
    Scheme(String),
    /// Neither a URL nor meant as a file.
    #[error(
        "a PostgreSQL URL begins with 'postgres://' or 'postgresql://'; for a SQLite file of this name write 'sqlite:' before it"
    )]
    HalfScheme,
    /// libpq could take a part of the password for something else and print it.
    #[error(
        "the PostgreSQL URL is malformed: special characters (@ : / ? # % and blanks) of a user name or a password must be \
         percent-encoded, for example %40 for @"
    )]
    MalformedUrl,
    /// The same, for `key=value` strings.
    #[error("the PostgreSQL connection string is malformed: write key=value pairs, values with blanks in single quotes")]
    MalformedPairs,
}

impl DatabaseUrl {
    /// The SQLite file at a path.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self(Target::Sqlite(path.into()))
    }

    /// The path when it is a SQLite file.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.0 {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }

    /// A message of the database with every secret of this URL blotted out.
    pub(super) fn scrub(&self, message: &str) -> String {
        match &self.0 {
            Target::Sqlite(_) => message.trim_end().to_owned(),
            Target::Postgres(url) => secret::scrub(message.trim_end(), &url.secrets),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Sqlite(path) => write!(f, "{}", path.display()),
            Target::Postgres(url) => f.write_str(&url.shown),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.trim().is_empty() {
            return Err(UrlError::Empty);
        }
        if let Some(rest) = text.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return if path.is_empty() { Err(UrlError::Empty) } else { Ok(Self::sqlite(path)) };
        }
        if let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
            let read = secret::read_url(rest).ok_or(UrlError::MalformedUrl)?;
            return Ok(Self::postgres(text, read));
        }
        if let Some((scheme, _)) = text.split_once("://")
            && !scheme.is_empty()
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        {
            return Err(UrlError::Scheme(scheme.to_owned()));
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Err(UrlError::HalfScheme);
        }
        if secret::looks_like_pairs(text) {
            let read = secret::read_pairs(text).ok_or(UrlError::MalformedPairs)?;
            return Ok(Self::postgres(text, read));
        }
        Ok(Self::sqlite(text))
    }
}

impl DatabaseUrl {
    fn postgres(text: &str, read: secret::Read) -> Self {
        let mut secrets = read.secrets;
        secrets.insert(0, text.to_owned());
        Self(Target::Postgres(PostgresUrl { text: text.to_owned(), secrets, shown: read.shown }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DatabaseUrl, UrlError> {
        text.parse()
    }

    #[test]
    fn a_scheme_chooses_the_back_end() {
        assert_eq!(parse("results.db"), Ok(DatabaseUrl::sqlite("results.db")));
        assert_eq!(parse("sqlite:/tmp/a=b.db"), Ok(DatabaseUrl::sqlite("/tmp/a=b.db")));
        assert_eq!(parse("sqlite:///tmp/a.db"), Ok(DatabaseUrl::sqlite("/tmp/a.db")));
        assert!(parse("postgresql://localhost/prc").unwrap().sqlite_path().is_none());
        assert!(parse("host=/run/pg dbname=prc").unwrap().sqlite_path().is_none());
        assert_eq!(parse("mysql://u:pw@h/d"), Err(UrlError::Scheme("mysql".to_owned())));
        assert_eq!(parse("postgres:nope"), Err(UrlError::HalfScheme));
        assert_eq!(parse(" "), Err(UrlError::Empty));
        assert_eq!(parse("sqlite:"), Err(UrlError::Empty));
    }

    #[test]
    fn a_path_with_an_equals_sign_is_a_file() {
        assert_eq!(parse("runs/n=3.db"), Ok(DatabaseUrl::sqlite("runs/n=3.db")));
    }

    #[test]
    fn neither_display_nor_debug_shows_a_password() {
        for text in [
            "postgres://me:hunter2@db:5433/prc?sslmode=require",
            "postgres://db/prc?user=me&password=hunter2",
            "host=db user=me password=hunter2 dbname=prc",
            "host=db password='hun ter2 hunter2' dbname=prc",
        ] {
            let url = parse(text).unwrap();
            let shown = format!("{url} {url:?}");
            assert!(!shown.contains("hunter2") && !shown.contains("ter2"), "{shown}");
            assert!(shown.contains("db") && shown.contains("prc"), "{shown}");
        }
    }

    #[test]
    fn what_libpq_could_misread_is_refused_without_showing_it() {
        for text in [
            "postgres://me:p@ss:w/rd@db/prc",
            "postgres://me:p/ss@db/prc",
            "postgres://me:p?ss@db/prc",
            "postgres://me:p#ss@db/prc",
            "postgres://me:p%zz@db/prc",
            "postgres://me:p ss@db/prc",
            "postgres://me:secret",
            "host=db password=se cret",
            "host=db password='secret",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("malformed") && !error.contains("ss@") && !error.contains("cret'"), "{text}: {error}");
        }
    }

    #[test]
    fn messages_lose_the_password_as_written_and_as_decoded() {
        let url = parse("postgres://me:p%40ss@db/prc").unwrap();
        assert_eq!(url.scrub("no p@ss, no p%40ss, no postgres://me:p%40ss@db/prc\n"), "no ***, no ***, no ***");
    }
}
