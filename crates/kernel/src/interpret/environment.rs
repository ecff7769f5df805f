//! What a running function needs from outside.

use crate::ir::{ArrayId, AtomicOp, Math};

/// The arrays of the caller. Their memory may be shared with other threads: every access reads or writes an element once.
pub trait Memory {
    /// The number of elements, the same for as long as the call runs.
    fn len(&self, array: ArrayId) -> u64;

    /// An element; `index` is below the length.
    fn load(&self, array: ArrayId, index: u64) -> f64;

    /// Stores an element, converted as its type has it; `index` is below the length.
    fn store(&self, array: ArrayId, index: u64, value: f64);

    /// Elements `start`, `start + 1`, … into `out`; all are below the length.
    fn load_run(&self, array: ArrayId, start: u64, out: &mut [f64]) {
        for (index, out) in (start..).zip(out) {
            *out = self.load(array, index);
        }
    }

    /// Stores to elements `start`, `start + 1`, …; all are below the length.
    fn store_run(&self, array: ArrayId, start: u64, values: &[f64]) {
        for (index, value) in (start..).zip(values) {
            self.store(array, index, *value);
        }
    }

    /// Does one of `Atomics`; `index` is below the length. Returns what JavaScript's function returns.
    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, b: f64) -> f64;
}

/// The functions of `Math` that have no operator of their own.
pub trait MathLibrary {
    /// Calls one, with as many arguments as its arity.
    fn call(&self, function: Math, arguments: &[f64]) -> f64;

    /// Whether a function has the bits that [`Portable`](crate::math::Portable) has: then machine code may compute it by itself. The answer
    /// never changes while code runs.
    fn has_portable(&self, _function: Math) -> bool {
        false
    }
}

/// Leave to go on: asked at each turn of each loop.
pub trait Fuel {
    /// Whether there is to be another turn.
    fn burn(&mut self) -> bool;

    /// The same after some thousand turns that were not asked for.
    fn burn_many(&mut self) -> bool {
        self.burn()
    }
}

/// As many turns as the loops like.
#[derive(Clone, Copy, Default, Debug)]
pub struct Unlimited;

impl Fuel for Unlimited {
    fn burn(&mut self) -> bool {
        true
    }
}

/// That many turns.
impl Fuel for u64 {
    fn burn(&mut self) -> bool {
        let left = self.checked_sub(1);
        *self = left.unwrap_or(0);
        left.is_some()
    }
}

/// Why a function did not come to its end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Stop {
    /// The [`Fuel`] has run out.
    OutOfFuel,
    /// `Atomics` on an index that is not an element, where JavaScript throws a RangeError.
    AtomicOutOfBounds {
        /// The array.
        array: ArrayId,
        /// The index.
        index: f64,
    },
    /// A row of a table that does not exist, where JavaScript throws a TypeError.
    NoSuchRow,
    /// A store beyond the end of a plain local array, where a JavaScript array would grow.
    LocalOutOfBounds {
        /// The index.
        index: f64,
    },
}
