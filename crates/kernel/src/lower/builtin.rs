//! What ECMAScript brings along, and a body can use: constants, and functions of numbers.

use super::Lower;
use super::value::{Holds, Js, Static};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::{AtomicOp, Binary, Const, Math, Op, Unary, Value};
use crate::syntax::span::Span;

/// A function that a body can call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Builtin {
    /// One operator of the IR.
    Unary(Unary),
    /// A function of the library.
    Math(Math),
    /// `Math.min`, `Math.max`, of any number of arguments.
    Extreme(Binary),
    Hypot,
    Imul,
    Clz32,
    /// `isNaN`, which converts.
    IsNan,
    /// `isFinite`, which converts.
    IsFinite,
    /// `Number.isNaN` and its like, of which nothing but a number is anything.
    Number(Predicate),
    /// `Number(x)`
    ToNumber,
    /// `Boolean(x)`
    ToBoolean,
    Atomic(AtomicOp),
    /// `random(seed, i, k)` of allcores; without `k`, 0.
    Random,
    /// An operator that takes doubles for bits: in texts of our own alone.
    Bits(Binary),
    /// `words(high, low)`: the double of these constants, in texts of our own alone.
    Words,
    /// `both(p, q)`, `either(p, q)`, of which both are computed: in texts of our own alone.
    Logic(Binary),
    /// `select(condition, a, b)`, both of which are computed: in texts of our own alone.
    Select,
    /// `__read(array, count)` of TypeScript, `_slicedToArray` of Babel: the first elements of an array, in a new one.
    Read,
}

/// What `Number` can tell of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Predicate {
    Nan,
    Finite,
    Integer,
    SafeInteger,
}

/// What a global name, or a member of one, is.
pub(super) enum Global {
    Value(f64),
    Undefined,
    Static(Static),
}

fn function(builtin: Builtin) -> Option<Global> {
    Some(Global::Static(Static::Builtin(builtin)))
}

pub(super) fn global(name: &str) -> Option<Global> {
    Some(match name {
        "undefined" => Global::Undefined,
        "NaN" => Global::Value(f64::NAN),
        "Infinity" => Global::Value(f64::INFINITY),
        "Math" => Global::Static(Static::Namespace("Math")),
        "Number" => Global::Static(Static::Namespace("Number")),
        "Atomics" => Global::Static(Static::Namespace("Atomics")),
        "isNaN" => return function(Builtin::IsNan),
        "isFinite" => return function(Builtin::IsFinite),
        "Boolean" => return function(Builtin::ToBoolean),
        "random" => return function(Builtin::Random),
        // What tools put in the place of `**` and of destructuring.
        "__pow" => return function(Builtin::Math(Math::Pow)),
        "__read" | "_slicedToArray" => return function(Builtin::Read),
        _ => return None,
    })
}

/// The names that texts of our own have besides.
pub(super) fn of_bits(name: &str) -> Option<Global> {
    let builtin = match name {
        "bitsAnd" => Builtin::Bits(Binary::BitAnd),
        "bitsAndNot" => Builtin::Bits(Binary::BitAndNot),
        "bitsOr" => Builtin::Bits(Binary::BitOr),
        "bitsXor" => Builtin::Bits(Binary::BitXor),
        "bitsAdd" => Builtin::Bits(Binary::BitAdd),
        "bitsSubtract" => Builtin::Bits(Binary::BitSub),
        "bitsLeft" => Builtin::Bits(Binary::BitShl),
        "bitsRight" => Builtin::Bits(Binary::BitShr),
        "productHigh" => Builtin::Bits(Binary::BitMulHigh),
        "productLow" => Builtin::Bits(Binary::BitMulLow),
        "words" => Builtin::Words,
        "both" => Builtin::Logic(Binary::BAnd),
        "either" => Builtin::Logic(Binary::BOr),
        "select" => Builtin::Select,
        _ => return None,
    };
    function(builtin)
}

