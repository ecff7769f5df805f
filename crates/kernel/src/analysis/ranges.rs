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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nobody has come here yet.
    Nothing,
    Is(Range),
    /// Any number.
    Any,
}

impl Known {
    const fn range(self) -> Option<Range> {
        match self {
            Self::Is(range) => Some(range),
            _ => None,
        }
    }

    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Is(a), Self::Is(b)) => Self::Is(Range {
                least: a.least.min(b.least),
                most: a.most.max(b.most),
                may_be_nan: a.may_be_nan || b.may_be_nan,
                may_be_negative_zero: a.may_be_negative_zero || b.may_be_negative_zero,
            }),
            _ => Self::Any,
        }
    }
}

impl Range {
    /// Neither NaN nor -0.
    pub const fn new(least: i64, most: i64) -> Self {
        Self { least, most, may_be_nan: false, may_be_negative_zero: false }
    }

    const fn or_nan(self, may_be_nan: bool) -> Self {
        Self { may_be_nan, ..self }
    }

    const fn or_negative_zero(self, may_be_negative_zero: bool) -> Self {
        Self { may_be_negative_zero, ..self }
    }

    const fn has_zero(self) -> bool {
        self.least <= 0 && self.most >= 0
    }

    /// Whether all in it are integers that a sum of two integers can be without being rounded.
    pub const fn is_exact(self) -> bool {
        self.least >= -LARGEST && self.most <= LARGEST
    }

    /// As a double.
    fn double(self) -> Known {
        if self.is_exact() { Known::Is(self) } else { Known::Any }
    }

    /// As a double that is an integer, though it may have been rounded.
    fn rounded(self) -> Known {
        if self.least >= -FARTHEST && self.most <= FARTHEST { Known::Is(self) } else { Known::Any }
    }

    /// A sum, of which one part may be small.
    fn sum(self, is_small: bool) -> Known {
        if is_small && !self.is_exact() {
            return Known::Is(Self {
                least: self.least.max(-FARTHEST),
                most: self.most.min(FARTHEST),
                ..self
            });
        }
        self.double()
    }

    const fn is_small(self) -> bool {
        self.least >= -SMALL && self.most <= SMALL
    }

    /// As an integer of 32 bits, modulo 2^32.
    fn narrow(self) -> Range {
        let is_there = self.least >= SIGNED.least && self.most <= SIGNED.most;
        if !is_there {
            return SIGNED;
        }
        // NaN becomes 0.
        let zero = self.may_be_nan && !self.has_zero();
        if zero { Self::new(self.least.min(0), self.most.max(0)) } else { Self::new(self.least, self.most) }
    }
}

const SIGNED: Range = Range::new(i32::MIN as i64, i32::MAX as i64);
const UNSIGNED: Range = Range::new(0, u32::MAX as i64);

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

/// What elements of a type may be.
pub fn of_element(element: Element) -> Option<Range> {
    Some(match element {
        Element::Int8 => Range::new(-128, 127),
        Element::Uint8 | Element::Uint8Clamped => Range::new(0, 255),
        Element::Int16 => Range::new(-32_768, 32_767),
        Element::Uint16 => Range::new(0, 65_535),
        Element::Int32 => SIGNED,
        Element::Uint32 => UNSIGNED,
        _ => return None,
    })
}

/// The least and the largest of four products.
fn product(a: Range, b: Range) -> Option<(i64, i64)> {
    let all = [
        a.least.checked_mul(b.least)?,
        a.least.checked_mul(b.most)?,
        a.most.checked_mul(b.least)?,
        a.most.checked_mul(b.most)?,
    ];
    Some((all.into_iter().min()?, all.into_iter().max()?))
}

