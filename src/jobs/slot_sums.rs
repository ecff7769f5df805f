//! [`SlotSums`]: the sink of sums with a slot for each slice, which others may read while the job runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use allcores_memory::{SlotType, Slots};

use super::kernel::SliceSum;
use super::pipeline::{Sink, SinkEnd};
use super::value::{Numeric, Value};
use crate::pool::Completion;

/// In the flag slot when the sum is there.
pub(super) const DONE: i64 = 0;
/// In the flag slot when the sum failed, or was aborted.
pub(super) const FAILED: i64 = -1;

/// Stores the sum of slice k in slot k, as soon as it is known, and the outcome in the last slot.
pub(crate) struct SlotSums {
    slots: Slots,
    total: Mutex<u128>,
    /// Held while the flag slot gets its last value, so that an abort comes before that or after.
    state: Mutex<State>,
}

/// How far a job has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The flag slot holds the request.
    Running,
    /// Aborted meanwhile: the flag slot will say so in the end.
    Aborted,
    /// The flag slot has its last value.
    Ended,
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
        Self { slots, total: Mutex::new(0), state: Mutex::new(State::Running) }
    }

    #[cfg(test)]
    pub(super) fn slots(&self) -> &Slots {
        &self.slots
    }

    fn flag_slot(&self) -> usize {
        self.slots.len() - 1
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut state = self.state();
        let word = if matches!(completion, Completion::Done(())) && *state == State::Running {
            DONE
        } else {
            FAILED
        };
        self.slots.store(self.flag_slot(), word);
        *state = State::Ended;
        drop(state);
        let numeric = match self.slots.kind() {
            SlotType::Int32 => Numeric::Number,
            SlotType::BigInt64 => Numeric::BigInt,
        };
        numeric.value(*self.total())
    }

    fn on_abort(&self) {
        let mut state = self.state();
        if *state == State::Ended {
            // No promise has been resolved yet: what was done counts as aborted, unless another thread has put a new
            // request there.
            self.slots.replace(self.flag_slot(), DONE, FAILED);
        } else {
            *state = State::Aborted;
        }
    }
}
