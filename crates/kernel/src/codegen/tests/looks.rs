//! Loops of which one look tells that no lane leaves: numbers for which it might be wrong.

use std::sync::atomic::Ordering;

use super::super::fibers::Pace;
use super::{Live, Patience, Raw, WIDTH, machines, run_scalar};
use crate::codegen::{Block, Indices, Inputs, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{Element, parse, verify};

/// Numbers of all sizes, and those around which quotients stop being exact.
const NUMBERS: [f64; 34] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    6.0,
    -6.0,
    0.5,
    7.5,
    12.0,
    97.0,
    5040.0,
    -5040.0,
    4_503_599_627_370_496.0,
    9_007_199_254_740_991.0,
    9_007_199_254_740_990.0,
    3_377_699_720_527_871.0,
    3_377_699_720_527_872.0,
    1.801_439_850_948_198_4e16,
    9.007_199_254_740_993e22,
    1e300,
    -1e300,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    3e-323,
    -2.5e-310,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    2.0,
    3.0,
    1e17,
    // Their quotients, by the inverse, are off by one.
    49.0 * 7_575_082_672_322_496.0,
    91.0 * 6_609_513_821_752_064.0,
];

/// What `own` is for each index: any of the numbers, or those below a limit.
fn owns(limit: f64) -> Vec<f64> {
    let list: Vec<f64> = NUMBERS.iter().copied().filter(|x| limit.is_infinite() || x.abs() < limit).collect();
    (0..WIDTH).map(|k| list[k * k * 7919 % 1009 % list.len()]).collect()
}

/// A loop of some turns that begins at the scalar `first` and goes on by the scalar `step`; `leave` is what it does in a turn `%k` with `%own`,
/// which each lane has, and with `%mine`, which is one less in each turn.
fn text(leave: &str) -> String {
    format!(
        "function 1 -> f64\nscalar 0 \"first\"\nscalar 1 \"step\"\narray 0 float64 \"a\"\n{{\n%i = index 0\n%own = load 0 %i\n%first = scalar 0\n\
         %step = scalar 1\n%zero = const.f64 0\n%one = const.f64 1\n%most = const.f64 12\nblock @0 -> %r:f64 {{\n\
         loop @1 %k:f64 = %first, %turn:f64 = %zero, %mine:f64 = %own {{\n%goes = flt %turn, %most\nif %goes {{ yield }} else {{ br @0 %most }}\n\
         {leave}\n%l = fadd %k, %step\n%next = fadd %turn, %one\n%less = fsub %mine, %one\nbr @1 %l, %next, %less }} }}\nyield %r\n}}"
    )
}

fn agree(leave: &str, first: f64, step: f64) {
    agree_known_or_not(text(leave), first, step);
}

/// For numbers of the caller's, of which nothing is known, and for constants.
fn agree_known_or_not(unknown: String, first: f64, step: f64) {
    let known = unknown
        .replace("%first = scalar 0", &format!("%first = const.f64 {first:?}"))
        .replace("%step = scalar 1", &format!("%step = const.f64 {step:?}"));
    for text in [unknown, known] {
        agree_in(&text, first, step);
    }
}

fn agree_in(text: &str, first: f64, step: f64) {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    let scalars = [first, step];
    let points: Vec<f64> = (0..WIDTH as u32).map(f64::from).collect();
    for limit in [f64::INFINITY, 1e19, 1e4] {
        let owns = owns(limit);
        let (expected, _) = run_scalar(&function, &scalars, &[(Element::Float64, owns.clone())], &points);
        for machine in machines() {
            for pace in [Pace::of(8), Pace { turns: 7, least: 0, most: 3, packed: 4 }] {
                let mut native = Native::compile_for(&function, &[Element::Float64], machine).unwrap();
                native.pace = pace;
                native.slice.store(pace.least, Ordering::Relaxed);
                let mut array = Raw::new(Element::Float64, &owns);
                // SAFETY: the array outlives the run, and nobody writes it.
                let inputs = unsafe { Inputs::new(&scalars, [array.raw()]) };
                let (memory, mut patience, mut out) =
                    (Live(vec![array.array()]), Patience::new(), [0.0; WIDTH]);
                let mut world = World { memory: &memory, math: &Mixed, fuel: &mut patience };
                let block = Block { indices: Indices::From(0), count: WIDTH, out: &mut out };
                // SAFETY: the inputs are those of the function.
                unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.expect("an end");
                for (k, (found, expected)) in bits(&out).iter().zip(&expected).enumerate() {
                    assert_eq!(
                        found,
                        expected,
                        "{}: {:?}, from {first:?} by {step:?}: {text}",
                        machine.name(),
                        owns[k]
                    );
                }
            }
        }
    }
}

#[test]
fn lanes_leave_where_nothing_is_left() {
    let ways = [
        "%m = frem %own, %k\n%c = feq %m, %zero\nif %c { br @0 %turn } else { yield }",
        "%m = frem %own, %k\n%c = fne %zero, %m\nif %c { yield } else { br @0 %turn }",
        "%m = frem %own, %k\n%c = bool.f64 %m\nif %c { yield } else { br @0 %turn }",
        // The other way round, and where more than lanes leave.
        "%m = frem %own, %k\n%c = feq %m, %zero\nif %c { yield } else { br @0 %turn }",
        "%m = frem %own, %k\n%c = feq %m, %zero\n%s = fadd %turn, %one\nif %c { %t = fmul %s, %s\nbr @0 %t } else { yield }",
    ];
    let starts = [
        (1.0, 1.0),
        (3.0, 2.0),
        (47.0, 1.0),
        (91.0, -1.0),
        (-5.0, 1.0),
        (0.3, 0.3),
        (f64::INFINITY, 1.0),
        (f64::NAN, 1.0),
        (1e300, 1e299),
        (1.7e308, 1e306),
        (5e-324, 5e-324),
        (3.0, 9_007_199_254_740_989.0),
    ];
    for way in ways {
        for (first, step) in starts {
            agree(way, first, step);
        }
    }
}

