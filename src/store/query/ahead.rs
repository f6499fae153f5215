//! Reads ahead of whoever takes what is read, so that the database and what is made of its rows have a core each.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use diesel::QueryResult;

use super::Flow;
use crate::store::any::Db;

/// Pages that wait to be taken.
const PAGES: usize = 2;

/// Where pages go.
pub(super) struct Out<P>(SyncSender<P>);

impl<P> Out<P> {
    /// Gives a page on; breaks when nobody takes pages any more.
    pub(super) fn give(&self, page: P) -> Flow {
        if self.0.send(page).is_ok() { Flow::Continue(()) } else { Flow::Break(()) }
    }
}

/// Reads pages on a thread of its own and takes them on this one, until there are no more or `take` breaks.
pub(super) fn read_ahead<P: Send>(
    db: &mut Db,
    read: impl FnOnce(&mut Db, &Out<P>) -> QueryResult<Flow> + Send,
    take: impl FnMut(&P) -> QueryResult<Flow>,
) -> QueryResult<()> {
    std::thread::scope(|scope| {
        let (out, pages) = sync_channel(PAGES);
        let reader = scope.spawn(move || read(db, &Out(out)));
        let taken = take_all(pages, take);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        taken.and(read).map(drop)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "dropping the receiver is what ends the reading")]
fn take_all<P>(pages: Receiver<P>, mut take: impl FnMut(&P) -> QueryResult<Flow>) -> QueryResult<Flow> {
    for page in &pages {
        if take(&page)?.is_break() {
            return Ok(Flow::Break(()));
        }
    }
    Ok(Flow::Continue(()))
}
