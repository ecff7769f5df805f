//! Loops that most turns leave no lane: one look tells so of all parts at once.
//!
//! To find the lanes that leave, each part compares, and takes the lanes that are in the loop from the result. Two conditions need less:
//!
//! ```text
//! shared <= own        of a number that is the same for all lanes, and of one that each lane has for as long as the loop runs.
//!                      All stay if `shared` is no more than the least of those that are in the loop.
//! own % divisor === 0  of a divisor that is the same for all lanes: see below
//! ```
//!
//! The least, or the largest, is kept for each place in a vector, over all parts, or what follows from it. It is made anew whenever lanes have
//! left, or have changed places with those of other fibers.
//!
//! # Whether there is a rest
//!
//! Let `q` be `own * inverse`, rounded, where `inverse` is the divisor's, rounded, and `w` the integer next to `q`. If `own - w * divisor`,
//! rounded once, is 0, so is the exact difference, since it is a multiple of the smallest double; then there is no rest. If it is not, and
//! there is no rest all the same, then `own / divisor` is an integer other than `w`. But `q` is not farther from it than 2^-52 of it, which is a
//! quarter at most if it is no larger than 2^50. So up to there the difference is 0 if and only if there is no rest. NaN, infinities and
//! zeros as divisors lead to NaN in one of the two, and a divisor so small that its inverse is infinite to a `q` that is too large. Of a
//! divisor so large that its inverse has fewer bits the quotient is below 8.
//!
//! All parts are asked at once: the product of their differences is 0 if one is, and otherwise only if they are so small that it is no double; a
//! look may say that lanes leave though none does. Lanes that are not in the loop have 1/2 in the place of `own`, which no integer divides.

use super::leave::{Leaving, side_that_leaves};
use super::ops::{EQ, LE, NEAREST, SIGN, UNORDERED};
use super::{Home, Inst, Lowering, Op, Parts, RegionId, Src, Stmt, V, Value, Vex, Wide};
use crate::codegen::x64::frame::{self, Kind};
use crate::ir::{Binary, Type, Unary};

/// Predicates of `vcmppd` that hold for NaN, too.
pub(super) const EQ_OR_NAN: u8 = 0x08;
const NOT_LT: u8 = 0x15;
const NOT_LE: u8 = 0x16;
const NOT_GE: u8 = 0x19;
const NOT_GT: u8 = 0x1a;

/// Quotients below twice as much are near enough to the exact ones.
const LARGEST_QUOTIENT: f64 = (1_u64 << 49) as f64;

/// A condition by which lanes leave.
#[derive(Clone)]
pub(super) struct Look {
    why: Why,
    /// What is looked at: see [`Extreme`]; of remainders, [`LARGEST_QUOTIENT`] divided by it, which no inverse may reach.
    extreme: V,
    /// Of remainders, `own` in each part; 1/2 where a lane is not in the loop.
    guarded: Parts,
}

/// What a lane has that is not in the loop, in the place of a dividend.
const NO_DIVIDEND: f64 = 0.5;

#[derive(Clone, Copy)]
enum Why {
    /// Lanes stay while `shared` is in this order to `own`; of which extreme that must hold.
    Passed { shared: Value, own: Value, order: u8, extreme: Extreme },
    /// Lanes leave where `rest`, which is `own % divisor`, is 0; or where it is NaN, too.
    NoRest { rest: Value, own: Value, divisor: Value, or_nan: bool },
}

/// Of the lanes that are in a loop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extreme {
    Least,
    Most,
    /// The one that is farthest from zero.
    Largest,
}

