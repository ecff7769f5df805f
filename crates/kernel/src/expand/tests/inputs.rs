//! Numbers at which a function of `Math` could go wrong.

use crate::ir::Math;

/// A source of random bits.
pub(super) struct Bits(pub(super) u64);

impl Bits {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// From -1 to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

const SPECIAL: [f64; 28] = [
    0.0,
    0.5,
    1.0,
    1.5,
    2.0,
    3.0,
    10.0,
    22.0,
    708.0,
    709.0,
    709.782_712_893_384,
    710.475_860_073_943_9,
    745.133_219_101_941_1,
    746.0,
    1e-300,
    5e-324,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::INFINITY,
    f64::NAN,
    4_503_599_627_370_496.0,
    9_007_199_254_740_993.0,
    // So near to multiples of pi / 2 that the third round of the reduction changes a bit.
    91_553.863_907_240_55,
    321_307.959_442_222_9,
    642_615.918_884_445_8,
    // They lose more than 16 bits, and ieee754.cc does not look: the second round would change a bit.
    6.283_188_192_764_276_5,
    7.853_980_958_564_601,
    47.123_926_888_045_55,
];

/// The high words at which ieee754.cc and the texts branch.
const BREAKS: [u32; 60] = [
    0x0010_0000,
    0x3c60_0000,
    0x3c80_0000,
    0x3c90_0000,
    0x3e20_0000,
    0x3e30_0000,
    0x3e40_0000,
    0x3fd2_bec4,
    0x3fd2_bec5,
    0x3fd3_3333,
    0x3fd6_2e42,
    0x3fd6_2e43,
    0x3fda_827a,
    0x3fdc_0000,
    0x3fe0_0000,
    0x3fe0_0001,
    0x3fe5_9428,
    0x3fe6_0000,
    0x3fe6_a09c,
    0x3fe6_a09e,
    0x3fe6_b851,
    0x3fe6_b852,
    0x3fe9_0000,
    0x3fe9_0001,
    0x3fe9_21fb,
    0x3fe9_21fc,
    0x3fef_3333,
    0x3fef_ffff,
    0x3fef_fffd,
    0x3ff0_0000,
    0x3ff0_0001,
    0x3ff0_a2b2,
    0x3ff2_0000,
    0x3ff3_0000,
    0x3ff3_988e,
    0x3ff3_988f,
    0x3ff6_147a,
    0x3ff6_a09c,
    0x3ff6_a09e,
    0x3ff6_b851,
    0x3ff9_21fb,
    0x3ffb_b67a,
    0x4000_0000,
    0x4000_0001,
    0x4002_d97c,
    0x4003_8000,
    0x4034_0000,
    0x4036_0000,
    0x4043_687a,
    0x404c_0000,
    0x4086_2000,
    0x4086_2800,
    0x4086_2e42,
    0x4087_4910,
    0x4139_21fb,
    0x4139_21fc,
    0x41b0_0000,
    0x41b0_0001,
    0x4340_0000,
    0x4410_0000,
];

/// A number that is hard for some function.
pub(super) fn number(bits: &mut Bits) -> f64 {
    let near =
        |x: f64, bits: &mut Bits| f64::from_bits(x.to_bits().wrapping_add(bits.below(65)).wrapping_sub(32));
    let x = match bits.below(19) {
        0 => SPECIAL[bits.below(SPECIAL.len() as u64) as usize],
        1 | 2 => near(f64::from_bits(bits.below(2047) << 52), bits),
        3 | 4 => {
            near(f64::from_bits(u64::from(BREAKS[bits.below(BREAKS.len() as u64) as usize]) << 32), bits)
        }
        // Multiples of pi / 2, and halfway between them.
        5 => near(bits.below(60) as f64 * std::f64::consts::FRAC_PI_4, bits),
        6 => near(bits.below(1_500_000) as f64 * std::f64::consts::FRAC_PI_4, bits),
        // Multiples of ln 2 / 2.
        7 => near(bits.below(2200) as f64 * (0.5 * std::f64::consts::LN_2), bits),
        8 => 1.0 + bits.unit() * 4e-6,
        9 => bits.unit() * 750.0,
        10 => bits.unit() * 1e6,
        11 => bits.unit() * 2.0,
        12 => bits.unit() * 50.0,
        13 => bits.below(1 << 20) as f64,
        // asinh and acosh take logarithms of what is close to powers of two.
        14 => {
            let power = (bits.below(30) as f64).exp2() * (1.0 + bits.unit() * 2e-6);
            let sign = if bits.below(2) == 0 { 1.0 } else { -1.0 };
            0.5 * (power + sign / power)
        }
        15 => {
            let offset = bits.unit() * (-(bits.below(40) as f64)).exp2();
            bits.below(520_000) as f64 * std::f64::consts::FRAC_PI_2 + offset
        }
        // They lose more than 16 bits, and yet some have not the high word of a multiple of pi / 2.
        16 => {
            let offset = bits.unit() * (-13.0 - bits.below(8) as f64).exp2();
            bits.below(34) as f64 * std::f64::consts::FRAC_PI_2 + offset
        }
        17 => f64::from_bits(0x3fd0_0000_0000_0000 + (bits.next() >> 9)),
        _ => f64::from_bits(bits.next()),
    };
    if bits.below(2) == 0 { x } else { -x }
}

/// Arguments that a program might have.
pub(super) fn usual(function: Math, bits: &mut Bits) -> [f64; 2] {
    let x = bits.unit();
    let y = bits.unit();
    match function {
        Math::Acos | Math::Asin | Math::Atanh => [x, y],
        Math::Acosh => [1.0 + 50.0 * x.abs(), y],
        Math::Log | Math::Log1p | Math::Log10 | Math::Log2 => [1000.0 * x.abs(), y],
        Math::Exp | Math::Expm1 | Math::Sinh | Math::Cosh => [100.0 * x, y],
        Math::Pow => [100.0 * x.abs(), 10.0 * y],
        // As in a Fourier transform: most of them are multiples of pi / 2, or close to one.
        Math::Sin | Math::Cos if bits.below(2) == 0 => {
            [bits.below(2000) as f64 * std::f64::consts::FRAC_PI_4, y]
        }
        _ => [1000.0 * x, 1000.0 * y],
    }
}
