//! Whole outputs.

use super::{parse, sniff};
use crate::model::{Kind, Report};

const HEAD: &str = "{\n\"papi_version\":\"7.0.0.0\",\n\"cpu_info\":\"ARM Cortex A57\",\n\"event_definitions\":{\n\"E\":{\n\"component\":\"perf_event\",\n\"type\":\"delta\"\n},\n\"I\":{\n\"type\":\"instant\"\n}\n},\n\"threads\":{\n";

fn output(threads: &str) -> String {
    format!("PAPI-HL Output:\n{HEAD}{threads}}}\n}}\n")
}

fn rows(report: &Report) -> Vec<(u32, &str, &str, Kind, Option<i64>)> {
    let row = report.results.iter().map(|result| {
        let spelling = report.spellings.get(result.spelling);
        let thread = report.scopes.get(result.scope.unwrap()).label.as_str();
        (result.run, thread, spelling.text.as_str(), spelling.kind, result.number.and_then(|number| number.count))
    });
    row.collect()
}

#[test]
fn each_execution_of_a_region_on_a_thread_is_a_run() {
    let text = output(
        "\"0\":{\n\"regions\":{\n\"0\":{\n\"name\":\"main work\",\n\"parent_region_id\":\"-1\",\n\"cycles\":\"77\",\n\"real_time_nsec\":\"1500000000\",\n\"E\":\"805623\"\n},\n\
         \"1\":{\n\"name\":\"loop\",\n\"parent_region_id\":\"0\",\n\"E\":{\n\"region_value\":\"9\",\n\"read_1\":\"4\"\n},\n\"I\":\"3\"\n}\n}\n}\n",
    );
    let report = parse(&text);
    assert_eq!(
        rows(&report),
        [
            (0, "0", "cycles", Kind::Metric, Some(77)),
            (0, "0", "E", Kind::Count, Some(805_623)),
            (1, "0", "E", Kind::Count, Some(9)),
            (1, "0", "I", Kind::Metric, Some(3)),
        ]
    );
    assert_eq!(report.context.labels.get("cpu").map(String::as_str), Some("ARM Cortex A57"));
    let run = &report.runs[0];
    assert_eq!(
        (run.target.as_deref(), run.wall_seconds, run.tool_version.as_deref()),
        (Some("region main work"), Some(1.5), Some("7.0.0.0"))
    );
    assert_eq!((report.tally.results, report.tally.foreign, report.tally.rejected), (4, 0, 0));
    assert_eq!(report.notes.len(), 3, "{:?}", report.notes);
    assert_eq!(sniff(&text).map(|evidence| evidence.line), Some(3));
}

#[test]
fn what_does_not_fit_is_rejected_with_its_line() {
    let region = |leaf: &str| output(&format!("\"0\":{{\n\"regions\":{{\n\"0\":{{\n{leaf}\n}}\n}}\n}}\n"));
    for leaf in ["\"E\":\"12x4\"", "\"E\":12", "\"real_time_nsec\":\"x\"", "\"regions\":["] {
        let report = parse(&region(leaf));
        assert_eq!((report.results.len(), report.rejects.len()), (0, 1), "{leaf}");
    }
    // The layout of PAPI 6.0.0, of which no output is known.
    let report = parse(&format!("{HEAD}\"0\":{{\n\"regions\":{{\n\"E\":\"5\"\n}}\n}}\n}}\n}}\n"));
    assert_eq!((report.results.len(), report.rejects.len()), (0, 1));
}

#[test]
fn an_output_that_was_cut_gives_what_stands_in_it() {
    let report = parse(&format!("{HEAD}\"0\":{{\n\"regions\":{{\n\"0\":{{\n\"E\":\"5\",\n\"F\":\"6"));
    assert_eq!((report.results.len(), report.rejects.len()), (1, 1));
    assert!(report.notes[0].contains("last brace"));
}
