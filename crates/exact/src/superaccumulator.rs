//! [`Superaccumulator`]: a fixed-point number wide enough for every double, in which any number of them add
//! up exactly.
//!
//! Every finite double is a multiple of 2^-1074 below 2^1024, so a fixed-point number of some 2100 bits holds
//! any sum exactly (Kulisch's long accumulator). It is kept as 128-bit bins that stand 32 bits apart, as in
//! the small superaccumulator of Neal, "Fast exact summation using small and large superaccumulators"
//! (arXiv:1505.05571): an addition touches one bin and never carries; carries are settled once in 2^38
//! additions. Positive and negative numbers have bins of their own: the seven top bits of a double, its sign
//! and most of its exponent, are the number of its bin.

#[cfg(test)]
mod tests;

use super::canonical::{self, Number};
use super::natural::Natural;

/// The exponent of the lowest bit of all.
pub(super) const LOWEST: i32 = -1075;

/// How far bins are apart, in bits.
const STEP: u32 = 32;

/// How many bins there are for each sign.
const BINS: usize = 64;

/// A sum of positive numbers: that of `digits[i] << (32 * i)` in units of 2^-1075, all digits but the last
/// below 2^32.
type Magnitude = [u128; BINS + 1];

/// How many additions may pass between two settlements of the carries.
///
/// An addend, as it is placed in a bin, is below 2^89: 53 bits of a double, or up to 58 of a multiple of some
/// power of two (see [`add_multiple`](Superaccumulator::add_multiple)), shifted by at most 31. After a
/// settlement, bins are below 2^32. So they stay below 2^32 + 2^37 * 2^89 < 2^127.
///
/// What is carried out of the last bin has the weight 2^(2048 - 1075) = 2^973, so it is at most the sum of
/// all magnitudes divided by 2^973. 2^63 doubles below 2^1024 make less than 2^114.
const ROOM: u64 = 1 << 37;

/// The exact sum of doubles.
#[derive(Clone, Debug)]
pub(super) struct Superaccumulator {
    /// Bins 0..64 add up the magnitudes of positive numbers, the others those of negative ones. Bin i of each
    /// half is in units of 2^(32 * i - 1075): a normal number with the exponent field e is its 53-bit
    /// mantissa, shifted left by e, in units of 2^-1075.
    bins: [u128; 2 * BINS],
    /// What has been carried out of the last bin of either sign.
    carries: [u128; 2],
    /// How many more additions are safe before the carries must be settled.
    room: u64,
    nan: bool,
    positive_infinity: bool,
    negative_infinity: bool,
}

impl Superaccumulator {
    /// Zero.
    pub(super) const fn new() -> Superaccumulator {
        Superaccumulator {
            bins: [0; 2 * BINS],
            carries: [0; 2],
            room: ROOM,
            nan: false,
            positive_infinity: false,
            negative_infinity: false,
        }
    }

    /// Makes sure that `count` additions are safe. Callers announce every addition, once per block.
    pub(super) fn reserve(&mut self, count: u64) {
        debug_assert!(count <= ROOM);
        if self.room < count {
            for sign in 0..2 {
                let [digits @ .., carry] = self.magnitude(sign);
                self.bins[sign * BINS..][..BINS].copy_from_slice(&digits);
                self.carries[sign] = carry;
            }
            self.room = ROOM;
        }
        self.room -= count;
    }

