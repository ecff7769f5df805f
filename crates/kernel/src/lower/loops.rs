//! Loops.
//!
//! ```text
//! for (init; test; update) body          init
//!                                        block @break {
//!                                          loop @next params {
//!                                            if test { yield } else { br @break }
//!                                            block @continue { body }
//!                                            update
//!                                            br @next params
//!                                          }
//!                                        }
//! ```

use super::Lower;
use super::join::Flow;
use super::scope::{ScopeId, VarId};
use super::value::{Item, Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{Binary, Const, End, Op, Stmt as IrStmt, Value};
use crate::syntax::ast::{
    Declaration, DeclarationKind, ExprId, ExprKind, ForHead, ForInit, Identifier, Node, StmtId, StmtKind,
    Tree,
};
use crate::syntax::names::Name;
use crate::syntax::span::Span;

/// What `break` and `continue` can mean.
pub(super) struct Jump {
    pub(super) names: Vec<Name>,
    /// Whether they mean it without a label.
    pub(super) is_anonymous: bool,
    pub(super) break_to: usize,
    pub(super) continue_to: Option<usize>,
    /// How many functions are being inlined here: a jump does not leave its function.
    pub(super) frame: usize,
}

/// The parts of a loop.
struct Parts<'p> {
    test: Test,
    update: Update<'p>,
    body: StmtId,
    /// The scope of its head.
    span: Span,
}

enum Test {
    None,
    Before(ExprId),
    After(ExprId),
    /// Another element: variable of the counter, and the length.
    Counter(VarId, Value),
}

enum Update<'p> {
    None,
    Expr(ExprId),
    /// The next element.
    Counter(VarId, &'p ForHead, Static, Of),
}

/// What a `for … of` has of each element.
#[derive(Clone, Copy)]
enum Of {
    Values,
    Keys,
    Entries,
}

