//! One index at a time: nothing parts ways, branches are jumps, and every element is read or written by itself.
//!
//! What operations mean is what it is for vectors. Only the first lane of a vector counts; integers of 32 bits are in general registers.

use super::arrivals::Arrival;
use super::general::order;
use super::memory::Index;
use super::whole::NAN;
use super::{End, Inst, Label, Lowering, Narrow, Parts, Place, RegionId, Src, Target, V, Value, Vex, Wide};
use crate::codegen::x64::asm::{Alu, Cond, Extend};
use crate::codegen::x64::frame;
use crate::codegen::x64::general::{General, Operand};
use crate::codegen::x64::inst::{Bound, Compare, LaneLoad, LocalPlace, Nth};
use crate::ir::{ArrayId, Binary, Element, Op, Type, Unary};

/// How many conditions made of others become jumps of their own, for one that is branched on.
const MOST_JUMPS: u32 = 12;

impl Lowering<'_> {
    pub(super) fn scalar_block(&mut self, label: Label, results: &[Value], body: RegionId) {
        let registers: Vec<Parts> = results.iter().map(|value| self.parts_for(*value)).collect();
        let end = self.asm.label();
        self.targets.push(target(label, results, registers.clone(), end));
        let function = self.function;
        self.statements(body);
        match &function.region(body).end {
            End::Yield(values) => self.copy_all(&registers, values, results),
            End::Branch(to, values) if *to == label => self.copy_all(&registers, values, results),
            End::Branch(to, values) => self.branch(*to, values),
            End::Loop { label, params, initial, body } => self.scalar_loop(*label, params, initial, *body),
        }
        self.targets.pop();
        self.code.push(Inst::Bind(end));
        for (value, parts) in results.iter().zip(registers) {
            self.set_brought(*value, parts);
        }
    }

    /// A turn may write its parameters where they are: whoever branches to the next one needs them no longer.
    pub(super) fn scalar_loop(&mut self, label: Label, params: &[Value], initial: &[Value], body: RegionId) {
        let function = self.function;
        let registers: Vec<Parts> = params.iter().map(|param| self.parts_for(*param)).collect();
        self.copy_all(&registers, initial, params);
        let [head, turn_end, exit] = [(); 3].map(|()| self.asm.label());
        self.code.push(Inst::LoopStart);
        self.code.push(Inst::Bind(head));
        self.poll(&[], false, exit);
        for (param, parts) in params.iter().zip(&registers) {
            self.set_brought(*param, parts.clone());
        }
        self.targets.push(target(label, params, registers.clone(), turn_end));
        self.statements(body);
        match &function.region(body).end {
            // Nothing of a loop's body yields.
            End::Yield(_) => {}
            End::Branch(to, values) if *to == label => self.copy_all(&registers, values, params),
            End::Branch(to, values) => self.branch(*to, values),
            End::Loop { label, params, initial, body } => self.scalar_loop(*label, params, initial, *body),
        }
        self.targets.pop();
        self.code.push(Inst::Bind(turn_end));
        self.code.push(Inst::Jump(head));
        self.code.push(Inst::LoopEnd);
        self.code.push(Inst::Bind(exit));
    }

    pub(super) fn scalar_branches(
        &mut self,
        condition: Value,
        results: &[Value],
        then: RegionId,
        otherwise: RegionId,
    ) {
        let mut arrival = self.arrival(results);
        if let Src::Bits(lane) = self.src(condition, 0) {
            // Known: the other side is never run.
            self.region(if lane != 0 { then } else { otherwise }, &mut arrival);
            return self.settle(results, arrival);
        }
        // A side that only leaves, or that does nothing, is a place to jump to.
        if let Some(label) = self.leads_to(otherwise) {
            self.jump_on(condition, false, label, &mut { MOST_JUMPS });
            self.side_of(then, &mut arrival);
        } else if let Some(label) = self.leads_to(then) {
            self.jump_on(condition, true, label, &mut { MOST_JUMPS });
            self.side_of(otherwise, &mut arrival);
        } else {
            let (second, done) = (self.asm.label(), self.asm.label());
            if self.is_nothing(then) {
                self.jump_on(condition, true, done, &mut { MOST_JUMPS });
            } else {
                self.jump_on(condition, false, second, &mut { MOST_JUMPS });
                let yields = self.side_of(then, &mut arrival);
                if yields && !self.is_nothing(otherwise) {
                    self.code.push(Inst::Jump(done));
                }
            }
            self.code.push(Inst::Bind(second));
            self.side_of(otherwise, &mut arrival);
            self.code.push(Inst::Bind(done));
        }
        self.settle(results, arrival);
    }

    /// Jumps if a condition is what it is to be. Comparisons need not become flags before; both sides of `&` and `|` have no effects.
    fn jump_on(&mut self, condition: Value, holds: bool, label: Place, left: &mut u32) {
        use {Binary as B, Compare as C};
        if let Some(Op::Binary(op, a, b)) = self.definition(condition) {
            let comparison = (*op, *a, *b);
            if self.jump_on_wholes(comparison, holds, label) {
                return;
            }
        }
        let (a, b, how) = match self.definition(condition) {
            Some(Op::Unary(Unary::Not, a)) if *left > 0 => {
                let a = *a;
                *left -= 1;
                return self.jump_on(a, !holds, label, left);
            }
            Some(Op::Select(choice, yes, no)) if *left > 0 => {
                let (choice, yes, no) = (*choice, *yes, *no);
                *left -= 1;
                let [other, skip] = [(); 2].map(|()| self.asm.label());
                self.jump_on(choice, false, other, left);
                self.jump_on(yes, holds, label, left);
                self.code.push(Inst::Jump(skip));
                self.code.push(Inst::Bind(other));
                self.jump_on(no, holds, label, left);
                return self.code.push(Inst::Bind(skip));
            }
            Some(Op::InBounds(array, index)) => {
                let (array, index) = (*array, *index);
                return self.jump_on_element(array, index, holds, label);
            }
            Some(Op::Binary(op @ (B::BAnd | B::BOr), a, b)) if *left > 0 => {
                // One of them decides: the first that is false, or that is true.
                let (decides, a, b) = (*op == B::BOr, *a, *b);
                *left -= 1;
                if decides == holds {
                    self.jump_on(a, holds, label, left);
                    return self.jump_on(b, holds, label, left);
                }
                let skip = self.asm.label();
                self.jump_on(a, decides, skip, left);
                self.jump_on(b, holds, label, left);
                return self.code.push(Inst::Bind(skip));
            }
            Some(Op::Binary(op, a, b)) => match op {
                B::Eq => (*a, *b, C::Eq),
                B::Ne => (*a, *b, C::Ne),
                B::Gt => (*a, *b, C::Gt),
                B::Ge => (*a, *b, C::Ge),
                B::Lt => (*b, *a, C::Gt),
                B::Le => (*b, *a, C::Ge),
                _ if let Some(cond) = order(*op) => {
                    let (a, b) = (*a, *b);
                    let (a, b) = (self.v(a, 0), self.operand(b));
                    let cond = if holds { cond } else { cond.inverse() };
                    return self.code.push(Inst::JumpGeneral { a, b, size: Narrow, cond, label });
                }
                _ => return self.jump_on_flag(condition, holds, label),
            },
            Some(Op::Unary(Unary::ToBool, number)) => {
                let number = *number;
                return self.jump_on_number(number, holds, label);
            }
            _ => return self.jump_on_flag(condition, holds, label),
        };
        let (a, b) = (self.v(a, 0), self.src(b, 0));
        self.code.push(Inst::JumpCompare { a, b, how, holds, label });
    }

    fn jump_on_element(&mut self, array: ArrayId, index: Value, holds: bool, label: Place) {
        let none = if holds { self.asm.label() } else { label };
        let bound = Bound::Array(self.elements(array));
        self.element_number(bound, index, none);
        if holds {
            self.code.push(Inst::Jump(label));
            self.code.push(Inst::Bind(none));
        }
    }

    fn jump_on_flag(&mut self, condition: Value, holds: bool, label: Place) {
        let (a, b) = (self.flag(condition), Operand::Is(0));
        let cond = if holds { Cond::Ne } else { Cond::E };
        self.code.push(Inst::JumpGeneral { a, b, size: Narrow, cond, label });
    }

    /// Of a number, whether it is neither 0 nor NaN.
    fn jump_on_number(&mut self, number: Value, holds: bool, label: Place) {
        if !self.is_whole(number) {
            let (a, b) = (self.v(number, 0), Src::bits(0));
            return self.code.push(Inst::JumpCompare { a, b, how: Compare::Differs, holds, label });
        }
        let mut a = self.whole(number);
        if self.may_be_nan(number) {
            // Twice what stands for NaN is 0 as well.
            a = self.alu(Alu::Add, Wide, a, Operand::V(a));
        }
        let cond = if holds { Cond::Ne } else { Cond::E };
        self.code.push(Inst::JumpGeneral { a, b: Operand::Is(0), size: Wide, cond, label });
    }

    pub(super) fn scalar_guard(&mut self, condition: Value) {
        let failed = self.asm.label();
        self.jump_on(condition, false, failed, &mut { MOST_JUMPS });
        self.code.push(Inst::ColdStart(failed));
        self.code.push(Inst::Exit(frame::NO_SUCH_ROW));
        self.code.push(Inst::ColdEnd);
    }

    fn side_of(&mut self, side: RegionId, arrival: &mut Arrival<'_>) -> bool {
        arrival.is_fresh = true;
        self.region(side, arrival)
    }

    /// Where a region jumps to, if it does nothing else.
    fn leads_to(&self, id: RegionId) -> Option<Place> {
        let region = self.function.region(id);
        match &region.end {
            End::Branch(label, values) if region.stmts.is_empty() && values.is_empty() => {
                self.targets.iter().rev().find(|target| target.label == *label)?.place
            }
            _ => None,
        }
    }

    fn is_nothing(&self, id: RegionId) -> bool {
        let region = self.function.region(id);
        region.stmts.is_empty() && matches!(&region.end, End::Yield(values) if values.is_empty())
    }

    /// The number of an element; goes to `none` if the index is not that of one.
    fn element_number(&mut self, bound: Bound, index: Value, none: Place) -> Nth {
        let constant = self.constant_of(index).filter(|at| at.trunc() == *at && at.abs() < 1e9);
        let number = match (self.definition(index), constant) {
            (_, Some(at)) => {
                if let Bound::Of(len) = bound
                    && (0.0..f64::from(len)).contains(&at)
                {
                    return Nth::Is(at as u32);
                }
                let dst = self.fresh_general();
                self.general(General::Is { dst, number: at as i64 })
            }
            _ if let Some(general) = self.generals[index.index()] => general,
            _ if self.function.ty(index) == Type::I32 => {
                let index = self.v(index, 0);
                self.extend(Extend::Movsxd, index)
            }
            (Some(Op::Unary(op @ (Unary::FromInt32 | Unary::FromUint32), integer)), _) => {
                let how = if *op == Unary::FromInt32 { Extend::Movsxd } else { Extend::Mov32 };
                let integer = *integer;
                let integer = self.v(integer, 0);
                self.extend(how, integer)
            }
            _ => {
                let v = self.v(index, 0);
                let temp = (!self.facts.integers[index.index()]).then(|| self.fresh());
                self.code.push(Inst::ElementNumber { bound, index: v, temp, label: none });
                return Nth::Rax;
            }
        };
        self.code.push(Inst::JumpUnlessElement { bound, number, label: none });
        Nth::V(number)
    }

    /// NaN where the index is not that of an element. An integer where the array has but integers.
    pub(super) fn scalar_local_load(
        &mut self,
        value: Value,
        (local, is_integer): (LocalPlace, bool),
        index: Value,
    ) -> V {
        let none = self.no_element.unwrap_or_else(|| self.asm.label());
        let at = self.element_number(Bound::Of(local.len), index, none);
        let dst = self.fresh();
        if is_integer {
            let integer = self.fresh_general();
            self.code.push(Inst::LoadLocalOne { dst: integer, local, at });
            self.loaded(value, dst, integer);
        } else {
            self.code.push(Inst::LoadLocalOne { dst, local, at });
        }
        self.nothing_there(value, dst, none);
        dst
    }

    /// An integer has been loaded; it is wanted as a double, too.
    fn loaded(&mut self, value: Value, dst: V, integer: V) {
        self.general(General::Double { size: Wide, dst, a: integer });
        self.integers_of.insert(value, vec![integer; self.parts].into());
        if self.wanted.is_wanted[value.index()] {
            self.generals[value.index()] = Some(integer);
        }
    }

    /// What is loaded where there is no element, unless all goes elsewhere then.
    fn nothing_there(&mut self, value: Value, dst: V, none: Place) {
        if self.no_element.is_some() {
            return;
        }
        self.code.push(Inst::ColdStart(none));
        self.write(dst, Wide, Src::f64(f64::NAN));
        if let Some(integer) = self.integers_of.get(&value) {
            let dst = integer[0];
            // Its lower half is 0, as ToInt32 of NaN is.
            self.general(General::Is { dst, number: NAN });
        }
        self.code.push(Inst::ColdEnd);
    }

    /// A plain array would grow: the call stops, and its driver finds the index among the arguments.
    pub(super) fn scalar_local_store(&mut self, local: LocalPlace, is_plain: bool, index: Value, src: V) {
        let none = self.asm.label();
        let at = self.element_number(Bound::Of(local.len), index, none);
        self.code.push(Inst::StoreLocalOne { src, local, at });
        if !is_plain {
            return self.code.push(Inst::Bind(none));
        }
        self.code.push(Inst::ColdStart(none));
        let index = match self.generals[index.index()] {
            // Made here, where hardly anybody comes.
            Some(general) => Index::of_integers(self.double_of_whole(index, general)),
            None => self.index(index, 0),
        };
        let is_element = self.is_index(index.lanes, Src::f64(f64::from(local.len)), index.is_integer);
        let bad = self.failed(is_element, 0);
        self.local_stop(vec![(index.lanes, bad)]);
        self.code.push(Inst::ColdEnd);
    }

    /// NaN where the index is not that of an element. What is loaded as an integer is one as well.
    pub(super) fn scalar_load(&mut self, value: Value, array: ArrayId, index: Value) -> V {
        let none = self.no_element.unwrap_or_else(|| self.asm.label());
        let (elements, how) = (self.elements(array), self.how(array));
        let at = self.element_number(Bound::Array(elements), index, none);
        let dst = self.fresh();
        match how {
            LaneLoad::Bits => self.code.push(Inst::LoadOne { dst, elements, how, at }),
            LaneLoad::Single => {
                let single = self.fresh();
                self.code.push(Inst::LoadOne { dst: single, elements, how, at });
                let double = self.rm(Vex::VCVTPS2PD, Wide, single);
                self.write(dst, Wide, double);
            }
            LaneLoad::Integer(_) => {
                let integer = self.fresh_general();
                self.code.push(Inst::LoadOne { dst: integer, elements, how, at });
                self.loaded(value, dst, integer);
            }
        }
        self.nothing_there(value, dst, none);
        dst
    }

    /// What ToInt32 has been taken of, if that is an integer as a double, and there is one index at a time.
    pub(super) fn integer_before(&self, value: Value) -> Option<Value> {
        match self.definition(value) {
            Some(Op::Unary(Unary::ToInt32, x))
                if self.machine.is_scalar() && self.facts.integers[x.index()] =>
            {
                Some(*x)
            }
            _ => None,
        }
    }

    /// `x | 0` of an integer, as a double: nearly always `x`. To go to an integer register and back would take the time of several
    /// additions; a branch that is foreseen takes none.
    pub(super) fn whole_one(&mut self, x: Value) -> V {
        let x = self.v(x, 0);
        let label = self.asm.label();
        self.code.push(Inst::JumpUnlessInt32 { src: x, label });
        // -0 becomes 0.
        let dst = self.vrm(Vex::VADDPD, Wide, x, Src::bits(0));
        self.code.push(Inst::ColdStart(label));
        let slow = self.int32_slowly(x);
        let double = self.rm(Vex::VCVTDQ2PD, Wide, slow);
        self.write(dst, Wide, double);
        self.code.push(Inst::ColdEnd);
        dst
    }

    pub(super) fn scalar_store(&mut self, array: ArrayId, index: Value, value: Value) {
        let is_modulo =
            !matches!(self.element(array), Element::Float32 | Element::Float64 | Element::Uint8Clamped);
        let there = if is_modulo { self.integer_there(value) } else { None };
        let (src, is_wide) = match there {
            Some(integer) => (integer, false),
            None => {
                let value = self.v(value, 0);
                let (src, stride) = self.element_of(array, value, 0);
                (src, stride == 8)
            }
        };
        let none = self.asm.label();
        let elements = self.elements(array);
        let at = self.element_number(Bound::Array(elements), index, none);
        self.code.push(Inst::StoreOne { src, elements, is_wide, at });
        self.code.push(Inst::Bind(none));
    }
}

/// Where whoever branches puts values, and goes on.
fn target(label: Label, values: &[Value], registers: Vec<Parts>, place: Place) -> Target {
    Target {
        label,
        values: values.to_vec(),
        registers,
        arrived: None,
        is_tail: false,
        is_fresh: true,
        place: Some(place),
    }
}
