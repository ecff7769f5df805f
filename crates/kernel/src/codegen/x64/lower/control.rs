//! Regions, and the lanes that run them.

use std::ops::Range as Span;

use super::arrivals::Arrival;
use super::{End, Home, Inst, Label, Lowering, Op, Parts, RegionId, Src, Stmt, Target, V, Value};
use crate::codegen::x64::frame;
use crate::ir::Binary;

/// So many operations are made for one part before the next one has its turn. The processor works on all of them at once; if each
/// operation were made for all parts, more values would be under way between them than there are registers.
const RUN: usize = 24;

impl Lowering<'_> {
    /// Runs the statements of a region.
    pub(super) fn statements(&mut self, id: RegionId) {
        let function = self.function;
        let stmts = &function.region(id).stmts;
        let mut at = 0;
        while at < stmts.len() {
            if let Some(run) = self.quick_run(&stmts[at..]) {
                let Span { start, end } = run;
                self.in_order(&stmts[at..at + start]);
                self.make_quick_run(&stmts[at + start..at + end]);
                at += end;
                continue;
            }
            let len = self.run_len(&stmts[at..]);
            if len > 0 {
                let (run, leaving, all) = self.run_past_leaving(&stmts[at..], len);
                self.run_of_ops(run);
                for stmt in leaving {
                    if let Stmt::If { condition, results, then, otherwise } = stmt {
                        self.branches(*condition, results, *then, *otherwise);
                    }
                }
                at += all;
                continue;
            }
            let stmt = &stmts[at];
            at += 1;
            match stmt {
                Stmt::Let(value, _) if self.is_made_elsewhere(*value) => {}
                Stmt::Let(_, Op::LocalLoad(..)) => self.local_stmt(stmt),
                Stmt::Let(value, op) => self.op(*value, op),
                Stmt::Store { array, index, value } => self.store(*array, *index, *value),
                Stmt::Guard { condition } => self.guard(*condition),
                Stmt::Block { label, results, body } => self.block(*label, results, *body),
                Stmt::If { condition, results, then, otherwise } => {
                    self.branches(*condition, results, *then, *otherwise);
                }
                Stmt::LocalStore { .. } | Stmt::LocalFill { .. } => self.local_stmt(stmt),
            }
        }
    }

    /// Whether a value is there already, is not to be made where it stands, or not at all.
    fn is_made_elsewhere(&self, value: Value) -> bool {
        [&self.put_off, &self.made_ahead, &self.facts.unneeded]
            .into_iter()
            .any(|values| values.contains(&value))
    }

    /// How many operations these statements begin with that are made for one part after the other.
    fn run_len(&self, stmts: &[Stmt]) -> usize {
        let is_simple = |stmt: &&Stmt| matches!(stmt, Stmt::Let(value, op) if self.is_simple(*value, op) && !self.is_made_elsewhere(*value));
        stmts.iter().take(RUN).take_while(is_simple).count()
    }

    /// Operations for one part after the other, of which these statements begin with `len`; conditions by which lanes leave that have been
    /// passed on the way; and how many statements that is.
    ///
    /// Few lanes leave in a turn. So what comes after can be made before, and then the parts need less at the same time:
    ///
    /// ```text
    /// xx = x * x; yy = y * y; if xx + yy > 4 break; x = xx - yy + a
    ///           xx and yy of all parts are needed after the condition, or a sum of each part, if it is made before
    /// ```
    fn run_past_leaving<'s>(
        &mut self,
        stmts: &'s [Stmt],
        len: usize,
    ) -> (Vec<&'s Stmt>, Vec<&'s Stmt>, usize) {
        let mut run: Vec<&Stmt> = stmts[..len].iter().collect();
        let (mut leaving, mut at) = (Vec::new(), len);
        while let Some(Stmt::If { condition, results, then, otherwise }) = stmts.get(at)
            && !self.looks.contains_key(condition)
            && self.leaving(*condition, results, *then, *otherwise).is_some()
        {
            let is_cheap = |stmt: &&Stmt| !matches!(stmt, Stmt::Let(_, Op::Binary(Binary::Rem, ..)));
            let after = &stmts[at + 1..];
            let len = after[..self.run_len(after)].iter().take_while(is_cheap).count();
            if len == 0 || run.len() + len > RUN {
                break;
            }
            self.may_hurry = true;
            if !self.hurries {
                break;
            }
            run.extend(&after[..len]);
            leaving.push(&stmts[at]);
            at += 1 + len;
        }
        (run, leaving, at)
    }

    /// Runs a region to its end. Returns whether it yields; then `mask` has the lanes that do, and `to` their results.
    pub(super) fn region(&mut self, id: RegionId, to: &mut Arrival<'_>) -> bool {
        let function = self.function;
        self.statements(id);
        match &function.region(id).end {
            End::Yield(values) => {
                self.arrive(values, to);
                true
            }
            End::Branch(label, values) => {
                self.branch(*label, values);
                false
            }
            End::Loop { label, params, initial, body } => {
                self.run_loop(*label, params, initial, *body);
                false
            }
        }
    }

    fn block(&mut self, label: Label, results: &[Value], body: RegionId) {
        if self.machine.is_scalar() {
            return self.scalar_block(label, results, body);
        }
        let before = self.mask.clone();
        let leaves = self.facts.escapes[body.index()].iter().any(|other| *other != label.0);
        let registers: Vec<Parts> = results.iter().map(|value| self.parts_for(*value)).collect();
        // Branches from within a loop come at several times: each must leave alone what came before.
        let is_fresh = !self.branches_from_a_loop(body, label);
        if !is_fresh {
            for (value, parts) in results.iter().zip(&registers) {
                let size = self.size_of(*value);
                self.parts_of(*value).for_each(|part| self.write(parts[part], size, Src::bits(0)));
            }
        }
        let arrived = leaves.then(|| {
            let parts = self.fresh_masks();
            self.write_masks(&parts, false);
            parts
        });
        self.targets.push(Target {
            label,
            values: results.to_vec(),
            registers,
            arrived,
            is_tail: false,
            is_fresh,
            place: None,
        });
        // Lanes that leave the turn here may only leave the block.
        let around = self.turn_end.take();
        let owns_mask = std::mem::take(&mut self.owns_mask);
        let function = self.function;
        self.statements(body);
        match &function.region(body).end {
            End::Yield(values) => self.branch(label, values),
            End::Branch(other, values) => self.branch(*other, values),
            End::Loop { label, params, initial, body } => self.run_loop(*label, params, initial, *body),
        }
        let target = self.targets.pop().expect("pushed above");
        for (value, parts) in results.iter().zip(target.registers) {
            self.set(*value, parts);
        }
        self.turn_end = around;
        self.is_mask_known = false;
        self.owns_mask = target.arrived.is_some() || owns_mask;
        self.mask = match target.arrived {
            None => before,
            Some(arrived) => Some(arrived),
        };
    }

    fn branches_from_a_loop(&self, id: RegionId, label: Label) -> bool {
        let region = self.function.region(id);
        let inner = |child: RegionId| {
            self.facts.escapes[child.index()].contains(&label.0) && self.branches_from_a_loop(child, label)
        };
        matches!(&region.end, End::Loop { body, .. } if self.facts.escapes[body.index()].contains(&label.0))
            || region.stmts.iter().any(|stmt| crate::ir::Function::children(stmt).any(inner))
    }

    fn branches(&mut self, condition: Value, results: &[Value], then: RegionId, otherwise: RegionId) {
        if self.machine.is_scalar() {
            return self.scalar_branches(condition, results, then, otherwise);
        }
        let before = self.mask.clone();
        let look = self.looks.remove(&condition);
        match (self.leaving(condition, results, then, otherwise), look) {
            (Some(leaving), Some(look)) => return self.leave_after_look(condition, &look, &leaving),
            (Some(leaving), None) => return self.leave_in_passing(condition, &leaving),
            (None, Some(look)) => self.make_late(condition, &look),
            (None, None) => {}
        }
        if self.facts.uniform[condition.index()] {
            return self.uniform_branches(condition, results, then, otherwise);
        }
        let owns_mask = std::mem::take(&mut self.owns_mask);
        let conditions: Vec<V> = (0..self.parts).map(|part| self.v(condition, part)).collect();
        let yes: Parts = match &before {
            None => conditions.clone().into(),
            Some(mask) => self.each(mask, &conditions, |this, m, c| this.both(m, c)),
        };
        // Not the inverse comparison: what the condition leaves.
        let no: Parts = match &before {
            None => conditions.iter().map(|c| self.not(*c)).collect(),
            Some(mask) => self.each(&conditions, mask, |this, c, m| this.without(m, c)),
        };
        self.are_parts(&no);
        let mut arrival = self.arrival(results);
        let first = self.side(then, yes, &mut arrival);
        let second = self.side(otherwise, no, &mut arrival);
        self.settle(results, arrival);
        let leave =
            !self.facts.escapes[then.index()].is_empty() || !self.facts.escapes[otherwise.index()].is_empty();
        self.is_mask_known = false;
        self.mask = match (first, second) {
            _ if !leave => before.clone(),
            (Some(a), Some(b)) => Some(self.each(&a, &b, |this, a, b| this.either(a, b))),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => Some(self.none()),
        };
        if leave {
            self.leave_turn_if_none();
        }
        // Where lanes have left, it is another mask, which nobody else has.
        self.owns_mask = if leave { before.is_some() } else { owns_mask };
    }

    /// All lanes go the same way: the others are not looked at.
    fn uniform_branches(&mut self, condition: Value, results: &[Value], then: RegionId, otherwise: RegionId) {
        let before = self.mask.clone();
        let owns_mask = std::mem::take(&mut self.owns_mask);
        let mut arrival = self.arrival(results);
        if let Home::Same(Src::Bits(lane)) = self.places[condition.index()] {
            // Known: the other side is never run.
            let taken = if lane != 0 { then } else { otherwise };
            let yields = self.region(taken, &mut arrival);
            self.settle(results, arrival);
            if !yields {
                self.is_mask_known = false;
                self.mask = Some(self.none());
            }
            return;
        }
        let escape = |this: &Self, id: RegionId| !this.facts.escapes[id.index()].is_empty();
        let leaves = escape(self, then) || escape(self, otherwise);
        let known = self.is_mask_known;
        // The lanes that go on, if it depends on the side.
        let left = leaves.then(|| {
            let left = self.fresh_masks();
            self.write_masks(&left, false);
            left
        });
        let condition = self.v(condition, 0);
        let (second, done) = (self.asm.label(), self.asm.label());
        self.code.push(Inst::JumpIf { any: false, mask: condition, label: second });
        for (number, side) in [then, otherwise].into_iter().enumerate() {
            if number == 1 {
                self.code.push(Inst::Bind(second));
            }
            self.mask = before.clone();
            self.owns_mask = false;
            self.is_mask_known = known;
            arrival.is_fresh = true;
            let around = if escape(self, side) { self.turn_end.take() } else { self.turn_end };
            let yields = self.region(side, &mut arrival);
            self.turn_end = around;
            if yields {
                for (part, to) in left.iter().flat_map(|left| left.iter().enumerate()) {
                    let now = self.lanes_here(part);
                    self.write_mask(*to, now);
                }
            } else if let Some(label) = self.turn_end {
                self.code.push(Inst::Jump(label));
                continue;
            }
            if number == 0 {
                self.code.push(Inst::Jump(done));
            }
        }
        self.code.push(Inst::Bind(done));
        self.settle(results, arrival);
        self.is_mask_known = known && !leaves && ![then, otherwise].iter().any(|side| self.has_loop(*side));
        self.owns_mask = left.is_some() || owns_mask;
        self.mask = match left {
            None => before,
            Some(left) => Some(left),
        };
    }

    /// Whether there is a loop, in which lanes may change places: none may be left after it.
    fn has_loop(&self, id: RegionId) -> bool {
        let region = self.function.region(id);
        matches!(region.end, End::Loop { .. })
            || region.stmts.iter().flat_map(crate::ir::Function::children).any(|child| self.has_loop(child))
    }

    /// Runs one side of an `if` for the lanes of `mask`. Returns those that yield.
    fn side(&mut self, id: RegionId, mask: Parts, arrival: &mut Arrival<'_>) -> Option<Parts> {
        let region = self.function.region(id);
        let is_plain = region.stmts.is_empty() && !matches!(region.end, End::Loop { .. });
        if is_plain {
            self.mask = Some(mask);
            self.owns_mask = false;
            let yields = self.region(id, arrival);
            return if yields { self.mask.clone() } else { None };
        }
        let skip = self.asm.label();
        let escapes = !self.facts.escapes[id.index()].is_empty();
        let yields = matches!(region.end, End::Yield(_));
        // What is left of the mask at the end; as it is, if the side is skipped.
        let left: Option<Parts> = (escapes && yields).then(|| {
            let parts = self.fresh_masks();
            parts.iter().zip(&mask).for_each(|(to, from)| self.write_mask(*to, *from));
            parts
        });
        self.jump_if(false, &mask, skip);
        self.mask = Some(mask.clone());
        self.owns_mask = false;
        // What this side puts into the results of other lanes must not be lost when it is skipped.
        let around = self.turn_end.take();
        self.region(id, arrival);
        self.turn_end = around;
        if let Some(left) = &left
            && let Some(now) = self.mask.clone()
        {
            left.iter().zip(&now).for_each(|(to, from)| self.write_mask(*to, *from));
        }
        self.code.push(Inst::Bind(skip));
        if !yields {
            return None;
        }
        Some(left.unwrap_or(mask))
    }

    pub(super) fn each(&mut self, a: &[V], b: &[V], mut make: impl FnMut(&mut Self, V, V) -> V) -> Parts {
        let parts: Parts = a.iter().zip(b).map(|(a, b)| make(self, *a, *b)).collect();
        self.are_parts(&parts);
        parts
    }

    fn guard(&mut self, condition: Value) {
        if self.machine.is_scalar() {
            return self.scalar_guard(condition);
        }
        let mut failed = Vec::with_capacity(self.parts);
        for part in 0..self.parts {
            let condition = self.v(condition, part);
            failed.push(self.failed(condition, part));
        }
        let go_on = self.asm.label();
        self.jump_if(false, &failed.into(), go_on);
        self.code.push(Inst::Exit(frame::NO_SUCH_ROW));
        self.code.push(Inst::Bind(go_on));
    }
}
