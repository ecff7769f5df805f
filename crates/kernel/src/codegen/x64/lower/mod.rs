//! From the IR to instructions: four lanes to a vector, some vectors side by side.
//!
//! Every value has one vector in each *part*. Parts are independent of each other, and the processor works on all of them at once, where
//! one alone would leave it waiting for results.
//!
//! ```text
//! f64    four doubles           i32    four integers, in the lower half           bool   four masks of 64 bits: all set, or none
//! ```
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
mod locals;
mod loops;
mod memory;
mod ops;
mod stores;

use std::collections::{BTreeSet, HashMap};

use super::asm::{Assembler, Label as Place, Length, Vex};
use super::frame::{self, Kind};
use super::inst::{Form, Inst, Src, V, Vector};
use crate::analysis::{integer_values, uniform_values};
use crate::codegen::{Question, Unsupported};
use crate::ir::{Const, Element, End, Function, Label, Op, RegionId, Stmt, Type, Value};

use Length::{L128, L256};
use facts::{definitions, find_escapes, has_stores, only_zero, supported};

/// Code for a function, without registers.
pub(super) struct Lowered {
    pub(super) code: Vec<Inst>,
    /// How many virtual registers there are.
    pub(super) count: u32,
    /// Has given out the labels.
    pub(super) asm: Assembler,
    /// What it asks its driver, by number.
    pub(super) questions: Vec<Question>,
    /// What is in each virtual register, and of which part.
    pub(super) kinds: Vec<(Kind, u8)>,
}

/// One vector for each part.
type Parts = Box<[V]>;

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
}

pub(super) struct Lowering<'a> {
    function: &'a Function,
    /// What is in memory for each array.
    elements: &'a [Element],
    parts: usize,
    code: Vec<Inst>,
    count: u32,
    asm: Assembler,
    places: Vec<Home>,
    uniform: Vec<bool>,
    /// The labels that each region branches to and that are not its own.
    escapes: Vec<BTreeSet<u32>>,
    targets: Vec<Target>,
    questions: Vec<Question>,
    kinds: Vec<(Kind, u8)>,
    mask: Mask,
    /// How many loops are around.
    depth: usize,
    /// Of the innermost loop: where to go when no lane is left in a turn.
    turn_end: Option<Place>,
    /// Whether some lane of the mask is known to be set.
    is_mask_known: bool,
    has_stores: bool,
    /// Where each value is made, if by an operation: the region, and the number of the statement.
    definitions: Vec<Option<(u32, u32)>>,
    integers: Vec<bool>,
    /// Values of which nobody asks more than whether they are 0.
    only_zero: Vec<bool>,
    /// What ToInt32 makes of values that were loaded as integers.
    integers_of: HashMap<Value, Parts>,
}

/// Makes code that works on `parts` vectors at a time.
pub(super) fn lower(function: &Function, elements: &[Element], parts: usize) -> Result<Lowered, Unsupported> {
    supported(function, elements)?;
    let mut escapes = vec![BTreeSet::new(); function.regions.len()];
    find_escapes(function, function.entry, &mut escapes);
    let mut lowering = Lowering {
        function,
        elements,
        parts,
        code: Vec::new(),
        count: 0,
        asm: Assembler::new(),
        places: vec![Home::Nowhere; function.values.len()],
        uniform: uniform_values(function),
        escapes,
        targets: Vec::new(),
        questions: Vec::new(),
        kinds: Vec::new(),
        mask: None,
        depth: 0,
        turn_end: None,
        is_mask_known: false,
        has_stores: has_stores(function),
        definitions: definitions(function),
        integers: integer_values(function),
        only_zero: only_zero(function),
        integers_of: HashMap::new(),
    };
    lowering.entry();
    Ok(Lowered {
        code: lowering.code,
        count: lowering.count,
        asm: lowering.asm,
        questions: lowering.questions,
        kinds: lowering.kinds,
    })
}

