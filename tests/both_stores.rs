//! What the store promises, held on both databases.

mod support;

use prc_etl::model::{Parsed, RejectKind};
use prc_etl::store::{ImportHeader, ImportId, ImportStatus, Store, StoreError, Verdict};
use support::samples::{source, unreadable};
use support::{Db, on_both};

fn begin(store: &mut Store) -> ImportId {
    store.begin_import(&ImportHeader { program_version: "0.1.0".to_owned(), arguments: "import .".to_owned() }).unwrap()
}

/// Loads a batch as an import of its own.
fn load(db: &Db, batch: &[Parsed]) -> Vec<Verdict> {
    let mut store = db.open();
    let import = begin(&mut store);
    let verdicts = store.load(import, batch).unwrap();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    verdicts
}

fn fresh() -> Verdict {
    Verdict::Loaded { same_content_as: None }
}

#[test]
fn a_source_is_loaded_once() {
    on_both(|db| {
        let batch = [source("/data", "a/x", 1), source("/data", "a/y", 2)];
        assert_eq!(load(db, &batch), [fresh(), fresh()]);
        assert_eq!(load(db, &batch), [Verdict::AlreadyThere, Verdict::AlreadyThere]);
    });
}

#[test]
fn an_undone_import_can_be_loaded_again() {
    on_both(|db| {
        let batch = [source("/data", "x", 1), unreadable("/data", "y")];
        load(db, &batch);
        let undone = db.open().undo_import(ImportId(1)).unwrap();
        assert_eq!((undone.sources, undone.runs, undone.result_rows, undone.rejects), (1, 1, 3, 2));
        assert_eq!(load(db, &batch)[0], fresh());
        assert!(matches!(db.open().undo_import(ImportId(1)), Err(StoreError::AlreadyUndone(1))));
        assert!(matches!(db.open().undo_import(ImportId(9)), Err(StoreError::NoSuchImport(9))));
    });
}

#[test]
fn a_source_that_the_database_refuses_costs_only_itself() {
    on_both(|db| {
        let mut poisoned = source("/data", "b", 2);
        poisoned.report.tally.lines += 1;
        let verdicts = load(db, &[source("/data", "a", 1), poisoned, source("/data", "c", 3)]);
        assert_eq!((&verdicts[0], &verdicts[2]), (&fresh(), &fresh()));
        let Verdict::Rejected(reject) = &verdicts[1] else { panic!("{:?}", verdicts[1]) };
        assert_eq!(reject.kind, RejectKind::Store);
        assert!(reject.reason.contains("refused"), "{}", reject.reason);
    });
}
