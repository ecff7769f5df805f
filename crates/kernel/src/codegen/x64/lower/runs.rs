//! Indices that follow one another from lane to lane, in all parts of a group: a *run*, of which only the first has to be looked at.
//!
//! ```text
//! a[i - 1]            the index of the range plus a constant
//! a[i + k], a[k + i]  plus a number that is the same for all lanes
//! a[i + y * w]        of what is an integer if the scalars are, which are looked at when they are passed
//! ```
//!
//! Let `u` be that number, and `r` the sum `i + u`, rounded, of the first lane. If `r` is an integer from 0 on and below 2^33, then the sum of the
//! lane that is `j` further is `r + j`: the exact one is `r + j + e`, where `e` is what was rounded off, no more than half of the last bit of `r`.
//! That of `r + j` is no smaller, and integers so small are even in it, so that a tie goes there as well.
//!
//! Where more than one number is added, one after the other, all of them must be integers, and they and `i` below 2^50: then no step rounds. So it
//! is where the sum is taken to 32 bits: the lanes of a run that is below 2^31 are not those that wrap around.

use super::memory::{Index, MOST_LOOKED_AT};
use super::{Inst, Lowering, Place, Value};
use crate::codegen::x64::frame;
use crate::ir::{ArrayId, Binary, Op, Type, Unary};

/// How an index comes from that of the range.
pub(super) enum Run {
    /// By a constant that leaves room for the lanes of a group.
    Offset(i32),
    Sum(Sum),
}

/// What is added to the index of the range.
#[derive(Default)]
pub(super) struct Sum {
    addends: Vec<Value>,
    /// It is taken to 32 bits on the way.
    is_narrow: bool,
}

/// Eight integers below 2 to the power of that add up to what is exact.
const TAME_BITS: u32 = 50;
const TAME: f64 = (1_u64 << TAME_BITS) as f64;

/// An integer of so many bits, if these scalars are integers below 2 to the power of [`SMALL_BITS`](frame::SMALL_BITS): a bit for each.
struct Tame {
    bits: u32,
    scalars: u32,
}

/// Numbers that are added at the most.
const MOST_ADDENDS: usize = 7;

impl Sum {
    /// Whether it is rounded once.
    fn is_simple(&self) -> bool {
        self.addends.len() <= 1 && !self.is_narrow
    }
}

