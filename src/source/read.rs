//! Opens, reads and hashes one source.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::archive::{self, Unpacking};
use super::argument::Place;
use super::beside::{self, Beside};
use super::binary::{self, BLOCK};
use super::stamp;
use super::text::{Text, TextBuilder};
use super::walk::special;
use crate::model::{Digest, Reject, RejectKind};

/// Largest text that is kept of one source, in bytes.
pub const MAX_TEXT: usize = 256 << 20;

/// Binary files above this size, in bytes, are not read to their end and have no digest.
pub const MAX_BINARY: u64 = 64 << 20;

/// What was read of a source.
#[derive(Debug)]
pub struct Content {
    /// Hash of all bytes; `None` for a binary file that is too large to be worth it.
    pub digest: Option<Digest>,
    /// Size in bytes.
    pub bytes: u64,
    /// Last change, microseconds since the epoch; `None` for a stream.
    pub modified_at: Option<i64>,
    /// What the bytes are.
    pub body: Body,
}

/// What the bytes of a source are.
#[derive(Debug)]
pub enum Body {
    /// A text.
    Text(Text),
    /// Anything else; says what it was taken for.
    Other(&'static str),
}

impl Body {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }
}

/// What reading a place brings.
#[derive(Debug)]
pub enum Met {
    /// A file of an archive that says something of those beside and below it; it comes before all of them, and once more as a source.
    Beside(Place, Result<Box<Content>, Reject>),
    /// A source: the file itself, or one of its members when it is an archive.
    Source(Place, Result<Box<Content>, Reject>),
    /// Something in an archive that leads elsewhere or is no file: a link, a device, a FIFO.
    Link(Place),
}

/// Reads sources one after another.
#[derive(Debug)]
pub struct Reader {
    block: Box<[u8]>,
    /// Whether a file of this name says something of those beside it.
    speaks: fn(&str) -> bool,
}

impl Reader {
    /// A reader that looks for files beside others by their names.
    pub fn new(speaks: fn(&str) -> bool) -> Self {
        Self { block: vec![0; BLOCK].into_boxed_slice(), speaks }
    }

    /// The files of a directory that say something of those beside them, sorted by name; for one that is not walked.
    pub fn list_beside(&mut self, directory: &Path) -> Vec<Beside> {
        beside::list(directory, self.speaks).iter().map(|path| self.read_beside(path)).collect()
    }

    /// Reads such a file.
    pub fn read_beside(&mut self, path: &Path) -> Beside {
        beside::read(path, &mut self.block)
    }

    /// Reads a source whole, or all that lies in an archive, and gives it; a reject says why that was not possible.
    pub fn read(&mut self, place: &Place, give: &mut dyn FnMut(Met) -> ControlFlow<()>) -> ControlFlow<()> {
        let read = if place.is_stream() { self.stream(&mut io::stdin().lock(), place, give) } else { self.file(place, give) };
        match read {
            Ok(flow) => flow,
            Err(reject) => give(Met::Source(place.clone(), Err(reject))),
        }
    }

    fn file(&mut self, place: &Place, give: &mut dyn FnMut(Met) -> ControlFlow<()>) -> Result<ControlFlow<()>, Reject> {
        // The walk has looked at what it met; an argument is looked at here, for a writer may wait for somebody to open a FIFO.
        if !place.is_below_argument() {
            is_file(&fs::metadata(&place.path).map_err(|error| unreadable(&error))?)?;
        }
        let mut file = open(&place.path).map_err(|error| unreadable(&error))?;
        let before = file.metadata().map_err(|error| unreadable(&error))?;
        is_file(&before)?;
        let mut input = Input { size: Some(before.len()), ..Input::new(&mut file) };
        let first = input.fill(&mut self.block)?;
        if let Some(packing) = archive::recognise(&self.block[..first]) {
            file.rewind().map_err(|error| unreadable(&error))?;
            let flow = Unpacking::new(&mut self.block, (Some(stamp::of(&before).modified_at), self.speaks), give)
                .run(packing, &mut file, place);
            let after = file.metadata().map_err(|error| unreadable(&error))?;
            return if stamp(&before) == stamp(&after) { Ok(flow) } else { Err(changed()) };
        }
        let mut content = input.rest(&mut self.block, first)?;
        let after = file.metadata().map_err(|error| unreadable(&error))?;
        if has_changed(&content, &before, &after) {
            return Err(changed());
        }
        content.bytes = content.bytes.max(after.len());
        content.modified_at = Some(stamp::of(&after).modified_at);
        Ok(give(Met::Source(place.clone(), Ok(Box::new(content)))))
    }

