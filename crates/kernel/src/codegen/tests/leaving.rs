//! Loops that lanes leave: what they are made of, and that they end.

use std::sync::atomic::Ordering;

use iced_x86::{Decoder, DecoderOptions, Mnemonic};

use super::super::fibers::Pace;
use super::{Live, Patience, WIDTH, machines, run_scalar, turn_len};
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::{Mixed, bits};
use crate::ir::{parse, verify};

/// Trial division: is there a divisor from `first` on?
fn trial(next: &str) -> String {
    format!(
        "function 1 -> f64\n{{\n%n = index 0\n%two = const.f64 2\n%zero = const.f64 0\n%yes = const.f64 1\nblock @0 -> %r:f64 {{\n\
         block @1 {{ loop @2 %d:f64 = %two {{\n%dd = fmul %d, %d\n%goes = fle %dd, %n\nif %goes {{ yield }} else {{ br @1 }}\n\
         %m = frem %n, %d\n%divides = feq %m, %zero\nif %divides {{ br @0 %zero }} else {{ yield }}\n{next}\nbr @2 %e }} }}\nyield %yes\n}}\n\
         yield %r\n}}"
    )
}

fn made_of(text: &str, machine: Machine) -> Native {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    Native::compile_for(&function, &[], machine).unwrap()
}

fn vectors() -> Vec<Machine> {
    machines().into_iter().filter(|machine| *machine != Machine::Scalar).collect()
}

/// `fdiv` of doubles, on arm64, without its registers.
const FDIV: u32 = 0x6e60_fc00;

fn divisions(native: &Native) -> usize {
    let bytes = native.code().bytes();
    if native.machine.is_neon() {
        let words = bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
        return words.filter(|word| word & 0xffe0_fc00 == FDIV).count();
    }
    Decoder::new(64, &bytes, DecoderOptions::NONE)
        .iter()
        .filter(|inst| inst.mnemonic() == Mnemonic::Vdivpd)
        .count()
}

/// What is made a turn ahead, once for all parts or where it is carried is worth a third of the instructions.
#[test]
fn a_turn_of_trial_division_is_short() {
    for (machine, most, most_longer) in [(Machine::Avx2, 34, 37), (Machine::Avx512, 32, 35)] {
        if machines().contains(&machine) {
            let len = turn_len(&made_of(&trial("%e = fadd %d, %yes"), machine));
            assert!(len <= most, "{machine:?}: {len} instructions");
            // With one operation more, made once, too.
            let longer = turn_len(&made_of(&trial("%x = fmul %d, %two\n%e = fadd %x, %yes"), machine));
            assert!(longer <= most_longer, "{machine:?}: {longer} instructions");
        }
    }
}

/// What only those take that leave is in the frame, or not every part would find registers.
#[test]
fn leaving_leaves_registers_for_all_parts() {
    for machine in vectors() {
        let native = made_of(&trial("%e = fadd %d, %yes"), machine);
        assert_eq!(native.parts, 4, "{}", machine.name());
    }
}

/// What comes after a condition is made before it, and where it is carried, or what four parts need at the same time would not find registers.
#[test]
fn what_comes_after_lanes_leave_needs_no_registers_for_all_parts() {
    let text = "function 1 -> f64\nscalar 0 \"b\"\n{\n%i = index 0\n%b = scalar 0\n%zero = const.f64 0\n%one = const.f64 1\n%two = const.f64 2\n\
                %four = const.f64 4\nblock @0 -> %r:f64 {\nloop @1 %x:f64 = %zero, %y:f64 = %zero, %n:f64 = %zero {\n%xx = fmul %x, %x\n\
                %yy = fmul %y, %y\n%s = fadd %xx, %yy\n%on = fle %s, %four\nif %on { yield } else { br @0 %n }\n%d = fsub %xx, %yy\n\
                %e = fadd %d, %i\n%p = fmul %two, %x\n%q = fmul %p, %y\n%f = fadd %q, %b\n%m = fadd %n, %one\nbr @1 %e, %f, %m } }\nyield %r\n}";
    for machine in vectors() {
        assert_eq!(made_of(text, machine).parts, 4, "{}", machine.name());
    }
}

/// One before the loop, and one in each turn for the next. Three more bound quotients: before the loop, after the driver has had its turn,
/// and where lanes have left.
#[test]
fn a_divisor_of_the_next_turn_is_inverted_in_this_one() {
    for machine in vectors() {
        for next in ["%e = fadd %d, %yes", "%x = fmul %d, %two\n%e = fadd %x, %yes"] {
            assert_eq!(divisions(&made_of(&trial(next), machine)), 5, "{next}");
        }
        // Each lane divides by a number of its own.
        assert_eq!(divisions(&made_of(&trial("%e = fadd %d, %n"), machine)), 4);
    }
}

