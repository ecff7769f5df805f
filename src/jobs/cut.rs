//! [`Cut`]: how a job is cut into pieces.

use std::ops::Range;

use super::pipeline::Cutting;

/// The units of a source in pieces of one length; the last may be shorter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    units: u64,
    /// How many units a piece has, at least one.
    piece: u64,
    lanes: usize,
    is_short: bool,
}

/// How long pieces should be, in units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grain {
    /// Less is not worth a piece of its own, nor a thread to be woken for. At least one.
    pub(super) min: u64,
    /// More takes too long: a cancel, the end of an environment and a short job all wait for the pieces that are running.
    pub(super) max: u64,
    /// How many pieces each thread should have, if there are enough units, so that all threads end at about the same
    /// time.
    pub(super) per_thread: u64,
    /// Pieces are multiples of this, which divides `min` and `max`, unless `max` is `u64::MAX`.
    pub(super) align: u64,
}

impl Cut {
    /// Cuts `units` for at most `threads` threads.
    pub(super) fn new(units: u64, grain: Grain, threads: usize) -> Self {
        let threads = threads.max(1) as u64;
        let even = units.div_ceil(threads.saturating_mul(grain.per_thread));
        let aligned = even.checked_next_multiple_of(grain.align).unwrap_or(u64::MAX);
        let piece = aligned.clamp(grain.min, grain.max);
        let lanes = units.div_ceil(piece).clamp(1, threads) as usize;
        Self { units, piece, lanes, is_short: false }
    }

    /// The same, of a job that takes less time than waking a thread, or does not.
    pub(super) fn with_short(self, is_short: bool) -> Self {
        Self { is_short, ..self }
    }

    /// The units of a piece, of those there are.
    pub(super) fn piece(&self, piece: usize) -> Range<u64> {
        // For pieces that exist the product is at most `units`.
        let start = piece as u64 * self.piece;
        start..start.saturating_add(self.piece).min(self.units)
    }

    /// How many units the longest piece has.
    #[cfg(any(test, feature = "internals"))]
    pub(super) fn piece_len(&self) -> u64 {
        self.piece
    }
}

impl Cutting for Cut {
    fn pieces(&self) -> usize {
        // Sources of more units than a usize can count have pieces that are longer than one.
        self.units.div_ceil(self.piece).max(1) as usize
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn is_short(&self) -> bool {
        self.is_short
    }

    #[inline]
    fn run(&self, piece: usize, work: impl FnOnce(Range<u64>)) {
        work(self.piece(piece));
    }
}
