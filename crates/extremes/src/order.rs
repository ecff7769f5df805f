//! [`Order`]: elements as integers, their *keys*, such that the least key is that of the extreme.
//!
//! The bits of an element are flipped by a mask, and then they are a signed integer, or nearly so:
//!
//! ```text
//! signed integers     minimum: nothing is flipped     maximum: all bits, which reverses their order
//! unsigned integers   their top bit, which makes them signed in the same order; for the maximum, all others instead
//! floating point      minimum: nothing                maximum: the sign; then, of negative numbers, all other bits
//! ```
//!
//! So -0 comes before 0 for the minimum, and after it for the maximum. NaN has a key below all others: it wins.

use allcores_machine::Element;
use allcores_machine::convert::from_half;
use allcores_memory::Atom;

/// The key of no element: no key is above.
pub(crate) const EMPTY: i64 = i64::MAX;

/// The key of NaN. Finite numbers and infinities of all formats are above.
pub(crate) const NAN: i64 = i64::MIN;

/// Which extreme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// An element: a Number or a BigInt of JavaScript.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// NaN is the one that JavaScript writes.
    Number(f64),
    /// An element of 64 bits.
    BigInt(i128),
}

/// How elements of a type are ordered, for one side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Order {
    side: Side,
    element: Element,
}

impl Order {
    pub(crate) const fn new(side: Side, element: Element) -> Self {
        Self { side, element }
    }

    pub(crate) const fn element(self) -> Element {
        self.element
    }

    /// What is flipped in each element, in a word that is full of them.
    pub(crate) const fn flip(self) -> u64 {
        let top = match self.element.size() {
            1 => 0x8080_8080_8080_8080,
            2 => 0x8000_8000_8000_8000,
            4 => 0x8000_0000_8000_0000,
            _ => 0x8000_0000_0000_0000,
        };
        let reversal = match self.element {
            Element::Float16 | Element::Float32 | Element::Float64 => top,
            _ => u64::MAX,
        };
        let bias = match self.element {
            Element::Uint8
            | Element::Uint8Clamped
            | Element::Uint16
            | Element::Uint32
            | Element::BigUint64 => top,
            _ => 0,
        };
        match self.side {
            Side::Min => bias,
            Side::Max => bias ^ reversal,
        }
    }

    /// The value of an element with this key.
    pub(crate) fn value(self, key: i64) -> Value {
        let bits = |key: i64| key.cast_unsigned() ^ self.flip();
        match self.element {
            Element::Int8 => Value::Number(f64::from(bits(key) as i8)),
            Element::Uint8 | Element::Uint8Clamped => Value::Number(f64::from(bits(key) as u8)),
            Element::Int16 => Value::Number(f64::from(bits(key) as i16)),
            Element::Uint16 => Value::Number(f64::from(bits(key) as u16)),
            Element::Int32 => Value::Number(f64::from(bits(key) as i32)),
            Element::Uint32 => Value::Number(f64::from(bits(key) as u32)),
            Element::BigInt64 => Value::BigInt(i128::from(bits(key).cast_signed())),
            Element::BigUint64 => Value::BigInt(i128::from(bits(key))),
            _ if key == NAN => Value::Number(f64::NAN),
            Element::Float16 => Value::Number(from_half(bits(folded(key, 16)) as u16)),
            Element::Float32 => Value::Number(f64::from(f32::from_bits(bits(folded(key, 32)) as u32))),
            Element::Float64 => Value::Number(f64::from_bits(bits(folded(key, 64)))),
        }
    }

    /// What stands for the extreme of no elements.
    pub(crate) fn of_none(self) -> Option<Value> {
        let infinity = match self.side {
            Side::Min => f64::INFINITY,
            Side::Max => f64::NEG_INFINITY,
        };
        (!self.element.is_bigint()).then_some(Value::Number(infinity))
    }
}

/// A number of sign and magnitude as one in two's complement, and back: of a negative one, all bits below the sign are flipped.
/// `bits` is its width.
#[inline(always)]
pub(crate) const fn folded(number: i64, bits: u32) -> i64 {
    number ^ ((number >> 63).cast_unsigned() >> (65 - bits)).cast_signed()
}

/// How the elements of some types are compared.
pub(crate) trait Format {
    /// The unsigned integer of the same size.
    type Bits: Atom + Into<u64>;

    /// How many bits that has.
    const BITS: u32;

    /// The magnitude of infinity, if there are numbers with a greater one: NaN.
    const INFINITY: Option<i64>;

    /// The key of an element whose bits have been flipped.
    #[inline(always)]
    fn key(flipped: u64) -> i64 {
        let number = flipped.cast_signed() << (64 - Self::BITS) >> (64 - Self::BITS);
        match Self::INFINITY {
            None => number,
            Some(infinity) => {
                let key = folded(number, Self::BITS);
                // The negative number of magnitude m has the key -1 - m.
                if key > infinity || key < -1 - infinity { NAN } else { key }
            }
        }
    }
}

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident $bits:ident $infinity:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl Format for $name {
            type Bits = $bits;
            const BITS: u32 = $bits::BITS;
            const INFINITY: Option<i64> = $infinity;
        }
    )*};
}

formats! {
    /// Integers of 8 bits.
    Int8 u8 None;
    /// Integers of 16 bits.
    Int16 u16 None;
    /// Integers of 32 bits.
    Int32 u32 None;
    /// Integers of 64 bits.
    Int64 u64 None;
    /// Half precision.
    Half u16 Some(0x7c00);
    /// Single precision.
    Single u32 Some(0x7f80_0000);
    /// Double precision.
    Double u64 Some(0x7ff0_0000_0000_0000);
}
