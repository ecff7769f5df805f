//! From doubles to integers and back, and indices.

use super::ops::{DOWN, EQ, GE, LT, MAGIC, NEAREST, ORDERED, TRUNCATE};
use super::{Inst, L128, L256, Lowering, Src, V, Vex};

impl Lowering<'_> {
    /// What fits into 32 bits is converted at once. `vcvttpd2dq` answers -2^31 for all that does not, and now and then for -2^31.
    /// Lanes that do not take part need not be right; without a part, all must be.
    pub(super) fn int32_of(&mut self, x: V, part: Option<usize>) -> V {
        let result = self.rm(Vex::VCVTTPD2DQ, L256, x);
        let is_large = self.vrm(Vex::VPCMPEQD, L128, result, Src::i32(i32::MIN));
        let mut wide = self.rm(Vex::VPMOVSXDQ, L256, is_large);
        let label = self.asm.label();
        if let (Some(mask), Some(part)) = (&self.mask, part) {
            let mask = mask[part];
            wide = self.vrm(Vex::VANDPD, L256, wide, mask);
        }
        self.code.push(Inst::JumpIf { any: true, mask: wide, label });
        self.code.push(Inst::ColdStart(label));
        let slow = self.int32_slowly(x);
        self.write(result, L128, slow);
        self.code.push(Inst::ColdEnd);
        result
    }

    /// Modulo 2^32: what is left is an integer below, which 2^52 pushes to the end of the double. NaN and the infinities become 0.
    pub(super) fn int32_slowly(&mut self, x: V) -> V {
        let integer = self.rmi(Vex::VROUNDPD, L256, x, TRUNCATE);
        let quotient = self.vrm(Vex::VMULPD, L256, integer, Src::f64(1.0 / 4_294_967_296.0));
        let whole = self.rmi(Vex::VROUNDPD, L256, quotient, DOWN);
        let multiple = self.vrm(Vex::VMULPD, L256, whole, Src::f64(4_294_967_296.0));
        let rest = self.vrm(Vex::VSUBPD, L256, integer, multiple);
        let is_number = self.vrmi(Vex::VCMPPD, L256, rest, rest, ORDERED);
        let rest = self.vrm(Vex::VANDPD, L256, rest, is_number);
        let pushed = self.vrm(Vex::VADDPD, L256, rest, Src::bits(MAGIC));
        self.narrow(pushed)
    }

    /// The lower halves of four lanes of 64 bits.
    pub(super) fn narrow(&mut self, wide: V) -> V {
        let high = self.mri(Vex::VEXTRACTF128, wide, 1);
        self.vrmi(Vex::VSHUFPS, L128, wide, high, 0b10_00_10_00)
    }

    pub(super) fn widen(&mut self, mask: V) -> V {
        self.rm(Vex::VPMOVSXDQ, L256, mask)
    }

    pub(super) fn double_of_uint32(&mut self, x: V) -> V {
        let wide = self.rm(Vex::VPMOVZXDQ, L256, x);
        let large = self.vrm(Vex::VORPD, L256, wide, Src::bits(MAGIC));
        self.vrm(Vex::VSUBPD, L256, large, Src::bits(MAGIC))
    }

    /// To the nearest integer, halves to even.
    pub(super) fn nearest(&mut self, x: V) -> V {
        self.rmi(Vex::VROUNDPD, L256, x, NEAREST)
    }

    /// Whether this is the number of an element, below `len`: an integer of at least 0, -0 included.
    pub(super) fn is_index(&mut self, index: V, len: Src, is_integer: bool) -> V {
        let is_positive = self.vrmi(Vex::VCMPPD, L256, index, Src::bits(0), GE);
        let is_below = self.vrmi(Vex::VCMPPD, L256, index, len, LT);
        let both = self.vrm(Vex::VANDPD, L256, is_positive, is_below);
        if is_integer {
            return both;
        }
        let integer = self.rmi(Vex::VROUNDPD, L256, index, TRUNCATE);
        let is_integer = self.vrmi(Vex::VCMPPD, L256, index, integer, EQ);
        self.vrm(Vex::VANDPD, L256, both, is_integer)
    }

    pub(super) fn equal(&mut self, a: V, b: impl Into<Src>) -> V {
        self.vrmi(Vex::VCMPPD, L256, a, b, EQ)
    }
}
