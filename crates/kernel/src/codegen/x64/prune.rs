//! Instructions that nobody needs: lowering makes doubles and integers of an element, and the body may want one of them.

use super::inst::{Inst, V};

/// Takes out what only writes a register that nothing reads. `count` registers are in use.
pub(super) fn prune(code: Vec<Inst>, count: u32) -> Vec<Inst> {
    let mut reads = vec![0_u32; count as usize];
    code.iter().for_each(|inst| inst.uses(|v| reads[v.index()] += 1));
    let mut kept: Vec<Inst> = Vec::with_capacity(code.len());
    // From the end, so that what is read only by what is taken out goes too.
    for inst in code.into_iter().rev() {
        let is_needed = |v: V| reads[v.index()] > 0;
        if inst.only_writes() && inst.def().is_some_and(|v| !is_needed(v)) {
            inst.uses(|v| reads[v.index()] -= 1);
        } else {
            kept.push(inst);
        }
    }
    kept.reverse();
    kept
}
