//! [`Products`]: the fast kernel for products of doubles. It sums a tile of them into a few doubles per lane and proves that nothing
//! was lost, or gives up.
//!
//! # Algorithm
//!
//! A product of two doubles is the sum of two: p, the product rounded, and e, what rounding took away, which an FMA computes
//! (Dekker's TwoProduct where there is none). Both go through the levels of an [`Expansion`](super::expansion::Expansion), which
//! explains them:
//!
//! ```text
//! S[1..P], T[2..K] = anchors for the bound;  max = 0;  min = infinity;  residues = 0
//! for each x and y:
//!     p = x * y;  e = x * y - p
//!     max = larger of max and |p|
//!     min = smaller of min and |p|, unless x or y is zero
//!     r = p through S[1 .. P];  residues = residues | r
//!     r = e through T[2 .. K];  residues = residues | r        if K = 2: residues = residues | e
//! if max is within the bound, min is at least 2^-968, and residues has no bit but the sign:
//!     return the sum of S[k] - anchor[k] and T[k] - anchor[k]
//! give up
//! ```
//!
//! | K | P | catches |
//! |---|---|---|
//! | 2 | 2 | products that are doubles: of singles, small integers, amounts of money |
//! | 3 | 2 | most others: down to about 2^20 times below the bound, all bits of all products |
//! | 4 | 3 | products down to 2^60 times below it |
//!
//! For variances the numbers go through levels of their own, in the same registers: the kernel reads an element once, so that Σx and
//! Σx² are of the same elements even where another thread writes them.
//!
//! # Proof
//!
//! Where it goes beyond that of an expansion:
//!
//! - *The product.* x * y is a multiple of a unit u, the product of the units in the last places of x and y, and is below 2^106 u.
//!   If |p| >= 2^-968 then u > 2^-1075, so u is a double or a multiple of the least one; e is a multiple of u no larger than half a
//!   unit in the last place of p, so it is a double, and what the FMA returns. If x or y is zero, p and e are zero. `min` sees all
//!   other products, those that have become zero or subnormal among them. A product that overflows makes p infinite, and r NaN.
//! - *Dekker's product* splits x and y into halves whose products are exact, for these are multiples of u too. If splitting overflows,
//!   e is NaN.
//! - *Bounds.* |p| < 2^(E+1), so |e| <= 2^(E-53), less than half a unit of level 1: what level 2 takes. Levels for p and levels
//!   for e are at the same anchors and of their own, so a lane sees as many numbers as products.
//! - *The numbers themselves.* Rounding is monotone: from |p| < 2^(E+1) follows x^2 < 2^(E+1), and |x| < 2^(F+1) with F the half of E,
//!   rounded down. Nothing is left of x: what the levels catch of x^2 is a multiple of
//!   u_K, so x is one of a power of two whose square is at least u_K, and the unit of the lowest level for numbers is below that.

use super::{
    expansion::{Anchors, Caught, EXPONENTS, MAX_LEVELS, anchor, power_of_two},
    simd::{GROUP, Simd},
};
use allcores_machine::Task;
use allcores_memory::Block;
use std::marker::PhantomData;

/// The most products that a tile may have: two tiles fit the L1 cache.
pub(super) const TILE: usize = 2048;

/// The least number of levels there is a kernel for.
const MIN_LEVELS: usize = 2;

/// Products below this may have bits that no double has.
pub(super) const SMALLEST: f64 = power_of_two(-968);

/// What is multiplied, and what is summed.
pub(super) trait Terms {
    /// Whether each number is multiplied by itself: then there is one block of them.
    const ARE_SQUARES: bool;
    /// Whether the numbers themselves are summed as well.
    const WITH_NUMBERS: bool;
}

/// The products of two lists.
#[derive(Clone, Debug)]
pub(super) struct Pairs;

/// The squares of a list.
#[derive(Clone, Debug)]
pub(super) struct Squares;

/// The squares of a list, and its numbers.
#[derive(Clone, Debug)]
pub(super) struct SquaresAndNumbers;

impl Terms for Pairs {
    const ARE_SQUARES: bool = false;
    const WITH_NUMBERS: bool = false;
}

impl Terms for Squares {
    const ARE_SQUARES: bool = true;
    const WITH_NUMBERS: bool = false;
}

impl Terms for SquaresAndNumbers {
    const ARE_SQUARES: bool = true;
    const WITH_NUMBERS: bool = true;
}

/// A tile of two blocks of as many doubles, or of a block and itself, to be multiplied on the assumption that the products are below
/// a bound and their bits within a window.
pub(super) struct Products<'a, T> {
    pub(super) x: Block<'a>,
    pub(super) y: Block<'a>,
    exponent: i32,
    levels: usize,
    terms: PhantomData<T>,
}

/// What the levels caught, and the numbers after the last whole group of vectors.
pub(super) struct CaughtProducts<'a> {
    pub(super) products: Caught,
    pub(super) numbers: Caught,
    pub(super) rest: [Block<'a>; 2],
}

