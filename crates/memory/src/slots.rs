//! Integers in shared memory, stored and loaded one at a time as JavaScript's `Atomics` do it.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};

/// The integers a slot can hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotType {
    /// An element of an `Int32Array`.
    Int32,
    /// An element of a `BigInt64Array`.
    BigInt64,
}

impl SlotType {
    /// Bytes in a slot.
    pub const fn size(self) -> usize {
        match self {
            Self::Int32 => 4,
            Self::BigInt64 => 8,
        }
    }

    /// The largest integer that fits.
    pub const fn max(self) -> u64 {
        match self {
            Self::Int32 => i32::MAX as u64,
            Self::BigInt64 => i64::MAX as u64,
        }
    }
}

/// The elements of an `Int32Array` or a `BigInt64Array` on shared memory. All accesses are sequentially
/// consistent and of the element's own width, so they are atomic towards `Atomics.load` and `Atomics.store`.
pub struct Slots {
    base: NonNull<u8>,
    len: usize,
    kind: SlotType,
}

// SAFETY: the memory is open to every thread of the process by its nature, and all access is atomic.
unsafe impl Send for Slots {}
// SAFETY: as for Send.
unsafe impl Sync for Slots {}

impl Slots {
    /// The `len` slots that start at `base`.
    ///
    /// # Safety
    ///
    /// Callers must see to it that, as long as the value is used,
    /// * `len * kind.size()` bytes from `base` on stay mapped and writable,
    /// * no Rust code accesses them but through `Slots` of the same kind, or through racy loads ([`Block`]).
    ///
    /// JavaScript may access them as it likes: its code is no part of the Rust program, and to it this is a plain
    /// atomic access.
    ///
    /// `base` must be aligned to the size of a slot; typed arrays are.
    ///
    /// [`Block`]: super::Block
    pub unsafe fn new(base: NonNull<u8>, len: usize, kind: SlotType) -> Self {
        assert!(base.addr().get().is_multiple_of(kind.size()), "a typed array is aligned to its elements");
        Self { base, len, kind }
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no slots.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What a slot holds.
    pub fn kind(&self) -> SlotType {
        self.kind
    }

    /// The addresses of the first byte and of the first one behind.
    pub fn addresses(&self) -> std::ops::Range<usize> {
        let start = self.base.addr().get();
        start..start + self.len * self.kind.size()
    }

    fn address(&self, slot: usize) -> NonNull<u8> {
        assert!(slot < self.len, "slot {slot} of {}", self.len);
        // SAFETY: inside the memory that `new` was promised, by the assertion.
        unsafe { self.base.add(slot * self.kind.size()) }
    }

    /// Stores `value`, which must fit.
    pub fn store(&self, slot: usize, value: i64) {
        let address = self.address(slot);
        match self.kind {
            SlotType::Int32 => {
                debug_assert!(i32::try_from(value).is_ok());
                // SAFETY: aligned and mapped (`new`), inside (`address`), and no non-atomic Rust access anywhere.
                let cell = unsafe { AtomicI32::from_ptr(address.as_ptr().cast()) };
                cell.store(value as i32, Ordering::SeqCst);
            }
            SlotType::BigInt64 => {
                // SAFETY: as above.
                let cell = unsafe { AtomicI64::from_ptr(address.as_ptr().cast()) };
                cell.store(value, Ordering::SeqCst);
            }
        }
    }

    /// What the slot holds now.
    pub fn load(&self, slot: usize) -> i64 {
        let address = self.address(slot);
        match self.kind {
            SlotType::Int32 => {
                // SAFETY: as in `store`.
                let cell = unsafe { AtomicI32::from_ptr(address.as_ptr().cast()) };
                i64::from(cell.load(Ordering::SeqCst))
            }
            SlotType::BigInt64 => {
                // SAFETY: as in `store`.
                let cell = unsafe { AtomicI64::from_ptr(address.as_ptr().cast()) };
                cell.load(Ordering::SeqCst)
            }
        }
    }

    /// Stores `new` if the slot holds `current`; both must fit. Whether it did.
    pub fn replace(&self, slot: usize, current: i64, new: i64) -> bool {
        let address = self.address(slot);
        match self.kind {
            SlotType::Int32 => {
                let (current, new) = (current as i32, new as i32);
                // SAFETY: as in `store`.
                let cell = unsafe { AtomicI32::from_ptr(address.as_ptr().cast()) };
                cell.compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            }
            SlotType::BigInt64 => {
                // SAFETY: as in `store`.
                let cell = unsafe { AtomicI64::from_ptr(address.as_ptr().cast()) };
                cell.compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Memory of our own, as a buffer that JavaScript shares would lie there.
    fn buffer(words: usize) -> (Box<[AtomicI64]>, NonNull<u8>) {
        let memory: Box<[AtomicI64]> = (0..words).map(|_| AtomicI64::new(0)).collect();
        let base = NonNull::new(memory.as_ptr().cast_mut().cast()).unwrap();
        (memory, base)
    }

    #[test]
    fn slots_of_both_kinds_keep_what_is_stored() {
        for kind in [SlotType::Int32, SlotType::BigInt64] {
            let (_memory, base) = buffer(8);
            // SAFETY: eight aligned words, alive to the end of the block and used in no other way.
            let slots = unsafe { Slots::new(base, 8, kind) };
            let max = i64::try_from(kind.max()).unwrap();
            for (slot, value) in [0, 1, -1, max, -max - 1, 7].into_iter().enumerate() {
                slots.store(slot, value);
                assert_eq!(slots.load(slot), value, "{kind:?}");
            }
            assert!(!slots.replace(5, 8, 9) && slots.load(5) == 7);
            assert!(slots.replace(5, 7, -1) && slots.load(5) == -1);
            assert_eq!(slots.load(6), 0);
            assert_eq!(slots.addresses().len(), 8 * kind.size());
        }
    }

    #[test]
    #[should_panic(expected = "slot 8 of 8")]
    fn a_slot_outside_is_never_touched() {
        let (_memory, base) = buffer(8);
        // SAFETY: as above.
        unsafe { Slots::new(base, 8, SlotType::Int32) }.store(8, 1);
    }
}
