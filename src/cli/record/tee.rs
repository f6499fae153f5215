//! Hands a stream on as it comes and keeps a copy: whoever waits for it sees no difference, and memory does not grow with it.

use std::fs::File;
use std::io::{self, Read, Write};

/// Bytes that are handed on at once.
const BLOCK: usize = 64 * 1024;

/// Reads to the end. A reader of ours that went away ends nothing, nor does a disk without room: the command goes on undisturbed.
/// The error is the first one of the copy.
pub(super) fn tee(mut from: impl Read, mut on: impl Write, mut copy: File) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    let (mut handed, mut kept) = (Ok(()), Ok(()));
    loop {
        let n = match from.read(&mut block) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return kept.and(Err(error)),
        };
        if handed.is_ok() {
            handed = on.write_all(&block[..n]).and_then(|()| on.flush());
        }
        if kept.is_ok() {
            kept = copy.write_all(&block[..n]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    /// A stream whose reader went away.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_byte_is_kept_also_when_nobody_listens() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * BLOCK + 1).collect();
        let (mut heard, mut file) = (Vec::new(), tempfile::tempfile().unwrap());
        tee(&bytes[..], &mut heard, file.try_clone().unwrap()).unwrap();
        tee(&bytes[..], Gone, file.try_clone().unwrap()).unwrap();
        let mut kept = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut kept).unwrap();
        assert!(heard == bytes && kept == [&bytes[..], &bytes[..]].concat());
    }

    #[test]
    fn a_full_disk_does_not_stop_the_stream_and_is_told() {
        let (mut heard, full) = (Vec::new(), File::options().write(true).open("/dev/full").unwrap());
        assert_eq!(tee(&b"text"[..], &mut heard, full).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(heard, b"text");
    }
}