pub(super) fn member(namespace: &str, name: &str) -> Option<Global> {
    match namespace {
        "Math" => math(name),
        "Number" => number(name),
        "Atomics" => {
            let op = AtomicOp::ALL.into_iter().find(|op| op.name() == name)?;
            function(Builtin::Atomic(op))
        }
        _ => None,
    }
}

fn math(name: &str) -> Option<Global> {
    use std::f64::consts;
    let builtin = match name {
        "E" => return Some(Global::Value(consts::E)),
        "LN10" => return Some(Global::Value(consts::LN_10)),
        "LN2" => return Some(Global::Value(consts::LN_2)),
        "LOG10E" => return Some(Global::Value(consts::LOG10_E)),
        "LOG2E" => return Some(Global::Value(consts::LOG2_E)),
        "PI" => return Some(Global::Value(consts::PI)),
        "SQRT1_2" => return Some(Global::Value(consts::FRAC_1_SQRT_2)),
        "SQRT2" => return Some(Global::Value(consts::SQRT_2)),
        "abs" => Builtin::Unary(Unary::Abs),
        "sqrt" => Builtin::Unary(Unary::Sqrt),
        "floor" => Builtin::Unary(Unary::Floor),
        "ceil" => Builtin::Unary(Unary::Ceil),
        "trunc" => Builtin::Unary(Unary::Trunc),
        "round" => Builtin::Unary(Unary::Round),
        "sign" => Builtin::Unary(Unary::Sign),
        "fround" => Builtin::Unary(Unary::ToSingle),
        "f16round" => Builtin::Unary(Unary::ToHalf),
        "min" => Builtin::Extreme(Binary::Min),
        "max" => Builtin::Extreme(Binary::Max),
        "hypot" => Builtin::Hypot,
        "imul" => Builtin::Imul,
        "clz32" => Builtin::Clz32,
        _ => {
            let math = Math::ALL.iter().find(|math| math.name() == name && **math != Math::Random)?;
            Builtin::Math(*math)
        }
    };
    function(builtin)
}

fn number(name: &str) -> Option<Global> {
    let builtin = match name {
        "EPSILON" => return Some(Global::Value(f64::EPSILON)),
        "MAX_VALUE" => return Some(Global::Value(f64::MAX)),
        "MIN_VALUE" => return Some(Global::Value(f64::from_bits(1))),
        "MAX_SAFE_INTEGER" => return Some(Global::Value(MAX_SAFE)),
        "MIN_SAFE_INTEGER" => return Some(Global::Value(-MAX_SAFE)),
        "POSITIVE_INFINITY" => return Some(Global::Value(f64::INFINITY)),
        "NEGATIVE_INFINITY" => return Some(Global::Value(f64::NEG_INFINITY)),
        "NaN" => return Some(Global::Value(f64::NAN)),
        "isNaN" => Builtin::Number(Predicate::Nan),
        "isFinite" => Builtin::Number(Predicate::Finite),
        "isInteger" => Builtin::Number(Predicate::Integer),
        "isSafeInteger" => Builtin::Number(Predicate::SafeInteger),
        _ => return None,
    };
    function(builtin)
}

/// How many elements a destructuring may take.
const MAX_READ: f64 = 64.0;

const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// A helper function in `data` whose text cannot be seen, because it is ours or the engine's.
pub(super) fn native(name: &str, refusal: Refusal) -> Option<Builtin> {
    if refusal != Refusal::NativeFunction {
        return None;
    }
    if name == "random" {
        return Some(Builtin::Random);
    }
    match math(name)? {
        Global::Static(Static::Builtin(builtin)) => Some(builtin),
        _ => None,
    }
}

pub(super) fn unknown_member(namespace: &str, name: &str, span: Span) -> Diagnostic {
    if (namespace, name) == ("Math", "random") {
        return Diagnostic::new(Refusal::MathRandom, span);
    }
    Diagnostic::new(Refusal::UnknownProperty, span).saying(format!("a body has no `{namespace}.{name}`"))
}

