//! What a text without results is, in one phrase for the report.
//!
//! A guess for people: nothing depends on it. The first row that fits wins, so what is special stands before what is general.

use crate::parse::lines::Mark;

/// How much of a text is looked at, in bytes.
const SAMPLE: usize = 64 * 1024;

/// How many lines say what a table is.
const ROWS: usize = 20;

/// Whether a text holds words, whose search is prepared once.
macro_rules! holds {
    ($text:expr, $words:expr) => {{
        static MARK: Mark = Mark::new($words);
        MARK.is_in($text)
    }};
}

/// Whether one of its lines begins with them.
macro_rules! starts_a_line {
    ($text:expr, $words:literal) => {
        ($text.starts_with($words) || holds!($text, concat!("\n", $words)))
    };
}

type Guess = (&'static str, fn(&str) -> bool);

const GUESSES: &[Guess] = &[
    ("blank text", |text| text.trim().is_empty()),
    ("git LFS pointer", |text| text.starts_with("version https://git-lfs.github.com/spec/")),
    ("WindowsPerf (wperf) output", |text| {
        holds!(text, "Performance counter stats for core") || holds!(text, "WindowsPerf") || holds!(text, "wperf ")
    }),
    ("perf report output", |text| {
        holds!(text, "# Overhead ")
            || holds!(text, "\n# Samples: ")
            || holds!(text, "(For a higher level overview, try: perf report")
    }),
    ("perf record or perf.data header text", |text| holds!(text, "# captured on") || holds!(text, "# perf version :")),
    ("perf record messages", |text| holds!(text, "[ perf record: ")),
    ("perf annotate output", |text| holds!(text, "Percent |\tSource code & Disassembly") || holds!(text, " Percent | ")),
    ("perf list output", |text| holds!(text, "[Hardware event]") || holds!(text, "[Tracepoint event]")),
    ("perf script output", is_perf_script),
    ("failed perf run", |text| {
        holds!(text, "perf: command not found")
            || holds!(text, "WARNING: perf not found")
            || holds!(text, "Usage: perf stat")
            || holds!(text, "usage: perf stat")
            || holds!(text, "perf_event_open(")
            || holds!(text, "Access to performance monitoring")
    }),
    ("opannotate output", |text| holds!(text, "* Command line: opannotate")),
    ("failed opreport run", is_failed_opreport),
    ("opreport usage", |text| holds!(text, "Usage: opreport [") || holds!(text, "usage: opreport [")),
    ("operf log", |text| holds!(text, "-- OProfile/operf Statistics --")),
    ("operf console output", |text| {
        starts_a_line!(text, "operf: ") || starts_a_line!(text, "Profiling done.") || holds!(text, "Usage: operf [")
    }),
    ("opcontrol console output", |text| {
        holds!(text, "Using 2.6+ OProfile kernel interface.")
            || holds!(text, "Daemon not running")
            || starts_a_line!(text, "Stopping profiling.")
            || starts_a_line!(text, "opcontrol: ")
    }),
    ("opreport output", |text| holds!(text, "Counted ") && holds!(text, " events (") && holds!(text, "with a unit mask of")),
    ("ocount output", |text| holds!(text, "Events were actively counted for")),
    ("papi_component_avail output", |text| holds!(text, "Available components and hardware information.")),
    ("PAPI report", |text| holds!(text, "PAPI Version") || starts_a_line!(text, "PAPI_") || holds!(text, "\"PAPI_")),
    ("likwid-perfctr output", |text| holds!(text, "LIKWID") || holds!(text, "CPU name:\t")),
    ("turbostat output", |text| holds!(text, "turbostat version") || (holds!(text, "Bzy_MHz") && holds!(text, "TSC_MHz"))),
    ("valgrind output", |text| {
        holds!(text, "== Memcheck,") || holds!(text, "== Cachegrind,") || text.starts_with("# callgrind format")
    }),
    ("sysstat report (sar, iostat, mpstat, pidstat)", |text| text.starts_with("Linux ") && holds!(first_line(text), " CPU)")),
    ("vmstat output", |text| holds!(text, "procs -----------memory")),
    ("/proc/cpuinfo", |text| {
        text.starts_with("processor") && (holds!(text, "\nmodel name") || holds!(text, "\nCPU implementer"))
    }),
    ("lscpu output", |text| text.starts_with("Architecture:") && holds!(text, "CPU(s):")),
    ("/proc/meminfo", |text| text.starts_with("MemTotal:")),
    ("/proc/interrupts", |text| text.trim_start().starts_with("CPU0 ") && holds!(text, "interrupts")),
    ("uname output", |text| text.lines().count() == 1 && text.starts_with("Linux ")),
    ("GNU time output", |text| holds!(text, "Maximum resident set size (kbytes)")),
    ("HTML or XML", |text| text.trim_start().starts_with('<') && text.trim_end().ends_with('>')),
    ("JSON lines", |text| rows(text).count() > 1 && rows(text).all(|row| is_json(row) && row.ends_with('}'))),
    ("JSON", is_json),
    ("script", |text| text.starts_with("#!")),
    ("C or C++ source", |text| starts_a_line!(text, "#include <") || starts_a_line!(text, "#include \"")),
    ("Python source", |text| starts_a_line!(text, "import ") || (starts_a_line!(text, "def ") && holds!(text, "):\n"))),
    ("patch", |text| starts_a_line!(text, "diff --git ") || (starts_a_line!(text, "--- ") && starts_a_line!(text, "@@ "))),
    ("Markdown", |text| {
        text.starts_with("# ") && (holds!(text, "\n## ") || holds!(text, "```") || holds!(text, "](") || holds!(text, "**"))
    }),
    ("comma-separated table", |text| is_table(text, ',')),
    ("semicolon-separated table", |text| is_table(text, ';')),
    ("tab-separated table", |text| is_table(text, '\t')),
    ("YAML or other key: value text", |text| rows(text).count() > 1 && rows(text).all(is_key_value)),
    ("kernel log", |text| rows(text).count() > 0 && rows(text).all(is_kernel_message)),
    ("configuration file", |text| {
        rows(text).any(|row| row.starts_with('[') && row.ends_with(']'))
            && rows(text).all(|row| row.starts_with(['[', '#', ';']) || row.contains('='))
    }),
];

/// The phrase.
pub(super) fn taken_for(text: &str) -> &'static str {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    GUESSES.iter().find(|(_, fits)| fits(sample)).map_or("text", |(name, _)| name)
}

