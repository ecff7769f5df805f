//! `log`, `log1p`, `log2` and `log10`.
//!
//! x = 2^k * (1 + f) with 1 + f between sqrt(2) / 2 and sqrt(2). With s = f / (2 + f), log(1 + f) = 2s + 2/3 s^3 + 2/5 s^5 + …,
//! of which a polynomial gives what is beyond 2s.

use std::f64::consts::LOG10_E;

use super::exp::{LN2_HIGH, LN2_LOW};
use super::words::{head, high, low, polynomial, power_of_two, with_high};

/// Coefficients of the even powers of s, from the second.
const SERIES: [f64; 7] = [
    0.6666666666666735,
    0.3999999999940942,
    0.2857142874366239,
    0.22222198432149784,
    0.1818357216161805,
    0.15313837699209373,
    0.14798198605116586,
];

/// The series at s, the terms with odd and with even indices summed on their own. (`log1p` sums in one.)
fn series(s: f64) -> f64 {
    let [c1, c2, c3, c4, c5, c6, c7] = SERIES;
    let z = s * s;
    let w = z * z;
    let even = w * polynomial(w, &[c2, c4, c6]);
    let odd = z * polynomial(w, &[c1, c3, c5, c7]);
    odd + even
}

/// The logarithms of what is not positive and finite, in all bases; `None` otherwise.
fn special(x: f64) -> Option<f64> {
    let word = high(x);
    if word < 0x0010_0000 {
        if ((word & 0x7fff_ffff) as u32 | low(x)) == 0 {
            return Some(f64::NEG_INFINITY);
        }
        return (word < 0).then_some(f64::NAN);
    }
    (word >= 0x7ff0_0000).then_some(x + x)
}

/// `x` and `k` with a subnormal number made normal: the argument is x * 2^k.
fn normal(x: f64) -> (f64, i32) {
    if high(x) < 0x0010_0000 { (x * power_of_two(54), -54) } else { (x, 0) }
}

/// 1 + f, k and the first 20 bits of the significand of `x`, which is positive and finite.
fn reduce(x: f64) -> (f64, i32, i32) {
    let (x, k) = normal(x);
    let word = high(x);
    let bits = word & 0xf_ffff;
    // 2^20 where the significand is above sqrt(2): then x / 2.
    let above = (bits + 0x9_5f64) & 0x10_0000;
    let reduced = with_high(x, bits | (above ^ 0x3ff0_0000));
    (reduced, k + (word >> 20) - 1023 + (above >> 20), bits)
}

pub(super) fn log(x: f64) -> f64 {
    if let Some(result) = special(x) {
        return result;
    }
    let (reduced, k, bits) = reduce(x);
    let f = reduced - 1.0;
    let kf = f64::from(k);
    if (0xf_ffff & (2 + bits)) < 3 {
        // |f| < 2^-20
        if f == 0.0 {
            return if k == 0 { 0.0 } else { kf * LN2_HIGH + kf * LN2_LOW };
        }
        let rest = f * f * (0.5 - 0.3333333333333333 * f);
        return if k == 0 { f - rest } else { kf * LN2_HIGH - ((rest - kf * LN2_LOW) - f) };
    }
    let s = f / (2.0 + f);
    let rest = series(s);
    // Whether f is large: from about sqrt(2) - 1 - 2^-5 on, on both sides of 1.
    if ((bits - 0x6_147a) | (0x6_b851 - bits)) > 0 {
        let half_square = 0.5 * f * f;
        if k == 0 {
            f - (half_square - s * (half_square + rest))
        } else {
            kf * LN2_HIGH - ((half_square - (s * (half_square + rest) + kf * LN2_LOW)) - f)
        }
    } else if k == 0 {
        f - s * (f - rest)
    } else {
        kf * LN2_HIGH - ((s * (f - rest) - kf * LN2_LOW) - f)
    }
}