impl Lowering<'_> {
    fn entry(&mut self) {
        if self.has_stores {
            let mask: Parts = (0..self.parts).map(|part| self.load_list(frame::LANE_MASK, part)).collect();
            self.are_parts(&mask);
            self.mask = Some(mask);
        }
        self.clear_locals();
        let entry = self.function.entry;
        self.statements(entry);
        if let End::Yield(values) = &self.function.region(entry).end
            && let Some(value) = values.first()
        {
            for part in 0..self.parts {
                let src = self.as_double(*value, part);
                self.code.push(Inst::StoreOut { src, part: part as u8 });
            }
        }
    }

    fn as_double(&mut self, value: Value, part: usize) -> V {
        match self.function.ty(value) {
            Type::F64 => self.v(value, part),
            Type::I32 => {
                let src = self.v(value, part);
                self.rm(Vex::VCVTDQ2PD, L256, src)
            }
            Type::Bool => {
                let mask = self.v(value, part);
                self.vrm(Vex::VANDPD, L256, mask, Src::f64(1.0))
            }
        }
    }

    // --- registers ---

    fn fresh(&mut self) -> V {
        self.count += 1;
        self.kinds.push((Kind::Wide, frame::NO_PART));
        V(self.count - 1)
    }

    fn fresh_parts(&mut self) -> Parts {
        let parts: Parts = (0..self.parts).map(|_| self.fresh()).collect();
        self.are_parts(&parts);
        parts
    }

    /// Each is of the part of its number.
    fn are_parts(&mut self, parts: &[V]) {
        for (part, v) in parts.iter().enumerate() {
            self.kinds[v.index()].1 = part as u8;
        }
    }

    fn is_of_kind(&mut self, parts: &[V], value: Value) {
        let kind = match self.function.ty(value) {
            _ if self.uniform[value.index()] => Kind::Uniform,
            Type::I32 => Kind::Narrow,
            _ => Kind::Wide,
        };
        for (part, v) in parts.iter().enumerate() {
            self.kinds[v.index()] = (kind, part as u8);
        }
    }

    /// How many different registers a value has: one, if it is the same for all lanes.
    fn parts_of(&self, value: Value) -> usize {
        if self.uniform[value.index()] { 1 } else { self.parts }
    }

    fn parts_for(&mut self, value: Value) -> Parts {
        let parts = if self.uniform[value.index()] {
            let v = self.fresh();
            vec![v; self.parts].into()
        } else {
            self.fresh_parts()
        };
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
        let length = self.length(value);
        match self.src(value, part) {
            Src::V(v) => v,
            src => self.rm(Vex::VMOVUPD, length, src),
        }
    }

    fn length(&self, value: Value) -> Length {
        if self.function.ty(value) == Type::I32 { L128 } else { L256 }
    }

    fn constant_of(&self, value: Value) -> Option<f64> {
        match (&self.places[value.index()], self.function.ty(value)) {
            (Home::Same(Src::Const(lanes)), Type::F64) => Some(f64::from_bits(lanes[0])),
            _ => None,
        }
    }

    fn i32_constant_of(&self, value: Value) -> Option<i32> {
        match (&self.places[value.index()], self.function.ty(value)) {
            (Home::Same(Src::Const(lanes)), Type::I32) => Some(lanes[0] as u32 as i32),
            _ => None,
        }
    }

    fn constant(constant: Const) -> Src {
        match constant {
            Const::F64(bits) => Src::bits(bits),
            Const::I32(value) => Src::i32(value),
            Const::Bool(value) => Src::bits(if value { u64::MAX } else { 0 }),
        }
    }

    // --- instructions ---

    fn push(
        &mut self,
        form: Form,
        op: Vex,
        length: Length,
        operands: (Option<V>, Option<Src>, Option<V>),
        imm: u8,
    ) -> V {
        let dst = self.fresh();
        let (a, b, c) = operands;
        self.code.push(Inst::Vector(Vector { form, op, length, dst, a, b, c, imm }));
        dst
    }

    fn vrm(&mut self, op: Vex, length: Length, a: V, b: impl Into<Src>) -> V {
        self.push(Form::Vrm, op, length, (Some(a), Some(b.into()), None), 0)
    }

    fn vrmi(&mut self, op: Vex, length: Length, a: V, b: impl Into<Src>, imm: u8) -> V {
        self.push(Form::Vrmi, op, length, (Some(a), Some(b.into()), None), imm)
    }

    fn rm(&mut self, op: Vex, length: Length, b: impl Into<Src>) -> V {
        self.push(Form::Rm, op, length, (None, Some(b.into()), None), 0)
    }

    fn rmi(&mut self, op: Vex, length: Length, b: impl Into<Src>, imm: u8) -> V {
        self.push(Form::Rmi, op, length, (None, Some(b.into()), None), imm)
    }

    fn mri(&mut self, op: Vex, a: V, imm: u8) -> V {
        self.push(Form::Mri, op, L256, (Some(a), None, None), imm)
    }

    /// For each lane of 64 bits, `b` where the mask is set and `a` elsewhere.
    fn blend(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        self.push(Form::Vrmv, Vex::VBLENDVPD, L256, (Some(a), Some(b.into()), Some(mask)), 0)
    }

    /// The same into a register that is there.
    fn write(&mut self, dst: V, length: Length, src: impl Into<Src>) {
        let b = Some(src.into());
        self.code.push(Inst::Vector(Vector {
            form: Form::Rm,
            op: Vex::VMOVUPD,
            length,
            dst,
            a: None,
            b,
            c: None,
            imm: 0,
        }));
    }

    fn load_list(&mut self, list: u8, part: usize) -> V {
        let dst = self.fresh();
        self.code.push(Inst::LoadList { dst, list, part: part as u8 });
        dst
    }

    fn zero(&mut self) -> V {
        self.rm(Vex::VMOVUPD, L256, Src::bits(0))
    }
}
