//! Statements other than loops.

use super::Lower;
use super::join::Flow;
use super::loops::Jump;
use super::value::Js;
use crate::diagnostic::Kind as Refusal;
use crate::ir::Stmt as IrStmt;
use crate::syntax::ast::{
    Declaration, DeclarationKind, ExprId, ExprKind, ForeignStmt, Identifier, StmtId, StmtKind,
};

impl Lower<'_> {
    /// Statements of one scope, which is open already.
    pub(super) fn statements(&mut self, stmts: &[StmtId]) {
        self.hoist(stmts);
        for stmt in stmts {
            if self.flow != Flow::Alive {
                break;
            }
            self.statement(*stmt);
        }
    }

    /// A statement that may stand where no declaration can: the branch of an `if`, the body of a loop.
    pub(super) fn statement(&mut self, id: StmtId) {
        self.labeled(id, &mut Vec::new());
    }

    fn labeled(&mut self, id: StmtId, labels: &mut Vec<Identifier>) {
        let tree = self.tree();
        let stmt = &tree[id];
        if self.is_over(stmt.span) || !self.descend(stmt.span) {
            return;
        }
        self.labeled_here(id, labels);
        self.depth -= 1;
    }

    fn labeled_here(&mut self, id: StmtId, labels: &mut Vec<Identifier>) {
        let tree = self.tree();
        let stmt = &tree[id];
        self.at(stmt.span);
        match &stmt.kind {
            StmtKind::Empty | StmtKind::Directive(_) | StmtKind::Function(_) => {}
            StmtKind::Expr(expr) => self.effect(*expr),
            StmtKind::Declare(declaration) => self.declaration(declaration),
            StmtKind::Block(stmts) if labels.is_empty() => self.block_scope(stmts),
            StmtKind::If { test, yes, no } if labels.is_empty() => self.if_statement(*test, *yes, *no),
            StmtKind::For { .. }
            | StmtKind::While { .. }
            | StmtKind::DoWhile { .. }
            | StmtKind::ForOf { .. } => {
                self.loop_statement(id, labels);
            }
            StmtKind::Switch { subject, cases } => self.switch(*subject, cases, labels),
            StmtKind::Labeled { label, body } => {
                labels.push(*label);
                self.labeled(*body, labels);
            }
            StmtKind::Break(label) => self.jump(*label, true),
            StmtKind::Continue(label) => self.jump(*label, false),
            StmtKind::Return(value) => {
                let value = value.map_or(Js::Undefined, |id| {
                    let value = self.expression(id);
                    self.check_value(id, value)
                });
                let value = self.detach(value);
                let target = self.frames.last().expect("inside a function").returns;
                self.branch(target, value);
            }
            StmtKind::Block(_) | StmtKind::If { .. } => self.labeled_block(id, labels),
            // Refused by the syntax. What follows must not be refused because of that: a path that throws needs no value, and what is
            // tried may have one.
            StmtKind::Foreign(ForeignStmt::Throw(_)) => {
                let target = self.frames.last().expect("inside a function").returns;
                self.branch(target, Js::Error);
            }
            StmtKind::Foreign(ForeignStmt::Try { block, finalizer, .. }) => {
                self.statement(*block);
                if let (Some(finalizer), Flow::Alive) = (finalizer, self.flow) {
                    self.statement(*finalizer);
                }
            }
            StmtKind::Foreign(_) => {}
        }
    }

    fn block_scope(&mut self, stmts: &[StmtId]) {
        let outer = self.scope;
        self.scope = self.open_scope(outer);
        self.statements(stmts);
        self.scope = outer;
    }

    /// A block or an if that `break` with a label can leave.
    fn labeled_block(&mut self, id: StmtId, labels: &[Identifier]) {
        let before = self.env.clone();
        let target = self.open_target();
        let names = labels.iter().map(|label| label.name).collect();
        self.jumps.push(Jump {
            names,
            is_anonymous: false,
            break_to: target,
            continue_to: None,
            frame: self.frames.len(),
        });
        let open = self.builder.open();
        self.statement(id);
        self.jumps.pop();
        let end = self.arrive(open, Js::Undefined);
        let body = self.builder.last_closed();
        self.close_block(&before, body, end);
    }

    fn if_statement(&mut self, test: ExprId, yes: StmtId, no: Option<StmtId>) {
        let condition = self.condition(test);
        let before = self.env.clone();
        let open = self.builder.open();
        self.statement(yes);
        let yes = self.arrive(open, Js::Undefined);
        let then = self.builder.last_closed();
        self.env.clone_from(&before);
        self.env.pad(self.variables.len());
        let open = self.builder.open();
        if let Some(no) = no {
            self.statement(no);
        }
        let no = self.arrive(open, Js::Undefined);
        let otherwise = self.builder.last_closed();
        let (results, _) = self.join(&before, yes.into_iter().chain(no).collect(), None);
        self.builder.push(IrStmt::If { condition, results, then, otherwise });
    }

    fn jump(&mut self, label: Option<Identifier>, is_break: bool) {
        let frame = self.frames.len();
        let found = self.jumps.iter().rev().filter(|jump| jump.frame == frame).find(|jump| {
            let is_meant = match label {
                Some(label) => jump.names.contains(&label.name),
                None => jump.is_anonymous,
            };
            is_meant && (is_break || jump.continue_to.is_some())
        });
        let target = found
            .map(|jump| if is_break { jump.break_to } else { jump.continue_to.unwrap_or(jump.break_to) });
        // What has no target is no JavaScript.
        if let Some(target) = target {
            self.branch(target, Js::Undefined);
        }
    }

    pub(super) fn declaration(&mut self, declaration: &Declaration) {
        for declarator in &declaration.declarators {
            match declarator.init {
                Some(init) => {
                    let value = self.expression(init);
                    self.bind(declarator.target, value, Some(declaration.kind));
                }
                None if declaration.kind == DeclarationKind::Let => {
                    self.bind(declarator.target, Js::Undefined, Some(declaration.kind));
                }
                None => {}
            }
        }
    }

    /// Evaluates an expression for what it does.
    pub(super) fn effect(&mut self, id: ExprId) {
        let tree = self.tree();
        let expr = &tree[id];
        match &expr.kind {
            // As minifiers write statements: the values of the two sides need not be of one kind.
            ExprKind::Logical { op, left, right } => self.logical_effect(*op, *left, *right),
            ExprKind::Conditional { test, yes, no } => {
                let condition = self.condition(*test);
                let before = self.env.clone();
                let open = self.builder.open();
                self.effect(*yes);
                let yes = self.arrive(open, Js::Undefined);
                let then = self.builder.last_closed();
                self.env.clone_from(&before);
                self.env.pad(self.variables.len());
                let open = self.builder.open();
                self.effect(*no);
                let no = self.arrive(open, Js::Undefined);
                let otherwise = self.builder.last_closed();
                let (results, _) = self.join(&before, yes.into_iter().chain(no).collect(), None);
                self.builder.push(IrStmt::If { condition, results, then, otherwise });
            }
            ExprKind::Sequence(items) => items.iter().for_each(|item| self.effect(*item)),
            ExprKind::Unary {
                op: crate::syntax::ast::UnaryOp::Not | crate::syntax::ast::UnaryOp::Void,
                operand,
            } => {
                self.effect(*operand);
            }
            _ => {
                self.expression(id);
            }
        }
    }

    pub(super) fn refuse_const(&mut self, span: crate::syntax::span::Span) {
        self.refuse_kind(Refusal::ConstAssigned, span);
    }
}
