//! Functions of the IR, made from any bytes: they make sense, their text reads back, the block interpreter does what the scalar one
//! does on every instruction set, so does machine code for each that there is code for, and the passes change nothing.

use std::ptr::NonNull;

use allcores_kernel::codegen::{self, Inputs, Machine, Native, NoCode, RawArray, World};
use allcores_kernel::interpret::{Arrays, Block, MathLibrary, Memory, Plan, Scalar, Unlimited};
use allcores_kernel::ir::{ArrayId, Function, Math, generate, generate_for_code, parse, verify};
use allcores_kernel::passes::simplify;
use allcores_machine::{AtomicOp, Element, Isa};
use allcores_memory::SharedArray;

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

/// Makes a function by choices.
type Make = fn(&mut dyn FnMut(u64) -> u64) -> Function;

/// Each byte is a choice; behind the last, all are 0. The first function may be one without machine code.
pub fn check(data: &[u8]) {
    for make in [generate as Make, generate_for_code] {
        let mut rest = data.iter();
        check_function(make(&mut |n| u64::from(*rest.next().unwrap_or(&0)) % n));
    }
}

fn check_function(function: Function) {
    verify(&function).unwrap_or_else(|error| panic!("{error}\n{function}"));
    let text = parse(&function.to_string()).expect("reads back").to_string();
    assert_eq!(parse(&text).expect("reads back").to_string(), text);

    let expected = scalar(&function);
    let mut simplified = function.clone();
    simplify(&mut simplified);
    verify(&simplified).unwrap_or_else(|error| panic!("{error}\n{function}\n{simplified}"));
    assert_eq!(scalar(&simplified), expected, "the passes change it:\n{function}\n{simplified}");
    for function in [function, simplified] {
        for machine in Machine::available() {
            if let Some(found) = native(&function, machine) {
                assert_eq!(found, expected, "machine code for {}:\n{function}", machine.name());
            }
        }
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

/// `None` if there is no code for the function, or none here.
fn native(function: &Function, machine: Machine) -> Option<Outcome> {
    let mut arrays = numbers().map(|(element, values)| InMemory::new(element, &values));
    let elements: Vec<Element> = arrays.iter().map(|array| array.element).collect();
    let native = match Native::compile_for(function, &elements, machine) {
        Ok(native) => native,
        Err(NoCode::Memory(why)) => panic!("{why}"),
        Err(_) => return None,
    };
    // SAFETY: the arrays outlive the run, and nobody else has them.
    let inputs = unsafe { Inputs::new(&[2.5], arrays.iter_mut().map(InMemory::raw)) };
    let memory = Live(arrays.iter_mut().map(InMemory::shared).collect());
    let mut out = [0.0; Native::WIDTH];
    let block = codegen::Block { indices: codegen::Indices::From(0), count: COUNT, out: &mut out };
    let mut world = World { memory: &memory, math: &Mixed, fuel: &mut Unlimited };
    // SAFETY: the inputs are those of the function.
    unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.expect("runs to its end");
    Some((bits(&out[..COUNT]), arrays.iter_mut().map(|array| bits(&array.values())).collect()))
}

/// An array in memory of its own, between others.
struct InMemory {
    words: Vec<u64>,
    len: usize,
    element: Element,
}

/// Words before and after an array, which nobody writes.
const AROUND: usize = 8;
const UNTOUCHED: u64 = 0x5a5a_5a5a_5a5a_5a5a;

impl InMemory {
    fn new(element: Element, values: &[f64]) -> Self {
        let words = (values.len() * element.size()).div_ceil(8) + 2 * AROUND;
        let mut new = Self { words: vec![UNTOUCHED; words], len: values.len(), element };
        let array = new.shared();
        values.iter().enumerate().for_each(|(k, value)| array.store(k, *value));
        new
    }

    fn shared(&mut self) -> SharedArray {
        let base = NonNull::new(self.words[AROUND..].as_mut_ptr().cast()).expect("an address");
        // SAFETY: the memory is as long as that, aligned to eight bytes, and nobody else has it.
        unsafe { SharedArray::new(base, self.len, self.element) }
    }

    fn raw(&mut self) -> RawArray {
        RawArray { address: self.words[AROUND..].as_mut_ptr().expose_provenance(), len: self.len as u64 }
    }

    fn values(&mut self) -> Vec<f64> {
        let [before, after] = [&self.words[..AROUND], &self.words[self.words.len() - AROUND..]];
        assert!([before, after].concat().iter().all(|word| *word == UNTOUCHED), "beyond an array");
        let array = self.shared();
        (0..self.len).map(|k| array.load(k)).collect()
    }
}

/// The same memory, for what code asks its driver for.
struct Live(Vec<SharedArray>);

impl Memory for Live {
    fn len(&self, array: ArrayId) -> u64 {
        self.0[array.index()].len() as u64
    }
    fn load(&self, array: ArrayId, index: u64) -> f64 {
        self.0[array.index()].load(index as usize)
    }
    fn store(&self, array: ArrayId, index: u64, value: f64) {
        self.0[array.index()].store(index as usize, value);
    }
    fn atomic(&self, op: AtomicOp, array: ArrayId, index: u64, a: f64, b: f64) -> f64 {
        self.0[array.index()].atomic(op, index as usize, a, b)
    }
}

/// The arrays that the functions know, of lengths such that some indices are beyond the ends.
fn numbers() -> [(Element, Vec<f64>); 4] {
    let numbers = |element, of: &dyn Fn(usize) -> f64, len| (element, (0..len).map(of).collect());
    [
        numbers(Element::Float64, &|k| (k * k) as f64 * 0.25 - 7.0, 30),
        numbers(Element::Uint8, &|k| (k * 37) as f64, 70),
        numbers(Element::Float32, &|k| k as f64 - 0.1, COUNT),
        numbers(Element::Int32, &|_| 0.0, 16),
    ]
}

fn arrays() -> Arrays {
    Arrays::new(numbers())
}

fn outcome(results: &[f64], memory: &Arrays) -> Outcome {
    (bits(results), memory.values().map(|values| bits(&values)).collect())
}

/// All NaN are the same.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}
