//! From instructions with registers to bytes.
//!
//! ```text
//! rdi  the frame            rcx  bytes of the lists that are done
//! rsi  the inputs           rdx  turns until the driver has one
//! r11  the index of the first lane, if indices are consecutive
//! rax  the number of an element, an answer            r8 r9 r10  anything, for a moment
//! ```
//!
//! The code calls nothing and has no stack. Where it has to give its driver a turn, it keeps its registers in the frame and returns; when
//! it is called again it takes them back.

mod elements;

use std::collections::HashMap;

use super::allocate::Allocated;
use super::asm::{Alu, Assembler, Cond, Gpr, Kreg, Label, Length, MaskOp, Mem, Operand, Vex, Vreg};
use super::frame::{self, Kind, Turn};
use super::inst::{Form, Inst, Scratch, Size, Src, V, Vector};
use super::machine::Machine;

use Gpr::{R8, R11, Rax, Rcx, Rdi, Rdx, Rsi};
use Length::{L128, L256, L512};

struct Emitter<'a> {
    asm: Assembler,
    registers: &'a [Vreg],
    kept: &'a HashMap<usize, Vec<(V, Vreg)>>,
    spilled: &'a [(V, u32)],
    kinds: &'a [(Kind, u8)],
    /// Where local arrays begin in the frame: behind the slots.
    locals: i32,
    turns: Vec<Turn>,
    /// What is left for the end.
    cold: Vec<Cold<'a>>,
    machine: Machine,
    /// How many lanes a turn of the outermost loop has, in vectors.
    parts: u8,
}

enum Cold<'a> {
    Poll {
        stub: Label,
        back: Label,
        turn: u32,
        kept: &'a [(V, Vreg)],
    },
    /// Instructions from this number on.
    Code {
        start: Label,
        code: &'a [Inst],
        number: usize,
        back: Label,
    },
}

/// `parts` vectors are worked on at a time. The labels in the code are those of `asm`.
/// `kinds` says what is in virtual registers.
pub(super) fn emit(
    asm: Assembler,
    allocated: &Allocated,
    kinds: &[(Kind, u8)],
    machine: Machine,
    parts: u8,
) -> (Vec<u8>, Vec<Turn>) {
    let mut emitter = Emitter {
        asm,
        registers: &allocated.registers,
        kept: &allocated.kept,
        spilled: &allocated.spilled,
        kinds,
        locals: machine.slot(allocated.slots),
        turns: Vec::new(),
        cold: Vec::new(),
        machine,
        parts,
    };
    emitter.all(&allocated.code);
    (emitter.asm.finish(), emitter.turns)
}

/// Memory of the frame.
const fn at(offset: i32) -> Mem {
    Mem::new(Rdi, offset)
}

impl<'a> Emitter<'a> {
    fn all(&mut self, code: &'a [Inst]) {
        let (resumed, next) = (self.asm.label(), self.asm.label());
        self.asm.alu_mem(Alu::Mov, Rsi, at(frame::INPUTS));
        self.asm.alu_mem(Alu::Mov, Rdx, at(frame::BUDGET));
        self.asm.alu_mem(Alu::Mov, Rax, at(frame::RESUME));
        self.asm.alu(Alu::Or, Rax, Rax);
        self.asm.jcc(Cond::Ne, resumed);
        self.asm.alu(Alu::Xor, Rcx, Rcx);
        self.asm.alu_mem(Alu::Mov, R11, at(frame::FIRST));
        self.asm.bind(next);
        self.run(code, 0);
        self.asm.alu_imm(Alu::Add, Rcx, self.vectors(self.parts));
        self.asm.alu_imm(Alu::Add, R11, self.vectors(self.parts) / 8);
        self.asm.alu_mem(Alu::Cmp, Rcx, at(frame::END));
        self.asm.jcc(Cond::B, next);
        self.exit(frame::DONE_ANSWER);
        while let Some(cold) = self.cold.pop() {
            match cold {
                Cold::Poll { stub, back, turn, kept } => {
                    self.asm.bind(stub);
                    self.leave(frame::POLL | turn << 8, kept);
                    self.asm.jmp(back);
                }
                Cold::Code { start, code, number, back } => {
                    self.asm.bind(start);
                    self.run(code, number);
                    self.asm.jmp(back);
                }
            }
        }
        self.asm.bind(resumed);
        self.asm.alu_mem(Alu::Mov, Rcx, at(frame::DONE));
        self.asm.alu(Alu::Mov, R11, Rcx);
        self.asm.shr(R11, 3);
        self.asm.alu_mem(Alu::Add, R11, at(frame::FIRST));
        self.asm.jmp_mem(at(frame::RESUME));
    }

