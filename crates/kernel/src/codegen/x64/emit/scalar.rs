//! Instructions on the first lane, of code for one index at a time.

use super::{Emitter, L128};
use crate::codegen::x64::asm::{Alu, Cond, Extend, Gpr, Label, Mem, Operand, Vex};
use crate::codegen::x64::inst::{Compare, Elements, LaneLoad, Src, V};

use Gpr::{R8, R9, R10, Rax, Rsi};

impl Emitter<'_> {
    pub(super) fn jump_if_lane(&mut self, mask: V, is_set: bool, label: Label) {
        self.lanes_of(mask, R8);
        self.asm.bt(R8, 0);
        self.asm.jcc(if is_set { Cond::B } else { Cond::Ae }, label);
    }

    /// What is false for NaN must be so in either sense: the flags are those of "below" and of "equal" then.
    pub(super) fn jump_compare(&mut self, a: V, b: Src, how: Compare, holds: bool, label: Label) {
        let (is, is_not) = match how {
            Compare::Gt => (Cond::A, Cond::Be),
            Compare::Ge => (Cond::Ae, Cond::B),
            Compare::Eq | Compare::Ne | Compare::IEq => (Cond::E, Cond::Ne),
            Compare::INe => (Cond::Ne, Cond::E),
            Compare::ILt => (Cond::L, Cond::Ge),
            Compare::ILe => (Cond::Le, Cond::G),
            Compare::ULt => (Cond::B, Cond::Ae),
            Compare::ULe => (Cond::Be, Cond::A),
        };
        match how {
            Compare::Gt | Compare::Ge | Compare::Eq | Compare::Ne => {
                let b = self.operand(b, Vex::VCMPPD);
                let a = self.reg(a);
                self.asm.vucomisd(a, b);
            }
            _ => {
                let a = self.reg(a);
                self.asm.vmovd(R8, a);
                if let Src::Bits(bits) = b {
                    self.asm.cmp32_imm(R8, bits as u32 as i32);
                } else if let Operand::Reg(b) = self.operand(b, Vex::VCMPPD) {
                    self.asm.vmovd(R9, b);
                    self.asm.cmp32(R8, R9);
                } else {
                    unreachable!("an integer is a constant, or in a register");
                }
            }
        }
        match (how, holds) {
            (Compare::Eq, true) | (Compare::Ne, false) => {
                let unordered = self.asm.label();
                self.asm.jcc(Cond::P, unordered);
                self.asm.jcc(Cond::E, label);
                self.asm.bind(unordered);
            }
            (Compare::Eq, false) | (Compare::Ne, true) => {
                self.asm.jcc(Cond::Ne, label);
                self.asm.jcc(Cond::P, label);
            }
            _ => self.asm.jcc(if holds { is } else { is_not }, label),
        }
    }

    /// What does not fit into 64 bits, or is no number, becomes -2^63; one less overflows then alone.
    pub(super) fn int32_one(&mut self, dst: V, src: V, label: Label) {
        let (dst, src) = (self.reg(dst), self.reg(src));
        self.asm.vcvttsd2si(R8, src);
        self.asm.alu_imm(Alu::Cmp, R8, 1);
        self.asm.jcc(Cond::O, label);
        self.asm.vmovd_to(dst, R8);
    }

    /// What is no number becomes -2^63.
    pub(super) fn jump_unless_int32(&mut self, src: V, label: Label) {
        let src = self.reg(src);
        self.asm.vcvttsd2si(R8, src);
        self.asm.movsxd(R9, R8);
        self.asm.alu(Alu::Cmp, R8, R9);
        self.asm.jcc(Cond::Ne, label);
    }

    pub(super) fn load_one(&mut self, dst: V, elements: Elements, how: LaneLoad) {
        let dst = self.reg(dst);
        self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
        let from = Mem::indexed(R8, Rax, elements.scale);
        match how {
            LaneLoad::Bits => self.asm.rm(Vex::VMOVSD, L128, dst, from),
            LaneLoad::Single => self.asm.rm(Vex::VMOVSS, L128, dst, from),
            LaneLoad::Integer(Extend::Mov32 | Extend::Movsxd) => self.asm.rm(Vex::VMOVD, L128, dst, from),
            LaneLoad::Integer(extend) => {
                self.asm.load(extend, R10, from);
                self.asm.vmovd_to(dst, R10);
            }
        }
    }

    pub(super) fn store_one(&mut self, src: V, elements: Elements, is_wide: bool) {
        let src = self.reg(src);
        self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
        let to = Mem::indexed(R8, Rax, elements.scale);
        match (is_wide, elements.scale) {
            (true, _) => self.asm.mr(Vex::VMOVSD_STORE, L128, to, src),
            (false, 2) => self.asm.mr(Vex::VMOVD_STORE, L128, to, src),
            (false, scale) => {
                self.asm.vmovd(R10, src);
                self.asm.store(to, R10, 1 << scale);
            }
        }
    }
}
