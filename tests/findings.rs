//! The commands `findings` and `bugs`: what is found, once each, and how far it is off; an offset between tools is told as one.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use serde_json::Value;
use tree::Tree;

fn json(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let output = tree.run(&[arguments, &["--db", "test.db", "--format", "json"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn near(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
}

/// `true` in user mode on an emulated Cortex-A57, as perf 6.1 and ocount 1.5.0git counted it in every one of twenty runs: 14,981 and
/// 14,005, for perf gives the program three more variables. The labels are those of each tool, and say nothing of the program.
#[test]
fn a_constant_offset_between_tools_is_told_with_its_size() {
    let tree = Tree::new();
    for number in 0..6 {
        tree.file(
            format!("perf/{number}.csv"),
            "14981;;cycles:u;335792;100.00;;\n14981;;instructions:u;335792;100.00;1.00;insn per cycle\n",
        );
        let ocount = "\nEvents were actively counted for 731088 nanoseconds.\nEvent counts (actual) for /bin/busybox:\n\
                      \tEvent                      Count                    % time counted\n\
                      \tCPU_CYCLES:0x0:0:1         14,005                   100.00\n\
                      \tINST_RETIRED:0x0:0:1       14,005                   100.00\n";
        tree.file(format!("ocount/{number}.txt"), ocount);
    }
    let sidecar = "experiment = \"true\"\n[environment]\nmicroarch = \"cortex-a57\"\n";
    tree.file("perf/prc.toml", format!("tool = \"perf-6.1\"\n{sidecar}[labels]\nvariant = \"csv\"\n"));
    tree.file("ocount/prc.toml", format!("tool = \"oprofile-1.5\"\n{sidecar}[labels]\nvariant = \"user\"\n"));
    let imported = tree.import(&[]);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    let bugs = json(&tree, &["bugs"]);
    let seen: Vec<(String, String, String)> =
        bugs.iter().map(|row| (text(row, "kind"), text(row, "tool"), text(row, "event"))).collect();
    let offset = |tool: &str, event: &str| ("offset".to_owned(), tool.to_owned(), event.to_owned());
    let mut expected = vec![];
    for tool in ["oprofile", "perf"] {
        expected.extend(["armv8_pmuv3/0x11/", "armv8_pmuv3/0x8/"].map(|event| offset(tool, event)));
    }
    assert_eq!(seen, expected);
    for row in &bugs {
        assert_eq!((&row["findings"], &row["runs"], &row["of_runs"]), (&6.into(), &6.into(), &6.into()), "{row}");
        near(&row["effect_percent"], if row["tool"] == "perf" { 6.968_940 } else { -6.514_919 });
        assert_eq!(text(row, "examples").split(' ').count(), 3);
    }
    let findings = json(&tree, &["findings", "--finding", "offset", "--tool", "perf", "--event", "cycles:u"]);
    assert_eq!(findings.len(), 6);
    assert_eq!(text(&findings[0], "text"), "oprofile counts 14005, here 14981: apart by 976");
}

/// More mispredicted branches than branches: one finding for the two numbers, 20 % above what can be.
#[test]
fn what_a_rule_finds_is_listed_once_with_its_reason() {
    let tree = Tree::new();
    tree.file("good.csv", "900;;branches;1000;100.00;;\n120;;branch-misses;1000;100.00;;\n");
    tree.file("bad.csv", "100;;branches;1000;100.00;;\n120;;branch-misses;1000;100.00;;\n");
    assert_eq!(tree.import(&["--tool", "perf-6.1"]).status, 0);
    let findings = json(&tree, &["findings"]);
    let [only] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(["kind", "rule", "source"].map(|key| text(only, key)), ["hard", "I4", "what is mispredicted is a branch"]);
    assert!(text(only, "path").ends_with("bad.csv") && only["line"] == 1, "{only}");
    near(&only["effect_percent"], 20.0);
    let bugs = json(&tree, &["bugs", "--rule", "I4"]);
    assert_eq!((&bugs[0]["runs"], &bugs[0]["of_runs"]), (&1.into(), &2.into()));
    assert_eq!(json(&tree, &["findings", "--rule", "I3"]), Vec::<Value>::new());
    let unknown = tree.run(&["findings", "--rule", "I99", "--db", "test.db"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("there are I1, I3"), "{}", unknown.stderr);
}

/// Intervals are what a program did one thing after the other: the last one is short, and no outlier of the others.
#[test]
fn intervals_are_no_repetitions_of_each_other() {
    let tree = Tree::new();
    let rows: Vec<String> =
        (1..12).map(|at| format!("{at}.000000000,{},,cycles,1000,100.00,,\n", if at == 11 { 7 } else { 1_000_000 })).collect();
    tree.file("interval.csv", rows.concat());
    assert_eq!(tree.import(&["--tool", "perf-6.1", "--experiment", "sort"]).status, 0);
    assert_eq!(json(&tree, &["findings"]), Vec::<Value>::new());
}