    /// Keeps what has to be there afterwards, and returns with this answer. What follows runs when the code is called again.
    fn leave(&mut self, answer: u32, kept: &[(V, Vreg)]) {
        let resume = self.asm.label();
        for (v, register) in kept {
            self.save(self.saved(*v, *register), *v, *register);
        }
        self.asm.store(at(frame::DONE), Rcx, 8);
        self.asm.store(at(frame::BUDGET), Rdx, 8);
        self.asm.lea_label(Rax, resume);
        self.asm.store(at(frame::RESUME), Rax, 8);
        self.exit(answer);
        self.asm.bind(resume);
        for (v, register) in kept {
            self.restore(*v, *register, self.saved(*v, *register));
        }
    }

    /// What is where in the frame when the driver has its turn.
    fn turn(&self, kept: &[(V, Vreg)], mask: &[V], diverges: bool) -> Turn {
        let registers = kept.iter().map(|(v, register)| (*v, self.saved(*v, *register)));
        let slots = self.spilled.iter().map(|(v, slot)| (*v, self.machine.slot(*slot)));
        let places: Vec<(V, usize)> =
            registers.chain(slots).map(|(v, offset)| (v, offset as usize / 8)).collect();
        let kind = |v: V| self.kinds.get(v.index()).copied().unwrap_or((Kind::Wide, frame::NO_PART));
        let place = |v: &V| places.iter().find(|(other, _)| other == v).map(|(_, place)| *place);
        let kept: Vec<_> = places
            .iter()
            .map(|(v, place)| {
                let (mut kind, part) = kind(*v);
                if v.is_mask() && kind == Kind::Wide {
                    kind = Kind::Bit;
                }
                (*place, kind, if self.parts == 1 { 0 } else { part })
            })
            .collect();
        let is_known = kept.iter().all(|(_, kind, part)| *kind == Kind::Uniform || *part != frame::NO_PART);
        let masks: Option<Vec<usize>> = mask.iter().map(place).collect();
        debug_assert!(masks.is_some(), "the mask of a loop is needed to its end");
        let of_bits = self.machine.has_masks();
        Turn {
            of_bits,
            diverges: diverges && is_known && masks.is_some(),
            masks: masks.unwrap_or_default(),
            kept,
        }
    }

    fn exit(&mut self, answer: u32) {
        self.asm.mov_imm(Rax, answer);
        self.asm.vzeroupper();
        self.asm.ret();
    }

    /// `number` is that of the first instruction.
    fn run(&mut self, code: &'a [Inst], number: usize) {
        let mut k = 0;
        while k < code.len() {
            if let Inst::ColdStart(start) = code[k] {
                let len = code[k..].iter().position(|inst| *inst == Inst::ColdEnd).unwrap_or(code.len() - k);
                let back = self.asm.label();
                self.asm.bind(back);
                let (code, number) = (&code[k + 1..k + len], number + k + 1);
                self.cold.push(Cold::Code { start, code, number, back });
                k += len + 1;
                continue;
            }
            self.inst(&code[k], number + k);
            k += 1;
        }
    }

    fn reg(&self, v: V) -> Vreg {
        self.registers[v.index()]
    }

    fn wide(&self) -> Length {
        self.length(Size::Wide)
    }

    fn length(&self, size: Size) -> Length {
        match (self.machine, size) {
            (Machine::Avx2, Size::Narrow) => L128,
            (Machine::Avx2, Size::Wide) | (Machine::Avx512, Size::Narrow) => L256,
            (Machine::Avx512, Size::Wide) => L512,
        }
    }

