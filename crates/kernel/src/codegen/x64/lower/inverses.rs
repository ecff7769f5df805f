//! Inverses of divisors that are the same for all lanes, made a turn ahead.
//!
//! `i % d`, with a `d` that all lanes share, multiplies by 1 / d. All else in a turn waits for that division, and a processor that has to wait for
//! most of what it has in view cannot look far into the next turn. But what `d` will be then is known now:
//!
//! ```text
//! inverse = 1 / d
//! loop:  next = 1 / (d + 1);  …  i * inverse  …;  inverse = next;  d = d + 1
//! ```

use super::{End, Home, Lowering, Op, Region, Src, Stmt, V, Value, Wide};
use crate::codegen::x64::asm::Vex;
use crate::codegen::x64::frame::Kind;
use crate::ir::{Binary, Label, Type};

/// Operations that are done once more, at the most, to know a divisor of the next turn.
const MAX_CHAIN: usize = 8;

/// A divisor of a loop.
pub(super) struct Ahead {
    divisor: Value,
    /// The operations that lead to it from the parameters of the loop.
    chain: Vec<Value>,
    /// Those that lead to what the parameters will be.
    next: Vec<Value>,
    /// These parameters, and the values they will have.
    params: Vec<(Value, Value)>,
    /// Where the inverse is.
    inverse: V,
}

impl Lowering<'_> {
    /// Makes the inverses of a loop's divisors for its first turn. Its parameters are in place.
    pub(super) fn first_inverses(&mut self, label: Label, params: &[Value], body: &Region) -> Vec<Ahead> {
        let End::Branch(to, values) = &body.end else { return Vec::new() };
        if *to != label {
            return Vec::new();
        }
        let nexts: Vec<(Value, Value)> = params.iter().copied().zip(values.iter().copied()).collect();
        let mut found: Vec<Ahead> = Vec::new();
        for stmt in &body.stmts {
            if let Stmt::Let(value, Op::Binary(Binary::Rem, _, divisor)) = stmt
                && self.facts.uniform[divisor.index()]
                && !self.facts.uniform[value.index()]
                && self.power_of_two(*divisor).is_none()
                && found.iter().all(|other| other.divisor != *divisor)
                && let Some(ahead) = self.ahead(*divisor, &nexts, body)
            {
                found.push(ahead);
            }
        }
        for ahead in &found {
            let places = self.places.clone();
            let inverse = self.inverse_after(&ahead.chain, ahead.divisor);
            self.places = places;
            self.write(ahead.inverse, Wide, inverse);
            self.inverses.insert(ahead.divisor, ahead.inverse);
        }
        found
    }

    /// How to know this divisor a turn ahead; `None` if it stays the same, or takes more than some operations.
    fn ahead(&mut self, divisor: Value, nexts: &[(Value, Value)], body: &Region) -> Option<Ahead> {
        let (mut chain, mut used) = (Vec::new(), Vec::new());
        self.lead_to(divisor, nexts, body, &mut chain, &mut used)?;
        let params: Vec<(Value, Value)> =
            nexts.iter().copied().filter(|(param, _)| used.contains(param)).collect();
        let (mut next, mut ignored) = (Vec::new(), Vec::new());
        for (_, value) in &params {
            self.lead_to(*value, nexts, body, &mut next, &mut ignored)?;
        }
        if params.is_empty() || chain.len() + next.len() > MAX_CHAIN {
            return None;
        }
        let inverse = self.fresh();
        self.kinds[inverse.index()] = (Kind::Uniform, 0);
        Some(Ahead { divisor, chain, next, params, inverse })
    }

    /// Collects the operations of a turn that lead to a value, operands first, and the parameters that they begin with.
    fn lead_to(
        &self,
        value: Value,
        nexts: &[(Value, Value)],
        body: &Region,
        chain: &mut Vec<Value>,
        params: &mut Vec<Value>,
    ) -> Option<()> {
        if nexts.iter().any(|(param, _)| *param == value) {
            params.push(value);
            return self.facts.uniform[value.index()].then_some(());
        }
        let made_by = body.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let(made, op) if *made == value => Some(op),
            _ => None,
        });
        let Some(op) = made_by else {
            // Of before the loop, or of a region within the turn.
            return (!matches!(self.places[value.index()], Home::Nowhere)).then_some(());
        };
        let is_quick = match op {
            Op::Const(_) | Op::Unary(..) => true,
            Op::Binary(op, ..) => *op != Binary::Rem,
            _ => false,
        };
        if !is_quick || !self.facts.uniform[value.index()] || chain.len() > MAX_CHAIN {
            return None;
        }
        if !chain.contains(&value) {
            op.operands().try_for_each(|operand| self.lead_to(operand, nexts, body, chain, params))?;
            chain.push(value);
        }
        Some(())
    }

    /// In a turn, makes the inverses for the next one.
    pub(super) fn next_inverses(&mut self, aheads: &[Ahead]) -> Vec<(V, V)> {
        let mut next = Vec::with_capacity(aheads.len());
        for ahead in aheads {
            let places = self.places.clone();
            self.operations(&ahead.next);
            // Made here once, for this turn too. The chain may lead through the same values, of the next turn.
            let made: Vec<Home> = ahead.next.iter().map(|value| self.places[value.index()].clone()).collect();
            let moved: Vec<Home> =
                ahead.params.iter().map(|(_, next)| self.places[next.index()].clone()).collect();
            for ((param, _), home) in ahead.params.iter().zip(moved) {
                self.places[param.index()] = home;
            }
            let inverse = self.inverse_after(&ahead.chain, ahead.divisor);
            self.places = places;
            for (value, home) in ahead.next.iter().zip(made) {
                self.places[value.index()] = home;
                self.made_ahead.insert(*value);
            }
            next.push((ahead.inverse, inverse));
        }
        next
    }

    fn inverse_after(&mut self, chain: &[Value], divisor: Value) -> V {
        self.operations(chain);
        debug_assert_eq!(self.function.ty(divisor), Type::F64);
        let size = self.size_of_divisor(divisor, 0).1;
        self.inverse(size)
    }

    fn operations(&mut self, values: &[Value]) {
        let function = self.function;
        for value in values {
            let (region, number) = self.facts.definitions[value.index()].expect("made by an operation");
            if let Stmt::Let(_, op) = &function.regions[region as usize].stmts[number as usize] {
                self.op(*value, op);
            }
        }
    }

    /// The inverse of what is not negative, or NaN.
    pub(super) fn inverse(&mut self, size: V) -> V {
        let one = self.rm(Vex::VMOVUPD, Wide, Src::f64(1.0));
        self.vrm(Vex::VDIVPD, Wide, one, size)
    }
}
