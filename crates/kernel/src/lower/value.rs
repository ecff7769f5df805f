//! What an expression is while lowering, and its conversions to what operations take.

use std::rc::Rc;

use super::scope::ScopeId;
use super::{Lower, UnitId};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{ArrayId, Binary, Const, LocalId, Op, Unary, Value};
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
    /// A number, NaN if it is `undefined`, and whether it is. With `is_mixed`, it may be a boolean as well.
    Maybe {
        number: Value,
        undefined: Value,
        is_mixed: bool,
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
    },
    Undefined,
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

/// What is known while lowering, and no value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Static {
    /// An array of the caller's.
    Array { array: ArrayId, is_shared: bool },
    /// An array of the body's own.
    Local(LocalId),
    /// An array literal that nobody has given a name yet.
    Tuple(Rc<[Js]>),
    /// An array of numbers, or a row of one: what is left of its dimensions, and where the row begins.
    Table { array: ArrayId, dimensions: Rc<[u32]>, row: Option<Value> },
    /// An object in `data`, or `data` itself.
    Data(Rc<[Box<str>]>),
    /// A function, and where its names are looked up.
    Closure { unit: UnitId, function: FunctionId, scope: ScopeId },
    /// `Math`, `Number` and their like.
    Namespace(&'static str),
    /// A function of ECMAScript's, or of ours.
    Builtin(super::builtin::Builtin),
    /// A method of an array, before it is called.
    Method { object: Rc<Static>, name: Rc<str> },
}

/// What paths bring for one variable, regardless of which value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Undefined,
    Number,
    Boolean,
    Mixed,
    Maybe {
        is_mixed: bool,
    },
    /// No value, or not the same thing on all paths.
    Other,
}

impl Kind {
    /// What covers both.
    pub(super) fn join(self, other: Self) -> Self {
        use Kind::{Boolean, Maybe, Mixed, Number, Other};
        match (self, other) {
            (a, b) if a == b => a,
            (Other, _) | (_, Other) => Other,
            (Number | Boolean | Mixed, Number | Boolean | Mixed) => Mixed,
            (a, b) => Maybe { is_mixed: a.is_mixed() || b.is_mixed() },
        }
    }

    fn is_mixed(self) -> bool {
        matches!(self, Self::Boolean | Self::Mixed | Self::Maybe { is_mixed: true })
    }
}

impl Static {
    /// Whether `===` holds, if that can be known: what is in `data` may be there under two names, and each row of a table is found
    /// anew.
    pub(super) fn is_same_as(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            // Each array literal is an array of its own, even of the same elements.
            (Self::Tuple(_), _) | (_, Self::Tuple(_)) => Some(false),
            (a, b) if a == b => Some(true),
            (Self::Array { .. } | Self::Table { .. }, Self::Array { .. } | Self::Table { .. })
            | (Self::Data(_), Self::Data(_)) => None,
            (Self::Closure { unit, .. }, Self::Closure { unit: other, .. }) if unit != other => None,
            (Self::Method { .. }, Self::Method { .. }) => None,
            _ => Some(false),
        }
    }
}

impl Js {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Boolean(_) => Kind::Boolean,
            Self::Mixed(_) => Kind::Mixed,
            Self::Maybe { is_mixed, .. } => Kind::Maybe { is_mixed: *is_mixed },
            Self::Element { .. } | Self::LocalElement { .. } => Kind::Maybe { is_mixed: false },
            Self::Undefined => Kind::Undefined,
            Self::Null | Self::Static(_) | Self::Uninitialized | Self::Conflict | Self::Error => Kind::Other,
        }
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::Mixed(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Maybe { .. } | Self::Element { .. } | Self::LocalElement { .. } => "a number or undefined",
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Static(value) => match value {
                Static::Array { .. } | Static::Local(_) | Static::Tuple(_) | Static::Table { .. } => {
                    "an array"
                }
                Static::Data(_) | Static::Namespace(_) => "an object",
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
            | Js::LocalElement { number, .. } => *number,
            Js::Boolean(boolean) => self.builder.unary(Unary::FromBool, *boolean),
            Js::Undefined => self.builder.f64(f64::NAN),
            Js::Null => self.builder.f64(0.0),
            _ => {
                self.not_a_number(value, span);
                self.builder.f64(0.0)
            }
        }
    }

    fn not_a_number(&mut self, value: &Js, span: Span) {
        match value {
            Js::Error => {}
            Js::Uninitialized => {
                self.refuse_kind(Refusal::UsedTooEarly, span);
            }
            Js::Conflict => {
                self.refuse_kind(Refusal::Conflict, span);
            }
            _ => {
                let diagnostic = Diagnostic::new(Refusal::NotANumber, span);
                self.refuse(diagnostic.saying(format!("{} is used as a number here", value.describe())));
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
            Js::Undefined | Js::Null => self.builder.bool(false),
            // Objects are true.
            Js::Static(_) => self.builder.bool(true),
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
            Js::Undefined => Some(self.builder.bool(true)),
            _ => None,
        }
    }

    pub(super) fn not(&mut self, condition: Value) -> Value {
        self.builder.unary(Unary::Not, condition)
    }

    pub(super) fn both(&mut self, a: Value, b: Value) -> Value {
        self.builder.binary(Binary::BAnd, a, b)
    }
}
