//! What tests of engines and passes share: arrays, a library, random functions.

use super::{Arrays, MathLibrary, Scalar};
use crate::ir::{Element, Function, Math, generate, parse, verify};

/// Any function will do, as long as it is the same for both.
pub(crate) struct Mixed;

impl MathLibrary for Mixed {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        arguments.iter().fold(function.arity() as f64, |sum, argument| sum * 0.5 + argument)
    }
}

pub(crate) fn arrays(len: usize) -> Arrays {
    let numbers = |element, of: &dyn Fn(usize) -> f64, len| (element, (0..len).map(of).collect());
    Arrays::new([
        numbers(Element::Float64, &|k| (k * k) as f64 * 0.25 - 7.0, 50),
        numbers(Element::Uint8, &|k| (k * 37) as f64, 700),
        numbers(Element::Float32, &|k| k as f64 - 0.1, len),
        numbers(Element::Int32, &|_| 0.0, 16),
    ])
}

pub(crate) fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

/// The random function of that number. It makes sense, and its text reads back.
pub(crate) fn random_function(seed: u64) -> Function {
    let function = made_by(generate, seed);
    let once = parse(&function.to_string()).unwrap().to_string();
    assert_eq!(parse(&once).unwrap().to_string(), once, "seed {seed}");
    function
}

/// What a generator makes of the random numbers of a seed: it makes sense.
pub(crate) fn made_by(generate: fn(&mut dyn FnMut(u64) -> u64) -> Function, seed: u64) -> Function {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let function = generate(&mut random);
    verify(&function).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{function}"));
    function
}

/// What the scalar interpreter makes of a function for the indices below `count`, and what the arrays are then.
pub(crate) fn run_scalar(function: &Function, count: usize) -> (Vec<u64>, Vec<Vec<u64>>) {
    let memory = arrays(count);
    let mut scalar = Scalar::new(function, &[2.5]);
    let results: Vec<f64> = (0..count)
        .map(|index| scalar.run(&[index as f64], &memory, &Mixed, &mut 100_000).unwrap().unwrap())
        .collect();
    (bits(&results), memory.values().map(|values| bits(&values)).collect())
}

/// Two functions do the same.
pub(crate) fn compare_functions(a: &Function, b: &Function, count: usize) {
    assert_eq!(run_scalar(a, count), run_scalar(b, count), "{a}\n{b}");
}
