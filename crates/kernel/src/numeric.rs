//! ECMAScript's arithmetic, one number at a time: the definition that every engine is held to.
//!
//! What Rust's own operators already do as ECMAScript has it (`+ - * / %`, comparisons, `sqrt`, `floor`, `ceil`, `trunc`) is not
//! here. Rust never contracts a multiplication and an addition, and `%` of doubles is exact like JavaScript's.

pub use allcores_machine::convert::{clamp_uint8, from_half, through_element, to_half, to_int32};

use crate::ir::{Binary, Const, Unary};

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

/// A number as ECMAScript writes it: `Number::toString`, of radix 10.
pub fn text(x: f64) -> String {
    let sign = if x < 0.0 { "-" } else { "" };
    if !x.is_finite() {
        return if x.is_nan() { "NaN".into() } else { format!("{sign}Infinity") };
    }
    // The fewest digits that tell it from its neighbors, and the exponent of the first.
    let shortest = format!("{:e}", x.abs());
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits = digits.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let unsigned = match exponent {
        -6..0 => format!("0.{}{digits}", "0".repeat(-exponent as usize - 1)),
        0..21 if digits.len() as i32 <= exponent + 1 => {
            format!("{digits}{}", "0".repeat(exponent as usize + 1 - digits.len()))
        }
        0..21 => format!("{}.{}", &digits[..=exponent as usize], &digits[exponent as usize + 1..]),
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}e{exponent:+}")
        }
    };
    format!("{sign}{unsigned}")
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
        Binary::BitAnd => Bits(a.0 & b.0),
        Binary::BitAndNot => Bits(a.0 & !b.0),
        Binary::BitOr => Bits(a.0 | b.0),
        Binary::BitXor => Bits(a.0 ^ b.0),
        Binary::BitAdd => Bits(a.0.wrapping_add(b.0)),
        Binary::BitSub => Bits(a.0.wrapping_sub(b.0)),
        // Shifts of Rust wrap at the width.
        Binary::BitShl => Bits(a.0.wrapping_shl(to_int32(y) as u32)),
        Binary::BitShr => Bits(a.0.wrapping_shr(to_int32(y) as u32)),
        Binary::BitMulHigh => Bits(product_of_words(a.0, b.0) >> 32),
        Binary::BitMulLow => Bits(product_of_words(a.0, b.0) & 0xffff_ffff),
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

/// Of the lower 32 bits of each.
fn product_of_words(a: u64, b: u64) -> u64 {
    (a & 0xffff_ffff) * (b & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn min_and_max_order_zeros_and_let_nan_win() {
        assert_eq!(min(0.0, -0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(min(-0.0, 0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(max(0.0, -0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(max(-0.0, 0.0).to_bits(), 0.0_f64.to_bits());
        assert!(min(f64::NAN, 1.0).is_nan() && max(1.0, f64::NAN).is_nan());
        assert_eq!((min(1.0, 2.0), max(1.0, 2.0)), (1.0, 2.0));
    }

    #[test]
    fn numbers_are_written_as_ecmascript_has_it() {
        for (x, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (120.0, "120"),
            (123.456, "123.456"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (0.000_012_3, "0.0000123"),
            (1e20, "100000000000000000000"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e21, "1e+21"),
            (1.25e300, "1.25e+300"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(text(x), expected);
        }
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
