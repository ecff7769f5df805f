//! Functions that carry and add their integers as doubles, as JavaScript has it: made of random ones, and narrowed again.

use crate::interpret::testing::{compare_functions, random_function};
use crate::ir::{Binary, End, Function, Op, RegionId, Stmt, Type, Unary, Value, verify};
use crate::passes::narrow::narrow;
use crate::passes::simplify;

struct Widening {
    function: Function,
    seed: u64,
}

impl Widening {
    fn coin(&mut self) -> bool {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.seed >> 63 != 0
    }

    fn op(&mut self, op: Op, ty: Type, stmts: &mut Vec<Stmt>) -> Value {
        self.function.values.push(ty);
        self.function.origins.push(self.function.origins[0]);
        let value = Value(self.function.values.len() as u32 - 1);
        stmts.push(Stmt::Let(value, op));
        value
    }

    fn double(&mut self, integer: Value, op: Unary, stmts: &mut Vec<Stmt>) -> Value {
        self.op(Op::Unary(op, integer), Type::F64, stmts)
    }

    /// Sums and differences of integers.
    fn sums(&mut self) {
        for number in 0..self.function.regions.len() {
            let old = std::mem::take(&mut self.function.regions[number].stmts);
            let mut stmts = Vec::new();
            for stmt in old {
                let Stmt::Let(value, Op::Binary(op @ (Binary::IAdd | Binary::ISub), a, b)) = stmt else {
                    stmts.push(stmt);
                    continue;
                };
                let [a, b] = [a, b].map(|operand| {
                    let sign = if self.coin() { Unary::FromInt32 } else { Unary::FromUint32 };
                    self.double(operand, sign, &mut stmts)
                });
                let op = if op == Binary::IAdd { Binary::Add } else { Binary::Sub };
                let sum = self.op(Op::Binary(op, a, b), Type::F64, &mut stmts);
                stmts.push(Stmt::Let(value, Op::Unary(Unary::ToInt32, sum)));
            }
            self.function.regions[number].stmts = stmts;
        }
    }

    /// Integers that are parameters or results: whatever they are given is made a double before, and they are made integers again.
    fn meetings(&mut self) {
        let sign = if self.coin() { Unary::FromInt32 } else { Unary::FromUint32 };
        let mut wide: Vec<(Value, Value)> = Vec::new();
        for number in 0..self.function.regions.len() {
            let region = self.function.regions[number].clone();
            let mut stmts = Vec::new();
            for stmt in region.stmts {
                let results = match &stmt {
                    Stmt::Block { results, .. } | Stmt::If { results, .. } => results.clone(),
                    _ => Vec::new(),
                };
                stmts.push(stmt);
                self.widen(&results, &mut stmts, &mut wide);
            }
            // The entry region gives what the function returns.
            let is_entry = RegionId(number as u32) == self.function.entry;
            let mut end = region.end;
            let (End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. }) = &mut end;
            for value in values.iter_mut().filter(|_| !is_entry) {
                if self.function.ty(*value) == Type::I32 && !wide.iter().any(|(one, _)| one == value) {
                    *value = self.double(*value, sign, &mut stmts);
                }
            }
            self.function.regions[number].stmts = stmts;
            self.function.regions[number].end = end;
        }
        for number in 0..self.function.regions.len() {
            if let End::Loop { params, body, .. } = self.function.regions[number].end.clone() {
                let mut first = Vec::new();
                self.widen(&params, &mut first, &mut wide);
                self.function.regions[body.index()].stmts.splice(0..0, first);
            }
        }
        for (value, _) in &wide {
            self.function.values[value.index()] = Type::F64;
        }
        self.rename(&wide, sign);
    }

    fn widen(&mut self, values: &[Value], stmts: &mut Vec<Stmt>, wide: &mut Vec<(Value, Value)>) {
        for value in values {
            if self.function.ty(*value) == Type::I32 {
                let integer = self.op(Op::Unary(Unary::ToInt32, *value), Type::I32, stmts);
                wide.push((*value, integer));
            }
        }
    }

    /// Those who took the integer take the new one; where it is given on, the double is.
    fn rename(&mut self, wide: &[(Value, Value)], sign: Unary) {
        let integer =
            |value: Value| wide.iter().find(|(one, _)| *one == value).map_or(value, |(_, new)| *new);
        let is_new = |value: Value| wide.iter().any(|(_, new)| *new == value);
        let is_wide = |value: Value| wide.iter().any(|(one, _)| *one == value);
        for number in 0..self.function.regions.len() {
            for stmt in &mut self.function.regions[number].stmts {
                match stmt {
                    Stmt::Let(value, _) if is_new(*value) => {}
                    Stmt::Let(_, op) => op.map_operands(integer),
                    Stmt::Store { index, value, .. } | Stmt::LocalStore { index, value, .. } => {
                        *index = integer(*index);
                        *value = integer(*value);
                    }
                    Stmt::LocalFill { value, .. } => *value = integer(*value),
                    _ => {}
                }
            }
            if RegionId(number as u32) == self.function.entry {
                continue;
            }
            // One that is given on as it came is a double now; any other integer is still to be made one.
            let mut stmts = std::mem::take(&mut self.function.regions[number].stmts);
            let mut end = self.function.regions[number].end.clone();
            let (End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. }) = &mut end;
            for value in values.iter_mut() {
                if self.function.ty(*value) == Type::I32 && !is_wide(*value) {
                    *value = self.double(*value, sign, &mut stmts);
                }
            }
            self.function.regions[number].stmts = stmts;
            self.function.regions[number].end = end;
        }
    }
}

#[test]
fn narrowing_changes_no_result() {
    let (mut carried, mut added) = (0, 0);
    for seed in 0..if cfg!(debug_assertions) { 600 } else { 6_000 } {
        let function = random_function(seed);
        if function.result == Some(Type::I32) {
            continue;
        }
        let mut widening = Widening { function: function.clone(), seed };
        widening.sums();
        widening.meetings();
        let wide = widening.function;
        verify(&wide).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{function}\n{wide}"));
        let mut narrowed = wide.clone();
        narrow(&mut narrowed);
        verify(&narrowed).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{wide}\n{narrowed}"));
        compare_functions(&function, &narrowed, 20);
        carried += usize::from(wide.values[..] != narrowed.values[..wide.values.len()]);
        added += usize::from(
            narrowed.to_string().matches("iadd").count() > wide.to_string().matches("iadd").count(),
        );
        simplify(&mut narrowed);
        verify(&narrowed).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{narrowed}"));
        compare_functions(&function, &narrowed, 20);
    }
    assert!(carried > 20 && added > 20, "{carried} {added}");
}
