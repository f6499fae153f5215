//! Lines that perf prints around its rows: they carry no result but belong to the format.

/// Beginnings of such lines, without leading blanks. Found in the sources and captures of 2.6.31 to 7.2.
const BEGINNINGS: &[&str] = &[
    "# Table of individual measurements:",
    "# Final result:",
    "Some events weren't counted. Try disabling the NMI watchdog:",
    "echo 0 > /proc/sys/kernel/nmi_watchdog",
    "echo 1 > /proc/sys/kernel/nmi_watchdog",
    "perf stat ...",
    "The events in group usually have to be from the same PMU.",
    "WARNING: ",
    "Warning:",
    "Error:",
    "Events disabled",
    "Events enabled",
    "timeout < ",
    "event syntax error: ",
    "\\___ ",
    "Unable to find PMU or event on a PMU of ",
    "Initial error:",
    "Run 'perf list' for a list of valid events",
    "No supported events found.",
    "Workload failed: ",
    "Using CPUID ",
    "Control descriptor is not initialized",
    "[ perf stat: executing run #",
    "failed to read counter ",
    "System does not support topdown",
    "Topdown accuracy may decrease when measuring long periods.",
];

/// Ends of such lines.
const ENDS: &[&str] = &[" event is not supported by the kernel.", " event is not supported."];

/// Whether perf prints such a line around its rows.
pub(crate) fn is_note(line: &str) -> bool {
    let line = line.trim();
    BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
        || ENDS.iter().any(|end| line.ends_with(end))
        || is_measurement(line)
        || is_verbose_counter(line)
        || is_verbose_alias(line)
}

/// The version that a line `perf version 6.17.g0739473694c4` states: wrapper scripts print it in front of the output.
pub(crate) fn version(line: &str) -> Option<&str> {
    let version = line.trim().strip_prefix("perf version ")?;
    (version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(' ')).then_some(version)
}

/// A row of `--table`: `0.01468 (-0.00370) ######`.
fn is_measurement(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let seconds = words.next().is_some_and(number);
    let change = words.next().and_then(|word| word.strip_prefix('(')?.strip_suffix(')')?.strip_prefix(['+', '-']));
    seconds && change.is_some_and(number) && words.next().is_none_or(|bar| bar.bytes().all(|byte| byte == b'#'))
}

/// A row of `-v`: `event: value enabled running`.
fn is_verbose_counter(line: &str) -> bool {
    let Some((name, numbers)) = line.rsplit_once(": ") else {
        return false;
    };
    let integer = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    !name.is_empty() && numbers.split(' ').count() == 3 && numbers.split(' ').all(|word| !word.is_empty() && integer(word))
}

/// A row of `-v` that resolves an alias: `inst_retired.any -> cpu/event=0xc0/`.
fn is_verbose_alias(line: &str) -> bool {
    line.split_once(" -> ").is_some_and(|(name, event)| !name.contains(' ') && event.ends_with('/') && event.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfs_remarks_are_known_and_other_text_is_not() {
        for line in [
            "           0.01085 (-0.00384) ########",
            "            0.0541 (+0.0220) ",
            "task-clock: 2194449 2194449 2194449",
            "cycles event is not supported by the kernel.",
            "                     \\___ Bad event or PMU",
            "[ perf stat: executing run #2 ... ]",
        ] {
            assert!(is_note(line), "{line}");
        }
        for line in ["hello", "a: 1 2", "0.5 seconds", "12 (3)", "make: *** [all] Error 2"] {
            assert!(!is_note(line), "{line}");
        }
    }
}
