//! [`Pinned`]: the accumulators of an [`Expansion`](super::expansion::Expansion), from one tile to the next.
//!
//! To hand on what a tile has left in them takes as long as to add up a quarter of a small tile. So they stay as they are until they have
//! room for no more, or until the next tile needs other anchors. A tile that is given up has not changed them.
//!
//! ```text
//! tile after tile:  pinned.begin(exponent, levels, most numbers an accumulator), which hands on what is in the way
//!                   the algorithm of the module `expansion`, on copies of the accumulators
//!                   the copies go into pinned.caught(most)                     unless the tile is given up
//! in the end:       pinned.add_to(sum)
//! ```

use super::expansion::{MAX_LEVELS, anchor, first_anchor, spacing};
use super::superaccumulator::Superaccumulator;

/// How many accumulators a level has at the most: two vectors of eight lanes.
pub(super) const WIDEST: usize = 16;

/// n of the proof: an accumulator takes up to 2^n numbers. A window of two levels is 80 bits wide then.
const NUMBERS: u32 = 11;

/// See the module's head.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Pinned {
    /// Of each level. Those that are not used are at their anchor.
    sums: [[f64; WIDEST]; MAX_LEVELS],
    /// E of the proof.
    exponent: i32,
    /// K of the proof; 0 if they have not begun.
    levels: usize,
    /// How many numbers each of them may still take.
    room: u32,
}

impl Pinned {
    /// Numbers that an accumulator takes at the most.
    pub(super) const ROOM: u32 = 1 << NUMBERS;

    /// Nothing, with room for nothing.
    pub(super) const fn new() -> Pinned {
        Pinned { sums: [[0.0; WIDEST]; MAX_LEVELS], exponent: 0, levels: 0, room: 0 }
    }

    /// Whether each accumulator can take `most` more numbers below 2^(exponent + 1), on this many levels.
    #[inline(always)]
    pub(super) fn has_room(&self, exponent: i32, levels: usize, most: u32) -> bool {
        self.room >= most && self.exponent == exponent && self.levels == levels
    }

    /// Sees to it that it [has room](Self::has_room), for no more than [`ROOM`](Self::ROOM) numbers: what is in the way goes to `sum`.
    #[inline(always)]
    pub(super) fn begin(&mut self, exponent: i32, levels: usize, most: u32, sum: &mut Superaccumulator) {
        if !self.has_room(exponent, levels, most) {
            self.hand_on(exponent, levels, sum);
        }
    }

    #[cold]
    #[inline(never)]
    fn hand_on(&mut self, exponent: i32, levels: usize, sum: &mut Superaccumulator) {
        self.add_to(sum);
        self.pin(exponent, levels);
    }

    /// Forgets what is in them, and has them begin at the anchors of a bound and a number of levels.
    pub(super) fn pin(&mut self, exponent: i32, levels: usize) {
        *self = Pinned { exponent, levels, room: Self::ROOM, ..Pinned::new() };
        for k in 0..levels {
            self.sums[k] = [anchor(self.exponent_of(k)); WIDEST];
        }
    }

    /// Where a level is pinned: M_k of the proof.
    fn exponent_of(&self, k: usize) -> i32 {
        first_anchor(self.exponent, self.levels, NUMBERS) - k as i32 * spacing(NUMBERS)
    }

    /// The accumulators of a level.
    #[inline(always)]
    pub(super) const fn level(&self, k: usize) -> &[f64; WIDEST] {
        &self.sums[k]
    }

    /// The same, for a tile that has been caught: each has taken up to `most` numbers, for which there was room.
    #[inline(always)]
    pub(super) fn caught(&mut self, most: u32) -> &mut [[f64; WIDEST]; MAX_LEVELS] {
        debug_assert!(most <= self.room);
        self.room = self.room.saturating_sub(most);
        &mut self.sums
    }

    /// Whether there may be anything in them.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.levels == 0 || self.room == Self::ROOM
    }

    /// Hands a copy of the sum on.
    pub(super) fn add_to(&self, sum: &mut Superaccumulator) {
        if self.is_empty() {
            return;
        }
        sum.reserve(self.levels as u64);
        for (k, sums) in self.sums[..self.levels].iter().enumerate() {
            let exponent = self.exponent_of(k);
            let origin = anchor(exponent).to_bits();
            // Each is at most 2^51 units away from its anchor.
            let units: i64 = sums.iter().map(|sum| sum.to_bits().wrapping_sub(origin).cast_signed()).sum();
            sum.add_multiple(units, (exponent + 1022).cast_unsigned());
        }
    }
}