impl Lowering<'_> {
    /// How an index runs, if it does by what it is made of.
    pub(super) fn run(&self, index: Value) -> Option<Run> {
        if let Some(offset) = self.offset(index) {
            return Some(Run::Offset(offset));
        }
        let mut sum = Sum::default();
        self.collect(index, &mut sum, MOST_LOOKED_AT)?;
        let are_integers =
            || sum.addends.iter().all(|value| self.tame(*value).is_some() || self.is_integer(*value));
        (self.function.indices == 1 && (sum.is_simple() || are_integers())).then_some(Run::Sum(sum))
    }

    /// The parts of a sum of which one is the index of the range, and the others are the same for all lanes.
    fn collect(&self, value: Value, sum: &mut Sum, left: u32) -> Option<()> {
        let left = left.checked_sub(1)?;
        let (a, b) = match self.definition(value)? {
            Op::Index(_) => return Some(()),
            Op::Unary(Unary::ToInt32, a) => {
                sum.is_narrow = true;
                return self.collect(*a, sum, left);
            }
            // Of what is added to it afterwards, lanes might wrap around before.
            Op::Unary(Unary::FromInt32, a) if sum.addends.is_empty() => return self.collect(*a, sum, left),
            Op::Binary(Binary::Or, a, b) if self.i32_constant_of(*b) == Some(0) => {
                return self.collect(*a, sum, left);
            }
            Op::Binary(Binary::Add | Binary::IAdd, a, b) if self.facts.uniform[a.index()] => (*b, *a),
            Op::Binary(Binary::Add | Binary::Sub | Binary::IAdd | Binary::ISub, a, b)
                if self.facts.uniform[b.index()] =>
            {
                (*a, *b)
            }
            _ => return None,
        };
        if sum.addends.len() == MOST_ADDENDS {
            return None;
        }
        sum.addends.push(b);
        self.collect(a, sum, left)
    }

    fn is_integer(&self, value: Value) -> bool {
        self.constant_of(value).is_none() && self.facts.integers[value.index()]
    }

    /// What is known of a number: of one that is an integer, and not large.
    fn tame(&self, value: Value) -> Option<Tame> {
        self.tame_within(value, &mut { MOST_LOOKED_AT })
    }

    fn tame_within(&self, value: Value, left: &mut u32) -> Option<Tame> {
        *left = left.checked_sub(1)?;
        let of_bits = |bits| Some(Tame { bits, scalars: 0 });
        if self.function.ty(value) == Type::I32 {
            return of_bits(32);
        }
        if let Some(constant) = self.constant_of(value) {
            let is_tame = constant.trunc() == constant && constant.abs() < TAME;
            return is_tame.then(|| Tame { bits: constant.abs().log2().max(0.0) as u32 + 1, scalars: 0 });
        }
        let tame = match self.definition(value)? {
            Op::Scalar(scalar) if scalar.index() < frame::SCALAR_BITS => {
                Tame { bits: frame::SMALL_BITS, scalars: 1 << scalar.index() }
            }
            Op::Unary(Unary::FromInt32 | Unary::FromUint32, _) => return of_bits(32),
            Op::Unary(
                Unary::Neg | Unary::Abs | Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Round,
                a,
            ) => self.tame_within(*a, left)?,
            Op::Binary(op @ (Binary::Add | Binary::Sub | Binary::Mul), a, b) => {
                let (a, b) = (self.tame_within(*a, left)?, self.tame_within(*b, left)?);
                let bits = if *op == Binary::Mul { a.bits + b.bits } else { a.bits.max(b.bits) + 1 };
                Tame { bits, scalars: a.scalars | b.scalars }
            }
            _ => return None,
        };
        (tame.bits <= TAME_BITS).then_some(tame)
    }

    /// Goes to `slow` unless the lanes of all parts are consecutive elements. Leaves the number of the first in `rax`, and the address of the
    /// array in `r8`.
    pub(super) fn enter_run(&mut self, run: &Run, array: ArrayId, indices: &[Index], slow: Place) {
        let elements = self.elements(array);
        let lanes = (self.machine.lanes() * self.parts) as u8;
        let sum = match run {
            Run::Offset(offset) => {
                self.code.push(Inst::Consecutive { elements, offset: *offset, lanes, label: slow });
                return;
            }
            Run::Sum(sum) => sum,
        };
        if sum.is_narrow {
            // Then lanes beyond 2^31 are beyond its end.
            self.code.push(Inst::JumpUnlessSmall { elements, label: slow });
        }
        let (mut scalars, mut are_tame) = (0, true);
        for addend in &sum.addends {
            // One scalar by itself may be large.
            let is_scalar = matches!(self.definition(*addend), Some(Op::Scalar(_)));
            match self.tame(*addend) {
                Some(Tame { scalars: of, .. }) if !(sum.is_simple() && is_scalar) => scalars |= of,
                _ => are_tame = false,
            }
            if !sum.is_simple() && self.tame(*addend).is_none() {
                let src = self.v(*addend, 0);
                self.code.push(Inst::JumpUnlessTame { src, label: slow });
            }
        }
        if scalars != 0 {
            let at = self.record(ArrayId(self.function.arrays.len() as u32));
            self.code.push(Inst::JumpUnlessIntegers { scalars, at, label: slow });
        }
        let Index { lanes: index, is_integer, .. } = indices[0];
        let temp = (!is_integer && !are_tame).then(|| self.fresh());
        self.code.push(Inst::ConsecutiveIf { elements, index, lanes, temp, label: slow });
    }
}
