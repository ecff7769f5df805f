//! Loops that add up what they compute, one lane after the other.

use super::data::{Kind, Random, kinds};
use super::{assert_same, oracle};
use crate::fused::{Fused, LEVELS, Lanes};
use crate::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

/// What a loop with vectors of that many lanes does for a block: as it is written in the module `expansion`.
fn run(numbers: &[f64], mut sums: [Vec<f64>; LEVELS]) -> ([Vec<u64>; LEVELS], Vec<u64>, Vec<u64>) {
    let lanes = sums[0].len();
    let (mut max, mut residues) = (vec![0_f64; lanes], vec![0_u64; lanes]);
    for (k, x) in numbers.iter().enumerate() {
        let lane = k % lanes;
        // Like an instruction that gives the first operand where one is NaN.
        if x.abs() > max[lane] {
            max[lane] = x.abs();
        }
        let mut r = *x;
        for level in &mut sums {
            let t = level[lane] + r;
            r -= t - level[lane];
            level[lane] = t;
        }
        residues[lane] |= r.to_bits();
    }
    let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect();
    (sums.map(bits), bits(max), residues)
}

/// The sum of blocks, and how many of them the loop has summed.
fn sum(blocks: &mut [Vec<f64>], lanes: usize) -> (f64, usize) {
    let isa = Isa::available().last().unwrap();
    let (mut sum, mut fused, mut caught) = (Sum::new(Element::Float64, isa), Fused::new(), 0);
    for numbers in blocks {
        let most = numbers.len().div_ceil(lanes) as u32;
        if fused.is_due(most) {
            sum.take(&mut fused);
        }
        let Some(levels) = fused.begin(lanes, most).map(|levels| levels.map(<[f64]>::to_vec)) else {
            if !fused.is_ready() {
                fused.learn(numbers);
            }
            sum.add(Block::from_doubles(numbers));
            continue;
        };
        let ([first, second], max, residues) = run(numbers, levels);
        let left = Lanes { sums: [&first, &second], max: &max, residues: &residues };
        if fused.end(left, numbers) {
            caught += 1;
        } else {
            sum.add(Block::from_doubles(numbers));
        }
    }
    sum.take(&mut fused);
    assert!(fused.is_empty());
    let Total::Number(total) = sum.total() else { unreachable!("a sum of doubles") };
    (total, caught)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 400 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Numbers of all kinds, and blocks of one kind after those of another.
    #[test]
    fn sums_are_those_of_the_numbers(kind in kinds(), other in kinds(), seed: u64, is_wide: bool) {
        let mut random = Random(seed);
        let mut blocks: Vec<Vec<f64>> = [kind, kind, kind, other, kind, kind]
            .map(|kind| {
                let len = [16, 64, 512, 1024][random.below(4)];
                random.doubles(kind, len)
            })
            .into();
        let expected = oracle::doubles(blocks.iter().flatten().copied());
        let (total, _) = sum(&mut blocks, if is_wide { 8 } else { 4 });
        assert_same(Total::Number(total), Total::Number(expected), &(kind, other));
    }
}

/// The loop does most of the work, where it can, and is hardly tried where it cannot.
#[test]
fn most_blocks_are_caught() {
    let mut random = Random(7);
    for (kind, caught) in [
        (Kind::Uniform, 90..100),
        (Kind::Integers, 90..100),
        (Kind::Money, 90..100),
        (Kind::Window(20), 90..100),
        (Kind::AnyExponent, 0..1),
        (Kind::Window(299), 0..1),
        (Kind::NearOverflow, 0..1),
    ] {
        let mut blocks: Vec<Vec<f64>> = (0..100).map(|_| random.doubles(kind, 256)).collect();
        let (_, of_loop) = sum(&mut blocks, 8);
        assert!(caught.contains(&of_loop), "{kind:?}: {of_loop}");
    }
}

/// Where a number is at the bound or beyond it, or brings bits below the levels, in each lane.
#[test]
fn what_is_not_caught_is_added() {
    for x in [16.0, -16.0, f64::from_bits(15.999_f64.to_bits()), 1e300, 5e-324, f64::INFINITY, f64::NAN, -0.0]
    {
        for place in 0..16 {
            let block = vec![1.0; 64];
            let mut other = block.clone();
            other[place] = x;
            let mut blocks = vec![block.clone(), block.clone(), other, block];
            let expected = oracle::doubles(blocks.iter().flatten().copied());
            let (total, caught) = sum(&mut blocks, 8);
            assert_same(Total::Number(total), Total::Number(expected), &(x, place));
            assert!(caught >= 1, "{x} {place}");
        }
    }
}

/// -0 is the sum of nothing but -0.
#[test]
fn a_sum_of_negative_zeros_is_one() {
    let (total, caught) = sum(&mut vec![vec![-0.0; 64]; 4], 4);
    assert_eq!((total.to_bits(), caught), ((-0.0_f64).to_bits(), 3));
}
