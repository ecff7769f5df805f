//! [`Expansion`]: the fast kernel. It sums a tile into a few doubles per lane and proves that nothing was
//! lost, or gives up.
//!
//! # Example
//!
//! In decimal, with numbers of four digits. Two accumulators start at *anchors*, S_1 = 5000 and S_2 = 0.5000, so
//! S_1 counts in units of 1 and S_2 in units of 0.0001. Add x = 12.34:
//!
//! ```text
//! level 1:  t = 5000 + 12.34 = 5012 (rounded)    q = 5012 - 5000 = 12          r = 12.34 - 12 = 0.34
//! level 2:  t = 0.5000 + 0.34 = 0.8400           q = 0.8400 - 0.5000 = 0.34    r = 0.34 - 0.34 = 0
//! ```
//!
//! Nothing is left, so the accumulators hold all of x: 5012 - 5000 + 0.8400 - 0.5000 = 12.34. Then add x = 0.00007:
//!
//! ```text
//! level 1:  t = 5012 + 0.00007 = 5012            q = 0                         r = 0.00007
//! level 2:  t = 0.8400 + 0.00007 = 0.8401        q = 0.0001                    r = -0.00003
//! ```
//!
//! Something is left: a bit would be lost, and the tile is given up.
//!
//! # Algorithm
//!
//! ```text
//! S[1..K] = anchors for the bound, or what the tiles before have left of them;  max = 0;  residues = 0
//! for each element x:
//!     max = larger of max and |x|
//!     r = x
//!     for each level k:  t = S[k] + r;  q = t - S[k];  r = r - q;  S[k] = t
//!     residues = residues | r
//! if max is within the bound and residues has no bit but the sign:
//!     keep S: the sum of all tiles so far is that of S[k] - anchor[k]
//! give up, with S as it was
//! ```
//!
//! Each lane has K accumulators S_1 .. S_K. S_k starts at the anchor 1.5 * 2^M_k and never leaves
//! [2^M_k, 2^(M_k + 1)], so its unit in the last place stays u_k = 2^(M_k - 52): it is *pinned*. Level k takes out
//! of r what is a multiple of u_k, rounded to nearest, and passes on the rest. If r is zero after the last level,
//! every bit of x is in the accumulators. The kernel ORs all r together: **if no bit but signs is set at the end,
//! and the largest |x| was within the bound that the anchors were made for, the sum of the tiles is exactly the sum
//! of S_k - 1.5 * 2^M_k.** That difference is an integer multiple of u_k, and since an accumulator stays in one
//! binade, it is the difference of the bit patterns.
//!
//! Pinned accumulators are those of the reproducible sums of Demmel, Ahrens and Nguyen (UCB/EECS-2016-121),
//! which cost half as much as a TwoSum; an expansion of K levels in front of a superaccumulator is the design
//! of Collange, Defour, Graillat and Iakymchuk (Parallel Computing 49, 2015). Three additions per level, one
//! pass, no division of cases. One of the three may be a fused multiplication by 1, which is the same and has units of its own on some
//! processors.
//!
//! # Proof
//!
//! Let |x| < 2^(E+1) for all x, let an accumulator see at most N = 2^n of them, in however many tiles, and let
//! M_1 = E + n + 2 and M_(k+1) = M_k - 52 + n.
//!
//! - *Bounds.* At level 1, q is x rounded to a multiple of u_1, and 2^(E+1) is one, so |q| <= 2^(E+1). N of
//!   them move S_1 by at most 2^(n+E+1) = 2^(M_1 - 1): from the middle of the binade at most to its ends. At
//!   level k+1, |r| <= u_k / 2 = 2^(M_k - 53), a multiple of u_(k+1), hence the same for its q, and N of them
//!   move S_(k+1) by at most 2^(M_k - 53 + n) = 2^(M_(k+1) - 1). The lower end belongs to the binade. The
//!   upper end, 2^(M_k + 1), can be reached by the very last addition only; it is a multiple of u_k too, and
//!   the next bit pattern after the binade, so the difference of bit patterns still counts units.
//! - *Exactness.* As S + r stays within the binade or rounds to its upper end, t is S + r rounded to a
//!   multiple of u_k, and q = t - S, a difference of multiples of u_k less than 2^53 of them apart, is exact:
//!   it is r rounded to a multiple of u_k. If |r| < u_k / 2, that is 0, and r stays. Else |r - q| <= u_k / 2
//!   <= |r|, and both r and q are multiples of the unit in the last place of r, which is smaller than u_k; a
//!   multiple of it that is no larger than r is a double: r - q is exact. (This is Dekker's FastTwoSum, whose
//!   condition is |S| >= |r|.)
//! - *Underflow.* M_K >= -1022, so every u_k is at least 2^-1074, and sums and differences of doubles never
//!   underflow inexactly. With u_K = 2^-1074 nothing can remain.
//! - *Overflow.* M_1 <= 1022.
//! - *NaN and infinity.* Both make r NaN at the first level (infinity minus infinity), and NaN stays NaN,
//!   with exponent bits set: the tile is given up. An element beyond the bound may leave any values behind,
//!   but not a maximum within the bound.
//!
//! The residue test and the sums are about the same registers: an element is loaded once.

