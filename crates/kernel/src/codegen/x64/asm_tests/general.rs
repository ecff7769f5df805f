//! General instructions, and those of the x87.

use iced_x86::{Mnemonic, Register};

use super::check::{Arg, Proof, gpr, mnemonic};
use super::{GPRS, MEMS, mems};
use crate::codegen::x64::asm::{Alu, Assembler, Extend, Gpr, Mem};

pub(super) const ALUS: [Alu; 7] = [Alu::Add, Alu::Or, Alu::And, Alu::Sub, Alu::Xor, Alu::Cmp, Alu::Mov];

pub(super) const IMMEDIATES: [i32; 11] =
    [0, 1, -1, 127, -128, 128, -129, 0x1234_5678, -1_000_000, i32::MAX, i32::MIN];

/// `emit` with every register and every memory operand.
fn with_memory(
    mnemonic: Mnemonic,
    bytes: usize,
    order: impl Fn(Gpr, Arg) -> [Arg; 2],
    emit: impl Fn(&mut Assembler, Gpr, Mem),
) {
    let mut proof = Proof::default();
    for reg in GPRS {
        for mem in mems() {
            proof.add(mnemonic, &order(reg, Arg::Mem(mem, bytes)), |asm| emit(asm, reg, mem));
        }
    }
    assert_eq!(proof.finish(), 16 * MEMS);
}

#[test]
fn arithmetic_of_registers_and_immediates() {
    let mut proof = Proof::default();
    for op in ALUS {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for dst in GPRS {
            for src in GPRS {
                proof.add(mnemonic, &[gpr(dst, 8), gpr(src, 8)], |asm| asm.alu(op, dst, src));
            }
            for imm in IMMEDIATES.into_iter().filter(|_| op != Alu::Mov) {
                let extended = i64::from(imm).cast_unsigned();
                proof.add(mnemonic, &[gpr(dst, 8), Arg::Imm(extended)], |asm| asm.alu_imm(op, dst, imm));
            }
        }
    }
    assert_eq!(proof.finish(), 16 * (7 * 16 + 6 * IMMEDIATES.len()));
}

#[test]
fn arithmetic_of_memory() {
    for op in ALUS {
        let mnemonic = mnemonic(&format!("{op:?}"));
        with_memory(mnemonic, 8, |dst, mem| [gpr(dst, 8), mem], |asm, dst, mem| asm.alu_mem(op, dst, mem));
    }
}

#[test]
fn immediates_to_registers() {
    let mut proof = Proof::default();
    for dst in GPRS {
        for imm in IMMEDIATES.map(i32::cast_unsigned) {
            proof.add(Mnemonic::Mov, &[gpr(dst, 4), Arg::Imm(imm.into())], |asm| asm.mov_imm(dst, imm));
        }
        for src in GPRS {
            proof.add(Mnemonic::Mov, &[gpr(dst, 4), gpr(src, 4)], |asm| asm.mov32(dst, src));
        }
    }
    assert_eq!(proof.finish(), 16 * (IMMEDIATES.len() + 16));
}

#[test]
fn integers_of_32_bits() {
    let mut proof = Proof::default();
    for a in GPRS {
        for imm in IMMEDIATES {
            let arg = Arg::Imm(u64::from(imm.cast_unsigned()));
            proof.add(Mnemonic::Cmp, &[gpr(a, 4), arg], |asm| asm.cmp32_imm(a, imm));
        }
        for b in GPRS {
            proof.add(Mnemonic::Cmp, &[gpr(a, 4), gpr(b, 4)], |asm| asm.cmp32(a, b));
            proof.add(Mnemonic::Movsxd, &[gpr(a, 8), gpr(b, 4)], |asm| asm.movsxd(a, b));
        }
    }
    assert_eq!(proof.finish(), 16 * (IMMEDIATES.len() + 2 * 16));
}

#[test]
fn immediates_to_memory() {
    let mut proof = Proof::default();
    for imm in IMMEDIATES.map(i32::cast_unsigned) {
        for mem in mems() {
            let args = [Arg::Mem(mem, 4), Arg::Imm(imm.into())];
            proof.add(Mnemonic::Mov, &args, |asm| asm.store_imm(mem, imm));
        }
    }
    assert_eq!(proof.finish(), IMMEDIATES.len() * MEMS);
}

#[test]
fn addresses() {
    with_memory(Mnemonic::Lea, 0, |dst, mem| [gpr(dst, 8), mem], Assembler::lea);
}

