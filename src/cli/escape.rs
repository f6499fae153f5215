//! Text of other people on our terminal.

use std::borrow::Cow;

/// The text with control characters as escapes (`\n`, `\u{1b}`), and so those that change the direction or the line of what follows:
/// a hostile name can neither steer a terminal nor look like two lines.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    // Nearly every text is printable ASCII, which a look at its bytes tells: at all of them, as many at once as the machine can.
    let is_plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if is_plain || !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().fold(String::with_capacity(text.len() + 8), |mut escaped, c| {
        if is_dangerous(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
        escaped
    });
    Cow::Owned(escaped)
}

fn is_dangerous(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
