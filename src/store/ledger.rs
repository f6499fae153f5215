//! What the ledger knows about the sources of a batch, in a few queries for the whole batch.

use std::collections::BTreeSet;

use diesel::dsl::min;
use diesel::prelude::*;
use hashbrown::{HashMap, HashSet};

use super::any::{Db, on_backend};
use super::imports::ImportId;
use super::plan::{self, Stored};
use super::schema::{parsers, rejects, roots, sides, sources};
use super::{Rules, Storable};
use crate::model::{Digest, Parsed};

/// Binds of one look-up.
pub(super) const CHUNK: usize = 1000;

/// A reject that stands for a whole source: import, ordinal.
pub(super) type RejectKey = (i64, i64);

/// Where each of some sources may stand in the database under another split of its location into root and path.
pub(super) struct Places<'a> {
    /// Ids of the roots that one of them lies below.
    roots: HashMap<String, i64>,
    candidates: Vec<&'a Storable>,
    locations: Vec<Option<&'a str>>,
    rules: &'a Rules,
}

/// Columns of [`SourceFacts`].
const SOURCE_FACTS: (
    sources::source_id,
    sources::digest,
    sources::root_id,
    sources::path,
    parsers::format,
    parsers::version,
    sources::sides_id,
) = (
    sources::source_id,
    sources::digest,
    sources::root_id,
    sources::path,
    parsers::format,
    parsers::version,
    sources::sides_id,
);

/// What the ledger says of a source: id, digest, root, path, format, version of its parser, what lay around it.
type SourceFacts = (i64, Vec<u8>, Option<i64>, String, Option<String>, i32, Option<i64>);

/// The directories that the locations lie in, with the slash at their end; neighbours give one.
fn directories<'s>(locations: impl Iterator<Item = &'s str>) -> impl Iterator<Item = &'s str> {
    let mut last = None;
    let directories = locations.filter_map(|location| location.rfind('/').map(|slash| &location[..=slash]));
    directories.filter(move |directory| last.replace(*directory) != Some(*directory))
}

/// Everything that the locations lie below.
fn above<'s>(locations: impl Iterator<Item = &'s str>) -> HashSet<&'s str> {
    directories(locations).flat_map(plan::splits).map(|(root, _)| root).collect()
}

/// Ids of the roots that the locations lie below.
pub(super) fn find_roots<'s>(db: &mut Db, locations: impl Iterator<Item = &'s str>) -> QueryResult<HashMap<String, i64>> {
    let prefixes: Vec<&str> = above(locations).into_iter().collect();
    let mut known = HashMap::new();
    for chunk in prefixes.chunks(CHUNK) {
        let rows: Vec<(String, i64)> = on_backend!(db, c => {
            roots::table.select((roots::location, roots::root_id)).filter(roots::location.eq_any(chunk)).load(c)
        })?;
        known.extend(rows);
    }
    Ok(known)
}

/// Each (root, path) pair that a location may be stored under, with what belongs to the location.
pub(super) fn pairs<'s, T: Copy>(
    roots: &HashMap<String, i64>,
    located: impl Iterator<Item = (&'s str, T)>,
) -> HashMap<(i64, &'s str), T> {
    let mut pairs = HashMap::new();
    let mut directory = "";
    // Ids of the roots above it, and where the path below each begins.
    let mut ways: Vec<(i64, usize)> = Vec::new();
    for (location, owner) in located {
        let Some(slash) = location.rfind('/') else { continue };
        // Neighbours in the walk share it.
        if location[..=slash] != *directory {
            directory = &location[..=slash];
            ways.clear();
            ways.extend(
                plan::splits(directory).filter_map(|(root, rest)| Some((*roots.get(root)?, directory.len() - rest.len()))),
            );
        }
        pairs.extend(ways.iter().map(|&(root, begin)| ((root, &location[begin..]), owner)));
    }
    pairs
}

