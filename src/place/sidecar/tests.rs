use super::*;
use crate::model::Environment;

fn parse(text: &str) -> Result<Sidecar, SidecarError> {
    Sidecar::parse(text, &["perf-stat-text", "perf-stat-csv"])
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn a_whole_side_file_is_read() {
    let sidecar = parse(
        "experiment = 'hpl' # a comment\ntool = 'perf-6.1'\nhost = \"n1\"\nlocal = false\nlayout = ['{host}/{repeat}', 'regex:(?<host>.*)']\n\
         include = '**/*.txt'\nexclude = ['old/**']\ntext = 'N = {n}'\n[environment]\narch = 'x86_64'\nmodel = 0x55\n[labels]\n\
         dimm = '4GB'\nrate = 1000\n[formats]\n'*.dat' = 'perf-stat-csv'\n",
    )
    .unwrap();
    let environment = Environment { arch: Some("x86_64".to_owned()), model: Some(0x55), ..Environment::default() };
    assert_eq!(sidecar.facts.environment, environment);
    assert_eq!(
        (sidecar.facts.experiment.as_deref(), sidecar.facts.host.as_deref(), sidecar.local),
        (Some("hpl"), Some("n1"), Some(false))
    );
    let labels: Vec<String> = sidecar.facts.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(labels, ["dimm=4GB", "rate=1000"]);
    assert_eq!((sidecar.layouts.unwrap().0.len(), sidecar.text.unwrap().len()), (2, 1));
    assert_eq!(parse("[formats]\n'*.dat' = 'perf-stat-csv'").unwrap().format("x.dat"), Some("perf-stat-csv"));
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
    assert_eq!(error("host = 'a'\nexperimnet = 'x'"), "line 2, column 1: unknown key 'experimnet', did you mean 'experiment'?");
    assert_eq!(error("[environment]\n  arhc = 'x'"), "line 2, column 3: unknown key 'environment.arhc', did you mean 'arch'?");
    assert!(error("zzz = 1").starts_with("line 1, column 1: unknown key 'zzz'; known are experiment, tool, host"));
    assert_eq!(
        error("[formats]\n'*' = 'perf-stat-cvs'"),
        "line 2, column 7: unknown format 'perf-stat-cvs', did you mean 'perf-stat-csv'?"
    );
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    for (text, message) in [
        ("host = 5", "line 1, column 8: 'host' must be a text in quotes, not integer"),
        ("host = ''", "line 1, column 8: 'host' is empty; leave the key out when it is unknown"),
        ("local = 'yes'", "line 1, column 9: 'local' must be true or false, not string"),
        ("labels = 'x'", "line 1, column 10: 'labels' must be a table, not string"),
        (
            "[environment]\nfamily = -6",
            "line 2, column 10: 'environment.family' must be a number from 0 to 2147483647, not integer",
        ),
        (
            "[labels]\n'a b' = 1",
            "line 2, column 1: label 'a b': ' ' cannot be in a name; letters, digits, '_', '.' and '-' can",
        ),
        ("[labels]\nx = [1]", "line 2, column 5: 'labels.x' must be a text or a number, not array"),
    ] {
        assert_eq!(error(text), message);
    }
    assert!(error("tool = 'a b'").starts_with("line 1, column 8: 'tool': 'a b' is no tool"), "{}", error("tool = 'a b'"));
    assert!(
        error("\nlayout = ['{a}', '{']").starts_with("line 2, column 18: 'layout': "),
        "{}",
        error("\nlayout = ['{a}', '{']")
    );
    assert!(error("include = '['").starts_with("line 1, column 11: "), "{}", error("include = '['"));
    assert!(error("a = 1\nb = ").starts_with("line 2, column "), "{}", error("a = 1\nb = "));
    assert!(error("x = 1\nx = 2").starts_with("line 2, column 1: no valid TOML: "), "{}", error("x = 1\nx = 2"));
}

#[test]
fn a_side_file_has_a_size_and_lists_have_a_length() {
    assert_eq!(error(&" ".repeat(MAX_SIDECAR + 1)), "65537 bytes; a side file has at most 65536");
    let many = format!("include = [{}]", "'a',".repeat(MAX_PATTERNS + 1));
    assert_eq!(error(&many), "line 1, column 11: 'include' has 257 items; at most 256 are read");
}

#[test]
fn globs_stay_within_a_part_unless_they_say_otherwise() {
    let sidecar = parse("include = ['*.txt', 'deep/**/*.out']\nexclude = '**/old/**'").unwrap();
    let admits = |path: &str| sidecar.admits(path, false);
    assert_eq!(admits("a.txt"), (Some(true), Some(false)));
    assert_eq!(admits("b/a.txt"), (Some(false), Some(false)));
    assert_eq!(admits("deep/x/y/a.out"), (Some(true), Some(false)));
    assert_eq!(admits("deep/old/a.out"), (Some(true), Some(true)));
    assert_eq!(sidecar.admits("b/a.tar.gz", true), (Some(true), Some(false)));
    assert_eq!(parse("").unwrap().admits("a", false), (None, None));
}