    /// Adds a double. One addition of those [`reserve`](Self::reserve)d.
    #[inline(always)]
    pub(super) fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        // Exponent field 0 or 2047.
        if (bits >> 52).wrapping_add(1) & 0x7fe == 0 {
            return self.add_special(x);
        }
        let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        // The sign and the upper six bits of the exponent field are the number of the bin, its lower five the
        // shift.
        self.bins[(bits >> 57) as usize] += shift(mantissa, (bits >> 52) as u32 % STEP);
    }

    /// Adds `multiple * 2^(position - 1074)`. One addition of those [`reserve`](Self::reserve)d.
    ///
    /// `|multiple|` is at most 2^57 and `position` at most 2045: what keeps the addend within the bounds of
    /// [`ROOM`].
    #[inline(always)]
    pub(super) fn add_multiple(&mut self, multiple: i64, position: u32) {
        debug_assert!(multiple.unsigned_abs() <= 1 << 57 && position <= 2045);
        let field = position + 1;
        let bin = (field / STEP) as usize % BINS + if multiple < 0 { BINS } else { 0 };
        self.bins[bin] += shift(multiple.unsigned_abs(), field % STEP);
    }

    /// The sum that is written so; `None` if no `terms` doubles have it.
    pub(super) fn read(number: &Number<'_>, terms: u64) -> Option<Superaccumulator> {
        /// The largest sum of 2^53 doubles is below 2^1077.
        const HIGHEST: i32 = 1076;
        /// The largest double.
        const MOST: (u64, u32) = ((1 << 53) - 1, (971 - LOWEST).cast_unsigned());

        let mut sum = Superaccumulator::new();
        // No more than two digits begin in one bin.
        sum.reserve(2);
        let half = if number.is_negative { BINS } else { 0 };
        number.for_each(LOWEST + 1, HIGHEST, |digit, position| {
            let (bin, shift) = (((position + 1) / STEP) as usize, (position + 1) % STEP);
            let addend = u128::from(digit) << shift;
            match bin.checked_sub(BINS) {
                None => sum.bins[half + bin] += addend,
                Some(above) => sum.carries[half / BINS] += addend << (above * STEP as usize),
            }
        })?;
        let most = Natural::from_limbs([MOST.0]).times(terms).shifted_left(MOST.1);
        sum.exact().1.compare(&most).is_le().then_some(sum)
    }

    /// Writes the sum, which must be finite.
    pub(super) fn write(&self, out: &mut impl Extend<u8>) {
        let (is_negative, magnitude) = self.exact();
        canonical::write(out, is_negative, &magnitude, LOWEST);
    }

    /// Adds zero, a subnormal number, an infinity or a NaN.
    #[cold]
    #[inline(never)]
    fn add_special(&mut self, x: f64) {
        if x.is_finite() {
            let multiple = x.abs().to_bits().cast_signed();
            return self.add_multiple(if x.is_sign_negative() { -multiple } else { multiple }, 0);
        }
        self.nan |= x.is_nan();
        self.positive_infinity |= x == f64::INFINITY;
        self.negative_infinity |= x == f64::NEG_INFINITY;
    }

    /// Whether the sum is NaN, which no further addition can change.
    pub(super) const fn is_nan(&self) -> bool {
        self.nan || self.positive_infinity && self.negative_infinity
    }

    /// Adds another sum. Integer additions: the order of merging makes no difference.
    pub(super) fn merge(&mut self, other: &Superaccumulator) {
        self.reserve(1);
        for sign in 0..2 {
            // Digits are below 2^32: addends like any other.
            let [digits @ .., carry] = other.magnitude(sign);
            for (bin, digit) in self.bins[sign * BINS..].iter_mut().zip(digits) {
                *bin += digit;
            }
            self.carries[sign] += carry;
        }
        self.nan |= other.nan;
        self.positive_infinity |= other.positive_infinity;
        self.negative_infinity |= other.negative_infinity;
    }

    /// The sum, rounded once to the nearest double, ties to even. An exact zero is +0.
    pub(super) fn round(&self) -> f64 {
        if let Some(special) = self.special() {
            return special;
        }
        let [positive, negative] = [self.magnitude(0), self.magnitude(1)];
        // They compare like numbers written in digits, the highest first.
        if positive.iter().rev().ge(negative.iter().rev()) {
            round(&difference(&positive, &negative))
        } else {
            -round(&difference(&negative, &positive))
        }
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

    /// Whether the sum is negative, and its magnitude in units of 2^-1075, if it is finite.
    pub(super) fn exact(&self) -> (bool, Natural) {
        let [positive, negative] = [self.magnitude(0), self.magnitude(1)];
        let is_negative = positive.iter().rev().lt(negative.iter().rev());
        let [digits @ .., last] =
            if is_negative { difference(&negative, &positive) } else { difference(&positive, &negative) };
        // All digits but the last are below 2^32, and there are as many of even as of odd places.
        let pairs = digits.as_chunks::<2>().0.iter().map(|[low, high]| *low as u64 | (*high as u64) << STEP);
        (is_negative, Natural::from_limbs(pairs.chain([last as u64, (last >> 64) as u64])))
    }

    /// The sum of the positive numbers (`sign` 0) or of the magnitudes of the negative ones (1), all carries
    /// settled.
    fn magnitude(&self, sign: usize) -> Magnitude {
        let bins = &self.bins[sign * BINS..][..BINS];
        let mut magnitude = [0; BINS + 1];
        let mut carry = 0;
        // Most sums have touched a few bins only, and after those the carry is soon used up.
        let first = bins.iter().position(|&bin| bin != 0).unwrap_or(BINS);
        let end = bins.iter().rposition(|&bin| bin != 0).map_or(0, |last| last + 1);
        for index in first..BINS {
            if index >= end && carry == 0 {
                break;
            }
            let sum = bins[index] + carry;
            magnitude[index] = u128::from(sum as u32);
            carry = sum >> STEP;
        }
        magnitude[BINS] = self.carries[sign] + carry;
        magnitude
    }
}