#[test]
fn bits() {
    let mut proof = Proof::default();
    for a in GPRS {
        proof.add(Mnemonic::Test, &[gpr(a, 4), gpr(a, 4)], |asm| asm.test(a));
        for bit in 0..=255_u8 {
            proof.add(Mnemonic::Shr, &[gpr(a, 8), Arg::Imm(bit.into())], |asm| asm.shr(a, bit));
            proof.add(Mnemonic::Shl, &[gpr(a, 8), Arg::Imm(bit.into())], |asm| asm.shl(a, bit));
            proof.add(Mnemonic::Bt, &[gpr(a, 4), Arg::Imm(bit.into())], |asm| asm.bt(a, bit));
        }
    }
    assert_eq!(proof.finish(), 16 * (1 + 3 * 256));
}

#[test]
fn loads() {
    let loads = [
        (Extend::Movzx8, Mnemonic::Movzx, 1, 4),
        (Extend::Movsx8, Mnemonic::Movsx, 1, 8),
        (Extend::Movzx16, Mnemonic::Movzx, 2, 4),
        (Extend::Movsx16, Mnemonic::Movsx, 2, 8),
        (Extend::Mov32, Mnemonic::Mov, 4, 4),
        (Extend::Movsxd, Mnemonic::Movsxd, 4, 8),
    ];
    for (op, mnemonic, from, to) in loads {
        with_memory(mnemonic, from, |dst, mem| [gpr(dst, to), mem], |asm, dst, mem| asm.load(op, dst, mem));
    }
}

#[test]
fn stores() {
    for bytes in [1, 2, 4, 8] {
        let order = |src, mem| [mem, gpr(src, bytes)];
        with_memory(Mnemonic::Mov, bytes, order, |asm, src, mem| asm.store(mem, src, bytes as u8));
    }
}

/// The processor makes each of them one step: those that do not lock by themselves have the prefix.
#[test]
fn atomic_operations() {
    let named = |reg: &Gpr| !matches!(reg, Gpr::Rsp | Gpr::Rbp | Gpr::Rsi | Gpr::Rdi);
    type Emit = fn(&mut Assembler, Mem, Gpr, u8);
    let emits: [(Mnemonic, Emit); 3] = [
        (Mnemonic::Xadd, Assembler::lock_xadd),
        (Mnemonic::Cmpxchg, Assembler::lock_cmpxchg),
        (Mnemonic::Xchg, Assembler::xchg),
    ];
    for (mnemonic, emit) in emits {
        let mut proof = Proof::default();
        for bytes in [1, 2, 4] {
            for reg in GPRS.into_iter().filter(named) {
                for mem in mems() {
                    let args = [Arg::Mem(mem, bytes), gpr(reg, bytes)];
                    proof.add(mnemonic, &args, |asm| emit(asm, mem, reg, bytes as u8));
                }
            }
        }
        assert_eq!(proof.finish(), 3 * 12 * MEMS);
    }
}

#[test]
fn extensions_of_registers() {
    let mut proof = Proof::default();
    let named = |reg: &Gpr| !matches!(reg, Gpr::Rsp | Gpr::Rbp | Gpr::Rsi | Gpr::Rdi);
    for dst in GPRS {
        proof.add(Mnemonic::Neg, &[gpr(dst, 4)], |asm| asm.neg32(dst));
        for src in GPRS.into_iter().filter(named) {
            let extensions = [
                (Extend::Movzx8, Mnemonic::Movzx, 1, 4),
                (Extend::Movsx8, Mnemonic::Movsx, 1, 8),
                (Extend::Movzx16, Mnemonic::Movzx, 2, 4),
                (Extend::Movsx16, Mnemonic::Movsx, 2, 8),
                (Extend::Mov32, Mnemonic::Mov, 4, 4),
                (Extend::Movsxd, Mnemonic::Movsxd, 4, 8),
            ];
            for (op, mnemonic, from, to) in extensions {
                proof.add(mnemonic, &[gpr(dst, to), gpr(src, from)], |asm| asm.extend(op, dst, src));
            }
        }
    }
    assert_eq!(proof.finish(), 16 * (1 + 12 * 6));
}

#[test]
fn operands_in_memory_alone() {
    let mut proof = Proof::default();
    for mem in mems() {
        let arg = [Arg::Mem(mem, 8)];
        proof.add(Mnemonic::Jmp, &arg, |asm| asm.jmp_mem(mem));
        proof.add(Mnemonic::Fld, &arg, |asm| asm.fld(mem));
        proof.add(Mnemonic::Fstp, &arg, |asm| asm.fstp(mem));
    }
    assert_eq!(proof.finish(), 3 * MEMS);
}

#[test]
fn instructions_without_operands() {
    let mut proof = Proof::default();
    let [ax, st0] = [Register::AX, Register::ST0].map(Arg::Reg);
    proof.add(Mnemonic::Ret, &[], Assembler::ret);
    proof.add(Mnemonic::Fprem, &[], Assembler::fprem);
    proof.add(Mnemonic::Fnstsw, &[ax], Assembler::fnstsw);
    proof.add(Mnemonic::Fstp, &[st0], Assembler::fstp_st0);
    assert_eq!(proof.finish(), 4);
}
