//! From doubles to integers and back, and indices.

use super::masks::Ints;
use super::ops::{DOWN, EQ, GE, LT, MAGIC, NEAREST, ORDERED, SIGN, TRUNCATE};
use super::{Form, Inst, Lowering, Narrow, Src, V, Vex, Wide};
use crate::codegen::x64::general::General;

impl Lowering<'_> {
    /// What is small enough is converted at once. Lanes that do not take part need not be right; without a part, all must be.
    pub(super) fn int32_of(&mut self, x: V, part: Option<usize>) -> V {
        if self.machine.is_scalar() {
            let (dst, label) = (self.fresh_general(), self.asm.label());
            self.code.push(Inst::ToInt32One { dst, src: x, label });
            self.code.push(Inst::ColdStart(label));
            let slow = self.int32_slowly(x);
            self.general(General::FromVector { dst, a: slow });
            self.code.push(Inst::ColdEnd);
            return dst;
        }
        let (result, mut is_large) = self.int32_if_small(x);
        let label = self.asm.label();
        if let (Some(mask), Some(part)) = (&self.mask, part) {
            let mask = mask[part];
            is_large = self.both(is_large, mask);
        }
        self.code.push(Inst::JumpIf { any: true, mask: is_large, label });
        self.code.push(Inst::ColdStart(label));
        let slow = self.int32_slowly(x);
        self.write(result, Narrow, slow);
        self.code.push(Inst::ColdEnd);
        result
    }

    /// What ToInt32 makes of doubles, and those for which it is not that.
    pub(super) fn int32_if_small(&mut self, x: V) -> (V, V) {
        if self.machine.has_masks() {
            // What does not fit into 64 bits, or is no number, becomes -2^63; hardly anything else does.
            let quads = self.rm(Vex::VCVTTPD2QQ, Wide, x);
            let is_large = self.comparison(Vex::VPCMPQ, Wide, None, (quads, Src::bits(SIGN)), 0);
            return (self.narrow(quads), is_large);
        }
        if self.machine.is_neon() {
            // What does not fit into 64 bits becomes the nearest integer that does, and NaN 0, as it has to.
            let quads = self.rm(Vex::VCVTTPD2QQ, Wide, x);
            let size = self.vrm(Vex::VANDPD, Wide, x, Src::bits(!SIGN));
            let is_large = self.compare(size, Src::f64(-(i64::MIN as f64)), GE);
            return (self.narrow(quads), is_large);
        }
        // `vcvttpd2dq` answers -2^31 for all that does not fit into 32 bits, and now and then for -2^31.
        let result = self.rm(Vex::VCVTTPD2DQ, Wide, x);
        let is_large = self.compare_ints(result, Src::i32(i32::MIN), Ints::Eq);
        (result, is_large)
    }

    /// Modulo 2^32: what is left is an integer below, which 2^52 pushes to the end of the double. NaN and the infinities become 0.
    pub(super) fn int32_slowly(&mut self, x: V) -> V {
        let integer = self.rmi(Vex::VROUNDPD, Wide, x, TRUNCATE);
        let quotient = self.vrm(Vex::VMULPD, Wide, integer, Src::f64(1.0 / 4_294_967_296.0));
        let whole = self.rmi(Vex::VROUNDPD, Wide, quotient, DOWN);
        let multiple = self.vrm(Vex::VMULPD, Wide, whole, Src::f64(4_294_967_296.0));
        let rest = self.vrm(Vex::VSUBPD, Wide, integer, multiple);
        let is_number = self.compare(rest, rest, ORDERED);
        let rest = self.kept(rest, is_number);
        let pushed = self.vrm(Vex::VADDPD, Wide, rest, Src::bits(MAGIC));
        self.narrow(pushed)
    }

    /// The lower halves of lanes of 64 bits.
    pub(super) fn narrow(&mut self, wide: V) -> V {
        if self.machine.has_masks() || self.machine.is_neon() {
            return self.push(Form::Mr, Vex::VPMOVQD, Wide, (Some(wide), None, None), 0);
        }
        if self.machine.is_scalar() {
            return wide;
        }
        let high = self.mri(Vex::VEXTRACTF128, wide, 1);
        self.vrmi(Vex::VSHUFPS, Narrow, wide, high, 0b10_00_10_00)
    }

    pub(super) fn double_of_uint32(&mut self, x: V) -> V {
        if self.machine.has_masks() || self.machine.is_neon() {
            return self.rm(Vex::VCVTUDQ2PD, Wide, x);
        }
        let wide = self.rm(Vex::VPMOVZXDQ, Wide, x);
        let large = self.vrm(Vex::VORPD, Wide, wide, Src::bits(MAGIC));
        self.vrm(Vex::VSUBPD, Wide, large, Src::bits(MAGIC))
    }

    /// To the nearest integer, halves to even.
    pub(super) fn nearest(&mut self, x: V) -> V {
        self.rmi(Vex::VROUNDPD, Wide, x, NEAREST)
    }

    /// Whether this is the number of an element, below `len`: an integer of at least 0, -0 included.
    pub(super) fn is_index(&mut self, index: V, len: Src, is_integer: bool) -> V {
        let is_positive = self.compare(index, Src::bits(0), GE);
        let both = self.compare_where(is_positive, index, len, LT);
        if is_integer {
            return both;
        }
        let integer = self.rmi(Vex::VROUNDPD, Wide, index, TRUNCATE);
        self.compare_where(both, index, integer, EQ)
    }

    pub(super) fn equal(&mut self, a: V, b: impl Into<Src>) -> V {
        self.compare(a, b, EQ)
    }
}
