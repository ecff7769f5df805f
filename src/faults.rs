//! Bugs on command, for the tests that show what a bug would do. Without the cargo feature `faults`, which only
//! the tests' own build has, all of this is nothing.

/// Where a job can be made to panic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Point {
    /// In a piece.
    Run = 1,
    /// After the last piece.
    Finish = 2,
    /// On the thread that calls.
    Submit = 3,
}

#[cfg(not(feature = "faults"))]
#[inline(always)]
pub(crate) fn trip(_point: Point) {}

#[cfg(not(feature = "faults"))]
#[inline(always)]
pub(crate) fn before_delivery(_closed: impl Fn() -> bool) {}

#[cfg(feature = "faults")]
mod armed {
    use super::Point;
    use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    /// A completion that waits in vain for the end of its environment is delivered all the same.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// The point that panics next; 0 is none.
    static ARMED: AtomicU8 = AtomicU8::new(0);

    /// Makes the next job of the process that comes past `point` panic there, once.
    pub(crate) fn arm(point: Point) {
        ARMED.store(point as u8, Ordering::SeqCst);
    }

    pub(crate) fn trip(point: Point) {
        if ARMED.compare_exchange(point as u8, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            panic!("a fault was injected at {point:?}");
        }
    }

    /// Whether completions are held back until their environment has closed its port.
    static HELD: AtomicBool = AtomicBool::new(false);

    /// How many came after that.
    static LATE: AtomicU32 = AtomicU32::new(0);

    /// From now on completions come too late, or in time again.
    pub(crate) fn hold(held: bool) {
        HELD.store(held, Ordering::SeqCst);
    }

    pub(crate) fn late() -> u32 {
        LATE.load(Ordering::SeqCst)
    }

    /// Called with every completion, before it is delivered to a port of which `closed` knows the state.
    pub(crate) fn before_delivery(closed: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while HELD.load(Ordering::SeqCst) && !closed() && Instant::now() < end {
            std::thread::yield_now();
        }
        if closed() {
            LATE.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[cfg(feature = "faults")]
pub(crate) use armed::{arm, before_delivery, hold, late, trip};
