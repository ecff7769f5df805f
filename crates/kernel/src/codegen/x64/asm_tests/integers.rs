//! Instructions on integers that code for one index at a time is made of.

use iced_x86::Mnemonic;

use super::GPRS;
use super::check::{Arg, Proof, gpr, mnemonic, xmm};
use super::general::{ALUS, IMMEDIATES};
use crate::codegen::x64::asm::{Alu, Cond, Gpr, Vreg};

const CONDITIONS: [Cond; 16] = [
    Cond::O,
    Cond::No,
    Cond::B,
    Cond::Ae,
    Cond::E,
    Cond::Ne,
    Cond::Be,
    Cond::A,
    Cond::S,
    Cond::Ns,
    Cond::P,
    Cond::Np,
    Cond::L,
    Cond::Ge,
    Cond::Le,
    Cond::G,
];

#[test]
fn arithmetic() {
    let mut proof = Proof::default();
    for op in ALUS {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for dst in GPRS {
            for src in GPRS {
                proof.add(mnemonic, &[gpr(dst, 4), gpr(src, 4)], |asm| asm.alu32(op, dst, src));
            }
            for imm in IMMEDIATES.into_iter().filter(|_| op != Alu::Mov) {
                let arg = Arg::Imm(imm.cast_unsigned().into());
                proof.add(mnemonic, &[gpr(dst, 4), arg], |asm| asm.alu32_imm(op, dst, imm));
            }
        }
    }
    assert_eq!(proof.finish(), 16 * (7 * 16 + 6 * IMMEDIATES.len()));
}

#[test]
fn products() {
    let mut proof = Proof::default();
    for (wide, bytes) in [(false, 4), (true, 8)] {
        for dst in GPRS {
            for src in GPRS {
                let args = [gpr(dst, bytes), gpr(src, bytes)];
                proof.add(Mnemonic::Imul, &args, |asm| asm.imul(wide, dst, src));
                for imm in IMMEDIATES {
                    let extended =
                        i64::from(imm).cast_unsigned() & if wide { u64::MAX } else { u32::MAX.into() };
                    let args = [gpr(dst, bytes), gpr(src, bytes), Arg::Imm(extended)];
                    proof.add(Mnemonic::Imul, &args, |asm| asm.imul_imm(wide, dst, src, imm));
                }
            }
        }
    }
    assert_eq!(proof.finish(), 2 * 256 * (1 + IMMEDIATES.len()));
}

#[test]
fn shifts() {
    let mut proof = Proof::default();
    for dst in GPRS {
        for count in 0..=255_u8 {
            for (number, mnemonic) in [(4, Mnemonic::Shl), (7, Mnemonic::Sar), (5, Mnemonic::Shr)] {
                let args = [gpr(dst, 4), Arg::Imm(count.into())];
                proof.add(mnemonic, &args, |asm| asm.shift32(number, dst, count));
            }
        }
        for src in GPRS {
            proof.add(Mnemonic::Lzcnt, &[gpr(dst, 4), gpr(src, 4)], |asm| asm.lzcnt32(dst, src));
            for count in GPRS {
                for (prefix, mnemonic) in [(1, Mnemonic::Shlx), (2, Mnemonic::Sarx), (3, Mnemonic::Shrx)] {
                    let args = [gpr(dst, 4), gpr(src, 4), gpr(count, 4)];
                    proof.add(mnemonic, &args, |asm| asm.shift32_by(prefix, dst, src, count));
                }
            }
        }
    }
    assert_eq!(proof.finish(), 16 * (256 * 3 + 16 * (1 + 16 * 3)));
}

#[test]
fn conditions() {
    let mut proof = Proof::default();
    let named = |reg: &Gpr| !matches!(reg, Gpr::Rsp | Gpr::Rbp | Gpr::Rsi | Gpr::Rdi);
    for (number, cond) in CONDITIONS.into_iter().enumerate() {
        assert_eq!(cond as usize, number);
        assert_eq!(cond.inverse() as usize, number ^ 1);
        let name = format!("{cond:?}");
        for dst in GPRS {
            if named(&dst) {
                proof.add(mnemonic(&format!("set{name}")), &[gpr(dst, 1)], |asm| asm.setcc(cond, dst));
            }
            for src in GPRS {
                let mnemonic = mnemonic(&format!("cmov{name}"));
                proof.add(mnemonic, &[gpr(dst, 8), gpr(src, 8)], |asm| asm.cmov(cond, dst, src));
            }
        }
    }
    assert_eq!(proof.finish(), 16 * (12 + 256));
}

#[test]
fn numbers() {
    let mut proof = Proof::default();
    for dst in GPRS {
        proof.add(Mnemonic::Neg, &[gpr(dst, 8)], |asm| asm.neg(dst));
        for imm in IMMEDIATES {
            let extended = i64::from(imm).cast_unsigned();
            proof.add(Mnemonic::Mov, &[gpr(dst, 8), Arg::Imm(extended)], |asm| asm.mov_signed(dst, imm));
            let wide = i64::from(imm).wrapping_mul(0x1_2345_6789);
            let arg = Arg::Imm(wide.cast_unsigned());
            proof.add(Mnemonic::Mov, &[gpr(dst, 8), arg], |asm| asm.mov_wide(dst, wide));
        }
    }
    assert_eq!(proof.finish(), 16 * (1 + 2 * IMMEDIATES.len()));
}

#[test]
fn constants() {
    let mut proof = Proof::default();
    for op in ALUS {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for dst in GPRS {
            for number in [1_i64 << 53, -(1 << 53)] {
                let args = [gpr(dst, 8), Arg::Const([number.cast_unsigned(); 4], 8)];
                proof.add(mnemonic, &args, |asm| asm.alu_const(op, dst, number));
            }
        }
    }
    assert_eq!(proof.finish(), 7 * 16 * 2);
}

#[test]
fn to_vectors() {
    let mut proof = Proof::default();
    for dst in (0..16).map(Vreg) {
        for src in GPRS {
            proof.add(Mnemonic::Vmovq, &[xmm(dst), gpr(src, 8)], |asm| asm.vmovq_to(dst, src));
            for a in (0..16).map(Vreg) {
                let args = [xmm(dst), xmm(a), gpr(src, 4)];
                proof.add(Mnemonic::Vcvtsi2sd, &args, |asm| asm.vcvtsi2sd32(dst, a, src));
            }
        }
    }
    assert_eq!(proof.finish(), 256 * 17);
}
