//! Stores to arrays. See [`memory`](super::memory).

use allcores_machine::Element;

use super::memory::Index;
use super::{Inst, Lowering, Narrow, Op, Parts, Size, Src, V, Value, Vex, Wide};
use crate::codegen::x64::inst::{MOST_LANES, Scratch, Spot};
use crate::ir::{ArrayId, Unary};

/// Nothing, in the place of eight bytes.
const NONE: u64 = 0x8080_8080_8080_8080;

const LOW_WORDS: [u64; MOST_LANES] = [0x0d0c_0908_0504_0100, NONE, 0x0d0c_0908_0504_0100, NONE, 0, 0, 0, 0];

/// Bytes that `vpshufb` collects from four integers.
const LOW_BYTES: [u64; MOST_LANES] = [0x8080_8080_0c08_0400, NONE, 0, 0, 0, 0, 0, 0];

/// The same from each half of eight integers: next to each other once they are in one.
const PAIR_BYTES: [u64; MOST_LANES] = [0x8080_8080_0c08_0400, NONE, 0x0c08_0400_8080_8080, NONE, 0, 0, 0, 0];

/// Quarters of a register.
const FIRST_AND_THIRD: u8 = 0b10_00;

/// What goes to elements.
enum Stored {
    /// For each part, the bits of its elements, and how many bytes apart they are.
    Parts(Vec<(V, u8)>),
    /// Integers of 32 bits in [pairs](super::pairs).
    Pairs(Parts),
}

