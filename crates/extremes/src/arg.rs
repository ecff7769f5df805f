//! [`ArgExtreme`]: where the extreme is.
//!
//! Vectors find the least key of a tile of a few kilobytes, and only the tile that has the least of all is looked through, at the
//! end of each block. It is read again then, and another thread may have written to it in between: so what is looked for is the
//! least of what is there now, and there always is one.

use super::kernel::{first_least, least};
use super::order::{Order, Side, Value};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// Bytes in a tile: short enough to look through, long enough for vectors.
const TILE: usize = 4096;

/// The first index that has the least or the greatest element of any number of blocks, all of one type. NaN is the extreme if there is
/// one; -0 is less than 0.
#[derive(Clone, Copy, Debug)]
pub struct ArgExtreme {
    order: Order,
    isa: Isa,
    first: Option<First>,
}

/// The least key so far, and the lowest index that has it.
#[derive(Clone, Copy, Debug)]
struct First {
    key: i64,
    index: u64,
}

impl First {
    /// Whether this one comes before the other.
    fn is_before(self, other: Option<Self>) -> bool {
        other.is_none_or(|other| (self.key, self.index) < (other.key, other.index))
    }
}

impl ArgExtreme {
    /// The extreme of no elements, to which elements of this type can be added.
    pub const fn new(side: Side, element: Element, isa: Isa) -> Self {
        Self { order: Order::new(side, element), isa, first: None }
    }

    /// Takes the elements of a block, the first of which has the index `start`. Blocks may come in any order. Other threads may be
    /// writing to the elements.
    ///
    /// The length of the block is a multiple of [`Element::size`]; an incomplete element at the end is left out.
    pub fn add(&mut self, start: u64, block: Block<'_>) {
        let size = self.order.element().size();
        let mut first = self.first;
        let mut found = None;
        let mut index = start;
        for tile in block.pieces(TILE).filter(|tile| tile.len() >= size) {
            let of_tile = First { key: least(self.order, self.isa, tile), index };
            if of_tile.is_before(first) {
                first = Some(of_tile);
                found = Some((tile, index));
            }
            index += (tile.len() / size) as u64;
        }
        if let Some((tile, start)) = found
            && let Some((number, key)) = first_least(self.order, tile)
        {
            let first = First { key, index: start + number };
            // What was less before may be gone; then what was known stays.
            if first.is_before(self.first) {
                self.first = Some(first);
            }
        }
    }

    /// Takes another extreme of the same kind. The order of merging makes no difference.
    pub fn merge(&mut self, other: &Self) {
        if let Some(first) = other.first
            && first.is_before(self.first)
        {
            self.first = Some(first);
        }
    }

    /// The index; `None` if there are no elements.
    pub fn index(&self) -> Option<u64> {
        self.first.map(|first| first.index)
    }

    /// The element at the index; `None` if there are no elements.
    pub fn value(&self) -> Option<Value> {
        self.first.map(|first| self.order.value(first.key))
    }
}
