//! Proves that a function makes sense: every value is defined once and before its use, every operand has its type, every
//! branch has a target and brings what that takes, and everything is within bounds that keep the engines' stacks and tables small.

use std::fmt;

use super::function::{End, Function, Stmt};
use super::op::Op;
use super::types::{ArrayId, Label, LocalId, RegionId, Type, Value};

/// Regions within regions. Engines recurse as deep.
pub const MAX_DEPTH: usize = 200;

/// Values of a function.
pub const MAX_VALUES: usize = 1 << 16;

/// Elements of a local array.
pub const MAX_LOCAL_LEN: u32 = 1 << 12;

/// What is wrong with a function. Only a bug in a pass, or text written by hand, leads to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError(String);

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for VerifyError {}

type Result = std::result::Result<(), VerifyError>;

macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(VerifyError(format!($($message)+)));
        }
    };
}

/// Whether the function makes sense. Linear in its size.
pub fn verify(function: &Function) -> Result {
    ensure!((1..=3).contains(&function.indices), "{} dimensions", function.indices);
    ensure!(function.values.len() <= MAX_VALUES, "{} values", function.values.len());
    ensure!(function.origins.len() == function.values.len(), "each value has an origin");
    for array in &function.arrays {
        ensure!(!array.element.is_bigint(), "{:?} is an array of BigInts", array.name);
    }
    for local in &function.locals {
        ensure!(!local.element.is_bigint(), "a local array of BigInts");
        ensure!((1..=MAX_LOCAL_LEN).contains(&local.len), "a local array of {} elements", local.len);
    }
    ensure!(function.entry.index() < function.regions.len(), "no {}", function.entry);
    let mut verifier = Verifier {
        function,
        state: vec![State::Undefined; function.values.len()],
        visible: Vec::new(),
        targets: Vec::new(),
        labels: vec![false; function.labels as usize],
        regions: vec![false; function.regions.len()],
    };
    let results: Vec<Type> = function.result.into_iter().collect();
    verifier.region(function.entry, Some(&results), 1)?;
    ensure!(verifier.regions.iter().all(|used| *used), "a region that nothing runs");
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Undefined,
    Visible,
    /// Defined in a region that has ended.
    Hidden,
}

struct Verifier<'a> {
    function: &'a Function,
    state: Vec<State>,
    /// The visible values, in the order of their definition.
    visible: Vec<Value>,
    /// The labels in scope, and the types that a branch to them brings.
    targets: Vec<(Label, Vec<Type>)>,
    /// Which labels have been defined.
    labels: Vec<bool>,
    /// Which regions have been visited.
    regions: Vec<bool>,
}

