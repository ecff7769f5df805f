//! The least or the greatest of elements, as `Math.min` and `Math.max` have it, and where it is.
//!
//! An [`Extreme`] takes blocks of elements in any number, size and order, and extremes merge in any order. An [`ArgExtreme`]
//! also knows the index of the first element that has the value.
//!
//! From the surface down:
//!
//! 1. [`Extreme`], [`ArgExtreme`]: what callers hold, one per thread; `arg` finds the index.
//! 2. `order`: elements as integers, so that the least integer is the answer: one kernel for minimum and maximum.
//! 3. `kernel`: the least of a block, by vectors; one kernel for each width of integers and for each format of floating-point
//!    numbers.
//! 4. `simd`: vector operations for each instruction set ([`Isa`]), chosen at run time.

mod arg;
mod kernel;
mod order;
mod simd;
#[cfg(test)]
mod tests;

use allcores_machine::{Element, Isa};
use allcores_memory::Block;

pub use arg::ArgExtreme;
use order::{EMPTY, Order};
pub use order::{Side, Value};

/// The least or the greatest element of any number of blocks, all of one type.
#[derive(Clone, Copy, Debug)]
pub struct Extreme {
    order: Order,
    isa: Isa,
    /// The key of the extreme, [`EMPTY`] at first.
    least: i64,
    is_empty: bool,
}

impl Extreme {
    /// The extreme of no elements, to which elements of this type can be added.
    pub const fn new(side: Side, element: Element, isa: Isa) -> Self {
        Self { order: Order::new(side, element), isa, least: EMPTY, is_empty: true }
    }

    /// Takes the elements of a block. Each is read once; other threads may be writing them.
    ///
    /// The length of the block is a multiple of [`Element::size`]; an incomplete element at the end is left out.
    #[inline]
    pub fn add(&mut self, block: Block<'_>) {
        self.is_empty &= block.len() < self.order.element().size();
        self.least = self.least.min(kernel::least(self.order, self.isa, block));
    }

    /// Takes another extreme of the same kind. The order of merging makes no difference.
    pub fn merge(&mut self, other: &Self) {
        self.is_empty &= other.is_empty;
        self.least = self.least.min(other.least);
    }

    /// The extreme of all elements so far: of no numbers, the infinity that every number is less or greater than. `None`
    /// for no BigInts, among which there is no such.
    pub fn value(&self) -> Option<Value> {
        if self.is_empty { self.order.of_none() } else { Some(self.order.value(self.least)) }
    }
}
