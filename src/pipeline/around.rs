//! Finds what lies around each source and can say where its runs belong.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::model::{Digest, Reject, RejectKind};
use crate::parse::FORMATS;
use crate::place::{Around, Says, Side, Sidecar, SidecarError, captured, is_sidecar};
use crate::source::{Beside, Body, Content, EMPTY, Place, Reader, lossless};

/// Reads a side file, which may name the formats that can be read.
pub fn read_sidecar(text: &str) -> Result<Sidecar, SidecarError> {
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    Sidecar::parse(text, &formats)
}

/// The directories from an argument down to where the walk is, each with what is around.
#[derive(Debug)]
pub(super) struct Surroundings {
    /// What was given on the command line for all.
    given: Option<Arc<Around>>,
    levels: Vec<Level>,
    /// Files that speak of others and were met before those, of directories that were not entered yet.
    met: Vec<PathBuf>,
    reader: Reader,
}

#[derive(Debug)]
struct Level {
    directory: PathBuf,
    around: Option<Arc<Around>>,
}

impl Surroundings {
    pub(super) fn new(given: Option<Arc<Around>>, reader: Reader) -> Self {
        Self { given, levels: Vec::new(), met: Vec::new(), reader }
    }

    /// Takes a file that may speak of others; the walk meets it before all of those.
    pub(super) fn note(&mut self, place: &Place) {
        self.met.push(place.file().to_owned());
    }

    /// What is around a file or an archive. The walk is sorted, so that each directory is entered once.
    pub(super) fn of(&mut self, place: &Place) -> Option<Arc<Around>> {
        let Some((base, directory)) = place.directories() else { return self.given.clone() };
        // Its neighbour asked for the same directory: nothing is taken apart for that.
        let is_at =
            |level: Option<&Level>, path: &Path| level.is_some_and(|level| level.directory.as_os_str() == path.as_os_str());
        if !(is_at(self.levels.last(), directory) && is_at(self.levels.first(), base)) {
            self.reach(base, directory, place);
        }
        self.levels.last().and_then(|level| level.around.clone())
    }

    /// Goes from the directory where the walk was to this one.
    fn reach(&mut self, base: &Path, directory: &Path, place: &Place) {
        // Others spoke of directories that the walk has left.
        self.met.retain(|path| path.parent().is_some_and(|parent| directory.starts_with(parent)));
        if self.levels.first().is_none_or(|level| level.directory != base) {
            self.levels.clear();
            self.enter(base, place);
        }
        while self.levels.len() > 1 && !self.levels.last().is_some_and(|level| directory.starts_with(&level.directory)) {
            self.levels.pop();
        }
        let reached = self.levels.last().map_or(base, |level| &level.directory).to_owned();
        let rest = directory.strip_prefix(&reached).unwrap_or(Path::new(""));
        rest.iter().fold(reached, |above, part| {
            let directory = above.join(part);
            self.enter(&directory, place);
            directory
        });
    }

    fn enter(&mut self, directory: &Path, place: &Place) {
        let found = if place.is_below_argument() { self.read_met(directory) } else { self.reader.list_beside(directory) };
        let sides: Vec<Side> = found.into_iter().filter_map(side).collect();
        let above = self.levels.last().map_or(self.given.as_ref(), |level| level.around.as_ref());
        let root = place.identity().root.or_else(|| place.directories().map(|(base, _)| lossless(base).into_owned()));
        let around = Around::within(above, Some(lossless(directory).into_owned()), sides, root.as_deref());
        self.levels.push(Level { directory: directory.to_owned(), around });
    }

    fn read_met(&mut self, directory: &Path) -> Vec<Beside> {
        let here: Vec<PathBuf> = self.met.extract_if(.., |path| path.parent() == Some(directory)).collect();
        here.iter().map(|path| self.reader.read_beside(path)).collect()
    }
}

/// What a file says of those beside it; nothing when it is not what its name promises.
fn side(beside: Beside) -> Option<Side> {
    let Beside { location, content } = beside;
    let name = location.rsplit('/').next().unwrap_or_default();
    let says = says(name, content.as_ref().ok());
    let digest = content.ok().and_then(|content| content.digest).unwrap_or(Digest([0; 16]));
    Some(Side { says: says?, location, digest })
}

fn says(name: &str, content: Option<&Content>) -> Option<Says> {
    if is_sidecar(name) {
        let sidecar = content.and_then(|content| sidecar_of(&content.body).ok());
        return Some(sidecar.map_or(Says::Broken, |sidecar| Says::Sidecar(Box::new(sidecar))));
    }
    let text = content.and_then(|content| content.body.text())?;
    Some(Says::captured(&captured::read(&text.text, name)?))
}

