//! Lines `EVENT,COUNT`: what scripts keep of `ocount -b` when they drop its percentages. ocount itself prints no such form.

use crate::model::Report;
use crate::parse::pairs::Pairs;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "event-count", tool: "oprofile", version: 1, sniff, parse };

const CUSTOM: Pairs = Pairs {
    mark: b',',
    called: "EVENT,COUNT",
    tells: is_of_oprofile,
    free: false,
    note: "the lines EVENT,COUNT name no tool and no percentages: taken for what is left of ocount -b (--tool says otherwise)",
};

/// How the names of the events begin that OProfile counts by default, or that every list of its events for a family of CPUs has.
const KNOWN: &[&str] = &[
    "CPU_CLK_UNHALTED",
    "CPU_CYCLES",
    "CYCLE_COUNTER",
    "GLOBAL_POWER_EVENTS",
    "PM_CYC",
    "PM_RUN_CYC",
    "INST_RETIRED",
    "INST_COMPLETED",
    "INSTR_EXECUTED",
    "INST_EXEC",
    "RETIRED_INSTRUCTIONS",
    "RETIRED_UOPS",
    "RETIRED_BRANCH_INSTRUCTIONS",
    "BR_INST_RETIRED",
    "BR_MISS_PRED_RETIRED",
    "BR_MISP_RETIRED",
    "LLC_MISSES",
    "LLC_REFS",
    "DATA_CACHE_MISSES",
    "DATA_CACHE_ACCESSES",
];

fn sniff(text: &str) -> Option<Evidence> {
    CUSTOM.sniff(text)
}

fn parse(text: &str) -> Report {
    CUSTOM.parse(text)
}

/// A table of names and numbers can be anything: only an event that OProfile is known for tells. Of the names that it writes small
/// (from Haswell on) perf has the same, but for one.
fn is_of_oprofile(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or(name);
    name == "cpu_clk_unhalted" || KNOWN.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Sniffed, sniff as decide};

    #[test]
    fn rows_without_their_percentage_are_counts() {
        let text = "\nCPU_CLK_UNHALTED:0x0:1:0,9408018070\nLLC_MISSES,20\n";
        let report = parse(text);
        let rows: Vec<_> = report
            .results
            .iter()
            .map(|result| (report.spellings.get(result.spelling).text.as_str(), result.number.and_then(|number| number.count)))
            .collect();
        assert_eq!(rows, [("CPU_CLK_UNHALTED:0x0:1:0", Some(9_408_018_070)), ("LLC_MISSES", Some(20))]);
        assert_eq!((report.tally.results, report.tally.furniture, report.notes.len()), (2, 1, 1));
        assert!(report.results.iter().all(|result| result.running_percent.is_none()));
    }

    #[test]
    fn tables_of_others_are_not_taken_for_it() {
        for (text, known) in [
            ("cpu_clk_unhalted,12\nmem_uops_retired:0x81,3\n", true),
            ("INST_RETIRED,12\n", true),
            ("MAX_SIZE,12\nMIN_SIZE,3\n", false),
            ("loops,42\n", false),
            ("cycles,805623\n", false),
            ("inst_retired,12\n", false),
            ("event,count\nCPU_CYCLES,12\n", false),
            ("CPU_CYCLES,12\nhello\n", false),
            ("CPU_CYCLES,1,234\n", false),
            ("CPU_CYCLES,12,100.00\n", false),
            ("12,CPU_CYCLES\n", false),
            ("2024-03-01,12\n", false),
        ] {
            let is = matches!(decide(text), Sniffed::Known(format, _) if format.name == "event-count");
            assert_eq!(is, known, "{text:?}");
        }
    }
}
