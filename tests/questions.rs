//! What the database answers to questions, the same in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use support::{Db, on_both};

fn prc(db: &Db, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).args(arguments).env("PRC_DATABASE_URL", &db.text).output().unwrap()
}

fn answer(db: &Db, arguments: &[&str]) -> Vec<Value> {
    let output = prc(db, &[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Cycles of six runs of one experiment, and one run whose event never got a counter.
const CYCLES: [i64; 6] = [1000, 1010, 990, 1030, 985, 1500];

fn filled(db: &Db) {
    db.open();
    let tree = tempfile::tempdir().unwrap();
    for (at, cycles) in CYCLES.iter().enumerate() {
        fs::write(tree.path().join(format!("run_{at}.csv")), format!("{cycles},,cycles:u,1000000,{}.00,,\n", 90 + at)).unwrap();
    }
    fs::write(tree.path().join("run_6.csv"), "<not counted>,,cycles:u,0,100.00,,\n").unwrap();
    let root = tree.path().to_str().unwrap();
    let output = prc(db, &["import", root, "--experiment", "sort", "--microarch", "skylake", "--tool", "perf-6.1.0"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{value} is not {expected}");
}

/// The expected values are of Python's `statistics` module; quartiles and the adjusted skewness by their formulas, in Python too.
#[test]
fn statistics_of_a_group_are_those_of_an_independent_computation() {
    on_both(|db| {
        filled(db);
        let rows = answer(db, &["stats", "--percentile", "90"]);
        assert_eq!(rows.len(), 1, "{rows:?}");
        let row = &rows[0];
        let expected = [
            ("mean", 1_085.833_333_333_333_3),
            ("sd", 203.529_277_173_252_55),
            ("cov", 0.187_440_623_643_824_3),
            ("median", 1005.0),
            ("mad", 17.5),
            ("q1", 992.5),
            ("q3", 1025.0),
            ("min", 985.0),
            ("max", 1500.0),
            ("skew", 2.415_925_947_860_222_4),
            ("p90", 1265.0),
            ("least_running", 90.0),
        ];
        for (name, number) in expected {
            near(&row[name], number);
        }
        let names = ["experiment", "microarch", "tool", "event", "privilege", "exact", "n", "not_counted", "not_supported"];
        let shown: Vec<String> = names.iter().map(|name| row[name].to_string().replace('"', "")).collect();
        assert_eq!(shown, ["sort", "skylake", "perf", "cycles:u", "user", "yes", "6", "1", "0"]);
    });
}

/// Quartiles 992.5 and 1025: bins of 2 * 32.5 / 6^(1/3) = 35.8, which fit 15 times between 985 and 1500, 34.333 wide each.
#[test]
fn a_histogram_has_a_bar_for_each_bin() {
    on_both(|db| {
        filled(db);
        let output = prc(db, &["stats", "--histogram"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines[0], lines.len()), ("event=cycles:u  n=6", 1 + 15 + 1), "{text}");
        assert_eq!(lines[1], format!("      985 to 1019.33  4  {}", "█".repeat(40)));
        assert_eq!(lines[2], format!("  1019.33 to 1053.67  1  {}", "█".repeat(10)));
        assert_eq!(lines[3], "  1053.67 to    1088  0");
        assert_eq!(lines[15], format!("  1465.67 to    1500  1  {}", "█".repeat(10)));
        assert_eq!(prc(db, &["stats", "--histogram", "--format", "csv"]).status.code(), Some(2));
    });
}

#[test]
fn stability_grades_by_the_class_of_the_event_and_says_how_many_runs_are_needed() {
    on_both(|db| {
        filled(db);
        let rows = answer(db, &["stability", "--precision", "5"]);
        let row = &rows[0];
        near(&row["robust_cov"], 0.025_816_456_541_142_323);
        near(&row["cov"], 0.187_440_623_643_824_3);
        near(&row["qcd"], 0.016_109_045_848_822_8);
        // (1.959964 * 0.1874406 / 0.05)^2 = 53.99; 2.58 % is within the 5 % that cycles may vary, and above a third of it.
        assert_eq!((&row["grade"], &row["grade_class"], &row["runs_needed"]), (&"C".into(), &"cycle".into(), &54.into()));
    });
}

#[test]
fn one_option_given_twice_means_either_and_different_options_must_all_hold() {
    on_both(|db| {
        filled(db);
        let n = |arguments: &[&str]| answer(db, arguments).first().map_or(0, |row| row["n"].as_i64().unwrap());
        assert_eq!(n(&["stats", "--value", "1000", "--value", "1500"]), 2);
        assert_eq!(n(&["stats", "--value", ">=1000", "--running", "<93"]), 2);
        assert_eq!(n(&["stats", "--value", "1000", "--value", "1500", "--running", ">=95"]), 1);
    });
}

/// 24 runs, a minute apart: 1000 to 1004, from the 13th on 2000 to 2004, and the 18th 9000: one step and one outlier, as planted.
#[test]
fn a_trend_tells_a_step_from_an_outlier() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        for at in 0..24 {
            let level = if at < 12 { 1000 } else { 2000 };
            let cycles = if at == 17 { 9000 } else { level + at % 5 };
            let text = format!("# started on Mon Jun  3 12:{at:02}:00 2024\n\n{cycles},,cycles:u,1000000,100.00,,\n");
            fs::write(tree.path().join(format!("run_{at}.csv")), text).unwrap();
        }
        let root = tree.path().to_str().unwrap();
        prc(db, &["import", root, "--experiment", "sort", "--microarch", "skylake", "--tool", "perf-6.1.0"]);
        let rows = answer(db, &["trend"]);
        let of = |name: &str| -> Vec<Value> { rows.iter().map(|row| row[name].clone()).collect() };
        assert_eq!(of("from"), ["2024-06-03T12:00:00", "2024-06-03T12:12:00"]);
        assert_eq!(of("n"), [12, 12]);
        // Medians by Python's statistics.median; 2002.5 / 1001.5.
        assert_eq!(of("median"), [1001.5, 2002.5]);
        near(&rows[1]["step"], 1.999_500_748_876_685);
        assert_eq!(of("outliers"), [0, 1]);
        assert_eq!(rows[1]["outliers_at"], "2024-06-03T12:17:00");
    });
}

/// Kernels 5.4, 5.10 and 6.1 in an order that is neither that of time nor that of texts; from 5.10 on everything costs twice.
#[test]
fn a_trend_over_kernels_is_in_the_order_of_versions() {
    on_both(|db| {
        db.open();
        for (kernel, day, level) in [("6.1.0", 1, 2000), ("5.4.0", 2, 1000), ("5.10.0", 3, 2000)] {
            let tree = tempfile::tempdir().unwrap();
            for at in 0..12 {
                let cycles = level + at % 5;
                let text = format!("# started on Mon Jun  {day} 12:{at:02}:00 2024\n\n{cycles},,cycles:u,1000000,100.00,,\n");
                fs::write(tree.path().join(format!("{day}_{at}.csv")), text).unwrap();
            }
            let root = tree.path().to_str().unwrap();
            prc(db, &["import", root, "--experiment", "sort", "--tool", "perf-6.1.0", "--kernel", kernel]);
        }
        let rows = answer(db, &["trend", "--over", "kernel"]);
        let of = |name: &str| -> Vec<Value> { rows.iter().map(|row| row[name].clone()).collect() };
        assert_eq!((of("from"), of("until")), (vec!["5.4.0".into(), "5.10.0".into()], vec!["5.4.0".into(), "6.1.0".into()]));
        // By hand: twelve of 1000 to 1004 have 1, 1, 1 at 0 to 1 and 2 in the middle: (1001 + 1002) / 2; 24 of 2000 to 2004 likewise.
        assert_eq!((of("n"), of("median")), (vec![12.into(), 24.into()], vec![1001.5.into(), 2001.5.into()]));
        let output = prc(db, &["trend", "--over", "tool-version", "--format", "json"]);
        let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (rows[0]["from"].as_str(), rows.iter().map(|row| row["n"].as_i64().unwrap()).sum::<i64>()),
            (Some("6.1.0"), 36)
        );
    });
}

#[test]
fn experiments_tools_and_environments_are_listed_with_their_runs() {
    on_both(|db| {
        filled(db);
        let row = |what: &str| answer(db, &["show", what]).remove(0);
        assert_eq!(row("experiments"), serde_json::json!({"experiment": "sort", "runs": 7}));
        assert_eq!(row("tools"), serde_json::json!({"tool": "perf", "tool_version": "6.1.0", "runs": 7}));
        assert_eq!(row("environments")["microarch"], "skylake");
        assert_eq!(row("kernels"), serde_json::json!({"kernel": null, "runs": 7}));
        assert_eq!(answer(db, &["show", "tools", "--tool", "papi"]), Vec::<Value>::new());
    });
}

#[test]
fn an_empty_selection_is_told_and_is_no_failure() {
    on_both(|db| {
        filled(db);
        for command in ["stats", "stability", "trend"] {
            let output = prc(db, &[command, "--experiment", "sart", "--format", "csv"]);
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0));
            assert!(told.contains("no result fits the selection") && told.contains("the nearest: sort"), "{told}");
            assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1, "only the names of the columns");
        }
    });
}

