//! Bindings of parameters and declarations, and targets of assignments.

use super::{ExprId, PatternId, PropertyKey};
use crate::syntax::{names::Name, span::Span};

/// A pattern and where it stands.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Without parentheses around it.
    pub span: Span,
    /// What it is.
    pub kind: PatternKind,
}

/// What takes a value.
#[derive(Clone, Debug)]
pub enum PatternKind {
    /// A name that is declared or assigned.
    Name(Name),
    /// `a[e]` or `a.b`, in assignments: a `Member` or `Index` expression.
    Expr(ExprId),
    /// `[a, , b]`; `None` is a hole.
    Array(Vec<Option<PatternId>>),
    /// `{ a, b: c, ...rest }`
    Object {
        /// The properties, in order.
        properties: Vec<PatternProperty>,
        /// What takes the rest.
        rest: Option<PatternId>,
    },
    /// `target = value`: the value where the source has `undefined`.
    Default {
        /// What is declared or assigned.
        target: PatternId,
        /// The value that stands in.
        value: ExprId,
    },
    /// `...target`, last in arrays, objects and parameters.
    Rest(PatternId),
}

/// `key: value` in a pattern.
#[derive(Clone, Debug)]
pub struct PatternProperty {
    /// The key and the value.
    pub span: Span,
    /// Which property is read.
    pub key: PropertyKey,
    /// What takes its value. `{ a }` is short for `{ a: a }`, with one span for both.
    pub value: PatternId,
    /// Written as `{ a }` or `{ a = 1 }`.
    pub shorthand: bool,
}
