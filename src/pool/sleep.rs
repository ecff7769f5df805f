//! Which threads are parked, how one of them is found and woken, and the one thread that spins instead.

use std::sync::OnceLock;

#[cfg(not(loom))]
use std::time::{Duration, Instant};

use crate::sync::{AtomicBool, AtomicU64, Ordering, Unparker, fence};

/// The parked threads of a pool: one bit each, set by the thread itself and cleared by the thread that wakes it.
pub(super) struct Sleepers {
    parked: Box<[AtomicU64]>,
    unparkers: Box<[OnceLock<Unparker>]>,
}

impl Sleepers {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            parked: (0..threads.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(),
            unparkers: (0..threads).map(|_| OnceLock::new()).collect(),
        }
    }

    pub(super) fn register(&self, me: usize, unparker: Unparker) {
        // Never set before: no two threads have the same number.
        let _ = self.unparkers[me].set(unparker);
    }

    /// Announces that thread `me` is about to park. It must look at the queue once more before it parks: the fence makes
    /// either that look see what was pushed, or the pusher's look at the sleepers see `me`.
    pub(super) fn prepare_park(&self, me: usize) {
        // Release, paired with the Acquire in `wake_one`: a thread that finds the bit also finds the unparker.
        self.parked[me / 64].fetch_or(1 << (me % 64), Ordering::Release);
        fence(Ordering::SeqCst);
    }

    /// Takes the announcement back, if no other thread has.
    pub(super) fn cancel_park(&self, me: usize) {
        self.parked[me / 64].fetch_and(!(1 << (me % 64)), Ordering::Relaxed);
    }

    /// Wakes the parked thread with the lowest number, so that a light load stays on the same few warm threads.
    /// False if none is parked. Callers put a `SeqCst` fence between what the woken thread must see and this call.
    pub(super) fn wake_one(&self) -> bool {
        for (index, word) in self.parked.iter().enumerate() {
            let mut parked = word.load(Ordering::Relaxed);
            while parked != 0 {
                let bit = parked & parked.wrapping_neg();
                parked = word.fetch_and(!bit, Ordering::Acquire);
                if parked & bit != 0 {
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

/// How long the spinner looks for work before it parks. A program that awaits one call after the other comes back
/// within this time, and then neither side makes a system call to hand the job over.
#[cfg(not(loom))]
const SPIN: Duration = Duration::from_micros(50);

/// How often the spinner looks for work between two looks at the clock, which take longer.
#[cfg(not(loom))]
const LOOKS: u32 = 64;

/// The role of the one thread that looks at the queue by itself and need not be woken. At most one thread of a pool has
/// it at a time: that is enough to catch the next job, and leaves the other cores to the program.
pub(super) struct Spinner {
    active: AtomicBool,
}

/// One thread's part in the role.
pub(super) struct SpinnerRole<'a> {
    spinner: &'a Spinner,
    held: bool,
}

impl Spinner {
    pub(super) fn new() -> Self {
        Self { active: AtomicBool::new(false) }
    }

    /// Whether a thread will look at the queue before it parks or begins anything long. Callers put a `SeqCst` fence
    /// before it.
    pub(super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Relaxed)
    }

    pub(super) fn role(&self) -> SpinnerRole<'_> {
        SpinnerRole { spinner: self, held: false }
    }
}

impl SpinnerRole<'_> {
    /// Takes the role, unless another thread has it. The holder must look at the queue again after it has released it.
    pub(super) fn try_acquire(&mut self) -> bool {
        // Not a swap: a thread that does not get the role must not touch the flag.
        self.held = self.held
            || self
                .spinner
                .active
                .compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        self.held
    }

    /// Gives up the role. A submitter that saw it held relies on this thread to look at the queue once more: the fence
    /// makes that look see what the submitter had pushed.
    pub(super) fn release(&mut self) {
        if self.held {
            self.held = false;
            self.spinner.active.store(false, Ordering::Relaxed);
            fence(Ordering::SeqCst);
        }
    }

    /// Spins for a short while until `ready`. False when the time is up.
    #[cfg(not(loom))]
    pub(super) fn spin_until(&self, ready: impl Fn() -> bool) -> bool {
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

    /// One look: loom has no time.
    #[cfg(loom)]
    pub(super) fn spin_until(&self, ready: impl Fn() -> bool) -> bool {
        ready()
    }
}
