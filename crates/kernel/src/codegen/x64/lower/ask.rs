//! What code cannot do by itself: it asks its driver.
//!
//! The driver finds arguments of all lanes in the frame, and which lanes ask; it puts its answers in the place of the first arguments,
//! and calls the code again. So the code calls nothing, and all of a block's calls of a function are made one after the other.

use super::memory::Index;
use super::ops::{ORDERED, TRUNCATE};
use super::{Inst, Lowering, Parts, Src, V, Value, Wide};
use crate::codegen::Question;
use crate::codegen::x64::asm::Vex;
use crate::codegen::x64::frame::{self, Kind};
use crate::codegen::x64::inst::LaneLoad;
use crate::ir::{ArrayId, AtomicOp, Math};

impl Lowering<'_> {
    /// A function of doubles.
    pub(super) fn call(&mut self, value: Value, function: Math, arguments: &[Value]) -> Parts {
        // The same for all lanes: the first asks.
        let one = self.facts.uniform[value.index()];
        let parts = if one { 1 } else { self.parts };
        for part in 0..parts {
            for (number, argument) in arguments.iter().enumerate() {
                let src = self.v(*argument, part);
                self.code.push(Inst::Argument { src, number: number as u8, part: part as u8 });
            }
        }
        self.ask(Question::Call(function), parts, one);
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

    /// An atomic operation of each lane. Where an index is none of an element, all of it is a question: the driver does what comes before.
    pub(super) fn atomic(
        &mut self,
        value: Value,
        op: AtomicOp,
        array: ArrayId,
        index: Value,
        arguments: &[Value],
    ) -> Parts {
        self.may_lose = true;
        let LaneLoad::Integer(extend) = self.how(array) else {
            self.ask_for_atomic(op, array, index, arguments);
            return (0..self.parts).map(|part| self.answer(part)).collect();
        };
        let (elements, stop) = (self.elements(array), self.asm.label());
        let indices: Vec<Index> = (0..self.parts).map(|part| self.index(index, part)).collect();
        let mut wrong = Vec::with_capacity(self.parts);
        for (part, index) in indices.iter().enumerate() {
            let is_element = self.in_bounds(array, index);
            wrong.push(self.failed(is_element, part));
        }
        self.jump_if(true, &wrong.into(), stop);
        for (part, index) in indices.iter().enumerate() {
            self.code.push(Inst::Argument { src: index.lanes, number: 0, part: part as u8 });
            for (number, argument) in arguments.iter().enumerate() {
                let double = self.v(*argument, part);
                let src = self.int32_of(double, Some(part));
                self.code.push(Inst::Argument { src, number: number as u8 + 1, part: part as u8 });
            }
        }
        for part in 0..self.parts {
            let mask = self.mask.as_ref().map(|mask| mask[part]);
            self.code.push(Inst::Atomic { op, elements, extend, mask, part: part as u8 });
        }
        let to: Vec<(V, V)> = (0..self.parts)
            .map(|part| {
                let integer = if self.machine.is_scalar() { self.fresh_general() } else { self.fresh() };
                let double = self.fresh();
                self.code.push(Inst::AtomicAnswer { dst: integer, part: part as u8 });
                let found = match arguments.first() {
                    Some(argument) if op == AtomicOp::Store => self.integer_of(*argument, part),
                    _ => self.double_of(array, integer),
                };
                self.write(double, Wide, found);
                (double, integer)
            })
            .collect();
        self.code.push(Inst::ColdStart(stop));
        self.ask_for_atomic(op, array, index, arguments);
        // It does not come back: one of the indices is wrong.
        self.code.push(Inst::ColdEnd);
        if op != AtomicOp::Store {
            let halves: Vec<V> = to.iter().map(|(_, integer)| *integer).collect();
            let integers = self.integers_from(&halves);
            if self.machine.is_scalar() {
                self.kinds[integers[0].index()] = (Kind::Uniform, 0);
            }
            self.integers_of.insert(value, integers);
        }
        to.into_iter().map(|(double, _)| double).collect()
    }

    fn ask_for_atomic(&mut self, op: AtomicOp, array: ArrayId, index: Value, arguments: &[Value]) {
        for part in 0..self.parts {
            let index = self.index(index, part);
            self.code.push(Inst::Argument { src: index.lanes, number: 0, part: part as u8 });
            for (number, argument) in arguments.iter().enumerate() {
                let src = self.v(*argument, part);
                self.code.push(Inst::Argument { src, number: number as u8 + 1, part: part as u8 });
            }
        }
        self.ask(Question::Atomic(op, array), self.parts, self.machine.is_scalar());
    }

    /// What `Atomics.store` returns: the argument, truncated to an integer. -0 and NaN are 0.
    fn integer_of(&mut self, argument: Value, part: usize) -> V {
        let x = self.v(argument, part);
        let whole = self.rmi(Vex::VROUNDPD, Wide, x, TRUNCATE);
        let is_number = self.compare(whole, whole, ORDERED);
        let kept = self.kept(whole, is_number);
        self.vrm(Vex::VADDPD, Wide, kept, Src::bits(0))
    }

    /// Remainders by the same divisors, each into a register that is there, of lanes that do not take part, too: where the processor has no
    /// instruction for all of them.
    pub(super) fn ask_for_rests(&mut self, divisor: V, rests: Vec<(V, V)>) {
        for (part, (x, _)) in rests.iter().enumerate() {
            self.code.push(Inst::Argument { src: *x, number: 0, part: part as u8 });
            self.code.push(Inst::Argument { src: divisor, number: 1, part: part as u8 });
        }
        // Each may take microseconds.
        self.code.push(Inst::Spend(frame::REMAINDER_TURNS as u32 * rests.len() as u32));
        let mask = self.mask.take();
        self.ask(Question::Remainder, rests.len(), false);
        self.mask = mask;
        for (part, (_, result)) in rests.into_iter().enumerate() {
            self.code.push(Inst::Answer { dst: result, part: part as u8 });
        }
    }

    /// For the lanes that take part, of so many parts. With `one`, the first of all alone.
    fn ask(&mut self, question: Question, parts: usize, one: bool) {
        for part in 0..4 {
            let is_there = part < if one { 1 } else { parts };
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
