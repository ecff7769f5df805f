//! [`Block`]: bytes that JavaScript threads may be writing while they are read, and the only loads allowed on
//! them.
//!
//! # Why the loads look like this
//!
//! Nothing stops a JavaScript thread from storing into a `SharedArrayBuffer` while it is being summed. For
//! the Rust abstract machine that is a data race, undefined behavior, as soon as one of the two accesses is
//! not atomic; and a plain load through a slice, [`ptr::read`](std::ptr::read) and
//! [`ptr::read_volatile`](std::ptr::read_volatile) are all non-atomic. So no `&[T]` over such memory ever
//! exists, and there are two kinds of loads:
//!
//! - **Relaxed atomic loads** of single, naturally aligned integers ([`get`](Block::get),
//!   [`for_each`](Block::for_each)). They are what the language offers, run everywhere, and are what Miri and
//!   the sanitizers can check. LLVM vectorizes none of them ([rust-lang/rust#58599]), which leaves most of
//!   the machine's bandwidth unused.
//! - **Vector loads in `asm!`** (`load_4x512` and its narrower sisters). The compiler sees an opaque block
//!   that yields register contents: it can neither split, repeat, merge nor invent a load, and it may assume
//!   nothing about the values. The bytes go straight into the registers of the kernel that uses them.
//!
//! The hard part: the abstract machine has no notion of a vector load that races, not even a relaxed one, so
//! `asm!` is as far as Rust goes today; it is also what the engines do (SpiderMonkey's `AtomicOperations` are
//! generated assembly, for this very reason). What makes it sound in practice is that an `asm!` block means
//! what the processor does, and both x86-64 and Arm define racing loads: each yields some value that was
//! stored. What is not promised for every vector load, at every address, is that its elements are single-copy
//! atomic. Yet an aligned element of up to eight bytes lies within one cache line and within one naturally
//! aligned quadword, and no processor with AVX or NEON is known to tear that. If one did, a sum would count a value that no one wrote;
//! memory safety would not depend on it, because every bit pattern is a valid number and no loaded value is
//! ever used as an address, as a length, or as an index that is not in bounds for every value. The same
//! questions are discussed at length in [rust-lang/unsafe-code-guidelines#152] and [#607].
//!
//! No ordering is asked for: handing a block to another thread synchronizes.
//!
//! [rust-lang/rust#58599]: https://github.com/rust-lang/rust/issues/58599
//! [rust-lang/unsafe-code-guidelines#152]: https://github.com/rust-lang/unsafe-code-guidelines/issues/152
//! [#607]: https://github.com/rust-lang/unsafe-code-guidelines/issues/607

mod atom;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::{fmt, marker::PhantomData};

use atom::load;

pub use atom::Atom;

/// A run of bytes of memory that JavaScript threads may be writing at this moment.
///
/// It can be measured, cut and loaded from. There is no `Deref`, no slice and no way to get at the pointer.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    ptr: *const u8,
    len: usize,
    memory: PhantomData<&'a ()>,
}

// SAFETY: a block only ever loads, each load is a race that this module accounts for, and `from_raw` demands
// that the memory stays mapped for 'a, no matter which thread reads it.
unsafe impl Send for Block<'_> {}

// SAFETY: as for Send; a block has no state of its own that a load could change.
unsafe impl Sync for Block<'_> {}

