//! What users say of names: imported from files, given by hand, weighed against the tables, and taken back.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::path::Path;
use std::sync::Arc;

use prc_etl::model::{Environment, Kind, Number, Parsed, Report, ToolName};
use prc_etl::pipeline;
use prc_etl::store::{ImportHeader, ImportStatus, Rebind};
use serde_json::Value;
use support::names::{event, json, prc, printed, refused, tree};
use support::samples::{add, source, storable};
use support::{Db, on_both};

/// Two runs of perf on one machine that count these events.
fn load(db: &Db, environment: &Environment, events: &[&str]) {
    let mut parsed: Parsed = source("/data", "a", 1);
    let runs = std::mem::take(&mut parsed.report.runs);
    parsed.report = Report { runs, ..Report::default() };
    for event in events {
        add(&mut parsed.report, 1, (event, None, Kind::Count), Some(Number::exact(7)));
    }
    let placement = Arc::make_mut(&mut parsed.placements[0]);
    placement.tool.value = ToolName { name: "perf".to_owned(), version: None };
    placement.environment = environment.clone();
    let mut store = db.open();
    let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import /data".to_owned() };
    let import = store.begin_import(&header).unwrap();
    store.load(import, &storable(&[parsed])).unwrap();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    pipeline::bind(&mut store, Rebind::Missing).unwrap();
}

fn bound(db: &Db, condition: &str) -> i64 {
    db.number(&format!("SELECT COUNT(*) FROM v_bindings WHERE {condition}"))
}

const DEVICES: &[(&str, &str)] = &[
    ("cpu/type", "4\n"),
    ("cpu/format/event", "config:0-7\n"),
    ("cpu/format/umask", "config:8-15\n"),
    ("cpu/format/ldlat", "config1:0-15\n"),
    ("cpu/events/cpu-cycles", "event=0x3c\n"),
    ("cpu/events/bus-cycles", "event=0x3c,umask=0x02\n"),
    ("cpu/events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n"),
    ("uncore_cbox_0/format/event", "config:0-7\n"),
    ("uncore_cbox_0/events/clockticks", "event=0xff\n"),
    ("uncore_cbox_1/format/event", "config:0-7\n"),
    ("uncore_cbox_1/events/clockticks", "event=0xff\n"),
];

#[test]
fn a_machine_wins_over_the_tables_for_its_own_kernel_until_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), DEVICES);
    let path = folder.path().to_str().unwrap();
    on_both(|db| {
        load(
            db,
            &Environment { microarch: Some("IVB".to_owned()), kernel: Some("6.1.0".to_owned()), ..Environment::default() },
            &["bus-cycles", "cpu/mem-loads/", "uncore_cbox_1/clockticks/"],
        );
        assert_eq!(bound(db, "canonical = 'cpu/0x13c/'"), 1);
        let given = ["events", "import", "sysfs", path, "--microarch", "IVB"];
        assert!(refused(db, &given).contains("--kernel"));
        let done = json(db, &[&given[..], &["--kernel", "6.1.0"]].concat());
        assert_eq!((&done["import"], &done["resolved"]), (&1.into(), &3.into()));

        let told = "told by the machine".to_owned();
        assert_eq!(event(db, "ivybridge", "perf", "bus-cycles:u", "6.1.0"), ("cpu/0x23c/".to_owned(), told.clone()));
        assert_eq!(event(db, "ivybridge", "perf", "cycles", "6.1.0"), ("cpu/0x3c/".to_owned(), told.clone()));
        assert_eq!(event(db, "ivybridge", "perf", "cpu/mem-loads/P", "6.1.0").0, "cpu/0x1cd,config1=0x3/");
        assert_eq!(event(db, "ivybridge", "perf", "mem-loads", "6.1.0").0, "cpu/0x1cd,config1=0x3/");
        // Another kernel, and another machine, are not spoken of.
        assert_eq!(event(db, "ivybridge", "perf", "bus-cycles", "6.12.0").0, "cpu/0x13c/");
        assert_eq!(event(db, "haswell", "perf", "bus-cycles", "6.1.0").0, "cpu/0x13c/");
        assert_eq!(bound(db, "canonical = 'cpu/0x23c/'"), 1);
        assert_eq!(bound(db, "canonical = 'uncore_cbox/0xff/' AND status = 'resolved'"), 1);

        let conflicts = json(db, &["events", "conflicts"]);
        let loser = &conflicts.as_array().unwrap()[0];
        assert_eq!((&loser["config_a"], &loser["config_b"]), (&"cpu/0x23c/".into(), &"cpu/0x13c/".into()));
        assert!(loser["source_a"].as_str().unwrap().ends_with("cpu/events/bus-cycles:1"), "{loser}");

        printed(db, &["events", "imports", "undo", "1"]);
        assert_eq!(bound(db, "canonical = 'cpu/0x13c/'"), 1);
        assert_eq!(bound(db, "status = 'unresolved'"), 2);
        assert!(refused(db, &["events", "imports", "undo", "1"]).contains("taken back before"));
        let sets = json(db, &["events", "imports", "list"]);
        assert_eq!(
            (&sets[0]["kernel"], &sets[0]["names"], sets[0]["undone_at"].is_null()),
            (&"6.1.0".into(), &0.into(), false)
        );
        assert_eq!(printed(db, &["db", "check"]), "no problem found\n");
    });
}

