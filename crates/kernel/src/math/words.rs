//! Doubles as two 32-bit words, and what else all files here need.

/// Sign, exponent and the first 20 bits of the significand. Signed, as fdlibm has it: negative for negative doubles.
pub(super) const fn high(x: f64) -> i32 {
    (x.to_bits() >> 32) as i32
}

/// The last 32 bits of the significand.
pub(super) const fn low(x: f64) -> u32 {
    x.to_bits() as u32
}

/// The double with these words.
pub(super) const fn from_words(high: i32, low: u32) -> f64 {
    f64::from_bits(((high as u32 as u64) << 32) | low as u64)
}

/// `x` with another high word.
pub(super) const fn with_high(x: f64, high: i32) -> f64 {
    from_words(high, low(x))
}

/// `x` with a low word of 0: at most 21 significant bits, so that products of two are exact.
pub(super) const fn head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !0xffff_ffff)
}

/// 2^k for k from -1022 to 1023.
pub(super) const fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((1023 + k) as u64) << 52)
}

/// x * 2^k for k from -1991 to 1023: rounded once, also where the result is subnormal, for |x| of at least 2^-1 or so.
pub(super) fn scale(x: f64, k: i32) -> f64 {
    if k >= -1022 { x * power_of_two(k) } else { x * power_of_two(-969) * power_of_two(k + 969) }
}

/// Horner's rule: c0 + x * (c1 + x * (c2 + …)), in this order of operations.
pub(super) fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let last = coefficients[N - 1];
    coefficients[..N - 1].iter().rev().fold(last, |sum, coefficient| coefficient + x * sum)
}
