//! A database of the predecessor is taken over once, whole, and with a word on everything that had to be interpreted.
//!
//! Both halves need a PostgreSQL server: the predecessor had no other database.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::{Db, dump, on_both};

const SCHEMA: &str = include_str!("import_seed/schema.sql");
const ROWS: &str = include_str!("import_seed/rows.sql");

fn prc(db: &Db, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
    command.env("PRC_DATABASE_URL", &db.text).args(arguments).output().unwrap()
}

/// A database of the predecessor with these rows; `None` without a server.
fn seed(rows: &str) -> Option<Db> {
    let seed = Db::postgres()?;
    seed.execute(SCHEMA);
    seed.execute(rows);
    Some(seed)
}

/// What rows.sql has in its tables, in words.
const EXAMPLES: [&str; 4] = [
    "env_id 1000003, aarch64, vendor generic_ARM, model 1, stepping 2, virt kvm, kernel 3.10.0-693.el7",
    "env_id 1000006, x86_64, virt none, kernel 3.10.0-693.el7",
    "papi 5.5.1",
    "'tab\there': command 'lost', description nothing",
];

/// Takes it over; status and report.
fn take_over(db: &Db, seed: &Db) -> (i32, Value) {
    let output = prc(db, &["db", "import-seed", &seed.text, "--report", "json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}")))
}