#[test]
fn boxes_of_an_uncore_are_one_event_whose_counts_are_of_different_boxes() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), DEVICES);
    let path = folder.path().to_str().unwrap();
    let db = Db::sqlite();
    printed(&db, &["events", "import", "sysfs", path, "--microarch", "IVB", "--kernel", "6.1.0"]);
    let same = |a: &str, b: &str| {
        let found = json(&db, &["events", "same", "--microarch", "IVB", "--kernel", "6.1.0", "perf", a, "perf", b]);
        (found["relation"].as_str().unwrap().to_owned(), found["comparable"] == true)
    };
    let answer = |relation: &str, comparable| (relation.to_owned(), comparable);
    assert_eq!(same("uncore_cbox_0/clockticks/", "uncore_cbox_1/clockticks/"), answer("same", false));
    assert_eq!(same("uncore_cbox/clockticks/", "uncore_cbox/config=0xff/"), answer("same", true));
    assert_eq!(same("uncore_cbox_0/clockticks/", "uncore_cbox_0/config=0xfe/"), answer("different", false));
    // Only the kernel knows where the terms of an uncore go, and which PMUs there are.
    assert_eq!(same("uncore_cbox_0/clockticks/", "uncore_cbox_0/event=0xff/"), answer("unknown", false));
    assert_eq!(same("uncore_imc_0/config=0x1/", "uncore_imc_0/config=0x1/"), answer("unknown", false));
    assert_eq!(same("uncore_cbox_0/clockticks/", "cpu/config=0xff/"), answer("different", false));
}

