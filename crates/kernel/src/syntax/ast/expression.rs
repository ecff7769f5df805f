//! Expressions.

use super::{AssignOp, BinaryOp, ClassId, ExprId, FunctionId, LogicalOp, PatternId, UnaryOp, UpdateOp};
use crate::syntax::{names::Name, span::Span};

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Without parentheses around it; the span of an operator includes those around its operands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// A part of an array literal or an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    /// A value.
    Expr(ExprId),
    /// `...values`, which is refused; the span starts at the dots.
    Spread(Span, ExprId),
}

/// What an expression computes.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number, correctly rounded.
    Number(f64),
    /// `true` or `false`
    Bool(bool),
    /// `null`, which compilers compare with for `??`.
    Null,
    /// A string, its escapes resolved. Refused, except as the key of an [`ExprKind::Index`] or pattern, and as a directive.
    String(Box<str>),
    /// A name that is read.
    Name(Name),
    /// `[a, , b]`; `None` is a hole.
    Array(Vec<Option<Element>>),
    /// A function as a value.
    Function(FunctionId),
    /// `-a`
    Unary {
        /// Which.
        op: UnaryOp,
        /// Of what.
        operand: ExprId,
    },
    /// `++a` or `a--`
    Update {
        /// Which.
        op: UpdateOp,
        /// Written before: the value is the new one.
        prefix: bool,
        /// A [`ExprKind::Name`], [`ExprKind::Member`] or [`ExprKind::Index`].
        target: ExprId,
    },
    /// `a + b`
    Binary {
        /// Which.
        op: BinaryOp,
        /// Evaluated first.
        left: ExprId,
        /// Evaluated second.
        right: ExprId,
    },
    /// `a && b`
    Logical {
        /// Which.
        op: LogicalOp,
        /// Always evaluated.
        left: ExprId,
        /// Evaluated where `left` does not decide.
        right: ExprId,
    },
    /// `a = b`, `a += b`
    Assign {
        /// Which.
        op: AssignOp,
        /// A name, member or index, or with `=` also an array or object.
        target: PatternId,
        /// The value.
        value: ExprId,
    },
    /// `test ? yes : no`
    Conditional {
        /// The condition.
        test: ExprId,
        /// Where it holds.
        yes: ExprId,
        /// Where not.
        no: ExprId,
    },
    /// `callee(args)`
    Call {
        /// What is called.
        callee: ExprId,
        /// With what.
        args: Vec<Element>,
        /// `callee?.(args)`
        optional: bool,
    },
    /// `new callee(args)`, for small local typed arrays.
    New {
        /// What is made.
        callee: ExprId,
        /// From what.
        args: Vec<Element>,
    },
    /// `object.property`
    Member {
        /// Of what.
        object: ExprId,
        /// The name behind the dot.
        property: Name,
        /// Where it stands.
        property_span: Span,
        /// `object?.property`
        optional: bool,
    },
    /// `object[index]`
    Index {
        /// Of what.
        object: ExprId,
        /// Which element.
        index: ExprId,
        /// `object?.[index]`
        optional: bool,
    },
    /// `a, b, c`: two or more.
    Sequence(Vec<ExprId>),
    /// Refused.
    Foreign(Foreign),
    /// No part of the tree any more: became a pattern, or was a counter of a coverage tool.
    Removed,
}

/// Expressions that a body cannot use.
#[derive(Clone, Debug)]
pub enum Foreign {
    /// `1n`
    BigInt,
    /// `/re/g`
    Regex,
    /// A template with or without a tag.
    Template(Template),
    /// `this`
    This,
    /// `super`
    Super,
    /// `new.target` or `import.meta`
    Meta,
    /// `import(source, options)`
    Import(Vec<ExprId>),
    /// `{ a: 1 }`
    Object(Vec<Property>),
    /// `class { … }`
    Class(ClassId),
    /// `await e`
    Await(ExprId),
    /// `yield e` or `yield* e`
    Yield(Option<ExprId>, bool),
    /// `object.#name`
    PrivateMember(ExprId, Name, bool),
    /// `#name` before `in`
    PrivateName(Name),
    /// All of a chain with `?.` in it.
    Chain(ExprId),
}

/// `` tag`a${b}c` ``
#[derive(Clone, Debug)]
pub struct Template {
    /// What stands before it.
    pub tag: Option<ExprId>,
    /// Of the template alone.
    pub span: Span,
    /// The texts between; one more than `values`.
    pub texts: Vec<Span>,
    /// What is inserted.
    pub values: Vec<ExprId>,
}

/// The name of a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyKey {
    /// `a`
    Name(Name, Span),
    /// `"a"`, `1` or `1n`: a literal.
    Literal(ExprId),
    /// `[e]`
    Computed(ExprId),
    /// `#a`
    Private(Name, Span),
}

/// A property of an object literal.
#[derive(Clone, Debug)]
pub struct Property {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: PropertyKind,
}

/// What a property of an object literal is.
#[derive(Clone, Debug)]
pub enum PropertyKind {
    /// `key: value`
    Value {
        /// The name.
        key: PropertyKey,
        /// The value. In `{ a }` a node of its own, with the span of the key.
        value: ExprId,
        /// `"init"`, `"get"` or `"set"`.
        kind: &'static str,
        /// `{ m() {} }`
        method: bool,
        /// `{ a }`
        shorthand: bool,
        /// `{ a = 1 }`, which is right only in patterns.
        default: Option<ExprId>,
    },
    /// `...e`
    Spread(ExprId),
}
