//! Passes change no result: over random functions, before and after.

mod widen;

use super::{Pass, settles, simplify};
use crate::interpret::testing::{compare_functions, random_function};
use crate::ir::{Function, parse, verify};

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

/// Each pass counts that it has run, as another label.
#[test]
fn passes_run_until_each_has_run_in_vain() {
    fn runs(passes: &[Pass]) -> (bool, u32) {
        let mut function = parse("function 1 -> f64\n{\n%0 = index 0\nyield %0\n}").unwrap();
        (settles(&mut function, passes), function.labels)
    }
    fn count(function: &mut Function) -> u32 {
        function.labels += 1;
        function.labels
    }
    let [once, never, always]: [Pass; 3] =
        [|function| count(function) == 1, |function| count(function) == 0, |function| count(function) > 0];
    assert_eq!(runs(&[never, never, never]), (true, 3));
    assert_eq!(runs(&[once, never, never]), (true, 4));
    assert_eq!(runs(&[never, always]), (false, 8));
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
fn negations_and_choices_of_booleans_fold() {
    let condition = "%0 = index 0\n%1 = scalar 0\n%2 = flt %0, %1\n%3 = flt %1, %0\n%4 = const.bool true\n%5 = const.bool false";
    for choice in [
        "%6 = bnot %2\n%7 = select %6, %0, %1",
        "%6 = bnot %2\nif %6 -> %7:f64 { yield %0 } else { %8 = call.atan2 %0, %1\nyield %8 }",
        "%6 = select %2, %3, %5\n%7 = f64.bool %6",
        "%6 = select %2, %3, %2\n%7 = f64.bool %6",
        "%6 = select %2, %4, %3\n%7 = f64.bool %6",
        "%6 = select %2, %2, %3\n%7 = f64.bool %6",
        "%6 = bnot %2\n%8 = select %6, %3, %5\n%7 = f64.bool %8",
        "%6 = bnot %2\n%8 = select %6, %6, %3\n%7 = f64.bool %8",
    ] {
        let text = format!("function 1 -> f64\nscalar 0 \"s\"\n{{\n{condition}\n{choice}\nyield %7\n}}");
        let function = parse(&text).unwrap();
        verify(&function).unwrap();
        let mut simplified = function.clone();
        simplify(&mut simplified);
        verify(&simplified).unwrap();
        compare_functions(&function, &simplified, 8);
        let text = simplified.to_string();
        let has_negation = text.contains("bnot");
        let is_kept = choice.contains("bnot") && !choice.contains("%0");
        assert!(is_kept || !has_negation, "{text}");
        assert!(!choice.contains("f64.bool") || !text.contains("select"), "{text}");
    }
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

/// A loop over `k` from `s`, and what is done in each turn; `n` is the number of its result.
fn in_loop(before: &str, turn: &str, brought: &str) -> String {
    format!(
        "%0 = scalar 0\n%1 = const.f64 1\n{before}\nblock @0 -> %90:f64 {{\nloop @1 %5:f64 = %0, %6:f64 = %1 {{\n\
         %7 = flt %5, %1\nif %7 {{ yield }} else {{ br @0 %6 }}\n{turn}\n%8 = fadd %5, %1\nbr @1 %8, {brought}\n}}\n}}\nyield %90"
    )
}

#[test]
fn what_takes_long_leaves_its_loop() {
    let leaves = |before: &str, turn: &str, brought: &str, moved: &str| {
        let text = format!(
            "function 1 -> f64\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 float64 \"b\" written\n{{\n{}\n}}",
            in_loop(before, turn, brought)
        );
        let mut function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        verify(&function).unwrap();
        simplify(&mut function);
        verify(&function).unwrap();
        let text = function.to_string();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let line =
            |start| lines.iter().position(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(lines[line("block") + 1..line("loop")].join("; "), moved, "{text}");
    };
    // Also what it needs.
    leaves(
        "",
        "%10 = fmul %0, %0\n%11 = fsqrt %10\n%12 = fadd %6, %11",
        "%12",
        "%6 = fmul %0, %0; %7 = fsqrt %6",
    );
    // Not by itself.
    leaves("", "%10 = fmul %0, %0\n%12 = fadd %6, %10", "%12", "");
    // Not what changes.
    leaves("", "%11 = fsqrt %5\n%12 = fadd %6, %11", "%12", "");
    leaves("", "%11 = load 0 %0\n%12 = fadd %6, %11", "%12", "%6 = load 0 %0");
    // Not if the loop stores, or changes an element.
    leaves("", "%11 = load 0 %0\n%12 = fadd %6, %11\nstore 1 %5, %12", "%12", "");
    // Not only from some of the turns.
    leaves("", "if %7 -> %13:f64 { %11 = call.sin %0\nyield %11 } else { yield %6 }", "%13", "");
}

/// A loop that waits for another thread looks again in each turn.
#[test]
fn loads_stay_in_loops_that_do_not_count() {
    let text = "function 1 -> f64\narray 0 int32 \"f\"\n{\n%0 = const.f64 0\nblock @0 {\nloop @1 {\n%1 = load 0 %0\n%2 = feq %1, %0\n\
                if %2 { yield } else { br @0 }\nbr @1\n}\n}\nyield %0\n}";
    let mut function = parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    verify(&function).unwrap();
    simplify(&mut function);
    let text = function.to_string();
    assert!(text.find("loop").unwrap() < text.find("load").unwrap(), "{text}");
}

/// The body of a function that simplifies to this, without what is before it.
#[track_caller]
fn has_lines(before: &str, lines: &[&str], not: &[&str]) {
    let mut function = parse(&format!("function 1 -> f64\nscalar 0 \"s\"\n{{\n{before}\n}}")).unwrap();
    verify(&function).unwrap();
    simplify(&mut function);
    verify(&function).unwrap();
    let text = function.to_string();
    for line in lines {
        assert!(text.contains(line), "{line} in {text}");
    }
    for line in not {
        assert!(!text.contains(line), "{line} in {text}");
    }
}

#[test]
fn sums_of_integers_are_integers() {
    let sum = |op: &str, constant: &str| {
        format!(
            "%0 = scalar 0\n%1 = i32.f64 %0\n%2 = f64.i32 %1\n%3 = const.f64 {constant}\n%4 = {op} %2, %3\n%5 = fsub %4, %2\n\
             %6 = i32.f64 %5\n%7 = f64.u32 %6\nyield %7"
        )
    };
    has_lines(&sum("fadd", "4294967295"), &["iadd", "isub"], &["fadd", "fsub"]);
    has_lines(&sum("fmul", "1664525"), &["imul", "isub"], &["fmul", "fsub"]);
    // 2^31 * 2^22 is 2^53, and the difference may be more.
    has_lines(&sum("fmul", "4194304"), &["fmul"], &["imul"]);
    has_lines(&sum("fadd", "0.5"), &["fadd"], &["iadd"]);
    has_lines(&sum("fadd", "inf"), &["fadd"], &["iadd"]);
}

#[test]
fn what_is_always_an_integer_is_carried_as_one() {
    let carried = |initial: &str, turn: &str, wanted: &str| {
        format!(
            "%0 = scalar 0\n%1 = const.f64 {initial}\nblock @0 -> %90:f64 {{\nloop @1 %5:f64 = %1 {{\n%6 = i32.f64 %0\n\
             %7 = flt %5, %0\nif %7 {{ yield }} else {{ br @0 %5 }}\n{turn}\n{wanted}\nbr @1 %8\n}}\n}}\n%91 = i32.f64 %90\n%92 = f64.i32 %91\nyield %92"
        )
    };
    let wanted = "%9 = i32.f64 %5\n%10 = ixor %9, %6\n%8 = f64.i32 %10";
    has_lines(&carried("7", "", wanted), &["%3:i32 = ", "-> %2:i32"], &[]);
    has_lines(&carried("-2147483648", "", wanted), &["%3:i32 = "], &[]);
    // Not what an integer of 32 bits cannot be.
    for initial in ["-0", "2147483648", "0.5"] {
        has_lines(&carried(initial, "", wanted), &["%3:f64 = "], &[]);
    }
    // Unsigned ones, too.
    let unsigned = "%9 = i32.f64 %5\n%10 = ixor %9, %6\n%8 = f64.u32 %10";
    has_lines(&carried("4294967295", "", unsigned), &["%3:i32 = "], &[]);
    has_lines(&carried("-1", "", unsigned), &["%3:f64 = "], &[]);
    // Not if it is given anything else.
    let other = "%9 = i32.f64 %5\n%10 = ixor %9, %6\n%11 = f64.i32 %10\n%8 = fadd %11, %0";
    has_lines(&carried("7", "", other), &["%3:f64 = "], &[]);
}
