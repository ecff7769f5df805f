//! [`Simd`]: the few vector operations that the kernels are made of, once per instruction set.
//!
//! The layering is that of memchr: an algorithm is written once, as a [`Task`](allcores_machine::Task) over a
//! generic `Simd`; a file per instruction set implements nothing but the operations;
//! [`Isa::run`](allcores_machine::Isa::run) chooses at run time.
//!
//! 1. [`portable`]: arrays of doubles in plain Rust, for every processor and for Miri.
//! 2. `avx2`: 256-bit vectors of x86-64.
//! 3. `avx512`: 512-bit vectors of x86-64.
//! 4. `neon`: 128-bit vectors of aarch64.
//!
//! `Simd` is implemented for the tokens of [`allcores_machine`], which prove that the processor has the
//! instructions. So all operations are safe to call. They are `#[inline(always)]` down to the intrinsics and disappear into the
//! one function per task and instruction set that is compiled with the target feature.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

use allcores_memory::Block;

/// How many vectors are loaded together: enough to keep the adders of today's processors busy.
pub(super) const GROUP: usize = 4;

/// An instruction set, and the proof that this processor has it.
///
/// Arithmetic is IEEE 754 binary64, rounded to nearest with ties to even, subnormals included; see
/// [`fp_env`](allcores_machine::fp_env).
pub(super) trait Simd: Copy {
    /// A vector of [`LANES`](Simd::LANES) doubles.
    type Doubles: Copy;

    /// How many doubles a vector has.
    const LANES: usize;

    /// Whether there are 32 vector registers, and not only 16.
    const MANY_REGISTERS: bool = true;

    /// `x` in every lane.
    fn splat(self, x: f64) -> Self::Doubles;

    /// The first [`GROUP`] vectors of a block of doubles.
    fn load_f64(self, block: Block<'_>) -> [Self::Doubles; GROUP];

    /// The first `GROUP * LANES` single-precision numbers of a block, widened.
    fn load_f32(self, block: Block<'_>) -> [Self::Doubles; GROUP];

    /// The first `GROUP * LANES` half-precision numbers of a block, widened.
    fn load_f16(self, block: Block<'_>) -> [Self::Doubles; GROUP];

    /// `a + b`.
    fn add(self, a: Self::Doubles, b: Self::Doubles) -> Self::Doubles;

    /// `a - b`, perhaps as `a * one - b`: some processors add in other units than they multiply, and so both are at work. `one` is 1 in every
    /// lane, from [`hidden_one`](Simd::hidden_one).
    fn sub_by_fma(self, a: Self::Doubles, b: Self::Doubles, _one: Self::Doubles) -> Self::Doubles {
        self.sub(a, b)
    }

    /// 1 in every lane. The compiler, which would make of the above what it was before, does not know that it is 1.
    #[inline(always)]
    fn hidden_one(self) -> Self::Doubles {
        self.splat(std::hint::black_box(1.0))
    }

    /// `a - b`.
    fn sub(self, a: Self::Doubles, b: Self::Doubles) -> Self::Doubles;

    /// The larger of `max`, which is not negative, and `|x|`; unspecified where one of them is NaN.
    fn max_abs(self, max: Self::Doubles, x: Self::Doubles) -> Self::Doubles;

    /// `a * b`, rounded, and what is missing from it to the exact product: exact itself if no bit of the product is below 2^-1074,
    /// else unspecified. NaN if the first is an infinity; otherwise it may be NaN only where `a` or `b` is above 2^990.
    fn two_product(self, a: Self::Doubles, b: Self::Doubles) -> (Self::Doubles, Self::Doubles);

    /// The smaller of `min`, which is not negative, and `|p|`; `min` itself where one of the factors is zero. Unspecified where one of
    /// the four is NaN.
    fn min_product(self, min: Self::Doubles, p: Self::Doubles, factors: [Self::Doubles; 2]) -> Self::Doubles;

    /// All bits that are set in `a`, in `b` or in both.
    fn or(self, a: Self::Doubles, b: Self::Doubles) -> Self::Doubles;

    /// The lanes.
    fn lanes(self, x: Self::Doubles) -> impl Iterator<Item = f64>;

    /// The first [`LANES`](Simd::LANES) numbers of a list that has as many.
    fn read(self, list: &[f64]) -> Self::Doubles;

    /// Writes the lanes to the first places of a list that has as many.
    fn write(self, x: Self::Doubles, list: &mut [f64]);
}

/// The operations on vectors of 64-bit words that integer sums need. [`Portable`](allcores_machine::Portable) does without them: plain
/// loops add integers.
pub(super) trait Words: Simd {
    /// A vector of 64-bit words, or of the narrower integers that they consist of.
    type Words: Copy;

    /// `word` everywhere.
    fn fill(self, word: u64) -> Self::Words;

    /// The first [`GROUP`] vectors of a block.
    fn load_words(self, block: Block<'_>) -> [Self::Words; GROUP];

    /// All bits that are set in one of `a` and `b`.
    fn xor(self, a: Self::Words, b: Self::Words) -> Self::Words;

    /// Sums of 64-bit words, modulo 2^64.
    fn add_words(self, a: Self::Words, b: Self::Words) -> Self::Words;

    /// Sums of 32-bit halves, modulo 2^32.
    fn add_halves(self, a: Self::Words, b: Self::Words) -> Self::Words;

    /// The upper half of each 64-bit word.
    fn upper_halves(self, x: Self::Words) -> Self::Words;

    /// For each 64-bit word the sum of its eight bytes, taken as unsigned.
    fn sum_bytes(self, x: Self::Words) -> Self::Words;

    /// For each 32-bit half the sum of its two 16-bit integers, taken as signed.
    fn sum_pairs(self, x: Self::Words) -> Self::Words;

    /// The 64-bit words.
    fn words(self, x: Self::Words) -> impl Iterator<Item = u64>;
}
