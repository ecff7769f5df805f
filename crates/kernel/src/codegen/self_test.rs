//! The test of an instruction set on the processor that is here: a function that uses what is special to it, against the interpreter.
//!
//! It runs once, before the first code is made, and takes some tenths of a millisecond, most of it to compile: for two vectors side by side,
//! which have all instructions that four have. A processor, or what simulates one, that does something else is not to be expected; that a result
//! is wrong without a word is what must not be.

use super::x64::Machine;
use super::{Block, Indices, Inputs, Native, NoCode, RawArray, World};
use crate::interpret::{Arrays, MathLibrary, Scalar};
use crate::ir::{ArrayId, Binary, Builder, Element, End, Function, Math, Op, Stmt, Type, Unary, Value};

/// Indices: several groups of any machine, and some more.
const COUNT: usize = 83;

/// Turns of loops, of all indices: ten times what they make.
const FUEL: u64 = 10_000;

/// No function is called.
struct NoCalls;

impl MathLibrary for NoCalls {
    fn call(&self, _: Math, _: &[f64]) -> f64 {
        f64::NAN
    }
}

/// What comes out: the results, and what is stored.
type Outcome = (Vec<u64>, Vec<i32>);

/// Whether code for a machine does what the interpreter does. Where no memory can be executable, there is nothing to mistrust.
pub(super) fn passes(machine: Machine) -> bool {
    let function = function();
    match Native::compile_short(&function, &[Element::Float64, Element::Int32], machine) {
        Ok(native) => run(&native).is_some_and(|outcome| outcome == expected(&function)),
        Err(NoCode::Memory(_)) => true,
        Err(_) => false,
    }
}