/// An event may hold commas itself, as the canonical form of an offcore event does.
#[test]
fn events_counted_together_are_counted_whatever_their_names_hold() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        let line = |event: &str| format!("5;;{event};1000000;100.00;;\n");
        let offcore = "cpu/event=0xb7,umask=0x1,offcore_rsp=0x10001/";
        for (name, events) in
            [("two.csv", [offcore, "cycles:u"].as_slice()), ("three.csv", &[offcore, "cycles:u", "branches:u"])]
        {
            fs::write(tree.path().join(name), events.iter().map(|event| line(event)).collect::<String>()).unwrap();
        }
        let output = prc(db, &["import", tree.path().to_str().unwrap(), "--experiment", "sort", "--microarch", "skylake"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let rows = answer(db, &["stats", "--event", "cycles:u"]);
        let sizes: Vec<&Value> = rows.iter().map(|row| &row["events_together"]).collect();
        assert_eq!(sizes, [2, 3], "{rows:?}");
    });
}

/// Every fifth of 30 repetitions took twice as long, the others are equal within 500: noise, and no change at any time.
#[test]
fn numbers_of_one_place_make_no_step() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        for (directory, layout) in [("6.1", "{kernel}/r{repeat}.csv"), ("2024-06-03", "{date}/r{repeat}.csv")] {
            let tree = tree.path().join(directory.replace('.', "_"));
            fs::create_dir_all(tree.join(directory)).unwrap();
            for at in 0..30 {
                let value = if at % 5 == 4 { 2_000_000 } else { 1_000_000 } + (at * 37) % 500;
                fs::write(tree.join(format!("{directory}/r{at:02}.csv")), format!("{value},,cycles:u,1000,100.00,,\n"))
                    .unwrap();
            }
            let options = ["--layout", layout, "--experiment", directory, "--microarch", "skylake"];
            prc(db, &[&["import", tree.to_str().unwrap()], &options[..]].concat());
        }
        for question in [&["trend", "--over", "kernel", "--experiment", "6.1"][..], &["trend", "--experiment", "2024-06-03"]] {
            let rows = answer(db, question);
            let found: Vec<(&Value, &Value, &Value)> =
                rows.iter().map(|row| (&row["n"], &row["step"], &row["outliers"])).collect();
            assert_eq!(found, [(&30.into(), &Value::Null, &6.into())], "{rows:?}");
        }
    });
}

