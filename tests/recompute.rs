//! Stored coefficients: those that the commands compute, gone when something touches them; the same in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;
#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use std::collections::BTreeMap;

use serde_json::Value;
use support::samples::{source, storable};
use support::{Db, on_both};
use tree::{Output, Tree, output};

fn prc(tree: &Tree, db: &Db, arguments: &[&str]) -> Output {
    output(tree.command(arguments).env("PRC_DATABASE_URL", &db.text))
}

fn done(tree: &Tree, db: &Db, arguments: &[&str]) -> String {
    let output = prc(tree, db, arguments);
    assert_eq!(output.status, 0, "{arguments:?}: {}", output.stderr);
    output.stdout
}

/// Counters, a metric, and an event without a number, in eight runs of which one stands out.
fn experiment(tree: &Tree, name: &str) {
    for run in 0..8 {
        let cycles = if run == 7 { 3_000_000 } else { 1_000_000 + run };
        let log = format!(
            "\n Performance counter stats for './{name}':\n\n         {cycles}      cycles:u                  #    1.500 GHz\n           \
             {}      instructions:u              (40.00%)\n     <not counted>      cache-misses\n\n       0.001 seconds time elapsed\n\n",
            500_000 - run
        );
        tree.file(format!("{name}/{name}{run}.txt"), log);
    }
}

/// Two experiments.
fn loaded(db: &Db) -> Tree {
    db.open();
    let tree = Tree::new();
    experiment(&tree, "one");
    experiment(&tree, "two");
    for name in ["one", "two"] {
        done(&tree, db, &["import", &format!("results/{name}"), "--experiment", name]);
    }
    tree
}

