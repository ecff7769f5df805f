//! `pow`, which is `**` too.
//!
//! fdlibm's, as V8 11 and 12 have it (Node 20 and 22). From Node 24 on, V8 handles special cases and calls the C library for the
//! rest. The special cases are the same in both: NaN if y is NaN, or if |x| = 1 and y is infinite, where C's `pow` gives 1;
//! x * x for y = 2; sqrt(x + 0) for y = 0.5, but +∞ for x = -∞.

use std::f64::consts::{LN_2, LOG2_E};

use super::exp::correction;
use super::words::{head, high, polynomial, power_of_two, scale, with_high};

/// 2 / (3 ln 2): as a double, and in two parts, the first of 24 bits.
const CP: f64 = 0.9617966939259756;
const CP_HIGH: f64 = 0.9617967009544373;
const CP_LOW: f64 = -7.028461650952758e-09;

/// 1 / ln 2 in two parts, the first of 24 bits.
const LOG2_E_HIGH: f64 = 1.4426950216293335;
const LOG2_E_LOW: f64 = 1.9259629911266175e-08;

/// ln 2 in two parts, the first of 24 bits.
const LN_2_HIGH: f64 = 0.6931471824645996;
const LN_2_LOW: f64 = -1.904654299957768e-09;

/// What y is where x is negative.
#[derive(Clone, Copy, PartialEq)]
enum Integer {
    Not,
    Odd,
    Even,
}

impl Integer {
    fn of(y: f64) -> Self {
        if y.trunc() != y {
            Self::Not
        } else if y % 2.0 == 0.0 {
            Self::Even
        } else {
            Self::Odd
        }
    }
}

pub(super) fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if let Some(result) = special_exponent(x, y) {
        return result;
    }
    let magnitude = x.abs();
    let integer = Integer::of(y);
    if magnitude == 0.0 || magnitude == 1.0 || magnitude.is_infinite() {
        let result = if y < 0.0 { 1.0 / magnitude } else { magnitude };
        return match (x.is_sign_negative(), integer) {
            (true, Integer::Not) if magnitude == 1.0 => f64::NAN,
            (true, Integer::Odd) => -result,
            _ => result,
        };
    }
    if x < 0.0 && integer == Integer::Not {
        return f64::NAN;
    }
    let sign = if x < 0.0 && integer == Integer::Odd { -1.0 } else { 1.0 };

    let (upper, lower) = if high(y) & 0x7fff_ffff > 0x41e0_0000 {
        // |y| > 2^31: only close to 1 is there a result between 0 and infinity.
        let word = high(magnitude);
        let is_below = word < if is_huge(y) { 0x3ff0_0000 } else { 0x3fef_ffff };
        if is_below {
            return if y < 0.0 { sign * f64::INFINITY } else { sign * 0.0 };
        }
        if is_huge(y) || word > 0x3ff0_0000 {
            return if y > 0.0 { sign * f64::INFINITY } else { sign * 0.0 };
        }
        log2_near_one(magnitude)
    } else {
        log2(magnitude)
    };

    // y * log2(x) in two parts.
    let y_head = head(y);
    let product_low = (y - y_head) * upper + y * lower;
    let product_high = y_head * upper;
    sign * exp2(product_high, product_low)
}

/// |y| > 2^64, where even the double next to 1 gives 0 or infinity.
fn is_huge(y: f64) -> bool {
    high(y) & 0x7fff_ffff > 0x43f0_0000
}

/// Infinite y, 1, -1, 2 and 0.5.
fn special_exponent(x: f64, y: f64) -> Option<f64> {
    let magnitude = x.abs();
    if y.is_infinite() {
        let result = if magnitude == 1.0 {
            f64::NAN
        } else if (magnitude > 1.0) == (y > 0.0) {
            f64::INFINITY
        } else {
            0.0
        };
        return Some(result);
    }
    if y == 1.0 {
        Some(x)
    } else if y == -1.0 {
        Some(1.0 / x)
    } else if y == 2.0 {
        Some(x * x)
    } else if y == 0.5 && x.is_sign_positive() {
        Some(x.sqrt())
    } else {
        None
    }
}

/// log2 of x within 2^-20 of 1, in two parts: x - x^2/2 + x^3/3 - x^4/4.
fn log2_near_one(x: f64) -> (f64, f64) {
    let t = x - 1.0;
    let w = (t * t) * (0.5 - t * (0.3333333333333333 - t * 0.25));
    let u = LOG2_E_HIGH * t;
    let v = t * LOG2_E_LOW - w * LOG2_E;
    let upper = head(u + v);
    (upper, v - (upper - u))
}

