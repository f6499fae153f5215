//! The commands `findings` and `bugs`; expected numbers are worked out by hand, or from what is known of the fixtures' programs.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use std::process::Command;

use serde_json::Value;
use tree::{Tree, output};

fn log(rows: &[&str], elapsed: &str) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
    format!("\n Performance counter stats for './prog':\n\n{}\n       {elapsed} seconds time elapsed\n\n", rows.concat())
}

fn json(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    // All of them; an explanation has no limit.
    let limit: &[&str] = if arguments[0] == "trust" { &[] } else { &["--limit", "10000"] };
    let output = tree.run(&[arguments, &["--db", "test.db", "--format", "json"], limit].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn imported(files: &[(&str, String)], options: &[&str]) -> Tree {
    let tree = Tree::new();
    for (name, text) in files {
        tree.file(name, text);
    }
    let imported = tree.import(options);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    tree
}

fn lines(found: &[Value], rule: &str) -> Vec<i64> {
    found.iter().filter(|row| row["rule"] == rule).map(|row| row["line"].as_i64().unwrap()).collect()
}

/// The eight repetitions of three workloads on the emulated Cortex-A57.
fn lab() -> Tree {
    let tree = Tree::new();
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lab");
    let mut command: Command = tree.command(&["import", fixtures, "--db", "test.db"]);
    let imported = output(&mut command);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    tree
}

/// 538996 / 849032 = 0.6348: 0.63 is printed, 0.64 is not; 849032 cycles in 0.34 ms are 2.497 GHz, within 2.461 and 2.535 for the clock has
/// two decimals.
#[test]
fn a_printed_metric_is_what_the_counts_give() {
    let rows = |ipc: &str, ghz: &str| {
        let clock = "              0.34 msec task-clock                #    0.340 CPUs utilized".to_owned();
        let cycles = format!("           849,032      cycles                    #    {ghz} GHz");
        let instructions = format!("           538,996      instructions              #    {ipc}  insn per cycle");
        log(&[&clock, &cycles, &instructions], "0.001000000")
    };
    let good = imported(&[("good.txt", rows("0.63", "2.461"))], &[]);
    assert_eq!(json(&good, &["findings", "--rule", "I21"]), [Value::Null; 0]);
    let bad = imported(&[("bad.txt", rows("0.64", "2.461"))], &[]);
    let found = json(&bad, &["findings", "--rule", "I21"]);
    // The metric on its line, and both counts.
    assert_eq!(lines(&found, "I21"), [5, 6, 6], "{found:?}");
    assert_eq!((&found[0]["what"], &found[0]["found"]), (&"hard".into(), &0.64.into()));
    let far = imported(&[("far.txt", rows("0.63", "3.497"))], &[]);
    assert_eq!(lines(&json(&far, &["findings", "--what", "hard"]), "I21"), [4, 5, 5]);
}

/// 1 % of a million is above the 0.1 % and 1000 that counters may be apart that are started one after the other.
#[test]
fn an_event_that_was_asked_for_twice_agrees_with_itself() {
    let twice = |second: &str| {
        let rows = ["         1,000,000      instructions:u", &format!("{second:>18}      instructions:u")];
        imported(&[("twice.txt", log(&rows, "0.001000000"))], &["--microarch", "ivybridge"])
    };
    assert_eq!(json(&twice("1,001,900"), &["findings"]), [Value::Null; 0]);
    assert_eq!(lines(&json(&twice("1,010,000"), &["findings", "--what", "hard"]), "I17"), [4, 5]);
}

/// Cycles may be 2 % and 1000 apart, branches 0.1 % and 1000.
#[test]
fn two_names_of_an_event_agree_as_one_name_does() {
    let names = |cycles: &str, branches: &str| {
        let rows = [
            "     1,000,000,050      cycles".to_owned(),
            format!("{cycles:>18}      cpu-cycles"),
            "       400,000,000      branches".to_owned(),
            format!("{branches:>18}      branch-instructions"),
        ];
        imported(&[("names.txt", log(&rows.each_ref().map(String::as_str), "0.500000000"))], &[])
    };
    assert_eq!(json(&names("1,000,000,000", "400,000,030"), &["findings"]), [Value::Null; 0]);
    let found = json(&names("1,030,000,000", "401,000,000"), &["findings", "--what", "hard"]);
    assert_eq!(lines(&found, "I17"), [4, 5, 6, 7], "{found:?}");
}

/// 9000 faults of 6000 are too many; but counters are read one after the other at the ends of an interval.
#[test]
fn page_faults_of_an_interval_are_no_contradiction() {
    let rows = ["6000,,page-faults", "9000,,minor-faults", "0,,major-faults"].map(|row| format!("{row},1000000,100.00,,"));
    let whole = rows.join("\n") + "\n";
    let interval = rows.map(|row| format!("0.100000000,{row}")).join("\n") + "\n";
    let tree = imported(&[("whole.csv", whole), ("interval.csv", interval)], &["--tool", "perf-6.1"]);
    let found = json(&tree, &["findings", "--rule", "I8"]);
    let told: Vec<(&str, &str)> =
        found.iter().map(|row| (row["path"].as_str().unwrap(), row["what"].as_str().unwrap())).collect();
    let each = [("whole.csv", "hard"), ("interval.csv", "soft")].map(|told| [told; 3]);
    assert_eq!(told, each.concat(), "{found:?}");
}

/// 2^63 - 1 is the largest count, and as a float it is 2^63. A lone count has the prior 0.5 and 0.5 for I1: 1 / (1 + e^-1) = 0.731059.
#[test]
fn the_largest_counts_are_in_range() {
    let text = "PAPI_TOT_CYC;9223372036854775807\nPAPI_TOT_INS;9223372036854775808\nPAPI_L1_DCM;9223372036854775296\n";
    let tree = imported(&[("large.csv", text.to_owned()), ("lone.csv", "PAPI_TOT_CYC;12\n".to_owned())], &[]);
    assert_eq!(lines(&json(&tree, &["findings", "--what", "hard"]), "I1"), [2]);
    let steps = json(&tree, &["trust", "explain", "lone.csv:1"]);
    let number = |item: &str| steps.iter().find(|step| step["item"] == item).and_then(|step| step["number"].as_f64());
    assert!((number("trust").unwrap() - 0.731_059).abs() < 1e-6, "{steps:?}");
}

#[test]
fn instructions_without_cycles_are_a_zero_that_nobody_counted() {
    let rows = ["         1,000,000      cycles", "                 0      instructions", "                 0      r1b"];
    let tree = imported(&[("zero.txt", log(&rows, "0.001000000"))], &[]);
    let found = json(&tree, &["findings", "--what", "zero"]);
    assert_eq!((lines(&found, "Z1"), lines(&found, "Z3")), (vec![5], vec![6]), "{found:?}");
    assert_eq!(json(&tree, &["trust", "explain", "zero.txt:5"]).iter().filter(|step| step["item"] == "inv_cap").count(), 1);
}

#[test]
fn zeros_of_one_ring_or_one_kind_of_core_are_found_too() {
    let pair =
        |instructions: &str, cycles: &str| format!("0,,{instructions},1000000,100.00,,\n5000000,,{cycles},1000000,100.00,,\n");
    let files = [
        ("core.csv", pair("cpu_core/instructions/", "cpu_core/cycles/")),
        ("kernel.csv", pair("instructions:k", "cycles:k")),
        // Of two kinds of core each may have run nothing.
        ("kinds.csv", pair("cpu_atom/instructions/", "cpu_core/cycles/")),
    ];
    let tree = imported(&files, &["--tool", "perf-6.1"]);
    let found = json(&tree, &["findings", "--rule", "Z1"]);
    let paths: Vec<&str> = found.iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!((paths, lines(&found, "Z1")), (vec!["core.csv", "kernel.csv"], vec![1, 1]), "{found:?}");
}

/// Two of five numbers of perf are zero, the median is what PAPI counts: the tools agree, these two numbers do not. The term is
/// 2 x 5 / 7 for the others, and its negative for the zeros.
#[test]
fn a_zero_beside_a_tool_that_counts_is_found_whatever_its_group_agrees_with() {
    let tree = Tree::new();
    tree.file("prc.toml", "experiment = \"x\"\nlayout = [\"{tool}/r{repeat}.csv\"]\n[environment]\nmicroarch = \"haswell\"\n");
    for (repeat, cycles) in ["1000000", "1000000", "1000000", "0", "0"].iter().enumerate() {
        tree.file(format!("perf/r{repeat}.csv"), format!("{cycles},,cycles:u,1000000,100.00,,\n"));
        tree.file(format!("papi/r{repeat}.csv"), "PAPI_TOT_CYC;1000000\nPAPI_TOT_INS;2000000\n");
    }
    let imported = tree.import(&[]);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    let found = json(&tree, &["findings", "--rule", "Z2"]);
    let paths: Vec<&str> = found.iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["perf/r3.csv", "perf/r4.csv"], "{found:?}");
    let cross = |path: &str| {
        let steps = json(&tree, &["trust", "explain", path]);
        steps.iter().find(|step| step["item"] == "cross").and_then(|step| step["number"].as_f64()).unwrap()
    };
    for (path, expected) in [("perf/r0.csv:1", 10.0 / 7.0), ("perf/r3.csv:1", -10.0 / 7.0)] {
        assert!((cross(path) - expected).abs() < 1e-9, "{path}: {}", cross(path));
    }
}

/// ocount has other names for both events: they are known by their class.
#[test]
fn rules_hold_for_the_names_of_other_tools() {
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lab/a57-6.1/true/oprofile-1.5.0git-ocount-user/rep-1.txt");
    let text = std::fs::read_to_string(fixture).unwrap();
    let instructions = text.lines().find(|line| line.contains("INST_RETIRED")).unwrap();
    let silent = text.replace(instructions, &instructions.replace("14,005", "0"));
    let tree = imported(&[("good.txt", text.clone()), ("silent.txt", silent)], &["--microarch", "cortex-a57"]);
    let found = json(&tree, &["findings", "--rule", "Z1"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["event"]), (&"silent.txt".into(), &"INST_RETIRED:0x0:0:1".into()));
    assert_eq!(found[0]["events"], "INST_RETIRED:0x0:0:1, CPU_CYCLES:0x0:0:1");
}

/// 0.01 ms may be 0.015 ms, of which 81,000 cycles are 5.4 GHz; 0.02 ms are at most 0.025 ms, of which 500,000 are 20 GHz.
#[test]
fn a_clock_of_two_decimals_may_be_half_a_step_longer() {
    let text = |clock: &str, cycles: &str| {
        log(&[&format!("{clock:>18} msec task-clock"), &format!("{cycles:>18}      cycles")], "0.001000000")
    };
    let tree = imported(&[("short.txt", text("0.01", "81,000")), ("fast.txt", text("0.02", "500,000"))], &[]);
    let found = json(&tree, &["findings", "--what", "hard"]);
    assert_eq!(lines(&found, "I9"), [4, 5], "{found:?}");
    assert!(found.iter().all(|row| row["path"] == "fast.txt"), "{found:?}");
}

/// user + sys is 0.5 s, the clock says 0.9 s: more than 18 ms apart.
#[test]
fn user_and_system_time_make_up_the_clock() {
    let text = |clock: &str| {
        let rows = format!("{clock:>18} msec task-clock");
        log(&[&rows], "1.000000000").trim_end().to_owned()
            + "\n\n       0.400000000 seconds user\n       0.100000000 seconds sys\n\n"
    };
    let tree = imported(&[("good.txt", text("509.00")), ("bad.txt", text("900.00"))], &[]);
    let found = json(&tree, &["findings", "--rule", "I11"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["found"]), (&"bad.txt".into(), &500.0.into()));
}

/// Counted on two CPUs: 1.26 ms in 1.142 ms are what perf 6.1 does, 45.08 ms in 15.226 ms what it does on a busy machine. The most that is
/// expected is 1.01 x 15.225875 + 10 = 25.378 ms.
#[test]
fn the_clock_of_a_cpu_may_outlast_the_time_that_is_measured() {
    let text = |clocks: [&str; 2], elapsed: &str| {
        let rows = [0, 1].map(|cpu| format!("CPU{cpu}{:>21} msec task-clock", clocks[cpu]));
        log(&rows.each_ref().map(String::as_str), elapsed)
    };
    let files = [("idle.txt", text(["1.23", "1.26"], "0.001142000")), ("busy.txt", text(["45.08", "15.25"], "0.015225875"))];
    let tree = imported(&files, &[]);
    let found = json(&tree, &["findings", "--rule", "I11"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["line"], &found[0]["what"]), (&"busy.txt".into(), &4.into(), &"soft".into()));
    assert!((found[0]["high"].as_f64().unwrap() - 0.025_378).abs() < 1e-6, "{}", found[0]);
}

/// perf 6.1 prints the last value of a series: known, and no reason to doubt a single run, or another perf.
#[test]
fn an_erratum_limits_what_it_concerns_and_nothing_else() {
    let once = log(&["         1,000,000      instructions"], "0.001000000");
    let series = once.replace("'./prog':", "'./prog' (5 runs):");
    let of = |version: &str| {
        let tool = format!("perf-{version}");
        imported(&[("once.txt", once.clone()), ("series.txt", series.clone())], &["--tool", &tool])
    };
    let old = of("6.1.187");
    let found = json(&old, &["findings", "--what", "errata"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["rule"]), (&"series.txt".into(), &"perf-6.1-last-run".into()));
    let caps = |path: &str| {
        let steps = json(&old, &["trust", "explain", path]);
        steps.iter().filter(|step| step["item"] == "errata_cap").map(|step| step["number"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((caps("series.txt:4"), caps("once.txt:4")), (vec![0.5.into()], vec![]));
    assert_eq!(json(&of("6.12.95"), &["findings"]), [Value::Null; 0]);
}

/// Five runs of two disagree with their printed metric: one row of each counter and metric, with 5 of 6 runs.
#[test]
fn bugs_are_findings_that_runs_share() {
    let text = |ipc: &str| {
        let instructions = format!("           500,000      instructions              #    {ipc}  insn per cycle");
        log(&["         1,000,000      cycles", &instructions], "0.001000000")
    };
    let files: Vec<(String, String)> =
        (0..6).map(|number| (format!("{number}.txt"), text(if number == 0 { "0.50" } else { "1.00" }))).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let tree = imported(&files, &["--tool", "perf-6.9"]);
    let bugs = json(&tree, &["bugs"]);
    assert_eq!(bugs.len(), 3, "{bugs:?}");
    for bug in &bugs {
        assert_eq!((&bug["rule"], &bug["tool_version"]), (&"I21".into(), &"6.9".into()));
        assert_eq!((&bug["findings"], &bug["runs"], &bug["looked_at"]), (&5.into(), &5.into(), &6.into()));
        // 1.00 where at most 0.505 is expected.
        assert!((bug["effect"].as_f64().unwrap() - (1.0 / 0.505 - 1.0)).abs() < 1e-6, "{bug}");
    }
    assert_eq!(bugs[0]["examples"], "1.txt:4 2.txt:4 3.txt:4");
}

/// The program executes exactly 10,000,005 instructions in user mode, and perf and ocount say so: nothing speaks against it.
#[test]
fn a_program_of_known_length_keeps_its_trust() {
    let tree = lab();
    let user = ["--experiment", "loop", "--privilege", "user", "--kind", "count", "--not", "tool=papi"];
    let found = json(&tree, &[&["findings", "--what", "hard,zero,errata,outlier,soft,tool"][..], &user].concat());
    assert_eq!(found, [Value::Null; 0]);
    assert_eq!(
        json(&tree, &[&["suspects", "--below", "0.9", "--class", "instructions"][..], &user].concat()),
        [Value::Null; 0]
    );
}

/// perf counts 14,981 and ocount 14,005 in user mode, for perf gives the program a longer environment: 976 more, 6.5 % of so short a program.
/// The labels of the side file say how each tool counted; no two tools share one, so they do not keep the sides apart.
#[test]
fn a_constant_offset_of_two_tools_is_told_with_its_size_and_is_no_contradiction() {
    let tree = lab();
    let user = ["findings", "--experiment", "true", "--privilege", "user", "--class", "instructions"];
    assert_eq!(json(&tree, &[&user[..], &["--what", "hard,zero,errata,outlier,soft"]].concat()), [Value::Null; 0]);
    let found = json(&tree, &[&user[..], &["--what", "tool", "--tool", "perf"]].concat());
    assert_eq!(found.len(), 8, "{found:?}");
    for row in &found {
        assert_eq!(row["text"], "oprofile counts 14005, here 14981: apart by 976");
        assert!((row["effect"].as_f64().unwrap() - 976.0 / 14_005.0).abs() < 1e-12, "{row}");
    }
}

/// Reports of one session: 136 samples in the summary, 62 in the list of symbols, as the kernel's image is missing there.
#[test]
fn a_report_that_lacks_what_another_of_its_session_has_is_told() {
    let head = "CPU: ARM Cortex-A57, speed 187 MHz (estimated)\nCounted CPU_CYCLES events (Cycle) with a unit mask of 0x00 (No unit mask) count 100000\n";
    let of_image = "\tCPU_CYCLES:100000|\n\t  samples|      %|\n\t------------------\n\t       74 54.4118 kallsyms\n\t       62 45.5882 memwalk\n";
    let summary =
        format!("{head}CPU_CYCLES:100000|\n  samples|      %|\n------------------\n      136 100.000 memwalk\n{of_image}");
    let symbols = format!("{head}samples  %        symbol name\n62       100.000  main\n");
    let files = [("rep-1.summary.txt", summary), ("rep-1.symbols.txt", symbols)];
    let tree = imported(&files, &["--experiment", "memwalk", "--layout", "rep-{repeat}.*"]);
    let found = json(&tree, &["findings", "--rule", "O1"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["found"]), (&"rep-1.symbols.txt".into(), &6_200_000.0.into()));
    assert_eq!(found[0]["low"].as_f64(), Some(13_600_000.0));
}

#[test]
fn what_is_no_sort_is_refused_with_those_that_there_are() {
    let tree = imported(&[("a.txt", log(&["         1,000,000      cycles"], "0.001000000"))], &[]);
    let refused = tree.run(&["findings", "--what", "strange", "--db", "test.db"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("hard, zero, errata"), "{}", refused.stderr);
}

/// A file of the user's has the columns of the table; a row without a source is refused with its line.
#[test]
fn errata_of_a_user_count_beside_those_of_the_program() {
    let tree = Tree::new();
    tree.file("a.csv", "900;;cycles;1000;100.00;;\n900;;instructions;1000;100.00;;\n");
    assert_eq!(tree.import(&["--tool", "perf-5.4.1"]).status, 0);
    let head = "id,what,tool,tool_from,tool_below,machines,kernel_from,kernel_below,events,effect,when,text,source\n";
    let row = "ours-1,tool,perf,5.4,5.5,,,,cycles,overcount,,counts the swapper too,ticket 4711";
    tree.file("errata.csv", format!("{head}{row}\n"))
        .file("wrong.csv", format!("{head}{},\n", row.trim_end_matches("ticket 4711").trim_end_matches(',')));
    let ask = |table: &str| {
        let mut command = tree.command(&["findings", "--what", "errata", "--db", "test.db", "--format", "json"]);
        command.env("PRC_ERRATA", tree.path(table)).output().unwrap()
    };
    let found: Vec<Value> = serde_json::from_slice(&ask("errata.csv").stdout).unwrap();
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&only["rule"], &only["event"]), (&"ours-1".into(), &"cycles".into()), "{only}");
    let refused = ask("wrong.csv");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("wrong.csv: line 2: `source` is empty"));
    tree.file("headless.csv", format!("{row}\n")).file("empty.csv", "");
    for table in ["headless.csv", "empty.csv"] {
        let refused = ask(table);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("the first line must name the columns: id,what,tool"));
    }
    assert_eq!(json(&tree, &["findings", "--what", "errata"]), [Value::Null; 0]);
}

/// More branches than instructions in each of 9,000 intervals of three numbers: of the 20,000 that are read at once, the last two are of
/// such an interval.
#[test]
fn no_interval_is_cut_where_numbers_are_read_in_pages() {
    let row = |at: i32, value: i32, event: &str| format!("{at:6}.000000000;{value};;{event};1000;100.00;;\n");
    let interval = |at| row(at, 9, "page-faults") + &row(at, 300_000, "branches") + &row(at, 200_000, "instructions");
    let tree = imported(&[("i.csv", (1..=9000).map(interval).collect())], &["--experiment", "sort", "--microarch", "skylake"]);
    let found = tree.run(&["findings", "--db", "test.db", "--format", "json", "--limit", "100000", "--rule", "I3"]);
    let found: Vec<Value> = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found.len(), 2 * 9000);
}

