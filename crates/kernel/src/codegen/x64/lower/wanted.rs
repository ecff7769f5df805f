//! Which doubles are integers to code for one index at a time: those that are found to be some, and that somebody wants as such.
//!
//! An index is wanted as an integer, and so is what is compared with an integer, or made one. Sums and products pass on what is wanted of
//! them, and so do parameters and results that are integers all along. What only an operation on doubles makes, as a quotient, goes round
//! a loop as a double: to convert it at each turn would take longer.

use crate::analysis::{Granted, Range, integer_ranges};
use crate::ir::{Binary, Element, End, Function, Label, Op, RegionId, Stmt, Type, Unary, Value};

/// What is known of each value.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) ranges: Vec<Option<Range>>,
    /// Doubles that are there as integers, too.
    pub(super) is_wanted: Vec<bool>,
    /// Of them, parameters and results that are brought as integers.
    pub(super) is_carried: Vec<bool>,
}

impl Wanted {
    /// Nothing is.
    pub(super) fn nothing(function: &Function) -> Self {
        let none = vec![false; function.values.len()];
        Self { ranges: vec![None; none.len()], is_wanted: none.clone(), is_carried: none }
    }

    pub(super) fn of(function: &Function, granted: &Granted) -> Self {
        Self::with(function, granted, Roots::All)
    }

    fn with(function: &Function, granted: &Granted, roots: Roots) -> Self {
        let mut ranges = integer_ranges(function, granted);
        for (range, ty) in ranges.iter_mut().zip(&function.values) {
            if *ty != Type::F64 {
                *range = None;
            }
        }
        let made = made(function);
        let given = given(function);
        // Those that are given anything else, or those that are given those, are not carried.
        let mut is_carried: Vec<bool> =
            ranges.iter().map(|range| range.is_some_and(|range| !range.may_be_negative_zero)).collect();
        for (value, op) in made.iter().enumerate() {
            is_carried[value] &= op.is_none_or(is_of_integers);
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (value, from) in given.iter().enumerate() {
                if is_carried[value] && !from.iter().all(|from| is_carried[from.index()]) {
                    is_carried[value] = false;
                    changed = true;
                }
            }
        }
        let mut wanted = Self { ranges, is_wanted: vec![false; function.values.len()], is_carried };
        wanted.find(function, &made, &given, roots);
        for (value, op) in made.iter().enumerate() {
            wanted.is_carried[value] &= op.is_none() && wanted.is_wanted[value];
        }
        wanted
    }

    fn find(&mut self, function: &Function, made: &[Option<&Op>], given: &[Vec<Value>], roots: Roots) {
        let mut waiting: Vec<Value> = Vec::new();
        let mut compared: Vec<(Value, Value)> = Vec::new();
        let is_all = roots == Roots::All;
        let keeps_integers = |element: Element| {
            !matches!(element, Element::Float32 | Element::Float64 | Element::Uint8Clamped)
        };
        for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
            match stmt {
                Stmt::Let(_, Op::Load(_, a) | Op::InBounds(_, a) | Op::LocalLoad(_, a)) => waiting.push(*a),
                Stmt::Let(_, Op::Unary(Unary::ToInt32, a)) if is_all => waiting.push(*a),
                Stmt::Let(_, Op::Binary(op, a, b))
                    if is_comparison(*op) && self.is_carried[a.index()] && self.is_carried[b.index()] =>
                {
                    compared.push((*a, *b));
                }
                Stmt::Store { array, index, value } => {
                    waiting.push(*index);
                    if is_all && keeps_integers(function.arrays[array.index()].element) {
                        waiting.push(*value);
                    }
                }
                Stmt::LocalStore { local, index, value } => {
                    waiting.push(*index);
                    if is_all && keeps_integers(function.locals[local.index()].element) {
                        waiting.push(*value);
                    }
                }
                _ => {}
            }
        }
        if is_all {
            waiting.extend(compared.iter().flat_map(|(a, b)| [*a, *b]));
        }
        loop {
            self.spread(&mut waiting, made, given, roots);
            let is_wanted = |value: &Value| self.is_wanted[value.index()];
            for (a, b) in &compared {
                if is_wanted(a) != is_wanted(b) {
                    waiting.extend([*a, *b]);
                }
            }
            if waiting.is_empty() {
                return;
            }
        }
    }

    /// Passes on what is wanted.
    fn spread(&mut self, waiting: &mut Vec<Value>, made: &[Option<&Op>], given: &[Vec<Value>], roots: Roots) {
        while let Some(value) = waiting.pop() {
            if self.ranges[value.index()].is_none() || self.is_wanted[value.index()] {
                continue;
            }
            self.is_wanted[value.index()] = true;
            match made[value.index()] {
                Some(op) if is_of_integers(op) => match op {
                    Op::Unary(Unary::Neg, _) | Op::Binary(..) => waiting.extend(op.operands()),
                    Op::Select(_, a, b) => waiting.extend([*a, *b]),
                    _ => {}
                },
                Some(op) if roots == Roots::Places => waiting.extend(asked_of(op, made)),
                Some(_) => {}
                None if self.is_carried[value.index()] => waiting.extend(&given[value.index()]),
                None => {}
            }
        }
    }
}

/// Who wants integers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roots {
    All,
    /// Places in arrays, and all that has to be an integer for them.
    Places,
}

/// Factors of places are below this, so that products are exact.
const MOST_FACTOR: i64 = 1 << 20;
const MOST_INDEX: i64 = 1 << 30;

