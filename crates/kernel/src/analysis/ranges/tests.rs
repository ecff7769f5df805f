//! Ranges that are found, and those that are not.

use super::*;
use crate::ir::parse;

/// The range of the value of that number.
fn range(body: &str, value: usize) -> Option<(i64, i64, bool)> {
    let text = format!(
        "function 1\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 uint8 \"b\"\n{{\n{body}\nyield\n}}"
    );
    let function = parse(&text).unwrap();
    let found = integer_ranges(&function, &Granted::nothing(&function))[value];
    found.map(|Range { least, most, may_be_nan, .. }| (least, most, may_be_nan))
}

#[test]
fn sums_and_products_are_between_those_of_the_ends() {
    let head = "%0 = const.f64 3\n%1 = const.f64 -2\n%2 = index 0\n%3 = load 1 %2\n%4 = scalar 0\n";
    let of = |op: &str| range(&format!("{head}%5 = {op}"), 5);
    assert_eq!(of("fadd %0, %1"), Some((1, 1, false)));
    assert_eq!(of("fsub %1, %3"), Some((-257, -2, true)));
    assert_eq!(of("fmul %0, %3"), Some((0, 765, true)));
    assert_eq!(of("fmul %1, %3"), Some((-510, 0, true)));
    assert_eq!(of("fneg %3"), Some((-255, 0, true)));
    assert_eq!(of("frem %1, %0"), Some((-2, 0, false)));
    assert_eq!(of("frem %2, %0"), Some((0, 2, false)));
    assert_eq!(of("frem %2, %3"), Some((0, 254, true)));
    assert_eq!(of("fmax %1, %3"), Some((0, 255, true)));
    assert_eq!(of("fmin %1, %3"), Some((-2, -2, true)));
    assert_eq!(of("fadd %2, %0"), Some((3, LARGEST + 2, false)));
    assert_eq!(of("fadd %2, %2"), None);
    assert_eq!(of("fadd %2, %4"), None);
    assert_eq!(of("load 0 %2"), None);
    assert_eq!(of("const.f64 -0"), Some((0, 0, false)));
    assert_eq!(of("const.f64 NaN"), Some((0, 0, true)));
}

#[test]
fn zeros_have_a_sign() {
    let text = |op: &str| {
        let head = "%0 = const.f64 -2\n%1 = index 0\n%2 = load 1 %1\n%3 = fmul %0, %2\n%4 = const.f64 7\n%5 = fadd %2, %4\n";
        let text =
            format!("function 1\narray 0 uint8 \"a\"\narray 1 uint8 \"b\"\n{{\n{head}%6 = {op}\nyield\n}}");
        let function = parse(&text).unwrap();
        integer_ranges(&function, &Granted::nothing(&function))[6].map(|range| range.may_be_negative_zero)
    };
    for op in
        ["fmul %0, %2", "fneg %2", "frem %0, %4", "fadd %3, %3", "fsub %3, %2", "fmul %3, %5", "fmin %3, %2"]
    {
        assert_eq!(text(op), Some(true), "{op}");
    }
    for op in
        ["fmul %2, %5", "fneg %5", "frem %1, %4", "fadd %3, %2", "fsub %2, %3", "fsub %3, %5", "fmul %0, %5"]
    {
        assert_eq!(text(op), Some(false), "{op}");
    }
    assert_eq!(text("const.f64 -0"), Some(true));
}

#[test]
fn comparisons_bound_what_goes_round() {
    let counter = |condition: &str| {
        format!(
            "%0 = const.f64 0\n%1 = const.f64 1\n%2 = length 0\nblock @0 {{\nloop @1 %3:f64 = %0 {{\n%4 = {condition}\n\
             if %4 {{ yield }} else {{ br @0 }}\n%5 = fadd %3, %1\nbr @1 %5\n}} }}"
        )
    };
    assert_eq!(range(&counter("flt %3, %2"), 3), Some((0, LARGEST, false)));
    assert_eq!(range(&counter("flt %3, %2"), 5), Some((1, LARGEST, false)));
    // One more than the largest length would be rounded.
    assert_eq!(range(&counter("fle %3, %2"), 3), Some((0, FARTHEST, false)));
    assert_eq!(range(&counter("fgt %3, %0"), 3), Some((0, FARTHEST, false)));
}

#[test]
fn what_does_not_hold_says_nothing_of_nan() {
    let text = |index: &str| {
        format!(
            "%0 = const.f64 9\n%1 = index 0\n%2 = load 1 {index}\n%3 = flt %0, %2\n\
             if %3 -> %4:f64 {{ yield %0 }} else {{\n%5 = fadd %2, %0\nyield %5\n}}"
        )
    };
    assert_eq!(range(&text("%1"), 5), Some((9, 264, true)));
    let known = "%0 = const.f64 9\n%1 = const.i32 255\n%2 = index 0\n%3 = i32.f64 %2\n%4 = iand %3, %1\n%5 = f64.i32 %4\n\
                 %6 = flt %0, %5\nif %6 -> %7:f64 { yield %0 } else {\n%8 = fadd %5, %0\nyield %8\n}";
    assert_eq!(range(known, 8), Some((9, 18, false)));
}
