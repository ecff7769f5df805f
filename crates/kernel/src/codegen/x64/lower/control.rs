//! Regions, and the lanes that run them.

use super::{
    End, Home, Inst, L128, L256, Label, Lowering, Mask, Parts, Place, RegionId, Src, Stmt, Target, Type, V,
    Value, Vex,
};
use crate::codegen::x64::asm::Length;
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Form, Vector};

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
            let run = stmts[at..]
                .iter()
                .take(RUN)
                .take_while(|stmt| matches!(stmt, Stmt::Let(value, op) if self.is_simple(*value, op)));
            let len = run.count();
            if len > 0 {
                self.run_of_ops(&stmts[at..at + len]);
                at += len;
                continue;
            }
            let stmt = &stmts[at];
            at += 1;
            match stmt {
                Stmt::Let(_, crate::ir::Op::LocalLoad(..)) => self.local_stmt(stmt),
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

    /// Runs a region to its end. Returns whether it yields; then `mask` has the lanes that do, and `to` their results.
    fn region(&mut self, id: RegionId, to: &mut Arrival<'_>) -> bool {
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
        let before = self.mask.clone();
        let leaves = self.escapes[body.index()].iter().any(|other| *other != label.0);
        let registers: Vec<Parts> = results.iter().map(|value| self.parts_for(*value)).collect();
        // Branches from within a loop come at several times: each must leave alone what came before.
        let is_fresh = !self.branches_from_a_loop(body, label);
        if !is_fresh {
            for (value, parts) in results.iter().zip(&registers) {
                let (length, count) = (self.length(*value), self.parts_of(*value));
                parts.iter().take(count).for_each(|v| self.write(*v, length, Src::bits(0)));
            }
        }
        let arrived = leaves.then(|| {
            let parts = self.fresh_parts();
            parts.iter().for_each(|v| self.write(*v, L256, Src::bits(0)));
            parts
        });
        self.targets.push(Target {
            label,
            values: results.to_vec(),
            registers,
            arrived,
            is_tail: false,
            is_fresh,
        });
        // Lanes that leave the turn here may only leave the block.
        let around = self.turn_end.take();
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
        self.mask = match target.arrived {
            None => before,
            Some(arrived) => Some(arrived),
        };
    }

    fn branches_from_a_loop(&self, id: RegionId, label: Label) -> bool {
        let region = self.function.region(id);
        let inner = |child: RegionId| {
            self.escapes[child.index()].contains(&label.0) && self.branches_from_a_loop(child, label)
        };
        matches!(&region.end, End::Loop { body, .. } if self.escapes[body.index()].contains(&label.0))
            || region.stmts.iter().any(|stmt| crate::ir::Function::children(stmt).any(inner))
    }

    fn branches(&mut self, condition: Value, results: &[Value], then: RegionId, otherwise: RegionId) {
        let before = self.mask.clone();
        if self.uniform[condition.index()] {
            return self.uniform_branches(condition, results, then, otherwise);
        }
        let conditions: Vec<V> = (0..self.parts).map(|part| self.v(condition, part)).collect();
        let yes: Parts = match &before {
            None => conditions.clone().into(),
            Some(mask) => self.each(mask, &conditions, |this, m, c| this.vrm(Vex::VANDPD, L256, m, c)),
        };
        // Not the inverse comparison: what the condition leaves.
        let no: Parts = match &before {
            None => conditions.iter().map(|c| self.vrm(Vex::VXORPD, L256, *c, Src::bits(u64::MAX))).collect(),
            Some(mask) => self.each(&conditions, mask, |this, c, m| this.vrm(Vex::VANDNPD, L256, c, m)),
        };
        self.are_parts(&no);
        let mut arrival = self.arrival(results);
        let first = self.side(then, yes, &mut arrival);
        let second = self.side(otherwise, no, &mut arrival);
        self.settle(results, arrival);
        let leave = !self.escapes[then.index()].is_empty() || !self.escapes[otherwise.index()].is_empty();
        self.is_mask_known = false;
        self.mask = match (first, second) {
            _ if !leave => before,
            (Some(a), Some(b)) => Some(self.each(&a, &b, |this, a, b| this.vrm(Vex::VORPD, L256, a, b))),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => Some(self.none()),
        };
        if leave {
            self.leave_turn_if_none();
        }
    }

    /// All lanes go the same way: the others are not looked at.
    fn uniform_branches(&mut self, condition: Value, results: &[Value], then: RegionId, otherwise: RegionId) {
        let before = self.mask.clone();
        let mut arrival = self.arrival(results);
        if let Home::Same(Src::Const(lanes)) = self.places[condition.index()] {
            // Known: the other side is never run.
            let taken = if lanes[0] != 0 { then } else { otherwise };
            let yields = self.region(taken, &mut arrival);
            self.settle(results, arrival);
            if !yields {
                self.is_mask_known = false;
                self.mask = Some(self.none());
            }
            return;
        }
        let escape = |this: &Self, id: RegionId| !this.escapes[id.index()].is_empty();
        let leaves = escape(self, then) || escape(self, otherwise);
        let known = self.is_mask_known;
        // The lanes that go on, if it depends on the side.
        let left = leaves.then(|| {
            let left = self.fresh_parts();
            left.iter().for_each(|v| self.write(*v, L256, Src::bits(0)));
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
            self.is_mask_known = known;
            arrival.is_fresh = true;
            let around = if escape(self, side) { self.turn_end.take() } else { self.turn_end };
            let yields = self.region(side, &mut arrival);
            self.turn_end = around;
            if yields {
                for (part, to) in left.iter().flat_map(|left| left.iter().enumerate()) {
                    let now = self.mask.as_ref().map_or(Src::bits(u64::MAX), |mask| Src::V(mask[part]));
                    self.write(*to, L256, now);
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
        self.is_mask_known = known && !leaves;
        self.mask = match left {
            None => before,
            Some(left) => Some(left),
        };
    }

    /// Runs one side of an `if` for the lanes of `mask`. Returns those that yield.
    fn side(&mut self, id: RegionId, mask: Parts, arrival: &mut Arrival<'_>) -> Option<Parts> {
        let region = self.function.region(id);
        let is_plain = region.stmts.is_empty() && !matches!(region.end, End::Loop { .. });
        if is_plain {
            self.mask = Some(mask);
            let yields = self.region(id, arrival);
            return if yields { self.mask.clone() } else { None };
        }
        let skip = self.asm.label();
        let escapes = !self.escapes[id.index()].is_empty();
        let yields = matches!(region.end, End::Yield(_));
        // What is left of the mask at the end; as it is, if the side is skipped.
        let left: Option<Parts> = (escapes && yields).then(|| {
            let parts = self.fresh_parts();
            parts.iter().zip(&mask).for_each(|(to, from)| self.write(*to, L256, *from));
            parts
        });
        self.jump_if(false, &mask, skip);
        self.mask = Some(mask.clone());
        // What this side puts into the results of other lanes must not be lost when it is skipped.
        let around = self.turn_end.take();
        self.region(id, arrival);
        self.turn_end = around;
        if let Some(left) = &left
            && let Some(now) = self.mask.clone()
        {
            left.iter().zip(&now).for_each(|(to, from)| self.write(*to, L256, *from));
        }
        self.code.push(Inst::Bind(skip));
        if !yields {
            return None;
        }
        Some(left.unwrap_or(mask))
    }

    /// Goes on with the next turn when no lane is left in this one.
    fn leave_turn_if_none(&mut self) {
        if let (Some(label), Some(mask)) = (self.turn_end, self.mask.clone()) {
            self.jump_if(false, &mask, label);
            self.is_mask_known = true;
        }
    }

    /// Jumps if any lane takes part, or if none does.
    pub(super) fn jump_if(&mut self, any: bool, masks: &Parts, label: Place) {
        let mut all = masks[0];
        for mask in &masks[1..] {
            all = self.vrm(Vex::VORPD, L256, all, *mask);
        }
        self.code.push(Inst::JumpIf { any, mask: all, label });
    }

    fn each(&mut self, a: &[V], b: &[V], mut make: impl FnMut(&mut Self, V, V) -> V) -> Parts {
        let parts: Parts = a.iter().zip(b).map(|(a, b)| make(self, *a, *b)).collect();
        self.are_parts(&parts);
        parts
    }

    fn run_loop(&mut self, label: Label, params: &[Value], initial: &[Value], body: RegionId) {
        let function = self.function;
        let exit = self.asm.label();
        if let (Some(mask), false) = (self.mask.clone(), self.is_mask_known) {
            self.jump_if(false, &mask, exit);
        }
        let registers: Vec<Parts> = params.iter().map(|param| self.parts_for(*param)).collect();
        for ((param, initial), parts) in params.iter().zip(initial).zip(&registers) {
            let length = self.length(*param);
            for (part, v) in parts.iter().enumerate().take(self.parts_of(*param)) {
                let src = self.src(*initial, part);
                self.write(*v, length, src);
            }
        }
        let mask = self.fresh_parts();
        for (part, v) in mask.iter().enumerate() {
            let src = self.mask.as_ref().map_or(Src::bits(u64::MAX), |mask| Src::V(mask[part]));
            self.write(*v, L256, src);
        }
        let is_tail = matches!(&function.region(body).end, End::Branch(to, _) if *to == label)
            && self.branches_to(body, label) == 1;
        // Where the next turn's parameters are kept while this one still needs its own.
        let (pending, arrived) = if is_tail {
            (registers.clone(), mask.clone())
        } else {
            let pending: Vec<Parts> = params.iter().map(|param| self.parts_for(*param)).collect();
            let arrived = self.fresh_parts();
            for (param, parts) in params.iter().zip(&pending) {
                let (length, count) = (self.length(*param), self.parts_of(*param));
                parts.iter().take(count).for_each(|v| self.write(*v, length, Src::bits(0)));
            }
            parts_zero(self, &arrived);
            (pending, arrived)
        };
        let (head, turn_end) = (self.asm.label(), self.asm.label());
        let around = self.turn_end.replace(if is_tail { exit } else { turn_end });
        self.depth += 1;
        self.code.push(Inst::LoopStart);
        self.code.push(Inst::Bind(head));
        // Local arrays are too much to take along.
        let diverges = self.function.locals.is_empty() && self.diverges(body);
        self.code.push(Inst::Poll { mask: mask.clone(), diverges });
        if !is_tail {
            parts_zero(self, &arrived);
        }
        for (param, parts) in params.iter().zip(&registers) {
            self.set(*param, parts.clone());
        }
        self.targets.push(Target {
            label,
            values: params.to_vec(),
            registers: pending.clone(),
            arrived: Some(arrived.clone()),
            is_tail,
            is_fresh: false,
        });
        self.mask = Some(mask.clone());
        self.is_mask_known = true;
        self.statements(body);
        match &function.region(body).end {
            // Nothing of a loop's body yields.
            End::Yield(_) => {}
            End::Branch(to, values) => self.branch(*to, values),
            End::Loop { label, params, initial, body } => self.run_loop(*label, params, initial, *body),
        }
        self.targets.pop();
        if !is_tail {
            self.code.push(Inst::Bind(turn_end));
            for (param, (parts, pending)) in params.iter().zip(registers.iter().zip(&pending)) {
                let length = self.length(*param);
                let count = self.parts_of(*param);
                parts.iter().zip(pending).take(count).for_each(|(to, from)| self.write(*to, length, *from));
            }
            mask.iter().zip(&arrived).for_each(|(to, from)| self.write(*to, L256, *from));
        }
        if is_tail && self.is_mask_known {
            self.code.push(Inst::Jump(head));
        } else {
            self.jump_if(true, &mask, head);
        }
        self.code.push(Inst::LoopEnd);
        self.code.push(Inst::Bind(exit));
        self.depth -= 1;
        self.turn_end = around;
        self.mask = Some(self.none());
    }

    /// Whether lanes may leave a turn of a loop, or the loop, while others stay.
    fn diverges(&self, id: RegionId) -> bool {
        self.function.region(id).stmts.iter().any(|stmt| {
            let leaves = |child: RegionId| !self.escapes[child.index()].is_empty();
            let here = match stmt {
                Stmt::If { condition, then, otherwise, .. } => {
                    !self.uniform[condition.index()] && (leaves(*then) || leaves(*otherwise))
                }
                _ => false,
            };
            here || crate::ir::Function::children(stmt).any(|child| self.diverges(child))
        })
    }

    fn branches_to(&self, id: RegionId, label: Label) -> usize {
        let region = self.function.region(id);
        let ends = match &region.end {
            End::Branch(to, _) => usize::from(*to == label),
            End::Loop { body, .. } => self.branches_to(*body, label),
            End::Yield(_) => 0,
        };
        let inner = region.stmts.iter().flat_map(crate::ir::Function::children);
        ends + inner.map(|child| self.branches_to(child, label)).sum::<usize>()
    }

    /// The lanes of the mask arrive at a target.
    fn branch(&mut self, label: Label, values: &[Value]) {
        let at = self.targets.iter().rposition(|target| target.label == label).expect("a label in scope");
        let target = &mut self.targets[at];
        let (registers, arrived) = (target.registers.clone(), target.arrived.clone());
        let (results, is_tail) = (target.values.clone(), target.is_tail);
        let is_fresh = std::mem::replace(&mut target.is_fresh, false);
        let mask = self.mask.clone();
        if is_tail || is_fresh {
            self.copy_all(&registers, values, &results);
        } else {
            self.blend_all(&registers, values, &results, &mask);
        }
        let Some(arrived) = arrived else { return };
        for (part, to) in arrived.iter().enumerate() {
            match &mask {
                None => self.write(*to, L256, Src::bits(u64::MAX)),
                Some(mask) if is_tail => self.write(*to, L256, mask[part]),
                Some(mask) => {
                    let (a, b) = (Some(*to), Some(Src::V(mask[part])));
                    self.code.push(Inst::Vector(Vector {
                        form: Form::Vrm,
                        op: Vex::VORPD,
                        length: L256,
                        dst: *to,
                        a,
                        b,
                        c: None,
                        imm: 0,
                    }));
                }
            }
        }
    }

    fn arrival<'v>(&mut self, results: &'v [Value]) -> Arrival<'v> {
        Arrival {
            results,
            registers: results.iter().map(|value| self.parts_for(*value)).collect(),
            is_fresh: true,
        }
    }

    fn settle(&mut self, results: &[Value], arrival: Arrival<'_>) {
        for (value, parts) in results.iter().zip(arrival.registers) {
            self.set(*value, parts);
        }
    }

    /// The lanes of the mask yield.
    fn arrive(&mut self, values: &[Value], to: &mut Arrival<'_>) {
        let mask = self.mask.clone();
        if to.is_fresh {
            self.copy_all(&to.registers, values, to.results);
        } else {
            self.blend_all(&to.registers, values, to.results, &mask);
        }
        to.is_fresh = false;
    }

    /// All at once: a value may be in a register that another one is put into.
    fn copy_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value]) {
        let mut moves: Vec<(V, Src, Length)> = Vec::new();
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            for (part, to) in parts.iter().enumerate().take(self.parts_of(*result)) {
                moves.push((*to, self.src(*value, part), self.length(*result)));
            }
        }
        for k in 0..moves.len() {
            let (_, source, length) = moves[k];
            // Written before it is read?
            if let Src::V(v) = source
                && moves[..k].iter().any(|(to, ..)| *to == v)
            {
                moves[k].1 = Src::V(self.rm(Vex::VMOVUPD, length, v));
            }
        }
        // The copies made above come before all writes.
        for (to, source, length) in moves {
            if source != Src::V(to) {
                self.write(to, length, source);
            }
        }
    }

    fn blend_all(&mut self, registers: &[Parts], values: &[Value], results: &[Value], mask: &Mask) {
        let Some(mask) = mask else {
            return self.copy_all(registers, values, results);
        };
        // Computed before any is written.
        let mut writes: Vec<(V, Src, Length)> = Vec::new();
        for ((value, result), parts) in values.iter().zip(results).zip(registers) {
            let length = self.length(*result);
            if self.uniform[result.index()] {
                // The same for all lanes that are here, and nobody looks at the others.
                let source = match self.src(*value, 0) {
                    Src::V(v) => Src::V(self.rm(Vex::VMOVUPD, length, v)),
                    source => source,
                };
                writes.push((parts[0], source, length));
                continue;
            }
            for (part, old) in parts.iter().enumerate() {
                let new = self.src(*value, part);
                let blended = match self.function.ty(*result) {
                    Type::I32 => {
                        let narrow = self.narrow(mask[part]);
                        self.push(Form::Vrmv, Vex::VBLENDVPS, L128, (Some(*old), Some(new), Some(narrow)), 0)
                    }
                    _ => self.blend(*old, new, mask[part]),
                };
                writes.push((*old, Src::V(blended), length));
            }
        }
        for (to, source, length) in writes {
            self.write(to, length, source);
        }
    }

    /// No lane.
    fn none(&mut self) -> Parts {
        let parts: Parts = (0..self.parts).map(|_| self.zero()).collect();
        self.are_parts(&parts);
        parts
    }

    fn guard(&mut self, condition: Value) {
        let mut failed = Vec::with_capacity(self.parts);
        for part in 0..self.parts {
            let condition = self.v(condition, part);
            let bad = match &self.mask {
                None => self.vrm(Vex::VXORPD, L256, condition, Src::bits(u64::MAX)),
                Some(mask) => {
                    let mask = mask[part];
                    self.vrm(Vex::VANDNPD, L256, condition, mask)
                }
            };
            failed.push(bad);
        }
        let go_on = self.asm.label();
        self.jump_if(false, &failed.into(), go_on);
        self.code.push(Inst::Exit(frame::NO_SUCH_ROW));
        self.code.push(Inst::Bind(go_on));
    }
}

fn parts_zero(lowering: &mut Lowering<'_>, parts: &Parts) {
    parts.iter().for_each(|v| lowering.write(*v, L256, Src::bits(0)));
}

/// Where the results of an `if` are put.
struct Arrival<'v> {
    results: &'v [Value],
    registers: Vec<Parts>,
    /// Nothing is there yet.
    is_fresh: bool,
}
