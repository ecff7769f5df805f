//! Indices that follow one another from lane to lane, in all parts of a group: a *run*, of which only the first has to be looked at.
//!
//! ```text
//! a[i - 1]            the index of the range plus a constant
//! a[i + k], a[k + i]  plus a number that is the same for all lanes
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

/// Eight integers below it add up to what is exact.
const TAME: f64 = (1_u64 << 50) as f64;

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
        let are_integers = || sum.addends.iter().all(|value| self.is_integer(*value));
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
            Op::Binary(Binary::Add | Binary::IAdd, a, b) if self.uniform[a.index()] => (*b, *a),
            Op::Binary(Binary::Add | Binary::Sub | Binary::IAdd | Binary::ISub, a, b)
                if self.uniform[b.index()] =>
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
        match self.function.ty(value) {
            Type::I32 => true,
            Type::F64 => match self.constant_of(value) {
                Some(constant) => constant.trunc() == constant && constant.abs() < TAME,
                None => self.integers[value.index()],
            },
            Type::Bool => false,
        }
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
        for addend in &sum.addends {
            let is_known = self.function.ty(*addend) == Type::I32 || self.constant_of(*addend).is_some();
            if !sum.is_simple() && !is_known {
                let src = self.v(*addend, 0);
                self.code.push(Inst::JumpUnlessTame { src, label: slow });
            }
        }
        let Index { lanes: index, is_integer, .. } = indices[0];
        let temp = (!is_integer).then(|| self.fresh());
        self.code.push(Inst::ConsecutiveIf { elements, index, lanes, temp, label: slow });
    }
}
