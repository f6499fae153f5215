//! Tar: headers and members, one after another.
//!
//! Only the header of a member has a checksum. A member counts as whole when all of its bytes came; the archive as whole when its
//! end mark came and nothing but zeros follows.

use std::io::{self, Read};
use std::ops::Range;

use tar::{EntryType, Header, PaxExtensions};

use super::limit::{self, Limit, MAX_MEMBERS};
use super::{Member, Stop};
use crate::model::{Reject, RejectKind};

const BLOCK: usize = 512;

/// Longest header that extends another one (long names, attributes), in bytes.
const MAX_EXTENSION: u64 = 1 << 20;

/// Where the checksum of a header stands: octal digits with blanks or NUL behind.
const CHECKSUM: Range<usize> = 148..156;

/// Whether a block is the header of a member: its checksum fits. Every variant of tar has that at the same place.
pub(super) fn is_header(block: &[u8]) -> bool {
    let Some(block) = block.first_chunk::<BLOCK>() else { return false };
    // Every text comes here; that no octal number stands there is told sooner than what all of it would add up to.
    let octal = |byte: &u8| matches!(byte, b'0'..=b'7');
    let mut stated = block[CHECKSUM].iter().take_while(|&&byte| byte != 0);
    if !stated.clone().any(octal) || stated.any(|byte| byte.is_ascii_graphic() && !octal(byte) && *byte != b'+') {
        return false;
    }
    let header = Header::from_byte_slice(block);
    block[0] != 0 && header.cksum().is_ok_and(|stated| stated == checksum(block)) && header.entry_size().is_ok()
}

/// Sum of the bytes, those of the checksum itself taken as blanks.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    block.iter().enumerate().map(|(at, &byte)| if CHECKSUM.contains(&at) { 32 } else { u32::from(byte) }).sum()
}

