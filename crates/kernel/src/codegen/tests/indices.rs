//! Integers that come from indices: where these follow one another, and where they do not, are too large, or are at the end of a range.

use super::agree_everywhere;
use crate::ir::{Function, parse, verify};

/// `%n` is made by these statements of the index `%i`.
fn function(made: &str) -> Function {
    let text = format!(
        "function 1 -> f64\n{{\n%i = index 0\n%two = const.f64 2\n%three = const.f64 3\n%half = const.f64 0.5\n%zero = const.f64 -0\n{made}\n\
         %m = const.i32 -1640531527\n%h = imul %n, %m\n%r = f64.i32 %h\nyield %r\n}}"
    );
    let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    function
}

const FROM: [&str; 12] = [
    "%n = i32.f64 %i",
    "%x = fmul %i, %two\n%n = i32.f64 %x",
    "%x = fmul %three, %i\n%y = fsub %x, %two\n%n = i32.f64 %y",
    "%x = fsub %three, %i\n%n = i32.f64 %x",
    "%x = fneg %i\n%y = fmul %x, %three\n%n = i32.f64 %y",
    "%x = fadd %i, %i\n%y = fadd %x, %i\n%n = i32.f64 %y",
    "%c = const.f64 1000003\n%x = fmul %i, %c\n%y = fmul %x, %c\n%z = ffloor %y\n%n = i32.f64 %z",
    "%c = const.f64 2147483648\n%x = fmul %i, %c\n%y = fsub %x, %three\n%n = i32.f64 %y",
    "%c = const.f64 -2147483647\n%x = fadd %i, %c\n%y = fsub %x, %c\n%n = i32.f64 %y",
    "%x = fadd %i, %half\n%y = fmul %x, %two\n%n = i32.f64 %y",
    "%x = fmul %i, %half\n%y = ffloor %x\n%n = i32.f64 %y",
    "%x = fadd %i, %zero\n%y = fsub %i, %x\n%n = i32.f64 %y",
];

#[test]
fn integers_are_those_of_the_indices() {
    for made in FROM {
        let function = function(made);
        for first in [0, 1 << 20, (1 << 31) - 40, (1 << 32) - 3] {
            let points: Vec<f64> = (first..first + 77_u64).map(|index| index as f64).collect();
            agree_everywhere(&function, &[], &points);
            let apart: Vec<f64> = points.iter().map(|index| index * 3.0).collect();
            agree_everywhere(&function, &[], &apart);
        }
    }
}

/// Where a double is rounded, so is what is made of it.
#[test]
fn large_indices_are_rounded() {
    for made in FROM {
        let function = function(made);
        for bits in 29..53 {
            let last = (1_u64 << bits) + 40;
            let points: Vec<f64> = (last - 90..last).map(|index| index as f64).collect();
            agree_everywhere(&function, &[], &points);
        }
        let points: Vec<f64> = ((1_u64 << 53) - 70..1 << 53).map(|index| index as f64).collect();
        agree_everywhere(&function, &[], &points);
    }
}
