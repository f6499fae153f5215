//! Where a command will print the results: told from its words, as the tool itself reads them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// What is to be captured of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Names the file that the results are kept in.
    pub(super) tool: &'static str,
    pub(super) results: Results,
}

/// Where the results come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Results {
    /// On standard error.
    Stderr,
    /// On standard output.
    Stdout,
    /// On either: nothing is known of the command.
    Both,
    /// In a file that the tool writes.
    File {
        /// The file.
        path: PathBuf,
        /// What it holds before is kept, and is not of this command.
        append: bool,
    },
}

/// What has to be known of a tool to find its option for the output among others, and its end among those of the measured command.
struct Tool {
    name: &'static str,
    subcommand: Option<&'static str>,
    /// Short options with a value.
    short: &'static [u8],
    /// Long options with a value.
    long: &'static [&'static str],
    file: (u8, &'static str),
    default: Results,
}

/// From `tools/perf/builtin-stat.c` of Linux 2.6.31 to 7.2 (abbreviated long options are not known), and ocount(1) of OProfile 1.4.
const TOOLS: [Tool; 2] = [
    Tool {
        name: "perf",
        subcommand: Some("stat"),
        short: b"eMptbCrxGoID",
        long: &[
            "event",
            "metrics",
            "filter",
            "pid",
            "tid",
            "bpf-prog",
            "bpf-attr-map",
            "cpu",
            "repeat",
            "field-separator",
            "cgroup",
            "for-each-cgroup",
            "output",
            "log-fd",
            "pre",
            "post",
            "interval-print",
            "interval-count",
            "timeout",
            "delay",
            "td-level",
            "input",
            "control",
            "cputype",
        ],
        file: (b'o', "output"),
        default: Results::Stderr,
    },
    Tool {
        name: "ocount",
        subcommand: None,
        short: b"eprCfi",
        long: &["events", "process-list", "thread-list", "cpu-list", "output-file", "time-interval"],
        file: (b'f', "output-file"),
        default: Results::Both,
    },
];

impl Plan {
    /// Looks for a tool among the words: wrappers such as `sudo` or `taskset -c 1` may stand before it.
    pub(super) fn of(command: &[OsString]) -> Self {
        let found = command.iter().enumerate().find_map(|(at, word)| {
            let tool = TOOLS.iter().find(|tool| tool.is_called(word))?;
            tool.arguments(&command[at + 1..]).map(|arguments| (tool, arguments))
        });
        match found {
            Some((tool, arguments)) => Self { tool: tool.name, results: tool.results(arguments) },
            None => Self { tool: "output", results: Results::Both },
        }
    }
}

impl Tool {
    /// By its name, with a path or a version as Debian adds it (`perf_6.1`).
    fn is_called(&self, word: &OsStr) -> bool {
        let name = word.as_bytes().rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        name.strip_prefix(self.name.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"_"))
    }

    /// The words after the subcommand; `None` when it is another one.
    fn arguments<'a>(&self, words: &'a [OsString]) -> Option<&'a [OsString]> {
        let Some(subcommand) = self.subcommand else { return Some(words) };
        let at = words.iter().position(|word| !word.as_bytes().starts_with(b"-"))?;
        (words[at] == subcommand).then(|| &words[at + 1..])
    }

    fn results(&self, words: &[OsString]) -> Results {
        let (mut results, mut append) = (self.default.clone(), false);
        let mut words = words.iter().map(|word| word.as_bytes());
        while let Some(word) = words.next().filter(|word| word.len() > 1 && word[0] == b'-' && *word != b"--") {
            let (name, value) = self.option(word, &mut words);
            append |= name == b"append";
            match value {
                Some(value) if name == self.file.1.as_bytes() => results = named(value),
                Some(value) if name == b"log-fd" => results = descriptor(value),
                _ => {}
            }
        }
        match results {
            Results::File { path, append: of_descriptor } => Results::File { path, append: append || of_descriptor },
            results => results,
        }
    }

    /// Name and value of an option; a value may be the next word. The short one that is looked for goes by its long name.
    fn option<'a>(&self, word: &'a [u8], rest: &mut impl Iterator<Item = &'a [u8]>) -> (&'a [u8], Option<&'a [u8]>) {
        if let Some(long) = word.strip_prefix(b"--") {
            let mut parts = long.splitn(2, |&byte| byte == b'=');
            let (name, value) = (parts.next().unwrap_or_default(), parts.next());
            let takes = self.long.iter().any(|known| known.as_bytes() == name);
            return (name, if takes { value.or_else(|| rest.next()) } else { value });
        }
        // Several short options may be one word, the last of them with its value: `-aro3`.
        let Some(at) = word[1..].iter().position(|letter| self.short.contains(letter)).map(|at| at + 1) else {
            return (word, None);
        };
        let value = if at + 1 < word.len() { Some(&word[at + 1..]) } else { rest.next() };
        let name = if word[at] == self.file.0 { self.file.1.as_bytes() } else { &word[at..=at] };
        (name, value)
    }
}

/// A file by its name; some names are streams.
fn named(value: &[u8]) -> Results {
    match value {
        b"/dev/stderr" | b"/dev/fd/2" | b"/proc/self/fd/2" => Results::Stderr,
        b"/dev/stdout" | b"/dev/fd/1" | b"/proc/self/fd/1" => Results::Stdout,
        path => Results::File { path: OsStr::from_bytes(path).into(), append: false },
    }
}

/// A descriptor that the caller opened: what the file behind it holds already is not of this command.
fn descriptor(value: &[u8]) -> Results {
    match value {
        b"1" => Results::Stdout,
        b"2" => Results::Stderr,
        number => {
            let path = [b"/proc/self/fd/", number].concat();
            Results::File { path: OsStr::from_bytes(&path).into(), append: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(command: &str) -> (&'static str, Results) {
        let words: Vec<OsString> = command.split(' ').map(OsString::from).collect();
        let plan = Plan::of(&words);
        (plan.tool, plan.results)
    }

    fn file(path: &str, append: bool) -> Results {
        Results::File { path: path.into(), append }
    }

    #[test]
    fn perf_stat_writes_where_its_own_options_say() {
        for (command, results) in [
            ("perf stat ls -o x", Results::Stderr),
            ("perf stat -e cycles -r3 -- ls -o x", Results::Stderr),
            ("perf stat -o x ls", file("x", false)),
            ("perf stat -ao x ls", file("x", false)),
            ("perf stat -ox --append ls", file("x", true)),
            ("perf stat -x ; --output=x -r 3 ls", file("x", false)),
            ("perf stat --repeat 3 --output x ls", file("x", false)),
            ("perf stat -o /dev/stdout ls", Results::Stdout),
            ("perf stat --log-fd 2 ls", Results::Stderr),
            ("perf stat --log-fd=3 ls", file("/proc/self/fd/3", true)),
            ("perf stat -x -o ls", Results::Stderr),
            ("sudo /usr/bin/perf_6.1 --no-pager stat -o x ls", file("x", false)),
        ] {
            assert_eq!(plan(command), ("perf", results), "{command}");
        }
    }

    #[test]
    fn of_other_commands_everything_is_kept() {
        assert_eq!(plan("ocount -e CPU_CLK_UNHALTED -f x ls"), ("ocount", file("x", false)));
        assert_eq!(plan("ocount -e CPU_CLK_UNHALTED ls -f x"), ("ocount", Results::Both));
        assert_eq!(plan("./bench.sh -o x"), ("output", Results::Both));
        assert_eq!(plan("perf report -o x"), ("output", Results::Both));
    }
}
