//! Lines that only the lines around them make clear.

use crate::model::{Report, RunResult};
use crate::parse::perf::text::parse;

/// The lines of an output below its header.
fn block(rows: &[&str]) -> String {
    format!(" Performance counter stats for 'system wide':\n\n{}\n\n       1.001000000 seconds time elapsed\n", rows.join("\n"))
}

/// Each result: its scope, event or metric, and the percentage of the time that it ran.
fn results(report: &Report) -> Vec<(String, &str, Option<f64>)> {
    let one = |result: &RunResult| {
        (scope(report, result), report.spellings.get(result.spelling).text.as_str(), result.running_percent)
    };
    report.results.iter().map(one).collect()
}

fn scope(report: &Report, result: &RunResult) -> String {
    let members = |members: i32| format!(" {members}");
    result
        .scope
        .map(|scope| report.scopes.get(scope))
        .map_or_else(String::new, |scope| format!("{}{}", scope.label, scope.members.map_or_else(String::new, members)))
}

/// A group under a counter: the names begin at `prefix` and stand as `print_metricgroup_header_std` of stat-display.c prints them.
fn group(prefix: &str, name: &str) -> Vec<String> {
    let (head, next) = (format!(" {name:>32}{:16}", ""), " ".repeat(49));
    let head = if name.is_empty() { "" } else { &head };
    vec![
        format!(
            "{prefix}            12,345      context-switches                 #    1.0 K/sec                       (50.00%)"
        ),
        format!("{prefix}{head} #     37.0 %  tma_backend_bound      "),
        format!("{prefix}{next} #      nan %  tma_bad_speculation    "),
        format!("{prefix}{next} #     11.0 %  tma_retiring             (90.91%)"),
    ]
}

#[test]
fn metric_groups_stand_behind_times_and_labels() {
    for (prefix, scope) in [
        ("", ""),
        ("     1.000503117 ", ""),
        ("S0-D0-C0           2 ", "S0-D0-C0 2"),
        ("CPU0     ", "CPU0"),
        ("     1.000503117 CPU0     ", "CPU0"),
        ("          sleep-1234     ", "sleep-1234"),
        ("> ", ""),
    ] {
        for name in ["TopdownL1", "TopdownL1 (cpu_core)", ""] {
            let rows = group(prefix, name);
            let timed = format!("#           time             counts unit events\n{}\n", rows.join("\n"));
            let text =
                if prefix.contains("0503117") { timed } else { block(&rows.iter().map(String::as_str).collect::<Vec<_>>()) };
            let report = parse(&text);
            let expected = [
                (scope.to_owned(), "context-switches", Some(50.0)),
                (scope.to_owned(), "K/sec", None),
                (scope.to_owned(), "tma_backend_bound", Some(90.91)),
                (scope.to_owned(), "tma_retiring", Some(90.91)),
            ];
            assert_eq!(results(&report), expected, "{text}");
            assert!(report.results[2..].iter().all(|result| result.metric_of.is_none()), "{text}");
            assert_eq!((report.tally.results, report.tally.foreign), (3, 0), "{text}");
        }
    }
}

#[test]
fn a_further_metric_of_a_thread_is_one_of_the_counter_above() {
    let report = parse(&block(&[
        "          sleep-1234             2,234,567      instructions                     #    0.90  insn per cycle            ",
        "          sleep-1234                                                        #    1.88  stalled cycles per insn  (48.84%)",
        "           bash-12                   1,000      cycles                           #    1.000 GHz                         (51.00%)",
    ]));
    let expected = [
        ("sleep-1234", "instructions", Some(48.84)),
        ("sleep-1234", "insn per cycle", None),
        ("sleep-1234", "stalled cycles per insn", None),
        ("bash-12", "cycles", Some(51.0)),
        ("bash-12", "GHz", None),
    ];
    assert_eq!(results(&report), expected.map(|(scope, event, running)| (scope.to_owned(), event, running)));
    assert_eq!(report.results[2].metric_of, Some(0));
}

#[test]
fn names_of_threads_may_begin_with_a_number() {
    let rows = [
        "        1 worker-1234                 1,234      cycles                                                      ",
        "        1 worker-1234                                                        #    1.88  stalled cycles per insn",
        "         2nd wrk-1235                 1,235      cycles                                                      ",
        "      10  \"a\" b-1236                 1,236 msec task-clock                                                  ",
    ];
    let expected = [
        ("1 worker-1234", "cycles"),
        ("1 worker-1234", "stalled cycles per insn"),
        ("2nd wrk-1235", "cycles"),
        ("10  \"a\" b-1236", "task-clock"),
    ];
    let report = parse(&block(&rows));
    assert_eq!(results(&report), expected.map(|(scope, event)| (scope.to_owned(), event, None)));
    // The first row decides what the block has.
    let report = parse(&block(&rows[3..]));
    assert_eq!(results(&report), [("10  \"a\" b-1236".to_owned(), "task-clock", None)]);
}

const HEADING: &str = "#           time             counts unit events\n";

/// Interval rows of an event, a tenth of a second apart.
fn intervals(first: u32, count: u32, event: &str) -> String {
    let row = |tenth: u32| format!("{:6}.{}00503117             12,345      {event}\n", tenth / 10, tenth % 10);
    (first..first + count).map(row).collect::<Vec<_>>().concat()
}

/// Each run: its command, and how many results it has.
fn runs(text: &str) -> Vec<(Option<String>, usize)> {
    let report = parse(text);
    assert_eq!(report.tally.rejected, 0, "{text}");
    let results = |run: usize| report.results.iter().filter(|result| result.run as usize == run).count();
    report.runs.iter().enumerate().map(|(index, run)| (run.command.clone(), results(index))).collect()
}

#[test]
fn a_heading_that_perf_does_not_repeat_begins_another_run() {
    let output = |first, count| [HEADING.to_owned(), intervals(first, count, "cycles")].concat();
    assert_eq!(runs(&[output(1, 2), output(10, 2)].concat()), [(None, 2), (None, 2)]);
    assert_eq!(runs(&[output(1, 24), output(30, 1)].concat()), [(None, 24), (None, 1)]);
    // It is repeated after 25 intervals up to 6.1 and after 26 since, and with --interval-clear after each.
    assert_eq!(runs(&[output(1, 25), output(26, 3)].concat()), [(None, 28)]);
    assert_eq!(runs(&[output(1, 26), output(27, 3)].concat()), [(None, 29)]);
    assert_eq!(runs(&[output(1, 1), output(2, 1), output(3, 1)].concat()), [(None, 3)]);
}

#[test]
fn only_rows_of_the_same_events_sum_intervals_up() {
    let below = |rows: &str| {
        [
            HEADING,
            &intervals(1, 2, "cycles"),
            "\n Performance counter stats for './x':\n\n",
            rows,
            "\n  1.0010 seconds time elapsed\n",
        ]
        .concat()
    };
    let command = || Some("./x".to_owned());
    assert_eq!(runs(&below("            24,690      cycles\n")), [(command(), 3)]);
    assert_eq!(runs(&below("     <not counted>      cycles\n")), [(command(), 3)]);
    assert_eq!(runs(&below("             1,234      instructions\n")), [(None, 2), (command(), 1)]);
    assert_eq!(
        runs(&below("            24,690      cycles\n             1,234      instructions\n")),
        [(None, 2), (command(), 2)]
    );
    assert_eq!(runs(&below("")), [(None, 2), (command(), 0)]);
    let earlier = [&block(&["   1,234      instructions"]), &*below("             1,234      instructions\n")].concat();
    assert_eq!(runs(&earlier), [(None, 1), (None, 2), (command(), 1)]);
}
