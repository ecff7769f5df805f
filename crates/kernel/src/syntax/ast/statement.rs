//! Statements.

use super::{ClassId, ExprId, FunctionId, Identifier, PatternId, StmtId};
use crate::syntax::span::Span;

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// With its semicolon, if one is written.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

/// `var`, `let` or `const`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeclarationKind {
    /// Of the function.
    Var,
    /// Of the block.
    Let,
    /// Of the block, never assigned again.
    Const,
}

/// `let a = 1, b`
#[derive(Clone, Debug)]
pub struct Declaration {
    /// With the semicolon, except in the head of a loop.
    pub span: Span,
    /// Which kind.
    pub kind: DeclarationKind,
    /// At least one.
    pub declarators: Vec<Declarator>,
}

/// `a = 1` in a declaration.
#[derive(Clone, Debug)]
pub struct Declarator {
    /// The target and the value.
    pub span: Span,
    /// What is declared.
    pub target: PatternId,
    /// Its first value.
    pub init: Option<ExprId>,
}

/// The first part of `for (…; …; …)`.
#[derive(Clone, Debug)]
pub enum ForInit {
    /// `for (let i = 0; …)`. Each turn has `let` variables of its own.
    Declare(Declaration),
    /// `for (i = 0; …)`
    Expr(ExprId),
}

/// What a `for … in` or `for … of` assigns in each turn.
#[derive(Clone, Debug)]
pub enum ForHead {
    /// `const x`: one declarator.
    Declare(Declaration),
    /// An assignment target.
    Pattern(PatternId),
}

/// `case test:` or `default:` with the statements up to the next.
#[derive(Clone, Debug)]
pub struct SwitchCase {
    /// With the statements.
    pub span: Span,
    /// `None` is `default`.
    pub test: Option<ExprId>,
    /// The statements.
    pub stmts: Vec<StmtId>,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `;`
    Empty,
    /// `e;`
    Expr(ExprId),
    /// `'use strict';` at the head of a function.
    Directive(ExprId),
    /// `let a = 1;`
    Declare(Declaration),
    /// `function f() { … }`
    Function(FunctionId),
    /// `{ … }`
    Block(Vec<StmtId>),
    /// `if (test) yes else no`
    If {
        /// The condition.
        test: ExprId,
        /// Where it holds.
        yes: StmtId,
        /// Where not.
        no: Option<StmtId>,
    },
    /// `for (init; test; update) body`
    For {
        /// Before the first turn.
        init: Option<ForInit>,
        /// Before each turn; `None` is true.
        test: Option<ExprId>,
        /// After each turn.
        update: Option<ExprId>,
        /// Each turn.
        body: StmtId,
    },
    /// `for (head of iterable) body`
    ForOf {
        /// What is assigned.
        head: ForHead,
        /// What is walked along.
        iterable: ExprId,
        /// Each turn.
        body: StmtId,
        /// `for await`, which is refused.
        is_await: bool,
    },
    /// `while (test) body`
    While {
        /// Before each turn.
        test: ExprId,
        /// Each turn.
        body: StmtId,
    },
    /// `do body while (test);`
    DoWhile {
        /// Each turn.
        body: StmtId,
        /// After each turn.
        test: ExprId,
    },
    /// `break;` or `break label;`
    Break(Option<Identifier>),
    /// `continue;` or `continue label;`
    Continue(Option<Identifier>),
    /// `return;` or `return e;`
    Return(Option<ExprId>),
    /// `label: body`
    Labeled {
        /// The label.
        label: Identifier,
        /// What it names.
        body: StmtId,
    },
    /// `switch (subject) { … }`
    Switch {
        /// What is compared by `===`.
        subject: ExprId,
        /// In the order of the text.
        cases: Vec<SwitchCase>,
    },
    /// Refused.
    Foreign(ForeignStmt),
}

/// Statements that a body cannot use.
#[derive(Clone, Debug)]
pub enum ForeignStmt {
    /// `for (head in object) body`
    ForIn {
        /// What is assigned.
        head: ForHead,
        /// Whose keys.
        object: ExprId,
        /// Each turn.
        body: StmtId,
    },
    /// `throw e;`
    Throw(ExprId),
    /// `try { … } catch (e) { … } finally { … }`; all parts are blocks.
    Try {
        /// What is tried.
        block: StmtId,
        /// The parameter and block of `catch`, and the span of both.
        handler: Option<(Span, Option<PatternId>, StmtId)>,
        /// After `finally`.
        finalizer: Option<StmtId>,
    },
    /// `with (object) body`
    With {
        /// Whose properties become names.
        object: ExprId,
        /// What sees them.
        body: StmtId,
    },
    /// `debugger;`
    Debugger,
    /// `class C { … }`
    Class(ClassId),
}
