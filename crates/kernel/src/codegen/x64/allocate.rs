//! Registers for virtual registers: a linear scan, of intervals with holes.
//!
//! [`Flow`] says where each virtual register is live. Registers are given out in the order in which they become so; one is free that holds
//! nothing else at these places, whatever it holds in between. Where there is none, what counts least is put into the frame: each of its
//! uses reads the frame, and each instruction that writes it is followed by a store. Then the scan begins anew. (C. Wimmer and H. Mössenböck,
//! *Optimized interval splitting in a linear scan register allocator*, 2005, has the holes; nothing is split here.)
//!
//! [`check`](super::checker::check) proves the result without knowing how it came about.

use super::asm::Vreg;
use super::checker::check;
use super::flow::{Flow, Operands, Span, are_apart};
use super::inst::{Inst, Src, USED_UP, V, Vector, with_depth};
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

/// A virtual register that is live somewhere.
#[derive(Clone, Copy, Debug)]
struct Interval {
    v: V,
    /// What it costs to have it in the frame, for each place at which it is live.
    value: f32,
    /// Where it is live for the first and for the last time.
    start: u32,
    end: u32,
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
        let mut rules = Self { machine, says_lanes: vec![false; count as usize], is_used_up: false };
        if machine.has_masks() {
            for inst in code {
                inst.lanes().into_iter().for_each(|mask| rules.says_lanes[mask.index()] = true);
                rules.is_used_up |= inst.uses_up_a_mask();
            }
        }
        rules
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
        let operands = Operands::of(&code, count, slots);
        let flow = Flow::of(&code, &operands);
        let intervals = intervals(&operands, &flow, first_tiny);
        let rules = Rules::of(&code, count, machine);
        match Scan::new(&flow, &rules, code.len(), count).run(&intervals) {
            Ok(registers) => {
                debug_assert_eq!(check(&code, &registers), Ok(()));
                let kept = kept(&code, &flow, &intervals, (&registers, &in_slots));
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

/// In the order in which they become live, which is that in which instructions name them.
fn intervals(operands: &Operands, flow: &Flow, first_tiny: u32) -> Vec<Interval> {
    let of = |v: &V| {
        let spans = flow.spans(v.index());
        let (start, end) = (spans.first()?.start, spans.last()?.end);
        // The longer it lives, the more others it makes room for.
        let places: u32 = spans.iter().map(|span| span.end - span.start).sum();
        let is_tiny = v.index() as u32 >= first_tiny;
        let value = if is_tiny { f32::INFINITY } else { operands.weights[v.index()] / (places + 1) as f32 };
        Some(Interval { v: *v, value, start, end })
    };
    operands.named.iter().filter_map(of).collect()
}

/// The places at which registers are taken: a bit for each, of one register after the other.
struct Taken {
    bits: Vec<u64>,
    /// Of each register.
    words: usize,
}

impl Taken {
    const WORD: u32 = u64::BITS;

    fn new(registers: usize, places: usize) -> Self {
        let words = places.div_ceil(Self::WORD as usize);
        Self { bits: vec![0; registers * words], words }
    }

    /// The words of a span, and its bits in each.
    fn words(span: Span) -> impl Iterator<Item = (usize, u64)> {
        let (first, last) = (span.start / Self::WORD, (span.end - 1) / Self::WORD);
        (first..=last).map(move |word| {
            let from = if word == first { span.start % Self::WORD } else { 0 };
            let to = if word == last { (span.end - 1) % Self::WORD } else { Self::WORD - 1 };
            (word as usize, u64::MAX << from & u64::MAX >> (Self::WORD - 1 - to))
        })
    }

    fn is_free(&self, register: usize, spans: &[Span]) -> bool {
        let of_register = &self.bits[register * self.words..][..self.words];
        spans.iter().all(|span| Self::words(*span).all(|(word, bits)| of_register[word] & bits == 0))
    }

    fn flip(&mut self, register: usize, spans: &[Span]) {
        let of_register = &mut self.bits[register * self.words..][..self.words];
        for (word, bits) in spans.iter().flat_map(|span| Self::words(*span)) {
            of_register[word] ^= bits;
        }
    }
}

/// The numbers of the bits that are set.
struct Bits(u32);

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros() as usize;
        let is_any = self.0 != 0;
        self.0 &= self.0.wrapping_sub(1);
        is_any.then_some(bit)
    }
}

/// Registers that are given out.
struct Scan<'a> {
    flow: &'a Flow,
    rules: &'a Rules,
    registers: Vec<Vreg>,
    taken: [Taken; KINDS],
    /// Up to where what was given to each register last is live without a hole: it is not free before.
    busy: [[u32; REGISTERS]; KINDS],
    /// Those that each register holds, or will hold again; and some that are over.
    held: [Vec<Vec<Interval>>; KINDS],
    spilled: Vec<V>,
}

