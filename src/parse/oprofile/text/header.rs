//! What stands above the table: the CPU, and one line for each column.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{digit1, i32 as integer, i64 as long};
use nom::combinator::{all_consuming, map, opt, rest};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::parse::oprofile::speed::Speed;

/// `CPU: Core 2, speed 2666.76 MHz (estimated)`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cpu {
    /// The name for people; machine names stand in XML only.
    pub(super) name: String,
    /// Its speed, where one is stated.
    pub(super) speed: Option<Speed>,
}

/// Reads the line of the CPU; a copy may have lost its first letter.
pub(super) fn cpu(text: &str) -> Option<Cpu> {
    let text = text.trim();
    let whole = text.strip_prefix("CPU: ");
    let rest = whole.or_else(|| text.strip_prefix("PU: ").filter(|rest| rest.contains(", speed ")))?;
    let Some((name, speed)) = rest.rsplit_once(", speed ") else {
        return Some(Cpu { name: rest.to_owned(), speed: None });
    };
    let speed = Speed::of(speed.strip_suffix(" MHz (estimated)")?)?;
    Some(Cpu { name: name.to_owned(), speed: Some(speed) })
}

/// What a line says of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stated {
    /// `Counted NAME events (..) with a unit mask of 0xHEX (..) count N`
    Event { name: String, mask: String, period: i64 },
    /// `Unknown event`: its code is not in the tables of the machine that printed the report.
    Unknown,
    /// `Profiling through timer interrupt`
    Timer,
    /// `Samples on CPU 0`
    Cpu(i32),
    /// `Processes with a thread group ID of 4711`
    Process(i64),
    /// `Processes with a thread ID of 4711`
    Thread(i64),
}

/// Whether a line states an event, or begins to.
pub(super) fn is_class(text: &str) -> bool {
    let text = text.trim_start();
    let counted = begins_counted(text) && (text.contains("with a unit") || text.contains(" events ("));
    counted || text == "Profiling through timer interrupt"
}

/// Whether a line begins one that states an event; mail wraps it.
pub(super) fn begins_counted(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix("Counted ");
    rest.and_then(|rest| rest.split_once(' ')).is_some_and(|(_, rest)| rest.starts_with("events (") || rest == "events")
}

/// Whether a line begins as one of those that [`stated`] reads: most lines are rows, and this is asked of each.
pub(super) fn may_state(text: &str) -> bool {
    text.trim_start().starts_with(['C', 'U', 'P', 'S'])
}

/// Reads a whole line.
///
/// Descriptions may hold parentheses, so the line is read from both ends.
pub(super) fn stated(text: &str) -> Option<Stated> {
    let text = text.trim();
    let Some(counted) = text.strip_prefix("Counted ") else {
        return all_consuming(short_line).parse(text).ok().map(|(_, stated)| stated);
    };
    let (name, rest) = counted.split_once(' ')?;
    let (rest, period) = parted_at_last(rest.strip_prefix("events (")?, ") count ")?;
    let (_, mask) = parted_at_last(rest, ") with a unit mask of ")?;
    let (mask, _) = mask.split_once(" (")?;
    let hex = mask.strip_prefix("0x").filter(|hex| !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let is_name = !name.is_empty() && hex.len() <= 16;
    let (_, period) = all_consuming(unsigned).parse(period).ok()?;
    is_name.then(|| Stated::Event { name: name.to_owned(), mask: mask.to_owned(), period })
}

/// What stands before and behind the last of these words, which begin with a parenthesis.
fn parted_at_last<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let at = memchr::memrchr_iter(b')', text.as_bytes()).find(|&at| text[at..].starts_with(words))?;
    Some((&text[..at], &text[at + words.len()..]))
}

fn unsigned(input: &str) -> IResult<&str, i64> {
    let (rest, digits) = digit1(input)?;
    digits
        .parse()
        .map(|number| (rest, number))
        .map_err(|_| nom::Err::Error(nom::error::make_error(input, nom::error::ErrorKind::Digit)))
}

