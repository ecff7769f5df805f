//! `sumIntoSharedBuffer`: the partial sums of `0 .. num` left in slots that the caller owns and others watch.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::series::{self, Cuts};
use super::{MIN_SLICE, Numeric, Value};
use crate::pool::{Completion, Work};
use allcores_memory::{SlotType, Slots};

/// Slots filled by one piece at the most: some tens of microseconds.
const MAX_SLOTS: u64 = 2048;
/// So many slots are filled in a microsecond or two.
const BRIEF: usize = 64;

/// In the flag slot when the sum is there.
const DONE: i64 = 0;
/// In the flag slot when the sum failed, or was aborted.
const FAILED: i64 = -1;

/// Fills all slots but the last with partial sums; the last is the request and the completion flag.
pub(crate) struct Fill {
    slots: Slots,
    cuts: Cuts,
    slots_per_piece: u64,
    total: Mutex<u128>,
    /// Held while the flag slot gets its last value, so that an abort comes before that or after.
    state: Mutex<State>,
}

/// How far a fill has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The flag slot holds the request.
    Running,
    /// Aborted meanwhile: the flag slot will say so in the end.
    Aborted,
    /// The flag slot has its last value.
    Ended,
}

/// A request that the slots cannot hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DoesNotFit {
    /// The partial sum for this slot is too large; it is the first such slot.
    Partial { slot: u64, sum: u128 },
    /// The partial sums fit, but the request itself does not fit the last slot.
    Request { slot: u64 },
}

impl Fill {
    /// Whether all that will be stored fits. Looks at no memory.
    pub(crate) fn check(num: u64, slots: usize, kind: SlotType) -> Result<(), DoesNotFit> {
        let flag = slots as u64 - 1;
        let cuts = Cuts::new(num, flag);
        if let Some(slot) = cuts.first_above(kind.max()) {
            return Err(DoesNotFit::Partial { slot, sum: series::sum(cuts.slice(slot)) });
        }
        if num > kind.max() { Err(DoesNotFit::Request { slot: flag }) } else { Ok(()) }
    }

