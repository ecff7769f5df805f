//! [`Natural`]: natural numbers of a fixed width, for the one division or square root that a result takes, and the rounding of
//! what comes of it.
//!
//! Schoolbook arithmetic: it runs once in a call, on numbers of a few dozen limbs.

use std::cmp::Ordering;

/// How many limbs of 64 bits there are. n Σx² and (Σx)² of 2^63 doubles are below 2^4322, in units of 2^-2148.
const LIMBS: usize = 72;

/// Bits that a quotient has at the least, and a root: a double takes 53 and one to round by.
const QUOTIENT_BITS: u32 = 66;

/// The most bits that [`nearest`] looks at; the others count as being zero or not.
const HEAD_BITS: u32 = 120;

/// A natural number below 2^4608.
#[derive(Clone, Debug)]
pub(super) struct Natural {
    /// The lowest limb first.
    limbs: [u64; LIMBS],
    /// How many limbs there are up to the highest that is not zero.
    len: usize,
}

impl Natural {
    /// The number with these limbs, the lowest first: at most as many as there is room for, or the others are zero.
    pub(super) fn from_limbs(limbs: impl IntoIterator<Item = u64>) -> Natural {
        let mut natural = Natural { limbs: [0; LIMBS], len: LIMBS };
        for (place, limb) in natural.limbs.iter_mut().zip(limbs) {
            *place = limb;
        }
        natural.trimmed()
    }

    pub(super) fn from_u128(x: u128) -> Natural {
        Natural::from_limbs([x as u64, (x >> 64) as u64])
    }

    /// The magnitude of an integer in two's complement, and whether it is negative.
    pub(super) fn from_signed(limbs: impl DoubleEndedIterator<Item = u64> + Clone) -> (bool, Natural) {
        let is_negative = limbs.clone().next_back().is_some_and(|top| top >> 63 == 1);
        let mut carry = is_negative;
        let magnitude = limbs.map(|limb| {
            let limb = if is_negative { !limb } else { limb };
            let sum;
            (sum, carry) = limb.overflowing_add(u64::from(carry));
            sum
        });
        (is_negative, Natural::from_limbs(magnitude))
    }

    fn trimmed(mut self) -> Natural {
        self.len = self.limbs.iter().rposition(|&limb| limb != 0).map_or(0, |top| top + 1);
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.len == 0
    }

    /// The limbs up to the highest that is not zero.
    fn limbs(&self) -> &[u64] {
        &self.limbs[..self.len]
    }

    /// Its digits of 32 bits, the lowest first.
    pub(super) fn digits(&self) -> [u32; 2 * LIMBS] {
        let mut digits = [0; 2 * LIMBS];
        for ([low, high], limb) in digits.as_chunks_mut().0.iter_mut().zip(&self.limbs) {
            (*low, *high) = (*limb as u32, (limb >> 32) as u32);
        }
        digits
    }

    /// How many bits the number has.
    fn bits(&self) -> u32 {
        self.limbs().last().map_or(0, |top| self.len as u32 * u64::BITS - top.leading_zeros())
    }

    /// The number times `factor`. The product must fit.
    pub(super) fn times(mut self, factor: u64) -> Natural {
        let mut carry = 0;
        for limb in &mut self.limbs {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            (*limb, carry) = (product as u64, product >> 64);
        }
        debug_assert_eq!(carry, 0);
        self.trimmed()
    }

    /// The square of the number, which must fit.
    pub(super) fn squared(&self) -> Natural {
        debug_assert!(2 * self.len <= LIMBS);
        let mut limbs = [0; LIMBS];
        for (shift, &a) in self.limbs().iter().enumerate() {
            let mut carry = 0;
            for (place, &b) in limbs[shift..].iter_mut().zip(self.limbs().iter().chain([&0])) {
                let sum = u128::from(a) * u128::from(b) + u128::from(*place) + carry;
                (*place, carry) = (sum as u64, sum >> 64);
            }
        }
        Natural::from_limbs(limbs)
    }

