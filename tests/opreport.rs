//! Holds the reading of opreport against the sample numbers that the reports of `fixtures/oprofile` were made from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use prc_etl::model::{EntryKind, Report};
use prc_etl::parse::{Reading, read};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One line of `expected.jsonl`, computed from the sample numbers by a script that knows no parser.
#[derive(Debug, Deserialize)]
struct Expected {
    file: String,
    format: String,
    /// Event, scope and samples.
    totals: Vec<(String, Option<String>, i64)>,
    /// Samples of each image, all columns together; of anonymous memory `anon` or `[vdso]`.
    images: BTreeMap<String, i64>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oprofile")
}

fn text(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn expected() -> Vec<Expected> {
    text("expected.jsonl").lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn parsed(text: &str) -> Option<(&'static str, Report)> {
    match read(text) {
        Reading::Known(format, report) => Some((format.name, *report)),
        Reading::Unknown { .. } | Reading::Ambiguous(_) => None,
    }
}

/// The last part of a path, and of anonymous memory only what it is.
fn short(image: &str) -> String {
    let known = ["[vdso]", "anon"].into_iter().find(|name| image.starts_with(name));
    known.unwrap_or_else(|| image.rsplit('/').next().unwrap_or(image)).to_owned()
}

fn totals(report: &Report) -> Vec<(String, Option<String>, i64)> {
    let mut totals: Vec<_> = report
        .results
        .iter()
        .map(|result| {
            let scope = result.scope.map(|scope| report.scopes.get(scope).label.clone());
            let samples = result.number.and_then(|number| number.count).expect("a count of samples");
            (report.spellings.get(result.spelling).text.clone(), scope, samples)
        })
        .collect();
    totals.sort();
    totals
}

fn images(report: &Report) -> BTreeMap<String, i64> {
    let has_symbols = report.entries.iter().any(|entry| entry.kind == EntryKind::Symbol);
    let kind = if has_symbols { EntryKind::Symbol } else { EntryKind::Image };
    let mut images = BTreeMap::new();
    for entry in report.entries.iter().filter(|entry| entry.kind == kind) {
        let image = short(report.names.get(entry.image.expect("an image")));
        *images.entry(image).or_insert(0) += entry.samples;
    }
    images
}

#[test]
fn every_report_is_listed_with_its_digest() {
    let listed: Vec<Vec<String>> =
        text("MANIFEST.csv").lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    for row in &listed {
        assert_eq!(row.last(), Some(&format!("{:x}", Sha256::digest(text(&row[0])))), "{}", row[0]);
    }
    let mut files: Vec<String> = fs::read_dir(folder())
        .expect("the fixtures")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .filter(|name| name != "MANIFEST.csv" && name != "expected.jsonl")
        .collect();
    files.sort();
    assert_eq!(files, listed.iter().map(|row| row[0].clone()).collect::<Vec<_>>());
    assert_eq!(files, expected().into_iter().map(|one| one.file).collect::<Vec<_>>());
}

#[test]
fn totals_and_images_are_those_that_the_reports_were_made_from() {
    for mut one in expected() {
        let (format, report) = parsed(&text(&one.file)).expect(&one.file);
        one.totals.sort();
        assert_eq!(format, one.format, "{}", one.file);
        assert_eq!(totals(&report), one.totals, "{}", one.file);
        assert_eq!(images(&report), one.images, "{}", one.file);
        assert!(
            report.rejects.is_empty() && report.tally.adds_up() && report.tally.foreign == 0,
            "{}: {:?}",
            one.file,
            report.tally
        );
    }
}

#[test]
fn an_estimate_is_samples_times_the_period_of_its_event() {
    for one in expected() {
        let (_, report) = parsed(&text(&one.file)).expect(&one.file);
        for result in &report.results {
            let spelling = report.spellings.get(result.spelling);
            let period: f64 = spelling.text.split(':').nth(1).map_or(1.0, |period| period.parse().expect("a period"));
            let number = result.number.expect("a number");
            let samples: f64 = number.count.expect("samples").to_string().parse().expect("a number");
            assert_eq!(number.value.to_bits(), (samples * period).to_bits(), "{}: {spelling:?}", one.file);
            assert_eq!(spelling.unit.is_some(), !spelling.text.contains(':'), "{}: {spelling:?}", one.file);
        }
    }
}

#[test]
fn whole_reports_give_no_reason_for_doubt() {
    for file in [
        "core2_one__summary.txt",
        "core2_one__l.txt",
        "core2_one__d.txt",
        "cg_two__c.txt",
        "skylake_cpus__l.txt",
        "extremes__l.txt",
    ] {
        let (_, report) = parsed(&text(file)).expect(file);
        let doubts: Vec<_> = report.notes.iter().filter(|note| !note.contains("kHz")).collect();
        assert!(doubts.is_empty(), "{file}: {doubts:?}");
    }
}

#[test]
fn a_report_that_lost_rows_or_has_other_numbers_says_so() {
    let whole = text("core2_one__l.txt");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let (_, cut) = parsed(&lines[..8].concat()).expect("a report");
    assert!(cut.notes.iter().any(|note| note.contains("filtered out or cut off")), "{:?}", cut.notes);
    let (_, wrong) = parsed(&whole.replace("4243     19.9558", "4343     19.9558")).expect("a report");
    assert!(wrong.notes.iter().any(|note| note.contains("line 5 contradicts")), "{:?}", wrong.notes);
    let summary = text("core2_one__summary.txt");
    let (_, wrong) = parsed(&summary.replace("       54  0.3620", "       55  0.3620")).expect("a report");
    assert!(wrong.notes.iter().any(|note| note.contains("hold 14919 of its 14918")), "{:?}", wrong.notes);
}

/// Samples of the rows, the lines that were rejected, and whether a note has these words.
fn read_of(text: &str, words: &str) -> (i64, usize, bool) {
    let (_, report) = parsed(text).expect("a report");
    let samples = report.results.iter().filter_map(|result| result.number?.count).sum();
    (samples, report.rejects.len(), report.notes.iter().any(|note| note.contains(words)))
}

#[test]
fn a_report_cut_within_a_row_keeps_the_rows_above_and_says_what_is_missing() {
    let (list, summary, xml) = (text("core2_one__l.txt"), text("core2_one__summary.txt"), text("core2_one__xml.xml"));
    let before = |whole: &str, mark: &str| whole[..whole.find(mark).expect(mark)].to_owned();
    // 12000 + 4243 + 1500 + 900 + 777 samples stand in the rows above the cut.
    assert_eq!(read_of(&before(&list, " 3.0101"), "ends inside a row"), (19_420, 1, true));
    assert_eq!(read_of(&before(&list, "640 "), "filtered out or cut off"), (19_420, 0, true));
    assert_eq!(read_of(&before(&summary, "libworker.so.1"), "ends inside a row"), (14_918, 1, true));
    let (samples, rejects, noted) = read_of(&before(&xml, "</profile>"), "before its last element");
    assert_eq!((samples, rejects, noted), (21_262, 0, true));
}

#[test]
fn two_lines_that_state_the_event_of_one_column_are_tied_to_none() {
    let whole = text("core2_one__l.txt");
    let stated = whole.lines().nth(1).expect("a line that states an event");
    for other in [stated, "Counted INST_RETIRED events (number) with a unit mask of 0x00 (No unit mask) count 6000"] {
        let doubled = whole.replacen(stated, &format!("{stated}\n{other}"), 1);
        assert_eq!(read_of(&doubled, "2 events are stated, the table has 1 of them"), (21_262, 0, true), "{other}");
        let (_, report) = parsed(&doubled).expect("a report");
        let events: Vec<&str> = report.spellings.values().iter().map(|spelling| spelling.text.as_str()).collect();
        assert!(events.iter().all(|event| event.starts_with("unknown event")), "{events:?}");
    }
}

#[test]
fn mail_changes_nothing_but_the_lines() {
    for file in ["core2_one__summary.txt", "core2_one__l.txt", "fam10_two__lagw.txt", "cg_two__c.txt"] {
        let whole = text(file);
        let (_, plain) = parsed(&whole).expect(file);
        let quoted = format!("> {}\n", whole.trim_end().replace('\n', "\n> "));
        let hard = whole.replace("  ", "\u{a0} ");
        let crlf = whole.replace('\n', "\r\n");
        for damaged in [quoted, hard, crlf] {
            let (_, report) = parsed(&damaged).expect(file);
            assert_eq!((totals(&report), images(&report)), (totals(&plain), images(&plain)), "{file}");
        }
    }
}

#[test]
fn damaged_reports_neither_panic_nor_lose_a_line() {
    for one in expected() {
        let whole = text(&one.file);
        let step = whole.len() / 40 + 1;
        for at in (0..whole.len()).step_by(step).map(|at| whole.floor_char_boundary(at)) {
            let cut = &whole[..at];
            let holes = format!("{cut}{}", &whole[whole.floor_char_boundary((at + 7).min(whole.len()))..]);
            for damaged in
                [cut, &holes, &holes.replace("  ", " "), &holes.replace('%', "-"), &holes.replace('1', "99999999999999999999")]
            {
                for format in prc_etl::parse::FORMATS.iter().filter(|format| format.tool == "oprofile") {
                    let report = (format.parse)(damaged);
                    assert!(report.tally.adds_up(), "{} cut at {at}: {:?}", one.file, report.tally);
                    assert_eq!(report.tally.lines as usize, damaged.lines().count(), "{} cut at {at}", one.file);
                }
            }
        }
    }
}
