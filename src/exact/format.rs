//! [`Format`]: the three floating-point formats of typed arrays, all of which a double holds exactly.

use super::simd::{GROUP, Simd};
use crate::memory::{Atom, Block};

/// A floating-point format whose numbers are loaded from a [`Block`] and widened to doubles without loss.
pub(super) trait Format {
    /// The unsigned integer of the same size.
    type Bits: Atom + PartialEq;

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
    const NEGATIVE_ZERO: u16 = 1 << 15;

    #[inline(always)]
    fn widen(bits: u16) -> f64 {
        widen_half(bits)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, block: Block<'_>) -> [S::Doubles; GROUP] {
        simd.load_f16(block)
    }
}

/// The half-precision number with these bits: 1 sign bit, 5 of exponent with bias 15, 10 of mantissa.
#[inline(always)]
pub(super) fn widen_half(bits: u16) -> f64 {
    let (exponent, mantissa) = (bits >> 10 & 0x1f, u64::from(bits & 0x3ff));
    let sign = u64::from(bits >> 15) << 63;
    let magnitude = match exponent {
        // Zero and subnormals: multiples of 2^-24.
        0 => (mantissa as f64 * (1.0 / 16_777_216.0)).to_bits(),
        // Infinity and NaN.
        31 => 0x7ff << 52 | mantissa << 42,
        _ => (u64::from(exponent) + 1023 - 15) << 52 | mantissa << 42,
    };
    f64::from_bits(sign | magnitude)
}
