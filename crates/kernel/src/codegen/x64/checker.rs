//! What the allocator has done, proved without knowing how it came about.

use std::collections::HashSet;

use super::allocate::{KINDS, REGISTERS, kind_of};
use super::asm::Vreg;
use super::inst::{Inst, USED_UP, V};

/// Follows the code and what is in each register, as far as it can be known by going through it once: each read finds what was
/// written last to the virtual register that it names.
pub(super) fn check(code: &[Inst], registers: &[Vreg]) -> Result<(), String> {
    let mut holds = [None; KINDS * REGISTERS];
    let place = |v: V| REGISTERS * kind_of(v) + usize::from(registers[v.index()].0);
    // What no instruction before has written is never looked at: a block that no lane leaves has results.
    let mut written = HashSet::new();
    // What a loop must find at its end as at its start.
    let mut loops: Vec<[Option<V>; KINDS * REGISTERS]> = Vec::new();
    for (at, inst) in code.iter().enumerate() {
        let mut wrong = None;
        inst.uses(|v| {
            let found = holds[place(v)];
            if found != Some(v) && written.contains(&v) {
                wrong = Some(format!("{at}: {inst:?} reads {v:?}, and its register holds {found:?}"));
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if inst.lanes().is_some_and(|mask| registers[mask.index()].0 == 0) {
            return Err(format!("{at}: {inst:?} has the mask that stands for all lanes"));
        }
        if inst.uses_up_a_mask() {
            holds[REGISTERS + usize::from(USED_UP)] = None;
        }
        match inst {
            Inst::LoopStart | Inst::GroupStart => loops.push(holds),
            Inst::LoopEnd | Inst::GroupEnd => {
                let start = loops.pop().ok_or("a loop ends that has not begun")?;
                // What the loop reads and has not written before must still be there: see below.
                let changed: Vec<V> =
                    start.iter().zip(&holds).filter(|(a, b)| a != b).filter_map(|(a, _)| *a).collect();
                if let Some(v) = first_read_of_outside(&code[..at], &changed) {
                    return Err(format!("{at}: a turn of the loop leaves nothing of {v:?}"));
                }
            }
            _ => {}
        }
        if let Some(v) = inst.def() {
            if inst.writes_early() {
                let mut clash = false;
                inst.uses(|other| clash |= other != v && place(other) == place(v));
                if clash {
                    return Err(format!("{at}: {inst:?} overwrites what it reads"));
                }
            }
            holds[place(v)] = Some(v);
            written.insert(v);
        }
    }
    Ok(())
}

/// The first of these that the last loop of the code reads before it writes it.
fn first_read_of_outside(code: &[Inst], values: &[V]) -> Option<V> {
    let mut depth = 1;
    let start = code.iter().rposition(|inst| {
        match inst {
            Inst::LoopEnd | Inst::GroupEnd => depth += 1,
            Inst::LoopStart | Inst::GroupStart => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let mut written: Vec<V> = Vec::new();
    let mut found = None;
    for inst in &code[start..] {
        inst.uses(|v| {
            if values.contains(&v) && !written.contains(&v) {
                found = found.or(Some(v));
            }
        });
        written.extend(inst.def());
    }
    found
}
