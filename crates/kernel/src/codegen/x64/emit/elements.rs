//! Accesses to elements of arrays: those of the caller, whose address is put into `r8`, and those of the body's own in the frame.

use super::{Emitter, L128, L512, at};
use crate::codegen::x64::asm::{Alu, Cond, Extend, Gpr, Kreg, Label, Mem, Spread, Vex, Vreg};
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Elements, Inst, LaneLoad, LocalPlace, Nth, Scratch, Size, Spot, USED_UP, V};

use Gpr::{R8, R9, R10, R11, Rax, Rdx, Rsi};

impl Emitter<'_> {
    /// Accesses to elements, and what leads to them.
    pub(super) fn access(&mut self, inst: &Inst) {
        match inst {
            Inst::Consecutive { elements, offset, lanes, label } => {
                self.asm.lea(Rax, Mem::new(R11, *offset));
                self.in_range(*elements, *lanes, *label);
            }
            Inst::ConsecutiveFrom { elements, index, label } => {
                let index = self.reg(*index);
                self.asm.vcvttsd2si(Rax, index);
                self.in_range(*elements, self.machine.lanes() as u8, *label);
            }
            Inst::ConsecutiveIf { elements, index, lanes, temp, label } => {
                let index = self.reg(*index);
                // Where they are not, that of the first lane is far below 0; and it is to be tame.
                self.asm.alu(Alu::Mov, R8, R11);
                self.asm.shr(R8, 50);
                self.asm.jcc(Cond::Ne, *label);
                self.asm.vcvttsd2si(Rax, index);
                if let Some(temp) = temp {
                    let temp = self.reg(*temp);
                    self.jump_unless_integer(index, temp, *label);
                }
                self.in_range(*elements, *lanes, *label);
            }
            Inst::JumpUnlessBelow { bits, label } => {
                // Where they are not, that of the first lane is far below 0.
                self.asm.alu(Alu::Mov, R8, R11);
                self.asm.shr(R8, *bits);
                self.asm.jcc(Cond::Ne, *label);
            }
            Inst::FirstIndex { dst, factor, addend } => {
                let dst = self.reg(*dst);
                match factor {
                    1 => self.asm.mov32(R8, R11),
                    _ => self.asm.imul_imm(false, R8, R11, *factor),
                }
                if *addend != 0 {
                    self.asm.alu32_imm(Alu::Add, R8, *addend);
                }
                self.asm.vmovd_to(dst, R8);
                self.asm.rm(Vex::VPBROADCASTD, self.wide(), dst, dst);
            }
            Inst::JumpUnlessIntegers { scalars, at, label } => {
                self.asm.mov_imm(R8, *scalars);
                self.asm.alu_mem(Alu::And, R8, Mem::new(Rsi, *at));
                self.asm.jcc(Cond::Ne, *label);
            }
            Inst::JumpUnlessTame { src, label } => {
                let src = self.reg(*src);
                self.asm.vmovq(R8, src);
                self.asm.shl(R8, 1);
                self.asm.shr(R8, 53);
                self.asm.alu_imm(Alu::Cmp, R8, frame::TAME_EXPONENT);
                self.asm.jcc(Cond::A, *label);
            }
            Inst::LoadLocal { dst, index, local } => {
                let (dst, index) = (self.reg(*dst), self.reg(*index));
                let place = self.local_place(index, *local);
                self.asm.rm(Vex::VMOVUPD, self.wide(), dst, place);
            }
            Inst::StoreLocal { index, value, mask, local } => {
                let (index, value) = (self.reg(*index), self.reg(*value));
                let place = self.local_place(index, *local);
                self.store_masked(place, value, *mask);
            }
            Inst::LoadLocalOne { dst, local, at } => {
                let place = self.local_one(*local, *at);
                if dst.is_general() {
                    return self.asm.alu_mem(Alu::Mov, self.gpr(*dst), place);
                }
                self.asm.rm(Vex::VMOVSD, L128, self.reg(*dst), place);
            }
            Inst::StoreLocalOne { src, local, at } => {
                let place = self.local_one(*local, *at);
                if src.is_general() {
                    return self.asm.store(place, self.gpr(*src), 8);
                }
                self.asm.mr(Vex::VMOVSD_STORE, L128, place, self.reg(*src));
            }
            Inst::LoadLocalLanes { mask, local } => {
                self.for_each_local_lane(*mask, *local, |this, lane, place| {
                    this.asm.alu_mem(Alu::Mov, R10, place);
                    this.asm.store(this.scratch(Scratch::Result, lane), R10, 8);
                });
            }
            Inst::StoreLocalLanes { mask, local } => {
                self.for_each_local_lane(*mask, *local, |this, lane, place| {
                    this.asm.alu_mem(Alu::Mov, R10, this.scratch(Scratch::Value, lane));
                    this.asm.store(place, R10, 8);
                });
            }
            Inst::FillLocal { local, value, mask } => {
                let step = self.local_step(*local);
                let again = self.asm.label();
                self.asm.mov_imm(Rax, 0);
                self.asm.bind(again);
                let place = Mem { index: Some((Rax, 0)), ..self.local_start(*local) };
                if value.is_general() {
                    self.asm.store(place, self.gpr(*value), 8);
                } else {
                    self.store_masked(place, self.reg(*value), *mask);
                }
                self.asm.alu_imm(Alu::Add, Rax, step);
                self.asm.alu_imm(Alu::Cmp, Rax, step * local.len as i32);
                self.asm.jcc(Cond::B, again);
            }
            Inst::JumpUnlessSmall { elements, label } => {
                self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record + frame::RECORD_SMALL));
                self.asm.test(R8);
                self.asm.jcc(Cond::E, *label);
            }
            Inst::ElementNumber { bound, index, temp, label } => {
                let index = self.reg(*index);
                // What is no integer of 64 bits becomes one that is above all lengths.
                self.asm.vcvttsd2si(Rax, index);
                if let Some(temp) = temp {
                    let temp = self.reg(*temp);
                    self.jump_unless_integer(index, temp, *label);
                }
                self.jump_unless_below(Rax, *bound, *label);
            }
            Inst::LoadRun { dst, elements, part, op, size } => {
                let dst = self.reg(*dst);
                self.asm.rm(*op, self.length(*size), dst, self.run_of(*elements, *part));
            }
            Inst::StoreRun { src, mask, elements, part, op, size } => {
                if let Some(mask) = mask {
                    let mask = self.mask(*mask);
                    self.asm.masked(mask, false);
                }
                let src = self.reg(*src);
                self.asm.mr(*op, self.length(*size), self.run_of(*elements, *part), src);
            }
            Inst::LoadLanes { mask, elements, how, temp } => self.load_lanes(*mask, *elements, *how, *temp),
            Inst::StoreLanes { mask, elements, stride } => self.store_lanes(*mask, *elements, *stride),
            Inst::RemLanes => self.rem_lanes(),
            Inst::LoadUniform { dst, elements, how } => {
                let dst = self.reg(*dst);
                self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
                let from = Mem::indexed(R8, Rax, elements.scale);
                match how {
                    LaneLoad::Bits => return self.asm.rm(Vex::VBROADCASTSD, self.wide(), dst, from),
                    LaneLoad::Single => {
                        self.asm.rm(Vex::VMOVSS, L128, dst, from);
                        self.asm.vrm(Vex::VCVTSS2SD, L128, dst, dst, dst);
                    }
                    LaneLoad::Integer(extend) => {
                        self.asm.load(*extend, R10, from);
                        self.asm.vcvtsi2sd(dst, dst, R10);
                    }
                }
                self.asm.rm(Vex::VBROADCASTSD, self.wide(), dst, dst);
            }
            Inst::LoadOne { dst, elements, how, at } => self.load_one(*dst, *elements, *how, *at),
            Inst::StoreOne { src, elements, is_wide, at } => self.store_one(*src, *elements, *is_wide, *at),
            Inst::GatherMasked { dst: other, index, mask, from: spot, op, size }
            | Inst::Scatter { src: other, index, mask, to: spot, op, size } => {
                let (other, index, mask) = (self.reg(*other), self.reg(*index), self.mask(*mask));
                let memory = match spot {
                    Spot::Array(elements) => {
                        self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
                        Spread { base: R8, index, scale: elements.scale, disp: 0 }
                    }
                    Spot::Local(local) => {
                        let Mem { base, disp, .. } = self.local_start(*local);
                        Spread { base, index, scale: 3, disp }
                    }
                };
                let used_up = Kreg(USED_UP);
                self.asm.kmovb(used_up, mask);
                self.asm.spread(*op, self.length(*size), other, memory, used_up);
            }
            Inst::Gather { dst, index, elements, op, .. } if self.machine.has_masks() => {
                let (dst, index) = (self.reg(*dst), self.reg(*index));
                self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
                let numbers = self.scratch(Scratch::Index, 0);
                self.asm.mr(Vex::VMOVUPD_STORE, self.length(Size::Narrow), numbers, index);
                self.asm.vrm(Vex::VPXOR, L128, dst, dst, dst);
                for lane in 0..self.machine.lanes() as u8 {
                    let number = Mem { disp: numbers.disp + 4 * i32::from(lane), ..numbers };
                    self.asm.load(Extend::Mov32, R9, number);
                    self.asm.vrmi(*op, L128, dst, dst, Mem::indexed(R8, R9, elements.scale), lane);
                }
            }
            Inst::GatherPair { dst, index, elements, half } => {
                let (dst, index) = (self.reg(*dst), self.reg(*index));
                self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
                self.index_pair(index, *half);
                self.asm.rm(Vex::VMOVSD, L128, dst, Mem::indexed(R8, R9, elements.scale));
                self.asm.vrm(Vex::VMOVHPD, L128, dst, dst, Mem::indexed(R8, Rax, elements.scale));
            }
            Inst::Gather { dst, index, elements, op, first } => {
                let (dst, index) = (self.reg(*dst), self.reg(*index));
                // Both halves are taken out before the first is written over.
                self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
                self.asm.vpextrq(R10, index, 1);
                self.index_pair(index, 0);
                let place = |gpr: Gpr| Mem::indexed(R8, gpr, elements.scale);
                match first {
                    Some(first) => self.asm.rm(*first, L128, dst, place(R9)),
                    None => {
                        self.asm.vrm(Vex::VPXOR, L128, dst, dst, dst);
                        self.asm.vrmi(*op, L128, dst, dst, place(R9), 0);
                    }
                }
                let number = |lane: u8| if *op == Vex::VINSERTPS { lane << 4 } else { lane };
                self.asm.vrmi(*op, L128, dst, dst, place(Rax), number(1));
                self.asm.mov32(R9, R10);
                self.asm.vrmi(*op, L128, dst, dst, place(R9), number(2));
                self.asm.shr(R10, 32);
                self.asm.vrmi(*op, L128, dst, dst, place(R10), number(3));
            }
            _ => unreachable!("no access"),
        }
    }

    /// Elements of a part of a run, whose array is at `r8`.
    fn run_of(&self, elements: Elements, part: u8) -> Mem {
        let disp = (self.vectors(part) / 8) << elements.scale;
        Mem { disp, ..Mem::indexed(R8, Rax, elements.scale) }
    }

    /// What an index of a local array is shifted by: elements of all parts are side by side.
    fn local_shift(&self, local: LocalPlace) -> u8 {
        self.local_step(local).trailing_zeros() as u8
    }

    /// Where the elements of a local array begin.
    pub(super) fn local_start(&self, local: LocalPlace) -> Mem {
        at(self.locals + self.local_step(LocalPlace { step: 1, ..local }) * local.start as i32)
    }

    /// Bytes from one element to the next.
    fn local_step(&self, local: LocalPlace) -> i32 {
        if self.machine.is_scalar() { 8 } else { self.vectors(local.step) }
    }

    /// Where the element is that the first lane of an index says. Writes `rax`.
    pub(super) fn local_place(&mut self, index: Vreg, local: LocalPlace) -> Mem {
        self.asm.vcvttsd2si(Rax, index);
        self.asm.shl(Rax, self.local_shift(local));
        Mem { index: Some((Rax, 0)), ..self.local_start(local) }
    }

    /// Where an element of a local array is, of code for one index at a time.
    fn local_one(&self, local: LocalPlace, at: Nth) -> Mem {
        let start = self.local_start(local);
        match at {
            Nth::Is(number) => Mem { disp: start.disp + self.local_step(local) * number as i32, ..start },
            Nth::V(v) => Mem { index: Some((self.gpr(v), 3)), ..start },
            Nth::Sum(v, more) => Mem { index: Some((self.gpr(v), 3)), disp: start.disp + 8 * more, ..start },
            Nth::Rax => Mem { index: Some((Rax, 3)), ..start },
        }
    }

    pub(super) fn store_masked(&mut self, place: Mem, value: Vreg, mask: Option<V>) {
        match mask {
            None if self.machine.is_scalar() => self.asm.mr(Vex::VMOVSD_STORE, L128, place, value),
            None => self.asm.mr(Vex::VMOVUPD_STORE, self.wide(), place, value),
            Some(mask) if mask.is_mask() => {
                let mask = self.mask(mask);
                self.asm.masked(mask, false).mr(Vex::VMOVUPD_STORE, L512, place, value);
            }
            Some(mask) => {
                let mask = self.reg(mask);
                self.asm.vmaskmovpd(place, mask, value);
            }
        }
    }

    pub(super) fn for_each_local_lane(
        &mut self,
        mask: V,
        local: LocalPlace,
        mut each: impl FnMut(&mut Self, u8, Mem),
    ) {
        self.lanes_of(mask, R9);
        for lane in 0..self.machine.lanes() as u8 {
            let skip = self.asm.label();
            self.asm.bt(R9, lane);
            self.asm.jcc(Cond::Ae, skip);
            self.asm.vcvttsd2si(Rax, self.scratch(Scratch::Index, lane));
            self.asm.shl(Rax, self.local_shift(local));
            let start = self.local_start(local);
            each(self, lane, Mem { index: Some((Rax, 0)), disp: start.disp + 8 * i32::from(lane), ..start });
            self.asm.bind(skip);
        }
    }

    /// Two indices of 32 bits: into `r9` and `rax`.
    pub(super) fn index_pair(&mut self, index: Vreg, half: u8) {
        if half == 0 {
            self.asm.vmovq(Rax, index);
        } else {
            self.asm.vpextrq(Rax, index, half);
        }
        self.asm.mov32(R9, Rax);
        self.asm.shr(Rax, 32);
    }

    /// Jumps unless so many elements from `rax` on exist, whose array's address is put into `r8`. Both ends are looked at: the sum may wrap.
    pub(super) fn in_range(&mut self, elements: Elements, count: u8, label: Label) {
        let len = Mem::new(Rsi, elements.record + 8);
        self.asm.alu_mem(Alu::Cmp, Rax, len);
        self.asm.jcc(Cond::Ae, label);
        self.asm.lea(R8, Mem::new(Rax, i32::from(count) - 1));
        self.asm.alu_mem(Alu::Cmp, R8, len);
        self.asm.jcc(Cond::Ae, label);
        self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
    }

    /// Jumps unless the double, which `rax` is as an integer, is one: there and back, only those stay what they are.
    fn jump_unless_integer(&mut self, double: Vreg, temp: Vreg, label: Label) {
        self.asm.vrm(Vex::VXORPD, L128, temp, temp, temp);
        self.asm.vcvtsi2sd(temp, temp, Rax);
        self.asm.vucomisd(temp, double);
        self.asm.jcc(Cond::Ne, label);
        self.asm.jcc(Cond::P, label);
    }

    /// Puts the address of the array into `r8` and runs `each` for every lane whose bit is set, with the element's number in `rax`.
    pub(super) fn for_each_lane(&mut self, mask: V, elements: Elements, mut each: impl FnMut(&mut Self, u8)) {
        self.lanes_of(mask, R9);
        self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
        for lane in 0..self.machine.lanes() as u8 {
            let skip = self.asm.label();
            self.asm.bt(R9, lane);
            self.asm.jcc(Cond::Ae, skip);
            self.asm.vcvttsd2si(Rax, self.scratch(Scratch::Index, lane));
            each(self, lane);
            self.asm.bind(skip);
        }
    }

    pub(super) fn load_lanes(&mut self, mask: V, elements: Elements, how: LaneLoad, temp: V) {
        let temp = self.reg(temp);
        self.for_each_lane(mask, elements, |this, lane| {
            let from = Mem::indexed(R8, Rax, elements.scale);
            let to = this.scratch(Scratch::Result, lane);
            match how {
                LaneLoad::Bits => {
                    this.asm.alu_mem(Alu::Mov, R10, from);
                    this.asm.store(to, R10, 8);
                }
                LaneLoad::Single => {
                    this.asm.load(Extend::Mov32, R10, from);
                    this.asm.store(to, R10, 4);
                    this.asm.vrm(Vex::VCVTSS2SD, L128, temp, temp, to);
                    this.asm.mr(Vex::VMOVSD_STORE, L128, to, temp);
                }
                LaneLoad::Integer(extend) => {
                    this.asm.load(extend, R10, from);
                    this.asm.vcvtsi2sd(temp, temp, R10);
                    this.asm.mr(Vex::VMOVSD_STORE, L128, to, temp);
                }
            }
        });
    }

    pub(super) fn store_lanes(&mut self, mask: V, elements: Elements, stride: u8) {
        self.for_each_lane(mask, elements, |this, lane| {
            let from = at(this.machine.scratch(Scratch::Value) + i32::from(stride) * i32::from(lane));
            if stride == 8 {
                this.asm.alu_mem(Alu::Mov, R10, from);
            } else {
                this.asm.load(Extend::Mov32, R10, from);
            }
            this.asm.store(Mem::indexed(R8, Rax, elements.scale), R10, 1 << elements.scale);
        });
    }

    /// `fprem` takes as many steps as it needs; each makes the exponents differ by up to 63 less. That may take microseconds, so it
    /// counts as some turns.
    pub(super) fn rem_lanes(&mut self) {
        self.asm.alu_imm(Alu::Sub, Rdx, frame::REMAINDER_TURNS);
        for lane in 0..self.machine.lanes() as u8 {
            let again = self.asm.label();
            self.asm.fld(self.scratch(Scratch::Value, lane));
            self.asm.fld(self.scratch(Scratch::Index, lane));
            self.asm.bind(again);
            self.asm.fprem();
            self.asm.fnstsw();
            // C2: not there yet.
            self.asm.bt(Rax, 10);
            self.asm.jcc(Cond::B, again);
            self.asm.fstp(self.scratch(Scratch::Result, lane));
            self.asm.fstp_st0();
        }
    }
}