impl<'a> Places<'a> {
    /// Looks the roots up.
    pub(super) fn find(db: &mut Db, candidates: Vec<&'a Storable>, rules: &'a Rules) -> QueryResult<Self> {
        let locations: Vec<Option<&str>> = candidates.iter().map(|candidate| candidate.location()).collect();
        let roots = find_roots(db, locations.iter().copied().flatten())?;
        Ok(Self { roots, candidates, locations, rules })
    }

    /// The location of each (root, path) pair that one of the sources may be stored under.
    fn pairs(&self) -> HashMap<(i64, &str), &str> {
        pairs(&self.roots, self.locations.iter().flatten().map(|location| (*location, *location)))
    }

    /// Every path that they may be stored under.
    fn paths<'s>(&'s self, pairs: &HashMap<(i64, &'s str), &'s str>) -> Vec<&'s str> {
        let own = self.candidates.iter().filter(|c| c.stored_as().root.is_some()).map(|c| c.stored_as().path.as_str());
        let paths: BTreeSet<&str> = pairs.keys().map(|(_, path)| *path).chain(own).collect();
        paths.into_iter().collect()
    }

    /// Every row that has an identity or a location of one of them, and the first path of each of its digests among all others.
    pub(super) fn look_up(&self, db: &mut Db) -> QueryResult<(Vec<Stored>, HashMap<Digest, String>)> {
        let pairs = self.pairs();
        let mut stored = self.by_path(db, &pairs)?;
        stored.extend(self.streams(db)?);
        let elsewhere = self.elsewhere(db, &stored)?;
        Ok((stored, elsewhere))
    }

    fn by_path(&self, db: &mut Db, pairs: &HashMap<(i64, &str), &str>) -> QueryResult<Vec<Stored>> {
        let mut stored = Vec::new();
        for chunk in self.paths(pairs).chunks(CHUNK) {
            let rows: Vec<SourceFacts> = on_backend!(db, c => {
                sources::table.inner_join(parsers::table).select(SOURCE_FACTS).filter(sources::path.eq_any(chunk)).load(c)
            })?;
            let sides = side_texts(db, rows.iter().filter_map(|row| row.6))?;
            for row in rows {
                let root_and_path = row.2.map(|root| (root, row.3.as_str()));
                let location = root_and_path.and_then(|key| pairs.get(&key)).map(|location| (*location).to_owned());
                stored.push(self.stored(row, location, &sides)?);
            }
        }
        Ok(stored)
    }

    fn stored(&self, row: SourceFacts, location: Option<String>, sides: &HashMap<i64, String>) -> QueryResult<Stored> {
        let (source_id, digest, root, path, format, version, sides_id) = row;
        let stale = self.rules.is_stale(format.as_deref(), version);
        let sides = sides_id.and_then(|id| sides.get(&id)).cloned();
        Ok(Stored { source_id, digest: read_digest(&digest)?, path, location, located: root.is_some(), stale, sides })
    }

    /// Streams share one path (`-`) and are looked up by content.
    fn streams(&self, db: &mut Db) -> QueryResult<Vec<Stored>> {
        let mut stored = Vec::new();
        for source in self.loadable().filter(|source| source.identity.root.is_none()) {
            let Some(digest) = source.digest else { continue };
            let rows: Vec<SourceFacts> = on_backend!(db, c => {
                sources::table
                    .inner_join(parsers::table)
                    .select(SOURCE_FACTS)
                    .filter(sources::digest.eq(digest.0.as_slice()).and(sources::path.eq(&source.identity.path)))
                    .load(c)
            })?;
            let sides = side_texts(db, rows.iter().filter_map(|row| row.6))?;
            for row in rows {
                stored.push(self.stored(row, None, &sides)?);
            }
        }
        Ok(stored)
    }

    /// The first path of each digest among the sources that are not in `stored`.
    fn elsewhere(&self, db: &mut Db, stored: &[Stored]) -> QueryResult<HashMap<Digest, String>> {
        let digests: BTreeSet<Digest> = self.loadable().filter_map(|source| source.digest).collect();
        let near: Vec<i64> = stored.iter().filter(|row| digests.contains(&row.digest)).map(|row| row.source_id).collect();
        let digests: Vec<&[u8]> = digests.iter().map(|digest| digest.0.as_slice()).collect();
        let mut elsewhere = HashMap::new();
        for chunk in digests.chunks(CHUNK) {
            let rows: Vec<(Vec<u8>, Option<String>)> = on_backend!(db, c => {
                sources::table
                    .group_by(sources::digest)
                    .select((sources::digest, min(sources::path)))
                    .filter(sources::digest.eq_any(chunk).and(sources::source_id.ne_all(&near)))
                    .load(c)
            })?;
            for (digest, path) in rows {
                if let Some(path) = path {
                    elsewhere.insert(read_digest(&digest)?, path);
                }
            }
        }
        Ok(elsewhere)
    }

    fn loadable(&self) -> impl Iterator<Item = &'a Parsed> {
        self.candidates.iter().filter(|candidate| candidate.reject().is_none()).map(|candidate| &***candidate)
    }

    /// Rows in `rejects` that are outdated now: those that say of a source of the batch that it could not be used as a whole, and
    /// those of earlier imports that say so of an archive or a directory that a source of the batch came out of. What is still wrong
    /// with it this import says anew.
    pub(super) fn outdated_rejects(&self, db: &mut Db, import: ImportId) -> QueryResult<Vec<RejectKey>> {
        let any: Option<i64> = on_backend!(db, c => rejects::table.select(rejects::import_id).first(c).optional())?;
        if any.is_none() {
            return Ok(Vec::new());
        }
        let own = whole_rejects(db, &self.pairs())?;
        let above = above(self.locations.iter().copied().flatten());
        let above = whole_rejects(db, &pairs(&self.roots, above.iter().map(|location| (*location, *location))))?;
        let earlier = above.into_iter().filter(|(told_by, _)| *told_by != import.0);
        let outdated: BTreeSet<RejectKey> = own.into_iter().chain(earlier).collect();
        Ok(outdated.into_iter().collect())
    }
}

