//! What was typed: directories, files and `-`, each read once.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::name::{last_part, lossless, member_path, shown};
use crate::model::{COMPRESSION, Identity, Reject, RejectKind, without_compression};

/// Begins the name of the directory of a recording that is not complete.
pub const UNFINISHED: &str = ".prc-etl-recording-";

/// What an argument turned out to be.
#[derive(Debug)]
pub(super) enum ArgumentKind {
    /// A directory, to be walked.
    Directory,
    /// Anything else that can be opened by its name.
    File,
    /// A file of a recording: known by the recording's name and its own, wherever it lies.
    Recorded,
    /// Standard input.
    Stream,
    /// Nothing that can be looked at.
    Unreadable(Reject),
}

/// One argument.
#[derive(Debug)]
pub struct Argument {
    /// The path as typed.
    given: PathBuf,
    /// The path without links, `.` and `..`.
    pub(super) location: PathBuf,
    /// The directory that logical paths are below, as text; `None` for a stream.
    root: Option<String>,
    pub(super) kind: ArgumentKind,
}

impl Argument {
    fn new(given: &Path) -> Self {
        if given == OsStr::new("-") {
            return Self { given: given.to_owned(), location: given.to_owned(), root: None, kind: ArgumentKind::Stream };
        }
        match resolve(given) {
            Ok((location, true)) => Self {
                root: Some(lossless(&location).into_owned()),
                given: given.to_owned(),
                location,
                kind: ArgumentKind::Directory,
            },
            Ok((location, false)) => Self::beside(given, location, ArgumentKind::File),
            Err(error) => {
                let location = std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
                let reject = Reject::source(RejectKind::Unreadable, error.to_string());
                Self::beside(given, location, ArgumentKind::Unreadable(reject))
            }
        }
    }

    /// An argument whose root is the directory that holds it.
    fn beside(given: &Path, location: PathBuf, kind: ArgumentKind) -> Self {
        let root = location.parent().map(|parent| lossless(parent).into_owned());
        Self { given: given.to_owned(), location, root, kind }
    }

    /// The directory that logical paths are below.
    fn base(&self) -> &Path {
        match self.kind {
            ArgumentKind::Directory => &self.location,
            ArgumentKind::Recorded => self.location.ancestors().nth(2).unwrap_or(Path::new("")),
            _ => self.location.parent().unwrap_or(Path::new("")),
        }
    }
}

/// The true location of a path, and whether it is a directory. A link is followed, so that `latest` is known by what it points to:
/// when it points elsewhere tomorrow, tomorrow's files must not replace today's.
fn resolve(given: &Path) -> io::Result<(PathBuf, bool)> {
    let directory = fs::metadata(given)?.is_dir();
    Ok((fs::canonicalize(given)?, directory))
}

/// Every argument of an invocation, sorted, each place once.
#[derive(Debug)]
pub struct Arguments {
    /// The arguments to read.
    pub(super) list: Vec<Arc<Argument>>,
    /// Files below an argument that are no input.
    pub(super) excluded: Vec<PathBuf>,
    /// Arguments that were left out because they lie within another one, as typed.
    pub covered: Vec<String>,
}

impl Arguments {
    /// Looks at what was typed. The order of the arguments makes no difference to the result.
    pub fn new(given: &[PathBuf]) -> Self {
        let mut all: Vec<Argument> = given.iter().map(|path| Argument::new(path)).collect();
        let stream = |argument: &Argument| argument.root.is_none();
        all.sort_by(|a, b| (stream(a), &a.location).cmp(&(stream(b), &b.location)));
        let directories: HashSet<PathBuf> =
            all.iter().filter(|a| matches!(a.kind, ArgumentKind::Directory)).map(|a| a.location.clone()).collect();
        let (mut list, mut covered) = (Vec::<Arc<Argument>>::with_capacity(all.len()), Vec::new());
        for argument in all {
            let twice = list
                .last()
                .is_some_and(|last| last.location == argument.location && last.kind.is_stream() == argument.kind.is_stream());
            let within = argument.location.ancestors().skip(1).any(|above| directories.contains(above));
            if twice || within {
                covered.push(shown(&argument.given));
            } else {
                list.push(Arc::new(argument));
            }
        }
        Self { list, excluded: Vec::new(), covered }
    }
}

impl Arguments {
    /// The files of one recording, each in the directory that has the name of the recording.
    ///
    /// They are known by that name and no location, as nobody comes back to look there: below a spool that is imported later they
    /// have the same logical path and the same content, and are the same sources.
    pub fn recorded(files: &[PathBuf]) -> Self {
        let argument = |path: &PathBuf| {
            Arc::new(Argument { given: path.clone(), location: path.clone(), root: None, kind: ArgumentKind::Recorded })
        };
        Self { list: files.iter().map(argument).collect(), excluded: Vec::new(), covered: Vec::new() }
    }

    /// Leaves files out of the walk, by their true locations.
    #[must_use]
    pub fn except(mut self, files: Vec<PathBuf>) -> Self {
        self.excluded = files;
        self
    }
}

