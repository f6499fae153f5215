//! What the store promises, held on both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::sync::Arc;

use prc_etl::model::{Flags, Kind, Number, Parsed, RejectKind, Report, ScopeKind, Status};
use prc_etl::store::query::{ResultRecord, Selection};
use prc_etl::store::{Access, ImportHeader, ImportId, ImportStatus, Rehearsal, Rules, Store, StoreError, Verdict};
use support::samples::{self, source, unknown, unreadable};
use support::{Db, dump, on_both};

fn begin(store: &mut Store) -> ImportId {
    store.begin_import(&ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import .".to_owned() }).unwrap()
}

/// Loads batches as one import.
fn load_in(db: &Db, batches: &[&[Parsed]]) -> Vec<Verdict> {
    let mut store = db.open();
    let import = begin(&mut store);
    let verdicts = batches.iter().flat_map(|batch| store.load(import, &samples::storable(batch)).unwrap()).collect();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    verdicts
}

fn load(db: &Db, batch: &[Parsed]) -> Vec<Verdict> {
    load_in(db, &[batch])
}

fn fresh() -> Verdict {
    Verdict::Loaded { same_content_as: None }
}

fn twin_of(path: &str) -> Verdict {
    Verdict::Loaded { same_content_as: Some(path.to_owned()) }
}

#[test]
fn a_source_is_loaded_once() {
    on_both(|db| {
        let batch = [source("/data", "a/x", 1), source("/data", "a/y", 2), unknown("/data", "z", 3)];
        assert_eq!(load(db, &batch), [fresh(), fresh(), fresh()]);
        let before = dump(db);
        assert_eq!(load(db, &batch), [Verdict::AlreadyThere, Verdict::AlreadyThere, Verdict::AlreadyThere]);
        assert_eq!(dump(db), before);
        assert_eq!(before.iter().filter(|line| line.starts_with("result")).count(), 8);
    });
}

#[test]
fn new_content_at_a_known_place_replaces_the_old() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1), source("/data", "y", 2)]);
        assert_eq!(load(db, &[source("/data", "x", 3)]), [Verdict::Replaced]);
        let other = clean(&[source("/data", "x", 3), source("/data", "y", 2)]);
        assert_eq!(dump(db), other);
    });
}

/// The dump of a fresh SQLite database with the same sources.
fn clean(batch: &[Parsed]) -> Vec<String> {
    let fresh = Db::sqlite();
    load(&fresh, batch);
    dump(&fresh)
}

#[test]
fn a_file_is_the_same_below_another_root() {
    on_both(|db| {
        load(db, &[source("/data", "sub/x", 1), source("/", "top", 2)]);
        let again = [source("/data/sub", "x", 1), source("/", "data/sub/x", 1), source("/", "top", 2)];
        assert_eq!(load(db, &again), vec![Verdict::AlreadyThere; 3]);
        assert_eq!(load(db, &[source("/data/sub", "x", 5)]), [Verdict::Replaced]);
        assert_eq!(dump(db), clean(&[source("/data/sub", "x", 5), source("/", "top", 2)]));
    });
}

#[test]
fn the_same_content_elsewhere_is_loaded_and_said() {
    on_both(|db| {
        assert_eq!(load(db, &[source("/data", "b", 1), source("/data", "c", 1)]), [fresh(), twin_of("b")]);
        assert_eq!(load(db, &[source("/data", "a", 1), source("/data", "d", 1)]), [twin_of("b"), twin_of("a")]);
    });
}

#[test]
fn the_same_path_and_content_below_an_unrelated_root_is_known() {
    on_both(|db| {
        load(db, &[source("/one", "x", 1)]);
        assert_eq!(load(db, &[source("/two", "x", 1), source("/two", "x", 2)]), [Verdict::AlreadyThere, fresh()]);
        // What stood at /two/x is outdated, and its new content is there already.
        assert_eq!(load(db, &[source("/two", "x", 1)]), [Verdict::Replaced]);
        assert_eq!(dump(db), clean(&[source("/one", "x", 1)]));
    });
}

