//! Random functions that make sense, for tests and fuzzers: whatever order indices run in, their results are the same, and every
//! loop ends.
//!
//! Array 0 (float64) and array 1 (uint8) are read at any index; array 2 (float32) is read and written at the body's own index
//! only; array 3 (int32) is only added to, by `Atomics`, and the result is not used.

use allcores_machine::{AtomicOp, Element};

use super::builder::Builder;
use super::function::{End, Function, Local, Stmt};
use super::op::{Binary, Math, Op, Unary};
use super::types::{ArrayId, Const, Label, LocalId, RegionId, ScalarId, Type, Value};

/// Elements of the local array.
const LOCAL_LEN: u32 = 8;

/// Turns of a loop at the most.
const TURNS: u64 = 12;

/// A function from a source of random numbers: `random(n)` is below n.
pub fn generate(random: &mut dyn FnMut(u64) -> u64) -> Function {
    let result = if random(8) == 0 { Type::Bool } else { Type::F64 };
    let (mut builder, entry) = Builder::new(1, Some(result));
    let scalar = builder.scalar("s");
    for (name, element) in [
        ("doubles", Element::Float64),
        ("bytes", Element::Uint8),
        ("own", Element::Float32),
        ("counts", Element::Int32),
    ] {
        builder.array(name, element);
    }
    let element = if random(2) == 0 { Element::Float64 } else { Element::Int16 };
    let local = builder.local(Local { element, len: LOCAL_LEN, is_plain: random(2) == 0 });
    let mut generator =
        Generator { builder, random, visible: Vec::new(), targets: Vec::new(), scalar, local, budget: 90 };
    generator.inputs();
    generator.statements(6, 4);
    let value = generator.outcome(result);
    let mut builder = generator.builder;
    builder.close(entry, End::Yield(vec![value]));
    builder.finish()
}

struct Generator<'a> {
    builder: Builder,
    random: &'a mut dyn FnMut(u64) -> u64,
    visible: Vec<Value>,
    /// Where a branch can go: the label, the types it brings, and what it must bring first.
    targets: Vec<(Label, Vec<Type>, Option<Value>)>,
    scalar: ScalarId,
    local: LocalId,
    /// Statements left.
    budget: u32,
}