impl ArgumentKind {
    fn is_stream(&self) -> bool {
        matches!(self, Self::Stream)
    }
}

/// Where a source lies.
#[derive(Debug, Clone)]
pub struct Place {
    argument: Arc<Argument>,
    /// The path to open; `-` for standard input.
    pub(super) path: PathBuf,
    part: Part,
}

/// Which part of a file is meant.
#[derive(Debug, Clone)]
enum Part {
    /// All of it.
    Whole,
    /// What comes out when so many suffixes of compression are taken away.
    Uncompressed(u32),
    /// A member of the archive that it is, by its path in there.
    Member(String),
}

/// What follows a directory in a path that begins with it to the byte, as all do that the walk makes of an argument: to take paths apart
/// costs ten times as much.
fn bytes_below<'p>(path: &'p Path, directory: &Path) -> Option<&'p Path> {
    let rest = path.as_os_str().as_bytes().strip_prefix(directory.as_os_str().as_bytes())?;
    let below = rest.strip_prefix(b"/").filter(|below| !below.starts_with(b"/"))?;
    Some(Path::new(OsStr::from_bytes(below)))
}

fn is_within(path: &Path, directory: &Path) -> bool {
    path.as_os_str() == directory.as_os_str() || bytes_below(path, directory).is_some() || path.starts_with(directory)
}

impl Place {
    pub(super) fn new(argument: &Arc<Argument>, path: PathBuf) -> Self {
        Self { argument: Arc::clone(argument), path, part: Part::Whole }
    }

    /// The path below what logical paths are below.
    fn below(&self) -> &Path {
        let base = self.argument.base();
        bytes_below(&self.path, base).or_else(|| self.path.strip_prefix(base).ok()).unwrap_or(&self.path)
    }

    /// Whether this is standard input.
    pub fn is_stream(&self) -> bool {
        self.argument.kind.is_stream()
    }

    /// Whether it was found below a directory that is an argument.
    pub fn is_below_argument(&self) -> bool {
        matches!(self.argument.kind, ArgumentKind::Directory)
    }

    /// The last part of its name; of a member that of the member.
    pub fn name(&self) -> Cow<'_, str> {
        let own = || lossless(Path::new(last_part(&self.path)));
        match &self.part {
            Part::Member(member) => member.rsplit('/').next().unwrap_or_default().into(),
            Part::Uncompressed(layers) => uncompressed(&own(), *layers).to_owned().into(),
            Part::Whole => own(),
        }
    }

    /// Where the file lies that it is, or is in.
    pub fn file(&self) -> &Path {
        &self.path
    }

    /// The directory that logical paths are below and the one that holds the file; `None` for a stream.
    pub fn directories(&self) -> Option<(&Path, &Path)> {
        let base = self.argument.base();
        (!self.is_stream()).then(|| (base, self.holder().filter(|holder| is_within(holder, base)).unwrap_or(base)))
    }

    /// Whether it belongs to a recording that is not complete, or was killed before it was.
    pub fn is_unfinished(&self) -> bool {
        let directory = self.holder().and_then(Path::file_name).and_then(OsStr::to_str);
        !self.is_stream() && directory.is_some_and(|name| name.starts_with(UNFINISHED))
    }

    /// The directory that holds the file.
    fn holder(&self) -> Option<&Path> {
        let bytes = self.path.as_os_str().as_bytes();
        match memchr::memrchr(b'/', bytes) {
            Some(slash) if slash > 0 && bytes[slash - 1] != b'/' && slash + 1 < bytes.len() => {
                Some(Path::new(OsStr::from_bytes(&bytes[..slash])))
            }
            _ => self.path.parent(),
        }
    }

    /// What the source is known by.
    pub fn identity(&self) -> Identity {
        let root = self.argument.root.clone();
        let below = lossless(self.below());
        match (&self.part, &self.argument.kind) {
            (Part::Whole, _) => Identity { root, path: below.into_owned() },
            (Part::Uncompressed(layers), _) => Identity { root, path: uncompressed(&below, *layers).to_owned() },
            (Part::Member(member), ArgumentKind::Directory) => Identity { root, path: format!("{below}/{member}") },
            (Part::Member(member), ArgumentKind::Stream) => Identity { root, path: member.clone() },
            (Part::Member(member), _) => Identity { root: Some(lossless(&self.path).into_owned()), path: member.clone() },
        }
    }

    /// Whether this lies within an archive.
    pub fn is_member(&self) -> bool {
        matches!(self.part, Part::Member(_))
    }

    /// A member of the archive that lies here.
    pub(super) fn member(&self, name: &[u8]) -> Self {
        let name = member_path(name);
        let member = match &self.part {
            Part::Member(archive) => format!("{archive}/{name}"),
            Part::Whole | Part::Uncompressed(_) => name,
        };
        Self { part: Part::Member(member), ..self.clone() }
    }

    /// What comes out of the compressed file that lies here. Beside a file of the name without the suffix, or one that is packed in
    /// another way (`perf.txt.xz` beside `perf.txt.gz`), it keeps its own name: the two may hold different things, and one must not take
    /// the place of the other.
    pub(super) fn uncompressed(&self) -> Self {
        let part = match self.part {
            Part::Member(ref member) => Part::Member(without_compression(member).to_owned()),
            Part::Whole if !self.has_twin(1) => Part::Uncompressed(1),
            Part::Uncompressed(layers) if !self.has_twin(layers + 1) => Part::Uncompressed(layers + 1),
            ref kept => kept.clone(),
        };
        Self { part, ..self.clone() }
    }

    /// Whether another file lies beside this one that has the name which is left without so many suffixes, or that name and one suffix.
    fn has_twin(&self, layers: u32) -> bool {
        let name = last_part(&self.path);
        let text = lossless(Path::new(name));
        // The suffixes are as long in bytes, of whatever the name before them consists.
        let cut = text.len() - uncompressed(&text, layers).len();
        let left = &name.as_bytes()[..name.len() - cut];
        let others = [""].iter().chain(COMPRESSION).map(|suffix| [left, suffix.as_bytes()].concat());
        let mut others = others.filter(|other| cut > 0 && other != name.as_bytes());
        others.any(|other| fs::symlink_metadata(self.path.with_file_name(OsStr::from_bytes(&other))).is_ok())
    }

    /// The same place, for another source that has the same name: `perf.txt#2`.
    pub(super) fn numbered(&self, number: u64) -> Self {
        let part = match &self.part {
            Part::Member(member) => Part::Member(format!("{member}#{number}")),
            part => part.clone(),
        };
        Self { part, ..self.clone() }
    }

    /// The path as it was typed, continued below a directory; for people and for programs that look for their argument.
    pub fn shown(&self) -> String {
        let given = &self.argument.given;
        let file = match self.path.strip_prefix(&self.argument.location) {
            Ok(below) if below != Path::new("") => shown(&given.join(below)),
            _ => shown(given),
        };
        match &self.part {
            Part::Member(member) => format!("{file}/{member}"),
            Part::Whole | Part::Uncompressed(_) => file,
        }
    }
}