impl<'a, T: Terms> Products<'a, T> {
    /// At most [`TILE`] doubles each, an exponent of [`EXPONENTS`], and a number of levels, of which at least two are taken.
    pub(super) fn new([x, y]: [Block<'a>; 2], exponent: i32, levels: usize) -> Products<'a, T> {
        debug_assert!(x.len() <= TILE * size_of::<f64>() && x.len() == y.len());
        debug_assert!(EXPONENTS.contains(&exponent) && (1..=MAX_LEVELS).contains(&levels));
        Products { x, y, exponent, levels: levels.max(MIN_LEVELS), terms: PhantomData }
    }

    /// The kernel with `K` levels for products and `L` for numbers.
    #[inline(always)]
    fn catch<S: Simd, const K: usize, const L: usize>(self, simd: S) -> Option<CaughtProducts<'a>> {
        /// A number through some levels; returns what is left of it.
        #[inline(always)]
        fn sink<S: Simd>(simd: S, levels: &mut [S::Doubles], x: S::Doubles, one: S::Doubles) -> S::Doubles {
            levels.iter_mut().fold(x, |r, level| {
                let s = *level;
                *level = simd.add(s, r);
                // Another constant would push others out of their registers.
                let q = if S::MANY_REGISTERS { simd.sub_by_fma(*level, s, one) } else { simd.sub(*level, s) };
                simd.sub(r, q)
            })
        }

        let group = GROUP * S::LANES * size_of::<f64>();
        let ((x_groups, x_rest), (y_groups, y_rest)) =
            (self.x.whole_pieces(group), self.y.whole_pieces(group));
        let per_lane = (TILE / S::LANES).ilog2();
        let anchors = Anchors::<K>::new(self.exponent, per_lane);
        let number_anchors = Anchors::<L>::new(self.exponent.div_euclid(2), per_lane);

        // Of p and of e, which do not wait for each other then.
        let levels = anchors.exponents.map(|exponent| simd.splat(anchor(exponent)));
        let (mut p_sums, mut e_sums) = (levels, levels);
        let mut number_sums = number_anchors.exponents.map(|exponent| simd.splat(anchor(exponent)));
        let (mut max, mut min) = (simd.splat(0.0), simd.splat(f64::INFINITY));
        let one = simd.hidden_one();
        let mut residues = simd.splat(0.0);
        for (x_vectors, y_vectors) in x_groups.zip(y_groups) {
            let x_vectors = simd.load_f64(x_vectors);
            let y_vectors = if T::ARE_SQUARES { x_vectors } else { simd.load_f64(y_vectors) };
            for (x, y) in x_vectors.into_iter().zip(y_vectors) {
                let (p, e) = simd.two_product(x, y);
                max = simd.max_abs(max, p);
                min = simd.min_product(min, p, [x, y]);
                let levels = if K == MIN_LEVELS { K } else { K - 1 };
                residues = simd.or(residues, sink(simd, &mut p_sums[..levels], p, one));
                let levels = if K == MIN_LEVELS { K..K } else { 1..K };
                residues = simd.or(residues, sink(simd, &mut e_sums[levels], e, one));
                if T::WITH_NUMBERS {
                    sink(simd, &mut number_sums, x, one);
                }
            }
        }

        let bound = power_of_two(self.exponent + 1);
        let is_bounded = simd.lanes(max).all(|max| max < bound) & simd.lanes(min).all(|min| min >= SMALLEST);
        // Of zeros only the sign may be left: x == 0.0 is false for NaN and for all other bits.
        let is_nothing_left = simd.lanes(residues).all(|residue| residue == 0.0);
        if !(is_bounded && is_nothing_left) {
            return None;
        }
        let lanes = |sum| simd.lanes(sum).map(f64::to_bits);
        let products = Caught::of_levels(&anchors, |k| lanes(p_sums[k]).chain(lanes(e_sums[k])));
        let numbers = if T::WITH_NUMBERS {
            Caught::of_levels(&number_anchors, |k| lanes(number_sums[k]))
        } else {
            Caught::default()
        };
        Some(CaughtProducts { products, numbers, rest: [x_rest, y_rest] })
    }
}

impl<'a, S: Simd, T: Terms> Task<S, Option<CaughtProducts<'a>>> for Products<'a, T> {
    #[inline(always)]
    fn run(self, simd: S) -> Option<CaughtProducts<'a>> {
        match self.levels {
            2 => self.catch::<S, 2, 2>(simd),
            3 => self.catch::<S, 3, 2>(simd),
            _ => self.catch::<S, MAX_LEVELS, 3>(simd),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last bullet of the proof, for all exponents and all lanes.
    #[test]
    fn numbers_are_caught_if_their_squares_are() {
        fn check<const K: usize, const L: usize>() {
            for exponent in EXPONENTS {
                for lanes in [2, 4, 8] {
                    let n = (TILE / lanes as usize).ilog2();
                    let square_unit = Anchors::<K>::new(exponent, n).exponents[K - 1] - 52;
                    let unit = Anchors::<L>::new(exponent.div_euclid(2), n).exponents[L - 1] - 52;
                    assert!(2 * unit <= square_unit, "{K} {L} {exponent} {lanes}");
                }
            }
        }
        check::<2, 2>();
        check::<3, 2>();
        check::<4, 3>();
    }
}
