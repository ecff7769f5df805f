//! Doubles that are integers to code for one index at a time: what it makes of those that are none, as elements that are not there.

use super::{Input, agree_everywhere};
use crate::ir::{Element, Function, parse, verify};

const ELEMENTS: [f64; 6] = [0.0, 1.0, -1.0, 127.0, -128.0, 5.0];

/// Runs it for each pair of elements, of which the last of each is not there: `%p` and `%q`, at `%a` and `%b`; `%u` is unsigned. What is
/// wanted as an integer is an index of array 4.
fn agree(body: &str) {
    let text = format!(
        "function 1 -> f64\narray 0 int32 \"x\"\narray 1 int32 \"y\"\narray 2 int8 \"p\"\narray 3 uint32 \"u\"\narray 4 float64 \"t\" written\n\
         local 0 int8 6\n{{\n\
         %i = index 0\n%a = load 0 %i\n%b = load 1 %i\n%p = load 2 %a\n%q = load 2 %b\n%u = load 3 %b\n\
         %one = const.f64 1\n%two = const.f64 2\n%zero = const.f64 0\n{body}\n}}"
    );
    let function: Function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let count = ELEMENTS.len() + 1;
    let arrays: Vec<Input> = vec![
        (Element::Int32, (0..count * count).map(|k| (k / count) as f64).collect()),
        (Element::Int32, (0..count * count).map(|k| (k % count) as f64).collect()),
        (Element::Int8, ELEMENTS.into()),
        (Element::Uint32, ELEMENTS.map(|x| if x < 0.0 { 4_294_967_296.0 + x } else { x }).into()),
        (Element::Float64, vec![0.0; 8]),
    ];
    // Some more, for which nothing is there at all.
    let indices: Vec<f64> = (0..count * count + 3).map(|k| k as f64).collect();
    agree_everywhere(&function, &arrays, &indices);
}

#[test]
fn comparisons_know_what_is_not_there() {
    for op in ["feq", "fne", "flt", "fle", "fgt", "fge"] {
        for operands in ["%p, %q", "%p, %u", "%u, %p", "%p, %one", "%one, %p", "%p, %p"] {
            let head = format!("%c = {op} {operands}\n");
            agree(&format!("{head}if %c -> %r:f64 {{ yield %one }} else {{ yield %two }}\nyield %r"));
            agree(&format!("{head}%r = select %c, %two, %one\n%s = load 2 %r\nyield %s"));
            agree(&format!(
                "{head}block @0 -> %r:f64 {{ if %c {{ yield }} else {{ br @0 %one }}\nyield %two }}\nyield %r"
            ));
            agree(&format!(
                "{head}block @0 -> %r:f64 {{ if %c {{ br @0 %one }} else {{ yield }}\nyield %two }}\nyield %r"
            ));
        }
    }
}

#[test]
fn sums_of_what_is_not_there_are_not_there() {
    for op in ["fadd", "fsub", "fmul", "fmin", "fmax"] {
        for operands in ["%p, %q", "%p, %u", "%u, %p", "%p, %one", "%one, %p", "%two, %u", "%p, %p"] {
            let head = format!("%v = {op} {operands}\n");
            agree(&format!("{head}store 4 %v, %i\nyield %v"));
            agree(&format!("{head}%w = load 2 %v\nyield %w"));
            agree(&format!("{head}%w = i32.f64 %v\n%x = f64.i32 %w\nyield %x"));
            agree(&format!("{head}local.store 0 %b, %v\n%w = local.load 0 %a\nyield %w"));
        }
    }
}

#[test]
fn zeros_keep_their_sign() {
    for made in
        ["%v = fmul %p, %q", "%v = fneg %p", "%w = fmul %p, %q\n%v = fsub %w, %zero", "%v = frem %p, %two"]
    {
        agree(&format!("{made}\nstore 4 %v, %i\nyield %v"));
        agree(&format!("{made}\n%r = fdiv %one, %v\n%s = load 2 %v\n%t = fadd %s, %r\nyield %t"));
    }
}

#[test]
fn what_goes_round_is_an_integer() {
    agree(
        "%n = length 2\nblock @0 -> %r:f64 { loop @1 %k:f64 = %p, %s:f64 = %zero {\n%c = flt %k, %n\nif %c { yield } else { br @0 %s }\n\
         %x = load 2 %k\n%d = feq %x, %q\nif %d { br @0 %k } else { yield }\n%t = fadd %s, %x\n%l = fadd %k, %one\nbr @1 %l, %t } }\nyield %r",
    );
    agree(
        "block @0 -> %r:f64 { loop @1 %k:f64 = %p {\n%c = fgt %k, %zero\nif %c { yield } else { br @0 %k }\n\
         store 4 %k, %q\n%l = fsub %k, %one\nbr @1 %l } }\nyield %r",
    );
}

/// Where a double has no room for what is added, or subtracted, or for half of it.
#[test]
fn counters_are_rounded_as_doubles_are() {
    for start in [
        "9007199254740989",
        "-9007199254740989",
        "18014398509481984",
        "-18014398509481984",
        "4611686018427387904",
    ] {
        for op in ["fadd %k, %step", "fsub %k, %step"] {
            for step in [1, 3, 256] {
                agree(&format!(
                    "%start = const.f64 {start}\n%step = const.f64 {step}\n%n = length 2\n\
                     block @0 -> %r:f64 {{ loop @1 %k:f64 = %start, %j:f64 = %zero {{\n%c = flt %j, %n\n\
                     if %c {{ yield }} else {{ br @0 %k }}\n%x = load 2 %k\n%l = {op}\n%m = fadd %j, %one\nbr @1 %l, %m }} }}\nyield %r"
                ));
            }
        }
    }
}
