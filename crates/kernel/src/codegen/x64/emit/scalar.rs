//! Instructions on the first lane, of code for one index at a time.

use super::{Emitter, L128};
use crate::codegen::x64::asm::{Alu, Cond, Extend, Gpr, Label, Mem, Vex};
use crate::codegen::x64::general::General;
use crate::codegen::x64::inst::{Compare, Elements, Inst, LaneLoad, Nth, Src, V};

use Gpr::{R8, R9, Rax, Rsi};

/// Whether an instruction leaves `r8` alone that holds the address of an array, and whoever comes to the next one comes from here.
pub(super) fn keeps_address(inst: &Inst) -> bool {
    match inst {
        Inst::General(general) => matches!(
            general,
            General::Is { .. }
                | General::Input { .. }
                | General::Copy { .. }
                | General::Alu { op: Alu::Add | Alu::And | Alu::Or | Alu::Xor, .. }
                | General::Multiply { .. }
                | General::Shift { .. }
                | General::Extend { how: Extend::Movsxd | Extend::Mov32, .. }
                | General::Double { .. }
                | General::Truncate { .. }
        ),
        Inst::LoadOne { .. }
        | Inst::StoreOne { .. }
        | Inst::LoadLocalOne { .. }
        | Inst::JumpGeneral { .. }
        | Inst::JumpCompare { .. }
        | Inst::JumpUnlessElement { .. }
        | Inst::Vector(_)
        | Inst::Spill { .. }
        | Inst::Reload { .. } => true,
        _ => false,
    }
}

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
            Compare::Eq | Compare::Ne => (Cond::E, Cond::Ne),
            Compare::Differs => (Cond::Ne, Cond::E),
        };
        let b = self.operand(b, Vex::VCMPPD);
        let a = self.reg(a);
        self.asm.vucomisd(a, b);
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
        let (dst, src) = (self.gpr(dst), self.reg(src));
        self.asm.vcvttsd2si(dst, src);
        self.asm.alu_imm(Alu::Cmp, dst, 1);
        self.asm.jcc(Cond::O, label);
    }

    /// What is no number becomes -2^63.
    pub(super) fn jump_unless_int32(&mut self, src: V, label: Label) {
        let src = self.reg(src);
        self.asm.vcvttsd2si(R8, src);
        self.asm.movsxd(R9, R8);
        self.asm.alu(Alu::Cmp, R8, R9);
        self.asm.jcc(Cond::Ne, label);
    }

    pub(super) fn load_one(&mut self, dst: V, elements: Elements, how: LaneLoad, at: Nth) {
        let from = self.element(elements, at);
        match how {
            LaneLoad::Bits => self.asm.rm(Vex::VMOVSD, L128, self.reg(dst), from),
            LaneLoad::Single => self.asm.rm(Vex::VMOVSS, L128, self.reg(dst), from),
            LaneLoad::Integer(extend) => self.asm.load(extend, self.gpr(dst), from),
        }
    }

    pub(super) fn store_one(&mut self, src: V, elements: Elements, is_wide: bool, at: Nth) {
        let to = self.element(elements, at);
        if src.is_general() {
            return self.asm.store(to, self.gpr(src), 1 << elements.scale);
        }
        let src = self.reg(src);
        match (is_wide, elements.scale) {
            (true, _) => self.asm.mr(Vex::VMOVSD_STORE, L128, to, src),
            (false, 2) => self.asm.mr(Vex::VMOVD_STORE, L128, to, src),
            (false, scale) => {
                self.asm.vmovd(R9, src);
                self.asm.store(to, R9, 1 << scale);
            }
        }
    }

    /// Where an element of an array of the caller is. Its address is in `r8`, and stays there for the next one.
    fn element(&mut self, elements: Elements, at: Nth) -> Mem {
        if self.address != Some(elements.record) {
            self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
            self.address = Some(elements.record);
        }
        match at {
            Nth::Rax => Mem::indexed(R8, Rax, elements.scale),
            Nth::V(v) => Mem::indexed(R8, self.gpr(v), elements.scale),
            Nth::Sum(v, more) => {
                Mem { disp: more << elements.scale, ..Mem::indexed(R8, self.gpr(v), elements.scale) }
            }
            Nth::Is(number) => Mem::new(R8, (number as i32) << elements.scale),
        }
    }
}
