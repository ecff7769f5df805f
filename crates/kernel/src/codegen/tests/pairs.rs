//! Integers of 32 bits of two parts in one vector: that code is made so, and does what it has to.

use std::sync::atomic::Ordering;

use super::super::fibers::Pace;
use super::harsh::case;
use super::{Input, Live, Patience, Raw, WIDTH, agree_everywhere, machines, run_scalar};
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{Element, Function, HARSH_READ, parse, verify};

fn function(text: &str) -> Function {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap_or_else(|error| panic!("{error}\n{text}"));
    function
}

/// Those that have pairs.
fn with_pairs() -> impl Iterator<Item = Machine> {
    machines().into_iter().filter(|machine| matches!(machine, Machine::Avx2 | Machine::Avx512))
}

fn are_in_pairs(function: &Function, elements: &[Element]) {
    for machine in with_pairs() {
        let native = Native::compile_for(function, elements, machine).unwrap();
        assert!(native.in_pairs() && native.parts > 1, "{}:\n{function}", machine.name());
    }
}

fn indices(count: usize) -> Vec<f64> {
    (0..count).map(|index| index as f64).collect()
}

/// A hash of `%x`, as a number from 0 to 1.
const HASH: &str = "%h = const.i32 16\n%m = const.i32 2146121005\n%n = const.i32 -2073254261\n%a = ishr %x, %h\n%b = ixor %x, %a\n\
                    %c = imul %b, %m\n%p = const.i32 15\n%d = ishr %c, %p\n%e = ixor %c, %d\n%f = imul %e, %n\n%g = ishr %f, %h\n\
                    %k = ixor %f, %g\n%u = f64.u32 %k\n%size = const.f64 4294967296\n%r = fdiv %u, %size\n";

#[test]
fn hashes() {
    for from in ["%x = i32.f64 %i", "%two = const.f64 2\n%t = fmul %i, %two\n%x = i32.f64 %t"] {
        let function = function(&format!("function 1 -> f64\n{{\n%i = index 0\n{from}\n{HASH}yield %r\n}}"));
        are_in_pairs(&function, &[]);
        for count in [1, 5, 8, 31, 32, 33, 600] {
            agree_everywhere(&function, &[], &indices(count));
        }
    }
}

/// A pixel of three arrays of bytes, some of which are not there, to elements of any type.
#[test]
fn pixels() {
    let values: Vec<f64> = (0..500).map(|k| f64::from(k * 37 % 256)).collect();
    for element in HARSH_READ {
        let name = element.name();
        let function = function(&format!(
            "function 1\narray 0 uint8 \"r\"\narray 1 int16 \"g\"\narray 2 uint32 \"b\"\narray 3 {name} \"out\" written\n{{\n\
             %i = index 0\n%r = load 0 %i\n%g = load 1 %i\n%b = load 2 %i\n%x = i32.f64 %r\n%y = i32.f64 %g\n%z = i32.f64 %b\n\
             %f = const.i32 77\n%h = const.i32 -150\n%k = const.i32 29\n%eight = const.i32 8\n%p = imul %x, %f\n%q = imul %y, %h\n\
             %s = imul %z, %k\n%t = iadd %p, %q\n%u = iadd %t, %s\n%v = isar %u, %eight\n%w = f64.i32 %v\nstore 3 %i, %w\nyield\n}}"
        ));
        let elements = [Element::Uint8, Element::Int16, Element::Uint32, element];
        are_in_pairs(&function, &elements);
        for (count, lens) in [(500, [500, 500, 500, 500]), (497, [480, 497, 300, 490]), (70, [0, 33, 1, 70])]
        {
            let array = |(element, len): (Element, usize)| (element, values[..len].to_vec());
            let arrays: Vec<Input> = elements.into_iter().zip(lens).map(array).collect();
            agree_everywhere(&function, &arrays, &indices(count));
        }
    }
}

