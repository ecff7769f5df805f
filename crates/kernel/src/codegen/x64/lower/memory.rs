//! Elements of arrays.
//!
//! An element is read or written by one instruction for each lane, unless the indices of a part are consecutive and all of them
//! are elements: then by one for all. Where the index is that of the range, plus or minus a constant, that is known but for the ends;
//! otherwise it is looked at.

use allcores_machine::Element;

use super::{Inst, Lowering, Narrow, Parts, Size, Src, V, Value, Vex, Wide};
use crate::codegen::x64::asm::Extend;
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Bound, Elements, LaneLoad, MOST_LANES, Scratch, Spot};
use crate::ir::{ArrayId, Binary, Op, Stmt, Type, Unary};

/// Where the elements of a part go.
struct Loaded {
    double: V,
    /// As integers; 0 where there is no element.
    integer: Option<V>,
}

/// The indices of a part.
pub(super) struct Index {
    pub(super) lanes: V,
    /// Whether they are integers, if they are numbers at all.
    pub(super) is_integer: bool,
    /// The same as integers of 32 bits, if they were that.
    integers: Option<V>,
}

/// Operations that are looked at to find out what an index is.
pub(super) const MOST_LOOKED_AT: u32 = 32;

/// From one lane to the next.
const STEPS: [u64; MOST_LANES] = [
    0,
    0x3ff0_0000_0000_0000,
    0x4000_0000_0000_0000,
    0x4008_0000_0000_0000,
    0x4010_0000_0000_0000,
    0x4014_0000_0000_0000,
    0x4018_0000_0000_0000,
    0x401c_0000_0000_0000,
];

impl Index {
    /// Integers, if they are numbers at all.
    pub(super) const fn of_integers(lanes: V) -> Self {
        Self { lanes, is_integer: true, integers: None }
    }
}