/// Rows in `rejects` that stand for a whole source at one of these places.
fn whole_rejects(db: &mut Db, places: &HashMap<(i64, &str), &str>) -> QueryResult<Vec<RejectKey>> {
    let paths: BTreeSet<&str> = places.keys().map(|(_, path)| *path).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let mut found = Vec::new();
    for chunk in paths.chunks(CHUNK) {
        let rows: Vec<(i64, i64, Option<i64>, String)> = on_backend!(db, c => {
            rejects::table
                .select((rejects::import_id, rejects::ordinal, rejects::root_id, rejects::path))
                .filter(rejects::path.eq_any(chunk).and(rejects::source_id.is_null()))
                .load(c)
        })?;
        let ours =
            rows.into_iter().filter(|(_, _, root, path)| root.is_some_and(|root| places.contains_key(&(root, path.as_str()))));
        found.extend(ours.map(|(import, ordinal, ..)| (import, ordinal)));
    }
    Ok(found)
}

/// The texts on what lay around sources, by their ids.
pub(super) fn side_texts(db: &mut Db, ids: impl Iterator<Item = i64>) -> QueryResult<HashMap<i64, String>> {
    let ids: BTreeSet<i64> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let texts: Vec<(i64, String)> = on_backend!(db, c => sides::table.filter(sides::sides_id.eq_any(ids)).load(c))?;
    Ok(texts.into_iter().collect())
}

/// A digest as it is stored.
pub(super) fn read_digest(bytes: &[u8]) -> QueryResult<Digest> {
    let bytes = <[u8; 16]>::try_from(bytes);
    bytes.map(Digest).map_err(|_| diesel::result::Error::DeserializationError("a digest is not 16 bytes long".into()))
}
