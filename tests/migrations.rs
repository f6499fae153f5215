//! The two migration folders give the same schema, in both directions.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use prc_etl::model::{Digest, Kind, Number};
use prc_etl::store::{ImportHeader, ImportStatus, Store};
use support::{Db, on_both, postgres, samples, sqlite};

fn folders(back_end: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(back_end);
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn script(back_end: &str, folder: &str, direction: &str) -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(back_end).join(folder);
    fs::read_to_string(directory.join(direction)).unwrap()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(db: &Db, query: &str) -> Vec<String> {
    let rows: Vec<Line> = if db.url.sqlite_path().is_some() {
        diesel::sql_query(query).load(&mut sqlite(&db.text)).unwrap()
    } else {
        diesel::sql_query(query).load(&mut postgres::connect(&db.text)).unwrap()
    };
    rows.into_iter().map(|row| row.line).collect()
}

/// Columns of tables and views: `table.column class [not null]`.
fn columns(db: &Db) -> BTreeSet<String> {
    let query = if db.url.sqlite_path().is_some() {
        "SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" AND m.type = 'table' THEN ' not null' ELSE '' END AS line \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'"
    } else {
        "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS line \
         FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_\\_%'"
    };
    lines(db, query).into_iter().map(|line| with_class(&line)).collect()
}

/// The type of a column as a class that both databases share; SQLite keeps no type for the expressions of a view.
fn with_class(line: &str) -> String {
    let (place, rest) = line.split_once(' ').unwrap();
    if place.starts_with("v_") {
        return place.to_owned();
    }
    let (kind, null) = rest.strip_suffix(" not null").map_or((rest, ""), |kind| (kind, " not null"));
    let class = match kind.to_ascii_lowercase().as_str() {
        "integer" if place.ends_with("_id") => "bigint",
        "int" | "integer" => "int",
        "blob" | "bytea" => "bytes",
        known @ ("bigint" | "smallint" | "text" | "boolean" | "double precision") => known,
        other => panic!("{place} has the unknown type '{other}'"),
    }
    .to_owned();
    format!("{place} {class}{null}")
}

/// Indices, unique ones marked, with their expressions.
fn indices(db: &Db) -> BTreeSet<String> {
    let query = if db.url.sqlite_path().is_some() {
        "SELECT sql AS line FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    } else {
        "SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() \
         WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) AND c.relname NOT LIKE '\\_\\_%'"
    };
    let squeeze = |line: String| {
        let line = line
            .replace("::text", "")
            .replace("::bigint", "")
            .replace(&format!("{}.", "public"), "")
            .replace("USING btree ", "");
        line.chars().filter(|c| !c.is_whitespace() && !"()".contains(*c)).collect()
    };
    lines(db, query).into_iter().map(squeeze).collect()
}

#[test]
fn both_folders_hold_the_same_migrations() {
    assert_eq!(folders("sqlite"), folders("postgres"));
    assert!(!folders("sqlite").is_empty());
}

#[test]
fn both_databases_have_the_same_columns_and_indices() {
    let seen = std::cell::RefCell::new(Vec::new());
    on_both(|db| {
        db.open();
        seen.borrow_mut().push((columns(db), indices(db)));
    });
    let seen = seen.into_inner();
    for pair in seen.windows(2) {
        assert_eq!(pair[0].0, pair[1].0);
        assert_eq!(pair[0].1, pair[1].1);
    }
    assert!(seen[0].0.contains("results.count bigint"), "{:?}", seen[0].0);
}

fn views() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/views.sql")).unwrap()
}

/// Drops the views, those that depend on others first.
fn without_views() -> String {
    let text = views();
    let names = text.lines().filter_map(|line| line.strip_prefix("CREATE VIEW ")?.split(' ').next());
    names.collect::<Vec<_>>().into_iter().rev().map(|name| format!("DROP VIEW {name};\n")).collect::<Vec<_>>().concat()
}