#[test]
fn a_hand_wins_over_everything_and_leaves_a_record() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), DEVICES);
    let path = folder.path().to_str().unwrap();
    on_both(|db| {
        load(
            db,
            &Environment { microarch: Some("IVB".to_owned()), kernel: Some("6.1.0".to_owned()), ..Environment::default() },
            &["bus-cycles", "my-cycles:u"],
        );
        printed(db, &["events", "import", "sysfs", path, "--microarch", "IVB", "--kernel", "6.1.0"]);
        let add = |name: &str, means: &[&str]| {
            let words = ["events", "alias", "add", "--tool", "perf", "--microarch", "IVB", "--author", "ada", name];
            prc(db, &[&words[..], means].concat())
        };
        assert!(add("my-cycles", &["PAPI_TOT_CYC", "--as", "papi", "--reason", "wrapper"]).status.success());
        assert!(add("bus-cycles", &["cpu/0x13c/"]).status.success());
        assert_eq!(event(db, "IVB", "perf", "my-cycles", "6.1.0"), ("cpu/0x3c/".to_owned(), "by hand".to_owned()));
        assert_eq!(event(db, "IVB", "perf", "bus-cycles", "6.1.0").0, "cpu/0x13c/");
        assert_eq!(bound(db, "event = 'my-cycles:u' AND canonical = 'cpu/0x3c/'"), 1);
        let refused = add("x", &["no_such_event"]);
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("no single event"));
        // Circles end in what the tables say.
        assert!(add("first", &["cycles"]).status.success());
        assert!(add("cycles", &["first"]).status.success());
        assert_eq!(event(db, "IVB", "perf", "cycles", "6.1.0").0, "cpu/0x3c/");

        let list = json(db, &["events", "alias", "list"]);
        assert_eq!((&list[0]["author"], &list[0]["reason"]), (&"ada".into(), &"wrapper".into()));
        let number = list[0]["import"].to_string();
        printed(db, &["events", "alias", "remove", &number]);
        assert_eq!(bound(db, "event = 'my-cycles:u' AND status = 'unresolved'"), 1);
        assert!(refused_again(db, &number).contains("taken back before"));
        let record = json(db, &["events", "alias", "list"]);
        assert!(record[0]["location"].as_str().unwrap().contains("'my-cycles'") && !record[0]["undone_at"].is_null());
        // An import is no alias.
        assert!(!prc(db, &["events", "alias", "remove", "1"]).status.success());
    });
}

#[test]
fn a_name_holds_for_every_cpu_of_a_microarchitecture_under_its_old_key_too() {
    // Vermeer: not the first Zen 3 of the table.
    let cpu =
        Environment { vendor: Some("AuthenticAMD".to_owned()), family: Some(25), model: Some(33), ..Environment::default() };
    on_both(|db| {
        load(db, &cpu, &["my-cycles"]);
        printed(db, &["events", "alias", "add", "--tool", "perf", "--microarch", "zen3", "my-cycles", "r76"]);
        assert_eq!(bound(db, "event = 'my-cycles' AND canonical = 'cpu/0x76/' AND microarch = 'amdzen3'"), 1);
        // As a catalogue before 2026-08.1 stored what was said of the second CPU.
        db.execute("UPDATE names SET microarch = 'zen3'");
        printed(db, &["events", "bind"]);
        assert_eq!(bound(db, "event = 'my-cycles' AND canonical = 'cpu/0x76/'"), 1);
        assert_eq!(event(db, "zen3", "perf", "my-cycles", "6.1"), ("cpu/0x76/".to_owned(), "by hand".to_owned()));
    });
}

fn refused_again(db: &Db, number: &str) -> String {
    refused(db, &["events", "alias", "remove", number])
}

#[test]
fn a_malformed_or_contradictory_file_names_its_line_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    tree(
        folder.path(),
        &[
            ("bad/cpu/events/a", "event=0x3c\n"),
            ("empty/cpu/type", "4\n"),
            ("list.json", "[\n{\n\"EventName\": 1\n}\n"),
            (
                "twice.json",
                "[{\"EventName\": \"A.B\", \"EventCode\": \"0x1\"},\n{\"EventName\": \"A.B\", \"EventCode\": \"0x2\"}]\n",
            ),
            ("number.json", "[\n\n{\"EventName\": \"A.B\", \"EventCode\": \"1z\"}]\n"),
        ],
    );
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let db = Db::sqlite();
    db.open();
    for (format, path, told) in [
        ("sysfs", "bad", "cpu/events/a:1: 'event' has no file below cpu/format"),
        ("sysfs", "empty", "no PMU with events or format lies in it"),
        ("sysfs", "missing", "cannot read"),
        ("perf-list", "list.json", "list.json:5: no list of perf"),
        ("perfmon", "twice.json", "twice.json:2: 'A.B' is cpu/event=0x2/, but"),
        ("pmu-events", "number.json", "number.json:3: 'A.B': EventCode '1z' is no number"),
        ("ophelp", "list.json", "no tool that lists events writes so"),
        ("perfmon", "missing.json", "cannot read"),
    ] {
        let error = refused(&db, &["events", "import", format, &at(path), "--microarch", "IVB", "--kernel", "6.1.0"]);
        assert!(error.contains(told), "{format} {path}: {error}");
    }
    assert!(refused(&db, &["events", "import", "perfmon", &at("")]).contains("--microarch"));
    assert_eq!(db.number("SELECT COUNT(*) FROM name_sets"), 0);
}