impl Generator<'_> {
    /// Values of each type to begin with, the same for all indices and different ones.
    fn inputs(&mut self) {
        let index = self.builder.op(Op::Index(0));
        let integer = self.builder.unary(Unary::ToInt32, index);
        let three = self.builder.i32(3);
        let low = self.builder.binary(Binary::And, integer, three);
        let is_zero = self.builder.binary(Binary::IEq, low, three);
        let is_below = self.builder.binary(Binary::ILt, low, three);
        let scalar = self.builder.op(Op::Scalar(self.scalar));
        self.visible.extend([index, integer, low, is_zero, is_below, scalar, three]);
    }

    /// A value to which everything that can be seen contributes.
    fn outcome(&mut self, ty: Type) -> Value {
        let mut sum = self.builder.f64(0.0);
        let half = self.builder.f64(0.5);
        for value in self.visible.clone() {
            let number = match self.builder.ty(value) {
                Type::F64 => value,
                Type::I32 => self.builder.unary(Unary::FromInt32, value),
                Type::Bool => self.builder.unary(Unary::FromBool, value),
            };
            // NaN and infinities would hide all the others.
            let big = self.builder.f64(1e15);
            let magnitude = self.builder.unary(Unary::Abs, number);
            let is_small = self.builder.binary(Binary::Lt, magnitude, big);
            let number = self.builder.op(Op::Select(is_small, number, half));
            sum = self.builder.binary(Binary::Mul, sum, half);
            sum = self.builder.binary(Binary::Add, sum, number);
        }
        match ty {
            Type::Bool => self.builder.unary(Unary::ToBool, sum),
            _ => sum,
        }
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.random)(n)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn statements(&mut self, most: u64, depth: u32) {
        for _ in 0..=self.below(most) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: u32) {
        match self.below(20) {
            0 => {
                let index = self.builder.op(Op::Index(0));
                let value = self.value(Type::F64);
                self.builder.push(Stmt::Store { array: ArrayId(2), index, value });
            }
            1 => {
                let is_plain = self.builder.local_array(self.local).is_plain;
                let index = if is_plain || self.below(2) == 0 { self.local_index() } else { self.index() };
                let value = self.value(Type::F64);
                self.builder.push(Stmt::LocalStore { local: self.local, index, value });
            }
            2 => {
                let value = self.value(Type::F64);
                self.builder.push(Stmt::LocalFill { local: self.local, value });
            }
            3 => {
                let index = self.value(Type::F64);
                let is_element = self.builder.op(Op::InBounds(ArrayId(3), index));
                let zero = self.builder.f64(0.0);
                let index = self.builder.op(Op::Select(is_element, index, zero));
                let value = self.value(Type::F64);
                self.builder.op(Op::Atomic(AtomicOp::Add, ArrayId(3), index, [value].into()));
            }
            4..=6 if depth > 0 => self.conditional(depth),
            7..=8 if depth > 0 => self.block(depth),
            9 if depth > 0 => self.counted_loop(depth),
            _ => {
                let value = self.operation();
                self.visible.push(value);
            }
        }
    }

    fn operation(&mut self) -> Value {
        let op = match self.below(12) {
            0 => {
                let constant = self.constant();
                Op::Const(constant)
            }
            1 => Op::Scalar(self.scalar),
            2 => {
                let array = ArrayId(self.below(2) as u32);
                Op::Load(array, self.index())
            }
            3 => {
                let array = ArrayId(self.below(4) as u32);
                Op::InBounds(array, self.index())
            }
            4 => Op::LocalLoad(self.local, self.index()),
            5 => {
                let ty = self.pick(&Type::ALL);
                Op::Select(self.value(Type::Bool), self.value(ty), self.value(ty))
            }
            6 => Op::Call(Math::Atan2, [self.value(Type::F64), self.value(Type::F64)].into()),
            7 => {
                let index = self.builder.op(Op::Index(0));
                Op::Load(ArrayId(2), index)
            }
            8 | 9 => {
                let op = self.pick(Unary::ALL);
                Op::Unary(op, self.value(op.operand()))
            }
            _ => {
                let op = self.pick(Binary::ALL);
                Op::Binary(op, self.value(op.operand()), self.value(op.operand()))
            }
        };
        self.builder.op(op)
    }

    fn constant(&mut self) -> Const {
        let numbers = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e10, -2_147_483_649.0, f64::INFINITY, f64::NAN];
        match self.below(4) {
            0 => Const::I32(self.pick(&[0, 1, -1, 31, i32::MAX, i32::MIN])),
            1 => Const::Bool(self.below(2) == 0),
            _ => Const::f64(self.pick(&numbers)),
        }
    }

    /// A value of a type that can be seen here, or a constant.
    fn value(&mut self, ty: Type) -> Value {
        let builder = &self.builder;
        let candidates: Vec<Value> =
            self.visible.iter().copied().filter(|value| builder.ty(*value) == ty).collect();
        if !candidates.is_empty() && self.below(5) > 0 {
            // The latest are the more interesting ones.
            let from = if self.below(2) == 0 { 0 } else { candidates.len().saturating_sub(6) };
            return self.pick(&candidates[from..]);
        }
        match ty {
            Type::F64 => {
                let value = self.below(9) as f64 - 2.0;
                self.builder.f64(value)
            }
            Type::I32 => {
                let value = self.below(9) as i32 - 2;
                self.builder.i32(value)
            }
            Type::Bool => {
                let value = self.below(2) == 0;
                self.builder.bool(value)
            }
        }
    }

    fn index(&mut self) -> Value {
        let ty = if self.below(3) == 0 { Type::I32 } else { Type::F64 };
        self.value(ty)
    }

    /// An index that is an element of the local array.
    fn local_index(&mut self) -> Value {
        let number = self.value(Type::I32);
        let mask = self.builder.i32(LOCAL_LEN as i32 - 1);
        self.builder.binary(Binary::And, number, mask)
    }

    fn types(&mut self) -> Vec<Type> {
        (0..self.below(3)).map(|_| self.pick(&Type::ALL)).collect()
    }

    fn values(&mut self, types: &[Type]) -> Vec<Value> {
        types.iter().map(|ty| self.value(*ty)).collect()
    }

    /// A region with some statements, which yields values of these types, or branches away.
    fn region(&mut self, types: &[Type], depth: u32) -> RegionId {
        let open = self.builder.open();
        let visible = self.visible.len();
        self.statements(3, depth);
        let end = if !self.targets.is_empty() && self.below(4) == 0 {
            let at = self.below(self.targets.len() as u64) as usize;
            self.branch(at)
        } else {
            End::Yield(self.values(types))
        };
        self.visible.truncate(visible);
        self.builder.close(open, end)
    }

    fn branch(&mut self, target: usize) -> End {
        let (label, types, first) = self.targets[target].clone();
        let mut values = self.values(&types);
        if let Some(first) = first {
            values[0] = first;
        }
        End::Branch(label, values)
    }

    fn results(&mut self, types: &[Type]) -> Vec<Value> {
        types.iter().map(|ty| self.builder.declare(*ty)).collect()
    }

    fn conditional(&mut self, depth: u32) {
        let condition = self.value(Type::Bool);
        let types = self.types();
        let then = self.region(&types, depth - 1);
        let otherwise = self.region(&types, depth - 1);
        let results = self.results(&types);
        self.visible.extend(&results);
        self.builder.push(Stmt::If { condition, results, then, otherwise });
    }

    fn block(&mut self, depth: u32) {
        let types = self.types();
        let label = self.builder.label();
        self.targets.push((label, types.clone(), None));
        let body = self.region(&types, depth - 1);
        self.targets.pop();
        let results = self.results(&types);
        self.visible.extend(&results);
        self.builder.push(Stmt::Block { label, results, body });
    }

    /// A block with a loop in it that makes some turns at the most, and may be left earlier.
    fn counted_loop(&mut self, depth: u32) {
        let outer_types = self.types();
        let outer = self.builder.label();
        let block = self.builder.open();
        let visible = self.visible.len();
        self.targets.push((outer, outer_types.clone(), None));

        let mut types = vec![Type::I32];
        types.extend(self.types());
        let zero = self.builder.i32(0);
        let mut initial = self.values(&types);
        initial[0] = zero;
        let label = self.builder.label();
        let params = self.results(&types);
        let open = self.builder.open();
        self.visible.extend(&params);
        let most = self.turns();
        let goes_on = self.builder.binary(Binary::ILt, params[0], most);
        let one = self.builder.i32(1);
        let next = self.builder.binary(Binary::IAdd, params[0], one);

        let then = self.builder.open();
        let then = self.builder.close(then, End::Yield(Vec::new()));
        let otherwise = self.builder.open();
        let leave = self.branch(self.targets.len() - 1);
        let otherwise = self.builder.close(otherwise, leave);
        self.builder.push(Stmt::If { condition: goes_on, results: Vec::new(), then, otherwise });

        self.targets.push((label, types, Some(next)));
        self.statements(4, depth - 1);
        let end = self.branch(self.targets.len() - 1);
        self.targets.pop();
        let body = self.builder.close(open, end);
        self.targets.pop();
        self.visible.truncate(visible);
        let body = self.builder.close(block, End::Loop { label, params, initial, body });
        let results = self.results(&outer_types);
        self.visible.extend(&results);
        self.builder.push(Stmt::Block { label: outer, results, body });
    }

    /// How many turns: the same for all indices, or different.
    fn turns(&mut self) -> Value {
        if self.below(2) == 0 {
            let turns = self.below(TURNS) as i32;
            return self.builder.i32(turns);
        }
        let number = self.value(Type::I32);
        let mask = self.builder.i32(7);
        self.builder.binary(Binary::And, number, mask)
    }
}
