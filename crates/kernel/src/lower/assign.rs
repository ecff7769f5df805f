//! Assignments, and the places that they store to.

use super::Lower;
use super::key::Key;
use super::scope::VarId;
use super::value::{Js, OneOf, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{ArrayId, LocalId, Stmt as IrStmt, Value};
use crate::syntax::ast::{AssignOp, ExprId, ExprKind, PatternId, PatternKind};
use crate::syntax::names::Name;
use crate::syntax::span::Span;

/// What is said of a store to an array or object that stands for one of several.
const SHARED: &str = "this is one of several arrays or objects, and which of them is stored to is known only when the body runs";

/// Where a value can be stored: its parts are evaluated already.
pub(super) enum Place {
    Variable(VarId),
    Element(ArrayId, Value),
    Local(LocalId, Value),
    OneOf(OneOf, Value),
    /// An element of an array that grows, or the one behind its last.
    Stack(LocalId, VarId, Value),
    /// How many elements such an array has.
    Length(VarId),
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
                        value = self.hold(value, self.target_name(target), value_span);
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
                        new = lower.hold(new, lower.target_name(target), value_span);
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

    /// The name that is assigned to, if it is one.
    fn target_name(&self, target: PatternId) -> Option<Name> {
        let tree = &self.units[self.unit.0].tree;
        match &tree[target].kind {
            PatternKind::Name(name) => Some(*name),
            PatternKind::Expr(id) => tree.name_of(*id),
            _ => None,
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
    pub(super) fn name_place(&mut self, name: Name, span: Span) -> Option<Place> {
        self.variable_place(name, span)
    }

    fn variable_place(&mut self, name: Name, span: Span) -> Option<Place> {
        let Some(id) = self.variable(name) else {
            let tree = self.tree();
            let text = tree.name(name);
            let is_in_data = self.request.data.at(&[text.into()]).is_some();
            self.refuse(Diagnostic::assigned_name(text, is_in_data, span));
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
        let object_span = self.tree()[object].span;
        let value = self.expression(object);
        match &value {
            Js::Static(Static::Object(fields, _)) => {
                let found = fields.iter().find(|(field, _)| **field == *name);
                if found.is_none() {
                    let what = format!("the object literal has no property `{name}`");
                    let remedy = format!("give it one there: `{{ {name}: 0 }}`");
                    self.refuse(
                        Diagnostic::new(Refusal::PropertyAssigned, span).saying(what).advising(remedy),
                    );
                }
                return found.map(|(_, variable)| Place::Variable(*variable));
            }
            Js::Static(Static::Stack { length, .. }) if name == "length" => {
                return Some(Place::Length(*length));
            }
            Js::Static(Static::Record(record)) => {
                if !record.is_held || !self.learn_stored(&record.sites) {
                    self.refuse(Diagnostic::new(Refusal::Conflict, object_span).saying(SHARED));
                }
                return None;
            }
            _ => {}
        }
        let index = match Key::of(name) {
            Key::Element(index) => index,
            // A typed array ignores the store, whichever such number it is.
            Key::Absent => f64::NAN,
            Key::Name => {
                self.refuse_kind(Refusal::PropertyAssigned, span);
                return None;
            }
        };
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
            Js::Static(Static::OneOf(one)) => {
                self.is_one_shape(one, object_span).then(|| Place::OneOf(one.clone(), index))
            }
            Js::Static(Static::Stack { local, length, .. }) => Some(Place::Stack(*local, *length, index)),
            Js::Static(Static::Grid { sites, .. }) if !sites.is_empty() => {
                if !self.learn_stored(sites) {
                    self.refuse(Diagnostic::new(Refusal::Conflict, object_span).saying(SHARED));
                }
                None
            }
            Js::Static(Static::Grid { local, dimensions, row, .. }) if dimensions.len() == 1 => {
                let at = self.in_row(*row, index, dimensions[0]);
                Some(Place::Local(*local, at))
            }
            Js::Static(Static::Tuple(tuple)) => {
                if !tuple.is_held || !self.learn_stored(&tuple.sites) {
                    self.refuse(Diagnostic::new(Refusal::Conflict, object_span).saying(SHARED));
                }
                None
            }
            Js::Static(Static::Grid { .. }) => {
                let what = "a row of an array of arrays is replaced";
                self.refuse(Diagnostic::new(Refusal::Conflict, object_span).saying(what));
                None
            }
            Js::Absent(diagnostic) => {
                self.refuse(Diagnostic::clone(diagnostic));
                None
            }
            Js::Static(Static::Array { .. } | Static::Table { .. } | Static::Item(_)) => {
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
            Place::OneOf(one, index) => self.one_element(one, *index, span),
            Place::Stack(local, length, index) => {
                let at = self.stack_index(*length, *index, span);
                self.local_element(*local, at)
            }
            Place::Length(length) => self.env[*length].clone(),
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
            Place::OneOf(one, index) => self.store_one(one, *index, &value, span),
            Place::Stack(local, length, index) => self.store_stack(*local, *length, *index, &value, span),
            Place::Length(length) => self.set_length(*length, &value, span),
        }
    }
}
