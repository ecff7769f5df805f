//! The syntax tree of one function: nodes in arenas, addressed by typed ids, each with its span.
//!
//! It holds all of ECMAScript that can stand inside a function. What a loop body may use has a variant of its
//! own; everything else is a `Foreign` node, which [`crate::syntax::parse`] has already refused.
//!
//! Arenas instead of boxes: dropping a tree and walking all of its nodes need no recursion, and its height is
//! bounded by [`MAX_HEIGHT`], so that passes which do recurse cannot run out of stack.

mod children;
mod expression;
mod function;
mod operator;
mod pattern;
mod statement;

pub use children::Node;
pub use expression::{Element, Expr, ExprKind, Foreign, Property, PropertyKey, PropertyKind, Template};
pub use function::{Body, Class, ClassMember, ClassMemberKind, Function, FunctionKind, Identifier};
pub use operator::{AssignOp, BinaryOp, LogicalOp, UnaryOp, UpdateOp};
pub use pattern::{Pattern, PatternKind, PatternProperty};
pub use statement::{
    Declaration, DeclarationKind, Declarator, ForHead, ForInit, ForeignStmt, Stmt, StmtKind, SwitchCase,
};

use crate::syntax::names::{Name, Names};
use std::ops::{Index, IndexMut};

/// The height of the highest tree: the number of nodes on the longest way from the root to a leaf.
pub const MAX_HEIGHT: u16 = 1000;

macro_rules! arena {
    ($(#[$doc:meta])* $id:ident, $node:ty, $field:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $id(pub(crate) u32);

        impl $id {
            /// The place in the arena, for tables beside the tree.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl Index<$id> for Tree {
            type Output = $node;
            fn index(&self, id: $id) -> &$node {
                &self.$field[id.index()]
            }
        }

        impl IndexMut<$id> for Tree {
            fn index_mut(&mut self, id: $id) -> &mut $node {
                &mut self.$field[id.index()]
            }
        }
    };
}

arena!(/** An expression. */ ExprId, Expr, exprs);
arena!(/** A statement. */ StmtId, Stmt, stmts);
arena!(/** A binding or an assignment target. */ PatternId, Pattern, patterns);
arena!(/** A function, the body itself or one inside of it. */ FunctionId, Function, functions);
arena!(/** A class. */ ClassId, Class, classes);

/// A function as it was written.
#[derive(Clone, Debug)]
pub struct Tree {
    /// All expressions, in no particular order. Some are [`ExprKind::Removed`].
    pub exprs: Vec<Expr>,
    /// All statements.
    pub stmts: Vec<Stmt>,
    /// All patterns.
    pub patterns: Vec<Pattern>,
    /// All functions; inner ones stand before those around them.
    pub functions: Vec<Function>,
    /// All classes.
    pub classes: Vec<Class>,
    /// The texts of all names.
    pub names: Names,
    /// The function that the source text is.
    pub root: FunctionId,
    /// Where the nodes of the key of the root end, `['a' + 1](i) { … }`: they are evaluated outside of the body.
    pub(crate) key_end: ArenaEnds,
}

/// The lengths of all arenas at one moment.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct ArenaEnds {
    pub(crate) exprs: usize,
    pub(crate) stmts: usize,
    pub(crate) patterns: usize,
    pub(crate) functions: usize,
    pub(crate) classes: usize,
}

impl Tree {
    /// The text of a name.
    #[must_use]
    pub fn name(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// The name that an expression is, if it is just a name.
    #[must_use]
    pub fn name_of(&self, id: ExprId) -> Option<Name> {
        match self[id].kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The text of the name that an expression is, if it is just a name.
    #[must_use]
    pub fn as_name(&self, id: ExprId) -> Option<&str> {
        match self[id].kind {
            ExprKind::Name(name) => Some(self.name(name)),
            _ => None,
        }
    }
}
