//! Sums of memory that another thread is writing: any mixture of old and new values, never anything else.

use crate::{Dot, Sum, Total, Variance};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread,
};

/// Stops the writer, also when the test fails: else the test would hang.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// A writer flips all elements between two values, one of which no expansion for the other can catch: tiles
/// are given up and read again while they change. Each element counts with one of the two values.
fn flip(isa: Isa, element: Element, values: [u64; 2], is_possible: impl Fn(Total, usize) -> bool) {
    let sum = |block: Block<'_>| {
        let mut sum = Sum::new(element, isa);
        sum.add(block);
        sum.total()
    };
    flip_while(values, sum, is_possible);
}

/// The same for any computation.
fn flip_while(
    [a, b]: [u64; 2],
    run: impl Fn(Block<'_>) -> Total,
    is_possible: impl Fn(Total, usize) -> bool,
) {
    let (len, rounds) = if cfg!(miri) { (150, 5) } else { (20_000, 60) };
    let words: Vec<AtomicU64> = (0..len).map(|_| AtomicU64::new(a)).collect();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in [b, a].into_iter().cycle() {
                for word in &words {
                    word.store(value, Relaxed);
                }
                if done.load(Relaxed) {
                    break;
                }
            }
        });
        let _stop = Stop(&done);
        for _ in 0..rounds {
            // SAFETY: the words outlive the block, no one holds a reference that forbids writing, and writers
            // are what it is for.
            let total = run(unsafe { Block::from_raw(words.as_ptr().cast(), len * 8) });
            assert!(is_possible(total, len), "{total:?} is of no {len} elements");
        }
    });
}

#[test]
fn doubles() {
    // k numbers of 2^40 and len - k of 2^-80: their sum, rounded, is k * 2^40 for every k, but for k = 0.
    let (large, small) = ((1_u64 << 40) as f64, 1.0 / (1_u128 << 80) as f64);
    for isa in Isa::available() {
        flip(isa, Element::Float64, [large.to_bits(), small.to_bits()], |total, len| {
            let Total::Number(total) = total else { return false };
            let count = total / large;
            total == len as f64 * small || count.fract() == 0.0 && (1.0..=len as f64).contains(&count)
        });
    }
}

#[test]
fn doubles_and_infinities() {
    for isa in Isa::available() {
        flip(
            isa,
            Element::Float64,
            [1.0_f64.to_bits(), f64::INFINITY.to_bits()],
            |total, len| matches!(total, Total::Number(x) if x == len as f64 || x == f64::INFINITY),
        );
    }
}

#[test]
fn bigints() {
    let (one, large) = (1_u64, 1_u64 << 40);
    for isa in Isa::available() {
        flip(isa, Element::BigUint64, [one, large], |total, len| {
            let Total::BigInt(total) = total else { return false };
            // k of the large ones and len - k ones.
            let (len, extra) = (len as i128, i128::from(large - one));
            (total - len) % extra == 0 && (0..=len).contains(&((total - len) / extra))
        });
    }
}

/// The sums of numbers and squares are of the same elements: the variance is that of k zeros and len - k times 2^40.
#[test]
fn variances() {
    let large = (1_u64 << 40) as f64;
    for isa in Isa::available() {
        let variance = |block: Block<'_>| {
            let mut variance = Variance::new(Element::Float64, isa);
            variance.add(block);
            Total::Number(variance.value(0))
        };
        flip_while([0, large.to_bits()], variance, |total, len| {
            let Total::Number(total) = total else { return false };
            let len = len as u64;
            (0..=len).any(|k| (k * (len - k)) as f64 / (len * len) as f64 * large * large == total)
        });
    }
}

/// A product is of values that were there, if not at the same time: a sum of ones, 2^40 and 2^80.
#[test]
fn dot_products() {
    let large = (1_u64 << 40) as f64;
    for isa in Isa::available() {
        let dot = |block: Block<'_>| {
            let mut dot = Dot::new([Element::Float64; 2], isa).unwrap();
            dot.add([block, block]);
            dot.total()
        };
        flip_while(
            [1.0_f64.to_bits(), large.to_bits()],
            dot,
            |total, len| matches!(total, Total::Number(x) if x >= len as f64 && x <= len as f64 * large * large && x.fract() == 0.0),
        );
    }
}
