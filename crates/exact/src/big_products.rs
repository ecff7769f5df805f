//! [`BigProducts`]: exact sums of products of 64-bit integers.
//!
//! A product is below 2^128 in magnitude. Its lower 64 bits add up in one integer, what is above them, with the sign, in another: neither
//! carries, for as many products as there can be.

use super::{Total, natural::Natural};
use allcores_memory::Block;

/// The exact sum of products of 64-bit integers.
#[derive(Clone, Debug)]
pub(super) struct BigProducts {
    /// 2^53 numbers below 2^64.
    low: u128,
    /// In units of 2^64.
    high: i128,
}

impl BigProducts {
    /// Zero.
    pub(super) const fn new() -> BigProducts {
        BigProducts { low: 0, high: 0 }
    }

    /// Adds the products of two blocks of as many integers, each of which is signed or not.
    pub(super) fn add(&mut self, [x, y]: [Block<'_>; 2], [x_signed, y_signed]: [bool; 2]) {
        let mut index = 0;
        for_each(x, x_signed, |x| {
            // Both blocks have as many.
            let bits = y.get::<u64>(index).unwrap_or(0);
            self.add_product(x, if y_signed { i128::from(bits.cast_signed()) } else { i128::from(bits) });
            index += 1;
        });
    }

    /// Adds a product. Both factors are in the range of an `i64` or of a `u64`.
    #[inline(always)]
    pub(super) fn add_product(&mut self, x: i128, y: i128) {
        // Of unsigned integers, it needs all 128 bits; of signed ones, and of one of each, 127 and a sign.
        let product = x.wrapping_mul(y);
        self.low += u128::from(product as u64);
        self.high +=
            if x >= 0 && y >= 0 { (product.cast_unsigned() >> 64).cast_signed() } else { product >> 64 };
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &BigProducts) {
        self.low += other.low;
        self.high += other.high;
    }

    /// The sum in two's complement: 2^53 products below 2^128 need 182 bits.
    fn limbs(&self) -> [u64; 3] {
        let high = self.high + (self.low >> 64).cast_signed();
        [self.low as u64, high as u64, (high >> 64) as u64]
    }

    /// The magnitude of the sum.
    pub(super) fn magnitude(&self) -> Natural {
        Natural::from_signed(self.limbs().into_iter()).1
    }

    /// The sum.
    pub(super) fn total(&self) -> Total {
        let limbs @ [low, high, top] = self.limbs();
        if top.cast_signed() == high.cast_signed() >> 63 {
            Total::BigInt(i128::from(high.cast_signed()) << 64 | i128::from(low))
        } else {
            Total::LargeBigInt(limbs)
        }
    }
}

/// Calls `each` with the integers of a block.
#[inline(always)]
pub(super) fn for_each(block: Block<'_>, is_signed: bool, mut each: impl FnMut(i128)) {
    if is_signed {
        block.for_each(|bits: u64| each(i128::from(bits.cast_signed())));
    } else {
        block.for_each(|bits: u64| each(i128::from(bits)));
    }
}
