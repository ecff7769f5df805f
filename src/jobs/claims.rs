//! [`Claims`]: pieces as long as measured.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crossbeam::utils::CachePadded;

use super::pipeline::Cutting;

/// How long a piece should take, in nanoseconds: what a short call waits for.
const PIECE: u64 = 30_000;
/// How long a piece may take, if it would otherwise have less than a block: a kernel that computes a block at once is far slower
/// for a few units than for many.
const LONGEST: u64 = 500_000;
/// What is worth a thread of its own.
const WORTH: u64 = 10_000;
/// A job that takes no longer than this is left to a thread that is awake.
const SHORT: u64 = 10_000;
/// Units of the first piece, while nothing is known of what a unit takes.
const FIRST: u64 = 8;
/// Blocks of the first piece at the most.
const FIRST_BLOCKS: u64 = 4;
/// The last pieces are a fair share of what is left, but not below such a part of a piece: each takes a microsecond or so by itself.
const PARTS: u64 = 8;
/// By how much pieces grow at once. A few units may say little of what the next ones take.
const GROWTH: u64 = 8;

/// The units of a job that nobody knows the cost of: from nanoseconds to minutes each, and the last ones perhaps a thousand
/// times what the first ones take. A thread claims as many as the last pieces let expect to take some tens of microseconds,
/// but never more than its fair share of what is left.
pub(crate) struct Claims {
    units: u64,
    /// How many units make a block.
    block: u64,
    lanes: usize,
    is_short: bool,
    /// The first unit that nobody has claimed.
    next: CachePadded<AtomicU64>,
    /// How many units the next piece has.
    step: AtomicU64,
    /// How many units have run.
    done: AtomicU64,
    /// How many nanoseconds all of them took.
    busy: AtomicU64,
}

impl Claims {
    /// The same, of a job that nobody may count on to be short: what a unit takes depends on the data.
    pub(super) fn never_short(self) -> Self {
        Self { is_short: false, ..self }
    }

    /// For `units` units in blocks of `block`, on at most `threads` threads. `cost` is how many picoseconds a unit took the last
    /// time, or 0: a guess, since this time the data may be other.
    pub(super) fn new(units: u64, block: u64, threads: usize, cost: u64) -> Self {
        let expected = u128::from(units) * u128::from(cost) / 1000;
        let worth = if cost == 0 {
            u64::MAX
        } else {
            u64::try_from(expected / u128::from(WORTH)).unwrap_or(u64::MAX)
        };
        let step = if cost == 0 { FIRST } else { fitting(1000, cost, block).min(FIRST_BLOCKS * block) };
        Self {
            units,
            block,
            lanes: units.min(threads as u64).min(worth).max(1) as usize,
            is_short: cost != 0 && expected <= u128::from(SHORT),
            next: CachePadded::new(AtomicU64::new(0)),
            step: AtomicU64::new(step),
            done: AtomicU64::new(0),
            busy: AtomicU64::new(0),
        }
    }

    /// Claims the next units, none if all are claimed.
    fn claim(&self) -> Range<u64> {
        // Relaxed: that each unit is claimed once needs only atomicity.
        let step = self.step.load(Ordering::Relaxed);
        let left = self.units.saturating_sub(self.next.load(Ordering::Relaxed));
        let fair = if self.lanes == 1 { left } else { left / (2 * self.lanes as u64) };
        let step = step.min(fair.max(step / PARTS)).max(1);
        let start = self.next.fetch_add(step, Ordering::Relaxed).min(self.units);
        start..(start + step).min(self.units)
    }

    /// Learns what a piece of so many units took. What other threads learn at the same time may be lost: so may this.
    fn learn(&self, units: u64, nanoseconds: u64) {
        let step = self.step.load(Ordering::Relaxed);
        // A piece that was short because little is left tells as much.
        let next = fitting(units, nanoseconds, self.block).min(step.saturating_mul(GROWTH));
        if next != step {
            self.step.store(next, Ordering::Relaxed);
        }
        self.busy.fetch_add(nanoseconds, Ordering::Relaxed);
        self.done.fetch_add(units, Ordering::Relaxed);
    }
}

