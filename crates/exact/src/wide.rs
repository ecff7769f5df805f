//! [`WideAccumulator`]: a fixed-point number wide enough for every product of two doubles, in which any number of them add up
//! exactly.
//!
//! A product of two doubles is a multiple of 2^-2148 below 2^2048. The number is kept as signed 128-bit bins that stand 32 bits
//! apart: an addition touches one bin, two for a product, and never carries; carries are settled once in 2^31 additions. One bin
//! for both signs takes a negation where the [`Superaccumulator`](super::superaccumulator::Superaccumulator) takes bins of their
//! own, and half of the memory.

use super::canonical::Number;
use super::natural::Natural;

/// How far bins are apart, in bits.
const STEP: u32 = 32;

/// How many bins there are. The last has the weight 2^(4224 - 2148): only carries get there, from 2^63 products less than 2^35.
const BINS: usize = 133;

/// How many additions may pass between two settlements of the carries.
///
/// An addend is below 2^64, shifted by at most 31: below 2^95. After a settlement, all bins but the last are below 2^32. So they
/// stay below 2^32 + 2^31 * 2^95 < 2^127.
const ROOM: u64 = 1 << 31;

/// The exponent of the lowest bit of all.
pub(super) const LOWEST: i32 = -2148;

/// The exact sum of products of doubles.
#[derive(Clone, Debug)]
pub(super) struct WideAccumulator {
    /// Bin i is in units of 2^(32 * i - 2148).
    bins: [i128; BINS],
    /// How many more additions are safe before the carries must be settled.
    room: u64,
    nan: bool,
    positive_infinity: bool,
    negative_infinity: bool,
}

impl WideAccumulator {
    /// Zero.
    pub(super) const fn new() -> WideAccumulator {
        WideAccumulator {
            bins: [0; BINS],
            room: ROOM,
            nan: false,
            positive_infinity: false,
            negative_infinity: false,
        }
    }

    /// Makes sure that `count` additions are safe; a product takes two. Callers announce every addition, once per block.
    pub(super) fn reserve(&mut self, count: u64) {
        debug_assert!(count <= ROOM);
        if self.room < count {
            self.settle();
            self.room = ROOM;
        }
        self.room -= count;
    }

    fn settle(&mut self) {
        let mut carry = 0;
        let [bins @ .., last] = &mut self.bins;
        for bin in bins {
            let sum = *bin + carry;
            (*bin, carry) = (i128::from(sum as u32), sum >> STEP);
        }
        *last += carry;
    }

    /// Adds the exact product of two doubles. Two additions of those [`reserve`](Self::reserve)d.
    #[inline(always)]
    pub(super) fn add_product(&mut self, x: f64, y: f64) {
        let [(x_mantissa, x_field), (y_mantissa, y_field)] = [x, y].map(parts);
        if x_field == 0x7ff || y_field == 0x7ff {
            return self.add_special(x * y);
        }
        let product = u128::from(x_mantissa) * u128::from(y_mantissa);
        // A mantissa counts in units of 2^(field - 1075), or of 2^-1074 if the number is subnormal.
        let position = x_field.max(1) + y_field.max(1) - 2;
        let is_negative = (x.to_bits() ^ y.to_bits()) >> 63 == 1;
        self.add_at(product as u64, position, is_negative);
        self.add_at((product >> 64) as u64, position + 64, is_negative);
    }

    /// Adds `multiple * 2^(position - 1074)`. One addition of those [`reserve`](Self::reserve)d; `position` is at most 2045.
    #[inline(always)]
    pub(super) fn add_multiple(&mut self, multiple: i64, position: u32) {
        debug_assert!(position <= 2045);
        self.add_at(multiple.unsigned_abs(), position + 1074, multiple < 0);
    }