    /// The number less `other`, which must not be the larger one.
    pub(super) fn minus(mut self, other: &Natural) -> Natural {
        debug_assert!(self.compare(other).is_ge());
        let mut borrow = false;
        for (limb, &other) in self.limbs.iter_mut().zip(&other.limbs) {
            let (difference, first) = limb.overflowing_sub(other);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (difference, first | second);
        }
        self.trimmed()
    }

    pub(super) fn compare(&self, other: &Natural) -> Ordering {
        self.limbs.iter().rev().cmp(other.limbs.iter().rev())
    }

    /// The number times 2^by, which must fit.
    pub(super) fn shifted_left(&self, by: u32) -> Natural {
        let (limbs, bits) = ((by / u64::BITS) as usize, by % u64::BITS);
        let mut shifted = [0; LIMBS];
        let mut below = 0;
        for (place, &limb) in shifted[limbs..].iter_mut().zip(&self.limbs) {
            // Two shifts: one by 64 bits is none.
            *place = limb << bits | below >> 1 >> (u64::BITS - 1 - bits);
            below = limb;
        }
        Natural::from_limbs(shifted)
    }

    /// Divides by `divisor`, which is not zero, rounding down. Returns whether there is a remainder.
    pub(super) fn divide(&mut self, divisor: u64) -> bool {
        let mut remainder = 0;
        for limb in self.limbs[..self.len].iter_mut().rev() {
            let dividend = u128::from(remainder) << 64 | u128::from(*limb);
            *limb = (dividend / u128::from(divisor)) as u64;
            remainder = (dividend % u128::from(divisor)) as u64;
        }
        while self.len > 0 && self.limbs[self.len - 1] == 0 {
            self.len -= 1;
        }
        remainder != 0
    }

    /// The highest bits, at most `most` of them, how many there are below, and whether one of those is set.
    fn head(&self, most: u32) -> (u128, u32, bool) {
        let below = self.bits().saturating_sub(most);
        let (limbs, bits) = ((below / u64::BITS) as usize, below % u64::BITS);
        let limb = |index: usize| u128::from(self.limbs.get(index).copied().unwrap_or(0));
        let low = limb(limbs) | limb(limbs + 1) << 64;
        let head = if bits == 0 { low } else { low >> bits | limb(limbs + 2) << (u128::BITS - bits) };
        let sticky = self.limbs[..limbs].iter().any(|&limb| limb != 0)
            || self.limbs.get(limbs).is_some_and(|limb| limb & ((1 << bits) - 1) != 0);
        (head, below, sticky)
    }
}

/// The double nearest to `natural * 2^exponent`, ties to even; `sticky` says that the number is larger than that by less than one
/// unit of `natural`, which then has at least [`QUOTIENT_BITS`] bits less two.
pub(super) fn nearest(natural: &Natural, exponent: i32, sticky: bool) -> f64 {
    /// The exponent of the lowest bit of a double.
    const LOWEST: i32 = -1074;

    if natural.is_zero() {
        return 0.0;
    }
    let (head, below, more) = natural.head(HEAD_BITS);
    let (exponent, sticky) = (exponent + below.cast_signed(), sticky | more);
    let bits = (u128::BITS - head.leading_zeros()).cast_signed();
    let top = exponent + bits - 1;
    if top > 1023 {
        return f64::INFINITY;
    }
    // The exponent of the last bit that is kept.
    let last = (top - 52).max(LOWEST);
    let cut = last - exponent;
    let (kept, is_up) = match cut {
        ..=0 => ((head << -cut) as u64, false),
        // Less than half of the lowest bit: `head` is below 2^HEAD_BITS.
        122.. => (0, false),
        _ => {
            let (kept, rest, half) = ((head >> cut) as u64, head & ((1 << cut) - 1), 1 << (cut - 1));
            (kept, rest > half || rest == half && (sticky || kept & 1 == 1))
        }
    };
    // Adding instead of masking the implicit bit puts a 1 into the exponent of normal numbers, a 0 into that of subnormal ones,
    // and lets the carry of rounding up run into it, and on to infinity.
    f64::from_bits((((last - LOWEST) as u64) << 52) + kept + u64::from(is_up))
}

