//! From the IR to instructions: some lanes to a vector, some vectors side by side.
//!
//! Every value has one vector in each *part*. Parts are independent of each other, and the processor works on all of them at once, where
//! one alone would leave it waiting for results.
//!
//! ```text
//! f64    doubles           i32    as many integers, in the lower half           bool   a mask
//! ```
//!
//! Integers of 32 bits may be in *pairs* instead: one vector for those of two parts, which costs as much as one for those of one. See
//! [`pairs`].
//!
//! Lanes that part ways go on together, and a *mask* says which of them take part: a region runs if any lane does. Values of lanes that
//! do not are computed too, and nobody looks at them; only stores, and what a block is left with, ask for the mask. The structure of
//! the IR says where lanes meet again:
//!
//! - after an `if`, those that yielded in one of its regions,
//! - after a block, those that branched to it: all that came in, unless some have branched further out,
//! - at the beginning of a loop, those that branched to it in the turn before.

mod arrivals;
mod ask;
mod control;
mod convert;
mod division;
mod facts;
mod flags;
mod general;
mod indices;
mod inverses;
mod leave;
mod locals;
mod looks;
mod loops;
mod masks;
mod memory;
mod multiples;
mod ops;
mod pairs;
mod parts;
mod quick;
mod runs;
mod scalar;
mod stores;
mod sum;
mod wanted;
mod whole;

use std::collections::BTreeSet;

use super::asm::{Assembler, Label as Place, Vex};
use super::frame::{self, Kind};
use super::inst::{Form, Inst, Size, Src, V, Vector};
use super::machine::Machine;
use crate::codegen::{Question, Unsupported};
use crate::hash::Map;
use crate::ir::{Const, Element, End, Function, Label, Op, Region, RegionId, Stmt, Type, Value};

use Size::{Narrow, Wide};
pub(super) use facts::Facts;
use looks::Look;
pub(super) use pairs::has_integers;
use parts::Parts;
use quick::QuickRun;
use wanted::Wanted;
pub(in crate::codegen) use wanted::worth_granting;

/// Code for a function, without registers.
pub(super) struct Lowered {
    pub(super) code: Vec<Inst>,
    /// Has given out the labels.
    pub(super) asm: Assembler,
    /// What it asks its driver, by number.
    pub(super) questions: Vec<Question>,
    /// What is in each virtual register, and of which part.
    pub(super) kinds: Vec<(Kind, u8)>,
    /// Whether it can add up what the function returns.
    pub(super) adds_up: bool,
    /// Whether one index at a time may be faster than several side by side.
    pub(super) may_lose: bool,
    /// Whether integers of 32 bits are in pairs.
    pub(super) in_pairs: bool,
    /// Whether there is something that can be made before lanes leave.
    pub(super) may_hurry: bool,
}

/// How code is to be made.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) machine: Machine,
    /// Vectors side by side.
    pub(super) parts: usize,
    /// Integers of 32 bits of two parts are in one vector.
    pub(super) in_pairs: bool,
    /// What comes after lanes leave a loop is made before, where it can be.
    pub(super) hurries: bool,
}

/// Where a value is.
#[derive(Clone)]
enum Home {
    Nowhere,
    Same(Src),
    Registers(Parts),
}

/// The lanes that take part; `None` if all do.
type Mask = Option<Parts>;

/// A block or a loop that is open.
struct Target {
    label: Label,
    /// The values that branches to it bring.
    values: Vec<Value>,
    /// Where they are put.
    registers: Vec<Parts>,
    /// The lanes that have arrived, if somebody asks.
    arrived: Option<Parts>,
    /// Of a loop: whether the only branch to it is the end of its body, so that nothing runs after it in a turn.
    is_tail: bool,
    /// Nothing is where values are put yet, so that the first to come need not care for other lanes.
    is_fresh: bool,
    /// Where a branch jumps to, of code for one index.
    place: Option<Place>,
}

