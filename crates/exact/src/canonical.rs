//! Exact sums as bytes: the same bytes for the same sum, whatever it was made of, and only one sequence for each.
//!
//! An accumulator in memory is not fit to leave the process: its bins hold carries that depend on the order of additions, and
//! numbers of both signs have bins of their own. What is written is the number itself.
//!
//! ```text
//! number    sign: u8 | place: i8 | n: u8 | n digits: u32         (-1)^sign * sum of digit[k] * 2^(32 * (place + k))
//! sum       class: u8 | if finite: number                        a multiple of 2^-1074
//! variance  class: u8 | if finite: number | number               the sum, as above; that of the squares, a multiple of 2^-2148
//! norm      class: u8 | if finite: number                        the sum of the squares
//!
//! class     0 finite   1 -0: nothing but negative zeros   2 infinity   3 -infinity   4 NaN
//! ```
//!
//! All integers are little-endian. The first digit of a number and the last one are not 0, so zero has none; its sign and its place
//! are 0. Squares have a sign of 0, and only of a sum there are classes 1 and 3. Beside an infinity or NaN there is no number: what
//! else was added no longer counts.
//!
//! What is read comes from elsewhere, and nothing is believed: it is refused unless it is written as above, and unless `terms`
//! doubles can have such sums, which are at most `terms` times the largest double, and obey the inequality of Cauchy and Schwarz. So
//! what was read can be merged and rounded as if it had been summed here.

use super::natural::Natural;

/// Bits in a digit.
pub(super) const STEP: u32 = u32::BITS;

/// What kind of number a sum is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Finite = 0,
    NegativeZero = 1,
    Infinity = 2,
    NegativeInfinity = 3,
    NaN = 4,
}

impl Class {
    /// That of a sum which is no finite number.
    pub(super) fn of(special: f64) -> Class {
        if special.is_nan() {
            Class::NaN
        } else if special > 0.0 {
            Class::Infinity
        } else {
            Class::NegativeInfinity
        }
    }

    pub(super) fn read(input: &mut &[u8]) -> Option<Class> {
        let [class] = take(input)?;
        [Class::Finite, Class::NegativeZero, Class::Infinity, Class::NegativeInfinity, Class::NaN]
            .into_iter()
            .find(|known| *known as u8 == class)
    }

    /// The sum if it is NaN or an infinity.
    pub(super) fn special(self) -> Option<f64> {
        match self {
            Class::Finite | Class::NegativeZero => None,
            Class::Infinity => Some(f64::INFINITY),
            Class::NegativeInfinity => Some(f64::NEG_INFINITY),
            Class::NaN => Some(f64::NAN),
        }
    }

    pub(super) fn write(self, out: &mut impl Extend<u8>) {
        out.extend([self as u8]);
    }
}

/// The next bytes of an input; `None` if it has fewer.
pub fn take<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = input.split_first_chunk::<N>()?;
    *input = rest;
    Some(*first)
}

/// Writes the number with this magnitude, in units of 2^`exponent`.
pub(super) fn write(out: &mut impl Extend<u8>, is_negative: bool, magnitude: &Natural, exponent: i32) {
    let step = STEP.cast_signed();
    let digits = magnitude.shifted_left(exponent.rem_euclid(step).cast_unsigned()).digits();
    let Some(first) = digits.iter().position(|&digit| digit != 0) else {
        return out.extend([0; 3]);
    };
    let end = digits.iter().rposition(|&digit| digit != 0).map_or(first, |last| last + 1);
    // Exponents are above -2200, and there are fewer digits than 2^7.
    let place = exponent.div_euclid(step) + first as i32;
    out.extend([u8::from(is_negative), place as u8, (end - first) as u8]);
    out.extend(digits[first..end].iter().flat_map(|digit| digit.to_le_bytes()));
}

/// A number as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    pub(super) is_negative: bool,
    /// Of the first digit.
    place: i32,
    digits: &'a [[u8; 4]],
}

impl<'a> Number<'a> {
    /// Reads a number; `None` if there is none, or one that is not written as it must be.
    pub(super) fn read(input: &mut &'a [u8]) -> Option<Number<'a>> {
        let [sign, place, len] = take(input)?;
        let (digits, rest) = input.split_at_checked(4 * usize::from(len))?;
        *input = rest;
        let digits = digits.as_chunks().0;
        let is_trimmed = match digits {
            [] => sign == 0 && place == 0,
            [first, .., last] => *first != [0; 4] && *last != [0; 4],
            [only] => *only != [0; 4],
        };
        let number = Number { is_negative: sign == 1, place: i32::from(place.cast_signed()), digits };
        (sign <= 1 && is_trimmed).then_some(number)
    }

    /// Gives each digit to `add`, and where it begins in a fixed-point number whose lowest bit has the weight 2^`lowest`. Of a digit
    /// that begins below, the bits that are there go, and must be zeros. `None` if they are not, or if a digit begins above 2^`highest`.
    pub(super) fn for_each(&self, lowest: i32, highest: i32, mut add: impl FnMut(u32, u32)) -> Option<()> {
        for (digit, place) in self.digits.iter().zip(self.place..) {
            let (digit, exponent) = (u32::from_le_bytes(*digit), place * STEP.cast_signed());
            if exponent > highest {
                return None;
            }
            match exponent - lowest {
                position @ 0.. => add(digit, position.cast_unsigned()),
                below => {
                    let cut = below.unsigned_abs();
                    if digit.trailing_zeros() < cut || cut >= STEP {
                        return None;
                    }
                    add(digit >> cut, 0);
                }
            }
        }
        Some(())
    }
}
