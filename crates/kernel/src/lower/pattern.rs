//! Destructuring: of `data`, of constants, and of small arrays.

use super::member::is_inherited;
use super::value::{Item, Js, Static};
use super::{Declaration, Lower};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::Origin;
use crate::syntax::ast::{DeclarationKind, PatternId, PatternKind};

/// More would not be read.
const MAX_DECLARATIONS: usize = 1000;

impl Lower<'_> {
    /// Gives the names of a pattern their values: declares them if `kind` says how, otherwise assigns.
    pub(super) fn bind(&mut self, pattern: PatternId, value: Js, kind: Option<DeclarationKind>) {
        let tree = self.tree();
        let span = tree[pattern].span;
        match &tree[pattern].kind {
            PatternKind::Name(name) => match kind {
                Some(kind) => {
                    let is_const = kind == DeclarationKind::Const;
                    let value = self.hold(value, Some(*name), span);
                    let id = match self.variable(*name) {
                        Some(id) if kind == DeclarationKind::Var => id,
                        _ => self.declare(*name, is_const, Js::Uninitialized),
                    };
                    self.declared(span, &value);
                    self.env[id] = value;
                }
                None => {
                    if let Some(place) = self.name_place(*name, span) {
                        let value = self.hold(value, Some(*name), span);
                        self.store_place(&place, value, span);
                    }
                }
            },
            PatternKind::Expr(id) => {
                let value = self.hold(value, tree.name_of(*id), span);
                if let Some(place) = self.place(*id) {
                    self.store_place(&place, value, span);
                }
            }
            PatternKind::Default { target, value: default } => {
                let (target, default) = (*target, *default);
                let value = match self.is_undefined(&value) {
                    None => value,
                    Some(_) if value == Js::Undefined => self.expression(default),
                    Some(undefined) => {
                        // Where it is there, that is known.
                        let value = match value {
                            Js::Perhaps(perhaps) if !perhaps.is_number() => perhaps.value.clone(),
                            other => other,
                        };
                        self.either(undefined, |lower| lower.expression(default), |_| value)
                    }
                };
                self.bind(target, value, kind);
            }
            PatternKind::Array(items) => self.bind_array(items, &value, kind, span),
            PatternKind::Object { properties, rest } => {
                for property in properties {
                    let Some(name) = self.key(&property.key) else {
                        self.bind(property.value, Js::Error, kind);
                        continue;
                    };
                    let value = self.property_or_undefined(&value, &name, property.span, property.value);
                    self.bind(property.value, value, kind);
                }
                rest.iter().for_each(|rest| self.bind(*rest, Js::Error, kind));
            }
            // Refused by the syntax.
            PatternKind::Rest(target) => self.bind(*target, Js::Error, kind),
        }
    }

    /// Remembers what a name is, for those who want it explained.
    fn declared(&mut self, span: crate::syntax::span::Span, value: &Js) {
        let origin = Origin { unit: self.unit.0 as u32, start: span.start, end: span.end };
        let what = value.describe();
        if self.declarations.len() < MAX_DECLARATIONS
            && !self.declarations.iter().rev().take(64).any(|known| known.origin == origin)
        {
            self.declarations.push(Declaration { origin, what });
        }
    }

    fn bind_array(
        &mut self,
        items: &[Option<PatternId>],
        value: &Js,
        kind: Option<DeclarationKind>,
        span: crate::syntax::span::Span,
    ) {
        let value = &self.there(value);
        let Js::Static(array) = value else {
            match value {
                Js::Error => {}
                Js::Absent(diagnostic) => {
                    self.refuse(Diagnostic::clone(diagnostic));
                }
                _ if self.is_of_empty(value) => {
                    let nothing = self.nothing(value);
                    return items.iter().flatten().for_each(|item| self.bind(*item, nothing.clone(), kind));
                }
                _ => {
                    self.refuse_kind(Refusal::NotIterable, span);
                }
            }
            // Nothing more is said of what they would be.
            items.iter().flatten().for_each(|item| self.bind(*item, Js::Error, kind));
            return;
        };
        self.is_closed = false;
        // An element is read just before it is bound: what was bound before may have been an element of the same array.
        for (number, item) in items.iter().enumerate() {
            let value = match array {
                Static::Tuple(tuple) => tuple.item(number),
                // No row, and nothing is thrown.
                Static::Table { dimensions, .. }
                | Static::Grid { dimensions, .. }
                | Static::Item(Item { dimensions, .. })
                    if dimensions.first().is_some_and(|len| number >= *len as usize) =>
                {
                    Js::Undefined
                }
                Static::Item(item) if !item.is_array() => self.refuse_kind(Refusal::NotIterable, span),
                Static::Array { .. }
                | Static::Local(_)
                | Static::Table { .. }
                | Static::Grid { .. }
                | Static::Item(_) => {
                    let index = Js::Number(self.builder.f64(number as f64));
                    self.element(array, index, span)
                }
                _ => self.refuse_kind(Refusal::NotIterable, span),
            };
            if let Some(item) = item {
                self.bind(*item, value, kind);
            }
        }
    }

    fn property_or_undefined(
        &mut self,
        value: &Js,
        name: &str,
        span: crate::syntax::span::Span,
        target: PatternId,
    ) -> Js {
        // A property that `data` lacks is undefined, for which a default can stand in.
        if let Js::Static(Static::Data(path) | Static::Item(Item { path, .. })) = value {
            let mut path = path.to_vec();
            path.push(name.into());
            let has_default = matches!(self.tree()[target].kind, PatternKind::Default { .. });
            if self.request.data.at(&path).is_none() && has_default && !is_inherited(name) {
                return Js::Undefined;
            }
        }
        self.property(value, name, span)
    }
}
