//! Divisions and remainders.

use super::ops::{LE, LT, NEAREST, SIGN, TRUNCATE};
use super::{Inst, Lowering, Parts, Src, V, Value, Vex, Wide};
use crate::codegen::x64::inst::{Form, Scratch};

/// What is divided by.
struct Divisor {
    signed: V,
    size: V,
    half: V,
}

/// A remainder, where `fine` is set.
struct Rest {
    x: V,
    result: V,
    fine: V,
}

impl Lowering<'_> {
    /// A division by a power of two is a multiplication, bit for bit.
    pub(super) fn divide(&mut self, a: Value, b: Value, part: usize) -> V {
        let x = self.v(a, part);
        match self.constant_of(b).filter(|b| is_power_of_two(*b)) {
            Some(b) => self.vrm(Vex::VMULPD, Wide, x, Src::f64(1.0 / b)),
            None => {
                let y = self.src(b, part);
                self.vrm(Vex::VDIVPD, Wide, x, y)
            }
        }
    }

    /// `a % b` of the lanes of a part.
    pub(super) fn remainder(&mut self, a: Value, b: Value, only_zero: bool, part: usize) -> V {
        let x = self.v(a, part);
        if let Some(b) = self.power_of_two(b) {
            // No step rounds, whatever `a` is, but for a quotient that is next to nothing.
            let quotient = self.vrm(Vex::VMULPD, Wide, x, Src::f64(1.0 / b));
            let whole = self.rmi(Vex::VROUNDPD, Wide, quotient, TRUNCATE);
            // Of an integer the quotient is exact.
            if only_zero && self.facts.integers[a.index()] {
                return self.vrm(Vex::VSUBPD, Wide, quotient, whole);
            }
            let multiple = self.vrm(Vex::VMULPD, Wide, whole, Src::f64(b));
            let rest = self.vrm(Vex::VSUBPD, Wide, x, multiple);
            if only_zero {
                return rest;
            }
            let sign = self.vrm(Vex::VANDPD, Wide, x, Src::bits(SIGN));
            return self.vrm(Vex::VORPD, Wide, rest, sign);
        }
        let divisor = self.divisor(b, part);
        let size = self.vrm(Vex::VANDPD, Wide, x, Src::bits(!SIGN));
        let quotient = self.vrm(Vex::VDIVPD, Wide, size, divisor.size);
        let rest = self.rest((x, size), quotient, &divisor, only_zero);
        let result = rest.result;
        self.exactly(&[rest], &divisor, part);
        result
    }

    /// The same divisor for all lanes of all parts: its inverse serves them all.
    pub(super) fn remainders(&mut self, a: Value, b: Value, only_zero: bool) -> Vec<V> {
        let divisor = self.divisor(b, 0);
        let inverse = match self.inverses.get(&b) {
            Some(inverse) => *inverse,
            None => self.inverse(divisor.size),
        };
        let rests: Vec<Rest> = (0..self.parts)
            .map(|part| {
                let x = self.v(a, part);
                let size = self.vrm(Vex::VANDPD, Wide, x, Src::bits(!SIGN));
                let quotient = self.vrm(Vex::VMULPD, Wide, size, inverse);
                self.rest((x, size), quotient, &divisor, only_zero)
            })
            .collect();
        self.exactly(&rests, &divisor, 0);
        rests.into_iter().map(|rest| rest.result).collect()
    }

    fn divisor(&mut self, b: Value, part: usize) -> Divisor {
        let (signed, size) = self.size_of_divisor(b, part);
        Divisor { signed, size, half: self.vrm(Vex::VMULPD, Wide, size, Src::f64(0.5)) }
    }

    pub(super) fn size_of_divisor(&mut self, b: Value, part: usize) -> (V, V) {
        let signed = self.v(b, part);
        if self.facts.not_negative[b.index()] {
            return (signed, signed);
        }
        (signed, self.vrm(Vex::VANDPD, Wide, signed, Src::bits(!SIGN)))
    }

    pub(super) fn power_of_two(&self, b: Value) -> Option<f64> {
        self.constant_of(b).map(f64::abs).filter(|b| *b >= 1.0 && is_power_of_two(*b))
    }

    /// What is left of `x` after a division: of absolute values; then the sign of `x`.
    ///
    /// Let `q` be any integer. If `x - q * b`, rounded once, is no more than half of `b` in size, so is the exact difference, since half of
    /// `b` is a double. Then this is a multiple of the last bit of `x` or of `b`, and so a double itself: nothing was rounded. If it is
    /// negative, `b` more makes the remainder, which is exact for the same reason. So it does not matter how `q` was found, only that
    /// it is the right one nearly always; `x` and `b` may be anything, NaN and infinities too.
    fn rest(&mut self, (x, size): (V, V), quotient: V, divisor: &Divisor, only_zero: bool) -> Rest {
        let whole = self.rmi(Vex::VROUNDPD, Wide, quotient, NEAREST);
        let rest = self.without_multiple(size, whole, divisor.size);
        let distance = self.vrm(Vex::VANDPD, Wide, rest, Src::bits(!SIGN));
        let fine = self.compare(distance, divisor.half, LE);
        // All that matters may be whether there is a rest.
        let result = if only_zero {
            rest
        } else {
            let is_less = self.compare(rest, Src::bits(0), LT);
            let one_more = self.kept(divisor.size, is_less);
            let rest = self.vrm(Vex::VADDPD, Wide, rest, one_more);
            let sign = self.vrm(Vex::VANDPD, Wide, x, Src::bits(SIGN));
            self.vrm(Vex::VORPD, Wide, rest, sign)
        };
        Rest { x, result, fine }
    }

    /// `x - whole * divisor`, rounded once, in the place of `whole`.
    pub(super) fn without_multiple(&mut self, x: impl Into<Src>, whole: V, divisor: V) -> V {
        let operands = (Some(divisor), Some(x.into()), None);
        self.vector(whole, Form::Accumulate, Vex::VFNMADD213PD, Wide, operands, 0);
        whole
    }

    /// Goes the long way for all lanes if one takes part for which the short one has not shown the remainder: what others hold may be
    /// anything. The rests are those of the parts from `first` on.
    fn exactly(&mut self, rests: &[Rest], divisor: &Divisor, first: usize) {
        let label = self.asm.label();
        match self.mask.clone() {
            None => {
                let (one, others) = rests.split_first().expect("a part");
                let mask = others.iter().fold(one.fine, |all, rest| self.both(all, rest.fine));
                self.code.push(Inst::JumpUnlessAll { mask, label });
            }
            Some(mask) => {
                let wrong: Parts = rests
                    .iter()
                    .zip(&mask[first..])
                    .map(|(rest, mask)| self.without(*mask, rest.fine))
                    .collect();
                self.jump_if(true, &wrong, label);
            }
        }
        self.code.push(Inst::ColdStart(label));
        self.exact_rests(divisor.signed, rests.iter().map(|rest| (rest.x, rest.result)));
        self.code.push(Inst::ColdEnd);
    }

    /// The long way: the rests of some numbers, each into a register that is there.
    pub(super) fn exact_rests(&mut self, divisor: V, rests: impl Iterator<Item = (V, V)>) {
        if self.machine.is_neon() {
            return self.ask_for_rests(divisor, rests.collect());
        }
        self.code.push(Inst::ToScratch { to: Scratch::Value, src: divisor, size: Wide });
        for (x, result) in rests {
            self.code.push(Inst::ToScratch { to: Scratch::Index, src: x, size: Wide });
            self.code.push(Inst::RemLanes);
            self.code.push(Inst::FromScratch { dst: result, from: Scratch::Result });
        }
    }
}

/// Whether this is a power of two whose inverse is one too, both far from the ends of what doubles can be.
fn is_power_of_two(x: f64) -> bool {
    let bits = x.to_bits();
    bits << 12 == 0 && (1..=2000).contains(&(bits >> 52))
}
