//! `switch`. Where no case goes on into the next one, each is run where its test is found to match, and the default behind all of them:
//!
//! ```text
//! switch (x) { case a: case b: A; break; default: B; break; case c: C }
//!
//!   block @break {
//!     if x === a || x === b { A; br @break }
//!     if x === c { C; br @break }
//!     B
//!   }
//! ```
//!
//! Otherwise the number of the case that is taken comes first, then each case that is at or behind it:
//!
//! ```text
//! switch (x) { case a: A; break; default: B; case c: C }
//!
//!   n = x === a ? 0 : x === c ? 2 : 1       tests run in order, up to the one that matches
//!   block @break {
//!     if n <= 0 { A; br @break }
//!     if n <= 1 { B }
//!     if n <= 2 { C }
//!   }
//! ```

use super::Lower;
use super::join::Flow;
use super::loops::Jump;
use super::value::Js;
use crate::ir::{Binary, End, Type, Value};
use crate::syntax::ast::{ExprId, ForeignStmt, Identifier, StmtId, StmtKind, SwitchCase, Tree};
use crate::syntax::span::Span;

/// Cases that share their statements.
struct Group<'c> {
    tests: Vec<ExprId>,
    is_default: bool,
    stmts: &'c [StmtId],
}

/// The groups of cases, if none goes on into the next one and what the default shares is run for it alone.
fn groups<'c>(tree: &Tree, cases: &'c [SwitchCase]) -> Option<Vec<Group<'c>>> {
    let mut groups = Vec::new();
    let mut group = Group { tests: Vec::new(), is_default: false, stmts: &[] };
    for (number, case) in cases.iter().enumerate() {
        match case.test {
            Some(test) => group.tests.push(test),
            None => group.is_default = true,
        }
        let is_last = number + 1 == cases.len();
        if case.stmts.is_empty() && !is_last {
            continue;
        }
        let is_alone = !group.is_default || group.tests.is_empty();
        if !is_alone || !(is_last || leaves(tree, &case.stmts)) {
            return None;
        }
        group.stmts = &case.stmts;
        groups.push(group);
        group = Group { tests: Vec::new(), is_default: false, stmts: &[] };
    }
    Some(groups)
}

/// Whether no path comes to the end of some statements, as their text shows.
fn leaves(tree: &Tree, stmts: &[StmtId]) -> bool {
    let Some(last) = stmts.last() else { return false };
    match &tree[*last].kind {
        StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Return(_)
        | StmtKind::Foreign(ForeignStmt::Throw(_)) => true,
        StmtKind::Block(stmts) => leaves(tree, stmts),
        StmtKind::If { yes, no: Some(no), .. } => leaves(tree, &[*yes]) && leaves(tree, &[*no]),
        _ => false,
    }
}

