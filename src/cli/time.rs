//! Points in time and durations as people type them.

use std::str::FromStr;

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// A length of time: `90` (seconds), `90s`, `10m`, `12h`, `2d`, `1w`, `1h 30m`. Days have 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length(SignedDuration);

impl Length {
    /// Microseconds.
    pub(super) fn micros(self) -> i64 {
        i64::try_from(self.0.as_micros()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("'{text}' is no length of time; write seconds (90), or a number with a unit (90s, 10m, 12h, 2d, 1w)");
        if let Ok(seconds) = text.parse::<u32>() {
            return Ok(Self(SignedDuration::from_secs(seconds.into())));
        }
        let span: Span = text.parse().map_err(|_| wrong())?;
        let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
        if length.is_negative() { Err(wrong()) } else { Ok(Self(length)) }
    }
}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// RFC 3339.
    At(Timestamp),
    /// A whole day of UTC, as every output here tells time.
    Day(Date),
    /// So long before now.
    Ago(Length),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "'{text}' is no point in time; write 2026-11-22 (UTC), 2026-11-22T20:15:00Z, or how long ago: 90m, 12h, 2d, 1w"
            )
        };
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        // A date may be followed by a time without a zone, which could be read two ways.
        if let Ok(day) = text.parse::<Date>() {
            return if text.len() == "2026-11-22".len() { Ok(Self::Day(day)) } else { Err(wrong()) };
        }
        let has_unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
        text.parse().ok().filter(|_| has_unit).map(Self::Ago).ok_or_else(wrong)
    }
}

impl Moment {
    /// The first microsecond since the epoch that it means.
    pub(super) fn begin(self, now: i64) -> i64 {
        match self {
            Self::At(at) => at.as_microsecond(),
            Self::Day(day) => in_utc(day, time(0, 0, 0, 0)),
            Self::Ago(length) => now.saturating_sub(length.micros()),
        }
    }

    /// The last microsecond since the epoch that it means: the end of a day.
    pub(super) fn end(self, now: i64) -> i64 {
        match self {
            Self::Day(day) => in_utc(day, time(23, 59, 59, 999_999_000)),
            moment => moment.begin(now),
        }
    }
}

/// The days at the very ends of the calendar of jiff are no points in time of it.
fn in_utc(day: Date, time: jiff::civil::Time) -> i64 {
    let extreme = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    TimeZone::UTC.to_timestamp(day.to_datetime(time)).unwrap_or(extreme).as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T12:00:00Z, from `date -u -d ... +%s`.
    const NOON: i64 = 1_795_348_800_000_000;

    fn limits(text: &str) -> (i64, i64) {
        let moment: Moment = text.parse().unwrap();
        ((moment.begin(NOON) - NOON) / 1_000_000, (moment.end(NOON) - NOON) / 1_000_000)
    }

    #[test]
    fn a_moment_is_a_day_a_time_or_so_long_ago() {
        assert_eq!(limits("2026-11-22"), (-12 * 3600, 12 * 3600 - 1));
        assert_eq!(limits("2026-11-22T13:00:00+01:00"), (0, 0));
        assert_eq!(limits("2026-11-22 12:00:01Z"), (1, 1));
        assert_eq!(limits("2d"), (-2 * 86400, -2 * 86400));
        assert_eq!(limits("1w"), (-7 * 86400, -7 * 86400));
        assert_eq!(limits("1h 30m"), (-5400, -5400));
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        for text in ["", "3600", "yesterday", "2026-11-22T12:00:00", "2026-13-01", "1mo", "-2d", "2d ago"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_length_without_a_unit_is_seconds() {
        let micros = |text: &str| text.parse::<Length>().map(Length::micros);
        assert_eq!((micros("60"), micros("10m"), micros("0.5h")), (Ok(60_000_000), Ok(600_000_000), Ok(1_800_000_000)));
        assert!(micros("-1").is_err() && micros("1 month").is_err());
    }
}
