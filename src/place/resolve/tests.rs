use std::sync::Arc;

use super::*;
use crate::model::{Context, Digest, Environment, Report, SourceState};
use crate::place::layout::Layout;
use crate::place::{Layouts, Placer, Says, Side, Sidecar};

fn identity(root: &str, path: &str) -> Identity {
    Identity { root: Some(root.to_owned()), path: path.to_owned() }
}

fn facts(host: Option<&str>, kernel: Option<&str>) -> Facts {
    let environment = Environment { kernel: kernel.map(str::to_owned), ..Environment::default() };
    Facts { host: host.map(str::to_owned), environment, ..Facts::default() }
}

/// A source with these runs.
fn parsed(path: &str, runs: Vec<Run>) -> Parsed {
    Parsed {
        identity: identity("/data", path),
        digest: None,
        bytes: 0,
        modified_at: None,
        format: Some("perf-stat-text"),
        parser_version: 1,
        state: SourceState::Known,
        report: Report { runs, ..Report::default() },
        placements: Vec::new(),
        sides: None,
        off_layout: false,
        contradicted: false,
    }
}

/// A side file in a directory.
fn sidecar(above: Option<&Arc<Around>>, directory: &str, text: &str) -> Option<Arc<Around>> {
    let sidecar = Sidecar::parse(text, &["perf-stat-csv"]).unwrap();
    let side = Side {
        location: format!("{directory}/prc.toml"),
        digest: Digest::of(text.as_bytes()),
        says: Says::Sidecar(Box::new(sidecar)),
    };
    Around::within(above, Some(directory.to_owned()), vec![side], Some("/data"))
}

fn place(options: PlaceOptions, mut source: Parsed, text: &str, around: Option<&Arc<Around>>) -> Parsed {
    Placer::new(options).placing().place(&mut source, "perf", text, around);
    source
}

fn labels(placement: &Placement) -> String {
    placement.label_text().unwrap_or_default()
}

#[test]
fn an_experiment_is_given_or_the_command_or_the_directory() {
    let run = Run { command: Some("./sort -n 5".to_owned()), ..Run::default() };
    let experiment = |options: PlaceOptions, run: &Run, identity: Identity| {
        let source = Parsed { identity, ..parsed("", vec![run.clone()]) };
        let placed = place(options, source, "", None).placements.remove(0);
        placed.experiment.clone().map(|given| (given.value, given.origin))
    };
    let given = || PlaceOptions {
        given: Facts { experiment: Some("sorting".to_owned()), ..Facts::default() },
        ..PlaceOptions::default()
    };
    let file = || identity("/data/results", "sort/run1.txt");
    assert_eq!(experiment(given(), &run, file()), Some(("sorting".to_owned(), Origin::Flag)));
    assert_eq!(experiment(PlaceOptions::default(), &run, file()), Some(("./sort -n 5".to_owned(), Origin::File)));
    assert_eq!(experiment(PlaceOptions::default(), &Run::default(), file()), Some(("sort".to_owned(), Origin::Path)));
    let stream = Identity { root: None, path: "-".to_owned() };
    assert_eq!(experiment(PlaceOptions::default(), &Run::default(), stream), None);
}

#[test]
fn the_directory_is_the_one_that_holds_the_file() {
    for (root, path, name) in [
        ("/data", "a/b/perf.txt", Some("b")),
        ("/data/results", "perf.txt", Some("results")),
        ("/", "perf.txt", None),
        ("/data/sort.tar.gz", "perf.txt", Some("sort")),
    ] {
        assert_eq!(directory(&identity(root, path)), name, "{root} {path}");
    }
}

#[test]
fn a_given_tool_wins_and_a_contradiction_is_noted() {
    let run = Run { tool_version: Some("5.4".to_owned()), ..Run::default() };
    let tool = |given: &str| {
        let given = Facts { tool: Some(given.parse().unwrap()), ..Facts::default() };
        let source = place(PlaceOptions { given, ..PlaceOptions::default() }, parsed("f", vec![run.clone()]), "", None);
        let tool = source.placements[0].tool.clone();
        (tool.value.to_string(), tool.origin, source.report.notes.concat())
    };
    assert_eq!(tool("perf-6.1"), ("perf-6.1".to_owned(), Origin::Flag, String::new()));
    assert_eq!(tool("perf"), ("perf-5.4".to_owned(), Origin::File, String::new()));
    let note = "given as output of oprofile-1.4.0 (flag), written in a format of perf".to_owned();
    assert_eq!(tool("oprofile-1.4.0"), ("oprofile-1.4.0".to_owned(), Origin::Flag, note));
}

