//! [`Fused`]: the two levels of an [`Expansion`](super::expansion::Expansion) for a loop of the caller's that adds up what it computes while
//! the divider or the square root is what it waits for.
//!
//! ```text
//! block after block:  anchors = fused.begin(most numbers a lane)?
//!                     S[1..2] = anchors;  max = 0;  residues = 0, in all lanes
//!                     the loop, for each number x that it has made: the algorithm of the module `expansion`
//!                     sum.add_caught(fused.end(S, max, residues, numbers)?)        otherwise: sum.add(numbers)
//! ```
//!
//! The loop writes the numbers as well. So when the levels have not caught all bits, nothing is lost: they are added as any others, and
//! teach what the next block is to begin with.

use super::expansion::{Anchors, Caught, EXPONENTS, anchor, power_of_two};

/// How many levels there are.
pub const LEVELS: usize = 2;

/// Bits between the largest number of a block and the bound that is expected of the next ones.
const SLACK: i32 = 3;

/// The most blocks that are not tried after one that was not caught.
const LONGEST_PAUSE: u32 = 256;

/// See the module's head. One for each thread and loop.
#[derive(Clone, Debug)]
pub struct Fused {
    /// Numbers are expected below 2^(exponent + 1); `None` if nothing is known yet.
    exponent: Option<i32>,
    /// Where the levels of this block are.
    anchors: Option<Anchors<LEVELS>>,
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

/// The exact sum of a block.
#[derive(Clone, Copy, Debug)]
pub struct FusedSum(pub(super) Caught);

impl Default for Fused {
    fn default() -> Self {
        Self::new()
    }
}

impl Fused {
    /// Nothing is known of the numbers.
    pub const fn new() -> Self {
        Self { exponent: None, anchors: None, pause: 0, next_pause: 1 }
    }

    /// What the levels begin with, in each lane, for a block that brings up to `most` numbers to each; `None` if the loop is not to add them.
    pub fn begin(&mut self, most: u32) -> Option<[f64; LEVELS]> {
        self.anchors = None;
        if self.pause > 0 {
            self.pause -= 1;
            return None;
        }
        let anchors = Anchors::<LEVELS>::new(self.exponent?, most.max(1).next_power_of_two().ilog2());
        let values = anchors.exponents.map(anchor);
        self.anchors = Some(anchors);
        Some(values)
    }

    /// The sum of the numbers of this block, if it has been caught. They must be those that the loop has added since [`begin`](Self::begin).
    pub fn end(&mut self, lanes: Lanes<'_>, numbers: &[f64]) -> Option<FusedSum> {
        let bound = power_of_two(self.exponent? + 1);
        let anchors = self.anchors.take()?;
        // All of them are looked at, without a branch for each.
        let is_bounded = lanes.max.iter().fold(true, |all, max| all & (f64::from_bits(*max) < bound));
        // Of zeros only the sign may be left.
        let is_nothing_left = lanes.residues.iter().fold(0, |all, residue| all | residue) << 1 == 0;
        if !(is_bounded && is_nothing_left) {
            self.learn(numbers);
            return None;
        }
        self.next_pause = 1;
        Some(FusedSum(Caught::of_levels(&anchors, |level| lanes.sums[level].iter().copied())))
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
