//! [`Contest`]: which of two pieces of code for the same function takes less time, as measured where it runs.
//!
//! Vectors win where indices do the same side by side. Where each goes its own way, where elements are far apart from index to index, and
//! where a block has few indices, one index at a time may be faster, and no analysis knows how large the arrays are, or how often a
//! loop turns. So both run in turns, a block each, until one has won clearly; then that one runs, for a while, after which it is
//! looked at again. Results do not depend on it.
//!
//! ```text
//! block        1  2  3  4   5  6  7  8   9 10 11 12   13 … 1036    1037 …
//! code         V  S  S  V   V  S  S  V   V  S  S  V   S            V  S …
//! round        └────1────┘  └────2────┘  └────3────┘                       each is a vote: who was faster for each index
//! ```
//!
//! What an index costs may change along the range, and with it who is faster: one pixel of a fractal takes three turns, another one a
//! thousand. So the winner is timed now and then, and where it takes more than twice as long as in the contest, or less than half, its
//! term ends.
//!
//! The order is such that neither profits from indices that become cheaper, or dearer, or from calls of two blocks of which one is short.
//! Other programs take the processor away now and then, so a vote counts only as one, by how much ever it was won.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Turns of a round.
const ROUND: u32 = 4;
/// Who is ahead by so many votes has won.
const LEAD: i32 = 3;
/// After so many rounds who is ahead has won.
const MOST_ROUNDS: u32 = 9;
/// Blocks until the next contest, after the first one, and at the most. Each time there are twice as many.
const FIRST_TERM: u32 = 1 << 10;
const LONGEST_TERM: u32 = 1 << 16;

/// In a term, one of so many blocks is timed, from the second time on.
const PROBE: u32 = 16;
/// So many in a row that cost something else end the term.
const OFF: u32 = 2;

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
    /// Whether it belongs to a term, and not to a contest.
    is_probe: bool,
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
    /// Turns of this round that have been told of.
    told: AtomicU32,
    /// What each side has done in this round: nanoseconds, and indices.
    times: [AtomicU64; 2],
    counts: [AtomicU64; 2],
    is_scalar_best: AtomicU32,
    /// What an index has cost the winner in the last round, in picoseconds.
    cost: AtomicU64,
    /// How many blocks in a row have cost something else.
    off: AtomicU32,
}

impl Contest {
    pub(super) const fn new() -> Self {
        Self {
            term: AtomicU32::new(0),
            next_term: AtomicU32::new(FIRST_TERM),
            turns: AtomicU32::new(0),
            rounds: AtomicU32::new(0),
            score: AtomicU32::new(0),
            told: AtomicU32::new(0),
            times: [const { AtomicU64::new(0) }; 2],
            counts: [const { AtomicU64::new(0) }; 2],
            is_scalar_best: AtomicU32::new(0),
            cost: AtomicU64::new(0),
            off: AtomicU32::new(0),
        }
    }

    /// The next block is run by whom?
    pub(super) fn turn(&self) -> Turn {
        let term = self.term.load(Ordering::Relaxed);
        if term > 0 {
            self.term.store(term - 1, Ordering::Relaxed);
            let is_probe = term.is_multiple_of(PROBE);
            return Turn { side: self.best(), is_measured: is_probe, is_probe };
        }
        let side = match self.turns.fetch_add(1, Ordering::Relaxed) % ROUND {
            0 | 3 => Side::Vectors,
            _ => Side::Scalar,
        };
        Turn { side, is_measured: true, is_probe: false }
    }

    /// Who has won the last contest; vectors before the first.
    pub(super) fn best(&self) -> Side {
        if self.is_scalar_best.load(Ordering::Relaxed) == 0 { Side::Vectors } else { Side::Scalar }
    }

    /// How long a measured turn has taken, and for how many indices.
    pub(super) fn tell(&self, Turn { side, is_probe, .. }: Turn, nanoseconds: u64, indices: u64) {
        if is_probe {
            return self.look(nanoseconds, indices);
        }
        if self.term.load(Ordering::Relaxed) > 0 {
            // Another thread has ended the contest.
            return;
        }
        self.times[side as usize].fetch_add(nanoseconds, Ordering::Relaxed);
        self.counts[side as usize].fetch_add(indices, Ordering::Relaxed);
        if self.told.fetch_add(1, Ordering::Relaxed) + 1 < ROUND {
            return;
        }
        self.told.store(0, Ordering::Relaxed);
        let taken = |numbers: &[AtomicU64; 2]| {
            numbers.each_ref().map(|number| u128::from(number.swap(0, Ordering::Relaxed)))
        };
        let ([vectors, scalar], [of_vectors, of_scalar]) = (taken(&self.times), taken(&self.counts));
        let vote = if scalar * of_vectors < vectors * of_scalar { 1 } else { -1 };
        let score = self.score.load(Ordering::Relaxed).cast_signed() + vote;
        let rounds = self.rounds.load(Ordering::Relaxed) + 1;
        if score.abs() < LEAD && rounds < MOST_ROUNDS {
            self.score.store(score.cast_unsigned(), Ordering::Relaxed);
            self.rounds.store(rounds, Ordering::Relaxed);
            return;
        }
        self.is_scalar_best.store(u32::from(score > 0), Ordering::Relaxed);
        let (time, count) = if score > 0 { (scalar, of_scalar) } else { (vectors, of_vectors) };
        let cost = u64::try_from(time * 1000 / count.max(1)).unwrap_or(u64::MAX);
        self.cost.store(cost, Ordering::Relaxed);
        self.off.store(0, Ordering::Relaxed);
        self.score.store(0, Ordering::Relaxed);
        self.rounds.store(0, Ordering::Relaxed);
        self.turns.store(0, Ordering::Relaxed);
        let term = self.next_term.load(Ordering::Relaxed);
        self.next_term.store((2 * term).min(LONGEST_TERM), Ordering::Relaxed);
        self.term.store(term, Ordering::Relaxed);
    }

