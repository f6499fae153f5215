//! Units that perf leaves out.

use crate::parse::number::Printed;

/// The unit of a clock that was printed without one.
///
/// Clocks are milliseconds with six decimals: in text up to 3.12, in CSV up to 4.20. (Kernels later print integers of nanoseconds
/// where the event is asked for by its number, so the decimals decide.)
pub(crate) fn implied(event: &str, printed: Option<Printed>) -> Option<&'static str> {
    let is_clock =
        || ["task-clock", "cpu-clock", "task clock ticks", "cpu clock ticks"].iter().any(|clock| event.starts_with(clock));
    (printed?.decimals == 6 && is_clock()).then_some("msec")
}
