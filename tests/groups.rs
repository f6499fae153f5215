//! The view of groups gives what `stats` gives, in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use diesel::sql_types::{BigInt, Double, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::Value;
use support::{Db, on_both, postgres, sqlite};

/// A row of the view; what is equal in the numbers of a group as one text.
#[derive(Debug, PartialEq, QueryableByName)]
struct Group {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Nullable<Double>)]
    mean: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    sd: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    least: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    greatest: Option<f64>,
    #[diesel(sql_type = BigInt)]
    missing: i64,
}

/// What both name a group by; the aspects come last.
const FIELDS: [&str; 10] =
    ["experiment", "tool", "tool_version", "arch", "vendor", "family", "model", "stepping", "kernel", "virt"];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn imported(db: &Db) {
    db.open();
    let trees = ["fixtures/lab", "fixtures/trees", "fixtures/perf/stat-text"].map(|tree| package().join(tree));
    for tree in trees {
        let output = prc(db, &["import", tree.to_str().unwrap()]);
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn prc(db: &Db, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).args(arguments).env("PRC_DATABASE_URL", &db.text).output().unwrap()
}

fn of_view(db: &Db) -> Vec<Group> {
    let fields = FIELDS.map(|field| format!("COALESCE(CAST({field} AS TEXT), '') || '|' || "));
    let query = format!(
        "SELECT {} event || '|' || kind || '|' || COALESCE(unit, '') || '|' || COALESCE(privilege, '') || '|' || scope_kind || '|' || \
         CAST(of_intervals AS TEXT) || '|' || CAST(repeats AS TEXT) AS key, \
         n, mean, variance AS sd, min AS least, max AS greatest, not_counted + not_supported + beyond AS missing FROM v_groups",
        fields.concat()
    );
    let mut groups: Vec<Group> = if db.url.sqlite_path().is_some() {
        diesel::sql_query(query).load(&mut sqlite(&db.text)).unwrap()
    } else {
        diesel::sql_query(query).load(&mut postgres::connect(&db.text)).unwrap()
    };
    for group in &mut groups {
        group.sd = group.sd.map(f64::sqrt);
    }
    groups
}

fn of_stats(db: &Db) -> BTreeMap<String, Value> {
    let by = FIELDS.map(|field| field.replace('_', "-")).join(",");
    let output = prc(
        db,
        &["stats", "--mix", "together", "--mix", "part", "--mix", "cgroup", "--by", &format!("{by},event"), "--format", "json"],
    );
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| {
        if value.is_null() { String::new() } else { value.as_str().map_or_else(|| value.to_string(), str::to_owned) }
    };
    let key = |row: &Value| {
        let mut parts: Vec<String> = FIELDS.iter().map(|field| text(&row[field])).collect();
        let scope = if row["scope"].is_null() { "whole".to_owned() } else { text(&row["scope"]) };
        let event = text(if row["canonical"].is_null() { &row["event"] } else { &row["canonical"] });
        parts.extend([event, text(&row["kind"]), text(&row["unit"]), text(&row["privilege"]), scope]);
        parts.extend([i32::from(!row["interval"].is_null()).to_string(), text(&row["repeats"])]);
        parts.join("|")
    };
    rows.into_iter().filter(|row| row["kind"] != "metric").map(|row| (key(&row), row)).collect()
}

fn near(found: Option<f64>, expected: &Value, about: &str) {
    match (found, expected.as_f64()) {
        (None, None) => {}
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{about}: {found}, not {expected}");
        }
        different => panic!("{about}: {different:?}"),
    }
}

#[test]
fn every_group_has_the_numbers_that_stats_computes() {
    on_both(|db| {
        imported(db);
        let (groups, expected) = (of_view(db), of_stats(db));
        assert!(groups.iter().filter(|group| group.n > 2).count() > 50, "{} groups", groups.len());
        let keys: Vec<&String> = groups.iter().map(|group| &group.key).filter(|key| !expected.contains_key(*key)).collect();
        assert_eq!((groups.len(), keys), (expected.len(), Vec::new()));
        for group in groups {
            let row = &expected[&group.key];
            assert_eq!(row["n"], group.n, "{}", group.key);
            near(group.mean, &row["mean"], &group.key);
            near(group.sd, &row["sd"], &group.key);
            near(group.least, &row["min"], &group.key);
            near(group.greatest, &row["max"], &group.key);
            let missing = ["not_counted", "not_supported", "beyond"].map(|name| row[name].as_i64().unwrap());
            assert_eq!(missing.iter().sum::<i64>(), group.missing, "{}", group.key);
        }
    });
}

/// 2^53 - 1 and its neighbours: squares of such numbers have 32 digits, of which a float keeps 16.
#[test]
fn nearly_equal_large_counts_keep_their_deviation() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        for count in [9_007_199_254_740_989_i64, 9_007_199_254_740_990, 9_007_199_254_740_991] {
            fs::write(tree.path().join(format!("{count}.csv")), format!("{count},,cycles:u,1000000,100.00,,\n")).unwrap();
        }
        prc(db, &["import", tree.path().to_str().unwrap(), "--experiment", "sort", "--tool", "perf-6.1.0"]);
        let groups = of_view(db);
        assert_eq!((groups.len(), groups[0].n, groups[0].sd), (1, 3, Some(1.0)));
    });
}

/// The examples of docs/schema.md, without the root: the SQLite that is built in has no mathematical functions.
#[test]
fn the_examples_of_the_documentation_run_in_both() {
    let text = fs::read_to_string(package().join("docs/schema.md")).unwrap();
    let section = text.split_once("### v_groups").unwrap().1.split_once("### ").unwrap().0;
    let examples: Vec<&str> = section.lines().filter(|line| line.starts_with("sqlite3") || line.starts_with("psql")).collect();
    assert!(examples.len() >= 2);
    on_both(|db| {
        db.open();
        for example in &examples {
            let query = example.split('"').nth(1).unwrap();
            db.execute(&query.replace("sqrt(variance)", "variance"));
        }
    });
}