#[test]
fn duplicates_in_one_batch_fare_as_in_several() {
    let story = [
        source("/data", "x", 1),
        source("/data", "x", 1),
        source("/data", "y", 1),
        source("/data", "x", 2),
        source("/data", "z", 1),
        source("/", "data/x", 3),
        source("/other", "x", 3),
    ];
    let expected =
        [fresh(), Verdict::AlreadyThere, twin_of("x"), Verdict::Replaced, twin_of("y"), Verdict::Replaced, twin_of("data/x")];
    on_both(|db| assert_eq!(load(db, &story), expected));
    on_both(|db| {
        let single: Vec<&[Parsed]> = story.iter().map(std::slice::from_ref).collect();
        assert_eq!(load_in(db, &single), expected);
        assert_eq!(dump(db), clean(&story));
    });
}

#[test]
fn streams_are_known_by_content_and_never_replaced() {
    on_both(|db| {
        let stream = |content| {
            let mut stream = source("", "-", content);
            stream.identity.root = None;
            stream
        };
        assert_eq!(load(db, &[stream(1), stream(2), stream(1)]), [fresh(), fresh(), Verdict::AlreadyThere]);
        assert_eq!(load(db, &[stream(2), stream(3)]), [Verdict::AlreadyThere, fresh()]);
    });
}

#[test]
fn a_rejected_source_is_tried_again_and_its_reject_goes_when_it_loads() {
    on_both(|db| {
        for _ in 0..2 {
            assert!(matches!(&load(db, &[unreadable("/data", "sub/x")])[..], [Verdict::Rejected(_)]));
            assert_eq!(dump(db).len(), 1);
        }
        assert!(matches!(&load(db, &[unreadable("/data/sub", "x")])[..], [Verdict::Rejected(_)]));
        assert_eq!(dump(db).len(), 1);
        load(db, &[source("/data", "sub/x", 1)]);
        assert_eq!(dump(db), clean(&[source("/data", "sub/x", 1)]));
    });
}

#[test]
fn an_undone_import_can_be_loaded_again() {
    on_both(|db| {
        let batch = [source("/data", "x", 1), unreadable("/data", "y")];
        load(db, &batch);
        let before = dump(db);
        let undone = db.open().undo_import(ImportId(1)).unwrap();
        assert_eq!((undone.sources, undone.runs, undone.result_rows, undone.rejects), (1, 1, 3, 2));
        assert_eq!(dump(db), Vec::<String>::new());
        assert_eq!(load(db, &batch)[0], fresh());
        assert_eq!(dump(db), before);
        assert!(matches!(db.open().undo_import(ImportId(1)), Err(StoreError::AlreadyUndone(1))));
        assert!(matches!(db.open().undo_import(ImportId(9)), Err(StoreError::NoSuchImport(9))));
    });
}

#[test]
fn undoing_a_large_import_leaves_the_sources_between_its_own() {
    on_both(|db| {
        let some = |of: &str, numbers: std::ops::Range<usize>| -> Vec<Parsed> {
            numbers.map(|number| unknown("/data", &format!("{of}{number:04}"), 1)).collect()
        };
        let mut store = db.open();
        let [undone, kept] = [begin(&mut store), begin(&mut store)];
        // More than twice as many as are deleted at once, and no multiple of that.
        for turn in 0..30 {
            store.load(undone, &samples::storable(&some("undone", turn * 75..turn * 75 + 75))).unwrap();
            store.load(kept, &samples::storable(&some("kept", turn * 10..turn * 10 + 10))).unwrap();
        }
        assert_eq!(store.undo_import(undone).unwrap().sources, 2250);
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
        assert_eq!(dump(db), clean(&some("kept", 0..300)));
    });
}

#[test]
fn nothing_is_loaded_into_an_import_that_was_undone_meanwhile() {
    on_both(|db| {
        let mut store = db.open();
        let import = begin(&mut store);
        db.open().undo_import(import).unwrap();
        assert!(matches!(store.load(import, &samples::storable(&[source("/data", "x", 1)])), Err(StoreError::NotRunning(1))));
        assert!(matches!(store.finish_import(import, ImportStatus::Done, "{}"), Err(StoreError::NotRunning(1))));
    });
}

