//! Instructions that nobody needs: lowering makes doubles and integers of an element, and the body may want one of them.

use super::inst::{Inst, V};

/// Takes out what only writes a register that nothing reads. `count` registers are in use.
pub(super) fn prune(mut code: Vec<Inst>, count: usize) -> Vec<Inst> {
    let mut reads = vec![0_u32; count];
    code.iter().for_each(|inst| inst.uses(|v| reads[v.index()] += 1));
    let mut is_needed = vec![true; code.len()];
    // From the end, so that what is read only by what is taken out goes too.
    for (inst, is_needed) in code.iter().zip(&mut is_needed).rev() {
        let is_read = |v: V| reads[v.index()] > 0;
        if inst.only_writes() && inst.def().is_some_and(|v| !is_read(v)) {
            inst.uses(|v| reads[v.index()] -= 1);
            *is_needed = false;
        }
    }
    let mut is_needed = is_needed.into_iter();
    code.retain(|_| is_needed.next() == Some(true));
    code
}
