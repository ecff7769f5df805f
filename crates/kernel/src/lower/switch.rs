//! `switch`: the number of the case that is taken first, then each case that is at or behind it.
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
use crate::syntax::ast::{ExprId, Identifier, StmtId, SwitchCase};

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

        let default = cases.iter().position(|case| case.test.is_none()).unwrap_or(cases.len());
        let tests: Vec<(usize, ExprId)> =
            cases.iter().enumerate().filter_map(|(number, case)| Some((number, case.test?))).collect();
        let taken = self.first_match(&value, span, &tests, default);

        let before = self.env.clone();
        let break_to = self.open_target();
        let names = labels.iter().map(|label| label.name).collect();
        let frame = self.frames.len();
        self.jumps.push(Jump { names, is_anonymous: true, break_to, continue_to: None, frame });
        let open = self.builder.open();
        for (number, case) in cases.iter().enumerate() {
            if self.flow != Flow::Alive {
                break;
            }
            if number + 1 == cases.len() && default < cases.len() {
                // Whatever is taken is at or before the last case.
                self.case(case);
                break;
            }
            let bound = self.builder.f64(number as f64);
            let condition = self.builder.binary(Binary::Le, taken, bound);
            let unchanged = self.env.clone();
            let then_open = self.builder.open();
            self.case(case);
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
        self.jumps.pop();
        let end = self.arrive(open, Js::Undefined);
        let body = self.builder.last_closed();
        self.close_block(&before, body, end);
        self.scope = outer;
    }

    fn case(&mut self, case: &SwitchCase) {
        for stmt in &case.stmts {
            if self.flow != Flow::Alive {
                break;
            }
            self.statement(*stmt);
        }
    }

    /// The number of the first case whose test matches, or of the default.
    fn first_match(
        &mut self,
        value: &Js,
        span: crate::syntax::span::Span,
        tests: &[(usize, ExprId)],
        default: usize,
    ) -> Value {
        // A chain of ifs would be as deep as there are cases: one block that the first match leaves.
        let tree = self.tree();
        let before = self.env.clone();
        let target = self.open_target();
        let open = self.builder.open();
        for (number, test) in tests {
            let case = self.expression(*test);
            let is_equal = self.strict_equal(value, &case, span, tree[*test].span);
            let is_other = self.not(is_equal);
            let then = self.builder.open();
            let then = self.builder.close(then, End::Yield(Vec::new()));
            let otherwise = self.builder.open();
            let found = self.builder.f64(*number as f64);
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
