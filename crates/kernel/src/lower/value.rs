//! What an expression is while lowering, and its conversions to what operations take.

use std::rc::Rc;

use super::scope::{ScopeId, VarId};
use super::{Lower, UnitId};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{ArrayId, Binary, Const, LocalId, Op, Stmt, Unary, Value};
use crate::syntax::ast::FunctionId;
use crate::syntax::span::Span;

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Js {
    /// A number: an `F64`.
    Number(Value),
    /// A boolean: a `Bool`.
    Boolean(Value),
    /// A number, or a boolean as 1 or 0: an `F64`. Only `===` could tell, and is refused.
    Mixed(Value),
    /// A number or a boolean as 1 or 0, NaN if it is `undefined`, and whether it is.
    Maybe {
        number: Value,
        undefined: Value,
        holds: Holds,
    },
    /// An element of an array: a number, or `undefined` beyond the ends; whether it is, is computed if somebody asks.
    Element {
        number: Value,
        array: ArrayId,
        index: Value,
    },
    /// An element of an array of the body's own: the same.
    LocalElement {
        number: Value,
        local: LocalId,
        index: Value,
        holds: Holds,
    },
    /// An element of one of several arrays of the body's own: the same.
    OneElement {
        number: Value,
        one: OneOf,
        index: Value,
        holds: Holds,
    },
    /// Something that is there on some paths.
    Perhaps(Rc<Perhaps>),
    Undefined,
    /// What `data` lacks: undefined, but a mistake if it is used.
    Absent(Rc<Diagnostic>),
    Null,
    /// Something that is no value when the body runs.
    Static(Static),
    /// A `let` or `const` before its declaration.
    Uninitialized,
    /// Different paths have brought things that cannot be one variable.
    Conflict,
    /// Something that has been refused already.
    Error,
}

/// Something that is there on some paths: the object that a search has found, if any.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Perhaps {
    /// What it is if it is there.
    pub(super) value: Js,
    /// Whether it is: a `Bool`.
    pub(super) is_there: Value,
    /// What it is otherwise.
    pub(super) nothing: Nothing,
}

/// What stands for something that is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nothing {
    Null,
    Undefined,
}

impl Nothing {
    pub(super) fn value(self) -> Js {
        match self {
            Self::Null => Js::Null,
            Self::Undefined => Js::Undefined,
        }
    }
}

/// What something is where it is not `undefined`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Numbers,
    /// As 1 or 0.
    Booleans,
    /// Numbers, and booleans as 1 or 0.
    Both,
}

impl Holds {
    /// What covers both.
    pub(super) fn join(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }
}

/// What is known while lowering, and no value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Static {
    /// An array of the caller's.
    Array { array: ArrayId, is_shared: bool },
    /// An array of the body's own.
    Local(LocalId),
    /// One of several arrays of the body's own.
    OneOf(OneOf),
    /// An array of the body's own that grows and shrinks: room for its elements, and how many there are.
    Stack { local: LocalId, length: VarId, sites: Sites },
    /// An array literal whose elements are values: nobody stores to it.
    Tuple(Tuple),
    /// An array of arrays of numbers in one local array, or a row of one: as of a table. If it is only a copy of values, `sites` are
    /// theirs.
    Grid { local: LocalId, dimensions: Rc<[u32]>, row: Option<Value>, sites: Sites },
    /// An object literal whose properties are values: nobody assigns to them.
    Record(Record),
    /// An object literal whose properties are variables.
    Object(Rc<[(Rc<str>, VarId)]>, Sites),
    /// An array of numbers, or a row of one: what is left of its dimensions, and where the row begins.
    Table { array: ArrayId, dimensions: Rc<[u32]>, row: Option<Value> },
    /// An object in `data`, or `data` itself.
    Data(Rc<[Box<str>]>),
    /// A list of objects in `data`, or one of its objects, and what is in that.
    Item(Item),
    /// A function, and where its names are looked up.
    Closure { unit: UnitId, function: FunctionId, scope: ScopeId },
    /// `Math`, `Number` and their like.
    Namespace(&'static str),
    /// A function of ECMAScript's, or of ours.
    Builtin(super::builtin::Builtin),
    /// A method of an array, before it is called.
    Method { object: Rc<Static>, name: Rc<str> },
}

