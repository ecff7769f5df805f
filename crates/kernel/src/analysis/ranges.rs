//! Between which numbers integers are.
//!
//! Loops go round, so that what they carry is found by going through the function until nothing grows. What grows is let go to the next of
//! some round numbers at once. What comparisons say holds where they have come out so.
//!
//! ```text
//! loop k = 0 {              k: 0 … 2^31
//!   if !(k < n) break       n: 0 … 2^31, so k: 0 … 2^31 - 1 from here on
//!   k + 1                   1 … 2^31
//! }
//! ```

mod arithmetic;

pub use arithmetic::of_element;
use arithmetic::{Known, SIGNED, UNSIGNED, binary, narrow_binary};

use crate::ir::{Binary, Const, Element, End, Function, Label, Op, RegionId, Stmt, Type, Unary, Value};

/// Numbers up to here are integers without a gap.
pub const LARGEST: i64 = 1 << 53;

/// What changes by [`SMALL`] at the most in a turn gets no farther from zero: a double of that size has its last bit at 1024, so that
/// less than half of that is rounded away.
const FARTHEST: i64 = 1 << 62;
const SMALL: i64 = 256;

/// An integer from `least` to `most`; or NaN or -0, if it may be that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The least that it may be.
    pub least: i64,
    /// The largest.
    pub most: i64,
    /// Whether it may be NaN.
    pub may_be_nan: bool,
    /// Whether its zero may be -0.
    pub may_be_negative_zero: bool,
}

/// What is taken for granted of what a function works on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    /// No index is larger.
    pub index: i64,
    /// No array is longer.
    pub length: i64,
    /// Between which numbers the caller's are, if they are integers.
    pub scalars: Vec<Option<Range>>,
}

impl Granted {
    /// What always holds.
    pub fn nothing(function: &Function) -> Self {
        Self { index: LARGEST - 1, length: LARGEST, scalars: vec![None; function.scalars.len()] }
    }
}

/// For each value, its range, if it is an integer of 32 bits with its sign, or a double that is an integer.
pub fn integer_ranges(function: &Function, granted: &Granted) -> Vec<Option<Range>> {
    let mut analysis = Analysis {
        function,
        granted,
        known: vec![Known::Nothing; function.values.len()],
        definitions: vec![None; function.values.len()],
        facts: Vec::new(),
        targets: Vec::new(),
        changed: false,
    };
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(value, op) = stmt {
            analysis.definitions[value.index()] = Some(op);
        }
    }
    for _ in 0..MOST_ROUNDS {
        analysis.changed = false;
        analysis.region(function.entry, &[]);
        if !analysis.changed {
            return analysis.known.into_iter().map(Known::range).collect();
        }
    }
    vec![None; function.values.len()]
}

/// Where what grows is let go to.
const ENDS: [i64; 9] = [0, 1, 255, 65_535, i32::MAX as i64, 1 << 31, u32::MAX as i64, LARGEST, FARTHEST];

/// Each round takes a value to the next round number, and there are few; loops within loops take some more.
const MOST_ROUNDS: usize = 60;

/// Conditions of conditions that are looked at.
const MOST_LOOKED_AT: u32 = 8;

struct Analysis<'a> {
    function: &'a Function,
    granted: &'a Granted,
    known: Vec<Known>,
    definitions: Vec<Option<&'a Op>>,
    /// What conditions say, the last one first.
    facts: Vec<(Value, Range)>,
    targets: Vec<(Label, &'a [Value])>,
    changed: bool,
}