/// Gives each member to `visit`, in order.
pub(super) fn read(from: &mut dyn Read, visit: impl FnMut(Member<'_>) -> Result<(), Stop>) -> Result<(), Stop> {
    read_at_most(MAX_MEMBERS, from, visit)
}

fn read_at_most(most: u64, from: &mut dyn Read, mut visit: impl FnMut(Member<'_>) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut tar = Tar { from, at: 0, index: 0, members: 0, most };
    let mut extended = Extended::default();
    loop {
        let header = match tar.header() {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(error) => return Err(tar.damage(&error)),
        };
        if let Err(error) = tar.member(&header, &mut extended, &mut visit) {
            return Err(match error {
                Failure::Io(error) => tar.damage(&error),
                Failure::Stop(stop) => stop,
            });
        }
    }
    tar.trailer().map_err(|error| tar.damage(&error))
}

/// What extending headers said of the member that follows.
#[derive(Debug, Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

enum Failure {
    Io(io::Error),
    Stop(Stop),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Tar<'a> {
    from: &'a mut dyn Read,
    /// Bytes that were read.
    at: u64,
    /// Number of the header that was read last, from 1.
    index: u64,
    /// How many of them were of members, and did not extend the next one.
    members: u64,
    /// How many members it may have.
    most: u64,
}

impl Tar<'_> {
    /// The next header; `None` at the end mark.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let mut header = Header::new_old();
        let block = header.as_mut_bytes();
        self.read_exact(block)?;
        if block.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        if !is_header(block) {
            return Err(invalid("no header of a member where one is due"));
        }
        self.index += 1;
        Ok(Some(header))
    }

    /// Reads what follows a header.
    fn member(
        &mut self,
        header: &Header,
        extended: &mut Extended,
        visit: &mut impl FnMut(Member<'_>) -> Result<(), Stop>,
    ) -> Result<(), Failure> {
        let size = header.entry_size()?;
        match header.entry_type() {
            EntryType::GNULongName => {
                let name = self.extension(size)?;
                extended.name = Some(name.split(|&byte| byte == 0).next().unwrap_or_default().to_vec());
            }
            EntryType::XHeader => extended.learn(&self.extension(size)?)?,
            EntryType::GNULongLink | EntryType::XGlobalHeader => self.skip(size)?,
            kind => {
                let Extended { name, size: stated, sparse } = std::mem::take(extended);
                let name = name.unwrap_or_else(|| header.path_bytes().into_owned());
                self.members += 1;
                if self.members > self.most {
                    return Err(io::Error::from(Limit("holds more than 1,000,000 members")).into());
                }
                // The field of the header itself has no room for 8 GiB and says 0 then (POSIX.1-2008, pax, "size").
                self.entry(kind, (&name, stated.unwrap_or(size), sparse), header, visit)?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        kind: EntryType,
        (name, size, sparse): (&[u8], u64, bool),
        header: &Header,
        visit: &mut impl FnMut(Member<'_>) -> Result<(), Stop>,
    ) -> Result<(), Failure> {
        if sparse || kind == EntryType::GNUSparse {
            let reject = Reject::source(RejectKind::Unreadable, "stored as a sparse file, which is not read");
            visit(Member::Refused(name, reject)).map_err(Failure::Stop)?;
            return Ok(self.skip(size)?);
        }
        // Tar of before POSIX wrote directories as files with a slash at the end.
        let old_directory = kind == EntryType::Regular && name.ends_with(b"/");
        match kind {
            EntryType::Directory => Ok(()),
            EntryType::Regular | EntryType::Continuous if !old_directory => {
                let modified_at = header.mtime().ok().and_then(|seconds| i64::try_from(seconds).ok());
                let mut content = Content { tar: self, left: size };
                let visited = visit(Member::File(name, &mut content, modified_at.map(|s| s.saturating_mul(1_000_000))));
                let left = content.left;
                visited.map_err(Failure::Stop)?;
                self.discard(left)?;
                Ok(self.discard(padding(size))?)
            }
            _ if old_directory => Ok(self.skip(size)?),
            _ => visit(Member::Link(name)).map_err(Failure::Stop),
        }
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > MAX_EXTENSION {
            return Err(Limit("a header extends another one by more than 1 MiB").into());
        }
        let mut bytes = vec![0; usize::try_from(size).map_err(io::Error::other)?];
        self.read_exact(&mut bytes)?;
        self.discard(padding(size))?;
        Ok(bytes)
    }

    fn skip(&mut self, size: u64) -> io::Result<()> {
        self.discard(size)?;
        self.discard(padding(size))
    }

    fn discard(&mut self, size: u64) -> io::Result<()> {
        let discarded = io::copy(&mut (&mut *self.from).take(size), &mut io::sink())?;
        self.at += discarded;
        if discarded < size { Err(cut()) } else { Ok(()) }
    }

    fn read_exact(&mut self, into: &mut [u8]) -> io::Result<()> {
        self.from.read_exact(into).map_err(|error| if error.kind() == io::ErrorKind::UnexpectedEof { cut() } else { error })?;
        self.at += into.len() as u64;
        Ok(())
    }

    /// Reads what follows the end mark: tar fills the last record with zeros. Anything else is an archive that was appended, and
    /// would be lost without a word.
    fn trailer(&mut self) -> io::Result<()> {
        let mut block = [0; BLOCK];
        loop {
            let n = self.from.read(&mut block)?;
            if n == 0 {
                return Ok(());
            }
            if block[..n].iter().any(|&byte| byte != 0) {
                return Err(invalid("data follows the end mark; it was not read"));
            }
            self.at += n as u64;
        }
    }

    fn damage(&self, error: &io::Error) -> Stop {
        let Reject { kind, reason, .. } = limit::reject(error);
        Stop::Damage(Reject::source(kind, format!("member {}, byte {} of the tar archive: {reason}", self.index, self.at)))
    }
}

impl Extended {
    fn learn(&mut self, attributes: &[u8]) -> io::Result<()> {
        for attribute in PaxExtensions::new(attributes) {
            let attribute = attribute?;
            match attribute.key_bytes() {
                b"path" => self.name = Some(attribute.value_bytes().to_vec()),
                b"size" => {
                    let size = attribute.value().ok().and_then(|value| value.parse().ok());
                    self.size = Some(size.ok_or_else(|| invalid("its size is no number"))?);
                }
                key => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
        Ok(())
    }
}

/// Bytes between the end of a member and the next block.
fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off")
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// The bytes of one member. An early end of the archive is an error, not the end of the member.
struct Content<'a, 'b> {
    tar: &'a mut Tar<'b>,
    left: u64,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let n = self.tar.from.read(&mut into[..most])?;
        if n == 0 {
            return Err(cut());
        }
        self.tar.at += n as u64;
        self.left -= n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, kind: EntryType, size: u64) -> Header {
        let mut header = Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        header
    }

    fn padded(bytes: &[u8]) -> Vec<u8> {
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len().next_multiple_of(BLOCK), 0);
        padded
    }

    /// Every member with its content, and the reject that ended the archive.
    fn members(archive: &[u8]) -> (Vec<String>, Option<String>) {
        let mut members = Vec::new();
        let mut from = archive;
        let read = read(&mut from, |member| {
            members.push(match member {
                Member::File(name, content, _) => {
                    let mut text = String::new();
                    let end = content.read_to_string(&mut text).map_or_else(|error| format!(" ({error})"), |_| String::new());
                    format!("{}={text}{end}", String::from_utf8_lossy(name))
                }
                Member::Link(name) => format!("{} ->", String::from_utf8_lossy(name)),
                Member::Refused(name, reject) => format!("{}: {}", String::from_utf8_lossy(name), reject.reason),
            });
            Ok(())
        });
        let reject = match read {
            Err(Stop::Damage(reject)) => Some(reject.reason),
            Ok(()) | Err(Stop::Gone) => None,
        };
        (members, reject)
    }

    fn archive(parts: &[&[u8]]) -> Vec<u8> {
        [parts.concat(), vec![0; 2 * BLOCK]].concat()
    }

    #[test]
    fn long_names_come_from_the_header_before() {
        let long = "d/".repeat(200) + "perf.txt";
        let pax = format!("{} path={long}\n", long.len() + 10);
        let file = header("short", EntryType::Regular, 2);
        let gnu = header("x", EntryType::GNULongName, long.len() as u64);
        let posix = header("x", EntryType::XHeader, pax.len() as u64);
        let bytes = archive(&[
            gnu.as_bytes(),
            &padded(long.as_bytes()),
            file.as_bytes(),
            &padded(b"1\n"),
            posix.as_bytes(),
            &padded(pax.as_bytes()),
            file.as_bytes(),
            &padded(b"2\n"),
            file.as_bytes(),
            &padded(b"3\n"),
        ]);
        assert_eq!(members(&bytes), (vec![format!("{long}=1\n"), format!("{long}=2\n"), "short=3\n".to_owned()], None));
    }

    #[test]
    fn the_size_of_an_extending_header_is_the_one_that_counts() {
        let file = header("one", EntryType::Regular, 0);
        let pax = header("x", EntryType::XHeader, 10);
        let next = header("two", EntryType::Regular, 2);
        let bytes = archive(&[
            pax.as_bytes(),
            &padded(b"10 size=2\n"),
            file.as_bytes(),
            &padded(b"1\n"),
            next.as_bytes(),
            &padded(b"2\n"),
        ]);
        assert_eq!(members(&bytes), (vec!["one=1\n".to_owned(), "two=2\n".to_owned()], None));
    }

    #[test]
    fn a_header_that_extends_the_next_one_is_no_member() {
        let pax = header("x", EntryType::XHeader, 9);
        let file = header("one", EntryType::Regular, 0);
        let bytes = archive(&[pax.as_bytes().as_slice(), &padded(b"9 a=1234\n"), file.as_bytes()].repeat(3));
        let read = |most| {
            let mut given = 0;
            let read = read_at_most(most, &mut bytes.as_slice(), |_| {
                given += 1;
                Ok(())
            });
            (given, matches!(read, Err(Stop::Damage(reject)) if reject.kind == RejectKind::TooLarge))
        };
        assert_eq!([read(2), read(3)], [(2, true), (3, false)]);
    }

    #[test]
    fn what_came_whole_before_the_damage_is_given() {
        let file = header("one", EntryType::Regular, 2);
        let whole = archive(&[file.as_bytes(), &padded(b"1\n"), file.as_bytes(), &padded(b"2\n")]);
        let mut flipped = whole.clone();
        flipped[1024 + 10] ^= 1;
        let reason = "member 1, byte 1536 of the tar archive: no header of a member where one is due";
        assert_eq!(members(&flipped), (vec!["one=1\n".to_owned()], Some(reason.to_owned())));
        for end in 0..2048 {
            let (members, reject) = members(&whole[..end]);
            assert!(reject.unwrap().ends_with("the archive is cut off"), "{end}");
            assert!(members.iter().filter(|member| !member.contains('(')).count() <= end / 514, "{end}");
        }
    }

    #[test]
    fn a_sparse_file_is_refused() {
        let bytes = archive(&[header("s", EntryType::GNUSparse, 2).as_bytes(), &padded(b"1\n")]);
        assert_eq!(members(&bytes), (vec!["s: stored as a sparse file, which is not read".to_owned()], None));
    }
}