impl Lowering<'_> {
    pub(super) fn store(&mut self, array: ArrayId, index: Value, value: Value) {
        if self.machine.is_scalar() {
            return self.scalar_store(array, index, value);
        }
        let run = self.run(index);
        let indices: Vec<Index> = (0..self.parts).map(|part| self.index(index, part)).collect();
        let stored = self.stored(array, value);
        let slow = self.asm.label();
        // Instructions that store the lanes of a mask need not have all of them.
        let masks = self.mask.clone().filter(|_| self.machine.has_masks());
        if let Some(run) = run {
            // Where some lanes of a group stand for no index, those of the others do not run.
            let is_whole = self.mask == self.all_there;
            let masks = masks.filter(|_| !is_whole);
            if let (Some(mask), None, false) = (self.mask.clone(), &masks, is_whole) {
                let all = self.all_of(&mask);
                self.code.push(Inst::JumpUnlessAll { mask: all, label: slow });
            }
            self.enter_run(&run, array, &indices, slow);
            match (&stored, &masks) {
                (Stored::Pairs(pairs), None) => {
                    (0..self.parts).step_by(2).for_each(|part| self.store_pair(array, part, pairs[part]));
                }
                _ => (0..self.parts).for_each(|part| {
                    let (raw, _) = self.stored_of(&stored, part);
                    self.store_run(array, part, raw, masks.as_ref().map(|masks| masks[part]));
                }),
            }
            self.code.push(Inst::ColdStart(slow));
            for (part, index) in indices.iter().enumerate() {
                let value = self.stored_of(&stored, part);
                self.store_lanes(array, index, value, part);
            }
            self.code.push(Inst::ColdEnd);
            return;
        }
        let is_hinted = self.step(index) == Some(1.0);
        self.may_lose |= !is_hinted;
        let is_run = !self.machine.has_masks() || is_hinted;
        for part in 0..self.parts {
            let value = self.stored_of(&stored, part);
            if !is_run {
                self.store_lanes(array, &indices[part], value, part);
                continue;
            }
            let slow = self.asm.label();
            if let (Some(mask), None) = (&self.mask, &masks) {
                let mask = mask[part];
                self.code.push(Inst::JumpUnlessAll { mask, label: slow });
            }
            self.consecutive(array, &indices[part], slow);
            self.store_run(array, 0, value.0, masks.as_ref().map(|masks| masks[part]));
            self.code.push(Inst::ColdStart(slow));
            self.store_lanes(array, &indices[part], value, part);
            self.code.push(Inst::ColdEnd);
        }
    }

    /// The lanes that are set in all parts.
    fn all_of(&mut self, masks: &[V]) -> V {
        let mut all = masks[0];
        for mask in &masks[1..] {
            all = self.both(all, *mask);
        }
        all
    }

    /// Each lane to an element of its own: in their order, where several go to the same.
    fn store_lanes(&mut self, array: ArrayId, index: &Index, (raw, stride): (V, u8), part: usize) {
        let elements = self.elements(array);
        let mut mask = self.in_bounds(array, index);
        if let Some(lanes) = &self.mask {
            let lanes = lanes[part];
            mask = self.both(mask, lanes);
        }
        let done = self.asm.label();
        if self.machine.has_masks() && elements.scale >= 2 {
            let many = self.asm.label();
            self.code.push(Inst::JumpUnlessSmall { elements, label: many });
            let (to, index) = (Spot::Array(elements), self.integers_of_index(index));
            let (op, size) = if stride == 8 { (Vex::VSCATTERDPD, Wide) } else { (Vex::VPSCATTERDD, Narrow) };
            self.code.push(Inst::Scatter { src: raw, index, mask, to, op, size });
            self.code.push(Inst::Jump(done));
            self.code.push(Inst::Bind(many));
        }
        self.code.push(Inst::ToScratch { to: Scratch::Index, src: index.lanes, size: Wide });
        let size = if stride == 8 { Wide } else { Narrow };
        self.code.push(Inst::ToScratch { to: Scratch::Value, src: raw, size });
        self.code.push(Inst::StoreLanes { mask, elements, stride });
        self.code.push(Inst::Bind(done));
    }

    /// Converts what is stored, unless it is there as integers.
    fn stored(&mut self, array: ArrayId, value: Value) -> Stored {
        match self.integers_for(array, value) {
            Some(pairs) if self.in_pairs => Stored::Pairs(pairs),
            Some(integers) => Stored::Parts(integers.iter().map(|v| (*v, 4)).collect()),
            None => {
                let parts = (0..self.parts).map(|part| {
                    let value = self.v(value, part);
                    self.element_of(array, value, part)
                });
                Stored::Parts(parts.collect())
            }
        }
    }

    fn stored_of(&mut self, stored: &Stored, part: usize) -> (V, u8) {
        match stored {
            Stored::Parts(parts) => parts[part],
            Stored::Pairs(pairs) => (self.half(pairs[part], part), 4),
        }
    }

    /// The integers that a value is, as elements of an array take them.
    fn integers_for(&mut self, array: ArrayId, value: Value) -> Option<Parts> {
        let is_clamped = match self.element(array) {
            Element::Float32 | Element::Float64 => return None,
            Element::Uint8Clamped if self.machine.is_neon() => return None,
            element => element == Element::Uint8Clamped,
        };
        let (integers, is_signed) = match self.definition(value) {
            Some(Op::Unary(op @ (Unary::FromInt32 | Unary::FromUint32), x)) => {
                let (op, x) = (*op, *x);
                ((0..self.parts).map(|part| self.v(x, part)).collect(), op == Unary::FromInt32)
            }
            Some(Op::Load(from, _)) => {
                let is_signed = self.element(*from) != Element::Uint32;
                (self.integers_of.get(&value)?.clone(), is_signed)
            }
            _ if is_clamped => return None,
            _ if let Some(integers) = self.integers_of.get(&value) => (integers.clone(), true),
            _ => {
                let affine = self.affine(value)?;
                (self.int32_of_index(value, affine), true)
            }
        };
        Some(if is_clamped { self.clamped_integers(&integers, is_signed) } else { integers })
    }

    /// Integers from 0 to 255, next to these.
    fn clamped_integers(&mut self, integers: &Parts, is_signed: bool) -> Parts {
        let (size, each) = (self.of_integers(), if self.in_pairs { 2 } else { 1 });
        let mut clamped = integers.clone();
        for part in (0..self.parts).step_by(each) {
            let x = integers[part];
            let x = if is_signed {
                let positive = self.vrm(Vex::VPMAXSD, size, x, Src::i32(0));
                self.vrm(Vex::VPMINSD, size, positive, Src::i32(255))
            } else {
                self.vrm(Vex::VPMINUD, size, x, Src::i32(255))
            };
            clamped[part..part + each].fill(x);
        }
        clamped
    }

    /// The bits of the elements of a part, and how many bytes apart they are.
    pub(super) fn element_of(&mut self, array: ArrayId, value: V, part: usize) -> (V, u8) {
        match self.element(array) {
            Element::Float64 => (value, 8),
            Element::Float32 => (self.rm(Vex::VCVTPD2PS, Wide, value), 4),
            Element::Uint8Clamped => (self.clamped(value), 4),
            _ => (self.int32_of(value, Some(part)), 4),
        }
    }

    /// From 0 to 255, as integers: to the nearest one, halves to even.
    pub(super) fn clamped(&mut self, value: V) -> V {
        // NaN, as the first operand, makes way for the second.
        let positive = self.vrm(Vex::VMAXPD, Wide, value, Src::bits(0));
        let clamped = self.vrm(Vex::VMINPD, Wide, positive, Src::f64(255.0));
        let nearest = self.nearest(clamped);
        self.rm(Vex::VCVTTPD2DQ, Wide, nearest)
    }

    /// As [`load_run`](Self::load_run).
    fn store_run(&mut self, array: ArrayId, part: usize, raw: V, mask: Option<V>) {
        let elements = self.elements(array);
        let cuts = self.machine.has_masks() || self.machine.is_neon();
        let (src, op, size): (V, Vex, Size) = match self.element(array).size() {
            8 => (raw, Vex::VMOVUPD_STORE, Wide),
            4 if self.machine.has_masks() => (raw, Vex::VMOVUPS_STORE, Narrow),
            4 => (raw, Vex::VMOVUPD_STORE, Narrow),
            2 if cuts => (raw, Vex::VPMOVDW, Narrow),
            1 if cuts => (raw, Vex::VPMOVDB, Narrow),
            2 => (self.vrm(Vex::VPSHUFB, Narrow, raw, Src::Lanes(&LOW_WORDS)), Vex::VMOVQ_STORE, Narrow),
            _ => (self.vrm(Vex::VPSHUFB, Narrow, raw, Src::Lanes(&LOW_BYTES)), Vex::VMOVD_STORE, Narrow),
        };
        self.code.push(Inst::StoreRun { src, mask, elements, part: part as u8, op, size });
    }

    /// The same of two parts.
    fn store_pair(&mut self, array: ArrayId, part: usize, raw: V) {
        let elements = self.elements(array);
        let bytes = self.element(array).size();
        let (src, op, size): (V, Vex, Size) = match bytes {
            4 if self.machine.has_masks() => (raw, Vex::VMOVUPS_STORE, Wide),
            2 if self.machine.has_masks() => (raw, Vex::VPMOVDW, Wide),
            1 if self.machine.has_masks() => (raw, Vex::VPMOVDB, Wide),
            4 => (raw, Vex::VMOVUPD_STORE, Wide),
            2 => {
                let words = self.vrm(Vex::VPSHUFB, Wide, raw, Src::Lanes(&LOW_WORDS));
                (self.rmi(Vex::VPERMQ, Wide, words, FIRST_AND_THIRD), Vex::VMOVUPD_STORE, Narrow)
            }
            _ => {
                let low = self.vrm(Vex::VPSHUFB, Wide, raw, Src::Lanes(&PAIR_BYTES));
                let high = self.half(low, 1);
                (self.vrm(Vex::VORPD, Narrow, low, high), Vex::VMOVQ_STORE, Narrow)
            }
        };
        self.code.push(Inst::StoreRun { src, mask: None, elements, part: part as u8, op, size });
    }
}
