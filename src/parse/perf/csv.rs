//! `perf stat -x SEP`, 2.6.38 to 7.2: rows without heading or quoting, in more than ten layouts.

mod dialect;
mod fields;
mod layout;
mod metric_only;
mod usual;

use super::metric;
use super::rows::{Row, Rows};
use crate::model::Report;
use crate::parse::lines::{Line, Lines};
use crate::parse::number::is_digits;
use crate::parse::{Evidence, Format};
use dialect::Dialect;
use fields::Splitter;

/// The format.
pub const FORMAT: Format = Format { name: "perf-stat-csv", tool: "perf", version: 3, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    let shown = dialect::learn(text);
    if let Some((dialect, line)) = shown.dialect {
        return Some(Evidence::new(line, format!("a row of value, unit and event separated by {:?}", dialect.separator)));
    }
    let line = if shown.may_hold_heading { metrics_only_line(text) } else { None };
    line.map(|line| Evidence::new(line, "numbers below a heading of metrics"))
}

/// The line of the first numbers below a heading of metrics.
fn metrics_only_line(text: &str) -> Option<u32> {
    let mut heading = None;
    Lines::new(text).find_map(|line| {
        if let Some(found) = metric_only::heading(line.text) {
            heading = Some(found);
        }
        heading.as_ref()?.row(line.text).is_some_and(|numbers| numbers.any()).then_some(line.number)
    })
}

fn parse(text: &str) -> Report {
    let Some((dialect, _)) = dialect::learn(text).dialect else {
        return metrics_only(text);
    };
    let mut rows = Rows::default();
    let mut splitter = Splitter::new(dialect.separator);
    for line in Lines::new(text) {
        if let Some(row) = usual::row(line.text, &dialect) {
            push(&mut rows, line, row, &dialect);
            continue;
        }
        match splitter.fields(line.text).and_then(|fields| layout::row(&fields, &dialect)) {
            Some(Ok(row)) => push(&mut rows, line, row, &dialect),
            Some(Err((kind, reason))) => rows.builder().reject(line, 0, kind, reason),
            None => rows.other(line),
        }
    }
    rows.finish()
}

/// Adds a row, without its metric where that was cut.
fn push(rows: &mut Rows, line: Line<'_>, mut row: Row<'_>, dialect: &Dialect<'_>) {
    if row.metric.take_if(|metric| dialect.cuts(metric)).is_some() {
        rows.builder().note(metric::CUT);
    }
    rows.push(line, &row);
}

/// Reads a source of `--metric-only` tables.
fn metrics_only(text: &str) -> Report {
    let mut rows = Rows::default();
    let mut heading = None;
    for line in Lines::new(text) {
        if let Some(found) = metric_only::heading(line.text) {
            heading = Some(found);
            rows.builder().furniture();
        } else if let Some(numbers) = heading.as_ref().and_then(|heading| heading.row(line.text)) {
            numbers.push_to(&mut rows, line);
        } else {
            rows.other(line);
        }
    }
    rows.finish()
}

