//! One index at a time: nothing parts ways, branches are jumps, and every element is read or written by itself.
//!
//! What operations mean is what it is for vectors. Only the first lane of a register counts, so values of all kinds are where they would be.

use super::arrivals::Arrival;
use super::{End, Inst, Label, Lowering, Narrow, Parts, Place, RegionId, Src, Target, V, Value, Vex, Wide};
use crate::codegen::x64::frame::Kind;
use crate::codegen::x64::inst::{Bound, Compare, LocalPlace, Size};
use crate::ir::{ArrayId, Binary, Element, Op, Type, Unary};

/// How deep conditions made of others become jumps of their own.
const MOST_JUMPS: u32 = 4;

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
            self.set(*value, parts);
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
        self.code.push(Inst::Poll { mask: Box::default(), diverges: false, exit });
        for (param, parts) in params.iter().zip(&registers) {
            self.set(*param, parts.clone());
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
            self.jump_on(condition, false, label, MOST_JUMPS);
            self.side_of(then, &mut arrival);
        } else if let Some(label) = self.leads_to(then) {
            self.jump_on(condition, true, label, MOST_JUMPS);
            self.side_of(otherwise, &mut arrival);
        } else {
            let (second, done) = (self.asm.label(), self.asm.label());
            if self.is_nothing(then) {
                self.jump_on(condition, true, done, MOST_JUMPS);
            } else {
                self.jump_on(condition, false, second, MOST_JUMPS);
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

    /// Jumps if a condition is what it is to be. Comparisons need not become masks before; both sides of `&` and `|` have no effects.
    fn jump_on(&mut self, condition: Value, holds: bool, label: Place, left: u32) {
        use {Binary as B, Compare as C};
        let (a, b, how) = match self.definition(condition) {
            Some(Op::Unary(Unary::Not, a)) if left > 0 => {
                let a = *a;
                return self.jump_on(a, !holds, label, left - 1);
            }
            Some(Op::Binary(op @ (B::BAnd | B::BOr), a, b)) if left > 0 => {
                // One of them decides: the first that is false, or that is true.
                let (decides, a, b) = (*op == B::BOr, *a, *b);
                if decides == holds {
                    self.jump_on(a, holds, label, left - 1);
                    return self.jump_on(b, holds, label, left - 1);
                }
                let skip = self.asm.label();
                self.jump_on(a, decides, skip, left - 1);
                self.jump_on(b, holds, label, left - 1);
                return self.code.push(Inst::Bind(skip));
            }
            Some(Op::Binary(op, a, b)) => match op {
                B::Eq => (*a, *b, C::Eq),
                B::Ne => (*a, *b, C::Ne),
                B::Gt => (*a, *b, C::Gt),
                B::Ge => (*a, *b, C::Ge),
                B::Lt => (*b, *a, C::Gt),
                B::Le => (*b, *a, C::Ge),
                B::IEq => (*a, *b, C::IEq),
                B::INe => (*a, *b, C::INe),
                B::ILt => (*a, *b, C::ILt),
                B::ILe => (*a, *b, C::ILe),
                B::ULt => (*a, *b, C::ULt),
                B::ULe => (*a, *b, C::ULe),
                _ => return self.jump_on_mask(condition, holds, label),
            },
            _ => return self.jump_on_mask(condition, holds, label),
        };
        let (a, b) = (self.v(a, 0), self.src(b, 0));
        self.code.push(Inst::JumpCompare { a, b, how, holds, label });
    }

    fn jump_on_mask(&mut self, condition: Value, holds: bool, label: Place) {
        let mask = self.v(condition, 0);
        self.code.push(Inst::JumpIf { any: holds, mask, label });
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

    /// Puts the number of an element into `rax`; goes to `none` if the index is not that of an element.
    fn element_number(&mut self, array: ArrayId, index: Value, none: Place) {
        let bound = Bound::Array(self.elements(array));
        self.number_within(bound, index, none);
    }

    fn number_within(&mut self, bound: Bound, index: Value, none: Place) {
        let v = self.v(index, 0);
        let (size, temp) = match self.function.ty(index) {
            Type::I32 => (Narrow, None),
            _ if self.integers[index.index()] => (Wide, None),
            _ => (Wide, Some(self.fresh())),
        };
        self.code.push(Inst::ElementNumber { bound, index: v, size, temp, label: none });
    }

    /// The number of an element of a local array: as a constant, or in `rax`. Goes to `none` if the index is not that of an element.
    pub(super) fn local_number(&mut self, place: LocalPlace, index: Value, none: Place) -> Option<u32> {
        let constant = self.constant_of(index).filter(|at| {
            let is_element = (0.0..f64::from(place.len)).contains(at);
            is_element && at.trunc() == *at
        });
        if constant.is_none() {
            self.number_within(Bound::Of(place.len), index, none);
        }
        constant.map(|at| at as u32)
    }

    /// NaN where the index is not that of an element.
    pub(super) fn scalar_local_load(&mut self, local: LocalPlace, index: Value) -> V {
        let none = self.asm.label();
        let at = self.local_number(local, index, none);
        let dst = self.fresh();
        self.code.push(Inst::LoadLocalOne { dst, local, at });
        self.code.push(Inst::ColdStart(none));
        self.write(dst, Wide, Src::f64(f64::NAN));
        self.code.push(Inst::ColdEnd);
        dst
    }

    pub(super) fn scalar_local_store(&mut self, local: LocalPlace, index: Value, src: V) {
        let none = self.asm.label();
        let at = self.local_number(local, index, none);
        self.code.push(Inst::StoreLocalOne { src, local, at });
        self.code.push(Inst::Bind(none));
    }

    /// NaN where the index is not that of an element. What is loaded as an integer is one as well.
    pub(super) fn scalar_load(&mut self, value: Value, array: ArrayId, index: Value) -> V {
        let none = self.asm.label();
        self.element_number(array, index, none);
        let elements = self.elements(array);
        let how = self.how(array);
        let dst = self.fresh();
        let (size, is_integer): (Size, bool) = match self.element(array) {
            Element::Float64 => (Wide, false),
            Element::Float32 => (Narrow, false),
            _ => (Narrow, true),
        };
        let raw = if size == Wide { dst } else { self.fresh() };
        self.code.push(Inst::LoadOne { dst: raw, elements, how });
        if is_integer {
            let double = self.double_of(array, raw);
            self.write(dst, Wide, double);
        } else if size == Narrow {
            let double = self.rm(Vex::VCVTPS2PD, Wide, raw);
            self.write(dst, Wide, double);
        }
        self.code.push(Inst::ColdStart(none));
        self.write(dst, Wide, Src::f64(f64::NAN));
        if is_integer {
            self.write(raw, Narrow, Src::bits(0));
        }
        self.code.push(Inst::ColdEnd);
        if is_integer {
            self.kinds[raw.index()] = (Kind::Uniform, 0);
            self.integers_of.insert(value, vec![raw; self.parts].into());
        }
        dst
    }

    /// What ToInt32 has been taken of, if that is an integer as a double, and there is one index at a time.
    pub(super) fn integer_before(&self, value: Value) -> Option<Value> {
        match self.definition(value) {
            Some(Op::Unary(Unary::ToInt32, x)) if self.machine.is_scalar() && self.integers[x.index()] => {
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
        let value = self.v(value, 0);
        let (src, stride) = self.element_of(array, value, 0);
        let none = self.asm.label();
        self.element_number(array, index, none);
        let elements = self.elements(array);
        self.code.push(Inst::StoreOne { src, elements, is_wide: stride == 8 });
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
