//! From instructions with registers to bytes.
//!
//! ```text
//! rdi  the frame            rcx  bytes of the lists that are done
//! rsi  the inputs           rdx  turns until the driver has one
//! r11  the index of the first lane, if indices are consecutive
//! rax  the number of an element, an answer            r8 r9 r10  anything, for a moment
//!
//! Code for one index at a time has integers in rbx, rcx, rbp, and r10 to r15; how many bytes of the lists are done is in the frame.
//! ```
//!
//! The code calls nothing and has no stack. Where it has to give its driver a turn, it keeps its registers in the frame and returns; when
//! it is called again it takes them back.

mod atomic;
mod elements;
mod general;
mod scalar;
mod vectors;

use super::allocate::{Allocated, Kept};
use super::asm::{Alu, Assembler, Cond, Extend, Gpr, Label, Length, MaskOp, Mem, Vex, Vreg};
use super::frame::{self, Kind, Turn};
use super::inst::{Inst, Size, Step, V, steps};
use super::machine::Machine;
use super::turn::turn;

use crate::hash::Map;
use Gpr::{R8, R9, R11, Rax, Rcx, Rdi, Rdx, Rsi};
use Length::{L128, L256, L512};

struct Emitter<'a> {
    asm: Assembler,
    registers: &'a [Vreg],
    kept: &'a Map<usize, Kept>,
    kinds: &'a [(Kind, u8)],
    /// Where local arrays begin in the frame: behind the slots.
    locals: i32,
    turns: Vec<Turn>,
    /// Where the next group of lanes begins.
    next_group: Label,
    /// What is left for the end.
    cold: Vec<Cold<'a>>,
    machine: Machine,
    /// How many lanes a turn of the outermost loop has, in vectors.
    parts: u8,
    /// General registers that hold integers now and then, and what the caller has in them is to be kept.
    ours: Vec<Gpr>,
    /// Of code for one index at a time: the array whose address is in `r8`, by its record.
    address: Option<i32>,
}

/// Instructions from this number on.
struct Cold<'a> {
    start: Label,
    code: &'a [Inst],
    number: usize,
    back: Label,
}