/// A list in `data`, a row of it, or an object in a list.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Item {
    pub(super) path: Rc<[Box<str>]>,
    /// What is left of the dimensions of the list: an object has none.
    pub(super) dimensions: Rc<[u32]>,
    /// Its number among all that are at this path: an `F64`.
    pub(super) number: Option<Value>,
}

/// One of several local arrays, which have one length and type of elements.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct OneOf {
    /// Those that it may be, in ascending order.
    pub(super) locals: Rc<[LocalId]>,
    /// The number of the one that it is: an `F64`.
    pub(super) which: Value,
}

/// The literals that an array or object may come from: the text, and where it stands there.
pub(super) type Sites = Rc<[Site]>;

pub(super) type Site = (UnitId, u32);

/// An array of values.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tuple {
    pub(super) items: Rc<[Js]>,
    pub(super) sites: Sites,
    /// Whether something may hold it, so that a store would be seen elsewhere.
    pub(super) is_held: bool,
    /// The same elements in memory, to be read at an index that is computed.
    pub(super) copy: Option<LocalId>,
}

/// An object of values.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Record {
    pub(super) fields: Rc<[(Rc<str>, Js)]>,
    pub(super) sites: Sites,
    /// As of a [`Tuple`].
    pub(super) is_held: bool,
}

/// Whether two are one and the same, if that can be known: they have the same values, or are from other literals.
fn is_one(is_same: bool, a: &Sites, b: &Sites) -> Option<bool> {
    if is_same {
        return Some(true);
    }
    let may_be = a.iter().any(|site| b.contains(site));
    (!may_be).then_some(false)
}

impl Static {
    /// Whether `===` holds, if that can be known: what is in `data` may be there under two names, and each row of a table is found
    /// anew.
    pub(super) fn is_same_as(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            // Each literal is one of its own, even of the same elements. Whether both are from one and the same turn is not known.
            (Self::Tuple(a), Self::Tuple(b)) if a.is_held && b.is_held => {
                is_one(Rc::ptr_eq(&a.items, &b.items), &a.sites, &b.sites)
            }
            (Self::Record(a), Self::Record(b)) if a.is_held && b.is_held => {
                is_one(Rc::ptr_eq(&a.fields, &b.fields), &a.sites, &b.sites)
            }
            (Self::Tuple(_) | Self::Record(_), _) | (_, Self::Tuple(_) | Self::Record(_)) => Some(false),
            (a, b) if a == b => Some(true),
            (Self::Grid { .. }, Self::Grid { .. })
            | (Self::OneOf(_), Self::OneOf(_) | Self::Local(_))
            | (Self::Local(_), Self::OneOf(_)) => None,
            (
                Self::Array { .. } | Self::Table { .. } | Self::Data(_) | Self::Item(_),
                Self::Array { .. } | Self::Table { .. } | Self::Data(_) | Self::Item(_),
            ) => None,
            (Self::Closure { unit, .. }, Self::Closure { unit: other, .. }) if unit != other => None,
            (Self::Method { .. }, Self::Method { .. }) => None,
            _ => Some(false),
        }
    }
}

impl Perhaps {
    /// Whether it is a number if it is there, and not an array or object.
    pub(super) fn is_number(&self) -> bool {
        !matches!(self.value, Js::Static(_))
    }
}

impl Js {
    /// What it is where that `data` lacks it is no mistake.
    pub(super) fn or_undefined(&self) -> &Self {
        match self {
            Self::Absent(_) => &Self::Undefined,
            other => other,
        }
    }

