//! [`SharedArray`]: the elements of a typed array on shared memory, read and written as Numbers.
//!
//! Where a [`Block`](super::Block) is read from end to end, a loop body reads and writes elements in any order, while
//! JavaScript and other loop bodies do the same. Each of these accesses is one relaxed atomic access of the element's own
//! width: as in JavaScript no element is ever torn, and there is no order among elements.
//!
//! Two arrays of different element types may lie on the same bytes, as in JavaScript. The abstract machine of Rust has
//! no atomic accesses of different sizes that overlap; LLVM defines them byte by byte, and so do the processors. That
//! is all that is needed: every bit pattern is a Number, and no loaded Number decides over memory safety.

mod cell;
#[cfg(test)]
mod tests;

use std::ptr::NonNull;

use allcores_machine::{AtomicOp, Element};
use cell::{AtomicCell, Cell};

/// The elements of a typed array on shared memory, other than BigInts. Numbers come out, and Numbers go in as
/// JavaScript converts them.
pub struct SharedArray {
    base: NonNull<u8>,
    len: usize,
    element: Element,
}

// SAFETY: the memory is open to every thread of the process by its nature, and all access is atomic.
unsafe impl Send for SharedArray {}
// SAFETY: as for Send.
unsafe impl Sync for SharedArray {}

/// Runs `$body` with `$cell` as the cell of an element type, so that what follows is compiled for each.
macro_rules! with_cell {
    ($element:expr, $cell:ident => $body:expr) => {
        match $element {
            Element::Int8 => with_cell!(@ Int8, $cell => $body),
            Element::Uint8 => with_cell!(@ Uint8, $cell => $body),
            Element::Uint8Clamped => with_cell!(@ Uint8Clamped, $cell => $body),
            Element::Int16 => with_cell!(@ Int16, $cell => $body),
            Element::Uint16 => with_cell!(@ Uint16, $cell => $body),
            Element::Int32 => with_cell!(@ Int32, $cell => $body),
            Element::Uint32 => with_cell!(@ Uint32, $cell => $body),
            Element::Float16 => with_cell!(@ Float16, $cell => $body),
            Element::Float32 => with_cell!(@ Float32, $cell => $body),
            Element::Float64 => with_cell!(@ Float64, $cell => $body),
            Element::BigInt64 | Element::BigUint64 => unreachable!("`new` takes no BigInts"),
        }
    };
    (@ $name:ident, $cell:ident => $body:expr) => {{
        type $cell = cell::$name;
        $body
    }};
}

impl SharedArray {
    /// The `len` elements that start at `base`.
    ///
    /// # Safety
    ///
    /// Callers must see to it that, as long as the value is used,
    /// * `len * element.size()` bytes from `base` on belong to one allocation that stays mapped and writable,
    /// * no Rust code accesses them but atomically or through racy loads ([`Block`](super::Block)).
    ///
    /// JavaScript may access them as it likes: its code is no part of the Rust program, and to it these are accesses like
    /// its own.
    ///
    /// # Panics
    ///
    /// If the elements are BigInts, or `base` is not aligned to their size; typed arrays are.
    pub unsafe fn new(base: NonNull<u8>, len: usize, element: Element) -> Self {
        assert!(!element.is_bigint(), "the elements of a {} are no Numbers", element.class());
        assert!(base.addr().get().is_multiple_of(element.size()), "a typed array is aligned to its elements");
        Self { base, len, element }
    }

    /// How many elements there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no elements.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The type of the elements.
    #[inline]
    pub fn element(&self) -> Element {
        self.element
    }

    /// The addresses of the first byte and of the first one behind.
    pub fn addresses(&self) -> std::ops::Range<usize> {
        let start = self.base.addr().get();
        start..start + self.len * self.element.size()
    }

    /// Where `count` elements from `start` on lie.
    ///
    /// # Panics
    ///
    /// If they are not all in the array: what is returned is good for accesses to them, and only to them.
    #[inline]
    fn place(&self, start: usize, count: usize) -> *mut u8 {
        assert!(start <= self.len && count <= self.len - start, "{count} from {start} of {}", self.len);
        // wrapping_add: the result is in the allocation or one past it, but an empty array may dangle.
        self.base.as_ptr().wrapping_add(start * self.element.size())
    }

    /// An element as a Number.
    ///
    /// # Panics
    ///
    /// If `index` is not below the length.
    #[inline]
    pub fn load(&self, index: usize) -> f64 {
        let place = self.place(index, 1);
        with_cell!(self.element, C => {
            // SAFETY: in the array (`place`), so mapped (`new`); aligned, because `base` is and elements are as far apart
            // as they are wide; and no Rust reference to it exists (`new`).
            unsafe { C::load(place.cast()) }
        })
    }

    /// Stores a Number, converted to the element type as JavaScript does it.
    ///
    /// # Panics
    ///
    /// If `index` is not below the length.
    #[inline]
    pub fn store(&self, index: usize, value: f64) {
        let place = self.place(index, 1);
        with_cell!(self.element, C => {
            // SAFETY: as in `load`.
            unsafe { C::store(place.cast(), value) }
        });
    }

    /// Loads the elements from `start` on into `out`, one after the other.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn load_run(&self, start: usize, out: &mut [f64]) {
        let place = self.place(start, out.len());
        with_cell!(self.element, C => {
            let place: *mut <C as Cell>::Raw = place.cast();
            for (offset, out) in out.iter_mut().enumerate() {
                // SAFETY: offset < out.len(), so it is in the array (`place`); the rest as in `load`.
                *out = unsafe { C::load(place.wrapping_add(offset)) };
            }
        });
    }

    /// Stores Numbers to the elements from `start` on, one after the other.
    ///
    /// # Panics
    ///
    /// If there are not as many elements.
    pub fn store_run(&self, start: usize, values: &[f64]) {
        let place = self.place(start, values.len());
        with_cell!(self.element, C => {
            let place: *mut <C as Cell>::Raw = place.cast();
            for (offset, value) in values.iter().enumerate() {
                // SAFETY: offset < values.len(), so it is in the array (`place`); the rest as in `load`.
                unsafe { C::store(place.wrapping_add(offset), *value) };
            }
        });
    }

    /// Does one of JavaScript's `Atomics` with the arguments `a` and `b`, of which it ignores those that it does not have.
    /// Sequentially consistent. Returns what JavaScript's function returns.
    ///
    /// # Panics
    ///
    /// If `index` is not below the length, or the elements are not [atomic](Element::is_atomic).
    pub fn atomic(&self, op: AtomicOp, index: usize, a: f64, b: f64) -> f64 {
        let place = self.place(index, 1);
        macro_rules! atomic {
            ($cell:ident) => {
                // SAFETY: as in `load`.
                unsafe { cell::$cell::atomic(place.cast(), op, a, b) }
            };
        }
        match self.element {
            Element::Int8 => atomic!(Int8),
            Element::Uint8 => atomic!(Uint8),
            Element::Int16 => atomic!(Int16),
            Element::Uint16 => atomic!(Uint16),
            Element::Int32 => atomic!(Int32),
            Element::Uint32 => atomic!(Uint32),
            other => panic!("Atomics on a {}", other.class()),
        }
    }
}
