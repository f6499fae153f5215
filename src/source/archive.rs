//! Archives and compressed files: told by content, streamed, never unpacked to disk.
//!
//! **An archive is read as a directory of its own name.** What lies in `results.tar.gz` lies at `results.tar.gz/a/perf.txt`: below a
//! directory that is an argument the logical path is that; an archive that is an argument is the root itself and the path is
//! `a/perf.txt`, as it is in the tree that was packed. The name is kept whole, for `results` and `results.zip` may lie beside
//! `results.tar.gz` and hold something else. A compressed file is the file without the suffix of compression, unless a file of that
//! name lies beside it.
//!
//! **Nothing is loaded that the archive does not vouch for.** The checksum of a compressed tar archive comes last, so the archive is
//! read to its end before the first member is given, and a damaged one gives nothing. Each member of a zip archive has its own
//! checksum and is judged by itself. A bare tar archive has none, no more than files of a directory have: what came whole before the
//! damage is given. The damage itself is a reject of the archive.
//!
//! A name in an archive is a label and nothing else. Links, devices and FIFOs are not followed.

mod compress;
mod damage;
mod limit;
mod names;
mod tar;
mod zip;
mod zstd;

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

use super::argument::Place;
use super::beside;
use super::binary::BLOCK;
use super::read::{Body, Content, Input, Met};
use crate::model::{Reject, RejectKind};
use compress::Codec;
use limit::{Limit, MAX_DEPTH, MAX_HELD};
use names::Names;

pub(super) use limit::reject;

/// What can hold other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Compressed(Codec),
    Tar,
    Zip,
}

/// How a file is packed, told from its first bytes; `None` when it is no archive.
pub(super) fn recognise(head: &[u8]) -> Option<Packing> {
    if let Some(codec) = Codec::recognise(head) {
        return Some(Packing::Compressed(codec));
    }
    if zip::is_archive(head) {
        return Some(Packing::Zip);
    }
    tar::is_header(head).then_some(Packing::Tar)
}

/// One thing in an archive.
enum Member<'a> {
    /// A file: name, bytes, time of its last change.
    File(&'a [u8], &'a mut dyn Read, Option<i64>),
    /// Something that leads elsewhere or is no file.
    Link(&'a [u8]),
    /// A file that cannot be read.
    Refused(&'a [u8], Reject),
}

/// Why reading ends before the end.
enum Stop {
    /// Nobody listens any more.
    Gone,
    /// The archive cannot be read on.
    Damage(Reject),
}

/// What an archive is read from: the file itself, or an archive within another one in memory.
pub(super) trait Source: Read + Seek {}

impl<S: Read + Seek> Source for S {}

/// Reads one archive and all that it holds.
pub(super) struct Unpacking<'a> {
    pub(super) block: &'a mut [u8],
    give: &'a mut dyn FnMut(Met) -> ControlFlow<()>,
    given: u64,
    names: Names,
    modified_at: Option<i64>,
    /// Whether a file of this name says something of those beside it.
    speaks: fn(&str) -> bool,
}

impl<'a> Unpacking<'a> {
    /// `modified_at` is the time of a file that is only compressed.
    pub(super) fn new(
        block: &'a mut [u8],
        (modified_at, speaks): (Option<i64>, fn(&str) -> bool),
        give: &'a mut dyn FnMut(Met) -> ControlFlow<()>,
    ) -> Self {
        Self { block, give, given: 0, names: Names::default(), modified_at, speaks }
    }

    /// Reads an archive from its beginning.
    pub(super) fn run(&mut self, packing: Packing, from: &mut dyn Source, place: &Place) -> ControlFlow<()> {
        match self.archive(packing, from, place, 1) {
            Err(Stop::Gone) => ControlFlow::Break(()),
            Ok(()) | Err(Stop::Damage(_)) => ControlFlow::Continue(()),
        }
    }