/// How many units a piece should have, if `units` of them took so many nanoseconds.
fn fitting(units: u64, nanoseconds: u64, block: u64) -> u64 {
    let within = |time: u64| units.saturating_mul(time) / nanoseconds.max(1);
    match within(PIECE) / block {
        0 => within(LONGEST).clamp(1, block),
        blocks => blocks * block,
    }
}

impl Cutting for Claims {
    fn pieces(&self) -> usize {
        // Each piece has at least one unit.
        usize::try_from(self.units).unwrap_or(usize::MAX).max(1)
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn is_short(&self) -> bool {
        self.is_short
    }

    fn run(&self, _piece: usize, work: impl FnOnce(Range<u64>)) {
        let units = self.claim();
        let count = units.end - units.start;
        if count == 0 {
            return;
        }
        let began = Instant::now();
        work(units);
        self.learn(count, u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }

    fn is_exhausted(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.units
    }

    fn progress(&self) -> u64 {
        self.done.load(Ordering::Relaxed).min(self.units)
    }

    fn cost(&self) -> u64 {
        let (busy, done) = (self.busy.load(Ordering::Relaxed), self.done.load(Ordering::Relaxed));
        busy.saturating_mul(1000).checked_div(done).map_or(0, |cost| cost.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_unit_is_claimed_once(units in 0_u64..5000, threads in 1_usize..9, cost in 0_u64..100_000_000) {
            let claims = Claims::new(units, 7, threads, cost);
            let mut next = 0;
            let mut pieces = 0;
            while !claims.is_exhausted() {
                claims.run(pieces, |range| {
                    assert_eq!(range.start, next);
                    assert!(range.end > range.start);
                    next = range.end;
                });
                pieces += 1;
            }
            prop_assert_eq!(next, units);
            prop_assert!(pieces <= claims.pieces());
            prop_assert_eq!(claims.progress(), units);
            prop_assert!((1..=threads).contains(&claims.lanes()));
        }
    }

    #[test]
    fn pieces_follow_what_units_take() {
        let claims = Claims::new(1 << 40, 500, 2, 0);
        let step = |units, nanoseconds| {
            claims.learn(units, nanoseconds);
            claims.step.load(Ordering::Relaxed)
        };
        assert_eq!(step(FIRST, 8), FIRST * GROWTH, "no faster than that");
        step(64, 64);
        step(512, 512);
        assert_eq!(step(4096, 4096), PIECE, "a nanosecond each");
        assert_eq!(step(1000, 1000 * PIECE / 1250), 1000, "whole blocks");
        assert_eq!(step(500, LONGEST), 500, "a block may take longer");
        assert_eq!(step(500, 5 * LONGEST), 100, "but not that long");
        assert_eq!(step(1, 5 * LONGEST), 1);
    }

    #[test]
    fn little_work_is_one_thread_s() {
        let lanes = |units, cost| Claims::new(units, 1, 8, cost).lanes();
        assert_eq!(lanes(1000, 1000), 1);
        assert_eq!(lanes(100_000, 1000), 8);
        assert_eq!(lanes(30, 1_000_000), 3);
        assert_eq!(lanes(3, 0), 3, "what nobody knows may take minutes");
        assert_eq!(lanes(3, u64::MAX), 3);
    }

    #[test]
    fn the_end_is_shared_fairly() {
        let claims = Claims::new(100, 20, 4, 1_000_000);
        let mut longest = 0;
        claims.run(0, |range| longest = range.end - range.start);
        assert_eq!(longest, 12);
    }

    #[test]
    fn no_piece_is_hardly_worth_its_claim() {
        let pieces = |units: u64, threads| {
            let claims = Claims::new(units, 1000, threads, 1000);
            let mut pieces = Vec::new();
            while !claims.is_exhausted() {
                let claimed = claims.claim();
                pieces.push(claimed.end - claimed.start);
            }
            pieces
        };
        assert_eq!(pieces(1000, 4), [1000], "nobody to share with");
        let all = pieces(40_000, 4);
        assert!(all[0] == 4000 && all.iter().rev().skip(1).all(|piece| *piece >= 500), "{all:?}");
    }
}
