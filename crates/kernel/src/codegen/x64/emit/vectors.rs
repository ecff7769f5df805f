//! Vector instructions, and registers in the frame: what depends on how wide vectors are, and on what masks are.

use super::{Emitter, L128, L256, L512, Rsi, at};
use crate::codegen::x64::asm::{Alu, Gpr, Kreg, Length, Mem, Operand, Vex, Vreg};
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Form, Scratch, Size, Src, V, Vector, steps_of};
use crate::codegen::x64::machine::Machine;
use crate::codegen::x64::turn::saved;

impl Emitter<'_> {
    pub(super) fn reg(&self, v: V) -> Vreg {
        self.registers[v.index()]
    }

    pub(super) fn wide(&self) -> Length {
        self.length(Size::Wide)
    }

    pub(super) fn length(&self, size: Size) -> Length {
        match (self.machine, size) {
            (Machine::Scalar, _) | (Machine::Avx2, Size::Narrow) => L128,
            (Machine::Avx2, Size::Wide) | (Machine::Avx512, Size::Narrow) => L256,
            (Machine::Avx512, Size::Wide) => L512,
            (Machine::Neon, _) => unreachable!("it has an encoder of its own"),
        }
    }

    /// Bytes of so many vectors.
    pub(super) fn vectors(&self, count: u8) -> i32 {
        self.machine.bytes() * i32::from(count)
    }

    /// A lane of a place for scratch, of 64 bits.
    pub(super) fn scratch(&self, place: Scratch, lane: u8) -> Mem {
        at(self.machine.scratch(place) + 8 * i32::from(lane))
    }

    pub(super) fn mask(&self, v: V) -> Kreg {
        debug_assert!(v.is_mask(), "a register of masks");
        Kreg(self.registers[v.index()].0)
    }

    /// The lanes of a mask, as bits.
    pub(super) fn lanes_of(&mut self, v: V, dst: Gpr) {
        if v.is_mask() {
            self.asm.kmovb_gpr(dst, self.mask(v));
        } else {
            self.asm.vmovmskpd(dst, self.reg(v));
        }
    }

    /// Where a register is while the driver has its turn.
    pub(super) fn saved(&self, v: V, register: Vreg) -> i32 {
        saved(self.machine, v, register)
    }

    /// Puts a register into the frame.
    pub(super) fn save(&mut self, place: i32, v: V, register: Vreg) {
        if v.is_mask() {
            return self.asm.kmovq_store(at(place), Kreg(register.0));
        }
        if v.is_general() {
            return self.asm.store(at(place), Gpr::ALL[usize::from(register.0)], 8);
        }
        self.asm.mr(Vex::VMOVUPD_STORE, self.wide(), at(place), register);
    }

    /// Takes it back.
    pub(super) fn restore(&mut self, v: V, register: Vreg, place: i32) {
        if v.is_mask() {
            return self.asm.kmovq_load(Kreg(register.0), at(place));
        }
        if v.is_general() {
            return self.asm.alu_mem(Alu::Mov, Gpr::ALL[usize::from(register.0)], at(place));
        }
        self.asm.rm(Vex::VMOVUPD, self.wide(), register, at(place));
    }

    /// The last operand of an instruction. With AVX-512, what is the same for all lanes is there once, if the instruction can do with that.
    pub(super) fn operand(&mut self, src: Src, op: Vex) -> Operand {
        let is_evex = self.machine == Machine::Avx512;
        let is_broadcast = is_evex && op.broadcasts();
        let memory = |mem| if is_broadcast { Operand::Each(mem) } else { Operand::Mem(mem) };
        match src {
            Src::V(v) => Operand::Reg(self.reg(v)),
            Src::Bits(bits) if is_broadcast => Operand::EachConst(self.asm.constant([bits])),
            Src::Bits(bits) if is_evex => Operand::Const(self.asm.constant([bits; 8])),
            Src::Bits(bits) => Operand::Const(self.asm.constant([bits; 4])),
            Src::Lanes(lanes) if is_evex => Operand::Const(self.asm.constant(*lanes)),
            Src::Lanes([a, b, c, d, ..]) => Operand::Const(self.asm.constant([*a, *b, *c, *d])),
            Src::Steps { first, step } if is_evex => Operand::Const(self.asm.constant(steps_of(first, step))),
            Src::Steps { first, step } => {
                let [a, b, c, d, ..] = steps_of(first, step);
                Operand::Const(self.asm.constant([a, b, c, d]))
            }
            Src::Input(offset) => memory(Mem::new(Rsi, offset)),
            Src::Base => memory(at(frame::BASE)),
            Src::Slot(slot) => Operand::Mem(at(self.machine.slot(slot))),
        }
    }

    pub(super) fn vector(&mut self, vector: &Vector) {
        let Vector { form, op, size, dst, a, b, c, imm } = *vector;
        let length = self.length(size);
        let a = a.map_or(Vreg(0), |a| self.reg(a));
        let is_mask = dst.is_mask();
        let dst = self.reg(dst);
        if self.machine == Machine::Avx512
            && let Some(c) = c
        {
            // Comparisons have the lanes of the mask alone, blends those of both, and of all else 0 is left.
            let (mask, zeroes) = (self.mask(c), !is_mask && form != Form::Vrmv);
            let b = self.broadcast_or(op, b);
            let (op, b) = b;
            self.asm.masked(mask, zeroes);
            return self.encode(form, op, length, (dst, a), b, imm);
        }
        if form == Form::Rm && matches!(op, Vex::VMOVUPD | Vex::VMOVUPS) {
            // A copy within a register is nothing.
            if size == Size::Wide && b.is_some_and(|b| matches!(b, Src::V(v) if self.reg(v) == dst)) {
                return;
            }
            if self.machine == Machine::Avx512 && b == Some(Src::Bits(0)) {
                return self.asm.vrm(Vex::VPXOR, L128, dst, dst, dst);
            }
        }
        if form == Form::Vrmv {
            let (b, c) = (self.broadcast_or(op, b).1, c.map_or(Vreg(0), |c| self.reg(c)));
            return self.asm.vrmv(op, length, dst, a, b, c);
        }
        let (op, b) = self.broadcast_or(op, b);
        self.encode(form, op, length, (dst, a), b, imm);
    }

    /// An instruction and its last operand. With AVX-512, a copy of what is the same for all lanes is made of one of them.
    fn broadcast_or(&mut self, op: Vex, b: Option<Src>) -> (Vex, Operand) {
        let Some(b) = b else { return (op, Operand::Reg(Vreg(0))) };
        let op = match (op, b) {
            _ if self.machine != Machine::Avx512 => op,
            (Vex::VMOVUPD, Src::Bits(_) | Src::Input(_) | Src::Base) => Vex::VBROADCASTSD,
            (Vex::VMOVUPS, Src::Bits(_)) => Vex::VBROADCASTSS,
            _ => op,
        };
        if let (Vex::VBROADCASTSD | Vex::VBROADCASTSS, Src::Bits(bits)) = (op, b) {
            return (op, Operand::Const(self.asm.constant([bits])));
        }
        (op, self.operand(b, op))
    }

    fn encode(&mut self, form: Form, op: Vex, length: Length, (dst, a): (Vreg, Vreg), b: Operand, imm: u8) {
        match form {
            Form::Vrm | Form::Accumulate | Form::Vrmv => self.asm.vrm(op, length, dst, a, b),
            Form::Vrmi => self.asm.vrmi(op, length, dst, a, b, imm),
            Form::Rm => self.asm.rm(op, length, dst, b),
            Form::Rmi => self.asm.rmi(op, length, dst, b, imm),
            Form::Mr => self.asm.mr_reg(op, length, dst, a),
            Form::Mri => self.asm.mri(op, length, dst, a, imm),
        }
    }
}
