//! Who is parked, and how a parked thread is found and woken without ever missing one.

use std::sync::OnceLock;

#[cfg(not(loom))]
use std::time::{Duration, Instant};

use crate::sync::{AtomicBool, AtomicU64, Ordering, Unparker, fence};

/// The parked threads of a pool: one bit for each, set by the thread itself, cleared by whoever wakes it.
pub(super) struct Sleepers {
    asleep: Box<[AtomicU64]>,
    unparkers: Box<[OnceLock<Unparker>]>,
}

impl Sleepers {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            asleep: (0..threads.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(),
            unparkers: (0..threads).map(|_| OnceLock::new()).collect(),
        }
    }

    pub(super) fn introduce(&self, me: usize, unparker: Unparker) {
        // A second introduction would come from a second thread of the same number: there is none.
        let _ = self.unparkers[me].set(unparker);
    }

    /// Puts thread `me` on the list. It must look at the queue once more before it parks: the fence makes either
    /// that look see what was pushed, or the pusher's look at the list see `me`.
    pub(super) fn enlist(&self, me: usize) {
        // Release, and Acquire in `wake_one`: whoever finds the bit also finds the unparker.
        self.asleep[me / 64].fetch_or(1 << (me % 64), Ordering::Release);
        fence(Ordering::SeqCst);
    }

    /// Takes thread `me` off the list, if nobody else has.
    pub(super) fn withdraw(&self, me: usize) {
        self.asleep[me / 64].fetch_and(!(1 << (me % 64)), Ordering::Relaxed);
    }

    /// Wakes the parked thread with the lowest number, so that a light load stays on the same few warm threads.
    /// False if none is parked. Callers put a `SeqCst` fence between what they want seen and this.
    pub(super) fn wake_one(&self) -> bool {
        for (index, word) in self.asleep.iter().enumerate() {
            let mut asleep = word.load(Ordering::Relaxed);
            while asleep != 0 {
                let bit = asleep & asleep.wrapping_neg();
                asleep = word.fetch_and(!bit, Ordering::Acquire);
                if asleep & bit != 0 {
                    let thread = index * 64 + bit.trailing_zeros() as usize;
                    if let Some(unparker) = self.unparkers[thread].get() {
                        unparker.unpark();
                    }
                    return true;
                }
            }
        }
        false
    }
}

/// How long a thread looks for work before it parks. A program that awaits one call after the other comes back
/// within this time, and then neither side makes a system call to hand the job over.
#[cfg(not(loom))]
const SPIN: Duration = Duration::from_micros(50);

/// At most one thread of a pool spins at a time: that is enough to catch the next job, and leaves the other
/// cores to the program.
pub(super) struct Spinner {
    spinning: AtomicBool,
}

impl Spinner {
    pub(super) fn new() -> Self {
        Self { spinning: AtomicBool::new(false) }
    }

    /// Whether a thread will look at the queue before it goes to sleep. Callers put a `SeqCst` fence before it.
    pub(super) fn is_spinning(&self) -> bool {
        self.spinning.load(Ordering::Relaxed)
    }

    /// Waits a little while for `ready`. False at once if another thread spins.
    ///
    /// The flag is down again before this returns. A caller that saw it up relies on this thread to look at the
    /// queue afterwards; the fence in [`Sleepers::enlist`] makes that look see what the caller pushed.
    pub(super) fn spin_until(&self, ready: impl Fn() -> bool) -> bool {
        // Not a swap: a thread that may not spin must not touch the flag.
        if self.spinning.compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return false;
        }
        let found = Self::look(ready);
        self.spinning.store(false, Ordering::Relaxed);
        found
    }

    #[cfg(not(loom))]
    fn look(ready: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        loop {
            for _ in 0..16 {
                if ready() {
                    return true;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() >= SPIN {
                return false;
            }
        }
    }

    /// One look: time means nothing to loom.
    #[cfg(loom)]
    fn look(ready: impl Fn() -> bool) -> bool {
        ready()
    }
}