/// The double nearest to `dividend * 2^exponent / (a * b)`, ties to even. Neither divisor is zero.
pub(super) fn nearest_quotient(dividend: &Natural, exponent: i32, [a, b]: [u64; 2]) -> f64 {
    if dividend.is_zero() {
        return 0.0;
    }
    let wanted = QUOTIENT_BITS + 2 * u64::BITS;
    let shift = wanted.saturating_sub(dividend.bits());
    let mut quotient = dividend.shifted_left(shift);
    // Rounding down twice is rounding down once.
    let sticky = quotient.divide(a) | quotient.divide(b);
    nearest(&quotient, exponent - shift.cast_signed(), sticky)
}

/// The double nearest to the square root of `square * 2^exponent`, ties to even.
pub(super) fn nearest_root(square: &Natural, exponent: i32) -> f64 {
    if square.is_zero() {
        return 0.0;
    }
    // Of the square, 2^(an even number) times 127 or 128 bits, so that the root has 64; bits further below can make it larger, but
    // not by a whole unit.
    let shift = u128::BITS.saturating_sub(square.bits());
    let square = square.shifted_left(shift);
    let odd = (square.bits().cast_signed() - 128 + exponent - shift.cast_signed()) & 1;
    let (head, below, more) = square.head(u128::BITS - odd.cast_unsigned());
    let exponent = exponent - shift.cast_signed() + below.cast_signed();
    debug_assert!(exponent % 2 == 0);
    let root = head.isqrt();
    let sticky = more || root * root != head;
    nearest(&Natural::from_limbs([root as u64]), exponent / 2, sticky)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natural(x: u128) -> Natural {
        Natural::from_u128(x)
    }

    #[test]
    fn arithmetic_is_that_of_integers() {
        let numbers = [0, 1, 2, 3, u64::MAX as u128, 1 << 64, (1 << 64) + 1, u128::MAX >> 64 << 3, u128::MAX];
        for a in numbers {
            for b in numbers {
                assert_eq!(natural(a).compare(&natural(b)), a.cmp(&b));
                let (more, less) = (a.max(b), a.min(b));
                assert_eq!(natural(more).minus(&natural(less)).limbs(), natural(more - less).limbs());
                let b = (b as u64).max(1);
                let mut quotient = natural(a);
                assert_eq!(quotient.divide(b), a % u128::from(b) != 0);
                assert_eq!(quotient.limbs(), natural(a / u128::from(b)).limbs());
                let mut back = natural(a).times(b);
                assert!(!back.divide(b));
                assert_eq!(back.limbs(), natural(a).limbs());
            }
            let square = natural(a >> 64).squared();
            assert_eq!(square.limbs(), natural((a >> 64) * (a >> 64)).limbs());
            for by in [0, 1, 63, 64, 65, 127, 200] {
                let mut back = natural(a).shifted_left(by);
                (0..by).for_each(|_| assert!(!back.divide(2)));
                assert_eq!(back.limbs(), natural(a).limbs());
            }
        }
    }

    #[test]
    fn squares_of_many_limbs() {
        // (2^2048 - 1)^2 = 2^4096 - 2^2049 + 1
        let square = Natural::from_limbs([u64::MAX; 32]).squared();
        let expected =
            Natural::from_limbs([1].into_iter().chain([0; 31]).chain([u64::MAX - 1]).chain([u64::MAX; 31]));
        assert_eq!(square.limbs(), expected.limbs());
    }

    #[test]
    fn signs_are_those_of_twos_complement() {
        for x in [0, 1, -1, i128::MAX, i128::MIN, -(1 << 64), 1 << 64] {
            let limbs = [x as u64, (x >> 64) as u64];
            let (is_negative, magnitude) = Natural::from_signed(limbs.into_iter());
            assert_eq!((is_negative, magnitude.limbs()), (x < 0, natural(x.unsigned_abs()).limbs()));
        }
    }

    /// Conversions to f64 are rounded by the language, scaling by a power of two is exact within range.
    #[test]
    fn rounding_is_that_of_conversions() {
        for mantissa in
            [1_u128, 3, (1 << 53) + 1, (1 << 53) + 3, (1 << 54) - 1, (1 << 107) + (1 << 54), u128::MAX]
        {
            for extra in [0, 1, 2] {
                let x = mantissa.saturating_add(extra);
                for shift in [0, 1, 63, 64, 100, 700] {
                    let shifted = natural(x).shifted_left(shift);
                    assert_eq!(nearest(&shifted, 0, false), x as f64 * 2_f64.powi(shift.cast_signed()));
                    assert_eq!(
                        nearest(&shifted, -700, false),
                        x as f64 * 2_f64.powi(shift.cast_signed() - 700)
                    );
                }
            }
        }
    }

    /// Halves of the lowest bit, the largest double, and what is beyond both.
    #[test]
    fn rounding_at_the_ends() {
        let least = f64::from_bits(1);
        let cases = [
            (1, -1074, least),
            (1, -1075, 0.0),
            (3, -1076, least),
            (3, -1075, 2.0 * least),
            (1, -1076, 0.0),
            (1, -3000, 0.0),
            ((1 << 53) - 1, -1074, f64::from_bits((1 << 53) - 1)),
            ((1 << 54) - 1, -1075 - 1, f64::MIN_POSITIVE),
            ((1 << 53) - 1, 971, f64::MAX),
            ((1 << 54) - 1, 970, f64::INFINITY),
            ((1 << 55) - 3, 969, f64::MAX),
            (1, 1024, f64::INFINITY),
            (1, 9000, f64::INFINITY),
        ];
        for (mantissa, exponent, expected) in cases {
            assert_eq!(nearest(&natural(mantissa), exponent, false), expected, "{mantissa} {exponent}");
        }
        // A tie is none if there is more.
        let wide = natural(((1 << 53) + 1) << 60);
        assert_eq!(nearest(&wide, -114, false), 0.5);
        assert_eq!(nearest(&wide, -114, true), 0.5_f64.next_up());
    }

    #[test]
    fn quotients_and_roots_are_rounded_once() {
        for x in 1..2000_u32 {
            for y in [1_u32, 3, 7, 10, 641] {
                let (quotient, root) = (f64::from(x) / f64::from(y), f64::from(x).sqrt());
                assert_eq!(nearest_quotient(&natural(x.into()), 0, [u64::from(y), 1]), quotient);
                assert_eq!(nearest_quotient(&natural(x.into()), 0, [1, u64::from(y)]), quotient);
                for half in [-400, -1, 0, 1, 400] {
                    let scaled = root * 2_f64.powi(half);
                    assert_eq!(nearest_root(&natural(x.into()), 2 * half), scaled);
                    assert_eq!(nearest_root(&natural(2 * u128::from(x)), 2 * half - 1), scaled);
                }
            }
        }
        // Squares and their neighbors: x^2 - 1 and x^2 + 1 are no squares, but their roots round to x.
        let x = (1_u128 << 53) - 1;
        for (square, root) in [(x * x, x), (x * x - 1, x), (x * x + 1, x), ((x - 1) * (x - 1), x - 1)] {
            assert_eq!(nearest_root(&natural(square), 0), root as f64);
        }
    }

    /// Halfway between two doubles, and more than that by what only a remainder shows.
    #[test]
    fn remainders_decide_ties() {
        let tie = (1_u128 << 53) + 1;
        let (down, up) = ((tie - 1) as f64, (tie + 1) as f64);
        let dividend = natural(3 * tie).shifted_left(150);
        let more = Natural::from_limbs(
            dividend.limbs().iter().enumerate().map(|(place, limb)| limb | u64::from(place == 0)),
        );
        for divisors in [[3, 1], [1, 3]] {
            assert_eq!(nearest_quotient(&dividend, -150, divisors), down);
            assert_eq!(nearest_quotient(&more, -150, divisors), up);
        }
        let root = tie << 10;
        assert_eq!(nearest_root(&natural(root * root), -20), down);
        assert_eq!(nearest_root(&natural(root * root + 1), -20), up);
        assert_eq!(nearest_root(&natural(root * root - 1), -20), down);
    }
}
