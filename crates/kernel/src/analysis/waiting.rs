//! Whether indices may wait for each other.

use crate::ir::{End, Function, Op, RegionId, Stmt, Value};

use super::RegionUses;

/// Whether what a loop does depends on what an atomic operation in it has returned, as in a loop that takes a lock: an index that has
/// the lock has to go on before another one gets it, and must not stand still until the other is through its loop.
///
/// `uses` is that of the function.
pub fn may_wait(function: &Function, uses: &[RegionUses]) -> bool {
    visit(function, uses, function.entry, false)
}

fn visit(function: &Function, uses: &[RegionUses], id: RegionId, is_in_loop: bool) -> bool {
    let region = function.region(id);
    let waits = |(number, stmt): (usize, &Stmt)| match stmt {
        Stmt::Let(value, Op::Atomic(..)) => is_in_loop && is_used(*value, &uses[id.index()], number),
        _ => Function::children(stmt).any(|child| visit(function, uses, child, is_in_loop)),
    };
    region.stmts.iter().enumerate().any(waits)
        || matches!(region.end, End::Loop { body, .. } if visit(function, uses, body, true))
}

/// Whether anything uses a value that this statement of the region defines.
fn is_used(value: Value, uses: &RegionUses, number: usize) -> bool {
    !uses.dead_after[number].contains(&value)
}