#[test]
fn a_source_that_the_database_refuses_costs_only_itself() {
    on_both(|db| {
        let mut poisoned = source("/data", "b", 2);
        poisoned.report.tally.lines += 1;
        let verdicts = load(db, &[source("/data", "a", 1), poisoned, source("/data", "c", 3)]);
        assert_eq!((&verdicts[0], &verdicts[2]), (&fresh(), &fresh()));
        let Verdict::Rejected(reject) = &verdicts[1] else { panic!("{:?}", verdicts[1]) };
        assert_eq!(reject.kind, RejectKind::Store);
        assert!(reject.reason.contains("CHECK") || reject.reason.contains("check"), "{}", reject.reason);
        assert_eq!(dump(db).iter().filter(|line| line.starts_with("source")).count(), 2);
    });
}

#[test]
fn what_no_database_could_keep_is_refused_on_both_alike() {
    let nan = |change: fn(&mut Parsed)| {
        let mut parsed = source("/data", "x", 1);
        change(&mut parsed);
        parsed
    };
    let broken = [
        nan(|parsed| parsed.report.results[0].number = Some(Number { value: f64::NAN, count: None })),
        nan(|parsed| parsed.report.results[2].running_percent = Some(f64::INFINITY)),
        nan(|parsed| parsed.report.runs[0].wall_seconds = Some(f64::NAN)),
        nan(|parsed| parsed.report.runs[0].command = Some("a\0b".to_owned())),
        nan(|parsed| parsed.report.results[0].status = Status::NotCounted),
        nan(|parsed| parsed.report.results[0].spelling = 99),
        nan(|parsed| parsed.placements.clear()),
        nan(|parsed| parsed.identity.path = "p".repeat(2001)),
        nan(|parsed| parsed.identity.root = Some(format!("/{}", "r".repeat(5000)))),
        nan(|parsed| Arc::make_mut(&mut parsed.placements[0]).host.as_mut().unwrap().value = "h".repeat(3000)),
    ];
    on_both(|db| {
        for parsed in &broken {
            assert!(matches!(&load(db, std::slice::from_ref(parsed))[..], [Verdict::Rejected(_)]), "{parsed:?}");
        }
        assert!(dump(db).iter().all(|line| line.starts_with("reject")));
    });
}

#[test]
fn the_longest_names_can_be_stored() {
    on_both(|db| {
        let mut parsed = source("/data", &"päth".repeat(400), 1);
        let long: String = (0..1024).map(|n| char::from(b'a' + u8::try_from(n * n % 26).unwrap())).collect();
        let spelling = parsed.report.spellings.intern(&(long.as_str(), Some(long.as_str()), Kind::Count));
        let scope = parsed.report.scopes.intern(&(ScopeKind::Thread, long.as_str(), Some(long.as_str()), None));
        parsed.report.results[0].spelling = spelling;
        parsed.report.results[0].scope = Some(scope);
        assert_eq!(load(db, &[parsed]), [fresh()]);
    });
}

