//! [`SlotSums`]: the sink of sums with a slot for each slice, which others may read while the job runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use allcores_memory::Slots;

use super::flagged_slots::FlaggedSlots;
use super::kernel::SliceSum;
use super::pipeline::{Sink, SinkEnd};
use super::value::Value;
use crate::pool::Completion;

/// Stores the sum of slice k in slot k, as soon as it is known, and the outcome in the last slot.
pub(crate) struct SlotSums {
    slots: FlaggedSlots,
    total: Mutex<u128>,
}

/// The slices of one piece.
#[derive(Default)]
pub(crate) struct Part {
    /// Of the blocks so far of the slice that has not ended yet.
    slice: u128,
    /// Of the slices that have.
    sum: u128,
}

impl SlotSums {
    /// For sums that fit the slots.
    pub(super) fn new(slots: Slots) -> Self {
        Self { slots: FlaggedSlots::new(slots), total: Mutex::new(0) }
    }

    #[cfg(test)]
    pub(super) fn slots(&self) -> &Slots {
        self.slots.slots()
    }

    fn total(&self) -> MutexGuard<'_, u128> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink<SliceSum> for SlotSums {
    #[inline]
    fn take(&self, part: &mut Part, terms: SliceSum) {
        part.slice += terms.sum;
        if terms.is_last {
            self.slots.store(terms.slice as usize, part.slice as i64);
            part.sum += std::mem::take(&mut part.slice);
        }
    }
}

impl SinkEnd for SlotSums {
    type Part<'a> = Part;

    fn begin(&self, _lane: usize) -> Part {
        Part::default()
    }

    fn end(&self, part: Part) {
        *self.total() += part.sum;
    }

    fn finish(&self, completion: &Completion) -> Value {
        self.slots.end(completion);
        self.slots.numeric().value(*self.total())
    }

    fn on_abort(&self) {
        self.slots.abort();
    }
}
