//! The sum of any bytes as elements of any type, at any offset, whole and in two parts, is that of the oracle on every
//! instruction set. The block has no byte to spare before it or after it, so AddressSanitizer sees a kernel that reads
//! past its end.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};

use allcores_exact::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

use crate::oracle;

/// The first four bytes say which type, how far from a cache line, where to cut, and how often the rest is to be there.
pub fn check(data: &[u8]) {
    let Some((&[element, offset, cut, repeat], seed)) = data.split_first_chunk::<4>() else { return };
    let element = Element::ALL[usize::from(element) % Element::ALL.len()];
    let elements = seed.repeat(usize::from(repeat % 64) + 1);
    let elements = &elements[..elements.len() / element.size() * element.size()];
    let expected = oracle::total(element, elements);

    let mut room = Room::new(usize::from(offset) % 64, elements);
    let block = room.elements(elements.len());
    let cut = usize::from(cut) * elements.len() / 256 / element.size() * element.size();
    for isa in Isa::available() {
        let mut whole = Sum::new(element, isa);
        whole.add(Block::from_mut(block));
        assert!(same(whole.total(), expected), "{element:?} {isa:?}: {:?}, not {expected:?}", whole.total());

        let (mut sum, mut other) = (Sum::new(element, isa), Sum::new(element, isa));
        let (first, second) = Block::from_mut(block).split_at(cut);
        other.add(second);
        sum.add(first);
        sum.merge(&other);
        assert!(
            same(sum.total(), expected),
            "{element:?} {isa:?} cut at {cut}: {:?}, not {expected:?}",
            sum.total()
        );
    }
}

/// -0 is not 0, and all NaN are the same.
fn same(a: Total, b: Total) -> bool {
    match (a, b) {
        (Total::Number(a), Total::Number(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (a, b) => a == b,
    }
}

/// Some bytes that begin at an offset from a cache line and end with their allocation.
struct Room {
    start: *mut u8,
    layout: Layout,
    offset: usize,
}

impl Room {
    fn new(offset: usize, bytes: &[u8]) -> Self {
        let layout = Layout::from_size_align(offset + bytes.len().max(1), 64).expect("a few megabytes");
        // SAFETY: the size is not zero.
        let start = unsafe { alloc(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        // SAFETY: within the allocation.
        let place = unsafe { start.add(offset) };
        // SAFETY: room for all of them, and new memory overlaps nothing.
        unsafe { place.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        Self { start, layout, offset }
    }

    #[expect(clippy::disallowed_methods, reason = "memory that JavaScript never sees")]
    fn elements(&mut self, len: usize) -> &mut [u8] {
        assert!(self.offset + len <= self.layout.size());
        // SAFETY: within the allocation.
        let place = unsafe { self.start.add(self.offset) };
        // SAFETY: initialized in `new`, and borrowed from `self`, which owns it.
        unsafe { std::slice::from_raw_parts_mut(place, len) }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // SAFETY: what `new` allocated, with the same layout.
        unsafe { dealloc(self.start, self.layout) };
    }
}