    /// What it is where it is not `undefined`; `None` if it can be nothing that an array in memory holds.
    pub(super) fn holds(&self) -> Option<Holds> {
        match self {
            Self::Number(_) | Self::Element { .. } => Some(Holds::Numbers),
            Self::Boolean(_) => Some(Holds::Booleans),
            Self::Mixed(_) => Some(Holds::Both),
            Self::Maybe { holds, .. } | Self::LocalElement { holds, .. } | Self::OneElement { holds, .. } => {
                Some(*holds)
            }
            _ => None,
        }
    }

    /// Whether it is, or may be, `undefined`.
    pub(super) fn may_be_undefined(&self) -> bool {
        match self {
            Self::Undefined
            | Self::Absent(_)
            | Self::Maybe { .. }
            | Self::Element { .. }
            | Self::LocalElement { .. }
            | Self::OneElement { .. } => true,
            Self::Perhaps(perhaps) => {
                perhaps.nothing == Nothing::Undefined || perhaps.value.may_be_undefined()
            }
            _ => false,
        }
    }

    /// Whether it is an array or object of values that something else may hold.
    pub(super) fn is_held(&self) -> bool {
        matches!(
            self,
            Self::Perhaps(_)
                | Self::Static(
                    Static::Tuple(Tuple { is_held: true, .. }) | Static::Record(Record { is_held: true, .. })
                )
        )
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::Mixed(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Maybe { holds: Holds::Booleans, .. }
            | Self::LocalElement { holds: Holds::Booleans, .. }
            | Self::OneElement { holds: Holds::Booleans, .. } => "a boolean or undefined",
            Self::Maybe { .. }
            | Self::Element { .. }
            | Self::LocalElement { .. }
            | Self::OneElement { .. } => "a number or undefined",
            Self::Undefined | Self::Absent(_) => "undefined",
            Self::Null => "null",
            Self::Perhaps(perhaps) => match (perhaps.value.describe(), perhaps.nothing) {
                ("a number" | "a number or undefined", _) => "a number or null",
                ("an array", Nothing::Null) => "an array or null",
                ("an array", Nothing::Undefined) => "an array or undefined",
                (_, Nothing::Null) => "an object or null",
                (_, Nothing::Undefined) => "an object or undefined",
            },
            Self::Static(value) => match value {
                Static::Array { .. }
                | Static::Local(_)
                | Static::OneOf(_)
                | Static::Stack { .. }
                | Static::Tuple(_)
                | Static::Grid { .. }
                | Static::Table { .. } => "an array",
                Static::Item(item) if item.is_array() => "an array",
                Static::Item(_)
                | Static::Data(_)
                | Static::Namespace(_)
                | Static::Record(_)
                | Static::Object(..) => "an object",
                Static::Closure { .. } | Static::Builtin(_) | Static::Method { .. } => "a function",
            },
            Self::Uninitialized => "a variable before its declaration",
            Self::Conflict => "different things on different paths",
            Self::Error => "something refused",
        }
    }
}

