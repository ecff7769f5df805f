//! Arrays that each call of the body has for itself: in the frame, the lanes of an element side by side.
//!
//! ```text
//! element 0, part 0   a b c d          element 0, part 1   e f g h          element 1, part 0   …
//! ```
//!
//! Where the index is the same for all lanes, an access is one of a vector. Otherwise each lane goes for itself, or all are gathered.

use allcores_machine::Element;

use super::memory::Index;
use super::{Inst, Lowering, Narrow, Src, V, Value, Vex, Wide};
use crate::codegen::x64::asm::Shift;
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{LocalPlace, MOST_LANES, Scratch, Spot};
use crate::ir::{LocalId, Op, Stmt};

/// Of the lanes, as integers of 32 bits.
const NUMBERS: [u64; MOST_LANES] = [0x1_0000_0000, 0x3_0000_0002, 0x5_0000_0004, 0x7_0000_0006, 0, 0, 0, 0];

impl Lowering<'_> {
    /// Before anything runs, they are 0, if that can be seen.
    pub(super) fn clear_locals(&mut self) {
        let zero = self.zero();
        for (local, kind) in (0..).zip(&self.function.locals) {
            if kind.is_set {
                continue;
            }
            for part in 0..self.parts {
                self.code.push(Inst::FillLocal {
                    local: self.local(LocalId(local), part),
                    value: zero,
                    mask: None,
                });
            }
        }
    }

    fn local(&self, local: LocalId, part: usize) -> LocalPlace {
        let before: u32 = self.function.locals[..local.index()].iter().map(|local| local.len).sum();
        LocalPlace {
            start: (before as usize * self.parts + part) as u32,
            step: self.parts as u8,
            len: self.function.locals[local.index()].len,
        }
    }

    fn local_index(&mut self, local: LocalId, index: &Index) -> V {
        let len = f64::from(self.function.locals[local.index()].len);
        self.is_index(index.lanes, Src::f64(len), index.is_integer)
    }

    /// For each lane, how many words it is from the beginning of a local array to its own element at an index of the array.
    fn words_of(&mut self, place: LocalPlace, index: &Index) -> V {
        let integers = self.integers_of_index(index);
        let words = self.machine.lanes() * usize::from(place.step);
        let start = self.shift(Shift::Vpslld, Narrow, integers, words.trailing_zeros() as u8);
        self.vrm(Vex::VPADDD, Narrow, start, Src::Lanes(&NUMBERS))
    }

    /// Whether the elements are integers of 64 bits in the frame.
    fn is_of_integers(&self, local: LocalId) -> bool {
        let element = self.function.locals[local.index()].element;
        self.machine.is_scalar()
            && !matches!(element, Element::Float64 | Element::Float32 | Element::Uint8Clamped)
    }

    pub(super) fn local_load(&mut self, value: Value, local: LocalId, index: Value) -> Vec<V> {
        if self.machine.is_scalar() {
            let place = (self.local(local, 0), self.is_of_integers(local));
            let dst = self.scalar_local_load(value, place, index);
            return vec![dst; self.parts];
        }
        let is_uniform = self.facts.uniform[index.index()];
        (0..self.parts)
            .map(|part| {
                let index = self.index(index, part);
                let place = self.local(local, part);
                let dst = self.fresh();
                let is_element = self.local_index(local, &index);
                let other = self.asm.label();
                if is_uniform {
                    self.code.push(Inst::JumpUnlessAll { mask: is_element, label: other });
                    self.code.push(Inst::LoadLocal { dst, index: index.lanes, local: place });
                    self.code.push(Inst::ColdStart(other));
                    self.write(dst, Wide, Src::f64(f64::NAN));
                    self.code.push(Inst::ColdEnd);
                } else if self.machine.has_masks() {
                    let words = self.words_of(place, &index);
                    let (mask, from, op) = (is_element, Spot::Local(place), Vex::VGATHERDPD);
                    self.write(dst, Wide, Src::f64(f64::NAN));
                    self.code.push(Inst::GatherMasked { dst, index: words, mask, from, op, size: Wide });
                } else {
                    let nan = self.rm(Vex::VMOVUPD, Wide, Src::f64(f64::NAN));
                    self.code.push(Inst::ToScratch { to: Scratch::Index, src: index.lanes, size: Wide });
                    self.code.push(Inst::ToScratch { to: Scratch::Result, src: nan, size: Wide });
                    self.code.push(Inst::LoadLocalLanes { mask: is_element, local: place });
                    self.code.push(Inst::FromScratch { dst, from: Scratch::Result });
                }
                dst
            })
            .collect()
    }

    pub(super) fn local_store(&mut self, local: LocalId, index: Value, value: Value) {
        let is_uniform = self.facts.uniform[index.index()];
        let kind = self.function.locals[local.index()];
        if self.machine.is_scalar() {
            let value = self.kept_of(local, value, 0);
            return self.scalar_local_store(self.local(local, 0), kind.is_plain, index, value);
        }
        if kind.is_plain {
            self.local_guard(local, index);
        }
        for part in 0..self.parts {
            let value = self.kept_of(local, value, part);
            let place = self.local(local, part);
            let index = self.index(index, part);
            let is_element = self.local_index(local, &index);
            let mask = self.mask.as_ref().map(|mask| mask[part]);
            if is_uniform {
                let beyond = self.asm.label();
                self.code.push(Inst::JumpUnlessAll { mask: is_element, label: beyond });
                self.code.push(Inst::StoreLocal { index: index.lanes, value, mask, local: place });
                self.code.push(Inst::Bind(beyond));
            } else {
                let mask = mask.map_or(is_element, |mask| self.both(is_element, mask));
                if self.machine.has_masks() {
                    let words = self.words_of(place, &index);
                    let (to, op) = (Spot::Local(place), Vex::VSCATTERDPD);
                    self.code.push(Inst::Scatter { src: value, index: words, mask, to, op, size: Wide });
                    continue;
                }
                self.code.push(Inst::ToScratch { to: Scratch::Index, src: index.lanes, size: Wide });
                self.code.push(Inst::ToScratch { to: Scratch::Value, src: value, size: Wide });
                self.code.push(Inst::StoreLocalLanes { mask, local: place });
            }
        }
    }

    /// A plain array would grow: the call stops, and its driver finds the index among the arguments.
    fn local_guard(&mut self, local: LocalId, index: Value) {
        let mut wrong = Vec::with_capacity(self.parts);
        for part in 0..self.parts {
            let index = self.index(index, part);
            let is_element = self.local_index(local, &index);
            let bad = self.failed(is_element, part);
            wrong.push((index.lanes, bad));
        }
        let all: Vec<V> = wrong.iter().map(|(_, bad)| *bad).collect();
        let stop = self.asm.label();
        self.jump_if(true, &all.into(), stop);
        self.code.push(Inst::ColdStart(stop));
        self.local_stop(wrong);
        self.code.push(Inst::ColdEnd);
    }

    /// Stops the call: of each part the indices, and the lanes that are wrong.
    pub(super) fn local_stop(&mut self, wrong: Vec<(V, V)>) {
        for (part, (index, bad)) in wrong.into_iter().enumerate() {
            self.code.push(Inst::Argument { src: index, number: 0, part: part as u8 });
            self.code.push(Inst::Asking { mask: Some(bad), part: part as u8, one: false });
        }
        self.code.push(Inst::Exit(frame::LOCAL_OUT_OF_BOUNDS));
    }

    pub(super) fn local_fill(&mut self, local: LocalId, value: Value) {
        for part in 0..self.parts {
            let value = self.kept_of(local, value, part);
            let mask = self.mask.as_ref().map(|mask| mask[part]);
            self.code.push(Inst::FillLocal { local: self.local(local, part), value, mask });
        }
    }

    /// What a local array has of a value that is stored to it.
    fn kept_of(&mut self, local: LocalId, value: Value, part: usize) -> V {
        let element = self.function.locals[local.index()].element;
        if self.is_of_integers(local) {
            return self.cut_general(element, value);
        }
        let value = self.v(value, part);
        self.through(element, value, part)
    }

    /// What is left of a double that has been stored to an element of this type.
    fn through(&mut self, element: Element, value: V, part: usize) -> V {
        match element {
            Element::Float64 => value,
            Element::Float32 => {
                let single = self.rm(Vex::VCVTPD2PS, Wide, value);
                self.rm(Vex::VCVTPS2PD, Wide, single)
            }
            Element::Uint8Clamped => {
                let clamped = self.clamped(value);
                // -0 and NaN are 0 now.
                self.rm(Vex::VCVTDQ2PD, Wide, clamped)
            }
            _ => {
                let integer = self.int32_of(value, Some(part));
                self.cut(element, integer)
            }
        }
    }

    /// The low bits of integers, as an element of this type has them, as doubles.
    fn cut(&mut self, element: Element, integer: V) -> V {
        use crate::codegen::x64::asm::Shift::{Vpslld, Vpsrad, Vpsrld};
        let (bits, is_signed) = match element {
            Element::Int8 => (24, true),
            Element::Uint8 => (24, false),
            Element::Int16 => (16, true),
            Element::Uint16 => (16, false),
            Element::Uint32 => return self.double_of_uint32(integer),
            _ => (0, true),
        };
        let mut cut = integer;
        if bits > 0 {
            cut = self.shift(Vpslld, Narrow, cut, bits);
            cut = self.shift(if is_signed { Vpsrad } else { Vpsrld }, Narrow, cut, bits);
        }
        self.rm(Vex::VCVTDQ2PD, Wide, cut)
    }

    /// Statements and operations on local arrays.
    pub(super) fn local_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::LocalStore { local, index, value } => self.local_store(*local, *index, *value),
            Stmt::LocalFill { local, value } => self.local_fill(*local, *value),
            Stmt::Let(result, Op::LocalLoad(local, index)) => {
                let parts = self.local_load(*result, *local, *index);
                self.set(*result, parts);
            }
            _ => unreachable!("of local arrays"),
        }
    }
}
