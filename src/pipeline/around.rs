//! Finds what lies around each source and can say where its runs belong.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::HashMap;

use crate::model::{Digest, Reject};
use crate::parse::FORMATS;
use crate::place::{Around, Says, Side, Sidecar, SidecarError, captured, is_sidecar};
use crate::source::{Beside, Content, Place, Reader, lossless};

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
        self.levels.last().and_then(|level| level.around.clone())
    }

    fn enter(&mut self, directory: &Path, place: &Place) {
        let found = if place.is_below_argument() { self.read_met(directory) } else { self.reader.list_beside(directory) };
        let sides: Vec<Side> = found.into_iter().filter_map(side).collect();
        let above = self.levels.last().map_or(self.given.as_ref(), |level| level.around.as_ref());
        let root = place.identity().root.or_else(|| place.directories().map(|(base, _)| lossless(base)));
        let around = Around::within(above, Some(lossless(directory)), sides, root.as_deref());
        self.levels.push(Level { directory: directory.to_owned(), around });
    }
}

impl Surroundings {
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
    let text = content.and_then(|content| content.body.text());
    if is_sidecar(name) {
        let sidecar = text.filter(|text| text.damaged.is_empty()).and_then(|text| read_sidecar(&text.text).ok());
        return Some(sidecar.map_or(Says::Broken, |sidecar| Says::Sidecar(Box::new(sidecar))));
    }
    Some(Says::captured(&captured::read(&text?.text, name)?))
}

/// What is around the members of an archive: what is around the archive, and what its own members say.
#[derive(Debug)]
pub(super) struct Members {
    /// Location of the directory that holds the archive; `None` for a stream.
    floor: Option<String>,
    above: Option<Arc<Around>>,
    root: Option<String>,
    /// What its members say, by the directory they lie in.
    sides: HashMap<String, Vec<Side>>,
    known: HashMap<String, Option<Arc<Around>>>,
}

impl Members {
    pub(super) fn new(archive: &Place, above: Option<Arc<Around>>) -> Self {
        let floor = archive.directories().map(|(_, directory)| lossless(directory));
        Self { floor, above, root: archive.identity().root, sides: HashMap::new(), known: HashMap::new() }
    }

    /// Takes a member that says something of the others.
    pub(super) fn learn(&mut self, place: &Place, content: Result<Box<Content>, Reject>) {
        let location = location(place);
        let directory = parent(&location).to_owned();
        let side = side(Beside { location, content: content.map(|content| *content) });
        self.sides.entry(directory).or_default().extend(side);
    }

    /// What is around a member, or around the archive itself.
    pub(super) fn of(&mut self, place: &Place) -> Option<Arc<Around>> {
        if self.sides.is_empty() && self.known.is_empty() || !place.is_member() {
            return self.above.clone();
        }
        self.at(parent(&location(place)))
    }

    fn at(&mut self, directory: &str) -> Option<Arc<Around>> {
        if self.floor.as_deref() == Some(directory) {
            return self.above.clone();
        }
        if let Some(known) = self.known.get(directory) {
            return known.clone();
        }
        let above = if directory.is_empty() { self.above.clone() } else { self.at(parent(directory)) };
        let sides = self.sides.remove(directory).unwrap_or_default();
        let around = Around::within(above.as_ref(), Some(directory.to_owned()), sides, self.root.as_deref());
        self.known.insert(directory.to_owned(), around.clone());
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
