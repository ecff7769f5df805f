//! [`SharedView`]: where the elements of a shared typed array are.

use std::ops::Range;
use std::ptr::NonNull;

use super::Block;

/// The bytes of a typed array on shared memory: an address and a length. Only a [`Block`] of it can be read.
pub struct SharedView {
    base: NonNull<u8>,
    bytes: usize,
}

// SAFETY: every thread of the process may access the memory, and it is read by racy loads only.
unsafe impl Send for SharedView {}
// SAFETY: as for Send.
unsafe impl Sync for SharedView {}

impl SharedView {
    /// The `bytes` bytes from `base` on.
    ///
    /// # Safety
    ///
    /// Callers must see to it that these bytes stay mapped and readable as long as the value is used. Any
    /// thread may write them meanwhile.
    pub unsafe fn new(base: NonNull<u8>, bytes: usize) -> Self {
        Self { base, bytes }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Some of the bytes, to be read.
    pub fn block(&self, bytes: Range<usize>) -> Block<'_> {
        assert!(bytes.start <= bytes.end && bytes.end <= self.bytes, "{bytes:?} of {}", self.bytes);
        // SAFETY: inside the memory that `new` was promised, by the assertion above.
        let start = unsafe { self.base.add(bytes.start) };
        // SAFETY: these bytes are readable as long as `self` is used, and the block borrows it.
        unsafe { Block::from_raw(start.as_ptr(), bytes.len()) }
    }
}
