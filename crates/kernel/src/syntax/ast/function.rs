//! Functions and classes.

use super::{ExprId, FunctionId, PatternId, PropertyKey, StmtId};
use crate::syntax::{names::Name, span::Span};

/// A name and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identifier {
    /// Where.
    pub span: Span,
    /// The name, with escapes resolved.
    pub name: Name,
}

/// How a function is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// `(a) => …`
    Arrow,
    /// `function (a) { … }` as a value
    Expression,
    /// `function f(a) { … }` as a statement
    Declaration,
    /// `f(a) { … }` in an object or a class. The span of the function is that of `(a) { … }`; for the root it is all of the text.
    Method,
}

/// What a function computes.
#[derive(Clone, Debug)]
pub enum Body {
    /// `=> value`
    Expr(ExprId),
    /// `{ … }`
    Block {
        /// With the braces.
        span: Span,
        /// The statements, directives among them.
        stmts: Vec<StmtId>,
    },
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// All of it.
    pub span: Span,
    /// How it is written.
    pub kind: FunctionKind,
    /// Its own name. That of a method is in `key`.
    pub name: Option<Identifier>,
    /// The key of the method that the root is.
    pub key: Option<PropertyKey>,
    /// The parameters.
    pub params: Vec<PatternId>,
    /// What it computes.
    pub body: Body,
    /// `async`
    pub is_async: bool,
    /// `function*`
    pub is_generator: bool,
    /// Under a `'use strict'` of its own or around it, or in a class. A module's strictness is not in the text.
    pub strict: bool,
    /// What its `var` statements declare, wherever they stand in it (not in inner functions), in the order of the text, with
    /// repetitions. All of them exist, as `undefined`, from the start of the function.
    pub vars: Vec<Identifier>,
    /// The function declarations in it: those of its top level exist from its start, those of a block from the start of the
    /// block (see [`Function::is_top_level`]).
    pub declared: Vec<FunctionId>,
    /// A declaration at the top level of the function around it, not in a block.
    pub is_top_level: bool,
}

/// A class. Refused; its parts are there so that all of what is inside is refused too.
#[derive(Clone, Debug)]
pub struct Class {
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name: Option<Identifier>,
    /// After `extends`.
    pub parent: Option<ExprId>,
    /// With the braces.
    pub body_span: Span,
    /// What is in it.
    pub members: Vec<ClassMember>,
}

/// A member of a class.
#[derive(Clone, Debug)]
pub struct ClassMember {
    /// All of it.
    pub span: Span,
    /// `static`
    pub is_static: bool,
    /// What it is.
    pub kind: ClassMemberKind,
}

/// What a member of a class is.
#[derive(Clone, Debug)]
pub enum ClassMemberKind {
    /// A method, getter, setter or constructor.
    Method {
        /// Its name.
        key: PropertyKey,
        /// `"method"`, `"get"`, `"set"` or `"constructor"`.
        kind: &'static str,
        /// An [`super::ExprKind::Function`].
        value: ExprId,
    },
    /// `key = value;`
    Field {
        /// Its name.
        key: PropertyKey,
        /// Its first value.
        value: Option<ExprId>,
    },
    /// `static { … }`
    StaticBlock(Vec<StmtId>),
}
