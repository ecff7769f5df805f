//! The oracle: sums as schoolbook arithmetic on long numbers, with nothing in it that is fast or clever.

use crate::Total;
use allcores_memory::Element;

/// The sum of the elements of a typed array with these bytes.
pub(super) fn total(element: Element, bytes: &[u8]) -> Total {
    match element {
        Element::Int8 => Total::Number(integers(bytes, i8::from_ne_bytes) as f64),
        Element::Uint8 => Total::Number(integers(bytes, u8::from_ne_bytes) as f64),
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

/// What `Math.sumPrecise` returns, step by step as ECMA-262 has it.
pub(super) fn doubles(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut positive, mut negative) = (Natural::default(), Natural::default());
    let (mut nan, mut plus_infinity, mut minus_infinity, mut only_minus_zero) = (false, false, false, true);
    for x in values {
        nan |= x.is_nan();
        plus_infinity |= x == f64::INFINITY;
        minus_infinity |= x == f64::NEG_INFINITY;
        only_minus_zero &= x == 0.0 && x.is_sign_negative();
        if x.is_finite() {
            let (exponent, mantissa) = (x.to_bits() >> 52 & 0x7ff, x.to_bits() << 12 >> 12);
            let (mantissa, shift) =
                if exponent == 0 { (mantissa, 0) } else { (mantissa | 1 << 52, exponent - 1) };
            if x > 0.0 { &mut positive } else { &mut negative }.add(mantissa, shift as usize);
        }
    }
    match () {
        () if nan || plus_infinity && minus_infinity => f64::NAN,
        () if plus_infinity => f64::INFINITY,
        () if minus_infinity => f64::NEG_INFINITY,
        () if only_minus_zero => -0.0,
        () if positive.is_less_than(&negative) => -negative.minus(&positive).round(),
        () => positive.minus(&negative).round(),
    }
}

/// A natural number of units of 2^-1074, as digits of 32 bits, the lowest first.
struct Natural([u32; 70]);

impl Default for Natural {
    fn default() -> Natural {
        Natural([0; 70])
    }
}

impl Natural {
    /// Adds `mantissa * 2^shift`.
    fn add(&mut self, mantissa: u64, shift: usize) {
        let mut addend = u128::from(mantissa) << (shift % 32);
        let mut carry = 0;
        for digit in &mut self.0[shift / 32..] {
            if addend == 0 && carry == 0 {
                break;
            }
            let sum = u64::from(*digit) + u64::from(addend as u32) + carry;
            *digit = sum as u32;
            carry = sum >> 32;
            addend >>= 32;
        }
    }

    fn is_less_than(&self, other: &Natural) -> bool {
        self.0.iter().rev().lt(other.0.iter().rev())
    }

    /// The difference; `other` must not be larger.
    fn minus(&self, other: &Natural) -> Natural {
        let mut difference = Natural::default();
        let mut borrow = 0;
        for index in 0..70 {
            let digit = i64::from(self.0[index]) - i64::from(other.0[index]) - borrow;
            borrow = i64::from(digit < 0);
            difference.0[index] = digit as u32;
        }
        assert_eq!(borrow, 0);
        difference
    }

    fn bit(&self, index: usize) -> bool {
        self.0[index / 32] >> (index % 32) & 1 == 1
    }

    /// The nearest double, ties to even.
    fn round(&self) -> f64 {
        let bits = (0..70 * 32).rev().find(|&index| self.bit(index)).map_or(0, |top| top + 1);
        let cut = bits.saturating_sub(53);
        let mut mantissa =
            (cut..bits).rev().fold(0_u64, |mantissa, index| mantissa << 1 | u64::from(self.bit(index)));
        if cut > 0 && self.bit(cut - 1) {
            let more_than_half = (0..cut - 1).any(|index| self.bit(index));
            if more_than_half || mantissa % 2 == 1 {
                mantissa += 1;
            }
        }
        // Up to 2^53 units of 2^-1074 are the double with these very bits. Doubling is exact, or overflows as
        // it should.
        (0..cut).fold(f64::from_bits(mantissa), |x, _| x * 2.0)
    }
}
