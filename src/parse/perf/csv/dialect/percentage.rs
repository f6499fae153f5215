//! What looks like the percentage of a row: a separator, at most three digits, a decimal mark, two digits, and the separator again.

/// Longest separator that is looked for.
const MAX_SEPARATOR: usize = 4;

/// The separator when a mark is that of a percentage between two of them.
pub(super) fn separator(source: &str, mark: usize) -> Option<&str> {
    let bytes = source.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !digit(mark + 1) || !digit(mark + 2) || digit(mark + 3) {
        return None;
    }
    let whole = (1..=3).take_while(|length| *length <= mark && digit(mark - length)).count();
    let separator = separator_before(source, mark - whole).filter(|_| whole > 0)?;
    let behind = &source[mark + 3..];
    let ends = behind.starts_with(separator) || matches!(behind.as_bytes(), [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..]);
    ends.then_some(separator)
}

/// The marks between a number and a percentage on one line. Between equal marks stands an empty field, so the separator is one of them.
fn separator_before(source: &str, percent: usize) -> Option<&str> {
    let before = &source.as_bytes()[..percent];
    // Where people read, blanks stand before most percentages.
    let reach = before.last_chunk::<{ MAX_SEPARATOR + 1 }>();
    if reach.is_some_and(|bytes| !bytes.iter().any(u8::is_ascii_digit)) {
        return None;
    }
    let length = before.iter().rev().take(MAX_SEPARATOR).take_while(|byte| !byte.is_ascii_alphanumeric()).count();
    let (number, separator) = before.split_at(percent - length);
    let separates = length > 0 && number.last().is_some_and(u8::is_ascii_digit) && !separator.contains(&b'\n');
    separates.then(|| &source[percent - length..percent])
}
