//! Keeps the lines of a text that comes in pieces, and drops those that nobody can use before they fill the memory.

use memchr::{memchr, memchr_iter, memrchr};

use crate::model::{Reject, RejectKind};

/// Longest line that is kept, in bytes. perf's longest own lines, metric-only rows over every CPU, stay far below.
pub const MAX_LINE: usize = 1 << 20;

/// Bytes of a dropped line that are kept for its reject: a little more than a reject keeps, so that it shows the cut.
const HEAD: usize = Reject::TEXT_LIMIT + 4;

/// The lines of one source. A dropped line stays as an empty line, so that the numbers of the others are right.
#[derive(Debug, Default)]
pub(super) struct KeptLines {
    kept: Vec<u8>,
    /// Where the line that is being read begins in `kept`.
    line_start: usize,
    /// The line that is being read, when it is dropped.
    dropped: Option<Dropped>,
    rejects: Vec<Reject>,
    /// Bytes that the rejects take.
    rejects_size: usize,
    /// How many line ends stand in `kept[..counted]`.
    line_ends: u32,
    counted: usize,
}

#[derive(Debug)]
struct Dropped {
    kind: RejectKind,
    reason: &'static str,
    head: Vec<u8>,
}

impl KeptLines {
    /// Adds the next piece.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.dropped.is_none() && self.fits(bytes) && memchr(0, bytes).is_none() {
            self.kept.extend_from_slice(bytes);
            if let Some(at) = memrchr(b'\n', bytes) {
                self.line_start = self.kept.len() - (bytes.len() - at - 1);
            }
            return;
        }
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let body = piece.strip_suffix(b"\n").unwrap_or(piece);
            self.push_part_of_line(body);
            if body.len() < piece.len() {
                self.end_line();
            }
        }
    }

    /// Bytes held, rejects included.
    pub(super) fn held(&self) -> usize {
        self.kept.len() + self.rejects_size
    }

    /// The kept bytes and a reject for each dropped line, in order.
    pub(super) fn finish(mut self) -> (Vec<u8>, Vec<Reject>) {
        if self.dropped.is_some() {
            self.end_line();
        }
        (self.kept, self.rejects)
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        self.kept.len() - self.line_start + bytes.len() <= MAX_LINE
    }

    fn push_part_of_line(&mut self, body: &[u8]) {
        if self.dropped.is_none() {
            if !self.fits(body) {
                self.drop_line(RejectKind::LongLine, "longer than 1 MiB");
            } else if memchr(0, body).is_some() {
                self.drop_line(RejectKind::Row, "holds NUL bytes");
            }
        }
        match &mut self.dropped {
            Some(dropped) => dropped.head.extend_from_slice(&body[..body.len().min(HEAD - dropped.head.len())]),
            None => self.kept.extend_from_slice(body),
        }
    }

    fn drop_line(&mut self, kind: RejectKind, reason: &'static str) {
        let read = &self.kept[self.line_start..];
        self.dropped = Some(Dropped { kind, reason, head: read[..read.len().min(HEAD)].to_vec() });
        self.kept.truncate(self.line_start);
    }

    fn end_line(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            let number = self.line_number();
            let text = String::from_utf8_lossy(&dropped.head).replace('\0', "\u{fffd}");
            self.rejects.push(Reject::line(number, 0, dropped.kind, dropped.reason, &text));
            self.rejects_size += size_of::<Reject>() + dropped.reason.len() + text.len();
        }
        self.kept.push(b'\n');
        self.line_start = self.kept.len();
    }

    /// Number of the line that is being read, from 1.
    fn line_number(&mut self) -> u32 {
        let new = memchr_iter(b'\n', &self.kept[self.counted..self.line_start]).count();
        self.line_ends = self.line_ends.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
        self.counted = self.line_start;
        self.line_ends.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(text: &[u8], piece: usize) -> (Vec<u8>, Vec<Reject>) {
        let mut lines = KeptLines::default();
        text.chunks(piece).for_each(|bytes| lines.push(bytes));
        lines.finish()
    }

    #[test]
    fn a_long_line_becomes_an_empty_one_and_a_reject() {
        let long = "x".repeat(MAX_LINE + 1);
        let text = format!("one\n{long}\nthree\n{long}");
        for piece in [1000, 65536, text.len()] {
            let (kept, rejects) = keep(text.as_bytes(), piece);
            assert_eq!(kept, b"one\n\nthree\n\n");
            assert_eq!(rejects.iter().map(|r| (r.line, r.kind)).collect::<Vec<_>>(), [2, 4].map(|n| (n, RejectKind::LongLine)));
            assert_eq!(rejects[0].text, "x".repeat(Reject::TEXT_LIMIT) + "…");
        }
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_kept() {
        let text = "x".repeat(MAX_LINE) + "\n";
        for piece in [1 << 16, text.len()] {
            let (kept, rejects) = keep(text.as_bytes(), piece);
            assert!(kept == text.as_bytes() && rejects.is_empty(), "{piece}");
        }
    }

    #[test]
    fn a_line_with_nul_bytes_costs_that_line() {
        for piece in 1..12 {
            let (kept, rejects) = keep(b"a\nb\0c\nd\n\0", piece);
            assert_eq!(kept, b"a\n\nd\n\n", "{piece}");
            let found: Vec<_> = rejects.iter().map(|r| (r.line, r.kind, r.text.as_str())).collect();
            assert_eq!(found, [(2, RejectKind::Row, "b\u{fffd}c"), (4, RejectKind::Row, "\u{fffd}")]);
        }
    }

    #[test]
    fn what_is_held_does_not_grow_with_a_dropped_line() {
        let mut lines = KeptLines::default();
        let piece = vec![b'x'; 1 << 16];
        for _ in 0..100 {
            lines.push(&piece);
        }
        assert!(lines.held() <= MAX_LINE);
    }
}
