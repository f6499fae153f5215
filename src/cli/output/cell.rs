//! One value of a listing.

use std::borrow::Cow;
use std::io::Write;

use crate::cli::escape::escaped;
use crate::store::query::ResultRecord;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) enum Cell<'a> {
    /// Unknown, or not given.
    Empty,
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes, shown as hexadecimal digits.
    Hex(&'a [u8]),
    /// An exact number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A number that was computed: tables round it to six digits.
    Computed(f64),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

/// A number, and one that may be unknown.
macro_rules! from_number {
    ($($number:ty => $cell:ident),+) => {$(
        impl From<$number> for Cell<'_> {
            fn from(number: $number) -> Self {
                Self::$cell(number.into())
            }
        }

        impl From<Option<$number>> for Cell<'_> {
            fn from(number: Option<$number>) -> Self {
                number.map_or(Self::Empty, Self::from)
            }
        }
    )+};
}

from_number!(i64 => Int, i32 => Int, f64 => Float);

impl<'a> From<&'a Option<String>> for Cell<'a> {
    fn from(text: &'a Option<String>) -> Self {
        text.as_deref().map_or(Self::Empty, Self::from)
    }
}

impl Cell<'_> {
    /// The number of a result: an integer where it is one, for the float beside it rounds above 2^53.
    pub(in crate::cli) fn number_of(result: &ResultRecord<'_>) -> Self {
        result.exact().map_or(Self::from(result.value), Self::Int)
    }

    /// A time of ours, microseconds since the epoch, as RFC 3339 in UTC.
    pub(in crate::cli) fn instant(micros: i64) -> Self {
        match jiff::Timestamp::from_microsecond(micros) {
            Ok(time) => Self::Text(Cow::Owned(time.to_string())),
            Err(_) => Self::Int(micros),
        }
    }

    /// A time by the clock on the wall of another machine: as RFC 3339, without zone.
    pub(in crate::cli) fn wall_clock(micros: i64) -> Self {
        match jiff::Timestamp::from_microsecond(micros) {
            Ok(time) => Self::Text(Cow::Owned(time.to_string().trim_end_matches('Z').to_owned())),
            Err(_) => Self::Int(micros),
        }
    }

    /// Whether it is printed to the right of its column.
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Float(_) | Self::Computed(_))
    }

    /// The value as text.
    pub(in crate::cli) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => escaped(text),
            Self::Hex(bytes) => Cow::Owned(hex(bytes)),
            Self::Int(number) => Cow::Owned(number.to_string()),
            Self::Float(number) | Self::Computed(number) => Cow::Owned(float(*number)),
        }
    }

    /// The value in CSV.
    pub(super) fn guarded(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => guarded(text),
            _ => self.plain(),
        }
    }

    /// The value for people.
    pub(in crate::cli) fn rounded(&self) -> Cow<'_, str> {
        match self {
            Self::Computed(number) => Cow::Owned(six_digits(*number)),
            _ => self.plain(),
        }
    }

    /// A computed number that may be undefined.
    pub(in crate::cli) fn computed(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Computed)
    }
}

/// Six digits, but every one before the point; an exponent below 0.0001.
fn six_digits(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return float(number);
    }
    let magnitude = number.abs().log10().floor();
    if magnitude < -4.0 {
        return float(format!("{number:.5e}").parse().unwrap_or(number));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 9")]
    let decimals = (5.0 - magnitude).max(0.0) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The shortest text that reads back as the same number, with an exponent where it would be long.
fn float(number: f64) -> String {
    text_of(|text| push_float(text, number))
}

/// The same at the end of a line.
pub(super) fn push_float(line: &mut Vec<u8>, number: f64) {
    // Where neither writes an exponent they write the same, but for the last digit where two are equally near.
    if number == 0.0 || (1e-4..1e16).contains(&number.abs()) {
        line.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        // Writing to memory cannot fail.
        let _ = write!(line, "{number:?}");
    }
    if line.ends_with(b".0") {
        line.truncate(line.len() - 2);
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    text_of(|text| push_hex(text, bytes))
}

/// The same at the end of a line.
pub(super) fn push_hex(line: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    line.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| DIGITS[usize::from(half)]));
}

/// What is written is ASCII.
fn text_of(push: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    push(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// No formula of a spreadsheet; what begins with the guard itself gets another one, so that taking one away gives the text back.
fn guarded(text: &str) -> Cow<'_, str> {
    let escaped = escaped(text);
    let looks_like_formula = escaped.starts_with(['=', '+', '-', '@', '\'']) && escaped.parse::<f64>().is_err();
    if looks_like_formula { Cow::Owned(format!("'{escaped}")) } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_and_foreign_clocks_have_no_zone() {
        // date -u -d @1700000000 gives Tue Nov 14 22:13:20 UTC 2023
        assert_eq!(Cell::instant(1_700_000_000_000_000), Cell::from("2023-11-14T22:13:20Z"));
        assert_eq!(Cell::wall_clock(1_700_000_000_500_000), Cell::from("2023-11-14T22:13:20.5"));
        assert_eq!(Cell::instant(-1), Cell::from("1969-12-31T23:59:59.999999Z"));
        assert_eq!(Cell::instant(i64::MAX), Cell::Int(i64::MAX));
    }

    #[test]
    fn numbers_read_back_as_they_were() {
        for (number, text) in [(0.1, "0.1"), (3.0, "3"), (1e22, "1e22"), (5e-324, "5e-324"), (-0.0, "-0")] {
            assert_eq!(Cell::Float(number).plain(), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_is_as_short_as_that_of_the_standard_library_and_reads_back(
            any: f64, decimal in -10_000_000_i64..10_000_000, places in 0_i32..12, at_an_edge in -3_i64..3,
        ) {
            #[expect(clippy::cast_precision_loss, reason = "any number will do")]
            let decimal = decimal as f64 / 10_f64.powi(places);
            let edge = |edge: f64| f64::from_bits(edge.to_bits().wrapping_add_signed(at_an_edge));
            for number in [any, decimal, edge(1e-4), edge(1e16), edge(1e15)] {
                let (text, debug) = (float(number), format!("{number:?}"));
                proptest::prop_assert_eq!(text.len(), debug.strip_suffix(".0").unwrap_or(&debug).len(), "{}", debug);
                proptest::prop_assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
            }
        }
    }

    #[test]
    fn people_get_six_digits_of_what_was_computed() {
        let shown =
            [(1_234_567.8, "1234568"), (2.0 / 3.0, "0.666667"), (12.5, "12.5"), (1.234_567_8e-5, "1.23457e-5"), (0.0, "0")];
        for (number, text) in shown {
            assert_eq!(Cell::Computed(number).rounded(), text);
            assert_eq!(Cell::Computed(number).plain(), Cell::Float(number).plain());
        }
    }

    #[test]
    fn text_of_the_right_to_left_kind_keeps_its_letters_and_loses_its_overrides() {
        assert_eq!(Cell::from("é\u{202e}x\u{9b}").plain(), "é\\u{202e}x\\u{9b}");
    }
}