#[cfg(test)]
mod tests;

use super::{
    format::Format,
    pinned::Pinned,
    simd::{GROUP, Simd},
    superaccumulator::Superaccumulator,
    wide::WideAccumulator,
};
use allcores_machine::Task;
use allcores_memory::Block;
use std::marker::PhantomData;

/// The most elements that a tile may have: 32 KiB of doubles.
pub(super) const TILE: usize = 4096;

/// The most levels that there are kernels for.
pub(super) const MAX_LEVELS: usize = 4;

/// How many accumulators there are per level and lane. Vectors take turns in them: two hide the latency of an
/// addition behind the work of the other levels, and leave registers for four levels even where there are
/// only sixteen.
const TURNS: usize = 2;

/// The least and the greatest bound that anchors exist for: see [`Anchors`].
pub(super) const EXPONENTS: std::ops::RangeInclusive<i32> = -1022..=1008;

/// A tile to be summed on the assumption that its elements are below a bound and their bits within a window.
pub(super) struct Expansion<'a, 's, F> {
    /// At most [`TILE`] elements. Those after the last whole group of vectors are left for the caller.
    tile: Block<'a>,
    /// E of the proof: every element is below 2^(E + 1).
    exponent: i32,
    /// K of the proof.
    levels: usize,
    /// What goes on with it, if it can.
    pinned: &'s mut Pinned,
    /// Where that goes if it cannot.
    sum: &'s mut Superaccumulator,
    format: PhantomData<F>,
}

/// What the levels caught: the sum of `units[k] * 2^(positions[k] - 1074)`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Caught {
    units: [i64; MAX_LEVELS],
    positions: [u32; MAX_LEVELS],
}

impl Caught {
    /// What is in the accumulators of each level, up to 16 of them, as the bits of doubles.
    #[inline(always)]
    pub(super) fn of_levels<const K: usize, I: Iterator<Item = u64>>(
        anchors: &Anchors<K>,
        lanes: impl Fn(usize) -> I,
    ) -> Caught {
        let mut caught = Caught::default();
        for k in 0..K {
            let origin = anchor(anchors.exponents[k]).to_bits();
            // Each is at most 2^51 units away from its anchor.
            caught.units[k] = lanes(k).map(|sum| sum.wrapping_sub(origin).cast_signed()).sum();
            caught.positions[k] = (anchors.exponents[k] + 1022).cast_unsigned();
        }
        caught
    }

    /// Hands the sum on.
    pub(super) fn add_to(self, sum: &mut Superaccumulator) {
        sum.reserve(MAX_LEVELS as u64);
        for (units, position) in self.units.into_iter().zip(self.positions) {
            sum.add_multiple(units, position);
        }
    }

    /// Hands the sum of products on.
    pub(super) fn add_to_wide(self, sum: &mut WideAccumulator) {
        sum.reserve(MAX_LEVELS as u64);
        for (units, position) in self.units.into_iter().zip(self.positions) {
            sum.add_multiple(units, position);
        }
    }
}

impl<'a, 's, F: Format> Expansion<'a, 's, F> {
    /// At most [`TILE`] elements, an exponent of [`EXPONENTS`], and 1 to [`MAX_LEVELS`] levels. What is caught is in `pinned`, and what
    /// had to go from there in `sum`.
    pub(super) fn new(
        tile: Block<'a>,
        exponent: i32,
        levels: usize,
        pinned: &'s mut Pinned,
        sum: &'s mut Superaccumulator,
    ) -> Expansion<'a, 's, F> {
        debug_assert!(tile.len() <= TILE * size_of::<F::Bits>());
        debug_assert!(EXPONENTS.contains(&exponent) && (1..=MAX_LEVELS).contains(&levels));
        Expansion { tile, exponent, levels, pinned, sum, format: PhantomData }
    }

