//! The line(s) that open a block: `Performance counter stats for TARGET[ (N runs)]:`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::layout::unquoted_start;
use crate::parse::number::is_digits;

/// The words that open a block. WindowsPerf prints them too, with another target.
pub(super) const WORDS: &str = "Performance counter stats for ";

/// Finds [`WORDS`].
pub(super) static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(WORDS));

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The command line that was measured.
    pub(super) command: Option<String>,
    /// What was measured when it was no command.
    pub(super) target: Option<String>,
    /// `(N runs)`.
    pub(super) repeats: Option<i32>,
}

/// The text behind [`WORDS`] when a line opens a block: nothing but quotation marks stands before them, and a target follows.
pub(super) fn opening(line: &str) -> Option<&str> {
    opening_at(unquoted_start(line).1)
}

/// The same for a line without the marks and blanks before its first word.
pub(super) fn opening_at(start: &str) -> Option<&str> {
    let target = start.strip_prefix(WORDS)?;
    let known = ["'", "process id '", "thread id '", "CPU(s) ", "BPF program(s) ", "system wide"];
    known.iter().any(|start| target.starts_with(start)).then_some(target)
}

/// Whether a line can be the last of a header: it ends in `':` or `' (N runs):`.
pub(super) fn closes(line: &str) -> bool {
    let Some(line) = line.trim_end().strip_suffix(':') else {
        return false;
    };
    line.ends_with('\'')
        || line.strip_suffix(" runs)").and_then(|line| line.rsplit_once("' (")).is_some_and(|(_, n)| is_digits(n))
}

/// Reads the text behind [`WORDS`], with the line feeds of a command that has them.
pub(super) fn header(text: &str) -> Header {
    let text = text.trim_end();
    let text = text.strip_suffix(':').unwrap_or(text);
    let (target, repeats) = split_repeats(text);
    match target.strip_prefix('\'') {
        Some(quoted) => of_quoted(quoted.strip_suffix('\'').unwrap_or(quoted).to_owned(), repeats),
        None => Header { command: None, target: Some(target.to_owned()), repeats },
    }
}

/// A command, or one of the targets that perf quotes as it quotes a command.
fn of_quoted(text: String, repeats: Option<i32>) -> Header {
    let named = text == "system wide" || text == "pipe" || text.starts_with("CPU(s) ") || text.starts_with("BPF program(s) ");
    if named {
        Header { command: None, target: Some(text), repeats }
    } else {
        Header { command: Some(text), target: None, repeats }
    }
}

/// Takes ` (N runs)` off the end.
fn split_repeats(text: &str) -> (&str, Option<i32>) {
    let split = text.strip_suffix(" runs)").and_then(|text| text.rsplit_once(" ("));
    match split.and_then(|(target, runs)| Some((target, runs.parse().ok()?))) {
        Some((target, runs)) => (target, Some(runs)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Header {
        header(opening(line).expect("a header"))
    }

    #[test]
    fn targets_of_every_form_are_told_apart() {
        let command = |command: &str, repeats| Header { command: Some(command.into()), target: None, repeats };
        let target = |target: &str| Header { command: None, target: Some(target.into()), repeats: None };
        assert_eq!(read(" Performance counter stats for './a.out 100000' (5 runs):"), command("./a.out 100000", Some(5)));
        assert_eq!(
            read(" Performance counter stats for 'sh -c echo 'x' (3 runs):':"),
            command("sh -c echo 'x' (3 runs):", None)
        );
        assert_eq!(read("> > Performance counter stats for 'true':"), command("true", None));
        assert_eq!(read(" Performance counter stats for 'system wide':"), target("system wide"));
        assert_eq!(read(" Performance counter stats for 'CPU(s) 0,1':"), target("CPU(s) 0,1"));
        assert_eq!(read(" Performance counter stats for process id '12,34':"), target("process id '12,34'"));
    }

    #[test]
    fn other_programs_headers_open_nothing() {
        for line in [
            "Performance counter stats for core 0, no multiplexing, kernel mode excluded:",
            "print(\"Performance counter stats for 'x':\")",
            "Performance counter stats for:",
        ] {
            assert_eq!(opening(line), None, "{line}");
        }
    }

    #[test]
    fn a_header_closes_at_its_quote() {
        assert!(closes("time elapsed':"));
        assert!(closes("x' (12 runs):"));
        assert!(!closes("x' (many runs):"));
        assert!(!closes("note:"));
    }
}
