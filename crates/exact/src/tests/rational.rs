//! The oracle of quotients and roots: naturals of any size, and what it means to be the nearest double.
//!
//! Nothing is rounded here. A result is right if the exact value lies between the midpoints to the doubles next to it, on one of them
//! only if the last bit of the result is zero.

use std::cmp::Ordering;

/// A natural number, in digits below 2^32, the lowest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Big(Vec<u64>);

impl Big {
    pub(super) fn new(x: u128) -> Big {
        Big((0..4).map(|digit| (x >> (32 * digit)) as u64 & 0xffff_ffff).collect())
    }

    pub(super) fn plus(&self, other: &Big) -> Big {
        let mut carry = 0;
        let digits = self.0.len().max(other.0.len()) + 1;
        let digit = |big: &Big, index: usize| big.0.get(index).copied().unwrap_or(0);
        let mut sum = Vec::with_capacity(digits);
        for index in 0..digits {
            carry += digit(self, index) + digit(other, index);
            sum.push(carry & 0xffff_ffff);
            carry >>= 32;
        }
        Big(sum)
    }

    pub(super) fn times(&self, other: &Big) -> Big {
        let mut product = vec![0_u64; self.0.len() + other.0.len()];
        for (place, a) in self.0.iter().enumerate().filter(|(_, a)| **a != 0) {
            let mut carry = 0;
            for (index, b) in other.0.iter().chain([&0]).enumerate() {
                if let Some(digit) = product.get_mut(place + index) {
                    carry += *digit + a * b;
                    *digit = carry & 0xffff_ffff;
                    carry >>= 32;
                }
            }
        }
        Big(product)
    }

    /// The difference, whichever is larger.
    pub(super) fn minus(&self, other: &Big) -> Big {
        if self.compare(other).is_lt() {
            return other.minus(self);
        }
        let mut borrow = 0;
        let digits = self.0.iter().enumerate().map(|(index, digit)| {
            let difference = (1 << 32) + digit - other.0.get(index).copied().unwrap_or(0) - borrow;
            borrow = 1 - (difference >> 32);
            difference & 0xffff_ffff
        });
        Big(digits.collect())
    }

    pub(super) fn shifted(&self, by: u32) -> Big {
        let mut digits = vec![0; (by / 32) as usize];
        digits.extend(&self.times(&Big::new(1 << (by % 32))).0);
        Big(digits)
    }

    /// Its bytes, the lowest first, without the highest digits that are zero.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let len = self.0.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
        self.0[..len].iter().flat_map(|digit| (*digit as u32).to_le_bytes()).collect()
    }

    pub(super) fn compare(&self, other: &Big) -> Ordering {
        let digits = self.0.len().max(other.0.len());
        let digit = |big: &Big, index: usize| big.0.get(index).copied().unwrap_or(0);
        (0..digits)
            .rev()
            .map(|index| digit(self, index).cmp(&digit(other, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// A rational number that is not negative.
#[derive(Clone, Debug)]
pub(super) struct Ratio {
    pub(super) dividend: Big,
    pub(super) divisor: Big,
    /// Both count in units; this is the exponent of that of the quotient.
    pub(super) exponent: i32,
}

/// A double that is not negative, in units of 2^-1074; infinity as if it were the next number after the largest.
pub(super) fn units(x: f64) -> Big {
    let (field, fraction) = ((x.to_bits() >> 52) as u32, x.to_bits() & ((1 << 52) - 1));
    if field == 0 {
        Big::new(fraction.into())
    } else {
        Big::new((fraction | 1 << 52).into()).shifted(field - 1)
    }
}

/// Whether `x`, which is not negative, is the double nearest to the number, or to its square root.
pub(super) fn is_nearest(x: f64, number: &Ratio, is_root: bool) -> bool {
    /// The exponent of the unit of midpoints.
    const UNIT: i32 = -1075;

    // How the number compares with a midpoint.
    let compare = |midpoint: Big| {
        let (midpoint, unit) = if is_root { (midpoint.times(&midpoint), 2 * UNIT) } else { (midpoint, UNIT) };
        let (left, right) = (number.dividend.clone(), midpoint.times(&number.divisor));
        let shift = number.exponent - unit;
        if shift >= 0 {
            left.shifted(shift.unsigned_abs()).compare(&right)
        } else {
            left.compare(&right.shifted(shift.unsigned_abs()))
        }
    };
    let midpoint = |other: f64| units(x).plus(&units(other));
    let is_even = x.to_bits() & 1 == 0;
    let above = x == 0.0
        || match compare(midpoint(x.next_down())) {
            Ordering::Equal => is_even,
            order => order.is_gt(),
        };
    let below = x == f64::INFINITY
        || match compare(midpoint(x.next_up())) {
            Ordering::Equal => is_even,
            order => order.is_lt(),
        };
    above && below
}

#[test]
fn the_nearest_double_is_found() {
    let ratio = |dividend: u128, divisor: u128, exponent| Ratio {
        dividend: Big::new(dividend),
        divisor: Big::new(divisor),
        exponent,
    };
    for (x, number) in [
        (1.0 / 3.0, ratio(1, 3, 0)),
        (0.1, ratio(1, 10, 0)),
        (0.1 * 8.0, ratio(1, 10, 3)),
        (9_007_199_254_740_992.0, ratio((1 << 53) + 1, 1, 0)),
        (9_007_199_254_740_996.0, ratio((1 << 53) + 3, 1, 0)),
        (f64::INFINITY, ratio(1, 1, 1024)),
        (f64::MAX, ratio((1 << 54) - 2, 1, 970)),
        (0.0, ratio(1, 1, -1075)),
        (f64::from_bits(1), ratio(3, 2, -1075)),
    ] {
        assert!(is_nearest(x, &number, false), "{x} {number:?}");
        assert!(x == f64::INFINITY || !is_nearest(x.next_up(), &number, false), "{x}");
        assert!(x == 0.0 || !is_nearest(x.next_down(), &number, false), "{x}");
    }
    assert!(is_nearest(2_f64.sqrt(), &ratio(2, 1, 0), true) && is_nearest(0.5, &ratio(1, 1, -2), true));
    assert!(!is_nearest(2_f64.sqrt().next_up(), &ratio(2, 1, 0), true));
}