    /// The kernel with `K` levels.
    #[inline(always)]
    fn catch<S: Simd, const K: usize>(self, simd: S) -> Option<Block<'a>> {
        let group = GROUP * S::LANES * size_of::<F::Bits>();
        let most = (self.tile.len() / group * GROUP / TURNS) as u32;
        self.pinned.begin(self.exponent, self.levels, most, self.sum);
        let (groups, rest) = self.tile.whole_pieces(group);

        let mut sums: [[S::Doubles; TURNS]; K] = std::array::from_fn(|k| {
            std::array::from_fn(|turn| simd.read(&self.pinned.level(k)[turn * S::LANES..]))
        });
        let one = simd.hidden_one();
        let mut max = [simd.splat(0.0); TURNS];
        let mut residues = simd.splat(0.0);
        for vectors in groups {
            let vectors = F::load(simd, vectors);
            for index in 0..GROUP {
                let mut r = vectors[index];
                max[index % TURNS] = simd.max_abs(max[index % TURNS], r);
                for level in &mut sums {
                    let s = level[index % TURNS];
                    let t = simd.add(s, r);
                    let q = simd.sub_by_fma(t, s, one);
                    r = simd.sub(r, q);
                    level[index % TURNS] = t;
                }
                residues = simd.or(residues, r);
            }
        }

        let bound = power_of_two(self.exponent + 1);
        let bounded = simd.lanes(simd.max_abs(max[0], max[1])).all(|max| max < bound);
        // Of zeros only the sign may be left: x == 0.0 is false for NaN and for all other bits.
        let nothing_left = simd.lanes(residues).all(|residue| residue == 0.0);
        if !(bounded && nothing_left) {
            return None;
        }
        for (turns, level) in sums.into_iter().zip(self.pinned.caught(most)) {
            for (sums, lanes) in turns.into_iter().zip(level.chunks_exact_mut(S::LANES)) {
                simd.write(sums, lanes);
            }
        }
        Some(rest)
    }
}

impl<'a, S: Simd, F: Format> Task<S, Option<Block<'a>>> for Expansion<'a, '_, F> {
    #[inline(always)]
    fn run(self, simd: S) -> Option<Block<'a>> {
        match self.levels {
            1 => self.catch::<S, 1>(simd),
            2 => self.catch::<S, 2>(simd),
            3 => self.catch::<S, 3>(simd),
            _ => self.catch::<S, MAX_LEVELS>(simd),
        }
    }
}

/// Where the accumulators are pinned: M_1 .. M_K of the proof.
#[derive(Clone, Debug)]
pub(super) struct Anchors<const K: usize> {
    pub(super) exponents: [i32; K],
}

impl<const K: usize> Anchors<K> {
    /// For elements below 2^(exponent + 1), at most 2^n of them per accumulator.
    #[inline(always)]
    pub(super) fn new(exponent: i32, n: u32) -> Anchors<K> {
        let first = first_anchor(exponent, K, n);
        Anchors { exponents: std::array::from_fn(|k| first - k as i32 * spacing(n)) }
    }
}

/// M_1 of the proof, for elements below 2^(exponent + 1), at most 2^n of them per accumulator.
#[inline(always)]
pub(super) fn first_anchor(exponent: i32, levels: usize, n: u32) -> i32 {
    // Pinned higher than asked for only if the lowest level would underflow; a higher bound is a bound as well.
    (exponent + n.cast_signed() + 2).max((levels as i32 - 1) * spacing(n) - 1022)
}

/// How far apart levels are pinned.
#[inline(always)]
pub(super) const fn spacing(n: u32) -> i32 {
    52 - n.cast_signed()
}

/// The middle of a binade: 1.5 * 2^exponent, for the exponent of a normal double.
#[inline(always)]
pub(super) fn anchor(exponent: i32) -> f64 {
    1.5 * power_of_two(exponent)
}

/// 2^exponent, for the exponent of a normal double.
#[inline(always)]
pub(super) const fn power_of_two(exponent: i32) -> f64 {
    debug_assert!(-1022 <= exponent && exponent <= 1023);
    f64::from_bits(((exponent + 1023).cast_unsigned() as u64) << 52)
}