impl Lowering<'_> {
    /// Where in the inputs the record of an array is.
    pub(super) fn record(&self, array: ArrayId) -> i32 {
        frame::INPUT * self.function.scalars.len() as i32 + frame::RECORD * array.index() as i32
    }

    pub(super) fn elements(&self, array: ArrayId) -> Elements {
        let size = self.element(array).size();
        Elements { record: self.record(array), scale: size.trailing_zeros() as u8 }
    }

    pub(super) fn element(&self, array: ArrayId) -> Element {
        self.elements[array.index()]
    }

    fn len(&self, array: ArrayId) -> Src {
        Src::Input(self.record(array) + frame::RECORD_LANES)
    }

    /// An index as doubles.
    pub(super) fn index(&mut self, index: Value, part: usize) -> Index {
        let v = self.half_of(index, part);
        if self.function.ty(index) == Type::I32 {
            if self.machine.is_scalar() {
                return Index::of_integers(self.double(Narrow, v));
            }
            return Index { lanes: self.rm(Vex::VCVTDQ2PD, Wide, v), is_integer: true, integers: Some(v) };
        }
        Index { lanes: v, is_integer: self.facts.integers[index.index()], integers: None }
    }

    pub(super) fn in_bounds(&mut self, array: ArrayId, index: &Index) -> V {
        let len = self.len(array);
        self.is_index(index.lanes, len, index.is_integer)
    }

    /// How far an index goes from one lane to the next, as far as that can be seen: a hint.
    pub(super) fn step(&self, value: Value) -> Option<f64> {
        self.step_within(value, &mut { MOST_LOOKED_AT })
    }

    /// `left` operations may be looked at: of `x + x`, where `x` is `y + y`, and so on, there is no end otherwise.
    fn step_within(&self, value: Value, left: &mut u32) -> Option<f64> {
        *left = left.checked_sub(1)?;
        if self.facts.uniform[value.index()] {
            return Some(0.0);
        }
        match self.definition(value)? {
            Op::Index(dimension) => Some(f64::from(u8::from(*dimension + 1 == self.function.indices))),
            Op::Unary(
                Unary::Floor
                | Unary::Trunc
                | Unary::Ceil
                | Unary::Round
                | Unary::ToInt32
                | Unary::FromInt32
                | Unary::FromUint32,
                a,
            ) => self.step_within(*a, left),
            Op::Binary(Binary::Add | Binary::IAdd, a, b) => {
                Some(self.step_within(*a, left)? + self.step_within(*b, left)?)
            }
            Op::Binary(Binary::Sub | Binary::ISub, a, b) => {
                Some(self.step_within(*a, left)? - self.step_within(*b, left)?)
            }
            Op::Binary(Binary::Mul, a, b) => match (self.constant_of(*a), self.constant_of(*b)) {
                (_, Some(factor)) => Some(self.step_within(*a, left)? * factor),
                (Some(factor), _) => Some(self.step_within(*b, left)? * factor),
                // Of neither is the factor known, unless both are the same for all lanes.
                _ => {
                    let steps = (self.step_within(*a, left)?, self.step_within(*b, left)?);
                    (steps == (0.0, 0.0)).then_some(0.0)
                }
            },
            // `x | 0`, `x >>> 0`
            Op::Binary(Binary::Or | Binary::Shr | Binary::Sar, a, b)
                if self.i32_constant_of(*b) == Some(0) =>
            {
                self.step_within(*a, left)
            }
            _ => None,
        }
    }

    /// The constant `c` if a value is the index of a range of one dimension plus `c`. It leaves room for the lanes of a group.
    pub(super) fn offset(&self, value: Value) -> Option<i32> {
        self.offset_within(value, MOST_LOOKED_AT)
    }

    fn offset_within(&self, value: Value, left: u32) -> Option<i32> {
        let left = left.checked_sub(1)?;
        if self.function.indices != 1 {
            return None;
        }
        let small = |c: f64| (c.abs() < 1e6 && c.trunc() == c).then_some(c as i32);
        match self.definition(value)? {
            Op::Index(_) => Some(0),
            Op::Binary(Binary::Add, a, b) => {
                let (value, constant) = match (self.constant_of(*a), self.constant_of(*b)) {
                    (None, Some(constant)) => (*a, constant),
                    (Some(constant), None) => (*b, constant),
                    _ => return None,
                };
                small(f64::from(self.offset_within(value, left)?) + constant)
            }
            Op::Binary(Binary::Sub, a, b) => {
                small(f64::from(self.offset_within(*a, left)?) - self.constant_of(*b)?)
            }
            _ => None,
        }
    }

    pub(super) fn definition(&self, value: Value) -> Option<&Op> {
        self.facts.definitions[value.index()].map(|(region, number)| {
            match &self.function.regions[region as usize].stmts[number as usize] {
                Stmt::Let(_, op) => op,
                _ => unreachable!("a definition"),
            }
        })
    }

    /// The element is the same for all lanes.
    pub(super) fn load_uniform(&mut self, array: ArrayId, index: Value) -> V {
        let index = self.index(index, 0);
        let elements = self.elements(array);
        let dst = self.fresh();
        let none = self.asm.label();
        if !index.is_integer {
            let is_element = self.in_bounds(array, &index);
            self.code.push(Inst::JumpUnlessAll { mask: is_element, label: none });
        }
        let (index, bound) = (index.lanes, Bound::Array(elements));
        self.code.push(Inst::ElementNumber { bound, index, temp: None, label: none });
        let how = self.how(array);
        self.code.push(Inst::LoadUniform { dst, elements, how });
        self.code.push(Inst::ColdStart(none));
        self.write(dst, Wide, Src::f64(f64::NAN));
        self.code.push(Inst::ColdEnd);
        dst
    }

    pub(super) fn how(&self, array: ArrayId) -> LaneLoad {
        match self.element(array) {
            Element::Float64 => LaneLoad::Bits,
            Element::Float32 => LaneLoad::Single,
            Element::Int32 => LaneLoad::Integer(Extend::Movsxd),
            Element::Uint32 => LaneLoad::Integer(Extend::Mov32),
            Element::Int16 => LaneLoad::Integer(Extend::Movsx16),
            Element::Uint16 => LaneLoad::Integer(Extend::Movzx16),
            Element::Int8 => LaneLoad::Integer(Extend::Movsx8),
            Element::Uint8 | Element::Uint8Clamped => LaneLoad::Integer(Extend::Movzx8),
            Element::Float16 | Element::BigInt64 | Element::BigUint64 => unreachable!("not supported"),
        }
    }

    /// NaN where the index is not that of an element.
    pub(super) fn load(&mut self, value: Value, array: ArrayId, index: Value) -> Parts {
        let run = self.run(index);
        let is_run = run.is_some() || self.step(index) == Some(1.0);
        self.may_lose |= !is_run;
        // ToInt32 of integers gives them back: then there is no way over doubles.
        let as_integers = !matches!(self.element(array), Element::Float32 | Element::Float64);
        let to: Vec<Loaded> = (0..self.parts)
            .map(|_| Loaded { double: self.fresh(), integer: as_integers.then(|| self.fresh()) })
            .collect();
        let pairs = (as_integers && self.in_pairs).then(|| self.fresh_integers());
        let indices: Vec<Index> = (0..self.parts).map(|part| self.index(index, part)).collect();
        if let Some(run) = run {
            let scattered = self.asm.label();
            self.enter_run(&run, array, &indices, scattered);
            match &pairs {
                Some(pairs) => self.load_pairs(array, pairs, &to),
                None => to.iter().enumerate().for_each(|(part, dst)| self.load_run(array, part, dst)),
            }
            self.code.push(Inst::ColdStart(scattered));
            for (part, dst) in to.iter().enumerate() {
                self.gather(array, &indices[part], part, dst);
            }
            pairs.iter().for_each(|pairs| self.join_loaded(pairs, &to));
            self.code.push(Inst::ColdEnd);
        } else {
            for (part, dst) in to.iter().enumerate() {
                let index = &indices[part];
                if !is_run {
                    self.gather(array, index, part, dst);
                    continue;
                }
                let scattered = self.asm.label();
                self.consecutive(array, index, scattered);
                self.load_run(array, 0, dst);
                self.code.push(Inst::ColdStart(scattered));
                self.gather(array, index, part, dst);
                self.code.push(Inst::ColdEnd);
            }
            pairs.iter().for_each(|pairs| self.join_loaded(pairs, &to));
        }
        if as_integers {
            let halves: Vec<V> = to.iter().filter_map(|dst| dst.integer).collect();
            let integers = pairs.unwrap_or_else(|| self.integers_from(&halves));
            self.integers_of.insert(value, integers);
        }
        to.into_iter().map(|dst| dst.double).collect()
    }

    /// Elements of all parts of a run, as pairs, and as doubles.
    fn load_pairs(&mut self, array: ArrayId, pairs: &Parts, to: &[Loaded]) {
        let (elements, (op, _)) = (self.elements(array), self.run_op(array));
        let is_signed = self.element(array) != Element::Uint32;
        for (part, two) in (0..self.parts).step_by(2).zip(to.chunks(2)) {
            let pair = pairs[part];
            self.code.push(Inst::LoadRun { dst: pair, elements, part: part as u8, op, size: Wide });
            let doubles = self.doubles_of_pair(pair, is_signed);
            two.iter().zip(doubles).for_each(|(dst, double)| self.write(dst.double, Wide, double));
        }
    }

    /// Makes pairs of what has been loaded for each part.
    fn join_loaded(&mut self, pairs: &Parts, from: &[Loaded]) {
        for (part, two) in (0..self.parts).step_by(2).zip(from.chunks(2)) {
            if let [Loaded { integer: Some(low), .. }, Loaded { integer: Some(high), .. }] = two {
                self.join_into(pairs[part], *low, *high);
            }
        }
    }

    /// Goes to `slow` unless the lanes of a part are consecutive elements. Leaves the number of the first in `rax`, and the address of the array in
    /// `r8`.
    pub(super) fn consecutive(&mut self, array: ArrayId, index: &Index, slow: super::Place) {
        let elements = self.elements(array);
        let Index { lanes, is_integer, .. } = *index;
        let first = self.rm(Vex::VBROADCASTSD, Wide, lanes);
        let expected = self.vrm(Vex::VADDPD, Wide, first, Src::Lanes(&STEPS));
        // 2^53 and 2^53 + 1 are the same, and no elements.
        let mut all = self.equal(lanes, expected);
        if !is_integer {
            let integer = self.rmi(Vex::VROUNDPD, Wide, lanes, 11);
            let whole = self.equal(lanes, integer);
            all = self.both(all, whole);
        }
        self.code.push(Inst::JumpUnlessAll { mask: all, label: slow });
        self.code.push(Inst::ConsecutiveFrom { elements, index: lanes, label: slow });
    }

    /// Of the part of that number, counted from the element in `rax`.
    fn load_run(&mut self, array: ArrayId, part: usize, dst: &Loaded) {
        let (elements, (op, size)) = (self.elements(array), self.run_op(array));
        let raw = dst.integer.unwrap_or(dst.double);
        self.code.push(Inst::LoadRun { dst: raw, elements, part: part as u8, op, size });
        if let Some(integer) = dst.integer {
            let double = self.double_of(array, integer);
            self.write(dst.double, Wide, double);
        }
    }

    /// What reads elements that follow one another.
    fn run_op(&self, array: ArrayId) -> (Vex, Size) {
        match self.element(array) {
            Element::Float64 => (Vex::VMOVUPD, Wide),
            Element::Float32 => (Vex::VCVTPS2PD, Wide),
            Element::Int32 | Element::Uint32 => (Vex::VMOVUPD, Narrow),
            Element::Int16 => (Vex::VPMOVSXWD, Narrow),
            Element::Uint16 => (Vex::VPMOVZXWD, Narrow),
            Element::Int8 => (Vex::VPMOVSXBD, Narrow),
            Element::Uint8 | Element::Uint8Clamped => (Vex::VPMOVZXBD, Narrow),
            Element::Float16 | Element::BigInt64 | Element::BigUint64 => unreachable!("not supported"),
        }
    }

    /// Elements that are integers of 32 bits by now.
    pub(super) fn double_of(&mut self, array: ArrayId, integer: V) -> V {
        if integer.is_general() {
            return self.double_of_general(integer, self.element(array) != Element::Uint32);
        }
        if self.element(array) == Element::Uint32 {
            return self.double_of_uint32(integer);
        }
        self.rm(Vex::VCVTDQ2PD, Wide, integer)
    }

    /// One lane after the other, but without branches: where there is no element, the first one is read, and forgotten.
    fn gather(&mut self, array: ArrayId, index: &Index, part: usize, dst: &Loaded) {
        let elements = self.elements(array);
        let is_element = self.in_bounds(array, index);
        let slow = self.asm.label();
        self.code.push(Inst::JumpUnlessSmall { elements, label: slow });
        if self.machine.has_masks() && elements.scale >= 2 {
            self.gather_masked(array, index, is_element, dst);
            return self.gather_slowly(array, index, is_element, slow, part, dst);
        }
        let numbers = self.numbers(index, is_element);
        let values = match self.element(array) {
            Element::Float64 if self.machine.is_neon() => {
                let dst = self.fresh();
                self.code.push(Inst::GatherPair { dst, index: numbers, elements, half: 0 });
                dst
            }
            Element::Float64 => {
                let [low, high] = [0, 1].map(|half| {
                    let dst = self.fresh();
                    self.code.push(Inst::GatherPair { dst, index: numbers, elements, half });
                    dst
                });
                self.vrmi(Vex::VINSERTF128, Wide, low, high, 1)
            }
            element => {
                let (first, op) = match element {
                    Element::Float32 => (Some(Vex::VMOVSS), Vex::VINSERTPS),
                    Element::Int32 | Element::Uint32 => (Some(Vex::VMOVD), Vex::VPINSRD),
                    Element::Int16 | Element::Uint16 => (None, Vex::VPINSRW),
                    _ => (None, Vex::VPINSRB),
                };
                let raw = self.fresh();
                self.code.push(Inst::Gather { dst: raw, index: numbers, elements, op, first });
                let extend = match element {
                    Element::Int16 => Some(Vex::VPMOVSXWD),
                    Element::Uint16 => Some(Vex::VPMOVZXWD),
                    Element::Int8 => Some(Vex::VPMOVSXBD),
                    Element::Uint8 | Element::Uint8Clamped => Some(Vex::VPMOVZXBD),
                    _ => None,
                };
                match dst.integer {
                    Some(integer) => {
                        let all = extend.map_or(raw, |extend| self.rm(extend, Narrow, raw));
                        let found = self.kept_ints(all, is_element);
                        self.write(integer, Narrow, found);
                        self.double_of(array, found)
                    }
                    None => self.rm(Vex::VCVTPS2PD, Wide, raw),
                }
            }
        };
        let nan = self.rm(Vex::VMOVUPD, Wide, Src::f64(f64::NAN));
        self.blend_into(dst.double, nan, values, is_element);
        self.gather_slowly(array, index, is_element, slow, part, dst);
    }

    /// All lanes at once, with an instruction that leaves those alone that have no element.
    fn gather_masked(&mut self, array: ArrayId, index: &Index, is_element: V, dst: &Loaded) {
        let from = Spot::Array(self.elements(array));
        let (index, mask) = (self.integers_of_index(index), is_element);
        match (self.element(array), dst.integer) {
            (Element::Float64, _) => {
                let (dst, op) = (dst.double, Vex::VGATHERDPD);
                self.write(dst, Wide, Src::f64(f64::NAN));
                self.code.push(Inst::GatherMasked { dst, index, mask, from, op, size: Wide });
            }
            (_, None) => {
                let singles = self.fresh();
                self.write(singles, Narrow, Src::i32(f32::NAN.to_bits().cast_signed()));
                let op = Vex::VGATHERDPS;
                self.code.push(Inst::GatherMasked { dst: singles, index, mask, from, op, size: Narrow });
                let double = self.rm(Vex::VCVTPS2PD, Wide, singles);
                self.write(dst.double, Wide, double);
            }
            (_, Some(integer)) => {
                self.write(integer, Narrow, Src::bits(0));
                let op = Vex::VPGATHERDD;
                self.code.push(Inst::GatherMasked { dst: integer, index, mask, from, op, size: Narrow });
                let double = self.double_of(array, integer);
                let nan = self.rm(Vex::VMOVUPD, Wide, Src::f64(f64::NAN));
                self.blend_into(dst.double, nan, double, is_element);
            }
        }
    }

    /// An index as integers of 32 bits, if it is that of an element.
    pub(super) fn integers_of_index(&mut self, index: &Index) -> V {
        index.integers.unwrap_or_else(|| self.rm(Vex::VCVTTPD2DQ, Wide, index.lanes))
    }

    /// Of arrays with more elements than 32 bits can count, and of those without any.
    fn gather_slowly(
        &mut self,
        array: ArrayId,
        index: &Index,
        is_element: V,
        slow: super::Place,
        part: usize,
        dst: &Loaded,
    ) {
        self.code.push(Inst::ColdStart(slow));
        self.load_lanes(array, index, is_element, part, dst.double);
        if let Some(integer) = dst.integer {
            let integers = self.int32_slowly(dst.double);
            self.write(integer, Narrow, integers);
        }
        self.code.push(Inst::ColdEnd);
    }

    /// The numbers of elements; 0 where there is none.
    fn numbers(&mut self, index: &Index, is_element: V) -> V {
        if let Some(integers) = index.integers {
            return self.kept_ints(integers, is_element);
        }
        let safe = self.kept(index.lanes, is_element);
        self.rm(Vex::VCVTTPD2DQ, Wide, safe)
    }

    fn load_lanes(&mut self, array: ArrayId, index: &Index, mut mask: V, part: usize, dst: V) {
        let elements = self.elements(array);
        if let Some(lanes) = &self.mask {
            let lanes = lanes[part];
            mask = self.both(mask, lanes);
        }
        let how = self.how(array);
        let nan = self.rm(Vex::VMOVUPD, Wide, Src::f64(f64::NAN));
        self.code.push(Inst::ToScratch { to: Scratch::Index, src: index.lanes, size: Wide });
        self.code.push(Inst::ToScratch { to: Scratch::Result, src: nan, size: Wide });
        let temp = self.fresh();
        self.code.push(Inst::LoadLanes { mask, elements, how, temp });
        self.code.push(Inst::FromScratch { dst, from: Scratch::Result });
    }
}