    fn stream(
        &mut self,
        from: &mut dyn Read,
        place: &Place,
        give: &mut dyn FnMut(Met) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Reject> {
        let mut from = from;
        let mut input = Input::new(&mut from);
        let first = input.fill(&mut self.block)?;
        if let Some(packing) = archive::recognise(&self.block[..first]) {
            let mut held = archive::hold(&self.block[..first], from).map_err(|error| unreadable(&error))?;
            return Ok(Unpacking::new(&mut self.block, (None, self.speaks), give).run(packing, &mut held, place));
        }
        let content = input.rest(&mut self.block, first)?;
        Ok(give(Met::Source(place.clone(), Ok(Box::new(content)))))
    }
}

/// Bytes on their way from a file to a text.
pub(super) struct Input<'a, R> {
    from: &'a mut R,
    /// The size that a file claims; reading ends there, which saves a call on each of many small files.
    size: Option<u64>,
    read: u64,
    hasher: blake3::Hasher,
}

impl<'a, R: Read> Input<'a, R> {
    pub(super) fn new(from: &'a mut R) -> Self {
        Self { from, size: None, read: 0, hasher: blake3::Hasher::new() }
    }

    /// Reads until the end.
    pub(super) fn content(mut self, block: &mut [u8]) -> Result<Content, Reject> {
        let first = self.fill(block)?;
        self.rest(block, first)
    }

    /// Reads what follows the `first` bytes in the block.
    pub(super) fn rest(mut self, block: &mut [u8], first: usize) -> Result<Content, Reject> {
        if let Some(name) = binary::recognise(&block[..first]) {
            let complete = self.skip_binary(block)?;
            return Ok(self.finish(complete, Body::Other(name)));
        }
        let text = self.text(block, first)?;
        Ok(self.finish(true, Body::Text(text)))
    }

    /// Fills the block as far as the source goes; 0 at its end.
    pub(super) fn fill(&mut self, block: &mut [u8]) -> Result<usize, Reject> {
        let mut filled = 0;
        while filled < block.len() && !self.claimed_end() {
            match self.from.read(&mut block[filled..]) {
                Ok(0) => break,
                Ok(n) => {
                    filled += n;
                    self.read += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(&error)),
            }
        }
        self.hasher.update(&block[..filled]);
        Ok(filled)
    }

    fn claimed_end(&self) -> bool {
        self.read > 0 && self.size == Some(self.read)
    }

    fn text(&mut self, block: &mut [u8], first: usize) -> Result<Text, Reject> {
        let mut text = TextBuilder::new(&block[..first]);
        loop {
            let n = self.fill(block)?;
            if n == 0 {
                return Ok(text.finish());
            }
            text.push(&block[..n]);
            if text.held() > MAX_TEXT {
                return Err(Reject::source(RejectKind::TooLarge, "holds more than 256 MiB of text"));
            }
        }
    }

