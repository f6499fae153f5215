//! Lines `NAME;VALUE`: what test programs print that count through the library PAPI themselves, which has no format of its own.
//!
//! The lines name no tool. They are PAPI's by custom: the collector that programs write them for reads them so; `--tool` says otherwise.

use crate::model::{Kind, RejectKind, Report, RunResult, Status};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines};
use crate::parse::notation::Notation;
use crate::parse::number::number;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "name-value", tool: "papi", version: 1, sniff, parse };

/// Two fields and a `;` are weak evidence: every line must be a pair, a comment or blank, and a name must look like an event's.
fn sniff(text: &str) -> Option<Evidence> {
    let mut evidence = None;
    for line in Lines::new(text).filter(|line| !is_furniture(line.text)) {
        let (name, _) = pair(line.text)?;
        if evidence.is_none() && looks_like_event(name) {
            evidence = Some(Evidence { line: line.number, reason: format!("pairs NAME;VALUE such as {name}") });
        }
    }
    evidence
}

fn parse(text: &str) -> Report {
    let mut builder = Builder::default();
    for line in Lines::new(text) {
        read(&mut builder, line);
    }
    builder.finish()
}

fn read(builder: &mut Builder, line: Line<'_>) {
    if is_furniture(line.text) {
        return builder.furniture();
    }
    let Some((name, value)) = pair(line.text) else { return builder.foreign() };
    let printed = if value.contains(',') { None } else { number(value, Notation::Point).ok() };
    let Some(printed) = printed else {
        return builder.reject(line, 0, RejectKind::Number, "no number behind the name");
    };
    let run = builder.last_run().unwrap_or_else(|| begin(builder, line.number));
    let spelling = builder.spelling(name, None, Kind::Count);
    let mut result = RunResult::new(run, line.number, spelling, Status::Counted, Some(printed.number));
    result.flags = printed.flags;
    builder.push(result);
    builder.results_on(1);
}

fn begin(builder: &mut Builder, line: u32) -> u32 {
    builder.note("the lines NAME;VALUE name no tool: taken for PAPI's, as is the custom (--tool says otherwise)");
    builder.begin_run(line)
}

fn is_furniture(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with('#')
}

/// The name and what stands for its value: something that begins as a number does.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.trim().split_once(';')?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= MAX_NAME
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_:.=-".contains(c));
    (is_name && value.starts_with(|c: char| c.is_ascii_digit()) && !value.contains(';')).then_some((name, value))
}

/// `PAPI_TOT_CYC`, `CPU_CLK_UNHALTED`, `perf::CYCLES`: capitals, and a mark that words of a table do not have.
fn looks_like_event(name: &str) -> bool {
    let last = name.rsplit("::").next().unwrap_or(name);
    name.contains(['_', ':']) && !last.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
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
            ("A_B;12;7\n", false),
            ("a;b\n", false),
            ("", false),
        ] {
            let is = matches!(decide(text), Sniffed::Known(format, _) if format.name == "name-value");
            assert_eq!(is, known, "{text:?}");
        }
    }
}
