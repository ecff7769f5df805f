//! Registers for virtual registers: a linear scan.
//!
//! Each virtual register is live from the first instruction that writes it to the last that uses it; where it is live before a loop and
//! used in it, to the end of the loop. All jumps but those of loops go forward, so that is long enough. Registers are given out in the
//! order in which the intervals start. Where there are not enough, the interval whose uses count least is put into the frame: each of its
//! uses reads the frame, and each instruction that writes it is followed by a store. Then the scan begins anew.
//!
//! [`check`](super::checker::check) proves the result without knowing how it came about.

use super::asm::Vreg;
use super::checker::check;
use super::inst::{Inst, Src, USED_UP, V, Vector};
use super::machine::Machine;
use crate::hash::Map;

/// Registers of a kind, at the most.
pub(in crate::codegen) const REGISTERS: usize = 32;

/// Code, and where each of its virtual registers is.
pub(in crate::codegen) struct Allocated {
    pub(in crate::codegen) code: Vec<Inst>,
    pub(in crate::codegen) registers: Vec<Vreg>,
    /// For each instruction where the driver has its turn, what must be there afterwards.
    pub(in crate::codegen) kept: Map<usize, Kept>,
    /// How many slots of the frame it uses.
    pub(in crate::codegen) slots: u32,
}