/// A time with nine decimals behind a point, whatever the locale.
fn interval(text: &str) -> Option<i64> {
    // Every row is asked for one: its point stands at one place only.
    let (seconds, fraction) = text.split_at_checked(text.len().checked_sub(10)?)?;
    let fraction = fraction.strip_prefix('.')?;
    if !is_digits(seconds) || !is_digits(fraction) {
        return None;
    }
    seconds.parse::<i64>().ok()?.checked_mul(1_000_000_000)?.checked_add(fraction.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, RunResult};

    #[test]
    fn broken_rows_are_rejected_and_other_lines_are_foreign() {
        let report = parse("12;;cycles;500;100.00;;\n12x34;;instructions;500;100.00;;\nhello;world\n\n7;;branc\n");
        let rejected: Vec<u32> = report.rejects.iter().map(|reject| reject.line).collect();
        assert_eq!((report.results.len(), rejected.as_slice()), (1, [2, 5].as_slice()));
        assert_eq!((report.tally.lines, report.tally.foreign, report.tally.furniture), (5, 1, 2));
    }

    /// The values of the metrics.
    fn metrics(report: &Report) -> Vec<f64> {
        let metrics = report.results.iter().filter(|result| report.spellings.get(result.spelling).kind == Kind::Metric);
        metrics.map(|result| result.number.expect("a metric has a number").value).collect()
    }

    /// The metrics of a report by name, with the event of the counter that they belong to.
    fn owners(text: &str) -> Vec<(String, Option<String>)> {
        let report = parse(text);
        assert_eq!((report.tally.foreign, report.tally.rejected, report.runs.len()), (0, 0, 1), "{text}");
        let name = |result: &RunResult| report.spellings.get(result.spelling).text.clone();
        let metrics = report.results.iter().filter(|result| report.spellings.get(result.spelling).kind == Kind::Metric);
        let owner = |metric: &RunResult| metric.metric_of.map(|counter| name(&report.results[counter as usize]));
        metrics.map(|metric| (name(metric), owner(metric))).collect()
    }

    #[test]
    fn the_metrics_of_a_group_belong_to_no_counter() {
        // print_metricgroup_header_csv of 6.5: the name behind as many separators as rows have fields, or two less and no name. Some later
        // versions end the name with a separator.
        let counter = "5,,page-faults,1043009,100.00,1.0,K/sec\n";
        for (scope, header, goes_on) in [
            ("", ",1043009,90.00,,,,TopdownL1\n", ",1043008,90.00,,,37.0,%  tma_backend_bound\n"),
            ("", ",1043009,90.00,,,,TopdownL1,\n", ",,,,,37.0,%  tma_backend_bound\n"),
            ("", ",1043009,90.00,,,,,TopdownL1\n", ",,,,,,37.0,%  tma_backend_bound\n"),
            ("CPU0,", ",1043009,90.00,,,,TopdownL1\n", ",,,,,37.0,%  tma_backend_bound\n"),
            ("S0-D0-C0,2,", ",1043009,90.00,,,,TopdownL1\n", ",,,,37.0,%  tma_backend_bound\n"),
            ("0.100574458,", ",1043009,90.00,,,,TopdownL1\n", ",,,,,37.0,%  tma_backend_bound\n"),
        ] {
            let expected = [
                ("K/sec".to_owned(), Some("page-faults".to_owned())),
                ("tma_backend_bound".to_owned(), None),
                ("tma_retiring".to_owned(), None),
            ];
            let text = [counter, header, goes_on, ",,,,,11.0,%  tma_retiring\n"].map(|row| format!("{scope}{row}")).concat();
            assert_eq!(owners(&text), expected, "{text}");
        }
        // -r, in a locale with a decimal comma: all that is left of the group is its row.
        assert_eq!(owners("5,,page-faults,0,50%,1043009,100,00,,\n,2,00%,1043009,90,00,,,,TopdownL1\n,,,,,37,%  tma_x\n"), []);
    }

    /// Event and cgroup of each result.
    fn names(text: &str) -> Vec<(String, Option<String>)> {
        let report = parse(text);
        assert_eq!((report.tally.foreign, report.tally.rejected), (0, 0), "{text}");
        let cgroup = |result: &RunResult| result.scope.and_then(|scope| report.scopes.get(scope).cgroup.clone());
        report.results.iter().map(|result| (report.spellings.get(result.spelling).text.clone(), cgroup(result))).collect()
    }

    #[test]
    fn a_separator_may_stand_inside_an_event_of_before_4_1() {
        let event = |event: &str, cgroup: Option<&str>| (event.to_owned(), cgroup.map(str::to_owned));
        for (text, expected) in [
            ("1,cycles\n12,cpu/event=0x3c,umask=0x0/\n", event("cpu/event=0x3c,umask=0x0/", None)),
            ("1,,cycles\n12,,cpu/event=0x3c,umask=0x0,edge/u\n", event("cpu/event=0x3c,umask=0x0,edge/u", None)),
            ("1,cycles,2.00%\n12,cpu/event=0x3c,umask=0x0/,1.00%\n", event("cpu/event=0x3c,umask=0x0/", None)),
            ("1,cycles,grp\n12,cpu/event=0x3c,umask=0x0/,a/b\n", event("cpu/event=0x3c,umask=0x0/", Some("a/b"))),
            ("1,cycles,grp\n12,cpu/event=0x3c/,grp\n", event("cpu/event=0x3c/", Some("grp"))),
        ] {
            assert_eq!(names(text)[1], expected, "{text}");
        }
        // Output of the workload.
        assert_eq!(parse("1,cycles\n2,a,b,c\n3,w/a,b,c\n4,w/a,b/c,d,e\n").tally.foreign, 3);
    }

    #[test]
    fn the_slash_of_a_breakpoint_opens_no_terms() {
        let rows = "12;;mem:0x400000/4:w;grp;1043009;100.00;;\n13;;cpu/event=0x3c/;sys/a.slice;1043009;100.00;;\n";
        let named = |event: &str, cgroup: &str| (event.to_owned(), Some(cgroup.to_owned()));
        assert_eq!(names(rows), [named("mem:0x400000/4:w", "grp"), named("cpu/event=0x3c/", "sys/a.slice")]);
        let rows = "12,,mem:0x400000/4:w,sys/a,1043009,100.00,,\n13,,cpu/event=0x3c,edge/,grp,1043009,100.00,,\n";
        assert_eq!(names(rows), [named("mem:0x400000/4:w", "sys/a"), named("cpu/event=0x3c,edge/", "grp")]);
    }

    #[test]
    fn blanks_that_separate_may_stand_in_front_of_a_time_too() {
        // `-x ' ' -I`: prepare_interval pads the time to 16 up to 6.1, and the word of a summary as well.
        let report = parse(concat!(
            "     0.100574458 1234  cycles 1043009 100.00 1.5 GHz\n",
            "         summary 1240  cycles 1043009 100.00 1.5 GHz\n",
        ));
        let read: Vec<_> = report.results.iter().map(|result| (result.interval_ns, result.number.unwrap().value)).collect();
        let time = Some(100_574_458);
        assert_eq!(read, [(time, 1234.0), (time, 1.5), (None, 1240.0), (None, 1.5)]);
        assert_eq!(report.tally.foreign, 0);
        assert!(sniff("     0.100574458 1234  cycles 1043009 100.00 1.5 GHz\n").is_some());
    }

    #[test]
    fn rows_without_a_number_do_not_part_an_output_that_was_repeated() {
        // print_counter_aggr of 3.6 and abs_printout of 4.4 leave a row that was not counted before they print its spread.
        for text in [
            "1.234567;task-clock;0.50%\n<not counted>;cycles\n12;context-switches;2.50%\n<not supported>;instructions\n",
            "<not counted>,,cycles,0,100.00\n1.234567,,task-clock,0.50%,1234567,100.00\n<not counted>,,branches,0,0.00\n",
        ] {
            let report = parse(text);
            assert_eq!((report.runs.len(), report.tally.foreign), (1, 0), "{text}");
        }
        // Another output, of a single run, has no spread where it counted.
        assert_eq!(parse("1;task-clock;0.50%\n<not counted>;cycles\n12;context-switches\n").runs.len(), 2);
        assert_eq!(parse("<not counted>;cycles\n12;context-switches\n1;task-clock;0.50%\n").runs.len(), 2);
    }

    #[test]
    fn metrics_that_a_decimal_comma_cut_are_left_out_with_a_note() {
        // perf stat printed 0,996 CPUs utilized, 0,87 and 1,48: print_metric_csv ends a number where digits and points end. Transactions
        // are counted without decimals.
        for (text, counters) in [
            ("1,04;msec;task-clock;1043009;100,00;0;CPUs utilized\n;;;;1;stalled cycles per insn\n", 1),
            ("1,04,msec,task-clock,1043009,100,00,0,CPUs utilized\n,,,,1,stalled cycles per insn\n", 1),
            ("1,04;msec;task-clock;0,10%;1043009;100,00;0;CPUs utilized\n", 1),
            ("GHz;insn per cycle;\n1;0;\n", 0),
            ("time,GHz,insn per cycle,\n0.100556421,1,,\n", 0),
        ] {
            let report = parse(text);
            assert_eq!(
                (report.results.len(), report.notes.as_slice()),
                (counters, [metric::CUT.to_owned()].as_slice()),
                "{text}"
            );
            assert!(sniff(text).is_some(), "{text}");
        }
        let whole = "5;;cycles-t;1043009;100,00;12;cycles / transaction\n6;;cycles;1043009;100,00;;\n";
        assert_eq!((metrics(&parse(whole)), parse(whole).notes.len()), (vec![12.0], 0));
        let points = "1.04;msec;task-clock;1043009;100.00;0.996;CPUs utilized\n;;;;1.48;stalled cycles per insn\n";
        assert_eq!((metrics(&parse(points)), parse(points).notes.len()), (vec![0.996, 1.48], 0));
    }

    #[test]
    fn further_metrics_are_those_of_the_cgroup_of_their_counter() {
        let report = parse(
            "1;;cycles;/a;500;100.00;1.5;GHz\n;;;;;;0.50;stalled cycles per insn\n2;;cycles;;500;100.00;1.5;GHz\n;;;;;;0.5;x y\n",
        );
        let cgroup = |result: &crate::model::RunResult| report.scopes.get(result.scope?).cgroup.clone();
        let of_a = Some("/a".to_owned());
        let cgroups: Vec<_> = report.results.iter().map(cgroup).collect();
        assert_eq!(cgroups[..3], [of_a.clone(), of_a.clone(), of_a]);
        assert!(cgroups[3..].iter().all(|cgroup| cgroup.as_deref().unwrap_or_default().is_empty()), "{cgroups:?}");
    }

    #[test]
    fn a_long_line_costs_one_look_at_it() {
        // Were each part of it looked at from its beginning for a label, it would take minutes.
        let report = parse(&format!("1;;cycles;500;100.00;;\n{}\n", "a;".repeat(1_000_000)));
        assert_eq!((report.results.len(), report.tally.foreign), (1, 1));
    }

    #[test]
    fn outputs_with_nothing_between_are_runs_of_their_own() {
        let output = |time| format!("1;;cycles;{time};100.00;;\n2;;branches;{time};100.00;;\n");
        assert_eq!(parse(&[output(5000), output(6000), output(5000)].concat()).runs.len(), 3);
        // -e cycles,branches,cycles,branches
        assert_eq!(parse(&[output(5000), output(5000)].concat()).runs.len(), 1);
        assert_eq!(parse("1;;cycles;500;100.00;;\n1;;cycles;500;100.00;;\n").runs.len(), 1);
    }
}
