//! Fault injection. Compiles to nothing without the `faults` feature, which only the tests' own build has.

/// Where a job can be made to panic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Point {
    /// In a piece.
    Run = 1,
    /// In the job's finish, after the last piece.
    Finish = 2,
    /// On the calling thread, before the job is submitted.
    Submit = 3,
}

#[cfg(not(feature = "faults"))]
#[inline(always)]
pub(crate) fn hit(_point: Point) {}

#[cfg(not(feature = "faults"))]
#[inline(always)]
pub(crate) fn before_delivery(_closed: impl Fn() -> bool) {}

#[cfg(feature = "faults")]
mod enabled {
    use super::Point;
    use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    /// A delayed delivery whose port never closes goes ahead after this.
    const MAX_DELAY: Duration = Duration::from_secs(20);

    /// The point that panics next; 0 means none.
    static PANICS_AT: AtomicU8 = AtomicU8::new(0);

    /// Makes the next job of the process that hits `point` panic there, once.
    pub(crate) fn panic_at(point: Point) {
        PANICS_AT.store(point as u8, Ordering::SeqCst);
    }

    /// Panics if `panic_at` asked for it.
    pub(crate) fn hit(point: Point) {
        if PANICS_AT.compare_exchange(point as u8, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            panic!("a fault was injected at {point:?}");
        }
    }

    /// Whether deliveries wait until their environment has closed its port.
    static DELAYED: AtomicBool = AtomicBool::new(false);

    /// How many deliveries came after that.
    static LATE: AtomicU32 = AtomicU32::new(0);

    /// Delays all deliveries from now on, or stops doing so.
    pub(crate) fn delay_deliveries(delayed: bool) {
        DELAYED.store(delayed, Ordering::SeqCst);
    }

    /// How many deliveries came after their environment had closed its port.
    pub(crate) fn late_deliveries() -> u32 {
        LATE.load(Ordering::SeqCst)
    }

    /// Called before each delivery; `closed` reports whether its port is closed.
    pub(crate) fn before_delivery(closed: impl Fn() -> bool) {
        let end = Instant::now() + MAX_DELAY;
        while DELAYED.load(Ordering::SeqCst) && !closed() && Instant::now() < end {
            std::thread::yield_now();
        }
        if closed() {
            LATE.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[cfg(feature = "faults")]
pub(crate) use enabled::{before_delivery, delay_deliveries, hit, late_deliveries, panic_at};
