//! The commands `events` and `microarchs` as a script calls them.

use std::process::{Command, Output};

use serde_json::Value;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).args(words).output().expect("the program runs")
}

/// The standard output of a call that must end with status 0.
fn printed(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&printed(words)).expect("JSON")
}

#[test]
fn same_answers_with_one_object_and_status_0_whatever_the_answer() {
    for (microarch, a, b, relation, comparable) in [
        ("ivybridge", ["papi", "PAPI_TOT_CYC"], ["perf", "cycles:u"], "same", true),
        ("Ivy Bridge", ["perf", "cycles"], ["perf", "instructions"], "different", false),
        ("power9", ["perf", "cycles"], ["papi", "PAPI_TOT_CYC"], "related", false),
        ("ivybridge", ["perf", "no_such_event"], ["perf", "cycles"], "unknown", false),
        ("ivybridge | zen2", ["perf", "cycles"], ["perf", "cycles"], "class", true),
        ("ivybridge|zen2", ["perf", "cycles"], ["perf", "instructions"], "different", false),
        ("IVB|ivybridge", ["perf", "cycles"], ["perf", "r3c"], "same", true),
    ] {
        let found = json(&["events", "same", "--microarch", microarch, a[0], a[1], b[0], b[1], "--format", "json"]);
        assert_eq!((&found["relation"], &found["comparable"]), (&relation.into(), &comparable.into()), "{a:?} {b:?}: {found}");
        assert!(found["why"].as_str().is_some_and(|why| !why.is_empty()));
    }
}

#[test]
fn explain_names_the_event_and_its_other_names() {
    let found = json(&[
        "events",
        "explain",
        "--tool",
        "oprofile",
        "--microarch",
        "IVB",
        "CPU_CLK_UNHALTED:100000:0:1:1",
        "--format",
        "json",
    ]);
    assert_eq!(
        (&found["event"], &found["config"], &found["scope"]),
        (&"cpu/0x3c/".into(), &"0x3c".into(), &"user+kernel".into())
    );
    assert_eq!(found["modifiers"]["period"], 100_000);
    let names: Vec<&str> = found["names"].as_array().unwrap().iter().map(|name| name["spelling"].as_str().unwrap()).collect();
    for name in ["cpu-cycles", "CPU_CLK_UNHALTED.THREAD_P", "PAPI_TOT_CYC", "UNHALTED_CORE_CYCLES"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let derived = json(&["events", "explain", "--tool", "papi", "--microarch", "ivb", "PAPI_BR_TKN", "--format", "json"]);
    assert_eq!((&derived["relation"], &derived["formula"]["operands"][0]["event"]), (&"derived".into(), &"cpu/0x1c4/".into()));
    let table = printed(&["events", "explain", "--tool", "perf", "--microarch", "ivb", "cycles"]);
    assert!(table.lines().any(|line| line.starts_with("event ") && line.ends_with("cpu/0x3c/")), "{table}");
}

#[test]
fn support_tells_what_says_so() {
    for (microarch, tool, spelling, supported) in [
        ("ivybridge", "perf", "cycles", "yes"),
        ("haswell", "perf", "stalled-cycles-frontend", "no"),
        ("ivybridge", "papi", "PAPI_L3_TCM", "yes"),
        ("ivybridge", "papi", "PAPI_VEC_INS", "no"),
        ("ivybridge", "perf", "r1234", "unknown"),
        ("cannon lake", "perf", "cycles", "unknown"),
        ("ivybridge", "perf", "page-faults", "yes"),
        ("cortex-a53", "perf", "cycles", "yes"),
    ] {
        let found = json(&["events", "support", "--microarch", microarch, "--tool", tool, spelling, "--format", "json"]);
        assert_eq!(found["supported"], supported, "{found}");
        assert!(found["evidence"].as_array().is_some_and(|evidence| !evidence.is_empty()));
    }
}

#[test]
fn lists_come_in_every_format_and_unknown_names_are_errors_of_usage() {
    let listed = json(&["events", "list", "--microarch", "zen2", "--tool", "papi", "--format", "json"]);
    assert!(listed.as_array().unwrap().iter().any(|row| row["spelling"] == "PAPI_TOT_CYC" && row["class"] == "cycles"));
    assert!(printed(&["events", "conflicts", "--format", "csv"]).starts_with("microarch,tool_a,name_a,config_a"));
    assert!(printed(&["microarchs", "list"]).lines().count() > 200);
    assert_eq!(json(&["microarchs", "find", "Ivy Bridge", "--format", "json"])[0]["key"], "ivybridge");
    let numbers = ["microarchs", "find", "--vendor", "IBM", "--arch", "ppc64le", "--model", "78", "--format", "json"];
    assert_eq!(json(&numbers)[0]["short"], "POWER9");
    let unknown = run(&["events", "list", "--microarch", "ivybrigde"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("near: ivybridge"));
}

/// A question that the tables answer is not refused for a database that nobody asked for.
#[test]
fn a_default_database_that_cannot_be_read_is_told_and_one_that_was_named_is_an_error() {
    let home = tempfile::tempdir().expect("a directory");
    let folder = home.path().join("prc-etl");
    std::fs::create_dir(&folder).expect("a directory");
    std::fs::write(folder.join("prc-etl.db"), "no database, but long enough to be looked at as one: ".repeat(20))
        .expect("a file");
    let words = ["events", "explain", "--tool", "perf", "--microarch", "IVB", "cycles"];
    let ask = |more: &[&str]| {
        let program = env!("CARGO_BIN_EXE_prc-etl");
        let mut command = Command::new(program);
        command.args(words).args(more).env("XDG_DATA_HOME", home.path()).env_remove("PRC_DATABASE_URL");
        command.output().expect("the program runs")
    };
    let found = ask(&[]);
    let said = String::from_utf8_lossy(&found.stderr).into_owned();
    assert!(found.status.success() && said.contains("answered without the database"), "{said}");
    assert!(String::from_utf8_lossy(&found.stdout).contains("cpu/0x3c/"));
    let named = home.path().join("missing.db");
    assert_eq!(ask(&["--db", named.to_str().expect("plain")]).status.code(), Some(3));
}

/// `prc-etl events list .. | head -1`: every format ends without a word when its reader does.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    for format in ["csv", "json", "table"] {
        let program = env!("CARGO_BIN_EXE_prc-etl");
        let words = ["events", "list", "--microarch", "skylake", "--format", format];
        let piped = std::process::Stdio::piped;
        let mut child = Command::new(program).args(words).stdout(piped()).stderr(piped()).spawn().expect("the program runs");
        let mut first = [0_u8; 64];
        std::io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first).expect("it prints");
        drop(child.stdout.take());
        let done = child.wait_with_output().expect("it ends");
        assert_eq!((done.status.code(), String::from_utf8_lossy(&done.stderr).as_ref()), (Some(0), ""), "{format}");
    }
}