#[test]
fn cpus_that_users_name_are_found_again_in_what_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    tree(
        folder.path(),
        &[
            (
                "cpus.csv",
                "#arch;vendor;family;model;microarch\nx86_64;GenuineIntel;6;250;IVB\nx86_64;GenuineIntel;6;251;Future Lake\n",
            ),
            ("wrong.csv", "x86_64;GenuineIntel;6;250;IVB\nx86_64;GenuineIntel;6;many;IVB\n"),
        ],
    );
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    on_both(|db| {
        let cpu = |vendor: &str, model| Environment {
            arch: Some("x86_64".to_owned()),
            vendor: Some(vendor.to_owned()),
            family: Some(6),
            model: Some(model),
            ..Environment::default()
        };
        load(db, &cpu("GenuineIntel", 250), &["cycles"]);
        assert_eq!(bound(db, "status = 'unresolved' AND microarch IS NULL"), 1);
        assert!(refused(db, &["microarchs", "import", &at("wrong.csv")]).contains("wrong.csv:2: model 'many' is no number"));
        assert_eq!(bound(db, "status = 'unresolved'"), 1);

        let done = json(db, &["microarchs", "import", &at("cpus.csv")]);
        assert_eq!(
            (&done["cpus"], &done["without_tables"], &done["resolved"]),
            (&2.into(), &serde_json::json!(["Future Lake"]), &1.into())
        );
        assert_eq!(bound(db, "microarch = 'ivybridge' AND canonical = 'cpu/0x3c/'"), 1);
        let find = |vendor: &str| {
            json(db, &["microarchs", "find", "--arch", "x86_64", "--vendor", vendor, "--family", "6", "--model", "250"])
        };
        assert_eq!(find("GenuineIntel")[0]["key"], "ivybridge");
        // The predecessor gave a CPU of another vendor the name.
        assert_ne!(find("AuthenticAMD")[0]["key"], "ivybridge");
        let list = json(db, &["microarchs", "list"]);
        assert_eq!((&list[0]["short"], &list[0]["notes"]), (&"IVB".into(), &"imported".into()));

        printed(db, &["events", "imports", "undo", "1"]);
        assert_eq!(bound(db, "status = 'unresolved' AND microarch IS NULL"), 1);
        assert_eq!(find("GenuineIntel"), serde_json::json!([]));
    });
}

