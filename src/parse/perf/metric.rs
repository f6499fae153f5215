//! The text that perf prints behind the number of a metric.

/// The unit and the name of a metric.
///
/// Metrics from the JSON tables (`-M`, and all of 7.x) print `UNIT  NAME` with two blanks between; the built-in ones print one phrase
/// that is name and unit at once (`insn per cycle`, `GHz`, `M/sec`), only a `%` stands apart in front of it.
pub(crate) fn named(text: &str) -> (Option<&str>, &str) {
    if let Some(name) = text.strip_prefix('%').map(str::trim_start).filter(|name| !name.is_empty()) {
        return (Some("%"), name);
    }
    match text.split_once("  ") {
        Some((unit, name)) => (Some(unit), name.trim_start()),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