pub(super) struct Lowering<'a> {
    function: &'a Function,
    facts: &'a Facts,
    /// What is in memory for each array.
    elements: &'a [Element],
    machine: Machine,
    parts: usize,
    in_pairs: bool,
    code: Vec<Inst>,
    count: u32,
    asm: Assembler,
    places: Vec<Home>,
    targets: Vec<Target>,
    questions: Vec<Question>,
    kinds: Vec<(Kind, u8)>,
    mask: Mask,
    /// Those of the group that stand for an index.
    all_there: Mask,
    /// How many loops are around.
    depth: usize,
    /// Of the innermost loop: where to go when no lane is left in a turn.
    turn_end: Option<Place>,
    /// Whether some lane of the mask is known to be set.
    is_mask_known: bool,
    /// Whether nobody else looks at the registers of the mask from here on, so that it can be changed in place.
    owns_mask: bool,
    adds_up: bool,
    /// There are loops, atomic operations, or elements here and there.
    may_lose: bool,
    /// What ToInt32 makes of values that were loaded as integers.
    integers_of: Map<Value, Parts>,
    /// Of conditions that are comparisons of pairs, the masks for pairs.
    pair_masks: Map<Value, Parts>,
    /// Doubles that are integers, and where they are as such.
    wanted: Wanted,
    generals: Vec<Option<V>>,
    /// Of divisors of the loops around, those that are known.
    inverses: Map<Value, V>,
    /// Conditions by which lanes leave a loop, for which there is one look for all parts.
    looks: Map<Value, Look>,
    /// Those of the loops around, and the lanes of each loop.
    looks_around: Vec<(Vec<Look>, Parts)>,
    /// Those, and what they are about: made only when lanes may leave.
    put_off: BTreeSet<Value>,
    makes_quick_runs: bool,
    /// Where a run that takes elements for granted goes if one is not there.
    no_element: Option<Place>,
    quick_runs: Vec<QuickRun>,
    /// Values that are made at the beginning of a turn, for the divisors of the next one.
    made_ahead: BTreeSet<Value>,
    /// What follows a condition by which lanes leave is made before it, where it can be.
    hurries: bool,
    may_hurry: bool,
}

/// Makes code of a function. The facts are those of it, and of the machine.
pub(super) fn lower(
    function: &Function,
    elements: &[Element],
    facts: &Facts,
    plan: Plan,
) -> Result<Lowered, Unsupported> {
    let with = |makes_quick_runs| lower_with(function, elements, facts, plan, makes_quick_runs);
    with(true).or_else(|| with(false)).ok_or(Unsupported::TooLarge)
}

/// The same without facts, of the machine of the plan.
#[cfg(test)]
pub(super) fn lower_alone(
    function: &Function,
    elements: &[Element],
    plan: Plan,
) -> Result<Lowered, Unsupported> {
    lower(function, elements, &Facts::of(function, elements, plan.machine, None)?, plan)
}

/// `None` if a run that takes elements for granted cannot be one.
fn lower_with(
    function: &Function,
    elements: &[Element],
    facts: &Facts,
    Plan { machine, parts, in_pairs, hurries }: Plan,
    makes_quick_runs: bool,
) -> Option<Lowered> {
    // For most functions, what is made of a value is about that many instructions.
    let room = 2 * parts * function.values.len();
    let mut lowering = Lowering {
        function,
        facts,
        elements,
        machine,
        parts,
        in_pairs,
        code: Vec::with_capacity(room),
        count: 0,
        asm: if machine.has_masks() { Assembler::evex_encoded() } else { Assembler::new() },
        places: vec![Home::Nowhere; function.values.len()],
        targets: Vec::new(),
        questions: Vec::new(),
        kinds: Vec::with_capacity(room),
        mask: None,
        all_there: None,
        depth: 0,
        turn_end: None,
        is_mask_known: false,
        owns_mask: false,
        adds_up: false,
        may_lose: false,
        integers_of: Map::default(),
        pair_masks: Map::default(),
        wanted: facts.wanted.clone(),
        generals: vec![None; function.values.len()],
        inverses: Map::default(),
        looks: Map::default(),
        looks_around: Vec::new(),
        put_off: BTreeSet::new(),
        makes_quick_runs,
        no_element: None,
        quick_runs: Vec::new(),
        made_ahead: BTreeSet::new(),
        hurries,
        may_hurry: false,
    };
    lowering.entry();
    let is_sound = lowering.settle_quick_runs();
    debug_assert!(is_sound, "a value of a run that is read elsewhere");
    is_sound.then_some(Lowered {
        code: lowering.code,
        asm: lowering.asm,
        questions: lowering.questions,
        kinds: lowering.kinds,
        adds_up: lowering.adds_up,
        may_lose: lowering.may_lose,
        in_pairs,
        may_hurry: lowering.may_hurry,
    })
}

