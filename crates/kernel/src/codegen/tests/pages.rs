//! Arrays that touch pages that trap: every type of elements, every length, loads and stores of every kind.

use super::guarded::{Guarded, Touches};
use super::{Live, machines};
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::interpret::{Arrays, Scalar, Unlimited};
use crate::ir::{Element, parse, verify};

const WIDTH: usize = Native::WIDTH;

/// How an index is made of `%i`, the body's own.
const INDICES: [&str; 8] = [
    "%j = fadd %i, %zero",
    "%c = const.f64 1\n%j = fadd %i, %c",
    "%c = const.f64 3\n%j = fsub %i, %c",
    "%c = const.f64 3\n%m = fmul %i, %c\n%j = fsub %m, %c",
    "%c = const.f64 20\n%j = fsub %c, %i",
    "%j = i32.f64 %i",
    "%c = const.i32 2\n%n = i32.f64 %i\n%j = isub %n, %c",
    "%s = scalar 0\n%j = fadd %s, %zero",
];

#[test]
fn no_access_leaves_its_array() {
    machines().into_iter().for_each(access);
}

fn access(machine: Machine) {
    let elements: Vec<Element> = Element::ALL
        .into_iter()
        .filter(|element| !element.is_bigint() && *element != Element::Float16)
        .collect();
    let (mut from, mut to) = (Guarded::new(4096), Guarded::new(4096));
    let lens: Vec<usize> =
        if cfg!(debug_assertions) { (0..20).chain([33]).collect() } else { (0..70).collect() };
    let mut accesses = 0;
    for element in elements {
        for index in INDICES {
            let name = element.name();
            let is_uniform = index.contains("scalar");
            // A store by several points to one element would depend on their order.
            let store = if is_uniform { "%i" } else { "%j" };
            let text = format!(
                "function 1 -> f64\nscalar 0 \"s\"\narray 0 {name} \"a\"\narray 1 {name} \"b\" written\n{{\n%zero = const.f64 0\n\
                 %i = index 0\n{index}\n%x = load 0 %j\nstore 1 {store}, %x\n%p = i32.f64 %x\n%f = f64.i32 %p\nyield %f\n}}"
            );
            let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            verify(&function).unwrap();
            let native = Native::compile_for(&function, &[element, element], machine).unwrap();
            let mut frame = native.frame();
            for &len in &lens {
                let values: Vec<f64> = (0..len).map(|k| (k * 77) as f64 - 100.5).collect();
                for touches in [Touches::Start, Touches::End] {
                    for (count, tells_first) in [(len + 6, true), (len, true), (17, false)] {
                        from.put(touches, element, &values);
                        to.put(touches, element, &values);
                        let scalar = len as f64 - 1.0;
                        // SAFETY: the arrays outlive the run.
                        let inputs = unsafe { Inputs::new(&[scalar], [from.raw(), to.raw()]) };
                        let memory = Live(vec![from.array(), to.array()]);
                        let mut world = World { memory: &memory, math: &Mixed, fuel: &mut Unlimited };
                        let mut lists = [[f64::NAN; WIDTH]];
                        (0..count).for_each(|k| lists[0][k] = k as f64);
                        let mut out = [0.0; WIDTH];
                        let indices = if tells_first { Indices::From(0) } else { Indices::Lists(&lists) };
                        let block = Block { indices, count, out: &mut out };
                        // SAFETY: the inputs are those of the function.
                        unsafe { native.run(&mut frame, &inputs, block, &mut world) }.unwrap();
                        let arrays = Arrays::new([(element, values.clone()), (element, values.clone())]);
                        let scalars = [scalar];
                        let mut scalar = Scalar::new(&function, &scalars);
                        let expected: Vec<f64> = (0..count)
                            .map(|k| scalar.run(&[k as f64], &arrays, &Mixed, &mut 0).unwrap().unwrap())
                            .collect();
                        assert_eq!(bits(&out[..count]), bits(&expected), "{name} {index} {len} {touches:?}");
                        let stored = arrays.values().nth(1).unwrap();
                        assert_eq!(bits(&to.values()), bits(&stored), "{name} {index} {len} {touches:?}");
                        accesses += 2 * count;
                    }
                }
            }
        }
    }
    eprintln!("{accesses} accesses");
    assert!(accesses > 50_000);
}

/// Runs a function whose only array is of doubles, for indices from `start` on.
fn run(machine: Machine, text: &str, values: &[f64], start: u64, count: usize) -> Vec<f64> {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let native = Native::compile_for(&function, &[Element::Float64], machine).unwrap();
    let mut from = Guarded::new(4096);
    from.put(Touches::End, Element::Float64, values);
    // SAFETY: the array outlives the run.
    let inputs = unsafe { Inputs::new(&[], [from.raw()]) };
    let memory = Live(vec![from.array()]);
    let mut world = World { memory: &memory, math: &Mixed, fuel: &mut Unlimited };
    let mut out = [0.0; WIDTH];
    let block = Block { indices: Indices::From(start), count, out: &mut out };
    // SAFETY: the inputs are those of the function.
    unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.unwrap();
    out[..count].to_vec()
}

#[test]
fn sums_of_constants_do_not_wrap() {
    machines().into_iter().for_each(add_constants);
}

fn add_constants(machine: Machine) {
    let mut text =
        "function 1 -> f64\narray 0 float64 \"a\"\n{\n%c = const.f64 999999\n%d = const.f64 485794\n%0 = index 0\n"
            .to_owned();
    // 2^31 - 1 in all.
    for k in 0..2147 {
        text += &format!("%x{} = fadd {}, %c\n", k + 1, if k == 0 { "%0".into() } else { format!("%x{k}") });
    }
    text += "%j = fadd %x2147, %d\n%y = load 0 %j\nyield %y\n}";
    let found = run(machine, &text, &[1.0; 400], 2_147_483_648, 64);
    assert!(found.iter().all(|value| value.is_nan()), "{found:?}");
}

/// Whether it is compiled at all in the time that a test has.
#[test]
fn indices_that_double_again_and_again_are_compiled_at_once() {
    machines().into_iter().for_each(double_indices);
}

fn double_indices(machine: Machine) {
    for op in ["fadd", "fsub", "fmul"] {
        let mut text = "function 1 -> f64\narray 0 float64 \"a\"\n{\n%x0 = index 0\n".to_owned();
        for k in 0..500 {
            text += &format!("%x{} = {op} %x{k}, %x{k}\n", k + 1);
        }
        text += "%y = load 0 %x500\nyield %y\n}";
        let found = run(machine, &text, &[7.0, 8.0], 0, 9);
        assert_eq!(found[0], 7.0);
        assert!(found[2].is_nan() || op == "fsub");
    }
}
