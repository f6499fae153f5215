//! What is wrong with a compressed stream, in words for people.

use std::cell::Cell;
use std::error::Error;
use std::io::{self, Read};

use super::limit::is_limit;

/// A decoder whose errors name the stream and the place of the damage.
pub(super) struct Telling<'a, R> {
    decoder: R,
    /// The program that wrote the stream.
    name: &'static str,
    consumed: &'a Cell<u64>,
}

impl<'a, R: Read> Telling<'a, R> {
    pub(super) fn new(decoder: R, name: &'static str, consumed: &'a Cell<u64>) -> Self {
        Self { decoder, name, consumed }
    }

    /// What fails in reading itself, and a limit, are told as they are.
    fn told(&self, error: io::Error) -> io::Error {
        if is_limit(&error) || error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        let (name, at) = (self.name, self.consumed.get());
        let sentence = match error.kind() {
            io::ErrorKind::UnexpectedEof => format!("the {name} stream is cut off at byte {at}"),
            // Decoders read ahead.
            _ => format!("the {name} stream is damaged at or before byte {at}: {error}"),
        };
        io::Error::new(error.kind(), sentence)
    }
}

impl<R: Read> Read for Telling<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(into).map_err(|error| self.told(error))
    }
}

/// The error of reading among the causes of an error; `None` when the data is at fault.
pub(super) fn of_reading(error: &(dyn Error + 'static)) -> Option<io::Error> {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    let found = causes.find_map(|cause| cause.downcast_ref::<io::Error>())?;
    Some(found.raw_os_error().map_or_else(|| found.kind().into(), io::Error::from_raw_os_error))
}
