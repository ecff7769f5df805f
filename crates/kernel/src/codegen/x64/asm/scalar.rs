//! Instructions on one element: between registers of both kinds, comparisons that set flags, and atomic operations.

use super::{Alu, Assembler, Extend, Gpr, Length, Mem, Operand, Rm, Vex, Vreg};

impl Assembler {
    /// `vmovd dst, src`: the lower 32 bits; the upper half of the register becomes 0.
    pub fn vmovd(&mut self, dst: Gpr, src: Vreg) {
        let op = Vex { pp: 1, map: 1, w: false, opcode: 0x7e };
        self.general_vector(op, false, Length::L128, (src.0, 0), Rm::Reg(dst as u8), 0);
    }

    /// `vmovd dst, src`: the lower 32 bits; the rest of the register becomes 0.
    pub fn vmovd_to(&mut self, dst: Vreg, src: Gpr) {
        let op = Vex { pp: 1, map: 1, w: false, opcode: 0x6e };
        self.general_vector(op, false, Length::L128, (dst.0, 0), Rm::Reg(src as u8), 0);
    }

    /// `movsxd dst, src`: the lower half, with its sign.
    pub fn movsxd(&mut self, dst: Gpr, src: Gpr) {
        self.general(true, &[0x63], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// Extends the lower part of a register.
    pub fn extend(&mut self, op: Extend, dst: Gpr, src: Gpr) {
        debug_assert!(!(4..8).contains(&(src as u8)), "of which the lower byte has no name without a prefix");
        let (wide, opcode) = op.encoding();
        self.general(wide, opcode, dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `vucomisd a, b`: flags as of integers without signs; all of zero, parity and carry if one is NaN.
    pub fn vucomisd(&mut self, a: Vreg, b: impl Into<Operand>) {
        let op = Vex { pp: 1, map: 1, w: false, opcode: 0x2e };
        self.general_vector(op, true, Length::L128, (a.0, 0), b.into().into(), 0);
    }

    /// `cmp a, b`, on 32 bits.
    pub fn cmp32(&mut self, a: Gpr, b: Gpr) {
        self.general(false, &[Alu::Cmp as u8], a as u8, Rm::Reg(b as u8), 0);
    }

    /// `cmp a, imm`, on 32 bits.
    pub fn cmp32_imm(&mut self, a: Gpr, imm: i32) {
        self.general(false, &[0x81], (Alu::Cmp as u8) >> 3, Rm::Reg(a as u8), 4);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `neg a`, on 32 bits.
    pub fn neg32(&mut self, a: Gpr) {
        self.general(false, &[0xf7], 3, Rm::Reg(a as u8), 0);
    }

    /// `lock xadd [mem], reg`, of 1, 2 or 4 bytes: the register gets what was there.
    pub fn lock_xadd(&mut self, to: Mem, reg: Gpr, bytes: u8) {
        self.bytes.push(0xf0);
        self.sized(bytes, &[0x0f, 0xc1], to, reg);
    }

    /// `xchg [mem], reg`, of 1, 2 or 4 bytes: with memory, it locks by itself.
    pub fn xchg(&mut self, to: Mem, reg: Gpr, bytes: u8) {
        self.sized(bytes, &[0x87], to, reg);
    }

    /// `lock cmpxchg [mem], reg`, of 1, 2 or 4 bytes: if `rax` is there, the register is put there. `rax` gets what was there.
    pub fn lock_cmpxchg(&mut self, to: Mem, reg: Gpr, bytes: u8) {
        self.bytes.push(0xf0);
        self.sized(bytes, &[0x0f, 0xb1], to, reg);
    }

    /// An instruction of 1, 2 or 4 bytes, by its opcode for 4.
    fn sized(&mut self, bytes: u8, opcode: &[u8], to: Mem, reg: Gpr) {
        debug_assert!(!(4..8).contains(&(reg as u8)), "of which the lower byte has no name without a prefix");
        match (bytes, opcode) {
            (1, [first, last]) => self.general(false, &[*first, last - 1], reg as u8, Rm::Mem(to), 0),
            (1, _) => self.general(false, &[opcode[0] - 1], reg as u8, Rm::Mem(to), 0),
            (2, _) => {
                self.bytes.push(0x66);
                self.general(false, opcode, reg as u8, Rm::Mem(to), 0);
            }
            _ => self.general(false, opcode, reg as u8, Rm::Mem(to), 0),
        }
    }
}