/// `x << by`, for `by` up to 31.
///
/// A shift of a `u128` by a variable takes `shld` and a test; three shifts of 64 bits are faster.
#[inline(always)]
fn shift(x: u64, by: u32) -> u128 {
    let (low, high) = (x << by, (x >> STEP) >> (STEP - by));
    u128::from(high) << 64 | u128::from(low)
}

/// `a - b`; `b` must not be the larger one.
fn difference(a: &Magnitude, b: &Magnitude) -> Magnitude {
    let mut difference = [0; BINS + 1];
    let mut borrow = 0;
    for ((digit, a), b) in difference.iter_mut().zip(a).zip(b) {
        *digit = a.wrapping_sub(b + borrow);
        borrow = *digit >> 127;
        *digit = digit.wrapping_add(borrow << STEP);
    }
    difference
}

/// The double nearest to a magnitude, ties to even.
fn round(magnitude: &Magnitude) -> f64 {
    /// The bits of infinity, which too large results become.
    const INFINITY: u64 = 0x7ff << 52;

    let top = magnitude.iter().rposition(|&digit| digit != 0).unwrap_or(0);
    if magnitude[top] >= 1 << 52 {
        // Only the last digit can be this large, and then the sum is at least 2^52 * 2^973.
        return f64::INFINITY;
    }
    // Three digits, the highest that is not zero among them: all bits of the sum, or at least 65 and at most
    // 116 of them.
    let base = top.saturating_sub(2);
    let head = magnitude[base..=base + 2].iter().rfold(0, |head, digit| head << STEP | digit);
    let sticky = magnitude[..base].iter().any(|&digit| digit != 0);

    // The lowest bit of all is always zero and can go: all numbers are even multiples of 2^-1075.
    let shift = (u128::BITS - head.leading_zeros()).saturating_sub(f64::MANTISSA_DIGITS).max(1);
    let (kept, cut, half) = ((head >> shift) as u64, head & ((1 << shift) - 1), 1 << (shift - 1));
    let up = cut > half || cut == half && (sticky || kept & 1 == 1);

    // kept * 2^position multiples of 2^-1074, with 53 bits unless position is 0. Adding instead of masking
    // the implicit bit puts a 1 into the exponent of normal numbers, a 0 into that of subnormal ones, and
    // lets the carry of rounding up run into it.
    let position = u64::from(shift) - 1 + (base as u64) * u64::from(STEP);
    f64::from_bits(((position << 52) + kept + u64::from(up)).min(INFINITY))
}