/// A program sees by the version of the schema alone that the views of a database are old.
#[test]
fn a_change_of_the_views_comes_with_a_migration() {
    let newest = folders("sqlite").pop().unwrap();
    let expected = format!("-- The views of migrations/views.sql are {}.", Digest::of(views().as_bytes()));
    for back_end in ["sqlite", "postgres"] {
        let script = script(back_end, &newest, "up.sql");
        assert_eq!(script.lines().next(), Some(expected.as_str()), "{back_end}/{newest}/up.sql names the views it comes with");
    }
}

#[test]
fn migrations_go_down_to_nothing_and_up_again() {
    on_both(|db| {
        db.open();
        let before = (columns(db), indices(db));
        let back_end = if db.url.sqlite_path().is_some() { "sqlite" } else { "postgres" };
        db.execute(&without_views());
        for folder in folders(back_end).iter().rev() {
            db.execute(&script(back_end, folder, "down.sql"));
        }
        assert_eq!((columns(db), indices(db)), (BTreeSet::new(), BTreeSet::new()));
        for folder in &folders(back_end) {
            db.execute(&script(back_end, folder, "up.sql"));
        }
        make_views(db);
        assert_eq!((columns(db), indices(db)), before);
        db.open();
    });
}

fn make_views(db: &Db) {
    let hex = if db.url.sqlite_path().is_some() { "printf('%x', " } else { "to_hex(" };
    db.execute(&views().replace("to_hex(", hex));
}

#[test]
fn rows_of_earlier_programs_mean_what_they_meant() {
    const COMPACT: &str = "2026-11-23-000000_compact";
    on_both(|db| {
        let mut source = samples::source("/data", "a/run.txt", 1);
        for (line, number) in (20..).zip([
            Some(Number::exact(0)),
            Some(Number::exact((1 << 53) + 1)),
            Some(Number::exact(i64::MAX)),
            Number::inexact(9_223_372_036_854_775_808.0),
            Some(Number { value: 2_500.0, count: Some(25) }),
        ]) {
            samples::add(&mut source.report, line, ("branches", None, Kind::Count), number);
        }
        let mut store = db.open();
        let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import .".to_owned() };
        let import = store.begin_import(&header).unwrap();
        store.load(import, &samples::storable(&[source])).unwrap();
        store.finish_import(import, ImportStatus::Done, "{}").unwrap();
        let before = (support::dump(db), db.view_of_results().into_iter().collect::<BTreeSet<_>>());
        let twice = "SELECT COUNT(*) AS number FROM results WHERE value IS NOT NULL AND count IS NOT NULL";
        assert_eq!(db.number(twice), 1, "only what differs is stored twice");

        let back_end = if db.url.sqlite_path().is_some() { "sqlite" } else { "postgres" };
        db.execute(&without_views());
        let since: Vec<String> = folders(back_end).into_iter().filter(|folder| folder.as_str() >= COMPACT).collect();
        for folder in since.iter().rev() {
            db.execute(&script(back_end, folder, "down.sql"));
        }
        assert_eq!(db.number(twice), 5, "as programs before this wrote it");
        assert_eq!(db.number("SELECT COUNT(*) AS number FROM results WHERE metric_spelling_id IS NOT NULL"), 1);
        assert_eq!(db.number("SELECT COUNT(*) AS number FROM sources WHERE format IS NOT NULL"), 1);
        for folder in &since {
            db.execute(&script(back_end, folder, "up.sql"));
        }
        make_views(db);
        assert_eq!((support::dump(db), db.view_of_results().into_iter().collect()), before);
    });
}

/// A view of a user, made of one of ours, in a database without the newest migration.
fn outdated_with_own_view(db: &Db) {
    db.open();
    let back_end = if db.url.sqlite_path().is_some() { "sqlite" } else { "postgres" };
    db.execute(&without_views());
    db.execute(&script(back_end, &folders(back_end).pop().unwrap(), "down.sql"));
    db.execute("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT MAX(version) FROM __diesel_schema_migrations)");
    db.execute("CREATE VIEW v_results AS SELECT 'cycles' AS event; CREATE VIEW mine AS SELECT event FROM v_results");
}

