//! [`Predictor`]: predicts from the tiles so far how to sum the next one.
//!
//! An [`Expansion`](super::expansion::Expansion) needs a bound for the elements and a number of levels. A wrong
//! prediction costs time and nothing else: a tile that is not caught is added in another way, and the sum is
//! exact in any case.

use super::expansion::{EXPONENTS, MAX_LEVELS};

/// Bits between the largest element of a tile and the bound that is expected of the next ones.
const SLACK: i32 = 3;

/// Failures closer together than this many tiles call for a wider window, not for another place of it.
const CLOSE: u32 = 16;

/// The most tiles in a row that make fewer levels worth a try; it starts at [`CLOSE`] tiles and doubles each
/// time that goes wrong.
const MOST_PATIENCE: u32 = 4096;

/// The most tiles that are added one by one before expansions are tried again; it starts at one and doubles
/// likewise.
const LONGEST_PAUSE: u32 = 256;

/// How the next tile is to be summed.
#[derive(Clone, Debug)]
pub(super) struct Predictor {
    exponent: i32,
    levels: usize,
    /// How many tiles have been caught since the last failure.
    streak: u32,
    /// The streak that makes fewer levels worth a try.
    patience: u32,
    /// How many tiles are still to be added one by one.
    pause: u32,
    /// How long the next pause will be.
    next_pause: u32,
}

impl Predictor {
    /// Nothing is known: two levels are right for most data.
    pub(super) const fn new() -> Predictor {
        Predictor { exponent: 0, levels: 2, streak: CLOSE, patience: 2 * CLOSE, pause: 0, next_pause: 1 }
    }

    /// All elements should be below 2^(exponent + 1).
    pub(super) const fn exponent(&self) -> i32 {
        self.exponent
    }

    /// How many levels should catch all their bits.
    pub(super) const fn levels(&self) -> usize {
        self.levels
    }

    /// Whether to try an expansion on the next tile at all.
    pub(super) fn is_worth_a_try(&mut self) -> bool {
        let paused = self.pause > 0;
        self.pause = self.pause.saturating_sub(1);
        !paused
    }

    /// The first element of all is `x`. The others are expected to be of its size, give or take.
    pub(super) fn first(&mut self, x: f64) {
        self.exponent = (exponent(x) + 2 * SLACK).clamp(*EXPONENTS.start(), *EXPONENTS.end());
    }

    /// The tile was caught. Now and then, fewer levels may do as well.
    pub(super) fn succeeded(&mut self) {
        self.next_pause = 1;
        self.streak = self.streak.saturating_add(1);
        if self.levels > 1 && self.streak >= self.patience {
            self.levels -= 1;
            self.streak = 0;
        }
    }

    /// The tile was not caught; its largest magnitude is `max`, a finite number. Returns whether an expansion
    /// can catch it.
    pub(super) fn failed(&mut self, max: f64) -> bool {
        let needed = (exponent(max) + SLACK).max(*EXPONENTS.start());
        if needed > *EXPONENTS.end() {
            return false;
        }
        if self.streak < CLOSE && self.levels < MAX_LEVELS {
            self.levels += 1;
            self.exponent = self.exponent.max(needed);
            self.patience = (2 * self.patience).min(MOST_PATIENCE);
        } else {
            self.exponent = needed;
        }
        self.streak = 0;
        true
    }

    /// The window was not wide enough either. Returns whether there is a wider one.
    pub(super) fn widen(&mut self) -> bool {
        let possible = self.levels < MAX_LEVELS;
        self.levels += usize::from(possible);
        possible
    }

    /// Expansions are of no use here: the elements are too large, not finite, or too different.
    pub(super) fn give_up(&mut self) {
        self.pause = self.next_pause;
        self.next_pause = (2 * self.next_pause).min(LONGEST_PAUSE);
    }
}

/// The binary exponent of a finite number; that of subnormal numbers and zero is -1023.
fn exponent(x: f64) -> i32 {
    (x.to_bits() >> 52 & 0x7ff) as i32 - 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILES: u32 = if cfg!(miri) { 600 } else { 10_000 };

    /// Tiles of one kind: their largest magnitude, and the levels that catch them if the bound is right.
    fn run(predictor: &mut Predictor, tiles: u32, max: f64, needed: usize) -> (u32, u32) {
        let (mut failures, mut one_by_one) = (0, 0);
        for _ in 0..tiles {
            if !predictor.is_worth_a_try() {
                one_by_one += 1;
                continue;
            }
            let is_caught =
                |predictor: &Predictor| exponent(max) <= predictor.exponent() && predictor.levels() >= needed;
            if is_caught(predictor) {
                predictor.succeeded();
                continue;
            }
            failures += 1;
            let mut next = predictor.failed(max);
            while next && !is_caught(predictor) {
                next = predictor.widen();
            }
            if !next {
                predictor.give_up();
                one_by_one += 1;
            }
        }
        (failures, one_by_one)
    }

    #[test]
    fn failures_are_rare() {
        for needed in 1..=MAX_LEVELS {
            let mut predictor = Predictor::new();
            let (failures, one_by_one) = run(&mut predictor, TILES, 1e10, needed);
            assert!(failures <= 12 && one_by_one == 0, "{needed}: {failures} {one_by_one}");
        }
    }

    #[test]
    fn hopeless_tiles_are_hardly_tried() {
        for (max, needed) in [(1.0, MAX_LEVELS + 1), (f64::MAX, 1)] {
            let mut predictor = Predictor::new();
            let (failures, one_by_one) = run(&mut predictor, TILES, max, needed);
            assert!(failures <= 50 && one_by_one == TILES, "{failures} {one_by_one}");
        }
    }

    #[test]
    fn better_times_are_noticed() {
        let mut predictor = Predictor::new();
        run(&mut predictor, TILES, 1.0, MAX_LEVELS + 1);
        let (failures, one_by_one) = run(&mut predictor, TILES, 1.0, 1);
        assert!(
            failures <= 1 && one_by_one <= LONGEST_PAUSE && predictor.levels() == 1,
            "{failures} {one_by_one} {predictor:?}"
        );
    }

    #[test]
    fn bounds_are_within_reach() {
        let mut predictor = Predictor::new();
        for x in [0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1.0, f64::MAX, f64::INFINITY, f64::NAN] {
            predictor.first(x);
            assert!(EXPONENTS.contains(&predictor.exponent()));
            if x.is_finite() && predictor.failed(x) {
                assert!(EXPONENTS.contains(&predictor.exponent()) && exponent(x) <= predictor.exponent());
            }
        }
    }
}
