//! Instructions on one element: between registers of both kinds, comparisons that set flags, and atomic operations.

use super::{Alu, Assembler, Cond, Extend, Gpr, Length, Mem, Operand, Rm, Vex, Vreg};

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
        let is_byte = matches!(op, Extend::Movzx8 | Extend::Movsx8);
        debug_assert!(
            !is_byte || !(4..8).contains(&(src as u8)),
            "of which the lower byte has no name without a prefix"
        );
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
        self.immediate(false, Alu::Cmp, a, imm);
    }

    /// `op dst, src`, on 32 bits: the upper half becomes 0.
    pub fn alu32(&mut self, op: Alu, dst: Gpr, src: Gpr) {
        self.general(false, &[op as u8], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `op dst, imm`, on 32 bits; not `mov`.
    pub fn alu32_imm(&mut self, op: Alu, dst: Gpr, imm: i32) {
        debug_assert!(op != Alu::Mov, "its immediate has another form");
        self.immediate(false, op, dst, imm);
    }

    /// `op dst, number`, on 64 bits: a constant behind the code.
    pub fn alu_const(&mut self, op: Alu, dst: Gpr, number: i64) {
        let constant = self.constant([number.cast_unsigned(); 4]);
        self.general(true, &[op as u8], dst as u8, Rm::Const(constant), 0);
    }

    /// `imul dst, src`, on 32 bits or on 64.
    pub fn imul(&mut self, wide: bool, dst: Gpr, src: Gpr) {
        self.general(wide, &[0x0f, 0xaf], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `imul dst, src, imm`, on 32 bits or on 64.
    pub fn imul_imm(&mut self, wide: bool, dst: Gpr, src: Gpr, imm: i32) {
        self.general(wide, &[0x69], dst as u8, Rm::Reg(src as u8), 4);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `shl`, `sar` or `shr` of 32 bits, by a constant: `number` is 4, 7 or 5.
    pub fn shift32(&mut self, number: u8, dst: Gpr, count: u8) {
        self.general(false, &[0xc1], number, Rm::Reg(dst as u8), 1);
        self.bytes.push(count);
    }

    /// `shlx`, `sarx` or `shrx` of 32 bits: `prefix` is 1, 2 or 3.
    pub fn shift32_by(&mut self, prefix: u8, dst: Gpr, src: Gpr, count: Gpr) {
        let op = Vex { pp: prefix, map: 2, w: false, opcode: 0xf7 };
        self.vex(op, Length::L128, dst as u8, count as u8, Rm::Reg(src as u8), 0);
    }

    /// `lzcnt dst, src`, on 32 bits.
    pub fn lzcnt32(&mut self, dst: Gpr, src: Gpr) {
        self.bytes.push(0xf3);
        self.general(false, &[0x0f, 0xbd], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `setcc dst`: the lower byte becomes 1 or 0.
    pub fn setcc(&mut self, cond: Cond, dst: Gpr) {
        debug_assert!(!(4..8).contains(&(dst as u8)), "of which the lower byte has no name without a prefix");
        self.general(false, &[0x0f, 0x90 | cond as u8], 0, Rm::Reg(dst as u8), 0);
    }

    /// `cmovcc dst, src`, on 64 bits.
    pub fn cmov(&mut self, cond: Cond, dst: Gpr, src: Gpr) {
        self.general(true, &[0x0f, 0x40 | cond as u8], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `mov dst, imm`: with its sign.
    pub fn mov_signed(&mut self, dst: Gpr, imm: i32) {
        self.general(true, &[0xc7], 0, Rm::Reg(dst as u8), 4);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `mov dst, imm`, of 64 bits.
    pub fn mov_wide(&mut self, dst: Gpr, imm: i64) {
        self.bytes.extend_from_slice(&[0x48 | dst as u8 >> 3, 0xb8 | dst as u8 & 7]);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `neg a`, on 64 bits.
    pub fn neg(&mut self, a: Gpr) {
        self.general(true, &[0xf7], 3, Rm::Reg(a as u8), 0);
    }

    /// `vmovq dst, src`: all 64 bits; the rest of the register becomes 0.
    pub fn vmovq_to(&mut self, dst: Vreg, src: Gpr) {
        let op = Vex { pp: 1, map: 1, w: true, opcode: 0x6e };
        self.general_vector(op, true, Length::L128, (dst.0, 0), Rm::Reg(src as u8), 0);
    }

    /// `vcvtsi2sd dst, a, src`: a signed integer of 32 bits as a double.
    pub fn vcvtsi2sd32(&mut self, dst: Vreg, a: Vreg, src: Gpr) {
        let op = Vex { pp: 3, map: 1, w: false, opcode: 0x2a };
        self.general_vector(op, false, Length::L128, (dst.0, a.0), Rm::Reg(src as u8), 0);
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
