//! What loops that lanes leave are made of. That results are right, other tests say.

use iced_x86::{Decoder, DecoderOptions, Mnemonic};

use super::machines;
use crate::codegen::{Machine, Native};
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

fn divisions(native: &Native) -> usize {
    let bytes = native.code().bytes();
    Decoder::new(64, &bytes, DecoderOptions::NONE)
        .iter()
        .filter(|inst| inst.mnemonic() == Mnemonic::Vdivpd)
        .count()
}

/// What only those take that leave is in the frame, or not every part would find registers.
#[test]
fn leaving_leaves_registers_for_all_parts() {
    for machine in vectors() {
        let native = made_of(&trial("%e = fadd %d, %yes"), machine);
        assert_eq!(native.parts, 4, "{}", machine.name());
    }
}

/// One before the loop, and one in each turn for the next.
#[test]
fn a_divisor_of_the_next_turn_is_inverted_in_this_one() {
    for machine in vectors() {
        for next in ["%e = fadd %d, %yes", "%x = fmul %d, %two\n%e = fadd %x, %yes"] {
            assert_eq!(divisions(&made_of(&trial(next), machine)), 2, "{next}");
        }
        // Each lane divides by a number of its own.
        assert_eq!(divisions(&made_of(&trial("%e = fadd %d, %n"), machine)), 4);
    }
}
