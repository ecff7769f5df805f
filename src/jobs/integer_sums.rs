//! [`IntegerSums`]: the sink of sums of integers, whose accumulators are two words.

use std::collections::TryReserveError;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam::utils::CachePadded;

use super::pipeline::{Sink, SinkEnd};
use super::value::{Numeric, Value};
use crate::pool::Completion;

/// The sum of integers below 2^64, each at most once.
///
/// What [`PerLane`](super::lanes::PerLane) does with a lock, this does with plain stores: taking the lock of a lane twice would be a fifth of
/// what a thread does for a short call.
pub(crate) struct IntegerSums {
    /// In the job itself: most jobs that are short have one lane, and allocate nothing for it.
    first: Sum,
    others: Box<[CachePadded<Sum>]>,
    numeric: Numeric,
}

/// The sum of a lane: 128 bits in two words, the low one first. Relaxed: one thread at a time is in a lane, and the pool orders it after
/// those that were there before, and all of them before the finish.
#[derive(Default)]
pub(crate) struct Sum([AtomicU64; 2]);

impl Sum {
    fn add(&self, terms: u128) {
        let sum = self.get() + terms;
        let [low, high] = &self.0;
        low.store(sum as u64, Ordering::Relaxed);
        high.store((sum >> 64) as u64, Ordering::Relaxed);
    }

    fn get(&self) -> u128 {
        let [low, high] = &self.0;
        u128::from(high.load(Ordering::Relaxed)) << 64 | u128::from(low.load(Ordering::Relaxed))
    }
}

impl IntegerSums {
    /// Room for `lanes` sums, at least one. How many there are depends on the machine and on the caller, so the memory is asked for, not
    /// taken.
    pub(super) fn new(lanes: usize, numeric: Numeric) -> Result<Self, TryReserveError> {
        let mut others = Vec::new();
        others.try_reserve_exact(lanes - 1)?;
        others.resize_with(lanes - 1, CachePadded::default);
        Ok(Self { first: Sum::default(), others: others.into_boxed_slice(), numeric })
    }
}

impl SinkEnd for IntegerSums {
    type Part<'a> = &'a Sum;

    fn begin(&self, lane: usize) -> &Sum {
        if lane == 0 { &self.first } else { &self.others[lane - 1] }
    }

    fn end(&self, _: &Sum) {}

    fn finish(&self, _: &Completion) -> Value {
        let others: u128 = self.others.iter().map(|sum| sum.get()).sum();
        self.numeric.value(self.first.get() + others)
    }
}

impl Sink<u128> for IntegerSums {
    #[inline]
    fn take(&self, part: &mut &Sum, terms: u128) {
        part.add(terms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_adds_to_what_is_there_and_all_are_added_up() {
        let total = IntegerSums::new(3, Numeric::BigInt).unwrap();
        let terms = [u128::from(u64::MAX), 1, 1 << 100, 7, u128::from(u64::MAX) << 32];
        for (lane, terms) in [0, 2, 1, 0, 2].into_iter().zip(terms) {
            let mut part = total.begin(lane);
            total.take(&mut part, terms);
            total.take(&mut part, 1);
            total.end(part);
        }
        let sum = terms.iter().sum::<u128>() + 5;
        assert_eq!(total.finish(&Completion::Done(())), Value::BigInt(sum as i128));
    }
}