fn rows(db: &Db, what: &str) -> Vec<Value> {
    let output = prc(db, &["show", what, "--format", "json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn assert_sound(db: &Db) {
    assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
}

#[test]
fn every_row_becomes_a_run_that_can_be_traced_to_its_id() {
    let Some(seed) = seed(ROWS) else { return };
    on_both(|db| {
        let (status, report) = take_over(db, &seed);
        assert_eq!((status, &report["runs"]), (1, &7.into()), "two rows are rejected: {report}");
        assert_eq!(report["sources"]["new"], 9, "seven tables, two blocks of ids");
        // Ids 10000003 and 10000004 are missing: two lines without result; the tables have 5 + 3 + 2 + 4 + 3 + 7 + 4 rows.
        let lines = serde_json::json!({"total": 39, "results": 7, "furniture": 30, "foreign": 0, "rejected": 2});
        assert_eq!(report["lines"], lines);
        let found: Vec<String> = rows(db, "results")
            .iter()
            .map(|row| {
                let path = row["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
                format!("{path} {} {} {} {}", row["line"], row["event"], row["value"], row["count"]).replace('"', "")
            })
            .collect();
        assert_eq!(
            found,
            [
                "10000000-10009999 1 cycles 805623 805623",
                "10000000-10009999 2 cycles 805623 805623",
                "10000000-10009999 3 cycles 900000 900000",
                "10000000-10009999 6 CPU_CLK_UNHALTED 9007199254740992.0 null",
                "10000000-10009999 7 task-clock 0.98 null",
                "10000000-10009999 10 cycles -3 -3",
                "10020000-10029999 1 cycles 1 1",
            ]
        );
        let rejects: Vec<String> =
            rows(db, "rejects").iter().map(|row| format!("{} {}", row["line"], row["kind"]).replace('"', "")).collect();
        assert_eq!(rejects, ["8 name", "9 number"]);
        let once = prc(db, &["show", "results", "--not", "label.seed_equal_before=yes", "--format", "csv"]);
        assert_eq!(String::from_utf8(once.stdout).unwrap().lines().count(), 1 + 6);
        assert_sound(db);
    });
}

#[test]
fn names_and_numbers_that_meant_something_else_are_set_right_and_told() {
    let Some(seed) = seed(ROWS) else { return };
    on_both(|db| {
        let (_, report) = take_over(db, &seed);
        let runs = rows(db, "runs");
        let of = |index: usize| {
            let row = &runs[index];
            let fields =
                ["tool", "tool_version", "arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"];
            fields.map(|field| row[field].to_string().replace('"', "")).join(" ")
        };
        assert_eq!(of(0), "perf 3.10.0-327.13.1.el7 x86_64 GenuineIntel 6 58 9 IVB 3.10.0-693.el7 none");
        // Model 26 is Nehalem-EP; PVR 0x3b is POWER5+; an ARM core without implementer and part is none in particular.
        assert_eq!(of(2), "perf 3.10.0-327.13.1.el7 x86_64 GenuineIntel 6 26 5 NHM-EP 3.10.0-693.el7 none");
        assert_eq!(of(3), "oprofile 1.1.0 ppc64 IBM null 59 513 POWER5+ 3.10.0-693.el7 none");
        assert_eq!(of(4), "perf 3.10.0-327.13.1.el7 aarch64 null null null 18 null 3.10.0-693.el7 kvm");
        assert_eq!(of(5), "perf 3.10.0-327.13.1.el7 x86_64 CentaurHauls 6 58 9 null 4.14.0-115.el7a.0.1.x86_64.debug none");
        assert_eq!(
            (of(6).as_str(), &runs[6]["experiment"]),
            ("perf 3.10.0-327.13.1.el7 x86_64 null null null null null null none", &Value::Null)
        );
        let labels = |index: usize| runs[index]["labels"].to_string().replace('\\', "");
        assert_eq!(labels(0), "null");
        assert!(labels(1).contains("\"seed_equal_before\":\"yes\""), "{}", labels(1));
        let third = labels(2);
        for label in ["\"reliability_auto\":\"0.5\"", "\"reliability_manual\":\"0.25\"", "\"seed_microarch\":\"NHM\""] {
            assert!(third.contains(label), "{third}");
        }
        for label in
            ["\"seed_evt_num\":\"60\"", "\"seed_nmask\":\"0\"", "\"seed_idgroup\":\"7\"", "\"seed_microarch\":\"POWER5\""]
        {
            assert!(labels(3).contains(label), "{}", labels(3));
        }
        for label in ["\"seed_model\":\"1\"", "\"seed_stepping\":\"2\"", "\"seed_vendor\":\"generic_ARM\""] {
            assert!(labels(4).contains(label), "{}", labels(4));
        }
        let told: Vec<(u64, &str)> = report["interpreted"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| (found["number"].as_u64().unwrap(), found["what"].as_str().unwrap()))
            .collect();
        for (number, beginning) in [
            (1, "environments of ARM"),
            (1, "environments without results"),
            (1, "experiments of one name"),
            (2, "experiments without results"),
            (2, "experiments whose name is empty"),
            (1, "names as long as their column"),
            (1, "names of microarchitectures of another vendor"),
            (2, "names of microarchitectures that are not those of the numbers"),
            (3, "reliabilities"),
            (1, "rows that equal an earlier one"),
            (1, "tools without results"),
            (1, "values of 2^53"),
        ] {
            let found: Vec<u64> =
                told.iter().filter(|(_, what)| what.starts_with(beginning)).map(|(number, _)| *number).collect();
            assert_eq!(found, [number], "{beginning}: {told:#?}");
        }
        assert_eq!(told.len(), 12, "{told:#?}");
        let examples = report["interpreted"].as_array().unwrap().iter().map(|found| found["example"].as_str().unwrap());
        let examples: Vec<&str> = examples.collect();
        for example in EXAMPLES {
            assert!(examples.contains(&example), "{example}: {examples:#?}");
        }
        assert!(!examples.iter().any(|example| example.contains("Some(") || example.contains("None")), "{examples:#?}");
    });
}

#[test]
fn a_second_time_adds_nothing_and_what_grew_replaces_its_source() {
    on_both(|db| {
        let Some(seed) = seed(ROWS) else { return };
        take_over(db, &seed);
        let before = dump(db);
        let (status, report) = take_over(db, &seed);
        assert_eq!((status, &report["sources"]["already_there"], &report["runs"]), (0, &9.into(), &0.into()));
        assert_eq!(dump(db), before);
        seed.execute(
            "INSERT INTO results (rsl_id, exp_id, tool_id, env_id, event_id, val) VALUES (10020001, 1, 1, 1000000, 1000000, 2)",
        );
        let (_, report) = take_over(db, &seed);
        assert_eq!((&report["sources"]["replaced"], &report["sources"]["new"]), (&1.into(), &0.into()));
        assert_eq!(rows(db, "results").len(), 8);
        assert_sound(db);
    });
}

#[test]
fn it_is_taken_back_like_every_import() {
    on_both(|db| {
        let Some(seed) = seed(ROWS) else { return };
        take_over(db, &seed);
        let undone = prc(db, &["imports", "undo", "1"]);
        assert!(undone.status.success());
        assert_eq!((rows(db, "results").len(), rows(db, "sources").len(), rows(db, "rejects").len()), (0, 0, 0));
        assert_sound(db);
        let (_, report) = take_over(db, &seed);
        assert_eq!(report["sources"]["new"], 9);
    });
}

#[test]
fn what_is_said_of_an_experiment_here_stays() {
    on_both(|db| {
        let Some(seed) = seed(ROWS) else { return };
        assert!(prc(db, &["experiments", "add", "sort", "--command", "mine"]).status.success());
        let (_, report) = take_over(db, &seed);
        let output = prc(db, &["experiments", "list", "--format", "csv"]);
        let list = String::from_utf8(output.stdout).unwrap();
        let rows = "idle,,,yes,0\r\nsort,mine,\"text, 4 GiB\",no,6\r\n";
        assert_eq!(list, format!("experiment,command,description,system_wide,runs\r\n{rows}"));
        assert!(report["interpreted"].to_string().contains("described otherwise here"), "{report}");
    });
}

#[test]
fn what_is_no_database_of_the_predecessor_is_told_and_nothing_is_made() {
    let Some(empty) = Db::postgres() else { return };
    let (Some(foreign), Some(ours)) = (Db::postgres(), Db::postgres()) else { return };
    foreign.execute("CREATE TABLE experiments (exp_id INTEGER, name TEXT); CREATE TABLE tools (tool_id INTEGER, name TEXT)");
    drop(ours.open());
    let away = empty.text.replace("prc_test", "no_such");
    let db = Db::sqlite();
    for (url, expected) in [
        (empty.text.as_str(), "lacks table experiments, table tools"),
        (foreign.text.as_str(), "lacks column cmd, description, systemwide of experiments, column version of tools"),
        (ours.text.as_str(), "this one belongs to prc-etl"),
        (away.as_str(), "does not exist"),
        ("old.db", "'old.db' is a file. Give postgres://USER@HOST/NAME"),
        ("mysql://u:hunter2@h/d", "'mysql://' is no database that prc-etl knows"),
        ("postgres://u:hun ter2@h/d", "malformed"),
    ] {
        let output = prc(&db, &["db", "import-seed", url]);
        let said = String::from_utf8(output.stderr).unwrap();
        // A text that names no database is wrong usage.
        let status = if url.starts_with("mysql:") || url.contains(' ') { 2 } else { 3 };
        assert!(output.status.code() == Some(status) && said.contains(expected), "{url}: {said}");
        assert!(!said.contains("hunter2") && !said.contains("ter2"), "{said}");
        assert!(!std::path::Path::new(&db.text).exists(), "{url} made a database");
    }
}

#[test]
fn many_rows_come_in_blocks_of_ten_thousand_ids() {
    let many = "INSERT INTO results (exp_id, tool_id, env_id, event_id, val) SELECT 1, 1, 1000000, 1000000, n FROM generate_series(1, 25000) n";
    let fill = format!("{ROWS} DELETE FROM results; {many}");
    on_both(|db| {
        let Some(seed) = seed(&fill) else { return };
        let (status, report) = take_over(db, &seed);
        assert_eq!((status, &report["runs"], &report["sources"]["new"]), (0, &25_000.into(), &10.into()));
        assert_eq!(db.number("SELECT CAST(SUM(count) AS BIGINT) FROM results"), 25_000 * 25_001 / 2);
        assert_sound(db);
    });
}

#[test]
fn what_an_older_program_read_is_read_again() {
    on_both(|db| {
        let Some(seed) = seed(ROWS) else { return };
        take_over(db, &seed);
        db.execute(
            "INSERT INTO parsers (format, version) SELECT DISTINCT q.format, 0 FROM parsers q JOIN sources s ON s.parser_id = q.parser_id \
             WHERE s.path LIKE '%/results/1002%'; \
             UPDATE sources SET parser_id = (SELECT MAX(parser_id) FROM parsers) WHERE path LIKE '%/results/1002%'",
        );
        let (_, report) = take_over(db, &seed);
        assert_eq!((&report["sources"]["replaced"], &report["sources"]["already_there"]), (&1.into(), &8.into()));
        assert_sound(db);
    });
}