#[test]
fn lanes_leave_where_a_shared_number_has_passed_theirs() {
    for op in ["flt", "fle", "fgt", "fge"] {
        for operands in ["%k, %own", "%own, %k"] {
            for sides in ["{ yield } else { br @0 %turn }", "{ br @0 %turn } else { yield }"] {
                let way = format!("%c = {op} {operands}\nif %c {sides}");
                for (first, step) in [
                    (-7.0, 1.0),
                    (7.0, -1.0),
                    (4_503_599_627_370_490.0, 1.0),
                    (f64::NAN, 1.0),
                    (f64::NEG_INFINITY, f64::INFINITY),
                ] {
                    agree(&way, first, step);
                }
            }
        }
    }
}

/// What is not the same in all turns.
#[test]
fn lanes_leave_by_numbers_that_change() {
    for way in [
        "%c = flt %k, %mine\nif %c { yield } else { br @0 %turn }",
        "%c = fgt %k, %mine\nif %c { br @0 %turn } else { yield }",
        "%m = frem %mine, %k\n%c = feq %m, %zero\nif %c { br @0 %turn } else { yield }",
    ] {
        for (first, step) in [(-7.0, 1.0), (2.0, 1.0), (30.0, -3.0)] {
            agree(way, first, step);
        }
    }
}

/// What is divided by in a turn is what the next one begins with.
#[test]
fn lanes_leave_by_what_the_next_turn_begins_with() {
    let next = "%l = fadd %k, %step\n";
    for turns in [1, 2] {
        // Or with what comes a turn later still.
        let divisor = if turns == 1 { "%l" } else { "%d" };
        let way = format!(
            "{next}%d = fadd %l, %step\n%m = frem %own, {divisor}\n%c = feq %m, %zero\nif %c {{ br @0 %turn }} else {{ yield }}"
        );
        let mut text = text(&way);
        let second = text.rfind(next).expect("the one that was there");
        text.replace_range(second..second + next.len(), "");
        for (first, step) in [(1.0, 1.0), (-5.0, 2.0), (91.0, -1.0)] {
            agree_known_or_not(text.clone(), first, step);
        }
    }
}

/// Whether the lowest bits of a number that each lane carries are 0, asked in several ways; of numbers beyond 32 bits and 53, and of fractions.
#[test]
fn lanes_leave_by_lowest_bits() {
    let ways = [
        "%b = bool.f64 %f\nif %b { br @0 %turn } else { yield }",
        "%b = feq %f, %zero\nif %b { br @0 %turn } else { yield }",
        "%b = fne %zero, %f\nif %b { yield } else { br @0 %turn }",
        "%n = const.i32 0\n%b = ieq %m, %n\nif %b { br @0 %turn } else { yield }",
        "%n = const.i32 0\n%b = ine %n, %m\nif %b { yield } else { br @0 %turn }",
        // Somebody needs the bits.
        "%b = bool.f64 %f\nif %b { %t = fadd %f, %turn\nbr @0 %t } else { yield }",
    ];
    for mask in [1, 7, 255, 4095, i32::MAX, 5, -1] {
        for way in ways {
            for order in ["%x, %c", "%c, %x"] {
                let bits = format!("%x = i32.f64 %mine\n%c = const.i32 {mask}\n%m = iand {order}\n");
                let convert = if way.contains("%f") { "%f = f64.i32 %m\n" } else { "" };
                agree(&format!("{bits}{convert}{way}"), 1.0, 1.0);
            }
        }
    }
}

/// Both at once, as in trial division.
/// What is known of a divisor that is an integer: it may be below zero all the same, each lane's or that of all.
#[test]
fn divisors_that_are_known_may_be_negative() {
    let of_each = "%n = i32.f64 %i\n%m = iand %n, %mask\n%d = f64.i32 %m";
    let of_all = "%n = i32.f64 %first\n%m = iand %n, %mask\n%d = f64.i32 %m";
    for divisor in [of_each, of_all] {
        let text = format!(
            "function 1 -> f64\nscalar 0 \"first\"\nscalar 1 \"step\"\narray 0 float64 \"a\"\n{{\n%i = index 0\n%own = load 0 %i\n\
             %first = scalar 0\n%mask = const.i32 15\n%eight = const.f64 8\n{divisor}\n%b = fsub %d, %eight\n%r = frem %own, %b\nyield %r\n}}"
        );
        for first in [0.0, 3.0, 8.0, 13.0] {
            agree_in(&text, first, 1.0);
        }
    }
}

#[test]
fn lanes_leave_by_two_looks() {
    let way = "%kk = fmul %k, %k\n%goes2 = fle %kk, %own\nif %goes2 { yield } else { br @0 %one }\n\
               %m = frem %own, %k\n%c = feq %m, %zero\nif %c { br @0 %zero } else { yield }";
    for (first, step) in [(2.0, 1.0), (3.0, 2.0), (0.0, 1.0), (1e8, 1.0)] {
        agree(way, first, step);
    }
}
