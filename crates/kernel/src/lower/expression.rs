//! Expressions, in the order in which ECMAScript evaluates their parts.

use super::Lower;
use super::value::{Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Stmt as IrStmt, Unary, Value};
use crate::syntax::ast::{ExprId, ExprKind, Foreign, LogicalOp, PropertyKey, UnaryOp, UpdateOp};
use crate::syntax::span::Span;

impl Lower<'_> {
    /// What an expression is.
    pub(super) fn expression(&mut self, id: ExprId) -> Js {
        let span = self.tree()[id].span;
        if self.is_over(span) || !self.descend(span) {
            return Js::Error;
        }
        let value = self.expression_here(id, span);
        self.depth -= 1;
        value
    }

    fn expression_here(&mut self, id: ExprId, span: Span) -> Js {
        let tree = self.tree();
        let expr = &tree[id];
        self.at(span);
        match &expr.kind {
            ExprKind::Number(number) => Js::Number(self.builder.f64(*number)),
            ExprKind::Bool(boolean) => Js::Boolean(self.builder.bool(*boolean)),
            ExprKind::Null => Js::Null,
            ExprKind::Name(name) => self.read_name(*name, span),
            ExprKind::Array(items) => self.array_literal(items, span),
            ExprKind::Foreign(Foreign::Object(properties)) => self.object_literal(properties, span),
            ExprKind::Function(function) => {
                Js::Static(Static::Closure { unit: self.unit, function: *function, scope: self.scope })
            }
            ExprKind::Unary { op, operand } => self.unary(*op, *operand),
            ExprKind::Update { op, prefix, target } => self.update(*op, *prefix, *target),
            ExprKind::Binary { op, left, right } => {
                let a = self.expression(*left);
                let b = self.expression(*right);
                self.at(span);
                self.binary(*op, &a, &b, tree[*left].span, tree[*right].span)
            }
            ExprKind::Logical { op, left, right } => self.logical(*op, *left, *right),
            ExprKind::Assign { op, target, value } => self.assign(*op, *target, *value),
            ExprKind::Conditional { test, yes, no } => self.conditional(*test, *yes, *no),
            ExprKind::Call { callee, args, optional } => self.call(*callee, args, *optional, span),
            ExprKind::New { callee, args } => self.new_array_expression(*callee, args, span),
            ExprKind::Foreign(Foreign::Chain(chain)) => self.chain(*chain),
            ExprKind::Member { object, property, property_span, optional } => {
                let value = self.expression(*object);
                if let Some(end) = self.chain_ends(&value, *optional, tree[*object].span) {
                    return end;
                }
                self.property(&value, tree.name(*property), *property_span)
            }
            ExprKind::Index { object, index, optional } => {
                let value = self.expression(*object);
                if let Some(end) = self.chain_ends(&value, *optional, tree[*object].span) {
                    return end;
                }
                if let ExprKind::String(name) = &tree[*index].kind {
                    return self.property(&value, name, tree[*index].span);
                }
                let index_span = tree[*index].span;
                let index = self.expression(*index);
                self.element_of(&value, index, tree[*object].span, index_span)
            }
            ExprKind::Sequence(items) => {
                let Some((last, first)) = items.split_last() else { return Js::Undefined };
                first.iter().for_each(|item| self.effect(*item));
                self.expression(*last)
            }
            // Refused by the syntax, or not there any more.
            ExprKind::String(_) | ExprKind::Foreign(_) | ExprKind::Removed => Js::Error,
        }
    }

    /// `a?.b.c`: all that follows on something absent is not evaluated.
    fn chain(&mut self, chain: ExprId) -> Js {
        let outer = std::mem::replace(&mut self.is_cut, false);
        let value = self.expression(chain);
        self.is_cut = outer;
        value
    }

    /// What a chain is if it ends at this value, with or without a `?.` behind it.
    pub(super) fn chain_ends(&mut self, value: &Js, is_optional: bool, span: Span) -> Option<Js> {
        if is_optional {
            match value {
                Js::Undefined | Js::Absent(_) | Js::Null => self.is_cut = true,
                Js::Static(_) | Js::Error | Js::Uninitialized => {}
                _ => return Some(self.refuse_chain(value, span)),
            }
        }
        self.is_cut.then_some(Js::Undefined)
    }

    fn refuse_chain(&mut self, value: &Js, span: Span) -> Js {
        let diagnostic = Diagnostic::new(Refusal::OptionalChain, span);
        self.refuse(match value {
            Js::Perhaps(_) => diagnostic.advising("look whether it is there: `p ? p.x : 0`"),
            _ => diagnostic,
        })
    }

    /// Whether an expression is true, as a `Bool`.
    pub(super) fn condition(&mut self, id: ExprId) -> Value {
        let span = self.tree()[id].span;
        let value = self.tested(id);
        self.truth(&value, span)
    }

    /// What an expression is where only its truth matters: of `hit && hit.t < 3` nobody asks which object it is.
    fn tested(&mut self, id: ExprId) -> Js {
        let tree = self.tree();
        let span = tree[id].span;
        match tree[id].kind {
            ExprKind::Logical { op: op @ (LogicalOp::And | LogicalOp::Or), left, right } => {
                if self.is_over(span) || !self.descend(span) {
                    return Js::Error;
                }
                self.at(span);
                let value = self.tested(left);
                let condition = self.decides(op, &value, tree[left].span).expect("it is true or not");
                let value = self.either(condition, |_| value, |lower| lower.tested(right));
                self.depth -= 1;
                value
            }
            _ => {
                let value = self.expression(id);
                Js::Boolean(self.truth(&value, span))
            }
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: ExprId) -> Js {
        let span = self.tree()[operand].span;
        if op == UnaryOp::Not {
            let truth = self.condition(operand);
            return Js::Boolean(self.not(truth));
        }
        let value = self.expression(operand);
        match op {
            UnaryOp::Minus => {
                let number = self.number(&value, span);
                Js::Number(self.builder.unary(Unary::Neg, number))
            }
            UnaryOp::Plus => Js::Number(self.number(&value, span)),
            UnaryOp::BitNot => {
                let bits = self.int32(&value, span);
                let ones = self.builder.i32(-1);
                let flipped = self.builder.binary(crate::ir::Binary::Xor, bits, ones);
                Js::Number(self.builder.unary(Unary::FromInt32, flipped))
            }
            UnaryOp::Void => Js::Undefined,
            // Above, or refused by the syntax.
            UnaryOp::Not | UnaryOp::Typeof | UnaryOp::Delete => Js::Error,
        }
    }

    fn update(&mut self, op: UpdateOp, prefix: bool, target: ExprId) -> Js {
        let span = self.tree()[target].span;
        let Some(place) = self.place(target) else { return Js::Error };
        let old = self.load_place(&place, span);
        let old = self.number(&old, span);
        let one = self.builder.f64(1.0);
        let op = match op {
            UpdateOp::Increment => crate::ir::Binary::Add,
            UpdateOp::Decrement => crate::ir::Binary::Sub,
        };
        let new = self.builder.binary(op, old, one);
        self.store_place(&place, Js::Number(new), span);
        Js::Number(if prefix { new } else { old })
    }

    fn conditional(&mut self, test: ExprId, yes: ExprId, no: ExprId) -> Js {
        let condition = self.condition(test);
        self.either(condition, |lower| lower.expression(yes), |lower| lower.expression(no))
    }

    /// The value of one of two things, whichever a condition asks for; only that is evaluated.
    pub(super) fn either(
        &mut self,
        condition: Value,
        yes: impl FnOnce(&mut Self) -> Js,
        no: impl FnOnce(&mut Self) -> Js,
    ) -> Js {
        let before = self.env.clone();
        let open = self.builder.open();
        let value = yes(self);
        let yes = self.arrive(open, value);
        let then = self.builder.last_closed();
        self.env.clone_from(&before);
        self.env.pad(self.variables.len());
        let open = self.builder.open();
        let value = no(self);
        let no = self.arrive(open, value);
        let otherwise = self.builder.last_closed();
        let (results, value) = self.join(&before, yes.into_iter().chain(no).collect(), None);
        self.builder.push(IrStmt::If { condition, results, then, otherwise });
        value
    }

    fn logical(&mut self, op: LogicalOp, left: ExprId, right: ExprId) -> Js {
        let span = self.tree()[left].span;
        let value = self.expression(left);
        let Some(condition) = self.decides(op, &value, span) else {
            return self.expression(right);
        };
        // Whether it is there is known where it is the value of the operator.
        let value = match (op, &value) {
            (LogicalOp::And, Js::Perhaps(perhaps)) if !perhaps.is_number() => perhaps.nothing.value(),
            (LogicalOp::Or | LogicalOp::Coalesce, Js::Perhaps(perhaps)) => perhaps.value.clone(),
            _ => value,
        };
        self.either(condition, |_| value, |lower| lower.expression(right))
    }

    /// Whether the left side of a logical operator is its value, as a `Bool`; `None` if it never is.
    pub(super) fn decides(&mut self, op: LogicalOp, left: &Js, span: Span) -> Option<Value> {
        match op {
            LogicalOp::Or => Some(self.truth(left, span)),
            LogicalOp::And => {
                let truth = self.truth(left, span);
                Some(self.not(truth))
            }
            LogicalOp::Coalesce => match left {
                Js::Undefined | Js::Null => None,
                Js::Perhaps(perhaps) => match self.is_undefined(&perhaps.value) {
                    Some(undefined) => {
                        let is_defined = self.not(undefined);
                        Some(self.both(perhaps.is_there, is_defined))
                    }
                    None => Some(perhaps.is_there),
                },
                _ => match self.is_undefined(left) {
                    Some(undefined) => Some(self.not(undefined)),
                    None => Some(self.builder.bool(true)),
                },
            },
        }
    }

    /// `a && b` as a statement.
    pub(super) fn logical_effect(&mut self, op: LogicalOp, left: ExprId, right: ExprId) {
        let span = self.tree()[left].span;
        let value = match op {
            LogicalOp::Coalesce => self.expression(left),
            LogicalOp::And | LogicalOp::Or => self.tested(left),
        };
        match self.decides(op, &value, span) {
            None => self.effect(right),
            Some(condition) => {
                self.either(
                    condition,
                    |_| Js::Undefined,
                    |lower| {
                        lower.effect(right);
                        Js::Undefined
                    },
                );
            }
        }
    }

    /// The text of a property's key, where it is known.
    pub(super) fn key(&mut self, key: &PropertyKey) -> Option<Box<str>> {
        let tree = self.tree();
        match key {
            PropertyKey::Name(name, _) => Some(tree.name(*name).into()),
            PropertyKey::Literal(id) | PropertyKey::Computed(id) => match &tree[*id].kind {
                ExprKind::String(text) => Some(text.clone()),
                ExprKind::Number(number) => Some(crate::numeric::text(*number).into()),
                _ => {
                    self.refuse_kind(Refusal::ComputedKey, tree[*id].span);
                    None
                }
            },
            PropertyKey::Private(..) => None,
        }
    }
}