pub(super) fn log1p(x: f64) -> f64 {
    let word = high(x);
    let magnitude = word & 0x7fff_ffff;

    let mut k = 1;
    let mut f = 0.0;
    // The first bits of 1 + f; 0 stands for |f| < 2^-20.
    let mut bits = 1;
    // log(1 + x) - log(u) ≈ c / u, where u is 1 + x rounded.
    let mut c = 0.0;
    if word < 0x3fda_827a {
        // 1 + x < sqrt(2), about
        if magnitude >= 0x3ff0_0000 {
            return if x == -1.0 { f64::NEG_INFINITY } else { f64::NAN };
        }
        if magnitude < 0x3e20_0000 {
            // |x| < 2^-29, and then 2^-54
            return if magnitude < 0x3c90_0000 { x } else { x - x * x * 0.5 };
        }
        if word > 0 || word <= 0xbfd2_bec4_u32 as i32 {
            // 1 + x > sqrt(2) / 2, about
            k = 0;
            f = x;
        }
    }
    if word >= 0x7ff0_0000 {
        return x + x;
    }
    if k != 0 {
        let mut u = x;
        if word < 0x4340_0000 {
            u = 1.0 + x;
            k = (high(u) >> 20) - 1023;
            c = if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) };
            c /= u;
        } else {
            k = (high(u) >> 20) - 1023;
        }
        bits = high(u) & 0xf_ffff;
        if bits < 0x6_a09e {
            u = with_high(u, bits | 0x3ff0_0000);
        } else {
            k += 1;
            u = with_high(u, bits | 0x3fe0_0000);
            bits = (0x10_0000 - bits) >> 2;
        }
        f = u - 1.0;
    }

    let kf = f64::from(k);
    let half_square = 0.5 * f * f;
    if bits == 0 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { kf * LN2_HIGH + (c + kf * LN2_LOW) };
        }
        let rest = half_square * (1.0 - 0.6666666666666666 * f);
        return if k == 0 { f - rest } else { kf * LN2_HIGH - ((rest - (kf * LN2_LOW + c)) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let rest = z * polynomial(z, &SERIES);
    if k == 0 {
        f - (half_square - s * (half_square + rest))
    } else {
        kf * LN2_HIGH - ((half_square - (s * (half_square + rest) + (kf * LN2_LOW + c))) - f)
    }
}

/// (f - f^2/2 + rest) / ln 2 + k, where the large terms are kept in two parts.
pub(super) fn log2(x: f64) -> f64 {
    /// 1 / ln 2 in two parts.
    const INVERSE_HIGH: f64 = 1.4426950407214463;
    const INVERSE_LOW: f64 = 1.6751713164886512e-10;

    if let Some(result) = special(x) {
        return result;
    }
    if x == 1.0 {
        return 0.0;
    }
    let (reduced, k, _) = reduce(x);
    let kf = f64::from(k);
    let f = reduced - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let rest = s * (half_square + series(s));

    let upper = head(f - half_square);
    let lower = (f - upper) - half_square + rest;
    let product = upper * INVERSE_HIGH;
    let product_rest = (lower + upper) * INVERSE_LOW + lower * INVERSE_HIGH;
    let sum = kf + product;
    (product_rest + ((kf - sum) + product)) + sum
}

/// With n the exponent, or that plus 1 if negative: n * log10(2) + log(x / 2^n) / ln 10.
pub(super) fn log10(x: f64) -> f64 {
    /// log10(2) in two parts, the first of 40 bits.
    const LOG10_2_HIGH: f64 = 0.30102999566361177;
    const LOG10_2_LOW: f64 = 3.694239077158931e-13;

    if let Some(result) = special(x) {
        return result;
    }
    if x == 1.0 {
        return 0.0;
    }
    let (x, k) = normal(x);
    let k = k + (high(x) >> 20) - 1023;
    let is_negative = i32::from(k < 0);
    let n = f64::from(k + is_negative);
    let reduced = with_high(x, (high(x) & 0xf_ffff) | ((0x3ff - is_negative) << 20));
    let z = n * LOG10_2_LOW + LOG10_E * log(reduced);
    z + n * LOG10_2_HIGH
}