#[test]
fn every_character_comes_back_as_it_went_in() {
    let nasty = "'\"\\ \t\n\r \\. \\N % $1 ; -- {} NULL \u{1b}[31m é 漢 \u{202e} =cmd";
    on_both(|db| {
        let mut parsed = source("/data", nasty, 1);
        let report = &mut parsed.report;
        report.runs[0].command = Some(nasty.to_owned());
        report.rejects[0].text = nasty.to_owned();
        report.notes = vec![nasty.replace('\n', " ")];
        let spelling = report.spellings.intern(&(nasty, Some(nasty), Kind::Count));
        let scope = report.scopes.intern(&(ScopeKind::Thread, nasty, Some(nasty), None));
        report.results[0].spelling = spelling;
        report.results[0].scope = Some(scope);
        Arc::make_mut(&mut parsed.placements[0]).experiment.as_mut().unwrap().value = nasty.to_owned();
        assert_eq!(load(db, &[parsed.clone()]), [fresh()]);
        assert_eq!(load(db, &[parsed]), [Verdict::AlreadyThere]);
        let mut seen = Vec::new();
        let mut store = Store::open(&db.url, Access::Read).unwrap();
        store
            .each_result(&Selection::default(), |result| {
                if result.ordinal == 0 {
                    let scope = result.scope.unwrap();
                    let texts = [&result.run.path, &result.spelling.text, &scope.label, result.spelling.unit.as_ref().unwrap()];
                    seen.extend(texts.map(String::clone));
                    seen.extend([scope.cgroup.clone().unwrap(), result.run.command.clone().unwrap()]);
                    seen.push(result.run.experiment.clone().unwrap());
                }
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(seen, vec![nasty; 7]);
    });
}

#[test]
fn integers_are_exact_up_to_the_last_digit() {
    let counts = [i64::MAX, i64::MAX - 1, (1 << 53) + 1, 0, -1];
    on_both(|db| {
        let mut parsed = source("/data", "x", 1);
        for count in counts {
            samples::add(&mut parsed.report, 9, ("exact", None, Kind::Count), Some(Number::exact(count)));
        }
        let beyond =
            samples::add(&mut parsed.report, 9, ("exact", None, Kind::Count), Number::inexact(18_446_744_073_709_551_615.0));
        parsed.report.results[beyond].flags = Flags::BEYOND_I64;
        load(db, &[parsed]);
        let mut seen = Vec::new();
        let mut event = Selection::default();
        event.add_written(false, "event=exact").unwrap();
        let list = |result: &ResultRecord<'_>| {
            seen.push((result.count, result.flags));
            std::ops::ControlFlow::Continue(())
        };
        db.open().each_result(&event, list).unwrap();
        let mut expected: Vec<_> = counts.map(|count| (Some(count), Flags::default())).to_vec();
        expected.push((None, Flags::BEYOND_I64));
        assert_eq!(seen, expected);
    });
}

/// A source with metrics that can and that cannot share their counter's row, in two interleaved runs.
fn metrics() -> Parsed {
    let mut parsed = source("/data", "metrics", 7);
    let mut report = Report { runs: vec![parsed.report.runs[0].clone(); 2], tally: parsed.report.tally, ..Report::default() };
    report.rejects.clone_from(&parsed.report.rejects);
    parsed.placements.push(samples::placement("other").into());
    let cpu = samples::scope(&mut report, ScopeKind::Cpu, "CPU1");
    for variant in 0..9_u32 {
        let counter = samples::add(&mut report, variant, ("cycles", None, Kind::Count), Some(Number::exact(variant.into())));
        let metric = samples::add(&mut report, variant, ("ipc", Some("x"), Kind::Metric), Number::inexact(0.5));
        for index in [counter, metric] {
            report.results[index].run = variant % 2;
            report.results[index].interval_ns = Some(1_000_000_000);
        }
        report.results[counter].running_percent = Some(50.0);
        let result = &mut report.results[metric];
        result.metric_of = Some(u32::try_from(counter).unwrap());
        match variant {
            0 => {}
            1 => result.scope = Some(cpu),
            2 => result.number = Some(Number::exact(3)),
            3 => result.line += 1,
            4 => result.interval_ns = None,
            5 => result.running_percent = Some(25.0),
            6 => result.metric_of = None,
            7 => (result.number, result.status) = (None, Status::NotCounted),
            _ => result.flags = Flags::BEYOND_I64,
        }
        let second = samples::add(&mut report, variant, ("second", None, Kind::Metric), Number::inexact(0.25));
        report.results[second].run = variant % 2;
        report.results[second].metric_of = Some(u32::try_from(counter).unwrap());
    }
    parsed.report = report;
    parsed
}

#[test]
fn folded_metrics_come_back_as_they_were_from_listing_and_view() {
    let parsed = metrics();
    let mut expected = samples::lines_of(&parsed);
    expected.sort();
    on_both(|db| {
        load(db, std::slice::from_ref(&parsed));
        let mut listed: Vec<String> = dump(db).into_iter().filter(|line| line.starts_with("result")).collect();
        listed.sort();
        assert_eq!(listed, expected);
        let mut viewed = db.view_of_results();
        viewed.sort();
        assert_eq!(viewed, expected);
        assert_eq!(db.number("SELECT COUNT(*) FROM results WHERE metric_value IS NOT NULL"), 1);
    });
}

#[test]
fn both_databases_give_the_same_rows_in_the_same_order() {
    let mut story =
        vec![source("/data", "B", 1), source("/data", "a", 2), metrics(), source("/data", "ä", 4), unknown("/d", "_", 5)];
    story.push(unreadable("/data", "locked"));
    let mut dumps = Vec::new();
    let collect = std::cell::RefCell::new(&mut dumps);
    on_both(|db| {
        load(db, &story);
        collect.borrow_mut().push(dump(db));
    });
    assert!(dumps.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn results_of_large_and_of_many_runs_are_listed_in_order_each_with_its_scope() {
    on_both(|db| {
        let mut large = source("/data", "large", 9);
        for cpu in 0..12_000 {
            let index = samples::add(&mut large.report, 9, ("cycles", None, Kind::Count), Some(Number::exact(cpu % 6000)));
            let scope = samples::scope(&mut large.report, ScopeKind::Cpu, &format!("CPU{}", cpu % 6000));
            large.report.results[index].scope = Some(scope);
        }
        load(db, &[source("/data", "z", 1), large]);
        let many: Vec<Parsed> = (10..200).map(|content| source("/data", &format!("m{content}"), content)).collect();
        load(db, &many);
        let mut last: (String, i32) = (String::new(), -1);
        let mut number = 0;
        let each = |result: &ResultRecord<'_>| {
            let key = (result.run.path.clone(), result.ordinal);
            assert!(key > last, "{key:?} after {last:?}");
            last = key;
            let cpu = result.scope.map(|scope| scope.label.clone());
            assert_eq!(cpu, result.count.filter(|_| result.line == 9).map(|count| format!("CPU{count}")), "{last:?}");
            number += 1;
            std::ops::ControlFlow::Continue(())
        };
        db.open().each_result(&Selection::default(), each).unwrap();
        assert_eq!(number, 4 + 12_004 + 190 * 4);
    });
}

#[test]
fn a_rehearsal_says_the_same_and_writes_nothing() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1)]);
        let before = dump(db);
        let batch = [source("/data", "x", 2), source("/data", "y", 1), unreadable("/data", "z")];
        let said = Rehearsal::new(Some(db.open()), Rules::default()).load(&samples::storable(&batch)).unwrap();
        assert_eq!(dump(db), before);
        assert_eq!(load(db, &batch), said);
    });
}

#[test]
fn importers_at_the_same_time_neither_fail_nor_load_twice() {
    on_both(|db| {
        db.open();
        let all: Vec<Parsed> = (1..60).map(|content| source("/data", &format!("f{content}"), content)).collect();
        std::thread::scope(|scope| {
            for shift in 0..4 {
                let all = &all;
                scope.spawn(move || {
                    let mut store = db.open();
                    let import = begin(&mut store);
                    let mut own = all.clone();
                    own.rotate_left(shift * 15);
                    for batch in own.chunks(7) {
                        store.load(import, &samples::storable(batch)).unwrap();
                    }
                });
            }
        });
        assert_eq!(dump(db), clean(&all));
        assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn the_check_finds_what_was_damaged() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1)]);
        db.execute("DELETE FROM results WHERE ordinal = 2; UPDATE runs SET host_id = 99; DELETE FROM rejects");
        let problems = db.open().check().unwrap().join("\n");
        for part in ["number of results", "point to no row of hosts", "number of rejected lines"] {
            assert!(problems.contains(part), "{problems}");
        }
    });
}