impl Lower<'_> {
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        arguments: &[Js],
        spans: &[Span],
        span: Span,
    ) -> Js {
        let argument = |number: usize| arguments.get(number).cloned().unwrap_or(Js::Undefined);
        let at = |number: usize| spans.get(number).copied().unwrap_or(span);
        match builtin {
            Builtin::Unary(op) => {
                let x = self.number(&argument(0), at(0));
                Js::Number(self.builder.unary(op, x))
            }
            Builtin::Math(math) => {
                let values: Vec<Value> =
                    (0..math.arity()).map(|number| self.number(&argument(number), at(number))).collect();
                Js::Number(match (math, &values[..]) {
                    (Math::Pow, [x, y]) => self.power(*x, *y),
                    _ => self.builder.call(math, &values),
                })
            }
            Builtin::Extreme(op) => {
                let values = self.numbers(arguments, spans);
                let empty = if op == Binary::Min { f64::INFINITY } else { f64::NEG_INFINITY };
                let mut values = values.into_iter();
                let first = values.next().unwrap_or_else(|| self.builder.f64(empty));
                Js::Number(values.fold(first, |best, value| self.builder.binary(op, best, value)))
            }
            Builtin::Hypot => {
                let values = self.numbers(arguments, spans);
                if values.len() > 1 {
                    self.hypot.get_or_insert(self.origin(span));
                }
                Js::Number(self.hypot(&values))
            }
            Builtin::Imul => {
                let (i, j) = (self.int32(&argument(0), at(0)), self.int32(&argument(1), at(1)));
                let product = self.builder.binary(Binary::IMul, i, j);
                Js::Number(self.builder.unary(Unary::FromInt32, product))
            }
            Builtin::Clz32 => {
                let i = self.int32(&argument(0), at(0));
                let zeros = self.builder.unary(Unary::Clz, i);
                Js::Number(self.builder.unary(Unary::FromInt32, zeros))
            }
            Builtin::IsNan => {
                let x = self.number(&argument(0), at(0));
                Js::Boolean(self.builder.binary(Binary::Ne, x, x))
            }
            Builtin::IsFinite => {
                let x = self.number(&argument(0), at(0));
                Js::Boolean(self.is_at_most(x, f64::MAX))
            }
            Builtin::Number(predicate) => self.predicate(predicate, &argument(0), at(0)),
            Builtin::ToNumber if arguments.is_empty() => Js::Number(self.builder.f64(0.0)),
            Builtin::ToNumber => Js::Number(self.number(&argument(0), at(0))),
            Builtin::ToBoolean => Js::Boolean(self.truth(&argument(0), at(0))),
            Builtin::Random => {
                // It throws, but for what is only perhaps undefined.
                for (number, (value, span)) in arguments.iter().zip(spans).enumerate() {
                    // As if it were not there.
                    if number == 2 && *value == Js::Undefined {
                        continue;
                    }
                    let is_boolean = value.holds() == Some(Holds::Booleans);
                    if is_boolean || matches!(value, Js::Mixed(_) | Js::Perhaps(_) | Js::Null | Js::Undefined)
                    {
                        let what = format!("{} is given to random", value.describe());
                        return self.refuse(Diagnostic::new(Refusal::NotANumber, *span).saying(what));
                    }
                }
                let (seed, index) = (self.number(&argument(0), at(0)), self.number(&argument(1), at(1)));
                let k = match arguments.get(2) {
                    None | Some(Js::Undefined) => self.builder.f64(0.0),
                    Some(k) => self.number(k, at(2)),
                };
                Js::Number(self.builder.call(Math::Random, &[seed, index, k]))
            }
            Builtin::Bits(op) => {
                let (x, y) = (self.number(&argument(0), at(0)), self.number(&argument(1), at(1)));
                Js::Number(self.builder.binary(op, x, y))
            }
            Builtin::Words => {
                let [high, low] = [0, 1].map(|number| {
                    let word = self.number(&argument(number), at(number));
                    let word = self.builder.constant(word).and_then(Const::as_f64).expect("a constant");
                    word as u32
                });
                let bits = u64::from(high) << 32 | u64::from(low);
                Js::Number(self.builder.f64(f64::from_bits(bits)))
            }
            Builtin::Logic(op) => {
                let (p, q) = (self.truth(&argument(0), at(0)), self.truth(&argument(1), at(1)));
                Js::Boolean(self.builder.binary(op, p, q))
            }
            Builtin::Select => {
                let condition = self.truth(&argument(0), at(0));
                let (a, b) = (self.number(&argument(1), at(1)), self.number(&argument(2), at(2)));
                Js::Number(self.builder.op(Op::Select(condition, a, b)))
            }
            Builtin::Read => self.first_elements(&argument(0), &argument(1), at(0)),
            Builtin::Atomic(op) => self.atomic(op, arguments, spans, span),
        }
    }

    /// The elements of an array, as many as the tool that asks for them has counted.
    fn first_elements(&mut self, array: &Js, count: &Js, span: Span) -> Js {
        let count = match count {
            Js::Number(count) => self.builder.constant(*count).and_then(Const::as_f64),
            _ => None,
        };
        match (array, count) {
            (Js::Static(Static::Tuple(tuple)), Some(count)) => {
                let count = tuple.items.len().min(count as usize);
                let items = (0..count).map(|number| tuple.item(number)).collect();
                self.tuple(items, span)
            }
            (
                Js::Static(
                    array @ (Static::Array { .. }
                    | Static::Local(_)
                    | Static::Table { .. }
                    | Static::Grid { .. }
                    | Static::Item(_)),
                ),
                Some(count),
            ) if count <= MAX_READ => {
                let items = (0..count as usize).map(|number| {
                    let index = Js::Number(self.builder.f64(number as f64));
                    self.element(array, index, span)
                });
                let items = items.collect();
                self.tuple(items, span)
            }
            (Js::Error, _) => Js::Error,
            _ => self.refuse_kind(Refusal::NotIterable, span),
        }
    }

    /// What a predicate of `Number` says: of booleans, `undefined` and `null` that they are no such numbers.
    fn predicate(&mut self, predicate: Predicate, value: &Js, span: Span) -> Js {
        if let Js::Perhaps(perhaps) = value {
            let is_it = self.predicate(predicate, &perhaps.value, span);
            let is_it = self.truth(&is_it, span);
            return Js::Boolean(self.both(perhaps.is_there, is_it));
        }
        match value {
            Js::Undefined | Js::Null => return Js::Boolean(self.builder.bool(false)),
            _ => match value.holds() {
                Some(Holds::Booleans) => return Js::Boolean(self.builder.bool(false)),
                Some(Holds::Both) => return self.refuse_kind(Refusal::NumberOrBoolean, span),
                _ => {}
            },
        }
        let x = self.number(value, span);
        let whole = self.builder.unary(Unary::Trunc, x);
        Js::Boolean(match predicate {
            Predicate::Nan => {
                let is_nan = self.builder.binary(Binary::Ne, x, x);
                match self.is_undefined(value) {
                    Some(undefined) => {
                        let is_number = self.not(undefined);
                        self.both(is_nan, is_number)
                    }
                    None => is_nan,
                }
            }
            Predicate::Finite => self.is_at_most(x, f64::MAX),
            Predicate::Integer | Predicate::SafeInteger => {
                let limit = if predicate == Predicate::Integer { f64::MAX } else { MAX_SAFE };
                let is_bounded = self.is_at_most(x, limit);
                let is_whole = self.builder.binary(Binary::Eq, whole, x);
                self.both(is_bounded, is_whole)
            }
        })
    }

    /// ToIntegerOrInfinity: NaN becomes 0.
    pub(super) fn integer(&mut self, value: &Js, span: Span) -> Value {
        let number = self.number(value, span);
        let whole = self.builder.unary(Unary::Trunc, number);
        let is_number = self.builder.binary(Binary::Eq, number, number);
        let zero = self.builder.f64(0.0);
        self.builder.op(Op::Select(is_number, whole, zero))
    }

    fn numbers(&mut self, arguments: &[Js], spans: &[Span]) -> Vec<Value> {
        arguments.iter().zip(spans).map(|(argument, span)| self.number(argument, *span)).collect()
    }

    /// |x| <= limit, which NaN is not.
    fn is_at_most(&mut self, x: Value, limit: f64) -> Value {
        let magnitude = self.builder.unary(Unary::Abs, x);
        let limit = self.builder.f64(limit);
        self.builder.binary(Binary::Le, magnitude, limit)
    }

    /// As V8's `math.tq` has it: scaled by the largest magnitude, and summed with Kahan's compensation; an infinity wins over
    /// NaN.
    fn hypot(&mut self, values: &[Value]) -> Value {
        let zero = self.builder.f64(0.0);
        if values.is_empty() {
            return zero;
        }
        let magnitudes: Vec<Value> =
            values.iter().map(|value| self.builder.unary(Unary::Abs, *value)).collect();
        let mut largest = zero;
        for magnitude in &magnitudes {
            let is_larger = self.builder.binary(Binary::Gt, *magnitude, largest);
            largest = self.builder.op(Op::Select(is_larger, *magnitude, largest));
        }
        let (mut sum, mut compensation) = (zero, zero);
        let mut is_nan = self.builder.bool(false);
        for magnitude in &magnitudes {
            let unordered = self.builder.binary(Binary::Ne, *magnitude, *magnitude);
            is_nan = self.builder.binary(Binary::BOr, is_nan, unordered);
            let scaled = self.builder.binary(Binary::Div, *magnitude, largest);
            let square = self.builder.binary(Binary::Mul, scaled, scaled);
            let summand = self.builder.binary(Binary::Sub, square, compensation);
            let preliminary = self.builder.binary(Binary::Add, sum, summand);
            let gained = self.builder.binary(Binary::Sub, preliminary, sum);
            compensation = self.builder.binary(Binary::Sub, gained, summand);
            sum = preliminary;
        }
        let root = self.builder.unary(Unary::Sqrt, sum);
        let length = self.builder.binary(Binary::Mul, root, largest);
        let infinity = self.builder.f64(f64::INFINITY);
        let nan = self.builder.f64(f64::NAN);
        let is_infinite = self.builder.binary(Binary::Eq, largest, infinity);
        let is_zero = self.builder.binary(Binary::Eq, largest, zero);
        let length = self.builder.op(Op::Select(is_zero, zero, length));
        let length = self.builder.op(Op::Select(is_nan, nan, length));
        self.builder.op(Op::Select(is_infinite, infinity, length))
    }

    fn atomic(&mut self, op: AtomicOp, arguments: &[Js], spans: &[Span], span: Span) -> Js {
        let Some(Js::Static(Static::Array { array, is_shared: true })) = arguments.first() else {
            if arguments.first() == Some(&Js::Error) {
                return Js::Error;
            }
            return self.refuse_kind(Refusal::AtomicsArray, spans.first().copied().unwrap_or(span));
        };
        if !self.builder.element(*array).is_atomic() {
            return self.refuse_kind(Refusal::AtomicsArray, spans[0]);
        }
        if arguments.len() < 2 + op.arity() {
            return self.refuse_kind(Refusal::AtomicsArguments, span);
        }
        let index = self.integer(&arguments[1], spans[1]);
        let operands: Vec<Value> =
            (2..2 + op.arity()).map(|number| self.number(&arguments[number], spans[number])).collect();
        Js::Number(self.builder.op(Op::Atomic(op, *array, index, operands.into())))
    }
}
