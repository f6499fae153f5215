//! Tells members of one name apart.

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::model::Digest;
use crate::source::Place;

/// The hash of a path: an archive may hold a million of them.
type PathHash = [u8; 16];

/// What was given under each path.
#[derive(Debug, Default)]
pub(super) struct Names {
    first: HashMap<PathHash, First>,
    /// The numbers of the others, by name and content.
    numbers: HashMap<(PathHash, Digest), u64>,
}

/// The first source of a name.
#[derive(Debug)]
struct First {
    digest: Option<Digest>,
    /// The number that the last of the name got: the next one is looked for behind it.
    last: u64,
}

impl Names {
    /// Where a source lies. A second one of the same name is the same source when it has the same content, or none that can be read, and
    /// gets a number otherwise.
    pub(super) fn distinct(&mut self, place: &Place, digest: Option<Digest>) -> Place {
        let name = hash(place);
        let last = match self.first.entry(name) {
            Entry::Vacant(vacant) => {
                vacant.insert(First { digest, last: 1 });
                return place.clone();
            }
            Entry::Occupied(first) if digest.is_none() || first.get().digest == digest => return place.clone(),
            Entry::Occupied(first) => first.get().last,
        };
        let of_name = digest.map(|digest| (name, digest));
        if let Some(number) = of_name.and_then(|content| self.numbers.get(&content)) {
            return place.numbered(*number);
        }
        let (number, place) = self.vacant(place, last, digest);
        if let Some(first) = self.first.get_mut(&name) {
            first.last = number;
        }
        self.numbers.extend(of_name.map(|content| (content, number)));
        place
    }

    /// The first number behind `last` under which nothing else was given; a member may have been called `perf.txt#2` in the archive.
    fn vacant(&mut self, place: &Place, last: u64, digest: Option<Digest>) -> (u64, Place) {
        let mut number = last + 1;
        loop {
            let numbered = place.numbered(number);
            match self.first.entry(hash(&numbered)) {
                Entry::Vacant(vacant) => {
                    vacant.insert(First { digest, last: 1 });
                    return (number, numbered);
                }
                Entry::Occupied(other) if other.get().digest == digest => return (number, numbered),
                Entry::Occupied(_) => number += 1,
            }
        }
    }
}

fn hash(place: &Place) -> PathHash {
    Digest::of(place.identity().path.as_bytes()).0
}
