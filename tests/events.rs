//! What is stored is tied to canonical events: by import, again by `events bind`, and without touching a result.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::fs;
use std::process::{Command, Output};
use std::sync::Arc;

use prc_etl::model::{Environment, Kind, Number, Parsed, Report, Status, ToolName};
use prc_etl::pipeline;
use prc_etl::store::{Bindings, Bound, ImportHeader, ImportStatus, Meaning, Rebind, Store};
use support::samples::{add, source, storable};
use support::{Db, dump, on_both};

fn prc(db: &Db, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).env("PRC_DATABASE_URL", &db.text).args(arguments).output().unwrap()
}

fn printed(db: &Db, arguments: &[&str]) -> serde_json::Value {
    let output = prc(db, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn import(db: &Db, arguments: &[&str]) {
    let output = prc(db, &[&["import", "-q"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// One source of one run with counts of these events.
fn counted(content: u8, tool: &str, environment: &Environment, events: &[&str]) -> Parsed {
    let mut parsed = source("/data", &format!("{tool}/{content}"), content);
    let runs = std::mem::take(&mut parsed.report.runs);
    parsed.report = Report { runs, ..Report::default() };
    for event in events {
        add(&mut parsed.report, 1, (event, None, Kind::Count), Some(Number::exact(7)));
    }
    let placement = Arc::make_mut(&mut parsed.placements[0]);
    placement.tool.value = ToolName { name: tool.to_owned(), version: None };
    placement.environment = environment.clone();
    parsed
}

/// Loads without binding, as an import that is killed between both.
fn load(db: &Db, sources: &[Parsed]) {
    let mut store = db.open();
    let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import /data".to_owned() };
    let import = store.begin_import(&header).unwrap();
    store.load(import, &storable(sources)).unwrap();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
}

fn named(microarch: &str) -> Environment {
    Environment { microarch: Some(microarch.to_owned()), ..Environment::default() }
}

/// Rows of `v_results` for which a condition holds.
fn results(db: &Db, condition: &str) -> i64 {
    db.number(&format!("SELECT COUNT(*) FROM v_results WHERE {condition}"))
}

const PERF: &str = "1000000,,cycles:u,1000,100.00,,\n12,,cache-misses:u,1000,100.00,,\n";
const OCOUNT: &str = "\nEvents were actively counted for 1.2 seconds.\nEvent counts (actual) for /bin/true:\n\
    \tEvent                    Count                    % time counted\n\
    \tCPU_CLK_UNHALTED         2,000,000                100.00\n";

#[test]
fn an_import_ties_the_names_of_two_tools_to_one_event() {
    on_both(|db| {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in [("perf.csv", PERF), ("ocount.txt", OCOUNT)] {
            fs::write(directory.path().join(name), text).unwrap();
        }
        import(db, &[directory.path().to_str().unwrap(), "--microarch", "Ivy Bridge"]);
        // 0x3c is the number of unhalted core cycles in Intel's manual and in oprofile's table of Ivy Bridge.
        let tied = "canonical = 'cpu/0x3c/' AND relation = 'same' AND class = 'cycles'";
        assert_eq!(results(db, &format!("tool = 'perf' AND event = 'cycles:u' AND {tied}")), 1);
        assert_eq!(results(db, &format!("tool = 'oprofile' AND event = 'CPU_CLK_UNHALTED' AND {tied}")), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM events WHERE text = 'cpu/0x3c/'"), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM v_bindings WHERE microarch <> 'ivybridge'"), 0);
        assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn the_same_name_is_another_event_where_the_tables_say_so() {
    on_both(|db| {
        let power = named("power9");
        load(db, &[counted(1, "perf", &power, &["cycles"]), counted(2, "papi", &power, &["PAPI_TOT_CYC"])]);
        pipeline::bind(&mut db.open(), Rebind::Missing).unwrap();
        let events = db.number("SELECT COUNT(DISTINCT canonical) FROM v_results WHERE binding = 'resolved'");
        assert_eq!((results(db, "binding = 'resolved'"), events), (2, 2));
    });
}

#[test]
fn a_killed_binding_is_completed_by_the_next_import() {
    on_both(|db| {
        load(db, &[counted(1, "perf", &named("ivybridge"), &["cycles"])]);
        let open = printed(db, &["events", "unresolved", "--format", "json"]);
        assert_eq!((&open[0]["status"], &open[0]["results"]), (&"not bound".into(), &1.into()));
        assert_eq!(results(db, "binding IS NULL"), 1);
        let directory = tempfile::tempdir().unwrap();
        import(db, &[directory.path().to_str().unwrap()]);
        assert_eq!(results(db, "canonical = 'cpu/0x3c/'"), 1);
    });
}

#[test]
fn binding_anew_changes_answers_and_no_result() {
    on_both(|db| {
        // A name that nobody knows is not overridden by the numbers of the CPU.
        let numbers = Environment {
            arch: Some("x86_64".into()),
            vendor: Some("GenuineIntel".into()),
            family: Some(6),
            model: Some(58),
            ..Environment::default()
        };
        let misnamed = Environment { microarch: Some("Frobnicator".into()), ..numbers.clone() };
        let events = ["cycles", "page-faults"];
        load(db, &[counted(1, "perf", &misnamed, &events), counted(2, "perf", &numbers, &events)]);
        pipeline::bind(&mut db.open(), Rebind::Missing).unwrap();
        let before = dump(db);
        assert_eq!(results(db, "microarch IS NULL AND canonical = 'cpu/0x3c/'"), 1);
        assert_eq!(results(db, "microarch = 'Frobnicator' AND event = 'cycles' AND binding = 'unresolved'"), 1);
        // What the kernel counts means the same everywhere.
        assert_eq!(db.number("SELECT COUNT(*) FROM events WHERE pmu = 'software' AND microarch = ''"), 1);
        let open = printed(db, &["events", "unresolved", "--format", "json"]);
        assert_eq!((open.as_array().unwrap().len(), &open[0]["spelling"]), (1, &"cycles".into()));
        assert!(open[0]["reason"].as_str().unwrap().contains("Frobnicator"), "{open}");

        db.execute("UPDATE environments SET microarch = 'IVB' WHERE microarch = 'Frobnicator'");
        let renamed = dump(db);
        let first = printed(db, &["events", "bind", "--format", "json"]);
        assert_eq!((&first["resolved"], &first["unresolved"]), (&4.into(), &0.into()));
        assert_eq!(results(db, "canonical = 'cpu/0x3c/'"), 2);
        assert_eq!(printed(db, &["events", "bind", "--format", "json"]), first);
        assert_eq!(dump(db), renamed);
        assert_eq!(before.len(), renamed.len());
    });
}

#[test]
fn another_catalogue_binds_everything_anew() {
    on_both(|db| {
        load(db, &[counted(1, "perf", &named("ivybridge"), &["cycles", "no_such_event"])]);
        let mut store = db.open();
        pipeline::bind(&mut store, Rebind::Missing).unwrap();
        assert_eq!(pipeline::bind(&mut store, Rebind::Missing).unwrap(), Bindings::default());
        db.execute("UPDATE bindings SET catalogue = 'older', event_id = NULL, status = 'unresolved'");
        let made = pipeline::bind(&mut store, Rebind::Missing).unwrap();
        assert_eq!((made.resolved, made.ambiguous, made.unresolved), (1, 0, 1));
        assert_eq!(results(db, "canonical = 'cpu/0x3c/'"), 1);
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn support_tells_what_was_counted_and_where_tables_and_results_disagree() {
    on_both(|db| {
        let ivybridge = named("ivybridge");
        let mut refused = counted(1, "perf", &ivybridge, &["LLC-loads"]);
        refused.report.results[0].status = Status::NotSupported;
        refused.report.results[0].number = None;
        let mut zero = counted(2, "oprofile", &ivybridge, &["CPU_CLK_UNHALTED"]);
        zero.report.results[0].number = Some(Number::exact(0));
        load(db, &[refused, zero, counted(3, "perf", &ivybridge, &["cycles:u", "cycles:u"])]);
        pipeline::bind(&mut db.open(), Rebind::Missing).unwrap();
        let ask = |event| {
            let words = ["events", "support", "--microarch", "IVB", "--tool", "perf", event, "--format", "json"];
            printed(db, &words)
        };
        let found = ask("cycles");
        let rows = found["observed"].as_array().unwrap();
        let told: Vec<_> =
            rows.iter().map(|row| format!("{} {} {} {}", row["tool"], row["spelling"], row["counted"], row["zero"])).collect();
        assert_eq!(told, [r#""oprofile" "CPU_CLK_UNHALTED" 0 1"#, r#""perf" "cycles:u" 2 0"#]);
        assert!(found["contradiction"].is_null());
        let found = ask("LLC-loads");
        assert_eq!((&found["supported"], &found["observed"][0]["not_supported"]), (&"yes".into(), &1.into()));
        assert!(found["contradiction"].as_str().unwrap().starts_with("never counted"), "{found}");
        assert_eq!(ask("branch-misses")["observed"], serde_json::json!([]));
    });
}

#[test]
fn what_an_older_program_loaded_is_bound_after_the_migration() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1), counted(2, "perf", &named("ivybridge"), &["cycles"])]);
        let sightings = db.number("SELECT COUNT(*) FROM sightings");
        let back_end = if db.url.sqlite_path().is_some() { "sqlite" } else { "postgres" };
        let taken_back = take_back(db, back_end, "2026-11-22-230000");
        assert_eq!(Store::migrate(&db.url).unwrap().len(), taken_back);
        // The metric beside a counter is no event.
        assert_eq!((sightings, db.number("SELECT COUNT(*) FROM sightings")), (4, 4));
        pipeline::bind(&mut db.open(), Rebind::Missing).unwrap();
        assert_eq!(results(db, "canonical = 'cpu/0x3c/'"), 1);
    });
}

/// Takes the migrations from `first` on back, and says how many.
fn take_back(db: &Db, back_end: &str, first: &str) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let views = fs::read_to_string(format!("{folder}/views.sql")).unwrap();
    let views: Vec<&str> = views.lines().filter_map(|line| line.strip_prefix("CREATE VIEW ")?.split(' ').next()).collect();
    views.iter().rev().for_each(|view| db.execute(&format!("DROP VIEW {view}")));
    let names =
        fs::read_dir(format!("{folder}/{back_end}")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.as_str() >= first).collect();
    names.sort_by(|a, b| b.cmp(a));
    for name in &names {
        db.execute(&fs::read_to_string(format!("{folder}/{back_end}/{name}/down.sql")).unwrap());
        let version = name.split('_').next().unwrap().replace('-', "");
        db.execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{version}'"));
    }
    names.len()
}

/// More than are bound at once, by two tools in two environments: each is asked once, and what is bound says what was asked.
#[test]
fn many_spellings_are_bound_piece_by_piece_and_each_once() {
    on_both(|db| {
        let spellings: Vec<String> = (0..1500).map(|number| format!("event-{number}")).collect();
        let events: Vec<&str> = spellings.iter().map(String::as_str).collect();
        let loaded = [("perf", "skylake"), ("perf", "zen4"), ("papi", "skylake")];
        let sources: Vec<Parsed> =
            (1..).zip(loaded).map(|(content, (tool, microarch))| counted(content, tool, &named(microarch), &events)).collect();
        load(db, &sources);
        let mut asked = Vec::new();
        let made = db.open().bind("1", Rebind::Missing, |sighting| {
            let (text, microarch) = (sighting.spelling.clone(), sighting.environment.microarch.clone().unwrap());
            asked.push((text.clone(), sighting.tool.clone(), microarch.clone()));
            let number: usize = text["event-".len()..].parse().unwrap();
            let reason = Some(format!("{text} of {} on {microarch}", sighting.tool));
            let status = if number < 10 { Bound::Ambiguous } else { Bound::Unresolved };
            Meaning { microarch: Some(microarch), status, reason, ..meaning() }
        });
        assert_eq!(made.unwrap(), Bindings { resolved: 0, ambiguous: 30, unresolved: 4470 });
        asked.sort();
        let mut wanted: Vec<_> = loaded
            .iter()
            .flat_map(|(tool, microarch)| {
                spellings.iter().map(|text| (text.clone(), (*tool).to_owned(), (*microarch).to_owned()))
            })
            .collect();
        wanted.sort();
        assert_eq!(asked, wanted);
        let condition = "reason = event || ' of ' || tool || ' on ' || microarch";
        assert_eq!(db.number(&format!("SELECT COUNT(*) FROM v_bindings WHERE {condition}")), 4500);
    });
}

/// Nothing is known.
fn meaning() -> Meaning {
    Meaning {
        microarch: None,
        status: Bound::Unresolved,
        event: None,
        formula: None,
        relation: None,
        reason: None,
        method: None,
        origin: None,
        privilege: None,
    }
}
