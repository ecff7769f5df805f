//! The block interpreter against the scalar one, over random functions.

use std::cell::RefCell;

use super::{Block, MathLibrary, Memory, Plan, Scalar, WIDTH};
use crate::ir::generate::generate;
use crate::ir::{ArrayId, AtomicOp, Element, Function, Math, parse, verify};
use crate::numeric;

/// Arrays that convert as their element types have it.
#[derive(Clone)]
struct Arrays(Vec<(Element, RefCell<Vec<f64>>)>);

impl Memory for Arrays {
    fn len(&self, array: ArrayId) -> u64 {
        self.0[array.index()].1.borrow().len() as u64
    }

    fn load(&self, array: ArrayId, index: u64) -> f64 {
        self.0[array.index()].1.borrow()[index as usize]
    }

    fn store(&self, array: ArrayId, index: u64, value: f64) {
        let (element, values) = &self.0[array.index()];
        values.borrow_mut()[index as usize] = numeric::through_element(*element, value);
    }

    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, _: f64) -> f64 {
        assert_eq!(op, AtomicOp::Add);
        let (element, values) = &self.0[array.index()];
        let place = &mut values.borrow_mut()[index as usize];
        let sum = numeric::to_int32(*place).wrapping_add(numeric::to_int32(a));
        std::mem::replace(place, numeric::through_element(*element, f64::from(sum)))
    }
}

/// Any function will do, as long as it is the same for both.
struct Mixed;

impl MathLibrary for Mixed {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        arguments.iter().fold(function.arity() as f64, |sum, argument| sum * 0.5 + argument)
    }
}

fn arrays(len: usize) -> Arrays {
    let numbers = |element, of: &dyn Fn(usize) -> f64, len| {
        let values = (0..len).map(|k| numeric::through_element(element, of(k))).collect();
        (element, RefCell::new(values))
    };
    Arrays(vec![
        numbers(Element::Float64, &|k| (k * k) as f64 * 0.25 - 7.0, 50),
        numbers(Element::Uint8, &|k| (k * 37) as f64, 700),
        numbers(Element::Float32, &|k| k as f64 - 0.1, len),
        numbers(Element::Int32, &|_| 0.0, 16),
    ])
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

/// Runs a function for the indices below `count` by both engines. Returns how many registers the block engine used.
fn compare(function: &Function, count: usize) {
    let scalars = [2.5];
    let indices: Vec<f64> = (0..count).map(|index| index as f64).collect();
    let expected_memory = arrays(count);
    let mut scalar = Scalar::new(function, &scalars);
    let expected: Vec<f64> = indices
        .iter()
        .map(|index| scalar.run(&[*index], &expected_memory, &Mixed, &mut 100_000).unwrap().unwrap())
        .collect();

    let actual_memory = arrays(count);
    let plan = Plan::new(function.clone());
    let mut block = Block::new(&plan, &scalars);
    let mut actual = vec![0.0; count];
    for (indices, out) in indices.chunks(WIDTH).zip(actual.chunks_mut(WIDTH)) {
        block.run(&[indices], out, &actual_memory, &Mixed, &mut 100_000).unwrap();
        block.assert_balanced();
    }
    assert_eq!(bits(&actual), bits(&expected), "{function}");
    for ((_, actual), (_, expected)) in actual_memory.0.iter().zip(&expected_memory.0) {
        assert_eq!(bits(&actual.borrow()), bits(&expected.borrow()), "{function}");
    }
}

#[test]
fn block_and_scalar_agree_on_random_functions() {
    let rounds = if cfg!(debug_assertions) { 1500 } else { 5_000 };
    let rounds =
        std::env::var("ALLCORES_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(rounds);
    for seed in 0_u64..rounds {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut random = |n: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % n
        };
        let function = generate(&mut random);
        verify(&function).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{function}"));
        assert_eq!(
            parse(&function.to_string()).unwrap().to_string(),
            parse(&parse(&function.to_string()).unwrap().to_string()).unwrap().to_string()
        );
        let count = [1, 2, 7, 64, 600][random(5) as usize];
        compare(&function, count);
    }
}
