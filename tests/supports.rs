//! Holds the lists of events of `fixtures/supports` against what the tools say of them.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use prc_etl::model::Report;
use prc_etl::parse::{Reading, read};
use sha2::{Digest, Sha256};
use support::{Db, on_both};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/supports")
}

fn text(file: &str) -> String {
    fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn parsed(file: &str) -> (&'static str, Report) {
    match read(&text(file)) {
        Reading::Known(format, report) => (format.name, *report),
        other => panic!("{file}: {other:?}"),
    }
}

/// Event, counters and unit masks.
fn rows(report: &Report) -> Vec<(String, Option<String>, Option<String>)> {
    let name = |index| report.spellings.get(index).text.clone();
    report.supports.iter().map(|it| (name(it.event), it.counters.clone(), it.unit_masks.clone())).collect()
}

#[test]
fn every_event_of_a_list_is_a_fact_and_no_line_is_unknown() {
    // Format, file, lines that name an event, those that the tool says are available and derived.
    for (format, file, all, available) in [
        ("ophelp-text", "ophelp_arm_armv8-ca57.txt", 91, 91),
        ("ophelp-xml", "ophelp_arm_armv8-ca57.xml", 91, 91),
        ("ophelp-text", "ophelp_i386_haswell.txt", 62, 62),
        ("ophelp-xml", "ophelp_i386_haswell.xml", 62, 62),
        ("ophelp-text", "ophelp_x86-64_family10.txt", 123, 123),
        ("papi-avail", "papi_avail.txt", 108, 0),
        ("papi-avail", "papi_avail_e_presets.txt", 1, 0),
        ("papi-avail", "papi_avail_presets_a.txt", 37, 37),
        ("papi-avail", "papi_avail_presets_small.txt", 108, 6),
    ] {
        let (name, report) = parsed(file);
        let supported = report.supports.iter().filter(|it| it.supported).count();
        assert_eq!((name, report.supports.len(), supported), (format, all, available), "{file}");
        let tally = report.tally;
        assert_eq!((tally.results as usize, tally.foreign, tally.rejected), (all, 0, 0), "{file}");
        assert!(tally.adds_up() && report.runs.is_empty() && report.notes.is_empty(), "{file}: {:?}", report.notes);
    }
}

#[test]
fn presets_are_derived_as_often_as_papi_says() {
    for (file, derived) in [("papi_avail_presets_a.txt", 13), ("papi_avail_presets_small.txt", 1)] {
        assert_eq!(parsed(file).1.supports.iter().filter(|it| it.derived).count(), derived, "{file}");
    }
}

#[test]
fn text_and_xml_of_ophelp_say_the_same() {
    let arm = ["ophelp_arm_armv8-ca57.txt", "ophelp_arm_armv8-ca57.xml"].map(|file| parsed(file).1);
    assert_eq!(rows(&arm[0]), rows(&arm[1]));
    assert_eq!((&arm[0].context, arm[0].context.labels["oprofile_cpu"].as_str()), (&arm[1].context, "ARM Cortex-A57"));
    // A default that has a name is missing in the XML.
    let haswell = ["ophelp_i386_haswell.txt", "ophelp_i386_haswell.xml"].map(|file| rows(&parsed(file).1));
    let plain = |masks: &Option<String>| {
        let masks = masks.as_deref()?;
        let named = masks.strip_prefix("default ").filter(|rest| !rest.starts_with("0x"));
        Some(named.and_then(|rest| rest.split_once("; ")).map_or(masks, |(_, rest)| rest).to_owned())
    };
    for (text, xml) in haswell[0].iter().zip(&haswell[1]) {
        assert_eq!((&text.0, &text.1, plain(&text.2)), (&xml.0, &xml.1, xml.2.clone()));
    }
}

#[test]
fn the_fixtures_are_those_of_the_manifest() {
    let manifest = text("MANIFEST.csv");
    for line in manifest.lines().skip(1) {
        let (file, wanted) = (line.split(',').next().expect(line), line.rsplit(',').next().expect(line));
        let digest = format!("{:x}", Sha256::digest(text(file)));
        assert_eq!(digest, wanted, "{file}");
    }
    assert_eq!(fs::read_dir(folder()).expect("the folder").count(), manifest.lines().count());
}

fn prc(db: &Db, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .args(arguments)
        .env("PRC_DATABASE_URL", &db.text)
        .env("NO_COLOR", "1")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"))
        .output()
        .expect("the program starts");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// `show` against what stands in the lists.
fn shown(db: &Db) {
    let rows = |arguments: &[&str]| -> Vec<serde_json::Value> {
        let json = prc(db, &[&["show", "--format", "json"], arguments].concat());
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
    };
    let small = ["supports", "--path", "*presets_small.txt"];
    let events = |extra: &[&str]| -> Vec<String> {
        rows(&[&small, extra].concat()).iter().map(|row| row["event"].as_str().expect("an event").to_owned()).collect()
    };
    assert_eq!(events(&[]).len(), 108);
    assert_eq!(events(&["--supported", "no"]).len(), 102);
    let available = ["PAPI_L1_DCM", "PAPI_BR_MSP", "PAPI_BR_PRC", "PAPI_TOT_INS", "PAPI_BR_INS", "PAPI_TOT_CYC"];
    assert_eq!(events(&["--supported", "yes"]), available);
    assert_eq!(events(&["--supported", "yes", "--event", "PAPI_BR_*", "--limit", "2"]), available[1..3]);
    let arm = rows(&["supports", "--source-format", "ophelp-xml", "--event", "CPU_CYCLES"]);
    let machines: Vec<_> = arm.iter().filter_map(|row| row["labels"].as_str()).collect();
    assert_eq!(machines, [r#"{"oprofile_cpu":"ARM Cortex-A57"}"#]);
    let sources = rows(&["sources", "--source-format", "papi-avail"]);
    let counts: Vec<_> = sources.iter().filter_map(|row| row["supports"].as_i64()).collect();
    assert_eq!(counts, [108, 1, 37, 108]);
}

#[test]
fn facts_come_and_go_with_their_source_and_know_their_machine() {
    on_both(|db| {
        db.open();
        prc(db, &["import", "supports"]);
        let of = |condition: &str| db.number(&format!("SELECT COUNT(*) AS number FROM v_supports WHERE {condition}"));
        assert_eq!(of("path = 'papi_avail_presets_small.txt' AND supported = 1"), 6);
        assert_eq!(of("path = 'papi_avail_presets_small.txt' AND derived = 1 AND event = 'PAPI_BR_PRC'"), 1);
        let intel = "vendor = 'GenuineIntel' AND family = 6 AND model = 167 AND stepping = 1 AND virt = 'kvm'";
        assert_eq!(of(&format!("{intel} AND format = 'papi-avail'")), 108 + 1 + 37 + 108);
        assert_eq!(of("labels LIKE '%\"oprofile_cpu\":\"ARM Cortex-A57\"%' AND format = 'ophelp-xml'"), 91);
        assert_eq!(of("formula = 'DERIVED_SUB(BR_INST_RETIRED:COND, BR_MISP_RETIRED:COND)' AND supported = 0"), 1);
        assert_eq!(db.number("SELECT COUNT(*) AS number FROM v_runs"), 0);
        assert_eq!(db.number("SELECT COUNT(*) AS number FROM sources WHERE environment_id IS NOT NULL"), 9);
        assert_eq!(prc(db, &["db", "check"]), "no problem found\n");
        shown(db);
        db.execute("DELETE FROM supports WHERE ordinal = 0");
        assert!(prc(db, &["db", "check"]).contains("facts about events is not the one in the ledger"));
        prc(db, &["imports", "undo", "1"]);
        assert_eq!(of("1 = 1"), 0);
    });
}