/// What is in the first array: shorter than the indices go, and not to be converted to 32 bits as it is.
fn numbers() -> Vec<f64> {
    let special = [0.0, -0.0, 1.5, -2.5, 1e10, -3e9, 1e300, f64::INFINITY, f64::NAN, 5e-324, 1e19, 0.1];
    special.into_iter().cycle().zip(0..61).map(|(number, k)| number + f64::from(k) * 0.25).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

fn expected(function: &Function) -> Outcome {
    let memory = Arrays::new([(Element::Float64, numbers()), (Element::Int32, vec![0.0; COUNT])]);
    let mut scalar = Scalar::new(function, &[]);
    let results: Vec<f64> = (0..COUNT)
        .map(|index| scalar.run(&[index as f64], &memory, &NoCalls, &mut FUEL.clone()))
        .map(|result| result.ok().flatten().unwrap_or(0.0))
        .collect();
    let stored = memory.values().nth(1).unwrap_or_default();
    (bits(&results), stored.into_iter().map(|value| value as i32).collect())
}

fn run(native: &Native) -> Option<Outcome> {
    let (mut numbers, mut stored) = (numbers(), vec![0_i32; COUNT]);
    let raw = |address: usize, len: usize| RawArray { address, len: len as u64 };
    let arrays = [
        raw(numbers.as_mut_ptr().expose_provenance(), numbers.len()),
        raw(stored.as_mut_ptr().expose_provenance(), stored.len()),
    ];
    // SAFETY: the arrays are there until the end of this function, and nobody uses them while the code runs.
    let inputs = unsafe { Inputs::new(&[], arrays) };
    let mut out = [0.0; Native::WIDTH];
    let block = Block { indices: Indices::From(0), count: COUNT, out: &mut out };
    let mut world = World { memory: &Arrays::new([]), math: &NoCalls, fuel: &mut FUEL.clone() };
    // SAFETY: the inputs are those of the function.
    unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.ok()?;
    Some((bits(&out[..COUNT]), stored))
}

/// ```text
/// x = a[i]; y = a[i * 5 % 83]                              a run, a gather, and what is beyond the end
/// n = (x | 0) * 0x7feb352d ^ ((y * 3) | 0) >>> 15           integers, and doubles that are none
/// m = max(x, round(y) / 3)
/// v = x < y && i % 3 != 0 || m != m ? n >>> 0 : m           masks
/// if (v > 1) c[i * 2 % 83] = n                              a scatter
/// s = i; for (k = 0; k < i % 7; k++) s = sqrt(s) + k        lanes that part ways
/// return v + s
/// ```
fn function() -> Function {
    let (mut b, entry) = Builder::new(1, Some(Type::F64));
    let [a, c] = [("a", Element::Float64), ("c", Element::Int32)].map(|(name, of)| b.array(name, of));
    let [zero, one, three] = [0.0, 1.0, 3.0].map(|number| b.f64(number));
    let i = b.op(Op::Index(0));
    let x = b.op(Op::Load(a, i));
    let at = wrapped(&mut b, i, 5.0);
    let y = b.op(Op::Load(a, at));
    let n = integers(&mut b, x, y);
    let third = b.binary(Binary::Rem, i, three);
    let (is_less, is_other) = (b.binary(Binary::Lt, x, y), b.binary(Binary::Ne, third, zero));
    let both = b.binary(Binary::BAnd, is_less, is_other);
    let unsigned = b.unary(Unary::FromUint32, n);
    let round = b.unary(Unary::Round, y);
    let quotient = b.binary(Binary::Div, round, three);
    let larger = b.binary(Binary::Max, x, quotient);
    let is_nan = b.binary(Binary::Ne, larger, larger);
    let condition = b.binary(Binary::BOr, both, is_nan);
    let v = b.op(Op::Select(condition, unsigned, larger));
    scatter(&mut b, c, (i, n), (v, one));
    let s = turns(&mut b, i, [zero, one]);
    let sum = b.binary(Binary::Add, v, s);
    b.close(entry, End::Yield(vec![sum]));
    b.finish()
}

/// `i * factor % COUNT`: each number once.
fn wrapped(b: &mut Builder, i: Value, factor: f64) -> Value {
    let [factor, count] = [factor, COUNT as f64].map(|number| b.f64(number));
    let product = b.binary(Binary::Mul, i, factor);
    b.binary(Binary::Rem, product, count)
}

fn integers(b: &mut Builder, x: Value, y: Value) -> Value {
    let three = b.f64(3.0);
    let product = b.binary(Binary::Mul, y, three);
    let [p, q] = [x, product].map(|number| b.unary(Unary::ToInt32, number));
    let [factor, count] = [0x7feb_352d, 15].map(|number| b.i32(number));
    let (p, q) = (b.binary(Binary::IMul, p, factor), b.binary(Binary::Shr, q, count));
    b.binary(Binary::Xor, p, q)
}

fn scatter(b: &mut Builder, array: ArrayId, (i, n): (Value, Value), (v, one): (Value, Value)) {
    let is_large = b.binary(Binary::Gt, v, one);
    let then = b.open();
    let index = wrapped(b, i, 2.0);
    let value = b.unary(Unary::FromInt32, n);
    b.push(Stmt::Store { array, index, value });
    let then = b.close(then, End::Yield(Vec::new()));
    let otherwise = b.open();
    let otherwise = b.close(otherwise, End::Yield(Vec::new()));
    b.push(Stmt::If { condition: is_large, results: Vec::new(), then, otherwise });
}

fn turns(b: &mut Builder, i: Value, [zero, one]: [Value; 2]) -> Value {
    let seven = b.f64(7.0);
    let most = b.binary(Binary::Rem, i, seven);
    let [out, again] = [b.label(), b.label()];
    let [k, s, result] = [Type::F64; 3].map(|ty| b.declare(ty));
    let block = b.open();
    let body = b.open();
    let goes_on = b.binary(Binary::Lt, k, most);
    let then = b.open();
    let then = b.close(then, End::Yield(Vec::new()));
    let otherwise = b.open();
    let otherwise = b.close(otherwise, End::Branch(out, vec![s]));
    b.push(Stmt::If { condition: goes_on, results: Vec::new(), then, otherwise });
    let root = b.unary(Unary::Sqrt, s);
    let (next, sum) = (b.binary(Binary::Add, k, one), b.binary(Binary::Add, root, k));
    let body = b.close(body, End::Branch(again, vec![next, sum]));
    let block = b.close(block, End::Loop { label: again, params: vec![k, s], initial: vec![zero, i], body });
    b.push(Stmt::Block { label: out, results: vec![result], body: block });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_vectors_are_enough() {
        for machine in Machine::available().filter(|machine| !machine.is_scalar()) {
            let native = Native::compile_short(&function(), &[Element::Float64, Element::Int32], machine);
            assert_eq!(native.map(|native| native.lanes()), Ok(2 * machine.lanes()), "{machine:?}");
        }
    }

    #[test]
    fn the_function_makes_sense_and_reaches_what_it_is_to_reach() {
        let function = function();
        crate::ir::verify(&function).unwrap_or_else(|error| panic!("{error}\n{function}"));
        let (results, stored) = expected(&function);
        let different: std::collections::HashSet<u64> = results.iter().copied().collect();
        assert!(different.len() > COUNT / 2, "{} results are different", different.len());
        let set = stored.iter().filter(|value| **value != 0).count();
        assert!((10..COUNT - 10).contains(&set), "{set} of {COUNT} are stored");
    }
}