/// From a loop within a turn all lanes may move to other fibers. What is left runs on, with none, and has to come to its end.
#[test]
fn turns_that_lost_their_lanes_in_an_inner_loop_end() {
    let inner = "block @2 -> %sum:f64 { loop @3 %k:f64 = %zero, %t:f64 = %s {\n%on = flt %k, %inner\n\
         if %on { yield } else { br @2 %t }\n%l = fadd %k, %one\n%u = fadd %t, %k\nbr @3 %l, %u } }\n%big = flt %most, %sum\n";
    // What is between the inner loop and the next turn: lanes leave, in one way or another, or none ever does. And the inner loop may be
    // within a condition that is the same for all lanes.
    // One look at what is there before the loop tells of all parts that none leaves, or each part looks for itself.
    let ways = ["%goes = flt %j, %limit", "%own = fadd %limit, %zero\n%goes = flt %j, %own"];
    let cases = [
        ("", "if %big { br @0 %sum } else { yield }", "%sum"),
        ("", "if %big { yield } else { yield }", "%sum"),
        (
            "",
            "if %big { br @0 %zero } else { yield }\n%odd = feq %s, %one\nif %odd { yield } else { yield }",
            "%sum",
        ),
        ("%late = flt %one, %j\nif %late -> %next:f64 {", "yield %sum } else { yield %s }", "%next"),
        ("%known = const.bool true\nif %known -> %next:f64 {", "yield %sum } else { yield %s }", "%next"),
    ];
    for ((before, after, carried), goes) in cases.into_iter().flat_map(|case| ways.map(|way| (case, way))) {
        let text = format!(
            "function 1 -> f64\n{{\n%i = index 0\n%zero = const.f64 0\n%one = const.f64 1\n%many = const.f64 31\n%few = const.f64 20\n\
             %most = const.f64 1000000\n%x = fmul %i, %i\n%limit = frem %x, %many\n%inner = frem %i, %few\n\
             block @0 -> %r:f64 {{ loop @1 %j:f64 = %one, %s:f64 = %zero {{\n{goes}\nif %goes {{ yield }} else {{ br @0 %s }}\n\
             {before}\n{inner}{after}\n%m = fadd %j, %one\nbr @1 %m, {carried} }} }}\nyield %r\n}}"
        );
        let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        verify(&function).unwrap();
        let points: Vec<f64> = (0..WIDTH as u32).map(f64::from).collect();
        let (expected, _) = run_scalar(&function, &[], &[], &points);
        for machine in vectors() {
            for pace in [Pace::of(8), Pace { turns: 7, least: 0, most: 3, packed: 4 }] {
                let mut native = Native::compile_for(&function, &[], machine).unwrap();
                native.pace = pace;
                native.slice.store(pace.least, Ordering::Relaxed);
                // SAFETY: there are no arrays.
                let inputs = unsafe { Inputs::new(&[], []) };
                let (memory, mut patience, mut out) = (Live(Vec::new()), Patience::new(), [0.0; WIDTH]);
                let mut world = World { memory: &memory, math: &Mixed, fuel: &mut patience };
                let block = Block { indices: Indices::From(0), count: WIDTH, out: &mut out };
                // SAFETY: the inputs are those of the function.
                let end = unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) };
                assert!(end.is_ok(), "{} {after}", machine.name());
                assert_eq!(bits(&out), expected, "{} {after}", machine.name());
            }
        }
    }
}

/// By what never runs, lanes would leave: then nothing looks at which of them are in the loop.
#[test]
fn lanes_leave_in_what_never_runs() {
    let text = "function 1 -> f64\n{\n%i = index 0\n%ten = const.f64 10\n%zero = const.f64 0\n%one = const.f64 1\n%c = flt %i, %ten\n\
                block @0 { loop @1 %k:f64 = %zero {\n%goes = flt %k, %ten\nif %goes { yield } else { br @0 }\n\
                %true = const.bool true\nif %true { yield } else {\nif %c { br @0 } else { yield }\nyield }\n\
                %l = fadd %k, %one\nbr @1 %l } }\nyield %i\n}";
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let points: Vec<f64> = (0..70).map(f64::from).collect();
    super::agree_everywhere(&function, &[], &points);
}
