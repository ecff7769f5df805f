//! `cbrt`.

use super::words::{from_words, high, polynomial, power_of_two};

/// A root of 5 bits from the exponent divided by 3, one of 23 bits from a polynomial, and one step of Newton's method.
pub(super) fn cbrt(x: f64) -> f64 {
    /// (1023 - 1023/3 - 0.03306235651) * 2^20, and the same less 54/3 for scaled subnormal numbers.
    const BIAS: i32 = 715_094_163;
    const BIAS_SUBNORMAL: i32 = 696_219_795;

    let magnitude = high(x) & 0x7fff_ffff;
    if magnitude >= 0x7ff0_0000 {
        return x + x;
    }
    let rough = if magnitude < 0x10_0000 {
        if x == 0.0 {
            return x;
        }
        high(x.abs() * power_of_two(54)) / 3 + BIAS_SUBNORMAL
    } else {
        magnitude / 3 + BIAS
    };
    let t = from_words(rough, 0).copysign(x);

    // cbrt(x) = t * cbrt(x / t^3); the polynomial is 1 / cbrt(r), summed in this order.
    let r = (t * t) * (t / x);
    let lower = polynomial(r, &[1.87595182427177, -1.8849797954337717, 1.6214297201053545]);
    let upper = polynomial(r, &[-0.758397934778766, 0.14599619288661245]);
    let t = t * (lower + ((r * r) * r) * upper);

    // 23 bits, rounded away from 0: the square is exact.
    let t = f64::from_bits((t.to_bits() + 0x8000_0000) & 0xffff_ffff_c000_0000);
    let r = x / (t * t);
    let r = (r - t) / ((t + t) + r);
    t + t * r
}
