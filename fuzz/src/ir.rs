//! Functions of the IR, made from any bytes: they make sense, their text reads back, the block interpreter does what the scalar one
//! does on every instruction set, and the passes change nothing.

use allcores_kernel::interpret::{Arrays, Block, MathLibrary, Plan, Scalar};
use allcores_kernel::ir::{Function, Math, generate, parse, verify};
use allcores_kernel::passes::simplify;
use allcores_machine::{Element, Isa};

/// Indices of a run: enough to part ways, and not a whole number of vectors.
const COUNT: usize = 37;

/// Turns of loops. The functions have far fewer.
const FUEL: u64 = 200_000;

/// Any function will do, as long as it is the same for all.
struct Mixed;

impl MathLibrary for Mixed {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        arguments.iter().fold(function.arity() as f64, |sum, argument| sum * 0.5 + argument)
    }
}

/// Each byte is a choice; behind the last, all are 0.
pub fn check(data: &[u8]) {
    let mut rest = data.iter();
    let function = generate(&mut |n| u64::from(*rest.next().unwrap_or(&0)) % n);
    verify(&function).unwrap_or_else(|error| panic!("{error}\n{function}"));
    let text = parse(&function.to_string()).expect("reads back").to_string();
    assert_eq!(parse(&text).expect("reads back").to_string(), text);

    let expected = scalar(&function);
    let mut simplified = function.clone();
    simplify(&mut simplified);
    verify(&simplified).unwrap_or_else(|error| panic!("{error}\n{function}\n{simplified}"));
    assert_eq!(scalar(&simplified), expected, "the passes change it:\n{function}\n{simplified}");
    for function in [function, simplified] {
        let plan = Plan::new(function);
        for isa in Isa::available() {
            assert_eq!(block(&plan, isa), expected, "{isa:?}:\n{}", plan.function());
        }
    }
}

type Outcome = (Vec<u64>, Vec<Vec<u64>>);

fn scalar(function: &Function) -> Outcome {
    let memory = arrays();
    let mut scalar = Scalar::new(function, &[2.5]);
    let results: Vec<f64> = (0..COUNT)
        .map(|index| scalar.run(&[index as f64], &memory, &Mixed, &mut FUEL.clone()))
        .map(|result| result.expect("runs to its end").expect("a value"))
        .collect();
    outcome(&results, &memory)
}

fn block(plan: &Plan, isa: Isa) -> Outcome {
    let memory = arrays();
    let indices: Vec<f64> = (0..COUNT).map(|index| index as f64).collect();
    let mut results = vec![0.0; COUNT];
    let mut block = Block::new(plan, &[2.5]).on(isa);
    block.run(&[&indices], &mut results, &memory, &Mixed, &mut FUEL.clone()).expect("runs to its end");
    outcome(&results, &memory)
}

/// The arrays that the functions know, of lengths such that some indices are beyond the ends.
fn arrays() -> Arrays {
    let numbers = |element, of: &dyn Fn(usize) -> f64, len| (element, (0..len).map(of).collect());
    Arrays::new([
        numbers(Element::Float64, &|k| (k * k) as f64 * 0.25 - 7.0, 30),
        numbers(Element::Uint8, &|k| (k * 37) as f64, 70),
        numbers(Element::Float32, &|k| k as f64 - 0.1, COUNT),
        numbers(Element::Int32, &|_| 0.0, 16),
    ])
}

fn outcome(results: &[f64], memory: &Arrays) -> Outcome {
    (bits(results), memory.values().map(|values| bits(&values)).collect())
}

/// All NaN are the same.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}
