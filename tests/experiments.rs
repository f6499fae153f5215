//! What people say of experiments: added, changed in what is given, listed the same in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::process::{Command, Output};

use prc_etl::store::{ImportHeader, ImportStatus};
use support::samples::{source, storable};
use support::{Db, on_both};

fn prc(db: &Db, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
    command.env("PRC_DATABASE_URL", &db.text).args(arguments).output().unwrap()
}

/// Status and everything that was said.
fn said(db: &Db, arguments: &[&str]) -> (i32, String) {
    let output = prc(db, arguments);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

fn list(db: &Db) -> String {
    let (status, text) = said(db, &["experiments", "list", "--format", "csv"]);
    assert_eq!(status, 0, "{text}");
    text
}

#[test]
fn an_edit_changes_what_is_given_and_nothing_else() {
    on_both(|db| {
        let add = ["experiments", "add", "sort", "--command", "sort -o x y", "--description", "a, \"b\"", "--system-wide"];
        assert_eq!(said(db, &add), (0, "experiment 'sort' added\n".to_owned()));
        // The predecessor set what was left out to NULL and false.
        assert_eq!(said(db, &["experiments", "edit", "sort", "--description", "4 GiB"]).0, 0);
        let heading = "experiment,command,description,system_wide,runs\r\n";
        assert_eq!(list(db), format!("{heading}sort,sort -o x y,4 GiB,yes,0\r\n"));
        assert_eq!(said(db, &["experiments", "edit", "sort", "--command", "", "--system-wide=false"]).0, 0);
        assert_eq!(list(db), format!("{heading}sort,,4 GiB,no,0\r\n"));
    });
}

#[test]
fn a_name_that_is_there_or_not_is_told_and_changes_nothing() {
    on_both(|db| {
        assert_eq!(said(db, &["experiments", "add", "memcpy-64", "--command", "mc"]).0, 0);
        let before = list(db);
        let (status, text) = said(db, &["experiments", "add", "memcpy-64", "--command", "other"]);
        assert_eq!(
            (status, text.as_str()),
            (1, "prc-etl: error: there is an experiment 'memcpy-64' already; `prc-etl experiments edit` changes it\n")
        );
        let (status, text) = said(db, &["experiments", "edit", "memcyp-64", "--command", "other"]);
        assert_eq!((status, text.as_str()), (1, "prc-etl: error: there is no experiment 'memcyp-64'; near: 'memcpy-64'\n"));
        let (status, text) = said(db, &["experiments", "edit", "zzz", "--command", "x"]);
        assert!(status == 1 && text.contains("`prc-etl experiments list` names all"), "{text}");
        let (status, text) = said(db, &["experiments", "edit", "memcpy-64"]);
        assert!(status == 2 && text.contains("nothing to change"), "{text}");
        assert_eq!(said(db, &["experiments", "add", ""]).0, 2);
        assert_eq!(list(db), before);
    });
}

#[test]
fn experiments_of_imports_are_listed_with_their_runs_in_the_order_of_bytes() {
    on_both(|db| {
        let mut store = db.open();
        let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import /data".to_owned() };
        let import = store.begin_import(&header).unwrap();
        store.load(import, &storable(&[source("/data", "a", 1), source("/data", "b", 2)])).unwrap();
        store.finish_import(import, ImportStatus::Done, "{}").unwrap();
        for name in ["ä", "Zeta", "alpha"] {
            assert_eq!(said(db, &["experiments", "add", name]).0, 0);
        }
        let text = list(db);
        let names: Vec<&str> = text.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(names, ["Zeta", "alpha", "sort", "ä"]);
        assert!(text.contains("sort,,,no,2\r\n"), "{text}");
        let rows: serde_json::Value =
            serde_json::from_slice(&prc(db, &["experiments", "list", "--format", "json"]).stdout).unwrap();
        assert_eq!(
            rows[2],
            serde_json::json!({"experiment": "sort", "command": null, "description": null, "system_wide": "no", "runs": 2})
        );
    });
}
