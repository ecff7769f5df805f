//! The proof of the encoder: another's decoder (iced-x86) reads every instruction that it makes back as what was asked for.
//!
//! Every instruction comes with all registers in all places; with every form of memory operand, and registers that vary
//! along; with constants; and at both lengths. `everything` has all registers with every form of memory operand, too.

mod check;
mod evex;
mod evex_subject;
mod general;
mod integers;
mod jumps;
mod subject;
mod table;
mod vector;

use super::asm::{Gpr, Mem};

const GPRS: [Gpr; 16] = [
    Gpr::Rax,
    Gpr::Rcx,
    Gpr::Rdx,
    Gpr::Rbx,
    Gpr::Rsp,
    Gpr::Rbp,
    Gpr::Rsi,
    Gpr::Rdi,
    Gpr::R8,
    Gpr::R9,
    Gpr::R10,
    Gpr::R11,
    Gpr::R12,
    Gpr::R13,
    Gpr::R14,
    Gpr::R15,
];

/// Around the limits of a byte, of 32 bits, and of nothing.
const DISPLACEMENTS: [i32; 13] =
    [0, 1, -1, 127, -127, 128, -128, 129, -129, 1_000_000, -1_000_000, i32::MAX, i32::MIN];

/// How many memory operands there are: bases, no index or all but `rsp` scaled by four numbers, displacements.
const MEMS: usize = 16 * (1 + 15 * 4) * DISPLACEMENTS.len();

/// Every form of memory operand.
fn mems() -> impl Iterator<Item = Mem> {
    let indices = || {
        let registers = GPRS.into_iter().filter(|index| *index != Gpr::Rsp);
        let scaled = registers.flat_map(|index| (0..4).map(move |scale| Some((index, scale))));
        std::iter::once(None).chain(scaled)
    };
    let mem = |base, index| DISPLACEMENTS.into_iter().map(move |disp| Mem { base, index, disp });
    GPRS.into_iter().flat_map(move |base| indices().flat_map(move |index| mem(base, index)))
}

#[test]
fn memory_operands_are_all_there() {
    assert_eq!(mems().count(), MEMS);
}
