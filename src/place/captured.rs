//! Files that a machine wrote about itself, as people keep them beside results: `/proc/cpuinfo`, `lscpu`, `uname -a`, ...
//!
//! Pure: text in, facts out. [`may_be`] says by its name which file is worth opening, [`read`] says by its content what it
//! states. A text that is none of them gives nothing; a fact that it does not state for certain stays unknown.

mod cpuinfo;
mod lscpu;
mod os_release;
mod perf_header;
mod plain;

use crate::machine;
use crate::model::Context;

pub(super) use cpuinfo::read as cpuinfo;
pub(super) use os_release::read as os_release;

/// Kinds of captured system files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `/proc/cpuinfo`.
    Cpuinfo,
    /// `lscpu`, as text or as JSON (`-J`).
    Lscpu,
    /// `uname -a`.
    Uname,
    /// `/proc/version`.
    ProcVersion,
    /// `perf report --header-only`.
    PerfHeader,
    /// `/etc/os-release`.
    OsRelease,
    /// `/etc/hostname`, or what `hostname` prints.
    Hostname,
}

impl Kind {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpuinfo => "cpuinfo",
            Self::Lscpu => "lscpu",
            Self::Uname => "uname",
            Self::ProcVersion => "proc version",
            Self::PerfHeader => "perf header",
            Self::OsRelease => "os-release",
            Self::Hostname => "hostname",
        }
    }
}

/// What a captured system file states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// What it is.
    pub kind: Kind,
    /// Its facts; never empty.
    pub context: Context,
}

/// Reads a text that may state facts of its machine.
type Reader = fn(&str) -> Option<Context>;

/// What is recognised by content, in the order in which it is tried.
const READERS: [(Kind, Reader); 6] = [
    (Kind::PerfHeader, perf_header::read),
    (Kind::Lscpu, lscpu::read),
    (Kind::Cpuinfo, cpuinfo::read),
    (Kind::OsRelease, os_release::read),
    (Kind::Uname, plain::uname),
    (Kind::ProcVersion, plain::proc_version),
];

/// Parts of names that captured system files have: in small letters, with `_` for every `-`, `.` and blank.
const PARTS: [&str; 16] = [
    HEADER,
    "cpuinfo",
    "cpu_info",
    "hostname",
    "header_only",
    "kernel_version",
    "lscpu",
    "machine_info",
    "os_release",
    "osrelease",
    "proc_version",
    "perf_header",
    "sysinfo",
    "sys_info",
    "system_info",
    "uname",
];

/// Tells nothing without `perf`: `perf report --header-only > perf_report_header.txt`.
const HEADER: &str = "header";

/// For each byte the parts that have it as their first, and as their second, a bit each.
///
/// A walk asks for each name several times while it sorts: nearly every byte of nearly every name costs one look at each table.
static BEGIN: [[u16; 256]; 2] = [having(0), having(1)];

const fn having(position: usize) -> [u16; 256] {
    let mut parts = [0; 256];
    let mut byte = 0;
    loop {
        let mut part = 0;
        while part < PARTS.len() {
            if PARTS[part].as_bytes()[position] == plain(byte) {
                parts[byte as usize] |= 1 << part;
            }
            part += 1;
        }
        if byte == u8::MAX {
            return parts;
        }
        byte += 1;
    }
}

/// Whether a file of this name is worth opening to see whether it is a captured system file; host names and suffixes do no harm.
pub fn may_be(file_name: &str) -> bool {
    let name = memchr::memrchr(b'/', file_name.as_bytes()).map_or(file_name, |slash| &file_name[slash + 1..]).as_bytes();
    let version = || name.len() == "version".len() && begins_with(name, "version");
    name.windows(2).enumerate().any(|(at, pair)| tells(name, at, pair)) || version()
}

/// Whether one of the parts that tells begins here, of which these are the next two bytes.
fn tells(name: &[u8], at: usize, pair: &[u8]) -> bool {
    let mut begun = BEGIN[0][usize::from(pair[0])] & BEGIN[1][usize::from(pair[1])];
    while begun != 0 {
        let part = PARTS[begun.trailing_zeros() as usize];
        if begins_with(&name[at..], part) && (part != HEADER || holds(name, "perf")) {
            return true;
        }
        begun &= begun - 1;
    }
    false
}

fn holds(name: &[u8], part: &str) -> bool {
    name.windows(part.len()).any(|window| plain(window[0]) == part.as_bytes()[0] && begins_with(window, part))
}

fn begins_with(name: &[u8], part: &str) -> bool {
    name.len() >= part.len() && part.bytes().zip(name).all(|(wanted, byte)| plain(*byte) == wanted)
}

/// What a text states of its machine; `None` when it is no captured system file, or one that contradicts itself.
///
/// Several captures in one file (`uname -a; lscpu`) are read together; the first kind names it. Only a host name, which is one
/// bare word, needs its file's name to be known as such.
pub fn read(text: &str, file_name: &str) -> Option<Captured> {
    let facts = |context: &Context| *context != Context::default();
    let by_content = |(kind, reader): (Kind, Reader)| Some((kind, reader(text).filter(facts)?));
    let mut found = READERS.into_iter().filter_map(by_content);
    let Some((kind, mut context)) = found.next() else {
        let named = normalised(file_name).contains("hostname");
        return plain::hostname(text).filter(|_| named).map(|context| Captured { kind: Kind::Hostname, context });
    };
    // A line of `uname -a` counts in a long text only because something else there is a capture.
    let mut others = found.map(|(_, context)| context).chain(text.lines().filter_map(machine::uname));
    others.all(|other| machine::merge(&mut context, &other)).then_some(Captured { kind, context })
}

fn normalised(file_name: &str) -> String {
    let name = file_name.rsplit('/').next().unwrap_or_default();
    name.chars().map(|c| u8::try_from(c).map_or(c, |byte| if byte.is_ascii() { plain(byte).into() } else { c })).collect()
}

/// A letter in lower case; what parts words as `_`.
#[inline]
const fn plain(byte: u8) -> u8 {
    if matches!(byte, b'-' | b'.' | b' ') { b'_' } else { byte.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests;