impl Lowering<'_> {
    fn entry(&mut self) {
        self.code.push(Inst::GroupStart);
        let after = self.group();
        self.code.push(Inst::GroupEnd);
        self.code.extend(after);
    }

    /// For one group of lanes. Returns what is to follow the last one.
    fn group(&mut self) -> Vec<Inst> {
        // One index at a time is always there.
        if self.facts.has_stores && !self.machine.is_scalar() {
            let mask: Parts = (0..self.parts).map(|part| self.load_mask(part)).collect();
            self.are_parts(&mask);
            self.mask = Some(mask.clone());
            self.all_there = Some(mask);
        }
        self.clear_locals();
        let entry = self.function.entry;
        self.statements(entry);
        if let End::Yield(values) = &self.function.region(entry).end
            && let Some(value) = values.first()
        {
            let values: Vec<V> = (0..self.parts).map(|part| self.as_double(*value, part)).collect();
            for (part, src) in values.iter().enumerate() {
                self.code.push(Inst::StoreOut { src: *src, part: part as u8 });
            }
            self.adds_up = !self.machine.is_scalar() && self.waits_for_divider();
            if self.adds_up {
                return self.add_up(&values);
            }
        }
        Vec::new()
    }

    fn as_double(&mut self, value: Value, part: usize) -> V {
        match self.function.ty(value) {
            Type::F64 => self.v(value, part),
            Type::I32 => {
                let src = self.half_of(value, part);
                if self.machine.is_scalar() {
                    return self.double(Narrow, src);
                }
                self.rm(Vex::VCVTDQ2PD, Wide, src)
            }
            Type::Bool if self.machine.is_scalar() => self.double_of_condition(value),
            Type::Bool => {
                let mask = self.v(value, part);
                self.kept(Src::f64(1.0), mask)
            }
        }
    }

    // --- registers ---

    #[inline(never)]
    fn fresh(&mut self) -> V {
        self.count += 1;
        self.kinds.push((Kind::Wide, frame::NO_PART));
        V::vector(self.count - 1)
    }

    fn fresh_mask(&mut self) -> V {
        let vector = self.fresh();
        if self.machine.has_masks() { V::mask(self.count - 1) } else { vector }
    }

    /// Each is of the part of its number.
    fn are_parts(&mut self, parts: &[V]) {
        for (part, v) in parts.iter().enumerate() {
            self.kinds[v.index()].1 = part as u8;
        }
    }

    fn is_of_kind(&mut self, parts: &[V], value: Value) {
        let kind = match self.function.ty(value) {
            _ if self.facts.uniform[value.index()] => Kind::Uniform,
            Type::I32 if self.in_pairs => Kind::Pair,
            Type::I32 => Kind::Narrow,
            _ => Kind::Wide,
        };
        for part in self.parts_of(value) {
            self.kinds[parts[part].index()] = (kind, part as u8);
        }
    }

    /// The parts for which a value has a register of its own: the first, if it is the same for all lanes; the first of each pair.
    fn parts_of(&self, value: Value) -> impl Iterator<Item = usize> + use<> {
        let (count, step) = match self.function.ty(value) {
            _ if self.facts.uniform[value.index()] => (1, 1),
            Type::I32 if self.in_pairs => (self.parts, 2),
            _ => (self.parts, 1),
        };
        (0..count).step_by(step)
    }

    fn parts_for(&mut self, value: Value) -> Parts {
        let ty = self.function.ty(value);
        let fresh = |this: &mut Self| match ty {
            _ if this.is_flag(value) => this.fresh_general(),
            Type::Bool => this.fresh_mask(),
            _ if this.is_general(ty) || this.wanted.is_carried[value.index()] => this.fresh_general(),
            _ => this.fresh(),
        };
        let registers: Parts = self.parts_of(value).map(|_| fresh(self)).collect();
        let each = self.parts / registers.len();
        let parts: Parts = (0..self.parts).map(|part| registers[part / each]).collect();
        self.is_of_kind(&parts, value);
        parts
    }

    fn set(&mut self, value: Value, parts: impl Into<Parts>) {
        let parts = parts.into();
        self.is_of_kind(&parts, value);
        self.places[value.index()] = Home::Registers(parts);
    }

    /// The last operand of an instruction.
    fn src(&self, value: Value, part: usize) -> Src {
        match &self.places[value.index()] {
            Home::Registers(parts) => Src::V(parts[part]),
            Home::Same(src) => *src,
            // Of code that no lane comes to.
            Home::Nowhere => Src::bits(0),
        }
    }

    /// A register that holds a value.
    fn v(&mut self, value: Value, part: usize) -> V {
        match (self.src(value, part), self.function.ty(value)) {
            (Src::V(v), _) => v,
            (src, Type::Bool) => {
                let mask = self.fresh_mask();
                self.write_mask(mask, src);
                mask
            }
            (src, ty) if self.is_general(ty) => {
                let dst = self.fresh_general();
                self.write_general(dst, Narrow, src);
                dst
            }
            (src, _) => self.rm(Vex::VMOVUPD, self.size_of(value), src),
        }
    }

    fn size_of(&self, value: Value) -> Size {
        if self.function.ty(value) == Type::I32 { self.of_integers() } else { Wide }
    }

    fn constant_of(&self, value: Value) -> Option<f64> {
        match (&self.places[value.index()], self.function.ty(value)) {
            (Home::Same(Src::Bits(lane)), Type::F64) => Some(f64::from_bits(*lane)),
            _ => None,
        }
    }

    fn i32_constant_of(&self, value: Value) -> Option<i32> {
        match (&self.places[value.index()], self.function.ty(value)) {
            (Home::Same(Src::Bits(lane)), Type::I32) => Some(*lane as u32 as i32),
            _ => None,
        }
    }

    fn constant(constant: Const) -> Src {
        match constant {
            Const::F64(bits) => Src::bits(bits),
            Const::I32(value) => Src::i32(value),
            Const::Bool(value) => masks::all_or_none(value),
        }
    }

    // --- instructions ---

    fn push(
        &mut self,
        form: Form,
        op: Vex,
        size: Size,
        operands: (Option<V>, Option<Src>, Option<V>),
        imm: u8,
    ) -> V {
        let dst = self.fresh();
        self.vector(dst, form, op, size, operands, imm);
        dst
    }

    /// Into a register that is there.
    #[inline(never)]
    fn vector(
        &mut self,
        dst: V,
        form: Form,
        op: Vex,
        size: Size,
        (a, b, c): (Option<V>, Option<Src>, Option<V>),
        imm: u8,
    ) {
        self.code.push(Inst::Vector(Vector { form, op, size, dst, a, b, c, imm }));
    }

    fn vrm(&mut self, op: Vex, size: Size, a: V, b: impl Into<Src>) -> V {
        self.push(Form::Vrm, op, size, (Some(a), Some(b.into()), None), 0)
    }

    fn vrmi(&mut self, op: Vex, size: Size, a: V, b: impl Into<Src>, imm: u8) -> V {
        self.push(Form::Vrmi, op, size, (Some(a), Some(b.into()), None), imm)
    }

    fn rm(&mut self, op: Vex, size: Size, b: impl Into<Src>) -> V {
        self.push(Form::Rm, op, size, (None, Some(b.into()), None), 0)
    }

    fn rmi(&mut self, op: Vex, size: Size, b: impl Into<Src>, imm: u8) -> V {
        self.push(Form::Rmi, op, size, (None, Some(b.into()), None), imm)
    }

    fn mri(&mut self, op: Vex, a: V, imm: u8) -> V {
        self.push(Form::Mri, op, Wide, (Some(a), None, None), imm)
    }

    /// A copy into a register that is there.
    fn write(&mut self, dst: V, size: Size, src: impl Into<Src>) {
        let src = src.into();
        if dst.is_mask() {
            return self.write_mask(dst, src);
        }
        if dst.is_general() {
            return self.write_general(dst, size, src);
        }
        self.vector(dst, Form::Rm, Vex::VMOVUPD, size, (None, Some(src), None), 0);
    }

    fn copy(&mut self, size: Size, v: V) -> V {
        if v.is_mask() {
            let copy = self.fresh_mask();
            self.write_mask(copy, v);
            return copy;
        }
        if v.is_general() {
            let dst = self.fresh_general();
            self.write_general(dst, size, Src::V(v));
            return dst;
        }
        self.rm(Vex::VMOVUPD, size, v)
    }

    fn load_list(&mut self, list: u8, part: usize) -> V {
        let dst = self.fresh();
        self.code.push(Inst::LoadList { dst, list, part: part as u8 });
        dst
    }

    /// The lanes that there are.
    fn load_mask(&mut self, part: usize) -> V {
        let lanes = self.load_list(frame::LANE_MASK, part);
        if !self.machine.has_masks() {
            return lanes;
        }
        let mask = self.fresh_mask();
        self.vector(mask, Form::Rm, Vex::VPMOVQ2M, Wide, (None, Some(lanes.into()), None), 0);
        mask
    }

    fn zero(&mut self) -> V {
        self.rm(Vex::VMOVUPD, Wide, Src::bits(0))
    }
}
