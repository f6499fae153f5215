//! The line that `-o` puts before each output: `# started on Sun Nov 22 15:05:08 2026`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The start in microseconds since 1970-01-01 by the clock of the measured machine; `None` when the line is another.
///
/// perf prints `ctime(3)`: the C locale and no time zone, in every version and format (tools/perf/builtin-stat.c).
pub(crate) fn started_on(line: &str) -> Option<i64> {
    let text = line.strip_prefix("# started on ")?.trim_end();
    let time = DateTime::strptime("%a %b %e %H:%M:%S %Y", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_time_is_kept_as_it_stands() {
        // date -u -d '2026-11-22 15:05:08' +%s
        assert_eq!(started_on("# started on Sun Nov 22 15:05:08 2026"), Some(1_795_359_908_000_000));
        assert_eq!(started_on("# started on Mon Sep  5 03:50:40 2022\r"), Some(1_662_349_840_000_000));
        assert_eq!(started_on("# started on Blursday"), None);
        assert_eq!(started_on("started on Sun Nov 22 15:05:08 2026"), None);
    }
}
