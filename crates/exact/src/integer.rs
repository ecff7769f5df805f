//! [`Integers`]: exact sums of a block of integers: eight types, three kernels.
//!
//! Vectors are treated as 64-bit words:
//!
//! - *8 bits:* `psadbw` (NEON: three pairwise additions) adds the eight unsigned bytes of a word.
//! - *16 bits:* `pmaddwd` (NEON: `saddlp`) adds the two signed integers in each half of a word.
//! - *32 and 64 bits:* with A the sum of all words modulo 2^64 and H the sum of their upper halves, the sum
//!   of their lower halves is L = A - 2^32 H modulo 2^64. It is below 2^64 for up to 2^32 words, so this is L
//!   itself. The total is H + L for pairs of 32-bit integers and 2^32 H + L for 64-bit ones: nothing is
//!   widened and nothing carries.
//!
//! The other signedness comes by flipping the top bit of each integer, which adds or subtracts 2^(bits - 1),
//! and by undoing that once at the end.

use super::simd::{GROUP, Words};
use allcores_machine::{Portable, Task};
use allcores_memory::{Atom, Block};
use std::{marker::PhantomData, ops::Add};

/// How many vectors a kernel adds to the same words before it empties them.
///
/// 2^14 results of `pmaddwd`, at most 2^16 in magnitude, stay within 2^30 of the 2^31 that fit. Sums of bytes
/// and of words could go on for longer.
const STEPS: usize = 1 << 14;

/// How many integers are added up one by one before the sum is widened: 2^20 of 32 bits fit an `i64`.
const PIECE: usize = 1 << 20;

/// A type of integer in a block.
pub(super) trait Integer {
    /// The unsigned integer of the same size, as it is loaded.
    type Bits: Atom;

    /// An integer that holds sums of [`PIECE`] of them.
    type Wide: Default + Copy + Add<Output = Self::Wide> + Into<i128>;

    /// The kernel that adds vectors of them.
    type Kernel: Kernel;

    /// What to flip in each word: the top bit of each integer, or nothing.
    const FLIP: u64;

    /// What to add to the sum for each flipped integer.
    const UNFLIP: i64;

    /// The value of one.
    fn widen(bits: Self::Bits) -> Self::Wide;
}

/// How vectors of words are added, and what the sums mean.
pub(super) trait Kernel {
    /// Adds the vector `x` to a pair of sums.
    fn add<S: Words>(simd: S, sums: [S::Words; 2], x: S::Words) -> [S::Words; 2];

    /// The sum of all integers that have gone into the word `sums` of two vectors, [`STEPS`] times at most.
    fn total(sums: [u64; 2]) -> i128;
}

/// All integers of type `T` in a block, to be summed.
pub(super) struct Integers<'a, T> {
    block: Block<'a>,
    integer: PhantomData<T>,
}

impl<'a, T: Integer> Integers<'a, T> {
    /// All integers of `block`.
    pub(super) fn new(block: Block<'a>) -> Integers<'a, T> {
        Integers { block, integer: PhantomData }
    }

    /// The sum, one by one.
    #[inline(always)]
    fn sum_each(self) -> i128 {
        let mut sum = 0;
        for piece in self.block.pieces(PIECE * size_of::<T::Bits>()) {
            let mut wide = T::Wide::default();
            piece.for_each(|bits| wide = wide + T::widen(bits));
            sum += wide.into();
        }
        sum
    }
}

impl<T: Integer> Task<Portable, i128> for Integers<'_, T> {
    #[inline(always)]
    fn run(self, _: Portable) -> i128 {
        self.sum_each()
    }
}

impl<S: Words, T: Integer> Task<S, i128> for Integers<'_, T> {
    #[inline(always)]
    fn run(self, simd: S) -> i128 {
        let group = GROUP * S::LANES * size_of::<u64>();
        let (body, rest) = self.block.split_at(self.block.len() / group * group);
        let flip = simd.fill(T::FLIP);
        let mut sum = 0;
        for piece in body.pieces(STEPS / GROUP * group) {
            let mut sums = [simd.fill(0); 2];
            for vectors in piece.whole_pieces(group).0 {
                for x in simd.load_words(vectors) {
                    sums = T::Kernel::add(simd, sums, simd.xor(x, flip));
                }
            }
            sum += simd
                .words(sums[0])
                .zip(simd.words(sums[1]))
                .map(|(a, b)| T::Kernel::total([a, b]))
                .sum::<i128>();
        }
        let flipped = (body.len() / size_of::<T::Bits>()) as i128;
        sum + flipped * i128::from(T::UNFLIP) + Integers::<T>::new(rest).sum_each()
    }
}

