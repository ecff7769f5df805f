//! [`Atom`]: integers that are loaded whole, by relaxed atomic loads.

use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};

/// An unsigned integer that one relaxed atomic load brings in whole.
pub trait Atom: Copy + Default {
    /// The integer at `ptr`, in native byte order.
    ///
    /// # Safety
    ///
    /// Callers must ensure that `ptr` is a multiple of the size of the integer and that its bytes are
    /// readable; they may be racing.
    unsafe fn load_aligned(ptr: *const u8) -> Self;

    /// The integer with these bytes, of which as many as it has are used.
    fn from_bytes(bytes: [u8; 8]) -> Self;
}

macro_rules! atom {
    ($($integer:ident $atomic:ident $size:literal),*) => {$(
        impl Atom for $integer {
            #[inline(always)]
            #[allow(clippy::cast_ptr_alignment, reason = "callers have checked the alignment")]
            unsafe fn load_aligned(ptr: *const u8) -> Self {
                let ptr = ptr.cast_mut().cast::<$integer>();
                debug_assert!(ptr.is_aligned());
                // SAFETY: aligned and readable by the promise of the caller. The reference lives for one
                // relaxed load, writes nothing, and covers an UnsafeCell, so it claims nothing about what
                // other threads do.
                let atomic = unsafe { $atomic::from_ptr(ptr) };
                atomic.load(Relaxed)
            }

            #[inline]
            fn from_bytes(bytes: [u8; 8]) -> Self {
                let mut own = [0; $size];
                own.copy_from_slice(&bytes[..$size]);
                $integer::from_ne_bytes(own)
            }
        }
    )*};
}

atom!(u8 AtomicU8 1, u16 AtomicU16 2, u32 AtomicU32 4, u64 AtomicU64 8);

/// The integer at `ptr`: in one piece where it is `aligned`, as it is in every typed array, else byte by
/// byte.
///
/// # Safety
///
/// Callers must ensure that the bytes are readable, and aligned to the size of the integer if they say so.
#[inline(always)]
pub(super) unsafe fn load<T: Atom>(ptr: *const u8, aligned: bool) -> T {
    if aligned {
        // SAFETY: what this function asks of its caller.
        unsafe { T::load_aligned(ptr) }
    } else {
        // SAFETY: the same.
        unsafe { load_bytes(ptr) }
    }
}

/// The integer at `ptr`, byte by byte.
///
/// # Safety
///
/// Callers must ensure that the bytes are readable.
#[cold]
unsafe fn load_bytes<T: Atom>(ptr: *const u8) -> T {
    let mut bytes = [0; 8];
    for (index, byte) in bytes.iter_mut().enumerate().take(size_of::<T>()) {
        // SAFETY: every byte of the integer is readable, and a byte is always aligned.
        *byte = unsafe { u8::load_aligned(ptr.wrapping_add(index)) };
    }
    T::from_bytes(bytes)
}
