//! What a condition wants a value to be.

use std::cmp::Ordering;

use hashbrown::HashSet;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use regex::Regex;

use super::field::{Field, Order};
use crate::model::{Kind, ScopeKind, Status};
use crate::store::query::Glob;

/// A value that a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'v> {
    /// Nothing is known.
    Unknown,
    /// A text.
    Text(&'v str),
    /// A number; of a point in time, microseconds since 1970.
    Number(f64),
}

/// What is wanted.
///
/// | written | wants |
/// |---|---|
/// | `sort` | exactly this text or number; of a date, any time of it |
/// | `L1-*`, `5.?.0` | `*` any text, `?` one character |
/// | `~^L[123]` | a regular expression that is found in it |
/// | `>=60`, `<5.10`, `>2024-06` | numbers, versions and times compared |
/// | `=a*b` | this text, be it a pattern or not |
/// | (nothing) | that nothing is known |
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Unknown,
    Exactly(String),
    AnyOf(HashSet<String>),
    Like(Glob),
    Found(Box<Regex>),
    Number(Comparison, f64),
    Version(Comparison, String),
    /// The first microsecond of the time that was written, and the first one after it.
    Time(Comparison, i64, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// The longer sign first.
const SIGNS: [(&str, Comparison); 4] =
    [("<=", Comparison::LessOrEqual), (">=", Comparison::GreaterOrEqual), ("<", Comparison::Less), (">", Comparison::Greater)];

impl Pattern {
    /// Reads a pattern for a field.
    ///
    /// # Errors
    /// It is a comparison with no number, version or time, compares what has no order, or is no regular expression.
    pub fn read(field: &Field, text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), test: test(field, text)? })
    }

    /// The pattern for exactly this text.
    pub fn exactly(text: &str) -> Self {
        Self { text: text.to_owned(), test: Test::Exactly(text.to_owned()) }
    }

    /// The pattern for each of these texts.
    pub fn any_of(texts: HashSet<String>) -> Self {
        Self { text: format!("(one of {})", texts.len()), test: Test::AnyOf(texts) }
    }

    /// The pattern for what is not known.
    pub fn unknown() -> Self {
        Self { text: String::new(), test: Test::Unknown }
    }

    /// The text that it wants, when it wants a single one.
    pub fn literal(&self) -> Option<&str> {
        match &self.test {
            Test::Exactly(text) => Some(text),
            _ => None,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a value is wanted.
    pub fn wants(&self, value: Value<'_>) -> bool {
        match (&self.test, value) {
            (Test::Unknown, value) => value == Value::Unknown,
            (Test::Exactly(wanted), Value::Text(text)) => wanted == text,
            (Test::AnyOf(wanted), Value::Text(text)) => wanted.contains(text),
            (Test::Like(glob), Value::Text(text)) => glob.matches(text),
            (Test::Found(regex), Value::Text(text)) => regex.is_match(text),
            (Test::Number(comparison, wanted), Value::Number(number)) => comparison.holds(number.total_cmp(wanted)),
            (Test::Version(comparison, wanted), Value::Text(text)) => comparison.holds(by_version(text, wanted)),
            (Test::Time(comparison, first, after), Value::Number(at)) => comparison.holds(within(at, *first, *after)),
            _ => false,
        }
    }
}

impl Comparison {
    fn holds(self, found: Ordering) -> bool {
        match self {
            Self::Less => found.is_lt(),
            Self::LessOrEqual => found.is_le(),
            Self::Equal => found.is_eq(),
            Self::GreaterOrEqual => found.is_ge(),
            Self::Greater => found.is_gt(),
        }
    }
}

fn test(field: &Field, text: &str) -> Result<Test, String> {
    if text.is_empty() {
        return Ok(Test::Unknown);
    }
    if let Some((sign, comparison)) = SIGNS.into_iter().find(|(sign, _)| text.starts_with(sign)) {
        return compared(field, comparison, text[sign.len()..].trim());
    }
    match field.order() {
        Order::Number | Order::Time => compared(field, Comparison::Equal, text),
        Order::None | Order::Version => one_of_its_words(field, written(text)?),
    }
}

/// Some fields have a few words as values: another one is a mistake, not an empty answer.
fn one_of_its_words(field: &Field, test: Test) -> Result<Test, String> {
    let words: Vec<&str> = match field {
        Field::Kind => [Kind::Count, Kind::Metric, Kind::Estimate].map(Kind::as_str).to_vec(),
        Field::Status => [Status::Counted, Status::NotCounted, Status::NotSupported].map(Status::as_str).to_vec(),
        Field::Scope => ScopeKind::WORDS.iter().map(|(_, word)| *word).collect(),
        _ => return Ok(test),
    };
    match &test {
        Test::Exactly(word) if !words.contains(&word.as_str()) => {
            Err(format!("'{word}' is no {field}; there are '{}'", words.join("', '")))
        }
        _ => Ok(test),
    }
}

fn written(text: &str) -> Result<Test, String> {
    if let Some(literal) = text.strip_prefix('=') {
        return Ok(Test::Exactly(literal.to_owned()));
    }
    if let Some(regex) = text.strip_prefix('~') {
        // The message of the library shows the expression with a mark below the place.
        let regex = Regex::new(regex).map_err(|error| format!("'{regex}' is no regular expression: {error}"))?;
        return Ok(Test::Found(Box::new(regex)));
    }
    if text.contains(['*', '?']) {
        return Ok(Test::Like(Glob::from(text)));
    }
    Ok(Test::Exactly(text.to_owned()))
}

fn compared(field: &Field, comparison: Comparison, operand: &str) -> Result<Test, String> {
    match field.order() {
        Order::None => Err(format!("'{field}' has no order: > and < make no sense; write =TEXT for a text that begins so")),
        Order::Version if operand.is_empty() => Err("the version to compare with is missing".to_owned()),
        Order::Version => Ok(Test::Version(comparison, operand.to_owned())),
        Order::Number => {
            let number = operand.parse().ok().filter(|number: &f64| number.is_finite());
            let number = number.ok_or_else(|| format!("'{field}' is a number, and '{operand}' is none"))?;
            Ok(Test::Number(comparison, number))
        }
        Order::Time => {
            let (first, after) = span_of(operand).ok_or_else(|| {
                format!("'{operand}' is no time; write 2024, 2024-06, 2024-06-30, 2024-06-30T12:00 or 2024-06-30T12:00:00")
            })?;
            Ok(Test::Time(comparison, first, after))
        }
    }
}

/// The microseconds of what was written, from its first to the first one after it, by the clock of the measured machine.
fn span_of(text: &str) -> Option<(i64, i64)> {
    let micros = |at: DateTime| Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond());
    let day = |text: &str| text.parse::<Date>().ok();
    let from = |date: Date| DateTime::from_parts(date, Time::midnight());
    let one = jiff::Span::new();
    let (first, length) = match text.len() {
        4 => (from(day(&format!("{text}-01-01"))?), one.years(1)),
        7 => (from(day(&format!("{text}-01"))?), one.months(1)),
        10 => (from(day(text)?), one.days(1)),
        16 => (format!("{text}:00").parse().ok()?, one.minutes(1)),
        19 => (text.parse().ok()?, one.seconds(1)),
        _ => return None,
    };
    Some((micros(first)?, micros(first.checked_add(length).ok()?)?))
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a date are exact in a float until the year 2255")]
fn within(at: f64, first: i64, after: i64) -> Ordering {
    if at < first as f64 {
        Ordering::Less
    } else if at < after as f64 {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}

/// Compares versions: runs of digits by value, everything else by bytes, a shorter one first.
///
/// `5.4 < 5.10`; `6.1.0-rc1 < 6.1.0` is not known here, for distributions put what they like behind a dash.
pub fn by_version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (one, other) = (run(a), run(b));
        let order = match (number(one), number(other)) {
            (Some(one), Some(other)) => one.len().cmp(&other.len()).then(one.cmp(other)),
            _ => one.cmp(other),
        };
        if order.is_ne() || one.is_empty() {
            return order;
        }
        (a, b) = (&a[one.len()..], &b[other.len()..]);
    }
}

