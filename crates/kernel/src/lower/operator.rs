//! Operators of two operands.

use std::rc::Rc;

use super::Lower;
use super::value::{Holds, Js, Nothing, Perhaps};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Binary, Const, Math, Op, Unary, Value};
use crate::syntax::ast::BinaryOp;
use crate::syntax::span::Span;

impl Lower<'_> {
    /// `x ** y`, also as `Math.pow(x, y)`. A few constant exponents need no library: every version of `pow` in V8 begins with them,
    /// and makes the same bits of them.
    pub(super) fn power(&mut self, x: Value, y: Value) -> Value {
        match self.builder.constant(y).and_then(Const::as_f64) {
            Some(2.0) => self.builder.binary(Binary::Mul, x, x),
            Some(1.0) => x,
            Some(0.0) => self.builder.f64(1.0),
            Some(0.5) => {
                // The square root of -0 would be -0, and that of -Infinity NaN.
                let zero = self.builder.f64(0.0);
                let sum = self.builder.binary(Binary::Add, x, zero);
                let root = self.builder.unary(Unary::Sqrt, sum);
                let least = self.builder.f64(f64::NEG_INFINITY);
                let is_least = self.builder.binary(Binary::Eq, x, least);
                let greatest = self.builder.f64(f64::INFINITY);
                self.builder.op(Op::Select(is_least, greatest, root))
            }
            _ => self.builder.call(Math::Pow, &[x, y]),
        }
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Js {
        let arithmetic = |op| Some(op);
        let float = match op {
            BinaryOp::Add => arithmetic(Binary::Add),
            BinaryOp::Subtract => arithmetic(Binary::Sub),
            BinaryOp::Multiply => arithmetic(Binary::Mul),
            BinaryOp::Divide => arithmetic(Binary::Div),
            BinaryOp::Remainder => arithmetic(Binary::Rem),
            _ => None,
        };
        if let Some(op) = float {
            let (x, y) = (self.number(a, a_span), self.number(b, b_span));
            return Js::Number(self.builder.binary(op, x, y));
        }
        match op {
            BinaryOp::Power => {
                let (x, y) = (self.number(a, a_span), self.number(b, b_span));
                Js::Number(self.power(x, y))
            }
            BinaryOp::BitAnd => self.bits(Binary::And, a, b, a_span, b_span),
            BinaryOp::BitOr => self.bits(Binary::Or, a, b, a_span, b_span),
            BinaryOp::BitXor => self.bits(Binary::Xor, a, b, a_span, b_span),
            BinaryOp::ShiftLeft => self.bits(Binary::Shl, a, b, a_span, b_span),
            BinaryOp::ShiftRight => self.bits(Binary::Sar, a, b, a_span, b_span),
            BinaryOp::ShiftRightUnsigned => {
                let (i, j) = (self.int32(a, a_span), self.int32(b, b_span));
                let shifted = self.builder.binary(Binary::Shr, i, j);
                Js::Number(self.builder.unary(Unary::FromUint32, shifted))
            }
            BinaryOp::Less => self.compare(Binary::Lt, a, b, a_span, b_span),
            BinaryOp::LessEqual => self.compare(Binary::Le, a, b, a_span, b_span),
            BinaryOp::Greater => self.compare(Binary::Gt, a, b, a_span, b_span),
            BinaryOp::GreaterEqual => self.compare(Binary::Ge, a, b, a_span, b_span),
            BinaryOp::Equal => Js::Boolean(self.loose_equal(a, b, a_span, b_span)),
            BinaryOp::NotEqual => {
                let equal = self.loose_equal(a, b, a_span, b_span);
                Js::Boolean(self.not(equal))
            }
            BinaryOp::StrictEqual => Js::Boolean(self.strict_equal(a, b, a_span, b_span)),
            BinaryOp::StrictNotEqual => {
                let equal = self.strict_equal(a, b, a_span, b_span);
                Js::Boolean(self.not(equal))
            }
            // Refused by the syntax; arithmetic is above.
            _ => Js::Error,
        }
    }

    fn bits(&mut self, op: Binary, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Js {
        let (i, j) = (self.int32(a, a_span), self.int32(b, b_span));
        let result = self.builder.binary(op, i, j);
        Js::Number(self.builder.unary(Unary::FromInt32, result))
    }

    fn compare(&mut self, op: Binary, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Js {
        let (x, y) = (self.number(a, a_span), self.number(b, b_span));
        Js::Boolean(self.builder.binary(op, x, y))
    }

    /// `===`, as a `Bool`.
    pub(super) fn strict_equal(&mut self, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Value {
        let (a, b) = (a.or_undefined(), b.or_undefined());
        for (value, other, span) in [(a, b, a_span), (b, a, b_span)] {
            if value.holds() == Some(Holds::Both) && !matches!(other, Js::Undefined | Js::Null) {
                self.refuse_kind(Refusal::NumberOrBoolean, span);
                return self.builder.bool(false);
            }
        }
        match (a, b) {
            (Js::Perhaps(perhaps), other) | (other, Js::Perhaps(perhaps)) => {
                self.equals_perhaps(perhaps, other, true, a_span, b_span)
            }
            (Js::Boolean(p), Js::Boolean(q)) => {
                let differ = self.builder.binary(Binary::BXor, *p, *q);
                self.not(differ)
            }
            (Js::Null, Js::Null) => self.builder.bool(true),
            (Js::Null, other) | (other, Js::Null) if !matches!(other, Js::Static(_) | Js::Error) => {
                self.builder.bool(false)
            }
            _ => match (a.holds(), b.holds()) {
                // A boolean is no number: they are equal where both are undefined.
                (Some(x), Some(y)) if x != y => {
                    if !a.may_be_undefined() || !b.may_be_undefined() {
                        return self.builder.bool(false);
                    }
                    match (self.is_undefined(a), self.is_undefined(b)) {
                        (Some(p), Some(q)) => self.both(p, q),
                        _ => self.builder.bool(false),
                    }
                }
                _ => self.equal(a, b, a_span, b_span),
            },
        }
    }

    /// `==`, as a `Bool`: `null` is `undefined`, and booleans are numbers.
    fn loose_equal(&mut self, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Value {
        let (a, b) = (a.or_undefined(), b.or_undefined());
        match (a, b) {
            (Js::Null | Js::Undefined, Js::Null | Js::Undefined) => self.builder.bool(true),
            (Js::Perhaps(perhaps), other) | (other, Js::Perhaps(perhaps)) => {
                self.equals_perhaps(perhaps, other, false, a_span, b_span)
            }
            (Js::Null, other) | (other, Js::Null) => match self.is_undefined(other) {
                Some(undefined) => undefined,
                None => self.builder.bool(false),
            },
            _ => self.equal(a, b, a_span, b_span),
        }
    }

    /// Whether something that is perhaps there is equal to something else, which may be such a thing as well.
    fn equals_perhaps(
        &mut self,
        perhaps: &Perhaps,
        other: &Js,
        is_strict: bool,
        a_span: Span,
        b_span: Span,
    ) -> Value {
        let is_absent = self.not(perhaps.is_there);
        let (other, other_is_there) = match other {
            Js::Null | Js::Undefined => {
                let undefined = self.is_undefined(&Js::Perhaps(Rc::new(perhaps.clone())));
                let undefined = undefined.unwrap_or_else(|| self.builder.bool(false));
                return match (is_strict, other) {
                    (true, Js::Undefined) => undefined,
                    (true, _) if perhaps.nothing == Nothing::Undefined => self.builder.bool(false),
                    (true, _) => is_absent,
                    (false, _) => self.builder.binary(Binary::BOr, is_absent, undefined),
                };
            }
            Js::Perhaps(other) => (&other.value, Some(other.is_there)),
            other => (other, None),
        };
        // Null is no number; and which of two objects it is, `equal` knows or refuses.
        let is_same = if is_strict && other.holds() == Some(Holds::Booleans) {
            self.builder.bool(false)
        } else {
            self.equal(&perhaps.value, other, a_span, b_span)
        };
        let are_same = self.both(perhaps.is_there, is_same);
        let Some(other_is_there) = other_is_there else { return are_same };
        let are_same = self.both(are_same, other_is_there);
        let is_other_absent = self.not(other_is_there);
        let are_absent = self.both(is_absent, is_other_absent);
        self.builder.binary(Binary::BOr, are_same, are_absent)
    }

    /// Equality of numbers, where `undefined` equals itself and nothing else.
    fn equal(&mut self, a: &Js, b: &Js, a_span: Span, b_span: Span) -> Value {
        if let (Js::Static(x), Js::Static(y)) = (a, b) {
            return match x.is_same_as(y) {
                Some(is_same) => self.builder.bool(is_same),
                None => {
                    let what = "whether these are one and the same is not known before the body runs";
                    self.refuse(Diagnostic::new(Refusal::NotANumber, a_span).saying(what));
                    self.builder.bool(false)
                }
            };
        }
        match (a, b) {
            (Js::Undefined, Js::Static(_)) | (Js::Static(_), Js::Undefined) => {
                return self.builder.bool(false);
            }
            (Js::Static(_), _) | (_, Js::Static(_)) => {
                let (value, span) = if matches!(a, Js::Static(_)) { (a, a_span) } else { (b, b_span) };
                let what = format!("{} is compared with a number", value.describe());
                self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
                return self.builder.bool(false);
            }
            _ => {}
        }
        let (x, y) = (self.number(a, a_span), self.number(b, b_span));
        let equal = self.builder.binary(Binary::Eq, x, y);
        // `undefined` is NaN in both, and NaN equals nothing: only where both may be undefined is there more to it.
        if !a.may_be_undefined() || !b.may_be_undefined() {
            return equal;
        }
        let (Some(p), Some(q)) = (self.is_undefined(a), self.is_undefined(b)) else { return equal };
        let both = self.both(p, q);
        self.builder.binary(Binary::BOr, equal, both)
    }
}
