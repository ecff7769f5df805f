//! Exact sums: of integers, and of floating-point numbers with one rounding at the very end.
//!
//! A [`Sum`] takes blocks of elements in any number, size and order, and sums merge in any order: since no
//! addition ever loses a bit, the [`Total`] depends on nothing but the elements. Time is linear in their
//! number; memory is constant.
//!
//! From the surface down:
//!
//! 1. [`Sum`]: the accumulator that callers hold, one per thread; here.
//! 2. [`Dot`], and [`Mean`], [`Variance`] and [`Norm`] in `moments`: what comes of exact sums, of products too, by one division or one
//!    square root.
//! 3. `integer`: vector kernels for integers; `big_products`: products of those of 64 bits.
//! 4. `float`, `product_sum`: cut floating-point numbers into tiles and give each to the cheapest kernel that can prove
//!    its result.
//! 5. `predictor`: predicts from the tiles so far how to sum the next one.
//! 6. `expansion`, `products`: the fast kernels for floating-point numbers and for their products, and the proofs that they are exact;
//!    `pinned`: the accumulators of the first, from one tile to the next.
//! 7. `fused`: the same for loops of others that add up what they compute.
//! 8. `direct`: the kernel for half precision, which needs no proof at run time.
//! 9. `superaccumulator`, `wide`: 2100 bits of fixed point behind everything, 4200 for products; the first also rounds.
//! 10. `natural`: natural numbers for the last division or square root, and its rounding.
//! 11. [`canonical`]: sums as bytes, to be merged elsewhere.
//! 12. `format`, `widen`: doubles, singles and halves, widened to doubles; all other elements as well.
//! 13. `simd`: vector operations for each instruction set ([`Isa`]), chosen at run time.
//!
//! The processor settings that all of it relies on are those of [`fp_env`](allcores_machine::fp_env).

mod big_products;
pub mod canonical;
mod direct;
mod dot;
mod expansion;
mod float;
mod format;
pub mod fused;
mod integer;
mod moments;
mod natural;
mod pinned;
mod predictor;
mod product_sum;
mod products;
mod simd;
mod superaccumulator;
#[cfg(test)]
mod tests;
mod wide;
mod widen;

use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use canonical::Class;
use float::FloatSum;
use format::{Double, Half, Single};
use integer::Integers;
use natural::{Natural, nearest_quotient};

pub use dot::Dot;
pub use moments::{Mean, Norm, Variance};

/// The value of a [`Sum`]: a Number or a BigInt of JavaScript.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Total {
    /// The exact sum of integers of up to 32 bits or of floating-point numbers, rounded once to the nearest
    /// double, ties to even.
    ///
    /// Floating-point numbers: NaN if there is a NaN or there are infinities of both signs, else an infinity
    /// if there is one. -0 if there are no elements but negative zeros, as JavaScript's `Math.sumPrecise` has
    /// it. Integers never sum to -0.
    Number(f64),
    /// The exact sum of 64-bit integers, or of their products.
    BigInt(i128),
    /// The exact sum of products of 64-bit integers, if it needs more bits: 192 of them, two's complement, the lowest 64 first.
    LargeBigInt([u64; 3]),
}

/// The exact sum of the elements of any number of blocks, all of one type.
#[derive(Clone, Debug)]
pub struct Sum {
    element: Element,
    isa: Isa,
    accumulator: Accumulator,
}

#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one per thread and job, on the stack; a box would be an allocation per job"
)]
enum Accumulator {
    /// Of integers. 2^53 of 64 bits, more than any address space holds, need 118 bits with the sign.
    Integer(i128),
    /// Of floating-point numbers.
    Float(FloatSum),
}

impl Sum {
    /// The sum of no elements, to which elements of this type can be added.
    pub const fn new(element: Element, isa: Isa) -> Sum {
        let accumulator = match element {
            Element::Float16 | Element::Float32 | Element::Float64 => Accumulator::Float(FloatSum::new()),
            _ => Accumulator::Integer(0),
        };
        Sum { element, isa, accumulator }
    }

