//! What code for one index at a time does in a way of its own, on the numbers that it could get wrong. Vectors have to do the same.

use super::{Input, agree_everywhere, machines, turn_len};
use crate::codegen::{Machine, Native};
use crate::ir::{Element, Function, parse, verify};

const NUMBERS: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    1.5,
    -0.25,
    2.0,
    7.0,
    2_147_483_647.0,
    2_147_483_648.0,
    -2_147_483_648.0,
    -2_147_483_649.0,
    4_294_967_296.0,
    9_223_372_036_854_775_808.0,
    -1.7e19,
    1e300,
    5e-324,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

/// Runs it for each pair of numbers: `%x` and `%y`, and as integers `%m` and `%n`.
fn agree(body: &str) {
    let text = format!(
        "function 1 -> f64\narray 0 float64 \"x\"\narray 1 float64 \"y\"\narray 2 float64 \"t\" written\n{{\n%i = index 0\n\
         %x = load 0 %i\n%y = load 1 %i\n%m = i32.f64 %x\n%n = i32.f64 %y\n%one = const.f64 1\n%two = const.f64 2\n{body}\n}}"
    );
    let function: Function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let pairs = || NUMBERS.into_iter().flat_map(|x| NUMBERS.into_iter().map(move |y| (x, y)));
    let arrays: Vec<Input> = vec![
        (Element::Float64, pairs().map(|(x, _)| x).collect()),
        (Element::Float64, pairs().map(|(_, y)| y).collect()),
        (Element::Float64, vec![0.0; 8]),
    ];
    let indices: Vec<f64> = (0..NUMBERS.len() * NUMBERS.len()).map(|k| k as f64).collect();
    agree_everywhere(&function, &arrays, &indices);
}

#[test]
fn comparisons_are_branched_on_in_either_sense() {
    for compare in ["feq %x, %y", "fne %x, %y", "flt %x, %y", "fle %x, %y", "fgt %x, %y", "fge %x, %y"]
        .into_iter()
        .chain(["ieq %m, %n", "ine %m, %n", "ilt %m, %n", "ile %m, %n", "ult %m, %n", "ule %m, %n"])
        .chain(["ieq %m, %k", "ine %m, %k", "ilt %k, %m", "ile %m, %k", "ult %m, %k", "ule %m, %k"])
        .chain(["feq %x, %one", "flt %x, %one", "fge %x, %one", "bool.f64 %x"])
    {
        let head = format!("%k = const.i32 -1\n%c = {compare}\n");
        agree(&format!("{head}if %c -> %r:f64 {{ yield %one }} else {{ yield %two }}\nyield %r"));
        // A side that only leaves is a place to jump to.
        agree(&format!(
            "{head}block @0 -> %r:f64 {{ block @1 {{ if %c {{ yield }} else {{ br @1 }}\nbr @0 %one }}\nyield %two }}\nyield %r"
        ));
        agree(&format!(
            "{head}block @0 -> %r:f64 {{ block @1 {{ if %c {{ br @1 }} else {{ yield }}\nbr @0 %one }}\nyield %two }}\nyield %r"
        ));
        agree(&format!(
            "{head}block @0 -> %r:f64 {{ if %c {{ yield }} else {{ br @0 %one }}\nyield %two }}\nyield %r"
        ));
    }
}

#[test]
fn conditions_of_conditions_are_jumps() {
    for condition in [
        "%c = band %p, %q",
        "%c = bor %p, %q",
        "%c = bxor %p, %q",
        "%c = bnot %p",
        "%d = bnot %q\n%c = band %p, %d",
        "%d = bor %p, %q\n%e = bnot %d\n%f = band %q, %e\n%c = bor %f, %p",
    ] {
        let head = format!("%p = flt %x, %y\n%q = fne %x, %one\n{condition}\n");
        agree(&format!("{head}if %c -> %r:f64 {{ yield %one }} else {{ yield %two }}\nyield %r"));
        agree(&format!(
            "{head}block @0 -> %r:f64 {{ if %c {{ br @0 %two }} else {{ yield }}\nyield %one }}\nyield %r"
        ));
    }
}

#[test]
fn integers_are_cut_to_32_bits() {
    agree("%w = ftrunc %x\n%b = i32.f64 %w\n%r = f64.i32 %b\nyield %r");
    agree("%w = ffloor %x\n%s = fadd %w, %two\n%b = i32.f64 %s\n%r = f64.i32 %b\nyield %r");
    agree("%r = f64.i32 %m\nyield %r");
    agree("%r = f64.u32 %m\nyield %r");
}

#[test]
fn an_index_is_an_integer_below_the_length() {
    agree("%v = load 0 %x\nstore 2 %x, %y\nyield %v");
    agree("%w = ftrunc %x\n%v = load 0 %w\nstore 2 %w, %y\nyield %v");
    agree("%v = load 0 %m\nstore 2 %m, %y\nyield %v");
}

