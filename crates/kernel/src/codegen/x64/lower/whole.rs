//! Doubles that are integers, in general registers: of 64 bits, so that nothing overflows. NaN, where there may be one, is the least of all.
//!
//! Which they are says [`Wanted`](super::wanted::Wanted). Each is there as a double as well; nobody makes what nobody reads.

use super::wanted::is_comparison;
use super::{Inst, Lowering, Op, Parts, Place, Src, V, Value, Vex, Wide};
use crate::analysis::{LARGEST, Range};
use crate::codegen::x64::asm::{Alu, Cond, Extend};
use crate::codegen::x64::frame;
use crate::codegen::x64::general::{General, Operand};
use crate::ir::{Binary, Const, Unary};

/// What stands for NaN: what the processor makes of it, and too small for an index.
pub(super) const NAN: i64 = i64::MIN;

impl Lowering<'_> {
    /// Whether a value is there as an integer of 64 bits.
    pub(super) fn is_whole(&self, value: Value) -> bool {
        self.machine.is_scalar()
            && self.wanted.ranges[value.index()].is_some()
            && (self.generals[value.index()].is_some()
                || matches!(self.definition(value), Some(Op::Const(_) | Op::Length(_))))
    }

    pub(super) fn may_be_nan(&self, value: Value) -> bool {
        self.wanted.ranges[value.index()].is_none_or(|range| range.may_be_nan)
    }

    /// A value that is there as an integer, as the last operand.
    pub(super) fn whole_operand(&mut self, value: Value) -> Operand {
        match self.definition(value) {
            Some(Op::Const(constant)) => {
                let number = number_of(*constant);
                i32::try_from(number).map_or_else(|_| Operand::V(self.whole(value)), Operand::Is)
            }
            Some(Op::Length(array)) => Operand::Input(self.record(*array) + frame::LENGTH),
            _ => Operand::V(self.whole(value)),
        }
    }

    /// The same in a register.
    pub(super) fn whole(&mut self, value: Value) -> V {
        if let Some(general) = self.generals[value.index()] {
            return general;
        }
        let op = self.definition(value).cloned();
        let dst = self.fresh_general();
        match op {
            Some(Op::Const(constant)) => self.general(General::Is { dst, number: number_of(constant) }),
            Some(Op::Length(array)) => {
                let offset = self.record(array) + frame::LENGTH;
                self.general(General::Input { dst, offset })
            }
            _ => {
                let a = self.v(value, 0);
                self.general(General::Truncate { dst, a })
            }
        }
    }

    /// What is brought to a parameter or a result that is an integer.
    pub(super) fn whole_src(&mut self, value: Value) -> Src {
        match self.definition(value) {
            Some(Op::Const(constant)) => Src::Bits(number_of(*constant).cast_unsigned()),
            _ => Src::V(self.whole(value)),
        }
    }

    /// An integer as a double.
    pub(super) fn double_of_whole(&mut self, value: Value, a: V) -> V {
        if !self.may_be_nan(value) {
            return self.double(Wide, a);
        }
        let dst = self.fresh();
        self.general(General::DoubleOrNan { dst, a })
    }

    /// An operation whose result is wanted as an integer. Returns the double, too, if that can be made of it.
    pub(super) fn whole_op(&mut self, value: Value, op: &Op) -> Option<V> {
        let general = match op {
            Op::Unary(Unary::FromInt32, a) => {
                let a = self.v(*a, 0);
                self.extend(Extend::Movsxd, a)
            }
            Op::Unary(Unary::FromUint32, a) => {
                let a = self.v(*a, 0);
                self.extend(Extend::Mov32, a)
            }
            Op::Unary(Unary::FromBool, a) => self.flag(*a),
            Op::Unary(Unary::Neg, a) if self.is_whole(*a) => {
                let zero = self.fresh_general();
                self.general(General::Is { dst: zero, number: 0 });
                self.whole_binary(value, Binary::Sub, None, *a, zero)
            }
            Op::Binary(op @ (Binary::Add | Binary::Sub | Binary::Mul | Binary::Min | Binary::Max), a, b)
                if self.is_whole(*a) && self.is_whole(*b) =>
            {
                let is_constant = matches!(self.definition(*a), Some(Op::Const(_)));
                let (a, b) = if is_constant && op.is_commutative() { (*b, *a) } else { (*a, *b) };
                let first = self.whole(a);
                self.whole_binary(value, *op, Some(a), b, first)
            }
            Op::Select(condition, a, b) if self.is_whole(*a) && self.is_whole(*b) => {
                let (yes, no) = (self.whole(*a), self.whole(*b));
                self.choose(*condition, yes, no)
            }
            _ => return None,
        };
        self.generals[value.index()] = Some(general);
        let range = self.wanted.ranges[value.index()]?;
        (!range.may_be_negative_zero).then(|| self.double_of_whole(value, general))
    }

    fn whole_binary(&mut self, value: Value, op: Binary, first: Option<Value>, b: Value, a: V) -> V {
        let operand = self.whole_operand(b);
        let cold = self.may_be_nan(value).then(|| self.asm.label());
        if let Some(label) = cold {
            if first.is_some_and(|first| self.may_be_nan(first)) {
                self.jump_if_nan(a, label);
            }
            if let (Operand::V(b), true) = (operand, self.may_be_nan(b)) {
                self.jump_if_nan(b, label);
            }
        }
        let dst = match op {
            Binary::Add => self.alu(Alu::Add, Wide, a, operand),
            Binary::Sub => self.alu(Alu::Sub, Wide, a, operand),
            Binary::Mul => {
                let dst = self.fresh_general();
                self.general(General::Multiply { size: Wide, dst, a, b: operand })
            }
            _ => {
                let cond = if op == Binary::Min { Cond::L } else { Cond::G };
                let (dst, no) = (self.fresh_general(), self.whole(b));
                self.general(General::ChooseBy { dst, a, b: operand, size: Wide, cond, yes: a, no })
            }
        };
        let range = self.wanted.ranges[value.index()];
        if let (Some(range), Binary::Add | Binary::Sub) = (range, op)
            && !range.is_exact()
        {
            self.round(range, op, (a, operand), dst);
        }
        if let Some(label) = cold {
            self.code.push(Inst::ColdStart(label));
            self.general(General::Is { dst, number: NAN });
            self.code.push(Inst::ColdEnd);
        }
        dst
    }

    /// A sum that may be larger than those that are exact is made of doubles then. What they leave is an integer, too.
    fn round(&mut self, range: Range, op: Binary, (a, b): (V, Operand), dst: V) {
        let label = self.asm.label();
        for (is_there, limit, cond) in
            [(range.most > LARGEST, LARGEST, Cond::G), (range.least < -LARGEST, -LARGEST, Cond::L)]
        {
            if is_there {
                self.code.push(Inst::JumpGeneral {
                    a: dst,
                    b: Operand::Wide(limit),
                    size: Wide,
                    cond,
                    label,
                });
            }
        }
        self.code.push(Inst::ColdStart(label));
        let first = self.double(Wide, a);
        let second = match b {
            Operand::V(b) => Src::V(self.double(Wide, b)),
            Operand::Is(b) => Src::f64(f64::from(b)),
            Operand::Wide(_) | Operand::Input(_) => {
                let b = self.alu_of(b);
                Src::V(self.double(Wide, b))
            }
        };
        let sum = self.vrm(if op == Binary::Add { Vex::VADDPD } else { Vex::VSUBPD }, Wide, first, second);
        self.general(General::Truncate { dst, a: sum });
        self.code.push(Inst::ColdEnd);
    }

    /// An operand of 64 bits in a register.
    fn alu_of(&mut self, b: Operand) -> V {
        let zero = self.fresh_general();
        self.general(General::Is { dst: zero, number: 0 });
        self.alu(Alu::Or, Wide, zero, b)
    }

    fn jump_if_nan(&mut self, a: V, label: Place) {
        // One less overflows then alone.
        self.code.push(Inst::JumpGeneral { a, b: Operand::Is(1), size: Wide, cond: Cond::O, label });
    }

    /// Jumps on a comparison of doubles that are there as integers. Returns whether they are.
    pub(super) fn jump_on_wholes(
        &mut self,
        (op, a, b): (Binary, Value, Value),
        holds: bool,
        label: Place,
    ) -> bool {
        // A number is not the same as itself only if it is NaN.
        if !is_comparison(op) || a == b || !self.is_whole(a) || !self.is_whole(b) {
            return false;
        }
        let (a, b, op) = match op {
            _ if !matches!(self.definition(a), Some(Op::Const(_) | Op::Length(_))) => (a, b, op),
            Binary::Lt => (b, a, Binary::Gt),
            Binary::Le => (b, a, Binary::Ge),
            Binary::Gt => (b, a, Binary::Lt),
            Binary::Ge => (b, a, Binary::Le),
            _ => (b, a, op),
        };
        let (first, second) = (self.whole(a), self.whole_operand(b));
        // What stands for NaN is less than all, and the same as itself.
        let nans = (self.may_be_nan(a), self.may_be_nan(b));
        let looked_at = match op {
            Binary::Eq | Binary::Ne => (nans == (true, true), false),
            Binary::Lt | Binary::Le => (nans.0, false),
            _ => (false, nans.1),
        };
        let skip = self.asm.label();
        let to = if (op == Binary::Ne) == holds { label } else { skip };
        if looked_at.0 {
            self.jump_if_nan(first, to);
        }
        if let (true, Operand::V(second)) = (looked_at.1, second) {
            self.jump_if_nan(second, to);
        }
        let cond = order_of_wholes(op);
        let cond = if holds { cond } else { cond.inverse() };
        self.code.push(Inst::JumpGeneral { a: first, b: second, size: Wide, cond, label });
        self.code.push(Inst::Bind(skip));
        true
    }

    /// A value that has been brought is there.
    pub(super) fn set_brought(&mut self, value: Value, parts: Parts) {
        if self.is_flag(value) {
            return self.set_flag(value, parts[0]);
        }
        let wanted = &self.wanted;
        if wanted.is_carried[value.index()] {
            let general = parts[0];
            self.generals[value.index()] = Some(general);
            let double = self.double_of_whole(value, general);
            return self.set(value, vec![double]);
        }
        let is_wanted = wanted.is_wanted[value.index()];
        self.set(value, parts);
        if is_wanted {
            self.make_whole(value);
        }
    }

    /// Of a double that is there.
    pub(super) fn make_whole(&mut self, value: Value) {
        if self.generals[value.index()].is_none()
            && !matches!(self.definition(value), Some(Op::Const(_) | Op::Length(_)))
        {
            let (dst, a) = (self.fresh_general(), self.v(value, 0));
            self.general(General::Truncate { dst, a });
            self.generals[value.index()] = Some(dst);
        }
    }
}

/// The order that a comparison of doubles asks for, of integers.
pub(super) fn order_of_wholes(op: Binary) -> Cond {
    match op {
        Binary::Eq => Cond::E,
        Binary::Ne => Cond::Ne,
        Binary::Lt => Cond::L,
        Binary::Le => Cond::Le,
        Binary::Gt => Cond::G,
        _ => Cond::Ge,
    }
}

/// A constant that is an integer, or NaN.
fn number_of(constant: Const) -> i64 {
    match constant.as_f64() {
        Some(x) if !x.is_nan() => x as i64,
        _ => NAN,
    }
}