    /// Adds the elements of a block. Each is read once; other threads may be writing them.
    ///
    /// The length of the block is a multiple of [`Element::size`]; an incomplete element at the end is left
    /// out.
    pub fn add(&mut self, block: Block<'_>) {
        let isa = self.isa;
        debug_assert_eq!(block.len() % self.element.size(), 0);
        match &mut self.accumulator {
            Accumulator::Float(sum) => match self.element {
                Element::Float16 => sum.add::<Half>(block, isa),
                Element::Float32 => sum.add::<Single>(block, isa),
                _ => sum.add::<Double>(block, isa),
            },
            Accumulator::Integer(sum) => {
                *sum += match self.element {
                    Element::Int8 => isa.run(Integers::<i8>::new(block)),
                    Element::Uint8 | Element::Uint8Clamped => isa.run(Integers::<u8>::new(block)),
                    Element::Int16 => isa.run(Integers::<i16>::new(block)),
                    Element::Uint16 => isa.run(Integers::<u16>::new(block)),
                    Element::Int32 => isa.run(Integers::<i32>::new(block)),
                    Element::Uint32 => isa.run(Integers::<u32>::new(block)),
                    Element::BigUint64 => isa.run(Integers::<u64>::new(block)),
                    _ => isa.run(Integers::<i64>::new(block)),
                }
            }
        }
    }

    /// Takes the doubles that a [loop](fused) has added up.
    ///
    /// # Panics
    /// If the elements are integers.
    pub fn take(&mut self, fused: &mut fused::Fused) {
        match &mut self.accumulator {
            Accumulator::Float(float) => float.take(fused),
            Accumulator::Integer(_) => panic!("doubles in a sum of integers"),
        }
    }

    /// Adds another sum of elements of the same type. The order of merging makes no difference.
    pub fn merge(&mut self, other: &Sum) {
        debug_assert_eq!(self.element, other.element);
        match (&mut self.accumulator, &other.accumulator) {
            (Accumulator::Float(sum), Accumulator::Float(other)) => sum.merge(other),
            (Accumulator::Integer(sum), Accumulator::Integer(other)) => *sum += other,
            // Excluded by the assertion; sums of different types have no sum.
            _ => {}
        }
    }

    /// Writes the sum, as [`canonical`] has it.
    pub fn write(&self, out: &mut impl Extend<u8>) {
        match &self.accumulator {
            Accumulator::Float(sum) => sum.write(out),
            &Accumulator::Integer(sum) => {
                Class::Finite.write(out);
                canonical::write(out, sum < 0, &Natural::from_u128(sum.unsigned_abs()), 0);
            }
        }
    }

    /// The sum of `terms` doubles, at least one, that is written next; `None` if there is none. It is as if the doubles had been added
    /// here.
    pub fn read(input: &mut &[u8], terms: u64) -> Option<Sum> {
        let accumulator = Accumulator::Float(FloatSum::read(input, terms)?);
        Some(Sum { element: Element::Float64, isa: Isa::PORTABLE, accumulator })
    }

    /// The sum of all elements so far, divided by `count`, which is not zero, and rounded once. -0 if there are none but negative zeros.
    fn quotient(&self, count: u64) -> f64 {
        match &self.accumulator {
            Accumulator::Float(sum) => sum.quotient(count),
            &Accumulator::Integer(sum) => {
                let quotient = nearest_quotient(&Natural::from_u128(sum.unsigned_abs()), 0, [count, 1]);
                if sum < 0 { -quotient } else { quotient }
            }
        }
    }

    /// The sum of all elements so far.
    pub fn total(&self) -> Total {
        match (&self.accumulator, self.element) {
            (Accumulator::Float(sum), _) => Total::Number(sum.round()),
            (&Accumulator::Integer(sum), Element::BigInt64 | Element::BigUint64) => Total::BigInt(sum),
            // Rounds to nearest, ties to even; zero is +0.
            (&Accumulator::Integer(sum), _) => Total::Number(sum as f64),
        }
    }
}
