//! Instructions on general registers, and between them and vectors.

use super::Assembler;
use crate::codegen::x64::asm::{Extend, Vreg};

/// A general register, `x0` to `x30`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct X(pub(in crate::codegen) u8);

/// Reads as 0, and forgets what is written to it. Where an address or a sum of an immediate is meant, this number is the stack
/// pointer's instead.
pub(in crate::codegen) const XZR: X = X(31);

/// A condition of a jump.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Cond {
    Ne = 1,
    /// Without signs.
    Hs = 2,
    Lo = 3,
    Mi = 4,
    /// Of doubles: one is NaN.
    Vs = 6,
}

/// Of three registers, on 64 bits or on 32.
const fn of_three(word: u32, d: X, n: X, m: X) -> u32 {
    word | (m.0 as u32) << 16 | (n.0 as u32) << 5 | d.0 as u32
}

impl Assembler {
    /// `mov d, imm`, of up to 64 bits.
    pub(in crate::codegen) fn mov_imm(&mut self, d: X, imm: u64) {
        let d = u32::from(d.0);
        let halves = (0..4).map(|at| (at, (imm >> (16 * at) & 0xffff) as u32));
        let mut is_first = true;
        for (at, half) in halves.filter(|(at, half)| *half != 0 || *at == 0 && imm >> 16 == 0) {
            self.word(if is_first { 0xd280_0000 } else { 0xf280_0000 } | at << 21 | half << 5 | d);
            is_first = false;
        }
    }

    /// `d = n + imm`. Where the immediate is large, `x16` holds it.
    pub(in crate::codegen) fn add_imm(&mut self, d: X, n: X, imm: i32) {
        let size = imm.unsigned_abs();
        if size < 4096 {
            let word = if imm < 0 { 0xd100_0000 } else { 0x9100_0000 };
            return self.word(word | size << 10 | u32::from(n.0) << 5 | u32::from(d.0));
        }
        self.mov_imm(X(16), i64::from(imm) as u64);
        self.add(d, n, X(16), 0);
    }

    /// `subs d, n, imm`: sets the flags. Below 4096.
    pub(in crate::codegen) fn subs_imm(&mut self, d: X, n: X, imm: u32) {
        debug_assert!(imm < 4096, "it has twelve bits");
        self.word(0xf100_0000 | imm << 10 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `cmn n, imm`: compares with `-imm`. Below 4096.
    pub(in crate::codegen) fn cmn_imm(&mut self, n: X, imm: u32) {
        debug_assert!(imm < 4096, "it has twelve bits");
        self.word(0xb100_001f | imm << 10 | u32::from(n.0) << 5);
    }

    /// `add d, n, m, lsl shift`.
    pub(in crate::codegen) fn add(&mut self, d: X, n: X, m: X, shift: u8) {
        self.word(of_three(0x8b00_0000, d, n, m) | u32::from(shift) << 10);
    }

    /// `orr d, n, m, lsl shift`.
    pub(in crate::codegen) fn orr(&mut self, d: X, n: X, m: X, shift: u8) {
        self.word(of_three(0xaa00_0000, d, n, m) | u32::from(shift) << 10);
    }

    /// `cmp n, m`, on 64 bits.
    pub(in crate::codegen) fn cmp(&mut self, n: X, m: X) {
        self.word(of_three(0xeb00_0000, XZR, n, m));
    }

    /// `cmp n, m`, on 32 bits.
    pub(in crate::codegen) fn cmp_w(&mut self, n: X, m: X) {
        self.word(of_three(0x6b00_0000, XZR, n, m));
    }

    /// `add`, `sub`, `and`, `orr`, `eor` of `d, n, m`, on 32 bits.
    pub(in crate::codegen) fn add_w(&mut self, d: X, n: X, m: X) {
        self.word(of_three(0x0b00_0000, d, n, m));
    }

    /// `sub d, n, m`, on 32 bits.
    pub(in crate::codegen) fn sub_w(&mut self, d: X, n: X, m: X) {
        self.word(of_three(0x4b00_0000, d, n, m));
    }

    /// `and d, n, m`, on 32 bits.
    pub(in crate::codegen) fn and_w(&mut self, d: X, n: X, m: X) {
        self.word(of_three(0x0a00_0000, d, n, m));
    }

    /// `orr d, n, m`, on 32 bits.
    pub(in crate::codegen) fn orr_w(&mut self, d: X, n: X, m: X) {
        self.word(of_three(0x2a00_0000, d, n, m));
    }

    /// `eor d, n, m`, on 32 bits.
    pub(in crate::codegen) fn eor_w(&mut self, d: X, n: X, m: X) {
        self.word(of_three(0x4a00_0000, d, n, m));
    }

    /// `lsr d, n, count`, on 64 bits.
    pub(in crate::codegen) fn lsr(&mut self, d: X, n: X, count: u8) {
        self.word(0xd340_fc00 | u32::from(count) << 16 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// The lower part of a register, with its sign or with zeros before it: to 32 bits.
    pub(in crate::codegen) fn extend_w(&mut self, how: Extend, d: X, n: X) {
        let word = match how {
            Extend::Movsx8 => 0x1300_1c00,
            Extend::Movsx16 => 0x1300_3c00,
            Extend::Movzx8 => 0x5300_1c00,
            Extend::Movzx16 => 0x5300_3c00,
            Extend::Mov32 | Extend::Movsxd => return self.orr_w(d, XZR, n),
        };
        self.word(word | u32::from(n.0) << 5 | u32::from(d.0));
    }

    // --- between general registers and vectors ---

    /// `umov d, n.d[lane]`.
    pub(in crate::codegen) fn umov_d(&mut self, d: X, n: Vreg, lane: u8) {
        self.word(0x4e08_3c00 | u32::from(lane) << 20 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `umov d, n.s[lane]`: the upper half of the register becomes 0.
    pub(in crate::codegen) fn umov_s(&mut self, d: X, n: Vreg, lane: u8) {
        self.word(0x0e04_3c00 | u32::from(lane) << 19 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `fcvtzs d, n`: a double as a signed integer of 64 bits; the nearest one where there is none, and 0 of NaN.
    pub(in crate::codegen) fn fcvtzs(&mut self, d: X, n: Vreg) {
        self.word(0x9e78_0000 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `scvtf d, n`: a signed integer of 64 bits as a double.
    pub(in crate::codegen) fn scvtf(&mut self, d: Vreg, n: X) {
        self.word(0x9e62_0000 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `fcmp n, m`, of doubles.
    pub(in crate::codegen) fn fcmp(&mut self, n: Vreg, m: Vreg) {
        self.word(0x1e60_2000 | u32::from(m.0) << 16 | u32::from(n.0) << 5);
    }
}
