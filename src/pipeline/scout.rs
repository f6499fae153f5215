//! Goes ahead of the workers: walks, looks at each file without opening it, and takes out what need not be read.
//!
//! Two threads, one for the file system and one for the ledger, each a few groups ahead of the next: memory does not depend on the tree.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::around::Surroundings;
use super::{Item, Wanted, Why};
use crate::model::{Candidate, Reject, RejectKind, Stamp, Standing};
use crate::place::{Around, Seen as SeenPath, is_sidecar, speaks};
use crate::source::{Arguments, Found, Newest, Place, walk};

/// Most sources that one worker takes at once: enough to make hand-overs cheap, few enough to keep all workers busy at the end.
const BATCH: usize = 64;

/// Sources of a batch. The first ones are small: a tree may be a few large files, which is seen only when they are read, and one worker
/// would have them all.
fn batch_size(number: u64, jobs: usize) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).div_euclid(jobs.max(1)).saturating_add(1).min(BATCH)
}

/// Files that the ledger is asked for at once.
const GROUP: usize = 1024;

/// A look-up that needs nothing but its question.
pub type PlainLookup<E> = fn(&[Candidate]) -> Result<Vec<Standing>, E>;

/// What is not read.
#[derive(Debug)]
pub struct Checks<K> {
    /// Says what is known of files by location, size and last change, one answer each; without it every file is read.
    pub known: Option<K>,
    /// What is left alone before that is asked.
    pub wanted: Wanted,
}

impl<E> Checks<PlainLookup<E>> {
    /// Everything is read.
    pub fn none() -> Self {
        Self { known: None, wanted: Wanted::default() }
    }
}

/// What the walk met, after the checks.
pub(super) enum Met {
    /// To be read, or refused already.
    Open(Found, Option<Arc<Around>>),
    /// Nothing to do for a worker.
    Settled(Item),
}

pub(super) struct Batch {
    pub(super) number: u64,
    pub(super) met: Vec<Met>,
}

/// A thing that the walk met.
struct Seen {
    found: Found,
    /// Size and last change, where they are asked for.
    stamp: Option<Stamp>,
    refusal: Option<Why>,
    around: Option<Arc<Around>>,
}

/// Sends everything that the arguments hold, in the order of the walk, in batches for so many workers, until `send` says that nobody
/// receives it any more.
pub(super) fn scout<K, E>(
    arguments: Arguments,
    checks: Checks<K>,
    surroundings: Surroundings,
    jobs: usize,
    send: impl FnMut(Batch) -> bool,
) -> Result<(), E>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E>,
{
    let wanted = checks.wanted;
    let look = checks.known.is_some() || wanted.is_choosy();
    let (groups, seen) = bounded(2);
    std::thread::scope(|scope| {
        scope.spawn(move || survey(arguments, (look, wanted), surroundings, &groups));
        judge_all(checks, seen, jobs, send)
    })
}

/// Walks, and looks at files if that is wanted.
fn survey(arguments: Arguments, (look, wanted): (bool, Wanted), mut surroundings: Surroundings, groups: &Sender<Vec<Seen>>) {
    let mut found = walk(arguments, speaks);
    let mut newest = wanted.newest_archives.map(|most| Newest::new(most, wanted.at_rest_since));
    let mut see = |found: Found| {
        let found = must_be_file(found);
        let speaker = match &found {
            Found::Source(place) | Found::Refused(place, _) => Some(place).filter(|place| speaks(&place.name())),
            Found::Link(_) => None,
        };
        if let Some(place) = speaker {
            surroundings.note(place);
        }
        let Found::Source(place) = &found else { return Seen { found, stamp: None, refusal: None, around: None } };
        if place.is_unfinished() {
            return Seen { found, stamp: None, refusal: Some(Why::Unfinished), around: None };
        }
        // What speaks of others is wanted itself, whatever is said; its directory may hold more of the kind.
        let around = if speaker.is_some() { None } else { surroundings.of(place) };
        let unwanted = around.as_deref().and_then(|around| unwanted(around, place));
        let (stamp, refusal) = if look { look_at(place, &wanted, newest.as_mut()) } else { (None, None) };
        Seen { refusal: unwanted.or(refusal), found, stamp, around }
    };
    loop {
        let group: Vec<Seen> = found.by_ref().take(if look { GROUP } else { BATCH }).map(&mut see).collect();
        if group.is_empty() || groups.send(group).is_err() {
            return;
        }
    }
}

fn look_at(place: &Place, wanted: &Wanted, newest: Option<&mut Newest>) -> (Option<Stamp>, Option<Why>) {
    let stamp = place.stamp();
    let refusal = stamp.and_then(|stamp| wanted.refusal(stamp, place.is_archive_by_name()));
    let older = || newest.is_some_and(|newest| newest.passes_over(place)).then_some(Why::OlderArchive);
    (stamp, refusal.or_else(older))
}

