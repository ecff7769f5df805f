//! Accesses to elements of arrays: those of the caller, whose address is put into `x8`, and those of the body's own in the frame.

use super::{Cond, Emitter, FIRST, INPUTS, NUMBER, V29, V30, V31, X8, X9, X10, X11, at};
use crate::codegen::a64::asm::{Access, Lane, Mem, Multiple, Op2, Op3, X, XZR};
use crate::codegen::x64::asm::{Label, Vex, Vreg};
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Bound, Elements, Inst, LaneLoad, LocalPlace, Scratch, Size, V};

impl Emitter<'_> {
    /// Accesses to elements, and what leads to them.
    pub(super) fn elements(&mut self, inst: &Inst) {
        match inst {
            Inst::Consecutive { elements, offset, lanes, label } => {
                self.asm.add_imm(NUMBER, FIRST, *offset);
                self.in_range(*elements, *lanes, *label);
            }
            // They are numbers: NaN would not be consecutive.
            Inst::ConsecutiveFrom { elements, index, label } => {
                self.asm.fcvtzs(NUMBER, self.reg(*index));
                self.in_range(*elements, self.machine.lanes() as u8, *label);
            }
            Inst::ConsecutiveIf { elements, index, lanes, temp: _, label } => {
                self.asm.lsr(X8, FIRST, 50);
                self.asm.cbnz(X8, *label);
                // There and back: NaN would become 0.
                let index = self.reg(*index);
                self.asm.fcvtzs(NUMBER, index);
                self.asm.scvtf(V31, NUMBER);
                self.asm.fcmp(V31, index);
                self.asm.b_cond(Cond::Ne, *label);
                self.in_range(*elements, *lanes, *label);
            }
            Inst::JumpUnlessIntegers { scalars, at, label } => {
                self.load(X8, Mem::new(INPUTS, *at));
                self.asm.mov_imm(X9, u64::from(*scalars));
                self.asm.and_w(X8, X8, X9);
                self.asm.cbnz(X8, *label);
            }
            Inst::JumpUnlessTame { src, label } => {
                self.asm.umov_d(X8, self.reg(*src), 0);
                self.asm.add(X8, XZR, X8, 1);
                self.asm.lsr(X8, X8, 53);
                self.asm.mov_imm(X9, frame::TAME_EXPONENT as u64 + 1);
                self.asm.cmp(X8, X9);
                self.asm.b_cond(Cond::Hs, *label);
            }
            Inst::JumpUnlessSmall { elements, label } => {
                self.load(X8, Mem::new(INPUTS, elements.record + frame::RECORD_SMALL));
                self.asm.cbz(X8, *label);
            }
            Inst::ElementNumber { bound, index, temp: None, label } => {
                self.element_number(*bound, *index, *label);
            }
            Inst::LoadRun { dst, elements, part, op, size } => {
                let from = self.run_of(*elements, *part);
                self.load_run(self.reg(*dst), from, *op, *size);
            }
            Inst::StoreRun { src, mask: None, elements, part, op, size } => {
                let to = self.run_of(*elements, *part);
                self.store_run(self.reg(*src), to, *op, *size);
            }
            Inst::LoadUniform { dst, elements, how } => {
                let dst = self.reg(*dst);
                self.load_uniform(dst, *elements, *how);
            }
            Inst::LoadLanes { mask, elements, how, temp: _ } => self.load_lanes(*mask, *elements, *how),
            Inst::StoreLanes { mask, elements, stride } => self.store_lanes(*mask, *elements, *stride),
            Inst::GatherPair { dst, index, elements, half: 0 }
            | Inst::Gather { dst, index, elements, .. } => {
                self.gather(*dst, *index, *elements);
            }
            _ => self.locals(inst),
        }
    }

    /// Accesses to local arrays.
    fn locals(&mut self, inst: &Inst) {
        match inst {
            Inst::LoadLocal { dst, index, local } => {
                let place = self.local_place(*index, *local);
                self.asm.access(Access::LDR_Q, self.reg(*dst), place);
            }
            Inst::StoreLocal { index, value, mask, local } => {
                let place = self.local_place(*index, *local);
                self.store_masked(place, *value, *mask);
            }
            Inst::LoadLocalLanes { mask, local } => {
                self.for_each_local_lane(*mask, *local, |this, lane, place| {
                    this.load(X10, place);
                    this.store(X10, this.scratch(Scratch::Result, lane));
                });
            }
            Inst::StoreLocalLanes { mask, local } => {
                self.for_each_local_lane(*mask, *local, |this, lane, place| {
                    this.load(X10, this.scratch(Scratch::Value, lane));
                    this.store(X10, place);
                });
            }
            Inst::FillLocal { local, value, mask } => {
                let step = self.vectors(local.step);
                let again = self.asm.label();
                self.asm.mov_imm(NUMBER, 0);
                self.asm.mov_imm(X11, (step * local.len as i32) as u64);
                self.asm.bind(again);
                let place = Mem { index: Some((NUMBER, 0)), ..self.local_start(*local) };
                self.store_masked(place, *value, *mask);
                self.asm.add_imm(NUMBER, NUMBER, step);
                self.asm.cmp(NUMBER, X11);
                self.asm.b_cond(Cond::Lo, again);
            }
            _ => self.is_unknown = true,
        }
    }

    /// Puts the address of an array into `x8`.
    fn array(&mut self, elements: Elements) {
        self.load(X8, Mem::new(INPUTS, elements.record));
    }

    /// Elements of a part of a run, whose array is at `x8`.
    fn run_of(&self, elements: Elements, part: u8) -> Mem {
        let disp = (self.vectors(part) / 8) << elements.scale;
        Mem { disp, ..Mem::indexed(X8, NUMBER, elements.scale) }
    }

    fn lane(&mut self, t: Vreg, mem: Mem, scale: u8, number: u8, is_load: bool) {
        self.asm.lane(Lane { scale, number, is_load }, t, mem);
    }

    /// No instruction reads more than an element at a time, as others may see it, unless elements are bytes: 16 bytes that are aligned to eight are
    /// two accesses of eight.
    fn load_run(&mut self, dst: Vreg, from: Mem, op: Vex, size: Size) {
        match (op, size) {
            (Vex::VMOVUPD, Size::Wide) => self.asm.access(Access::LDR_Q, dst, from),
            (Vex::VMOVUPD, Size::Narrow) => self.asm.multiple(Multiple::LoadS, dst, from),
            (Vex::VCVTPS2PD, _) => {
                self.asm.multiple(Multiple::LoadS, dst, from);
                self.asm.op2(Op2::FCVTL, dst, dst);
            }
            (Vex::VPMOVSXWD | Vex::VPMOVZXWD, _) => {
                self.asm.access(Access::LDR_H, dst, from);
                self.lane(dst, Mem { disp: from.disp + 2, ..from }, 1, 1, true);
                self.asm.op2(if op == Vex::VPMOVSXWD { Op2::SXTL_S } else { Op2::UXTL_S }, dst, dst);
            }
            (Vex::VPMOVSXBD, _) => {
                self.asm.access(Access::LDR_H, dst, from);
                self.both(dst, dst, [Op2::SXTL_H, Op2::SXTL_S]);
            }
            (Vex::VPMOVZXBD, _) => {
                self.asm.access(Access::LDR_H, dst, from);
                self.both(dst, dst, [Op2::UXTL_H, Op2::UXTL_S]);
            }
            _ => self.is_unknown = true,
        }
    }

    fn store_run(&mut self, src: Vreg, to: Mem, op: Vex, size: Size) {
        match (op, size) {
            (Vex::VMOVUPD_STORE, Size::Wide) => self.asm.access(Access::STR_Q, src, to),
            (Vex::VMOVUPD_STORE, Size::Narrow) => self.asm.multiple(Multiple::StoreS, src, to),
            (Vex::VPMOVDW, _) => {
                self.asm.op2(Op2::XTN_H, V31, src);
                self.lane(V31, to, 1, 0, false);
                self.lane(V31, Mem { disp: to.disp + 2, ..to }, 1, 1, false);
            }
            (Vex::VPMOVDB, _) => {
                self.asm.op2(Op2::XTN_H, V31, src);
                self.asm.op2(Op2::XTN_B, V31, V31);
                self.asm.access(Access::STR_H, V31, to);
            }
            _ => self.is_unknown = true,
        }
    }

    fn load_uniform(&mut self, dst: Vreg, elements: Elements, how: LaneLoad) {
        self.array(elements);
        let from = Mem::indexed(X8, NUMBER, elements.scale);
        match how {
            LaneLoad::Bits => return self.asm.multiple(Multiple::Repeat, dst, from),
            LaneLoad::Single => {
                self.asm.access(Access::LDR_S, dst, from);
                self.asm.op2(Op2::FCVT_DS, dst, dst);
            }
            LaneLoad::Integer(extend) => {
                self.asm.access_x(Access::extending(extend), X10, from);
                self.asm.scvtf(dst, X10);
            }
        }
        self.asm.op2(Op2::DUP, dst, dst);
    }

    /// An index that may be NaN, of which the conversion makes 0, and that is an integer otherwise.
    fn element_number(&mut self, bound: Bound, index: V, label: Label) {
        let index = self.reg(index);
        self.asm.fcmp(index, index);
        self.asm.b_cond(Cond::Vs, label);
        // What is less than 0, or more than there can be, is more than any length, as it stands there without a sign.
        self.asm.fcvtzs(NUMBER, index);
        match bound {
            Bound::Array(elements) => self.load(X9, Mem::new(INPUTS, elements.record + 8)),
            Bound::Of(len) => self.asm.mov_imm(X9, u64::from(len)),
        }
        self.asm.cmp(NUMBER, X9);
        self.asm.b_cond(Cond::Hs, label);
    }

    /// The elements at the numbers that the two lanes of an index have, as they are.
    fn gather(&mut self, dst: V, index: V, elements: Elements) {
        let (dst, index, scale) = (self.reg(dst), self.reg(index), elements.scale);
        // Both are taken out before the first is written over.
        self.asm.umov_s(X9, index, 0);
        self.asm.umov_s(X10, index, 1);
        self.array(elements);
        let place = |number: X| Mem::indexed(X8, number, scale);
        let first = match scale {
            0 => Access::LDR_B,
            1 => Access::LDR_H,
            2 => Access::LDR_S,
            _ => Access::LDR_D,
        };
        self.asm.access(first, dst, place(X9));
        self.lane(dst, place(X10), scale, 1, true);
    }

    /// Jumps unless so many elements from `x5` on exist, whose array's address is put into `x8`. Both ends are looked at: the sum may wrap.
    fn in_range(&mut self, elements: Elements, count: u8, label: Label) {
        self.load(X8, Mem::new(INPUTS, elements.record + 8));
        self.asm.cmp(NUMBER, X8);
        self.asm.b_cond(Cond::Hs, label);
        self.asm.add_imm(X9, NUMBER, i32::from(count) - 1);
        self.asm.cmp(X9, X8);
        self.asm.b_cond(Cond::Hs, label);
        self.array(elements);
    }

    /// Runs `each` for every lane of a mask, with its index as an integer in `x5`.
    fn for_each_index(&mut self, mask: V, mut each: impl FnMut(&mut Self, u8)) {
        for lane in 0..self.machine.lanes() as u8 {
            let skip = self.asm.label();
            self.asm.umov_d(X9, self.reg(mask), lane);
            self.asm.cbz(X9, skip);
            self.asm.access(Access::LDR_D, V30, self.scratch(Scratch::Index, lane));
            self.asm.fcvtzs(NUMBER, V30);
            each(self, lane);
            self.asm.bind(skip);
        }
    }

    fn load_lanes(&mut self, mask: V, elements: Elements, how: LaneLoad) {
        self.array(elements);
        self.for_each_index(mask, |this, lane| {
            let from = Mem::indexed(X8, NUMBER, elements.scale);
            let to = this.scratch(Scratch::Result, lane);
            match how {
                LaneLoad::Bits => {
                    this.asm.access(Access::LDR_D, V29, from);
                }
                LaneLoad::Single => {
                    this.asm.access(Access::LDR_S, V29, from);
                    this.asm.op2(Op2::FCVT_DS, V29, V29);
                }
                LaneLoad::Integer(extend) => {
                    this.asm.access_x(Access::extending(extend), X10, from);
                    this.asm.scvtf(V29, X10);
                }
            }
            this.asm.access(Access::STR_D, V29, to);
        });
    }

    fn store_lanes(&mut self, mask: V, elements: Elements, stride: u8) {
        self.array(elements);
        self.for_each_index(mask, |this, lane| {
            let from = at(this.machine.scratch(Scratch::Value) + i32::from(stride) * i32::from(lane));
            let load = if stride == 8 { Access::LDR_X } else { Access::LDR_W };
            this.asm.access_x(load, X10, from);
            let to = Mem::indexed(X8, NUMBER, elements.scale);
            this.asm.access_x(Access::storing(elements.scale), X10, to);
        });
    }

    // --- local arrays ---

    /// What an index of a local array is shifted by: elements of all parts are side by side.
    fn local_shift(&self, local: LocalPlace) -> u8 {
        self.vectors(local.step).trailing_zeros() as u8
    }

    /// Where the elements of a local array begin.
    fn local_start(&self, local: LocalPlace) -> Mem {
        at(self.locals + self.machine.bytes() * local.start as i32)
    }

    /// Where the element is that the first lane of an index says, which is known to be one. Writes `x5`.
    fn local_place(&mut self, index: V, local: LocalPlace) -> Mem {
        self.asm.fcvtzs(NUMBER, self.reg(index));
        Mem { index: Some((NUMBER, self.local_shift(local))), ..self.local_start(local) }
    }

    /// The lanes of the mask; all without one. Nobody else sees the frame.
    fn store_masked(&mut self, place: Mem, value: V, mask: Option<V>) {
        let value = self.reg(value);
        let Some(mask) = mask else {
            return self.asm.access(Access::STR_Q, value, place);
        };
        let mask = self.reg(mask);
        self.asm.access(Access::LDR_Q, V31, place);
        self.asm.op3(Op3::BIT, V31, value, mask);
        self.asm.access(Access::STR_Q, V31, place);
    }

    fn for_each_local_lane(&mut self, mask: V, local: LocalPlace, mut each: impl FnMut(&mut Self, u8, Mem)) {
        let (start, shift) = (self.local_start(local), self.local_shift(local));
        self.for_each_index(mask, |this, lane| {
            let disp = start.disp + 8 * i32::from(lane);
            each(this, lane, Mem { index: Some((NUMBER, shift)), disp, ..start });
        });
    }
}
