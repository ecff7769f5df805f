//! [`ProductSum`]: exact sums of products of doubles, with the cheapest kernel that the data allow.
//!
//! The twin of [`FloatSum`](super::float::FloatSum): a tile is either caught whole by [`Products`], which proves it, or it is read
//! again, once, into private memory, and everything that is decided and added from there on is about the copy. So the numbers that
//! count have been read once each. Products that no double holds, and those of widely different exponents, go to the
//! [`WideAccumulator`] as integers of 106 bits.

use super::{
    natural::Natural,
    predictor::Predictor,
    products::{CaughtProducts, Products, SMALLEST, TILE, Terms},
    superaccumulator::Superaccumulator,
    wide::WideAccumulator,
};
use allcores_machine::{Isa, Task};
use allcores_memory::Block;
use std::marker::PhantomData;

/// Fewer products than this are added one by one.
const FEW: usize = 32;

/// Bytes in a cache line: see [`float`](super::float).
const LINE: usize = 64;

/// The exact sum of products, and of the numbers themselves if the terms are with them.
#[derive(Clone, Debug)]
pub(super) struct ProductSum<T> {
    products: WideAccumulator,
    numbers: Superaccumulator,
    predictor: Predictor,
    terms: PhantomData<T>,
    /// How many tiles have been caught at once.
    #[cfg(test)]
    pub(super) caught: u32,
}

impl<T: Terms> ProductSum<T> {
    /// The sum of nothing.
    pub(super) const fn new() -> ProductSum<T> {
        ProductSum {
            products: WideAccumulator::new(),
            numbers: Superaccumulator::new(),
            predictor: Predictor::new(),
            terms: PhantomData,
            #[cfg(test)]
            caught: 0,
        }
    }

    /// The sums of products and of numbers that are known.
    pub(super) fn of(products: WideAccumulator, numbers: Superaccumulator) -> ProductSum<T> {
        ProductSum { products, numbers, ..ProductSum::new() }
    }

    /// Adds the products of two blocks of as many doubles; of squares, only the first is looked at.
    pub(super) fn add(&mut self, x: Block<'_>, y: Block<'_>, isa: Isa) {
        debug_assert!(T::ARE_SQUARES || x.len() == y.len());
        let y = if T::ARE_SQUARES { x } else { y };
        let (head, x) = x.split_to_align(LINE, size_of::<f64>());
        let (y_head, y) = y.split_at(head.len());
        self.add_one_by_one([head, y_head], isa);
        let bytes = TILE * size_of::<f64>();
        for (x, y) in x.pieces(bytes).zip(y.pieces(bytes)) {
            if self.products.is_nan() {
                return;
            }
            self.add_tile([x, y], isa);
        }
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &ProductSum<T>) {
        self.products.merge(&other.products);
        if T::WITH_NUMBERS {
            self.numbers.merge(&other.numbers);
        }
    }

    /// The sum of the products if it is NaN or an infinity.
    pub(super) fn special(&self) -> Option<f64> {
        self.products.special()
    }

    /// Whether the sum of the products is negative, and its magnitude in units of 2^[`LOWEST`](super::wide::LOWEST).
    pub(super) fn products(&self) -> (bool, Natural) {
        self.products.magnitude()
    }

    /// Whether the sum of the numbers is negative, and its magnitude in units of 2^[`LOWEST`](super::superaccumulator::LOWEST).
    pub(super) fn numbers(&self) -> (bool, Natural) {
        self.numbers.exact()
    }

    fn add_tile(&mut self, tile: [Block<'_>; 2], isa: Isa) {
        if tile[0].len() < FEW * size_of::<f64>() || !self.predictor.is_worth_a_try() {
            return self.add_one_by_one(tile, isa);
        }
        match isa.run(Products::<T>::new(tile, self.predictor.exponent(), self.predictor.levels())) {
            Some(caught) => {
                self.add_caught(caught, isa);
                self.predictor.succeeded();
                #[cfg(test)]
                {
                    self.caught += 1;
                }
            }
            None => self.add_again(tile, isa),
        }
    }

    fn add_caught(&mut self, caught: CaughtProducts<'_>, isa: Isa) {
        caught.products.add_to_wide(&mut self.products);
        if T::WITH_NUMBERS {
            caught.numbers.add_to(&mut self.numbers);
        }
        self.add_one_by_one(caught.rest, isa);
    }

    /// Adds each product to the accumulators.
    fn add_one_by_one(&mut self, tile: [Block<'_>; 2], isa: Isa) {
        isa.run(OneByOne { tile, sum: self });
    }

    /// Adds a tile that has been given up, from a private copy.
    #[cold]
    #[inline(never)]
    fn add_again(&mut self, [x, y]: [Block<'_>; 2], isa: Isa) {
        let (mut x_copy, mut y_copy) = ([0.0; TILE], [0.0; TILE]);
        let x = copy(x, &mut x_copy);
        let y = if T::ARE_SQUARES { &mut [] } else { copy(y, &mut y_copy) };

        let (mut max, mut is_possible) = (0_f64, true);
        for (index, &x) in x.iter().enumerate() {
            let y = if T::ARE_SQUARES { x } else { y[index] };
            let p = (x * y).abs();
            is_possible &= p.is_finite() && (p >= SMALLEST || x == 0.0 || y == 0.0);
            max = if p > max { p } else { max };
        }
        let x = Block::from_doubles(x);
        let tile = [x, if T::ARE_SQUARES { x } else { Block::from_doubles(y) }];
        let mut next = is_possible && self.predictor.failed(max);
        while next {
            let products = Products::<T>::new(tile, self.predictor.exponent(), self.predictor.levels());
            if let Some(caught) = isa.run(products) {
                return self.add_caught(caught, isa);
            }
            next = self.predictor.widen();
        }
        self.predictor.give_up();
        self.add_one_by_one(tile, isa);
    }
}

/// The doubles of a block, each read once, at the beginning of `places`.
fn copy<'a>(block: Block<'_>, places: &'a mut [f64]) -> &'a mut [f64] {
    let mut len = 0;
    block.for_each(|bits: u64| {
        if let Some(place) = places.get_mut(len) {
            *place = f64::from_bits(bits);
            len += 1;
        }
    });
    &mut places[..len]
}

/// Adds the products of a tile to the accumulators. Scalar code, but a task like the others: with BMI2, shifts by a variable and
/// products of 128 bits are cheap.
struct OneByOne<'a, 's, T> {
    tile: [Block<'a>; 2],
    sum: &'s mut ProductSum<T>,
}

impl<S, T: Terms> Task<S, ()> for OneByOne<'_, '_, T> {
    #[inline(always)]
    fn run(self, _: S) {
        let ([x, y], ProductSum { products, numbers, .. }) = (self.tile, self.sum);
        let count = x.len() / size_of::<f64>();
        products.reserve(2 * count as u64);
        if T::WITH_NUMBERS {
            numbers.reserve(count as u64);
        }
        let mut index = 0;
        x.for_each(|bits: u64| {
            let x = f64::from_bits(bits);
            let y = if T::ARE_SQUARES { Some(x) } else { y.get::<u64>(index).map(f64::from_bits) };
            // Both blocks have as many.
            products.add_product(x, y.unwrap_or(0.0));
            if T::WITH_NUMBERS {
                numbers.add(x);
            }
            index += 1;
        });
    }
}
