//! The commands `events` and `microarchs` as a script calls them.

use std::process::{Command, Output};

use serde_json::Value;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).args(words).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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

/// The variable is set once for everything: a question that the tables answer is not refused for a server that is down.
#[test]
fn a_database_of_the_variable_that_cannot_be_asked_is_told_once() {
    let home = tempfile::tempdir().expect("a directory");
    let ask = |variable: &str, words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
        command.args(words).env("XDG_DATA_HOME", home.path()).env("PRC_DATABASE_URL", variable).current_dir(home.path());
        let output = command.output().expect("the program runs");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let same = &["events", "same", "--microarch", "power9", "perf", "cycles:u", "papi", "PAPI_TOT_CYC"][..];
    let support = &["events", "support", "--microarch", "haswell", "--tool", "perf", "cycles"];
    for words in [same, support, &["microarchs", "list"]] {
        for variable in ["postgres://prc@localhost:1/away", "missing.db"] {
            let (status, out, err) = ask(variable, words);
            assert!(status == Some(0) && !out.is_empty(), "{words:?}: {out}{err}");
            assert_eq!(err.matches("answered without the database").count(), 1, "{words:?}: {err}");
            assert!(err.contains(&variable[variable.len() - 4..]), "{err}");
        }
        let (status, out, err) = ask("", words);
        assert!(status == Some(0) && !out.is_empty() && err.is_empty(), "an empty variable names nothing: {err}");
    }
    assert_eq!(ask("", &["show", "runs"]).0, Some(3));
    assert_eq!(ask("", &["show", "runs", "--db", ""]).0, Some(3), "the same word, from wherever");
}

#[test]
fn help_names_the_formats_of_names() {
    let help = printed(&["events", "import", "--help"]);
    assert!(["sysfs", "perf-list", "ophelp"].iter().all(|word| help.contains(word)), "{help}");
}

#[test]
fn numbers_of_cpus_may_be_hexadecimal_and_one_that_is_not_known_is_told() {
    let part = |number: &str| json(&["microarchs", "find", "--vendor", "ARM", "--model", number, "--format", "json"]);
    assert_eq!(part("0xd03")[0]["short"], part("3331")[0]["short"], "0xd03 is 3331");
    assert!(part("0xd03")[0]["short"].is_string());
    let unknown = run(&["microarchs", "find", "--model", "58"]);
    assert!(text(&unknown.stderr).contains("no CPU of these numbers"), "{unknown:?}");
    let no_number = run(&["microarchs", "find", "--model", "0xzz"]);
    assert_eq!(no_number.status.code(), Some(2));
    assert!(text(&no_number.stderr).contains("hexadecimal (0xd03)"), "{no_number:?}");
}

#[test]
fn wrong_usage_is_status_2_and_the_author_is_who_the_variable_says() {
    let home = tempfile::tempdir().expect("a directory");
    let ask = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
        command.args(words).current_dir(home.path()).env("PRC_AUTHOR", "ada").env_remove("USER").env_remove("LOGNAME");
        let output = command.env("PRC_DATABASE_URL", "v.db").output().expect("the program runs");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let alias = ["events", "alias", "add", "--tool", "perf", "--microarch", "ivybridge", "my-cycles", "r3c"];
    assert_eq!(ask(&alias).0, Some(0));
    let (_, listed, _) = ask(&["events", "alias", "list", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed[0]["author"], "ada");
    for (words, said) in [
        (&["events", "alias", "remove", "99"][..], "there is no alias 99"),
        (&["events", "imports", "undo", "99"], "there is no import of names 99"),
        (&["imports", "undo", "99"], "there is no import 99"),
        (&["events", "import", "sysfs", "."], "--kernel"),
        (&["show", "runs", "--db", "mysql://x"], "'mysql://' is no database"),
        (&["import", ".", "--db", "mysql://x", "--log-format", "json"], "'mysql://' is no database"),
        (&["init", "v.db"], "v.db is no directory"),
        (&["show", "results", "--label", "threads"], "--label threads: write KEY=PATTERN"),
    ] {
        let (status, _, err) = ask(words);
        assert!(status == Some(2) && err.contains(said), "{words:?}: {status:?} {err}");
    }
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