/// 20 numbers of one kernel, then three high and nine low ones of the next: a step where they come in the order of their files, r2 before
/// r10, and none where they come as r1, r10, r11 or by size. The last ones are loaded first.
#[test]
fn what_has_no_time_is_in_the_natural_order_of_its_files() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        let value = |kernel: &str, at: i32| if kernel == "6.2" && at < 4 { 2_000_000 + at } else { 1_000_000 + at };
        for (kernel, runs) in [("6.2", 12), ("6.1", 20)] {
            for at in (1..=runs).rev() {
                let root = tree.path().join(format!("{kernel}-{at}"));
                fs::create_dir_all(root.join(kernel)).unwrap();
                let text = format!("{},,cycles:u,1000,100.00,,\n", value(kernel, at));
                fs::write(root.join(format!("{kernel}/r{at}.csv")), text).unwrap();
                if at % 4 == 1 {
                    // Four at once: they are walked in the order of their names.
                    let roots: Vec<String> =
                        (at..at + 4).map(|at| format!("{}/{kernel}-{at}", tree.path().display())).collect();
                    let roots = roots.iter().map(String::as_str);
                    let options = ["--layout", "{kernel}/r{repeat}.csv", "--experiment", "sort", "--microarch", "skylake"];
                    prc(db, &["import"].into_iter().chain(roots).chain(options).collect::<Vec<_>>());
                }
            }
        }
        let rows = answer(db, &["trend", "--over", "kernel"]);
        let found: Vec<(&Value, &Value)> = rows.iter().map(|row| (&row["from"], &row["n"])).collect();
        assert_eq!(found, [(&"6.1".into(), &20.into()), (&"6.2".into(), &12.into())], "{rows:?}");
    });
}

/// 27,000 numbers of one run: more than are read at once, and the border of a page parts an interval.
#[test]
fn a_metric_keeps_its_counter_in_a_run_of_very_many_numbers() {
    on_both(|db| {
        db.open();
        let tree = tempfile::tempdir().unwrap();
        let interval = |at: i32| {
            format!(
                "{at:6}.000000000;1000;;cycles;1000;100.00;;GHz\n{at:6}.000000000;2000;;instructions;1000;100.00;2.00;insn per cycle\n\
                 {at:6}.000000000;;;;;;0.50;stalled cycles per insn\n"
            )
        };
        fs::write(tree.path().join("i.csv"), (1..=9000).map(interval).collect::<String>()).unwrap();
        let output = prc(db, &["import", tree.path().to_str().unwrap(), "--experiment", "sort", "--microarch", "skylake"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let rows = answer(db, &["stats", "--kind", "metric"]);
        let mut found: Vec<(&str, i64)> =
            rows.iter().map(|row| (row["event"].as_str().unwrap(), row["n"].as_i64().unwrap())).collect();
        found.sort_unstable();
        assert_eq!(
            found.iter().filter(|(event, _)| event.starts_with("stalled")).collect::<Vec<_>>(),
            [&("stalled cycles per insn of instructions", 9000)],
            "{found:?}"
        );
    });
}
