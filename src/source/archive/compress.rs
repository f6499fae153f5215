//! Compressed streams.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

use super::damage::Telling;
use super::limit::{Limit, Limited};
use super::zstd::Zstd;
use crate::source::binary::BLOCK;

/// Memory that a stream of xz may ask for, in KiB: what `xz -9` needs is 65 MiB.
const MAX_XZ_KIB: u32 = 160 << 10;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) enum Codec {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Codec {
    /// Told from the first bytes.
    pub(super) fn recognise(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            // A block begins, or the stream ends at once: "BZh" alone may be a text.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What comes out of `from`. Streams that follow one another are read as one; every checksum is held against its data.
    ///
    /// `consumed` takes the number of bytes that were taken from `from`.
    pub(super) fn decoder<'a>(self, from: &'a mut dyn Read, consumed: &'a Cell<u64>) -> impl Read + 'a {
        let input = BufReader::with_capacity(BLOCK, Counted { from, consumed });
        let decoder: Box<dyn Read + 'a> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(input)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(input)),
            Self::Xz => Box::new(Xz { decoder: XzReader::new_mem_limit(input, true, MAX_XZ_KIB) }),
            Self::Zstd => Box::new(Zstd::new(input)),
        };
        Limited::new(Telling::new(decoder, self.name(), consumed), consumed)
    }

    /// The program that writes such streams.
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        }
    }
}

/// The decoder of xz, which says in its own words that a block asks for too much memory.
struct Xz<R: BufRead> {
    decoder: XzReader<R>,
}

impl<R: BufRead> Read for Xz<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::OutOfMemory => Limit("its xz blocks ask for more than 160 MiB of memory").into(),
            _ => error,
        })
    }
}

struct Counted<'a> {
    from: &'a mut dyn Read,
    consumed: &'a Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.consumed.set(self.consumed.get() + n as u64);
        Ok(n)
    }
}
