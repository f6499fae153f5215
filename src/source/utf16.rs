//! UTF-16 to UTF-8, piece by piece.

/// A decoder that can stop and go on at any byte.
#[derive(Debug)]
pub(super) struct Utf16 {
    little: bool,
    /// First byte of a unit whose second has not come yet.
    half: Option<u8>,
    /// High surrogate whose low one has not come yet.
    high: Option<u16>,
    /// Units that are no character and became U+FFFD.
    pub(super) replaced: u64,
}

impl Utf16 {
    pub(super) fn new(little: bool) -> Self {
        Self { little, half: None, high: None, replaced: 0 }
    }

    /// Decodes what can be decoded now.
    pub(super) fn push(&mut self, bytes: &[u8], into: &mut String) {
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let pair = [first, byte];
            self.unit(if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }, into);
        }
    }

    /// Ends the text: what is still incomplete is no character.
    pub(super) fn finish(&mut self, into: &mut String) {
        let incomplete = u8::from(self.half.take().is_some()) + u8::from(self.high.take().is_some());
        for _ in 0..incomplete {
            self.replace(into);
        }
    }

    fn unit(&mut self, unit: u16, into: &mut String) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(pair)) = char::decode_utf16([high, unit]).next() {
                return into.push(pair);
            }
            self.replace(into);
        }
        match char::from_u32(unit.into()) {
            Some(char) => into.push(char),
            None if is_high(unit) => self.high = Some(unit),
            None => self.replace(into),
        }
    }

    fn replace(&mut self, into: &mut String) {
        into.push(char::REPLACEMENT_CHARACTER);
        self.replaced += 1;
    }
}

fn is_high(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(units: &[u16]) -> (String, u64) {
        let (mut text, mut decoder) = (String::new(), Utf16::new(true));
        for byte in units.iter().flat_map(|unit| unit.to_le_bytes()) {
            decoder.push(&[byte], &mut text);
        }
        decoder.finish(&mut text);
        (text, decoder.replaced)
    }

    #[test]
    fn characters_are_decoded_over_any_cut() {
        let text = "größe 1\u{202f}234 𝄞\n";
        assert_eq!(decode(&text.encode_utf16().collect::<Vec<_>>()), (text.to_owned(), 0));
    }

    #[test]
    fn half_pairs_are_replaced_and_counted() {
        assert_eq!(decode(&[0xd834, 0x61]), ("\u{fffd}a".to_owned(), 1));
        assert_eq!(decode(&[0xdd1e, 0x61]), ("\u{fffd}a".to_owned(), 1));
        assert_eq!(decode(&[0xd834, 0xd834, 0xdd1e]), ("\u{fffd}𝄞".to_owned(), 1));
        assert_eq!(decode(&[0x61, 0xd834]), ("a\u{fffd}".to_owned(), 1));
    }
}