/// Elements of every type to elements of every type: as integers, if both are.
#[test]
fn elements_are_copied() {
    let values: Vec<f64> =
        (0..90).map(|k| f64::from(k * 58_367 % 211) * f64::from(k).exp2().min(1e8) - 60.0).collect();
    for from in HARSH_READ {
        for to in HARSH_READ {
            let (from_name, to_name) = (from.name(), to.name());
            let function = function(&format!(
                "function 1\narray 0 {from_name} \"a\"\narray 1 {to_name} \"x\" written\narray 2 {to_name} \"y\" written\n\
                 array 3 {to_name} \"z\" written\n{{\n%i = index 0\n%x = load 0 %i\nstore 1 %i, %x\n%n = i32.f64 %x\n%m = const.i32 -3\n\
                 %k = imul %n, %m\n%y = f64.u32 %k\nstore 2 %i, %y\n%c = const.f64 7\n%s = fmul %i, %c\n%z = fsub %c, %s\nstore 3 %i, %z\nyield\n}}"
            ));
            let own = || (to, vec![0.5; 95]);
            let arrays = [(from, values.clone()), own(), own(), own()];
            agree_everywhere(&function, &arrays, &indices(100));
        }
    }
}

/// What is converted there and back gains nothing with masks of their own.
#[test]
fn what_is_only_converted_is_in_halves() {
    let function = function(
        "function 1 -> f64\narray 0 float64 \"a\"\n{\n%i = index 0\n%x = load 0 %i\n%n = i32.f64 %x\n%r = f64.i32 %n\nyield %r\n}",
    );
    for machine in with_pairs() {
        let native = Native::compile_for(&function, &[Element::Float64], machine).unwrap();
        assert_eq!(native.in_pairs(), machine == Machine::Avx2, "{}", machine.name());
    }
}

/// Selections by comparisons of integers, by comparisons of doubles, by what is the same for all lanes, and of zeros.
#[test]
fn selections() {
    let values: Vec<f64> = (0..300).map(|k| f64::from(k * 7919 % 251) - 100.0).collect();
    for condition in [
        "ieq %m, %n",
        "ine %m, %n",
        "ilt %m, %n",
        "ile %m, %seven",
        "ult %seven, %m",
        "ule %m, %n",
        "flt %x, %y",
        "flt %s, %one",
        "ilt %w, %seven",
    ] {
        for choice in ["%m, %n", "%m, %none", "%none, %n", "%w, %m", "%k, %w", "%w, %v"] {
            let function = function(&format!(
                "function 1 -> f64\nscalar 0 \"s\"\narray 0 int16 \"x\"\narray 1 float64 \"y\"\n{{\n%i = index 0\n%x = load 0 %i\n%y = load 1 %i\n\
                 %s = scalar 0\n%one = const.f64 1\n%none = const.i32 0\n%seven = const.i32 7\n%m = i32.f64 %x\n%n = i32.f64 %y\n\
                 %w = i32.f64 %s\n%v = iclz %w\n%c = {condition}\n%b = i32.bool %c\n%k = iadd %m, %b\n%p = select %c, {choice}\n\
                 %q = imul %p, %seven\n%l = iclz %q\n%t = isub %q, %l\n%r = f64.i32 %t\nyield %r\n}}"
            ));
            for scalar in [0.5, 1e10] {
                let arrays = [(Element::Int16, values.clone()), (Element::Float64, values.clone())];
                let points = indices(300);
                let expected = run_scalar(&function, &[scalar], &arrays, &points);
                for machine in machines() {
                    let mut patience = Patience::new();
                    let found =
                        super::run_native(machine, &function, &[scalar], &arrays, &points, &mut patience)
                            .unwrap();
                    assert!(found == expected, "{}\n{function}", machine.name());
                }
            }
        }
    }
}

