//! Which values are the same for all indices that an engine runs in step.
//!
//! An engine that runs a block of indices together may compute such a value once. *In step* means: all indices that are in a
//! region run each of its statements at the same time, and a loop begins a turn when all that take part in it have ended the turn
//! before. What is the same for all that are in a region at one time is *uniform* there; the counter of a loop is, although some
//! indices leave the loop earlier than others.

use crate::ir::{End, Function, Label, Op, RegionId, Stmt, Value};

/// For each value, whether it is uniform.
pub fn uniform_values(function: &Function) -> Vec<bool> {
    // Loops go round: begin with everything that may be uniform, and take away until nothing changes.
    let mut analysis = Analysis {
        function,
        uniform: vec![true; function.values.len()],
        changed: false,
        loops: Vec::new(),
        scope: Vec::new(),
    };
    loop {
        analysis.changed = false;
        analysis.region(function.entry, &[]);
        if !analysis.changed {
            return analysis.uniform;
        }
    }
}

struct Analysis<'a> {
    function: &'a Function,
    uniform: Vec<bool>,
    changed: bool,
    /// The loops around, the innermost last: label, parameters, and how many branches to it there have been.
    loops: Vec<(Label, &'a [Value], usize)>,
    /// The targets around, the innermost last: a branch passes those that come after its own.
    scope: Vec<Target<'a>>,
}

enum Target<'a> {
    Block(Label, &'a [Value]),
    Loop(Label),
}

impl<'a> Analysis<'a> {
    /// `results` are the values that a yield makes.
    fn region(&mut self, id: RegionId, results: &'a [Value]) {
        let region = self.function.region(id);
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) => {
                    if !self.op(op) {
                        self.vary(*value);
                    }
                }
                Stmt::Block { label, results, body } => {
                    // Several ways lead to its end, at several times.
                    if self.has_branch_to(*body, *label) {
                        results.iter().for_each(|result| self.vary(*result));
                    }
                    self.scope.push(Target::Block(*label, results));
                    self.region(*body, results);
                    self.scope.pop();
                }
                Stmt::If { condition, results, then, otherwise } => {
                    if !self.uniform[condition.index()] {
                        results.iter().for_each(|result| self.vary(*result));
                    }
                    self.region(*then, results);
                    self.region(*otherwise, results);
                }
                Stmt::Store { .. }
                | Stmt::LocalStore { .. }
                | Stmt::LocalFill { .. }
                | Stmt::Guard { .. } => {}
            }
        }
        match &region.end {
            End::Yield(values) => self.bring(values, results),
            End::Branch(label, values) => self.branch(*label, values),
            End::Loop { label, params, initial, body } => {
                self.bring(initial, params);
                self.loops.push((*label, params, 0));
                self.scope.push(Target::Loop(*label));
                self.region(*body, &[]);
                self.scope.pop();
                self.loops.pop();
            }
        }
    }

    fn branch(&mut self, label: Label, values: &[Value]) {
        let Some(at) = self.scope.iter().rposition(|target| match target {
            Target::Block(block, _) => *block == label,
            Target::Loop(other) => *other == label,
        }) else {
            return;
        };
        match self.scope[at] {
            // Its results vary already.
            Target::Block(_, results) => self.bring(values, results),
            Target::Loop(_) => {
                // From within an inner loop, or by several branches: different values may arrive for one turn.
                let passes_a_loop =
                    self.scope[at + 1..].iter().any(|target| matches!(target, Target::Loop(_)));
                let Some((_, params, branches)) =
                    self.loops.iter_mut().rev().find(|(other, ..)| *other == label)
                else {
                    return;
                };
                *branches += 1;
                let (params, is_first) = (*params, *branches == 1);
                if passes_a_loop || !is_first {
                    params.iter().for_each(|param| self.vary(*param));
                }
                self.bring(values, params);
            }
        }
    }

    fn bring(&mut self, values: &[Value], targets: &[Value]) {
        for (value, target) in values.iter().zip(targets) {
            if !self.uniform[value.index()] {
                self.vary(*target);
            }
        }
    }

    fn vary(&mut self, value: Value) {
        self.changed |= std::mem::replace(&mut self.uniform[value.index()], false);
    }

    fn op(&self, op: &Op) -> bool {
        let is_invariant = match op {
            Op::Index(_) | Op::LocalLoad(..) | Op::Atomic(..) => false,
            // A store by one index of the block is seen by that index, and by no other for certain.
            Op::Load(array, _) => !self.function.arrays[array.index()].is_written,
            _ => true,
        };
        is_invariant && op.operands().all(|operand| self.uniform[operand.index()])
    }

    fn has_branch_to(&self, id: RegionId, label: Label) -> bool {
        let region = self.function.region(id);
        let ends = match &region.end {
            End::Branch(target, _) => *target == label,
            End::Loop { body, .. } => self.has_branch_to(*body, label),
            End::Yield(_) => false,
        };
        ends || region
            .stmts
            .iter()
            .any(|stmt| Function::children(stmt).any(|child| self.has_branch_to(child, label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::parse;

    #[track_caller]
    fn check(body: &str, uniform: &[u32]) {
        let text = format!(
            "function 1\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 float64 \"b\" written\n{{\n{body}\nyield\n}}"
        );
        let function = parse(&text).unwrap();
        let found = uniform_values(&function);
        let found: Vec<u32> = (0..found.len() as u32).filter(|value| found[*value as usize]).collect();
        assert_eq!(found, uniform, "{body}");
    }

    #[test]
    fn follows_operands() {
        check("%0 = index 0\n%1 = scalar 0\n%2 = fadd %1, %1\n%3 = fadd %0, %1", &[1, 2]);
        check("%0 = scalar 0\n%1 = load 0 %0\n%2 = load 1 %0", &[0, 1]);
    }

    #[test]
    fn counters_are_uniform_though_indices_leave_early() {
        check(
            "%0 = index 0\n%1 = const.f64 1\nblock @0 { loop @1 %2:f64 = %1, %3:f64 = %0 {\n\
             %4 = fadd %2, %1\n%5 = flt %4, %0\nif %5 { yield } else { br @0 }\nbr @1 %4, %3\n} }",
            &[1, 2, 4],
        );
    }

    #[test]
    fn what_a_block_is_left_with_varies() {
        check(
            "%0 = index 0\n%1 = const.f64 1\nblock @0 -> %2:f64 { loop @1 %3:f64 = %1 {\n\
             %4 = fadd %3, %1\n%5 = flt %4, %0\nif %5 { yield } else { br @0 %4 }\nbr @1 %4\n} }",
            &[1, 3, 4],
        );
        check("%0 = const.f64 1\nblock @0 -> %1:f64 { yield %0 }", &[0, 1]);
    }

    #[test]
    fn two_ways_back_make_parameters_vary() {
        check(
            "%0 = index 0\n%1 = const.f64 1\nblock @0 { loop @1 %2:f64 = %1 {\n\
             %3 = fadd %2, %1\n%4 = flt %2, %0\nif %4 { br @1 %3 } else { br @1 %1 }\nyield } }",
            &[1],
        );
    }

    #[test]
    fn a_uniform_condition_keeps_results_uniform() {
        check(
            "%0 = index 0\n%1 = scalar 0\n%2 = bool.f64 %1\n%3 = bool.f64 %0\n\
             if %2 -> %4:f64 { yield %1 } else { yield %1 }\nif %3 -> %5:f64 { yield %1 } else { yield %1 }",
            &[1, 2, 4],
        );
    }
}
