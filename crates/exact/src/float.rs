//! [`FloatSum`]: exact sums of floating-point numbers, with the cheapest kernel that the data allow.
//!
//! Elements are taken in tiles. A tile is either caught whole by an [`Expansion`], which proves it, and stays in [`Pinned`] accumulators for
//! a while, or it is
//! read again: then nothing of the first reading is kept, the elements are copied once to private memory, and
//! everything that is decided and added from there on is about the copy. So the values that count have been
//! read once each, even if other threads write them meanwhile.
//!
//! A [`Predictor`] chooses the bound of the elements and the number of levels from what the last tiles needed.
//! Data with widely different exponents go straight to the [`Superaccumulator`], one by one.

use super::{
    canonical::{Class, Number},
    direct::Direct,
    expansion::{Expansion, TILE},
    format::{Double, Format},
    fused::Fused,
    natural::nearest_quotient,
    pinned::Pinned,
    predictor::Predictor,
    superaccumulator::{self, Superaccumulator},
};
use allcores_machine::{Isa, Task};
use allcores_memory::Block;
use std::{borrow::Cow, marker::PhantomData};

/// Fewer elements than this are added one by one.
const FEW: usize = 64;

/// Bytes in a cache line, which is also the widest vector. A vector that straddles two lines takes two accesses to the
/// cache, so the kernels start at the first line that begins in the block.
const LINE: usize = 64;

/// The exact sum of floating-point numbers.
#[derive(Clone, Debug)]
pub(super) struct FloatSum {
    /// All but what is pinned.
    sum: Superaccumulator,
    pinned: Pinned,
    /// Whether there were no elements but negative zeros: what makes the sum -0.
    only_negative_zeros: bool,
    predictor: Predictor,
}

impl FloatSum {
    /// The sum of nothing.
    pub(super) const fn new() -> FloatSum {
        FloatSum {
            sum: Superaccumulator::new(),
            pinned: Pinned::new(),
            only_negative_zeros: true,
            predictor: Predictor::new(),
        }
    }

    /// Adds the numbers of a block.
    pub(super) fn add<F: Format>(&mut self, block: Block<'_>, isa: Isa) {
        let block = self.skip_negative_zeros::<F>(block);
        let (head, block) = block.split_to_align(LINE, size_of::<F::Bits>());
        self.add_one_by_one::<F>(head, isa);
        for tile in block.pieces(TILE * size_of::<F::Bits>()) {
            if self.sum.is_nan() {
                return;
            }
            self.add_tile::<F>(tile, isa);
        }
    }

    /// Takes what a loop has added up.
    pub(super) fn take(&mut self, fused: &mut Fused) {
        self.only_negative_zeros &= !fused.take(&mut self.sum);
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &FloatSum) {
        self.sum.merge(&other.sum);
        other.pinned.add_to(&mut self.sum);
        self.only_negative_zeros &= other.only_negative_zeros;
    }