    /// Adds `x * 2^(position + LOWEST)`, or subtracts it.
    #[inline(always)]
    fn add_at(&mut self, x: u64, position: u32, is_negative: bool) {
        let addend = shift(x, position % STEP).cast_signed();
        let sign = -i128::from(is_negative);
        self.bins[(position / STEP) as usize] += (addend ^ sign) - sign;
    }

    /// Adds an infinity or a NaN.
    #[cold]
    #[inline(never)]
    fn add_special(&mut self, x: f64) {
        self.nan |= x.is_nan();
        self.positive_infinity |= x == f64::INFINITY;
        self.negative_infinity |= x == f64::NEG_INFINITY;
    }

    /// Whether the sum is NaN, which no further addition can change.
    pub(super) const fn is_nan(&self) -> bool {
        self.nan || self.positive_infinity && self.negative_infinity
    }

    /// The sum if it is NaN or an infinity.
    pub(super) fn special(&self) -> Option<f64> {
        match (self.is_nan(), self.positive_infinity, self.negative_infinity) {
            (true, ..) => Some(f64::NAN),
            (_, true, _) => Some(f64::INFINITY),
            (_, _, true) => Some(f64::NEG_INFINITY),
            _ => None,
        }
    }

    /// The sum of squares that is written so; `None` if no `terms` doubles have it.
    pub(super) fn read(number: &Number<'_>, terms: u64) -> Option<WideAccumulator> {
        /// The largest sum of 2^53 squares is below 2^2101.
        const HIGHEST: i32 = 2100;
        /// The square of the largest double.
        const MOST: (u128, u32) = (((1 << 53) - 1) * ((1 << 53) - 1), (2 * 971 - LOWEST).cast_unsigned());

        let mut sum = WideAccumulator::new();
        // A digit is an addition.
        sum.reserve(BINS as u64);
        number.for_each(LOWEST, HIGHEST, |digit, position| sum.add_at(u64::from(digit), position, false))?;
        let most = Natural::from_u128(MOST.0).times(terms).shifted_left(MOST.1);
        (!number.is_negative && sum.magnitude().1.compare(&most).is_le()).then_some(sum)
    }

    /// Adds a number that is not finite.
    pub(super) fn with(mut self, special: f64) -> WideAccumulator {
        self.add_special(special);
        self
    }

    /// Adds another sum. Integer additions: the order of merging makes no difference.
    pub(super) fn merge(&mut self, other: &WideAccumulator) {
        self.reserve(1);
        let mut other = other.clone();
        other.settle();
        for (bin, other) in self.bins.iter_mut().zip(other.bins) {
            *bin += other;
        }
        self.nan |= other.nan;
        self.positive_infinity |= other.positive_infinity;
        self.negative_infinity |= other.negative_infinity;
    }

    /// Whether the sum is negative, and its magnitude in units of 2^[`LOWEST`], if it is finite.
    pub(super) fn magnitude(&self) -> (bool, Natural) {
        let mut settled = self.clone();
        settled.settle();
        let [digits @ .., last] = settled.bins;
        let last = [last as u64, (last >> 64) as u64];
        // All digits but the last are below 2^32, and there are as many of even as of odd places.
        let pairs = digits.as_chunks::<2>().0.iter().map(|[low, high]| *low as u64 | (*high as u64) << STEP);
        Natural::from_signed(pairs.chain(last))
    }
}

/// The mantissa of a double, with the implicit bit, and its exponent field.
#[inline(always)]
fn parts(x: f64) -> (u64, u32) {
    let field = (x.to_bits() >> 52) as u32 & 0x7ff;
    (x.to_bits() & ((1 << 52) - 1) | u64::from(field != 0) << 52, field)
}

