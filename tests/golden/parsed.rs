//! What `prc-etl parse --format ndjson` prints, read as any other program would read it.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;

/// One line of the output.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record {
    Source(Source),
    Run(Run),
    Result(Counter),
    Reject(Reject),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) format: Option<String>,
    pub(crate) lines: usize,
    pub(crate) results: usize,
    pub(crate) furniture: usize,
    pub(crate) rejected: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Run {
    source: String,
    pub(crate) wall_seconds: Option<f64>,
    pub(crate) user_seconds: Option<f64>,
    pub(crate) sys_seconds: Option<f64>,
    pub(crate) repeats: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Counter {
    source: String,
    pub(crate) line: usize,
    kind: String,
    pub(crate) event: String,
    pub(crate) value: Option<f64>,
    pub(crate) count: Option<i64>,
    pub(crate) status: String,
    pub(crate) unit: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) members: Option<u32>,
    pub(crate) interval: Option<f64>,
    pub(crate) cgroup: Option<String>,
    pub(crate) running_percent: Option<f64>,
    pub(crate) spread_percent: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reject {
    source: String,
    pub(crate) line: usize,
}

/// Everything that was printed about one file.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) source: Option<Source>,
    pub(crate) runs: Vec<Run>,
    /// Results of kind `count`, in order.
    pub(crate) counters: Vec<Counter>,
    pub(crate) rejects: Vec<Reject>,
}

/// Parses files (paths below `folder`) with the program.
pub(crate) fn parse(folder: &std::path::Path, paths: &[String]) -> BTreeMap<String, Parsed> {
    let done = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .args(["parse", "--format", "ndjson"])
        .args(paths)
        .current_dir(folder)
        .output()
        .expect("the program was built");
    let output = String::from_utf8(done.stdout).expect("the output is UTF-8");
    let mut files: BTreeMap<String, Parsed> = BTreeMap::new();
    for line in output.lines() {
        match serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")) {
            Record::Source(source) => {
                let path = source.path.clone();
                files.entry(path).or_default().source = Some(source);
            }
            Record::Run(run) => files.entry(run.source.clone()).or_default().runs.push(run),
            Record::Result(result) if result.kind == "count" => {
                files.entry(result.source.clone()).or_default().counters.push(result);
            }
            Record::Result(_) => {}
            Record::Reject(reject) => files.entry(reject.source.clone()).or_default().rejects.push(reject),
        }
    }
    files
}
