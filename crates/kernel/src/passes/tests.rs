//! Passes change no result: over random functions, before and after.

use super::simplify;
use crate::interpret::testing::{compare_functions, random_function};
use crate::ir::{parse, verify};

#[test]
fn passes_change_no_result() {
    let rounds = if cfg!(debug_assertions) { 800 } else { 8_000 };
    for seed in 0..rounds {
        let function = random_function(seed);
        let mut simplified = function.clone();
        simplify(&mut simplified);
        if let Err(error) = verify(&simplified) {
            panic!("seed {seed}: {error}\n{function}\n{simplified}");
        }
        compare_functions(&function, &simplified, 40);
    }
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    let mut function = parse(&format!("function 1 -> f64\nscalar 0 \"s\"\n{{\n{before}\n}}")).unwrap();
    verify(&function).unwrap();
    simplify(&mut function);
    verify(&function).unwrap();
    let text = function.to_string();
    let body: Vec<&str> = text.lines().skip(3).map(str::trim).filter(|line| *line != "}").collect();
    assert_eq!(body.join("; "), after);
}

#[test]
fn what_nobody_needs_goes() {
    becomes("%0 = scalar 0\n%1 = fneg %0\n%2 = fabs %1\nyield %0", "%0 = scalar 0; yield %0");
    becomes(
        "%0 = scalar 0\nblock @0 -> %1:f64 {\n%2 = fneg %0\nyield %2\n}\nyield %1",
        "%0 = scalar 0; %2 = fneg %0; yield %2",
    );
    becomes(
        "%0 = scalar 0\n%1 = bool.f64 %0\nif %1 -> %2:f64 { %3 = fneg %0\nyield %3 } else { yield %0 }\nyield %0",
        "%0 = scalar 0; yield %0",
    );
}

#[test]
fn short_ifs_become_selections() {
    becomes(
        "%0 = scalar 0\n%1 = bool.f64 %0\nif %1 -> %2:f64 { %3 = fneg %0\nyield %3 } else { yield %0 }\nyield %2",
        "%0 = scalar 0; %1 = bool.f64 %0; %3 = fneg %0; %2 = select %1, %3, %0; yield %2",
    );
}

#[test]
fn constants_fold_and_operations_are_shared() {
    becomes("%0 = const.f64 2\n%1 = const.f64 3\n%2 = fmul %0, %1\nyield %2", "%2 = const.f64 6; yield %2");
    becomes(
        "%0 = scalar 0\n%1 = fneg %0\n%2 = fneg %0\n%3 = fadd %1, %2\nyield %3",
        "%0 = scalar 0; %1 = fneg %0; %3 = fadd %1, %1; yield %3",
    );
    becomes(
        "%0 = scalar 0\n%1 = i32.f64 %0\n%2 = f64.i32 %1\n%3 = i32.f64 %2\n%4 = f64.u32 %3\nyield %4",
        "%0 = scalar 0; %1 = i32.f64 %0; %4 = f64.u32 %1; yield %4",
    );
    // -0 + 0 is 0.
    becomes(
        "%0 = scalar 0\n%1 = const.f64 0\n%2 = fadd %0, %1\nyield %2",
        "%0 = scalar 0; %1 = const.f64 0; %2 = fadd %0, %1; yield %2",
    );
}
