//! Lanes that leave a turn of a loop.

use super::{End, Function, Home, Inst, Lowering, Op, Parts, Place, RegionId, Stmt, V, Value};

/// An `if` by which lanes leave a turn of a loop.
pub(super) struct Leaving {
    /// What those do that leave.
    side: RegionId,
    /// What the condition is for those.
    pub(super) when: bool,
    /// The lanes of the turn.
    pub(super) mask: Parts,
    /// Where to go when none is left.
    turn_end: Place,
}

impl Lowering<'_> {
    /// Whether all that an `if` does is that lanes leave a turn, and the mask is there to be changed.
    pub(super) fn leaving(
        &self,
        condition: Value,
        results: &[Value],
        then: RegionId,
        otherwise: RegionId,
    ) -> Option<Leaving> {
        let is_known = matches!(self.places[condition.index()], Home::Same(_));
        let may_change = self.facts.uniform[condition.index()] || self.owns_mask;
        let (mask, turn_end) = (self.mask.clone()?, self.turn_end?);
        if is_known || !may_change || !results.is_empty() {
            return None;
        }
        let (side, when) = side_that_leaves(self.function, then, otherwise)?;
        Some(Leaving { side, when, mask, turn_end })
    }

    /// Lanes leave a turn, and in most turns none does. So all that it takes is out of the way, but for the look whether one does.
    pub(super) fn leave_in_passing(&mut self, condition: Value, leaving: &Leaving) {
        let is_uniform = self.facts.uniform[condition.index()];
        // In passing, nobody looks whether a lane is left: they may all have moved to other fibers, from a loop within this turn.
        let is_known = self.is_mask_known;
        let cold = self.asm.label();
        let leave = if is_uniform {
            let condition = self.v(condition, 0);
            self.code.push(Inst::JumpIf { any: leaving.when, mask: condition, label: cold });
            leaving.mask.clone()
        } else {
            let leave = self.those_that_leave(condition, leaving);
            self.jump_if(true, &leave, cold);
            leave
        };
        self.code.push(Inst::ColdStart(cold));
        self.leave(leaving, &leave, is_uniform);
        self.code.push(Inst::ColdEnd);
        self.is_mask_known = is_known;
    }

    /// The lanes for which a condition is as it is for those that leave.
    pub(super) fn those_that_leave(&mut self, condition: Value, leaving: &Leaving) -> Parts {
        let conditions: Vec<V> = (0..self.parts).map(|part| self.v(condition, part)).collect();
        self.each(&leaving.mask, &conditions, |this, mask, condition| {
            if leaving.when { this.both(mask, condition) } else { this.without(mask, condition) }
        })
    }

    /// Lets lanes leave, `all` of the turn or some, and goes on with the others if there are any.
    pub(super) fn leave(&mut self, leaving: &Leaving, lanes: &Parts, all: bool) {
        let Leaving { side, mask, turn_end, .. } = leaving;
        let owns_mask = std::mem::take(&mut self.owns_mask);
        self.mask = Some(lanes.clone());
        let mut nowhere = self.arrival(&[]);
        self.region(*side, &mut nowhere);
        if all {
            self.code.push(Inst::Jump(*turn_end));
        } else {
            mask.iter().zip(lanes).for_each(|(mask, leave)| self.remove_lanes(*mask, *leave));
            self.jump_if(false, mask, *turn_end);
        }
        self.owns_mask = owns_mask;
        self.mask = Some(mask.clone());
    }

    /// Goes on with the next turn when no lane is left in this one.
    pub(super) fn leave_turn_if_none(&mut self) {
        if let (Some(label), Some(mask)) = (self.turn_end, self.mask.clone()) {
            self.jump_if(false, &mask, label);
            self.is_mask_known = true;
        }
    }
}

/// The side of an `if` that does nothing but leave, if the other one does nothing, and what the condition is for it.
pub(super) fn side_that_leaves(
    function: &Function,
    then: RegionId,
    otherwise: RegionId,
) -> Option<(RegionId, bool)> {
    let is_empty = |id: RegionId| {
        let region = function.region(id);
        region.stmts.is_empty() && matches!(region.end, End::Yield(_))
    };
    let only_branches = |id: RegionId| {
        let region = function.region(id);
        let is_const = |stmt: &Stmt| matches!(stmt, Stmt::Let(_, Op::Const(_)));
        region.stmts.iter().all(is_const) && matches!(region.end, End::Branch(..))
    };
    if only_branches(then) && is_empty(otherwise) {
        Some((then, true))
    } else {
        (is_empty(then) && only_branches(otherwise)).then_some((otherwise, false))
    }
}
