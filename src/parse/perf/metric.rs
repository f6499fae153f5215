//! The text that perf prints behind the number of a metric.

use crate::parse::number::Printed;

/// The unit and the name of a metric.
///
/// Metrics from the JSON tables (`-M`, and all of 7.x) print `UNIT  NAME` with two blanks between; the built-in ones print one phrase
/// that is name and unit at once (`insn per cycle`, `GHz`, `M/sec`), only a `%` stands apart in front of it.
pub(crate) fn named(text: &str) -> (Option<&str>, &str) {
    if let Some(name) = text.strip_prefix('%').map(str::trim_start).filter(|name| !name.is_empty()) {
        return (Some("%"), name);
    }
    match split_at_gap(text) {
        Some((unit, name)) => (Some(unit), name.trim_start()),
        None => (None, text),
    }
}

/// Splits at the first two blanks. Every metric comes here, and its text is too short to prepare a search.
fn split_at_gap(text: &str) -> Option<(&str, &str)> {
    let gap = text.as_bytes().windows(2).position(|pair| pair == b"  ")?;
    Some((&text[..gap], &text[gap + 2..]))
}

/// Whether a text is `UNIT  NAME`, as metrics from the JSON tables are printed.
pub(crate) fn is_from_a_table(text: &str) -> bool {
    split_at_gap(text).is_some_and(|(_, name)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// Whether a number lost its decimals: perf ends the number of a metric where something other than digits and points
/// begins (`print_metric_csv` and the two of `--metric-only` in tools/perf/util/stat-display.c), and so at a decimal comma, whatever
/// the separator is.
pub(crate) fn is_cut(number: &Printed, text: &str) -> bool {
    // The only ones that are printed without decimals.
    const WHOLE: [&str; 3] = ["cycles / transaction", "cycles / elision", "SMI#"];
    number.decimals == 0 && !WHOLE.contains(&text)
}

/// What is said of a source with such numbers.
pub(crate) const CUT: &str = "perf cuts metrics at a decimal comma: they are left out";

/// Whether a text is one of the metrics that perf computed itself up to 6.18 (tools/perf/util/stat-shadow.c).
pub(crate) fn is_built_in(text: &str) -> bool {
    const NAMES: [&str; 16] = [
        "CPUs utilized",
        "GHz",
        "insn per cycle",
        "stalled cycles per insn",
        "frontend cycles idle",
        "backend cycles idle",
        "of all branches",
        "of all cache refs",
        "transactional cycles",
        "aborted cycles",
        "cycles / transaction",
        "cycles / elision",
        "retiring",
        "bad speculation",
        "frontend bound",
        "backend bound",
    ];
    NAMES.contains(&text)
        || text.starts_with("of all ")
        || text.ends_with("/sec") && !text.contains(' ')
        || is_share_of_an_event(text)
}

/// Whether a text is `EVENT of all branches` or alike: where only metrics are printed, `fixunit` names the event in front of each share.
fn is_share_of_an_event(text: &str) -> bool {
    let Some((event, all)) = text.split_once(" of all ") else { return false };
    let is_all = matches!(all, "branches" | "cache refs") || all.ends_with(" accesses") || all.ends_with(" hits");
    !event.is_empty() && is_all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_built_in_with_any_event_in_front() {
        for text in ["of all branches", "branch-misses:u of all branches", "cpu_core/branch-misses/ of all branches"] {
            assert!(is_built_in(text), "{text}");
        }
        for text in ["L1-dcache-load-misses of all L1-dcache accesses", "cache-misses:k of all cache refs"] {
            assert!(is_built_in(text), "{text}");
        }
        for text in ["sum of all values", " of all branches", "of branches"] {
            assert!(!is_built_in(text), "{text}");
        }
    }

    #[test]
    fn units_are_split_off_where_they_stand_apart() {
        for (text, named_as) in [
            ("insn per cycle", (None, "insn per cycle")),
            ("% of all branches", (Some("%"), "of all branches")),
            ("%  tma_retiring", (Some("%"), "tma_retiring")),
            ("%", (None, "%")),
            ("faults/sec  page_faults_per_second", (Some("faults/sec"), "page_faults_per_second")),
            // 3.x writes this one with two blanks.
            ("% backend  cycles idle", (Some("%"), "backend  cycles idle")),
        ] {
            assert_eq!(named(text), named_as, "{text}");
        }
    }
}
