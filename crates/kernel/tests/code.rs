//! Machine code against the scalar interpreter: every operation, on numbers that it could get wrong; every type of element, at
//! indices that are elements and that are not; each where all lanes take part, and where some do.

use std::ptr::NonNull;

use allcores_kernel::codegen::{Block, Indices, Inputs, Machine, Native, NoCode, RawArray, World};
use allcores_kernel::interpret::{Arrays, MathLibrary, Memory, Scalar};
use allcores_kernel::ir::{
    ArrayId, AtomicOp, Binary, Builder, Element, End, Function, Math, Op, Stmt, Type, Unary, Value, verify,
};
use allcores_memory::SharedArray;

/// The ends of what conversions and comparisons tell apart, both signs of each, and numbers without a pattern.
fn numbers() -> Vec<f64> {
    let mut numbers =
        vec![0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 7.0, 31.0, 32.0, 33.0, 254.5, 255.0, 255.5, 256.0];
    for bits in [15, 16, 31, 32, 33, 52, 53, 63, 64, 100] {
        let power = f64::from(bits).exp2();
        numbers.extend([power - 1.0, power - 0.5, power, power + 1.0]);
    }
    numbers.extend([1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1e-310, 1e10 + 0.7, f64::INFINITY, f64::NAN]);
    numbers.extend([3.4e38, 3.5e38, 1e-45, 1e-46, 1.0 + f64::EPSILON, 6_755_399_441_055_744.5]);
    let negative: Vec<f64> = numbers.iter().map(|number| -number).collect();
    numbers.extend(negative);
    let mut state = 1_u64;
    for _ in 0..40 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        numbers.push((state >> 11) as f64 / (1_u64 << (state % 50)) as f64 - 1000.0);
    }
    numbers
}

/// All pairs of them.
fn pairs() -> (Vec<f64>, Vec<f64>) {
    let numbers = numbers();
    let pairs = numbers.iter().flat_map(|a| numbers.iter().map(|b| (*a, *b)));
    pairs.unzip()
}

/// No function is called.
struct NoCalls;

impl MathLibrary for NoCalls {
    fn call(&self, _: Math, _: &[f64]) -> f64 {
        unreachable!("no function is called")
    }
}

/// Code reads and writes its arrays by itself.
struct Nothing;

impl Memory for Nothing {
    fn len(&self, _: ArrayId) -> u64 {
        unreachable!("code does that itself")
    }
    fn load(&self, _: ArrayId, _: u64) -> f64 {
        unreachable!("code does that itself")
    }
    fn store(&self, _: ArrayId, _: u64, _: f64) {
        unreachable!("code does that itself")
    }
    fn atomic(&self, _: AtomicOp, _: ArrayId, _: u64, _: f64, _: f64) -> f64 {
        unreachable!("no atomic operation")
    }
}

type Input = (Element, Vec<f64>);
type Outcome = (Vec<u64>, Vec<Vec<u64>>);

/// All NaN are the same.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

/// Turns of loops, of all indices.
const FUEL: u64 = 1_000_000;

fn run_scalar(function: &Function, arrays: &[Input], count: usize) -> Outcome {
    let memory = Arrays::new(arrays.iter().cloned());
    let mut scalar = Scalar::new(function, &[]);
    let results: Vec<f64> = (0..count)
        .map(|index| scalar.run(&[index as f64], &memory, &NoCalls, &mut FUEL.clone()).unwrap().unwrap())
        .collect();
    (bits(&results), memory.values().map(|values| bits(&values)).collect())
}

fn shared(words: &mut [u64], (element, values): &Input) -> SharedArray {
    let base = NonNull::new(words.as_mut_ptr().cast()).unwrap();
    // SAFETY: `words` are made for these values, aligned to eight bytes, and nobody else uses them meanwhile.
    unsafe { SharedArray::new(base, values.len(), *element) }
}

/// `None` if there is no code here.
fn run_code(function: &Function, arrays: &[Input], count: usize, machine: Machine) -> Option<Outcome> {
    let elements: Vec<Element> = arrays.iter().map(|(element, _)| *element).collect();
    let native = match Native::compile_for(function, &elements, machine) {
        Ok(native) => native,
        Err(NoCode::Function(why)) => panic!("{why:?}:\n{function}"),
        Err(why) => {
            eprintln!("SKIP: {}", why.reason());
            return None;
        }
    };
    let mut memory: Vec<Vec<u64>> = Vec::new();
    for array in arrays {
        let mut words = vec![0; (array.1.len() * array.0.size()).div_ceil(8) + 1];
        let elements = shared(&mut words, array);
        array.1.iter().enumerate().for_each(|(k, value)| elements.store(k, *value));
        memory.push(words);
    }
    let raw = memory.iter_mut().zip(arrays).map(|(words, (_, values))| RawArray {
        address: words.as_mut_ptr().expose_provenance(),
        len: values.len() as u64,
    });
    // SAFETY: the memory outlives the runs, and nobody else has it.
    let inputs = unsafe { Inputs::new(&[], raw) };
    let mut frame = native.frame();
    let mut results = Vec::new();
    for start in (0..count).step_by(Native::WIDTH) {
        let len = (count - start).min(Native::WIDTH);
        let mut out = [0.0; Native::WIDTH];
        let block = Block { indices: Indices::From(start as u64), count: len, out: &mut out };
        let mut world = World { memory: &Nothing, math: &NoCalls, fuel: &mut FUEL.clone() };
        // SAFETY: the inputs are those of the function.
        unsafe { native.run(&mut frame, &inputs, block, &mut world) }.unwrap();
        results.extend_from_slice(&out[..len]);
    }
    let values = memory.iter_mut().zip(arrays).map(|(words, array)| {
        let elements = shared(words, array);
        bits(&(0..array.1.len()).map(|k| elements.load(k)).collect::<Vec<_>>())
    });
    Some((bits(&results), values.collect()))
}

