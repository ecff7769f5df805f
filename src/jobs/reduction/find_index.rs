//! [`FindIndex`]: the sink of `findIndex`, and what ends its job early.
//!
//! ```text
//! found = the lowest unit so far that is true, shared by all threads
//! a block of units:        left out, or stopped in its loops, if it begins above `found`
//! a block that has run:    found = min(found, its first true unit)
//! a piece to be claimed:   none, once there is a `found`: pieces are claimed in ascending order
//! ```
//!
//! So each unit below the answer has run to its end, and which of those above it have run nobody can say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::partial::{self, Part};
use super::reducer::{index, is_true};
use crate::jobs::body::Terms;
use crate::jobs::pipeline::{Sink, SinkEnd};
use crate::jobs::value::Value;
use crate::pool::Completion;

/// See the module's head.
pub(crate) struct FindIndex {
    /// The index of unit 0.
    from: u64,
    found: Arc<Found>,
    /// If only a partial result is wanted.
    part: Option<Part>,
}

/// The lowest unit so far that is true.
pub(crate) struct Found(AtomicU64);

/// In the place of a unit: no unit has so high a number.
const NONE: u64 = u64::MAX;

impl Found {
    /// Whether no unit from `start` on can be the first.
    #[inline]
    pub(crate) fn is_before(&self, start: u64) -> bool {
        // Relaxed: who sees it late only does what need not be done.
        self.0.load(Ordering::Relaxed) < start
    }
}

impl FindIndex {
    pub(super) fn new(from: u64, part: Option<Part>) -> Self {
        Self { from, found: Arc::new(Found(AtomicU64::new(NONE))), part }
    }

    pub(super) fn found(&self) -> Arc<Found> {
        Arc::clone(&self.found)
    }

    fn unit(&self) -> Option<u64> {
        // Relaxed: the last thread to leave the job has synchronized with the others.
        Some(self.found.0.load(Ordering::Relaxed)).filter(|unit| *unit != NONE)
    }
}

impl SinkEnd for FindIndex {
    type Part<'a> = ();

    fn begin(&self, _lane: usize) {}

    fn end(&self, (): ()) {}

    fn is_full(&self) -> bool {
        self.unit().is_some()
    }

    fn finish(&self, _: &Completion) -> Value {
        match self.part {
            None => index(self.unit(), self.from),
            Some(part) => {
                let index = self.unit().map(|unit| self.from + unit);
                Value::Partial(part.bytes(|out| partial::write_found(index, out)))
            }
        }
    }
}

impl Sink<Terms<'_>> for FindIndex {
    fn take(&self, (): &mut (), terms: Terms<'_>) {
        // Without a way out, so that it takes vectors: most blocks have none.
        let has_true = terms.values.iter().fold(false, |any, value| any | is_true(*value));
        if has_true && let Some(first) = terms.values.iter().position(|value| is_true(*value)) {
            self.found.0.fetch_min(terms.start + first as u64, Ordering::Relaxed);
        }
    }
}
