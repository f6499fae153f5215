//! Whatever stands in a side file: it is read, or refused with a place in it, and placing by it never panics.

use proptest::prelude::*;

use prc_etl::model::{Digest, Identity, Parsed};
use prc_etl::parse::{FORMATS, Reading, read};
use prc_etl::place::{Around, PlaceOptions, Placer, Says, Side, Sidecar};

use super::support::samples;
use super::tree::PERF;

/// What stands in side files, in pieces.
const PIECES: [&str; 40] = [
    "experiment",
    "tool",
    "host",
    "local",
    "layout",
    "include",
    "exclude",
    "text",
    "environment",
    "labels",
    "formats",
    "kernel",
    "model",
    " = ",
    ".",
    "\"",
    "\"\"\"",
    "'",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "\n",
    "# ",
    "true",
    "0x9e",
    "1979-05-27",
    "\"elm\"",
    "\"perf-6.1\"",
    "\"{host}/{repeat}\"",
    "\"**/{a:[a-z]+}[_{b}]\"",
    "\"N = {n}\"",
    "\"regex:(?<host>[^/]+)/.*\"",
    "\"*.txt\"",
    "\"{date}\"",
    "{label.x}",
    "\u{e9}",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

/// Side files that can be read, with templates and patterns of any kind in them.
fn plausible() -> impl Strategy<Value = String> {
    let template = r"(\{(host|a|b|repeat|date|model|label\.x)(:(\[a-z\]\+|\.\*|@date))?\}|[a-z/_.]|\*|\*\*|\[|\]|\\){0,8}";
    (template, template, "[a-z*?/\\[\\]{},!]{0,10}", "[ -~]{0,8}").prop_map(|(layout, text, glob, value)| {
        let quoted = |text: &str| format!("{text:?}");
        let (layout, text, glob, value) = (quoted(&layout), quoted(&text), quoted(&glob), quoted(&value));
        format!("layout = {layout}\ntext = {text}\ninclude = {glob}\nexclude = [{glob}]\nhost = {value}\nlabels.x = {value}\n")
    })
}

/// Reads a side file and places a source by it.
fn place_by(side: &str, path: &str, text: &str) {
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let sidecar = match Sidecar::parse(side, &formats) {
        Ok(sidecar) => sidecar,
        Err(error) => {
            let lines = u32::try_from(side.split('\n').count()).expect("a short text");
            assert!(error.line <= lines && !error.reason.is_empty(), "{error:?} of {side:?}");
            let line = side.split('\n').nth(error.line.saturating_sub(1) as usize).unwrap_or_default();
            assert!(error.column as usize <= line.chars().count() + 1, "{error:?} of {side:?}");
            return;
        }
    };
    let side = Side { location: "/data/prc.toml".to_owned(), digest: Digest([0; 16]), says: Says::Sidecar(Box::new(sidecar)) };
    let around = Around::within(None, Some("/data".to_owned()), vec![side], Some("/data"));
    let Reading::Known(format, report) = read(text) else { panic!("the output of perf is known") };
    let identity = Identity { root: Some("/data".to_owned()), path: path.to_owned() };
    let mut parsed = Parsed { identity, report: *report, ..samples::source("/data", "x", 1) };
    Placer::new(PlaceOptions::default()).placing().place(&mut parsed, format.tool, text, around.as_ref());
    assert_eq!(parsed.placements.len(), parsed.report.runs.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_is_a_side_file_or_none(side in any::<String>(), path in "[a-z/_.]{1,20}") {
        place_by(&side, &path, PERF);
    }

    #[test]
    fn any_sequence_of_what_stands_in_side_files_is_one_or_none(side in pieces(), path in "[a-z/_.]{1,20}") {
        place_by(&side, &path, PERF);
    }

    #[test]
    fn any_template_places_or_does_not(side in plausible(), path in "([a-z]{1,3}[/_.]){0,4}[a-z0-9]{1,3}", line in "[ -~\u{e9}]{0,30}") {
        place_by(&side, &path, &format!("{line}\n{PERF}{line}{PERF}"));
    }
}
