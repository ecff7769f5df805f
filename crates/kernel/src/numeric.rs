//! ECMAScript's arithmetic, one number at a time: the definition that every engine is held to.
//!
//! What Rust's own operators already do as ECMAScript has it (`+ - * / %`, comparisons, `sqrt`, `floor`, `ceil`, `trunc`) is not
//! here. Rust never contracts a multiplication and an addition, and `%` of doubles is exact like JavaScript's.

use crate::ir::{Binary, Const};
use crate::ir::{Element, Unary};

/// ToInt32: truncates, modulo 2^32; NaN and the infinities become 0.
pub fn to_int32(x: f64) -> i32 {
    // In range, which nearly all are.
    let fast = x as i32;
    if f64::from(fast) == x {
        return fast;
    }
    to_int32_by_bits(x)
}

/// The integer part of x is m * 2^e; of that, the low 32 bits.
fn to_int32_by_bits(x: f64) -> i32 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1075;
    // NaN and infinities have 972 here, and 84 or more shifts every bit beyond the 32nd.
    if !(-52..=31).contains(&exponent) {
        return 0;
    }
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    let magnitude = if exponent < 0 { mantissa >> -exponent } else { mantissa << exponent };
    let low = magnitude as i32;
    if x < 0.0 { low.wrapping_neg() } else { low }
}

/// `Math.round`: the nearest integer, halves up; -0 for -0.5 and what is above it.
pub fn round(x: f64) -> f64 {
    let up = x.ceil();
    if up - 0.5 > x { up - 1.0 } else { up }
}

/// `Math.sign`.
pub fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// `Math.min` of two.
pub fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a < b || (a == b && a.is_sign_negative()) {
        a
    } else {
        b
    }
}

/// `Math.max` of two.
pub fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a > b || (a == b && a.is_sign_positive()) {
        a
    } else {
        b
    }
}

/// ToBoolean.
pub fn to_bool(x: f64) -> bool {
    !(x == 0.0 || x.is_nan())
}

/// An index as JavaScript's typed arrays take it: an integer of at least 0, -0 included, below `len`.
pub fn element_index(index: f64, len: u64) -> Option<u64> {
    // Negative numbers become 0 and NaN too, and so does not come out the same.
    let integer = index as u64;
    (integer as f64 == index && integer < len).then_some(integer)
}

/// The nearest half, half to even, as its bits.
pub fn to_half(x: f64) -> u16 {
    let bits = x.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0x7ff {
        return sign | 0x7c00 | if fraction == 0 { 0 } else { 0x0200 };
    }
    // Of the 53 bits, a half keeps 11, or fewer below 2^-14.
    let scale = exponent - 1023;
    let drop = 42 + (-14 - scale).max(0);
    if drop > 53 {
        return sign;
    }
    let significand = fraction | if exponent == 0 { 0 } else { 1 << 52 };
    let kept = significand >> drop;
    let rest = significand & ((1 << drop) - 1);
    let tie = 1_u64 << (drop - 1);
    let rounded = kept + u64::from(rest > tie || (rest == tie && kept & 1 == 1));
    // A carry out of the fraction goes to the exponent: that is right, and so is infinity beyond the last.
    let biased = if scale < -14 { 0 } else { (scale + 14) as u64 };
    let half = (biased << 10) + rounded;
    sign | half.min(0x7c00) as u16
}

/// A half as a double, exactly.
pub fn from_half(half: u16) -> f64 {
    let sign = if half & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(half >> 10 & 0x1f);
    let fraction = f64::from(half & 0x3ff);
    let power = |e: i32| f64::from_bits(((e + 1023) as u64) << 52);
    match exponent {
        0 => sign * fraction * power(-24),
        0x1f if fraction != 0.0 => f64::NAN,
        0x1f => sign * f64::INFINITY,
        _ => sign * (1024.0 + fraction) * power(exponent - 25),
    }
}

/// What an element of this type is after `value` has been stored to it and loaded again.
pub fn through_element(element: Element, value: f64) -> f64 {
    match element {
        Element::Int8 => f64::from(to_int32(value) as i8),
        Element::Uint8 => f64::from(to_int32(value) as u8),
        Element::Uint8Clamped => f64::from(clamp_uint8(value)),
        Element::Int16 => f64::from(to_int32(value) as i16),
        Element::Uint16 => f64::from(to_int32(value) as u16),
        Element::Int32 => f64::from(to_int32(value)),
        Element::Uint32 => f64::from(to_int32(value) as u32),
        Element::Float16 => from_half(to_half(value)),
        Element::Float32 => f64::from(value as f32),
        Element::Float64 => value,
    }
}

