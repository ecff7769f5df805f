//! What each public function computes, cut into pieces for the pool.
//!
//! A job is always a *source* (a range of integers, a shared view), cut into *blocks*, and a *sink* (partial sums
//! in atomic slots, an exact accumulator for each lane). The pool decides which thread runs which piece when.
//!
//! 1. `series`: sums of consecutive integers and how a range is cut into slices. Pure arithmetic.
//! 2. `range`: `sumRange`.
//! 3. `fill`: `sumIntoSharedBuffer`.
//! 4. `view`: `sum`.

mod fill;
#[cfg(test)]
mod limits;
#[cfg(feature = "internals")]
pub mod plan;
mod range;
mod series;
mod view;

use std::collections::TryReserveError;

pub(crate) use fill::{DoesNotFit, Fill};
pub(crate) use range::SumRange;
pub(crate) use view::{SumView, sum_small};

/// A result on its way to JavaScript.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Value {
    /// A Number: the exact sum, rounded once.
    Number(f64),
    /// A BigInt. No sum of this crate needs more bits: fewer than 2^53 terms below 2^64, or the integers below
    /// 2^64.
    BigInt(i128),
}

/// Which of the two a caller wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Numeric {
    /// A Number.
    Number,
    /// A BigInt.
    BigInt,
}

impl Numeric {
    /// A sum of integers below 2^64, which is below 2^127.
    fn value(self, sum: u128) -> Value {
        match self {
            // A conversion to f64 rounds to nearest, ties to even.
            Self::Number => Value::Number(sum as f64),
            Self::BigInt => Value::BigInt(sum as i128),
        }
    }
}

/// An array with a place for each slice or lane. How many there are depends on the machine and on the caller, so the
/// memory is asked for, not taken.
fn places<T: Default>(count: usize) -> Result<Box<[T]>, TryReserveError> {
    let mut places = Vec::new();
    places.try_reserve_exact(count)?;
    places.resize_with(count, T::default);
    Ok(places.into_boxed_slice())
}

/// A slice of fewer integers than this is not worth a thread of its own. The closed form takes nanoseconds for any
/// slice; the limit is made for work that is done for each integer.
const MIN_SLICE: u64 = 1 << 16;
