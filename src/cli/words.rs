//! Sentences with numbers in them.

/// A number of things: `1 result`, `2 results`.
pub(super) fn number_of(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
