//! Masks: which lanes something holds for.
//!
//! A mask is a vector whose lanes of 64 bits are all set or none. Whoever makes or uses one does it by what is here.

use super::{Form, Lowering, Narrow, Parts, Place, Src, V, Value, Vex, Wide};
use crate::codegen::x64::inst::{Inst, Vector};

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

    pub(super) fn fresh_mask(&mut self) -> V {
        self.fresh()
    }

    pub(super) fn fresh_masks(&mut self) -> Parts {
        let parts: Parts = (0..self.parts).map(|_| self.fresh_mask()).collect();
        self.are_parts(&parts);
        parts
    }

    /// Puts a mask into a register that is there.
    pub(super) fn write_mask(&mut self, dst: V, src: impl Into<Src>) {
        self.write(dst, Wide, src);
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
        self.vrmi(Vex::VCMPPD, Wide, a, b, predicate)
    }

    /// The same, of the lanes of a mask.
    pub(super) fn compare_where(&mut self, mask: V, a: V, b: impl Into<Src>, predicate: u8) -> V {
        let holds = self.compare(a, b, predicate);
        self.both(mask, holds)
    }

    /// Where a comparison of integers of 32 bits holds.
    pub(super) fn compare_ints(&mut self, a: V, b: impl Into<Src>, how: Ints) -> V {
        let b = b.into();
        let (narrow, is_inverse) = match how {
            Ints::Eq | Ints::Ne => (self.vrm(Vex::VPCMPEQD, Narrow, a, b), how == Ints::Ne),
            Ints::Gt | Ints::Le => (self.vrm(Vex::VPCMPGTD, Narrow, a, b), how == Ints::Le),
            // a <= b: the larger is b. a < b: not b <= a.
            Ints::BelowOrEqual | Ints::Below => {
                let larger = self.vrm(Vex::VPMAXUD, Narrow, a, b);
                let other = if how == Ints::Below { Src::V(a) } else { b };
                (self.vrm(Vex::VPCMPEQD, Narrow, larger, other), how == Ints::Below)
            }
        };
        let wide = self.rm(Vex::VPMOVSXDQ, Wide, narrow);
        if is_inverse { self.not(wide) } else { wide }
    }

    // --- of masks ---

    pub(super) fn not(&mut self, a: V) -> V {
        self.vrm(Vex::VXORPD, Wide, a, all_or_none(true))
    }

    pub(super) fn both(&mut self, a: V, b: impl Into<Src>) -> V {
        self.vrm(Vex::VANDPD, Wide, a, b)
    }

    pub(super) fn either(&mut self, a: V, b: impl Into<Src>) -> V {
        self.vrm(Vex::VORPD, Wide, a, b)
    }

    /// In one of them, and not in both.
    pub(super) fn one_of(&mut self, a: V, b: impl Into<Src>) -> V {
        self.vrm(Vex::VXORPD, Wide, a, b)
    }

    /// The lanes of `mask` without those of `a`.
    pub(super) fn without(&mut self, mask: V, a: V) -> V {
        self.vrm(Vex::VANDNPD, Wide, a, mask)
    }

    /// The lanes of `a` that take part, or all of them that are not in it.
    pub(super) fn failed(&mut self, holds: V, part: usize) -> V {
        match self.mask.as_ref().map(|mask| mask[part]) {
            None => self.not(holds),
            Some(mask) => self.without(mask, holds),
        }
    }

    /// Adds lanes to a mask.
    pub(super) fn add_lanes(&mut self, to: V, from: V) {
        self.code.push(Inst::Vector(Vector {
            form: Form::Vrm,
            op: Vex::VORPD,
            size: Wide,
            dst: to,
            a: Some(to),
            b: Some(Src::V(from)),
            c: None,
            imm: 0,
        }));
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
        self.vrm(Vex::VANDPD, Wide, mask, x)
    }

    /// The same, of integers.
    pub(super) fn kept_ints(&mut self, x: impl Into<Src>, mask: V) -> V {
        let narrow = self.narrow(mask);
        self.vrm(Vex::VPAND, Narrow, narrow, x)
    }

    /// NaN where a mask is set, and the value elsewhere.
    pub(super) fn or_nan(&mut self, x: V, mask: V) -> V {
        self.vrm(Vex::VORPD, Wide, x, mask)
    }

    /// For each lane of 64 bits, `b` where the mask is set and `a` elsewhere.
    pub(super) fn blend(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        self.push(Form::Vrmv, Vex::VBLENDVPD, Wide, (Some(a), Some(b.into()), Some(mask)), 0)
    }

    /// The same into a register that is there.
    pub(super) fn blend_into(&mut self, dst: V, a: V, b: V, mask: V) {
        let (form, op, size) = (Form::Vrmv, Vex::VBLENDVPD, Wide);
        let (a, b, c) = (Some(a), Some(Src::V(b)), Some(mask));
        self.code.push(Inst::Vector(Vector { form, op, size, dst, a, b, c, imm: 0 }));
    }

    /// Of integers.
    pub(super) fn blend_ints(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        let narrow = self.narrow(mask);
        self.push(Form::Vrmv, Vex::VBLENDVPS, Narrow, (Some(a), Some(b.into()), Some(narrow)), 0)
    }

    /// Of masks.
    pub(super) fn blend_masks(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        self.blend(a, b, mask)
    }

    /// Of values of this type.
    pub(super) fn blend_values(&mut self, of: Value, a: V, b: Src, mask: V) -> V {
        match self.function.ty(of) {
            crate::ir::Type::I32 => self.blend_ints(a, b, mask),
            crate::ir::Type::F64 => self.blend(a, b, mask),
            crate::ir::Type::Bool => self.blend_masks(a, b, mask),
        }
    }
}
