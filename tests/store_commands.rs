//! The commands that look at the database: output, exit status, and what they must not print.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::process::{Command, Output};

use prc_etl::store::{ImportHeader, ImportStatus};
use support::samples::{source, storable, unreadable};
use support::{Db, migrations, on_both};

fn prc(db: &Db, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
    command.env("PRC_DATABASE_URL", &db.text).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn fill(db: &Db) {
    let mut store = db.open();
    let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import /data".to_owned() };
    let import = store.begin_import(&header).unwrap();
    store.load(import, &storable(&[source("/data", "b/x", 1), source("/data", "a", 2), unreadable("/data", "c")])).unwrap();
    store.finish_import(import, ImportStatus::Done, r#"{"sources":{"replaced":0}}"#).unwrap();
}

#[test]
fn listings_come_in_natural_order_and_can_be_filtered() {
    on_both(|db| {
        fill(db);
        let events = |arguments: &[&str]| {
            let all = [&["show", "results", "--format", "json"], arguments].concat();
            let rows: Vec<serde_json::Value> = serde_json::from_str(&text(&prc(db, &all))).unwrap();
            rows.iter().map(|row| format!("{} {}", row["path"], row["event"]).replace('"', "")).collect::<Vec<_>>()
        };
        assert_eq!(events(&["--kind", "metric"]), ["a GHz", "b/x GHz"]);
        assert_eq!(events(&["--event", "c*", "--path", "b*"]), ["b/x cycles:u", "b/x cache-misses"]);
        assert_eq!(events(&["--event", "GHz", "--event", "task-*", "--limit", "2"]), ["a GHz", "a task-clock"]);
        assert_eq!(events(&["--status", "not counted", "--tool", "perf-6.1.0", "--experiment", "sort"]).len(), 2);
        assert_eq!(events(&["--tool", "perf-5.10"]), Vec::<String>::new());
        let rejects = text(&prc(db, &["show", "rejects", "--format", "csv"]));
        let lines: Vec<&str> = rejects.lines().collect();
        assert_eq!(lines[0], "path,root,line,column,kind,reason,text");
        assert_eq!(lines[1], "a,/data,8,4,number,two decimal marks,   1.2.3   branches");
        assert_eq!(lines[3], "c,/data,0,0,unreadable,permission denied,");
    });
}

#[test]
fn an_import_is_undone_once() {
    on_both(|db| {
        fill(db);
        let said = text(&prc(db, &["imports", "undo", "1"]));
        assert_eq!(
            said,
            "import 1 undone: 2 sources, 2 runs, 6 rows of results, 0 rows of profiles, 0 facts about events and 3 rejects deleted\n"
        );
        let again = prc(db, &["imports", "undo", "1"]);
        assert_eq!(again.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&again.stderr), "prc-etl: error: import 1 is already undone\n");
        assert!(text(&prc(db, &["show", "imports"])).contains("undone"));
    });
}

#[test]
fn an_undo_says_what_does_not_come_back() {
    on_both(|db| {
        let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import /data".to_owned() };
        let mut store = db.open();
        let [replacing, killed] = [1, 2].map(|_| store.begin_import(&header).unwrap());
        store.load(replacing, &storable(&[source("/data", "x", 1)])).unwrap();
        store.finish_import(replacing, ImportStatus::Done, r#"{"sources":{"replaced":1}}"#).unwrap();
        let undo = |import: i64| text(&prc(db, &["imports", "undo", &import.to_string()]));
        let said = undo(replacing.0);
        assert!(said.ends_with("rejects deleted; what 1 of these sources had replaced does not come back\n"), "{said}");
        let said = undo(killed.0);
        assert!(said.ends_with("if anything, does not come back (the import left no report)\n"), "{said}");
    });
}

#[test]
fn the_check_has_a_status_of_its_own() {
    on_both(|db| {
        let applied = migrations().iter().fold(String::new(), |said, version| said + "applied migration " + version + "\n");
        assert_eq!(text(&prc(db, &["db", "migrate"])), applied);
        assert_eq!(text(&prc(db, &["db", "check"])), "no problem found\n");
        fill(db);
        db.execute("DELETE FROM results");
        assert_eq!(prc(db, &["db", "check"]).status.code(), Some(1));
        assert!(text(&prc(db, &["db", "info"])).contains(migrations().last().unwrap().as_str()));
    });
}

#[test]
fn no_command_shows_the_password_it_was_given() {
    for url in ["postgres://me:hunter2@127.0.0.1:1/prc", "postgres://me:hun@ter2:x/y@h/d", "mysql://me:hunter2@h/d"] {
        for arguments in [&["db", "info"][..], &["show", "runs"], &["db", "info", "--help"], &["db", "nonsense"]] {
            let output =
                Command::new(env!("CARGO_BIN_EXE_prc-etl")).env("PRC_DATABASE_URL", url).args(arguments).output().unwrap();
            let all = [output.stdout, output.stderr].concat();
            let all = String::from_utf8_lossy(&all);
            assert!(!all.contains("hunter2") && !all.contains("ter2"), "{all}");
        }
    }
}

#[test]
fn labels_that_cannot_be_read_are_an_error_and_not_no_labels() {
    on_both(|db| {
        fill(db);
        db.execute("INSERT INTO label_sets (label_set_id, text) VALUES (77, 'night=7')");
        db.execute("UPDATE runs SET label_set_id = 77");
        for question in [&["stats"][..], &["show", "sources", "--context"], &["show", "runs", "--label", "night=7"]] {
            let output = prc(db, question);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.code() == Some(3) && told.contains("labels night=7:"), "{question:?}: {told}");
        }
    });
}