fn binary(op: Binary, a: Range, b: Range) -> Known {
    let nan = a.may_be_nan || b.may_be_nan;
    let zeros = (a.may_be_negative_zero, b.may_be_negative_zero);
    match op {
        Binary::Add => Range::new(a.least.saturating_add(b.least), a.most.saturating_add(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros == (true, true))
            .sum(a.is_small() || b.is_small()),
        Binary::Sub => Range::new(a.least.saturating_sub(b.most), a.most.saturating_sub(b.least))
            .or_nan(nan)
            .or_negative_zero(zeros.0 && b.has_zero())
            .sum(b.is_small()),
        Binary::Mul => {
            // Zero times what is negative is -0.
            let is_negative = (a.has_zero() && b.least < 0) || (b.has_zero() && a.least < 0);
            let zero = is_negative || zeros.0 || zeros.1;
            product(a, b).map_or(Known::Any, |(least, most)| {
                Range::new(least, most).or_nan(nan).or_negative_zero(zero).double()
            })
        }
        // Of a negative number, a rest of nothing is -0.
        Binary::Rem => {
            let most = (b.least.abs().max(b.most.abs()) - 1).max(0);
            Range::new(a.least.max(-most).min(0), a.most.min(most).max(0))
                .or_nan(nan || b.has_zero())
                .or_negative_zero(zeros.0 || a.least < 0)
                .double()
        }
        Binary::Min => Range::new(a.least.min(b.least), a.most.min(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros.0 || zeros.1)
            .rounded(),
        Binary::Max => Range::new(a.least.max(b.least), a.most.max(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros.0 || zeros.1)
            .rounded(),
        _ => Known::Any,
    }
}

fn narrow_binary(op: Binary, a: Range, b: Range) -> Option<Range> {
    let is_natural = a.least >= 0 && b.least >= 0;
    Some(match op {
        Binary::IAdd => Range::new(a.least + b.least, a.most + b.most).narrow(),
        Binary::ISub => Range::new(a.least - b.most, a.most - b.least).narrow(),
        Binary::IMul => product(a, b).map(|(least, most)| Range::new(least, most).narrow())?,
        Binary::And if is_natural => Range::new(0, a.most.min(b.most)),
        Binary::And if a.least >= 0 => Range::new(0, a.most),
        Binary::And if b.least >= 0 => Range::new(0, b.most),
        Binary::Or | Binary::Xor if is_natural => {
            Range::new(0, (a.most.max(b.most) + 1).cast_unsigned().next_power_of_two().cast_signed() - 1)
        }
        Binary::Shl if b.least == b.most && a.least >= 0 => {
            Range::new(a.least << (b.least & 31), a.most << (b.least & 31)).narrow()
        }
        Binary::Sar if b.least == b.most => Range::new(a.least >> (b.least & 31), a.most >> (b.least & 31)),
        Binary::Shr if b.least == b.most && (a.least >= 0 || b.least & 31 > 0) => {
            let by = b.least & 31;
            if a.least >= 0 {
                Range::new(a.least >> by, a.most >> by)
            } else {
                Range::new(0, UNSIGNED.most >> by)
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::parse;

    /// The range of the value of that number.
    fn range(body: &str, value: usize) -> Option<(i64, i64, bool)> {
        let text = format!(
            "function 1\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 uint8 \"b\"\n{{\n{body}\nyield\n}}"
        );
        let function = parse(&text).unwrap();
        let found = integer_ranges(&function, &Granted::nothing(&function))[value];
        found.map(|Range { least, most, may_be_nan, .. }| (least, most, may_be_nan))
    }

    #[test]
    fn sums_and_products_are_between_those_of_the_ends() {
        let head = "%0 = const.f64 3\n%1 = const.f64 -2\n%2 = index 0\n%3 = load 1 %2\n%4 = scalar 0\n";
        let of = |op: &str| range(&format!("{head}%5 = {op}"), 5);
        assert_eq!(of("fadd %0, %1"), Some((1, 1, false)));
        assert_eq!(of("fsub %1, %3"), Some((-257, -2, true)));
        assert_eq!(of("fmul %0, %3"), Some((0, 765, true)));
        assert_eq!(of("fmul %1, %3"), Some((-510, 0, true)));
        assert_eq!(of("fneg %3"), Some((-255, 0, true)));
        assert_eq!(of("frem %1, %0"), Some((-2, 0, false)));
        assert_eq!(of("frem %2, %0"), Some((0, 2, false)));
        assert_eq!(of("frem %2, %3"), Some((0, 254, true)));
        assert_eq!(of("fmax %1, %3"), Some((0, 255, true)));
        assert_eq!(of("fmin %1, %3"), Some((-2, -2, true)));
        assert_eq!(of("fadd %2, %0"), Some((3, LARGEST + 2, false)));
        assert_eq!(of("fadd %2, %2"), None);
        assert_eq!(of("fadd %2, %4"), None);
        assert_eq!(of("load 0 %2"), None);
        assert_eq!(of("const.f64 -0"), Some((0, 0, false)));
        assert_eq!(of("const.f64 NaN"), Some((0, 0, true)));
    }

    #[test]
    fn zeros_have_a_sign() {
        let text = |op: &str| {
            let head = "%0 = const.f64 -2\n%1 = index 0\n%2 = load 1 %1\n%3 = fmul %0, %2\n%4 = const.f64 7\n%5 = fadd %2, %4\n";
            let text = format!(
                "function 1\narray 0 uint8 \"a\"\narray 1 uint8 \"b\"\n{{\n{head}%6 = {op}\nyield\n}}"
            );
            let function = parse(&text).unwrap();
            integer_ranges(&function, &Granted::nothing(&function))[6].map(|range| range.may_be_negative_zero)
        };
        for op in [
            "fmul %0, %2",
            "fneg %2",
            "frem %0, %4",
            "fadd %3, %3",
            "fsub %3, %2",
            "fmul %3, %5",
            "fmin %3, %2",
        ] {
            assert_eq!(text(op), Some(true), "{op}");
        }
        for op in [
            "fmul %2, %5",
            "fneg %5",
            "frem %1, %4",
            "fadd %3, %2",
            "fsub %2, %3",
            "fsub %3, %5",
            "fmul %0, %5",
        ] {
            assert_eq!(text(op), Some(false), "{op}");
        }
        assert_eq!(text("const.f64 -0"), Some(true));
    }

    #[test]
    fn comparisons_bound_what_goes_round() {
        let counter = |condition: &str| {
            format!(
                "%0 = const.f64 0\n%1 = const.f64 1\n%2 = length 0\nblock @0 {{\nloop @1 %3:f64 = %0 {{\n%4 = {condition}\n\
                 if %4 {{ yield }} else {{ br @0 }}\n%5 = fadd %3, %1\nbr @1 %5\n}} }}"
            )
        };
        assert_eq!(range(&counter("flt %3, %2"), 3), Some((0, LARGEST, false)));
        assert_eq!(range(&counter("flt %3, %2"), 5), Some((1, LARGEST, false)));
        // One more than the largest length would be rounded.
        assert_eq!(range(&counter("fle %3, %2"), 3), Some((0, FARTHEST, false)));
        assert_eq!(range(&counter("fgt %3, %0"), 3), Some((0, FARTHEST, false)));
    }

    #[test]
    fn what_does_not_hold_says_nothing_of_nan() {
        let text = |index: &str| {
            format!(
                "%0 = const.f64 9\n%1 = index 0\n%2 = load 1 {index}\n%3 = flt %0, %2\n\
                 if %3 -> %4:f64 {{ yield %0 }} else {{\n%5 = fadd %2, %0\nyield %5\n}}"
            )
        };
        assert_eq!(range(&text("%1"), 5), Some((9, 264, true)));
        let known = "%0 = const.f64 9\n%1 = const.i32 255\n%2 = index 0\n%3 = i32.f64 %2\n%4 = iand %3, %1\n%5 = f64.i32 %4\n\
                     %6 = flt %0, %5\nif %6 -> %7:f64 { yield %0 } else {\n%8 = fadd %5, %0\nyield %8\n}";
        assert_eq!(range(known, 8), Some((9, 18, false)));
    }
}
