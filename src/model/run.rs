//! One execution of a tool.

/// What a source says about one execution of a tool.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Line of the file where its output begins, from 1.
    pub line: u32,
    /// Version of the tool where the file states it; `perf stat` never does, but scripts put `perf version ...` in front.
    pub tool_version: Option<String>,
    /// The command line that was measured, as printed (perf joins the arguments with blanks and escapes nothing).
    pub command: Option<String>,
    /// What was measured when it was no command: `system wide`, `process id '12'`, `CPU(s) 0,1`.
    pub target: Option<String>,
    /// Start by the clock on the wall of the measured machine, microseconds since 1970-01-01 of that clock.
    ///
    /// `# started on` names no time zone, so this orders runs of one machine; across machines it is as good as their zones.
    pub started_at: Option<i64>,
    /// Elapsed time, seconds; the mean over the repeats.
    pub wall_seconds: Option<f64>,
    /// Standard error of the elapsed time in percent, with repeats.
    pub wall_spread_percent: Option<f64>,
    /// User time, seconds.
    pub user_seconds: Option<f64>,
    /// System time, seconds.
    pub sys_seconds: Option<f64>,
    /// Number of repeats that the numbers are means of (`-r N`); `None` when not printed.
    pub repeats: Option<i32>,
}
