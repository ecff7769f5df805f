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

#[cfg(feature = "faults")]
mod armed {
    use super::Point;
    use std::sync::atomic::{AtomicU8, Ordering};

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
}

#[cfg(feature = "faults")]
pub(crate) use armed::{arm, trip};