impl Lower<'_> {
    /// ToNumber, as an `F64`.
    pub(super) fn number(&mut self, value: &Js, span: Span) -> Value {
        match value {
            Js::Number(number)
            | Js::Mixed(number)
            | Js::Maybe { number, .. }
            | Js::Element { number, .. }
            | Js::LocalElement { number, .. }
            | Js::OneElement { number, .. } => *number,
            Js::Boolean(boolean) => self.builder.unary(Unary::FromBool, *boolean),
            Js::Undefined => self.builder.f64(f64::NAN),
            Js::Null => self.builder.f64(0.0),
            // Null as a number is 0, and that is what stands for it where paths meet.
            Js::Perhaps(perhaps) if perhaps.is_number() => self.number(&perhaps.value, span),
            _ => {
                self.not_a_number(value, span);
                self.builder.f64(0.0)
            }
        }
    }

    fn not_a_number(&mut self, value: &Js, span: Span) {
        match value {
            Js::Error => {}
            Js::Absent(diagnostic) => {
                self.refuse(Diagnostic::clone(diagnostic));
            }
            Js::Uninitialized => {
                self.refuse_kind(Refusal::UsedTooEarly, span);
            }
            Js::Conflict => {
                self.refuse_kind(Refusal::Conflict, span);
            }
            Js::Static(Static::Data(path)) if path.is_empty() => {
                let diagnostic = self.data_as_number(span);
                // Once is enough: it is one mistake, wherever it is used.
                if !self.refused.iter().any(|(_, other)| other.what == diagnostic.what) {
                    self.refuse(diagnostic);
                }
            }
            _ => {
                let what = value.describe();
                let diagnostic = Diagnostic::new(Refusal::NotANumber, span);
                let diagnostic = diagnostic.saying(format!("{what} is used as a number here"));
                self.refuse(match what {
                    _ if matches!(value, Js::Perhaps(_)) => {
                        diagnostic.advising("look whether it is there, and read what is in it: `p ? p.x : 0`")
                    }
                    "an array" => diagnostic.advising("read an element, `a[k]`, or `a.length`"),
                    "an object" => diagnostic.advising("read a property, `p.x`"),
                    "a function" => diagnostic.advising("call it: `f(x)`"),
                    _ => diagnostic,
                });
            }
        }
    }

    /// ToInt32, as an `I32`.
    pub(super) fn int32(&mut self, value: &Js, span: Span) -> Value {
        match value {
            Js::Boolean(boolean) => self.builder.unary(Unary::I32FromBool, *boolean),
            _ => {
                let number = self.number(value, span);
                self.builder.unary(Unary::ToInt32, number)
            }
        }
    }

    /// ToBoolean, as a `Bool`.
    pub(super) fn truth(&mut self, value: &Js, span: Span) -> Value {
        match value {
            Js::Boolean(boolean) => *boolean,
            Js::Undefined | Js::Absent(_) | Js::Null => self.builder.bool(false),
            // Objects are true.
            Js::Static(_) => self.builder.bool(true),
            Js::Perhaps(perhaps) => {
                let truth = self.truth(&perhaps.value, span);
                self.both(perhaps.is_there, truth)
            }
            _ => {
                let number = self.number(value, span);
                if let Some(constant) = self.builder.constant(number).and_then(Const::as_f64) {
                    return self.builder.bool(crate::numeric::to_bool(constant));
                }
                self.builder.unary(Unary::ToBool, number)
            }
        }
    }

    /// Whether it is `undefined`, as a `Bool`; `None` if it certainly is not.
    pub(super) fn is_undefined(&mut self, value: &Js) -> Option<Value> {
        match value {
            Js::Maybe { undefined, .. } => Some(*undefined),
            Js::Element { array, index, .. } => {
                let inside = self.builder.op(Op::InBounds(*array, *index));
                Some(self.builder.unary(Unary::Not, inside))
            }
            Js::LocalElement { local, index, .. } => Some(self.is_local_undefined(*local, *index)),
            Js::OneElement { one, index, .. } => {
                let one = one.clone();
                Some(self.one_by_one(&one, |lower, local| lower.is_local_undefined(local, *index)))
            }
            Js::Undefined | Js::Absent(_) => Some(self.builder.bool(true)),
            Js::Perhaps(perhaps) if perhaps.nothing == Nothing::Undefined => Some(self.not(perhaps.is_there)),
            Js::Perhaps(perhaps) => {
                let undefined = self.is_undefined(&perhaps.value)?;
                Some(self.both(perhaps.is_there, undefined))
            }
            _ => None,
        }
    }

    /// What something is where its parts are read. JavaScript throws there if it is not there.
    pub(super) fn there(&mut self, value: &Js) -> Js {
        match value {
            Js::Perhaps(perhaps) if !perhaps.is_number() => {
                self.push(Stmt::Guard { condition: perhaps.is_there });
                perhaps.value.clone()
            }
            other => other.clone(),
        }
    }

    pub(super) fn not(&mut self, condition: Value) -> Value {
        self.builder.unary(Unary::Not, condition)
    }

    pub(super) fn both(&mut self, a: Value, b: Value) -> Value {
        self.builder.binary(Binary::BAnd, a, b)
    }
}
