//! How long the engines take for an index of a body, on one thread, and what code they run:
//!
//! ```text
//! cargo run --release -p allcores-kernel --example speed -- 'i => i * i' 1000000
//! cargo run --release -p allcores-kernel --example speed -- '(i, { a, k }) => a[i] * k' 4096 k=3 a=float64:4096
//! ```
//!
//! Data are numbers, and arrays as type and length, filled with small integers, or with fractions if they can hold them. The body runs
//! for all indices again and again for a second or so. With `CODE=file` the machine code goes to a file, and that for one index at a time to
//! `file.scalar`: `objdump -D -b binary -m i386:x86-64`.

use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::time::Instant;

use allcores_kernel::Body;
use allcores_kernel::codegen::{self, Indices, Inputs, Native, RawArray, World};
use allcores_kernel::interpret::{Arrays, Block, Memory, Unlimited, WIDTH};
use allcores_kernel::ir::{ArrayId, AtomicOp};
use allcores_kernel::lower::{Parameters, Request, Returns, Shape};
use allcores_kernel::math::Portable;
use allcores_machine::Element;
use allcores_machine::Isa;
use allcores_memory::SharedArray;

/// What `data` has under a name.
enum Datum {
    Number(f64),
    Array(Element, Vec<f64>),
}

fn parse(argument: &str) -> Option<(Box<str>, Datum)> {
    let (name, value) = argument.split_once('=')?;
    let datum = match value.split_once(':') {
        None => Datum::Number(value.parse().ok()?),
        Some((element, len)) => {
            let element = Element::from_name(element)?;
            let is_fraction = matches!(element, Element::Float32 | Element::Float64);
            let value = |k: u64| (k * 7919 % 251) as f64 / if is_fraction { 251.0 } else { 1.0 };
            Datum::Array(element, (0..len.parse().ok()?).map(value).collect())
        }
    };
    Some((name.into(), datum))
}

fn main() {
    if let Some(isa) = std::env::var("ALLCORES_ISA").ok().and_then(|name| Isa::from_name(&name)) {
        codegen::use_isa(isa);
    }
    let mut arguments = std::env::args().skip(1);
    let source = arguments.next().expect("a body");
    let count: usize = arguments.next().map_or(1_000_000, |count| count.parse().expect("a count"));
    let data: BTreeMap<Box<str>, Datum> =
        arguments.map(|argument| parse(&argument).expect("name=1.5 or name=float64:1000")).collect();
    let shape = |datum: &Datum| match datum {
        Datum::Number(_) => Shape::Number,
        Datum::Array(element, _) => Shape::Array { element: *element, is_shared: true },
    };
    let shapes = Shape::Object(data.iter().map(|(name, datum)| (name.clone(), shape(datum))).collect());
    let request = Request {
        source: &source,
        parameters: Parameters::Indices(1),
        returns: if source.contains("return") || !source.contains('{') || source.contains("=> (") {
            Returns::Number
        } else {
            Returns::Nothing
        },
        data: &shapes,
    };
    let body = Body::compile(&request).unwrap_or_else(|refused| panic!("{refused:?}"));
    println!("{}", body.function());
    let at = |path: &[Box<str>]| data.get(&path[0]).expect("data for each input");
    let scalars: Vec<f64> = body
        .scalars()
        .iter()
        .map(|path| match at(path) {
            Datum::Number(number) => *number,
            Datum::Array(..) => unreachable!("a number"),
        })
        .collect();
    let arrays: Vec<(Element, Vec<f64>)> = body
        .arrays()
        .iter()
        .map(|path| match at(path) {
            Datum::Array(element, values) => (*element, values.clone()),
            Datum::Number(_) => unreachable!("an array"),
        })
        .collect();

    let mut block = Block::new(body.plan(), &scalars);
    let memory = Arrays::new(arrays.iter().cloned());
    let mut sum = 0.0;
    let began = Instant::now();
    for start in (0..count).step_by(WIDTH) {
        let indices: Vec<f64> = (start..count.min(start + WIDTH)).map(|index| index as f64).collect();
        let mut out = [0.0; WIDTH];
        let out = &mut out[..indices.len()];
        block.run(&[&indices], out, &memory, &Portable, &mut Unlimited).expect("an end");
        sum += total(out);
    }
    println!("interpreter: {sum}: {:.2} ns an index", began.elapsed().as_nanos() as f64 / count as f64);
    match body.native(&Portable) {
        Ok(native) => {
            if let Ok(path) = std::env::var("CODE") {
                std::fs::write(&path, native.code().bytes()).expect("a file for the code");
                let scalar = native.scalar().map(|scalar| scalar.code().bytes().to_vec()).unwrap_or_default();
                std::fs::write(path + ".scalar", scalar).expect("a file for the code");
            }
            run(native, count, &scalars, &arrays);
            if let Some(scalar) = native.scalar() {
                run(scalar, count, &scalars, &arrays);
            }
        }
        Err(why) => println!("no machine code: {}", why.reason()),
    }
}