/// The digits without leading zeros, if it begins with a digit.
fn number(run: &str) -> Option<&str> {
    run.starts_with(|first: char| first.is_ascii_digit()).then(|| run.trim_start_matches('0'))
}

/// The longest beginning that is all digits or has none.
fn run(text: &str) -> &str {
    let digits = text.starts_with(|first: char| first.is_ascii_digit());
    let end = text.find(|letter: char| letter.is_ascii_digit() != digits).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(field: &Field, pattern: &str, text: &str) -> bool {
        Pattern::read(field, pattern).unwrap().wants(Value::Text(text))
    }

    #[test]
    fn texts_match_exactly_by_pattern_or_by_expression() {
        assert!(wants(&Field::Event, "cycles", "cycles") && !wants(&Field::Event, "cycles", "cycles:u"));
        assert!(wants(&Field::Event, "L1-*", "L1-dcache-loads") && wants(&Field::Event, "~^L[12]-", "L1-dcache-loads"));
        assert!(wants(&Field::Event, "=a*b", "a*b") && !wants(&Field::Event, "=a*b", "axb"));
        assert!(Pattern::read(&Field::Host, "").unwrap().wants(Value::Unknown) && !wants(&Field::Host, "", "a"));
    }

    #[test]
    fn versions_and_kernels_compare_by_their_numbers() {
        assert!(wants(&Field::Kernel, "<5.10", "5.4.0-42-generic") && !wants(&Field::Kernel, "<5.10", "5.10.1"));
        assert!(wants(&Field::Kernel, ">=5.10", "5.10") && wants(&Field::ToolVersion, ">4.9", "4.18.0"));
        assert!(wants(&Field::Label("threads".to_owned()), ">=8", "16") && !wants(&Field::Label("t".to_owned()), ">=8", "4"));
    }

    #[test]
    fn numbers_compare_as_numbers() {
        let model = |pattern| Pattern::read(&Field::Model, pattern).unwrap().wants(Value::Number(60.0));
        assert!(model(">=60") && model("60") && model("<=60") && !model(">60") && !model("<60"));
        assert!(!Pattern::read(&Field::Model, "<60").unwrap().wants(Value::Unknown), "what is unknown is not small");
    }

    #[test]
    fn a_time_stands_for_all_of_it() {
        // date -u -d 2024-06-30T12:34:56 +%s
        let at = 1_719_750_896e6;
        let started = |pattern| Pattern::read(&Field::Started, pattern).unwrap().wants(Value::Number(at));
        assert!(["2024", "2024-06", "2024-06-30", "2024-06-30T12:34", "2024-06-30T12:34:56"].into_iter().all(started));
        assert!(started(">=2024-06-30") && started("<=2024-06-30") && !started(">2024-06") && started("<2024-07"));
    }

    #[test]
    fn what_cannot_be_read_says_where_or_what_would_do() {
        let error = |field: &Field, pattern| Pattern::read(field, pattern).unwrap_err();
        assert!(error(&Field::Event, "~a(b").contains("a(b\n"), "{}", error(&Field::Event, "~a(b"));
        assert_eq!(error(&Field::Model, ">=new"), "'model' is a number, and 'new' is none");
        assert_eq!(error(&Field::Kind, "cuont"), "'cuont' is no kind; there are 'count', 'metric', 'estimate'");
        assert!(error(&Field::Host, ">a").starts_with("'host' has no order"));
        assert!(error(&Field::Started, "yesterday").contains("2024-06-30"));
    }
}
