//! `sinh`, `cosh`, `tanh` and their inverses, from `exp`, `expm1`, `log` and `log1p`.

use std::f64::consts::LN_2;

use super::exp::{exp, expm1};
use super::log::{log, log1p};
use super::words::high;

/// Above it `sinh` and `cosh` are infinite.
const OVERFLOW: f64 = 710.4758600739439;

pub(super) fn sinh(x: f64) -> f64 {
    let half = if x < 0.0 { -0.5 } else { 0.5 };
    let magnitude = x.abs();
    if magnitude < 22.0 {
        if magnitude < 3.725290298461914e-9 {
            // 2^-28
            return x;
        }
        let t = expm1(magnitude);
        if magnitude < 1.0 {
            return half * (2.0 * t - t * t / (t + 1.0));
        }
        return half * (t + t / (t + 1.0));
    }
    if magnitude < 709.7822265625 {
        return half * exp(magnitude);
    }
    if magnitude <= OVERFLOW {
        let w = exp(0.5 * magnitude);
        return half * w * w;
    }
    // Infinite, or NaN.
    x * 1e307
}

pub(super) fn cosh(x: f64) -> f64 {
    let word = high(x) & 0x7fff_ffff;
    let magnitude = x.abs();
    if word < 0x3fd6_2e43 {
        // |x| < ln 2 / 2
        let t = expm1(magnitude);
        let w = 1.0 + t;
        // 2^-55
        return if word < 0x3c80_0000 { w } else { 1.0 + (t * t) / (w + w) };
    }
    if word < 0x4036_0000 {
        // |x| < 22
        let t = exp(magnitude);
        return 0.5 * t + 0.5 / t;
    }
    if word < 0x4086_2e42 {
        return 0.5 * exp(magnitude);
    }
    if magnitude <= OVERFLOW {
        let w = exp(0.5 * magnitude);
        return 0.5 * w * w;
    }
    if word >= 0x7ff0_0000 { x * x } else { f64::INFINITY }
}

pub(super) fn tanh(x: f64) -> f64 {
    let word = high(x) & 0x7fff_ffff;
    if word >= 0x7ff0_0000 {
        return if x.is_nan() { x + x } else { 1.0_f64.copysign(x) };
    }
    let magnitude = x.abs();
    let result = if word >= 0x4036_0000 {
        // |x| >= 22
        1.0
    } else if word >= 0x3ff0_0000 {
        let t = expm1(2.0 * magnitude);
        1.0 - 2.0 / (t + 2.0)
    } else if word >= 0x3e30_0000 {
        let t = expm1(-2.0 * magnitude);
        -t / (t + 2.0)
    } else {
        // |x| < 2^-28
        return x;
    };
    if x < 0.0 { -result } else { result }
}

/// sign(x) * log(|x| + sqrt(x^2 + 1))
pub(super) fn asinh(x: f64) -> f64 {
    let word = high(x) & 0x7fff_ffff;
    if word >= 0x7ff0_0000 {
        return x + x;
    }
    if word < 0x3e30_0000 {
        // |x| < 2^-28
        return x;
    }
    let magnitude = x.abs();
    let result = if word > 0x41b0_0000 {
        // |x| > 2^28
        log(magnitude) + LN_2
    } else if word > 0x4000_0000 {
        // |x| > 2
        log(2.0 * magnitude + 1.0 / ((x * x + 1.0).sqrt() + magnitude))
    } else {
        let t = x * x;
        log1p(magnitude + t / (1.0 + (1.0 + t).sqrt()))
    };
    if x > 0.0 { result } else { -result }
}

/// log(x + sqrt(x^2 - 1))
pub(super) fn acosh(x: f64) -> f64 {
    let word = high(x);
    if word < 0x3ff0_0000 {
        return f64::NAN;
    }
    if word >= 0x41b0_0000 {
        // x >= 2^28
        return if word >= 0x7ff0_0000 { x + x } else { log(x) + LN_2 };
    }
    if x == 1.0 {
        0.0
    } else if word > 0x4000_0000 {
        // x > 2
        log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt()))
    } else {
        let t = x - 1.0;
        log1p(t + (2.0 * t + t * t).sqrt())
    }
}

/// log((1 + x) / (1 - x)) / 2
pub(super) fn atanh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude > 1.0 || x.is_nan() {
        return f64::NAN;
    }
    if magnitude == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    let word = high(magnitude);
    if word < 0x3e30_0000 {
        // |x| < 2^-28
        return x;
    }
    let double = magnitude + magnitude;
    let result = if word < 0x3fe0_0000 {
        0.5 * log1p(double + double * magnitude / (1.0 - magnitude))
    } else {
        0.5 * log1p(double / (1.0 - magnitude))
    };
    result.copysign(x)
}