/// Code reaches arrays without it.
struct Elsewhere;

impl Memory for Elsewhere {
    fn len(&self, _: ArrayId) -> u64 {
        unreachable!("no atomic operation")
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

/// The same by machine code.
fn run(native: &Native, count: usize, scalars: &[f64], arrays: &[(Element, Vec<f64>)]) {
    let mut memory: Vec<Vec<u64>> = arrays
        .iter()
        .map(|(element, values)| {
            let mut words = vec![0_u64; (values.len() * element.size()).div_ceil(8) + 1];
            let base = NonNull::new(words.as_mut_ptr().cast()).expect("an address");
            // SAFETY: the words are there for these values, aligned, and nobody else has them.
            let array = unsafe { SharedArray::new(base, values.len(), *element) };
            values.iter().enumerate().for_each(|(k, value)| array.store(k, *value));
            words
        })
        .collect();
    let raw = memory.iter_mut().zip(arrays).map(|(words, (_, values))| RawArray {
        address: words.as_mut_ptr().expose_provenance(),
        len: values.len() as u64,
    });
    // SAFETY: the memory outlives the runs, and nobody else has it.
    let inputs = unsafe { Inputs::new(scalars, raw) };
    let mut frame = native.frame();
    let mut out = [0.0; Native::WIDTH];
    let mut sum = 0.0;
    let mut runs = 0;
    // What disturbs one run of some blocks hardly disturbs all of its runs.
    let mut best = vec![f64::INFINITY; count.div_ceil(SAMPLE)];
    let mut world = World { memory: &Elsewhere, math: &Portable, fuel: &mut Unlimited };
    let all = Instant::now();
    while runs < 3 || all.elapsed().as_millis() < 1000 {
        for (best, from) in best.iter_mut().zip((0..count).step_by(SAMPLE)) {
            let began = Instant::now();
            for start in (from..count.min(from + SAMPLE)).step_by(native.block()) {
                let len = native.block().min(count - start);
                let block =
                    codegen::Block { indices: Indices::From(start as u64), count: len, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut frame, &inputs, block, &mut world) }.expect("an end");
                if runs == 0 {
                    sum += total(&out[..len]);
                }
            }
            if runs > 0 {
                *best = best.min(began.elapsed().as_nanos() as f64);
            }
        }
        runs += 1;
    }
    let best = best.iter().sum::<f64>() / count as f64;
    println!("machine code, {} lanes: {sum}: {best:.2} ns an index, best of {runs} runs", native.lanes());
}

/// So many indices are timed together.
const SAMPLE: usize = 4 * Native::WIDTH;

/// Some sums side by side: one alone would take longer than many a body.
fn total(values: &[f64]) -> f64 {
    let mut sums = [0.0; 16];
    for values in values.chunks(16) {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum()
}