/// What is needed later on.
#[derive(Default)]
pub(in crate::codegen) struct Kept {
    pub(in crate::codegen) registers: Vec<(V, Vreg)>,
    /// What is in the frame already, by slot.
    pub(in crate::codegen) slots: Vec<(V, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Interval {
    v: V,
    start: u32,
    end: u32,
    /// What it costs to have it in the frame.
    weight: f32,
}

/// Kinds of registers.
pub(in crate::codegen) const KINDS: usize = 3;

/// Whether it is a vector's (0), a mask's (1), or a general one (2).
pub(in crate::codegen) fn kind_of(v: V) -> usize {
    if v.is_general() { 2 } else { usize::from(v.is_mask()) }
}

/// Which registers may hold what.
struct Rules {
    machine: Machine,
    /// For each virtual register, whether it says which lanes an instruction is about.
    says_lanes: Vec<bool>,
    is_used_up: bool,
}

impl Rules {
    fn of(code: &[Inst], count: u32, machine: Machine) -> Self {
        let mut says_lanes = vec![false; count as usize];
        let mut is_used_up = false;
        if machine.has_masks() {
            code.iter().filter_map(Inst::lanes).for_each(|mask| says_lanes[mask.index()] = true);
            is_used_up = code.iter().any(Inst::uses_up_a_mask);
        }
        Self { machine, says_lanes, is_used_up }
    }

    /// A bit for each register.
    fn allowed(&self, v: V) -> u32 {
        if v.is_general() {
            return self.machine.free_generals();
        }
        if !v.is_mask() {
            return self.machine.free_registers();
        }
        let used_up = if self.is_used_up { 1 << USED_UP } else { 0 };
        self.machine.free_masks() & !used_up & !u32::from(self.says_lanes[v.index()])
    }
}

/// `count` virtual registers are in use. `None` if some instruction needs more than there are, or if more than `most_reloads` instructions in
/// loops would have to read or write slots.
pub(in crate::codegen) fn allocate(
    mut code: Vec<Inst>,
    mut count: u32,
    machine: Machine,
    most_reloads: usize,
) -> Option<Allocated> {
    let mut slots = 0;
    let mut in_slots = Vec::new();
    // From here on: those that live for one instruction only.
    let first_tiny = count;
    loop {
        let intervals = intervals(&code, count, first_tiny);
        let rules = Rules::of(&code, count, machine);
        match scan(&intervals, count, &rules) {
            Ok(registers) => {
                debug_assert_eq!(check(&code, &registers), Ok(()));
                let kept = kept(&code, &intervals, &registers, &in_slots);
                return Some(Allocated { code, registers, kept, slots });
            }
            Err(spilled) => {
                if spilled.iter().any(|v| v.index() as u32 >= first_tiny) {
                    return None;
                }
                (code, count) = spill(code, &spilled, slots, count);
                in_slots.extend(spilled.iter().zip(slots..).map(|(v, slot)| (*v, slot)));
                slots += spilled.len() as u32;
                // They only become more.
                if reloads(&code) > most_reloads {
                    return None;
                }
            }
        }
    }
}

/// In the order in which they start; those that start at the same time, by number.
fn intervals(code: &[Inst], count: u32, first_tiny: u32) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::with_capacity(count as usize);
    // Where that of each register is.
    let mut places = vec![usize::MAX; count as usize];
    let mut weight = 1.0_f32;
    // Cold code may be within other cold code.
    let mut cold = 0;
    for (at, inst) in code.iter().enumerate() {
        let at = 2 * at as u32;
        match inst {
            Inst::LoopStart => weight *= 10.0,
            Inst::LoopEnd => weight /= 10.0,
            Inst::ColdStart(_) => cold += 1,
            Inst::ColdEnd => cold -= 1,
            _ => {}
        }
        let mut touch = |v: V, at: u32| {
            let cost = if v.index() as u32 >= first_tiny {
                f32::INFINITY
            } else if cold > 0 {
                0.01
            } else {
                weight
            };
            let place = &mut places[v.index()];
            if *place == usize::MAX {
                *place = intervals.len();
                intervals.push(Interval { v, start: at, end: at, weight: 0.0 });
            }
            let interval = &mut intervals[*place];
            interval.end = interval.end.max(at);
            interval.weight += cost;
        };
        inst.uses(|v| touch(v, at));
        if let Some(v) = inst.def() {
            if inst.writes_early() {
                touch(v, at);
            }
            touch(v, at + 1);
        }
    }
    extend(&mut intervals, code);
    intervals.sort_unstable_by_key(|interval| (interval.start, interval.v.index()));
    intervals
}

/// What is live before a loop and used in it stays so to its end.
fn extend(intervals: &mut [Interval], code: &[Inst]) {
    let mut open: Vec<u32> = Vec::new();
    // Loops end in the order of their ends: inner ones first.
    for (at, inst) in code.iter().enumerate() {
        let at = 2 * at as u32;
        match inst {
            Inst::LoopStart | Inst::GroupStart => open.push(at),
            Inst::LoopEnd | Inst::GroupEnd => {
                let Some(start) = open.pop() else { continue };
                for interval in &mut *intervals {
                    if interval.start < start && interval.end > start {
                        interval.end = interval.end.max(at);
                    }
                }
            }
            _ => {}
        }
    }
}

/// When the slots of these registers are in use.
fn slot_intervals(code: &[Inst], slots: &[(V, u32)]) -> Vec<Interval> {
    let mut all: Vec<Option<Interval>> = vec![None; slots.len()];
    for (at, inst) in code.iter().enumerate() {
        let at = 2 * at as u32;
        let mut touch = |slot: u32, at: u32| {
            let v = slots[slot as usize].0;
            let interval = all[slot as usize].get_or_insert(Interval { v, start: at, end: at, weight: 0.0 });
            interval.end = interval.end.max(at);
        };
        match inst {
            Inst::Spill { slot, .. } => touch(*slot, at + 1),
            Inst::Reload { slot, .. } | Inst::Vector(Vector { b: Some(Src::Slot(slot)), .. }) => {
                touch(*slot, at);
            }
            _ => {}
        }
    }
    let mut intervals: Vec<Interval> = all.into_iter().flatten().collect();
    extend(&mut intervals, code);
    intervals
}

/// A register for each, or those that are to be put into the frame.
fn scan(intervals: &[Interval], count: u32, rules: &Rules) -> Result<Vec<Vreg>, Vec<V>> {
    let mut registers = vec![Vreg(0); count as usize];
    let machine = rules.machine;
    let mut free: [u32; KINDS] = [machine.free_registers(), machine.free_masks(), machine.free_generals()];
    let mut active: Vec<Interval> = Vec::with_capacity(KINDS * REGISTERS);
    // Until then, all of them live.
    let mut first_end = u32::MAX;
    let mut spilled: Vec<V> = Vec::new();
    for interval in intervals {
        if first_end < interval.start {
            first_end = u32::MAX;
            active.retain(|other| {
                let lives = other.end >= interval.start;
                if lives {
                    first_end = first_end.min(other.end);
                } else {
                    free[kind_of(other.v)] |= 1 << registers[other.v.index()].0;
                }
                lives
            });
        }
        let (kind, allowed) = (kind_of(interval.v), rules.allowed(interval.v));
        if free[kind] & allowed == 0 {
            // The longer it lives, the more others it makes room for.
            let value = |interval: &Interval| interval.weight / (interval.end - interval.start + 1) as f32;
            let (at, least) = active
                .iter()
                .enumerate()
                .filter(|(_, other)| kind_of(other.v) == kind)
                .filter(|(_, other)| allowed & 1 << registers[other.v.index()].0 != 0)
                .min_by(|(_, a), (_, b)| value(a).total_cmp(&value(b)))
                .map(|(at, interval)| (at, *interval))
                .unwrap_or((usize::MAX, *interval));
            if value(interval) <= value(&least) {
                spilled.push(interval.v);
                continue;
            }
            spilled.push(least.v);
            free[kind] |= 1 << registers[least.v.index()].0;
            active.swap_remove(at);
        }
        let register = (free[kind] & allowed).trailing_zeros() as u8;
        debug_assert!(free[kind] & allowed != 0, "one is free");
        free[kind] &= !(1 << register);
        registers[interval.v.index()] = Vreg(register);
        active.push(*interval);
        first_end = first_end.min(interval.end);
    }
    if spilled.is_empty() { Ok(registers) } else { Err(spilled) }
}

/// Puts registers into slots of the frame, from `first_slot` on. New registers get numbers from `count` on.
fn spill(code: Vec<Inst>, spilled: &[V], first_slot: u32, mut count: u32) -> (Vec<Inst>, u32) {
    let mut slots: Vec<Option<u32>> = vec![None; count as usize];
    spilled.iter().zip(first_slot..).for_each(|(v, slot)| slots[v.index()] = Some(slot));
    let slot_of = |v: V| slots[v.index()];
    let mut out = Vec::with_capacity(code.len() + 4 * spilled.len());
    // Each spilled register that an instruction names, what stands for it, and its slot.
    let mut named: Vec<(V, V, u32)> = Vec::new();
    for mut inst in code {
        // The last operand can be read from the frame at once.
        if let Inst::Vector(Vector { b: Some(b), .. }) = &mut inst
            && let Src::V(v) = b
            && !v.is_mask()
            && let Some(slot) = slot_of(*v)
        {
            *b = Src::Slot(slot);
        }
        named.clear();
        let mut name = |v: V| {
            if let Some(slot) = slot_of(v)
                && !named.iter().any(|(other, ..)| *other == v)
            {
                named.push((v, v.renamed(count), slot));
                count += 1;
            }
            named.len()
        };
        let mut reads = 0;
        inst.uses(|v| reads = name(v));
        let def = inst.def().filter(|v| slot_of(*v).is_some());
        def.into_iter().for_each(|v| _ = name(v));
        if named.is_empty() {
            out.push(inst);
            continue;
        }
        let stand_in = |v: V| named.iter().find(|(other, ..)| *other == v).map_or(v, |(_, new, _)| *new);
        inst.map(stand_in, stand_in);
        out.extend(named[..reads].iter().map(|(_, dst, slot)| Inst::Reload { dst: *dst, slot: *slot }));
        out.push(inst);
        let writes = named.iter().filter(|(v, ..)| def == Some(*v));
        out.extend(writes.map(|(_, src, slot)| Inst::Spill { slot: *slot, src: *src }));
    }
    (out, count)
}

fn kept(code: &[Inst], intervals: &[Interval], registers: &[Vreg], slots: &[(V, u32)]) -> Map<usize, Kept> {
    if !code.iter().any(Inst::gives_turn) {
        return Map::default();
    }
    let in_slots = slot_intervals(code, slots);
    let slot_of: Map<V, u32> = slots.iter().copied().collect();
    let turns = code.iter().enumerate().filter(|(_, inst)| inst.gives_turn());
    turns
        .map(|(at, _)| {
            let here = 2 * at as u32;
            let is_live = |interval: &&Interval| interval.start < here && interval.end > here;
            let registers = intervals.iter().filter(is_live).map(|live| (live.v, registers[live.v.index()]));
            let slots = in_slots.iter().filter(is_live).map(|live| (live.v, slot_of[&live.v]));
            (at, Kept { registers: registers.collect(), slots: slots.collect() })
        })
        .collect()
}

/// How many instructions in loops read or write slots, those of vectors twice: a mask is moved without ado. What is out of the way does not
/// count.
fn reloads(code: &[Inst]) -> usize {
    let (mut depth, mut cold) = (0, 0);
    let mut count = 0;
    for inst in code {
        match inst {
            Inst::LoopStart => depth += 1,
            Inst::LoopEnd => depth -= 1,
            Inst::ColdStart(_) => cold += 1,
            Inst::ColdEnd => cold -= 1,
            _ if cold > 0 => {}
            Inst::Reload { dst: v, .. } | Inst::Spill { src: v, .. } if depth > 0 => {
                count += if v.is_mask() { 1 } else { 2 };
            }
            _ => {}
        }
    }
    count
}