#[test]
fn a_view_that_a_user_made_of_ours_stays_in_sqlite() {
    let db = Db::sqlite();
    outdated_with_own_view(&db);
    db.open();
    assert_eq!(db.number("SELECT COUNT(*) AS number FROM mine"), 0, "it is made of the new one");
}

#[test]
fn a_view_that_a_user_made_of_ours_is_named_by_postgres() {
    let Some(db) = Db::postgres() else { return };
    outdated_with_own_view(&db);
    let error = Store::migrate(&db.url).unwrap_err().to_string();
    assert!(error.contains("view mine depends on view v_results"), "{error}");
    db.execute("DROP VIEW mine");
    assert_eq!(Store::migrate(&db.url).unwrap().len(), 1);
}

#[test]
fn every_listing_and_count_can_be_read_from_an_empty_database() {
    on_both(|db| {
        let mut store = db.open();
        assert!(store.info().unwrap().rows.iter().all(|(_, rows)| *rows == 0));
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
        store.each_import(&[], |_| panic!("there is none")).unwrap();
        assert_eq!(support::dump(db), Vec::<String>::new());
    });
}

/// What keeps the schema fit for a PostgreSQL whose big tables are spread over servers by the hash of a column.
#[test]
fn the_schema_can_be_distributed() {
    const KEY: &str = "(VALUES ('runs', 'run_id'), ('results', 'run_id'), ('judgements', 'run_id'), ('entries', 'run_id'), ('supports', 'source_id'), ('sources', 'digest')) AS spread (name, column_name)";
    let Some(db) = Db::postgres() else { return };
    db.open();
    let unique_without_key = format!(
        "SELECT i.indexrelid::regclass::text AS line FROM {KEY} JOIN pg_index i ON i.indrelid = name::regclass AND i.indisunique \
         WHERE NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = column_name AND a.attnum = ANY (i.indkey))"
    );
    let keys_to_spread_tables = format!(
        "SELECT conname::text AS line FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT name::regclass FROM {KEY})"
    );
    let triggers = "SELECT tgname::text AS line FROM pg_trigger WHERE NOT tgisinternal".to_owned();
    let narrow_ids = "SELECT attrelid::regclass::text || '.' || attname AS line FROM pg_attribute \
                      WHERE attidentity <> '' AND atttypid <> 'bigint'::regtype"
        .to_owned();
    let exclusions = "SELECT conname::text AS line FROM pg_constraint WHERE contype = 'x'".to_owned();
    for rule in [unique_without_key, keys_to_spread_tables, triggers, narrow_ids, exclusions] {
        assert_eq!(lines(&db, &rule), Vec::<String>::new(), "{rule}");
    }
}

/// `table!` against the databases: an error of a name or a type shows as soon as the columns are read.
#[test]
fn the_rust_side_names_every_column_in_order() {
    let read = |file: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").join(file)).unwrap();
    let source = ["schema.rs", "schema/views.rs"].map(read).concat();
    on_both(|db| {
        db.open();
        let mut tables = 0;
        for block in source.split("diesel::table! {").skip(1) {
            let body = block.split("\n}\n").next().unwrap();
            let table = body.trim().split([' ', '(']).next().unwrap();
            let names: Vec<&str> =
                body.lines().filter_map(|line| line.trim().split_once(" -> ")).map(|(name, _)| name).collect();
            let select = format!("SELECT {} FROM {table} LIMIT 0", names.join(", "));
            db.execute(&select);
            let known: BTreeSet<String> = columns(db)
                .iter()
                .filter_map(|c| c.split(' ').next()?.strip_prefix(&format!("{table}.")))
                .map(str::to_owned)
                .collect();
            assert_eq!(known, names.iter().map(|name| (*name).to_owned()).collect(), "{table}");
            tables += 1;
        }
        assert!(tables >= 18, "{tables}");
    });
}

#[test]
fn a_script_of_the_wrong_back_end_does_not_run() {
    let folder = &folders("sqlite")[0];
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db");
    fs::write(&path, "").unwrap();
    assert!(sqlite(path.to_str().unwrap()).batch_execute(&script("postgres", folder, "up.sql")).is_err());
}
