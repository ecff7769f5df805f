//! Machine code against the scalar interpreter, over random functions.

mod abort;
mod arm64;
mod atomic;
mod contest;
mod guarded;
mod harsh;
mod indices;
mod leaving;
mod looks;
mod one_index;
mod pages;
mod pairs;
mod runs;
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]
mod signals;
mod sum;
mod wholes;

use std::ptr::NonNull;
use std::time::{Duration, Instant};

use allcores_memory::SharedArray;
use iced_x86::{Decoder, DecoderOptions, Instruction};

use super::{Block, Indices, Inputs, Machine, Native, NoCode, RawArray, World, x64};
use crate::analysis::may_wait;
use crate::interpret::testing::{Mixed, bits, made_by};
use crate::interpret::{Arrays, Fuel, Memory, Scalar, Stop, Unlimited};
use crate::ir::{ArrayId, AtomicOp, Element, Function, generate_for_code, parse};

const WIDTH: usize = Native::WIDTH;

/// An array in memory of its own.
struct Raw {
    memory: Vec<u64>,
    len: usize,
    element: Element,
}

impl Raw {
    fn new(element: Element, values: &[f64]) -> Self {
        let len = values.len();
        let mut raw = Self { memory: vec![0; (len * element.size()).div_ceil(8) + 1], len, element };
        let array = raw.array();
        values.iter().enumerate().for_each(|(k, value)| array.store(k, *value));
        raw
    }

    fn array(&mut self) -> SharedArray {
        let base = NonNull::new(self.memory.as_mut_ptr().cast()).unwrap();
        // SAFETY: the memory is as long as that, aligned to eight bytes, and nobody else has it.
        unsafe { SharedArray::new(base, self.len, self.element) }
    }

    fn values(&mut self) -> Vec<f64> {
        let array = self.array();
        (0..self.len).map(|k| array.load(k)).collect()
    }

