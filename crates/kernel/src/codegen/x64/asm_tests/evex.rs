//! Instructions of AVX-512: the proof that the encoder makes them.

use iced_x86::Mnemonic;

use super::check::{Arg, Proof, gpr, mnemonic};
use super::evex_subject::Form::{Mr, Mri, Vrm, Vrmi};
use super::evex_subject::{LENGTHS, Other, SPREAD, VREGS, mask, numbers, subjects, vector};
use super::{GPRS, MEMS, mems};
use crate::codegen::x64::asm::{Gpr, Kreg, MaskOp, Mem, Shift, Spread, Vex, Vreg};

const WORDS: [u64; 3] = [0, u64::MAX, 0x3ff0_0000_0000_0000];

#[test]
fn every_register_in_every_place() {
    let (mut proof, mut count) = (Proof::evex(), 0);
    for subject in subjects().into_iter().filter(|subject| subject.takes_register()) {
        let seconds = if matches!(subject.row.form, Vrm | Vrmi) { VREGS } else { 1 };
        for first in 0..subject.firsts() {
            for second in 0..seconds {
                for other in 0..VREGS as u8 {
                    let imm = subject.immediates()[usize::from(other) % subject.immediates().len()];
                    subject.add(&mut proof, [first as u8, second as u8], Other::Reg(other), imm, (0, false));
                    count += 1;
                }
            }
        }
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

/// The other registers, the masks and the immediates vary along.
#[test]
fn every_memory_operand() {
    let (mut proof, mut count) = (Proof::evex(), 0);
    for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
        let masks = subject.masks();
        for (i, mem) in mems().enumerate() {
            let imm = subject.immediates()[i % subject.immediates().len()];
            let masking = masks[i % masks.len()];
            subject.add(&mut proof, numbers(subject, i * 257), Other::Mem(mem), imm, masking);
            count += 1;
            if subject.row.element > 0 {
                subject.add(&mut proof, numbers(subject, i * 257), Other::Each(mem), imm, masking);
                count += 1;
            }
        }
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
fn every_mask_and_every_immediate() {
    let mut proof = Proof::evex();
    for subject in subjects() {
        for masking in subject.masks() {
            let imms = if subject.immediates().len() > 1 { 0..=255 } else { 0..=0 };
            for imm in imms {
                if subject.takes_register() {
                    subject.add(&mut proof, [5, 17], Other::Reg(27), imm, masking);
                }
                if subject.takes_memory() {
                    subject.add(&mut proof, [2, 30], Other::Mem(Mem::new(Gpr::R12, 8)), imm, masking);
                }
            }
        }
    }
    println!("{} encodings", proof.finish());
}

/// Displacements that are and that are not multiples of the memory operand, up to the limits of a byte.
#[test]
fn displacements_count_in_units_of_the_operand() {
    let mut proof = Proof::evex();
    for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
        for disp in (-129..=129).flat_map(|k| [1, 2, 4, 8, 16, 32, 64].map(|unit| k * unit)) {
            let mem = Mem::new(Gpr::Rdi, disp);
            subject.add(&mut proof, [1, 2], Other::Mem(mem), 0, (0, false));
            if subject.row.element > 0 {
                subject.add(&mut proof, [1, 2], Other::Each(mem), 0, (0, false));
            }
        }
    }
    println!("{} encodings", proof.finish());
}

#[test]
fn constants_of_one_lane_and_of_all() {
    for is_one in [true, false] {
        let mut proof = Proof::evex();
        for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
            let is_scalar = ["VBROADCASTSD", "VMOVSD"].contains(&subject.row.names);
            let takes = if is_one { subject.row.element > 0 || is_scalar } else { true };
            if matches!(subject.row.form, Mr | Mri) || !takes {
                continue;
            }
            for (i, word) in WORDS.into_iter().enumerate() {
                for first in 0..subject.firsts() {
                    let other = if is_one { Other::Word(word) } else { Other::Words(word) };
                    subject.add(&mut proof, [first as u8, (5 * i) as u8], other, 0xa5, (0, false));
                }
            }
        }
        println!("{} encodings", proof.finish());
    }
}

#[test]
fn gathers_and_scatters() {
    let mut proof = Proof::evex();
    let all = Vex::EVEX_ALONE.iter().filter(|(name, _)| SPREAD.contains(name));
    for (name, op) in all {
        let mnemonic = mnemonic(name);
        for (length, long) in LENGTHS.into_iter().enumerate() {
            // Of doubles, the indices take half as much room.
            let indices = if name.ends_with("DPD") { usize::max(length, 1) - 1 } else { length };
            for i in 0..32 * 32 * 16 {
                let (reg, index, base) = (i as u8 & 31, (i >> 5) as u8 & 31, GPRS[i >> 10]);
                // A gather must not overwrite its own indices.
                if reg == index {
                    continue;
                }
                let (scale, disp) = ((i * 7 % 11 % 4) as u8, [0, 8, -1, 1_000_000][i % 4]);
                let number = 1 + (i % 7) as u8;
                let spread = Spread { base, index: Vreg(index), scale, disp };
                let bytes = if name.ends_with("DPD") { 8 } else { 4 };
                let memory = Arg::Spread(spread, indices, bytes);
                let args = if name.contains("GATHER") {
                    [vector(length, reg), memory]
                } else {
                    [memory, vector(length, reg)]
                };
                proof.add_masked(mnemonic, &args, (number, false), |asm| {
                    asm.spread(*op, long, Vreg(reg), spread, Kreg(number));
                });
            }
        }
    }
    assert_eq!(proof.finish(), 5 * 3 * 31 * 32 * 16);
}

#[test]
fn masks() {
    let mut proof = Proof::evex();
    let ops = [MaskOp::Kandb, MaskOp::Kandnb, MaskOp::Korb, MaskOp::Kxnorb, MaskOp::Kxorb, MaskOp::Kunpckbw];
    for a in 0..8 {
        for b in 0..8 {
            for dst in 0..8 {
                for op in ops {
                    let args = [mask(dst), mask(a), mask(b)];
                    proof.add(mnemonic(&format!("{op:?}")), &args, |asm| {
                        asm.mask(op, Kreg(dst), Kreg(a), Kreg(b));
                    });
                }
            }
            let [dst, src] = [Kreg(a), Kreg(b)];
            proof.add(Mnemonic::Knotb, &[mask(a), mask(b)], |asm| asm.knotb(dst, src));
            proof.add(Mnemonic::Kmovb, &[mask(a), mask(b)], |asm| asm.kmovb(dst, src));
            proof.add(Mnemonic::Kortestb, &[mask(a), mask(b)], |asm| asm.kortestb(dst, src));
        }
        for dst in GPRS {
            proof.add(Mnemonic::Kmovb, &[gpr(dst, 4), mask(a)], |asm| asm.kmovb_gpr(dst, Kreg(a)));
        }
        for mem in mems() {
            let arg = Arg::Mem(mem, 8);
            proof.add(Mnemonic::Kmovq, &[mask(a), arg], |asm| asm.kmovq_load(Kreg(a), mem));
            proof.add(Mnemonic::Kmovq, &[arg, mask(a)], |asm| asm.kmovq_store(mem, Kreg(a)));
        }
    }
    assert_eq!(proof.finish(), 64 * (8 * 6 + 3) + 8 * (16 + 2 * MEMS));
}

#[test]
fn shifts() {
    let mut proof = Proof::evex();
    for op in [Shift::Vpslld, Shift::Vpsrld, Shift::Vpsrad, Shift::Vpsllq, Shift::Vpsrlq] {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for (length, long) in LENGTHS.into_iter().enumerate() {
            for registers in 0..32 * 32 {
                let [dst, a] = [registers as u8 & 31, (registers >> 5) as u8];
                for imm in [0, 1, 31, 52, 63, 255_u8] {
                    let args = [vector(length, dst), vector(length, a), Arg::Imm(imm.into())];
                    proof.add(mnemonic, &args, |asm| asm.shift(op, long, Vreg(dst), Vreg(a), imm));
                }
            }
        }
    }
    assert_eq!(proof.finish(), 5 * 3 * 1024 * 6);
}

#[test]
fn to_and_from_general_registers() {
    let mut proof = Proof::evex();
    for general in GPRS {
        for number in 0..32 {
            let (reg, arg) = (Vreg(number), vector(0, number));
            let convert = Mnemonic::Vcvttsd2si;
            proof.add(convert, &[gpr(general, 8), arg], |asm| asm.vcvttsd2si(general, reg));
            proof.add(Mnemonic::Vmovq, &[gpr(general, 8), arg], |asm| asm.vmovq(general, reg));
            proof.add(Mnemonic::Vmovd, &[arg, gpr(general, 4)], |asm| asm.vmovd_to(reg, general));
            for half in 0..2 {
                let args = [gpr(general, 8), arg, Arg::Imm(half.into())];
                proof.add(Mnemonic::Vpextrq, &args, |asm| asm.vpextrq(general, reg, half));
            }
            for other in 0..32 {
                let args = [arg, vector(0, other), gpr(general, 8)];
                proof.add(Mnemonic::Vcvtsi2sd, &args, |asm| asm.vcvtsi2sd(reg, Vreg(other), general));
            }
        }
        for mem in mems() {
            let args = [gpr(general, 8), Arg::Mem(mem, 8)];
            proof.add(Mnemonic::Vcvttsd2si, &args, |asm| asm.vcvttsd2si(general, mem));
        }
    }
    assert_eq!(proof.finish(), 16 * (32 * (5 + 32) + MEMS));
}
