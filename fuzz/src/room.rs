//! Elements in memory of their own, and what it means that two results are the same.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};

use allcores_exact::Total;

/// -0 is not 0, and all NaN are the same.
pub(crate) fn same(a: Total, b: Total) -> bool {
    match (a, b) {
        (Total::Number(a), Total::Number(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (a, b) => a == b,
    }
}

/// Some bytes that begin at an offset from a cache line and end with their allocation.
pub(crate) struct Room {
    start: *mut u8,
    layout: Layout,
    offset: usize,
}

impl Room {
    pub(crate) fn new(offset: usize, bytes: &[u8]) -> Self {
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
    pub(crate) fn elements(&mut self, len: usize) -> &mut [u8] {
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
