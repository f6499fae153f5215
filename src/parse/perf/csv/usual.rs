//! The row that nearly every row is: `[TIME] VALUE UNIT EVENT RUNTIME PERCENT METRIC METRICUNIT`, read in one pass.
//!
//! What is read here is read as [`super::layout`] reads it; whatever else a row may hold is left to that.

mod cells;

use super::dialect::Dialect;
use crate::model::Status;
use crate::parse::notation::Notation;
use crate::parse::perf::rows::{Counter, Row};
use cells::{Cells, Decimal};

/// Decimals of the time of an interval, seconds.
const NANOSECONDS: usize = 9;
/// Decimals of the share of the time on a counter.
const PERCENT: usize = 2;

/// Reads a line as a row; `None` when it is another one, or none.
pub(super) fn row<'l>(line: &'l str, dialect: &Dialect<'_>) -> Option<Row<'l>> {
    let &[separator] = dialect.separator.as_bytes() else { return None };
    if dialect.old || dialect.splits_numbers() {
        return None;
    }
    let mut cells = Cells::new(line, separator, dialect.notation);
    let indented = cells.skip_blanks();
    let (mut status, mut number) = value(&mut cells)?;
    // The mark of a time is a point, whatever the locale.
    let interval = number.filter(|time| time.decimals == NANOSECONDS && dialect.notation == Notation::Point);
    if interval.is_some() {
        (status, number) = value(&mut cells)?;
    } else if indented {
        return None;
    }
    let number = match number {
        Some(number) => Some(number.printed()?),
        None => None,
    };
    let unit = Some(cells.text()?).filter(|unit| !unit.is_empty());
    let event = Some(cells.text()?.trim_end()).filter(|event| !event.is_empty())?;
    let runtime = cells.number().filter(|runtime| runtime.decimals == 0 && cells.pass())?;
    let percent = cells.number().filter(|percent| percent.decimals == PERCENT)?.printed()?;
    let counter = Counter {
        status,
        number,
        unit,
        event,
        spread_percent: None,
        runtime_ns: Some(runtime.integer()),
        running_percent: Some(percent.number.value),
    };
    let mut metric = None;
    if cells.pass() && cells.is_filled() {
        let number = cells.number()?.printed()?;
        cells.pass();
        metric = Some((number, cells.rest())).filter(|(_, name)| !name.is_empty());
    }
    Some(Row { interval_ns: interval.map(Decimal::integer), counter: Some(counter), metric, ..Row::default() })
}

/// The value and the separator behind it; without a number where none was counted.
fn value(cells: &mut Cells<'_>) -> Option<(Status, Option<Decimal>)> {
    if cells.peek() == Some(b'<') {
        return match cells.text()? {
            "<not counted>" => Some((Status::NotCounted, None)),
            "<not supported>" => Some((Status::NotSupported, None)),
            _ => None,
        };
    }
    let number = cells.number().filter(|_| cells.pass())?;
    Some((Status::Counted, Some(number)))
}