#[test]
fn tables_of_vendors_come_before_those_of_the_program_and_after_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), DEVICES);
    tree(
        folder.path(),
        &[
            (
                "intel/mapfile.csv",
                "Family-model,Version,Filename,EventType\nGenuineIntel-6-3A,V24,/IVB/events/ivybridge_core.json,core\n",
            ),
            (
                "intel/IVB/events/ivybridge_core.json",
                "{\"Header\": {}, \"Events\": [\n{\"EventName\": \"NEW.EVENT\", \"EventCode\": \"0xF7\", \"UMask\": \"0x2\"},\n\
                 {\"EventName\": \"BR_INST_RETIRED.CONDITIONAL\", \"EventCode\": \"0xC4\", \"UMask\": \"0x7\"}]}\n",
            ),
            ("arch/x86/mapfile.csv", "Family-model,Version,Filename,EventType\nGenuineIntel-6-3A,v24,ivybridge,core\n"),
            (
                "arch/x86/ivybridge/new.json",
                "[{\"EventName\": \"NEW.EVENT\", \"EventCode\": \"0xF8\"}, {\"MetricName\": \"IPC\"}]\n",
            ),
        ],
    );
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let db = Db::sqlite();
    let done = json(&db, &["events", "import", "perfmon", &at("intel")]);
    assert_eq!((&done["names"], &done["left_out"]), (&2.into(), &serde_json::json!([])));
    assert_eq!(event(&db, "IVB", "perf", "new.event", "6.1.0"), ("cpu/0x2f7/".to_owned(), "imported table".to_owned()));
    assert_eq!(event(&db, "IVB", "perf", "br_inst_retired.conditional", "6.1.0").0, "cpu/0x7c4/");
    assert_eq!(event(&db, "IVB", "perf", "cpu/new.event,cmask=1/", "6.1.0").0, "cpu/0x10002f7/");
    let done = json(&db, &["events", "import", "pmu-events", &at("arch/x86")]);
    assert_eq!(done["left_out"], serde_json::json!(["1: no event by itself: a metric, or a name that another file explains"]));
    // Of two tables the later wins, and the earlier stays on record.
    assert_eq!(event(&db, "IVB", "perf", "NEW.EVENT", "6.1.0").0, "cpu/0xf8/");
    let conflicts = json(&db, &["events", "conflicts"]);
    let lost: Vec<(&Value, &Value)> =
        conflicts.as_array().unwrap().iter().take(2).map(|row| (&row["config_a"], &row["config_b"])).collect();
    assert_eq!(lost, [(&"cpu/0x7c4/".into(), &"cpu/0x1c4/".into()), (&"cpu/0xf8/".into(), &"cpu/0x2f7/".into())]);
    assert_eq!(json(&db, &["events", "imports", "list"])[0]["version"], "V24");
}

#[test]
fn lists_results_and_tables_are_weighed_and_their_contradictions_listed() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/supports");
    let list = |name: &str| fixtures.join(name).to_str().unwrap().to_owned();
    on_both(|db| {
        let guest =
            Environment { virt: Some("kvm".to_owned()), microarch: Some("haswell".to_owned()), ..Environment::default() };
        load(db, &guest, &["cycles", "stalled-cycles-backend"]);
        let done = json(db, &["events", "import", "ophelp", &list("ophelp_i386_haswell.txt"), "--microarch", "haswell"]);
        assert_eq!(done["names"], 62);
        let ask = |tool: &str, spelling: &str, more: &[&str]| {
            json(db, &[&["events", "support", "--microarch", "haswell", "--tool", tool, spelling], more].concat())
        };
        let found = ask("oprofile", "CPU_CLK_UNHALTED", &[]);
        assert_eq!((&found["supported"], &found["listed"][0]["supported"]), (&"yes".into(), &true.into()));
        // On a guest only what was seen there counts.
        assert_eq!(ask("perf", "cycles", &["--virt", "kvm"])["supported"], "yes");
        assert_eq!(ask("perf", "branch-misses", &["--virt", "kvm"])["supported"], "unknown");
        assert_eq!(ask("perf", "branch-misses", &["--virt", "none"])["supported"], "yes");
        let findings = json(db, &["events", "contradictions"]);
        let told: Vec<&str> = findings.as_array().unwrap().iter().map(|row| row["spelling"].as_str().unwrap()).collect();
        assert_eq!(told, ["stalled-cycles-backend"]);
        assert_eq!(
            (&findings[0]["supported"], &findings[0]["virt"], &findings[0]["counted"]),
            (&"no".into(), &"kvm".into(), &1.into())
        );

        // A list that was loaded beside results tells its machine itself.
        let output = prc(db, &["import", "-q", &list("papi_avail_presets_small.txt")]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let rocket_lake = |preset: &str| {
            json(db, &["events", "support", "--microarch", "rocketlake", "--tool", "papi", preset, "--virt", "kvm"])
        };
        let found = rocket_lake("PAPI_BR_PRC");
        assert_eq!((&found["supported"], &found["listed"][0]["virt"]), (&"yes".into(), &"kvm".into()), "{found}");
    });
}
