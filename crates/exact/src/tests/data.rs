//! Random numbers of many kinds, from a seed.

use proptest::prelude::*;

/// What numbers look like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// In [0, 1).
    Uniform,
    /// Around zero, most of them small.
    Bell,
    /// Integers below 2^20.
    Integers,
    /// Amounts with two decimals.
    Money,
    /// Any finite bit pattern.
    AnyExponent,
    /// Exponents from a window of this many binades.
    Window(u32),
    /// Below 2^-1022.
    Subnormal,
    /// From 2^1000 up.
    NearOverflow,
    /// Each number once more, negated, elsewhere; plus a few small ones.
    Cancelling,
    /// One tile huge, the next tiny.
    Alternating,
    /// Zeros of both signs.
    Zeros,
    /// Uniform, with an infinity or NaN now and then.
    Specials,
}

/// Any kind.
pub(super) fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Uniform),
        Just(Kind::Bell),
        Just(Kind::Integers),
        Just(Kind::Money),
        Just(Kind::AnyExponent),
        (1..300_u32).prop_map(Kind::Window),
        Just(Kind::Subnormal),
        Just(Kind::NearOverflow),
        Just(Kind::Cancelling),
        Just(Kind::Alternating),
        Just(Kind::Zeros),
        Just(Kind::Specials),
    ]
}

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    }

    /// Below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// In [0, 1).
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn with_exponent(&mut self, biased: u64) -> f64 {
        f64::from_bits(self.next() & !(0x7ff << 52) | biased << 52)
    }

    /// `len` doubles.
    pub(super) fn doubles(&mut self, kind: Kind, len: usize) -> Vec<f64> {
        let mut doubles: Vec<f64> = (0..len).map(|index| self.double(kind, index)).collect();
        if let Kind::Cancelling = kind {
            for index in 0..len / 2 {
                doubles[len - 1 - index] = -doubles[index];
            }
            for index in (1..len).rev() {
                doubles.swap(index, self.below(index + 1));
            }
            for _ in 0..len.min(3) {
                let index = self.below(len);
                doubles[index] = self.unit();
            }
        }
        doubles
    }

    fn double(&mut self, kind: Kind, index: usize) -> f64 {
        match kind {
            Kind::Uniform => self.unit(),
            Kind::Bell => (0..6).map(|_| self.unit() - 0.5).product::<f64>() + self.unit() - 0.5,
            Kind::Integers => (self.next() >> 44) as f64 - 524_288.0,
            Kind::Money => (self.next() >> 40) as f64 / 100.0,
            Kind::AnyExponent | Kind::Cancelling => {
                let biased = self.below(0x7ff) as u64;
                self.with_exponent(biased)
            }
            Kind::Window(width) => {
                let biased = 1023 - u64::from(width / 2) + self.below(width as usize) as u64;
                self.with_exponent(biased)
            }
            Kind::Subnormal => self.with_exponent(0),
            Kind::NearOverflow => {
                let biased = 0x7fe - self.below(24) as u64;
                self.with_exponent(biased)
            }
            Kind::Alternating => {
                self.with_exponent(if (index / 4096).is_multiple_of(2) { 1500 } else { 500 })
            }
            Kind::Zeros => self.with_exponent(0) * 0.0,
            Kind::Specials => match self.next() {
                special if special % 1000 != 0 => self.unit(),
                special => [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -f64::NAN][(special >> 62) as usize],
            },
        }
    }
}
