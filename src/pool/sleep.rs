//! Which threads are parked, how one of them is found and woken, and the one thread that spins instead. README.md has the
//! protocol, and the reasons why no wake-up is lost; the fences N, R and P are named there.

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

    /// Announces that thread `me` is about to park. The caller must look at the queue once more before it parks.
    pub(super) fn prepare_park(&self, me: usize) {
        // Release, paired with the Acquire in `wake_one`: a thread that finds the bit also finds the unparker.
        self.parked[me / 64].fetch_or(1 << (me % 64), Ordering::Release);
        // P: either the caller's look sees what was pushed, or the pusher sees the bit.
        fence(Ordering::SeqCst);
    }

    /// Takes the announcement back, unless another thread has cleared the bit.
    pub(super) fn cancel_park(&self, me: usize) {
        // Acquire, paired with N: a submitter that has cleared the bit counts on this thread to see its ticket.
        self.parked[me / 64].fetch_and(!(1 << (me % 64)), Ordering::Acquire);
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

/// How long the spinner looks for work before it parks: about ten rounds of a program that awaits one short call after the
/// other (see README.md).
#[cfg(not(loom))]
const SPIN: Duration = Duration::from_micros(50);

/// How often the spinner looks for work between two readings of the clock, which take longer than a look.
#[cfg(not(loom))]
const LOOKS: u32 = 64;

/// The role of the one thread of a pool that looks at the queue by itself and need not be woken.
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
        // Not a swap: that would take the cache line, which every submitter reads, from the spinner.
        self.held = self.held
            || self
                .spinner
                .active
                .compare_exchange(false, true, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        self.held
    }

    /// Gives up the role. The caller must look at the queue once more: submitters that saw the role held count on it.
    pub(super) fn release(&mut self) {
        if self.held {
            self.held = false;
            self.spinner.active.store(false, Ordering::Relaxed);
            // R: either the caller's look sees what was pushed, or the pusher sees that the role is free.
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
