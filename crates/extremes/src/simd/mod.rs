//! [`Simd`]: the few vector operations that the kernels are made of, once per instruction set.
//!
//! A kernel is written once, as a [`Task`](allcores_machine::Task) over a generic `Simd`; a file per instruction set implements nothing
//! but the operations. Plain loops do for [`Portable`](allcores_machine::Portable).
//!
//! 1. `avx2`: 256-bit vectors of x86-64.
//! 2. `avx512`: 512-bit vectors of x86-64.
//! 3. `neon`: 128-bit vectors of aarch64.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;

use allcores_memory::Block;

/// How many vectors are loaded together.
pub(super) const GROUP: usize = 4;

/// An instruction set, and the proof that this processor has it.
///
/// Comparisons are those of IEEE 754, subnormals included; see [`fp_env`](allcores_machine::fp_env).
pub(super) trait Simd: Copy {
    /// A vector of integers or numbers of any width.
    type Vector: Copy;

    /// How many bytes a vector has.
    const BYTES: usize;

    /// The first [`GROUP`] vectors of a block.
    fn load(self, block: Block<'_>) -> [Self::Vector; GROUP];

    /// `word` everywhere.
    fn fill(self, word: u64) -> Self::Vector;

    /// All bits that are set in one of `a` and `b`.
    fn xor(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// All bits that are set in `a`, in `b` or in both.
    fn or(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lesser signed integers of 8 bits.
    fn min_i8(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lesser signed integers of 16 bits.
    fn min_i16(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The greater signed integers of 16 bits.
    fn max_i16(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lesser signed integers of 32 bits.
    fn min_i32(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lesser signed integers of 64 bits.
    fn min_i64(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// Of negative integers of 16 bits, all bits below the sign are flipped.
    fn fold_i16(self, x: Self::Vector) -> Self::Vector;

    /// The lesser single-precision numbers; of zeros either one, and anything where one is NaN.
    fn min_f32(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The lesser double-precision numbers; of zeros either one, and anything where one is NaN.
    fn min_f64(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// Not zero in some word if one of the single-precision numbers in `a` and `b` is NaN, and zero if none is.
    fn unordered_f32(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// Not zero in some word if one of the double-precision numbers in `a` and `b` is NaN, and zero if none is.
    fn unordered_f64(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// The 64-bit words.
    fn words(self, x: Self::Vector) -> impl Iterator<Item = u64>;
}
