//! Rows of profiles in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Db, on_both};

/// A call graph of two events: six blocks, the rows of which were counted by eye.
const REPORT: &str = "cg_two__c.txt";

fn prc(db: &Db, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .args(arguments)
        .env("PRC_DATABASE_URL", &db.text)
        .env("NO_COLOR", "1")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn rows_of_profiles_come_and_go_with_their_source() {
    on_both(|db| {
        db.open();
        prc(db, &["import", "oprofile"]);
        let of = |condition: &str| db.number(&format!("SELECT COUNT(*) AS number FROM v_entries WHERE {condition}"));
        let of_report = format!("path = '{REPORT}' AND event = 'CPU_CLK_UNHALTED:100000:0x00'");
        for (kind, rows) in [("symbol", 6), ("self", 6), ("caller", 5), ("callee", 5), ("image", 0)] {
            assert_eq!(of(&format!("{of_report} AND kind = '{kind}'")), rows, "{kind}");
        }
        let sum =
            "SELECT CAST(SUM(samples) AS BIGINT) AS number FROM v_entries WHERE kind = 'symbol' AND path = 'core2_one__l.txt'";
        assert_eq!(db.number(sum), 21_262);
        assert_eq!(of("address = 'ffffffff81000072' AND image = 'vmlinux-4.18.0' AND symbol = '_raw_spin_lock'"), 2);
        assert_eq!(of("path = 'skylake_cpus__l.txt' AND cpu = 7 AND symbol = 'crunch_matrix'"), 1);
        assert_eq!(of("path = 'haswell_threads__l_tgid.txt' AND thread = 4712 AND symbol = 'sum_vec'"), 1);
        let filtered = ["show", "entries", "--path", REPORT, "--kind", "callee", "--symbol", "sum_*", "--format", "json"];
        let shown: Vec<serde_json::Value> = serde_json::from_str(&prc(db, &filtered)).unwrap();
        let rows: Vec<_> =
            shown.iter().map(|row| (row["of_symbol"].as_str().unwrap(), row["samples"].as_i64().unwrap())).collect();
        assert_eq!(rows, [("crunch_matrix", 850), ("crunch_matrix", 425)]);
        assert_eq!(prc(db, &["db", "check"]), "no problem found\n");
        db.execute("DELETE FROM entries WHERE ordinal = 0");
        assert!(prc(db, &["db", "check"]).contains("rows of profiles is not the one in the ledger"));
        prc(db, &["imports", "undo", "1"]);
        assert_eq!(of("1 = 1"), 0);
    });
}

/// `opreport -lwg` of a session with period 1000000: the estimate is samples x period, whoever prints it.
#[test]
fn an_estimate_is_shown_as_the_number_that_it_is() {
    on_both(|db| {
        db.open();
        prc(db, &["import", "oprofile", "--experiment", "kernel"]);
        let rows = |question: &[&str]| -> Vec<serde_json::Value> {
            let options = ["--path", "*ca57_kernel__lwg.txt", "--format", "json"];
            serde_json::from_str(&prc(db, &[question, &options[..]].concat())).unwrap()
        };
        let shown = rows(&["show", "results"]);
        assert_eq!((&shown[0]["value"], &shown[0]["count"]), (&2_914_000_000.0.into(), &2914.into()), "{shown:?}");
        assert_eq!(rows(&["show", "results", "--value", "2914000000"]), shown[..1]);
        assert_eq!(rows(&["suspects", "--below", "1"])[0]["value"], 2_914_000_000.0);
        assert_eq!(rows(&["stats"])[0]["max"], 2_914_000_000.0);
        let place = format!("{}:{}", shown[0]["path"].as_str().unwrap(), shown[0]["line"]);
        let explained: Vec<serde_json::Value> =
            serde_json::from_str(&prc(db, &["trust", "explain", &place, "--format", "json"])).unwrap();
        assert!(!explained.is_empty() && explained.iter().all(|step| step["value"] == 2_914_000_000.0), "{explained:?}");
    });
}
