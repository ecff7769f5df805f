//! `sumRange`: the sum of `0 .. num`, one piece for each thread that takes part.

use std::collections::TryReserveError;

use super::MIN_INDICES;
use super::cut::{Cut, Grain};
use super::integer_sums::IntegerSums;
use super::kernel::ClosedForm;
use super::pipeline::{Cutting, Pipeline};
use super::source::Indices;
use super::value::Numeric;

/// Sums the integers below `num`.
pub(crate) type SumRange = Pipeline<Cut, Indices, ClosedForm, IntegerSums>;

impl SumRange {
    /// The job for at most `threads` threads.
    pub(crate) fn new(num: u64, threads: usize, numeric: Numeric) -> Result<Self, TryReserveError> {
        let cut = cut(num, threads);
        let sink = IntegerSums::new(cut.lanes(), numeric)?;
        let cut = cut.with_short(cut.pieces() == 1);
        Ok(Self { cut, source: Indices { from: 0 }, kernel: ClosedForm, sink })
    }
}

/// One piece for each thread, as long as each is worth one.
pub(super) fn cut(num: u64, threads: usize) -> Cut {
    Cut::new(num, Grain { min: MIN_INDICES, max: u64::MAX, per_thread: 1, align: 1 }, threads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Value;
    use crate::pool::{Completion, Work};

    fn sum(num: u64, threads: usize, numeric: Numeric) -> Value {
        let job = SumRange::new(num, threads, numeric).unwrap();
        assert!((1..=threads).contains(&job.pieces()));
        (0..job.pieces()).rev().for_each(|piece| job.run(piece % job.lanes(), piece));
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
        for (num, pieces) in [(0, 1), (10_000, 1), (MIN_INDICES, 1), (2 * MIN_INDICES, 2), (u64::MAX, 8)] {
            assert_eq!(SumRange::new(num, 8, Numeric::BigInt).unwrap().pieces(), pieces, "{num}");
        }
    }
}
