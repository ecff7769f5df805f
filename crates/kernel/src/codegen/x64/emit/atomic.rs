//! Atomic operations: of one lane after the other, as the lanes would do them one after the other.
//!
//! The memory order is sequential consistency. On x64, loads have it as they are, and all else is an instruction that locks.

use allcores_machine::AtomicOp;

use super::{Emitter, at};
use crate::codegen::x64::asm::{Alu, Cond, Extend, Gpr, Mem};
use crate::codegen::x64::inst::{Elements, Scratch, V};

use Gpr::{R8, R9, R10, Rax, Rsi};

impl Emitter<'_> {
    /// Where an argument of a lane of a part is, of which there are so many bytes to a lane before it.
    pub(super) fn argument(&self, number: u8, part: u8, offset: i32) -> Mem {
        let place = self.machine.arguments() + self.machine.argument() * i32::from(number);
        at(place + self.vectors(part) + offset)
    }

    pub(super) fn atomic(
        &mut self,
        op: AtomicOp,
        elements: Elements,
        extend: Extend,
        mask: Option<V>,
        part: u8,
    ) {
        let bytes = 1 << elements.scale;
        // Of one index at a time, an integer may be in it.
        let kept = self.scratch(Scratch::Value, 0);
        if self.machine.is_scalar() {
            self.asm.store(kept, R10, 8);
        }
        for lane in 0..self.machine.lanes() as u8 {
            let skip = self.asm.label();
            if let Some(mask) = mask {
                self.lanes_of(mask, R9);
                self.asm.bt(R9, lane);
                self.asm.jcc(Cond::Ae, skip);
            }
            self.asm.vcvttsd2si(Rax, self.argument(0, part, 8 * i32::from(lane)));
            self.asm.alu_mem(Alu::Mov, R8, Mem::new(Rsi, elements.record));
            self.asm.lea(R8, Mem::indexed(R8, Rax, elements.scale));
            let [first, second] = [1, 2].map(|number| self.argument(number, part, 4 * i32::from(lane)));
            self.asm.load(Extend::Mov32, R10, first);
            let there = Mem::new(R8, 0);
            match op {
                AtomicOp::Load => self.asm.load(extend, R10, there),
                AtomicOp::Store | AtomicOp::Exchange => self.asm.xchg(there, R10, bytes),
                AtomicOp::Add => self.asm.lock_xadd(there, R10, bytes),
                AtomicOp::Sub => {
                    self.asm.neg32(R10);
                    self.asm.lock_xadd(there, R10, bytes);
                }
                AtomicOp::And => self.combine(Alu::And, extend, bytes),
                AtomicOp::Or => self.combine(Alu::Or, extend, bytes),
                AtomicOp::Xor => self.combine(Alu::Xor, extend, bytes),
                AtomicOp::CompareExchange => {
                    self.asm.mov32(Rax, R10);
                    self.asm.load(Extend::Mov32, R10, second);
                    self.asm.lock_cmpxchg(there, R10, bytes);
                    self.asm.mov32(R10, Rax);
                }
            }
            self.asm.extend(extend, R10, R10);
            self.asm.store(first, R10, 4);
            self.asm.bind(skip);
        }
        if self.machine.is_scalar() {
            self.asm.alu_mem(Alu::Mov, R10, kept);
        }
    }

    /// Looks what is at `r8`, and puts it together with `r10` there if it has not changed; otherwise again. Leaves what was there in `r10`.
    fn combine(&mut self, op: Alu, extend: Extend, bytes: u8) {
        let again = self.asm.label();
        self.asm.load(extend, Rax, Mem::new(R8, 0));
        self.asm.bind(again);
        self.asm.mov32(R9, Rax);
        self.asm.alu(op, R9, R10);
        self.asm.lock_cmpxchg(Mem::new(R8, 0), R9, bytes);
        self.asm.jcc(Cond::Ne, again);
        self.asm.mov32(R10, Rax);
    }
}
