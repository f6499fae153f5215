//! Writes SQLite's write-ahead log back into the database while a load goes on.
//!
//! SQLite does it at the end of a transaction, when the log has become long, and waits for the disk twice: a third of a second of a load
//! of 100,000 files in which nothing else is written. A second connection may do the same beside the writer (`PRAGMA wal_checkpoint`,
//! PASSIVE: it waits for nobody). It never gets to the end of a log that grows meanwhile, so that the writer still does the rest, now and
//! then; see [`super::connect`] for how long the log may become.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::connect;
use super::url::{DatabaseUrl, Target};

/// Transactions before which a load is too short to be worth a thread.
const SHORT: u32 = 8;

/// Pages in the log, not yet written back, that are worth waiting for the disk (16 MiB).
const WORTH: i32 = 4096;

/// What `PRAGMA wal_checkpoint` answers.
#[derive(QueryableByName)]
struct Log {
    /// Pages in the log.
    #[diesel(sql_type = Integer)]
    log: i32,
    /// Those of them that are in the database.
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

/// The thread that writes back, once a load is long.
#[derive(Default)]
pub(super) struct Checkpoints {
    commits: u32,
    thread: Option<Background>,
}

impl Checkpoints {
    /// A transaction of a load was committed.
    pub(super) fn committed(&mut self, url: &DatabaseUrl) {
        let Target::Sqlite(path) = &url.0 else { return };
        self.commits = self.commits.saturating_add(1);
        if self.commits == SHORT {
            self.thread = Some(Background::start(path));
        }
        if let Some(Background { wake: Some(wake), .. }) = &self.thread {
            // It is at work and looks again when it is done, or it is gone, and the writer does all of it.
            let _ = wake.try_send(());
        }
    }
}

struct Background {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    fn start(path: &Path) -> Self {
        let (wake, woken) = sync_channel(1);
        let path = path.to_owned();
        let thread = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || write_back(&path, &woken)).ok();
        Self { wake: Some(wake), thread }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // What went wrong there has cost nothing but time.
            let _ = thread.join();
        }
    }
}

/// Writes back whenever it is worth it (NOOP only counts; an older SQLite takes it for PASSIVE), until nobody wakes it any more. An error ends it: the writer does its work.
fn write_back(path: &Path, woken: &Receiver<()>) {
    let Ok(mut connection) = connect::plain_sqlite(path) else { return };
    let mut ask = |mode: &str| diesel::sql_query(format!("PRAGMA wal_checkpoint({mode})")).get_result::<Log>(&mut connection);
    while woken.recv().is_ok() {
        let Ok(Log { log, checkpointed }) = ask("NOOP") else { return };
        if log - checkpointed >= WORTH && ask("PASSIVE").is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;

    fn log(connection: &mut SqliteConnection) -> (i32, i32) {
        let Log { log, checkpointed } = diesel::sql_query("PRAGMA wal_checkpoint(NOOP)").get_result(connection).unwrap();
        (log, checkpointed)
    }

    #[test]
    fn a_long_log_is_written_back_once_a_load_is_long() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        std::fs::write(&path, "").unwrap();
        let mut writer = connect::plain_sqlite(&path).unwrap();
        writer.batch_execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x)").unwrap();
        let mut checkpoints = Checkpoints::default();
        let url = DatabaseUrl::sqlite(path);
        for commit in 1..SHORT {
            writer.batch_execute("INSERT INTO t VALUES (zeroblob(3000000))").unwrap();
            checkpoints.committed(&url);
            assert!(checkpoints.thread.is_none(), "{commit}");
        }
        let (pages, written) = log(&mut writer);
        assert!(pages >= WORTH && written == 0, "{pages} {written}");
        checkpoints.committed(&url);
        // It ends when it has done what it was woken for.
        drop(checkpoints);
        assert_eq!(log(&mut writer), (pages, pages));
    }
}
