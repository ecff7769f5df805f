//! [`Dot`]: the exact sum of the products of two lists.

use super::{
    Total,
    big_products::BigProducts,
    natural::nearest,
    product_sum::ProductSum,
    products::{Pairs, TILE},
    wide::LOWEST,
    widen::widen,
};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// The exact sum of the products of the elements of two lists, pair by pair.
///
/// Of floating-point numbers and of integers of up to 32 bits, in any combination, it is a Number: the exact value, rounded once to the
/// nearest double, ties to even. NaN if a number is NaN, if an infinity is multiplied by zero, or if there are products that are infinities of
/// both signs; else an infinity if there is one. Products of numbers that are finite are finite, however large. An exact zero is +0. Of 64-bit
/// integers it is a BigInt, exact.
#[derive(Clone, Debug)]
pub struct Dot {
    elements: [Element; 2],
    isa: Isa,
    accumulator: Accumulator,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one per thread and job; a box would be an allocation per job")]
enum Accumulator {
    Numbers(ProductSum<Pairs>),
    BigInts(BigProducts),
}

impl Dot {
    /// The sum of no products, to which those of elements of these types can be added; `None` if only one of them is a type of BigInts.
    pub const fn new(elements: [Element; 2], isa: Isa) -> Option<Dot> {
        let accumulator = match [elements[0].is_bigint(), elements[1].is_bigint()] {
            [false, false] => Accumulator::Numbers(ProductSum::new()),
            [true, true] => Accumulator::BigInts(BigProducts::new()),
            _ => return None,
        };
        Some(Dot { elements, isa, accumulator })
    }

    /// Adds the products of two blocks of as many elements. Each is read once; other threads may be writing them.
    pub fn add(&mut self, [x, y]: [Block<'_>; 2]) {
        let ([x_element, y_element], isa) = (self.elements, self.isa);
        debug_assert_eq!(x.len() / x_element.size(), y.len() / y_element.size());
        match &mut self.accumulator {
            Accumulator::BigInts(sum) => {
                let is_signed = self.elements.map(|element| element == Element::BigInt64);
                sum.add([x, y], is_signed);
            }
            Accumulator::Numbers(sum) if self.elements == [Element::Float64; 2] => sum.add(x, y, isa),
            Accumulator::Numbers(sum) => {
                let (mut x_places, mut y_places) = ([0.0; TILE], [0.0; TILE]);
                let pieces = x.pieces(TILE * x_element.size()).zip(y.pieces(TILE * y_element.size()));
                for (x, y) in pieces {
                    let x = widen(x_element, x, &mut x_places, isa);
                    sum.add(x, widen(y_element, y, &mut y_places, isa), isa);
                }
            }
        }
    }

    /// Adds another sum of products of the same types. The order of merging makes no difference.
    pub fn merge(&mut self, other: &Dot) {
        debug_assert_eq!(self.elements, other.elements);
        match (&mut self.accumulator, &other.accumulator) {
            (Accumulator::Numbers(sum), Accumulator::Numbers(other)) => sum.merge(other),
            (Accumulator::BigInts(sum), Accumulator::BigInts(other)) => sum.merge(other),
            // Excluded by the assertion; sums of different types have no sum.
            _ => {}
        }
    }

    /// The sum of all products so far.
    pub fn total(&self) -> Total {
        match &self.accumulator {
            Accumulator::Numbers(sum) => Total::Number(sum.special().unwrap_or_else(|| {
                let (is_negative, magnitude) = sum.products();
                let rounded = nearest(&magnitude, LOWEST, false);
                // A sum that is not zero but rounds to it keeps its sign.
                if is_negative { -rounded } else { rounded }
            })),
            Accumulator::BigInts(sum) => sum.total(),
        }
    }
}