fn short_line(input: &str) -> IResult<&str, Stated> {
    alt((
        map(tag("Unknown event"), |_| Stated::Unknown),
        map(tag("Profiling through timer interrupt"), |_| Stated::Timer),
        map(preceded(tag("Samples on CPU "), integer), Stated::Cpu),
        map(preceded(tag("Processes with a thread group ID of "), long), Stated::Process),
        map(preceded(tag("Processes with a thread ID of "), long), Stated::Thread),
    ))
    .parse(input)
}

/// The event of a title such as `L2_RQSTS:500`: name and period; a long one is cut to 14 characters and `...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    /// The name when it is whole.
    pub(super) name: Option<String>,
    /// The period when it is whole.
    pub(super) period: Option<i64>,
    /// The text as printed.
    pub(super) text: String,
}

/// Reads one cell of the line of titles.
pub(super) fn title(text: &str) -> Title {
    let cell: IResult<&str, (&str, Option<&str>)> = (take_while1(|c| c != ':'), opt(preceded(tag(":"), rest))).parse(text);
    let (name, period) = match cell {
        Ok((_, (name, Some(period)))) => (Some(name.to_owned()), period.parse().ok()),
        _ => (None, None),
    };
    Title { name, period, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpus_have_any_name_and_speeds_of_two_units() {
        let read = |text: &str| {
            cpu(text).map(|cpu| (cpu.name, cpu.speed.and_then(|speed| speed.mhz), cpu.speed.is_some_and(|speed| speed.was_khz)))
        };
        assert_eq!(read("CPU: Core 2, speed 2666.76 MHz (estimated)"), Some(("Core 2".into(), Some(2666.76), false)));
        assert_eq!(read("CPU: Core 2, speed 2.401e+06 MHz (estimated)"), Some(("Core 2".into(), Some(2401.0), true)));
        assert_eq!(read("CPU: P4 / Xeon, speed 2, speed 0 MHz (estimated)"), Some(("P4 / Xeon, speed 2".into(), None, false)));
        assert_eq!(read("CPU: CPU with timer interrupt"), Some(("CPU with timer interrupt".into(), None, false)));
        assert_eq!(read("CPU: x, speed fast MHz (estimated)"), None);
    }

    #[test]
    fn an_event_is_read_whatever_its_descriptions_hold() {
        let event = |name: &str, mask: &str, period| Some(Stated::Event { name: name.into(), mask: mask.into(), period });
        let read = |rest: &str| stated(&format!("Counted {rest}"));
        assert_eq!(
            read("X events ((Group 22 pm) count 5) with a unit mask of 0x00 (a (b)) count 1000"),
            event("X", "0x00", 1000)
        );
        assert_eq!(read("x events () with a unit mask of 0x1000001 () count 1"), event("x", "0x1000001", 1));
        assert_eq!(read("X events (a) with a unit mask of 0x (b) count 1"), None);
        assert_eq!(read("X events (a) with a unit mask of 0x00 (b) count"), None);
        assert_eq!(read("X events (a) with a unit mask of 0x00 (b) count 99999999999999999999"), None);
    }

    #[test]
    fn other_columns_are_cpus_processes_threads_and_the_clock() {
        assert_eq!(stated("Samples on CPU 7"), Some(Stated::Cpu(7)));
        assert_eq!(stated("Processes with a thread group ID of 4711"), Some(Stated::Process(4711)));
        assert_eq!(stated("Processes with a thread ID of 4711"), Some(Stated::Thread(4711)));
        assert_eq!(stated("Profiling through timer interrupt"), Some(Stated::Timer));
        assert_eq!(stated("Unknown event"), Some(Stated::Unknown));
        assert_eq!(stated("Unknown events"), None);
    }

    #[test]
    fn a_title_tells_the_name_when_it_reaches_the_colon() {
        let read = |text: &str| (title(text).name, title(text).period);
        assert_eq!(read("L2_RQSTS:500"), (Some("L2_RQSTS".into()), Some(500)));
        assert_eq!(read("INST_RETIRED:2..."), (Some("INST_RETIRED".into()), None));
        assert_eq!(read("CPU_CLK_UNHALT..."), (None, None));
    }
}
