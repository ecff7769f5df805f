//! [`Superaccumulator`]: a fixed-point number wide enough for every double, in which any number of them add up exactly.
//!
//! Every finite double is a multiple of 2^-1074 below 2^1024, so a fixed-point number of some 2100 bits holds any sum
//! exactly (Kulisch's long accumulator). It is kept in bins of 32 bits that overlap in the middle of 128-bit integers, as in the
//! small superaccumulator of Neal, "Fast exact summation using small and large superaccumulators" (arXiv:1505.05571): an
//! addition touches one bin and never carries; carries are settled once in 2^38 additions.

/// Weight of one bin relative to the one below it, in bits.
const STEP: u32 = 32;

/// Bins 0..=63 take doubles, whose lowest bit is at position 0..=2045; the last one takes the carries out of them.
const BINS: usize = 65;

/// How many additions may pass between two settlements of the carries.
///
/// An addend, as it is placed in a bin, is below 2^88 in magnitude: 53 bits of a double, or up to 57 of an `i64` (see
/// [`add_multiple`](Superaccumulator::add_multiple)), shifted by at most 31. After a settlement bins 0..=63 are
/// below 2^32. So they stay below 2^32 + 2^38 * 2^88 < 2^127.
///
/// The last bin has the weight 2^2048 units of 2^-1074, that is 2^974, and all that is ever added to it are carries: it is below
/// the sum of magnitudes divided by 2^974, plus one per settlement. 2^63 doubles below 2^1024 make less than 2^114.
const ROOM: u64 = 1 << 38;

/// The exact sum of doubles.
#[derive(Clone, Debug)]
pub(super) struct Superaccumulator {
    /// The sum is 2^-1074 times the sum of `bins[i] << (32 * i)`.
    bins: [i128; BINS],
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
            bins: [0; BINS],
            room: ROOM,
            nan: false,
            positive_infinity: false,
            negative_infinity: false,
        }
    }

    /// Makes sure that `count` additions are safe. Callers announce every addition: once per block, not once per element.
    pub(super) fn reserve(&mut self, count: u64) {
        debug_assert!(count <= ROOM);
        if self.room < count {
            settle(&mut self.bins);
            self.room = ROOM;
        }
        self.room -= count;
    }

    /// Adds a double. One addition of those [`reserve`](Self::reserve)d.
    #[inline(always)]
    pub(super) fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        let exponent = (bits >> 52) as u32 & 0x7ff;
        if exponent.wrapping_sub(1) >= 0x7fe {
            return self.add_special(x);
        }
        let magnitude = (bits & ((1 << 52) - 1) | 1 << 52).cast_signed();
        // 0 or -1: two's complement, without a branch that random signs would mispredict.
        let sign = bits.cast_signed() >> 63;
        self.add_multiple((magnitude ^ sign) - sign, exponent - 1);
    }

    /// Adds `multiple * 2^(position - 1074)`. One addition of those [`reserve`](Self::reserve)d.
    ///
    /// `|multiple|` is at most 2^57 and `position` at most 2045: what keeps the addend within the bounds of [`ROOM`].
    #[inline(always)]
    pub(super) fn add_multiple(&mut self, multiple: i64, position: u32) {
        debug_assert!(multiple.unsigned_abs() <= 1 << 57 && position <= 2045);
        self.bins[(position / STEP) as usize & 63] += i128::from(multiple) << (position % STEP);
    }

    /// Adds zero, a subnormal number, an infinity or a NaN.
    #[cold]
    #[inline(never)]
    fn add_special(&mut self, x: f64) {
        if x.is_finite() {
            let magnitude = (x.to_bits() & !(1 << 63)).cast_signed();
            return self.add_multiple(if x.is_sign_negative() { -magnitude } else { magnitude }, 0);
        }
        self.nan |= x.is_nan();
        self.positive_infinity |= x == f64::INFINITY;
        self.negative_infinity |= x == f64::NEG_INFINITY;
    }

    /// Whether the sum is NaN, which no further addition can change.
    pub(super) fn is_nan(&self) -> bool {
        self.nan || self.positive_infinity && self.negative_infinity
    }

    /// Adds another sum. Integer additions: in whatever order sums are merged, the result has the same value.
    pub(super) fn merge(&mut self, other: &Superaccumulator) {
        self.reserve(1);
        // Settled, the other's bins are below 2^32, so each is an addend like any other.
        let mut bins = other.bins;
        settle(&mut bins);
        for (bin, addend) in self.bins.iter_mut().zip(bins) {
            *bin += addend;
        }
        self.nan |= other.nan;
        self.positive_infinity |= other.positive_infinity;
        self.negative_infinity |= other.negative_infinity;
    }

    /// The sum, rounded once to the nearest double, ties to even. An exact zero is +0.
    pub(super) fn round(&self) -> f64 {
        if self.is_nan() {
            return f64::NAN;
        }
        if self.positive_infinity {
            return f64::INFINITY;
        }
        if self.negative_infinity {
            return f64::NEG_INFINITY;
        }
        let mut bins = self.bins;
        settle(&mut bins);
        let negative = bins[BINS - 1] < 0;
        if negative {
            for bin in &mut bins {
                *bin = -*bin;
            }
            settle(&mut bins);
        }
        let magnitude = round_magnitude(&bins);
        if negative { -magnitude } else { magnitude }
    }
}

/// Reduces all bins but the last to 0..2^32 by passing what is above that on to the next. The value stays the same.
fn settle(bins: &mut [i128; BINS]) {
    let mut carry = 0;
    for bin in &mut bins[..BINS - 1] {
        let sum = *bin + carry;
        carry = sum >> STEP;
        *bin = sum & ((1 << STEP) - 1);
    }
    bins[BINS - 1] += carry;
}

/// The nearest double, ties to even, to the sum of settled bins that is not negative.
fn round_magnitude(bins: &[i128; BINS]) -> f64 {
    /// The bits of infinity: what too large a result becomes.
    const INFINITY: u64 = 0x7ff << 52;

    let top = bins.iter().rposition(|&bin| bin != 0).unwrap_or(0);
    if bins[top] >= 1 << 51 {
        // Only the last bin can be this large, and then the sum is at least 2^51 * 2^974.
        return f64::INFINITY;
    }
    // Three bins, the highest that is not zero among them: all bits of the sum, or at least 65 and at most 115 of them.
    let base = top.saturating_sub(2);
    let head = bins[base..=base + 2].iter().rfold(0, |head, bin| head << STEP | bin.unsigned_abs());
    let sticky = bins[..base].iter().any(|&bin| bin != 0);

    let shift = (u128::BITS - head.leading_zeros()).saturating_sub(f64::MANTISSA_DIGITS);
    let (kept, cut) = ((head >> shift) as u64, head & ((1 << shift) - 1));
    let half = (1 << shift) >> 1;
    // `half` is 0 if nothing was cut; then nothing is sticky either, for `base` is 0.
    let up = cut > half || cut == half && shift > 0 && (sticky || kept & 1 == 1);

    // kept * 2^position units, with 53 bits unless position is 0. Adding instead of masking the implicit bit puts 1 into the exponent
    // of normal numbers, 0 into that of subnormal ones, and lets the carry of rounding up run into it.
    let position = u64::from(shift) + (base as u64) * u64::from(STEP);
    f64::from_bits(((position << 52) + kept + u64::from(up)).min(INFINITY))
}
