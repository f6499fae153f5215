//! The recorder outlives its command, so that what the command wrote before it ended is recorded.

use std::fs;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag::register_conditional_default;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Signals that would end this program. A handler is gone in the program that the child becomes, so that the child ends by them.
const FATAL: [i32; 4] = [SIGINT, SIGQUIT, SIGTERM, SIGHUP];

/// Catches signals from the start of a command until its output is kept; after that they do to this program what they do to others.
#[derive(Debug)]
pub(super) struct Watch {
    phase: Arc<Mutex<Phase>>,
    /// Looked at when a signal comes, not when it is answered: the one that ended the command is not meant for us.
    released: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Before,
    Running(Pid),
    Over,
}

impl Watch {
    /// Begins. The terminal sends `SIGINT` and `SIGQUIT` to the command as well; `SIGTERM` and `SIGHUP` are handed on to it. What the
    /// caller has ignored (`nohup`) stays ignored, here and there.
    pub(super) fn begin() -> io::Result<Self> {
        let ignored = ignored();
        let caught: Vec<i32> = FATAL.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect();
        let mut signals = Signals::new(&caught)?;
        let phase = Arc::new(Mutex::new(Phase::Before));
        let watch = Self { phase: Arc::clone(&phase), released: Arc::default() };
        for signal in caught {
            register_conditional_default(signal, Arc::clone(&watch.released))?;
        }
        std::thread::spawn(move || signals.forever().for_each(|signal| answer(&phase, signal)));
        Ok(watch)
    }

    /// Starts the command; a signal that comes meanwhile waits.
    pub(super) fn spawn(&self, command: &mut Command) -> io::Result<Child> {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command.spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
        *phase = Phase::Running(pid);
        Ok(child)
    }

    /// Waits for the end of the command.
    pub(super) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let pid = match *self.phase.lock().unwrap_or_else(PoisonError::into_inner) {
            Phase::Running(pid) => pid,
            Phase::Before | Phase::Over => return child.wait(),
        };
        // Until its status is fetched the number of the child is not given to another process, which a signal could hit.
        while matches!(waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT), Err(Errno::INTR)) {}
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = Phase::Over;
        child.wait()
    }

    /// The recording is kept: from now on a signal ends this program.
    pub(super) fn release(&self) {
        self.released.store(true, Ordering::SeqCst);
    }
}

fn answer(phase: &Mutex<Phase>, signal: i32) {
    // Held while the signal is sent: the child is not fetched before.
    let phase = phase.lock().unwrap_or_else(PoisonError::into_inner);
    // What fails here is a signal to a child that just ended, or one that cannot be sent to oneself.
    let _ = match (*phase, signal) {
        (Phase::Running(child), SIGTERM) => kill_process(child, Signal::TERM).map_err(io::Error::from),
        (Phase::Running(child), SIGHUP) => kill_process(child, Signal::HUP).map_err(io::Error::from),
        (Phase::Before, _) => emulate_default_handler(signal),
        (Phase::Running(_) | Phase::Over, _) => Ok(()),
    };
}

/// The signals that this process was started to ignore, the first one as bit 0; none where the kernel does not tell.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
