//! The block interpreter against the scalar one, over random functions.

use super::testing::{Mixed, arrays, bits, random_function, run_scalar};
use super::{Arrays, Block, Plan, WIDTH};
use crate::ir::{Element, Function};
use crate::lower::{Parameters, Request, Returns, Shape, lower};

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

/// Runs a body that works on the array `a` of four integers for a block of indices, and returns what is in the array then.
fn run_on_integers(source: &str) -> Vec<f64> {
    let shape = Shape::Array { element: Element::Int32, is_shared: true };
    let data = Shape::Object([("a".into(), shape)].into());
    let request =
        Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
    let plan = Plan::new(lower(&request).unwrap().function);
    let indices: Vec<f64> = (0..WIDTH).map(|index| index as f64).collect();
    let memory = Arrays::new([(Element::Int32, vec![0.0; 4])]);
    let mut out = vec![0.0; WIDTH];
    Block::new(&plan, &[]).run(&[&indices], &mut out, &memory, &Mixed, &mut 100_000).unwrap();
    memory.values().next().unwrap()
}

#[test]
fn an_index_that_holds_a_lock_goes_on_while_others_wait_for_it() {
    for take in [
        "while (Atomics.compareExchange(a, 0, 0, 1) !== 0);",
        "for (;;) { if (Atomics.exchange(a, 0, 1) === 0) break; }",
        "do { while (Atomics.load(a, 0)); } while (Atomics.or(a, 0, 1));",
        "const ticket = Atomics.add(a, 2, 1); while (Atomics.load(a, 3) !== ticket);",
    ] {
        let source = format!(
            "(i, {{ a }}) => {{ {take} a[1]++; Atomics.store(a, 0, 0); Atomics.add(a, 3, 1); return i }}"
        );
        assert_eq!(run_on_integers(&source)[1], WIDTH as f64, "{source}");
    }
}

#[test]
fn the_arrays_of_a_body_take_a_bounded_amount_of_memory() {
    let data = Shape::Object([].into());
    for (arrays, len, width) in [(1, 4096, WIDTH), (4, 4096, WIDTH), (5, 4096, 409), (64, 4096, 32)] {
        let declared: String = (0..arrays)
            .map(|k| {
                format!(
                    "const w{k} = new Float64Array({len}); w{k}[i] = i + {k}; s += w{k}[i] + w{k}[i + 1];"
                )
            })
            .collect();
        let source = &format!("i => {{ let s = 0; {declared} return s }}");
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        let plan = Plan::new(lower(&request).unwrap().function);
        assert_eq!(plan.width(), width, "{arrays} of {len}");
        // The last block is not full.
        let indices: Vec<f64> = (0..(2 * width + 3).min(WIDTH)).map(|index| index as f64).collect();
        let expected: Vec<f64> = indices
            .iter()
            .map(|index| f64::from(arrays) * index + f64::from(arrays * (arrays - 1) / 2))
            .collect();
        let mut out = vec![f64::NAN; indices.len()];
        let memory = Arrays::new([]);
        Block::new(&plan, &[]).run(&[&indices], &mut out, &memory, &Mixed, &mut 0).unwrap();
        assert_eq!(out, expected, "{arrays} of {len}");
    }
}

#[test]
fn indices_that_do_not_wait_run_together() {
    for (body, is_alone) in [
        ("for (let k = 0; k < 3; k++) Atomics.add(a, k, 1); return i", false),
        ("return Atomics.add(a, 0, 1)", false),
        ("let s = 0; for (let k = 0; k < 3; k++) s += Atomics.add(a, k, 1); return s", true),
    ] {
        let shape = Shape::Array { element: Element::Int32, is_shared: true };
        let data = Shape::Object([("a".into(), shape)].into());
        let source = &format!("(i, {{ a }}) => {{ {body} }}");
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        let function = lower(&request).unwrap().function;
        assert_eq!(crate::analysis::may_wait(&function), is_alone, "{body}");
    }
}