impl<'a> Block<'a> {
    /// The `len` bytes that start at `ptr`. A block of no bytes may have any pointer, null included.
    ///
    /// # Safety
    ///
    /// Callers must ensure that, for as long as `'a`, all `len` bytes belong to one allocation that stays
    /// mapped for reading and writing (relaxed atomic loads are defined on nothing less), and that no Rust
    /// reference to them lets the compiler assume that they do not change: no `&T` without an `UnsafeCell`,
    /// no `&mut T`. Nothing else is asked: any bit pattern will do, and any thread may write at any time.
    #[inline]
    pub const unsafe fn from_raw(ptr: *const u8, len: usize) -> Block<'a> {
        Block { ptr, len, memory: PhantomData }
    }

    /// Private memory as a block: what tests sum, and callers whose data no other thread can touch.
    ///
    /// The borrow is exclusive because a relaxed atomic load is defined on memory that may be written.
    #[inline]
    pub fn from_mut(bytes: &'a mut [u8]) -> Block<'a> {
        Block { ptr: bytes.as_mut_ptr(), len: bytes.len(), memory: PhantomData }
    }

    /// The bytes of private doubles, for kernels that run again over their own copy.
    #[inline]
    pub fn from_doubles(doubles: &'a mut [f64]) -> Block<'a> {
        Block { len: size_of_val(doubles), ptr: doubles.as_mut_ptr().cast(), memory: PhantomData }
    }

    /// How many bytes the block has.
    #[inline]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Whether the block has no bytes.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Whether the first byte lies at a multiple of `align`, a power of two.
    #[inline]
    pub fn is_aligned_to(self, align: usize) -> bool {
        debug_assert!(align.is_power_of_two());
        self.ptr.addr() & (align - 1) == 0
    }

    /// The bytes before the first multiple of `align`, a power of two, and those from there on. If elements of
    /// `size` bytes do not end there, or the block does not reach so far, the first part is empty.
    #[inline]
    pub fn split_to_align(self, align: usize, size: usize) -> (Block<'a>, Block<'a>) {
        debug_assert!(align.is_power_of_two());
        let head = self.ptr.addr().wrapping_neg() & (align - 1);
        self.split_at(if head.is_multiple_of(size.max(1)) && head <= self.len { head } else { 0 })
    }

    /// The bytes before `mid` and those from `mid` on. A `mid` past the end counts as the end.
    #[inline]
    pub fn split_at(self, mid: usize) -> (Block<'a>, Block<'a>) {
        let mid = mid.min(self.len);
        // wrapping_add: the result stays within the allocation or one past it, but an empty block may be
        // null.
        let rest = Block { ptr: self.ptr.wrapping_add(mid), len: self.len - mid, ..self };
        (Block { len: mid, ..self }, rest)
    }

    /// The block in consecutive pieces of `size` bytes; the last one may be shorter. A `size` of zero counts
    /// as one.
    #[inline]
    pub fn pieces(self, size: usize) -> impl Iterator<Item = Block<'a>> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let piece;
            (piece, rest) = rest.split_at(size.max(1));
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// The whole pieces of `size` bytes that the block begins with, and the bytes after them. A `size` of
    /// zero counts as one.
    #[inline]
    pub fn whole_pieces(self, size: usize) -> (impl Iterator<Item = Block<'a>>, Block<'a>) {
        let size = size.max(1);
        let count = self.len / size;
        // `len: size`, not something computed: kernels load from it, and their bounds checks fold away.
        let piece = move |index| Block { ptr: self.ptr.wrapping_add(index * size), len: size, ..self };
        ((0..count).map(piece), self.split_at(count * size).1)
    }

    /// Load number `index` of the `T`s that fill the block; `None` past the last whole one.
    #[inline]
    pub fn get<T: Atom>(self, index: usize) -> Option<T> {
        if index >= self.len / size_of::<T>() {
            return None;
        }
        let ptr = self.ptr.wrapping_add(index * size_of::<T>());
        // SAFETY: the element ends at or before `len`, so its bytes are readable by the promise of
        // `from_raw`.
        Some(unsafe { load(ptr, self.is_aligned_to(size_of::<T>())) })
    }

    /// Loads the `N` integers that the block begins with.
    ///
    /// # Panics
    ///
    /// If the block is shorter. Kernels load from pieces of constant length, and the test folds away.
    #[inline(always)]
    pub fn load_array<T: Atom, const N: usize>(self) -> [T; N] {
        assert!(self.len >= N * size_of::<T>(), "the integers need more bytes than the block has");
        let aligned = self.is_aligned_to(size_of::<T>());
        let mut integers = [T::default(); N];
        for (index, integer) in integers.iter_mut().enumerate() {
            // SAFETY: index < N, so the element ends at or before `len` and is readable by the promise of
            // `from_raw`.
            *integer = unsafe { load(self.ptr.wrapping_add(index * size_of::<T>()), aligned) };
        }
        integers
    }

    /// Loads every whole `T` of the block once, in order, and hands it to `each`.
    #[inline(always)]
    pub fn for_each<T: Atom>(self, mut each: impl FnMut(T)) {
        let (aligned, count) = (self.is_aligned_to(size_of::<T>()), self.len / size_of::<T>());
        for index in 0..count {
            // SAFETY: index < count, so the element ends at or before `len` and is readable by the promise of
            // `from_raw`.
            each(unsafe { load(self.ptr.wrapping_add(index * size_of::<T>()), aligned) });
        }
    }
}

impl fmt::Debug for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("ptr", &self.ptr).field("len", &self.len).finish()
    }
}
