//! Properties and elements.

use std::rc::Rc;

use super::Lower;
use super::builtin;
use super::key::Key;
use super::value::{Holds, Js, Record, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Binary, Const, Op, Stmt, Unary, Value};
use crate::syntax::span::Span;

/// The methods of arrays that a body can call.
const METHODS: &[&str] = &["at", "fill", "pop", "push"];

/// Methods that are a few lines of a loop.
const LOOPS: &[&str] = &[
    "concat",
    "copyWithin",
    "every",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "forEach",
    "includes",
    "indexOf",
    "lastIndexOf",
    "map",
    "reduce",
    "reduceRight",
    "reverse",
    "set",
    "some",
    "sort",
    "splice",
];

/// What all objects inherit.
const INHERITED: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Whether all objects have a property of this name, if none of their own.
pub(super) fn is_inherited(name: &str) -> bool {
    INHERITED.contains(&name)
}

impl Lower<'_> {
    /// `value.name`
    pub(super) fn property(&mut self, value: &Js, name: &str, span: Span) -> Js {
        let value = &self.there(value);
        let Js::Static(object) = value else {
            return match value {
                Js::Error => Js::Error,
                Js::Absent(diagnostic) => self.refuse(Diagnostic::clone(diagnostic)),
                Js::Conflict => {
                    let what = "this is one of several things, and which is known only when the body runs";
                    let remedy = "give all of them the same properties; null can stand for none";
                    self.refuse(Diagnostic::new(Refusal::Conflict, span).saying(what).advising(remedy))
                }
                _ if self.is_of_empty(value) => self.nothing(value),
                _ => {
                    let what = format!("{} has no property `{name}` that a body can use", value.describe());
                    let diagnostic = Diagnostic::new(Refusal::UnknownProperty, span).saying(what);
                    // As a rule, what was meant is `data`.
                    let is_in_data = self.request.data.at(&[name.into()]).is_some();
                    let called = self.called_with();
                    self.refuse(
                        if is_in_data && matches!(value, Js::Number(_) | Js::Element { .. } | Js::Undefined) {
                            diagnostic
                                .advising(format!("the body is called with {called}: `{name}` is in `data`"))
                        } else {
                            diagnostic
                        },
                    )
                }
            };
        };
        match object {
            Static::Item(item) if !item.is_array() => self.item_property(item, name, span),
            Static::Data(path) => {
                let mut path = path.to_vec();
                path.push(name.into());
                if self.request.data.at(&path).is_some() {
                    return self.read_data(&path, span);
                }
                if is_inherited(name) {
                    return self.refuse_inherited(name, span);
                }
                let full = path.join(".");
                let remedy = match path.split_last() {
                    Some((name, outer)) if !outer.is_empty() => {
                        format!("put `{name}` into `data.{}`", outer.join("."))
                    }
                    _ => format!("pass it as `{{ data: {{ {name} }} }}`"),
                };
                let diagnostic = Diagnostic::new(Refusal::UnknownName, span).advising(remedy);
                Js::Absent(Rc::new(diagnostic.saying(format!("there is no `{full}` in `data`"))))
            }
            Static::Namespace(namespace) => match builtin::member(namespace, name) {
                Some(builtin::Global::Value(number)) => Js::Number(self.builder.f64(number)),
                Some(builtin::Global::Undefined) => Js::Undefined,
                Some(builtin::Global::Static(value)) => Js::Static(value),
                None => self.refuse(builtin::unknown_member(namespace, name, span)),
            },
            Static::Record(Record { fields, .. }) => {
                match fields.iter().find(|(field, _)| **field == *name) {
                    Some((_, value)) => value.clone(),
                    None => self.no_property(name, span),
                }
            }
            Static::Object(fields, _) => match fields.iter().find(|(field, _)| **field == *name) {
                Some((_, variable)) => self.env[*variable].clone(),
                None => self.no_property(name, span),
            },
            _ if name == "length" => match self.length(object) {
                Some(length) => Js::Number(length),
                None => self.refuse_kind(Refusal::UnknownProperty, span),
            },
            Static::Local(_)
            | Static::OneOf(_)
            | Static::Stack { .. }
            | Static::Array { .. }
            | Static::Tuple(_)
            | Static::Grid { .. }
            | Static::Table { .. }
            | Static::Item(_) => {
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
                        let diagnostic = Diagnostic::new(Refusal::UnknownProperty, span).saying(what);
                        self.refuse(match name {
                            "shift" | "unshift" => {
                                diagnostic.advising("count where it begins: `queue[head++]`")
                            }
                            "slice" | "subarray" => {
                                diagnostic.advising("read the elements where they are: `a[start + k]`")
                            }
                            "entries" | "keys" | "values" => diagnostic.advising(
                                "call it where it is walked along: `for (const [k, x] of a.entries())`",
                            ),
                            _ if LOOPS.contains(&name) => {
                                diagnostic.advising("write a loop: `for (let k = 0; k < a.length; k++)`")
                            }
                            _ => diagnostic,
                        })
                    }
                }
            }
            _ => {
                let what = format!("{} has no property `{name}` that a body can use", value.describe());
                self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what))
            }
        }
    }

    /// A property that an object does not have, and inherits.
    pub(super) fn refuse_inherited(&mut self, name: &str, span: Span) -> Js {
        let what = format!("a body cannot use `{name}` of objects, which all of them inherit");
        let remedy = "give the property another name, or give the object one of its own that is called so";
        self.refuse(Diagnostic::new(Refusal::UnknownProperty, span).saying(what).advising(remedy))
    }

    /// A property that an object of the body's own does not have.
    fn no_property(&mut self, name: &str, span: Span) -> Js {
        if is_inherited(name) {
            return self.refuse_inherited(name, span);
        }
        // The program may have given one to all objects.
        self.is_closed = false;
        Js::Undefined
    }

    /// What stands between the brackets, as a number. Anything else is the name of a property: but for `undefined`, which is
    /// found beyond the ends of arrays, and is the name of none.
    pub(super) fn index(&mut self, index: &Js, span: Span) -> Value {
        let is_number = index.holds().is_none_or(|holds| holds == Holds::Numbers);
        if !is_number || matches!(index, Js::Null | Js::Perhaps(_)) {
            let what = format!("{} is used as an index", index.describe());
            self.refuse(Diagnostic::new(Refusal::NotANumber, span).saying(what));
        }
        self.number(index, span)
    }

    /// `value[index]`
    pub(super) fn element_of(&mut self, value: &Js, index: Js, object_span: Span, index_span: Span) -> Js {
        let value = &self.there(value);
        match value {
            Js::Static(
                array @ (Static::Array { .. }
                | Static::Local(_)
                | Static::OneOf(_)
                | Static::Stack { .. }
                | Static::Tuple(_)
                | Static::Grid { .. }
                | Static::Table { .. }),
            ) => self.element(array, index, index_span),
            Js::Static(array @ Static::Item(item)) if item.is_array() => {
                self.element(array, index, index_span)
            }
            Js::Static(Static::Data(_)) => self.refuse_kind(Refusal::ComputedKey, index_span),
            Js::Static(Static::Record(_) | Static::Object(..) | Static::Item(_)) => {
                let number = match &index {
                    Js::Number(number) => self.builder.constant(*number).and_then(Const::as_f64),
                    _ => None,
                };
                match number {
                    Some(number) => self.property(value, &crate::numeric::text(number), index_span),
                    None => self.refuse_kind(Refusal::ComputedKey, index_span),
                }
            }
            Js::Absent(diagnostic) => self.refuse(Diagnostic::clone(diagnostic)),
            Js::Error => Js::Error,
            _ if self.is_of_empty(value) => self.nothing(value),
            Js::Conflict => {
                let what = "this is one of several arrays, and which is known only when the body runs";
                let remedy = "read each where it is chosen: `c ? a[k] : b[k]`";
                self.refuse(Diagnostic::new(Refusal::NotAnArray, object_span).saying(what).advising(remedy))
            }
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
            Static::OneOf(one) => self.one_element(one, index, span),
            Static::Stack { local, length, .. } => {
                let at = self.stack_index(*length, index, span);
                self.local_element(*local, at)
            }
            Static::Tuple(tuple) => self.tuple_element(tuple, index, span),
            Static::Table { array, dimensions, row } => {
                if let [len] = dimensions[..] {
                    let at = self.in_row(*row, index, len);
                    let number = self.builder.op(Op::Load(*array, at));
                    return Js::Element { number, array: *array, index: at };
                }
                let Some((dimensions, row)) = self.row(dimensions, *row, index) else { return Js::Error };
                Js::Static(Static::Table { array: *array, dimensions, row })
            }
            Static::Item(item) => self.item(item, index),
            Static::Grid { local, dimensions, row, sites } => {
                if let [len] = dimensions[..] {
                    let at = self.in_row(*row, index, len);
                    return self.local_element(*local, at);
                }
                let Some((dimensions, row)) = self.row(dimensions, *row, index) else { return Js::Error };
                Js::Static(Static::Grid { local: *local, dimensions, row, sites: Rc::clone(sites) })
            }
            _ => Js::Error,
        }
    }

    /// A row of a table, or a row of a row: its dimensions, and where it begins.
    fn row(
        &mut self,
        dimensions: &[u32],
        row: Option<Value>,
        index: Value,
    ) -> Option<(Rc<[u32]>, Option<Value>)> {
        let (len, rest) = dimensions.split_first()?;
        let width = self.builder.f64(f64::from(rest.iter().product::<u32>()));
        let mut start = self.builder.binary(Binary::Mul, index, width);
        if let Some(row) = row {
            start = self.builder.binary(Binary::Add, row, start);
        }
        let condition = self.is_element(index, *len);
        // JavaScript throws where there is no row.
        self.push(Stmt::Guard { condition });
        Some((rest.into(), Some(start)))
    }

    /// The index of an element of a table, or of one of its rows; -1 beyond the row's ends, where there is nothing.
    pub(super) fn in_row(&mut self, row: Option<Value>, index: Value, len: u32) -> Value {
        let Some(row) = row else { return index };
        // Beyond the row there is the next one: an index that is none takes its place.
        let at = self.builder.binary(Binary::Add, row, index);
        let is_inside = self.is_element(index, len);
        let nowhere = self.builder.f64(-1.0);
        self.builder.op(Op::Select(is_inside, at, nowhere))
    }

    /// Whether an index is that of an element, of so many.
    pub(super) fn is_element(&mut self, index: Value, len: u32) -> Value {
        let len = self.builder.f64(f64::from(len));
        self.is_below(index, len)
    }

    /// Whether an index is a whole number from 0 on and below a number.
    pub(super) fn is_below(&mut self, index: Value, len: Value) -> Value {
        let zero = self.builder.f64(0.0);
        let low = self.builder.binary(Binary::Ge, index, zero);
        let high = self.builder.binary(Binary::Lt, index, len);
        let inside = self.both(low, high);
        let whole = self.builder.unary(Unary::Trunc, index);
        let is_whole = self.builder.binary(Binary::Eq, whole, index);
        self.both(inside, is_whole)
    }
}
