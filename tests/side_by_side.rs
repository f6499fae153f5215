//! One machine, the same two programs counted by perf, OProfile and PAPI (`fixtures/side-by-side`): one event each, whatever the tool calls it.
//!
//! What is expected is what the programs do: `loop` executes 10,000,005 instructions in user mode, one a cycle on this emulated CPU, which
//! counts cycles and instructions and nothing else.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{Db, on_both};

fn printed(db: &Db, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .env("PRC_DATABASE_URL", &db.text)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"))
        .args(words)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(db: &Db, words: &[&str]) -> Value {
    serde_json::from_str(&printed(db, &[words, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn every_tool_counts_the_same_two_events() {
    on_both(|db| {
        db.open();
        printed(db, &["import", "-q", "side-by-side"]);
        let results = |condition: &str| db.number(&format!("SELECT COUNT(*) FROM v_results WHERE {condition}"));
        let tools = |experiment: &str, event: &str| {
            db.number(&format!(
                "SELECT COUNT(DISTINCT tool) FROM v_results WHERE experiment = '{experiment}' AND canonical = '{event}' AND value > 0"
            ))
        };
        for event in ["armv8_pmuv3/0x11/", "armv8_pmuv3/0x8/"] {
            assert_eq!((tools("loop", event), tools("loopdyn", event)), (2, 3), "{event}");
        }
        assert_eq!(results("binding <> 'resolved' AND status = 'counted' AND kind <> 'metric'"), 0);
        let distinct =
            "SELECT COUNT(DISTINCT canonical) FROM v_results WHERE kind = 'count' AND canonical LIKE 'armv8%' AND value > 0";
        assert_eq!(db.number(distinct), 2, "counts that are not zero are of two events");
        // User mode alone, by perf and OProfile, is exact; with the kernel it is more.
        let user = "(event LIKE '%:u' OR event LIKE '%:0x0:0:1')";
        let exact = format!("experiment = 'loop' AND {user} AND canonical LIKE 'armv8%' AND count = 10000005");
        assert_eq!(results(&exact), 6);
        assert_eq!(
            results(
                "experiment = 'loop' AND event IN ('cycles', 'instructions', 'CPU_CYCLES', 'INST_RETIRED', 'r11', 'r08') AND count > 10060000"
            ),
            12
        );
        assert_eq!(
            results("tool = 'papi' AND event = 'PAPI_TOT_INS' AND canonical = 'armv8_pmuv3/0x8/' AND count = 10005580"),
            1
        );
    });
}

#[test]
fn zeros_of_events_that_the_machine_lacks_are_no_support() {
    let db = Db::sqlite();
    db.open();
    printed(&db, &["import", "-q", "side-by-side"]);
    let found = json(&db, &["events", "contradictions"]);
    let rows: Vec<&Value> = found.as_array().unwrap().iter().collect();
    let told = |row: &Value| (row["tool"].as_str().unwrap().to_owned(), row["spelling"].as_str().unwrap().to_owned());
    let of = |beginning: &str| -> Vec<(String, String)> {
        rows.iter().filter(|row| row["finding"].as_str().unwrap().starts_with(beginning)).map(|row| told(row)).collect()
    };
    let named = |tool: &str, names: &[&str]| -> Vec<(String, String)> {
        names.iter().map(|name| (tool.to_owned(), (*name).to_owned())).collect()
    };
    let zeros =
        [named("oprofile", &["BR_MIS_PRED", "L1D_CACHE", "LD_RETIRED"]), named("perf", &["r04", "r06", "r10"])].concat();
    assert_eq!(of("never counted but as zero"), zeros);
    let refused =
        ["L1-dcache-loads", "branch-misses", "branches", "cache-misses", "cache-references", "stalled-cycles-frontend"];
    assert_eq!(of("never counted and not supported"), named("perf", &refused));
    assert_eq!(rows.len(), 12);
    // The tables say that the CPU has it; no result does.
    let found = json(&db, &["events", "support", "--microarch", "cortex-a57", "--tool", "oprofile", "LD_RETIRED"]);
    let seen: Vec<(&Value, &Value)> =
        found["observed"].as_array().unwrap().iter().map(|row| (&row["counted"], &row["zero"])).collect();
    assert!(seen.iter().all(|(counted, zero)| **counted == 0 && **zero == 1) && seen.len() == 2, "{found}");
    // What no table has and only ever read zero stays unknown.
    let found = json(&db, &["events", "support", "--microarch", "cortex-a57", "--tool", "perf", "r3ff"]);
    assert_eq!(found["supported"], "unknown");
}