fn compare(function: &Function, arrays: &[Input], count: usize) {
    verify(function).unwrap_or_else(|error| panic!("{error}\n{function}"));
    let scalar = run_scalar(function, arrays, count);
    for machine in Machine::available() {
        let Some(code) = run_code(function, arrays, count, machine) else { continue };
        if code == scalar {
            continue;
        }
        let name = machine.name();
        let Some(index) = code.0.iter().zip(&scalar.0).position(|(a, b)| a != b) else {
            panic!("{name}, other elements: {:?} instead of {:?}\n{function}", code.1, scalar.1);
        };
        let [found, expected] = [&code, &scalar].map(|outcome| f64::from_bits(outcome.0[index]));
        let inputs: Vec<_> = arrays.iter().map(|(_, values)| values.get(index)).collect();
        panic!("{name}, index {index}, {inputs:?}: {found:?} instead of {expected:?}\n{function}");
    }
}

/// A function of two arrays: `make` returns a value of the elements at the index. If the mask has to be looked at, only at every
/// third index: the others return -7.
fn function(
    is_masked: bool,
    element: Element,
    make: impl Fn(&mut Builder, Value, Value) -> Value,
) -> Function {
    let (mut builder, entry) = Builder::new(1, Some(Type::F64));
    let [a, b] = ["a", "b"].map(|name| builder.array(name, Element::Float64));
    builder.array("c", element);
    let index = builder.op(Op::Index(0));
    let (a, b) = (builder.op(Op::Load(a, index)), builder.op(Op::Load(b, index)));
    if !is_masked {
        let value = make(&mut builder, a, b);
        builder.close(entry, End::Yield(vec![value]));
        return builder.finish();
    }
    let three = builder.f64(3.0);
    let rest = builder.binary(Binary::Rem, index, three);
    let one = builder.f64(1.0);
    let condition = builder.binary(Binary::Eq, rest, one);
    let then = builder.open();
    let value = make(&mut builder, a, b);
    let then = builder.close(then, End::Yield(vec![value]));
    let otherwise = builder.open();
    let other = builder.f64(-7.0);
    let otherwise = builder.close(otherwise, End::Yield(vec![other]));
    let result = builder.declare(Type::F64);
    builder.push(Stmt::If { condition, results: vec![result], then, otherwise });
    builder.close(entry, End::Yield(vec![result]));
    builder.finish()
}

fn of_type(builder: &mut Builder, value: Value, ty: Type) -> Value {
    match ty {
        Type::F64 => value,
        Type::I32 => builder.unary(Unary::ToInt32, value),
        Type::Bool => builder.unary(Unary::ToBool, value),
    }
}

fn as_double(builder: &mut Builder, value: Value) -> Value {
    match builder.ty(value) {
        Type::F64 => value,
        Type::I32 => builder.unary(Unary::FromInt32, value),
        Type::Bool => builder.unary(Unary::FromBool, value),
    }
}

/// An array that nobody looks at.
const SPARE: Input = (Element::Float64, Vec::new());

#[test]
fn unary_operations() {
    let numbers = numbers();
    let arrays = [(Element::Float64, numbers.clone()), (Element::Float64, numbers.clone()), SPARE];
    for op in Unary::ALL.iter().filter(|op| **op != Unary::ToHalf) {
        for is_masked in [false, true] {
            let function = function(is_masked, Element::Float64, |builder, a, _| {
                let a = of_type(builder, a, op.operand());
                let result = builder.unary(*op, a);
                as_double(builder, result)
            });
            compare(&function, &arrays, numbers.len());
        }
    }
}

#[test]
fn binary_operations() {
    let (a, b) = pairs();
    let count = a.len();
    let arrays = [(Element::Float64, a), (Element::Float64, b), SPARE];
    for op in Binary::ALL {
        for is_masked in [false, true] {
            let function = function(is_masked, Element::Float64, |builder, a, b| {
                let (a, b) = (of_type(builder, a, op.operand()), of_type(builder, b, op.operand()));
                let result = builder.binary(*op, a, b);
                as_double(builder, result)
            });
            compare(&function, &arrays, count);
        }
    }
}

