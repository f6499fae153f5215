//! The places of a text that are worth a look.

use std::ops::ControlFlow;

/// Bytes that are looked at at once.
const BLOCK: usize = 64;
/// Bytes that are asked at once whether there is a place among them.
const PART: usize = size_of::<u128>();
/// Bytes behind a place that tell whether it is worth a look.
const BEHIND: usize = 3;

/// Visits the ends of lines, and the marks behind which a second digit stands and no third.
///
/// Every text is searched for them, most in vain, and to begin a search for each costs more than the bytes between: they are looked for
/// in a form that is compiled to instructions for many bytes at once.
pub(super) fn visit<B>(bytes: &[u8], mut visitor: impl FnMut(usize) -> ControlFlow<B>) -> ControlFlow<B> {
    for start in (0..bytes.len()).step_by(BLOCK) {
        let places = places(&block(&bytes[start..]));
        let (parts, _) = places.as_chunks();
        for (part, places) in parts.iter().enumerate() {
            let mut places = u128::from_le_bytes(*places);
            while places != 0 {
                visitor(start + part * PART + places.trailing_zeros() as usize / 8)?;
                places &= places - 1;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The bytes that a text begins with, and zeros behind its end.
fn block(bytes: &[u8]) -> [u8; BLOCK + BEHIND] {
    bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut block = [0; BLOCK + BEHIND];
        block[..bytes.len()].copy_from_slice(bytes);
        block
    })
}

/// A one for each byte that is such a place.
fn places(block: &[u8; BLOCK + BEHIND]) -> [u8; BLOCK] {
    let mut places = [0; BLOCK];
    for (at, place) in places.iter_mut().enumerate() {
        let is = |fits: bool| u8::from(fits);
        // One bit is the difference between a comma and a point.
        let mark = is(block[at] | (b',' ^ b'.') == b'.');
        let decimals = is(block[at + 2].is_ascii_digit()) & is(!block[at + 3].is_ascii_digit());
        *place = mark & decimals | is(block[at] == b'\n');
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_wherever_they_stand() {
        for before in 0..2 * BLOCK {
            for (text, expected) in [("\n", true), (".00", true), (",12,", true), (".123", false), (", 1", true), ("12", false)]
            {
                let text = format!("{}{text}", "1".repeat(before));
                let found = visit(text.as_bytes(), ControlFlow::Break);
                assert_eq!(found == ControlFlow::Break(before), expected, "{text}");
            }
        }
    }
}
