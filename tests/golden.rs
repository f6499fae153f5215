//! Holds the program against what is known of every capture in `fixtures/`, through its public output.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

#[path = "golden/expected.rs"]
mod expected;
#[path = "support/fixtures.rs"]
mod fixtures;
#[path = "golden/parsed.rs"]
mod parsed;

use expected::Expected;
use parsed::{Counter, Parsed};

/// One row of `fixtures/MANIFEST.csv`; the other columns are for people.
#[derive(Debug, Deserialize)]
struct Row {
    path: String,
    kind: String,
    sha256: String,
    expected_format: Option<String>,
    n_counters: usize,
}

static MANIFEST: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut rows = csv::Reader::from_path(fixtures::folder().join("MANIFEST.csv")).expect("the manifest can be read");
    rows.deserialize().map(|row| row.expect("a row of the manifest")).collect()
});

static EXPECTED: LazyLock<Vec<Expected>> = LazyLock::new(|| {
    let text = fs::read_to_string(fixtures::folder().join("expected.jsonl")).expect("the expectations can be read");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
});

static PARSED: LazyLock<BTreeMap<String, Parsed>> = LazyLock::new(|| parsed::parse(&fixtures::folder(), &fixtures::captures()));

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_manifest_lists_exactly_the_captures_with_their_digests() {
    let listed: Vec<&str> = MANIFEST.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(listed, fixtures::captures());
    for row in MANIFEST.iter() {
        assert_eq!(row.sha256, format!("{:x}", Sha256::digest(fixtures::read(&row.path))), "{}", row.path);
    }
    let described: Vec<&str> = EXPECTED.iter().map(|expected| expected.file.as_str()).collect();
    assert_eq!(described, listed, "fixtures/expected.jsonl has one line a capture, in the order of the manifest");
}

#[test]
fn every_capture_is_taken_for_what_it_is() {
    let mut found = Vec::new();
    for row in MANIFEST.iter() {
        let source = PARSED.get(&row.path).and_then(|parsed| parsed.source.as_ref());
        let format = source.map(|source| source.format.as_deref());
        if format != Some(row.expected_format.as_deref()) {
            found.push(format!("{}: format {format:?} instead of {:?}", row.path, row.expected_format));
        }
    }
    assert_none(&found);
}

#[test]
fn every_number_of_a_capture_is_read_as_it_was_printed() {
    let nothing = Parsed::default();
    let mut found = Vec::new();
    for expected in EXPECTED.iter() {
        let differences = expected.differences(PARSED.get(&expected.file).unwrap_or(&nothing));
        found.extend(differences.into_iter().map(|text| format!("{}: {text}", expected.file)));
    }
    assert_none(&found);
}

#[test]
fn every_line_of_a_capture_is_accounted_for_and_none_is_rejected() {
    let mut found = Vec::new();
    for row in MANIFEST.iter() {
        let Some(Parsed { source: Some(source), rejects, .. }) = PARSED.get(&row.path) else {
            found.push(format!("{}: no source record", row.path));
            continue;
        };
        let bytes = fixtures::read(&row.path);
        let lines = memchr::memchr_iter(b'\n', &bytes).count() + usize::from(!bytes.ends_with(b"\n"));
        // A source of unknown format was not read line by line.
        let counted = if source.format.is_some() { lines } else { source.lines };
        if source.lines != counted || source.lines != source.results + source.furniture + source.rejected {
            found.push(format!("{}: {lines} lines, but {source:?}", row.path));
        }
        if !rejects.is_empty() || source.rejected > 0 {
            let places: Vec<usize> = rejects.iter().map(|reject| reject.line).collect();
            found.push(format!("{}: {} lines rejected, at {places:?}", row.path, source.rejected));
        }
    }
    assert_none(&found);
}

/// The text, CSV and JSON renderings of one recording, by version and case.
fn triples() -> BTreeMap<String, Vec<&'static Row>> {
    let mut triples: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in MANIFEST.iter().filter(|row| row.n_counters > 0 && matches!(row.kind.as_str(), "rec" | "synth")) {
        let name = row.path.rsplit('/').next().expect("a path has a name");
        let stem = name.split_once('.').map_or(name, |_| name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        let stem = ["-semi", "-tab", "-dcolon"].iter().find_map(|separator| stem.strip_suffix(separator)).unwrap_or(stem);
        if stem.contains("triple-") {
            triples.entry(stem.to_owned()).or_default().push(row);
        }
    }
    triples
}

/// Whether two formats show the same counter.
///
/// Text and CSV round clocks and scaled units to two decimals, JSON prints six; text leaves a running time of 100 % out, and since 6.1
/// CSV and JSON cut it to whole percent.
fn same_counter(a: &Counter, b: &Counter) -> bool {
    let near = |a: Option<f64>, b: Option<f64>, tolerance: f64| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= f64::max(tolerance, 1e-12 * a.abs()),
        _ => a == b,
    };
    let running = |counter: &Counter| counter.running_percent.or(Some(100.0));
    (&a.event, &a.status, &a.unit, &a.scope, &a.cgroup) == (&b.event, &b.status, &b.unit, &b.scope, &b.cgroup)
        && near(a.value, b.value, 0.0051)
        && (a.count.is_none() || b.count.is_none() || a.count == b.count)
        && near(a.interval, b.interval, 0.0)
        && near(running(a), running(b), 1.0)
}

#[test]
fn text_csv_and_json_of_one_recording_give_the_same_counters() {
    let triples = triples();
    assert!(triples.len() >= 5, "{} recordings", triples.len());
    let mut found = Vec::new();
    for (stem, rows) in &triples {
        let formats: Vec<_> = rows.iter().filter_map(|row| row.expected_format.as_deref()).collect();
        for format in ["perf-stat-text", "perf-stat-csv", "perf-stat-json"] {
            // perf 5.10 has no JSON.
            let absent = format == "perf-stat-json" && stem.starts_with("5.10-");
            if formats.contains(&format) == absent {
                found.push(format!("{stem}: {format} among {formats:?} is {}", !absent));
            }
        }
        let counters = |row: &Row| PARSED.get(&row.path).map_or(&[][..], |parsed| &parsed.counters);
        let first = counters(rows[0]);
        for row in rows {
            let other = counters(row);
            if other.len() != row.n_counters {
                found.push(format!("{} has {} counters instead of {}", row.path, other.len(), row.n_counters));
            }
            let unlike = first.iter().zip(other).filter(|(a, b)| !same_counter(a, b));
            found.extend(unlike.map(|(a, b)| format!("{} and {}:\n   {a:?}\n   {b:?}", rows[0].path, row.path)));
        }
    }
    assert_none(&found);
}