    /// Reads on for the digest; whether the end was reached.
    fn skip_binary(&mut self, block: &mut [u8]) -> Result<bool, Reject> {
        while self.read.max(self.size.unwrap_or(0)) <= MAX_BINARY {
            if self.fill(block)? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn finish(self, complete: bool, body: Body) -> Content {
        let digest = complete.then(|| Digest::from(self.hasher.finalize()));
        Content { digest, bytes: self.read, modified_at: None, body }
    }
}

/// Opens without waiting: a FIFO that took the place of a file since the walk would block for ever.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

fn is_file(metadata: &Metadata) -> Result<(), Reject> {
    if metadata.is_file() { Ok(()) } else { Err(Reject::source(RejectKind::NotAFile, special(metadata.file_type()))) }
}

pub(super) fn unreadable(error: &io::Error) -> Reject {
    archive::reject(error)
}

fn changed() -> Reject {
    Reject::source(RejectKind::Unreadable, "changed while it was read")
}

/// What changes when a file is written to.
fn stamp(metadata: &Metadata) -> (u64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

/// Whether the file was written to while it was read.
fn has_changed(content: &Content, before: &Metadata, after: &Metadata) -> bool {
    // Files of the kernel (/proc, /sys) state the size 0 and have content.
    let whole = content.digest.is_none() || content.bytes == after.len() || after.len() == 0;
    !whole || stamp(before) != stamp(after)
}

#[cfg(test)]
mod tests {
    use super::super::argument::Arguments;
    use super::super::walk::{Found, walk};
    use super::*;

    fn read(bytes: &[u8]) -> Result<Content, Reject> {
        Input::new(&mut &bytes[..]).content(&mut vec![0; BLOCK])
    }

    fn read_file(path: &Path) -> Result<Box<Content>, Reject> {
        let Some(Found::Source(place)) = walk(Arguments::new(&[path.to_owned()]), |_| false).next() else { panic!("{path:?}") };
        let mut met = None;
        let flow = Reader::new(|_| false).read(&place, &mut |found| {
            met = Some(found);
            ControlFlow::Continue(())
        });
        let (ControlFlow::Continue(()), Some(Met::Source(_, content))) = (flow, met) else { panic!("{path:?}") };
        content
    }

    #[test]
    fn the_digest_is_what_b3sum_prints() {
        // From test_vectors.json of the BLAKE3 authors, input length 0.
        let digest = read(b"").unwrap().digest.unwrap();
        assert_eq!(digest.to_string(), "af1349b9f5f9a1a6a0404dea36dcc949");
    }

    #[test]
    fn a_file_that_grows_or_shrinks_while_it_is_read_has_changed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = |text: &str| {
            std::fs::write(&file, text).unwrap();
            std::fs::metadata(&file).unwrap()
        };
        let (whole, more, less) = (metadata("text\n"), metadata("text\nmore\n"), metadata("te"));
        let content = read(b"text\n").unwrap();
        assert!(!has_changed(&content, &whole, &whole));
        assert!(has_changed(&content, &whole, &more));
        assert!(has_changed(&content, &more, &more), "the end came early");
        assert!(has_changed(&content, &whole, &less));
    }

    #[test]
    fn a_text_above_the_limit_is_rejected_and_named() {
        let mut endless = io::repeat(b'\n');
        let reject = Input::new(&mut endless).content(&mut vec![0; BLOCK]).unwrap_err();
        assert_eq!((reject.kind, reject.reason.as_str()), (RejectKind::TooLarge, "holds more than 256 MiB of text"));
    }

    #[test]
    fn a_fifo_does_not_block() {
        let tree = tempfile::tempdir().unwrap();
        let fifo = tree.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let reject = read_file(&fifo).unwrap_err();
        assert_eq!((reject.kind, reject.reason.as_str()), (RejectKind::NotAFile, "a FIFO, not a regular file"));
    }

    #[test]
    fn a_large_sparse_file_is_judged_by_its_first_block() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(10 << 30).unwrap();
        let content = read_file(file.path()).unwrap();
        assert_eq!((content.digest, content.bytes), (None, 10 << 30));
        assert!(matches!(content.body, Body::Other("nothing but NUL bytes")));
    }
}
