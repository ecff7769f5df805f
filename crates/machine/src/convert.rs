//! ECMAScript's conversions of Numbers, one at a time: what becomes of a Number that is stored to an element.

use crate::Element;

/// ToInt32: truncates, modulo 2^32; NaN and the infinities become 0.
#[inline]
pub fn to_int32(x: f64) -> i32 {
    // `as` truncates, makes 0 of NaN, and saturates at these two: what else comes out is the integer part.
    match x as i64 {
        i64::MIN | i64::MAX => to_int32_by_bits(x),
        integer => integer as i32,
    }
}

/// The integer part of x is m * 2^e; of that, the low 32 bits.
#[cold]
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
#[expect(clippy::manual_clamp, reason = "it keeps NaN")]
pub fn clamp_uint8(value: f64) -> u8 {
    // The maximum of NaN and 0 is 0. From 2^52 on, doubles are integers: the sum rounds.
    (value.max(0.0).min(255.0) + 4_503_599_627_370_496.0).to_bits() as u8
}

/// The nearest half, half to even, as its bits. All cases are computed and one is chosen: no branches.
#[inline]
pub fn to_half(x: f64) -> u16 {
    const SMALLEST_NORMAL: f64 = 1.0 / 16384.0;
    /// Doubles from here on are as far apart as subnormal halves.
    const SUBNORMAL: f64 = 268_435_456.0;
    let magnitude = x.abs();
    let bits = magnitude.to_bits();
    // 42 bits fewer, and another bias of the exponent. A carry out of the fraction goes to the exponent: that is right, and so
    // is infinity beyond the last.
    let rounded = (bits + ((1 << 41) - 1) + (bits >> 42 & 1)) >> 42;
    let normal = rounded.wrapping_sub((1023 - 15) << 10).min(0x7c00);
    // The sum rounds. Overflow of a subnormal is the smallest normal.
    let subnormal = (magnitude + SUBNORMAL).to_bits().wrapping_sub(SUBNORMAL.to_bits());
    let finite = if magnitude < SMALLEST_NORMAL { subnormal } else { normal };
    let half = if x.is_nan() { 0x7e00 } else { finite };
    half as u16 | (x.to_bits() >> 48) as u16 & 0x8000
}

/// A half as a double, exactly. All cases are computed and one is chosen: no branches.
#[inline]
pub fn from_half(half: u16) -> f64 {
    const SMALLEST_NORMAL: f64 = 1.0 / 16384.0;
    /// What the exponent of a double has more than that of a half.
    const BIAS: u64 = (1023 - 15) << 52;
    let (sign, bits) = (u64::from(half & 0x8000) << 48, u64::from(half & 0x7fff) << 42);
    let normal = bits + BIAS;
    // Infinity and NaN have the largest exponent in both.
    let special = normal + BIAS;
    // The fraction of the smallest normals, of which it is the difference.
    let subnormal = (f64::from_bits(normal + (1 << 52)) - SMALLEST_NORMAL).to_bits();
    let magnitude = match half >> 10 & 0x1f {
        0 => subnormal,
        0x1f => special,
        _ => normal,
    };
    f64::from_bits(magnitude | sign)
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

    /// Against the definition: a sign, five bits of exponent, ten of fraction.
    #[test]
    fn halves_are_what_their_bits_say() {
        for half in 0..=u16::MAX {
            let sign = if half >> 15 == 1 { -1.0 } else { 1.0 };
            let (exponent, fraction) = (i32::from(half >> 10 & 31), f64::from(half & 1023));
            let x = from_half(half);
            match exponent {
                31 if fraction > 0.0 => assert!(x.is_nan(), "{half:#x}"),
                31 => assert_eq!(x, sign * f64::INFINITY),
                0 => assert_eq!(x.to_bits(), (sign * fraction * 2_f64.powi(-24)).to_bits(), "{half:#x}"),
                _ => assert_eq!(x, sign * (1024.0 + fraction) * 2_f64.powi(exponent - 25), "{half:#x}"),
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