impl Lower<'_> {
    pub(super) fn switch(&mut self, subject: ExprId, cases: &[SwitchCase], labels: &[Identifier]) {
        let tree = self.tree();
        let span = tree[subject].span;
        let value = self.expression(subject);
        let outer = self.scope;
        self.scope = self.open_scope(outer);
        // All cases share one scope.
        let all: Vec<StmtId> = cases.iter().flat_map(|case| case.stmts.iter().copied()).collect();
        self.hoist(&all);

        let groups = groups(&tree, cases);
        // Tests run before all cases, unless each case is run where it is found.
        let taken = if groups.is_none() { Some(self.first_match(&value, span, cases)) } else { None };
        let before = self.env.clone();
        let break_to = self.open_target();
        let names = labels.iter().map(|label| label.name).collect();
        let frame = self.frames.len();
        self.jumps.push(Jump { names, is_anonymous: true, break_to, continue_to: None, frame });
        let open = self.builder.open();
        match (groups, taken) {
            (Some(groups), _) => self.each_where_found(&value, span, &groups, break_to),
            (None, Some(taken)) => self.at_or_behind(taken, cases),
            (None, None) => unreachable!("one of both"),
        }
        self.jumps.pop();
        let end = self.arrive(open, Js::Undefined);
        let body = self.builder.last_closed();
        self.close_block(&before, body, end);
        self.scope = outer;
    }

    /// Runs each group of cases where one of its tests matches.
    fn each_where_found(&mut self, value: &Js, span: Span, groups: &[Group<'_>], break_to: usize) {
        for group in groups.iter().filter(|group| !group.is_default) {
            let Some((first, others)) = group.tests.split_first() else { continue };
            let mut condition = self.matches(value, span, *first);
            for test in others {
                let known = Js::Boolean(condition);
                let any =
                    self.either(condition, |_| known, |lower| Js::Boolean(lower.matches(value, span, *test)));
                condition = self.truth(&any, span);
            }
            self.run_if(condition, |lower| {
                lower.run_case(group.stmts);
                // The last one may come to its end.
                lower.branch(break_to, Js::Undefined);
            });
        }
        if let Some(default) = groups.iter().find(|group| group.is_default) {
            self.run_case(default.stmts);
        }
    }

    /// Runs each case whose number is that of the one that is taken, or above.
    fn at_or_behind(&mut self, taken: Value, cases: &[SwitchCase]) {
        let has_default = cases.iter().any(|case| case.test.is_none());
        for (number, case) in cases.iter().enumerate() {
            if self.flow != Flow::Alive {
                break;
            }
            if number + 1 == cases.len() && has_default {
                // Whatever is taken is at or before the last case.
                self.run_case(&case.stmts);
                break;
            }
            let bound = self.builder.f64(number as f64);
            let condition = self.builder.binary(Binary::Le, taken, bound);
            self.run_if(condition, |lower| lower.run_case(&case.stmts));
        }
    }

    /// Does something where a condition holds.
    fn run_if(&mut self, condition: Value, act: impl FnOnce(&mut Self)) {
        let unchanged = self.env.clone();
        let then_open = self.builder.open();
        act(self);
        let yes = self.arrive(then_open, Js::Undefined);
        let then = self.builder.last_closed();
        self.env.clone_from(&unchanged);
        self.env.pad(self.variables.len());
        let otherwise_open = self.builder.open();
        let no = self.arrive(otherwise_open, Js::Undefined);
        let otherwise = self.builder.last_closed();
        let (results, _) = self.join(&unchanged, yes.into_iter().chain(no).collect(), None);
        self.push_if(condition, results, then, otherwise);
    }

    fn run_case(&mut self, stmts: &[StmtId]) {
        for stmt in stmts {
            if self.flow != Flow::Alive {
                break;
            }
            self.statement(*stmt);
        }
    }

    /// Whether the test of a case matches.
    fn matches(&mut self, value: &Js, span: Span, test: ExprId) -> Value {
        let case = self.expression(test);
        let test_span = self.tree()[test].span;
        self.strict_equal(value, &case, span, test_span)
    }

    /// The number of the first case whose test matches, or of the default.
    fn first_match(&mut self, value: &Js, span: Span, cases: &[SwitchCase]) -> Value {
        let default = cases.iter().position(|case| case.test.is_none()).unwrap_or(cases.len());
        let tests = cases.iter().enumerate().filter_map(|(number, case)| Some((number, case.test?)));
        // A chain of ifs would be as deep as there are cases: one block that the first match leaves.
        let before = self.env.clone();
        let target = self.open_target();
        let open = self.builder.open();
        for (number, test) in tests {
            let is_equal = self.matches(value, span, test);
            let is_other = self.not(is_equal);
            let then = self.builder.open();
            let then = self.builder.close(then, End::Yield(Vec::new()));
            let otherwise = self.builder.open();
            let found = self.builder.f64(number as f64);
            self.branch(target, Js::Number(found));
            let otherwise = self.builder.close(otherwise, End::Yield(Vec::new()));
            self.flow = Flow::Alive;
            self.push_if(is_other, Vec::new(), then, otherwise);
        }
        let fallback = self.builder.f64(default as f64);
        let end = self.arrive(open, Js::Number(fallback));
        let body = self.builder.last_closed();
        let taken = self.close_block(&before, body, end);
        debug_assert!(matches!(&taken, Js::Number(value) if self.builder.ty(*value) == Type::F64));
        self.number(&taken, span)
    }
}