    /// The job for `num` that passed [`check`](Self::check) for these slots, of which there are at least two. Stores
    /// nothing yet. Callers hold a [`Claim`](allcores_memory::Claim) on the slots until they have no more use for the
    /// job, aborting it included.
    pub(crate) fn new(slots: Slots, num: u64) -> Self {
        let count = slots.len() as u64 - 1;
        Self {
            slots,
            cuts: Cuts::new(num, count),
            slots_per_piece: slots_per_piece(num, count),
            total: Mutex::new(0),
            state: Mutex::new(State::Running),
        }
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

/// As many of `count` slots as it takes to be worth a thread, but not too many for one piece.
pub(super) fn slots_per_piece(num: u64, count: u64) -> u64 {
    // The product is below 2^80.
    let worth = (u128::from(MIN_SLICE) * u128::from(count)).div_ceil(u128::from(num.max(1)));
    worth.clamp(1, u128::from(MAX_SLOTS)) as u64
}

impl Work for Fill {
    type Output = Value;

    fn pieces(&self) -> usize {
        // At least one slot, so at least one piece. The count of slots is a usize.
        (self.flag_slot() as u64).div_ceil(self.slots_per_piece) as usize
    }

    fn is_short(&self) -> bool {
        self.flag_slot() <= BRIEF
    }

    fn run(&self, _lane: usize, piece: usize) {
        let first = piece as u64 * self.slots_per_piece;
        let mut sum = 0;
        for (slice, slot) in self.cuts.slices_from(first).take(self.slots_per_piece as usize).zip(first..) {
            let partial = series::sum(slice);
            // Fits: `check`.
            self.slots.store(slot as usize, partial as i64);
            sum += partial;
        }
        *self.total() += sum;
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
            // No promise has told anybody yet: what was done counts as aborted, unless another thread has put a new
            // request there.
            self.slots.replace(self.flag_slot(), DONE, FAILED);
        } else {
            *state = State::Aborted;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;
    use std::sync::atomic::AtomicI64;

    use super::*;

    fn run(kind: SlotType, len: usize, num: u64) -> (Vec<i64>, Value) {
        let memory: Box<[AtomicI64]> = (0..len).map(|_| AtomicI64::new(-7)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        // SAFETY: at least `len` aligned slots, alive to the end of the function and used in no other way.
        let slots = unsafe { Slots::new(base, len, kind) };
        // SAFETY: as above; both views are of the same kind.
        let watch = unsafe { Slots::new(base, len, kind) };
        Fill::check(num, len, kind).unwrap();
        let job = Fill::new(slots, num);
        (0..job.pieces()).rev().for_each(|piece| job.run(0, piece));
        let value = job.finish(&Completion::Done(()));
        ((0..len).map(|slot| watch.load(slot)).collect(), value)
    }

    #[test]
    fn every_slot_holds_the_sum_of_its_slice_and_the_flag_is_down() {
        let all = [(2, 0), (2, 10), (3, 10_000), (9, 65_535), (5_000, 12_345), (4_099, 3), (13, 200_000)];
        for (len, num) in all.into_iter().filter(|&(len, num)| !cfg!(miri) || len as u64 * num < 50_000) {
            for kind in [SlotType::Int32, SlotType::BigInt64] {
                if Fill::check(num, len, kind).is_err() {
                    continue;
                }
                let (slots, value) = run(kind, len, num);
                let count = len as u64 - 1;
                for k in 0..count {
                    let bound = |k| num * k / count;
                    let expected: u64 = (bound(k)..bound(k + 1)).sum();
                    assert_eq!(slots[k as usize], expected as i64, "{kind:?} slot {k} of {len} for {num}");
                }
                assert_eq!(slots[len - 1], DONE);
                let total = num * num.saturating_sub(1) / 2;
                match kind {
                    SlotType::Int32 => assert_eq!(value, Value::Number(total as f64)),
                    SlotType::BigInt64 => assert_eq!(value, Value::BigInt(i128::from(total))),
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_known_before_anything_runs() {
        let partial = |slot, sum| Err(DoesNotFit::Partial { slot, sum });
        // 65 536 * 65 535 / 2 = 2^31 - 2^15 fits, one integer more does not.
        assert_eq!(Fill::check(65_536, 2, SlotType::Int32), Ok(()));
        assert_eq!(Fill::check(65_537, 2, SlotType::Int32), partial(0, 2_147_516_416));
        assert_eq!(Fill::check(100_000, 3, SlotType::Int32), partial(1, 3_749_975_000));
        assert_eq!(
            Fill::check(1 << 31, (1 << 31) + 1, SlotType::Int32),
            Err(DoesNotFit::Request { slot: 1 << 31 })
        );
        assert_eq!(Fill::check(u64::MAX, 1 << 40, SlotType::BigInt64), {
            let cuts = Cuts::new(u64::MAX, (1 << 40) - 1);
            let slot = cuts.first_above(i64::MAX as u64).unwrap();
            assert!(series::sum(cuts.slice(slot - 1)) <= i64::MAX as u128);
            partial(slot, series::sum(cuts.slice(slot)))
        });
    }

    #[test]
    fn an_abort_takes_back_a_flag_that_nobody_has_used_since() {
        let memory: Box<[AtomicI64]> = (0..2).map(|_| AtomicI64::new(0)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        let job = || {
            // SAFETY: two aligned slots, alive to the end of the test and used in no other way.
            let slots = unsafe { Slots::new(base, 2, SlotType::BigInt64) };
            Fill::new(slots, 3)
        };
        let late = job();
        late.run(0, 0);
        late.finish(&Completion::Done(()));
        assert_eq!(late.slots.load(1), DONE);
        late.on_abort();
        assert_eq!(late.slots.load(1), FAILED);

        let early = job();
        early.on_abort();
        early.run(0, 0);
        early.finish(&Completion::Done(()));
        assert_eq!(early.slots.load(1), FAILED, "aborted while it ran");

        let reused = job();
        reused.run(0, 0);
        reused.finish(&Completion::Done(()));
        reused.slots.store(1, 42);
        reused.on_abort();
        assert_eq!(reused.slots.load(1), 42, "a new request stays");
    }
}