impl Lower<'_> {
    pub(super) fn loop_statement(&mut self, id: StmtId, labels: &[Identifier]) {
        let tree = self.tree();
        let stmt = &tree[id];
        let span = stmt.span;
        let outer = self.scope;
        self.scope = self.open_scope(outer);
        match &stmt.kind {
            StmtKind::For { init, test, update, body } => {
                match init {
                    Some(ForInit::Declare(declaration)) => {
                        if declaration.kind != DeclarationKind::Var {
                            for declarator in &declaration.declarators {
                                self.hoist_pattern(
                                    declarator.target,
                                    declaration.kind == DeclarationKind::Const,
                                );
                            }
                        }
                        self.declaration(declaration);
                        self.check_head(declaration);
                    }
                    Some(ForInit::Expr(init)) => self.effect(*init),
                    None => {}
                }
                let test = test.map_or(Test::None, Test::Before);
                let update = update.map_or(Update::None, Update::Expr);
                self.run_loop(&Parts { test, update, body: *body, span }, labels);
            }
            StmtKind::While { test, body } => {
                let parts = Parts { test: Test::Before(*test), update: Update::None, body: *body, span };
                self.run_loop(&parts, labels);
            }
            StmtKind::DoWhile { body, test } => {
                let parts = Parts { test: Test::After(*test), update: Update::None, body: *body, span };
                self.run_loop(&parts, labels);
            }
            StmtKind::ForOf { head, iterable, body, .. } => {
                let iterable_span = tree[*iterable].span;
                let (value, of) = self.iterated(*iterable);
                let value = self.there(&value);
                let Js::Static(array) = value else {
                    if value != Js::Error {
                        self.refuse_kind(Refusal::NotIterable, iterable_span);
                    }
                    self.scope = outer;
                    return;
                };
                let Some(array) = &self.walkable(array, iterable_span) else {
                    self.scope = outer;
                    return;
                };
                if let Static::Stack { .. } = array {
                    let what = "an array that grows is walked along";
                    let remedy = "count: `for (let k = 0; k < a.length; k++)`";
                    let diagnostic = Diagnostic::new(Refusal::NotIterable, iterable_span);
                    self.refuse(diagnostic.saying(what).advising(remedy));
                    self.scope = outer;
                    return;
                }
                let Some(length) = self.length(array) else {
                    self.refuse_kind(Refusal::NotIterable, iterable_span);
                    self.scope = outer;
                    return;
                };
                let zero = self.builder.f64(0.0);
                let counter = self.temporary(Js::Number(zero));
                let parts = Parts {
                    test: Test::Counter(counter, length),
                    update: Update::Counter(counter, head, array.clone(), of),
                    body: *body,
                    span,
                };
                self.run_loop(&parts, labels);
            }
            _ => unreachable!("not a loop"),
        }
        self.scope = outer;
    }

    /// What is walked along: of `a.entries()` it is `a`, and of each element its index as well.
    fn iterated(&mut self, iterable: ExprId) -> (Js, Of) {
        let tree = self.tree();
        if let ExprKind::Call { callee, args, optional: false } = &tree[iterable].kind
            && let ExprKind::Member { object, property, optional: false, .. } = &tree[*callee].kind
            && args.is_empty()
            && (is_path(&tree, *object) || matches!(tree[*object].kind, ExprKind::Array(_)))
        {
            let of = match tree.name(*property) {
                "values" => Some(Of::Values),
                "keys" => Some(Of::Keys),
                "entries" => Some(Of::Entries),
                _ => None,
            };
            if let Some(of) = of {
                let value = self.expression(*object);
                if value.describe() == "an array" {
                    return (value, of);
                }
                // A function in `data` that is called so. Nothing was done by looking.
            }
        }
        (self.expression(iterable), Of::Values)
    }

    /// A function in `for (let …)` captures the variables that the head makes; each turn has others, which begin as copies.
    fn check_head(&mut self, declaration: &Declaration) {
        let tree = self.tree();
        let names: Vec<Name> = self.scopes[self.scope.0].names.keys().copied().collect();
        let changes = |name: &Name| self.units[self.unit.0].assigned.contains(name);
        if declaration.kind != DeclarationKind::Let || !names.iter().any(changes) {
            return;
        }
        let mut open = Vec::new();
        for declarator in &declaration.declarators {
            open.push(Node::Pattern(declarator.target));
            open.extend(declarator.init.map(Node::Expr));
        }
        while let Some(node) = open.pop() {
            match node {
                Node::Function(function) => {
                    self.refuse_kind(Refusal::HeadFunction, tree[function].span);
                }
                _ => tree.for_each_child(node, &mut |child| open.push(child)),
            }
        }
    }

    fn run_loop(&mut self, parts: &Parts<'_>, labels: &[Identifier]) {
        let number = self.loops;
        self.loops += 1;
        let before = self.env.clone();
        let break_to = self.open_target();
        let block = self.builder.open();
        let changed: Vec<VarId> =
            (0..self.variables.len()).filter(|id| self.variables[*id].is_reassigned).map(VarId).collect();
        let mut initial = Vec::new();
        let locals = self.builder.locals();
        let (kinds, params) = self.open_params(number, &changed, &mut initial);
        let at_start = self.env.clone();
        let label = self.builder.label();
        let turn = self.builder.open();

        match parts.test {
            Test::Before(test) => {
                let condition = self.condition(test);
                if !self.is_always_true(condition) {
                    self.branch_unless(condition, break_to);
                }
            }
            Test::Counter(counter, length) => {
                let index = self.variable_number(counter, parts.span);
                let condition = self.builder.binary(Binary::Lt, index, length);
                self.branch_unless(condition, break_to);
            }
            Test::None | Test::After(_) => {}
        }
        let element = match &parts.update {
            Update::Counter(counter, head, array, of) => Some((*counter, *head, array, *of)),
            _ => None,
        };
        self.turn(parts.body, labels, break_to, element, parts.span);
        if self.flow == Flow::Alive {
            match &parts.update {
                Update::Expr(update) => self.effect(*update),
                Update::Counter(counter, ..) => {
                    let index = self.variable_number(*counter, parts.span);
                    let one = self.builder.f64(1.0);
                    let next = self.builder.binary(Binary::Add, index, one);
                    self.env[*counter] = Js::Number(next);
                }
                Update::None => {}
            }
            if let Test::After(test) = parts.test {
                let condition = self.condition(test);
                if !self.is_always_true(condition) {
                    self.branch_unless(condition, break_to);
                }
            }
        }
        let end = self.arrive(turn, Js::Undefined);
        let body = self.builder.last_closed();
        self.close_params(number, &kinds, &at_start, locals, end.into_iter().collect(), label);
        let block = self.builder.close(block, End::Loop { label, params, initial, body });
        self.close_block(&before, block, None);
    }

    /// One turn, up to where `continue` leads.
    fn turn(
        &mut self,
        body: StmtId,
        labels: &[Identifier],
        break_to: usize,
        element: Option<(VarId, &ForHead, &Static, Of)>,
        span: Span,
    ) {
        let before = self.env.clone();
        let continue_to = self.open_target();
        let names = labels.iter().map(|label| label.name).collect();
        let frame = self.frames.len();
        self.jumps.push(Jump { names, is_anonymous: true, break_to, continue_to: Some(continue_to), frame });
        let open = self.builder.open();
        let outer: ScopeId = self.scope;
        self.scope = self.open_scope(outer);
        if let Some((counter, head, array, of)) = element {
            let index = Js::Number(self.variable_number(counter, span));
            let value = match of {
                Of::Values => self.element(array, index, span),
                Of::Keys => index,
                Of::Entries => {
                    let value = self.element(array, index.clone(), span);
                    self.tuple(vec![index, value], span)
                }
            };
            match head {
                ForHead::Declare(declaration) => {
                    for declarator in &declaration.declarators {
                        if declaration.kind != DeclarationKind::Var {
                            self.hoist_pattern(declarator.target, declaration.kind == DeclarationKind::Const);
                        }
                        self.bind(declarator.target, value.clone(), Some(declaration.kind));
                    }
                }
                ForHead::Pattern(pattern) => self.bind(*pattern, value, None),
            }
        }
        self.statement(body);
        self.scope = outer;
        self.jumps.pop();
        let end = self.arrive(open, Js::Undefined);
        let body = self.builder.last_closed();
        self.close_block(&before, body, end);
    }

    /// `while (true)`, `while (1)`: no path leaves there.
    fn is_always_true(&self, condition: Value) -> bool {
        self.builder.constant(condition) == Some(Const::Bool(true))
    }

    /// A variable that no name means.
    pub(super) fn temporary(&mut self, value: Js) -> VarId {
        self.variables.push(super::Variable { is_const: false, is_reassigned: true });
        self.env.push(value);
        VarId(self.variables.len() - 1)
    }

    fn variable_number(&mut self, variable: VarId, span: Span) -> Value {
        let value = self.env[variable].clone();
        self.number(&value, span)
    }

    /// The number of elements of an array, as an `F64`.
    pub(super) fn length(&mut self, array: &Static) -> Option<Value> {
        self.is_closed = false;
        match array {
            Static::Array { array, .. } => Some(self.builder.op(Op::Length(*array))),
            Static::Local(local) => {
                let len = self.builder.local_array(*local).len;
                Some(self.builder.f64(f64::from(len)))
            }
            Static::OneOf(one) => {
                let len = self.builder.local_array(one.locals[0]).len;
                Some(self.builder.f64(f64::from(len)))
            }
            Static::Stack { length, .. } => Some(self.variable_number(*length, Span::new(0, 0))),
            Static::Tuple(tuple) => Some(self.builder.f64(tuple.items.len() as f64)),
            Static::Table { dimensions, .. }
            | Static::Grid { dimensions, .. }
            | Static::Item(Item { dimensions, .. }) => {
                Some(self.builder.f64(f64::from(*dimensions.first()?)))
            }
            _ => None,
        }
    }

    /// Evaluates the second operand of a logical operator only for what it does.
    pub(super) fn push_if(
        &mut self,
        condition: Value,
        results: Vec<Value>,
        then: crate::ir::RegionId,
        otherwise: crate::ir::RegionId,
    ) {
        self.builder.push(IrStmt::If { condition, results, then, otherwise });
    }
}

/// Whether an expression is no more than names, properties and elements, and does nothing when it is evaluated.
fn is_path(tree: &Tree, id: ExprId) -> bool {
    match &tree[id].kind {
        ExprKind::Name(_) => true,
        ExprKind::Member { object, optional: false, .. } => is_path(tree, *object),
        ExprKind::Index { object, index, optional: false } => {
            is_path(tree, *object) && matches!(tree[*index].kind, ExprKind::Name(_) | ExprKind::Number(_))
        }
        _ => false,
    }
}
