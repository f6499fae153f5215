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

/// Parts of names, in small letters with `_` for every `-`, `.` and blank, that captured system files have.
const NAMES: [&str; 15] = [
    "cpuinfo",
    "cpu_info",
    "lscpu",
    "uname",
    "os_release",
    "osrelease",
    "hostname",
    "proc_version",
    "kernel_version",
    "perf_header",
    "header_only",
    "sysinfo",
    "sys_info",
    "system_info",
    "machine_info",
];

/// For each byte that one of them begins with, the letters that can follow it as bits: names are asked about for each comparison of a
/// sorted walk.
const BEGINNINGS: [u32; 256] = {
    let mut beginnings = [0; 256];
    let mut at = 0;
    while at < NAMES.len() {
        let name = NAMES[at].as_bytes();
        beginnings[name[0] as usize] |= letter(name[1]);
        at += 1;
    }
    beginnings
};

/// A letter as a bit; 0 for what is none.
const fn letter(byte: u8) -> u32 {
    if byte.is_ascii_lowercase() { 1 << (byte - b'a') } else { 0 }
}

/// Whether a file of this name is worth opening to see whether it is a captured system file; host names and suffixes do no harm.
pub fn may_be(file_name: &str) -> bool {
    let name = file_name.rsplit('/').next().unwrap_or_default().as_bytes();
    let begins = |at: usize, part: &str| {
        let part = part.as_bytes();
        name.len() - at >= part.len() && name[at..].iter().zip(part).all(|(byte, wanted)| plain(*byte) == *wanted)
    };
    let holds = |part: &str| (0..name.len()).any(|at| begins(at, part));
    let may_begin = |pair: &[u8]| BEGINNINGS[usize::from(plain(pair[0]))] & letter(plain(pair[1])) != 0;
    let mut beginnings = name.windows(2).enumerate().filter(|(_, pair)| may_begin(pair)).map(|(at, _)| at);
    // `perf report --header-only > perf_report_header.txt`
    let header = |at: usize| begins(at, "header") && holds("perf");
    let version = name.len() == "version".len() && begins(0, "version");
    version || beginnings.any(|at| NAMES.iter().any(|part| begins(at, part)) || header(at))
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
fn plain(byte: u8) -> u8 {
    if matches!(byte, b'-' | b'.' | b' ') { b'_' } else { byte.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests;
