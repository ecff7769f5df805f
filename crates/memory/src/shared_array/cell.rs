//! [`Cell`]: how the elements of one type lie in memory, and how a Number becomes one.

use std::sync::atomic::{
    AtomicI8, AtomicI16, AtomicI32, AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    Ordering::{Relaxed, SeqCst},
};

use allcores_machine::AtomicOp;
use allcores_machine::convert::{clamp_uint8, from_half, to_half, to_int32, to_integer};

/// An element type. Each access is one atomic access of the element's width.
pub(super) trait Cell {
    /// What lies in memory.
    type Raw;

    /// Loads an element.
    ///
    /// # Safety
    ///
    /// Callers must ensure that `ptr` is aligned for the element, and its bytes readable and writable. They may be
    /// racing, but no Rust reference may claim that they do not change.
    unsafe fn load(ptr: *mut Self::Raw) -> f64;

    /// Stores an element.
    ///
    /// # Safety
    ///
    /// As for [`load`](Self::load).
    unsafe fn store(ptr: *mut Self::Raw, value: f64);
}

/// An element type that `Atomics` work with.
pub(super) trait AtomicCell: Cell {
    /// Does one of `Atomics`.
    ///
    /// # Safety
    ///
    /// As for [`Cell::load`].
    unsafe fn atomic(ptr: *mut Self::Raw, op: AtomicOp, a: f64, b: f64) -> f64;
}

macro_rules! cells {
    ($($name:ident $raw:ident $atomic:ident, $from:expr, $to:expr;)*) => {$(
        pub(super) struct $name;

        impl Cell for $name {
            type Raw = $raw;

            #[inline(always)]
            unsafe fn load(ptr: *mut $raw) -> f64 {
                debug_assert!(ptr.is_aligned());
                // SAFETY: aligned and mapped by the promise of the caller. The reference lives for one relaxed access
                // and covers an UnsafeCell, so it claims nothing about what other threads do.
                let cell = unsafe { $atomic::from_ptr(ptr) };
                let from: fn($raw) -> f64 = $from;
                from(cell.load(Relaxed))
            }

            #[inline(always)]
            unsafe fn store(ptr: *mut $raw, value: f64) {
                debug_assert!(ptr.is_aligned());
                // SAFETY: as in `load`.
                let cell = unsafe { $atomic::from_ptr(ptr) };
                let to: fn(f64) -> $raw = $to;
                cell.store(to(value), Relaxed);
            }
        }
    )*};
}

macro_rules! atomic_cells {
    ($($name:ident $raw:ident $atomic:ident;)*) => {
        cells! { $($name $raw $atomic, f64::from, |value| to_int32(value) as $raw;)* }

        $(
            impl AtomicCell for $name {
                unsafe fn atomic(ptr: *mut $raw, op: AtomicOp, a: f64, b: f64) -> f64 {
                    debug_assert!(ptr.is_aligned());
                    // SAFETY: aligned and mapped by the promise of the caller; the reference covers an UnsafeCell.
                    let cell = unsafe { $atomic::from_ptr(ptr) };
                    let integer = to_int32(a) as $raw;
                    let old = match op {
                        AtomicOp::Load => cell.load(SeqCst),
                        AtomicOp::Store => {
                            cell.store(integer, SeqCst);
                            return to_integer(a);
                        }
                        AtomicOp::Add => cell.fetch_add(integer, SeqCst),
                        AtomicOp::Sub => cell.fetch_sub(integer, SeqCst),
                        AtomicOp::And => cell.fetch_and(integer, SeqCst),
                        AtomicOp::Or => cell.fetch_or(integer, SeqCst),
                        AtomicOp::Xor => cell.fetch_xor(integer, SeqCst),
                        AtomicOp::Exchange => cell.swap(integer, SeqCst),
                        AtomicOp::CompareExchange => {
                            let new = to_int32(b) as $raw;
                            // Either way, what was there.
                            cell.compare_exchange(integer, new, SeqCst, SeqCst).unwrap_or_else(|old| old)
                        }
                    };
                    f64::from(old)
                }
            }
        )*
    };
}

atomic_cells! {
    Int8 i8 AtomicI8;
    Uint8 u8 AtomicU8;
    Int16 i16 AtomicI16;
    Uint16 u16 AtomicU16;
    Int32 i32 AtomicI32;
    Uint32 u32 AtomicU32;
}

cells! {
    Uint8Clamped u8 AtomicU8, f64::from, clamp_uint8;
    Float16 u16 AtomicU16, from_half, to_half;
    Float32 u32 AtomicU32, |bits| f64::from(f32::from_bits(bits)), |value| (value as f32).to_bits();
    Float64 u64 AtomicU64, f64::from_bits, f64::to_bits;
}
