//! [`Contest`]: which of two pieces of code for the same function takes less time, as measured where it runs.
//!
//! Vectors win where indices do the same side by side. Where each goes its own way, where elements are far apart from index to index, and
//! where a block has few indices, one index at a time may be faster, and no analysis knows how large the arrays are, or how often a
//! loop turns. So both run in turns, a block each, until one has won clearly; then that one runs, for a while, after which it is
//! looked at again. Results do not depend on it.
//!
//! ```text
//! block        1  2  3  4  5  6   7 … 2000      2001 …
//! code         V  S  S  V  V  S   S             S  V  …
//! round          └1┘   └2┘   └3┘                         each is a vote: which of two neighbors was faster for each index
//! ```
//!
//! Other programs take the processor away now and then, so a vote counts only as one, by how much ever it was won.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Who is ahead by so many votes has won.
const LEAD: i32 = 3;
/// After so many rounds who is ahead has won.
const MOST_ROUNDS: u32 = 9;
/// Blocks until the next contest, after the first one, and at the most. Each time there are twice as many.
const FIRST_TERM: u32 = 1 << 10;
const LONGEST_TERM: u32 = 1 << 16;

/// One of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Vectors,
    Scalar,
}

/// What to run next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Turn {
    pub(super) side: Side,
    /// How long it takes is to be told.
    pub(super) is_measured: bool,
}

/// Threads share it. What they see of each other's turns late, or lose, costs a round at the most.
#[derive(Debug)]
pub(super) struct Contest {
    /// Blocks that the winner has left; in a contest, 0.
    term: AtomicU32,
    next_term: AtomicU32,
    /// Turns that have been given out in this contest.
    turns: AtomicU32,
    rounds: AtomicU32,
    /// Votes of the scalar code, less those of the vectors.
    score: AtomicU32,
    /// Of each side, picoseconds that an index took in this round; 0 if it has not run.
    times: [AtomicU64; 2],
    is_scalar_best: AtomicU32,
}

impl Contest {
    pub(super) const fn new() -> Self {
        Self {
            term: AtomicU32::new(0),
            next_term: AtomicU32::new(FIRST_TERM),
            turns: AtomicU32::new(0),
            rounds: AtomicU32::new(0),
            score: AtomicU32::new(0),
            times: [AtomicU64::new(0), AtomicU64::new(0)],
            is_scalar_best: AtomicU32::new(0),
        }
    }

    /// The next block is run by whom?
    pub(super) fn turn(&self) -> Turn {
        let term = self.term.load(Ordering::Relaxed);
        if term > 0 {
            self.term.store(term - 1, Ordering::Relaxed);
            return Turn { side: self.best(), is_measured: false };
        }
        // Who was last in a round is first in the next, so that neither profits from what becomes cheaper, or dearer.
        let side = match self.turns.fetch_add(1, Ordering::Relaxed) % 4 {
            0 | 3 => Side::Vectors,
            _ => Side::Scalar,
        };
        Turn { side, is_measured: true }
    }

    /// Who has won the last contest; vectors before the first.
    pub(super) fn best(&self) -> Side {
        if self.is_scalar_best.load(Ordering::Relaxed) == 0 { Side::Vectors } else { Side::Scalar }
    }

    /// What an index took in a measured turn, in picoseconds.
    pub(super) fn tell(&self, side: Side, picoseconds: u64) {
        let [mine, other] = match side {
            Side::Vectors => [0, 1],
            Side::Scalar => [1, 0],
        };
        let theirs = self.times[other].swap(0, Ordering::Relaxed);
        if theirs == 0 {
            return self.times[mine].store(picoseconds.max(1), Ordering::Relaxed);
        }
        let is_mine = picoseconds < theirs;
        let vote = if is_mine == (side == Side::Scalar) { 1 } else { -1 };
        let score = self.score.load(Ordering::Relaxed).cast_signed() + vote;
        let rounds = self.rounds.load(Ordering::Relaxed) + 1;
        if score.abs() < LEAD && rounds < MOST_ROUNDS {
            self.score.store(score.cast_unsigned(), Ordering::Relaxed);
            self.rounds.store(rounds, Ordering::Relaxed);
            return;
        }
        self.is_scalar_best.store(u32::from(score > 0), Ordering::Relaxed);
        self.score.store(0, Ordering::Relaxed);
        self.rounds.store(0, Ordering::Relaxed);
        self.turns.store(0, Ordering::Relaxed);
        let term = self.next_term.load(Ordering::Relaxed);
        self.next_term.store((2 * term).min(LONGEST_TERM), Ordering::Relaxed);
        self.term.store(term, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a number of blocks, and returns how many were those of the scalar code.
    fn run(contest: &Contest, blocks: u32, cost: impl Fn(u32, Side) -> u64) -> u32 {
        let mut scalar = 0;
        for block in 0..blocks {
            let Turn { side, is_measured } = contest.turn();
            scalar += u32::from(side == Side::Scalar);
            if is_measured {
                contest.tell(side, cost(block, side));
            }
        }
        scalar
    }

    #[test]
    fn the_faster_one_wins_after_three_rounds() {
        let contest = Contest::new();
        let slow_vectors = |_, side| if side == Side::Vectors { 70 } else { 60 };
        assert_eq!(run(&contest, 6, slow_vectors), 3);
        assert_eq!(contest.best(), Side::Scalar);
        assert_eq!(run(&contest, FIRST_TERM, slow_vectors), FIRST_TERM);
        let contest = Contest::new();
        assert_eq!(run(&contest, 6 + FIRST_TERM, |_, side| if side == Side::Vectors { 60 } else { 70 }), 3);
        assert_eq!(contest.best(), Side::Vectors);
    }

    #[test]
    fn indices_that_become_dearer_favor_nobody() {
        for growth in [3_u64, 100] {
            let contest = Contest::new();
            // One is a tenth faster.
            let cost = |block: u32, side| {
                (1000 + growth * u64::from(block)) * if side == Side::Vectors { 11 } else { 10 }
            };
            run(&contest, 2 * MOST_ROUNDS, cost);
            assert_eq!(contest.best(), Side::Scalar, "{growth}");
        }
    }

    #[test]
    fn one_block_that_was_held_up_decides_nothing() {
        for held_up in 0..6 {
            let contest = Contest::new();
            let cost = |block, side| match side {
                _ if block == held_up => 1_000_000,
                Side::Vectors => 70,
                Side::Scalar => 60,
            };
            run(&contest, 2 * MOST_ROUNDS, cost);
            assert_eq!(contest.best(), Side::Scalar, "{held_up}");
        }
    }

    #[test]
    fn the_winner_is_looked_at_again() {
        let contest = Contest::new();
        run(&contest, 6, |_, side| if side == Side::Vectors { 70 } else { 60 });
        assert_eq!(contest.best(), Side::Scalar);
        run(&contest, FIRST_TERM + 6, |_, side| if side == Side::Vectors { 50 } else { 60 });
        assert_eq!(contest.best(), Side::Vectors);
    }
}