/// log2 of positive x in two parts, the first of 21 bits.
fn log2(x: f64) -> (f64, f64) {
    let (mut x, mut n) = (x, 0);
    if high(x) < 0x10_0000 {
        x *= power_of_two(53);
        n = -53;
    }
    n += (high(x) >> 20) - 0x3ff;
    let bits = high(x) & 0xf_ffff;
    let mut word = bits | 0x3ff0_0000;
    // The closer one of 1 and 1.5, its logarithm in two parts, and whether it is 1.5.
    let (point, point_high, point_low, k);
    if bits > 0x3_988e && bits < 0xb_b67a {
        (point, point_high, point_low, k) = (1.5, 0.5849624872207642, 1.350039202129749e-08, 1);
    } else {
        (point, point_high, point_low, k) = (1.0, 0.0, 0.0, 0);
        if bits > 0x3_988e {
            n += 1;
            word -= 0x10_0000;
        }
    }
    let x = with_high(x, word);

    // s = (x - point) / (x + point), in two parts.
    let u = x - point;
    let v = 1.0 / (x + point);
    let s = u * v;
    let s_high = head(s);
    let sum_high = with_high(0.0, ((word >> 1) | 0x2000_0000) + 0x8_0000 + (k << 18));
    let sum_low = x - (sum_high - point);
    let s_low = v * ((u - s_high * sum_high) - s_high * sum_low);

    // log(x / point) = 2s + 2/3 s^3 + …, of which 3/2 in two parts.
    let square = s * s;
    let mut rest = square
        * square
        * polynomial(
            square,
            &[
                0.5999999999999946,
                0.4285714285785502,
                0.33333332981837743,
                0.272728123808534,
                0.23066074577556175,
                0.20697501780033842,
            ],
        );
    rest += s_low * (s_high + s);
    let square = s_high * s_high;
    let t_high = head(3.0 + square + rest);
    let t_low = rest - ((t_high - 3.0) - square);
    let u = s_high * t_high;
    let v = s_low * t_high + t_low * s;
    let p_high = head(u + v);
    let p_low = v - (p_high - u);

    // Times 2 / (3 ln 2).
    let z_high = CP_HIGH * p_high;
    let z_low = CP_LOW * p_high + p_low * CP + point_low;
    let n = f64::from(n);
    let upper = head(((z_high + z_low) + point_high) + n);
    (upper, z_low - (((upper - n) - point_high) - z_high))
}

/// 2^(upper + lower).
fn exp2(upper: f64, lower: f64) -> f64 {
    /// 1024 less the logarithm of the largest double and half a unit of it.
    const OVERFLOW_REST: f64 = 8.008566259537294e-17;

    let z = lower + upper;
    let word = high(z);
    if word >= 0x4090_0000 {
        // z >= 1024
        if z > 1024.0 || lower + OVERFLOW_REST > z - upper {
            return f64::INFINITY;
        }
    } else if word & 0x7fff_ffff >= 0x4090_cc00 && (z < -1075.0 || lower <= z - upper) {
        // z <= -1075
        return 0.0;
    }

    // n = z + 1/2, rounded down in magnitude.
    let mut n = 0;
    let mut upper = upper;
    let magnitude = word & 0x7fff_ffff;
    if magnitude > 0x3fe0_0000 {
        // |z| > 1/2
        let shifted = word + (0x10_0000 >> ((magnitude >> 20) - 0x3ff + 1));
        let exponent = ((shifted & 0x7fff_ffff) >> 20) - 0x3ff;
        let integer = with_high(0.0, shifted & !(0xf_ffff >> exponent));
        n = ((shifted & 0xf_ffff) | 0x10_0000) >> (20 - exponent);
        if word < 0 {
            n = -n;
        }
        upper -= integer;
    }

    let t = head(lower + upper);
    let u = t * LN_2_HIGH;
    let v = (lower - (t - upper)) * LN_2 + t * LN_2_LOW;
    let z = u + v;
    let w = v - (z - u);
    let c = correction(z);
    // V8 divides by all of it; in Sun's original, w + z * w is subtracted from the quotient.
    let r = (z * c) / ((c - 2.0) - (w + z * w));
    let z = 1.0 - (r - z);
    if (high(z) + (n << 20)) >> 20 <= 0 { scale(z, n) } else { with_high(z, high(z) + (n << 20)) }
}
