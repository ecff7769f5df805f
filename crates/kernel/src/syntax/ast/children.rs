//! The children of every node, in the order of the text, for passes that treat most nodes alike.

use super::*;

/// A node of any kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// An expression.
    Expr(ExprId),
    /// A statement.
    Stmt(StmtId),
    /// A pattern.
    Pattern(PatternId),
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
}

impl Tree {
    /// Calls `visit` with each child of a node.
    pub fn for_each_child(&self, node: Node, visit: &mut dyn FnMut(Node)) {
        match node {
            Node::Expr(id) => self[id].kind.for_each_child(visit),
            Node::Stmt(id) => self[id].kind.for_each_child(visit),
            Node::Pattern(id) => self[id].kind.for_each_child(visit),
            Node::Function(id) => self[id].for_each_child(visit),
            Node::Class(id) => self[id].for_each_child(visit),
        }
    }
}

fn elements(elements: &[Element], visit: &mut dyn FnMut(Node)) {
    for element in elements {
        let (Element::Expr(id) | Element::Spread(_, id)) = element;
        visit(Node::Expr(*id));
    }
}

impl PropertyKey {
    fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        if let Self::Literal(id) | Self::Computed(id) = self {
            visit(Node::Expr(*id));
        }
    }
}

impl ExprKind {
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        let mut exprs = |ids: &[ExprId]| ids.iter().for_each(|id| visit(Node::Expr(*id)));
        match self {
            Self::Number(_)
            | Self::Bool(_)
            | Self::Null
            | Self::String(_)
            | Self::Name(_)
            | Self::Removed => {}
            Self::Array(list) => list.iter().flatten().for_each(|e| elements(&[*e], visit)),
            Self::Function(id) => visit(Node::Function(*id)),
            Self::Unary { operand, .. } => exprs(&[*operand]),
            Self::Update { target, .. } => exprs(&[*target]),
            Self::Binary { left, right, .. } | Self::Logical { left, right, .. } => exprs(&[*left, *right]),
            Self::Assign { target, value, .. } => {
                visit(Node::Pattern(*target));
                visit(Node::Expr(*value));
            }
            Self::Conditional { test, yes, no } => exprs(&[*test, *yes, *no]),
            Self::Call { callee, args, .. } | Self::New { callee, args } => {
                exprs(&[*callee]);
                elements(args, visit);
            }
            Self::Member { object, .. } => exprs(&[*object]),
            Self::Index { object, index, .. } => exprs(&[*object, *index]),
            Self::Sequence(ids) => exprs(ids),
            Self::Foreign(foreign) => foreign.for_each_child(visit),
        }
    }
}

impl Foreign {
    fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        match self {
            Self::BigInt | Self::Regex | Self::This | Self::Super | Self::Meta | Self::PrivateName(_) => {}
            Self::Template(template) => {
                template.tag.iter().chain(&template.values).for_each(|id| visit(Node::Expr(*id)));
            }
            Self::Import(ids) => ids.iter().for_each(|id| visit(Node::Expr(*id))),
            Self::Object(properties) => {
                for property in properties {
                    match &property.kind {
                        PropertyKind::Value { key, value, default, .. } => {
                            key.for_each_child(visit);
                            visit(Node::Expr(*value));
                            default.iter().for_each(|id| visit(Node::Expr(*id)));
                        }
                        PropertyKind::Spread(id) => visit(Node::Expr(*id)),
                    }
                }
            }
            Self::Class(id) => visit(Node::Class(*id)),
            Self::Yield(value, _) => value.iter().for_each(|id| visit(Node::Expr(*id))),
            Self::Await(id) | Self::PrivateMember(id, _, _) | Self::Chain(id) => visit(Node::Expr(*id)),
        }
    }
}

impl PatternKind {
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        match self {
            Self::Name(_) => {}
            Self::Expr(id) => visit(Node::Expr(*id)),
            Self::Array(items) => items.iter().flatten().for_each(|id| visit(Node::Pattern(*id))),
            Self::Object { properties, rest } => {
                for property in properties {
                    property.key.for_each_child(visit);
                    visit(Node::Pattern(property.value));
                }
                rest.iter().for_each(|id| visit(Node::Pattern(*id)));
            }
            Self::Default { target, value } => {
                visit(Node::Pattern(*target));
                visit(Node::Expr(*value));
            }
            Self::Rest(id) => visit(Node::Pattern(*id)),
        }
    }
}