/// `x << by`, for `by` up to 31. Three shifts of 64 bits are faster than one of 128 by a variable.
#[inline(always)]
fn shift(x: u64, by: u32) -> u128 {
    let (low, high) = (x << by, (x >> STEP) >> (STEP - by));
    u128::from(high) << 64 | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::super::natural::nearest;
    use super::*;

    fn round(sum: &WideAccumulator) -> f64 {
        let (is_negative, magnitude) = sum.magnitude();
        let rounded = nearest(&magnitude, LOWEST, false);
        if is_negative { -rounded } else { rounded }
    }

    fn sum(products: &[(f64, f64)]) -> WideAccumulator {
        let mut sum = WideAccumulator::new();
        sum.reserve(2 * products.len() as u64);
        products.iter().for_each(|&(x, y)| sum.add_product(x, y));
        sum
    }

    /// The fullest bins that there can be, right before a settlement: no bin overflows, and no bit is lost.
    #[test]
    fn carries_are_settled_in_time() {
        for x in [f64::MAX, 1.0, -1.9, -f64::MIN_POSITIVE, f64::from_bits((1 << 52) - 1)] {
            for y in [1.9, -f64::MIN_POSITIVE] {
                let mut full = sum(&[(x, y)]);
                // Pretend that this was repeated for as long as there is room.
                full.bins.iter_mut().for_each(|bin| *bin *= i128::from(ROOM / 2));
                full.room = 0;
                let expected = round(&sum(&[(x, y * (ROOM / 2) as f64)]));
                assert_eq!(round(&full), expected);
                full.merge(&full.clone());
                assert_eq!(round(&full), round(&sum(&[(x, y * ROOM as f64)])));
                assert_eq!(full.room, ROOM - 1);
                assert!(full.bins[..BINS - 1].iter().all(|&bin| (0..1 << 33).contains(&bin)));
            }
        }
    }

    /// The largest addend in every place.
    #[test]
    fn addends_are_below_their_bound() {
        for position in (0..4200).step_by(if cfg!(miri) { 301 } else { 1 }) {
            let mut sum = WideAccumulator::new();
            sum.add_at(u64::MAX, position, true);
            assert!(sum.bins.iter().all(|&bin| bin.unsigned_abs() < 1 << 95));
            let (is_negative, magnitude) = sum.magnitude();
            assert!(is_negative);
            // As many of them as there is room for do not overflow a bin.
            assert!(sum.bins.iter().all(|&bin| bin.checked_mul(ROOM.into()).is_some()));
            assert!(magnitude.compare(&Natural::from_limbs([u64::MAX]).shifted_left(position)).is_eq());
        }
    }

    #[test]
    fn products_of_all_sizes() {
        let least = f64::from_bits(1);
        assert_eq!(round(&sum(&[(least, least), (1.0, 1.0)])), 1.0);
        assert_eq!(round(&sum(&[(least, least), (1.0, 1.0), (-1.0, 1.0)])), 0.0);
        assert!(!sum(&[(least, least), (1.0, 1.0), (-1.0, 1.0)]).magnitude().1.is_zero());
        assert_eq!(round(&sum(&[(f64::MAX, f64::MAX)])), f64::INFINITY);
        assert_eq!(
            round(&sum(&[(f64::MAX, f64::MAX), (-f64::MAX, f64::MAX), (0.1, 3.0)])),
            0.1_f64.mul_add(3.0, 0.0)
        );
        assert_eq!(round(&sum(&[(-0.1, 3.0)])), -(0.1 * 3.0));
        assert!(sum(&[(-0.0, 1.0), (0.0, 0.0)]).magnitude().1.is_zero());
    }

    #[test]
    fn specials_are_those_of_multiplication() {
        let inf = f64::INFINITY;
        assert_eq!(sum(&[(inf, 2.0), (1.0, 1.0)]).special(), Some(inf));
        assert_eq!(sum(&[(inf, -2.0)]).special(), Some(-inf));
        for nan in [&[(inf, 0.0)][..], &[(f64::NAN, 0.0)], &[(inf, 1.0), (1.0, -inf)]] {
            assert!(sum(nan).special().is_some_and(f64::is_nan));
        }
    }
}
