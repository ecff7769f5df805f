//! [`Format`]: the three floating-point formats of typed arrays, all of which a double holds exactly.

use super::simd::{GROUP, Simd};
use allcores_memory::{Atom, Block};

/// A floating-point format whose numbers are loaded from a [`Block`] and widened to doubles without loss.
pub(super) trait Format {
    /// The unsigned integer of the same size.
    type Bits: Atom + PartialEq;

    /// Whether the sum of a tile fits a double, so that the [`Direct`](super::direct::Direct) kernel does.
    const IS_NARROW: bool;

    /// Negative zero.
    const NEGATIVE_ZERO: Self::Bits;

    /// The number with these bits as a double: exact, infinities kept, NaN to some NaN.
    fn widen(bits: Self::Bits) -> f64;

    /// The first `GROUP * S::LANES` numbers of a block as doubles.
    fn load<S: Simd>(simd: S, block: Block<'_>) -> [S::Doubles; GROUP];
}

/// Double precision: the elements of a `Float64Array`.
pub(super) struct Double;

/// Single precision: the elements of a `Float32Array`.
pub(super) struct Single;

/// Half precision: the elements of a `Float16Array`.
pub(super) struct Half;

impl Format for Double {
    type Bits = u64;
    const IS_NARROW: bool = false;
    const NEGATIVE_ZERO: u64 = 1 << 63;

    #[inline(always)]
    fn widen(bits: u64) -> f64 {
        f64::from_bits(bits)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, block: Block<'_>) -> [S::Doubles; GROUP] {
        simd.load_f64(block)
    }
}

impl Format for Single {
    type Bits = u32;
    const IS_NARROW: bool = false;
    const NEGATIVE_ZERO: u32 = 1 << 31;

    #[inline(always)]
    fn widen(bits: u32) -> f64 {
        f64::from(f32::from_bits(bits))
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, block: Block<'_>) -> [S::Doubles; GROUP] {
        simd.load_f32(block)
    }
}

impl Format for Half {
    type Bits = u16;
    const IS_NARROW: bool = true;
    const NEGATIVE_ZERO: u16 = 1 << 15;

    #[inline(always)]
    fn widen(bits: u16) -> f64 {
        /// 2^28: its unit in the last place is 2^-24, that of subnormal halves.
        const ALIGN: u64 = (1023 + 28) << 52;

        // 1 sign bit, 5 bits of exponent with bias 15, 10 bits of mantissa.
        let (sign, magnitude) = (u64::from(bits >> 15) << 63, u64::from(bits & 0x7fff));
        let subnormal = (f64::from_bits(ALIGN | magnitude) - f64::from_bits(ALIGN)).to_bits();
        let normal = (magnitude << 42) + ((1023 - 15) << 52);
        let special = magnitude << 42 | 0x7ff << 52;
        let widened = match magnitude {
            0..0x400 => subnormal,
            0x400..0x7c00 => normal,
            _ => special,
        };
        f64::from_bits(sign | widened)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, block: Block<'_>) -> [S::Doubles; GROUP] {
        simd.load_f16(block)
    }
}
