//! Indices that follow one another, and those that only seem to: of both the first lane is all that code looks at.

use super::{Live, Patience, Raw, machines, run_scalar};
use crate::codegen::{Block, Indices, Inputs, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{Element, parse, verify};

const COUNT: usize = 70;

/// Reads an array of `len` elements at `%at`, made by these statements of the index `%i`, the scalars `%u` and `%v`, and integers below them.
fn agree(at: &str, first: u64, scalars: [f64; 2]) {
    let text = format!(
        "function 1 -> f64\nscalar 0 \"u\"\nscalar 1 \"v\"\narray 0 float64 \"a\"\narray 1 uint8 \"b\"\n{{\n%i = index 0\n%u = scalar 0\n%v = scalar 1\n\
         %m = ffloor %u\n%n = ffloor %v\n{at}\n%x = load 0 %at\n%y = load 1 %at\n%s = fadd %x, %y\nyield %s\n}}"
    );
    let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let points: Vec<f64> = (0..COUNT).map(|k| (first + k as u64) as f64).collect();
    for len in [20, 100, 1000] {
        let values: Vec<f64> = (0..len).map(|k| f64::from(k % 251)).collect();
        let arrays = [(Element::Float64, values.clone()), (Element::Uint8, values.clone())];
        let (expected, _) = run_scalar(&function, &scalars, &arrays, &points);
        for machine in machines() {
            let native =
                Native::compile_for(&function, &[Element::Float64, Element::Uint8], machine).unwrap();
            let [mut a, mut b] = [Element::Float64, Element::Uint8].map(|element| Raw::new(element, &values));
            // Passed as they are, and after others.
            for others in [scalars, [1.0, 2.0], [0.5, f64::NAN]] {
                // SAFETY: the arrays outlive the run, and nobody writes them.
                let mut inputs = unsafe { Inputs::new(&others, [a.raw(), b.raw()]) };
                scalars.iter().enumerate().for_each(|(k, scalar)| inputs.set_scalar(k, *scalar));
                let memory = Live(vec![a.array(), b.array()]);
                let (mut patience, mut out) = (Patience::new(), [0.0; COUNT + Native::LANES]);
                let mut world = World { memory: &memory, math: &Mixed, fuel: &mut patience };
                let block = Block { indices: Indices::From(first), count: COUNT, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.expect("an end");
                let (found, name) = (bits(&out[..COUNT]), machine.name());
                assert_eq!(found, expected, "{name}: {len} elements, {scalars:?}, from {first}: {at}");
            }
        }
    }
}

/// Around the ends of the arrays, and far from them.
const NUMBERS: [f64; 12] =
    [0.0, -0.0, 1.0, -1.0, 7.0, -30.0, 40.0, 1e6, -1e15, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

#[test]
fn an_index_and_a_number() {
    for u in NUMBERS {
        for first in [0, 1, 30, 1_000_000] {
            agree("%at = fadd %i, %u", first, [u, 0.0]);
            agree("%at = fadd %m, %i", first, [u, 0.0]);
            agree("%at = fsub %i, %u", first, [u, 0.0]);
            agree("%k = fadd %i, %m\n%at = fsub %k, %n", first, [u, 3.0]);
            agree("%k = fadd %i, %m\n%at = i32.f64 %k", first, [u, 0.0]);
            agree("%k = i32.f64 %i\n%l = i32.f64 %u\n%at = isub %k, %l", first, [u, 0.0]);
        }
    }
    agree("%at = fadd %i, %u", 1_000_000, [-999_990.0, 0.0]);
    agree("%at = fadd %i, %u", 1 << 52, [-4_503_599_627_370_486.0, 0.0]);
}

#[test]
fn a_number_that_is_no_integer() {
    for u in [0.5, -0.25, 1e-300, 5e-324, 2.0_f64.powi(-60), 1.0 - f64::EPSILON / 2.0] {
        for first in [0, 1, 3] {
            agree("%at = fadd %i, %u", first, [u, 0.0]);
        }
    }
}

#[test]
fn numbers_that_take_each_other_away() {
    for u in [1e15, 1e16, 2.0_f64.powi(53) + 2.0, 1e20, 1e300] {
        agree("%k = fadd %i, %m\n%at = fadd %k, %n", 0, [u, -u]);
        agree("%k = fadd %i, %m\n%at = fadd %k, %n", 3, [-u, u]);
        agree("%k = fadd %i, %u\n%at = fadd %k, %v", 3, [u, -u]);
    }
    agree("%c = const.f64 1e17\n%k = fadd %i, %c\n%at = fsub %k, %c", 3, [0.0, 0.0]);
    // Of a size that nobody knows before.
    agree(
        "%c = const.f64 1e17\n%z = const.f64 1\n%l = load 0 %z\n%f = ffloor %l\n%h = fmul %f, %c\n%k = fadd %i, %h\n%at = fsub %k, %h",
        3,
        [0.0, 0.0],
    );
    agree("%c = const.f64 0.7\n%k = fadd %i, %c\n%at = fsub %k, %c", 3, [0.0, 0.0]);
}

#[test]
fn products_of_scalars() {
    let small = f64::from((1 << 25) - 1);
    let all =
        [[3.0, 7.0], [0.5, 2.0], [7.0, 0.1], [1e9, 1e9], [small, small], [1e300, -1e300], [f64::NAN, 1.0]];
    for scalars in all {
        agree("%p = fmul %u, %v\n%k = fadd %i, %p\n%at = fsub %k, %v", 5, scalars);
        agree("%p = fmul %u, %v\n%k = fadd %i, %p\n%at = fsub %k, %p", 5, scalars);
        agree("%p = fmul %u, %v\n%k = fadd %i, %p\n%at = i32.f64 %k", 5, scalars);
        agree("%p = fmul %u, %u\n%q = fmul %p, %v\n%k = fadd %i, %q\n%at = fsub %k, %q", 5, scalars);
    }
}

#[test]
fn indices_that_are_rounded() {
    let last = (1_u64 << 53) - COUNT as u64;
    for u in [64.0, 65.0, 100.0] {
        agree("%k = fadd %i, %m\n%at = i32.f64 %k", last, [u, 0.0]);
    }
    agree("%at = fadd %i, %u", last, [-9_007_199_254_740_900.0, 0.0]);
}

#[test]
fn lanes_that_wrap_around() {
    let near = (1_u64 << 31) - 5;
    for u in [0.0, -2_147_483_640.0, 4_294_967_296.0 - 2_147_483_640.0] {
        agree("%k = fadd %i, %m\n%at = i32.f64 %k", near, [u, 0.0]);
    }
    let text = "%w = i32.f64 %i\n%f = f64.i32 %w\n%c = const.f64 -2147483640\n%at = fadd %f, %c";
    agree(text, near, [0.0, 0.0]);
}
