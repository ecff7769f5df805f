//! Whether the lowest bits of an integer are all 0, asked of the double.
//!
//! `n & 1` takes a conversion to 32 bits, which is right for all doubles only by a longer way, where a lane does not fit. But if nobody asks
//! more of it than whether it is 0, then what is asked is whether `n`, cut to an integer, is a multiple of a power of two, and doubles tell:
//!
//! ```text
//! n & 7 ? …      whole = trunc(n), part = whole / 8: trunc(part) !== part
//! ```
//!
//! Both are exact: a power of two changes the exponent alone, and what is cut is not below 1, unless it is 0. Beyond 2^53 a double is a multiple of
//! its last bit, as ToInt32 has it, which takes it modulo 2^32. NaN and infinities have no bits there: infinities are equal to themselves, and for NaN
//! the comparisons are those that say so.

use std::collections::BTreeSet;

use super::looks::EQ_OR_NAN;
use super::ops::{NE_ORDERED, TRUNCATE};
use super::{Lowering, Op, Src, Stmt, V, Value, Vex, Wide};
use crate::hash::Map;
use crate::ir::{Binary, Const, Function, Unary};

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Multiple {
    x: Value,
    /// The power of two.
    size: f64,
    /// The condition holds if it is one, or if it is none.
    holds: bool,
}

/// Conditions that are such questions, and the values that nobody needs then. `once` has values that are used in one place.
pub(super) fn multiples(
    function: &Function,
    once: &[bool],
    uniform: &[bool],
) -> (Map<Value, Multiple>, BTreeSet<Value>) {
    let mut made: Vec<Option<&Op>> = vec![None; function.values.len()];
    let lets = || {
        function.regions.iter().flat_map(|region| &region.stmts).filter_map(|stmt| match stmt {
            Stmt::Let(value, op) => Some((*value, op)),
            _ => None,
        })
    };
    lets().for_each(|(value, op)| made[value.index()] = Some(op));
    let number = |value: Value| match made[value.index()] {
        Some(Op::Const(Const::I32(integer))) => Some(f64::from(*integer)),
        Some(Op::Const(constant)) => constant.as_f64(),
        _ => None,
    };
    let (mut found, mut unneeded) = (Map::default(), BTreeSet::new());
    for (condition, op) in lets() {
        let asked = match op {
            Op::Unary(Unary::ToBool, bits) => Some((*bits, false)),
            Op::Binary(op @ (Binary::Eq | Binary::Ne | Binary::IEq | Binary::INe), a, b) => {
                let bits =
                    if number(*b) == Some(0.0) { Some(*a) } else { (number(*a) == Some(0.0)).then_some(*b) };
                bits.map(|bits| (bits, matches!(op, Binary::Eq | Binary::IEq)))
            }
            _ => None,
        };
        let Some((mut bits, holds)) = asked else { continue };
        let mut chain = vec![bits];
        if let Some(Op::Unary(Unary::FromInt32 | Unary::FromUint32, integer)) = made[bits.index()] {
            bits = *integer;
            chain.push(bits);
        }
        let Some(Op::Binary(Binary::And, a, b)) = made[bits.index()] else { continue };
        let (integer, mask) = if number(*b).is_some() { (*a, *b) } else { (*b, *a) };
        chain.push(integer);
        let (Some(size), Some(Op::Unary(Unary::ToInt32, x))) =
            (number(mask).and_then(power_above), made[integer.index()])
        else {
            continue;
        };
        // Elements and indices are there as integers.
        let is_double = matches!(
            made[x.index()],
            None | Some(
                Op::Binary(Binary::Div, ..)
                    | Op::Unary(Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Abs, _)
            )
        );
        if is_double && !uniform[x.index()] && chain.iter().all(|value| once[value.index()]) {
            found.insert(condition, Multiple { x: *x, size, holds });
            unneeded.extend(chain);
        }
    }
    (found, unneeded)
}

/// `2^k` of a mask of the lowest `k` bits.
fn power_above(mask: f64) -> Option<f64> {
    let size = mask + 1.0;
    (2.0..=f64::from(1_u32 << 31))
        .contains(&size)
        .then_some(size)
        .filter(|size| (*size as u64).is_power_of_two())
}

impl Lowering<'_> {
    pub(super) fn multiple(&mut self, Multiple { x, size, holds }: Multiple, part: usize) -> V {
        let x_of_part = self.v(x, part);
        let whole = if self.facts.integers[x.index()] {
            x_of_part
        } else {
            self.rmi(Vex::VROUNDPD, Wide, x_of_part, TRUNCATE)
        };
        let share = self.vrm(Vex::VMULPD, Wide, whole, Src::f64(1.0 / size));
        let cut = self.rmi(Vex::VROUNDPD, Wide, share, TRUNCATE);
        self.compare(share, cut, if holds { EQ_OR_NAN } else { NE_ORDERED })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::inst::{Inst, Vector};
    use crate::codegen::x64::lower::{Plan, lower_alone};
    use crate::codegen::x64::machine::Machine;
    use crate::ir::parse;

    /// Whether a loop that carries doubles converts them to integers.
    fn converts(asks: &str) -> bool {
        let text = format!(
            "function 1 -> f64\n{{\n%i = index 0\n%half = const.f64 0.5\n%one = const.f64 1\nblock @0 -> %r:f64 {{\nloop @1 %n:f64 = %i {{\n\
             %done = feq %n, %one\nif %done {{ br @0 %n }} else {{ yield }}\n%x = i32.f64 %n\n%c = const.i32 3\n%m = iand %x, %c\n\
             %f = f64.i32 %m\n{asks}\nbr @1 %l }} }}\nyield %r\n}}"
        );
        let function = parse(&text).unwrap();
        [Machine::Avx2, Machine::Avx512, Machine::Neon].into_iter().all(|machine| {
            let plan = Plan { machine, parts: 4, in_pairs: false, hurries: false };
            let lowered = lower_alone(&function, &[], plan).unwrap_or_else(|_| panic!("{text}"));
            let is_conversion = |inst: &Inst| matches!(inst, Inst::Vector(Vector { op: Vex::VCVTDQ2PD, .. }));
            lowered.code.iter().any(is_conversion)
        })
    }

    #[test]
    fn whether_bits_are_zero_takes_no_integers() {
        assert!(!converts("%b = bool.f64 %f\n%h = fmul %n, %half\n%l = select %b, %one, %h"));
        assert!(converts("%b = bool.f64 %f\n%h = fmul %n, %f\n%l = select %b, %one, %h"));
    }
}
