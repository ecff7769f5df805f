//! Machine code for x64 processors.

pub(super) mod allocate;
pub mod asm;
#[cfg(test)]
mod asm_tests;
mod checker;
mod emit;
pub(super) mod frame;
mod general;
pub(super) mod inst;
mod lower;
pub(super) mod machine;
mod prune;
mod sink;
pub(super) mod turn;

use super::{Question, Unsupported, a64};
use crate::analysis::Granted;
use crate::ir::{Element, Function};
use allocate::allocate;
use lower::lower;
pub(super) use lower::worth_granting;
pub use machine::Machine;

/// Code as bytes, and what it needs.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    /// Vectors that it works on at a time.
    pub(super) parts: usize,
    /// Slots of its frame.
    pub(super) slots: u32,
    pub(super) questions: Vec<Question>,
    pub(super) turns: Vec<frame::Turn>,
    /// How long a turn of a loop takes at the most, in instructions or so.
    pub(super) weight: usize,
    /// Whether it can add up what the function returns.
    pub(super) adds_up: bool,
    /// Whether one index at a time may be faster than several side by side.
    pub(super) may_lose: bool,
}

/// For so many instructions in loops, one more that reads or writes a mask in the frame is accepted for more vectors side by side; for
/// twice as many, one of a vector.
const MOST_RELOADS: usize = 4;

fn in_loops(code: &[inst::Inst]) -> impl Iterator<Item = &inst::Inst> {
    let mut depth = 0;
    code.iter().filter(move |inst| {
        match inst {
            inst::Inst::LoopStart => depth += 1,
            inst::Inst::LoopEnd => depth -= 1,
            _ => {}
        }
        depth > 0
    })
}

/// What the driver is asked for takes as long as so many instructions.
const ANSWER: usize = 1000;

/// Atomic operations of a vector, if nobody else works on the same memory.
const ATOMIC: usize = 50;

/// How long an instruction takes, in simple ones.
fn weight(inst: &inst::Inst) -> usize {
    match inst {
        inst::Inst::Ask(_) => ANSWER,
        inst::Inst::Atomic { .. } => ATOMIC,
        inst::Inst::FillLocal { local, .. } => local.len as usize,
        _ => 1,
    }
}

/// Makes code for a function that `verify` accepts.
pub(super) fn compile(
    function: &Function,
    elements: &[Element],
    machine: Machine,
    granted: Option<&Granted>,
) -> Result<Made, Unsupported> {
    // As many vectors side by side as there are registers for: those that would take turns in the frame gain little.
    let parts: &[usize] = if machine.is_scalar() { &[1] } else { &[4, 2, 1] };
    for &parts in parts {
        let mut lowered = lower(function, elements, machine, parts, granted)?;
        let code = sink::sink(prune::prune(lowered.code, lowered.count), &mut lowered.kinds);
        let count = in_loops(&code).count();
        let Some(allocated) = allocate(code, lowered.kinds.len() as u32, machine) else { continue };
        if parts > 1 && MOST_RELOADS * allocated.reloads > count {
            continue;
        }
        let weight = in_loops(&allocated.code).map(weight).sum();
        let (labels, kinds) = (lowered.asm.labels(), &lowered.kinds);
        // What makes code for another processor is nowhere but in tests.
        let made = if machine.is_neon() {
            let is_here = cfg!(any(test, target_arch = "aarch64"));
            is_here.then(|| a64::emit(labels, &allocated, kinds, machine, parts as u8)).flatten()
        } else {
            let is_here = cfg!(any(test, target_arch = "x86_64"));
            is_here.then(|| emit::emit(lowered.asm, &allocated, kinds, machine, parts as u8))
        };
        let Some((bytes, turns)) = made else { continue };
        let locals: u32 = function.locals.iter().map(|local| local.len).sum();
        let (slots, questions) = (allocated.slots + locals * parts as u32, lowered.questions);
        let (adds_up, may_lose) = (lowered.adds_up, lowered.may_lose);
        return Ok(Made { bytes, parts, slots, questions, turns, weight, adds_up, may_lose });
    }
    Err(Unsupported::TooLarge)
}
