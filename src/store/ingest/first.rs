//! What a load into an empty database has met: for everything else the ledger need not be asked.
//!
//! Nearly all sources of such a load are new, and to ask for each by its path and its digest, and for the rejects of its place, took an
//! eighth of a load of 100,000 files into PostgreSQL. A Bloom filter never calls new what was met; what it takes for known by mistake is
//! asked for.

use diesel::prelude::*;
use fastbloom::BloomFilter;
use hashbrown::DefaultHashBuilder;

use crate::model::Digest;
use crate::store::any::{Db, on_backend};
use crate::store::schema::{imports, rejects, sources};
use crate::store::{ImportId, Rules, Storable};

/// Bits of the filter (4 MiB), for two keys of a source: of the last of a million sources one in 250 is asked for in vain, of the last of
/// ten million nine in ten.
const BITS: usize = 1 << 25;

/// Bits that a key sets: the best number for some six million keys, good for fewer.
const HASHES: u32 = 4;

/// The sources of which the ledger may know something.
pub(super) fn to_ask_for<'a>(
    first: &mut Option<FirstLoad>,
    db: &mut Db,
    import: ImportId,
    sources: &'a [Storable],
    rules: &Rules,
) -> QueryResult<Vec<&'a Storable>> {
    match first {
        Some(first) if first.is_alone(db, import, rules)? => {
            Ok(sources.iter().filter(|source| first.may_have_met(source)).collect())
        }
        // What others stored is nothing that it has met.
        _ => {
            *first = None;
            Ok(sources.iter().collect())
        }
    }
}

/// How many imports have begun; none is ever deleted.
fn count_imports(db: &mut Db) -> QueryResult<i64> {
    on_backend!(db, c => imports::table.count().get_result(c))
}

/// An import that found the database empty, with the locations and digests that it met.
pub(in crate::store) struct FirstLoad {
    import: ImportId,
    /// How many imports there were when it had begun.
    imports: i64,
    met: BloomFilter<DefaultHashBuilder>,
}

impl FirstLoad {
    /// Of an import that has just begun; `None` when anything is stored, or when another import is under way, or was when it was killed.
    /// The writer lock is held.
    pub(in crate::store) fn begin(db: &mut Db, import: ImportId) -> QueryResult<Option<Self>> {
        let source: Option<i64> = on_backend!(db, c => sources::table.select(sources::source_id).first(c).optional())?;
        let reject: Option<i64> = on_backend!(db, c => rejects::table.select(rejects::import_id).first(c).optional())?;
        let others = imports::table.filter(imports::import_id.ne(import.0).and(imports::status.eq("running")));
        let other: Option<i64> = on_backend!(db, c => others.select(imports::import_id).first(c).optional())?;
        let imports = count_imports(db)?;
        let first = || Self {
            import,
            imports,
            met: BloomFilter::with_num_bits(BITS).hasher(DefaultHashBuilder::default()).hashes(HASHES),
        };
        Ok((source.is_none() && reject.is_none() && other.is_none()).then(first))
    }

    /// Whether all that is stored is of this import: who loads has begun an import, and after this one none has. The writer lock is
    /// held. With [`Rules::replace`] new content replaces its path wherever that lies, and paths are not kept.
    fn is_alone(&self, db: &mut Db, import: ImportId, rules: &Rules) -> QueryResult<bool> {
        if self.import != import || rules.replace {
            return Ok(false);
        }
        Ok(count_imports(db)? == self.imports)
    }

    /// Whether it may have met what this source is, is a copy of, or replaces.
    fn may_have_met(&self, source: &Storable) -> bool {
        source.location().is_some_and(|location| self.met.contains(location))
            || source.digest.is_some_and(|Digest(digest)| self.met.contains(&digest))
    }

    /// Notes sources before their rows are committed; those that are rejected too, for that is stored by their place.
    pub(super) fn note(&mut self, sources: &[Storable]) {
        for source in sources {
            if let Some(location) = source.location() {
                self.met.insert(location);
            }
            if let Some(Digest(digest)) = source.digest {
                self.met.insert(&digest);
            }
        }
    }
}
