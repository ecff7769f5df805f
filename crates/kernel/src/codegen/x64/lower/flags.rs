//! Conditions, of code for one index at a time: *flags*, 1 or 0, in general registers of 64 bits. Most are branched on where they are made,
//! and need none; those that are carried, combined or counted do.
//!
//! What doubles are selected by is a mask, as in code for several indices. Each condition is there as both; nobody makes what nobody reads.

use super::general::order;
use super::wanted::is_comparison;
use super::whole::order_of_wholes;
use super::{Lowering, Narrow, Op, Src, Type, V, Value, Wide};
use crate::codegen::x64::asm::{Alu, Cond};
use crate::codegen::x64::general::{General, Operand};
use crate::codegen::x64::inst::Size;
use crate::ir::{Binary, Unary};

/// Conditions of conditions that are looked at.
const MOST_LOOKED_AT: u32 = 8;

/// Two integers, and the order that is asked for.
pub(super) struct Order {
    pub(super) a: V,
    pub(super) b: Operand,
    pub(super) size: Size,
    pub(super) cond: Cond,
}

impl Lowering<'_> {
    /// Whether a value is a flag.
    pub(super) fn is_flag(&self, value: Value) -> bool {
        self.machine.is_scalar() && self.function.ty(value) == Type::Bool
    }

    /// An operation that makes a condition.
    pub(super) fn condition(&mut self, value: Value, op: &Op) {
        let flag = self.flag_by(op);
        let mask = match (op, flag) {
            (Op::Binary(op, ..), Some(flag)) if order(*op).is_some() => self.mask_of(flag),
            _ => self.one(value, op, 0),
        };
        let flag = flag.unwrap_or_else(|| self.flag_of(mask));
        self.generals[value.index()] = Some(flag);
        self.set(value, vec![mask]);
    }

    /// A condition that has been brought is there.
    pub(super) fn set_flag(&mut self, value: Value, flag: V) {
        self.generals[value.index()] = Some(flag);
        let mask = self.mask_of(flag);
        self.set(value, vec![mask]);
    }

    /// Made of other flags, or of integers.
    fn flag_by(&mut self, op: &Op) -> Option<V> {
        match *op {
            Op::Unary(Unary::Not, a) => {
                let a = self.flag(a);
                Some(self.alu(Alu::Xor, Narrow, a, Operand::Is(1)))
            }
            Op::Select(condition, a, b) => {
                let (yes, no) = (self.flag(a), self.flag(b));
                Some(self.choose(condition, yes, no))
            }
            Op::Binary(op, a, b) => {
                let alu = match op {
                    Binary::BAnd => Alu::And,
                    Binary::BOr => Alu::Or,
                    Binary::BXor => Alu::Xor,
                    _ => {
                        let Order { a, b, size, cond } = self.order_of((op, a, b))?;
                        let dst = self.fresh_general();
                        return Some(self.general(General::Flag { dst, a, b, size, cond }));
                    }
                };
                let a = self.flag(a);
                let b = match self.known(b) {
                    Some(b) => Operand::Is(i32::from(b)),
                    None => Operand::V(self.flag(b)),
                };
                Some(self.alu(alu, Narrow, a, b))
            }
            _ => None,
        }
    }

    /// A comparison as one of integers, if both are there as some and no NaN.
    pub(super) fn order_of(&mut self, (op, a, b): (Binary, Value, Value)) -> Option<Order> {
        if let Some(cond) = order(op) {
            return Some(Order { a: self.v(a, 0), b: self.operand(b), size: Narrow, cond });
        }
        let are_integers = self.are_integers(op, a, b);
        are_integers.then(|| {
            let (a, b) = (self.whole(a), self.whole_operand(b));
            Order { a, b, size: Wide, cond: order_of_wholes(op) }
        })
    }

    fn are_integers(&self, op: Binary, a: Value, b: Value) -> bool {
        is_comparison(op) && [a, b].iter().all(|value| self.is_whole(*value) && !self.may_be_nan(*value))
    }

    fn known(&self, condition: Value) -> Option<bool> {
        match self.src(condition, 0) {
            Src::Bits(lane) => Some(lane != 0),
            _ => None,
        }
    }

    /// A condition as a flag.
    pub(super) fn flag(&mut self, condition: Value) -> V {
        if let Some(flag) = self.generals[condition.index()] {
            return flag;
        }
        let number = i64::from(self.known(condition) == Some(true));
        let dst = self.fresh_general();
        self.general(General::Is { dst, number })
    }

    /// The same, to be brought somewhere.
    pub(super) fn flag_src(&mut self, condition: Value) -> Src {
        match self.known(condition) {
            Some(holds) => Src::bits(u64::from(holds)),
            None => Src::V(self.flag(condition)),
        }
    }

    fn flag_of(&mut self, mask: V) -> V {
        let bits = self.fresh_general();
        self.general(General::FromVector { dst: bits, a: mask });
        self.alu(Alu::And, Narrow, bits, Operand::Is(1))
    }

    fn mask_of(&mut self, a: V) -> V {
        let dst = self.fresh();
        self.general(General::MaskOf { dst, a })
    }

    /// 1 or 0, as a double.
    pub(super) fn double_of_condition(&mut self, condition: Value) -> V {
        if self.is_made_as_mask(condition, &mut { MOST_LOOKED_AT }) {
            let mask = self.v(condition, 0);
            return self.kept(Src::f64(1.0), mask);
        }
        let flag = self.flag(condition);
        self.double(Wide, flag)
    }

    /// Whether a mask comes without a flag.
    fn is_made_as_mask(&self, condition: Value, left: &mut u32) -> bool {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        match self.definition(condition) {
            Some(Op::Binary(Binary::BAnd | Binary::BOr | Binary::BXor, a, b)) => {
                self.is_made_as_mask(*a, left) && self.is_made_as_mask(*b, left)
            }
            Some(Op::Binary(op, a, b)) => is_comparison(*op) && !self.are_integers(*op, *a, *b),
            Some(Op::Unary(Unary::Not, a)) => self.is_made_as_mask(*a, left),
            Some(Op::Unary(..) | Op::InBounds(..) | Op::Const(_)) => true,
            _ => false,
        }
    }
}
