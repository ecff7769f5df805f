//! Short ifs become selections: both sides are computed, and one is taken.
//!
//! Nothing that an if guards can be seen when it is computed in vain: operations never fail, and loads beyond an array's ends are
//! NaN. So this is a matter of speed alone: a vector engine computes two short sides faster than it parts its lanes.

use super::prune::compact_regions;
use crate::ir::{Const, End, Function, Op, RegionId, Stmt, Value};

/// Operations of both sides together that are cheaper than parting lanes.
const MAX_OPERATIONS: usize = 12;

/// Whether an if was replaced.
pub(super) fn select(function: &mut Function) -> bool {
    let mut changed = false;
    for number in 0..function.regions.len() {
        let id = RegionId(number as u32);
        let is_short_if = |stmt: &Stmt| matches!(stmt, Stmt::If { then, otherwise, .. } if is_short(function, *then, *otherwise));
        if !function.region(id).stmts.iter().any(is_short_if) {
            continue;
        }
        let stmts = std::mem::take(&mut function.regions[id.index()].stmts);
        let mut flat = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            match &stmt {
                Stmt::If { condition, results, then, otherwise } if is_short(function, *then, *otherwise) => {
                    let [yes, no] = [*then, *otherwise].map(|side| take(function, side));
                    flat.extend(yes.0);
                    flat.extend(no.0);
                    for ((result, a), b) in results.iter().zip(yes.1).zip(no.1) {
                        flat.push(Stmt::Let(*result, Op::Select(*condition, a, b)));
                    }
                    changed = true;
                }
                _ => flat.push(stmt),
            }
        }
        function.regions[id.index()].stmts = flat;
    }
    if changed {
        compact_regions(function);
    }
    changed
}

fn take(function: &mut Function, id: RegionId) -> (Vec<Stmt>, Vec<Value>) {
    let region = &mut function.regions[id.index()];
    let stmts = std::mem::take(&mut region.stmts);
    let End::Yield(values) = std::mem::replace(&mut region.end, End::Yield(Vec::new())) else {
        unreachable!("a short side yields")
    };
    (stmts, values)
}

fn is_short(function: &Function, then: RegionId, otherwise: RegionId) -> bool {
    let mut operations = 0;
    for side in [then, otherwise] {
        let region = function.region(side);
        if !matches!(region.end, End::Yield(_)) {
            return false;
        }
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(_, Op::Const(Const::F64(_) | Const::I32(_) | Const::Bool(_))) => {}
                Stmt::Let(_, op) if !op.has_effect() && !matches!(op, Op::Call(..)) => operations += 1,
                _ => return false,
            }
        }
    }
    operations <= MAX_OPERATIONS
}
