//! Work in two threads, of which one is ahead of the other: what the database gives is read while something is made of what came before,
//! and rows are computed while those before them are written.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Pages that wait to be taken.
const PAGES: usize = 2;

/// Where pages go.
pub(crate) struct Out<P>(SyncSender<P>);

impl<P> Out<P> {
    /// Gives a page on; breaks when nobody takes pages any more.
    pub(crate) fn give(&self, page: P) -> ControlFlow<()> {
        if self.0.send(page).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// Runs `make` on a thread of its own and `take` on this one with each page, until there are no more or `take` breaks.
///
/// # Errors
/// That of `take`, or else that of `make`.
pub(crate) fn run<P: Send, E: Send>(
    make: impl FnOnce(&Out<P>) -> Result<(), E> + Send,
    take: impl FnMut(P) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let (out, pages) = sync_channel(PAGES);
        let ahead = scope.spawn(move || make(&Out(out)));
        let taken = take_all(pages, take);
        let ended = ahead.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        taken.and(ended)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "dropping the receiver is what ends the other thread")]
fn take_all<P, E>(pages: Receiver<P>, mut take: impl FnMut(P) -> Result<ControlFlow<()>, E>) -> Result<(), E> {
    for page in &pages {
        if take(page)?.is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives numbers without end, and says how many were given when nobody takes them any more.
    fn count_up(out: &Out<u32>, given: &mut u32) {
        while out.give(*given).is_continue() {
            *given += 1;
        }
    }

    #[test]
    fn pages_come_in_order_and_the_maker_ends_soon_after_nobody_takes_them() {
        let (mut given, mut taken) = (0, Vec::new());
        let done = run(
            |out| {
                count_up(out, &mut given);
                Ok::<(), &str>(())
            },
            |page| {
                taken.push(page);
                Ok(if page == 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            },
        );
        assert_eq!((done, taken), (Ok(()), (0..10).collect()));
        assert!((10..=13).contains(&given), "{given}");
    }

    #[test]
    fn the_error_of_either_side_is_told_and_that_of_the_taker_first() {
        let fails = |out: &Out<u32>| match out.give(1) {
            ControlFlow::Continue(()) => Err("make"),
            ControlFlow::Break(()) => Ok(()),
        };
        assert_eq!(run(fails, |_| Ok(ControlFlow::Continue(()))), Err("make"));
        assert_eq!(run(fails, |_| Err("take")), Err("take"));
    }
}
