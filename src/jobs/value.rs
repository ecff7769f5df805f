//! [`Value`]: a result on its way to JavaScript.

use allcores_exact::Total;

/// A result on its way to JavaScript.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// A Number: the exact sum, rounded once.
    Number(f64),
    /// A BigInt. No sum needs more bits: fewer than 2^53 terms below 2^64, or the integers below 2^64.
    BigInt(i128),
    /// A sum of products that does: 192 bits, two's complement, the lowest 64 first.
    LargeBigInt([u64; 3]),
    /// What some terms of a reduction come to, to be merged with what others do: see `reduction::partial`.
    Partial(Box<[u8]>),
    /// Nothing: what was to be done has been done.
    Undefined,
    /// The call has failed.
    Refused(Refusal),
}

/// Why a call has failed that had begun: a sentence for the user of the class of `ERR_OUT_OF_RANGE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal(pub(crate) String);

impl From<Total> for Value {
    fn from(total: Total) -> Self {
        match total {
            Total::Number(number) => Self::Number(number),
            Total::BigInt(integer) => Self::BigInt(integer),
            Total::LargeBigInt(limbs) => Self::LargeBigInt(limbs),
        }
    }
}

/// Which of the two a caller wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Numeric {
    /// A Number.
    Number,
    /// A BigInt.
    BigInt,
}

impl Numeric {
    /// A sum of integers below 2^64, which is below 2^127.
    pub(super) fn value(self, sum: u128) -> Value {
        match self {
            // A conversion to f64 rounds to nearest, ties to even.
            Self::Number => Value::Number(sum as f64),
            Self::BigInt => Value::BigInt(sum as i128),
        }
    }
}
