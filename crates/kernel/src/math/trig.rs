//! `sin`, `cos` and `tan`.
//!
//! The argument is reduced to y + tail = x - n * pi / 2 with |y| <= pi / 4; n modulo 4 decides which of the kernels makes the
//! result.

use std::f64::consts::FRAC_PI_4;

use super::rem_pio2::rem_pio2;
use super::words::{from_words, head, high, polynomial};

/// The high word of pi / 4.
const PI_4: i32 = 0x3fe9_21fb;

pub(super) fn sin(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude <= PI_4 {
        return sin_alone(x);
    }
    if magnitude >= 0x7ff0_0000 {
        return f64::NAN;
    }
    let (n, y, tail) = rem_pio2(x);
    match n & 3 {
        0 => sin_kernel(y, tail),
        1 => cos_kernel(y, tail),
        2 => -sin_kernel(y, tail),
        _ => -cos_kernel(y, tail),
    }
}

pub(super) fn cos(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude <= PI_4 {
        return cos_kernel(x, 0.0);
    }
    if magnitude >= 0x7ff0_0000 {
        return f64::NAN;
    }
    let (n, y, tail) = rem_pio2(x);
    match n & 3 {
        0 => cos_kernel(y, tail),
        1 => -sin_kernel(y, tail),
        2 => -cos_kernel(y, tail),
        _ => sin_kernel(y, tail),
    }
}

pub(super) fn tan(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude <= PI_4 {
        return tan_kernel(x, 0.0, true);
    }
    if magnitude >= 0x7ff0_0000 {
        return f64::NAN;
    }
    let (n, y, tail) = rem_pio2(x);
    tan_kernel(y, tail, n & 1 == 0)
}

/// Coefficients of x^3, x^5, … of the sine.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.00833333333332249,
    -0.0001984126982985795,
    2.7557313707070068e-06,
    -2.5050760253406863e-08,
    1.58969099521155e-10,
];

/// The sine's terms from x^5 on, over x^5; and x^2.
fn sin_terms(x: f64) -> (f64, f64) {
    let [_, s2, s3, s4, s5, s6] = SIN;
    let z = x * x;
    (polynomial(z, &[s2, s3, s4, s5, s6]), z)
}

/// sin(x) for |x| <= pi / 4.
fn sin_alone(x: f64) -> f64 {
    if high(x) & 0x7fff_ffff < 0x3e40_0000 {
        // |x| < 2^-27
        return x;
    }
    let (r, z) = sin_terms(x);
    x + z * x * (SIN[0] + z * r)
}

/// sin(x + tail) for |x| <= pi / 4.
fn sin_kernel(x: f64, tail: f64) -> f64 {
    if high(x) & 0x7fff_ffff < 0x3e40_0000 {
        return x;
    }
    let (r, z) = sin_terms(x);
    let v = z * x;
    x - ((z * (0.5 * tail - v * r) - tail) - v * SIN[0])
}

/// cos(x + tail) for |x| <= pi / 4.
fn cos_kernel(x: f64, tail: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude < 0x3e40_0000 {
        // |x| < 2^-27
        return 1.0;
    }
    let z = x * x;
    let r = z * polynomial(
        z,
        &[
            0.0416666666666666,
            -0.001388888888887411,
            2.480158728947673e-05,
            -2.7557314351390663e-07,
            2.087572321298175e-09,
            -1.1359647557788195e-11,
        ],
    );
    if magnitude < 0x3fd3_3333 {
        // |x| < 0.3
        return 1.0 - (0.5 * z - (z * r - x * tail));
    }
    // About |x| / 4: subtracted on both sides it makes the differences exact.
    let quarter = if magnitude > 0x3fe9_0000 { 0.28125 } else { from_words(magnitude - 0x20_0000, 0) };
    (1.0 - quarter) - ((0.5 * z - quarter) - (z * r - x * tail))
}

/// Coefficients of x^3, x^5, … of the tangent.
const TAN: [f64; 13] = [
    0.3333333333333341,
    0.13333333333320124,
    0.05396825397622605,
    0.021869488294859542,
    0.0088632398235993,
    0.0035920791075913124,
    0.0014562094543252903,
    0.0005880412408202641,
    0.0002464631348184699,
    7.817944429395571e-05,
    7.140724913826082e-05,
    -1.8558637485527546e-05,
    2.590730518636337e-05,
];

/// tan(x + tail), or its negated reciprocal, for |x| <= pi / 4.
fn tan_kernel(x: f64, tail: f64, is_tangent: bool) -> f64 {
    /// What the double pi / 4 lacks.
    const FRAC_PI_4_LOW: f64 = 3.061616997868383e-17;

    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude < 0x3e30_0000 {
        // |x| < 2^-28. A reduced argument is never 0.
        return if is_tangent { x } else { negated_reciprocal(x, tail) };
    }
    // |x| >= 0.6744: tan(pi / 4 - y) = 1 - 2 * (tan(y) - tan(y)^2 / (1 + tan(y)))
    let is_large = magnitude >= 0x3fe5_9428;
    let is_negative = high(x) < 0;
    let (mut x, mut tail) = (x, tail);
    if is_large {
        if is_negative {
            (x, tail) = (-x, -tail);
        }
        x = (FRAC_PI_4 - x) + (FRAC_PI_4_LOW - tail);
        tail = 0.0;
    }
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12] = TAN;
    let z = x * x;
    let w = z * z;
    let odd = polynomial(w, &[t1, t3, t5, t7, t9, t11]);
    let even = z * polynomial(w, &[t2, t4, t6, t8, t10, t12]);
    let s = z * x;
    let r = tail + z * (s * (odd + even) + tail) + t0 * s;
    let w = x + r;
    if is_large {
        let v = if is_tangent { 1.0 } else { -1.0 };
        let sign = if is_negative { -1.0 } else { 1.0 };
        return sign * (v - 2.0 * (x - (w * w / (w + v) - r)));
    }
    if is_tangent { w } else { negated_reciprocal(x, r) }
}

/// -1 / (x + r), where the plain quotient could be off by two units in the last place.
fn negated_reciprocal(x: f64, r: f64) -> f64 {
    let w = x + r;
    let z = head(w);
    // z + v = x + r
    let v = r - (z - x);
    let a = -1.0 / w;
    let t = head(a);
    let s = 1.0 + t * z;
    t + a * (s + t * v)
}
