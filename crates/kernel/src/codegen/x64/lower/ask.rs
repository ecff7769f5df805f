//! What code cannot do by itself: it asks its driver.
//!
//! The driver finds arguments of all lanes in the frame, and which lanes ask; it puts its answers in the place of the first arguments,
//! and calls the code again. So the code calls nothing, and all of a block's calls of a function are made one after the other.

use super::{Inst, Lowering, Parts, V, Value, Wide};
use crate::codegen::Question;
use crate::codegen::x64::asm::Vex;
use crate::ir::{ArrayId, AtomicOp, Math};

impl Lowering<'_> {
    /// A function of doubles.
    pub(super) fn call(&mut self, value: Value, function: Math, arguments: &[Value]) -> Parts {
        // The same for all lanes: the first asks.
        let one = self.uniform[value.index()];
        let parts = if one { 1 } else { self.parts };
        for part in 0..parts {
            for (number, argument) in arguments.iter().enumerate() {
                let src = self.v(*argument, part);
                self.code.push(Inst::Argument { src, number: number as u8, part: part as u8 });
            }
        }
        self.ask(Question::Call(function), one);
        let answers: Vec<V> = (0..parts).map(|part| self.answer(part)).collect();
        if one {
            let all = match self.machine.is_scalar() {
                true => answers[0],
                false => self.rm(Vex::VBROADCASTSD, Wide, answers[0]),
            };
            return vec![all; self.parts].into();
        }
        answers.into()
    }

    pub(super) fn atomic(
        &mut self,
        op: AtomicOp,
        array: ArrayId,
        index: Value,
        arguments: &[Value],
    ) -> Parts {
        self.may_lose = true;
        for part in 0..self.parts {
            let index = self.index(index, part);
            self.code.push(Inst::Argument { src: index.lanes, number: 0, part: part as u8 });
            for (number, argument) in arguments.iter().enumerate() {
                let src = self.v(*argument, part);
                self.code.push(Inst::Argument { src, number: number as u8 + 1, part: part as u8 });
            }
        }
        self.ask(Question::Atomic(op, array), self.machine.is_scalar());
        (0..self.parts).map(|part| self.answer(part)).collect()
    }

    /// For the lanes that take part.
    fn ask(&mut self, question: Question, one: bool) {
        for part in 0..4 {
            let is_there = part < if one { 1 } else { self.parts };
            let mask = match &self.mask {
                Some(mask) if is_there && !one => Some(mask[part]),
                _ => None,
            };
            self.code.push(Inst::Asking { mask, part: part as u8, one: one || !is_there });
        }
        let known = self.questions.iter().position(|other| *other == question);
        let number = known.unwrap_or_else(|| {
            self.questions.push(question);
            self.questions.len() - 1
        });
        self.code.push(Inst::Ask(number as u32));
    }

    fn answer(&mut self, part: usize) -> V {
        let dst = self.fresh();
        self.code.push(Inst::Answer { dst, part: part as u8 });
        dst
    }
}
