//! `sumRange`: the sum of `0 .. num`, one slice for each thread that takes part.

use std::collections::TryReserveError;
use std::sync::atomic::{AtomicU64, Ordering};

use super::series::{self, Cuts};
use super::{MIN_SLICE, Numeric, Value, places};
use crate::pool::{Completion, Work};

/// Sums the integers below `num`.
pub(crate) struct SumRange {
    cuts: Cuts,
    numeric: Numeric,
    /// A slot for each slice: the thread that has summed it stores the partial sum here.
    partials: Box<[Partial]>,
}

/// A partial sum: 128 bits in two words, low one first. Written once, by the thread that ran the piece; read
/// after all threads have left.
#[derive(Default)]
struct Partial([AtomicU64; 2]);

impl SumRange {
    /// The job for at most `threads` threads.
    pub(crate) fn new(num: u64, threads: usize, numeric: Numeric) -> Result<Self, TryReserveError> {
        let slices = slices(num, threads);
        // No more slices than threads.
        Ok(Self { cuts: Cuts::new(num, slices), numeric, partials: places(slices as usize)? })
    }
}

/// One for each thread, as long as each is worth one.
pub(super) fn slices(num: u64, threads: usize) -> u64 {
    (num / MIN_SLICE).clamp(1, threads.max(1) as u64)
}

impl Work for SumRange {
    type Output = Value;

    fn pieces(&self) -> usize {
        self.partials.len()
    }

    fn run(&self, _lane: usize, piece: usize) {
        let sum = series::sum(self.cuts.slice(piece as u64));
        let [low, high] = &self.partials[piece].0;
        // Relaxed: the pool orders all pieces before the finish.
        low.store(sum as u64, Ordering::Relaxed);
        high.store((sum >> 64) as u64, Ordering::Relaxed);
    }

    fn is_short(&self) -> bool {
        self.partials.len() == 1
    }

    fn finish(&self, _: &Completion) -> Value {
        let sum = self.partials.iter().map(|Partial([low, high])| {
            u128::from(high.load(Ordering::Relaxed)) << 64 | u128::from(low.load(Ordering::Relaxed))
        });
        self.numeric.value(sum.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(num: u64, threads: usize, numeric: Numeric) -> Value {
        let job = SumRange::new(num, threads, numeric).unwrap();
        assert!((1..=threads).contains(&job.pieces()));
        (0..job.pieces()).rev().for_each(|piece| job.run(0, piece));
        job.finish(&Completion::Done(()))
    }

    #[test]
    fn totals_are_exact_for_any_number_of_threads() {
        for threads in [1, 2, 3, 7, 64, 1024] {
            for num in [0, 1, 2, 10_000, 92_682, 100_000, 1 << 31, (1 << 53) - 1, u64::MAX] {
                let exact = u128::from(num) * u128::from(num.saturating_sub(1)) / 2;
                assert_eq!(sum(num, threads, Numeric::BigInt), Value::BigInt(exact as i128), "{num}");
                assert_eq!(sum(num, threads, Numeric::Number), Value::Number(exact as f64), "{num}");
            }
        }
    }

    #[test]
    fn the_empty_sum_is_positive_zero() {
        let Value::Number(zero) = sum(0, 4, Numeric::Number) else { panic!("not a number") };
        assert_eq!(zero.to_bits(), 0);
    }

    #[test]
    fn short_ranges_stay_on_one_thread_and_long_ones_use_all() {
        for (num, slices) in [(0, 1), (10_000, 1), (MIN_SLICE, 1), (2 * MIN_SLICE, 2), (u64::MAX, 8)] {
            assert_eq!(SumRange::new(num, 8, Numeric::BigInt).unwrap().pieces(), slices, "{num}");
        }
    }
}