#[test]
fn the_order_of_the_voices_is_that_of_the_contract() {
    let above = sidecar(None, "/data", "host = 'above'\n[environment]\nkernel = '5.0'\nvirt = 'kvm'").unwrap();
    let around = sidecar(Some(&above), "/data/a", "host = 'near'\n[labels]\nsite = 'x'").unwrap();
    let said =
        Context { environment: Environment { kernel: Some("6.1".to_owned()), ..Environment::default() }, ..Context::default() };
    let mut source = parsed("a/f", vec![Run::default()]);
    source.report.context = said;
    let given = facts(None, None);
    let source = place(PlaceOptions { given, ..PlaceOptions::default() }, source, "", Some(&around));
    let placement = &source.placements[0];
    assert_eq!(
        placement.origins(),
        "experiment=path tool=file host=sidecar:1 kernel=sidecar:2 virt=sidecar:2 label.site=sidecar:1"
    );
    assert_eq!(placement.host.as_ref().unwrap().value, "near");
    assert_eq!(
        source.report.notes,
        [
            "host: 'near' (sidecar:1) stands against 'above' (sidecar:2)",
            "kernel: '5.0' (sidecar:2) stands against '6.1' (file)"
        ]
    );
    let lines: Vec<&str> = around.text().lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(lines, ["a/prc.toml", "prc.toml"]);
}

#[test]
fn what_was_given_is_never_overridden_by_what_was_detected() {
    let given = facts(Some("there"), None);
    let local = crate::place::Local { host: Some("here".to_owned()), ..crate::place::Local::default() };
    let options = PlaceOptions { given, local: Some(local), ..PlaceOptions::default() };
    let placed = place(options, parsed("f", vec![Run::default()]), "", None);
    assert_eq!(placed.placements[0].host, Some(Given { value: "there".to_owned(), origin: Origin::Flag }));
    assert_eq!(placed.report.notes, ["host: 'there' (flag) stands against 'here' (local)"]);
}

#[test]
fn a_template_reads_the_path_below_its_side_file() {
    let around = sidecar(None, "/data/tree", "layout = '{host}/{experiment}/run_{repeat}.{date}.txt'").unwrap();
    let placed =
        place(PlaceOptions::default(), parsed("tree/n1/sort/run_7.20220905.txt", vec![Run::default()]), "", Some(&around));
    let placement = &placed.placements[0];
    assert_eq!(placement.origins(), "experiment=layout tool=file host=layout repetition=layout started_at=layout");
    assert_eq!(placement.repetition.as_ref().unwrap().value, 7);
    assert_eq!(placed.report.runs[0].started_at, Some(1_662_336_000_000_000));
    let started = Run { started_at: Some(5), ..Run::default() };
    let placed = place(PlaceOptions::default(), parsed("tree/n1/sort/run_7.20220905.txt", vec![started]), "", Some(&around));
    assert_eq!((placed.report.runs[0].started_at, placed.placements[0].started), (Some(5), Some(Origin::File)));
}

#[test]
fn a_path_that_no_template_reads_is_told() {
    let layouts = Layouts(vec!["{host}/{label.kind}.txt".parse::<Layout>().unwrap()]);
    let options = PlaceOptions { layouts, ..PlaceOptions::default() };
    let placed = place(options, parsed("a/b/c.txt", vec![Run::default()]), "", None);
    assert!(placed.off_layout);
    assert_eq!(placed.report.notes, ["nothing is taken from its path 'a/b/c.txt': no path template fits it"]);
    assert_eq!(placed.placements[0].origins(), "experiment=path tool=file");
}

#[test]
fn lines_between_outputs_speak_for_the_runs_that_follow() {
    let around = sidecar(None, "/data", "text = ['===== PD {pd} =====', 'N = {n}']").unwrap();
    let text = "===== PD 2 =====\nN = 100\noutput\noutput\nN = 200\noutput\n===== PD 3 =====\noutput\n";
    let runs = [3, 4, 6, 8].map(|line| Run { line, ..Run::default() }).to_vec();
    let placed = place(PlaceOptions::default(), parsed("f", runs), text, Some(&around));
    let found: Vec<String> = placed.placements.iter().map(|placement| labels(placement)).collect();
    assert_eq!(
        found,
        [r#"{"n":"100","pd":"2"}"#, r#"{"n":"100","pd":"2"}"#, r#"{"n":"200","pd":"2"}"#, r#"{"n":"200","pd":"3"}"#]
    );
}
