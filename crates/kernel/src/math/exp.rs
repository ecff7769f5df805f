//! `exp` and `expm1`.
//!
//! x = k * ln 2 + r with |r| <= ln 2 / 2; then 2^k * exp(r), where a rational function gives exp(r).

use std::f64::consts::{E, LOG2_E};

use super::words::{from_words, high, polynomial, power_of_two};

/// ln 2 in two parts. Products of the first with integers of up to 11 bits are exact.
pub(super) const LN2_HIGH: f64 = 0.6931471803691238;
pub(super) const LN2_LOW: f64 = 1.9082149292705877e-10;

/// Above it the result is infinite.
const OVERFLOW: f64 = 709.782712893384;
/// Below it the result is 0.
const UNDERFLOW: f64 = -745.1332191019411;

/// r - (r^2/6 - r^4/360 + …), as `exp` and `pow` need it: exp(r) = 1 + r + r * c / (2 - c).
pub(super) fn correction(r: f64) -> f64 {
    let square = r * r;
    r - square
        * polynomial(
            square,
            &[
                0.16666666666666602,
                -0.0027777777777015593,
                6.613756321437934e-05,
                -1.6533902205465252e-06,
                4.1381367970572385e-08,
            ],
        )
}

pub(super) fn exp(x: f64) -> f64 {
    let is_negative = x.is_sign_negative();
    let magnitude = high(x) & 0x7fff_ffff;

    if magnitude >= 0x4086_2e42 {
        if magnitude >= 0x7ff0_0000 {
            return if x == f64::NEG_INFINITY { 0.0 } else { x };
        }
        if x > OVERFLOW {
            return f64::INFINITY;
        }
        if x < UNDERFLOW {
            return 0.0;
        }
    }

    // r = upper - lower, and so a little more exact than r alone.
    let (mut r, mut upper, mut lower, mut k) = (x, 0.0, 0.0, 0);
    if magnitude > 0x3fd6_2e42 {
        // |x| > ln 2 / 2
        if magnitude < 0x3ff0_a2b2 {
            // |x| < 1.5 ln 2
            if x == 1.0 {
                // V8's exception: what follows would miss the nearest double.
                return E;
            }
            let sign = if is_negative { -1.0 } else { 1.0 };
            upper = x - sign * LN2_HIGH;
            lower = sign * LN2_LOW;
            k = if is_negative { -1 } else { 1 };
        } else {
            k = (LOG2_E * x + if is_negative { -0.5 } else { 0.5 }) as i32;
            upper = x - f64::from(k) * LN2_HIGH;
            lower = f64::from(k) * LN2_LOW;
        }
        r = upper - lower;
    } else if magnitude < 0x3e30_0000 {
        // |x| < 2^-28
        return 1.0 + x;
    }

    let c = correction(r);
    if k == 0 {
        return 1.0 - ((r * c) / (c - 2.0) - r);
    }
    let y = 1.0 - ((lower - (r * c) / (2.0 - c)) - upper);
    if k == 1024 {
        y * 2.0 * power_of_two(1023)
    } else if k >= -1021 {
        y * power_of_two(k)
    } else {
        // In two steps, of which the second rounds.
        y * power_of_two(k + 1000) * power_of_two(-1000)
    }
}

pub(super) fn expm1(x: f64) -> f64 {
    let is_negative = x.is_sign_negative();
    let magnitude = high(x) & 0x7fff_ffff;

    if magnitude >= 0x4043_687a {
        // |x| >= 56 ln 2
        if magnitude >= 0x4086_2e42 {
            if magnitude >= 0x7ff0_0000 {
                return if x == f64::NEG_INFINITY { -1.0 } else { x };
            }
            if x > OVERFLOW {
                return f64::INFINITY;
            }
        }
        if is_negative {
            return -1.0;
        }
    }

    // `error` is what r lost in the subtraction.
    let (mut r, mut error, mut k) = (x, 0.0, 0);
    if magnitude > 0x3fd6_2e42 {
        // |x| > ln 2 / 2
        let (upper, lower);
        if magnitude < 0x3ff0_a2b2 {
            // |x| < 1.5 ln 2
            let sign = if is_negative { -1.0 } else { 1.0 };
            upper = x - sign * LN2_HIGH;
            lower = sign * LN2_LOW;
            k = if is_negative { -1 } else { 1 };
        } else {
            k = (LOG2_E * x + if is_negative { -0.5 } else { 0.5 }) as i32;
            upper = x - f64::from(k) * LN2_HIGH;
            lower = f64::from(k) * LN2_LOW;
        }
        r = upper - lower;
        error = (upper - r) - lower;
    } else if magnitude < 0x3c90_0000 {
        // |x| < 2^-54
        return x;
    }

    let half = 0.5 * r;
    let half_square = r * half;
    let r1 = polynomial(
        half_square,
        &[
            1.0,
            -0.03333333333333313,
            0.0015873015872548146,
            -7.93650757867488e-05,
            4.008217827329362e-06,
            -2.0109921818362437e-07,
        ],
    );
    let t = 3.0 - r1 * half;
    let mut e = half_square * ((r1 - t) / (6.0 - r * t));
    if k == 0 {
        return r - (r * e - half_square);
    }
    e = r * (e - error) - error;
    e -= half_square;
    if k == -1 {
        return 0.5 * (r - e) - 0.5;
    }
    if k == 1 {
        return if r < -0.25 { -2.0 * (e - (r + 0.5)) } else { 1.0 + 2.0 * (r - e) };
    }
    if k <= -2 || k > 56 {
        // exp(x) - 1 is exact enough.
        let y = 1.0 - (e - r);
        // The factor is V8's: 15 decimal digits of 2^1023.
        let y = if k == 1024 { y * 2.0 * 8.98846567431158e+307 } else { y * power_of_two(k) };
        return y - 1.0;
    }
    if k < 20 {
        // 1 - 2^-k
        let t = from_words(0x3ff0_0000 - (0x20_0000 >> k), 0);
        (t - (e - r)) * power_of_two(k)
    } else {
        ((r - (e + power_of_two(-k))) + 1.0) * power_of_two(k)
    }
}