/// What is nearly always so, and makes integers of more values that lead to places in arrays.
pub(in crate::codegen) fn worth_granting(function: &Function) -> Granted {
    let made = made(function);
    let number = |value: Value| match made[value.index()] {
        Some(Op::Scalar(scalar)) => Some(scalar.index()),
        _ => None,
    };
    let most = i64::from(i32::MAX);
    let mut ranges = vec![Range::new(-most, most); function.scalars.len()];
    for op in made.iter().flatten() {
        if let Op::Binary(Binary::Mul, a, b) = op {
            for range in [a, b].into_iter().filter_map(|value| number(*value)) {
                // Of one that is negative and an index that is 0, the product would be -0.
                ranges[range].least = ranges[range].least.max(0);
                ranges[range].most = MOST_FACTOR;
            }
        }
        if let Op::Binary(Binary::Div | Binary::Rem, _, b) = op
            && let Some(divisor) = number(*b)
        {
            ranges[divisor].least = 1;
        }
    }
    let scalars = ranges.into_iter().map(Some).collect();
    let mut granted = Granted { index: MOST_INDEX, length: most, scalars };
    let wanted = Wanted::with(function, &granted, Roots::Places);
    let mut is_wanted = vec![false; function.scalars.len()];
    for (value, op) in made.iter().enumerate() {
        if let Some(Op::Scalar(scalar)) = op {
            is_wanted[scalar.index()] |= wanted.is_wanted[value];
        }
    }
    for (scalar, is_wanted) in granted.scalars.iter_mut().zip(is_wanted) {
        *scalar = scalar.filter(|_| is_wanted);
    }
    granted
}

/// What has to be an integer for an operation on doubles to make one.
fn asked_of(op: &Op, made: &[Option<&Op>]) -> Vec<Value> {
    match op {
        Op::Binary(Binary::Rem, a, b) => vec![*a, *b],
        Op::Unary(_, a) => match made[a.index()] {
            Some(Op::Binary(Binary::Div, a, b)) => vec![*a, *b],
            _ => vec![*a],
        },
        _ => Vec::new(),
    }
}

/// Of doubles.
pub(super) const fn is_comparison(op: Binary) -> bool {
    matches!(op, Binary::Eq | Binary::Ne | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge)
}

/// Whether an operation that makes an integer does so from integers.
fn is_of_integers(op: &Op) -> bool {
    match op {
        Op::Const(_) | Op::Index(_) | Op::Scalar(_) | Op::Length(_) => true,
        Op::Load(..) | Op::LocalLoad(..) | Op::Select(..) => true,
        Op::Unary(op, _) => {
            matches!(op, Unary::FromInt32 | Unary::FromUint32 | Unary::FromBool | Unary::Neg)
        }
        Op::Binary(op, ..) => {
            matches!(op, Binary::Add | Binary::Sub | Binary::Mul | Binary::Min | Binary::Max)
        }
        _ => false,
    }
}

/// The operation that makes each value, if one does.
fn made(function: &Function) -> Vec<Option<&Op>> {
    let mut made = vec![None; function.values.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(value, op) = stmt {
            made[value.index()] = Some(op);
        }
    }
    made
}

/// For each parameter and each result, what it is given.
fn given(function: &Function) -> Vec<Vec<Value>> {
    let mut given: Vec<Vec<Value>> = vec![Vec::new(); function.values.len()];
    let mut add = |to: &[Value], from: &[Value]| {
        to.iter().zip(from).for_each(|(to, from)| given[to.index()].push(*from));
    };
    let yields = |id: RegionId| match &function.region(id).end {
        End::Yield(values) => values.as_slice(),
        _ => &[],
    };
    let mut targets: Vec<(Label, &[Value])> = Vec::new();
    for region in &function.regions {
        for stmt in &region.stmts {
            match stmt {
                Stmt::Block { label, results, body } => {
                    targets.push((*label, results));
                    add(results, yields(*body));
                }
                Stmt::If { results, then, otherwise, .. } => {
                    add(results, yields(*then));
                    add(results, yields(*otherwise));
                }
                _ => {}
            }
        }
        if let End::Loop { label, params, initial, .. } = &region.end {
            targets.push((*label, params));
            add(params, initial);
        }
    }
    for region in &function.regions {
        if let End::Branch(label, values) = &region.end
            && let Some((_, to)) = targets.iter().find(|(other, _)| other == label)
        {
            add(to, values);
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::parse;

    #[test]
    fn places_from_the_start_of_a_row_on_are_carried_as_integers() {
        let text = "function 1\nscalar 0 \"w\"\narray 0 float64 \"a\" written\n{\n%y = index 0\n%w = scalar 0\n%first = fmul %y, %w\n\
                    %zero = const.f64 0\n%one = const.f64 1\nblock @0 { loop @1 %x:f64 = %zero, %p:f64 = %first {\n%c = flt %x, %w\n\
                    if %c { yield } else { br @0 }\nstore 0 %p, %x\n%q = fadd %p, %one\n%z = fadd %x, %one\nbr @1 %z, %q } }\nyield\n}";
        let function = parse(text).unwrap();
        let End::Loop { params, .. } = function
            .regions
            .iter()
            .map(|region| &region.end)
            .find(|end| matches!(end, End::Loop { .. }))
            .unwrap()
        else {
            unreachable!("a loop")
        };
        let is_carried = |granted: &Granted| Wanted::of(&function, granted).is_carried[params[1].index()];
        assert!(is_carried(&worth_granting(&function)));
        assert!(!is_carried(&Granted::nothing(&function)), "nobody knows what the scalar is");
    }
}
