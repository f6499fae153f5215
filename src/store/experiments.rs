//! What people say of experiments: the command, a description, whether the whole system was counted.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::Store;
use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::query::selection::nearest;
use super::schema::experiments;
use crate::model::MAX_NAME;

/// An experiment with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct ExperimentRecord {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The command that its runs execute, as somebody stated it; the command of each run is in the runs.
    #[diesel(sql_type = Nullable<Text>)]
    pub command: Option<String>,
    /// What it is for.
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    /// Whether its runs count the whole system and not one command, as somebody stated it.
    #[diesel(sql_type = Bool)]
    pub system_wide: bool,
    /// Runs that belong to it.
    #[diesel(sql_type = BigInt)]
    pub runs: i64,
}

/// What is to be said of an experiment; `None` leaves the value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExperimentChange {
    /// The command; an empty text takes it away.
    pub command: Option<String>,
    /// The description; an empty text takes it away.
    pub description: Option<String>,
    /// Whether the whole system is counted.
    pub system_wide: Option<bool>,
}

/// Why an experiment was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// One of this name is there.
    #[error("there is an experiment '{0}' already; `prc-etl experiments edit` changes it")]
    Exists(String),
    /// None of this name is there.
    #[error("there is no experiment '{name}'{}", near(nearest))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that are most like it, the likeliest first.
        nearest: Vec<String>,
    },
    /// The name cannot be stored.
    #[error("the name of an experiment has 1 to {longest} bytes and no control characters", longest = MAX_NAME)]
    Name,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

const LIST: &str = "SELECT e.name, e.command, e.description, e.system_wide, \
           CAST(COALESCE(n.runs, 0) AS BIGINT) AS runs \
    FROM experiments e \
    LEFT JOIN (SELECT experiment_id, COUNT(*) AS runs FROM runs GROUP BY experiment_id) n ON n.experiment_id = e.experiment_id";

impl Store {
    /// Every experiment, by name (in the order of its bytes, the same in both databases).
    pub fn experiments(&mut self) -> Result<Vec<ExperimentRecord>, StoreError> {
        let mut found: Vec<ExperimentRecord> = on_backend!(&mut self.db, c => diesel::sql_query(LIST).load(c))
            .map_err(|error| StoreError::database(&self.url, "list experiments", &error))?;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Adds an experiment before there are runs of it.
    ///
    /// # Errors
    /// When there is one of that name: nothing is changed then.
    pub fn add_experiment(&mut self, name: &str, change: &ExperimentChange) -> Result<(), ExperimentError> {
        if !is_name(name) {
            return Err(ExperimentError::Name);
        }
        let added = any::write(&mut self.db, |db| {
            if names(db)?.iter().any(|known| known == name) {
                return Ok(false);
            }
            on_backend!(db, c => diesel::insert_into(experiments::table).values(experiments::name.eq(name)).execute(c))?;
            apply(db, name, change).map(|()| true)
        });
        match added {
            Ok(true) => Ok(()),
            Ok(false) => Err(ExperimentError::Exists(name.to_owned())),
            Err(error) => Err(StoreError::database(&self.url, "add an experiment", &error).into()),
        }
    }

    /// Changes what is said of an experiment, and of that only what is given.
    ///
    /// # Errors
    /// When there is none of that name; the error has the nearest ones.
    pub fn edit_experiment(&mut self, name: &str, change: &ExperimentChange) -> Result<(), ExperimentError> {
        let missing = any::write(&mut self.db, |db| {
            let known = names(db)?;
            if known.iter().any(|known| known == name) {
                return apply(db, name, change).map(|()| None);
            }
            Ok(Some(nearest(name, known.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()))
        });
        match missing {
            Ok(None) => Ok(()),
            Ok(Some(nearest)) => Err(ExperimentError::Unknown { name: name.to_owned(), nearest }),
            Err(error) => Err(StoreError::database(&self.url, "change an experiment", &error).into()),
        }
    }
}

fn names(db: &mut Db) -> QueryResult<Vec<String>> {
    on_backend!(db, c => experiments::table.select(experiments::name).load(c))
}

/// Each value by a statement of its own: an omitted one must not be touched.
fn apply(db: &mut Db, name: &str, change: &ExperimentChange) -> QueryResult<()> {
    let row = experiments::table.filter(experiments::name.eq(name));
    let stated = |text: &str| (!text.is_empty()).then(|| text.replace('\0', "\u{fffd}"));
    if let Some(command) = &change.command {
        on_backend!(db, c => diesel::update(row).set(experiments::command.eq(stated(command))).execute(c))?;
    }
    if let Some(description) = &change.description {
        on_backend!(db, c => diesel::update(row).set(experiments::description.eq(stated(description))).execute(c))?;
    }
    if let Some(system_wide) = change.system_wide {
        on_backend!(db, c => diesel::update(row).set(experiments::system_wide.eq(system_wide)).execute(c))?;
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control)
}

fn near(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return "; `prc-etl experiments list` names all, `prc-etl experiments add` adds one".to_owned();
    }
    format!("; near: '{}'", nearest.join("', '"))
}
