//! The end of the fuel, at every turn that the driver has.

use super::harsh::{Room, case, is_among};
use super::{Live, Patience, machines};
use crate::codegen::fibers::Pace;
use crate::codegen::{Block, Indices, Inputs, Machine, Native, World};
use crate::interpret::testing::Mixed;
use crate::interpret::{Fuel, Stop};
use crate::ir::{parse, verify};

#[test]
fn fuel_may_end_at_any_turn_and_the_frame_goes_on() {
    machines().into_iter().for_each(end_at_any_turn);
}

fn end_at_any_turn(machine: Machine) {
    let cases = if cfg!(debug_assertions) { 300 } else { 1_000 };
    let mut room = Room::new();
    let mut ended = 0;
    for seed in 1 << 40..(1 << 40) + cases {
        let mut case = case(seed);
        case.pace = Pace { turns: seed % 3, least: 1, most: 1 + (seed % 7) as u32, packed: 4 };
        let Some(native) = case.compile(machine) else { continue };
        let expected = case.scalar();
        let mut frame = native.frame();
        let mut fuel = 0_u64;
        loop {
            let outcome = case.native(&native, &mut frame, &mut room, &mut fuel.clone());
            match outcome {
                Err(Stop::OutOfFuel) => ended += 1,
                Ok(outcome) => {
                    assert!(expected.as_ref().is_ok_and(|expected| *expected == outcome), "seed {seed}");
                    break;
                }
                Err(stop) => {
                    assert!(expected.as_ref().is_err_and(|stops| is_among(stop, stops)), "seed {seed}");
                    break;
                }
            }
            // Each of the first turns, and some later ones.
            fuel += 1 + fuel / 6;
            assert!(fuel < 1 << 24, "seed {seed}: it never ends");
        }
        // The frame is as good as a new one.
        match (case.native(&native, &mut frame, &mut room, &mut Patience::new()), &expected) {
            (Ok(outcome), Ok(expected)) => assert_eq!(outcome, *expected, "seed {seed}"),
            (Err(stop), Err(stops)) => assert!(is_among(stop, stops), "seed {seed}"),
            _ => panic!("seed {seed}"),
        }
    }
    assert!(ended > cases, "{ended} runs out of fuel");
}

/// Counts how often it is asked.
struct Asked(u64);

impl Fuel for Asked {
    fn burn(&mut self) -> bool {
        self.0 += 1;
        true
    }
}

/// The slower the turns of a loop, the more often the driver has its turn.
#[test]
fn slow_turns_are_few_between_two_questions() {
    machines().into_iter().for_each(ask_between_slow_turns);
}

fn ask_between_slow_turns(machine: Machine) {
    let loops = |more: &str, leave: &str| {
        format!(
            "function 1 -> f64\n{{\n%i = index 0\n%z = const.f64 0\n%one = const.f64 1\n%huge = const.f64 1e300\n%tiny = const.f64 1e-300\n\
             %most = const.f64 5000\nblock @0 -> %r:f64 {{ loop @1 %k:f64 = %z, %s:f64 = %i {{\n%n = fadd %k, %one\n\
             %c = flt %k, %most\nif %c {{ yield }} else {{ br @0 %s }}\n{more}\n{leave}\nbr @1 %n, %t }} }}\nyield %r\n}}"
        )
    };
    let root: String = (0..100)
        .map(|k| format!("%a{k} = fsqrt {}\n", if k == 0 { "%s".into() } else { format!("%a{}", k - 1) }))
        .collect();
    let bodies = [
        ("a sum", "%t = fadd %s, %k".to_owned(), 1),
        (
            "remainders",
            "%x = fadd %k, %huge\n%y = fadd %i, %one\n%d = fmul %y, %tiny\n%t = frem %x, %d".to_owned(),
            5000 * 32 / 4096,
        ),
        (
            "calls",
            "%a = call.sin %s\n%b = call.cos %a\n%t = call.pow %a, %b".to_owned(),
            5000 * 3000 / (1 << 18),
        ),
        ("roots", format!("{root}%t = fadd %a99, %k"), 5000 * 100 / (1 << 18)),
    ];
    for (name, body, least) in bodies {
        for (leave, fibers) in [("", 1), ("%w = fgt %i, %huge\nif %w { br @0 %s } else { yield }", 4)] {
            let text = loops(&body, leave);
            let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            verify(&function).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let native = Native::compile_for(&function, &[], machine).unwrap();
            // SAFETY: there are no arrays.
            let inputs = unsafe { Inputs::new(&[], []) };
            let memory = Live(Vec::new());
            let mut asked = Asked(0);
            let mut world = World { memory: &memory, math: &Mixed, fuel: &mut asked };
            let mut out = [0.0; Native::WIDTH];
            let count = fibers * native.lanes();
            let block = Block { indices: Indices::From(0), count, out: &mut out };
            // SAFETY: the inputs are those of the function.
            let end = unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) };
            assert_eq!(end, Ok(()));
            let least = least * if fibers > 1 { 2 } else { 1 };
            assert!(asked.0 >= least, "{name}: asked {} times, not {least}", asked.0);
        }
    }
}