/// Unsigned integers of 8 bits: sums of absolute differences from zero, as `psadbw` computes them.
pub(super) struct U8Sad;

/// Signed integers of 16 bits: multiplied by one and added in pairs, as `pmaddwd` does.
pub(super) struct I16Madd;

/// Unsigned integers of 32 bits: the sum of all words and that of their upper halves, A and H above.
pub(super) struct Split32;

/// Unsigned integers of 64 bits: A and H as well.
pub(super) struct Split64;

impl Kernel for U8Sad {
    #[inline(always)]
    fn add<S: Words>(simd: S, [sum, none]: [S::Words; 2], x: S::Words) -> [S::Words; 2] {
        [simd.add_words(sum, simd.sum_bytes(x)), none]
    }

    #[inline(always)]
    fn total([sum, _]: [u64; 2]) -> i128 {
        i128::from(sum)
    }
}

impl Kernel for I16Madd {
    #[inline(always)]
    fn add<S: Words>(simd: S, [sum, none]: [S::Words; 2], x: S::Words) -> [S::Words; 2] {
        [simd.add_halves(sum, simd.sum_pairs(x)), none]
    }

    #[inline(always)]
    fn total([sum, _]: [u64; 2]) -> i128 {
        i128::from(sum as i32) + i128::from((sum >> 32) as i32)
    }
}

/// A and H of the head of this file.
#[inline(always)]
fn add_split<S: Words>(simd: S, [all, upper]: [S::Words; 2], x: S::Words) -> [S::Words; 2] {
    [simd.add_words(all, x), simd.add_words(upper, simd.upper_halves(x))]
}

/// L of the head of this file, from A and H.
#[inline(always)]
fn lower(all: u64, upper: u64) -> i128 {
    i128::from(all.wrapping_sub(upper << 32))
}

impl Kernel for Split32 {
    #[inline(always)]
    fn add<S: Words>(simd: S, sums: [S::Words; 2], x: S::Words) -> [S::Words; 2] {
        add_split(simd, sums, x)
    }

    #[inline(always)]
    fn total([all, upper]: [u64; 2]) -> i128 {
        i128::from(upper) + lower(all, upper)
    }
}

impl Kernel for Split64 {
    #[inline(always)]
    fn add<S: Words>(simd: S, sums: [S::Words; 2], x: S::Words) -> [S::Words; 2] {
        add_split(simd, sums, x)
    }

    #[inline(always)]
    fn total([all, upper]: [u64; 2]) -> i128 {
        (i128::from(upper) << 32) + lower(all, upper)
    }
}

macro_rules! integer {
    ($($type:ident $bits:ident $wide:ident $kernel:ident $flip:literal $unflip:expr;)*) => {$(
        impl Integer for $type {
            type Bits = $bits;
            type Wide = $wide;
            type Kernel = $kernel;
            const FLIP: u64 = $flip;
            const UNFLIP: i64 = $unflip;

            #[inline(always)]
            fn widen(bits: $bits) -> $wide {
                (bits as $type).into()
            }
        }
    )*};
}

integer! {
    u8 u8 i64 U8Sad 0 0;
    i8 u8 i64 U8Sad 0x8080_8080_8080_8080 -0x80;
    i16 u16 i64 I16Madd 0 0;
    u16 u16 i64 I16Madd 0x8000_8000_8000_8000 0x8000;
    u32 u32 i64 Split32 0 0;
    i32 u32 i64 Split32 0x8000_0000_8000_0000 -0x8000_0000;
    u64 u64 i128 Split64 0 0;
    i64 u64 i128 Split64 0x8000_0000_0000_0000 i64::MIN;
}