    /// Ends the term if indices cost something else than in the contest. Programs that take the processor away do so for one block.
    fn look(&self, nanoseconds: u64, indices: u64) {
        let (cost, now) =
            (self.cost.load(Ordering::Relaxed), nanoseconds.saturating_mul(1000) / indices.max(1));
        if now / 2 <= cost && cost / 2 <= now {
            self.off.store(0, Ordering::Relaxed);
        } else if self.off.fetch_add(1, Ordering::Relaxed) + 1 == OFF {
            self.next_term.store(FIRST_TERM, Ordering::Relaxed);
            self.term.store(0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of the shortest contest.
    const SHORTEST: u32 = ROUND * LEAD.cast_unsigned();
    const LONGEST: u32 = ROUND * MOST_ROUNDS;

    /// Runs a number of blocks, and returns how many were those of the scalar code. `cost` is of a block, and how many indices it has.
    fn run(contest: &Contest, blocks: u32, cost: impl Fn(u32, Side) -> (u64, u64)) -> u32 {
        let mut scalar = 0;
        for block in 0..blocks {
            let turn = contest.turn();
            scalar += u32::from(turn.side == Side::Scalar);
            if turn.is_measured {
                let (time, count) = cost(block, turn.side);
                contest.tell(turn, time, count);
            }
        }
        scalar
    }

    /// What takes so long with vectors, and so long without.
    fn costs(vectors: u64, scalar: u64) -> impl Fn(u32, Side) -> (u64, u64) {
        move |_, side| (if side == Side::Vectors { vectors } else { scalar }, 8)
    }

    #[test]
    fn the_faster_one_wins_after_three_rounds() {
        let contest = Contest::new();
        assert_eq!(run(&contest, SHORTEST, costs(70, 60)), SHORTEST / 2);
        assert_eq!(contest.best(), Side::Scalar);
        assert_eq!(run(&contest, FIRST_TERM, costs(70, 60)), FIRST_TERM);
        let contest = Contest::new();
        assert_eq!(run(&contest, SHORTEST + FIRST_TERM, costs(60, 70)), SHORTEST / 2);
        assert_eq!(contest.best(), Side::Vectors);
    }

    /// `time` of a block, if one side is a tenth faster.
    fn decides_right(time: impl Fn(u32) -> (u64, u64), what: &str) {
        for faster in [Side::Vectors, Side::Scalar] {
            let contest = Contest::new();
            let cost = |block, side| {
                let (time, count) = time(block);
                (time * if side == faster { 10 } else { 11 }, count)
            };
            run(&contest, LONGEST, cost);
            assert_eq!(contest.best(), faster, "{what}");
        }
    }

    #[test]
    fn indices_that_become_dearer_favor_nobody() {
        decides_right(|block| (1000 + 3 * u64::from(block), 8), "a little");
        decides_right(|block| (1000 + 100 * u64::from(block), 8), "much");
    }

    #[test]
    fn calls_of_two_blocks_favor_nobody() {
        decides_right(|block| (if block % 2 == 0 { 10_000 } else { 1000 }, 8), "one is dear");
        decides_right(|block| if block % 2 == 0 { (1000, 8) } else { (8000, 64) }, "one is short");
    }

    #[test]
    fn one_block_that_was_held_up_decides_nothing() {
        for held_up in 0..LONGEST {
            let contest = Contest::new();
            let cost =
                |block, side| if block == held_up { (1_000_000, 8) } else { costs(70, 60)(block, side) };
            run(&contest, LONGEST, cost);
            assert_eq!(contest.best(), Side::Scalar, "{held_up}");
        }
    }

    #[test]
    fn a_term_ends_where_indices_cost_something_else() {
        let contest = Contest::new();
        let cost = |block, side| {
            if block < 100 { costs(70, 60)(block, side) } else { costs(600, 2400)(block, side) }
        };
        let scalar = run(&contest, FIRST_TERM, cost);
        assert_eq!(contest.best(), Side::Vectors);
        assert!(scalar < 100 + OFF * PROBE + LONGEST, "{scalar}");
    }

    #[test]
    fn a_block_that_was_held_up_ends_no_term() {
        let contest = Contest::new();
        let cost = |block, side| {
            if block % (4 * PROBE) < PROBE { (1_000_000, 8) } else { costs(70, 60)(block, side) }
        };
        run(&contest, SHORTEST, costs(70, 60));
        assert_eq!(run(&contest, FIRST_TERM, cost), FIRST_TERM);
    }

    #[test]
    fn the_winner_is_looked_at_again() {
        let contest = Contest::new();
        run(&contest, SHORTEST, costs(70, 60));
        assert_eq!(contest.best(), Side::Scalar);
        run(&contest, FIRST_TERM + SHORTEST, costs(50, 60));
        assert_eq!(contest.best(), Side::Vectors);
    }
}
