//! Looks whether everything fits together: what the databases do not guard by foreign keys, and what they cannot know.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::Store;
use super::any::{Db, on_backend};
use super::error::StoreError;

/// A query that finds no row in a sound database, and what a row means.
struct Rule {
    /// The problem, for people.
    problem: &'static str,
    /// Gives a column `place` with one row for each breach.
    breaches: String,
}

#[derive(QueryableByName)]
struct Breaches {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Nullable<Text>)]
    example: Option<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Ids without foreign key: table, column, table they point to, its key.
const REFERENCES: [(&str, &str, &str, &str); 39] = [
    ("sources", "import_id", "imports", "import_id"),
    ("sources", "root_id", "roots", "root_id"),
    ("sources", "sides_id", "sides", "sides_id"),
    ("sources", "parser_id", "parsers", "parser_id"),
    ("runs", "source_id", "sources", "source_id"),
    ("runs", "experiment_id", "experiments", "experiment_id"),
    ("runs", "tool_id", "tools", "tool_id"),
    ("runs", "host_id", "hosts", "host_id"),
    ("runs", "environment_id", "environments", "environment_id"),
    ("runs", "origins_id", "origins", "origins_id"),
    ("runs", "label_set_id", "label_sets", "label_set_id"),
    ("labels", "label_set_id", "label_sets", "label_set_id"),
    ("results", "run_id", "runs", "run_id"),
    ("results", "form_id", "forms", "form_id"),
    ("forms", "spelling_id", "spellings", "spelling_id"),
    ("forms", "metric_spelling_id", "spellings", "spelling_id"),
    ("results", "scope_id", "scopes", "scope_id"),
    ("entries", "run_id", "runs", "run_id"),
    ("entries", "spelling_id", "spellings", "spelling_id"),
    ("entries", "image_id", "profile_names", "name_id"),
    ("entries", "app_id", "profile_names", "name_id"),
    ("entries", "symbol_id", "profile_names", "name_id"),
    ("entries", "of_symbol_id", "profile_names", "name_id"),
    ("entries", "location_id", "profile_names", "name_id"),
    ("judgements", "run_id", "runs", "run_id"),
    ("supports", "source_id", "sources", "source_id"),
    ("supports", "spelling_id", "spellings", "spelling_id"),
    ("sources", "environment_id", "environments", "environment_id"),
    ("sources", "label_set_id", "label_sets", "label_set_id"),
    ("sightings", "spelling_id", "spellings", "spelling_id"),
    ("sightings", "tool_id", "tools", "tool_id"),
    ("sightings", "environment_id", "environments", "environment_id"),
    ("bindings", "spelling_id", "spellings", "spelling_id"),
    ("bindings", "tool_id", "tools", "tool_id"),
    ("bindings", "environment_id", "environments", "environment_id"),
    ("bindings", "event_id", "events", "event_id"),
    ("rejects", "import_id", "imports", "import_id"),
    ("rejects", "source_id", "sources", "source_id"),
    ("rejects", "root_id", "roots", "root_id"),
];

impl Store {
    /// Every problem found, one sentence each; a sound database has none.
    pub fn check(&mut self) -> Result<Vec<String>, StoreError> {
        check(&mut self.db).map_err(|error| StoreError::database(&self.url, "check its tables", &error))
    }
}

fn check(db: &mut Db) -> QueryResult<Vec<String>> {
    let mut problems = own_check(db)?;
    for rule in rules() {
        let text = format!("SELECT COUNT(*) AS number, MIN(place) AS example FROM ({}) AS breaches", rule.breaches);
        let found: Breaches = on_backend!(db, c => diesel::sql_query(text).get_result(c))?;
        if let Some(example) = found.example {
            problems.push(format!("{}: {} times, for example {example}", rule.problem, found.number));
        }
    }
    for (table, column, target, key) in REFERENCES {
        let text = format!(
            "SELECT COUNT(*) AS number, CAST(MIN(a.{column}) AS TEXT) AS example FROM {table} a \
             WHERE a.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} b WHERE b.{key} = a.{column})"
        );
        let found: Breaches = on_backend!(db, c => diesel::sql_query(text).get_result(c))?;
        if let Some(example) = found.example {
            problems
                .push(format!("{} rows of {table} point to no row of {target}, for example {column} {example}", found.number));
        }
    }
    Ok(problems)
}

