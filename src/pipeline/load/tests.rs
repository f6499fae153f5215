use std::fs;
use std::path::Path;

use super::*;
use crate::model::Report;
use crate::pipeline::{PlainLookup, Wanted, default_jobs};
use crate::place::{PlaceOptions, Placer};

/// A tree of files that no format knows.
fn tree(files: usize) -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    for i in 0..files {
        fs::write(tree.path().join(format!("{i:05}")), format!("file {i}\n")).unwrap();
    }
    tree
}

fn work(jobs: usize) -> Work {
    Work { jobs, placer: Placer::new(PlaceOptions::default()), around: None }
}

fn none<E>() -> Checks<PlainLookup<E>> {
    Checks::none()
}

fn loaded(parsed: &[Storable]) -> Vec<Verdict> {
    let verdict = |source: &Storable| match &source.state {
        SourceState::Rejected(reject) => Verdict::Rejected(reject.clone()),
        _ => Verdict::Loaded { same_content_as: None },
    };
    parsed.iter().map(verdict).collect()
}

fn arguments(path: &Path) -> Arguments {
    Arguments::new(&[path.to_owned()])
}

#[test]
fn sources_come_in_the_order_of_the_walk_whatever_the_number_of_workers() {
    let tree = tree(1500);
    let expected: Vec<String> = (0..1500).map(|i| format!("{i:05}")).collect();
    for jobs in [1, 2, 8] {
        let mut met = Vec::new();
        let store = |batch: &[Storable]| {
            met.extend(batch.iter().map(|parsed| parsed.identity.path.clone()));
            Ok::<_, ()>(loaded(batch))
        };
        let (summary, ending) =
            load(arguments(tree.path()), &work(jobs), (none(), LoadOptions::default()), store, |_| {}).unwrap();
        assert_eq!((ending, summary.sources.seen, summary.sources.unknown), (Ending::Done, 1500, 1500));
        assert!(met == expected, "{jobs} workers");
    }
}

#[test]
fn a_store_that_panics_leaves_no_worker_waiting() {
    // With more to come, of which the workers have read ahead what they may and wait for room; and with nothing after it.
    for files in [6000, 2 * MOST_SOURCES - 50] {
        let tree = tree(files);
        for jobs in [1, 2, 8, default_jobs().max(2)] {
            let mut calls = 0;
            let store = |_: &[Storable]| -> Result<Vec<Verdict>, ()> {
                calls += 1;
                std::thread::sleep(std::time::Duration::from_millis(300));
                panic!("a store that fails");
            };
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                load(arguments(tree.path()), &work(jobs), (none(), LoadOptions::default()), store, |_| {}).map(|_| ())
            }));
            assert!(ended.is_err() && calls == 1, "{files} files, {jobs} workers");
        }
    }
}

#[test]
fn an_error_of_the_store_ends_everything_and_is_the_one_reported() {
    let tree = tree(3000);
    let mut calls = 0;
    let store = |_: &[Storable]| {
        calls += 1;
        Err("disk full")
    };
    let (summary, ending) = load(arguments(tree.path()), &work(4), (none(), LoadOptions::default()), store, |_| {}).unwrap();
    assert_eq!((ending, calls, summary.sources.seen), (Ending::Failed("disk full"), 1, 0));
}

#[test]
fn what_was_loaded_before_an_error_is_settled_and_nothing_is_loaded_after_it() {
    let tree = tree(3 * MOST_SOURCES);
    let mut calls = 0;
    let store = |batch: &[Storable]| {
        calls += 1;
        // The next batch is ready by then.
        std::thread::sleep(std::time::Duration::from_millis(50));
        if calls == 2 { Err("disk full") } else { Ok(loaded(batch)) }
    };
    let mut settled = 0;
    let observe = |_: &Observed<'_>| settled += 1;
    let (summary, ending) = load(arguments(tree.path()), &work(2), (none(), LoadOptions::default()), store, observe).unwrap();
    assert_eq!((ending, calls), (Ending::Failed("disk full"), 2));
    assert_eq!((summary.sources.seen, settled), (MOST_SOURCES as u64, MOST_SOURCES));
}

#[test]
fn one_reject_too_many_ends_the_import_and_what_came_before_stays() {
    let tree = tree(200);
    for i in [50, 60, 70] {
        let path = tree.path().join(format!("{i:05}"));
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    }
    let run = |most| {
        let options = LoadOptions { max_rejects: Some(most), ..LoadOptions::default() };
        let (summary, ending) =
            load(arguments(tree.path()), &work(2), (none(), options), |batch| Ok::<_, ()>(loaded(batch)), |_| {}).unwrap();
        (ending, summary.sources.seen)
    };
    assert_eq!(run(MaxRejects::Number(3)), (Ending::Done, 200));
    assert_eq!(run(MaxRejects::Number(1)), (Ending::TooManyRejects, 61));
    // 3 rejects, 197 lines.
    assert_eq!(run(MaxRejects::Percent(1.5)), (Ending::TooManyRejects, 200));
    assert_eq!(run(MaxRejects::Percent(1.6)), (Ending::Done, 200));
}

/// Answers that alternate with the number in the name: known, known by an older parser, new.
fn by_name(files: &[Candidate]) -> Vec<Standing> {
    let standings = [Standing::Known, Standing::Stale, Standing::New];
    files.iter().map(|file| standings[file.identity.path.parse::<usize>().unwrap() % 3]).collect()
}

