//! Whole outputs, from a known count to a known result.

use super::{parse, sniff};
use crate::model::{Report, Status};

/// Event, scope, count and percentage of every result.
fn rows(report: &Report) -> Vec<(&str, &str, Option<i64>, Option<f64>)> {
    let scope = |index: u32| report.scopes.get(index).label.as_str();
    let results = report.results.iter();
    results
        .map(|result| {
            let event = report.spellings.get(result.spelling).text.as_str();
            (event, result.scope.map_or("", scope), result.number.and_then(|number| number.count), result.running_percent)
        })
        .collect()
}

const TITLES: &str = "\tEvent                    Count                    % time counted\n";

#[test]
fn a_table_is_a_run_with_its_duration_and_command() {
    let text = format!(
        "hello\n\nEvents were actively counted for 3.0 seconds.\nEvent counts (scaled) for /bin/a b:\n{TITLES}\tA:0x0:1:0   9,408,018,070  98.00\n\tB  0    Event not counted\n"
    );
    let report = parse(&text);
    assert_eq!(rows(&report), [("A:0x0:1:0", "", Some(9_408_018_070), Some(98.0)), ("B", "", None, None)]);
    assert_eq!(report.results[1].status, Status::NotCounted);
    let run = &report.runs[0];
    assert_eq!(
        (run.line, run.wall_seconds, run.command.as_deref(), run.target.as_deref()),
        (3, Some(3.0), Some("/bin/a b"), None)
    );
    assert_eq!((report.tally.results, report.tally.furniture, report.tally.foreign), (2, 5, 1));
    assert!(report.notes[0].contains("scaled"));
}

#[test]
fn counts_of_cpus_and_tasks_are_kept_apart() {
    let head = "Events were actively counted for 2.4 seconds.\nEvent counts (actual) for the whole system:\n";
    let report = parse(&format!("{head}\tEvent  CPU   Count   % time counted\n\tA  0  1,000  100.00\n\tA  1  20  100.00\n"));
    assert_eq!(rows(&report), [("A", "CPU0", Some(1000), Some(100.0)), ("A", "CPU1", Some(20), Some(100.0))]);
    assert_eq!((report.runs.len(), report.runs[0].target.as_deref()), (1, Some("the whole system")));
    assert_eq!(rows(&parse("\n0,A,1000,100.00\n1,A,20,100.00\n")), rows(&report));
    let report = parse("\n30552,A,1000,100.00\n30552,B,0,0\n");
    assert_eq!(rows(&report), [("A", "30552", Some(1000), Some(100.0)), ("B", "30552", None, None)]);
    assert!(report.notes[0].contains("taken for tasks"));
}

#[test]
fn intervals_are_one_run_that_began_an_interval_before_the_first_end() {
    let report = parse("\ntimestamp,1795360242.3\nA,1000,100.00\n\ntimestamp,1795360242.4\nA,900,100.00\n");
    let times: Vec<_> = report.results.iter().map(|result| result.interval_ns).collect();
    assert_eq!(times, [Some(100_000_000), Some(200_000_000)]);
    assert_eq!((report.runs.len(), report.runs[0].started_at), (1, Some(1_795_360_242_200_000)));
    let alone = parse("\nt:1795360242.3\nA,1000,100.00\n");
    assert_eq!((alone.results[0].interval_ns, alone.runs[0].started_at), (None, None));
}

#[test]
fn outputs_one_behind_another_are_runs_of_their_own() {
    assert_eq!(parse("\nA,1,100.00\nB,2,100.00\n\nA,3,100.00\nB,4,100.00\n").runs.len(), 2);
    assert_eq!(parse("A,1,100.00\nB,2,100.00\nA,3,100.00\nB,4,100.00\n").runs.len(), 2);
    assert_eq!(parse("\nt:9.0\nA,1,100.00\n\nt:8.0\nA,1,100.00\n").runs.len(), 2, "time does not run backwards");
}

#[test]
fn what_the_workload_prints_is_no_result_and_damage_is_rejected() {
    let report = parse("loops,42\n\nA,1,100.00\nB,2,100\nC,12");
    assert_eq!((report.results.len(), report.tally.foreign), (1, 2));
    assert_eq!(report.rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [4]);
    assert_eq!(parse("\n0,A,1,100.00\n0,B,0,0").rejects.len(), 1, "0.00 may have been cut");
    let table = format!("Event counts (actual) for /bin/true:\n{TITLES}\tA  1,00  100.00\n");
    assert_eq!((parse(&table).results.len(), parse(&table).rejects.len()), (0, 1));
}

#[test]
fn a_count_that_a_double_cannot_hold_is_noted() {
    assert!(parse("\nA,1234567890123456768,100.00\n").notes[0].contains("2^53"));
    assert!(parse("\nA,9007199254740992,100.00\n").notes.is_empty());
}

#[test]
fn both_forms_are_recognised() {
    assert_eq!(sniff("x\nEvent counts (actual) for /bin/true:\n").map(|evidence| evidence.line), Some(2));
    assert_eq!(sniff("\nA,1,100.00\n").map(|evidence| evidence.line), Some(2));
    assert_eq!(sniff("No ocount: Event counts (actual) for nothing\n"), None);
}

#[test]
fn what_is_missing_at_the_end_is_said() {
    let heading = format!("Events were actively counted for 3.0 seconds.\nEvent counts (actual) for a:\n{TITLES}");
    let interval = |time: &str| format!("\ntimestamp,{time}\nA,1000,100.00\nB,20,100.00\n");
    let whole = interval("1795360242.3") + &interval("1795360242.4");
    let missing = |text: &str| parse(text).notes.iter().filter(|note| note.contains("what followed is missing")).count();
    assert_eq!((missing(&heading), missing(&format!("{heading}\tA  5  100.00\n"))), (1, 0));
    assert_eq!((missing(&whole), missing(whole.trim_end().trim_end_matches("B,20,100.00"))), (0, 1));
    assert_eq!(parse(whole.trim_end().trim_end_matches("B,20,100.00")).results.len(), 3, "rows before the cut are kept");
}

#[test]
fn times_that_cannot_be_those_of_intervals_are_left_out() {
    for later in ["100.0", "9223372036854.0"] {
        let report = parse(&format!("t:1.0\nX,1,100.00\n\nt:{later}\nX,2,100.00\n"));
        let times: Vec<_> = report.results.iter().map(|result| result.interval_ns).collect();
        assert_eq!((times.as_slice(), report.runs[0].started_at), ([None, None].as_slice(), None), "{later}");
        assert!(report.notes.iter().any(|note| note.contains("too far apart")), "{:?}", report.notes);
    }
}
