//! The commands `suspects` and `trust explain` on planted faults; expected numbers are worked out by hand from the definition.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use serde_json::Value;
use tree::Tree;

/// The nine peers of the reference cases.
const PEERS: [u64; 9] = [1_000_000, 1_000_100, 999_900, 1_000_050, 999_950, 1_000_000, 1_000_020, 999_980, 1_000_010];

fn log(rows: &[(u64, &str)]) -> String {
    let rows: Vec<String> = rows.iter().map(|(count, event)| format!("{count:>18}      {event}\n")).collect();
    let rows = rows.concat();
    format!("\n Performance counter stats for './prog':\n\n{rows}\n       0.001000000 seconds time elapsed\n\n")
}

/// Nine good runs of an experiment and one more.
fn with_peers(last: u64) -> Tree {
    let tree = Tree::new();
    for (number, count) in PEERS.into_iter().chain([last]).enumerate() {
        tree.file(format!("{number}.txt"), log(&[(count, "instructions:u")]));
    }
    let imported = tree.import(&["--experiment", "sort"]);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    tree
}

fn json(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let output = tree.run(&[arguments, &["--db", "test.db", "--format", "json"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
}

/// Median 1000000, spread 500 (0.05 % of the median, for 1.4826 MAD is 30): z = 2000, cap = 1 - 9/13 (1 - 3.5 / 2000) = 0.3089.
#[test]
fn a_doubled_count_is_the_only_suspect_and_its_peers_keep_their_trust() {
    let tree = with_peers(2_000_000);
    let suspects = json(&tree, &["suspects"]);
    assert_eq!(suspects.len(), 1, "{suspects:?}");
    let suspect = &suspects[0];
    assert_eq!((&suspect["path"], &suspect["line"], &suspect["value"]), (&"9.txt".into(), &4.into(), &2_000_000.into()));
    assert_eq!(suspect["band"], "suspicious");
    near(&suspect["trust"], 0.3089);
    assert!(suspect["reasons"].as_str().unwrap().starts_with("outlier: +2000.0 spreads from 1000000"), "{suspect}");
    // A filter chooses what is listed, not what judges.
    assert_eq!(json(&tree, &["suspects", "--value", ">1500000"]), suspects);
    assert!(json(&with_peers(1_000_000), &["suspects", "--below", "0.9"]).is_empty());
}

/// Without experiment nothing is known of peers: the lone steps are those of the rules.
#[test]
fn more_misses_than_branches_is_a_contradiction_that_no_agreement_hides() {
    let tree = Tree::new();
    tree.file("a.txt", log(&[(1_000, "branches:u"), (1_001, "branch-misses:u"), (5_000, "instructions:u")]));
    assert_eq!(tree.import(&[]).status, 0);
    let suspects = json(&tree, &["suspects"]);
    let lines: Vec<i64> = suspects.iter().map(|suspect| suspect["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, [4, 5], "branches <= instructions holds: {suspects:?}");
    for suspect in &suspects {
        assert!(suspect["reasons"].as_str().unwrap().starts_with("I4: contradiction of branch-misses:u, branches:u: 1001"));
    }
    let steps = json(&tree, &["trust", "explain", "a.txt:5"]);
    let number = |item: &str| &steps.iter().find(|step| step["item"] == item).unwrap()["number"];
    near(number("prior"), 0.5);
    near(number("inv"), -4.0);
    near(number("inv_cap"), 0.2);
    // 1 / (1 + exp(3.5)), which is below the cap.
    near(number("sum"), -3.5);
    near(number("trust"), 0.0293);
}

#[test]
fn what_is_no_result_is_refused_and_what_is_not_there_is_told() {
    let tree = with_peers(1_000_000);
    let status = |arguments: &[&str]| tree.run(&[arguments, &["--db", "test.db"]].concat()).status;
    assert_eq!(status(&["suspects", "--below", "1.5"]), 2);
    assert_eq!(status(&["trust", "explain", "0.txt"]), 2);
    assert_eq!(status(&["trust", "explain", "0.txt:1"]), 1);
    assert_eq!(status(&["trust", "explain", "0.txt:4"]), 0);
}

/// `memwalk` has eight runs between 12.92 and 13.18 million, of which the two lowest once stood out of a mode of two.
#[test]
fn good_logs_of_a_lab_have_no_suspect() {
    let tree = Tree::new();
    let lab = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lab");
    assert_eq!(tree.run(&["import", lab, "--db", "test.db", "--quiet"]).status, 0);
    assert_eq!(json(&tree, &["suspects"]), [Value::Null; 0]);
}

/// Nine runs and a tenth, whose cycles and instructions are 3 % above the others: it went another way. Cycles alone would be a fault.
#[test]
fn a_run_that_is_another_one_in_several_events_is_no_suspect() {
    let suspects = |cycles: u64, instructions: u64| {
        let tree = Tree::new();
        for (number, count) in PEERS.into_iter().enumerate() {
            tree.file(format!("{number}.txt"), log(&[(2 * count, "cycles:u"), (count, "instructions:u")]));
        }
        tree.file("9.txt", log(&[(cycles, "cycles:u"), (instructions, "instructions:u")]));
        assert_eq!(tree.import(&["--experiment", "sort"]).status, 0);
        json(&tree, &["suspects"]).len()
    };
    assert_eq!((suspects(2_060_000, 1_030_000), suspects(2_060_000, 1_000_000)), (0, 1));
    assert_eq!(suspects(2_000, 1_000), 2, "a factor is no other way");
}

/// A name that a table has for the machine is one that the machine has; any machine takes a number.
#[test]
fn what_a_table_has_for_the_machine_is_supported() {
    let tree = Tree::new();
    tree.file("a.csv", "900;;cycles;1000;100.00;;\n900;;r3c;1000;100.00;;\n");
    assert_eq!(tree.import(&["--tool", "perf-6.1", "--microarch", "ivybridge"]).status, 0);
    let term = |line: &str| {
        let steps = json(&tree, &["trust", "explain", line]);
        steps.iter().find(|step| step["item"] == "supp").map(|step| step["number"].clone())
    };
    assert_eq!((term("a.csv:1"), term("a.csv:2")), (Some(0.5.into()), None));
}
