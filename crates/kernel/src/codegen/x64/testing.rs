//! Code on general registers, in few words, for the tests of what changes code.

use super::asm::{Alu, Assembler, Cond, Label};
use super::general::{General, Operand};
use super::inst::{Inst, Size, V};

pub(super) fn v(number: u32) -> V {
    V::general(number)
}

/// `dst = 0`
pub(super) fn is(dst: u32) -> Inst {
    Inst::General(General::Is { dst: v(dst), number: 0 })
}

/// `dst = a + b`
pub(super) fn sum(dst: u32, a: u32, b: u32) -> Inst {
    let b = Operand::V(v(b));
    Inst::General(General::Alu { op: Alu::Add, size: Size::Wide, dst: v(dst), a: v(a), b })
}

/// `dst = a`
pub(super) fn copy(dst: u32, a: u32) -> Inst {
    Inst::General(General::Copy { dst: v(dst), a: v(a) })
}

/// Jumps if a register has this order to 0.
pub(super) fn jump(a: u32, cond: Cond, label: Label) -> Inst {
    Inst::JumpGeneral { a: v(a), b: Operand::Is(0), size: Size::Wide, cond, label }
}

/// Jumps unless a register is 0.
pub(super) fn unless(a: u32, label: Label) -> Inst {
    jump(a, Cond::Ne, label)
}

pub(super) fn labels<const N: usize>() -> [Label; N] {
    let mut asm = Assembler::new();
    std::array::from_fn(|_| asm.label())
}