/// Lanes that take integers along when they change places, from a loop that some leave long before others.
#[test]
fn lanes_change_places() {
    let function = function(
        "function 1 -> f64\narray 0 int32 \"a\"\n{\n%i = index 0\n%a = load 0 %i\n%x = i32.f64 %a\n%y = i32.f64 %i\n%none = const.i32 0\n%one = const.i32 1\n\
         %m = const.i32 1103515245\n%n = const.i32 12345\n%h = const.i32 7\n%low = const.i32 31\nblock @0 -> %r:i32 {\n\
         loop @1 %k:i32 = %none, %s:i32 = %x {\n%t = ishr %s, %h\n%u = iand %t, %low\n%c = ine %u, %none\nif %c { yield } else { %e = iadd %s, %y\nbr @0 %e }\n\
         %f = imul %s, %m\n%g = iadd %f, %n\n%v = ixor %g, %k\n%l = iadd %k, %one\n%w = ixor %v, %x\n%z = ishr %w, %h\n%q = iadd %w, %z\n\
         %o = imul %q, %m\n%o1 = ishr %o, %h\n%o2 = ixor %o1, %o\n%o3 = imul %o2, %n\n%o4 = iadd %o3, %o1\nbr @1 %l, %o4 } }\n%d = f64.i32 %r\nyield %d\n}",
    );
    let values: Vec<f64> =
        (0..WIDTH).map(|k| f64::from((k as i32).wrapping_mul(0x9e37_79b9_u32 as i32))).collect();
    let arrays = [(Element::Int32, values.clone())];
    are_in_pairs(&function, &[Element::Int32]);
    for count in [40, 333, WIDTH] {
        let points = indices(count);
        let (expected, _) = run_scalar(&function, &[], &arrays, &points);
        for machine in machines() {
            for pace in [Pace::of(8), Pace { turns: 7, least: 0, most: 3, packed: 4 }] {
                let mut native = Native::compile_for(&function, &[Element::Int32], machine).unwrap();
                native.pace = pace;
                native.slice.store(pace.least, Ordering::Relaxed);
                let mut array = Raw::new(Element::Int32, &values);
                // SAFETY: the array outlives the run.
                let inputs = unsafe { Inputs::new(&[], [array.raw()]) };
                let memory = Live(vec![array.array()]);
                let (mut patience, mut out) = (Patience::new(), [0.0; WIDTH]);
                let mut world = World { memory: &memory, math: &Mixed, fuel: &mut patience };
                let block = Block { indices: Indices::From(0), count, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.expect("an end");
                assert_eq!(native.diverges(), !machine.is_scalar(), "{}", machine.name());
                assert_eq!(bits(&out[..count]), expected, "{} {pace:?}", machine.name());
            }
        }
    }
}

/// A condition of before a loop is a mask of parts in it, which lanes take along.
#[test]
fn conditions_do_not_keep_lanes_in_place() {
    let function = function(
        "function 1 -> f64\n{\n%i = index 0\n%x = i32.f64 %i\n%none = const.i32 0\n%one = const.i32 1\n%low = const.i32 63\n%seven = const.i32 7\n\
         %most = iand %x, %low\n%odd = iand %x, %seven\n%c = ilt %odd, %one\nblock @0 -> %r:i32 {\n\
         loop @1 %k:i32 = %none, %s:i32 = %x {\n%g = ilt %k, %most\nif %g { yield } else { br @0 %s }\n\
         %e = select %c, %seven, %one\n%t = iadd %s, %e\n%u = imul %t, %seven\n%l = iadd %k, %one\nbr @1 %l, %u } }\n%d = f64.i32 %r\nyield %d\n}",
    );
    are_in_pairs(&function, &[]);
    agree_everywhere(&function, &[], &indices(700));
    for machine in with_pairs() {
        assert!(Native::compile_for(&function, &[], machine).unwrap().diverges(), "{}", machine.name());
    }
}

/// Random functions would prove nothing of pairs if none had them.
#[test]
fn random_functions_have_pairs() {
    for machine in with_pairs() {
        let natives: Vec<Native> = (0..200).filter_map(|seed| case(seed).compile(machine)).collect();
        let pairs = natives.iter().filter(|native| native.in_pairs()).count();
        let in_fibers = natives.iter().filter(|native| native.in_pairs() && native.diverges()).count();
        eprintln!("{}: {pairs} of {}, {in_fibers} in fibers", machine.name(), natives.len());
        assert!(
            pairs * 5 > natives.len() && in_fibers > 0,
            "{}: {pairs} of {}",
            machine.name(),
            natives.len()
        );
    }
}
