//! `sumIntoSharedBuffer`: the partial sums of `0 .. num` left in slots that the caller owns and others watch.
//!
//! The last slot is the request and the completion flag: it holds `num` while the sum runs, 0 when it is there, -1 when it
//! failed or was aborted.

use std::fmt;

use allcores_memory::{Claim, SlotType, Slots};

use super::MIN_INDICES;
use super::cut::{Cut, Grain};
use super::kernel::ClosedForm;
use super::pipeline::Pipeline;
use super::series::{self, Cuts};
use super::slot_sums::SlotSums;
use super::source::Slices;

/// Slots filled by one piece at the most: some tens of microseconds.
const MAX_SLOTS: u64 = 2048;
/// This many slots are filled in a microsecond or two.
const SHORT: u64 = 64;

/// Fills all slots but the last with partial sums.
pub(crate) type SumIntoSharedBuffer = Pipeline<Cut, Slices, ClosedForm, SlotSums>;

/// Why a sum cannot begin. Nothing was stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BeginError {
    /// Another call stores to the same bytes.
    Busy,
    /// The request slot holds a negative number.
    NegativeRequest { slot: usize, request: i64 },
    /// The partial sum for this slot is too large; it is the first such slot.
    PartialTooLarge { slot: u64, sum: u128, kind: SlotType, num: u64 },
    /// The partial sums fit, but the request itself does not fit the last slot.
    RequestTooLarge { slot: u64, kind: SlotType, num: u64 },
}

impl SumIntoSharedBuffer {
    /// The job for slots, of which there are at least two. Without `num` the request is what the last slot holds; with
    /// it, it is stored there. If anything that will be stored does not fit its slot, not a byte changes.
    ///
    /// The claim is to be kept until there is no more use for the job, aborting it included.
    pub(crate) fn begin(slots: Slots, num: Option<u64>, threads: usize) -> Result<(Self, Claim), BeginError> {
        let (len, kind) = (slots.len(), slots.kind());
        let (slots, num, claim) = begin(slots, num, |num| check(num, len, kind))?;
        Ok((Self::new(slots, num, threads), claim))
    }

    /// The job for a request that passed [`check`].
    fn new(slots: Slots, num: u64, threads: usize) -> Self {
        let count = slots.len() as u64 - 1;
        Self {
            cut: cut(num, count, threads).with_short(count <= SHORT),
            source: Slices(Cuts::new(num, count)),
            kernel: ClosedForm,
            sink: SlotSums::new(slots),
        }
    }
}

/// Claims slots for a sum with a body, and reads or stores the request, as [`SumIntoSharedBuffer::begin`] does. What will be
/// stored into the other slots is not known yet.
pub(crate) fn begin_slots(slots: Slots, num: Option<u64>) -> Result<(Slots, u64, Claim), BeginError> {
    let (slot, kind) = (slots.len() as u64 - 1, slots.kind());
    begin(slots, num, |num| {
        if num > kind.max() { Err(BeginError::RequestTooLarge { slot, kind, num }) } else { Ok(()) }
    })
}

/// Claims the slots, and reads or stores the request. Not a byte changes if `check` refuses it.
fn begin(
    slots: Slots,
    num: Option<u64>,
    check: impl Fn(u64) -> Result<(), BeginError>,
) -> Result<(Slots, u64, Claim), BeginError> {
    let flag = slots.len() - 1;
    let claim = || Claim::new(slots.addresses()).ok_or(BeginError::Busy);
    match num {
        Some(num) => {
            check(num)?;
            let claim = claim()?;
            // Fits: it was checked.
            slots.store(flag, num as i64);
            Ok((slots, num, claim))
        }
        None => {
            // Claimed before it is read: the request may be another call's until then.
            let claim = claim()?;
            let request = slots.load(flag);
            let num =
                u64::try_from(request).map_err(|_| BeginError::NegativeRequest { slot: flag, request })?;
            check(num)?;
            Ok((slots, num, claim))
        }
    }
}

