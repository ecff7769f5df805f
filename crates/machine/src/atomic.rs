//! [`AtomicOp`]: what JavaScript's `Atomics` do to an element.

use crate::Element;
use crate::convert::{through_element, to_int32, to_integer};

/// `Atomics.*` on an element of an integer array.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AtomicOp {
    /// `Atomics.load(array, index)`.
    Load,
    /// `Atomics.store(array, index, a)`: makes `a` truncated to an integer, as JavaScript returns it.
    Store,
    /// `Atomics.add(array, index, a)`.
    Add,
    /// `Atomics.sub(array, index, a)`.
    Sub,
    /// `Atomics.and(array, index, a)`.
    And,
    /// `Atomics.or(array, index, a)`.
    Or,
    /// `Atomics.xor(array, index, a)`.
    Xor,
    /// `Atomics.exchange(array, index, a)`.
    Exchange,
    /// `Atomics.compareExchange(array, index, a, b)`: stores `b` where `a` was.
    CompareExchange,
}

impl AtomicOp {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Load,
        Self::Store,
        Self::Add,
        Self::Sub,
        Self::And,
        Self::Or,
        Self::Xor,
        Self::Exchange,
        Self::CompareExchange,
    ];

    /// The operation's name in JavaScript.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Store => "store",
            Self::Add => "add",
            Self::Sub => "sub",
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Exchange => "exchange",
            Self::CompareExchange => "compareExchange",
        }
    }

    /// How many values it takes beside array and index.
    pub const fn arity(self) -> usize {
        match self {
            Self::Load => 0,
            Self::CompareExchange => 2,
            _ => 1,
        }
    }

    /// Does the operation to an element that no one else sees: the definition that atomic ones are held to. Takes what
    /// the element holds and the arguments that the operation has; gives what the element holds then, and what
    /// JavaScript's function returns.
    pub fn apply(self, element: Element, old: f64, a: f64, b: f64) -> (f64, f64) {
        let (i, j) = (to_int32(old), to_int32(a));
        let new = match self {
            Self::Load => i,
            Self::Store | Self::Exchange => j,
            Self::Add => i.wrapping_add(j),
            Self::Sub => i.wrapping_sub(j),
            Self::And => i & j,
            Self::Or => i | j,
            Self::Xor => i ^ j,
            Self::CompareExchange if through_element(element, a) == old => to_int32(b),
            Self::CompareExchange => i,
        };
        let returned = if self == Self::Store { to_integer(a) } else { old };
        (through_element(element, f64::from(new)), returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_what_atomics_do() {
        use AtomicOp::{Add, And, CompareExchange, Exchange, Load, Or, Store, Sub, Xor};
        for (op, element, old, [a, b], new, returned) in [
            (Load, Element::Int8, -3.0, [0.0; 2], -3.0, -3.0),
            (Store, Element::Int8, 1.0, [300.9, 0.0], 44.0, 300.0),
            (Store, Element::Int32, 1.0, [f64::INFINITY, 0.0], 0.0, f64::INFINITY),
            (Add, Element::Uint8, 255.0, [2.5, 0.0], 1.0, 255.0),
            (Add, Element::Uint32, 4_294_967_295.0, [1.0, 0.0], 0.0, 4_294_967_295.0),
            (Sub, Element::Uint16, 0.0, [1.0, 0.0], 65_535.0, 0.0),
            (And, Element::Int16, -1.0, [65_535.0, 0.0], -1.0, -1.0),
            (Or, Element::Uint32, 2_147_483_648.0, [1.0, 0.0], 2_147_483_649.0, 2_147_483_648.0),
            (Xor, Element::Int32, 5.0, [-1.0, 0.0], -6.0, 5.0),
            (Exchange, Element::Int32, 5.0, [f64::NAN, 0.0], 0.0, 5.0),
            (CompareExchange, Element::Int8, -1.0, [255.0, 7.0], 7.0, -1.0),
            (CompareExchange, Element::Uint8, 3.0, [4.0, 7.0], 3.0, 3.0),
        ] {
            assert_eq!(op.apply(element, old, a, b), (new, returned), "{op:?} {element:?} {old} {a} {b}");
        }
    }

    /// ToIntegerOrInfinity knows no -0.
    #[test]
    fn store_returns_an_integer() {
        for (a, returned) in [(-0.0, 0.0_f64), (-0.9, 0.0), (f64::NAN, 0.0), (-1.9, -1.0), (1e300, 1e300)] {
            let (_, actual) = AtomicOp::Store.apply(Element::Int32, 9.0, a, 0.0);
            assert_eq!(actual.to_bits(), returned.to_bits(), "{a}");
        }
    }
}
