//! From instructions with registers to words.
//!
//! ```text
//! x0  the frame             x3  bytes of the lists that are done
//! x1  the inputs            x2  turns until the driver has one
//! x4  the index of the first lane, if indices are consecutive
//! x5  the number of an element                     x8 to x11  anything, for a moment
//! w0  the answer, at the end                       x16 x17    what an address takes
//! v0 to v28  values                                v29 to v31  anything, for a moment
//! ```
//!
//! All of these are the callee's to change, but for the lower halves of `v8` to `v15`, and it calls nothing: the procedure call standard asks for no
//! more. The allocator numbers registers from 0 on, and takes the lowest that is free; those eight have the highest numbers, and code that
//! uses one of them keeps all of them in the frame while it runs.

mod atomic;
mod elements;
mod vectors;

use super::asm::{Access, Assembler, Cond, Mem, X, XZR};
use crate::codegen::x64::allocate::{Allocated, Kept};
use crate::codegen::x64::asm::{Label, Vreg};
use crate::codegen::x64::frame::{self, Kind, Turn};
use crate::codegen::x64::inst::{Inst, Size, Step, V, steps};
use crate::codegen::x64::machine::Machine;
use crate::codegen::x64::turn::turn;
use crate::hash::Map;

const FRAME: X = X(0);
const INPUTS: X = X(1);
const BUDGET: X = X(2);
const DONE: X = X(3);
const FIRST: X = X(4);
const NUMBER: X = X(5);
const X8: X = X(8);
const X9: X = X(9);
const X10: X = X(10);
const X11: X = X(11);
const V29: Vreg = Vreg(29);
const V30: Vreg = Vreg(30);
const V31: Vreg = Vreg(31);

/// A bit for each register that holds values, as the allocator numbers them.
pub(in crate::codegen) const FREE: u32 = (1 << 29) - 1;

/// Numbers from here on are those of registers that are kept for the caller.
const KEPT: u8 = 21;

/// The register of a number of the allocator's.
const fn named(number: Vreg) -> Vreg {
    match number.0 {
        number @ 0..8 => Vreg(number),
        number @ 8..KEPT => Vreg(number + 8),
        number => Vreg(number - KEPT + 8),
    }
}

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
    /// Registers of the caller are in use.
    keeps: bool,
    /// Something has no code here.
    is_unknown: bool,
}

/// Instructions from this number on.
struct Cold<'a> {
    start: Label,
    code: &'a [Inst],
    number: usize,
    back: Label,
}

/// `parts` vectors are worked on at a time. The first `labels` labels are those of the code. `kinds` says what is in virtual
/// registers. `None` if something has no code here, or there is too much of it.
pub(in crate::codegen) fn emit(
    labels: usize,
    allocated: &Allocated,
    kinds: &[(Kind, u8)],
    machine: Machine,
    parts: u8,
) -> Option<(Vec<u8>, Vec<Turn>)> {
    let mut asm = Assembler::with_labels(labels);
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
        keeps: allocated.registers.iter().any(|number| number.0 >= KEPT),
        is_unknown: false,
    };
    emitter.all(&allocated.code);
    if emitter.is_unknown {
        return None;
    }
    Some((emitter.asm.finish()?, emitter.turns))
}

/// Memory of the frame.
const fn at(offset: i32) -> Mem {
    Mem::new(FRAME, offset)
}

impl<'a> Emitter<'a> {
    fn all(&mut self, code: &'a [Inst]) {
        let resumed = self.asm.label();
        self.keep(Access::STR_D);
        self.load(INPUTS, at(frame::INPUTS));
        self.load(BUDGET, at(frame::BUDGET));
        self.load(X8, at(frame::RESUME));
        self.asm.cbnz(X8, resumed);
        self.asm.mov_imm(DONE, 0);
        self.load(FIRST, at(frame::FIRST));
        self.run(code, 0);
        self.exit(frame::DONE_ANSWER);
        while let Some(Cold { start, code, number, back }) = self.cold.pop() {
            self.asm.bind(start);
            self.run(code, number);
            self.asm.b(back);
        }
        self.asm.bind(resumed);
        self.load(DONE, at(frame::DONE));
        self.load(X9, at(frame::FIRST));
        self.asm.lsr(FIRST, DONE, 3);
        self.asm.add(FIRST, FIRST, X9, 0);
        self.asm.br(X8);
    }

    /// Keeps what has to be there afterwards, and returns with this answer. What follows runs when the code is called again.
    fn leave(&mut self, answer: u32, kept: &[(V, Vreg)]) {
        let resume = self.asm.label();
        for (_, number) in kept {
            self.save(self.machine.saved(number.0), named(*number));
        }
        self.store(DONE, at(frame::DONE));
        self.store(BUDGET, at(frame::BUDGET));
        self.asm.adr(X8, resume);
        self.store(X8, at(frame::RESUME));
        self.exit(answer);
        self.asm.bind(resume);
        for (_, number) in kept {
            self.restore(named(*number), self.machine.saved(number.0));
        }
    }

    /// Jumps if the driver has left no lane in the loop.
    fn jump_if_moved_away(&mut self, exit: Label) {
        self.load(X8, at(frame::ASKING));
        self.load(X9, at(frame::ASKING + 8));
        self.asm.orr(X8, X8, X9, 0);
        self.asm.cbz(X8, exit);
    }

    /// Stores or loads what the caller has in registers that are in use here.
    fn keep(&mut self, access: Access) {
        for number in (0..8).filter(|_| self.keeps) {
            self.asm.access(access, Vreg(8 + number), at(self.machine.saved_mask(number)));
        }
    }