/// The messages with which opreport ends before it prints a report.
fn is_failed_opreport(text: &str) -> bool {
    starts_a_line!(text, "opreport error: ")
        || holds!(text, "no sample files found: profile specification too strict")
        || holds!(text, "are meaningless without --symbols")
        || holds!(text, "is meaningless without --symbols")
        || starts_a_line!(text, "opreport: ")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// The first lines that are not blank.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty()).take(ROWS)
}

/// The beginning decides: a sample of a long text is no whole value.
fn is_json(text: &str) -> bool {
    let text = text.trim();
    let inner = |open, close| {
        let rest: Option<&str> = text.strip_prefix(open);
        rest.is_some_and(|rest| rest.trim_start().starts_with(['"', '{', '[', close]))
    };
    inner('{', '}') || inner('[', ']') || (text.starts_with('[') && text.ends_with(']') && text.contains(','))
}

/// Every row has the same number of separators, and there is more than one row.
fn is_table(text: &str, separator: char) -> bool {
    let mut widths = rows(text).map(|row| row.matches(separator).count());
    let Some(first) = widths.next() else { return false };
    let mut others = 0;
    first > 0 && widths.inspect(|_| others += 1).all(|width| width == first) && others > 0
}

fn is_key_value(row: &str) -> bool {
    let key = |row: &str| {
        row.split_once(':').is_some_and(|(key, rest)| !key.contains(' ') && (rest.is_empty() || rest.starts_with(' ')))
    };
    let row = row.trim_start();
    row.starts_with('#') || row.starts_with("- ") || row == "---" || key(row)
}

