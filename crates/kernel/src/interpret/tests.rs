//! The block interpreter against the scalar one, over random functions.

use super::testing::{Mixed, arrays, bits, random_function, run_scalar};
use super::{Block, Plan, WIDTH};
use crate::ir::Function;

/// Runs a function for the indices below `count` by both engines.
fn compare(function: &Function, count: usize) {
    let indices: Vec<f64> = (0..count).map(|index| index as f64).collect();
    let memory = arrays(count);
    let plan = Plan::new(function.clone());
    let mut block = Block::new(&plan, &[2.5]);
    let mut results = vec![0.0; count];
    for (indices, out) in indices.chunks(WIDTH).zip(results.chunks_mut(WIDTH)) {
        block.run(&[indices], out, &memory, &Mixed, &mut 100_000).unwrap();
        block.assert_balanced();
    }
    let after: Vec<Vec<u64>> = memory.values().map(|values| bits(&values)).collect();
    assert_eq!((bits(&results), after), run_scalar(function, count), "{function}");
}

#[test]
fn block_and_scalar_agree_on_random_functions() {
    let rounds = if cfg!(debug_assertions) { 800 } else { 5_000 };
    let rounds =
        std::env::var("ALLCORES_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(rounds);
    for seed in 0..rounds {
        let function = random_function(seed);
        let count = [1, 2, 7, 64, 600][seed as usize % 5];
        compare(&function, count);
    }
}