/// Whether all that will be stored fits. Looks at no memory.
fn check(num: u64, slots: usize, kind: SlotType) -> Result<(), BeginError> {
    let flag = slots as u64 - 1;
    let cuts = Cuts::new(num, flag);
    if let Some(slot) = cuts.first_above(kind.max()) {
        return Err(BeginError::PartialTooLarge { slot, sum: series::sum(cuts.slice(slot)), kind, num });
    }
    if num > kind.max() { Err(BeginError::RequestTooLarge { slot: flag, kind, num }) } else { Ok(()) }
}

/// As many of `count` slots a piece as it takes to be worth a thread, but not too many.
pub(super) fn cut(num: u64, count: u64, threads: usize) -> Cut {
    // The product is below 2^80.
    let worth = (u128::from(MIN_INDICES) * u128::from(count)).div_ceil(u128::from(num.max(1)));
    let piece = worth.clamp(1, u128::from(MAX_SLOTS)) as u64;
    Cut::new(count, Grain { min: piece, max: piece, per_thread: 1, align: 1 }, threads)
}

impl fmt::Display for BeginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Busy => write!(
                f,
                "The \"target\" argument overlaps the target of a call in flight. Await that call first, or use a \
                 buffer for each call."
            ),
            Self::NegativeRequest { slot, request } => write!(
                f,
                "The value of \"num\" is out of range. It was left out, so the request is what the last slot ({slot}) \
                 of \"target\" holds. It must be >= 0. Received {request}."
            ),
            Self::PartialTooLarge { slot, sum, kind, num } => {
                let remedy = if num > SlotType::BigInt64.max() {
                    "Use sumRange(num): the last slot has to hold num, and even a BigInt64Array cannot."
                } else if sum > u128::from(SlotType::BigInt64.max()) {
                    "Use a BigInt64Array with more slots, or sumRange(num)."
                } else {
                    "Use a BigInt64Array, whose slots hold up to 2n ** 63n - 1n, or more slots."
                };
                write!(
                    f,
                    "The value of \"num\" is out of range. For num = {num} the partial sum of slot {slot} is {sum}, but \
                     a slot of \"target\" holds at most {}. {remedy}",
                    kind.max()
                )
            }
            Self::RequestTooLarge { slot, kind, num } => {
                let remedy = match kind {
                    SlotType::Int32 => "Use a BigInt64Array.",
                    SlotType::BigInt64 => "Use sumRange(num): even a BigInt64Array cannot hold it.",
                };
                write!(
                    f,
                    "The value of \"num\" is out of range. It is kept in the last slot ({slot}) of \"target\" while the \
                     sum runs, which holds at most {}. Received {num}. {remedy}",
                    kind.max()
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;
    use std::sync::atomic::AtomicI64;

    use super::*;
    use crate::jobs::Value;
    use crate::jobs::flagged_slots::{DONE, FAILED};
    use crate::pool::{Completion, Work};

    fn run(kind: SlotType, len: usize, num: u64) -> (Vec<i64>, Value) {
        let memory: Box<[AtomicI64]> = (0..len).map(|_| AtomicI64::new(-7)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        // SAFETY: at least `len` aligned slots, alive to the end of the function and used in no other way.
        let slots = unsafe { Slots::new(base, len, kind) };
        // SAFETY: as above; both views are of the same kind.
        let watch = unsafe { Slots::new(base, len, kind) };
        let (job, _claim) = SumIntoSharedBuffer::begin(slots, Some(num), 3).unwrap();
        (0..job.pieces()).rev().for_each(|piece| job.run(piece % job.lanes(), piece));
        let value = job.finish(&Completion::Done(()));
        ((0..len).map(|slot| watch.load(slot)).collect(), value)
    }

    #[test]
    fn every_slot_holds_the_sum_of_its_slice_and_the_flag_is_down() {
        let all = [(2, 0), (2, 10), (3, 10_000), (9, 65_535), (5_000, 12_345), (4_099, 3), (13, 200_000)];
        for (len, num) in all.into_iter().filter(|&(len, num)| !cfg!(miri) || len as u64 * num < 50_000) {
            for kind in [SlotType::Int32, SlotType::BigInt64] {
                if check(num, len, kind).is_err() {
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
        let partial = |num, kind, slot, sum| Err(BeginError::PartialTooLarge { slot, sum, kind, num });
        // 65 536 * 65 535 / 2 = 2^31 - 2^15 fits, one integer more does not.
        assert_eq!(check(65_536, 2, SlotType::Int32), Ok(()));
        assert_eq!(check(65_537, 2, SlotType::Int32), partial(65_537, SlotType::Int32, 0, 2_147_516_416));
        assert_eq!(check(100_000, 3, SlotType::Int32), partial(100_000, SlotType::Int32, 1, 3_749_975_000));
        assert_eq!(
            check(1 << 31, (1 << 31) + 1, SlotType::Int32),
            Err(BeginError::RequestTooLarge { slot: 1 << 31, kind: SlotType::Int32, num: 1 << 31 })
        );
        assert_eq!(check(u64::MAX, 1 << 40, SlotType::BigInt64), {
            let cuts = Cuts::new(u64::MAX, (1 << 40) - 1);
            let slot = cuts.first_above(i64::MAX as u64).unwrap();
            assert!(series::sum(cuts.slice(slot - 1)) <= i64::MAX as u128);
            partial(u64::MAX, SlotType::BigInt64, slot, series::sum(cuts.slice(slot)))
        });
    }

    #[test]
    fn an_abort_takes_back_a_flag_that_nobody_has_used_since() {
        let memory: Box<[AtomicI64]> = (0..2).map(|_| AtomicI64::new(0)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        let job = || {
            // SAFETY: two aligned slots, alive to the end of the test and used in no other way.
            let slots = unsafe { Slots::new(base, 2, SlotType::BigInt64) };
            SumIntoSharedBuffer::new(slots, 3, 1)
        };
        let late = job();
        late.run(0, 0);
        late.finish(&Completion::Done(()));
        assert_eq!(late.sink.slots().load(1), DONE);
        late.on_abort();
        assert_eq!(late.sink.slots().load(1), FAILED);

        let early = job();
        early.on_abort();
        early.run(0, 0);
        early.finish(&Completion::Done(()));
        assert_eq!(early.sink.slots().load(1), FAILED, "aborted while it ran");

        let reused = job();
        reused.run(0, 0);
        reused.finish(&Completion::Done(()));
        reused.sink.slots().store(1, 42);
        reused.on_abort();
        assert_eq!(reused.sink.slots().load(1), 42, "a new request stays");
    }

    #[test]
    fn what_cannot_begin_changes_no_byte_and_claims_nothing() {
        let memory: Box<[AtomicI64]> = (0..4).map(|slot| AtomicI64::new(-7 - slot)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        for (kind, num) in [
            (SlotType::Int32, Some(200_000)),
            (SlotType::BigInt64, Some(u64::MAX)),
            (SlotType::BigInt64, None),
        ] {
            // SAFETY: four aligned slots, alive to the end of the test and used in no other way.
            let slots = || unsafe { Slots::new(base, 4, kind) };
            let before: Vec<_> = (0..4).map(|slot| slots().load(slot)).collect();
            assert!(SumIntoSharedBuffer::begin(slots(), num, 2).is_err());
            assert_eq!((0..4).map(|slot| slots().load(slot)).collect::<Vec<_>>(), before);
            assert!(Claim::new(slots().addresses()).is_some());
        }
        // SAFETY: as above.
        let slots = || unsafe { Slots::new(base, 4, SlotType::BigInt64) };
        let first = SumIntoSharedBuffer::begin(slots(), Some(10), 2);
        assert!(first.is_ok());
        let second = SumIntoSharedBuffer::begin(slots(), Some(11), 2);
        assert_eq!(second.err(), Some(BeginError::Busy));
        assert_eq!(slots().load(3), 10, "the request of the first call");
    }

    /// A total has no slot: it may be larger than anything that fits one, and is rounded once.
    #[test]
    #[cfg_attr(miri, ignore = "takes too long: nine million slots")]
    fn totals_need_not_fit_a_slot() {
        let num = (1 << 27) + 3;
        let (slots, value) = run(SlotType::Int32, num as usize / 15 + 2, num);
        let total = u128::from(num) * u128::from(num - 1) / 2;
        assert_ne!(total as f64 as u128, total, "a total that must be rounded");
        assert_eq!(value, Value::Number(total as f64));
        assert!(slots.iter().all(|&slot| slot >= 0));
        assert_eq!(slots.iter().map(|&slot| slot as u128).sum::<u128>(), total);
    }
}
