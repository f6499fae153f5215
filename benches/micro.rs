//! How long one thing takes: each parser, sniffing, the resolution of a spelling, a judgement.
//!
//! `cargo bench` runs all, `cargo bench -- parse` those whose name holds that. Texts are the largest fixture of each format, so that
//! figures of different days compare.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use prc_etl::catalog::{self, Machine, Spelling, Tool};
use prc_etl::parse::{self, FORMATS, Format, Sniffed};
use prc_etl::stats::Sample;
use prc_etl::stats::verdict::Comparison;

fn main() {
    divan::main();
}

/// Every text below a directory.
fn texts(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).expect("the fixtures are there") {
        let path = entry.expect("a readable directory").path();
        if path.is_dir() {
            texts(&path, found);
        } else {
            found.extend(fs::read_to_string(&path));
        }
    }
}

/// The largest fixture of each format that has one.
static LARGEST: LazyLock<Vec<(&Format, String)>> = LazyLock::new(|| {
    let mut found = Vec::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut found);
    let format = |text: &str| match parse::sniff(text) {
        Sniffed::Known(format, _) => Some(format.name),
        Sniffed::Unknown(_) | Sniffed::Ambiguous(_) => None,
    };
    let known: Vec<(&str, String)> = found.into_iter().filter_map(|text| Some((format(&text)?, text))).collect();
    let largest = |format: &'static Format| {
        let of_format = known.iter().filter(|(name, _)| *name == format.name);
        Some((format, of_format.max_by_key(|(_, text)| text.len())?.1.clone()))
    };
    FORMATS.iter().filter_map(largest).collect()
});

fn names() -> impl Iterator<Item = &'static str> {
    LARGEST.iter().map(|(format, _)| format.name)
}

fn fixture(name: &str) -> &'static (&'static Format, String) {
    LARGEST.iter().find(|(format, _)| format.name == name).expect("one of the names")
}

/// Bytes and records a second.
#[divan::bench(args = names())]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let (format, text) = fixture(name);
    let report = (format.parse)(text);
    let records = report.results.len() + report.entries.len() + report.supports.len();
    bencher.counter(BytesCount::of_str(text)).counter(ItemsCount::new(records)).bench(|| (format.parse)(black_box(text)));
}

/// Which of all formats a text has.
#[divan::bench(args = names())]
fn sniff(bencher: Bencher<'_, '_>, name: &str) {
    let (_, text) = fixture(name);
    bencher.counter(BytesCount::of_str(text)).bench(|| parse::sniff(black_box(text)));
}

/// A spelling on a machine whose tables are unpacked.
#[divan::bench(args = ["perf cycles:u", "perf cpu/event=0x3c/", "oprofile CPU_CLK_UNHALTED:100000:0:1:1", "papi PAPI_TOT_CYC"])]
fn resolve(bencher: Bencher<'_, '_>, spelling: &str) {
    let machine = Machine::new(catalog::named("ivybridge").expect("a name of the catalogue"));
    let (tool, text) = spelling.split_once(' ').expect("tool and spelling");
    let tool: Tool = tool.parse().expect("a tool");
    bencher.bench(|| catalog::resolve(&Spelling::read(tool, black_box(text)), Some(&machine), None));
}

/// Unpacking the tables of a machine.
#[divan::bench]
fn machine() -> Machine {
    Machine::new(catalog::named(black_box("ivybridge")).expect("a name of the catalogue"))
}

/// Values without a pattern, the same in every run.
fn sample(size: u32, seed: u32) -> Sample {
    let value = |number: u32| f64::from(number.wrapping_add(seed).wrapping_mul(2_654_435_761) >> 8) + 1e6;
    Sample::new((1..=size).map(value).collect()).expect("finite values")
}

/// What a group of numbers says.
#[divan::bench(args = [10, 1_000, 100_000])]
fn describe(bencher: Bencher<'_, '_>, size: u32) {
    let sample = sample(size, 1);
    bencher.counter(ItemsCount::new(size)).bench(|| black_box(&sample).describe());
}

/// Whether two sides differ, bootstrap included.
#[divan::bench(args = [5, 30, 300])]
fn compare(bencher: Bencher<'_, '_>, size: u32) {
    let (first, second) = (sample(size, 1), sample(size, 7));
    bencher.counter(ItemsCount::new(2 * size)).bench(|| Comparison::new(black_box(&first), black_box(&second)));
}
