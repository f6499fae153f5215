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
    for leaf in ["\"E\":\"12x4\"", "\"E\":12,5", "\"real_time_nsec\":\"x\"", "\"regions\":["] {
        let report = parse(&region(leaf));
        assert_eq!((report.results.len(), report.rejects.len()), (0, 1), "{leaf}");
    }
    let report = parse(&format!("{HEAD}\"0\":{{\n\"regions\":{{\n\"E\":\"5\"\n}}\n}}\n}}\n}}\n"));
    assert_eq!((report.results.len(), report.rejects.len()), (0, 1));
}

#[test]
fn an_output_that_was_cut_gives_what_stands_in_it() {
    let report = parse(&format!("{HEAD}\"0\":{{\n\"regions\":{{\n\"0\":{{\n\"E\":\"5\",\n\"F\":\"6"));
    assert_eq!((report.results.len(), report.rejects.len()), (1, 1));
    assert!(report.notes[0].contains("last brace"));
}

/// The counters of `papi_hl_presets_threads.json` in its layout by threads and regions: 805623 cycles and 1998500 branches a reading.
const PRESETS: &str = "{
  \"papi_version\":\"7.0.0.0\",
  \"cpu_info\":\"Intel(R) Xeon(R) Processor\",
  \"max_cpu_rate_mhz\":\"2599\",
  \"min_cpu_rate_mhz\":\"2599\",
  \"event_definitions\":{
    \"PAPI_TOT_CYC\":{
      \"component\":\"perf_event\",
      \"type\":\"delta\"
    },
    \"PAPI_BR_PRC\":{
      \"component\":\"perf_event\",
      \"type\":\"delta\"
    }
  },
  \"threads\":{
    \"0\":{
      \"regions\":{
        \"0\":{
          \"name\":\"main work\",
          \"parent_region_id\":\"-1\",
          \"cycles\":\"423994\",
          \"real_time_nsec\":\"160194\",
          \"PAPI_TOT_CYC\":\"2416869\",
          \"PAPI_BR_PRC\":\"5995500\"
        }
      }
    },
    \"1\":{
      \"regions\":{
        \"0\":{
          \"name\":\"computation\",
          \"parent_region_id\":\"-1\",
          \"PAPI_TOT_CYC\":{
            \"region_value\":\"1611246\",
            \"read_1\":\"805623\"
          },
          \"PAPI_BR_PRC\":{
            \"region_value\":\"3997000\",
            \"read_1\":\"1998500\"
          }
        }
      }
    }
  }
}
";

/// The same on one line, as `jq -c` and Python write it.
fn flat(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

#[test]
fn an_output_on_one_line_is_read_like_one_on_many() {
    let expected = [
        (0, "0", "cycles", Kind::Metric, Some(423_994)),
        (0, "0", "PAPI_TOT_CYC", Kind::Count, Some(3 * 805_623)),
        (0, "0", "PAPI_BR_PRC", Kind::Count, Some(3 * 1_998_500)),
        (1, "1", "PAPI_TOT_CYC", Kind::Count, Some(2 * 805_623)),
        (1, "1", "PAPI_BR_PRC", Kind::Count, Some(2 * 1_998_500)),
    ];
    let (spread, one) = (parse(PRESETS), parse(&flat(PRESETS)));
    assert_eq!((rows(&spread), rows(&one)), (expected.to_vec(), expected.to_vec()));
    assert_eq!((spread.notes, spread.context), (one.notes.clone(), one.context));
    assert_eq!((one.tally.lines, one.tally.results, one.runs[0].wall_seconds), (1, 1, Some(160_194e-9)));
    assert_eq!(sniff(&flat(PRESETS)).map(|evidence| evidence.line), Some(1));
}

#[test]
fn an_output_on_one_line_that_was_cut_keeps_what_stands_before_the_cut() {
    let whole = flat(PRESETS);
    let cut = &whole[..whole.find("\"read_1\"").unwrap() - 3];
    let report = parse(cut);
    assert_eq!(rows(&report).len(), 3);
    assert_eq!((report.tally.lines, report.tally.rejected, report.rejects.len()), (1, 1, 1));
    assert!(report.notes.iter().any(|note| note.contains("last brace")), "{:?}", report.notes);
}

/// The layout of PAPI 6.0.0, with the numbers of [`PRESETS`]: lists, and the region's name as key.
const OLD: &str = "{
  \"cpu in mhz\":\"2599\",
  \"threads\":[
    {
      \"id\":\"18470\",
      \"regions\":[
        {
          \"main work\":{
            \"region_count\":\"1\",
            \"cycles\":\"423994\",
            \"PAPI_TOT_CYC\":\"2416869\"
          }
        },
        {
          \"loop\":{
            \"region_count\":\"3\",
            \"cycles\":\"11006\",
            \"PAPI_TOT_CYC\":{
              \"total\":\"2416869\",
              \"read_1\":\"805623\"
            }
          }
        }
      ]
    }
  ]
}
";

#[test]
fn lists_of_threads_and_regions_of_the_first_version_are_read() {
    let expected = [
        (0, "18470", "region_count", Kind::Metric, Some(1)),
        (0, "18470", "cycles", Kind::Metric, Some(423_994)),
        (0, "18470", "PAPI_TOT_CYC", Kind::Count, Some(3 * 805_623)),
        (1, "18470", "region_count", Kind::Metric, Some(3)),
        (1, "18470", "cycles", Kind::Metric, Some(11_006)),
        (1, "18470", "PAPI_TOT_CYC", Kind::Count, Some(3 * 805_623)),
    ];
    for text in [OLD, &flat(OLD)] {
        let report = parse(text);
        assert_eq!(rows(&report), expected);
        let targets: Vec<_> = report.runs.iter().map(|run| run.target.as_deref().unwrap()).collect();
        assert_eq!((targets, report.tally.rejected), (vec!["region main work", "region loop"], 0));
        assert_eq!(report.context.labels.get("mhz").map(String::as_str), Some("2599"));
        for word in ["region_count", "read_N", "instant"] {
            assert!(report.notes.iter().any(|note| note.contains(word)), "{word}: {:?}", report.notes);
        }
        assert_eq!(sniff(text).map(|evidence| evidence.line), Some(if text == OLD { 2 } else { 1 }));
    }
}

#[test]
fn only_what_the_interface_writes_is_taken_for_it() {
    for text in ["{\"cpu in mhz\":\"2599\"}", "{\"a\":{\"papi_version\":\"7\"}}", "{\"threads\":[]}", "papi_version", "{"] {
        assert_eq!(sniff(text), None, "{text}");
    }
}
