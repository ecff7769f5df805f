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

/// How often a thread looks for work between two looks at the clock, which take longer.
#[cfg(not(loom))]
const LOOKS: u32 = 64;

/// The watch over the queue: the thread that has it looks at the queue by itself, and need not be woken. At most one
/// thread of a pool has it at a time: that is enough to catch the next job, and leaves the other cores to the
/// program.
pub(super) struct Watch {
    kept: AtomicBool,
}

/// One thread's part in a watch.
pub(super) struct Watchman<'a> {
    watch: &'a Watch,
    on_duty: bool,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self { kept: AtomicBool::new(false) }
    }

    /// Whether a thread will look at the queue before it goes to sleep or begins anything long. Callers put a `SeqCst`
    /// fence before it.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Relaxed)
    }

    pub(super) fn watchman(&self) -> Watchman<'_> {
        Watchman { watch: self, on_duty: false }
    }
}

impl Watchman<'_> {
    /// Takes the watch, unless another thread has it. Whoever has it must look at the queue again after it has gone off duty.
    pub(super) fn go_on_duty(&mut self) -> bool {
        // Not a swap: a thread that does not get the watch must not touch the flag.
        self.on_duty = self.on_duty
            || self.watch.kept.compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        self.on_duty
    }

    /// Gives the watch up. A caller that saw it kept relies on this thread to look at the queue once more: the fence
    /// makes that look see what the caller had pushed.
    pub(super) fn go_off_duty(&mut self) {
        if self.on_duty {
            self.on_duty = false;
            self.watch.kept.store(false, Ordering::Relaxed);
            fence(Ordering::SeqCst);
        }
    }

    /// On duty, waits a little while for `ready`. False when that has passed.
    #[cfg(not(loom))]
    pub(super) fn watch_for(&self, ready: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        loop {
            for _ in 0..LOOKS {
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
    pub(super) fn watch_for(&self, ready: impl Fn() -> bool) -> bool {
        ready()
    }
}
