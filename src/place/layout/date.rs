//! Dates in names.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What a date looks like: `20230131` or `2023-01-31`, and after `_`, `-`, `T` or a blank a time, `235959`, `23:59:59` or `23-59-59`.
///
/// The year comes first in all of them: nothing has to be guessed about the order of day and month.
pub(super) const PATTERN: &str = "(?:[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})\
                                  (?:[_T -](?:[0-9]{6}|[0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{2}))?";

/// Microseconds since 1970-01-01 by the clock of the one who wrote the date; `None` when it is no date of the calendar.
///
/// Names state no time zone, as `# started on` does not ([`crate::model::Run::started_at`]). A date without time is its midnight.
pub fn micros(text: &str) -> Option<i64> {
    let (day, time) = split(text)?;
    let (year, month, day) = (digits(&day[..4])?, digits(&day[4..6])?, digits(&day[6..])?);
    let (hour, minute, second) = (digits(&time[..2])?, digits(&time[2..4])?, digits(&time[4..])?);
    let narrow = |number: i16| i8::try_from(number).ok();
    let date = DateTime::new(year, narrow(month)?, narrow(day)?, narrow(hour)?, narrow(minute)?, narrow(second)?, 0).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

/// Eight digits of the day and six of the time.
fn split(text: &str) -> Option<(String, String)> {
    let length = if text.as_bytes().get(4) == Some(&b'-') { 10 } else { 8 };
    let (day, rest) = text.split_at_checked(length)?;
    let time = match rest.strip_prefix(['_', 'T', '-', ' ']) {
        Some(time) => compact(time, 6, &[":", "-"])?,
        None if rest.is_empty() => "000000".to_owned(),
        None => return None,
    };
    Some((compact(day, 8, &["-"])?, time))
}

/// The digits without one of the separators, when there are exactly `length` of them and nothing else.
fn compact(text: &str, length: usize, separators: &[&str]) -> Option<String> {
    let plain = separators.iter().find(|separator| text.contains(**separator));
    let plain = plain.map_or_else(|| text.to_owned(), |separator| text.replace(separator, ""));
    (plain.len() == length && plain.bytes().all(|byte| byte.is_ascii_digit())).then_some(plain)
}

fn digits(text: &str) -> Option<i16> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_date_gives_its_time() {
        // date -u -d '2022-09-05 03:50:40' +%s, date -u -d '2022-09-05' +%s
        for (text, seconds) in [
            ("20220905", 1_662_336_000),
            ("2022-09-05", 1_662_336_000),
            ("20220905_035040", 1_662_349_840),
            ("20220905-035040", 1_662_349_840),
            ("20220905T035040", 1_662_349_840),
            ("2022-09-05T03:50:40", 1_662_349_840),
            ("2022-09-05_03-50-40", 1_662_349_840),
            ("2022-09-05 03:50:40", 1_662_349_840),
            ("20240229", 1_709_164_800),
        ] {
            assert_eq!(micros(text), Some(seconds * 1_000_000), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_or_time_is_no_date() {
        for text in [
            "20230229",
            "20231301",
            "20230132",
            "2023-01-01T24:00:00",
            "20230101_235960",
            "20230101x",
            "2023-0101",
            "",
            "ä2345678",
            "20230101_1234",
            "2023-01-01T",
            "+2023101",
        ] {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