/// Reads the content of a side file; an empty one says nothing. The reject names line, column and key.
pub(super) fn sidecar_of(body: &Body) -> Result<Sidecar, Reject> {
    let text = match body {
        Body::Text(text) => text,
        Body::Other(EMPTY) => return Ok(Sidecar::default()),
        Body::Other(taken_for) => return Err(Reject::source(RejectKind::Sidecar, format!("no text: {taken_for}"))),
    };
    if let Some(lost) = text.damaged.first() {
        return Err(Reject { kind: RejectKind::Sidecar, ..lost.clone() });
    }
    read_sidecar(&text.text).map_err(|SidecarError { line, column, reason }| {
        let at = text.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
        Reject::line(line, column, RejectKind::Sidecar, reason, at)
    })
}

/// What is around the members of an archive: what is around the archive, and what its own members say.
#[derive(Debug)]
pub(super) struct Members {
    /// Location of the directory that holds the archive; `None` for a stream.
    floor: Option<String>,
    above: Option<Arc<Around>>,
    /// Whether it is a side file, and no archive at all.
    is_sidecar: bool,
    /// Locations of the members that said something.
    heard: HashSet<String>,
    /// What its members say, by the directory they lie in; nobody has asked for it yet.
    sides: HashMap<String, Vec<Side>>,
    /// What is around the members of directories that hold something that speaks.
    known: HashMap<String, Option<Arc<Around>>>,
}

impl Members {
    pub(super) fn new(archive: &Place, above: Option<Arc<Around>>) -> Self {
        let floor = archive.directories().map(|(_, directory)| lossless(directory).into_owned());
        let is_sidecar = is_sidecar(&archive.name());
        Self { floor, above, is_sidecar, heard: HashSet::new(), sides: HashMap::new(), known: HashMap::new() }
    }

    /// Takes a member that says something of the others; of several with one name the first.
    pub(super) fn learn(&mut self, place: &Place, content: Result<Box<Content>, Reject>) {
        let location = location(place);
        if !self.heard.insert(location.clone()) {
            return;
        }
        let directory = parent(&location).to_owned();
        let side = side(Beside { location, content: content.map(|content| *content) });
        self.sides.entry(directory).or_default().extend(side);
    }

    /// Why a side file had no say, which would be lost in silence.
    pub(super) fn unheard(&self, place: &Place) -> Option<Reject> {
        let name = place.name();
        let reason = if is_sidecar(&name) {
            let heard = if place.is_member() { self.heard.contains(&location(place)) } else { self.is_sidecar };
            (!heard).then_some("a compressed side file, which is not listened to")?
        } else {
            let second = place.is_member() && name.split_once('#').is_some_and(|(name, _)| is_sidecar(name));
            second.then_some("another side file of the same place, which came first, was used")?
        };
        Some(Reject::source(RejectKind::Sidecar, reason))
    }

    /// What is around a member, or around the archive itself.
    pub(super) fn of(&mut self, place: &Place) -> Option<Arc<Around>> {
        if self.sides.is_empty() && self.known.is_empty() || !place.is_member() {
            return self.above.clone();
        }
        let identity = place.identity();
        if !identity.fits() {
            // It cannot be stored, and has more directories above it than anybody wants to look at.
            return self.above.clone();
        }
        // Members of an archive that is an argument lie below it, and not below the directory that holds it.
        self.at(parent(&location(place)), identity.root.as_deref())
    }

    /// What is around the members of a directory: of those that hold nothing that says something, what is around the one above.
    fn at(&mut self, directory: &str, root: Option<&str>) -> Option<Arc<Around>> {
        let mut new = Vec::new();
        let mut directory = directory;
        let mut around = loop {
            if self.floor.as_deref() == Some(directory) {
                break self.above.clone();
            }
            if let Some(known) = self.known.get(directory) {
                break known.clone();
            }
            new.extend(self.sides.remove(directory).map(|sides| (directory, sides)));
            if directory.is_empty() {
                break self.above.clone();
            }
            directory = parent(directory);
        };
        for (directory, sides) in new.into_iter().rev() {
            around = Around::within(around.as_ref(), Some(directory.to_owned()), sides, root);
            self.known.insert(directory.to_owned(), around.clone());
        }
        around
    }
}

fn location(place: &Place) -> String {
    let identity = place.identity();
    identity.location().unwrap_or(identity.path)
}

fn parent(location: &str) -> &str {
    location.rsplit_once('/').map_or("", |(parent, _)| parent)
}