impl<'a> Scan<'a> {
    fn new(flow: &'a Flow, rules: &'a Rules, len: usize, count: u32) -> Self {
        let machine = rules.machine;
        let of_kind = [machine.free_registers(), machine.free_masks(), machine.free_generals()];
        let of_kind = of_kind.map(|free| (u32::BITS - free.leading_zeros()) as usize);
        Self {
            flow,
            rules,
            registers: vec![Vreg(0); count as usize],
            taken: of_kind.map(|many| Taken::new(many, 2 * len)),
            busy: [[0; REGISTERS]; KINDS],
            held: of_kind.map(|many| vec![Vec::new(); many]),
            spilled: Vec::new(),
        }
    }

    /// A register for each, or those that are to be put into the frame.
    fn run(mut self, intervals: &[Interval]) -> Result<Vec<Vreg>, Vec<V>> {
        for interval in intervals {
            if let Some(register) = self.register_for(interval) {
                let kind = kind_of(interval.v);
                self.registers[interval.v.index()] = Vreg(register as u8);
                let spans = self.flow.spans(interval.v.index());
                self.taken[kind].flip(register, spans);
                self.busy[kind][register] = spans[0].end;
                let held = &mut self.held[kind][register];
                if held.len() == held.capacity() {
                    held.retain(|other| other.end > interval.start);
                }
                held.push(*interval);
            } else {
                self.spilled.push(interval.v);
            }
        }
        if self.spilled.is_empty() { Ok(self.registers) } else { Err(self.spilled) }
    }

    /// One that is free for all of an interval, or is made free by putting others into the frame that count less.
    fn register_for(&mut self, interval: &Interval) -> Option<usize> {
        let (kind, spans) = (kind_of(interval.v), self.flow.spans(interval.v.index()));
        let allowed = self.rules.allowed(interval.v);
        let is_free = |register: usize| {
            self.busy[kind][register] <= interval.start && self.taken[kind].is_free(register, spans)
        };
        if let Some(free) = Bits(allowed).find(|register| is_free(*register)) {
            return Some(free);
        }
        for register in Bits(allowed) {
            self.held[kind][register].retain(|other| other.end > interval.start);
        }
        let in_the_way = |other: &&Interval| !are_apart(self.flow.spans(other.v.index()), spans);
        let costs = Bits(allowed).map(|register| {
            let held = self.held[kind][register].iter().filter(in_the_way);
            (held.map(|other| other.value).fold(0.0, f32::max), register)
        });
        let (cost, register) = costs.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        if interval.value <= cost {
            return None;
        }
        let (leave, stay): (Vec<_>, Vec<_>) =
            self.held[kind][register].iter().copied().partition(|other| in_the_way(&other));
        self.held[kind][register] = stay;
        for other in leave {
            self.taken[kind].flip(register, self.flow.spans(other.v.index()));
            self.spilled.push(other.v);
        }
        Some(register)
    }
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

fn kept(
    code: &[Inst],
    flow: &Flow,
    intervals: &[Interval],
    (registers, slots): (&[Vreg], &[(V, u32)]),
) -> Map<usize, Kept> {
    let turns = code.iter().enumerate().filter(|(_, inst)| inst.gives_turn());
    turns
        .map(|(at, _)| {
            let here = 2 * at as u32;
            let is_live = |variable: usize| {
                flow.spans(variable).iter().any(|span| span.start < here && span.end > here)
            };
            let live = intervals.iter().filter(|interval| is_live(interval.v.index()));
            let kept = live.map(|live| (live.v, registers[live.v.index()])).collect();
            let slots = slots.iter().filter(|(_, slot)| is_live(registers.len() + *slot as usize)).copied();
            (at, Kept { registers: kept, slots: slots.collect() })
        })
        .collect()
}

/// How many instructions in loops read or write slots, those of vectors twice: a mask is moved without ado. What is out of the way does not
/// count.
fn reloads(code: &[Inst]) -> usize {
    with_depth(code)
        .filter(|(_, depth)| depth.loops > 0 && depth.cold == 0)
        .map(|(inst, _)| match inst {
            Inst::Reload { dst: v, .. } | Inst::Spill { src: v, .. } => {
                if v.is_mask() {
                    1
                } else {
                    2
                }
            }
            _ => 0,
        })
        .sum()
}
