//! Labels, before and after what refers to them, near and far.

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, Register};

use super::GPRS;
use super::check::{Arg, gpr, mnemonic};
use crate::codegen::x64::asm::{Assembler, Cond, Label, Length, Operand, Vex, Vreg};

/// How many bytes are between an instruction and its label.
const DISTANCES: [usize; 9] = [0, 1, 2, 126, 127, 128, 129, 70_000, 1_000_000];

/// Instructions that are not one of those under test.
fn fill(asm: &mut Assembler, bytes: usize) {
    for _ in 0..bytes {
        asm.ret();
    }
}

/// Encodes an instruction that refers to a label behind it, and one that refers to a label before it, and decodes each.
fn both_ways(distance: usize, emit: impl Fn(&mut Assembler, Label), check: impl Fn(&Instruction, u64)) {
    for with_constants in [false, true] {
        let mut asm = Assembler::new();
        let [before, after] = [asm.label(), asm.label()];
        fill(&mut asm, 3);
        assert_eq!(asm.place(before), None);
        asm.bind(before);
        fill(&mut asm, distance);
        let mut starts = Vec::new();
        for label in [before, after] {
            starts.push(asm.len());
            emit(&mut asm, label);
        }
        starts.push(asm.len());
        fill(&mut asm, distance);
        asm.bind(after);
        let places = [before, after].map(|label| u64::from(asm.place(label).unwrap()));
        assert_eq!(places, [3, (starts[2] + distance) as u64]);
        asm.ret();
        if with_constants {
            let constant = asm.constant([1, 2, 3, 4]);
            asm.rm(Vex::VMOVUPD, Length::L256, Vreg(0), Operand::Const(constant));
        }
        let code = asm.finish();
        for (start, place) in starts.windows(2).zip(places) {
            let mut decoder = Decoder::with_ip(64, &code[start[0]..], start[0] as u64, DecoderOptions::NONE);
            let instruction = decoder.decode();
            assert_eq!(instruction.len(), start[1] - start[0]);
            check(&instruction, place);
        }
    }
}

#[test]
fn jumps_reach_their_labels() {
    let conditions = [
        (Cond::B, Mnemonic::Jb),
        (Cond::Ae, Mnemonic::Jae),
        (Cond::E, Mnemonic::Je),
        (Cond::Ne, Mnemonic::Jne),
        (Cond::Be, Mnemonic::Jbe),
        (Cond::A, Mnemonic::Ja),
        (Cond::S, Mnemonic::Js),
        (Cond::Ns, Mnemonic::Jns),
        (Cond::P, Mnemonic::Jp),
        (Cond::O, Mnemonic::Jo),
        (Cond::L, Mnemonic::Jl),
        (Cond::Ge, Mnemonic::Jge),
        (Cond::Le, Mnemonic::Jle),
        (Cond::G, Mnemonic::Jg),
    ];
    for distance in DISTANCES {
        let check = |mnemonic| {
            move |instruction: &Instruction, place: u64| {
                assert_eq!(instruction.mnemonic(), mnemonic);
                assert_eq!(instruction.near_branch_target(), place, "{distance}");
            }
        };
        for (cond, mnemonic) in conditions {
            both_ways(distance, |asm, label| asm.jcc(cond, label), check(mnemonic));
        }
        both_ways(distance, Assembler::jmp, check(Mnemonic::Jmp));
    }
}

#[test]
fn addresses_of_labels() {
    for distance in DISTANCES {
        for dst in GPRS {
            both_ways(
                distance,
                |asm, label| asm.lea_label(dst, label),
                |instruction, place| {
                    assert_eq!(instruction.mnemonic(), mnemonic("lea"));
                    assert_eq!(Arg::Reg(instruction.op_register(0)), gpr(dst, 8));
                    assert_eq!(instruction.memory_base(), Register::RIP);
                    assert_eq!(instruction.memory_displacement64(), place, "{distance}");
                },
            );
        }
    }
}

#[test]
#[should_panic(expected = "has a place")]
fn a_label_without_a_place_is_noticed() {
    let mut asm = Assembler::new();
    let label = asm.label();
    asm.jmp(label);
    asm.finish();
}
