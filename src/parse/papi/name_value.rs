//! Lines `NAME;VALUE`: what test programs print that count through the library PAPI themselves, which has no format of its own.

use crate::model::Report;
use crate::parse::pairs::Pairs;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "name-value", tool: "papi", version: 3, sniff, parse };

/// The lines are PAPI's by custom: the collector that programs write them for reads them so.
const CUSTOM: Pairs = Pairs {
    mark: b';',
    called: "NAME;VALUE",
    tells: looks_like_event,
    free: true,
    note: "the lines NAME;VALUE name no tool: taken for PAPI's, as is the custom (--tool says otherwise)",
};

fn sniff(text: &str) -> Option<Evidence> {
    CUSTOM.sniff(text)
}

fn parse(text: &str) -> Report {
    CUSTOM.parse(text)
}

/// `PAPI_TOT_CYC`, `CPU_CLK_UNHALTED`, `perf::CYCLES`: capitals, and a mark that words of a table do not have.
fn looks_like_event(name: &str) -> bool {
    let last = name.rsplit("::").next().unwrap_or(name);
    name.contains(['_', ':']) && !last.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RejectKind, RunResult};
    use crate::parse::{Sniffed, sniff as decide};

    fn rows(text: &str) -> Vec<(String, Option<i64>, f64)> {
        let report = parse(text);
        let row = |it: &RunResult| {
            let number = it.number.unwrap();
            (report.spellings.get(it.spelling).text.clone(), number.count, number.value)
        };
        report.results.iter().map(row).collect()
    }

    #[test]
    fn pairs_are_counts_with_every_digit() {
        let text = "# a test of mine\nPAPI_TOT_CYC;805623\n\nPAPI_L1_DCM; 77\namd64::RETIRED;9007199254740993\n";
        assert_eq!(
            rows(text),
            [
                ("PAPI_TOT_CYC".to_owned(), Some(805_623), 805_623.0),
                ("PAPI_L1_DCM".to_owned(), Some(77), 77.0),
                ("amd64::RETIRED".to_owned(), Some(9_007_199_254_740_993), 9_007_199_254_740_992.0),
            ]
        );
        let report = parse(text);
        assert_eq!((report.runs.len(), report.tally.results, report.tally.furniture, report.tally.lines), (1, 3, 2, 5));
        assert_eq!(report.notes.len(), 1);
    }

    #[test]
    fn a_number_may_have_a_sign_and_more_of_them_are_left_out_with_a_note() {
        let text = "PAPI_TOT_CYC;805623;0.5\nPAPI_L1_DCM;-5;0.1;7\n";
        let expected = [("PAPI_TOT_CYC".to_owned(), Some(805_623), 805_623.0), ("PAPI_L1_DCM".to_owned(), Some(-5), -5.0)];
        assert_eq!(rows(text), expected);
        assert_eq!(parse(text).notes.len(), 2);
        assert_eq!(parse("PAPI_TOT_CYC;805623\nPAPI_L1_DCM;-5\n").notes.len(), 1);
    }

    #[test]
    fn what_is_no_number_is_rejected_and_never_cut() {
        let report = parse("PAPI_TOT_INS;1.5e6x\nPAPI_TOT_CYC;1,234\nPAPI_BR_INS;7\n");
        assert_eq!((report.tally.rejected, report.tally.results), (2, 1));
        assert_eq!(report.rejects[0].kind, RejectKind::Number);
    }

    #[test]
    fn the_format_is_known_by_all_of_its_lines() {
        for (text, known) in [
            ("PAPI_TOT_CYC;12\n", true),
            ("# comment\nPAPI_TOT_CYC;12\nother;3\n", true),
            ("PAPI_TOT_CYC;12\nhello\n", false),
            ("name;12\nsize;3\n", false),
            ("A_B;12;7\n", true),
            ("A_B;-12\n", true),
            ("A_B;12;x\n", false),
            ("A_B;12;-\n", false),
            // A thread's row of perf stat -x';'.
            ("MY_PROGRAM-12;7;;cycles;1043009;100.00;;\n", false),
            ("a;b\n", false),
            ("", false),
        ] {
            let is = matches!(decide(text), Sniffed::Known(format, _) if format.name == "name-value");
            assert_eq!(is, known, "{text:?}");
        }
    }
}
