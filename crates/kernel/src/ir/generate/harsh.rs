//! What only harsh functions have: elements of every type, indices of every kind, and numbers at the ends of what doubles can be.

use allcores_machine::{AtomicOp, Element};

use super::super::function::{End, Stmt};
use super::super::op::{Binary, Op, Unary};
use super::super::types::{ArrayId, Type, Value};
use super::Generator;

/// Arrays 4 and on of harsh functions.
pub const HARSH_READ: [Element; 9] = [
    Element::Int8,
    Element::Uint8Clamped,
    Element::Int16,
    Element::Uint16,
    Element::Int32,
    Element::Uint32,
    Element::Float32,
    Element::Float64,
    Element::Uint8,
];

/// The arrays after these.
pub const HARSH_OWN: [Element; 9] = [
    Element::Uint8,
    Element::Int8,
    Element::Uint8Clamped,
    Element::Int16,
    Element::Uint16,
    Element::Int32,
    Element::Uint32,
    Element::Float32,
    Element::Float64,
];

/// The body's own index counts the last dimensions in steps of so many.
pub const HARSH_SIDE: u32 = 8;

impl Generator<'_> {
    /// Chooses the body's own index in each array: another number for each point, to which nothing is added twice.
    pub(super) fn harsh_inputs(&mut self, indices: u8) {
        self.may_stop = self.below(6) == 0;
        let first = self.builder.op(Op::Index(0));
        let mut own = first;
        for dimension in 1..indices {
            let side = self.builder.f64(f64::from(HARSH_SIDE));
            let index = self.builder.op(Op::Index(dimension));
            own = self.builder.binary(Binary::Mul, own, side);
            own = self.builder.binary(Binary::Add, own, index);
            self.visible.push(index);
        }
        self.visible.push(own);
        self.own.push((ArrayId(2), first));
        if indices > 1 {
            self.own[0].1 = own;
        }
        for k in 0..HARSH_OWN.len() as u32 {
            let index = match self.below(5) {
                0 => own,
                1 => {
                    let shift = self.below(9) as f64 - 3.0;
                    let shift = self.builder.f64(shift);
                    self.builder.binary(Binary::Add, own, shift)
                }
                2 => {
                    let shift = self.below(9) as f64 - 3.0;
                    let shift = self.builder.f64(shift);
                    self.builder.binary(Binary::Sub, own, shift)
                }
                3 => self.builder.unary(Unary::ToInt32, own),
                _ => {
                    let (three, one) = (self.builder.f64(3.0), self.builder.f64(1.0));
                    let scaled = self.builder.binary(Binary::Mul, own, three);
                    self.builder.binary(Binary::Add, scaled, one)
                }
            };
            self.own.push((ArrayId(4 + HARSH_READ.len() as u32 + k), index));
        }
        if self.below(3) == 0 {
            // Values that are needed to the end.
            for _ in 0..self.below(24) {
                let value = self.operation();
                self.visible.push(value);
            }
        }
    }

    /// What only harsh functions have.
    pub(super) fn harsh_statement(&mut self, depth: u32) {
        match self.below(13) {
            12 if self.loops == 0 || self.below(16) == 0 => self.harsh_atomic(),
            0..=2 => {
                let own = self.own.clone();
                let (array, index) = self.pick(&own);
                let value = self.value(Type::F64);
                self.builder.push(Stmt::Store { array, index, value });
            }
            3..=5 => {
                let value = self.harsh_load();
                self.visible.push(value);
                if self.below(2) == 0 {
                    let integer = self.builder.unary(Unary::ToInt32, value);
                    self.visible.push(integer);
                }
            }
            6 => {
                let own = self.own.clone();
                let (array, index) = self.pick(&own);
                let value = self.builder.op(Op::Load(array, index));
                self.visible.push(value);
            }
            7 => {
                let a = self.value(Type::F64);
                let b = if self.below(2) == 0 { self.value(Type::F64) } else { self.harsh_number() };
                let rest = self.builder.binary(Binary::Rem, a, b);
                if self.below(3) == 0 {
                    let zero = self.builder.f64(0.0);
                    let op = self.pick(&[Binary::Eq, Binary::Ne]);
                    let is_zero = self.builder.binary(op, rest, zero);
                    self.visible.push(is_zero);
                } else {
                    self.visible.push(rest);
                }
            }
            8 if self.may_stop => {
                if self.below(2) == 0 {
                    let (a, b) = (self.value(Type::I32), self.below(40) as i32);
                    let b = self.builder.i32(b);
                    let condition = self.builder.binary(Binary::INe, a, b);
                    self.builder.push(Stmt::Guard { condition });
                } else {
                    let index = self.index();
                    let value = self.value(Type::F64);
                    self.builder.op(Op::Atomic(AtomicOp::Add, ArrayId(3), index, [value].into()));
                }
            }
            9 if depth > 0 && self.loops < 3 => self.counted_loop(depth),
            10 => {
                let value = self.harsh_number();
                self.visible.push(value);
            }
            _ => {
                let value = self.operation();
                self.visible.push(value);
            }
        }
    }

    /// `Atomics` on the body's own element, if there is one: what they return does not depend on the order then.
    fn harsh_atomic(&mut self) {
        const OPS: [AtomicOp; 8] = [
            AtomicOp::Add,
            AtomicOp::Sub,
            AtomicOp::And,
            AtomicOp::Or,
            AtomicOp::Xor,
            AtomicOp::Exchange,
            AtomicOp::CompareExchange,
            AtomicOp::Load,
        ];
        let mut own = self.own.clone();
        own.retain(|(array, _)| self.builder.element(*array).is_atomic());
        let (array, index) = self.pick(&own);
        let op = self.pick(&OPS);
        let condition = self.builder.op(Op::InBounds(array, index));
        let open = self.builder.open();
        let arguments: Vec<Value> = (0..op.arity()).map(|_| self.value(Type::F64)).collect();
        let value = self.builder.op(Op::Atomic(op, array, index, arguments.into()));
        let then = self.builder.close(open, End::Yield(vec![value]));
        let open = self.builder.open();
        let value = self.value(Type::F64);
        let otherwise = self.builder.close(open, End::Yield(vec![value]));
        let result = self.builder.declare(Type::F64);
        self.visible.push(result);
        self.builder.push(Stmt::If { condition, results: vec![result], then, otherwise });
    }

    /// An element of an array that is only read.
    fn harsh_load(&mut self) -> Value {
        let array = ArrayId(4 + self.below(HARSH_READ.len() as u64) as u32);
        let builder = &mut self.builder;
        let index = builder.op(Op::Index(0));
        let number = (self.random)(12) as f64 - 4.0;
        let index = match (self.random)(10) {
            0 => index,
            1 | 2 => {
                let number = builder.f64(number);
                let op = if (self.random)(2) == 0 { Binary::Add } else { Binary::Sub };
                builder.binary(op, index, number)
            }
            3 => {
                let (number, three) = (builder.f64(number), builder.f64(3.0));
                let scaled = builder.binary(Binary::Mul, index, three);
                builder.binary(Binary::Add, scaled, number)
            }
            4 => {
                let (integer, number) = (builder.unary(Unary::ToInt32, index), builder.i32(number as i32));
                builder.binary(Binary::IAdd, integer, number)
            }
            5 => {
                let number = builder.f64(number);
                builder.binary(Binary::Sub, number, index)
            }
            6 => {
                let len = builder.op(Op::Length(array));
                let value = self.value(Type::F64);
                let value = self.builder.unary(Unary::Floor, value);
                self.builder.binary(Binary::Rem, value, len)
            }
            7 => {
                let value = self.value(Type::I32);
                let mask = self.builder.i32(63);
                self.builder.binary(Binary::And, value, mask)
            }
            8 => builder.f64(number),
            _ => self.index(),
        };
        self.builder.op(Op::Load(array, index))
    }

    /// Numbers at the ends of what doubles can be, and those that divide well or badly.
    fn harsh_number(&mut self) -> Value {
        let numbers = [
            0.0,
            -0.0,
            0.1,
            0.5,
            -0.5,
            0.49999999999999994,
            1.0,
            -1.0,
            1.5,
            2.0,
            -2.0,
            3.0,
            7.0,
            10.0,
            255.0,
            255.5,
            256.0,
            1000.0,
            65_536.0,
            2_147_483_647.0,
            2_147_483_648.0,
            -2_147_483_648.0,
            -2_147_483_649.0,
            4_294_967_295.0,
            4_294_967_296.0,
            4_503_599_627_370_495.5,
            4_503_599_627_370_496.0,
            9_007_199_254_740_991.0,
            9_007_199_254_740_992.0,
            1e300,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            1.5e-323,
            1e-310,
            -1e-310,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            8.98846567431158e307,
            9_223_372_036_854_775_808.0,
            1.7e38,
            3.5e38,
            1e-45,
        ];
        let value = self.pick(&numbers);
        self.builder.f64(value)
    }
}
