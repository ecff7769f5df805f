//! [`FlaggedSlots`]: slots of the caller's, the last of which says how far the call is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use allcores_memory::{SlotType, Slots};

use super::value::Numeric;
use crate::pool::Completion;

/// In the flag slot when the sum is there.
pub(super) const DONE: i64 = 0;
/// In the flag slot when the sum failed, or was aborted.
pub(super) const FAILED: i64 = -1;

/// See the module's head. While the call runs, the flag slot holds the request.
pub(crate) struct FlaggedSlots {
    slots: Slots,
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

impl FlaggedSlots {
    pub(super) fn new(slots: Slots) -> Self {
        Self { slots, state: Mutex::new(State::Running) }
    }

    #[cfg(test)]
    pub(super) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// What a slot can hold.
    pub(super) fn kind(&self) -> SlotType {
        self.slots.kind()
    }

    /// How many there are beside the flag slot.
    pub(super) fn count(&self) -> usize {
        self.slots.len() - 1
    }

    /// How the total of such slots reaches JavaScript.
    pub(super) fn numeric(&self) -> Numeric {
        match self.kind() {
            SlotType::Int32 => Numeric::Number,
            SlotType::BigInt64 => Numeric::BigInt,
        }
    }

    /// Stores a partial sum, which fits.
    pub(super) fn store(&self, slot: usize, sum: i64) {
        debug_assert!(slot < self.count());
        self.slots.store(slot, sum);
    }

    /// Says in the flag slot how the call has ended.
    pub(super) fn end(&self, completion: &Completion) {
        let mut state = self.state();
        let is_done = matches!(completion, Completion::Done(())) && *state == State::Running;
        self.slots.store(self.count(), if is_done { DONE } else { FAILED });
        *state = State::Ended;
    }

    /// Sees to it that the flag slot says in the end that the call has failed.
    pub(super) fn abort(&self) {
        let mut state = self.state();
        if *state == State::Ended {
            // No promise has been resolved yet: what was done counts as aborted, unless another thread has put a new
            // request there.
            self.slots.replace(self.count(), DONE, FAILED);
        } else {
            *state = State::Aborted;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