fn uncompressed(name: &str, layers: u32) -> &str {
    (0..layers).fold(name, |name, _| without_compression(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        fs::create_dir_all(tree.path().join("runs/one")).unwrap();
        fs::write(tree.path().join("runs/one/perf.txt"), "x").unwrap();
        tree
    }

    fn given(arguments: &Arguments) -> Vec<&Path> {
        arguments.list.iter().map(|argument| argument.given.as_path()).collect()
    }

    #[test]
    fn an_argument_within_another_is_read_once() {
        let tree = tree();
        let (runs, one) = (tree.path().join("runs"), tree.path().join("runs/one"));
        let arguments = Arguments::new(&[one.clone(), runs.clone(), runs.clone()]);
        assert_eq!(given(&arguments), [&runs]);
        assert_eq!(arguments.covered, [runs.to_str().unwrap(), one.to_str().unwrap()]);
    }

    #[test]
    fn the_order_of_arguments_makes_no_difference() {
        let (a, b, stream) = (PathBuf::from("Cargo.toml"), PathBuf::from("src"), PathBuf::from("-"));
        let one = Arguments::new(&[stream.clone(), b.clone(), a.clone()]);
        assert_eq!(given(&one), [&a, &b, &stream]);
        assert_eq!(given(&one), given(&Arguments::new(&[a.clone(), stream.clone(), b.clone()])));
    }

    #[test]
    fn a_file_is_known_by_its_directory_and_name() {
        let tree = tree();
        let file = tree.path().join("runs/../runs/one/perf.txt");
        let arguments = Arguments::new(std::slice::from_ref(&file));
        let place = Place::new(&arguments.list[0], arguments.list[0].location.clone());
        let root = fs::canonicalize(tree.path().join("runs/one")).unwrap();
        assert_eq!(place.identity(), Identity { root: Some(root.to_str().unwrap().to_owned()), path: "perf.txt".to_owned() });
        assert_eq!(place.shown(), file.to_str().unwrap());
    }

    #[test]
    fn a_link_is_known_by_what_it_points_to() {
        let tree = tree();
        std::os::unix::fs::symlink("runs", tree.path().join("latest")).unwrap();
        let arguments = Arguments::new(&[tree.path().join("latest")]);
        let place = Place::new(&arguments.list[0], arguments.list[0].location.join("one/perf.txt"));
        let root = fs::canonicalize(tree.path().join("runs")).unwrap();
        assert_eq!(place.identity().root.as_deref(), root.to_str());
        assert_eq!(place.identity().path, "one/perf.txt");
        assert_eq!(place.shown(), tree.path().join("latest/one/perf.txt").to_str().unwrap());
    }

    #[test]
    fn what_does_not_exist_is_kept_with_the_reason() {
        let arguments = Arguments::new(&[PathBuf::from("no/such")]);
        let ArgumentKind::Unreadable(reject) = &arguments.list[0].kind else { panic!("{arguments:?}") };
        assert_eq!((reject.kind, reject.line), (RejectKind::Unreadable, 0));
        assert!(reject.reason.contains("No such file"), "{reject:?}");
    }
}
