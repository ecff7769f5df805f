//! What takes long and is the same in all turns of a loop is computed once, before it.
//!
//! ```text
//! loop k = 2                     r = sqrt n
//!   r = sqrt n                   loop k = 2
//!   if k > r: leave        →       if k > r: leave
//!   …                              …
//! ```
//!
//! Operations never fail, and loads beyond an array's ends are NaN: nobody can see that one is done before a loop that does not come to
//! it. Operations that are cheaper than keeping their result stay where they are, unless one that takes long needs them.
//!
//! A load is the same in all turns if nothing in the loop stores. Another thread may: then a loop that waits for that must look again in
//! each turn. So elements of arrays that are polled stay where they are.

use crate::analysis::polled_arrays;
use crate::ir::{Binary, End, Function, Op, RegionId, Stmt, Unary, Value};

/// Whether an operation has left a loop.
pub(super) fn hoist(function: &mut Function) -> bool {
    if !function.regions.iter().any(|region| matches!(region.end, End::Loop { .. })) {
        return false;
    }
    let is_polled = polled_arrays(function);
    region(function, function.entry, &is_polled)
}

/// The loops inside a region first: what leaves them may leave those around them, too.
fn region(function: &mut Function, id: RegionId, is_polled: &[bool]) -> bool {
    let children: Vec<RegionId> = function.region(id).stmts.iter().flat_map(Function::children).collect();
    let mut changed = false;
    for child in children {
        changed |= region(function, child, is_polled);
    }
    if let End::Loop { body, .. } = function.region(id).end {
        changed |= region(function, body, is_polled);
        changed |= leave_loop(function, id, body, is_polled);
    }
    changed
}

/// What there is in a loop.
struct Inside {
    /// Values that are made in it.
    is_made: Vec<bool>,
    /// It may store, or change elements in one step.
    stores: bool,
    /// The local arrays that it changes.
    locals: Vec<bool>,
}

impl Inside {
    fn look(&mut self, function: &Function, id: RegionId) {
        let region = function.region(id);
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) => {
                    self.makes(&[*value]);
                    self.stores |= matches!(op, Op::Atomic(..));
                }
                Stmt::Store { .. } => self.stores = true,
                Stmt::LocalStore { local, .. } | Stmt::LocalFill { local, .. } => {
                    self.locals[local.index()] = true;
                }
                Stmt::Guard { .. } => {}
                Stmt::Block { results, .. } | Stmt::If { results, .. } => self.makes(results),
            }
            Function::children(stmt).for_each(|child| self.look(function, child));
        }
        if let End::Loop { params, body, .. } = &region.end {
            self.makes(params);
            self.look(function, *body);
        }
    }

    fn makes(&mut self, values: &[Value]) {
        values.iter().for_each(|value| self.is_made[value.index()] = true);
    }
}

/// Moves what can and should leave the loop at the end of a region to before it.
fn leave_loop(function: &mut Function, id: RegionId, body: RegionId, is_polled: &[bool]) -> bool {
    let End::Loop { params, .. } = &function.region(id).end else { return false };
    let mut inside = Inside {
        is_made: vec![false; function.values.len()],
        stores: false,
        locals: vec![false; function.locals.len()],
    };
    inside.makes(params);
    inside.look(function, body);
    // Those that can leave, in their order, each after what it needs.
    let mut candidates = Vec::new();
    find(function, body, &mut inside, is_polled, &mut candidates);
    // Values from outside may be marked, too: they are not in the loop.
    let mut leaves = vec![false; function.values.len()];
    for (value, op) in candidates.iter().rev() {
        leaves[value.index()] |= takes_long(op);
        if leaves[value.index()] {
            op.operands().for_each(|operand| leaves[operand.index()] = true);
        }
    }
    candidates.retain(|(value, _)| leaves[value.index()]);
    if candidates.is_empty() {
        return false;
    }
    remove(function, body, &leaves);
    let moved = candidates.into_iter().map(|(value, op)| Stmt::Let(value, op));
    function.regions[id.index()].stmts.extend(moved);
    true
}

/// Operations that each turn comes to unless it ends before.
fn find(
    function: &Function,
    id: RegionId,
    inside: &mut Inside,
    is_polled: &[bool],
    candidates: &mut Vec<(Value, Op)>,
) {
    for stmt in &function.region(id).stmts {
        match stmt {
            Stmt::Let(value, op) => {
                let is_same = match op {
                    Op::Load(array, _) => !inside.stores && !is_polled[array.index()],
                    Op::LocalLoad(local, _) => !inside.locals[local.index()],
                    _ => op.is_pure(),
                };
                if is_same && op.operands().all(|operand| !inside.is_made[operand.index()]) {
                    inside.is_made[value.index()] = false;
                    candidates.push((*value, op.clone()));
                }
            }
            Stmt::Block { body, .. } => find(function, *body, inside, is_polled, candidates),
            _ => {}
        }
    }
}

/// Removes from where `find` looks.
fn remove(function: &mut Function, id: RegionId, leaves: &[bool]) {
    let mut stmts = std::mem::take(&mut function.regions[id.index()].stmts);
    stmts.retain(|stmt| !matches!(stmt, Stmt::Let(value, _) if leaves[value.index()]));
    for stmt in &stmts {
        if let Stmt::Block { body, .. } = stmt {
            remove(function, *body, leaves);
        }
    }
    function.regions[id.index()].stmts = stmts;
}

/// Whether it is worth a register.
fn takes_long(op: &Op) -> bool {
    match op {
        Op::Call(..) | Op::Load(..) | Op::LocalLoad(..) => true,
        Op::Unary(op, _) => {
            matches!(op, Unary::Sqrt | Unary::Round | Unary::ToHalf | Unary::ToInt32 | Unary::Clz)
        }
        Op::Binary(op, ..) => matches!(op, Binary::Div | Binary::Rem | Binary::Min | Binary::Max),
        _ => false,
    }
}