/// `parts` vectors are worked on at a time. The labels in the code are those of `asm`.
/// `kinds` says what is in virtual registers.
pub(super) fn emit(
    mut asm: Assembler,
    allocated: &Allocated,
    kinds: &[(Kind, u8)],
    machine: Machine,
    parts: u8,
) -> (Vec<u8>, Vec<Turn>) {
    let next_group = asm.label();
    let mut emitter = Emitter {
        asm,
        next_group,
        registers: &allocated.registers,
        kept: &allocated.kept,
        kinds,
        locals: machine.slot(allocated.slots),
        turns: Vec::new(),
        cold: Vec::new(),
        machine,
        parts,
        ours: general::ours(allocated),
        address: None,
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
        let resumed = self.asm.label();
        for gpr in self.ours.clone() {
            self.asm.store(at(self.machine.of_caller(gpr as u8)), gpr, 8);
        }
        self.asm.alu_mem(Alu::Mov, Rsi, at(frame::INPUTS));
        self.asm.alu_mem(Alu::Mov, Rdx, at(frame::BUDGET));
        self.asm.alu_mem(Alu::Mov, Rax, at(frame::RESUME));
        self.asm.alu(Alu::Or, Rax, Rax);
        self.asm.jcc(Cond::Ne, resumed);
        if self.machine.is_scalar() {
            self.asm.alu(Alu::Xor, R8, R8);
            self.asm.store(at(frame::DONE), R8, 8);
        } else {
            self.asm.alu(Alu::Xor, Rcx, Rcx);
        }
        self.asm.alu_mem(Alu::Mov, R11, at(frame::FIRST));
        self.run(code, 0);
        self.exit(frame::DONE_ANSWER);
        while let Some(Cold { start, code, number, back }) = self.cold.pop() {
            self.asm.bind(start);
            self.address = None;
            self.run(code, number);
            self.asm.jmp(back);
        }
        self.asm.bind(resumed);
        if !self.machine.is_scalar() {
            self.asm.alu_mem(Alu::Mov, Rcx, at(frame::DONE));
            self.asm.alu(Alu::Mov, R11, Rcx);
            self.asm.shr(R11, 3);
            self.asm.alu_mem(Alu::Add, R11, at(frame::FIRST));
        }
        self.asm.jmp_mem(at(frame::RESUME));
    }

    /// Keeps what has to be there afterwards, and returns with this answer. What follows runs when the code is called again.
    fn leave(&mut self, answer: u32, kept: &[(V, Vreg)]) {
        let resume = self.asm.label();
        for (v, register) in kept {
            self.save(self.saved(*v, *register), *v, *register);
        }
        if !self.machine.is_scalar() {
            self.asm.store(at(frame::DONE), Rcx, 8);
        }
        self.asm.store(at(frame::BUDGET), Rdx, 8);
        self.asm.lea_label(Rax, resume);
        self.asm.store(at(frame::RESUME), Rax, 8);
        self.exit(answer);
        self.asm.bind(resume);
        for (v, register) in kept {
            self.restore(*v, *register, self.saved(*v, *register));
        }
    }

    /// Jumps if the driver has left no lane in the loop.
    fn jump_if_moved_away(&mut self, exit: Label) {
        self.asm.alu_mem(Alu::Mov, R8, at(frame::ASKING));
        self.asm.alu_mem(Alu::Or, R8, at(frame::ASKING + 8));
        self.asm.jcc(Cond::E, exit);
    }

    fn turn(&self, kept: &Kept, mask: &[V], diverges: bool) -> Turn {
        turn(self.machine, self.parts, self.kinds, kept, (mask, diverges))
    }

    /// The register that has how many bytes of the lists are done.
    fn done(&mut self) -> Gpr {
        if !self.machine.is_scalar() {
            return Rcx;
        }
        self.asm.alu_mem(Alu::Mov, R9, at(frame::DONE));
        R9
    }

    fn exit(&mut self, answer: u32) {
        for gpr in self.ours.clone() {
            self.asm.alu_mem(Alu::Mov, gpr, at(self.machine.of_caller(gpr as u8)));
        }
        self.asm.mov_imm(Rax, answer);
        self.asm.vzeroupper();
        self.asm.ret();
    }

    /// `number` is that of the first instruction.
    fn run(&mut self, code: &'a [Inst], number: usize) {
        for step in steps(code, number) {
            match step {
                Step::Inst(inst, number) => {
                    self.inst(inst, number);
                    if !scalar::keeps_address(inst) {
                        self.address = None;
                    }
                }
                Step::Cold { start, code, number } => {
                    self.address = None;
                    let back = self.asm.label();
                    self.asm.bind(back);
                    self.cold.push(Cold { start, code, number, back });
                }
            }
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
                let from = Mem { base: R8, index: Some((self.done(), 0)), disp: self.vectors(*part) };
                let dst = self.reg(*dst);
                let op = if self.machine.is_scalar() { Vex::VMOVSD } else { Vex::VMOVUPD };
                self.asm.rm(op, self.wide(), dst, from);
            }
            Inst::StoreOut { src, part } => {
                self.asm.alu_mem(Alu::Mov, R8, at(frame::OUT));
                let to = Mem { base: R8, index: Some((self.done(), 0)), disp: self.vectors(*part) };
                let src = self.reg(*src);
                let op = if self.machine.is_scalar() { Vex::VMOVSD_STORE } else { Vex::VMOVUPD_STORE };
                self.asm.mr(op, self.wide(), to, src);
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
            Inst::JumpIf { any, mask, label } if self.machine.is_scalar() => {
                self.jump_if_lane(*mask, *any, *label);
            }
            Inst::JumpUnlessAll { mask, label } if self.machine.is_scalar() => {
                self.jump_if_lane(*mask, false, *label);
            }
            Inst::General(general) => self.general(general),
            Inst::JumpGeneral { a, b, size, cond, label } => {
                self.compare_general(*a, *b, *size);
                self.asm.jcc(*cond, *label);
            }
            Inst::JumpUnlessElement { bound, number, label } => {
                let number = self.gpr(*number);
                self.jump_unless_below(number, *bound, *label);
            }
            Inst::JumpCompare { a, b, how, holds, label } => {
                self.jump_compare(*a, *b, *how, *holds, *label);
            }
            Inst::JumpUnlessInt32 { src, label } => self.jump_unless_int32(*src, *label),
            Inst::ToInt32One { dst, src, label } => self.int32_one(*dst, *src, *label),
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
            Inst::JumpIfAny { a, label } => {
                let a = self.reg(*a);
                self.asm.vmovmskps(R8, a);
                self.asm.test(R8);
                self.asm.jcc(Cond::Ne, *label);
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
            Inst::GroupStart => self.asm.bind(self.next_group),
            Inst::GroupEnd => {
                let indices = self.machine.lanes() as i32 * i32::from(self.parts);
                let done = self.done();
                self.asm.alu_imm(Alu::Add, done, 8 * indices);
                if self.machine.is_scalar() {
                    self.asm.store(at(frame::DONE), done, 8);
                } else {
                    self.asm.alu_imm(Alu::Add, R11, indices);
                }
                self.asm.alu_mem(Alu::Cmp, done, at(frame::END));
                self.asm.jcc(Cond::B, self.next_group);
            }
            Inst::JumpIfSpent(label) => {
                self.asm.alu_imm(Alu::Sub, Rdx, 1);
                self.asm.jcc(Cond::S, *label);
            }
            Inst::JumpIfMovedAway(label) => self.jump_if_moved_away(*label),
            Inst::Poll { mask, diverges } => {
                let kept = &self.kept[&number];
                let turn = self.turns.len() as u32;
                self.turns.push(self.turn(kept, mask, *diverges));
                self.leave(frame::POLL | turn << 8, &kept.registers);
            }
            Inst::Ask(question) => {
                self.leave(frame::ASK | question << 8, &self.kept[&number].registers);
            }
            Inst::Argument { src: v, number, part } => {
                let (place, src) = (self.argument(*number, *part, 0).disp, self.reg(*v));
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
            Inst::Atomic { op, elements, extend, mask, part } => {
                self.atomic(*op, *elements, *extend, *mask, *part);
            }
            Inst::AtomicAnswer { dst, part } => {
                let from = self.argument(1, *part, 0);
                if dst.is_general() {
                    let dst = self.gpr(*dst);
                    return self.asm.load(Extend::Mov32, dst, from);
                }
                let dst = self.reg(*dst);
                self.asm.rm(Vex::VMOVUPD, self.length(Size::Narrow), dst, from);
            }
            Inst::Exit(answer) => self.exit(*answer),
            _ => self.access(inst),
        }
    }
}