#[test]
fn known_files_are_not_read_and_keep_their_place_in_the_order() {
    let tree = tree(3000);
    for jobs in [1, 8] {
        let (mut read, mut met) = (Vec::new(), Vec::new());
        let store = |batch: &[Storable]| {
            read.extend(batch.iter().map(|parsed| parsed.identity.path.parse::<usize>().unwrap()));
            Ok(loaded(batch))
        };
        let observe = |observed: &Observed<'_>| {
            if let Observed::Known(place) = observed {
                met.push(place.identity().path.parse::<usize>().unwrap());
            }
        };
        let checks = Checks { known: Some(|files: &[Candidate]| Ok::<_, ()>(by_name(files))), wanted: Wanted::default() };
        let (summary, ending) =
            load(arguments(tree.path()), &work(jobs), (checks, LoadOptions::default()), store, observe).unwrap();
        let sources = &summary.sources;
        assert_eq!((ending, sources.seen, sources.unknown), (Ending::Done, 3000, 1000));
        assert_eq!((sources.already_there, sources.stale), (2000, 1000));
        assert!(read == (0..3000).filter(|number| number % 3 == 2).collect::<Vec<_>>(), "{jobs} workers");
        assert!(met == (0..3000).filter(|number| number % 3 != 2).collect::<Vec<_>>(), "{jobs} workers");
    }
}

#[test]
fn an_error_of_the_check_ends_everything_and_is_the_one_reported() {
    let tree = tree(3000);
    let mut calls = 0;
    let known = |files: &[Candidate]| {
        calls += 1;
        if calls > 1 { Err("no connection") } else { Ok(by_name(files)) }
    };
    let checks = Checks { known: Some(known), wanted: Wanted::default() };
    let store = |batch: &[Storable]| Ok(loaded(batch));
    let (_, ending) = load(arguments(tree.path()), &work(4), (checks, LoadOptions::default()), store, |_| {}).unwrap();
    assert_eq!((ending, calls), (Ending::Failed("no connection"), 2));
}

#[test]
fn files_that_changed_later_than_wanted_are_left_alone() {
    let tree = tree(20);
    let at = |seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    for i in 0..20 {
        let file = fs::File::options().append(true).open(tree.path().join(format!("{i:05}"))).unwrap();
        file.set_modified(at(1_000_000 + i)).unwrap();
    }
    let checks = Checks { wanted: Wanted { at_rest_since: Some(1_000_014 * 1_000_000), ..Wanted::default() }, ..none() };
    let store = |batch: &[Storable]| Ok::<_, ()>(loaded(batch));
    let (summary, _) = load(arguments(tree.path()), &work(2), (checks, LoadOptions::default()), store, |_| {}).unwrap();
    assert_eq!((summary.sources.seen, summary.sources.unknown, summary.sources.too_young), (20, 15, 5));
}

/// A source as it would be with one line rejected.
fn damaged() -> (Place, Parsed) {
    let tree = tree(1);
    let mut met = None;
    let ran = crate::pipeline::run(arguments(tree.path()), &work(1), none::<()>(), |item| {
        met = Some(item);
        ControlFlow::<()>::Continue(())
    });
    let (flow, scouted) = ran.unwrap();
    assert!(flow.is_continue() && scouted.is_ok());
    let Some(Item::Source(place, parsed)) = met else { panic!("{met:?}") };
    let rejects = vec![Reject::line(1, 1, RejectKind::Row, "no row", "text")];
    (place, Parsed { state: SourceState::Known, report: Report { rejects, ..Report::default() }, ..parsed.into_source() })
}

#[test]
fn a_source_that_is_already_there_does_not_count_as_rejected_again() {
    let options = LoadOptions { max_rejects: Some(MaxRejects::Number(0)), ..LoadOptions::default() };
    let store = |batch: &[Storable]| Ok::<_, ()>(vec![Verdict::AlreadyThere; batch.len()]);
    let gate = Gate::new(Limits::USUAL);
    std::thread::scope(|scope| {
        let mut loader = Loader::new(options, Writer::start(scope, &gate, store), |_: &Observed<'_>| {});
        let (place, parsed) = damaged();
        assert!(loader.take_source(place, parsed.into()).is_continue());
        assert_eq!(loader.finish(), Ending::Done);
        assert_eq!((loader.summary.rejected(), loader.summary.sources.already_there), (0, 1));
    });
}

#[test]
fn strict_rejects_a_source_with_a_rejected_line_and_keeps_the_line() {
    let (_, parsed) = damaged();
    assert!(is_damaged(&parsed));
    let parsed = rejected(parsed);
    assert!(!is_damaged(&parsed));
    let SourceState::Rejected(reject) = &parsed.state else { panic!("{parsed:?}") };
    assert_eq!((reject.kind, reject.reason.as_str()), (RejectKind::Strict, "rejected lines in it: 1"));
    assert_eq!(parsed.report.rejects.len(), 1);
}

#[test]
fn a_limit_is_a_number_or_a_share() {
    assert_eq!("10".parse(), Ok(MaxRejects::Number(10)));
    assert_eq!("0.5%".parse(), Ok(MaxRejects::Percent(0.5)));
    for wrong in ["", "%", "-1", "101%", "NaN%", "many"] {
        assert!(wrong.parse::<MaxRejects>().is_err(), "{wrong}");
    }
}