    /// Reads an archive; its damage costs only itself.
    fn archive(&mut self, packing: Packing, from: &mut dyn Source, place: &Place, depth: u32) -> Result<(), Stop> {
        let before = self.given;
        let read = match packing {
            Packing::Compressed(codec) => self.compressed(codec, from, place, depth),
            Packing::Tar => self.bare_tar(from, place, depth),
            Packing::Zip => self.zip(from, place, depth),
        };
        match read {
            Err(Stop::Damage(reject)) => self.give(place, Err(reject)),
            Ok(()) if self.given == before => self.give(place, Ok(empty())),
            read => read,
        }
    }

    fn bare_tar(&mut self, from: &mut dyn Source, place: &Place, depth: u32) -> Result<(), Stop> {
        self.tell_of_tar(&mut BufReader::with_capacity(BLOCK, &mut *from), place)?;
        from.rewind().map_err(|error| Stop::Damage(reject(&error)))?;
        self.tar(&mut BufReader::with_capacity(BLOCK, from), place, depth)
    }

    fn tar(&mut self, from: &mut dyn Read, place: &Place, depth: u32) -> Result<(), Stop> {
        tar::read(from, |member| self.member(member, place, depth))
    }

    fn zip(&mut self, mut from: &mut dyn Source, place: &Place, depth: u32) -> Result<(), Stop> {
        let speaks = self.speaks;
        let told = zip::read(
            BufReader::with_capacity(BLOCK, &mut from),
            |name| is_beside(name, speaks),
            |member| self.tell(member, place),
        );
        unless_gone(told)?;
        from.rewind().map_err(|error| Stop::Damage(reject(&error)))?;
        zip::read(BufReader::with_capacity(BLOCK, from), |_| true, |member| self.member(member, place, depth))
    }

    /// Gives the members of a tar archive that say something of the others. What is damaged is told when the archive is read.
    fn tell_of_tar(&mut self, from: &mut dyn Read, place: &Place) -> Result<(), Stop> {
        unless_gone(tar::read(from, |member| self.tell(member, place)))
    }

    fn tell(&mut self, member: Member<'_>, archive: &Place) -> Result<(), Stop> {
        let Member::File(name, from, _) = member else { return Ok(()) };
        if !is_beside(name, self.speaks) {
            return Ok(());
        }
        let content = beside::content(from, self.block).map(Box::new);
        if (self.give)(Met::Beside(archive.member(name), content)).is_break() { Err(Stop::Gone) } else { Ok(()) }
    }

    fn compressed(&mut self, codec: Codec, from: &mut dyn Source, place: &Place, depth: u32) -> Result<(), Stop> {
        let damage = |error: io::Error| Stop::Damage(reject(&error));
        let consumed = Cell::new(0);
        let mut head = Vec::new();
        codec.decoder(from, &consumed).take(512).read_to_end(&mut head).map_err(damage)?;
        from.rewind().map_err(damage)?;
        consumed.set(0);
        match recognise(&head) {
            Some(Packing::Tar) => {
                self.vouched(&mut codec.decoder(from, &consumed), place)?;
                from.rewind().map_err(damage)?;
                consumed.set(0);
                self.tar(&mut BufReader::with_capacity(BLOCK, codec.decoder(from, &consumed)), place, depth)
            }
            Some(within) => {
                let mut inner = hold(&[], &mut codec.decoder(from, &consumed)).map_err(damage)?;
                self.nested(within, &mut inner, &place.uncompressed(), depth)
            }
            None => {
                let content = Input::new(&mut codec.decoder(from, &consumed)).content(self.block);
                self.give(&place.uncompressed(), content.map(|content| Content { modified_at: self.modified_at, ..content }))
            }
        }
    }