impl Declaration {
    fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        for declarator in &self.declarators {
            visit(Node::Pattern(declarator.target));
            declarator.init.iter().for_each(|id| visit(Node::Expr(*id)));
        }
    }
}

impl ForHead {
    fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        match self {
            Self::Declare(declaration) => declaration.for_each_child(visit),
            Self::Pattern(id) => visit(Node::Pattern(*id)),
        }
    }
}

impl StmtKind {
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        match self {
            Self::Empty | Self::Break(_) | Self::Continue(_) | Self::Return(None) => {}
            Self::Expr(id) | Self::Directive(id) | Self::Return(Some(id)) => visit(Node::Expr(*id)),
            Self::Declare(declaration) => declaration.for_each_child(visit),
            Self::Function(id) => visit(Node::Function(*id)),
            Self::Block(ids) => ids.iter().for_each(|id| visit(Node::Stmt(*id))),
            Self::If { test, yes, no } => {
                visit(Node::Expr(*test));
                visit(Node::Stmt(*yes));
                no.iter().for_each(|id| visit(Node::Stmt(*id)));
            }
            Self::For { init, test, update, body } => {
                match init {
                    Some(ForInit::Declare(declaration)) => declaration.for_each_child(visit),
                    Some(ForInit::Expr(id)) => visit(Node::Expr(*id)),
                    None => {}
                }
                test.iter().chain(update).for_each(|id| visit(Node::Expr(*id)));
                visit(Node::Stmt(*body));
            }
            Self::ForOf { head, iterable: walked, body, .. }
            | Self::Foreign(ForeignStmt::ForIn { head, object: walked, body }) => {
                head.for_each_child(visit);
                visit(Node::Expr(*walked));
                visit(Node::Stmt(*body));
            }
            Self::While { test, body } | Self::Foreign(ForeignStmt::With { object: test, body }) => {
                visit(Node::Expr(*test));
                visit(Node::Stmt(*body));
            }
            Self::DoWhile { body, test } => {
                visit(Node::Stmt(*body));
                visit(Node::Expr(*test));
            }
            Self::Labeled { body, .. } => visit(Node::Stmt(*body)),
            Self::Switch { subject, cases } => {
                visit(Node::Expr(*subject));
                for case in cases {
                    case.test.iter().for_each(|id| visit(Node::Expr(*id)));
                    case.stmts.iter().for_each(|id| visit(Node::Stmt(*id)));
                }
            }
            Self::Foreign(ForeignStmt::Throw(id)) => visit(Node::Expr(*id)),
            Self::Foreign(ForeignStmt::Try { block, handler, finalizer }) => {
                visit(Node::Stmt(*block));
                if let Some((_, parameter, block)) = handler {
                    parameter.iter().for_each(|id| visit(Node::Pattern(*id)));
                    visit(Node::Stmt(*block));
                }
                finalizer.iter().for_each(|id| visit(Node::Stmt(*id)));
            }
            Self::Foreign(ForeignStmt::Debugger) => {}
            Self::Foreign(ForeignStmt::Class(id)) => visit(Node::Class(*id)),
        }
    }
}

impl Function {
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        self.key.iter().for_each(|key| key.for_each_child(visit));
        self.params.iter().for_each(|id| visit(Node::Pattern(*id)));
        match &self.body {
            Body::Expr(id) => visit(Node::Expr(*id)),
            Body::Block { stmts, .. } => stmts.iter().for_each(|id| visit(Node::Stmt(*id))),
        }
    }
}

impl Class {
    pub(crate) fn for_each_child(&self, visit: &mut dyn FnMut(Node)) {
        self.parent.iter().for_each(|id| visit(Node::Expr(*id)));
        for member in &self.members {
            match &member.kind {
                ClassMemberKind::Method { key, value, .. } => {
                    key.for_each_child(visit);
                    visit(Node::Expr(*value));
                }
                ClassMemberKind::Field { key, value } => {
                    key.for_each_child(visit);
                    value.iter().for_each(|id| visit(Node::Expr(*id)));
                }
                ClassMemberKind::StaticBlock(stmts) => stmts.iter().for_each(|id| visit(Node::Stmt(*id))),
            }
        }
    }
}
