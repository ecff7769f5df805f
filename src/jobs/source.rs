//! The sources: indices, the slices of a range, the elements of a shared view.

use std::ops::Range;

use allcores_machine::Element;
use allcores_memory::{Block, SharedView};

use super::pipeline::Source;
use super::series::Cuts;

/// The integers of a range. A unit is one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Indices {
    /// The first.
    pub(super) from: u64,
}

impl Source for Indices {
    type Block<'a> = Range<u64>;

    #[inline]
    fn blocks(&self, units: Range<u64>, most: u64, mut each: impl FnMut(Range<u64>)) {
        for block in blocks(self.from + units.start..self.from + units.end, most) {
            each(block);
        }
    }
}

/// The integers `0 .. num` in slices, each of which has a result of its own. A unit is a slice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slices(pub(super) Cuts);

/// Some integers of a slice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SliceBlock {
    /// Which slice.
    pub(super) slice: u64,
    pub(super) indices: Range<u64>,
    /// Whether the slice ends here. A slice without integers has one block, an empty one.
    pub(super) is_last: bool,
}

impl Source for Slices {
    type Block<'a> = SliceBlock;

    #[inline]
    fn blocks(&self, units: Range<u64>, most: u64, mut each: impl FnMut(SliceBlock)) {
        let count = (units.end - units.start) as usize;
        for (range, slice) in self.0.slices_from(units.start).take(count).zip(units.start..) {
            let end = range.end;
            if end - range.start <= most {
                each(SliceBlock { slice, indices: range, is_last: true });
            } else {
                for indices in blocks(range, most) {
                    each(SliceBlock { slice, is_last: indices.end == end, indices });
                }
            }
        }
    }
}

/// The elements of a shared view. A unit is one of them.
pub(crate) struct Elements {
    pub(crate) view: SharedView,
    pub(crate) element: Element,
}

impl Elements {
    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        (self.view.len() / self.element.size()) as u64
    }

    /// Some of them.
    #[inline]
    fn block(&self, units: &Range<u64>) -> Block<'_> {
        // Both are at most the length of the view in bytes, a usize.
        let byte = |unit: u64| unit as usize * self.element.size();
        self.view.block(byte(units.start)..byte(units.end))
    }
}

/// Some consecutive elements.
#[derive(Clone, Copy)]
pub(crate) struct ElementBlock<'a> {
    /// The index of the first.
    pub(super) start: u64,
    pub(super) block: Block<'a>,
}

impl Source for Elements {
    type Block<'a> = ElementBlock<'a>;

    #[inline]
    fn blocks(&self, units: Range<u64>, most: u64, mut each: impl FnMut(ElementBlock<'_>)) {
        for block in blocks(units, most) {
            each(ElementBlock { start: block.start, block: self.block(&block) });
        }
    }
}

/// The elements of two shared views of the same length, pair by pair. A unit is a pair.
pub(crate) struct ElementPairs(pub(super) [Elements; 2]);

impl Source for ElementPairs {
    type Block<'a> = [Block<'a>; 2];

    #[inline]
    fn blocks(&self, units: Range<u64>, most: u64, mut each: impl FnMut([Block<'_>; 2])) {
        for block in blocks(units, most) {
            each(self.0.each_ref().map(|elements| elements.block(&block)));
        }
    }
}

/// A range in blocks of at most `most`; an empty one has none.
#[inline]
fn blocks(range: Range<u64>, most: u64) -> impl Iterator<Item = Range<u64>> {
    let mut start = range.start;
    std::iter::from_fn(move || {
        let block = start..range.end.min(start.saturating_add(most));
        start = block.end;
        (!block.is_empty()).then_some(block)
    })
}
