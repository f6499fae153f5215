//! What a line of ocount's output is, rows apart.

use crate::parse::lines::behind_blanks;
use crate::parse::number::is_digits;

/// Whose counts stand in the rows: what the column between event and count names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// No such column.
    Run,
    /// `CPU`, with `-c`.
    Cpu,
    /// `Task ID`, with `-t`.
    Task,
}

/// What a line is.
#[derive(Debug, PartialEq)]
pub(super) enum Content<'a> {
    /// Nothing: it parts the blocks.
    Blank,
    /// `Events were actively counted for 3.0 seconds.`: seconds, when they can be read.
    Duration(Option<f64>),
    /// The time of an interval, microseconds since the epoch.
    Time(i64),
    /// `Event counts (actual) for /bin/true:`
    Header {
        /// Whether the counts were extrapolated.
        scaled: bool,
        /// What was counted.
        subject: &'a str,
    },
    /// The titles of a table, and whose counts stand in it.
    Titles(Owner),
    /// A remark of ocount.
    Note,
    /// Something else: a row, or a line of another program.
    Other,
}

/// How a heading begins.
pub(super) const HEADING: &str = "Event counts (";

/// What a line is.
pub(super) fn content(line: &str) -> Content<'_> {
    let text = behind_blanks(line).trim_start();
    // Rows, and most lines of other programs, are told by their first letter.
    match text.bytes().next() {
        None => return Content::Blank,
        Some(b'E' | b'C' | b't' | b'o' | b'a') => {}
        Some(_) => return Content::Other,
    }
    let text = text.trim_end();
    if let Some(duration) = text.strip_prefix("Events were actively counted for ") {
        return Content::Duration(seconds(duration));
    }
    if let Some(time) = time(text) {
        return Content::Time(time);
    }
    header(text).or_else(|| titles(text)).unwrap_or(if is_note(text) { Content::Note } else { Content::Other })
}

fn header(text: &str) -> Option<Content<'_>> {
    let (how, subject) = text.strip_prefix(HEADING)?.split_once(") for ")?;
    let scaled = match how {
        "actual" => false,
        "scaled" => true,
        _ => return None,
    };
    Some(Content::Header { scaled, subject: subject.strip_suffix(':')? })
}

fn titles(text: &str) -> Option<Content<'_>> {
    let between = text.strip_prefix("Event ")?.strip_suffix("% time counted")?.trim().strip_suffix("Count")?;
    match between.trim() {
        "" => Some(Content::Titles(Owner::Run)),
        "CPU" => Some(Content::Titles(Owner::Cpu)),
        "Task ID" => Some(Content::Titles(Owner::Task)),
        _ => None,
    }
}

fn is_note(text: &str) -> bool {
    text.starts_with("ocount: Press Ctl-c or ") || failure(text).is_some()
}

/// How the measured program failed, when the line says so.
pub(super) fn failure(text: &str) -> Option<&str> {
    let text = text.trim();
    let failed =
        text.starts_with("app process exited with the following status: ") || text.starts_with("app process killed by signal ");
    failed.then_some(text)
}

/// `999 nanoseconds.`, `2.8 seconds.`, ` 1 minute and 1 seconds.`
fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(nanoseconds) = text.strip_suffix(" nanoseconds.") {
        return Some(plain(nanoseconds)? / 1e9);
    }
    let text = text.strip_suffix(" seconds.")?;
    match text.split_once(" and ") {
        None => plain(text),
        Some((minutes, seconds)) => {
            let minutes = minutes.strip_suffix(" minutes").or_else(|| minutes.strip_suffix(" minute"))?;
            Some(plain(minutes)? * 60.0 + plain(seconds)?)
        }
    }
}

fn plain(text: &str) -> Option<f64> {
    let is_number =
        text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|value: &f64| is_number && value.is_finite())
}

/// The long form's `Current time (seconds since epoch): 1795360242.0`, the brief form's `timestamp,1795360242.3` for a command and
/// `t:1795360249.2` for everything else; the manual knows only the second.
fn time(text: &str) -> Option<i64> {
    let seconds =
        ["Current time (seconds since epoch): ", "timestamp,", "t:"].iter().find_map(|mark| text.strip_prefix(mark))?;
    let (whole, tenth) = seconds.split_once('.').unwrap_or((seconds, "0"));
    if !is_digits(whole) || !is_digits(tenth) || tenth.len() != 1 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(tenth.parse::<i64>().ok()? * 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_printed_in_three_ways() {
        for (text, seconds) in [
            ("999999999 nanoseconds.", 0.999_999_999),
            ("2.8 seconds.", 2.8),
            (" 1 minute and 1 seconds.", 61.0),
            (" 60 minutes and 0 seconds.", 3600.0),
        ] {
            assert_eq!(content(&format!("Events were actively counted for {text}")), Content::Duration(Some(seconds)));
        }
        assert_eq!(content("Events were actively counted for ages."), Content::Duration(None));
    }

    #[test]
    fn times_are_marked_in_three_ways() {
        for line in ["Current time (seconds since epoch): 1795360242.3", "timestamp,1795360242.3", "t:1795360242.3"] {
            assert_eq!(content(line), Content::Time(1_795_360_242_300_000), "{line}");
        }
        assert_eq!(content("t:5x"), Content::Other);
        assert_eq!(content("timestamp,99999999999999999999.1"), Content::Other);
    }

    #[test]
    fn titles_say_whose_counts_follow() {
        assert_eq!(content("\tEvent                    Count                    % time counted"), Content::Titles(Owner::Run));
        assert_eq!(content("\tEvent   CPU       Count     % time counted"), Content::Titles(Owner::Cpu));
        assert_eq!(content("\tEvent   Task ID   Count     % time counted"), Content::Titles(Owner::Task));
    }
}
