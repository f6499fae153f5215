//! The tables inside the binary, as `catalog/build.py` packs them: a head, an index, and one deflated block for each table.
//!
//! Nothing is unpacked before it is asked for: the index (20 kB of text) is read once, a table when a microarchitecture needs it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::OnceLock;

static BYTES: &[u8] = include_bytes!("../../catalog/events.bundle");

/// What every bundle begins with; the number is that of the layout.
const HEAD: &str = "prc-etl catalogue 1";

/// The bundle with its index.
#[derive(Debug)]
pub(super) struct Bundle {
    /// Version of the tables.
    pub(super) version: &'static str,
    /// The sources of the tables with their dates.
    pub(super) sources: &'static str,
    members: BTreeMap<&'static str, Member>,
}

#[derive(Debug)]
struct Member {
    packed: &'static [u8],
    length: usize,
    text: OnceLock<String>,
}

/// The bundle of this binary.
///
/// # Panics
/// Never: the bundle is part of the binary, and a test unpacks all of it.
pub(super) fn bundle() -> &'static Bundle {
    static BUNDLE: OnceLock<Bundle> = OnceLock::new();
    BUNDLE.get_or_init(|| read(BYTES).expect("the bundle was packed by catalog/build.py"))
}

fn read(bytes: &'static [u8]) -> Option<Bundle> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let mut lines = str::from_utf8(&bytes[..end]).ok()?.lines();
    if lines.next()? != HEAD {
        return None;
    }
    let (version, sources) = (lines.next()?, lines.next()?);
    let members = lines.map(|line| member(line, &bytes[end + 2..])).collect::<Option<_>>()?;
    Some(Bundle { version, sources, members })
}

fn member(line: &'static str, blocks: &'static [u8]) -> Option<(&'static str, Member)> {
    let mut cells = line.split('\t');
    let name = cells.next()?;
    let mut number = || cells.next()?.parse::<usize>().ok();
    let (offset, packed, length) = (number()?, number()?, number()?);
    Some((name, Member { packed: blocks.get(offset..offset + packed)?, length, text: OnceLock::new() }))
}

impl Bundle {
    /// The text of a table: a row a line, cells parted by tabulators, empty cells at the end left out. `None` when there is no such table.
    ///
    /// # Panics
    /// Never, likewise.
    pub(super) fn text(&'static self, name: &str) -> Option<&'static str> {
        let member = self.members.get(name)?;
        Some(member.text.get_or_init(|| member.unpacked().expect("a test unpacks every table")))
    }

    /// The rows of a table with their cells; none when there is no such table.
    pub(super) fn rows(&'static self, name: &str) -> impl Iterator<Item = Cells> + use<> {
        self.text(name).unwrap_or_default().lines().map(|line| Cells(line.split('\t')))
    }

    /// Names of all tables.
    #[cfg(test)]
    pub(super) fn names(&'static self) -> impl Iterator<Item = &'static str> {
        self.members.keys().copied()
    }
}

impl Member {
    fn unpacked(&self) -> std::io::Result<String> {
        let mut text = String::with_capacity(self.length);
        flate2::read::DeflateDecoder::new(self.packed).read_to_string(&mut text)?;
        Ok(text)
    }
}

/// The cells of a row, read from left to right.
#[derive(Debug)]
pub(super) struct Cells(std::str::Split<'static, char>);

impl Cells {
    /// The next cell; empty when the row has no more.
    pub(super) fn text(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    /// The next cell as a hexadecimal number; `None` when it is empty.
    pub(super) fn number(&mut self) -> Option<u64> {
        hexadecimal(self.text())
    }

    /// Whether the next cell is set.
    pub(super) fn flag(&mut self) -> bool {
        !self.text().is_empty()
    }
}

/// A number with the prefix `0x`.
pub(super) fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_unpacks_to_its_length() {
        let bundle = bundle();
        assert!(bundle.names().count() > 500, "{}", bundle.version);
        for name in bundle.names() {
            assert_eq!(bundle.text(name).unwrap().len(), bundle.members[name].length, "{name}");
        }
    }

    #[test]
    fn bytes_that_are_no_bundle_are_none() {
        for bytes in [&b""[..], b"prc-etl catalogue 2\n\n", b"prc-etl catalogue 1\nv\ns\na\t0\t9\t9\n\n"] {
            assert!(read(bytes).is_none());
        }
    }
}
