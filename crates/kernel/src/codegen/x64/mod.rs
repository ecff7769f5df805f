//! Machine code for x64 processors.

pub(super) mod allocate;
pub mod asm;
#[cfg(test)]
mod asm_tests;
mod checker;
mod checks;
mod coalesce;
mod copies;
mod emit;
mod flow;
pub(super) mod frame;
mod general;
pub(super) mod inst;
mod jumps;
mod lower;
pub(super) mod machine;
mod prune;
mod sink;
#[cfg(test)]
mod testing;
pub(super) mod turn;

use super::{Question, Unsupported, a64};
use crate::analysis::Granted;
use crate::ir::{Element, Function};
use allocate::{Allocated, allocate};
use inst::{Inst, Step, steps, with_depth};
pub(super) use lower::worth_granting;
use lower::{Facts, Lowered, Plan, lower};
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
    /// Whether it reads lists after the driver may have had a turn.
    pub(super) reads_lists_late: bool,
    /// How long a turn of a loop takes at the most, in instructions or so.
    pub(super) weight: usize,
    /// Whether it can add up what the function returns.
    pub(super) adds_up: bool,
    /// Whether one index at a time may be faster than several side by side.
    pub(super) may_lose: bool,
    /// Whether integers of 32 bits of two vectors are in one.
    pub(super) in_pairs: bool,
}

/// For so many instructions in loops, one more that reads or writes a mask in the frame is accepted for more vectors side by side; for
/// twice as many, one of a vector.
const MOST_RELOADS: usize = 4;

fn in_loops(code: &[Inst]) -> impl Iterator<Item = &Inst> {
    with_depth(code).filter(|(_, depth)| depth.loops > 0).map(|(inst, _)| inst)
}

/// What the driver is asked for takes as long as so many instructions.
const ANSWER: usize = 1000;

/// Atomic operations of a vector, if nobody else works on the same memory.
const ATOMIC: usize = 50;

/// How long an instruction takes, in simple ones.
fn weight(inst: &Inst) -> usize {
    match inst {
        Inst::Ask(_) => ANSWER,
        Inst::Atomic { .. } => ATOMIC,
        Inst::FillLocal { local, .. } => local.len as usize,
        _ => 1,
    }
}

/// Code of which nothing is left that nobody needs, in which what only cold code needs is there, and what loops carry is made in place.
fn lowered(
    function: &Function,
    elements: &[Element],
    facts: &Facts,
    plan: Plan,
) -> Result<Lowered, Unsupported> {
    let mut lowered = lower(function, elements, facts, plan)?;
    let code = checks::together(lowered.code, &mut lowered.kinds);
    let code = sink::sink(prune::prune(code, lowered.kinds.len()), &mut lowered.kinds);
    lowered.code = coalesce::coalesce(code, lowered.kinds.len());
    Ok(lowered)
}

/// So many turns a loop makes, to compare ways to make code of a function; and so many loops in loops count.
const TURNS: u64 = 10;
const MOST_DEPTH: u32 = 8;

/// How long code takes, in instructions, of what is not cold.
fn cost(code: &[Inst]) -> u64 {
    let mut depth = 0_u32;
    let of = |step: Step<'_>| {
        let Step::Inst(inst, _) = step else { return 0 };
        match inst {
            Inst::LoopStart => depth += 1,
            Inst::LoopEnd => depth -= 1,
            _ => {}
        }
        let instructions = match inst {
            Inst::Bind(_) => 0,
            // Masks are looked at by general instructions, or by more than one.
            Inst::JumpIf { mask, .. } if mask.is_mask() => 2,
            Inst::JumpIf { .. } | Inst::JumpIfAny { .. } => 3,
            _ => 1,
        };
        instructions * TURNS.pow(depth.min(MOST_DEPTH))
    };
    steps(code, 0).map(of).sum()
}

/// Registers for code that works on so many vectors side by side, if there are enough for them.
fn allocated(mut lowered: Lowered, machine: Machine, parts: usize) -> Option<(Lowered, Allocated)> {
    let code = std::mem::take(&mut lowered.code);
    let mut code = copies::without_copies(code, &lowered.kinds);
    if machine.is_scalar() {
        code = jumps::straightened(code);
    }
    let most_reloads = if parts == 1 { usize::MAX } else { in_loops(&code).count() / MOST_RELOADS };
    let allocated = allocate(code, lowered.kinds.len() as u32, machine, most_reloads)?;
    Some((lowered, allocated))
}

/// Makes code for a function that `verify` accepts, with so many vectors side by side at the most.
pub(super) fn compile(
    function: &Function,
    elements: &[Element],
    machine: Machine,
    granted: Option<&Granted>,
    most_parts: usize,
) -> Result<Made, Unsupported> {
    // As many as there are registers for: those that would take turns in the frame gain little.
    let most_parts = if machine.is_scalar() { 1 } else { most_parts };
    let may_pair = !machine.is_scalar() && !machine.is_neon() && lower::has_integers(function);
    let facts = Facts::of(function, elements, machine, granted)?;
    for parts in [4, 2, 1].into_iter().filter(|parts| *parts <= most_parts) {
        let way = |in_pairs, hurries| {
            lowered(function, elements, &facts, Plan { machine, parts, in_pairs, hurries })
        };
        let mut ways = vec![way(false, false)?];
        if may_pair && parts > 1 {
            ways.push(way(true, false)?);
            ways.sort_by_cached_key(|lowered| cost(&lowered.code));
        }
        let (in_pairs, may_hurry) = (ways[0].in_pairs, ways[0].may_hurry && parts > 1);
        let mut fitting = ways.into_iter().find_map(|lowered| allocated(lowered, machine, parts));
        if fitting.is_none() && may_hurry {
            fitting = allocated(way(in_pairs, true)?, machine, parts);
        }
        let Some((lowered, allocated)) = fitting else { continue };
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
        let reads_lists_late =
            allocated.code.iter().skip_while(|inst| !inst.gives_turn()).any(Inst::reads_lists);
        let Lowered { adds_up, may_lose, in_pairs, .. } = lowered;
        return Ok(Made {
            bytes,
            parts,
            slots,
            questions,
            turns,
            reads_lists_late,
            weight,
            adds_up,
            may_lose,
            in_pairs,
        });
    }
    Err(Unsupported::TooLarge)
}
