//! Indices as integers of 32 bits.
//!
//! `i | 0`, `2 * i + 1 >>> 0`: an integer that is made of the index of the range by sums and products with constants. As doubles they would be made,
//! converted and looked at, lane by lane. But where indices follow one another, the first of them tells all others:
//!
//! ```text
//! factor * (i + k) + addend  =  (factor * i + addend) + k * factor         modulo 2^32
//! ```
//!
//! No step rounds as long as `i` is below some power of two, which is looked at; otherwise, cold code does it with doubles.

use super::{Inst, Lowering, Op, Parts, Src, V, Value, Vex};
use crate::codegen::x64::lower::memory::MOST_LOOKED_AT;
use crate::ir::{Binary, Unary};

/// `factor * index + addend`, of which no step is larger than `factor_size * index + addend_size`.
#[derive(Clone, Copy, Default)]
pub(super) struct Affine {
    factor: i64,
    addend: i64,
    factor_size: i64,
    addend_size: i64,
}

/// Indices below 2 to the power of that are enough to gain something.
const LEAST_BITS: u8 = 32;
/// Lanes side by side, at the most.
const LANES_OF_GROUP: u8 = 32;
/// Integers up to 2 to the power of that are doubles.
const EXACT_BITS: u8 = 53;
/// Constants are no larger, so that no product of two overflows.
const LARGEST: f64 = (1_u64 << 31) as f64;

impl Affine {
    /// Indices are to be below 2 to the power of this.
    fn bits(self) -> u8 {
        // Of the last lane as of the first.
        let largest = |bits: u8| (1_i128 << bits) + i128::from(LANES_OF_GROUP);
        let fits = |bits: &u8| {
            i128::from(self.factor_size) * largest(*bits) + i128::from(self.addend_size) <= 1 << EXACT_BITS
        };
        (LEAST_BITS..EXACT_BITS).rev().find(fits).unwrap_or(0)
    }

    /// A step that leads to this from others.
    fn after(factor: Option<i64>, addend: Option<i64>, others: [Self; 2]) -> Option<Self> {
        let (factor, addend) = (factor?, addend?);
        let most =
            |size: fn(&Self) -> i64, last: i64| others.iter().map(size).fold(last.saturating_abs(), i64::max);
        let (factor_size, addend_size) = (most(|x| x.factor_size, factor), most(|x| x.addend_size, addend));
        Some(Self { factor, addend, factor_size, addend_size })
    }
}

impl Lowering<'_> {
    /// How ToInt32 of a value comes from the index, if it does so by constants.
    pub(super) fn affine(&self, value: Value) -> Option<Affine> {
        if self.machine.is_scalar() || self.machine.is_neon() || self.function.indices != 1 {
            return None;
        }
        let affine = self.affine_within(value, &mut { MOST_LOOKED_AT })?;
        (affine.factor != 0 && affine.bits() >= LEAST_BITS).then_some(affine)
    }

    /// `left` operations may be looked at: of `x + x`, where `x` is `y + y`, and so on, there is no end otherwise.
    fn affine_within(&self, value: Value, left: &mut u32) -> Option<Affine> {
        *left = left.checked_sub(1)?;
        match *self.definition(value)? {
            Op::Index(_) => Some(Affine { factor: 1, factor_size: 1, ..Affine::default() }),
            Op::Const(constant) => {
                let x = constant.as_f64()?;
                let addend = (x.trunc() == x && x.abs() <= LARGEST).then_some(x as i64)?;
                Some(Affine { addend, addend_size: addend.abs(), ..Affine::default() })
            }
            Op::Unary(Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Round, a) => {
                self.affine_within(a, left)
            }
            Op::Unary(Unary::Neg, a) => {
                let a = self.affine_within(a, left)?;
                Some(Affine { factor: -a.factor, addend: -a.addend, ..a })
            }
            Op::Binary(op @ (Binary::Add | Binary::Sub | Binary::Mul), a, b) => {
                let (a, b) = (self.affine_within(a, left)?, self.affine_within(b, left)?);
                let by =
                    |step: fn(i64, i64) -> Option<i64>| (step(a.factor, b.factor), step(a.addend, b.addend));
                let (factor, addend) = match op {
                    Binary::Add => by(i64::checked_add),
                    Binary::Sub => by(i64::checked_sub),
                    _ if b.factor == 0 => (a.factor.checked_mul(b.addend), a.addend.checked_mul(b.addend)),
                    _ if a.factor == 0 => (b.factor.checked_mul(a.addend), b.addend.checked_mul(a.addend)),
                    _ => return None,
                };
                Affine::after(factor, addend, [a, b])
            }
            _ => None,
        }
    }

    /// ToInt32 of a value that comes from the index.
    pub(super) fn int32_of_index(&mut self, value: Value, affine: Affine) -> Parts {
        let label = self.asm.label();
        let (size, each) = (self.of_integers(), if self.in_pairs { 2 } else { 1 });
        let (factor, addend) = (affine.factor as i32, affine.addend as i32);
        self.code.push(Inst::JumpUnlessBelow { bits: affine.bits(), label });
        let first = self.fresh();
        self.code.push(Inst::FirstIndex { dst: first, factor, addend });
        let parts = self.fresh_integers();
        for part in (0..self.parts).step_by(each) {
            let steps =
                Src::Steps { first: factor.wrapping_mul((part * self.machine.lanes()) as i32), step: factor };
            self.vector(
                parts[part],
                super::Form::Vrm,
                Vex::VPADDD,
                size,
                (Some(first), Some(steps), None),
                0,
            );
        }
        self.code.push(Inst::ColdStart(label));
        for part in (0..self.parts).step_by(each) {
            let found: V = if self.in_pairs {
                let doubles = [part, part + 1].map(|part| self.v(value, part));
                self.int32_pair(doubles, part)
            } else {
                let double = self.v(value, part);
                self.int32_of(double, Some(part))
            };
            self.write(parts[part], size, found);
        }
        self.code.push(Inst::ColdEnd);
        parts
    }
}