    /// Bytes of so many vectors.
    fn vectors(&self, count: u8) -> i32 {
        self.machine.bytes() * i32::from(count)
    }

    /// A lane of a place for scratch, of 64 bits.
    fn scratch(&self, place: Scratch, lane: u8) -> Mem {
        at(self.machine.scratch(place) + 8 * i32::from(lane))
    }

    fn mask(&self, v: V) -> Kreg {
        debug_assert!(v.is_mask(), "a register of masks");
        Kreg(self.registers[v.index()].0)
    }

    /// The lanes of a mask, as bits.
    fn lanes_of(&mut self, v: V, dst: Gpr) {
        if v.is_mask() {
            self.asm.kmovb_gpr(dst, self.mask(v));
        } else {
            self.asm.vmovmskpd(dst, self.reg(v));
        }
    }

    /// Where a register is while the driver has its turn.
    fn saved(&self, v: V, register: Vreg) -> i32 {
        if v.is_mask() { self.machine.saved_mask(register.0) } else { self.machine.saved(register.0) }
    }

    /// Puts a register into the frame.
    fn save(&mut self, place: i32, v: V, register: Vreg) {
        if v.is_mask() {
            return self.asm.kmovq_store(at(place), Kreg(register.0));
        }
        self.asm.mr(Vex::VMOVUPD_STORE, self.wide(), at(place), register);
    }

    /// Takes it back.
    fn restore(&mut self, v: V, register: Vreg, place: i32) {
        if v.is_mask() {
            return self.asm.kmovq_load(Kreg(register.0), at(place));
        }
        self.asm.rm(Vex::VMOVUPD, self.wide(), register, at(place));
    }