    /// Reads a tar archive to the checksum at its end, for the members that say something of the others.
    fn vouched(&mut self, from: &mut dyn Read, place: &Place) -> Result<(), Stop> {
        let mut watched = Watched { from, failed: None };
        self.tell_of_tar(&mut BufReader::with_capacity(BLOCK, &mut watched), place)?;
        let rest = io::copy(&mut watched, &mut io::sink());
        match watched.failed.or(rest.err()) {
            Some(error) => Err(Stop::Damage(reject(&error))),
            None => Ok(()),
        }
    }

    fn nested(&mut self, packing: Packing, from: &mut dyn Source, place: &Place, depth: u32) -> Result<(), Stop> {
        if depth >= MAX_DEPTH {
            let reject = Reject::source(RejectKind::TooLarge, "lies deeper than 3 archives within one another");
            return self.give(place, Err(reject));
        }
        self.archive(packing, from, place, depth + 1)
    }

    fn member(&mut self, member: Member<'_>, archive: &Place, depth: u32) -> Result<(), Stop> {
        match member {
            Member::File(name, from, modified_at) => {
                self.modified_at = modified_at;
                self.file(from, &archive.member(name), depth)
            }
            Member::Link(name) => self.send(Met::Link(archive.member(name))),
            Member::Refused(name, reject) => self.give(&archive.member(name), Err(reject)),
        }
    }

    fn file(&mut self, mut from: &mut dyn Read, place: &Place, depth: u32) -> Result<(), Stop> {
        let mut input = Input::new(&mut from);
        let first = match input.fill(self.block) {
            Ok(first) => first,
            Err(reject) => return self.give(place, Err(reject)),
        };
        let Some(packing) = recognise(&self.block[..first]) else {
            let content = input.rest(self.block, first);
            let content = content.map(|content| Content { modified_at: self.modified_at, ..content });
            return self.give(place, content);
        };
        match hold(&self.block[..first], from) {
            Ok(mut held) => self.nested(packing, &mut held, place, depth),
            Err(error) => self.give(place, Err(reject(&error))),
        }
    }

    /// Gives a source.
    fn give(&mut self, place: &Place, content: Result<Content, Reject>) -> Result<(), Stop> {
        let digest = content.as_ref().ok().and_then(|content| content.digest);
        let place = self.names.distinct(place, digest);
        self.send(Met::Source(place, content.map(Box::new)))
    }

    fn send(&mut self, met: Met) -> Result<(), Stop> {
        self.given += 1;
        if (self.give)(met).is_break() { Err(Stop::Gone) } else { Ok(()) }
    }
}

/// A reader that keeps the first error: who reads a tar archive from it turns errors into words.
struct Watched<'a> {
    from: &'a mut dyn Read,
    failed: Option<io::Error>,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            return Ok(0);
        }
        let read = self.from.read(into);
        match read {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.failed = Some(error);
                Ok(0)
            }
            read => read,
        }
    }
}

/// Damage is told when the archive is read, not when it is only looked through.
#[expect(clippy::needless_pass_by_value, reason = "takes what the look returned, as it is")]
fn unless_gone(told: Result<(), Stop>) -> Result<(), Stop> {
    if let Err(Stop::Gone) = told { Err(Stop::Gone) } else { Ok(()) }
}

/// Whether a member says something of the others, by the last part of its name.
fn is_beside(name: &[u8], speaks: fn(&str) -> bool) -> bool {
    let last = name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    std::str::from_utf8(last).is_ok_and(speaks)
}

/// Holds an archive that cannot be read twice from where it comes.
pub(super) fn hold(first: &[u8], rest: &mut dyn Read) -> io::Result<Cursor<Vec<u8>>> {
    let mut held = first.to_vec();
    rest.take((MAX_HELD + 1 - first.len()) as u64).read_to_end(&mut held)?;
    if held.len() > MAX_HELD {
        return Err(Limit("an archive within another one, or in a pipe, of more than 256 MiB").into());
    }
    Ok(Cursor::new(held))
}

fn empty() -> Content {
    Content { digest: None, bytes: 0, modified_at: None, body: Body::Other("archive without files") }
}