    /// All of the sum, but for the sign of zero.
    fn whole(&self) -> Cow<'_, Superaccumulator> {
        if self.pinned.is_empty() {
            return Cow::Borrowed(&self.sum);
        }
        let mut sum = self.sum.clone();
        self.pinned.add_to(&mut sum);
        Cow::Owned(sum)
    }

    /// The sum, rounded once.
    pub(super) fn round(&self) -> f64 {
        if self.only_negative_zeros { -0.0 } else { self.whole().round() }
    }

    /// The sum, divided by `count`, which is not zero, and rounded once.
    pub(super) fn quotient(&self, count: u64) -> f64 {
        if self.only_negative_zeros {
            return -0.0;
        }
        self.sum.special().unwrap_or_else(|| {
            let (is_negative, sum) = self.whole().exact();
            let quotient = nearest_quotient(&sum, superaccumulator::LOWEST, [count, 1]);
            if is_negative { -quotient } else { quotient }
        })
    }

    /// Writes the sum, as [`canonical`](super::canonical) has it.
    pub(super) fn write(&self, out: &mut impl Extend<u8>) {
        match self.sum.special() {
            _ if self.only_negative_zeros => Class::NegativeZero.write(out),
            Some(special) => Class::of(special).write(out),
            None => {
                Class::Finite.write(out);
                self.whole().write(out);
            }
        }
    }

    /// The sum of `terms` numbers that is written next; `None` if there is none.
    pub(super) fn read(input: &mut &[u8], terms: u64) -> Option<FloatSum> {
        let class = Class::read(input)?;
        let mut sum = FloatSum::new();
        sum.only_negative_zeros = class == Class::NegativeZero;
        if class == Class::Finite {
            sum.sum = Superaccumulator::read(&Number::read(input)?, terms)?;
        } else if let Some(special) = class.special() {
            sum.sum.reserve(1);
            sum.sum.add(special);
        }
        Some(sum)
    }

    /// Consumes elements for as long as the sum is -0, up to and including the first one that changes that.
    ///
    /// So no other code needs to tell negative zeros from positive ones: to a sum that is not -0 they add
    /// nothing.
    fn skip_negative_zeros<'a, F: Format>(&mut self, block: Block<'a>) -> Block<'a> {
        let mut index = 0;
        while self.only_negative_zeros
            && let Some(bits) = block.get::<F::Bits>(index)
        {
            if bits != F::NEGATIVE_ZERO {
                self.only_negative_zeros = false;
                self.sum.reserve(1);
                self.sum.add(F::widen(bits));
                self.predictor.first(F::widen(bits));
            }
            index += 1;
        }
        block.split_at(index * size_of::<F::Bits>()).1
    }

    fn add_tile<F: Format>(&mut self, tile: Block<'_>, isa: Isa) {
        if F::IS_NARROW {
            return isa.run(Direct { tile, sum: &mut self.sum });
        }
        if tile.len() < FEW * size_of::<F::Bits>() || !self.predictor.is_worth_a_try() {
            return self.add_one_by_one::<F>(tile, isa);
        }
        match self.expand::<F>(tile, isa) {
            Some(rest) => {
                self.add_one_by_one::<F>(rest, isa);
                self.predictor.succeeded();
            }
            None => self.add_again::<F>(tile, isa),
        }
    }

    /// Adds a tile but for its last elements, as predicted, or gives it up.
    #[inline]
    fn expand<'a, F: Format>(&mut self, tile: Block<'a>, isa: Isa) -> Option<Block<'a>> {
        let Self { sum, pinned, predictor, .. } = self;
        isa.run(Expansion::<F>::new(tile, predictor.exponent(), predictor.levels(), pinned, sum))
    }

    /// Adds each element to the superaccumulator.
    fn add_one_by_one<F: Format>(&mut self, tile: Block<'_>, isa: Isa) {
        isa.run(OneByOne::<F> { tile, sum: &mut self.sum, format: PhantomData });
    }

    /// Adds a tile that an expansion has given up, from a private copy.
    #[cold]
    #[inline(never)]
    fn add_again<F: Format>(&mut self, tile: Block<'_>, isa: Isa) {
        let mut copy = [0.0; TILE];
        let mut places = copy.iter_mut();
        let mut len = 0;
        // As an integer, the magnitude of a number orders like the number, and infinity and NaN come last.
        let mut max = 0;
        tile.for_each(|bits| {
            let x = F::widen(bits);
            max = max.max(x.to_bits() & !(1 << 63));
            if let Some(place) = places.next() {
                *place = x;
                len += 1;
            }
        });
        let copy = &mut copy[..len];

        let max = f64::from_bits(max);
        let mut next = max.is_finite() && self.predictor.failed(max);
        while next {
            if let Some(rest) = self.expand::<Double>(Block::from_doubles(copy), isa) {
                return self.add_one_by_one::<Double>(rest, isa);
            }
            next = self.predictor.widen();
        }
        self.predictor.give_up();
        self.add_one_by_one::<Double>(Block::from_doubles(copy), isa);
    }
}

/// Adds the elements of a tile to a superaccumulator.
///
/// Scalar code, but a task like the others: with BMI2, shifts by a variable are cheap.
struct OneByOne<'a, 's, F> {
    tile: Block<'a>,
    sum: &'s mut Superaccumulator,
    format: PhantomData<F>,
}

impl<S, F: Format> Task<S, ()> for OneByOne<'_, '_, F> {
    #[inline(always)]
    fn run(self, _: S) {
        self.sum.reserve((self.tile.len() / size_of::<F::Bits>()) as u64);
        // Four at a time: one test of the loop for four additions.
        let (fours, rest) = self.tile.whole_pieces(4 * size_of::<F::Bits>());
        for four in fours {
            for bits in four.load_array::<F::Bits, 4>() {
                self.sum.add(F::widen(bits));
            }
        }
        rest.for_each(|bits| self.sum.add(F::widen(bits)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pinned_is_merged() {
        for isa in Isa::available() {
            let [mut one, other] = [0.5, 0.25].map(|x| {
                let mut sum = FloatSum::new();
                sum.add::<Double>(Block::from_doubles(&mut [x; 2 * TILE]), isa);
                assert!(!sum.pinned.is_empty(), "no tile of {x} is caught with {isa:?}");
                sum
            });
            one.merge(&other);
            assert_eq!(one.round(), 1.5 * TILE as f64, "{isa:?}");
        }
    }

    /// Sums are exact whatever is predicted; what this sees is whether they are quick, too.
    #[test]
    fn numbers_that_grow_are_caught_at_the_second_reading() {
        for isa in Isa::available() {
            for grown in [1e9, -1e9] {
                let mut sum = FloatSum::new();
                sum.add::<Double>(Block::from_doubles(&mut [0.1; TILE]), isa);
                sum.add::<Double>(Block::from_doubles(&mut [grown; TILE]), isa);
                assert!(sum.predictor.is_worth_a_try(), "{grown} with {isa:?}: expansions pause");
            }
        }
    }
}
