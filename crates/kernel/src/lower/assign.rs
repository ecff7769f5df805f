//! Assignments, and the places that they store to.

use super::Lower;
use super::key::Key;
use super::scope::VarId;
use super::value::{Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{ArrayId, LocalId, Stmt as IrStmt, Value};
use crate::syntax::ast::{AssignOp, ExprId, ExprKind, PatternId, PatternKind};
use crate::syntax::span::Span;

/// Where a value can be stored: its parts are evaluated already.
pub(super) enum Place {
    Variable(VarId),
    Element(ArrayId, Value),
    Local(LocalId, Value),
}

impl Lower<'_> {
    pub(super) fn assign(&mut self, op: AssignOp, target: PatternId, value: ExprId) -> Js {
        let tree = self.tree();
        let value_span = tree[value].span;
        let target_span = tree[target].span;
        if op == AssignOp::Assign {
            return match &tree[target].kind {
                PatternKind::Name(_) | PatternKind::Expr(_) => {
                    let Some(place) = self.pattern_place(target) else {
                        self.expression(value);
                        return Js::Error;
                    };
                    let mut value = self.expression(value);
                    if matches!(place, Place::Variable(_)) {
                        value = self.name_array(value, value_span);
                    }
                    self.store_place(&place, value.clone(), target_span);
                    value
                }
                _ => {
                    let value = self.expression(value);
                    self.bind(target, value.clone(), None);
                    value
                }
            };
        }
        let Some(place) = self.pattern_place(target) else {
            self.expression(value);
            return Js::Error;
        };
        let old = self.load_place(&place, target_span);
        match op {
            AssignOp::Binary(op) => {
                let right = self.expression(value);
                let new = self.binary(op, &old, &right, target_span, value_span);
                self.store_place(&place, new.clone(), target_span);
                new
            }
            AssignOp::Logical(op) => {
                let assign = |lower: &mut Self| {
                    let mut new = lower.expression(value);
                    if matches!(place, Place::Variable(_)) {
                        new = lower.name_array(new, value_span);
                    }
                    lower.store_place(&place, new.clone(), target_span);
                    new
                };
                match self.decides(op, &old, target_span) {
                    None => assign(self),
                    Some(condition) => self.either(condition, |_| old, assign),
                }
            }
            AssignOp::Assign => unreachable!("above"),
        }
    }

    fn pattern_place(&mut self, target: PatternId) -> Option<Place> {
        let tree = self.tree();
        match &tree[target].kind {
            PatternKind::Name(name) => self.variable_place(*name, tree[target].span),
            PatternKind::Expr(id) => self.place(*id),
            _ => None,
        }
    }

    /// The place of a name that a pattern assigns to.
    pub(super) fn name_place(&mut self, name: crate::syntax::names::Name, span: Span) -> Option<Place> {
        self.variable_place(name, span)
    }

    fn variable_place(&mut self, name: crate::syntax::names::Name, span: Span) -> Option<Place> {
        let Some(id) = self.variable(name) else {
            let tree = self.tree();
            let text = tree.name(name);
            let path = [Box::from(text)];
            let diagnostic = if self.request.data.at(&path).is_some() {
                Diagnostic::new(Refusal::CapturedAssigned, span)
            } else {
                Diagnostic::unknown_name(text, span)
            };
            self.refuse(diagnostic);
            return None;
        };
        if self.variables[id.0].is_const {
            self.refuse_const(span);
            return None;
        }
        if self.env[id] == Js::Uninitialized {
            self.refuse_kind(Refusal::UsedTooEarly, span);
            return None;
        }
        Some(Place::Variable(id))
    }

    /// Evaluates the parts of a place, as ECMAScript does before it evaluates the value.
    pub(super) fn place(&mut self, id: ExprId) -> Option<Place> {
        let tree = self.tree();
        match &tree[id].kind {
            ExprKind::Name(name) => self.variable_place(*name, tree[id].span),
            ExprKind::Member { object, property, .. } => {
                self.named_place(*object, tree.name(*property), tree[id].span)
            }
            ExprKind::Index { object, index, .. } => {
                if let ExprKind::String(name) = &tree[*index].kind {
                    return self.named_place(*object, name, tree[id].span);
                }
                let value = self.expression(*object);
                let index_span = tree[*index].span;
                let index = self.expression(*index);
                if index == Js::Undefined {
                    // It would be beside the elements, and be found there again.
                    let what = "undefined is used as an index to store to";
                    self.refuse(Diagnostic::new(Refusal::NotANumber, index_span).saying(what));
                    return None;
                }
                let index = self.index(&index, index_span);
                self.element_place(&value, index, tree[*object].span)
            }
            _ => None,
        }
    }

    /// `object.name` or `object["name"]`, as a place.
    fn named_place(&mut self, object: ExprId, name: &str, span: Span) -> Option<Place> {
        let index = match Key::of(name) {
            Key::Element(index) => index,
            // A typed array ignores the store, whichever such number it is.
            Key::Absent => f64::NAN,
            Key::Name => {
                self.refuse_kind(Refusal::PropertyAssigned, span);
                return None;
            }
        };
        let object_span = self.tree()[object].span;
        let value = self.expression(object);
        if let Js::Static(Static::Local(local)) = value
            && index.is_nan()
            && self.builder.local_array(local).is_plain
        {
            // An object keeps what is stored there.
            self.refuse_kind(Refusal::PropertyAssigned, span);
            return None;
        }
        let index = self.builder.f64(index);
        self.element_place(&value, index, object_span)
    }

    /// `value[index]`, as a place.
    fn element_place(&mut self, value: &Js, index: Value, object_span: Span) -> Option<Place> {
        match value {
            Js::Static(Static::Array { array, is_shared: true }) => Some(Place::Element(*array, index)),
            Js::Static(Static::Local(local)) => Some(Place::Local(*local, index)),
            Js::Static(Static::Array { .. } | Static::Table { .. }) => {
                self.refuse_kind(Refusal::ReadOnly, object_span);
                None
            }
            Js::Error => None,
            other => {
                let what = format!("{} has no elements to store to", other.describe());
                self.refuse(Diagnostic::new(Refusal::NotAnArray, object_span).saying(what));
                None
            }
        }
    }

    pub(super) fn load_place(&mut self, place: &Place, span: Span) -> Js {
        match place {
            Place::Variable(id) => self.env[*id].clone(),
            Place::Element(array, index) => {
                self.element(&Static::Array { array: *array, is_shared: true }, Js::Number(*index), span)
            }
            Place::Local(local, index) => self.element(&Static::Local(*local), Js::Number(*index), span),
        }
    }

    pub(super) fn store_place(&mut self, place: &Place, value: Js, span: Span) {
        match place {
            Place::Variable(id) => self.env[*id] = value,
            Place::Element(array, index) => {
                let value = self.number(&value, span);
                self.push(IrStmt::Store { array: *array, index: *index, value });
            }
            Place::Local(local, index) => {
                self.store_local(*local, *index, &value, span);
            }
        }
    }
}
