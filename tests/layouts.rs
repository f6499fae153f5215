//! Trees with a side file: every run is where the names say that it belongs.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "each test binary uses its part of this")]
mod tree;

use tree::{PERF, Tree};

/// A row by the names of its columns.
type Row = BTreeMap<String, String>;

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The runs of a database in the directory of the tree.
fn runs(tree: &Tree) -> Vec<Row> {
    let output = tree.run(&["show", "runs", "--db", "test.db", "--format", "csv"]);
    assert_eq!(output.status, 0, "{output:?}");
    csv::Reader::from_reader(output.stdout.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// `key=value` for each label of a run.
fn labels(run: &Row) -> Vec<String> {
    let labels: BTreeMap<String, Value> =
        serde_json::from_str(Some(run["labels"].as_str()).filter(|text| !text.is_empty()).unwrap_or("{}")).unwrap();
    labels.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect()
}

/// The distinct values that some texts hold, in order, with blanks between them.
fn distinct(texts: impl Iterator<Item = String>) -> String {
    let texts: BTreeSet<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.into_iter().collect::<Vec<_>>().join(" ")
}

/// What is found in the runs of a tree, in the columns of the table.
fn found(runs: &[Row]) -> Vec<String> {
    let column = |name: &str| distinct(runs.iter().map(|run| run[name].clone()));
    let facts = ["arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"];
    let fact =
        |(run, name): (&Row, &str)| Some(&run[name]).filter(|text| !text.is_empty()).map(|text| format!("{name}={text}"));
    let environment = runs.iter().flat_map(|run| facts.map(|name| (run, name))).filter_map(fact);
    let labels = distinct(runs.iter().flat_map(labels));
    vec![runs.len().to_string(), column("host"), column("experiment"), labels, column("repetition"), distinct(environment)]
}

/// The rows of the table in fixtures/layouts/README.md.
fn table() -> Vec<Vec<String>> {
    let text = fs::read_to_string(package("fixtures/layouts/README.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    rows.skip(1).map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn every_tree_holds_what_its_table_says() {
    let rows = table();
    assert_eq!(rows.len(), fs::read_dir(package("fixtures/layouts")).unwrap().count() - 1, "a row for each directory");
    for row in rows {
        let tree = Tree::new();
        let output = tree.run(&["import", "--db", "test.db", package("fixtures/layouts").join(&row[0]).to_str().unwrap()]);
        assert_eq!(output.status, 0, "{}: {output:?}", row[0]);
        assert_eq!(found(&runs(&tree)), row[1..], "{}", row[0]);
    }
}

/// Side file, a path of its tree, and host, experiment, repetition and labels of what lies there.
const EXAMPLES: &[(&str, &str, [&str; 4])] = &[
    (
        "rapl_validation",
        "energy_validation/ddr3/haswell-i5/without_riser/4gb_hynix/hpl_mkl/1kHz/hpl_mkl.perf.3",
        ["haswell-i5", "hpl", "3", "blas=mkl dimm_size=4gb dimm_vendor=hynix memory=ddr3 meter_rate=1kHz riser=without_riser"],
    ),
    (
        "rapl_validation",
        "energy_validation/ddr4/haswell-ep/8gb_hynix/stream/stream.perf.10",
        ["haswell-ep", "stream", "10", "dimm_size=8gb dimm_vendor=hynix memory=ddr4"],
    ),
    ("rapl_validation", "phase_plots/haswellian-i5/gpu/smallptgpu.perf", ["haswellian-i5", "gpu", "", ""]),
    (
        "sandmark-nightly",
        "perfstat/turing/20220913_070212/0123456789abcdef0123456789abcdef01234567/5.1.0+trunk+perfstat_1.perfstat.summary.bench",
        [
            "turing",
            "ls",
            "1",
            "commit=0123456789abcdef0123456789abcdef01234567 compiler=5.1.0 night=20220913_070212 variant=trunk+perfstat",
        ],
    ),
    (
        "vmitosis",
        "evaluation/measured/figure6/data/gups/mitosis-config-gups-TRRIM-20200501-034135/perflog-gups-mitosis-TRRIM.dat",
        ["", "gups", "", "config=TRRIM figure=figure6 launched=20200501-034135 origin=measured vm=mitosis"],
    ),
    (
        "cse-ext4",
        "benchmark_results/webserver/filereader_instances_100/ext4-writeback/run_17/perf_stat.txt",
        ["", "webserver", "17", "filesystem=ext4 instances=100 journal=writeback"],
    ),
    (
        "ece585",
        "media_streaming/results_pinned_kernel_E/media_streaming_P_0-15_3.out",
        ["", "media_streaming", "", "clients=0-15 cores=P cpu=3 kernel_threads=pinned_kernel_E"],
    ),
    (
        "ece585",
        "data_analytics/results/data_analytics_E_pinned_16-19_17.out",
        ["", "data_analytics", "", "clients=16-19 cores=E cpu=17 pinned=pinned"],
    ),
    ("ece585", "memory_analytics/results/memory_analytics_allP.out_13", ["", "memory_analytics", "", "cores=allP cpu=13"]),
];

#[test]
fn the_side_files_of_the_documentation_read_the_paths_they_are_for() {
    for (name, path, place) in EXAMPLES {
        let tree = Tree::new();
        tree.file(path, PERF);
        let side_file = package("docs/sidecars").join(format!("{name}.toml"));
        let output = tree.import(&["--sidecar", side_file.to_str().unwrap()]);
        assert_eq!(output.status, 0, "{path}: {output:?}");
        let run = &runs(&tree)[0];
        let found = [run["host"].clone(), run["experiment"].clone(), run["repetition"].clone(), labels(run).join(" ")];
        assert_eq!(&found, place, "{path}");
    }
}

#[test]
fn every_side_file_of_the_documentation_has_an_example() {
    let mut names: Vec<String> = fs::read_dir(package("docs/sidecars"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut examples: Vec<String> = EXAMPLES.iter().map(|(name, ..)| (*name).to_owned()).collect();
    examples.sort();
    examples.dedup();
    assert_eq!(names, examples);
}

#[test]
fn what_the_author_put_aside_is_left_alone() {
    let tree = Tree::new();
    let dimm = "energy_validation/ddr3/haswell-i5";
    for path in ["4gb_hynix/opencl_wrong/opencl.perf.1", "old/stream/stream.perf.1", "4gb_hynix/stream.old/stream.perf.1"] {
        tree.file(format!("{dimm}/{path}"), PERF);
    }
    tree.import(&["--sidecar", package("docs/sidecars/rapl_validation.toml").to_str().unwrap()]);
    assert_eq!(runs(&tree), Vec::<Row>::new());
}