impl<'a> Analysis<'a> {
    fn region(&mut self, id: RegionId, results: &'a [Value]) {
        let function = self.function;
        let region = function.region(id);
        let mark = self.facts.len();
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) => self.known[value.index()] = self.operation(*value, op),
                Stmt::Block { label, results, body } => {
                    self.targets.push((*label, results));
                    self.region(*body, results);
                    self.targets.pop();
                }
                Stmt::If { condition, results, then, otherwise } => {
                    for (side, holds) in [(*then, true), (*otherwise, false)] {
                        let mark = self.facts.len();
                        self.assume(*condition, holds, MOST_LOOKED_AT);
                        self.region(side, results);
                        self.facts.truncate(mark);
                    }
                    let goes_on = |side: &RegionId| matches!(function.region(*side).end, End::Yield(_));
                    match (goes_on(then), goes_on(otherwise)) {
                        (true, false) => self.assume(*condition, true, MOST_LOOKED_AT),
                        (false, true) => self.assume(*condition, false, MOST_LOOKED_AT),
                        _ => {}
                    }
                }
                Stmt::Guard { condition } => self.assume(*condition, true, MOST_LOOKED_AT),
                Stmt::Store { .. } | Stmt::LocalStore { .. } | Stmt::LocalFill { .. } => {}
            }
        }
        match &region.end {
            End::Yield(values) => self.bring(values, results),
            End::Branch(label, values) => {
                let to = self.targets.iter().rev().find(|(other, _)| other == label).map(|(_, to)| *to);
                self.bring(values, to.unwrap_or_default());
            }
            End::Loop { label, params, initial, body } => {
                self.bring(initial, params);
                self.targets.push((*label, params));
                self.region(*body, &[]);
                self.targets.pop();
            }
        }
        self.facts.truncate(mark);
    }

    fn bring(&mut self, values: &[Value], to: &[Value]) {
        for (value, to) in values.iter().zip(to) {
            let (old, new) = (self.known[to.index()], self.of(*value));
            let joined = old.join(new);
            if joined == old {
                continue;
            }
            self.changed = true;
            self.known[to.index()] = match (old, joined) {
                (Known::Is(old), Known::Is(joined)) => self.widen(*to, old, joined),
                _ => joined,
            };
        }
    }

    /// What has grown goes on to the next round number.
    fn widen(&self, value: Value, old: Range, new: Range) -> Known {
        if self.function.ty(value) == Type::I32 {
            return Known::Is(SIGNED);
        }
        let next = |end: i64| ENDS.into_iter().find(|round| *round >= end).unwrap_or(i64::MAX);
        let least = if new.least < old.least { -next(-new.least) } else { new.least };
        let most = if new.most > old.most { next(new.most) } else { new.most };
        Range { least, most, ..new }.rounded()
    }

    /// What is known of a value here.
    fn of(&self, value: Value) -> Known {
        let mut known = self.known[value.index()];
        if let Known::Is(range) = &mut known {
            for (_, fact) in self.facts.iter().filter(|(about, _)| *about == value) {
                let (least, most) = (range.least.max(fact.least), range.most.min(fact.most));
                if least <= most {
                    (range.least, range.most) = (least, most);
                }
                // Not so of -0: it is no less than 0, and the same.
                range.may_be_nan &= fact.may_be_nan;
            }
        }
        known
    }

    /// Notes what it means that a condition is so.
    fn assume(&mut self, condition: Value, holds: bool, left: u32) {
        let Some(left) = left.checked_sub(1) else { return };
        match self.definitions[condition.index()] {
            Some(Op::Unary(Unary::Not, a)) => self.assume(*a, !holds, left),
            Some(Op::Binary(op @ (Binary::BAnd | Binary::BOr), a, b)) if (*op == Binary::BAnd) == holds => {
                self.assume(*a, holds, left);
                self.assume(*b, holds, left);
            }
            Some(Op::Binary(op, a, b)) => self.compared(*op, *a, *b, holds),
            _ => {}
        }
    }

    fn compared(&mut self, op: Binary, a: Value, b: Value, holds: bool) {
        use Binary as B;
        let (Known::Is(x), Known::Is(y)) = (self.of(a), self.of(b)) else { return };
        // `a` is less than `b`, or no more, or the same.
        let (a, b, x, y, op) = match op {
            B::Gt => (b, a, y, x, B::Lt),
            B::Ge => (b, a, y, x, B::Le),
            B::ILt => (a, b, x, y, B::Lt),
            B::ILe => (a, b, x, y, B::Le),
            B::IEq => (a, b, x, y, B::Eq),
            B::INe => (a, b, x, y, B::Ne),
            _ => (a, b, x, y, op),
        };
        // Of NaN, nothing holds but that it is not the same; so what does not hold says nothing where one may be NaN.
        let is_known = !x.may_be_nan && !y.may_be_nan;
        match (op, holds) {
            (B::Lt, true) => self.in_order((a, x), (b, y), 1),
            (B::Le, true) => self.in_order((a, x), (b, y), 0),
            (B::Lt, false) if is_known => self.in_order((b, y), (a, x), 0),
            (B::Le, false) if is_known => self.in_order((b, y), (a, x), 1),
            (B::Eq, true) | (B::Ne, false) => {
                let both = Range::new(x.least.max(y.least), x.most.min(y.most));
                self.facts.extend([(a, both), (b, both)]);
            }
            _ => {}
        }
    }

    /// The first is below the second by so much at least; neither is NaN.
    fn in_order(&mut self, (a, x): (Value, Range), (b, y): (Value, Range), by: i64) {
        self.facts.push((a, Range::new(x.least, y.most - by)));
        self.facts.push((b, Range::new(x.least + by, y.most)));
    }

    fn operation(&self, value: Value, op: &Op) -> Known {
        match self.function.ty(value) {
            Type::F64 => self.double(op),
            Type::I32 => self.narrow(op).unwrap_or(Known::Is(SIGNED)),
            Type::Bool => Known::Any,
        }
    }

    fn double(&self, op: &Op) -> Known {
        let of_element = |element: Element, may_be_nan: bool| match of_element(element) {
            Some(range) => range.or_nan(may_be_nan).double(),
            None => Known::Any,
        };
        match op {
            Op::Const(Const::F64(bits)) => {
                let x = f64::from_bits(*bits);
                let is_integer = x.trunc() == x && x.abs() <= LARGEST as f64;
                if is_integer {
                    let is_negative_zero = x == 0.0 && x.is_sign_negative();
                    Known::Is(Range::new(x as i64, x as i64).or_negative_zero(is_negative_zero))
                } else if x.is_nan() {
                    Known::Is(Range::new(0, 0).or_nan(true))
                } else {
                    Known::Any
                }
            }
            Op::Index(_) => Known::Is(Range::new(0, self.granted.index)),
            Op::Length(_) => Known::Is(Range::new(0, self.granted.length)),
            Op::Scalar(scalar) => self.granted.scalars[scalar.index()].map_or(Known::Any, Known::Is),
            Op::Load(array, _) => of_element(self.function.arrays[array.index()].element, true),
            Op::LocalLoad(local, _) => of_element(self.function.locals[local.index()].element, true),
            Op::Select(_, a, b) => self.of(*a).join(self.of(*b)),
            Op::Unary(op, a) => self.unary(*op, *a),
            Op::Binary(op, a, b) => match (self.of(*a), self.of(*b)) {
                (Known::Nothing, _) | (_, Known::Nothing) => Known::Nothing,
                (Known::Is(a), Known::Is(b)) => binary(*op, a, b),
                _ => Known::Any,
            },
            _ => Known::Any,
        }
    }

    fn unary(&self, op: Unary, a: Value) -> Known {
        let range = match self.of(a) {
            Known::Nothing => return Known::Nothing,
            Known::Any => return self.rounded(op, a),
            Known::Is(range) => range,
        };
        match op {
            Unary::FromInt32 | Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Round => Known::Is(range),
            Unary::FromUint32 if range.least >= 0 => Known::Is(range),
            Unary::FromUint32 => Known::Is(UNSIGNED),
            Unary::Neg => Range { least: -range.most, most: -range.least, ..range }
                .or_negative_zero(range.has_zero())
                .rounded(),
            Unary::Abs => {
                let least = if range.has_zero() { 0 } else { range.least.abs().min(range.most.abs()) };
                let most = range.least.abs().max(range.most.abs());
                Range { least, most, ..range }.or_negative_zero(false).rounded()
            }
            _ => Known::Any,
        }
    }

    /// Quotients of natural numbers.
    fn rounded(&self, op: Unary, a: Value) -> Known {
        if op == Unary::FromBool {
            return Known::Is(Range::new(0, 1));
        }
        if let (Unary::Floor | Unary::Trunc, Some(Op::Binary(Binary::Div, a, b))) =
            (op, self.definitions[a.index()])
            && let (Known::Is(a), Known::Is(b)) = (self.of(*a), self.of(*b))
            && a.least >= 0
            && b.least > 0
            && !a.may_be_negative_zero
        {
            return Range::new(0, a.most).or_nan(a.may_be_nan || b.may_be_nan).double();
        }
        Known::Any
    }

    /// `None` if any integer of 32 bits may come out.
    fn narrow(&self, op: &Op) -> Option<Known> {
        let of = |value: &Value| self.of(*value).range();
        Some(Known::Is(match op {
            Op::Const(Const::I32(number)) => Range::new(i64::from(*number), i64::from(*number)),
            Op::Unary(Unary::ToInt32, a) => of(a)?.narrow(),
            Op::Unary(Unary::I32FromBool, _) => Range::new(0, 1),
            Op::Unary(Unary::Clz, _) => Range::new(0, 32),
            Op::Select(_, a, b) => Known::Is(of(a)?).join(Known::Is(of(b)?)).range()?,
            Op::Binary(op, a, b) => narrow_binary(*op, of(a)?, of(b)?)?,
            _ => return None,
        }))
    }
}

#[cfg(test)]
mod tests;