impl Lowering<'_> {
    /// Finds such conditions in a loop, and makes what they look at, for the lanes of `mask`. Its parameters are in place, and nothing of its
    /// body is.
    pub(super) fn first_looks(&mut self, params: &[Value], body: RegionId, mask: &Parts) -> Vec<Look> {
        let function = self.function;
        let mut found = Vec::new();
        for stmt in &function.region(body).stmts {
            let Stmt::If { condition, results, then, otherwise } = stmt else { continue };
            let Some((_, when)) = side_that_leaves(function, *then, *otherwise) else { continue };
            if !results.is_empty() || !self.facts.once[condition.index()] {
                continue;
            }
            let Some(why) = self.why(*condition, when, params, body) else { continue };
            let extreme = self.fresh();
            let guarded: Parts = match why {
                Why::Passed { .. } => Parts::default(),
                Why::NoRest { .. } => (0..self.parts).map(|_| self.fresh()).collect(),
            };
            for v in guarded.iter().chain([&extreme]) {
                self.kinds[v.index()] = (Kind::Remade, frame::NO_PART);
            }
            let look = Look { why, extreme, guarded };
            self.make_extreme(&look, mask);
            self.looks.insert(*condition, look.clone());
            found.push(look);
            self.put_off.insert(*condition);
            if let Why::NoRest { rest, .. } = why {
                self.put_off.insert(rest);
            }
        }
        found
    }

    /// Makes what the looks of all loops around are at, for lanes that may be others than before.
    pub(super) fn remake_looks(&mut self) {
        let around = std::mem::take(&mut self.looks_around);
        for (looks, mask) in &around {
            looks.iter().for_each(|look| self.make_extreme(look, mask));
        }
        self.looks_around = around;
    }

    /// Why lanes leave if this condition is `when`.
    fn why(&self, condition: Value, when: bool, params: &[Value], body: RegionId) -> Option<Why> {
        let is_own = |value: Value| {
            !self.facts.uniform[value.index()]
                && !params.contains(&value)
                && matches!(self.places[value.index()], Home::Registers(_))
        };
        match self.made_in(condition, body)? {
            Op::Binary(op @ (Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge), a, b) => {
                if self.function.ty(*a) != Type::F64 {
                    return None;
                }
                let (shared, own, is_turned) =
                    match (self.facts.uniform[a.index()], self.facts.uniform[b.index()]) {
                        (true, false) => (*a, *b, false),
                        (false, true) => (*b, *a, true),
                        _ => return None,
                    };
                // From the side of what all share.
                let (is_less, is_strict) = match op {
                    Binary::Lt => (true, true),
                    Binary::Le => (true, false),
                    Binary::Gt => (false, true),
                    _ => (false, false),
                };
                let is_less = is_less != is_turned;
                // They stay if the opposite holds. With a NaN it may not; a look finds out.
                let (is_less, is_strict) = if when { (!is_less, !is_strict) } else { (is_less, is_strict) };
                let (order, extreme) = match (is_less, is_strict) {
                    (true, true) => (NOT_LT, Extreme::Least),
                    (true, false) => (NOT_LE, Extreme::Least),
                    (false, true) => (NOT_GT, Extreme::Most),
                    (false, false) => (NOT_GE, Extreme::Most),
                };
                is_own(own).then_some(Why::Passed { shared, own, order, extreme })
            }
            Op::Binary(Binary::Eq, a, b) if when => self.no_rest(self.not_zero(*a, *b)?, false, body, is_own),
            Op::Binary(Binary::Ne, a, b) if !when => {
                self.no_rest(self.not_zero(*a, *b)?, false, body, is_own)
            }
            Op::Unary(Unary::ToBool, rest) if !when => self.no_rest(*rest, true, body, is_own),
            _ => None,
        }
    }

    /// Of two values, the one that is compared with 0.
    fn not_zero(&self, a: Value, b: Value) -> Option<Value> {
        let is_zero =
            |value: Value| matches!(self.made(value), Some(Op::Const(zero)) if zero.as_f64() == Some(0.0));
        if is_zero(b) { Some(a) } else { is_zero(a).then_some(b) }
    }

    fn no_rest(
        &self,
        rest: Value,
        or_nan: bool,
        body: RegionId,
        is_own: impl Fn(Value) -> bool,
    ) -> Option<Why> {
        let Op::Binary(Binary::Rem, own, divisor) = self.made_in(rest, body)? else { return None };
        let (own, divisor) = (*own, *divisor);
        let is_shared = self.facts.uniform[divisor.index()] && self.power_of_two(divisor).is_none();
        let is_it = self.facts.once[rest.index()] && is_shared && is_own(own);
        is_it.then_some(Why::NoRest { rest, own, divisor, or_nan })
    }

    /// The operation that makes a value.
    fn made(&self, value: Value) -> Option<&Op> {
        let (region, number) = self.facts.definitions[value.index()]?;
        match &self.function.regions[region as usize].stmts[number as usize] {
            Stmt::Let(_, op) => Some(op),
            _ => None,
        }
    }

    /// The same, if it is a statement of this region.
    fn made_in(&self, value: Value, body: RegionId) -> Option<&Op> {
        self.made(value).filter(|_| {
            self.facts.definitions[value.index()].is_some_and(|(id, _)| id as usize == body.index())
        })
    }

    /// Makes what a look is at.
    fn make_extreme(&mut self, look: &Look, mask: &Parts) {
        let (own, kind, neutral) = match look.why {
            Why::Passed { own, extreme: Extreme::Least, .. } => (own, Extreme::Least, f64::INFINITY),
            Why::Passed { own, extreme, .. } => (own, extreme, f64::NEG_INFINITY),
            Why::NoRest { own, .. } => (own, Extreme::Largest, NO_DIVIDEND),
        };
        let is_index = matches!(self.made(own), Some(Op::Index(_)));
        let (mut found, mut unknown) = (None, None);
        for (part, mask) in mask.iter().enumerate() {
            let mut x = self.v(own, part);
            if !is_index {
                let is_unknown = self.compare_where(*mask, x, x, UNORDERED);
                unknown = Some(match unknown {
                    None => is_unknown,
                    Some(others) => self.either(others, is_unknown),
                });
            }
            let nothing = self.rm(Vex::VMOVUPD, Wide, Src::f64(neutral));
            x = self.blend(nothing, x, *mask);
            if kind == Extreme::Largest {
                self.write(look.guarded[part], Wide, x);
                x = self.vrm(Vex::VANDPD, Wide, x, Src::bits(!SIGN));
            }
            let op = if kind == Extreme::Least { Vex::VMINPD } else { Vex::VMAXPD };
            found = Some(match found {
                None => x,
                Some(others) => self.vrm(op, Wide, others, x),
            });
        }
        let Some(mut found) = found else { return };
        if let Some(unknown) = unknown {
            // No look at NaN says that all stay.
            found = self.or_nan(found, unknown);
        }
        if kind == Extreme::Largest {
            let most = self.rm(Vex::VMOVUPD, Wide, Src::f64(LARGEST_QUOTIENT));
            found = self.vrm(Vex::VDIVPD, Wide, most, found);
        }
        self.write(look.extreme, Wide, found);
    }

    /// Lanes leave a turn, if a look does not tell that none does.
    pub(super) fn leave_after_look(&mut self, condition: Value, look: &Look, leaving: &Leaving) {
        let is_known = self.is_mask_known;
        let mask = leaving.mask.clone();
        let cold = self.asm.label();
        match look.why {
            Why::Passed { shared, order, .. } => {
                let shared = self.v(shared, 0);
                let may_leave = self.compare(shared, look.extreme, order);
                self.code.push(Inst::JumpIf { any: true, mask: may_leave, label: cold });
                self.code.push(Inst::ColdStart(cold));
                self.make(condition);
                let leave = self.those_that_leave(condition, leaving);
                self.leave(leaving, &leave, false);
            }
            Why::NoRest { own, divisor, or_nan, .. } => {
                let rests = self.rests(divisor, look, cold);
                self.code.push(Inst::ColdStart(cold));
                self.correct(&rests, own, divisor, &mask);
                let predicate = if or_nan { EQ_OR_NAN } else { EQ };
                let leave = self.each(&mask, &rests, |this, mask, rest| {
                    this.compare_where(mask, rest, Src::bits(0), predicate)
                });
                self.leave(leaving, &leave, false);
            }
        }
        self.make_extreme(look, &mask);
        self.code.push(Inst::ColdEnd);
        self.is_mask_known = is_known;
    }

    /// What is left of each part, wrong only if it jumps to `cold`; it does where nothing is left.
    fn rests(&mut self, divisor: Value, look: &Look, cold: super::Place) -> Parts {
        let (_, size) = self.size_of_divisor(divisor, 0);
        let inverse = match self.inverses.get(&divisor) {
            Some(inverse) => *inverse,
            None => self.inverse(size),
        };
        let is_large = self.compare(inverse, look.extreme, NOT_LT);
        let mut rests = Vec::with_capacity(self.parts);
        for x in &look.guarded {
            let quotient = self.vrm(Vex::VMULPD, Wide, inverse, *x);
            let whole = self.rmi(Vex::VROUNDPD, Wide, quotient, NEAREST);
            rests.push(self.without_multiple(*x, whole, size));
        }
        let product = self.product(&rests);
        let is_nothing = self.compare(product, Src::bits(0), EQ_OR_NAN);
        let may_leave = self.either(is_large, is_nothing);
        self.code.push(Inst::JumpIf { any: true, mask: may_leave, label: cold });
        rests.into()
    }

    /// In pairs: none waits for all others.
    fn product(&mut self, factors: &[V]) -> V {
        match factors {
            [factor] => *factor,
            _ => {
                let (some, others) = factors.split_at(factors.len() / 2);
                let (some, others) = (self.product(some), self.product(others));
                self.vrm(Vex::VMULPD, Wide, some, others)
            }
        }
    }

    /// Makes sure of rests that may be wrong.
    fn correct(&mut self, rests: &Parts, own: Value, divisor: Value, mask: &Parts) {
        let (signed, size) = self.size_of_divisor(divisor, 0);
        let half = self.vrm(Vex::VMULPD, Wide, size, Src::f64(0.5));
        let wrong = self.each(mask, rests, |this, mask, rest| {
            let distance = this.vrm(Vex::VANDPD, Wide, rest, Src::bits(!SIGN));
            let fine = this.compare(distance, half, LE);
            this.without(mask, fine)
        });
        let go_on = self.asm.label();
        self.jump_if(false, &wrong, go_on);
        let xs: Vec<V> = (0..self.parts).map(|part| self.v(own, part)).collect();
        self.exact_rests(signed, xs.into_iter().zip(rests.iter().copied()));
        self.code.push(Inst::Bind(go_on));
    }

    /// Makes a value that was put off, in all parts.
    fn make(&mut self, value: Value) {
        let function = self.function;
        if let Some((region, number)) = self.facts.definitions[value.index()]
            && let Stmt::Let(_, op) = &function.regions[region as usize].stmts[number as usize]
        {
            self.op(value, op);
        }
    }

    /// Makes a condition that was put off where lanes cannot leave in passing, after all.
    pub(super) fn make_late(&mut self, condition: Value, look: &Look) {
        if let Why::NoRest { rest, .. } = look.why {
            self.make(rest);
        }
        self.make(condition);
    }
}