    fn exit(&mut self, answer: u32) {
        self.keep(Access::LDR_D);
        self.asm.mov_imm(X(0), u64::from(answer));
        self.asm.ret();
    }

    fn load(&mut self, to: X, from: Mem) {
        self.asm.access_x(Access::LDR_X, to, from);
    }

    fn store(&mut self, from: X, to: Mem) {
        self.asm.access_x(Access::STR_X, from, to);
    }

    /// `number` is that of the first instruction.
    fn run(&mut self, code: &'a [Inst], number: usize) {
        for step in steps(code, number) {
            match step {
                Step::Inst(inst, number) => self.inst(inst, number),
                Step::Cold { start, code, number } => {
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
            Inst::Shift { op, dst, a, imm, .. } => self.shift(*op, *dst, *a, *imm),
            Inst::LoadList { dst, list, part } => {
                self.load(X8, at(frame::LIST + 8 * i32::from(*list)));
                let from = Mem { disp: self.vectors(*part), ..Mem::indexed(X8, DONE, 0) };
                self.asm.access(Access::LDR_Q, self.reg(*dst), from);
            }
            Inst::StoreOut { src, part } => {
                self.load(X8, at(frame::OUT));
                let to = Mem { disp: self.vectors(*part), ..Mem::indexed(X8, DONE, 0) };
                self.asm.access(Access::STR_Q, self.reg(*src), to);
            }
            Inst::JumpUnlessAddsUp(label) => {
                self.load(X8, at(frame::ADDS_UP));
                self.asm.cbz(X8, *label);
            }
            Inst::LoadSum { dst, number } => {
                self.restore(self.reg(*dst), self.machine.sum(usize::from(*number)));
            }
            Inst::StoreSum { src, number } => {
                self.save(self.machine.sum(usize::from(*number)), self.reg(*src));
            }
            Inst::Spill { slot, src } => self.save(self.machine.slot(*slot), self.reg(*src)),
            Inst::Reload { dst, slot } => self.restore(self.reg(*dst), self.machine.slot(*slot)),
            Inst::ToScratch { to, src, size } => {
                let how = if *size == Size::Wide { Access::STR_Q } else { Access::STR_D };
                self.asm.access(how, self.reg(*src), self.scratch(*to, 0));
            }
            Inst::FromScratch { dst, from } => self.restore(self.reg(*dst), self.machine.scratch(*from)),
            Inst::Bind(label) => self.asm.bind(*label),
            Inst::Jump(label) => self.asm.b(*label),
            Inst::JumpIf { any, mask, label } => {
                self.count_lanes(*mask);
                if *any {
                    self.asm.cbnz(X8, *label);
                } else {
                    self.asm.cbz(X8, *label);
                }
            }
            Inst::JumpUnlessAll { mask, label } => {
                self.count_lanes(*mask);
                self.asm.cmn_imm(X8, self.machine.lanes() as u32);
                self.asm.b_cond(Cond::Ne, *label);
            }
            Inst::LoopStart | Inst::LoopEnd | Inst::ColdStart(_) | Inst::ColdEnd => {}
            Inst::GroupStart => self.asm.bind(self.next_group),
            Inst::GroupEnd => {
                let indices = self.machine.lanes() as i32 * i32::from(self.parts);
                self.asm.add_imm(DONE, DONE, 8 * indices);
                self.asm.add_imm(FIRST, FIRST, indices);
                self.load(X8, at(frame::END));
                self.asm.cmp(DONE, X8);
                self.asm.b_cond(Cond::Lo, self.next_group);
            }
            Inst::JumpIfSpent(label) => {
                self.asm.subs_imm(BUDGET, BUDGET, 1);
                self.asm.b_cond(Cond::Mi, *label);
            }
            Inst::JumpIfMovedAway(label) => self.jump_if_moved_away(*label),
            Inst::Poll { mask, diverges } => {
                let kept = &self.kept[&number];
                let turn = self.turns.len() as u32;
                self.turns.push(self.turn(kept, mask, *diverges));
                self.leave(frame::POLL | turn << 8, &kept.registers);
            }
            Inst::Spend(turns) => self.asm.add_imm(BUDGET, BUDGET, -(*turns as i32)),
            Inst::Ask(question) => {
                self.leave(frame::ASK | question << 8, &self.kept[&number].registers);
            }
            Inst::Argument { src, number, part } => {
                self.asm.access(Access::STR_Q, self.reg(*src), self.argument(*number, *part, 0));
            }
            Inst::Asking { mask, part, one } => {
                match mask {
                    _ if *one => self.asm.mov_imm(X8, u64::from(*part == 0)),
                    None => self.asm.mov_imm(X8, u64::from(self.machine.all_lanes())),
                    Some(mask) => self.lanes_of(*mask),
                }
                self.asm.access_x(Access::STR_W, X8, at(frame::ASKING + 4 * i32::from(*part)));
            }
            Inst::Answer { dst, part } => {
                self.restore(self.reg(*dst), self.machine.arguments() + self.vectors(*part));
            }
            Inst::Atomic { op, elements, extend, mask, part } => {
                self.atomic(*op, *elements, *extend, *mask, *part);
            }
            Inst::AtomicAnswer { dst, part } => {
                self.asm.access(Access::LDR_D, self.reg(*dst), self.argument(1, *part, 0));
            }
            Inst::Exit(answer) => self.exit(*answer),
            _ => self.elements(inst),
        }
    }

    fn turn(&self, kept: &Kept, mask: &[V], diverges: bool) -> Turn {
        turn(self.machine, self.parts, self.kinds, kept, (mask, diverges))
    }
}
