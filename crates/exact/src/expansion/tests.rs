//! Tests of the kernel alone: at its bounds, beyond them, and below its window.

use super::*;
use crate::format::Double;
use crate::pinned::WIDEST;
use allcores_machine::Isa;

/// A whole tile, and some groups of vectors of any instruction set. Miri knows the narrowest only, and is
/// slow.
const FULL: usize = if cfg!(miri) { 64 } else { TILE };
const LEN: usize = if cfg!(miri) { 16 } else { 128 };

/// What a tile of `elements` sums to; `None` if it was given up, and then nothing of it may be left.
fn sum(isa: Isa, elements: &mut [f64], exponent: i32, levels: usize) -> Option<f64> {
    let (mut pinned, mut sum) = (Pinned::new(), Superaccumulator::new());
    let tile =
        Expansion::<Double>::new(Block::from_doubles(elements), exponent, levels, &mut pinned, &mut sum);
    let rest = isa.run(tile);
    pinned.add_to(&mut sum);
    match rest {
        Some(rest) => assert!(rest.is_empty()),
        None => assert_eq!(sum.round(), 0.0),
    }
    rest.map(|_| sum.round())
}

/// Tile after tile of one number, more than accumulators have room for: all at the ends of their binades when they are handed on.
#[test]
fn accumulators_are_handed_on_in_time() {
    let tiles = if cfg!(miri) { 3 } else { 4 * Pinned::ROOM as usize * WIDEST / TILE + 3 };
    for isa in Isa::available() {
        for (x, levels) in [(2_f64.next_down(), 2), (-(2_f64.next_down()), 2), (1.0, 1), (0.1, 3), (-0.1, 4)]
        {
            let (mut pinned, mut sum) = (Pinned::new(), Superaccumulator::new());
            let mut elements = [x; TILE];
            for _ in 0..tiles {
                let tile = Block::from_doubles(&mut elements);
                let rest = isa.run(Expansion::<Double>::new(tile, 0, levels, &mut pinned, &mut sum));
                assert!(rest.is_some_and(Block::is_empty), "{isa:?} {x} {levels}");
            }
            pinned.add_to(&mut sum);
            sum.reserve((tiles * TILE) as u64);
            (0..tiles * TILE).for_each(|_| sum.add(-x));
            assert_eq!(sum.round(), 0.0, "{isa:?} {x} {levels}");
        }
    }
}

/// Tiles for other bounds and other numbers of levels, and some that are given up, one after the other.
#[test]
fn nothing_is_lost_where_anchors_change() {
    for isa in Isa::available() {
        let (mut pinned, mut sum) = (Pinned::new(), Superaccumulator::new());
        for turn in 0..60 {
            let (exponent, levels) = (40 * (turn / 2 % 5) - 80, 1 + turn as usize / 3 % MAX_LEVELS);
            let is_beyond = turn % 7 == 6;
            let x = if is_beyond {
                power_of_two(200)
            } else {
                power_of_two(exponent) * (1.0 + f64::from(turn) / 64.0)
            };
            let mut elements = [x; LEN];
            let tile = Block::from_doubles(&mut elements);
            let caught = isa.run(Expansion::<Double>::new(tile, exponent, levels, &mut pinned, &mut sum));
            assert_eq!(caught.is_none(), is_beyond, "{isa:?} {turn}");
            if !is_beyond {
                sum.reserve(LEN as u64);
                elements.into_iter().for_each(|x| sum.add(-x));
            }
        }
        pinned.add_to(&mut sum);
        assert_eq!(sum.round(), 0.0, "{isa:?}");
    }
}

/// Each kernel at bounds over their whole range.
fn everywhere(test: impl Fn(Isa, i32, usize)) {
    for isa in Isa::available() {
        for exponent in EXPONENTS.step_by(if cfg!(miri) { 1500 } else { 29 }) {
            (1..=MAX_LEVELS).for_each(|levels| test(isa, exponent, levels));
        }
    }
}

/// Full tiles of one number, which drive all accumulators to one end of their binades: the largest number
/// within the bound, and numbers that leave residues of all sizes at the first level, ties among them.
#[test]
fn extremes_within_the_bound() {
    everywhere(|isa, exponent, levels| {
        let top = power_of_two(exponent);
        let numbers = (1..=52)
            .step_by(if cfg!(miri) { 50 } else { 1 })
            .map(|bits| f64::from_bits(top.to_bits() | 1 << (52 - bits)))
            .chain([(top * 2.0).next_down()]);
        for x in numbers.flat_map(|x| [x, -x]) {
            let caught = sum(isa, &mut [x; FULL], exponent, levels);
            assert!(
                caught == Some(x * FULL as f64) || caught.is_none() && levels == 1,
                "{x:e} {isa:?} {levels}"
            );
        }
    });
}

/// One number beyond the bound, anywhere: given up.
#[test]
fn beyond_the_bound() {
    everywhere(|isa, exponent, levels| {
        let bound = power_of_two(exponent + 1);
        for (place, x) in
            [bound, -bound, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN].into_iter().enumerate()
        {
            for place in (place..LEN).step_by(7) {
                let mut elements = [0.0; LEN];
                elements[place] = x;
                assert_eq!(sum(isa, &mut elements, exponent, levels), None, "{x:e} {place} {isa:?} {levels}");
            }
        }
    });
}

/// A single bit far below numbers that cancel: caught, or given up, but never lost.
#[test]
fn bits_below_the_window() {
    everywhere(|isa, exponent, levels| {
        let step = if cfg!(miri) { 60 } else { 1 };
        for distance in (1..250).step_by(step).take_while(|distance| exponent - distance >= -1022) {
            let (high, low) = (power_of_two(exponent), power_of_two(exponent - distance));
            let mut elements: [f64; LEN] =
                std::array::from_fn(|index| if index % 2 == 0 { high } else { -high });
            elements[LEN - 2..].fill(0.0);
            elements[LEN - 2 + distance as usize % 2] = low;
            let caught = sum(isa, &mut elements, exponent, levels);
            // The width of the window, from the formulas above; with anchors that were moved up it ends
            // at 2^-1074.
            let width = 41 * (levels as i32) - 12;
            assert!(
                caught == Some(low) || caught.is_none() && distance > width,
                "{distance} {isa:?} {levels}"
            );
        }
    });
}
