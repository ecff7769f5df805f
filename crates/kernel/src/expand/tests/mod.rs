//! Texts against [`math`](crate::math), in the interpreters and as machine code.

mod inputs;

use std::cell::Cell;

use super::{MAX_OPERATIONS, expand};
use crate::codegen::{self, Indices, Inputs, Machine, Native, NoCode, RawArray, World};
use crate::interpret::{Arrays, Block, MathLibrary, Plan, Scalar, Unlimited, WIDTH};
use crate::ir::{Binary, Builder, Element, End, Function, Math, Op, Stmt, Type, generate_for_code, verify};
use crate::math::Portable;
use inputs::{Bits, number, usual};

fn functions() -> impl Iterator<Item = Math> {
    Math::ALL.iter().copied()
}

/// Calls a function with elements of two arrays, and the index. Masked, only at every third index: the others are -7.
fn caller(math: Math, is_masked: bool) -> Function {
    let (mut builder, entry) = Builder::new(1, Some(Type::F64));
    let arrays = ["x", "y"].map(|name| builder.array(name, Element::Float64));
    let index = builder.op(Op::Index(0));
    let [x, y] = arrays.map(|array| builder.op(Op::Load(array, index)));
    let arguments = [x, y, index];
    let mut result;
    if is_masked {
        let three = builder.f64(3.0);
        let rest = builder.binary(Binary::Rem, index, three);
        let one = builder.f64(1.0);
        let condition = builder.binary(Binary::Eq, rest, one);
        let then = builder.open();
        result = builder.call(math, &arguments[..math.arity()]);
        let then = builder.close(then, End::Yield(vec![result]));
        let otherwise = builder.open();
        let other = builder.f64(-7.0);
        let otherwise = builder.close(otherwise, End::Yield(vec![other]));
        result = builder.declare(Type::F64);
        builder.push(Stmt::If { condition, results: vec![result], then, otherwise });
    } else {
        result = builder.call(math, &arguments[..math.arity()]);
    }
    builder.close(entry, End::Yield(vec![result]));
    builder.finish()
}

/// Counts the questions.
struct Counting(Cell<u64>);

impl MathLibrary for Counting {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        self.0.set(self.0.get() + 1);
        Portable.call(function, arguments)
    }
}

fn is_same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// As many numbers as there are in a block, of two arrays.
struct Pair([Vec<f64>; 2]);

impl Pair {
    fn new(bits: &mut Bits, of: impl Fn(&mut Bits) -> [f64; 2]) -> Self {
        let (x, y) = (0..WIDTH).map(|_| of(bits).into()).unzip();
        Self([x, y])
    }

    fn expected(&self, math: Math, k: usize) -> f64 {
        let arguments = [self.0[0][k], self.0[1][k], k as f64];
        Portable.call(math, &arguments[..math.arity()])
    }

    fn check(&self, math: Math, is_masked: bool, out: &[f64], engine: &str) {
        for (k, found) in out.iter().enumerate() {
            let expected = if is_masked && k % 3 != 1 { -7.0 } else { self.expected(math, k) };
            let [x, y] = [self.0[0][k], self.0[1][k]];
            assert!(
                is_same(*found, expected),
                "{} in {engine}: of {x:?} ({:#x}), {y:?} ({:#x}): {found:?}, not {expected:?}",
                math.name(),
                x.to_bits(),
                y.to_bits(),
            );
        }
    }

    fn memory(&self) -> Arrays {
        Arrays::new(self.0.iter().map(|values| (Element::Float64, values.clone())))
    }

    /// What machine code makes of them, and how many questions it asks.
    fn run_code(&self, native: &Native) -> (Vec<f64>, u64) {
        let memory = self.memory();
        let raw = self
            .0
            .iter()
            .map(|values| RawArray { address: values.as_ptr().expose_provenance(), len: WIDTH as u64 });
        // SAFETY: the elements outlive the run, and nobody writes them.
        let inputs = unsafe { Inputs::new(&[], raw) };
        let mut out = vec![0.0; WIDTH];
        let math = Counting(Cell::new(0));
        let mut world = World { memory: &memory, math: &math, fuel: &mut Unlimited };
        let block = codegen::Block { indices: Indices::From(0), count: WIDTH, out: &mut out };
        // SAFETY: the inputs are those of the function.
        unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.expect("an end");
        (out, math.0.get())
    }
}

/// The code for each instruction set that is there.
fn natives(function: &Function) -> Vec<Native> {
    let made = Machine::available().map(|machine| {
        match Native::compile_for(function, &[Element::Float64; 2], machine) {
            Ok(native) => Some(native),
            Err(NoCode::Function(why)) => panic!("{why:?}"),
            Err(why) => {
                eprintln!("SKIP: {}", why.reason());
                None
            }
        }
    });
    made.flatten().collect()
}

/// How many inputs of each function: a million, and as many as `ALLCORES_MATH` says.
fn count() -> usize {
    let count = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    std::env::var("ALLCORES_MATH").ok().and_then(|count| count.parse().ok()).unwrap_or(count)
}

