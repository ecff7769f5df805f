//! Properties and elements.

use std::rc::Rc;

use super::Lower;
use super::builtin;
use super::key::Key;
use super::value::{Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{ArrayId, Binary, Op, Stmt, Unary, Value};
use crate::syntax::span::Span;

/// The methods of arrays that a body can call.
const METHODS: &[&str] = &["at", "fill"];

impl Lower<'_> {
    /// `value.name`
    pub(super) fn property(&mut self, value: &Js, name: &str, span: Span) -> Js {
        let Js::Static(object) = value else {
            return match value {
                Js::Error => Js::Error,
                _ => {
                    let what = format!("{} has no property `{name}` that a body can use", value.describe());
                    self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what))
                }
            };
        };
        match object {
            Static::Data(path) => {
                let mut path = path.to_vec();
                path.push(name.into());
                if self.request.data.at(&path).is_some() {
                    return self.read_data(&path, span);
                }
                let full = path.join(".");
                let remedy = match path.split_last() {
                    Some((name, outer)) if !outer.is_empty() => {
                        format!("put `{name}` into `data.{}`", outer.join("."))
                    }
                    _ => format!("pass it as `{{ data: {{ {name} }} }}`"),
                };
                let diagnostic = Diagnostic::new(Refusal::UnknownName, span).advising(remedy);
                self.refuse(diagnostic.saying(format!("there is no `{full}` in `data`")))
            }
            Static::Namespace(namespace) => match builtin::member(namespace, name) {
                Some(builtin::Global::Value(number)) => Js::Number(self.builder.f64(number)),
                Some(builtin::Global::Undefined) => Js::Undefined,
                Some(builtin::Global::Static(value)) => Js::Static(value),
                None => self.refuse(builtin::unknown_member(namespace, name, span)),
            },
            _ if name == "length" => match self.length(object) {
                Some(length) => Js::Number(length),
                None => self.refuse_kind(Refusal::UnknownProperty, span),
            },
            Static::Local(_) | Static::Array { .. } | Static::Tuple(_) | Static::Table { .. } => {
                match Key::of(name) {
                    Key::Element(index) => {
                        let index = Js::Number(self.builder.f64(index));
                        self.element(object, index, span)
                    }
                    Key::Absent => Js::Undefined,
                    Key::Name if METHODS.contains(&name) => {
                        self.is_closed = false;
                        Js::Static(Static::Method { object: Rc::new(object.clone()), name: name.into() })
                    }
                    // Whether it is there depends on the kind of array, and on what the program has put there.
                    Key::Name => {
                        let what = format!("a body cannot use `{name}` of arrays");
                        self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what))
                    }
                }
            }
            _ => {
                let what = format!("{} has no property `{name}` that a body can use", value.describe());
                self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what))
            }
        }
    }

    /// What stands between the brackets, as a number. Anything else is the name of a property: but for `undefined`, which is
    /// found beyond the ends of arrays, and is the name of none.
    pub(super) fn index(&mut self, index: &Js, span: Span) -> Value {
        if let Js::Boolean(_) | Js::Mixed(_) | Js::Maybe { is_mixed: true, .. } | Js::Null = index {
            let what = format!("{} is used as an index", index.describe());
            self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
        }
        self.number(index, span)
    }

    /// `value[index]`
    pub(super) fn element_of(&mut self, value: &Js, index: Js, object_span: Span, index_span: Span) -> Js {
        match value {
            Js::Static(
                array @ (Static::Array { .. } | Static::Local(_) | Static::Tuple(_) | Static::Table { .. }),
            ) => self.element(array, index, index_span),
            Js::Static(Static::Data(_)) => self.refuse_kind(Refusal::ComputedKey, index_span),
            Js::Error => Js::Error,
            _ => {
                let what = format!("{} has no elements", value.describe());
                self.refuse(Diagnostic::new(Refusal::NotAnArray, object_span).saying(what))
            }
        }
    }

    /// An element of an array.
    pub(super) fn element(&mut self, array: &Static, index: Js, span: Span) -> Js {
        let index = self.index(&index, span);
        match array {
            Static::Array { array, .. } => {
                let number = self.builder.op(Op::Load(*array, index));
                Js::Element { number, array: *array, index }
            }
            Static::Local(local) => self.local_element(*local, index),
            Static::Tuple(items) => {
                let named = self.name_array(Js::Static(Static::Tuple(Rc::clone(items))), span);
                match named {
                    Js::Static(local @ Static::Local(_)) => self.element(&local, Js::Number(index), span),
                    other => other,
                }
            }
            Static::Table { array, dimensions, row } => {
                let Some((_, rest)) = dimensions.split_first() else { return Js::Error };
                if rest.is_empty() {
                    return self.in_row(*array, *row, index, dimensions[0]);
                }
                let width: u32 = rest.iter().product();
                let width = self.builder.f64(f64::from(width));
                let mut start = self.builder.binary(Binary::Mul, index, width);
                if let Some(row) = row {
                    start = self.builder.binary(Binary::Add, *row, start);
                }
                let condition = self.is_element(index, dimensions[0]);
                // JavaScript throws where there is no row.
                self.push(Stmt::Guard { condition });
                Js::Static(Static::Table { array: *array, dimensions: rest.into(), row: Some(start) })
            }
            _ => Js::Error,
        }
    }

    /// An element of a table, or of one of its rows: `undefined` beyond the row's ends.
    fn in_row(&mut self, array: ArrayId, row: Option<Value>, index: Value, len: u32) -> Js {
        let at = match row {
            None => index,
            Some(row) => {
                // Beyond the row there is the next one: an index that is none takes its place.
                let at = self.builder.binary(Binary::Add, row, index);
                let is_inside = self.is_element(index, len);
                let nowhere = self.builder.f64(-1.0);
                self.builder.op(Op::Select(is_inside, at, nowhere))
            }
        };
        let number = self.builder.op(Op::Load(array, at));
        Js::Element { number, array, index: at }
    }

    /// Whether an index is that of an element, of so many.
    pub(super) fn is_element(&mut self, index: Value, len: u32) -> Value {
        let zero = self.builder.f64(0.0);
        let len = self.builder.f64(f64::from(len));
        let low = self.builder.binary(Binary::Ge, index, zero);
        let high = self.builder.binary(Binary::Lt, index, len);
        let inside = self.both(low, high);
        let whole = self.builder.unary(Unary::Trunc, index);
        let is_whole = self.builder.binary(Binary::Eq, whole, index);
        self.both(inside, is_whole)
    }
}
