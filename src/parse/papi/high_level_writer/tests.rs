//! Excerpts in the layouts of the script, with the numbers of the outputs that it read: region `loop` ran three times.

use super::{parse, sniff};
use crate::model::{Kind, Report, Status};

type Row<'a> = (u32, Option<&'a str>, &'a str, Kind, Option<f64>, Option<i64>);

fn rows(report: &Report) -> Vec<Row<'_>> {
    let row = report.results.iter().map(|result| {
        let spelling = report.spellings.get(result.spelling);
        let thread = result.scope.map(|scope| report.scopes.get(scope).label.as_str());
        let (value, count) = (result.number.map(|number| number.value), result.number.and_then(|number| number.count));
        (result.run, thread, spelling.text.as_str(), spelling.kind, value, count)
    });
    row.collect()
}

fn targets(report: &Report) -> Vec<&str> {
    report.runs.iter().map(|run| run.target.as_deref().unwrap()).collect()
}

fn with_note(report: &Report, word: &str) -> bool {
    report.notes.iter().any(|note| note.contains(word))
}

const DETAIL: &str = r#"{
    "ranks": {
        "191440": {
            "threads": {
                "1": {
                    "regions": {
                        "0": {
                            "name": "computation",
                            "parent_region_id": "-1",
                            "cycles": {
                                "region_value": "173486",
                                "read_1": "164144"
                            },
                            "real_time_nsec": {
                                "region_value": "64444",
                                "read_1": "60929"
                            },
                            "perf::TASK-CLOCK": {
                                "region_value": "66721",
                                "read_1": "63123"
                            }
                        }
                    }
                }
            }
        }
    }
}"#;

#[test]
fn ranks_side_by_side_keep_their_threads_and_regions() {
    let report = parse(DETAIL);
    assert_eq!(targets(&report), ["region computation of rank 191440"]);
    assert_eq!(
        rows(&report),
        [
            (0, Some("1"), "cycles", Kind::Metric, Some(173_486.0), Some(173_486)),
            (0, Some("1"), "perf::TASK-CLOCK", Kind::Count, Some(66_721.0), Some(66_721)),
        ]
    );
    assert_eq!(report.runs[0].wall_seconds, Some(64_444e-9));
    assert!(with_note(&report, "instant") && with_note(&report, "read_N") && !with_note(&report, "rounded"));
    assert_eq!((report.tally.results, report.tally.rejected, report.tally.lines), (2, 0, 28));
    assert_eq!(sniff(DETAIL).map(|evidence| evidence.line), Some(2));
}

const OLD_DETAIL: &str = r#"{"ranks": [{"id": "1VGh60", "threads": [{"id": "11067", "regions": [{"main work": {
    "Region count": 1, "Real time in s": 0.01, "CPU time in s": 0.35, "IPC": 1.45, "MFLIPS/s": 0.0, "perf::PAGE-FAULTS": 101.0}}]}]}]}"#;

#[test]
fn what_the_script_computed_is_no_count() {
    let report = parse(OLD_DETAIL);
    let thread = Some("11067");
    assert_eq!(
        rows(&report),
        [
            (0, thread, "Region count", Kind::Metric, Some(1.0), Some(1)),
            (0, thread, "CPU time in s", Kind::Metric, Some(0.35), None),
            (0, thread, "IPC", Kind::Metric, Some(1.45), None),
            (0, thread, "MFLIPS/s", Kind::Metric, Some(0.0), Some(0)),
            (0, thread, "perf::PAGE-FAULTS", Kind::Count, Some(101.0), Some(101)),
        ]
    );
    assert_eq!((report.runs[0].wall_seconds, targets(&report)), (Some(0.01), vec!["region main work of rank 1VGh60"]));
    assert!(with_note(&report, "rounded to two decimals"));
    assert!(sniff(OLD_DETAIL).is_some());
}

const SUMMARY: &str = r#"{
    "inner": {
        "region_count": 1,
        "cycles": 11096,
        "real_time_nsec": 3695,
        "perf::PAGE-FAULTS": 0
    },
    "loop": {
        "region_count": 3,
        "cycles": {
            "total": 12626,
            "min": 3312,
            "median": 3464,
            "max": 5850
        },
        "real_time_nsec": {
            "total": 3819,
            "median": 1282.5
        },
        "perf::PAGE-FAULTS": {
            "total": 1,
            "min": 0,
            "median": 0,
            "max": 1
        },
        "Number of threads per rank": 3
    }
}"#;

#[test]
fn a_summary_has_totals_as_counts_and_their_spread_as_metrics() {
    let report = parse(SUMMARY);
    assert_eq!(targets(&report), ["region inner", "region loop"]);
    assert_eq!((report.runs[0].wall_seconds, report.runs[1].wall_seconds), (Some(3695e-9), None));
    let rows = rows(&report);
    assert!(rows.iter().all(|row| row.1.is_none()));
    let read = |run: u32, event: &str| rows.iter().find(|row| row.0 == run && row.2 == event).map(|row| (row.3, row.4));
    assert_eq!(read(0, "perf::PAGE-FAULTS"), Some((Kind::Count, Some(0.0))));
    assert_eq!(read(1, "perf::PAGE-FAULTS"), Some((Kind::Count, Some(1.0))));
    assert_eq!(read(1, "perf::PAGE-FAULTS (max)"), Some((Kind::Metric, Some(1.0))));
    assert_eq!(read(1, "cycles"), Some((Kind::Metric, Some(12_626.0))));
    assert_eq!(read(1, "cycles (median)"), Some((Kind::Metric, Some(3464.0))));
    assert_eq!(read(1, "real_time_nsec"), Some((Kind::Metric, Some(3819.0))));
    assert_eq!(read(1, "real_time_nsec (median)"), Some((Kind::Metric, Some(1282.5))));
    assert_eq!(read(1, "Number of threads per rank"), Some((Kind::Metric, Some(3.0))));
    assert_eq!((rows.len(), report.tally.rejected), (15, 0));
    assert!(with_note(&report, "sums over its executions"));
}

#[test]
fn a_rate_that_could_not_be_computed_has_no_number() {
    let report = parse("{\"main\": {\"Region count\": 1, \"Real time in s\": 0.0, \"IPC\": \"n/a\", \"MFLOPS/s\": \"none\"}}");
    assert_eq!(report.results.iter().map(|result| result.status).collect::<Vec<_>>(), [Status::Counted, Status::NotCounted]);
    assert_eq!((report.rejects.len(), report.rejects[0].column), (1, 67));
}

#[test]
fn other_json_with_regions_and_ranks_is_left_alone() {
    for text in [
        "{\"ranks\": {\"0\": {\"threads\": {\"0\": {\"regions\": {}}}}}}",
        "{\"loop\": {\"cycles\": 3, \"region_count\": 1}}",
        "{\"ranks\": [1, 2]}",
        "{\"name\": \"Region count\"}",
    ] {
        assert_eq!(sniff(text), None, "{text}");
    }
}
