//! What an archive may cost.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};

use crate::model::{Reject, RejectKind};

/// Archives within archives are read to this depth; the outermost is the first.
pub(super) const MAX_DEPTH: u32 = 3;

/// Most members of one archive, directories and links included.
pub(super) const MAX_MEMBERS: u64 = 1_000_000;

/// Largest archive that is held in memory because it lies within another one or comes through a pipe, in bytes.
pub(super) const MAX_HELD: usize = 256 << 20;

/// Bytes that come out of a byte: more than that is a bomb. Texts of perf stay below 100, gzip cannot do more than 1032.
const MAX_RATIO: u64 = 1000;

/// Bytes that may come out of a stream whatever the ratio.
const FREE: u64 = 16 << 20;

/// A limit that was passed, in words for people.
#[derive(Debug)]
pub(in crate::source) struct Limit(pub(in crate::source) &'static str);

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Limit {}

impl From<Limit> for io::Error {
    fn from(limit: Limit) -> Self {
        Self::other(limit)
    }
}

/// The reject that an error in reading stands for.
pub(in crate::source) fn reject(error: &io::Error) -> Reject {
    Reject::source(if is_limit(error) { RejectKind::TooLarge } else { RejectKind::Unreadable }, error.to_string())
}

/// Whether an error is a limit that was passed.
pub(super) fn is_limit(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Limit>)
}

/// A decoder that is stopped when too much comes out of too little.
pub(super) struct Limited<'a, R> {
    decoder: R,
    produced: u64,
    consumed: &'a Cell<u64>,
}

impl<'a, R: Read> Limited<'a, R> {
    pub(super) fn new(decoder: R, consumed: &'a Cell<u64>) -> Self {
        Self { decoder, produced: 0, consumed }
    }
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.decoder.read(into)?;
        self.produced += n as u64;
        if self.produced > FREE && self.produced / MAX_RATIO > self.consumed.get() {
            return Err(Limit("expands to more than 1000 times its size (and more than 16 MiB)").into());
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_stopped_by_its_ratio_and_only_when_it_is_large() {
        let ends = |size: u64, consumed: u64| {
            let consumed = Cell::new(consumed);
            io::copy(&mut Limited::new(io::repeat(0).take(size), &consumed), &mut io::sink())
                .map_err(|error| reject(&error).kind)
        };
        assert_eq!(ends(FREE, 1), Ok(FREE));
        assert_eq!(ends(FREE + 1, 1), Err(RejectKind::TooLarge));
        assert_eq!(ends(2 * FREE, 2 * FREE / MAX_RATIO), Ok(2 * FREE));
        assert_eq!(reject(&io::ErrorKind::UnexpectedEof.into()).kind, RejectKind::Unreadable);
    }
}
