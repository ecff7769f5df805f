//! ECMAScript's conversions of Numbers, one at a time: what becomes of a Number that is stored to an element.

use crate::Element;

/// ToInt32: truncates, modulo 2^32; NaN and the infinities become 0.
#[inline]
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

/// ToIntegerOrInfinity: truncates; NaN and -0 become 0.
pub fn to_integer(x: f64) -> f64 {
    // -0 + 0 is 0.
    if x.is_nan() { 0.0 } else { x.trunc() + 0.0 }
}

/// ToUint8Clamp: halves to even, NaN to 0.
#[inline]
pub fn clamp_uint8(value: f64) -> u8 {
    // `as` saturates, and makes 0 of NaN.
    value.round_ties_even() as u8
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
///
/// # Panics
///
/// If the elements are BigInts: a Number cannot be stored to one.
#[inline]
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
        Element::BigInt64 | Element::BigUint64 => unreachable!("a Number for a {}", element.class()),
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
    fn clamps_and_ties_to_even() {
        for (x, expected) in [(0.5, 0), (1.5, 2), (2.5, 2), (254.5, 254), (255.5, 255), (-3.0, 0), (1e9, 255)]
        {
            assert_eq!(clamp_uint8(x), expected, "{x}");
        }
        assert_eq!(clamp_uint8(f64::NAN), 0);
    }

    #[test]
    fn integers_are_truncated_and_never_negative_zero() {
        for (x, expected) in
            [(1.9, 1.0_f64), (-1.9, -1.0), (-0.9, 0.0), (-0.0, 0.0), (f64::NAN, 0.0), (f64::MAX, f64::MAX)]
        {
            assert_eq!(to_integer(x).to_bits(), expected.to_bits(), "{x}");
        }
        assert_eq!(to_integer(f64::NEG_INFINITY), f64::NEG_INFINITY);
    }

    #[test]
    fn elements_keep_what_fits() {
        for (element, value, expected) in [
            (Element::Int8, 128.0, -128.0),
            (Element::Uint8, -1.0, 255.0),
            (Element::Uint8Clamped, -1.0, 0.0),
            (Element::Uint8Clamped, 254.5, 254.0),
            (Element::Int16, 32_768.7, -32_768.0),
            (Element::Uint16, -1.0, 65_535.0),
            (Element::Int32, 2_147_483_648.0, -2_147_483_648.0),
            (Element::Uint32, -1.0, 4_294_967_295.0),
            (Element::Float16, 2049.0, 2048.0),
            (Element::Float32, 16_777_217.0, 16_777_216.0),
            (Element::Float64, 0.1, 0.1),
        ] {
            assert_eq!(through_element(element, value), expected, "{element:?} {value}");
        }
    }
}
