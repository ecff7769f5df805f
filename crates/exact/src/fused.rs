//! [`Fused`]: the two levels of an [`Expansion`](super::expansion::Expansion) for a loop of the caller's that adds up what it computes.
//!
//! ```text
//! block after block:  S[1..2] = fused.begin(lanes, most numbers a lane)?
//!                     max = 0;  residues = 0, in all lanes
//!                     the loop, for each number x that it has made: the algorithm of the module `expansion`
//!                     fused.end(S, max, residues, numbers)                         if that is false: sum.add(numbers)
//!                     if fused.is_due(): sum.take(fused)
//! in the end:         sum.take(fused)
//! ```
//!
//! The loop writes the numbers as well. So when the levels have not caught all bits, nothing is lost: they are added as any others, and
//! teach what the next block is to begin with.

use super::expansion::{EXPONENTS, power_of_two};
use super::pinned::Pinned;
use super::superaccumulator::Superaccumulator;

/// How many levels there are.
pub const LEVELS: usize = 2;

/// Bits between the largest number of a block and the bound that is expected of the next ones.
const SLACK: i32 = 3;

/// The most blocks that are not tried after one that was not caught.
const LONGEST_PAUSE: u32 = 256;

/// See the module's head. One for each thread and loop.
#[derive(Clone, Debug)]
pub struct Fused {
    /// What has been caught.
    pinned: Pinned,
    /// Whether there was a number among it that is not -0.
    is_more_than_zeros: bool,
    /// Numbers are expected below 2^(exponent + 1); `None` if nothing is known yet.
    exponent: Option<i32>,
    /// How many numbers the block that has begun brings to a lane at the most.
    most: u32,
    /// How many blocks are not to be tried.
    pause: u32,
    next_pause: u32,
}

/// What a loop leaves, as many lanes each as its vectors have.
#[derive(Clone, Copy, Debug)]
pub struct Lanes<'a> {
    /// The levels, as the bits of doubles.
    pub sums: [&'a [u64]; LEVELS],
    /// The largest magnitudes, likewise; anything where there is a NaN.
    pub max: &'a [u64],
    /// The residues, likewise, one OR of all.
    pub residues: &'a [u64],
}

impl Default for Fused {
    fn default() -> Self {
        Self::new()
    }
}

impl Fused {
    /// Nothing has been caught, and nothing is known of the numbers.
    pub const fn new() -> Self {
        Self {
            pinned: Pinned::new(),
            is_more_than_zeros: false,
            exponent: None,
            most: 0,
            pause: 0,
            next_pause: 1,
        }
    }

    /// What the levels begin with, in each of `lanes` lanes, at most 16, for a block that brings up to `most` numbers to each; `None` if the
    /// loop is not to add them.
    pub fn begin(&mut self, lanes: usize, most: u32) -> Option<[&[f64]; LEVELS]> {
        if self.pause > 0 {
            self.pause -= 1;
            return None;
        }
        let exponent = self.exponent?;
        if !self.pinned.has_room(exponent, LEVELS, most) {
            // What is in them has to be taken first.
            if !self.pinned.is_empty() || most > Pinned::ROOM {
                return None;
            }
            self.pinned.pin(exponent, LEVELS);
        }
        self.most = most;
        Some([0, 1].map(|k| &self.pinned.level(k)[..lanes]))
    }

    /// Whether the sum of the block that has begun is caught; otherwise nothing of it is. `numbers` must be those that the loop has added
    /// since [`begin`](Self::begin).
    pub fn end(&mut self, lanes: Lanes<'_>, numbers: &[f64]) -> bool {
        let Some(exponent) = self.exponent else { return false };
        let bound = power_of_two(exponent + 1);
        // All of them are looked at, without a branch for each.
        let is_bounded = lanes.max.iter().fold(true, |all, max| all & (f64::from_bits(*max) < bound));
        // Of zeros only the sign may be left.
        let is_nothing_left = lanes.residues.iter().fold(0, |all, residue| all | residue) << 1 == 0;
        if !(is_bounded && is_nothing_left) {
            self.learn(numbers);
            return false;
        }
        self.next_pause = 1;
        self.is_more_than_zeros =
            self.is_more_than_zeros || numbers.iter().any(|x| x.to_bits() != (-0.0_f64).to_bits());
        for (level, sums) in self.pinned.caught(self.most).iter_mut().zip(lanes.sums) {
            for (place, sum) in level.iter_mut().zip(sums) {
                *place = f64::from_bits(*sum);
            }
        }
        true
    }

    /// Whether what has been caught is to be taken before the next block of up to `most` numbers a lane.
    #[inline]
    pub fn is_due(&self, most: u32) -> bool {
        !self.pinned.is_empty()
            && self.exponent.is_none_or(|exponent| !self.pinned.has_room(exponent, LEVELS, most))
    }

    /// Whether nothing has been caught that is still to be taken.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.pinned.is_empty()
    }

    /// Hands on what has been caught. Returns whether there was a number among it that is not -0.
    pub(super) fn take(&mut self, sum: &mut Superaccumulator) -> bool {
        self.pinned.add_to(sum);
        self.pinned = Pinned::new();
        std::mem::take(&mut self.is_more_than_zeros)
    }

    /// Learns from numbers that were added in another way.
    pub fn learn(&mut self, numbers: &[f64]) {
        // As an integer, the magnitude of a number orders like the number, and infinity and NaN come last.
        let max = numbers.iter().map(|x| x.to_bits() & !(1 << 63)).max().unwrap_or(0);
        let exponent = ((max >> 52) as i32 - 1023 + SLACK).max(*EXPONENTS.start());
        // The bound was right, or there is none: then it is the bits that were too many.
        if self.exponent == Some(exponent) || !EXPONENTS.contains(&exponent) {
            self.pause = self.next_pause;
            self.next_pause = (2 * self.next_pause).min(LONGEST_PAUSE);
        }
        self.exponent = EXPONENTS.contains(&exponent).then_some(exponent);
    }

    /// Whether it knows what to begin with.
    pub fn is_ready(&self) -> bool {
        self.exponent.is_some()
    }
}
