//! Which doubles are integers.

use crate::ir::{Binary, Element, Unary};
use crate::ir::{End, Function, Label, Op, RegionId, Stmt, Type, Value};

/// For each double, whether it is an integer, an infinity or NaN, whatever the inputs are. Others are none.
pub fn integer_values(function: &Function) -> Vec<bool> {
    let mut analysis = Analysis {
        function,
        // Loops go round: begin with all that may be, and take away until nothing changes.
        integer: function.values.iter().map(|ty| *ty == Type::F64).collect(),
        changed: false,
        targets: Vec::new(),
    };
    loop {
        analysis.changed = false;
        analysis.region(function.entry, &[]);
        if !analysis.changed {
            return analysis.integer;
        }
    }
}

struct Analysis<'a> {
    function: &'a Function,
    integer: Vec<bool>,
    changed: bool,
    /// What branches to the labels around bring.
    targets: Vec<(Label, &'a [Value])>,
}

impl<'a> Analysis<'a> {
    /// `results` are the values that a yield makes.
    fn region(&mut self, id: RegionId, results: &'a [Value]) {
        let function = self.function;
        let region = function.region(id);
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) if !self.op(op) => self.clear(*value),
                Stmt::Block { label, results, body } => {
                    self.targets.push((*label, results));
                    self.region(*body, results);
                    self.targets.pop();
                }
                Stmt::If { results, then, otherwise, .. } => {
                    self.region(*then, results);
                    self.region(*otherwise, results);
                }
                _ => {}
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
    }

    fn bring(&mut self, values: &[Value], to: &[Value]) {
        for (value, to) in values.iter().zip(to) {
            if !self.integer[value.index()] {
                self.clear(*to);
            }
        }
    }

    fn clear(&mut self, value: Value) {
        self.changed |= std::mem::replace(&mut self.integer[value.index()], false);
    }

    fn op(&self, op: &Op) -> bool {
        let is = |value: &Value| self.integer[value.index()];
        match op {
            Op::Const(constant) => constant.as_f64().is_some_and(|x| x.trunc() == x || x.is_nan()),
            Op::Index(_) | Op::Length(_) => true,
            Op::Unary(op, a) => match op {
                Unary::Floor
                | Unary::Ceil
                | Unary::Trunc
                | Unary::Round
                | Unary::Sign
                | Unary::FromInt32
                | Unary::FromUint32
                | Unary::FromBool => true,
                // What is rounded has fewer digits at its end.
                Unary::Neg | Unary::Abs | Unary::ToSingle | Unary::ToHalf => is(a),
                _ => false,
            },
            // What is too large for all its digits loses the last ones.
            Op::Binary(
                Binary::Add | Binary::Sub | Binary::Mul | Binary::Rem | Binary::Min | Binary::Max,
                a,
                b,
            ) => is(a) && is(b),
            Op::Select(_, a, b) => is(a) && is(b),
            Op::Load(array, _) | Op::Atomic(_, array, ..) => {
                let element = self.function.arrays[array.index()].element;
                !matches!(element, Element::Float16 | Element::Float32 | Element::Float64)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::parse;

    #[track_caller]
    fn check(body: &str, integers: &[u32]) {
        let text = format!(
            "function 1\nscalar 0 \"s\"\narray 0 float64 \"a\"\narray 1 uint8 \"b\"\n{{\n{body}\nyield\n}}"
        );
        let found = integer_values(&parse(&text).unwrap());
        let found: Vec<u32> = (0..found.len() as u32).filter(|value| found[*value as usize]).collect();
        assert_eq!(found, integers, "{body}");
    }

    #[test]
    fn follows_operands() {
        check("%0 = index 0\n%1 = scalar 0\n%2 = fadd %0, %0\n%3 = fmul %2, %1\n%4 = ffloor %3", &[0, 2, 4]);
        check("%0 = index 0\n%1 = load 0 %0\n%2 = load 1 %0\n%3 = fdiv %2, %0\n%4 = frem %2, %0", &[0, 2, 4]);
        check("%0 = const.f64 0.5\n%1 = const.f64 -0\n%2 = const.f64 NaN", &[1, 2]);
    }

    #[test]
    fn follows_loops() {
        check(
            "%0 = index 0\n%1 = const.f64 1\n%2 = const.f64 0.5\nblock @0 -> %3:f64, %4:f64 {\n\
             loop @1 %5:f64 = %0, %6:f64 = %0 {\n%7 = fadd %5, %1\n%8 = fmul %6, %2\n%9 = flt %7, %8\n\
             if %9 { yield } else { br @0 %7, %8 }\nbr @1 %7, %8\n} }",
            &[0, 1, 3, 5, 7],
        );
    }
}