/// The ledger against what stands.
fn rules() -> Vec<Rule> {
    let per_source = |counted: &str, recorded: &str| {
        format!(
            "SELECT s.path AS place FROM sources s LEFT JOIN ({counted}) n ON n.source_id = s.source_id \
             WHERE COALESCE(n.found, 0) <> s.{recorded}"
        )
    };
    vec![
        Rule {
            problem: "the number of runs is not the one in the ledger",
            breaches: per_source("SELECT source_id, COUNT(*) AS found FROM runs GROUP BY source_id", "runs"),
        },
        Rule {
            problem: "the number of results is not the one in the ledger",
            breaches: per_source(
                "SELECT u.source_id, COUNT(*) + COUNT(f.metric_value) AS found \
                 FROM runs u JOIN results f ON f.run_id = u.run_id GROUP BY u.source_id",
                "results",
            ),
        },
        Rule {
            problem: "the number of rows of profiles is not the one in the ledger",
            breaches: per_source(
                "SELECT u.source_id, COUNT(*) AS found FROM runs u JOIN entries f ON f.run_id = u.run_id GROUP BY u.source_id",
                "entries",
            ),
        },
        Rule {
            problem: "the number of facts about events is not the one in the ledger",
            breaches: per_source("SELECT source_id, COUNT(*) AS found FROM supports GROUP BY source_id", "supports"),
        },
        Rule {
            problem: "the number of rejected lines is not the one in the ledger",
            breaches: per_source(
                "SELECT source_id, COUNT(*) AS found FROM rejects WHERE source_id IS NOT NULL GROUP BY source_id",
                "rejected_lines",
            ),
        },
        Rule {
            problem: "the lines of a source do not add up",
            breaches: "SELECT path AS place FROM sources WHERE lines <> result_lines + furniture_lines + rejected_lines \
                       OR foreign_lines > furniture_lines"
                .to_owned(),
        },
        Rule {
            problem: "a status and a number do not agree",
            breaches: "SELECT CAST(f.run_id AS TEXT) AS place FROM results f JOIN forms w ON w.form_id = f.form_id \
                       WHERE (w.status = 0) <> (COALESCE(f.value, f.count) IS NOT NULL) \
                       OR (w.metric_spelling_id IS NULL) <> (f.metric_value IS NULL)"
                .to_owned(),
        },
        Rule {
            problem: "the number of judgements of an experiment is not that of its results",
            breaches: "SELECT CAST(d.experiment_id AS TEXT) AS place FROM judged d \
                       LEFT JOIN (SELECT COALESCE(u.experiment_id, 0) AS id, COUNT(*) + COUNT(f.metric_value) AS found \
                                  FROM runs u JOIN results f ON f.run_id = u.run_id GROUP BY COALESCE(u.experiment_id, 0)) n \
                              ON n.id = d.experiment_id \
                       LEFT JOIN (SELECT COALESCE(u.experiment_id, 0) AS id, COUNT(*) AS found \
                                  FROM runs u JOIN judgements g ON g.run_id = u.run_id GROUP BY COALESCE(u.experiment_id, 0)) k \
                              ON k.id = d.experiment_id \
                       WHERE d.judged_at IS NOT NULL AND COALESCE(n.found, 0) <> COALESCE(k.found, 0)"
                .to_owned(),
        },
        Rule {
            problem: "an undone import still has sources",
            breaches:
                "SELECT s.path AS place FROM sources s JOIN imports i ON i.import_id = s.import_id WHERE i.status = 'undone'"
                    .to_owned(),
        },
    ]
}

/// What the database itself can check.
fn own_check(db: &mut Db) -> QueryResult<Vec<String>> {
    let Db::Sqlite(c) = db else { return Ok(Vec::new()) };
    let integrity = "SELECT integrity_check AS line FROM pragma_integrity_check";
    let keys =
        "SELECT 'foreign key of ' || \"table\" || ' to ' || parent || ' is broken' AS line FROM pragma_foreign_key_check";
    let mut problems = Vec::new();
    for text in [integrity, keys] {
        problems.extend(diesel::sql_query(text).load::<Line>(c)?.into_iter().map(|row| row.line).filter(|line| line != "ok"));
    }
    Ok(problems)
}
