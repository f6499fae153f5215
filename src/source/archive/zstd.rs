//! Zstandard streams: frames one after another, each checked.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::damage::of_reading;
use super::limit::Limit;

/// Largest window, in bytes: what `zstd` itself reads without being told otherwise (`--long=27`).
const MAX_WINDOW: u64 = 1 << 27;

/// Decodes one frame after another.
pub(super) struct Zstd<R> {
    from: R,
    decoder: FrameDecoder,
    within_frame: bool,
}

impl<R: BufRead> Zstd<R> {
    pub(super) fn new(from: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { from, decoder, within_frame: false }
    }

    /// Goes to the next frame; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.from.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.from) {
                Ok(()) => {
                    self.within_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    self.skip(length.into())?;
                }
                Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                    return Err(Limit("its zstd window is larger than 128 MiB (--long=27)").into());
                }
                Err(error) => return Err(damage(&error)),
            }
        }
        Ok(false)
    }

    /// Passes over a frame of another program.
    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.from).take(length), &mut io::sink())?;
        if skipped < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Ends a frame: holds its checksum, if it has one, against its data.
    fn end_frame(&mut self) -> io::Result<()> {
        self.within_frame = false;
        let (stated, found) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if stated.is_some() && stated != found {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not fit the data"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.within_frame && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.from, one).map_err(|error| damage(&error))?;
            }
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(into);
            }
            self.end_frame()?;
        }
    }
}

/// The errors of the decoder print what they hold, in the words of its source; which frame it is no one can use.
fn damage(error: &FrameDecoderError) -> io::Error {
    of_reading(error).unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a frame cannot be decoded"))
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn decoded(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        let read = Zstd::new(bytes).read_to_end(&mut all);
        read.map(|_| all).map_err(|error| error.to_string())
    }

    #[test]
    fn frames_follow_one_another_and_those_of_other_programs_are_passed_over() {
        let one = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let foreign = b"\x50\x2a\x4d\x18\x03\0\0\0xyz".to_vec();
        assert_eq!(decoded(&[one("a"), foreign.clone(), one("b")].concat()).unwrap(), b"ab");
        assert!(decoded(&foreign[..9]).is_err());
        assert!(decoded(&[one("a"), b"garbage".to_vec()].concat()).is_err());
    }

    #[test]
    fn a_window_above_the_limit_is_named() {
        // RFC 8878, 3.1.1.1.2: the exponent above 10 stands in the upper five bits: 18 is 256 MiB.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0];
        assert_eq!(decoded(&frame).unwrap_err(), "its zstd window is larger than 128 MiB (--long=27)");
    }

    #[test]
    fn a_wrong_checksum_is_found() {
        let mut frame = compress_to_vec(&b"text"[..], CompressionLevel::Fastest);
        *frame.last_mut().unwrap() ^= 1;
        assert_eq!(decoded(&frame).unwrap_err(), "the checksum does not fit the data");
    }
}
