//! Bytes of a text become UTF-8.

use super::lines::KeptLines;
use super::utf16::Utf16;
use crate::model::Reject;

/// A text that was read, and what was lost on the way.
#[derive(Debug)]
pub struct Text {
    /// The text; lines of `damaged` are empty in it.
    pub text: String,
    /// The lines that could not be kept, in order.
    pub damaged: Vec<Reject>,
    /// How the bytes were read, where that is not plain UTF-8; one sentence each.
    pub notes: Vec<String>,
}

/// A text under construction.
#[derive(Debug)]
pub(super) struct TextBuilder {
    lines: KeptLines,
    /// The decoder of a text that begins with the byte order mark of UTF-16, and room for what it decodes.
    utf16: Option<(Utf16, String)>,
}

impl TextBuilder {
    /// Chooses the encoding by the first bytes of the text, and takes them.
    pub(super) fn new(first: &[u8]) -> Self {
        let (utf16, text) = match first {
            [0xff, 0xfe, text @ ..] => (Some(Utf16::new(true)), text),
            [0xfe, 0xff, text @ ..] => (Some(Utf16::new(false)), text),
            [0xef, 0xbb, 0xbf, text @ ..] | text => (None, text),
        };
        let mut builder = Self { lines: KeptLines::default(), utf16: utf16.map(|decoder| (decoder, String::new())) };
        builder.push(text);
        builder
    }

    /// Adds the next piece.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let Some((utf16, decoded)) = &mut self.utf16 else {
            return self.lines.push(bytes);
        };
        decoded.clear();
        utf16.push(bytes, decoded);
        self.lines.push(decoded.as_bytes());
    }

    /// Bytes held.
    pub(super) fn held(&self) -> usize {
        self.lines.held()
    }

    /// The text.
    pub(super) fn finish(mut self) -> Text {
        let mut notes = Vec::new();
        let mut replaced = 0;
        if let Some((mut utf16, mut rest)) = self.utf16 {
            rest.clear();
            utf16.finish(&mut rest);
            self.lines.push(rest.as_bytes());
            notes.push("read as UTF-16".to_owned());
            replaced = utf16.replaced;
        }
        let (kept, damaged) = self.lines.finish();
        let text = String::from_utf8(kept).unwrap_or_else(|error| {
            let kept = error.into_bytes();
            replaced += count_invalid(&kept);
            String::from_utf8_lossy(&kept).into_owned()
        });
        if replaced > 0 {
            notes.push(format!("{replaced} sequences of bytes that are no character were read as U+FFFD"));
        }
        Text { text, damaged, notes }
    }
}

/// How many sequences are no UTF-8; each becomes one U+FFFD.
fn count_invalid(bytes: &[u8]) -> u64 {
    bytes.utf8_chunks().map(|chunk| u64::from(!chunk.invalid().is_empty())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Text {
        TextBuilder::new(bytes).finish()
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(text(b"\xef\xbb\xbfone\n").text, "one\n");
        assert_eq!(text(b"\xff\xfeo\0\n\0").text, "o\n");
        assert_eq!(text(b"\xfe\xff\0o\0\n").text, "o\n");
        assert_eq!(text(b"\xfe\xff\0o\0\n").notes, ["read as UTF-16"]);
    }

    #[test]
    fn bytes_that_are_no_character_are_replaced_and_counted() {
        let latin = text(b"Zeit f\xfcr 1\xa0234\n");
        assert_eq!(latin.text, "Zeit f\u{fffd}r 1\u{fffd}234\n");
        assert_eq!(latin.notes, ["2 sequences of bytes that are no character were read as U+FFFD"]);
        assert!(text("Zeit für".as_bytes()).notes.is_empty());
    }
}
