//! Loops: lanes go round until all have left.

use super::{End, Inst, Label, Lowering, Parts, Place, RegionId, Src, Stmt, Target, V, Value, Wide};

impl Lowering<'_> {
    pub(super) fn run_loop(&mut self, label: Label, params: &[Value], initial: &[Value], body: RegionId) {
        if self.machine.is_scalar() {
            return self.scalar_loop(label, params, initial, body);
        }
        self.may_lose = true;
        // Lanes that change places do not take them along.
        self.pair_masks.clear();
        let function = self.function;
        let exit = self.asm.label();
        if let (Some(mask), false) = (self.mask.clone(), self.is_mask_known) {
            self.jump_if(false, &mask, exit);
        }
        let registers: Vec<Parts> = params.iter().map(|param| self.parts_for(*param)).collect();
        for ((param, initial), parts) in params.iter().zip(initial).zip(&registers) {
            let size = self.size_of(*param);
            for part in self.parts_of(*param) {
                let src = self.src(*initial, part);
                self.write(parts[part], size, src);
            }
        }
        let mask = self.fresh_masks();
        for (part, v) in mask.iter().enumerate() {
            let src = self.lanes_here(part);
            self.write_mask(*v, src);
        }
        let is_tail = matches!(&function.region(body).end, End::Branch(to, _) if *to == label)
            && self.branches_to(body, label) == 1;
        // Where the next turn's parameters are kept while this one still needs its own.
        let (pending, arrived) = if is_tail {
            (registers.clone(), mask.clone())
        } else {
            let pending: Vec<Parts> = params.iter().map(|param| self.parts_for(*param)).collect();
            let arrived = self.fresh_masks();
            for (param, parts) in params.iter().zip(&pending) {
                let size = self.size_of(*param);
                self.parts_of(*param).for_each(|part| self.write(parts[part], size, Src::bits(0)));
            }
            self.write_masks(&arrived, false);
            (pending, arrived)
        };
        for (param, parts) in params.iter().zip(&registers) {
            self.set(*param, parts.clone());
        }
        let aheads =
            if is_tail { self.first_inverses(label, params, function.region(body)) } else { Vec::new() };
        let looks = self.first_looks(params, body, &mask);
        self.looks_around.push((looks, mask.clone()));
        let (head, turn_end) = (self.asm.label(), self.asm.label());
        let around = self.turn_end.replace(if is_tail { exit } else { turn_end });
        self.depth += 1;
        self.code.push(Inst::LoopStart);
        self.code.push(Inst::Bind(head));
        // Local arrays are too much to take along.
        let diverges = self.function.locals.is_empty() && self.diverges(body);
        self.poll(&mask, diverges, exit);
        if !is_tail {
            self.write_masks(&arrived, false);
        }
        self.targets.push(Target {
            label,
            values: params.to_vec(),
            registers: pending.clone(),
            arrived: Some(arrived.clone()),
            is_tail,
            is_fresh: false,
            place: None,
        });
        self.mask = Some(mask.clone());
        self.is_mask_known = true;
        self.owns_mask = true;
        let inverses = self.next_inverses(&aheads);
        self.statements(body);
        match &function.region(body).end {
            // Nothing of a loop's body yields.
            End::Yield(_) => {}
            End::Branch(to, values) => self.branch(*to, values),
            End::Loop { label, params, initial, body } => self.run_loop(*label, params, initial, *body),
        }
        self.targets.pop();
        self.looks_around.pop();
        inverses.into_iter().for_each(|(inverse, next)| self.write(inverse, Wide, next));
        if !is_tail {
            self.code.push(Inst::Bind(turn_end));
            for (param, (parts, pending)) in params.iter().zip(registers.iter().zip(&pending)) {
                let size = self.size_of(*param);
                self.parts_of(*param).for_each(|part| self.write(parts[part], size, pending[part]));
            }
            mask.iter().zip(&arrived).for_each(|(to, from)| self.write_mask(*to, *from));
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
        self.owns_mask = false;
        self.mask = Some(self.none());
    }

    /// Gives the driver its turn now and then. Lanes of a loop that they leave at different times may be others afterwards.
    pub(super) fn poll(&mut self, mask: &[V], diverges: bool, exit: Place) {
        let spent = self.asm.label();
        self.code.push(Inst::JumpIfSpent(spent));
        self.code.push(Inst::ColdStart(spent));
        if diverges {
            for (part, mask) in mask.iter().enumerate() {
                self.code.push(Inst::Asking { mask: Some(*mask), part: part as u8, one: false });
            }
        }
        self.code.push(Inst::Poll { mask: mask.into(), diverges });
        if diverges {
            // Those of the loops around are needed when no lane is left in this one, too.
            self.remake_looks();
            self.code.push(Inst::JumpIfMovedAway(exit));
        }
        self.code.push(Inst::ColdEnd);
    }

    /// Whether lanes may leave a turn of a loop, or the loop, while others stay.
    fn diverges(&self, id: RegionId) -> bool {
        self.function.region(id).stmts.iter().any(|stmt| {
            let leaves = |child: RegionId| !self.facts.escapes[child.index()].is_empty();
            let here = match stmt {
                Stmt::If { condition, then, otherwise, .. } => {
                    !self.facts.uniform[condition.index()] && (leaves(*then) || leaves(*otherwise))
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
}