/// Asks for each group; dropping the receiver is what ends the survey early.
#[expect(clippy::needless_pass_by_value, reason = "dropping the receiver is what ends the survey")]
fn judge_all<K, E>(
    mut checks: Checks<K>,
    groups: Receiver<Vec<Seen>>,
    jobs: usize,
    mut send: impl FnMut(Batch) -> bool,
) -> Result<(), E>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E>,
{
    let mut number = 0;
    for group in &groups {
        let mut met = checks.judge(group)?.into_iter();
        while met.len() > 0 {
            let batch = Batch { number, met: met.by_ref().take(batch_size(number, jobs)).collect() };
            if !send(batch) {
                return Ok(());
            }
            number += 1;
        }
    }
    Ok(())
}

impl<K, E> Checks<K>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E>,
{
    fn judge(&mut self, group: Vec<Seen>) -> Result<Vec<Met>, E> {
        let candidates: Vec<Candidate> = group
            .iter()
            .filter_map(|seen| match seen {
                Seen { found: Found::Source(place), stamp: Some(stamp), refusal: None, around } => {
                    Some(Candidate { identity: place.identity(), stamp: *stamp, sides: sides(place, around.as_deref()) })
                }
                _ => None,
            })
            .collect();
        let mut standings = match &mut self.known {
            Some(known) if !candidates.is_empty() => known(&candidates)?,
            _ => vec![Standing::New; candidates.len()],
        }
        .into_iter();
        let judged = group.into_iter().map(|seen| match seen {
            Seen { found: Found::Source(place), refusal: Some(why), .. } => Met::Settled(Item::LeftAlone(place, why)),
            Seen { found: Found::Source(place), stamp: Some(_), around, .. } => {
                settled(place, around, standings.next().unwrap_or(Standing::New))
            }
            Seen { found, around, .. } => Met::Open(found, around),
        });
        Ok(judged.collect())
    }
}

/// A link in the place of a side file would be left out like any other, and with it what it says.
fn must_be_file(found: Found) -> Found {
    match found {
        Found::Link(place) if is_sidecar(&place.name()) => {
            Found::Refused(place, Reject::source(RejectKind::Sidecar, "a symbolic link; a side file must be a regular file"))
        }
        found => found,
    }
}

/// Why the side files do not want a file. A text that is piped in has no path to be judged by.
pub(super) fn unwanted(around: &Around, place: &Place) -> Option<Why> {
    if speaks(&place.name()) || (place.is_stream() && !place.is_member()) {
        return None;
    }
    if around.broken().is_some() {
        return Some(Why::BrokenSidecar);
    }
    if !around.has_sidecars() {
        return None;
    }
    let identity = place.identity();
    let may_hold = !place.is_member() && place.is_archive_by_name();
    (!around.admits(&SeenPath::new(&identity), may_hold)).then_some(Why::Excluded)
}

/// What is around a source, as text; nothing is around what itself speaks of others.
pub(super) fn sides(place: &Place, around: Option<&Around>) -> Option<Arc<str>> {
    around.filter(|_| !speaks(&place.name())).map(|around| Arc::clone(around.text()))
}

fn settled(place: Place, around: Option<Arc<Around>>, standing: Standing) -> Met {
    match standing {
        Standing::New => Met::Open(Found::Source(place), around),
        Standing::Known => Met::Settled(Item::Known { place, stale: false }),
        Standing::Stale => Met::Settled(Item::Known { place, stale: true }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::Reader;

    fn sizes(files: usize, jobs: usize) -> Vec<usize> {
        let directory = tempfile::tempdir().unwrap();
        for file in 0..files {
            fs::write(directory.path().join(file.to_string()), "").unwrap();
        }
        let arguments = Arguments::new(&[directory.path().to_owned()]);
        let (checks, surroundings) = (Checks::<PlainLookup<()>>::none(), Surroundings::new(None, Reader::new(speaks)));
        let mut sizes = Vec::new();
        let sent = scout(arguments, checks, surroundings, jobs, |batch| {
            sizes.push(batch.met.len());
            true
        });
        sent.unwrap();
        sizes
    }

    #[test]
    fn a_few_files_are_for_all_workers_and_many_come_in_batches() {
        assert_eq!(sizes(4, 4), [1, 1, 1, 1]);
        assert_eq!(sizes(7, 2), [1, 1, 2, 2, 1]);
        assert_eq!((sizes(BATCH * 3, 1)[..5].to_vec(), batch_size(1_000, 8)), (vec![1, 2, 3, 4, 5], BATCH));
    }
}
