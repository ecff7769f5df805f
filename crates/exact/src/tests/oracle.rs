//! The oracle: exact sums as an array of binary digits and plain loops.

use crate::Total;
use allcores_machine::Element;

/// The sum of the elements of a typed array with these bytes.
pub(super) fn total(element: Element, bytes: &[u8]) -> Total {
    match element {
        Element::Int8 => Total::Number(integers(bytes, i8::from_ne_bytes) as f64),
        Element::Uint8 | Element::Uint8Clamped => Total::Number(integers(bytes, u8::from_ne_bytes) as f64),
        Element::Int16 => Total::Number(integers(bytes, i16::from_ne_bytes) as f64),
        Element::Uint16 => Total::Number(integers(bytes, u16::from_ne_bytes) as f64),
        Element::Int32 => Total::Number(integers(bytes, i32::from_ne_bytes) as f64),
        Element::Uint32 => Total::Number(integers(bytes, u32::from_ne_bytes) as f64),
        Element::BigInt64 => Total::BigInt(integers(bytes, i64::from_ne_bytes)),
        Element::BigUint64 => Total::BigInt(integers(bytes, u64::from_ne_bytes)),
        Element::Float64 => Total::Number(doubles(elements(bytes).map(f64::from_ne_bytes))),
        Element::Float32 => Total::Number(doubles(elements(bytes).map(|x| f64::from(f32::from_ne_bytes(x))))),
        Element::Float16 => Total::Number(doubles(elements(bytes).map(|x| half(u16::from_ne_bytes(x))))),
    }
}

/// The elements of a typed array of Numbers with these bytes.
pub(super) fn values(element: Element, bytes: &[u8]) -> Vec<f64> {
    match element {
        Element::Int8 => elements(bytes).map(|x| i8::from_ne_bytes(x).into()).collect(),
        Element::Uint8 | Element::Uint8Clamped => {
            elements(bytes).map(|x| u8::from_ne_bytes(x).into()).collect()
        }
        Element::Int16 => elements(bytes).map(|x| i16::from_ne_bytes(x).into()).collect(),
        Element::Uint16 => elements(bytes).map(|x| u16::from_ne_bytes(x).into()).collect(),
        Element::Int32 => elements(bytes).map(|x| i32::from_ne_bytes(x).into()).collect(),
        Element::Uint32 => elements(bytes).map(|x| u32::from_ne_bytes(x).into()).collect(),
        Element::Float16 => elements(bytes).map(|x| half(u16::from_ne_bytes(x))).collect(),
        Element::Float32 => elements(bytes).map(|x| f32::from_ne_bytes(x).into()).collect(),
        Element::Float64 => elements(bytes).map(f64::from_ne_bytes).collect(),
        Element::BigInt64 | Element::BigUint64 => unreachable!("their elements are BigInts"),
    }
}

/// The elements of a typed array of BigInts with these bytes.
pub(super) fn integers_of(element: Element, bytes: &[u8]) -> Vec<i128> {
    match element {
        Element::BigInt64 => elements(bytes).map(|x| i64::from_ne_bytes(x).into()).collect(),
        _ => elements(bytes).map(|x| u64::from_ne_bytes(x).into()).collect(),
    }
}

fn elements<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> {
    bytes.chunks_exact(N).map(|chunk| chunk.try_into().expect("N bytes"))
}

fn integers<T: Into<i128>, const N: usize>(bytes: &[u8], value: fn([u8; N]) -> T) -> i128 {
    elements(bytes).map(value).map(T::into).sum()
}

/// Half precision as its definition has it.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, mantissa) = (bits >> 10 & 31, f64::from(bits & 1023));
    match exponent {
        31 if mantissa > 0.0 => f64::NAN,
        31 => sign * f64::INFINITY,
        0 => sign * mantissa / 16_777_216.0,
        _ => sign * (1024.0 + mantissa) * f64::from(1_u32 << exponent) / 33_554_432.0,
    }
}

/// What `Math.sumPrecise` returns: the exact sum, rounded once to the nearest double, ties to even.
pub(super) fn doubles(values: impl IntoIterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.into_iter().collect();
    let (plus, minus) = (values.contains(&f64::INFINITY), values.contains(&f64::NEG_INFINITY));
    if values.iter().any(|x| x.is_nan()) || plus && minus {
        return f64::NAN;
    } else if plus || minus {
        return if plus { f64::INFINITY } else { f64::NEG_INFINITY };
    } else if values.iter().all(|x| *x == 0.0 && x.is_sign_negative()) {
        return -0.0;
    }

    // The sum of digits[i] * 2^(i - 1074). Digits may be any integers until they are carried.
    let mut digits = [0_i64; 2200];
    for x in values {
        let (exponent, fraction) = (x.to_bits() >> 52 & 0x7ff, x.to_bits() & ((1 << 52) - 1));
        let (mantissa, place) =
            if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent as usize - 1) };
        for bit in 0..53 {
            let digit = (mantissa >> bit & 1) as i64;
            digits[place + bit] += if x < 0.0 { -digit } else { digit };
        }
    }
    let negated = digits.map(|digit| -digit);
    if carry(&mut digits) < 0 {
        digits = negated;
        carry(&mut digits);
        -round(&digits)
    } else {
        round(&digits)
    }
}

/// Makes every digit 0 or 1 by carrying to the next. Returns the carry out of the last one: negative if the sum is.
fn carry(digits: &mut [i64]) -> i64 {
    let mut carry = 0;
    for digit in digits {
        let sum = *digit + carry;
        (*digit, carry) = (sum.rem_euclid(2), sum.div_euclid(2));
    }
    carry
}

/// The double nearest to the sum of digits[i] * 2^(i - 1074), ties to even. Every digit is 0 or 1.
fn round(digits: &[i64]) -> f64 {
    let Some(top) = digits.iter().rposition(|&digit| digit == 1) else { return 0.0 };
    // The 53 digits from the highest one on are kept.
    let low = top.saturating_sub(52);
    let mut mantissa = digits[low..=top].iter().rfold(0, |mantissa, &digit| 2 * mantissa + digit as u64);
    let (half, more) = match digits[..low].split_last() {
        Some((&half, rest)) => (half == 1, rest.contains(&1)),
        None => (false, false),
    };
    if half && (more || mantissa % 2 == 1) {
        mantissa += 1;
    }
    // The double with the bits of an integer up to 2^53 is that many times 2^-1074. Doubling it is exact, or overflows.
    (0..low).fold(f64::from_bits(mantissa), |x, _| x * 2.0)
}
