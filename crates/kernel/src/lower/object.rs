//! Objects of the body's own: literals whose properties are written out. Nothing is allocated for one. Its properties are values,
//! which go where it goes:
//!
//! ```text
//! const p = { x: i, y: 2 * i };      p is x = i, y = 2 * i
//! return add(p, { x: 1, y: 1 });     the parameters are values, too
//! ```
//!
//! or, if something assigns to one of them, variables of the body: then whoever holds the object sees the new value.

use std::rc::Rc;

use super::Lower;
use super::value::{Js, Record, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::syntax::ast::{Property, PropertyKind};
use crate::syntax::span::Span;

/// Properties of one object: searched one by one.
const MAX_FIELDS: usize = 64;

type Fields = Vec<(Rc<str>, Js)>;

impl Lower<'_> {
    /// `{ x: 1, y, ...point }`
    pub(super) fn object_literal(&mut self, properties: &[Property], span: Span) -> Js {
        let mut fields = Fields::new();
        for property in properties {
            match &property.kind {
                PropertyKind::Value { key, value, kind: "init", default: None, .. } => {
                    let Some(name) = self.key(key) else { return Js::Error };
                    if &*name == "__proto__" {
                        return self.refuse_kind(Refusal::ObjectLiteral, property.span);
                    }
                    let id = *value;
                    let value = self.expression(id);
                    let value = self.hold(value, None, self.tree()[id].span);
                    set(&mut fields, &name, value);
                }
                PropertyKind::Spread(id) => {
                    let value = self.expression(*id);
                    self.spread_object(&value, &mut fields, property.span);
                }
                // A getter, or a default, which only a pattern has.
                PropertyKind::Value { .. } => return self.refuse_kind(Refusal::ObjectLiteral, property.span),
            }
            if fields.len() > MAX_FIELDS {
                return self.refuse_kind(Refusal::TooLarge, span);
            }
        }
        let sites = [(self.unit, span.start)].into();
        Js::Static(Static::Record(Record { fields: fields.into(), sites, is_held: false }))
    }

    fn spread_object(&mut self, value: &Js, fields: &mut Fields, span: Span) {
        match value {
            Js::Static(Static::Record(record)) => {
                record.fields.iter().for_each(|(name, value)| set(fields, name, value.clone()));
            }
            Js::Static(Static::Object(variables, _)) => {
                for (name, variable) in variables.iter() {
                    let value = self.env[*variable].clone();
                    set(fields, name, value);
                }
            }
            Js::Undefined | Js::Null | Js::Error => {}
            other => {
                let what = format!("{} is spread into an object", other.describe());
                self.refuse(Diagnostic::new(Refusal::Spread, span).saying(what));
            }
        }
    }
}

/// Gives a property a value; one that is there keeps its place.
fn set(fields: &mut Fields, name: &str, value: Js) {
    match fields.iter_mut().find(|(field, _)| **field == *name) {
        Some((_, old)) => *old = value,
        None => fields.push((name.into(), value)),
    }
}