/// Lanes that are never done, alone and beside others that are.
#[test]
fn endless_loops_end_with_the_fuel() {
    machines().into_iter().for_each(end_endless_loops);
}

fn end_endless_loops(machine: Machine) {
    for body in [
        "block @0 { loop @1 { br @1 } }",
        "%z = const.f64 0\n%i = index 0\nblock @0 { loop @1 %k:f64 = %z { %n = fadd %k, %i\nbr @1 %n } }",
        "%z = const.f64 0\n%i = index 0\nblock @0 { loop @1 { %c = fgt %i, %z\nif %c { yield } else { br @0 }\nbr @1 } }",
        "%z = const.f64 9\n%i = index 0\nblock @0 { loop @1 { %c = feq %i, %z\nif %c { br @1 } else { yield }\nbr @0 } }",
        "%z = const.f64 9\n%i = index 0\n%c = feq %i, %z\nblock @0 { if %c { loop @1 { br @1 } } else { yield }\nyield }",
        "%z = const.f64 9\n%i = index 0\n%c = feq %z, %z\nblock @0 { if %c { loop @1 { br @1 } } else { yield }\nyield }",
        "block @0 { loop @1 { loop @2 { br @1 } } }",
        "block @0 { loop @1 { loop @2 { br @2 } } }",
    ] {
        let text = format!("function 1\n{{\n{body}\nyield\n}}");
        let function = parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        verify(&function).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let native = Native::compile_for(&function, &[], machine).unwrap();
        // SAFETY: there are no arrays.
        let inputs = unsafe { Inputs::new(&[], []) };
        let mut frame = native.frame();
        for count in [1, 10, 16, 17, 100, Native::WIDTH] {
            for fuel in [0, 1, 2, 30] {
                let memory = Live(Vec::new());
                let mut world = World { memory: &memory, math: &Mixed, fuel: &mut fuel.clone() };
                let mut out = [0.0; Native::WIDTH];
                // SAFETY: the inputs are those of the function.
                let end = unsafe {
                    let block = Block { indices: Indices::From(0), count, out: &mut out };
                    native.run(&mut frame, &inputs, block, &mut world)
                };
                // The index 0 alone, and those without 9, come to an end in some of them.
                let ends = count == 1
                    && body.contains("index")
                    && !body.contains("br @1 %n")
                    && !body.contains("feq %z, %z");
                assert_eq!(end, if ends { Ok(()) } else { Err(Stop::OutOfFuel) }, "{count} {text}");
            }
        }
    }
}

/// One lane in eight makes thousands of turns. Where such lanes are packed, a quarter of the groups or fewer make them; with two lanes to a
/// vector, half of them, since lanes stay in their part.
#[test]
fn lanes_that_stay_in_a_loop_are_packed() {
    machines().into_iter().filter(|machine| !machine.is_scalar()).for_each(pack_lanes);
}

fn pack_lanes(machine: Machine) {
    let text = "function 1 -> f64\n{\n%i = index 0\n%z = const.f64 0\n%one = const.f64 1\n%eight = const.f64 8\n%most = const.f64 4000\n\
         %m = frem %i, %eight\n%c = feq %m, %z\n%n = select %c, %most, %one\nblock @0 -> %r:f64 { loop @1 %k:f64 = %z {\n\
         %g = flt %k, %n\nif %g { yield } else { br @0 %k }\n%t = fadd %k, %one\nbr @1 %t } }\nyield %r\n}";
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    verify(&function).unwrap();
    let asked = |packed: usize| {
        let mut native = Native::compile_for(&function, &[], machine).unwrap();
        native.pace = Pace { turns: 64, least: 8, most: 64, packed };
        // SAFETY: there are no arrays.
        let inputs = unsafe { Inputs::new(&[], []) };
        let mut asked = Asked(0);
        let mut world = World { memory: &Live(Vec::new()), math: &Mixed, fuel: &mut asked };
        let mut out = [0.0; Native::WIDTH];
        let block = Block { indices: Indices::From(0), count: Native::WIDTH, out: &mut out };
        // SAFETY: the inputs are those of the function.
        unsafe { native.run(&mut native.frame(), &inputs, block, &mut world) }.unwrap();
        assert!(out.iter().enumerate().all(|(k, turns)| *turns == if k % 8 == 0 { 4000.0 } else { 1.0 }));
        asked.0
    };
    let (packed, unpacked) = (asked(3), asked(0));
    let lanes = machine.lanes().min(4) as u64;
    assert!(3 * lanes * packed < 4 * unpacked, "asked {packed} times with packing, and {unpacked} without");
}
