//! `asin`, `acos`, `atan` and `atan2`.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use super::words::{head, high, polynomial};

/// What the double pi / 2 lacks.
const FRAC_PI_2_LOW: f64 = 6.123233995736766e-17;
/// What the double pi lacks.
const PI_LOW: f64 = 1.2246467991473532e-16;

/// (asin(x) - x) / x at the square of x, up to 1/4: a rational function, in two parts.
fn fraction(z: f64) -> (f64, f64) {
    let numerator = z * polynomial(
        z,
        &[
            0.16666666666666666,
            -0.3255658186224009,
            0.20121253213486293,
            -0.04005553450067941,
            0.0007915349942898145,
            3.479331075960212e-05,
        ],
    );
    let denominator = polynomial(
        z,
        &[1.0, -2.403394911734414, 2.0209457602335057, -0.6882839716054533, 0.07703815055590194],
    );
    (numerator, denominator)
}

/// [`fraction`] as one number.
fn excess(z: f64) -> f64 {
    let (numerator, denominator) = fraction(z);
    numerator / denominator
}

/// asin(x) directly up to 1/2; then pi/2 - 2 * asin(sqrt((1 - x) / 2)).
pub(super) fn asin(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude >= 0x3ff0_0000 {
        return if x.abs() == 1.0 { x * FRAC_PI_2 + x * FRAC_PI_2_LOW } else { f64::NAN };
    }
    if magnitude < 0x3fe0_0000 {
        // |x| < 2^-27
        return if magnitude < 0x3e40_0000 { x } else { x + x * excess(x * x) };
    }
    let z = (1.0 - x.abs()) * 0.5;
    let s = z.sqrt();
    let ratio = excess(z);
    let result = if magnitude >= 0x3fef_3333 {
        // |x| > 0.975
        FRAC_PI_2 - (2.0 * (s + s * ratio) - FRAC_PI_2_LOW)
    } else {
        // sqrt(z) in two parts.
        let upper = head(s);
        let lower = (z - upper * upper) / (s + upper);
        let p = 2.0 * s * ratio - (FRAC_PI_2_LOW - 2.0 * lower);
        let q = FRAC_PI_4 - 2.0 * upper;
        FRAC_PI_4 - (p - q)
    };
    if x > 0.0 { result } else { -result }
}

pub(super) fn acos(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude >= 0x3ff0_0000 {
        return if x == 1.0 {
            0.0
        } else if x == -1.0 {
            PI
        } else {
            f64::NAN
        };
    }
    if magnitude < 0x3fe0_0000 {
        if magnitude <= 0x3c60_0000 {
            // |x| < 2^-57
            return FRAC_PI_2;
        }
        return FRAC_PI_2 - (x - (FRAC_PI_2_LOW - x * excess(x * x)));
    }
    if x < 0.0 {
        let z = (1.0 + x) * 0.5;
        let s = z.sqrt();
        let w = excess(z) * s - FRAC_PI_2_LOW;
        PI - 2.0 * (s + w)
    } else {
        let z = (1.0 - x) * 0.5;
        let s = z.sqrt();
        let upper = head(s);
        let lower = (z - upper * upper) / (s + upper);
        let w = excess(z) * s + lower;
        2.0 * (upper + w)
    }
}

/// atan of 1/2, 1, 3/2 and infinity, and what these doubles lack.
const ATAN: [(f64, f64); 4] = [
    (0.4636476090008061, 2.2698777452961687e-17),
    (FRAC_PI_4, 3.061616997868383e-17),
    (0.982793723247329, 1.3903311031230998e-17),
    (FRAC_PI_2, FRAC_PI_2_LOW),
];

/// atan(t) = atan(c) + atan((t - c) / (1 + c * t)), with one of four c from 7/16 on, and a polynomial for the rest.
pub(super) fn atan(x: f64) -> f64 {
    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude >= 0x4410_0000 {
        // |x| >= 2^66
        return if x.is_nan() { x + x } else { FRAC_PI_2.copysign(x) };
    }
    let t = x.abs();
    let (reduced, offset) = if magnitude < 0x3fdc_0000 {
        // |x| < 7/16, and then 2^-27
        if magnitude < 0x3e40_0000 {
            return x;
        }
        (x, None)
    } else if magnitude < 0x3fe6_0000 {
        ((2.0 * t - 1.0) / (2.0 + t), Some(ATAN[0]))
    } else if magnitude < 0x3ff3_0000 {
        ((t - 1.0) / (t + 1.0), Some(ATAN[1]))
    } else if magnitude < 0x4003_8000 {
        ((t - 1.5) / (1.0 + 1.5 * t), Some(ATAN[2]))
    } else {
        (-1.0 / t, Some(ATAN[3]))
    };
    let z = reduced * reduced;
    let w = z * z;
    let odd = z * polynomial(
        w,
        &[
            0.3333333333333293,
            0.14285714272503466,
            0.09090887133436507,
            0.06661073137387531,
            0.049768779946159324,
            0.016285820115365782,
        ],
    );
    let even = w * polynomial(
        w,
        &[
            -0.19999999999876483,
            -0.11111110405462356,
            -0.0769187620504483,
            -0.058335701337905735,
            -0.036531572744216916,
        ],
    );
    let Some((upper, lower)) = offset else {
        return reduced - reduced * (odd + even);
    };
    let result = upper - ((reduced * (odd + even) - lower) - reduced);
    if x < 0.0 { -result } else { result }
}

pub(super) fn atan2(y: f64, x: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if x == 1.0 {
        return atan(y);
    }
    let is_left = x.is_sign_negative();
    if y == 0.0 {
        return if is_left { PI.copysign(y) } else { y };
    }
    if x == 0.0 {
        return FRAC_PI_2.copysign(y);
    }
    if x.is_infinite() {
        let angle = match (y.is_infinite(), is_left) {
            (true, false) => FRAC_PI_4,
            (true, true) => 3.0 * FRAC_PI_4,
            (false, false) => 0.0,
            (false, true) => PI,
        };
        return angle.copysign(y);
    }
    if y.is_infinite() {
        return FRAC_PI_2.copysign(y);
    }

    let exponents = ((high(y) & 0x7fff_ffff) - (high(x) & 0x7fff_ffff)) >> 20;
    // The angle of |y| and |x|.
    let (angle, is_left) = if exponents > 60 {
        // |y / x| > 2^60
        (FRAC_PI_2 + 0.5 * PI_LOW, false)
    } else if is_left && exponents < -60 {
        (0.0, true)
    } else {
        (atan((y / x).abs()), is_left)
    };
    match (y.is_sign_negative(), is_left) {
        (false, false) => angle,
        (true, false) => -angle,
        (false, true) => PI - (angle - PI_LOW),
        (true, true) => (angle - PI_LOW) - PI,
    }
}