impl Verifier<'_> {
    /// A region that yields values of these types, or must not yield.
    fn region(&mut self, id: RegionId, yields: Option<&[Type]>, depth: usize) -> Result {
        ensure!(depth <= MAX_DEPTH, "regions more than {MAX_DEPTH} deep");
        ensure!(id.index() < self.regions.len(), "no {id}");
        ensure!(!std::mem::replace(&mut self.regions[id.index()], true), "{id} runs twice");
        let function = self.function;
        let region = function.region(id);
        let outer = self.visible.len();
        for stmt in &region.stmts {
            self.stmt(stmt, depth)?;
        }
        match &region.end {
            End::Yield(values) => {
                let Some(types) = yields else {
                    return Err(VerifyError("the body of a loop yields".into()));
                };
                self.bring(values, types, "a yield")?;
            }
            End::Branch(label, values) => {
                let Some((_, types)) = self.targets.iter().find(|(target, _)| target == label).cloned()
                else {
                    return Err(VerifyError(format!("{label} is not in scope")));
                };
                self.bring(values, &types, "a branch")?;
            }
            End::Loop { label, params, initial, body } => {
                let types: Vec<Type> = self.types(params)?;
                self.bring(initial, &types, "a loop")?;
                let inner = self.visible.len();
                params.iter().try_for_each(|param| self.define(*param))?;
                self.enter(*label, types)?;
                self.region(*body, None, depth + 1)?;
                self.targets.pop();
                self.hide(inner);
            }
        }
        self.hide(outer);
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) -> Result {
        match stmt {
            Stmt::Let(value, op) => {
                let ty = self.op(op)?;
                self.define(*value)?;
                let declared = self.function.ty(*value);
                ensure!(declared == ty, "{value} is {declared}, {op} makes {ty}");
            }
            Stmt::Store { array, index, value } => {
                self.array(*array)?;
                ensure!(self.function.arrays[array.index()].is_written, "{array} is not declared as written");
                self.index(*index)?;
                self.operand(*value, Type::F64)?;
            }
            Stmt::LocalStore { local, index, value } => {
                self.local(*local)?;
                self.index(*index)?;
                self.operand(*value, Type::F64)?;
            }
            Stmt::LocalFill { local, value } => {
                self.local(*local)?;
                self.operand(*value, Type::F64)?;
            }
            Stmt::Guard { condition } => self.operand(*condition, Type::Bool)?,
            Stmt::Block { label, results, body } => {
                let types = self.types(results)?;
                self.enter(*label, types.clone())?;
                self.region(*body, Some(&types), depth + 1)?;
                self.targets.pop();
                results.iter().try_for_each(|result| self.define(*result))?;
            }
            Stmt::If { condition, results, then, otherwise } => {
                self.operand(*condition, Type::Bool)?;
                let types = self.types(results)?;
                self.region(*then, Some(&types), depth + 1)?;
                self.region(*otherwise, Some(&types), depth + 1)?;
                results.iter().try_for_each(|result| self.define(*result))?;
            }
        }
        Ok(())
    }

    /// What an operation makes of operands that are right.
    fn op(&mut self, op: &Op) -> std::result::Result<Type, VerifyError> {
        Ok(match op {
            Op::Const(constant) => {
                let is_canonical =
                    constant.as_f64().is_none_or(|x| !x.is_nan() || *constant == super::Const::NAN);
                ensure!(is_canonical, "a NaN that is not the canonical one");
                constant.ty()
            }
            Op::Index(dimension) => {
                ensure!(*dimension < self.function.indices, "no dimension {dimension}");
                Type::F64
            }
            Op::Scalar(scalar) => {
                ensure!(scalar.index() < self.function.scalars.len(), "no {scalar}");
                Type::F64
            }
            Op::Length(array) => {
                self.array(*array)?;
                Type::F64
            }
            Op::Unary(unary, a) => {
                self.operand(*a, unary.operand())?;
                unary.result()
            }
            Op::Binary(binary, a, b) => {
                self.operand(*a, binary.operand())?;
                self.operand(*b, binary.operand())?;
                binary.result()
            }
            Op::Select(condition, a, b) => {
                self.operand(*condition, Type::Bool)?;
                self.used(*a)?;
                let ty = self.function.ty(*a);
                self.operand(*b, ty)?;
                ty
            }
            Op::Call(function, arguments) => {
                ensure!(arguments.len() == function.arity(), "{} arguments for {op}", arguments.len());
                arguments.iter().try_for_each(|argument| self.operand(*argument, Type::F64))?;
                Type::F64
            }
            Op::Load(array, index) | Op::InBounds(array, index) => {
                self.array(*array)?;
                self.index(*index)?;
                if matches!(op, Op::Load(..)) { Type::F64 } else { Type::Bool }
            }
            Op::LocalLoad(local, index) => {
                self.local(*local)?;
                self.index(*index)?;
                Type::F64
            }
            Op::Atomic(atomic, array, index, arguments) => {
                self.array(*array)?;
                let array = &self.function.arrays[array.index()];
                ensure!(array.element.is_atomic(), "Atomics on {}", array.element.name());
                ensure!(array.is_written, "{:?} is not declared as written", array.name);
                self.index(*index)?;
                ensure!(arguments.len() == atomic.arity(), "{} arguments for {op}", arguments.len());
                arguments.iter().try_for_each(|argument| self.operand(*argument, Type::F64))?;
                Type::F64
            }
        })
    }

    fn define(&mut self, value: Value) -> Result {
        ensure!(value.index() < self.state.len(), "{value} is out of range");
        ensure!(self.state[value.index()] == State::Undefined, "{value} is defined twice");
        self.state[value.index()] = State::Visible;
        self.visible.push(value);
        Ok(())
    }

    fn hide(&mut self, down_to: usize) {
        for value in self.visible.drain(down_to..) {
            self.state[value.index()] = State::Hidden;
        }
    }

    fn enter(&mut self, label: Label, types: Vec<Type>) -> Result {
        ensure!(label.index() < self.labels.len(), "{label} is out of range");
        ensure!(!std::mem::replace(&mut self.labels[label.index()], true), "{label} is defined twice");
        self.targets.push((label, types));
        Ok(())
    }

    fn used(&self, value: Value) -> Result {
        let state = self.state.get(value.index());
        ensure!(state == Some(&State::Visible), "{value} is not visible where it is used");
        Ok(())
    }

    fn operand(&self, value: Value, ty: Type) -> Result {
        self.used(value)?;
        let actual = self.function.ty(value);
        ensure!(actual == ty, "{value} is {actual}, not {ty}");
        Ok(())
    }

    fn index(&self, value: Value) -> Result {
        self.used(value)?;
        ensure!(self.function.ty(value) != Type::Bool, "{value} is a bool, not an index");
        Ok(())
    }

    fn bring(&self, values: &[Value], types: &[Type], what: &str) -> Result {
        ensure!(values.len() == types.len(), "{what} brings {} values for {}", values.len(), types.len());
        values.iter().zip(types).try_for_each(|(value, ty)| self.operand(*value, *ty))
    }

    fn types(&self, values: &[Value]) -> std::result::Result<Vec<Type>, VerifyError> {
        values
            .iter()
            .map(|value| {
                let ty = self.function.values.get(value.index());
                ty.copied().ok_or_else(|| VerifyError(format!("{value} is out of range")))
            })
            .collect()
    }

    fn array(&self, array: ArrayId) -> Result {
        ensure!(array.index() < self.function.arrays.len(), "no {array}");
        Ok(())
    }

    fn local(&self, local: LocalId) -> Result {
        ensure!(local.index() < self.function.locals.len(), "no {local}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::verify;

    #[track_caller]
    fn refused(body: &str, message: &str) {
        let text = format!(
            "function 1 -> f64\nscalar 0 \"n\"\narray 0 float64 \"a\"\narray 1 int32 \"b\" written\nlocal 0 int32 4\n{{\n{body}\n}}\n"
        );
        let function = parse(&text).unwrap();
        let error = verify(&function).expect_err("must be refused").to_string();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        refused("%0 = fadd %1, %1\n%1 = scalar 0\nyield %0", "%1 is not visible");
        refused("%0 = scalar 0\n%0 = scalar 0\nyield %0", "%0 is defined twice");
        refused("%0 = const.i32 1\nyield %0", "%0 is i32, not f64");
        refused("%0 = const.i32 1\n%1 = fneg %0\nyield %1", "%0 is i32, not f64");
        refused("yield", "a yield brings 0 values for 1");
        refused("%0 = scalar 0\nbr @0 %0", "@0 is not in scope");
        refused("%0 = scalar 0\nloop @0 { yield }", "the body of a loop yields");
        refused("%0 = scalar 0\nloop @0 %1:f64 = %0 { br @0 }", "a branch brings 0 values for 1");
        refused("%0 = index 1\nyield %0", "no dimension 1");
        refused("%0 = scalar 1\nyield %0", "no scalar1");
        refused("%0 = scalar 0\nstore 0 %0, %0\nyield %0", "not declared as written");
        refused("%0 = scalar 0\n%1 = atomic.add 0 %0, %0\nyield %1", "Atomics on float64");
        refused("%0 = scalar 0\n%1 = atomic.add 1 %0\nyield %1", "0 arguments");
        refused("%0 = scalar 0\n%1 = call.pow %0\nyield %1", "1 arguments");
        refused("%0 = const.bool true\n%1 = load 0 %0\nyield %1", "not an index");
        refused(
            "%0 = const.bool true\nif %0 { %1 = scalar 0 yield } else { yield }\nyield %1",
            "%1 is not visible",
        );
        refused("%0 = const.f64 1\nblock @0 -> %1:f64 { yield }\nyield %1", "a yield brings 0 values for 1");
        refused("%0 = const.f64 1\nblock @0 { block @0 { yield } yield }\nyield %0", "@0 is defined twice");
        refused("%0 = scalar 0\n%1 = local.load 1 %0\nyield %1", "no local1");
    }

    #[test]
    fn refuses_bigints() {
        for (arrays, message) in [
            ("array 0 bigint64 \"a\"", "\"a\" is an array of BigInts"),
            ("local 0 biguint64 4", "a local array of BigInts"),
        ] {
            let function = parse(&format!("function 1\n{arrays}\n{{\nyield\n}}\n")).unwrap();
            assert_eq!(verify(&function).expect_err("must be refused").to_string(), message);
        }
    }

    #[test]
    fn refuses_depth() {
        let deep = |depth: usize| {
            let text = format!(
                "function 1\n{{\n{}yield{}\n}}\n",
                (0..depth).map(|label| format!("block @{label} {{\n")).collect::<String>(),
                "\n}\nyield".repeat(depth)
            );
            verify(&parse(&text).unwrap())
        };
        assert!(deep(super::MAX_DEPTH - 1).is_ok());
        assert!(deep(super::MAX_DEPTH).is_err());
    }
}
