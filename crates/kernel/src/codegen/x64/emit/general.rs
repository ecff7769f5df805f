//! Instructions on integers in general registers.

use super::{Emitter, L128};
use crate::codegen::x64::allocate::Allocated;
use crate::codegen::x64::asm::{Alu, Cond, Extend, Gpr, Label, Mem, Vex};
use crate::codegen::x64::frame;
use crate::codegen::x64::general::{General, Operand, Turn};
use crate::codegen::x64::inst::{Bound, Compare, Inst, Size, Src, V};

use Gpr::{R8, R9, R12, R13, R14, R15, Rbp, Rbx, Rsi};

/// What the caller has in these is still to be there afterwards.
const OF_CALLER: [Gpr; 6] = [Rbx, Rbp, R12, R13, R14, R15];

/// Those of them that code writes.
pub(super) fn ours(allocated: &Allocated) -> Vec<Gpr> {
    let written: u16 = allocated
        .code
        .iter()
        .filter_map(Inst::def)
        .filter(|v| v.is_general())
        .map(|v| 1 << allocated.registers[v.index()].0)
        .fold(0, |all, one| all | one);
    OF_CALLER.into_iter().filter(|gpr| written & 1 << *gpr as u8 != 0).collect()
}

impl Emitter<'_> {
    pub(super) fn gpr(&self, v: V) -> Gpr {
        debug_assert!(v.is_general(), "a general register");
        Gpr::ALL[usize::from(self.registers[v.index()].0)]
    }

    pub(super) fn general(&mut self, general: &General) {
        match *general {
            General::Is { dst, number } => self.number(self.gpr(dst), number),
            General::Input { dst, offset } => {
                self.asm.alu_mem(Alu::Mov, self.gpr(dst), Mem::new(Rsi, offset));
            }
            General::Copy { dst, a } => self.copy_general(self.gpr(dst), self.gpr(a)),
            General::Extend { dst, a, how } => {
                let (dst, mut a) = (self.gpr(dst), self.gpr(a));
                let is_byte = matches!(how, Extend::Movzx8 | Extend::Movsx8);
                if is_byte && a == Rbp {
                    self.asm.mov32(R8, a);
                    a = R8;
                }
                self.asm.extend(how, dst, a);
            }
            General::Alu { op, size, dst, a, b } => self.alu(op, size, dst, a, b),
            General::Multiply { size, dst, a, b } => {
                let (dst, a, wide) = (self.gpr(dst), self.gpr(a), size == Size::Wide);
                match b {
                    // Of 32 bits, too: the upper half is nobody's business.
                    Operand::Is(b) if b > 0 && b & (b - 1) == 0 => {
                        self.copy_general(dst, a);
                        self.asm.shl(dst, b.trailing_zeros() as u8);
                    }
                    Operand::Is(b) => self.asm.imul_imm(wide, dst, a, b),
                    Operand::V(b) if self.gpr(b) == dst => self.asm.imul(wide, dst, a),
                    _ => {
                        self.copy_general(dst, a);
                        let b = self.register(b);
                        self.asm.imul(wide, dst, b);
                    }
                }
            }
            General::Shift { op, dst, a, by } => {
                let (dst, a) = (self.gpr(dst), self.gpr(a));
                let (number, prefix) = match op {
                    Turn::Left => (4, 1),
                    Turn::Right => (7, 2),
                    Turn::Logical => (5, 3),
                };
                if let Operand::Is(by) = by {
                    self.copy_general(dst, a);
                    self.asm.shift32(number, dst, (by & 31) as u8);
                } else {
                    let by = self.register(by);
                    self.asm.shift32_by(prefix, dst, a, by);
                }
            }
            General::LeadingZeros { dst, a } => self.asm.lzcnt32(self.gpr(dst), self.gpr(a)),
            General::Flag { dst, a, b, size, cond } => {
                self.compare_general(a, b, size);
                self.asm.setcc(cond, R8);
                self.asm.extend(Extend::Movzx8, self.gpr(dst), R8);
            }
            General::MaskOf { dst, a } => {
                self.asm.alu(Alu::Mov, R8, self.gpr(a));
                self.asm.neg(R8);
                self.asm.vmovq_to(self.reg(dst), R8);
            }
            General::ChooseBy { dst, a, b, size, cond, yes, no } => {
                self.compare_general(a, b, size);
                self.choose(cond, dst, yes, no);
            }
            General::ChooseByDoubles { dst, a, b, how, yes, no } => {
                let (a, b) = (self.reg(a), self.operand(b, Vex::VCMPPD));
                self.asm.vucomisd(a, b);
                self.choose(if how == Compare::Gt { Cond::A } else { Cond::Ae }, dst, yes, no);
            }
            General::FromVector { dst, a } => self.asm.vmovq(self.gpr(dst), self.reg(a)),
            General::ToVector { dst, a } => self.asm.vmovq_to(self.reg(dst), self.gpr(a)),
            General::Double { size, dst, a } => {
                let (dst, a) = (self.reg(dst), self.gpr(a));
                // So that it does not wait for what was there.
                self.asm.vrm(Vex::VXORPD, L128, dst, dst, dst);
                match size {
                    Size::Wide => self.asm.vcvtsi2sd(dst, dst, a),
                    Size::Narrow => self.asm.vcvtsi2sd32(dst, dst, a),
                }
            }
            General::DoubleOrNan { dst, a } => {
                let (dst, a, done) = (self.reg(dst), self.gpr(a), self.asm.label());
                self.asm.vrm(Vex::VXORPD, L128, dst, dst, dst);
                self.asm.vcvtsi2sd(dst, dst, a);
                // One less overflows for what stands for NaN alone.
                self.asm.alu_imm(Alu::Cmp, a, 1);
                self.asm.jcc(Cond::No, done);
                let nan = self.operand(Src::f64(f64::NAN), Vex::VMOVUPD);
                self.asm.rm(Vex::VMOVUPD, L128, dst, nan);
                self.asm.bind(done);
            }
            General::Truncate { dst, a } => self.asm.vcvttsd2si(self.gpr(dst), self.reg(a)),
        }
    }

    /// Flags of `a` compared with `b`.
    pub(super) fn compare_general(&mut self, a: V, b: Operand, size: Size) {
        let a = self.gpr(a);
        match (b, size) {
            (Operand::Is(b), Size::Narrow) => self.asm.cmp32_imm(a, b),
            (Operand::Is(b), Size::Wide) => self.asm.alu_imm(Alu::Cmp, a, b),
            (Operand::V(b), Size::Narrow) => self.asm.cmp32(a, self.gpr(b)),
            (Operand::V(b), Size::Wide) => self.asm.alu(Alu::Cmp, a, self.gpr(b)),
            (Operand::Wide(number), _) => self.asm.alu_const(Alu::Cmp, a, number),
            (Operand::Input(offset), _) => self.asm.alu_mem(Alu::Cmp, a, Mem::new(Rsi, offset)),
        }
    }

    /// Without signs: what is negative is above all lengths.
    pub(super) fn jump_unless_below(&mut self, number: Gpr, bound: Bound, label: Label) {
        match bound {
            Bound::Array(elements) => {
                self.asm.alu_mem(Alu::Cmp, number, Mem::new(Rsi, elements.record + frame::LENGTH));
            }
            Bound::Of(len) => self.asm.alu_imm(Alu::Cmp, number, len as i32),
        }
        self.asm.jcc(Cond::Ae, label);
    }

    fn alu(&mut self, op: Alu, size: Size, dst: V, a: V, b: Operand) {
        let (dst, a) = (self.gpr(dst), self.gpr(a));
        let sum = |b: Operand| match (op, b) {
            (Alu::Add, Operand::Is(b)) => Some(Mem::new(a, b)),
            (Alu::Sub, Operand::Is(b)) => Some(Mem::new(a, b.checked_neg()?)),
            (Alu::Add, Operand::V(b)) => Some(Mem::indexed(a, self.gpr(b), 0)),
            _ => None,
        };
        // Into a third register. Of 32 bits, too: the upper half is nobody's business.
        if let Some(sum) = sum(b).filter(|sum| dst != a && sum.index != Some((dst, 0))) {
            return self.asm.lea(dst, sum);
        }
        let b = match b {
            Operand::Is(b) => {
                self.copy_general(dst, a);
                return match size {
                    Size::Wide => self.asm.alu_imm(op, dst, b),
                    Size::Narrow => self.asm.alu32_imm(op, dst, b),
                };
            }
            b => self.register(b),
        };
        let emit = |this: &mut Self, dst, src| match size {
            Size::Wide => this.asm.alu(op, dst, src),
            Size::Narrow => this.asm.alu32(op, dst, src),
        };
        if dst == b && dst != a {
            if op == Alu::Sub {
                self.asm.alu(Alu::Mov, R8, a);
                emit(self, R8, b);
                return self.asm.alu(Alu::Mov, dst, R8);
            }
            return emit(self, dst, a);
        }
        self.copy_general(dst, a);
        emit(self, dst, b);
    }

    /// `dst` is neither of the two.
    fn choose(&mut self, cond: Cond, dst: V, yes: V, no: V) {
        let (dst, yes, no) = (self.gpr(dst), self.gpr(yes), self.gpr(no));
        self.asm.alu(Alu::Mov, dst, no);
        self.asm.cmov(cond, dst, yes);
    }

    fn copy_general(&mut self, dst: Gpr, src: Gpr) {
        if dst != src {
            self.asm.alu(Alu::Mov, dst, src);
        }
    }

    /// An operand in a register, if need be `r9`.
    fn register(&mut self, operand: Operand) -> Gpr {
        match operand {
            Operand::V(v) => return self.gpr(v),
            Operand::Is(number) => self.asm.mov_signed(R9, number),
            Operand::Wide(number) => self.asm.alu_const(Alu::Mov, R9, number),
            Operand::Input(offset) => self.asm.alu_mem(Alu::Mov, R9, Mem::new(Rsi, offset)),
        }
        R9
    }

    /// A number in a register. Not `xor`: flags are still to be looked at, now and then.
    fn number(&mut self, dst: Gpr, number: i64) {
        if let Ok(number) = u32::try_from(number) {
            self.asm.mov_imm(dst, number);
        } else if let Ok(number) = i32::try_from(number) {
            self.asm.mov_signed(dst, number);
        } else {
            self.asm.mov_wide(dst, number);
        }
    }
}