    fn raw(&mut self) -> RawArray {
        RawArray { address: self.memory.as_mut_ptr().expose_provenance(), len: self.len as u64 }
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

/// Goes on for half a minute, thousands of times longer than any of these runs takes: what never ends is to fail, and not to hang.
pub(super) struct Patience(Option<Instant>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(None)
    }
}

impl Fuel for Patience {
    fn burn(&mut self) -> bool {
        self.0.get_or_insert_with(Instant::now).elapsed() < Duration::from_secs(30)
    }
}

/// How many instructions a turn of the first loop has, of what is not out of the way.
fn turn_len(native: &Native) -> usize {
    let bytes = native.code().bytes();
    let code: Vec<_> = Decoder::new(64, &bytes, DecoderOptions::NONE).iter().collect();
    let is_back = |inst: &&Instruction| inst.is_jmp_short_or_near() && inst.near_branch_target() < inst.ip();
    let last = code.iter().find(is_back).expect("a loop");
    code.iter().filter(|inst| (last.near_branch_target()..=last.ip()).contains(&inst.ip())).count()
}

type Input = (Element, Vec<f64>);

/// Runs a function for the indices from `start` on as machine code. Returns its results and what is in the arrays then.
fn run_native(
    machine: Machine,
    function: &Function,
    scalars: &[f64],
    arrays: &[Input],
    indices: &[f64],
    fuel: &mut impl Fuel,
) -> Result<(Vec<u64>, Vec<Vec<u64>>), Stop> {
    let elements: Vec<Element> = arrays.iter().map(|(element, _)| *element).collect();
    let native =
        Native::compile_for(function, &elements, machine).unwrap_or_else(|why| panic!("{why:?}\n{function}"));
    let found = run_code(&native, scalars, arrays, indices, fuel);
    if let (true, Ok(found)) = (machine.is_scalar(), &found) {
        // The same by code that takes something for granted.
        let granted = x64::worth_granting(function);
        let native = Native::compile_granted(function, &elements, granted).unwrap();
        match run_code(&native, scalars, arrays, indices, &mut Patience::new()) {
            Ok(other) => assert!(*found == other, "granted: {scalars:?}\n{function}"),
            Err(Stop::NoSuchRow) => {}
            Err(stop) => panic!("{stop:?}\n{function}"),
        }
    }
    found
}

fn run_code(
    native: &Native,
    scalars: &[f64],
    arrays: &[Input],
    indices: &[f64],
    fuel: &mut impl Fuel,
) -> Result<(Vec<u64>, Vec<Vec<u64>>), Stop> {
    let mut raw: Vec<Raw> = arrays.iter().map(|(element, values)| Raw::new(*element, values)).collect();
    // SAFETY: the arrays outlive the run.
    let inputs = unsafe { Inputs::new(scalars, raw.iter_mut().map(Raw::raw)) };
    let mut frame = native.frame();
    let memory = Live(raw.iter_mut().map(Raw::array).collect());
    let mut world = World { memory: &memory, math: &Mixed, fuel };
    let mut results = Vec::new();
    for indices in indices.chunks(WIDTH) {
        let mut lists = [[f64::NAN; WIDTH]];
        lists[0][..indices.len()].copy_from_slice(indices);
        let mut out = [0.0; WIDTH];
        let is_run = indices.windows(2).all(|pair| pair[0] + 1.0 == pair[1]) && indices[0] >= 0.0;
        let count = indices.len();
        let block_indices = if is_run { Indices::From(indices[0] as u64) } else { Indices::Lists(&lists) };
        let block = Block { indices: block_indices, count, out: &mut out };
        if !native.is_granted(&inputs, &block) {
            return Err(Stop::NoSuchRow);
        }
        // SAFETY: the inputs are those of the function.
        unsafe { native.run(&mut frame, &inputs, block, &mut world) }?;
        results.extend_from_slice(&out[..indices.len()]);
    }
    Ok((bits(&results), raw.iter_mut().map(|raw| bits(&raw.values())).collect()))
}

fn run_scalar(
    function: &Function,
    scalars: &[f64],
    arrays: &[Input],
    indices: &[f64],
) -> (Vec<u64>, Vec<Vec<u64>>) {
    let memory = Arrays::new(arrays.iter().cloned());
    let mut scalar = Scalar::new(function, scalars);
    let results: Vec<f64> = indices
        .iter()
        .map(|index| scalar.run(&[*index], &memory, &Mixed, &mut 1_000_000).unwrap().unwrap_or(0.0))
        .collect();
    (bits(&results), memory.values().map(|values| bits(&values)).collect())
}

/// Code for each machine does what the scalar interpreter does.
fn agree_everywhere(function: &Function, arrays: &[Input], indices: &[f64]) {
    let expected = run_scalar(function, &[], arrays, indices);
    for machine in machines() {
        let found = run_native(machine, function, &[], arrays, indices, &mut Unlimited).unwrap();
        let at = found.0.iter().zip(&expected.0).position(|(a, b)| a != b);
        assert!(found == expected, "{} at {at:?}\n{function}", machine.name());
    }
}

fn arrays(len: usize) -> Vec<Input> {
    let numbers = |element, of: &dyn Fn(usize) -> f64, len| (element, (0..len).map(of).collect());
    vec![
        numbers(Element::Float64, &|k| (k * k) as f64 * 0.25 - 7.0, 50),
        numbers(Element::Uint8, &|k| (k * 37) as f64, 700),
        numbers(Element::Float32, &|k| k as f64 - 0.1, len),
        numbers(Element::Int32, &|k| k as f64 * 123_456_789.0, 16),
    ]
}

/// What code can be made for here.
fn machines() -> Vec<Machine> {
    let function = parse("function 1\n{\nyield\n}").unwrap();
    let is_possible = |machine: &Machine| match Native::compile_for(&function, &[], *machine) {
        Ok(_) => true,
        Err(NoCode::Memory(why)) => {
            eprintln!("SKIP: {}", why.reason());
            false
        }
        Err(why) => panic!("{why:?}"),
    };
    let machines: Vec<Machine> = Machine::available().filter(is_possible).collect();
    if machines.is_empty() {
        eprintln!("SKIP: there is no machine code here");
    }
    machines
}

#[test]
fn code_and_scalar_agree_on_random_functions() {
    let machines = machines();
    let rounds = if cfg!(debug_assertions) { 1_500 } else { 10_000 };
    let rounds =
        std::env::var("ALLCORES_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(rounds);
    let mut waiting = 0;
    for seed in 0..rounds {
        let function = made_by(generate_for_code, seed);
        let may_wait = may_wait(&function);
        waiting += u64::from(may_wait);
        let count = [1, 2, 7, 64, 600][seed as usize % 5];
        let indices: Vec<f64> = (0..count).map(f64::from).collect();
        let arrays = arrays(count as usize);
        let scalars = [[2.5], [3.0], [-1.0]][seed as usize % 3];
        let scalar = run_scalar(&function, &scalars, &arrays, &indices);
        for machine in machines.iter().filter(|machine| machine.is_scalar() || !may_wait) {
            let native =
                run_native(*machine, &function, &scalars, &arrays, &indices, &mut Patience::new()).unwrap();
            if native != scalar {
                let at = native.0.iter().zip(&scalar.0).position(|(a, b)| a != b);
                panic!("{}, seed {seed}, index {at:?}:\n{function}", machine.name());
            }
        }
    }
    assert!(waiting <= 1 + rounds / 20, "{waiting} of {rounds} have no code for vectors");
}