#[test]
fn conditions_are_carried_combined_and_counted() {
    let uses = [
        "%r = f64.bool %c\nyield %r",
        "%j = i32.bool %c\n%k = iadd %j, %m\n%r = f64.i32 %k\nyield %r",
        "%r = select %c, %x, %y\nyield %r",
        "%k = select %c, %m, %n\n%r = f64.i32 %k\nyield %r",
        "%d = bnot %c\n%e = bxor %d, %q\n%r = f64.bool %e\nyield %r",
        "%d = bor %c, %q\n%e = band %d, %p\nif %e -> %r:f64 { yield %one } else { yield %x }\nyield %r",
        "%f = f64.bool %c\n%r = load 1 %f\nyield %r",
        "%d = select %p, %c, %q\nif %d -> %r:f64 { yield %one } else { yield %x }\nyield %r",
    ];
    for compare in ["flt %x, %y", "feq %x, %y", "bool.f64 %x", "ilt %m, %n", "ule %m, %n", "inbounds 2 %x"] {
        for using in uses {
            let head = format!("%p = {compare}\n%q = fne %x, %one\n");
            agree(&format!("{head}%c = bnot %p\n{using}"));
            agree(&format!("{head}if %q -> %c:bool {{ yield %p }} else {{ yield %q }}\n{using}"));
            agree(&format!(
                "{head}%yes = const.bool true\nblock @0 -> %c:bool {{ if %p {{ br @0 %q }} else {{ yield }}\nyield %yes }}\n{using}"
            ));
        }
    }
}

/// Of neighbors that are looked for together, some exist and some do not: at both ends, and around a number that is not there itself.
#[test]
fn neighbors_exist_or_not() {
    let load = |offsets: &[i32]| {
        let loads = offsets.iter().enumerate().map(|(k, offset)| {
            format!("%c{k} = const.f64 {offset}\n%p{k} = fadd %at, %c{k}\n%v{k} = load 3 %p{k}\n")
        });
        let sums = (1..offsets.len()).map(|k| {
            let before = if k == 1 { "%v0".into() } else { format!("%s{}", k - 1) };
            format!("%s{k} = fadd {before}, %v{k}\n")
        });
        loads.chain(sums).collect::<String>()
    };
    for (first, offsets) in [(0.0, [0, 1, 2]), (-3.0, [2, 0, 1]), (6.0, [-2, 1, 0]), (2.0, [5, -5, 3])] {
        let text = format!(
            "function 1 -> f64\narray 0 float64 \"x\"\narray 1 float64 \"y\"\narray 2 float64 \"t\"\narray 3 uint8 \"e\"\n{{\n%i = index 0\n\
             %first = const.f64 {first}\n%j = fadd %i, %first\n%n = i32.f64 %j\n%at = f64.i32 %n\n{}%k = i32.f64 %s2\n%r = f64.i32 %k\nyield %r\n}}",
            load(&offsets)
        );
        let function: Function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        verify(&function).unwrap();
        let doubles = || (Element::Float64, vec![0.0; 4]);
        let arrays =
            [doubles(), doubles(), doubles(), (Element::Uint8, vec![3.0, 50.0, 7.0, 11.0, 200.0, 90.0, 1.0])];
        let indices: Vec<f64> = (0..12).map(f64::from).collect();
        agree_everywhere(&function, &arrays, &indices);
    }
}

/// Integers that a loop carries, three sums among them, and neighbors in an array: there are registers for all, and each sum grows in its place.
#[test]
fn a_turn_of_a_filter_is_short() {
    let sum = |n: u32, offset: &str| {
        format!(
            "%x{n} = load 0 {offset}\n%w{n} = fmul %w, %x{n}\n%s{n} = fadd %a{n}, %w{n}\n%n{n} = i32.f64 %s{n}\n%t{n} = f64.i32 %n{n}\n"
        )
    };
    let text = format!(
        "function 1 -> f64\nscalar 0 \"n\"\narray 0 uint8 \"src\"\narray 1 int16 \"f\"\n{{\n%i = index 0\n%n = scalar 0\n%zero = const.f64 0\n\
         %one = const.f64 1\n%two = const.f64 2\n%three = const.f64 3\n%j = i32.f64 %i\n%first = f64.i32 %j\n%m = i32.f64 %n\n\
         %count = f64.i32 %m\nblock @0 -> %r:f64 {{\nloop @1 %p:f64 = %first, %q:f64 = %zero, %a0:f64 = %zero, %a1:f64 = %zero, \
         %a2:f64 = %zero, %k:f64 = %count {{\n%on = fgt %k, %zero\nif %on {{ yield }} else {{ br @0 %a2 }}\n%next = fadd %q, %one\n\
         %w = load 1 %q\n%far = fadd %p, %two\n%near = fadd %p, %one\n{}{}{}%step = fadd %p, %three\n%l = i32.f64 %step\n\
         %o = f64.i32 %l\n%less = fsub %k, %one\nbr @1 %o, %next, %t0, %t1, %t2, %less }} }}\nyield %r\n}}",
        sum(0, "%far"),
        sum(1, "%near"),
        sum(2, "%p")
    );
    if machines().contains(&Machine::Scalar) {
        let function: Function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        verify(&function).unwrap();
        let elements = [Element::Uint8, Element::Int16];
        let len = turn_len(&Native::compile_for(&function, &elements, Machine::Scalar).unwrap());
        assert!(len <= 36, "{len} instructions");
    }
}