/// The coefficients that the commands compute, by place.
fn computed(tree: &Tree, db: &Db) -> BTreeMap<String, f64> {
    let text = done(tree, db, &["suspects", "--below", "1", "--limit", "1000", "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    rows.iter()
        .map(|row| (format!("{}:{} {}", row["path"], row["line"], row["event"]), row["auto"].as_f64().unwrap()))
        .collect()
}

fn unjudged(db: &Db, experiment: &str) -> i64 {
    db.number(&format!("SELECT COUNT(*) FROM v_results WHERE trust_auto IS NULL AND experiment = '{experiment}'"))
}

#[test]
fn what_is_stored_is_what_the_commands_compute_whatever_the_number_of_workers() {
    on_both(|db| {
        let tree = loaded(db);
        let expected = computed(&tree, db);
        assert_eq!(expected.len(), 48, "2 x 8 x (2 counters and a metric)");
        for jobs in ["1", "4"] {
            let said = done(&tree, db, &["trust", "recompute", "--all", "--jobs", jobs]);
            assert_eq!(said, "judged 64 results of 2 experiments; nothing touched 0 others\n");
            for (place, auto) in &expected {
                let (path, rest) = place.split_once("\":").unwrap();
                let (line, event) = rest.split_once(' ').unwrap();
                let (path, event) = (path.trim_matches('"'), event.trim_matches('"'));
                // SQLite rounds the last digit of what it reads in a statement.
                let same = format!(
                    "SELECT COUNT(*) FROM v_results WHERE path = '{path}' AND line = {line} AND event = '{event}' \
                     AND ABS(trust_auto - {auto:e}) < 1e-12 AND trust = trust_auto"
                );
                assert_eq!(db.number(&same), 1, "{place} {auto}");
            }
            assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_auto = 0 AND status <> 'counted'"), 16);
        }
        done(&tree, db, &["db", "check"]);
    });
}

#[test]
fn whatever_touches_an_experiment_takes_its_stored_trust_and_no_other() {
    on_both(|db| {
        let tree = loaded(db);
        let recompute = || done(&tree, db, &["trust", "recompute"]);
        recompute();
        assert_eq!(recompute(), "judged 0 results of 0 experiments; nothing touched 2 others\n");
        assert_eq!((unjudged(db, "one"), unjudged(db, "two")), (0, 0));

        tree.file("more/9.txt", "1000000,,cycles:u,1000000,100.00,,\n");
        done(&tree, db, &["import", "results/more", "--experiment", "two"]);
        assert_eq!((unjudged(db, "one"), unjudged(db, "two")), (0, 33));
        assert_eq!(recompute(), "judged 33 results of 1 experiment; nothing touched 1 others\n");
        done(&tree, db, &["imports", "undo", "3"]);
        assert_eq!((unjudged(db, "one"), unjudged(db, "two")), (0, 32));
        assert_eq!(recompute(), "judged 32 results of 1 experiment; nothing touched 1 others\n");

        // A file that changed replaces its rows.
        tree.file("one/one3.txt", "1000000,,cycles:u,1000000,100.00,,\n");
        done(&tree, db, &["import", "results/one", "--experiment", "one"]);
        assert_eq!((unjudged(db, "one"), unjudged(db, "two")), (29, 0));
        assert_eq!(recompute(), "judged 29 results of 1 experiment; nothing touched 1 others\n");

        // Runs without experiment are judged too.
        tree.file("lone.txt", "7,,cycles:u,1000000,100.00,,\n");
        done(&tree, db, &["import", "results/lone.txt", "--experiment", "lone"]);
        db.execute(
            "UPDATE runs SET experiment_id = NULL WHERE source_id IN (SELECT source_id FROM sources WHERE path = 'lone.txt')",
        );
        assert_eq!(recompute(), "judged 1 result of 1 experiment; nothing touched 2 others\n");
        assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_auto IS NULL"), 0);

        // Events that mean something else may be judged otherwise.
        done(&tree, db, &["events", "bind"]);
        assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_auto IS NOT NULL"), 0);
        done(&tree, db, &["db", "check"]);
    });
}

#[test]
fn the_order_of_imports_does_not_decide_what_is_stored() {
    on_both(|db| {
        let tree = loaded(db);
        done(&tree, db, &["trust", "recompute"]);
        let Some(other) = (if db.url.sqlite_path().is_some() { Some(Db::sqlite()) } else { Db::postgres() }) else { return };
        other.open();
        for name in ["two", "one"] {
            for run in (0..8).rev() {
                done(&tree, &other, &["import", &format!("results/{name}/{name}{run}.txt"), "--experiment", name]);
            }
        }
        done(&tree, &other, &["trust", "recompute", "--jobs", "2"]);
        let same = |db: &Db, place: &str| {
            db.number(&format!("SELECT CAST(SUM(trust_auto) * 1000000000 AS BIGINT) FROM v_results WHERE {place}"))
        };
        for event in ["cycles:u", "instructions:u", "GHz"] {
            for value in ["value > 1000003", "value <= 1000003"] {
                let place = format!("event = '{event}' AND {value}");
                if db.number(&format!("SELECT COUNT(*) FROM v_results WHERE {place}")) > 0 {
                    assert_eq!(same(db, &place), same(&other, &place), "{place}");
                }
            }
        }
    });
}

#[test]
fn what_changes_while_it_is_judged_gets_no_stored_trust() {
    on_both(|db| {
        let mut store = db.open();
        let header = prc_etl::store::ImportHeader { program_version: "0".to_owned(), arguments: String::new() };
        let import = store.begin_import(&header).unwrap();
        store.load(import, &storable(&[source("/data", "a", 1)])).unwrap();
        let experiments = store.judged_experiments().unwrap();
        assert!(experiments.iter().all(|experiment| experiment.version.is_none()), "{experiments:?}");
        let judging = store.begin_judging(&experiments, "trust-1", "0").unwrap();
        // As after a kill at this moment.
        assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_auto IS NOT NULL"), 0);
        assert!(store.judged_experiments().unwrap().iter().all(|experiment| experiment.version.is_none()));
        store.load(import, &storable(&[source("/data", "b", 2)])).unwrap();
        let kept = store.keep_judgements(&judging, &[]).unwrap();
        assert_eq!(kept.touched, experiments.len());
        assert!(store.judged_experiments().unwrap().iter().all(|experiment| experiment.version.is_none()));
        // Another one that began later keeps, the earlier one does not.
        let first = store.begin_judging(&experiments, "trust-1", "0").unwrap();
        let second = store.begin_judging(&experiments, "trust-1", "0").unwrap();
        assert_eq!(store.keep_judgements(&first, &[]).unwrap().touched, experiments.len());
        assert_eq!(store.keep_judgements(&second, &[]).unwrap().touched, 0);
    });
}