/// ToUint8Clamp: halves to even, NaN to 0.
pub fn clamp_uint8(value: f64) -> u8 {
    // `as` saturates, and makes 0 of NaN.
    value.round_ties_even() as u8
}

/// A value of any type, as 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bits(pub u64);

impl Bits {
    /// From a double.
    pub fn f64(value: f64) -> Self {
        Self(value.to_bits())
    }

    /// From 32 bits.
    pub fn i32(value: i32) -> Self {
        Self(u64::from(value as u32))
    }

    /// From a boolean.
    pub fn bool(value: bool) -> Self {
        Self(u64::from(value))
    }

    /// As a double.
    pub fn as_f64(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// As 32 bits.
    pub fn as_i32(self) -> i32 {
        self.0 as u32 as i32
    }

    /// As a boolean.
    pub fn as_bool(self) -> bool {
        self.0 != 0
    }
}

impl From<Const> for Bits {
    fn from(constant: Const) -> Self {
        match constant {
            Const::F64(bits) => Self(bits),
            Const::I32(value) => Self::i32(value),
            Const::Bool(value) => Self::bool(value),
        }
    }
}

/// What an operator of one operand makes.
pub fn unary(op: Unary, a: Bits) -> Bits {
    let x = a.as_f64();
    match op {
        Unary::Neg => Bits::f64(-x),
        Unary::Abs => Bits::f64(x.abs()),
        Unary::Sqrt => Bits::f64(x.sqrt()),
        Unary::Floor => Bits::f64(x.floor()),
        Unary::Ceil => Bits::f64(x.ceil()),
        Unary::Trunc => Bits::f64(x.trunc()),
        Unary::Round => Bits::f64(round(x)),
        Unary::Sign => Bits::f64(sign(x)),
        Unary::ToSingle => Bits::f64(f64::from(x as f32)),
        Unary::ToHalf => Bits::f64(from_half(to_half(x))),
        Unary::Clz => Bits::i32(a.as_i32().leading_zeros() as i32),
        Unary::Not => Bits::bool(!a.as_bool()),
        Unary::ToInt32 => Bits::i32(to_int32(x)),
        Unary::I32FromBool => Bits::i32(i32::from(a.as_bool())),
        Unary::FromInt32 => Bits::f64(f64::from(a.as_i32())),
        Unary::FromUint32 => Bits::f64(f64::from(a.as_i32() as u32)),
        Unary::FromBool => Bits::f64(f64::from(u8::from(a.as_bool()))),
        Unary::ToBool => Bits::bool(to_bool(x)),
    }
}

/// What an operator of two operands makes.
pub fn binary(op: Binary, a: Bits, b: Bits) -> Bits {
    let (x, y) = (a.as_f64(), b.as_f64());
    let (i, j) = (a.as_i32(), b.as_i32());
    let (u, v) = (i as u32, j as u32);
    let (p, q) = (a.as_bool(), b.as_bool());
    match op {
        Binary::Add => Bits::f64(x + y),
        Binary::Sub => Bits::f64(x - y),
        Binary::Mul => Bits::f64(x * y),
        Binary::Div => Bits::f64(x / y),
        Binary::Rem => Bits::f64(x % y),
        Binary::Min => Bits::f64(min(x, y)),
        Binary::Max => Bits::f64(max(x, y)),
        Binary::Eq => Bits::bool(x == y),
        Binary::Ne => Bits::bool(x != y),
        Binary::Lt => Bits::bool(x < y),
        Binary::Le => Bits::bool(x <= y),
        Binary::Gt => Bits::bool(x > y),
        Binary::Ge => Bits::bool(x >= y),
        Binary::IAdd => Bits::i32(i.wrapping_add(j)),
        Binary::ISub => Bits::i32(i.wrapping_sub(j)),
        Binary::IMul => Bits::i32(i.wrapping_mul(j)),
        Binary::And => Bits::i32(i & j),
        Binary::Or => Bits::i32(i | j),
        Binary::Xor => Bits::i32(i ^ j),
        Binary::Shl => Bits::i32(i.wrapping_shl(v)),
        Binary::Sar => Bits::i32(i.wrapping_shr(v)),
        Binary::Shr => Bits::i32(u.wrapping_shr(v) as i32),
        Binary::IEq => Bits::bool(i == j),
        Binary::INe => Bits::bool(i != j),
        Binary::ILt => Bits::bool(i < j),
        Binary::ILe => Bits::bool(i <= j),
        Binary::ULt => Bits::bool(u < v),
        Binary::ULe => Bits::bool(u <= v),
        Binary::BAnd => Bits::bool(p & q),
        Binary::BOr => Bits::bool(p | q),
        Binary::BXor => Bits::bool(p ^ q),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_int32_is_modulo() {
        for (x, expected) in [
            (0.0, 0),
            (-0.0, 0),
            (0.9, 0),
            (-0.9, 0),
            (-1.5, -1),
            (2_147_483_647.5, i32::MAX),
            (2_147_483_648.0, i32::MIN),
            (4_294_967_296.0, 0),
            (-2_147_483_649.0, i32::MAX),
            (9_007_199_254_740_991.0, -1),
            (-9_007_199_254_740_991.0, 1),
            (2_f64.powi(83) + 2_f64.powi(31), i32::MIN),
            (2_f64.powi(84), 0),
            (f64::MAX, 0),
            (f64::NAN, 0),
            (f64::INFINITY, 0),
            (f64::NEG_INFINITY, 0),
            (5e-324, 0),
        ] {
            assert_eq!(to_int32(x), expected, "{x}");
        }
    }

    /// Against arithmetic that cannot be wrong: integers of 128 bits.
    #[test]
    fn to_int32_agrees_with_wide_integers() {
        for shift in 0..64 {
            for low in [0_i128, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_2345_6789] {
                let integer = low << shift;
                let x = integer as f64;
                for x in [x, -x] {
                    assert_eq!(to_int32(x), x as i128 as i32, "{x}");
                }
            }
        }
    }

    #[test]
    fn rounds_halves_up() {
        for (x, expected) in [
            (-0.5, -0.0),
            (-0.2, -0.0),
            (0.499_999_999_999_999_94, 0.0),
            (0.5, 1.0),
            (-1.5, -1.0),
            (2.5, 3.0),
            (4_503_599_627_370_495.5, 4_503_599_627_370_496.0),
            (4_503_599_627_370_497.0, 4_503_599_627_370_497.0),
            (-0.0, -0.0),
            (f64::INFINITY, f64::INFINITY),
        ] {
            assert_eq!(round(x).to_bits(), expected.to_bits(), "{x}");
        }
        assert!(round(f64::NAN).is_nan());
    }

    #[test]
    fn halves_are_exact_both_ways() {
        for half in 0..=u16::MAX {
            let x = from_half(half);
            if x.is_nan() {
                assert_eq!(to_half(x) & 0x7fff, 0x7e00);
                continue;
            }
            assert_eq!(to_half(x), half);
            // Halfway to the next, ties go to the even one, and what is beside the tie to the nearer one.
            if half & 0x7fff >= 0x7bff {
                continue;
            }
            let next = from_half(half + 1);
            let middle = (x + next) / 2.0;
            assert_eq!(to_half(middle), half + (half & 1), "{half:#x}");
            let nudge = |by: i64| f64::from_bits((middle.to_bits() as i64 + by) as u64);
            assert_eq!(to_half(nudge(1)), half + 1, "{half:#x}");
            assert_eq!(to_half(nudge(-1)), half, "{half:#x}");
        }
        // The last tie rounds to infinity.
        assert_eq!(to_half(65_519.999), 0x7bff);
        assert_eq!(to_half(65_520.0), 0x7c00);
        assert_eq!(to_half(f64::MAX), 0x7c00);
        assert_eq!(to_half(-5e-324), 0x8000);
    }

    #[test]
    fn min_and_max_order_zeros_and_let_nan_win() {
        assert_eq!(min(0.0, -0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(min(-0.0, 0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(max(0.0, -0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(max(-0.0, 0.0).to_bits(), 0.0_f64.to_bits());
        assert!(min(f64::NAN, 1.0).is_nan() && max(1.0, f64::NAN).is_nan());
        assert_eq!((min(1.0, 2.0), max(1.0, 2.0)), (1.0, 2.0));
    }

    #[test]
    fn clamps_and_ties_to_even() {
        for (x, expected) in [(0.5, 0), (1.5, 2), (2.5, 2), (254.5, 254), (255.5, 255), (-3.0, 0), (1e9, 255)]
        {
            assert_eq!(clamp_uint8(x), expected, "{x}");
        }
        assert_eq!(clamp_uint8(f64::NAN), 0);
    }

    #[test]
    fn element_indices_are_integers_below_the_length() {
        assert_eq!(element_index(-0.0, 1), Some(0));
        assert_eq!(element_index(2.0, 3), Some(2));
        for index in [3.0, -1.0, 0.5, f64::NAN, f64::INFINITY, 1e300, -1e300] {
            assert_eq!(element_index(index, 3), None, "{index}");
        }
    }
}
