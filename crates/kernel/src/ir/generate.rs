//! Random functions that make sense, for tests and fuzzers: whatever order indices run in, their results are the same, and every
//! loop ends.
//!
//! Array 0 (float64) and array 1 (uint8) are read at any index; array 2 (float32) is read and written at the body's own index
//! only; array 3 (int32) is only added to, by `Atomics`, and the result is not used.
//!
//! Harsh functions have [`HARSH_READ`] after these, which are read at any index, and then [`HARSH_OWN`], which are read and written
//! at the body's own index only.

mod harsh;
mod loops;

use allcores_machine::{AtomicOp, Element};

use super::builder::Builder;
use super::function::{End, Function, Local, Stmt};
use super::op::{Binary, Math, Op, Unary};
use super::types::{ArrayId, Const, Label, LocalId, RegionId, ScalarId, Type, Value};

pub use harsh::{HARSH_OWN, HARSH_READ, HARSH_SIDE};

/// Elements of the local array.
const LOCAL_LEN: u32 = 8;

/// A function from a source of random numbers: `random(n)` is below n.
pub fn generate(random: &mut dyn FnMut(u64) -> u64) -> Function {
    function(random, Kind::Any)
}

/// The same without what machine code is not made of: numbers of half precision.
pub fn generate_for_code(random: &mut dyn FnMut(u64) -> u64) -> Function {
    function(random, Kind::Code)
}

/// The same with all that is hard for machine code: elements of every type, indices of every kind and up to three of them, stops,
/// many values at a time, loops in loops.
///
/// Points have to be less than [`HARSH_SIDE`] apart in all dimensions but the first.
pub fn generate_harsh(random: &mut dyn FnMut(u64) -> u64) -> Function {
    function(random, Kind::Harsh)
}

/// What elements of the local array are.
const LOCAL_ELEMENTS: [Element; 8] = [
    Element::Float64,
    Element::Float64,
    Element::Int16,
    Element::Uint8,
    Element::Uint8Clamped,
    Element::Int32,
    Element::Uint32,
    Element::Float32,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Code,
    Harsh,
}

fn function(random: &mut dyn FnMut(u64) -> u64, kind: Kind) -> Function {
    let (is_for_code, is_harsh) = (kind != Kind::Any, kind == Kind::Harsh);
    let result = match random(8) {
        0 => Some(Type::Bool),
        1 if is_harsh => Some(Type::I32),
        2 if is_harsh => None,
        _ => Some(Type::F64),
    };
    let indices = if is_harsh && random(4) == 0 { 2 + random(2) as u8 } else { 1 };
    let (mut builder, entry) = Builder::new(indices, result);
    let scalar = builder.scalar("s");
    for (name, element) in [
        ("doubles", Element::Float64),
        ("bytes", Element::Uint8),
        ("own", Element::Float32),
        ("counts", Element::Int32),
    ] {
        builder.array(name, element);
    }
    if is_harsh {
        for (kind, elements) in [("read", HARSH_READ), ("own", HARSH_OWN)] {
            for element in elements {
                builder.array(&format!("{kind}-{}", element.name()), element);
            }
        }
    }
    // In code, lanes of functions with local arrays are not packed.
    let has_local = !is_for_code || random(3) == 0;
    let element = LOCAL_ELEMENTS[random(LOCAL_ELEMENTS.len() as u64) as usize];
    let is_plain = random(2) == 0;
    let local = if has_local {
        builder.local(Local { element, len: LOCAL_LEN, is_plain, is_set: false })
    } else {
        LocalId(0)
    };
    let mut generator = Generator {
        builder,
        random,
        visible: Vec::new(),
        targets: Vec::new(),
        scalar,
        local,
        budget: 90,
        is_for_code,
        has_local,
        is_harsh,
        own: Vec::new(),
        may_stop: false,
        loops: 0,
    };
    generator.inputs();
    if is_harsh {
        generator.harsh_inputs(indices);
        generator.budget = 40 + generator.below(160) as u32;
        let most = 6 + generator.below(30);
        generator.statements(most, 6);
    } else {
        generator.statements(6, 4);
    }
    let values = result.map(|result| generator.outcome(result)).into_iter().collect();
    let mut builder = generator.builder;
    builder.close(entry, End::Yield(values));
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
    is_for_code: bool,
    has_local: bool,
    is_harsh: bool,
    /// The arrays of the body's own elements, and the index in each.
    own: Vec<(ArrayId, Value)>,
    /// Whether it may stop the call.
    may_stop: bool,
    /// Loops around.
    loops: u32,
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
            Type::I32 => self.builder.unary(Unary::ToInt32, sum),
            Type::F64 => sum,
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
        if self.is_harsh && self.below(2) == 0 {
            return self.harsh_statement(depth);
        }
        match self.below(20) {
            1..=2 if !self.has_local => {
                let value = self.operation();
                self.visible.push(value);
            }
            0 if !self.is_harsh => {
                let index = self.builder.op(Op::Index(0));
                let value = self.value(Type::F64);
                self.builder.push(Stmt::Store { array: ArrayId(2), index, value });
            }
            1 => {
                let is_plain = self.builder.local_array(self.local).is_plain;
                let may_miss = !is_plain || self.may_stop && self.below(4) == 0;
                let index = if !may_miss || self.below(2) == 0 { self.local_index() } else { self.index() };
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
            4 if !self.has_local => {
                let index = self.builder.op(Op::Index(0));
                let constant = self.below(5) as f64 - 2.0;
                let constant = self.builder.f64(constant);
                Op::Load(ArrayId(0), self.builder.binary(Binary::Add, index, constant))
            }
            4 => Op::LocalLoad(self.local, self.index()),
            5 => {
                let ty = self.pick(&Type::ALL);
                Op::Select(self.value(Type::Bool), self.value(ty), self.value(ty))
            }
            6 => Op::Call(Math::Atan2, [self.value(Type::F64), self.value(Type::F64)].into()),
            7 if !self.is_harsh => {
                let index = self.builder.op(Op::Index(0));
                Op::Load(ArrayId(2), index)
            }
            8 | 9 => {
                let op = self.pick(Unary::ALL);
                let op = if self.is_for_code && op == Unary::ToHalf { Unary::ToSingle } else { op };
                Op::Unary(op, self.value(op.operand()))
            }
            _ => {
                let op = self.pick(Binary::ALL);
                let operands = [self.value(op.operand()), self.value(op.operand())];
                let [a, b] =
                    if op.is_of_bits() { operands.map(|value| self.not_nan(value)) } else { operands };
                Op::Binary(op, a, b)
            }
        };
        self.builder.op(op)
    }

    /// All NaNs are one, but for operators of bits.
    fn not_nan(&mut self, value: Value) -> Value {
        let is_number = self.builder.binary(Binary::Eq, value, value);
        let half = self.builder.f64(0.5);
        self.builder.op(Op::Select(is_number, value, half))
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
        let end = if self.is_harsh && !self.targets.is_empty() && self.loops < 3 && self.below(12) == 0 {
            self.tail_loop(depth)
        } else if !self.targets.is_empty() && self.below(4) == 0 {
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
}
