//! Tests of exact sums as a whole: every fast path against the oracle, on every instruction set that this
//! processor has.

mod canonical;
mod data;
mod edges;
mod fused;
mod kernels;
mod moments;
mod oracle;
mod products;
mod properties;
mod race;
mod rational;
mod standard;

use super::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// The total of one block.
fn total(element: Element, isa: Isa, bytes: &mut [u8]) -> Total {
    let mut sum = Sum::new(element, isa);
    sum.add(Block::from_mut(bytes));
    sum.total()
}

/// Doubles as the bytes of a `Float64Array`.
fn bytes(doubles: &[f64]) -> Vec<u8> {
    doubles.iter().flat_map(|x| x.to_ne_bytes()).collect()
}

/// Fails unless both are the same value; -0 is not 0, and all NaN are the same.
#[track_caller]
fn assert_same(actual: Total, expected: Total, what: &dyn std::fmt::Debug) {
    let same = match (actual, expected) {
        (Total::Number(a), Total::Number(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (a, b) => a == b,
    };
    assert!(same, "{actual:?}, expected {expected:?}: {what:?}");
}