/// `[    0.123456] message`
fn is_kernel_message(row: &str) -> bool {
    let stamp = row.strip_prefix('[').and_then(|row| row.split_once("] "));
    stamp.is_some_and(|(seconds, _)| seconds.trim_start().parse::<f64>().is_ok())
}

/// `comm pid [cpu] seconds.micros: period event:` opens a sample.
fn is_perf_script(text: &str) -> bool {
    let sample = |row: &str| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let seconds = words
            .iter()
            .position(|word| word.strip_suffix(':').is_some_and(|word| word.parse::<f64>().is_ok() && word.contains('.')));
        let Some(at) = seconds else { return false };
        at >= 2
            && words[1..at].iter().any(|word| word.parse::<u32>().is_ok())
            && words[at + 1..].iter().any(|word| word.ends_with(':'))
    };
    first_line(text.trim_start()).len() < 400 && rows(text).next().is_some_and(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_of_other_programs_are_named() {
        for (text, name) in [
            (" \n\n", "blank text"),
            ("counting ... done\n\nPerformance counter stats for core 0, no multiplexing:\n", "WindowsPerf (wperf) output"),
            ("# Overhead  Command  Shared Object\n", "perf report output"),
            ("ls  1234 [003] 1234.567890:     250000 cycles:u:  7f3 main+0x1 (/bin/ls)\n", "perf script output"),
            ("  cpu-cycles OR cycles      [Hardware event]\n", "perf list output"),
            ("[ perf record: Woken up 1 times to write data ]\n", "perf record messages"),
            ("Available components and hardware information.\n-----\nPAPI version : 7\n", "papi_component_avail output"),
            ("bash: perf: command not found\n", "failed perf run"),
            ("processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: x\n", "/proc/cpuinfo"),
            ("/* \n * Command line: opannotate --source x\n", "opannotate output"),
            ("opreport error: No sample file found: try running opcontrol --dump\n", "failed opreport run"),
            ("error: no sample files found: profile specification too strict ?\n", "failed opreport run"),
            ("different profiles are meaningless without --symbols\n", "failed opreport run"),
            ("operf: Profiler started\n\nProfiling done.\n", "operf console output"),
            ("Profiling started at x\n\n-- OProfile/operf Statistics --\n", "operf log"),
            ("Using 2.6+ OProfile kernel interface.\nDaemon started.\nProfiler running.\n", "opcontrol console output"),
            ("Architecture:        x86_64\nCPU(s):              4\n", "lscpu output"),
            ("Linux 5.10.0 (host) \t04/27/2022 \t_x86_64_\t(1 CPU)\n", "sysstat report (sar, iostat, mpstat, pidstat)"),
            ("Linux host 6.1.0 #1 SMP x86_64 GNU/Linux\n", "uname output"),
        ] {
            assert_eq!(taken_for(text), name, "{text:?}");
        }
    }

    #[test]
    fn common_texts_are_named() {
        for (text, name) in [
            ("{\n  \"a\": 1\n}\n", "JSON"),
            ("{\"a\": 1}\n{\"a\": 2}\n", "JSON lines"),
            ("[1, 2]\n", "JSON"),
            ("<html>\n</html>\n", "HTML or XML"),
            ("#!/bin/sh\nperf stat ls\n", "script"),
            ("#include <stdio.h>\n", "C or C++ source"),
            ("import os\nos.exit()\n", "Python source"),
            ("# Results\n\n## Machine\n", "Markdown"),
            ("a,b,c\n1,2,3\n", "comma-separated table"),
            ("a\tb\n1\t2\n", "tab-separated table"),
            ("time: 1.5\ni.cycles: 42\n", "YAML or other key: value text"),
            ("[a]\nb = 1\n", "configuration file"),
            ("[    0.000000] Booting Linux\n[    0.5] smp: up\n", "kernel log"),
            ("a, b, and c\nd, e\n", "text"),
        ] {
            assert_eq!(taken_for(text), name, "{text:?}");
        }
    }
}