/// With a constant on either side, many operations take another way.
#[test]
fn binary_operations_with_constants() {
    let numbers = numbers();
    let arrays = [(Element::Float64, numbers.clone()), (Element::Float64, numbers.clone()), SPARE];
    for op in Binary::ALL {
        for number in [
            0.0,
            -0.0,
            1.0,
            -1.0,
            2.0,
            3.0,
            7.0,
            31.0,
            33.0,
            0.1,
            1e10,
            1e300,
            5e-324,
            f64::INFINITY,
            f64::NAN,
        ] {
            for is_first in [false, true] {
                let function = function(false, Element::Float64, |builder, a, _| {
                    let a = of_type(builder, a, op.operand());
                    let constant = match op.operand() {
                        Type::F64 => builder.f64(number),
                        Type::I32 => builder.i32(number as i32),
                        Type::Bool => builder.bool(number != 0.0),
                    };
                    let (a, b) = if is_first { (constant, a) } else { (a, constant) };
                    let result = builder.binary(*op, a, b);
                    as_double(builder, result)
                });
                compare(&function, &arrays, numbers.len());
            }
        }
    }
}

/// All that is asked of a remainder may be whether there is one.
#[test]
fn remainders_that_are_compared_with_zero() {
    let (a, b) = pairs();
    let count = a.len();
    let arrays = [(Element::Float64, a), (Element::Float64, b), SPARE];
    for is_masked in [false, true] {
        let function = function(is_masked, Element::Float64, |builder, a, b| {
            let rest = builder.binary(Binary::Rem, a, b);
            let zero = builder.f64(0.0);
            let is_none = builder.binary(Binary::Eq, rest, zero);
            as_double(builder, is_none)
        });
        compare(&function, &arrays, count);
    }
}

const ELEMENTS: [Element; 9] = [
    Element::Int8,
    Element::Uint8,
    Element::Uint8Clamped,
    Element::Int16,
    Element::Uint16,
    Element::Int32,
    Element::Uint32,
    Element::Float32,
    Element::Float64,
];

/// Elements of an array: each at its own index, a few places on, and at any number.
#[test]
fn elements_are_loaded() {
    let numbers = numbers();
    for element in ELEMENTS {
        for (is_masked, offset) in [(false, 0.0), (true, 0.0), (false, 3.0), (true, -5.0)] {
            for way in 0..3 {
                let function = function(is_masked, element, |builder, a, _| {
                    let index = builder.op(Op::Index(0));
                    let offset = builder.f64(offset);
                    let index = match way {
                        0 => builder.binary(Binary::Add, index, offset),
                        1 => builder.binary(Binary::Add, a, offset),
                        _ => builder.unary(Unary::ToInt32, a),
                    };
                    let value = builder.op(Op::Load(ArrayId(2), index));
                    // As a double, and as the integer that it is perhaps known to be.
                    let integer = builder.unary(Unary::ToInt32, value);
                    let integer = as_double(builder, integer);
                    let million = builder.f64(1e-6);
                    let integer = builder.binary(Binary::Mul, integer, million);
                    let is_number = builder.binary(Binary::Eq, value, value);
                    let none = builder.f64(0.125);
                    let value = builder.op(Op::Select(is_number, value, none));
                    builder.binary(Binary::Add, value, integer)
                });
                let of = |len: usize| -> [Input; 3] {
                    let values = numbers.iter().cycle().take(len).copied().collect();
                    [(Element::Float64, numbers.clone()), SPARE, (element, values)]
                };
                for len in [0, 1, 5, 60, 1000] {
                    compare(&function, &of(len), numbers.len());
                }
            }
        }
    }
}

/// Numbers are stored to elements of each type, at the own index and a few places on.
#[test]
fn elements_are_stored() {
    let numbers = numbers();
    for element in ELEMENTS {
        for (is_masked, offset) in [(false, 0.0), (true, 0.0), (false, 3.0), (true, -5.0)] {
            for is_scattered in [false, true] {
                let function = function(is_masked, element, |builder, a, _| {
                    let index = builder.op(Op::Index(0));
                    let constant = builder.f64(offset);
                    let mut index = builder.binary(Binary::Add, index, constant);
                    if is_scattered {
                        let two = builder.f64(2.0);
                        index = builder.binary(Binary::Mul, index, two);
                    }
                    builder.push(Stmt::Store { array: ArrayId(2), index, value: a });
                    a
                });
                for len in [0, 1, 5, 60, 1000] {
                    let arrays = [(Element::Float64, numbers.clone()), SPARE, (element, vec![1.0; len])];
                    compare(&function, &arrays, numbers.len());
                }
            }
        }
    }
}