#[test]
fn a_rule_that_there_is_not_is_wrong_usage() {
    let tree = imported(&[("a.txt", log(&["1,000 cycles"], "0.001"))], &["--experiment", "sort"]);
    for (rule, wrong) in [("i21", "i21"), ("I99", "I99"), ("I21,Z9", "Z9")] {
        for command in ["findings", "bugs"] {
            let output = tree.run(&[command, "--db", "test.db", "--rule", rule]);
            let is_told =
                output.stderr.contains(&format!("'{wrong}'")) && output.stderr.contains("it is one of I1, I2, I3, I4,");
            assert!(output.status == 2 && is_told, "{rule}: {}", output.stderr);
        }
    }
    assert_eq!(tree.run(&["findings", "--db", "test.db", "--rule", "I21,Z1,outlier,perf-6.1-last-run"]).status, 0);
}

/// The first and the last are as far from the median: it is told of the larger, whichever came first. 0.4 % is nothing where half of the
/// time was counted.
#[test]
fn what_does_not_repeat_is_told_of_one_number_whatever_the_order() {
    let run = |count: u64, running: &str| {
        let head = "\n Performance counter stats for './prog':\n\n";
        format!("{head}{count:>18}      instructions:u{running}\n\n       0.001 seconds time elapsed\n\n")
    };
    let told = |counts: [u64; 3], running: &str| {
        let files: Vec<(String, String)> = counts
            .iter()
            .zip(["1.txt", "2.txt", "3.txt"])
            .map(|(count, name)| (name.to_owned(), run(*count, running)))
            .collect();
        let files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let tree = imported(&files, &["--microarch", "haswell", "--experiment", "prog"]);
        let found = json(&tree, &["findings", "--rule", "I19"]);
        found.iter().map(|row| row["value"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let rising = [1_000_000, 1_002_000, 1_004_000];
    let falling = [1_004_000, 1_002_000, 1_000_000];
    assert_eq!((told(rising, ""), told(falling, "")), (vec![1_004_000.0], vec![1_004_000.0]));
    assert_eq!(told(rising, "      (50.00%)"), [0.0; 0]);
}
