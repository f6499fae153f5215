//! `perf stat -j`, 5.19 to 7.2: one JSON object a line, several of them known to be broken.

mod fields;
mod members;
mod plain;

use super::rows::Rows;
use crate::model::{RejectKind, Report};
use crate::parse::lines::{Line, Lines};
use crate::parse::{Evidence, Format};
use fields::Content;

/// The format.
pub const FORMAT: Format = Format { name: "perf-stat-json", tool: "perf", version: 3, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    // A look for braces spares most files the reading of every line.
    memchr::memchr(b'{', text.as_bytes())?;
    Lines::new(text).find_map(|line| {
        let content = fields::content(line.text.trim())?;
        matches!(content, Content::Row(_) | Content::Metrics(_))
            .then(|| Evidence::new(line.number, "an object with the keys of perf stat -j"))
    })
}

fn parse(text: &str) -> Report {
    let mut rows = Rows::default();
    for line in Lines::new(text) {
        read_line(&mut rows, line);
    }
    rows.finish()
}

fn read_line(rows: &mut Rows, line: Line<'_>) {
    let text = line.text.trim();
    if text.starts_with('{') { object(rows, line, text) } else { rows.other(line) }
}

fn object(rows: &mut Rows, line: Line<'_>, text: &str) {
    match fields::content(text) {
        Some(Content::Row(fields)) => match fields.row() {
            Ok(row) => rows.push(line, &row),
            Err((kind, reason)) => rows.builder().reject(line, 0, kind, reason),
        },
        Some(Content::Metrics(metrics)) => metrics.push_to(rows, line),
        Some(Content::Broken) => {
            rows.builder().reject(line, 0, RejectKind::Json, "the object is cut or broken: it holds no event");
        }
        Some(Content::EmptyMetrics) => rows.builder().furniture(),
        None => rows.other(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::perf::metric;

    #[test]
    fn a_metric_of_zero_beside_a_counter_is_one_when_perf_computed_it() {
        // perf_stat__print_shadow_stats prints 0 with the name of a metric of its own that it could not compute; generic_metric prints
        // the unit of one from a table only where it computed it.
        let row = |metric: &str| {
            let row = format!(
                r#"{{"counter-value" : "5678.000000", "unit" : "", "event" : "slots", "event-runtime" : 560000, "pcnt-running" : 100.00, {metric}}}"#
            );
            parse(&row).results.iter().skip(1).map(|result| result.number.expect("a number").value).collect::<Vec<_>>()
        };
        assert_eq!(row(r#""metric-value" : "0.000000", "metric-unit" : "%  tma_bad_speculation""#), [0.0]);
        assert_eq!(row(r#""metric-value" : "0.000000", "metric-unit" : "of all branches""#), [] as [f64; 0]);
        assert_eq!(row(r#""metric-value" : "0.000000", "metric-unit" : """#), [] as [f64; 0]);
    }

    #[test]
    fn metrics_only_that_a_decimal_comma_cut_are_left_out_with_a_note() {
        // perf stat printed 1,5 and 0,9: print_metric_only_json ends a number where digits and points end.
        let report = parse("{\"GHz\" : \"1\", \"insn per cycle\" : \"0\"}\n");
        assert_eq!((report.results.len(), report.notes), (0, vec![metric::CUT.to_owned()]));
        let report = parse("{\"GHz\" : \"1.500\", \"insn per cycle\" : \"0.90\"}\n");
        assert_eq!((report.results.len(), report.notes.len()), (2, 0));
        let report = parse("{\"GHz\" : \"1.500\", \"branch-misses:u of all branches\" : \"1.20\"}\n");
        assert_eq!(report.results.len(), 2);
    }
}