    /// The last operand of an instruction. With AVX-512, what is the same for all lanes is there once, if the instruction can do with that.
    fn operand(&mut self, src: Src, op: Vex) -> Operand {
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
            Src::Input(offset) => memory(Mem::new(Rsi, offset)),
            Src::Base => memory(at(frame::BASE)),
            Src::Slot(slot) => Operand::Mem(at(self.machine.slot(slot))),
        }
    }

    fn vector(&mut self, vector: &Vector) {
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

    fn inst(&mut self, inst: &'a Inst, number: usize) {
        match inst {
            Inst::Vector(vector) => self.vector(vector),
            Inst::Shift { op, size, dst, a, imm } => {
                let (dst, a) = (self.reg(*dst), self.reg(*a));
                self.asm.shift(*op, self.length(*size), dst, a, *imm);
            }
            Inst::Mask { op, dst, a, b } => {
                let [dst, a, b] = [dst, a, b].map(|v| self.mask(*v));
                self.asm.mask(*op, dst, a, b);
            }
            Inst::NotMask { dst, a } => {
                let [dst, a] = [dst, a].map(|v| self.mask(*v));
                self.asm.knotb(dst, a);
            }
            Inst::CopyMask { dst, a } => {
                let [dst, a] = [dst, a].map(|v| self.mask(*v));
                // A copy within a register is nothing.
                if dst != a {
                    self.asm.kmovb(dst, a);
                }
            }
            Inst::SetMask { dst, all } => {
                let dst = self.mask(*dst);
                let op = if *all { MaskOp::Kxnorb } else { MaskOp::Kxorb };
                self.asm.mask(op, dst, dst, dst);
            }
            Inst::LoadList { dst, list, part } => {
                self.asm.alu_mem(Alu::Mov, R8, at(frame::LIST + 8 * i32::from(*list)));
                let from = Mem { base: R8, index: Some((Rcx, 0)), disp: self.vectors(*part) };
                let dst = self.reg(*dst);
                self.asm.rm(Vex::VMOVUPD, self.wide(), dst, from);
            }
            Inst::StoreOut { src, part } => {
                self.asm.alu_mem(Alu::Mov, R8, at(frame::OUT));
                let to = Mem { base: R8, index: Some((Rcx, 0)), disp: self.vectors(*part) };
                let src = self.reg(*src);
                self.asm.mr(Vex::VMOVUPD_STORE, self.wide(), to, src);
            }
            Inst::JumpUnlessAddsUp(label) => {
                self.asm.alu_mem(Alu::Mov, R8, at(frame::ADDS_UP));
                self.asm.test(R8);
                self.asm.jcc(Cond::E, *label);
            }
            Inst::LoadSum { dst, number } => {
                let dst = self.reg(*dst);
                let from = at(self.machine.sum(usize::from(*number)));
                self.asm.rm(Vex::VMOVUPD, self.wide(), dst, from);
            }
            Inst::StoreSum { src, number } => {
                let src = self.reg(*src);
                let to = at(self.machine.sum(usize::from(*number)));
                self.asm.mr(Vex::VMOVUPD_STORE, self.wide(), to, src);
            }
            Inst::Spill { slot, src: v } => {
                let src = self.reg(*v);
                self.save(self.machine.slot(*slot), *v, src);
            }
            Inst::Reload { dst: v, slot } => {
                let dst = self.reg(*v);
                self.restore(*v, dst, self.machine.slot(*slot));
            }
            Inst::ToScratch { to, src, size } => {
                let src = self.reg(*src);
                let to = self.scratch(*to, 0);
                self.asm.mr(Vex::VMOVUPD_STORE, self.length(*size), to, src);
            }
            Inst::FromScratch { dst: v, from } => {
                let dst = self.reg(*v);
                self.restore(*v, dst, self.machine.scratch(*from));
            }
            Inst::Bind(label) => self.asm.bind(*label),
            Inst::Jump(label) => self.asm.jmp(*label),
            Inst::JumpIf { any, mask, label } => {
                if mask.is_mask() {
                    let mask = self.mask(*mask);
                    self.asm.kortestb(mask, mask);
                } else {
                    self.lanes_of(*mask, R8);
                    self.asm.test(R8);
                }
                self.asm.jcc(if *any { Cond::Ne } else { Cond::E }, *label);
            }
            Inst::JumpUnlessAll { mask, label } if mask.is_mask() => {
                let mask = self.mask(*mask);
                self.asm.kortestb(mask, mask);
                self.asm.jcc(Cond::Ae, *label);
            }
            Inst::JumpUnlessAll { mask, label } => {
                let mask = self.reg(*mask);
                self.asm.vmovmskpd(R8, mask);
                self.asm.alu_imm(Alu::Cmp, R8, self.machine.all_lanes() as i32);
                self.asm.jcc(Cond::Ne, *label);
            }
            Inst::LoopStart | Inst::LoopEnd | Inst::ColdStart(_) | Inst::ColdEnd => {}
            Inst::Poll { mask, diverges } => {
                let (stub, back) = (self.asm.label(), self.asm.label());
                self.asm.alu_imm(Alu::Sub, Rdx, 1);
                self.asm.jcc(Cond::S, stub);
                self.asm.bind(back);
                let kept = self.kept.get(&number).map_or(&[][..], Vec::as_slice);
                let turn = self.turns.len() as u32;
                self.turns.push(self.turn(kept, mask, *diverges));
                self.cold.push(Cold::Poll { stub, back, turn, kept });
            }
            Inst::Ask(question) => {
                let kept = self.kept.get(&number).map_or(&[][..], Vec::as_slice);
                self.leave(frame::ASK | question << 8, kept);
            }
            Inst::Argument { src: v, number, part } => {
                let place = self.machine.arguments()
                    + self.machine.argument() * i32::from(*number)
                    + self.vectors(*part);
                let src = self.reg(*v);
                self.save(place, *v, src);
            }
            Inst::Asking { mask, part, one } => {
                let place = at(frame::ASKING + 4 * i32::from(*part));
                match mask {
                    _ if *one => self.asm.store_imm(place, u32::from(*part == 0)),
                    None => self.asm.store_imm(place, self.machine.all_lanes()),
                    Some(mask) => {
                        self.lanes_of(*mask, R8);
                        self.asm.store(place, R8, 4);
                    }
                }
            }
            Inst::Answer { dst: v, part } => {
                let dst = self.reg(*v);
                self.restore(*v, dst, self.machine.arguments() + self.vectors(*part));
            }
            Inst::Exit(answer) => self.exit(*answer),
            _ => self.access(inst),
        }
    }
}