/// The seed of the numbers; `ALLCORES_SEED` makes others.
fn seed() -> u64 {
    std::env::var("ALLCORES_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

#[test]
fn code_has_the_bits() {
    for math in functions() {
        let [plain, masked] = [false, true].map(|is_masked| {
            let expanded = expand(&caller(math, is_masked), |_| true).expect("a text");
            natives(&expanded)
        });
        let mut bits = Bits(seed());
        for block in 0..count().div_ceil(WIDTH) {
            let pair = Pair::new(&mut bits, |bits| [number(bits), number(bits)]);
            let is_masked = block % 8 == 7;
            for native in if is_masked { &masked } else { &plain } {
                let (out, _) = pair.run_code(native);
                pair.check(math, is_masked, &out, &format!("code for {}", native.isa()));
            }
        }
    }
}

#[test]
fn interpreters_have_the_bits() {
    for math in functions() {
        let expanded = expand(&caller(math, false), |_| true).expect("a text");
        let mut scalar = Scalar::new(&expanded, &[]);
        let plan = Plan::new(expanded.clone());
        let indices: Vec<f64> = (0..WIDTH).map(|k| k as f64).collect();
        let mut bits = Bits(seed());
        for _ in 0..count().div_ceil(50 * WIDTH) {
            let pair = Pair::new(&mut bits, |bits| [number(bits), number(bits)]);
            let memory = pair.memory();
            let mut out = [0.0; WIDTH];
            Block::new(&plan, &[])
                .run(&[&indices], &mut out, &memory, &Portable, &mut Unlimited)
                .expect("an end");
            pair.check(math, false, &out, "the block interpreter");
            for (index, out) in indices.iter().zip(&mut out) {
                let result = scalar.run(&[*index], &memory, &Portable, &mut Unlimited);
                *out = result.expect("an end").expect("a result");
            }
            pair.check(math, false, &out, "the scalar interpreter");
        }
    }
}

/// What is known before it runs has the same bits, also where doubles are taken apart.
#[test]
fn constants_fold_to_the_bits() {
    let mut bits = Bits(seed());
    for math in functions() {
        for _ in 0..500 {
            let arguments = [number(&mut bits), number(&mut bits), number(&mut bits)];
            let (mut builder, entry) = Builder::new(1, Some(Type::F64));
            let values = arguments.map(|argument| builder.f64(argument));
            let result = builder.call(math, &values[..math.arity()]);
            builder.close(entry, End::Yield(vec![result]));
            let expanded = expand(&builder.finish(), |_| true).expect("a text");
            let memory = Arrays::new([]);
            let found = Scalar::new(&expanded, &[]).run(&[0.0], &memory, &Portable, &mut Unlimited);
            let (found, expected) =
                (found.unwrap().unwrap(), Portable.call(math, &arguments[..math.arity()]));
            assert!(is_same(found, expected), "{}: {arguments:?}: {found:?}\n{expanded}", math.name());
        }
    }
}

/// Otherwise it would be no faster than a call.
#[test]
fn usual_arguments_are_not_asked_for() {
    for math in functions() {
        let expanded = expand(&caller(math, false), |_| true).expect("a text");
        for native in natives(&expanded) {
            let (mut bits, mut asked) = (Bits(3), 0);
            for _ in 0..50 {
                let pair = Pair::new(&mut bits, |bits| usual(math, bits));
                asked += pair.run_code(&native).1;
            }
            assert!(asked <= 50 * WIDTH as u64 / 1000, "{}: {asked} questions", math.name());
        }
    }
}

/// Wherever a call is, and whatever else there is: the function does what it did.
#[test]
fn random_functions_stay_what_they_are() {
    for seed in 0..if cfg!(debug_assertions) { 200 } else { 1000 } {
        let function = crate::interpret::testing::made_by(generate_for_code, seed);
        let Some(expanded) = expand(&function, |_| true) else { continue };
        verify(&expanded).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{expanded}"));
        let [before, after] = [&function, &expanded].map(|function| {
            let memory = crate::interpret::testing::arrays(20);
            let mut scalar = Scalar::new(function, &[2.5]);
            let results: Vec<f64> = (0..20)
                .map(|k| scalar.run(&[f64::from(k)], &memory, &Portable, &mut 100_000).unwrap().unwrap())
                .collect();
            (crate::interpret::testing::bits(&results), memory.values().collect::<Vec<_>>())
        });
        assert_eq!(before.0, after.0, "seed {seed}:\n{function}");
    }
}

/// What a library has not, it is asked for.
#[test]
fn other_bits_stay_calls() {
    let function = caller(Math::Sin, false);
    assert!(expand(&function, |math| math != Math::Sin).is_none());
}

#[test]
fn there_is_a_limit() {
    let (mut builder, entry) = Builder::new(1, Some(Type::F64));
    let mut value = builder.op(Op::Index(0));
    for _ in 0..100 {
        value = builder.call(Math::Sin, &[value]);
    }
    builder.close(entry, End::Yield(vec![value]));
    let expanded = expand(&builder.finish(), |_| true).expect("some fit");
    let operations: usize = expanded.regions.iter().map(|region| region.stmts.len()).sum();
    assert!(operations > MAX_OPERATIONS / 2 && operations <= MAX_OPERATIONS, "{operations}");
}
