use std::sync::Arc;

use super::*;
use crate::model::EntryKind;

const HEAD: &str = "<?xml version=\"1.0\" ?>\n<profile  schemaversion=\"3.1\" cputype=\"i386\"\n processor=\"core_2\"\n mhz=\"2666.76\"\n title=\"opreport -X\">\n<options />\n<setup>\n<eventsetup  id=\"0\" eventname=\"CYCLES\" unitmask=\"65\" setupcount=\"1000\"/>\n</setup>\n";

fn document(body: &str) -> String {
    format!("{HEAD}{body}</profile>\n")
}

fn count(samples: &str) -> String {
    format!("<count>\n{samples}</count>\n")
}

fn table() -> &'static str {
    "<symboltable>\n<symboldata  id=\"0\" name=\"f&lt;int&gt;(&amp;)\" file=\"a.c\" line=\"3\" startingaddr=\"000011ae\"/>\n<symboldata  id=\"1\" name=\"g\"/>\n</symboltable>\n"
}

#[test]
fn symbols_are_named_by_the_table_at_the_end_and_make_the_total() {
    let symbol = |id, samples| format!("<symbol  idref=\"{id}\">\n{}</symbol>\n", count(samples));
    let binary = format!(
        "<binary  name=\"/bin/a\">\n{}{}<module  name=\"/lib/b\">\n{}{}</module>\n</binary>\n",
        count("5"),
        symbol("0", "5"),
        count("2"),
        symbol("1", "2")
    );
    let report = parse(&document(&format!("{binary}{}", table())));
    let total = report.results[0].number.expect("a number");
    assert_eq!((report.results.len(), total.value.to_bits(), total.count), (1, 7000_f64.to_bits(), Some(7)));
    assert_eq!(report.spellings.values()[0].text, "CYCLES:1000:0x41");
    let name = |index: Option<u32>| index.map(|index| &**report.names.get(index));
    let rows: Vec<_> =
        report.entries.iter().map(|row| (row.kind, name(row.image), name(row.app), name(row.symbol), row.samples)).collect();
    assert_eq!(
        rows,
        [
            (EntryKind::Image, Some("/bin/a"), Some("/bin/a"), None, 5),
            (EntryKind::Symbol, Some("/bin/a"), Some("/bin/a"), Some("f<int>(&)"), 5),
            (EntryKind::Image, Some("/lib/b"), Some("/bin/a"), None, 2),
            (EntryKind::Symbol, Some("/lib/b"), Some("/bin/a"), Some("g"), 2),
        ]
    );
    assert_eq!((name(report.entries[1].location), report.entries[1].address), (Some("a.c:3"), Some(0x11ae)));
    assert_eq!(report.context.labels["oprofile_cpu"], "i386/core_2");
    assert_eq!((report.tally.results, report.tally.rejected, report.notes.len()), (4, 0, 0));
    assert!(report.tally.adds_up());
}

#[test]
fn callers_and_callees_in_other_images_are_no_symbols_of_their_own() {
    let arc = |id, own, samples| {
        format!("<module  name=\"/lib/b\">\n<symbol  idref=\"{id}\"{own}>\n{}</symbol>\n</module>\n", count(samples))
    };
    let callees = format!("<callees>\n{}{}</callees>\n", arc("1", " self=\"true\"", "7"), arc("0", "", "3"));
    let symbol =
        format!("<symbol  idref=\"1\">\n<callers>\n{}</callers>\n{callees}{}</symbol>\n", arc("0", "", "9"), count("7"));
    let module = format!("<binary  name=\"/bin/a\">\n<module  name=\"/lib/b\">\n{}{symbol}</module>\n</binary>\n", count("7"));
    let report = parse(&document(&format!("{module}{}", table())));
    let kinds: Vec<_> =
        report.entries.iter().map(|row| (row.kind, row.samples, row.image.is_some(), row.of_symbol.is_some())).collect();
    assert_eq!(
        kinds,
        [
            (EntryKind::Image, 7, true, false),
            (EntryKind::Caller, 9, true, true),
            (EntryKind::Own, 7, true, true),
            (EntryKind::Callee, 3, true, true),
            (EntryKind::Symbol, 7, true, false),
        ]
    );
    assert_eq!(report.results[0].number.and_then(|number| number.count), Some(7));
}

#[test]
fn a_document_that_is_cut_keeps_what_came_before() {
    let symbol = format!("<symbol  idref=\"0\">\n{}</symbol>\n<symbol  idref=\"1\">\n<count>\n12", count("5"));
    let report = parse(&format!("{HEAD}<binary  name=\"a\">\n{symbol}"));
    assert_eq!(report.entries.len(), 1);
    assert!(report.notes.iter().any(|note| note.contains("ends before its last element")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains("does not name")), "{:?}", report.notes);
    assert!(report.tally.adds_up());
}

#[test]
fn entities_of_a_document_are_not_expanded() {
    let text = document("<binary  name=\"&bomb;\">\n<count>\n1</count>\n</binary>\n");
    let text = text.replacen("<profile", "<!DOCTYPE profile [<!ENTITY bomb \"x\">]>\n<profile", 1);
    let report = parse(&text);
    assert_eq!(report.names.values(), [Arc::from("&bomb;")]);
    assert!(!report.rejects.is_empty() && report.tally.adds_up());
}

#[test]
fn broken_counts_are_rejected_with_their_line() {
    let body = format!("<binary  name=\"a\">\n{}{}<count  class=\"c9\">\n4</count>\n</binary>\n", count("x1"), count("-1"));
    let report = parse(&document(&body));
    let lines: Vec<(u32, &str)> = report.rejects.iter().map(|reject| (reject.line, reject.reason.as_str())).collect();
    assert_eq!(
        lines,
        [
            (12, "\"x1\" is no number of samples"),
            (14, "\"-1\" is no number of samples"),
            (16, "the class \"c9\" is not defined")
        ]
    );
}

#[test]
fn only_a_profile_of_oprofile_is_one() {
    assert_eq!(sniff(HEAD).map(|evidence| evidence.line), Some(2));
    for text in ["", "<profile name=\"x\">", "<profiles schemaversion=\"1\">", "<help_events schemaversion=\"2.0\">"] {
        assert_eq!(sniff(text), None, "{text}");
    }
}
