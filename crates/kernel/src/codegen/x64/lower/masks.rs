//! Masks: which lanes something holds for.
//!
//! With AVX-512 a mask is a register of its own, a bit for each lane, and most instructions take one. With AVX2 it is a vector whose lanes
//! of 64 bits are all set or none. Whoever makes or uses a mask does it by what is here.

use super::{Form, Lowering, Narrow, Parts, Place, Size, Src, V, Value, Vex, Wide};
use crate::codegen::x64::asm::MaskOp;
use crate::codegen::x64::inst::Inst;
use crate::ir::Type;

/// Comparisons of integers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ints {
    Eq,
    Ne,
    Gt,
    Le,
    /// Without signs.
    BelowOrEqual,
    Below,
}

/// All lanes, or none, as the last operand.
pub(super) const fn all_or_none(all: bool) -> Src {
    Src::bits(if all { u64::MAX } else { 0 })
}

impl Lowering<'_> {
    // --- registers ---

    pub(super) fn fresh_masks(&mut self) -> Parts {
        let parts: Parts = (0..self.parts).map(|_| self.fresh_mask()).collect();
        self.are_parts(&parts);
        parts
    }

    /// Puts a mask into a register that is there.
    pub(super) fn write_mask(&mut self, dst: V, src: impl Into<Src>) {
        match src.into() {
            src if !dst.is_mask() => self.write(dst, Wide, src),
            Src::V(a) => self.code.push(Inst::CopyMask { dst, a }),
            src => self.code.push(Inst::SetMask { dst, all: src != all_or_none(false) }),
        }
    }

    /// For all parts.
    pub(super) fn write_masks(&mut self, to: &Parts, all: bool) {
        to.iter().for_each(|to| self.write_mask(*to, all_or_none(all)));
    }

    /// The lanes of the mask that is in force; all without one.
    pub(super) fn lanes_here(&self, part: usize) -> Src {
        self.mask.as_ref().map_or(all_or_none(true), |mask| Src::V(mask[part]))
    }

    /// No lane.
    pub(super) fn none(&mut self) -> Parts {
        let parts = self.fresh_masks();
        self.write_masks(&parts, false);
        parts
    }

    // --- where they come from ---

    /// Where a comparison of doubles holds.
    pub(super) fn compare(&mut self, a: V, b: impl Into<Src>, predicate: u8) -> V {
        self.comparison(Vex::VCMPPD, Wide, None, (a, b.into()), predicate)
    }

    /// The same, of the lanes of a mask.
    pub(super) fn compare_where(&mut self, mask: V, a: V, b: impl Into<Src>, predicate: u8) -> V {
        if self.machine.has_masks() {
            return self.comparison(Vex::VCMPPD, Wide, Some(mask), (a, b.into()), predicate);
        }
        let holds = self.compare(a, b, predicate);
        self.both(mask, holds)
    }

    pub(super) fn comparison(
        &mut self,
        op: Vex,
        size: Size,
        mask: Option<V>,
        (a, b): (V, Src),
        predicate: u8,
    ) -> V {
        let dst = self.fresh_mask();
        self.vector(dst, Form::Vrmi, op, size, (Some(a), Some(b), mask), predicate);
        dst
    }

    /// Where a comparison of integers of 32 bits holds, of those in lower halves.
    pub(super) fn compare_ints(&mut self, a: V, b: impl Into<Src>, how: Ints) -> V {
        let lanes = self.compare_lanes(Narrow, a, b.into(), how);
        if self.machine.has_masks() { lanes } else { self.rm(Vex::VPMOVSXDQ, Wide, lanes) }
    }

    /// The same of so many lanes; in a vector, a mask has 32 bits for each.
    pub(super) fn compare_lanes(&mut self, size: Size, a: V, b: Src, how: Ints) -> V {
        if self.machine.has_masks() {
            let (op, predicate) = match how {
                Ints::Eq => (Vex::VPCMPD, 0),
                Ints::Ne => (Vex::VPCMPD, 4),
                Ints::Gt => (Vex::VPCMPD, 6),
                Ints::Le => (Vex::VPCMPD, 2),
                Ints::BelowOrEqual => (Vex::VPCMPUD, 2),
                Ints::Below => (Vex::VPCMPUD, 1),
            };
            return self.comparison(op, size, None, (a, b), predicate);
        }
        let (lanes, is_inverse) = match how {
            Ints::Eq | Ints::Ne => (self.vrm(Vex::VPCMPEQD, size, a, b), how == Ints::Ne),
            Ints::Gt | Ints::Le => (self.vrm(Vex::VPCMPGTD, size, a, b), how == Ints::Le),
            // a <= b: the larger is b. a < b: not b <= a.
            Ints::BelowOrEqual | Ints::Below => {
                let larger = self.vrm(Vex::VPMAXUD, size, a, b);
                let other = if how == Ints::Below { Src::V(a) } else { b };
                (self.vrm(Vex::VPCMPEQD, size, larger, other), how == Ints::Below)
            }
        };
        if is_inverse { self.vrm(Vex::VXORPD, size, lanes, all_or_none(true)) } else { lanes }
    }

    // --- of masks ---

    pub(super) fn not(&mut self, a: V) -> V {
        if !a.is_mask() {
            return self.vrm(Vex::VXORPD, Wide, a, all_or_none(true));
        }
        let dst = self.fresh_mask();
        self.code.push(Inst::NotMask { dst, a });
        dst
    }

    pub(super) fn both(&mut self, a: V, b: impl Into<Src>) -> V {
        self.of_masks(MaskOp::Kandb, Vex::VANDPD, a, b.into())
    }

    pub(super) fn either(&mut self, a: V, b: impl Into<Src>) -> V {
        self.of_masks(MaskOp::Korb, Vex::VORPD, a, b.into())
    }

    /// In one of them, and not in both.
    pub(super) fn one_of(&mut self, a: V, b: impl Into<Src>) -> V {
        self.of_masks(MaskOp::Kxorb, Vex::VXORPD, a, b.into())
    }

    /// The lanes of `mask` without those of `a`.
    pub(super) fn without(&mut self, mask: V, a: V) -> V {
        self.of_masks(MaskOp::Kandnb, Vex::VANDNPD, a, mask.into())
    }

    fn of_masks(&mut self, op: MaskOp, of_vectors: Vex, a: V, b: Src) -> V {
        if !a.is_mask() {
            return self.vrm(of_vectors, Wide, a, b);
        }
        let b = self.in_register(b);
        let dst = self.fresh_mask();
        self.code.push(Inst::Mask { op, dst, a, b });
        dst
    }

    fn in_register(&mut self, src: Src) -> V {
        if let Src::V(v) = src {
            return v;
        }
        let mask = self.fresh_mask();
        self.write_mask(mask, src);
        mask
    }

    /// The lanes that take part for which something does not hold.
    pub(super) fn failed(&mut self, holds: V, part: usize) -> V {
        match self.mask.as_ref().map(|mask| mask[part]) {
            None => self.not(holds),
            Some(mask) => self.without(mask, holds),
        }
    }

    /// Adds lanes to a mask.
    pub(super) fn add_lanes(&mut self, to: V, from: V) {
        if to.is_mask() {
            self.code.push(Inst::Mask { op: MaskOp::Korb, dst: to, a: to, b: from });
        } else {
            self.vector(to, Form::Vrm, Vex::VORPD, Wide, (Some(to), Some(from.into()), None), 0);
        }
    }

    /// Takes lanes out of a mask.
    pub(super) fn remove_lanes(&mut self, from: V, lanes: V) {
        if from.is_mask() {
            self.code.push(Inst::Mask { op: MaskOp::Kandnb, dst: from, a: lanes, b: from });
        } else {
            self.vector(from, Form::Vrm, Vex::VANDNPD, Wide, (Some(lanes), Some(from.into()), None), 0);
        }
    }

    /// Jumps if any lane takes part, or if none does.
    pub(super) fn jump_if(&mut self, any: bool, masks: &Parts, label: Place) {
        let mut all = masks[0];
        for mask in &masks[1..] {
            all = self.either(all, *mask);
        }
        self.code.push(Inst::JumpIf { any, mask: all, label });
    }

    // --- what they do to values ---

    /// What a value is where a mask is set; 0 elsewhere.
    pub(super) fn kept(&mut self, x: impl Into<Src>, mask: V) -> V {
        let x = x.into();
        if mask.is_mask() {
            return self.push(Form::Rm, Vex::VMOVUPD, Wide, (None, Some(x), Some(mask)), 0);
        }
        self.vrm(Vex::VANDPD, Wide, mask, x)
    }

    /// What a value is where a mask is not set; 0 elsewhere.
    pub(super) fn cleared(&mut self, x: impl Into<Src>, mask: V) -> V {
        if mask.is_mask() {
            let others = self.not(mask);
            return self.kept(x, others);
        }
        self.vrm(Vex::VANDNPD, Wide, mask, x)
    }

    /// Of integers, where a mask is set.
    pub(super) fn kept_ints(&mut self, x: impl Into<Src>, mask: V) -> V {
        let x = x.into();
        if mask.is_mask() {
            return self.push(Form::Rm, Vex::VMOVUPS, Narrow, (None, Some(x), Some(mask)), 0);
        }
        let narrow = self.narrow(mask);
        self.vrm(Vex::VPAND, Narrow, narrow, x)
    }

    /// NaN where a mask is set, and the value elsewhere.
    pub(super) fn or_nan(&mut self, x: V, mask: V) -> V {
        if mask.is_mask() {
            self.blend(x, Src::f64(f64::NAN), mask)
        } else {
            self.vrm(Vex::VORPD, Wide, x, mask)
        }
    }

    /// For each lane of 64 bits, `b` where the mask is set and `a` elsewhere.
    pub(super) fn blend(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        let dst = self.fresh();
        self.blend_into(dst, a, b, mask);
        dst
    }

    /// The same into a register that is there.
    pub(super) fn blend_into(&mut self, dst: V, a: V, b: impl Into<Src>, mask: V) {
        let op = if mask.is_mask() { Vex::VBLENDMPD } else { Vex::VBLENDVPD };
        self.vector(dst, Form::Vrmv, op, Wide, (Some(a), Some(b.into()), Some(mask)), 0);
    }

    /// Of integers.
    pub(super) fn blend_ints(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        let b = Some(b.into());
        if mask.is_mask() {
            return self.push(Form::Vrmv, Vex::VPBLENDMD, Narrow, (Some(a), b, Some(mask)), 0);
        }
        let narrow = self.narrow(mask);
        self.push(Form::Vrmv, Vex::VBLENDVPS, Narrow, (Some(a), b, Some(narrow)), 0)
    }

    /// Of masks.
    pub(super) fn blend_masks(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        if !mask.is_mask() {
            return self.blend(a, b, mask);
        }
        let (new, old) = (self.both(mask, b), self.without(a, mask));
        self.either(new, old)
    }

    /// Of values of this type.
    pub(super) fn blend_values(&mut self, of: Value, a: V, b: Src, mask: V) -> V {
        match self.function.ty(of) {
            Type::I32 => self.blend_ints(a, b, mask),
            Type::F64 => self.blend(a, b, mask),
            Type::Bool => self.blend_masks(a, b, mask),
        }
    }
}
