//! Vector instructions.

use iced_x86::{Decoder, DecoderOptions, Mnemonic};

use super::check::{Arg, Proof, gpr, mnemonic, xmm, ymm};
use super::subject::{Rm, Subject, VREGS, numbers};
use super::{GPRS, MEMS, mems};
use crate::codegen::x64::asm::{Assembler, Length, Mem, Operand, Shift, Vreg};

/// Three, of which each is used again and again.
const CONSTANTS: [[u64; 4]; 3] = [[0; 4], [u64::MAX, 1, 2, 3], [0x3ff0_0000_0000_0000; 4]];

#[test]
fn every_register_in_every_place() {
    let (mut proof, mut count) = (Proof::default(), 0);
    for subject in Subject::all().into_iter().filter(|subject| subject.takes_register()) {
        for registers in subject.registers() {
            for rm in 0..16 {
                for imm in subject.immediates() {
                    subject.add(&mut proof, registers, Rm::Reg(rm), *imm);
                }
            }
        }
        count += VREGS.pow(subject.places() + 1) * subject.immediates().len();
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
fn every_immediate() {
    let mut proof = Proof::default();
    let subjects = Subject::all().into_iter().filter(|subject| subject.immediates().len() > 1);
    for subject in subjects {
        for imm in 0..=255 {
            if subject.takes_register() {
                subject.add(&mut proof, [1, 2, 0], Rm::Reg(3), imm);
            }
            subject.add(&mut proof, [9, 10, 0], Rm::Mem(Mem::new(GPRS[12], 8)), imm);
        }
    }
    println!("{} encodings", proof.finish());
}

/// The other registers vary along, through all that they can be.
#[test]
fn every_memory_operand() {
    let (mut proof, mut count) = (Proof::default(), 0);
    for subject in Subject::all() {
        for (i, mem) in mems().enumerate() {
            // 257: not in step with the parts of the operand.
            let imm = subject.immediates()[i % subject.immediates().len()];
            subject.add(&mut proof, numbers(i * 257), Rm::Mem(mem), imm);
        }
        count += MEMS;
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
fn every_register_with_constants() {
    let (mut proof, mut count) = (Proof::default(), 0);
    for subject in Subject::all().into_iter().filter(|subject| subject.reads()) {
        for registers in subject.registers() {
            for lanes in CONSTANTS {
                subject.add(&mut proof, registers, Rm::Const(lanes), 0xa5);
            }
        }
        count += VREGS.pow(subject.places()) * CONSTANTS.len();
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
#[ignore = "hundreds of millions of encodings: minutes of a release build"]
fn everything() {
    let (mut proof, mut count) = (Proof::default(), 0);
    for subject in Subject::all() {
        for registers in subject.registers() {
            for mem in mems() {
                subject.add(&mut proof, registers, Rm::Mem(mem), registers[0] ^ 0xa5);
            }
        }
        count += VREGS.pow(subject.places()) * MEMS;
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
fn shifts() {
    let mut proof = Proof::default();
    for op in [Shift::Vpslld, Shift::Vpsrld, Shift::Vpsrad, Shift::Vpsllq, Shift::Vpsrlq] {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for (length, register) in [(Length::L128, xmm as fn(Vreg) -> Arg), (Length::L256, ymm)] {
            for registers in 0..256 {
                let [dst, a, _] = numbers(registers).map(Vreg);
                for imm in 0..=255_u8 {
                    proof.add(mnemonic, &[register(dst), register(a), Arg::Imm(imm.into())], |asm| {
                        asm.shift(op, length, dst, a, imm);
                    });
                }
            }
        }
    }
    assert_eq!(proof.finish(), 5 * 2 * 256 * 256);
}

#[test]
fn from_vector_to_general_registers() {
    let mut proof = Proof::default();
    let [mask, convert] = [Mnemonic::Vmovmskpd, Mnemonic::Vcvttsd2si];
    for dst in GPRS {
        for src in (0..16).map(Vreg) {
            proof.add(mask, &[gpr(dst, 4), ymm(src)], |asm| asm.vmovmskpd(dst, src));
            proof.add(Mnemonic::Vmovmskps, &[gpr(dst, 4), ymm(src)], |asm| asm.vmovmskps(dst, src));
            proof.add(convert, &[gpr(dst, 8), xmm(src)], |asm| asm.vcvttsd2si(dst, src));
            proof.add(Mnemonic::Vmovq, &[gpr(dst, 8), xmm(src)], |asm| asm.vmovq(dst, src));
            proof.add(Mnemonic::Vmovd, &[gpr(dst, 4), xmm(src)], |asm| asm.vmovd(dst, src));
            for half in 0..2 {
                let args = [gpr(dst, 8), xmm(src), Arg::Imm(half.into())];
                proof.add(Mnemonic::Vpextrq, &args, |asm| asm.vpextrq(dst, src, half));
            }
        }
        for mem in mems() {
            proof.add(convert, &[gpr(dst, 8), Arg::Mem(mem, 8)], |asm| asm.vcvttsd2si(dst, mem));
        }
        for lanes in CONSTANTS {
            proof.add(convert, &[gpr(dst, 8), Arg::Const(lanes, 8)], |asm| {
                let constant = asm.constant(lanes);
                asm.vcvttsd2si(dst, Operand::Const(constant));
            });
        }
    }
    assert_eq!(proof.finish(), 16 * (7 * 16 + MEMS + CONSTANTS.len()));
}

#[test]
fn comparisons_that_set_flags() {
    let mut proof = Proof::default();
    for a in (0..16).map(Vreg) {
        for b in (0..16).map(Vreg) {
            proof.add(Mnemonic::Vucomisd, &[xmm(a), xmm(b)], |asm| asm.vucomisd(a, b));
        }
        for mem in mems() {
            proof.add(Mnemonic::Vucomisd, &[xmm(a), Arg::Mem(mem, 8)], |asm| asm.vucomisd(a, mem));
        }
        for lanes in CONSTANTS {
            proof.add(Mnemonic::Vucomisd, &[xmm(a), Arg::Const(lanes, 8)], |asm| {
                let constant = asm.constant(lanes);
                asm.vucomisd(a, Operand::Const(constant));
            });
        }
    }
    assert_eq!(proof.finish(), 16 * (16 + MEMS + CONSTANTS.len()));
}

#[test]
fn from_general_to_vector_registers() {
    let mut proof = Proof::default();
    for registers in 0..256 {
        let [dst, a, _] = numbers(registers).map(Vreg);
        for src in GPRS {
            proof
                .add(Mnemonic::Vcvtsi2sd, &[xmm(dst), xmm(a), gpr(src, 8)], |asm| asm.vcvtsi2sd(dst, a, src));
            proof.add(Mnemonic::Vmovd, &[xmm(dst), gpr(src, 4)], |asm| asm.vmovd_to(dst, src));
        }
    }
    assert_eq!(proof.finish(), 2 * 256 * 16);
}

#[test]
fn masked_stores() {
    let mut proof = Proof::default();
    for registers in 0..256 {
        let [src, mask, _] = numbers(registers).map(Vreg);
        for mem in mems() {
            let args = [Arg::Mem(mem, 32), ymm(mask), ymm(src)];
            proof.add(Mnemonic::Vmaskmovpd, &args, |asm| asm.vmaskmovpd(mem, mask, src));
        }
    }
    assert_eq!(proof.finish(), 256 * MEMS);
}

/// The table leaves out no length that there is.
#[test]
fn lengths_that_are_left_out_do_not_exist() {
    let without = Subject::with_and_without().into_iter().filter(|subject| subject.bytes == 0);
    for subject in without {
        let mut proof = Proof::default();
        subject.add(&mut proof, [1, 2, 0], Rm::Mem(Mem::new(GPRS[0], 8)), 0);
        let found = proof.code();
        let decoded = Decoder::new(64, &found, DecoderOptions::NONE).decode();
        assert!(decoded.is_invalid(), "{:?} {:?} is {found:02x?}", subject.mnemonic, subject.length);
    }
}

#[test]
fn vzeroupper() {
    let mut proof = Proof::default();
    proof.add(Mnemonic::Vzeroupper, &[], Assembler::vzeroupper);
    assert_eq!(proof.finish(), 1);
}
