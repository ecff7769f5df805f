//! The operations: what each takes and what it makes. Their meaning is ECMAScript's; `numeric` has it in Rust.

use allcores_machine::AtomicOp;

use super::types::{ArrayId, Const, LocalId, ScalarId, Type, Value};

use Type::{Bool, F64, I32};

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident($($operand:ident),+) {
        $($(#[$variant_doc:meta])* $variant:ident $text:literal $from:ident -> $to:ident)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The operator's name in the text form.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The type of its operands.
            pub const fn operand(self) -> Type {
                match self { $(Self::$variant => $from,)* }
            }

            /// The type of its result.
            pub const fn result(self) -> Type {
                match self { $(Self::$variant => $to,)* }
            }
        }
    };
}

operators! {
    /// Operators of one operand.
    Unary(a) {
        /// `-x`: flips the sign, also of 0 and NaN.
        Neg "fneg" F64 -> F64
        /// `Math.abs`.
        Abs "fabs" F64 -> F64
        /// `Math.sqrt`.
        Sqrt "fsqrt" F64 -> F64
        /// `Math.floor`.
        Floor "ffloor" F64 -> F64
        /// `Math.ceil`.
        Ceil "fceil" F64 -> F64
        /// `Math.trunc`.
        Trunc "ftrunc" F64 -> F64
        /// `Math.round`: halves go up, and -0.5 becomes -0.
        Round "fround" F64 -> F64
        /// `Math.sign`.
        Sign "fsign" F64 -> F64
        /// `Math.fround`: rounds to a single.
        ToSingle "fsingle" F64 -> F64
        /// `Math.f16round`: rounds to a half.
        ToHalf "fhalf" F64 -> F64
        /// `Math.clz32` of 32 bits.
        Clz "iclz" I32 -> I32
        /// `!x` of a boolean.
        Not "bnot" Bool -> Bool
        /// ToInt32: truncates, modulo 2^32; NaN and the infinities become 0.
        ToInt32 "i32.f64" F64 -> I32
        /// 1 or 0.
        I32FromBool "i32.bool" Bool -> I32
        /// A signed integer as a double.
        FromInt32 "f64.i32" I32 -> F64
        /// An unsigned integer as a double.
        FromUint32 "f64.u32" I32 -> F64
        /// 1 or 0.
        FromBool "f64.bool" Bool -> F64
        /// ToBoolean: false for 0, -0 and NaN.
        ToBool "bool.f64" F64 -> Bool
    }
}

operators! {
    /// Operators of two operands of one type.
    Binary(a, b) {
        /// `+` of numbers.
        Add "fadd" F64 -> F64
        /// `-`.
        Sub "fsub" F64 -> F64
        /// `*`.
        Mul "fmul" F64 -> F64
        /// `/`.
        Div "fdiv" F64 -> F64
        /// `%`: exact, with the sign of the dividend.
        Rem "frem" F64 -> F64
        /// `Math.min` of two: NaN wins, -0 < +0.
        Min "fmin" F64 -> F64
        /// `Math.max` of two: NaN wins, -0 < +0.
        Max "fmax" F64 -> F64
        /// `==`, `===`: false for NaN.
        Eq "feq" F64 -> Bool
        /// `!=`, `!==`: true for NaN.
        Ne "fne" F64 -> Bool
        /// `<`.
        Lt "flt" F64 -> Bool
        /// `<=`.
        Le "fle" F64 -> Bool
        /// `>`.
        Gt "fgt" F64 -> Bool
        /// `>=`.
        Ge "fge" F64 -> Bool
        /// Addition modulo 2^32.
        IAdd "iadd" I32 -> I32
        /// Subtraction modulo 2^32.
        ISub "isub" I32 -> I32
        /// `Math.imul`.
        IMul "imul" I32 -> I32
        /// `&`.
        And "iand" I32 -> I32
        /// `|`.
        Or "ior" I32 -> I32
        /// `^`.
        Xor "ixor" I32 -> I32
        /// `<<`, by the low five bits.
        Shl "ishl" I32 -> I32
        /// `>>`, by the low five bits.
        Sar "isar" I32 -> I32
        /// `>>>`, by the low five bits.
        Shr "ishr" I32 -> I32
        /// The bits that both have. These operators, down to the products, take doubles for 64 bits; what they make of a NaN is any
        /// number, and lowering a body makes none of them: they are for functions that take doubles apart.
        BitAnd "fbitand" F64 -> F64
        /// The bits that the first has and the second has not.
        BitAndNot "fbitandn" F64 -> F64
        /// The bits that either has.
        BitOr "fbitor" F64 -> F64
        /// The bits that one of the two has.
        BitXor "fbitxor" F64 -> F64
        /// Addition modulo 2^64.
        BitAdd "fbitadd" F64 -> F64
        /// Subtraction modulo 2^64.
        BitSub "fbitsub" F64 -> F64
        /// To the left, by the low six bits of the second as an integer.
        BitShl "fbitshl" F64 -> F64
        /// To the right, by the low six bits of the second as an integer. From the left come zeros.
        BitShr "fbitshr" F64 -> F64
        /// The upper 32 bits of the product of two unsigned integers, which are the lower 32 bits of each.
        BitMulHigh "fbitmulh" F64 -> F64
        /// The lower 32 bits of that product.
        BitMulLow "fbitmull" F64 -> F64
        /// Equality.
        IEq "ieq" I32 -> Bool
        /// Inequality.
        INe "ine" I32 -> Bool
        /// Signed `<`.
        ILt "ilt" I32 -> Bool
        /// Signed `<=`.
        ILe "ile" I32 -> Bool
        /// Unsigned `<`.
        ULt "ult" I32 -> Bool
        /// Unsigned `<=`.
        ULe "ule" I32 -> Bool
        /// Both.
        BAnd "band" Bool -> Bool
        /// Either or both.
        BOr "bor" Bool -> Bool
        /// One of the two: `!==` of booleans.
        BXor "bxor" Bool -> Bool
    }
}

impl Binary {
    /// Whether it takes doubles for 64 bits.
    pub const fn is_of_bits(self) -> bool {
        matches!(
            self,
            Self::BitAnd
                | Self::BitAndNot
                | Self::BitOr
                | Self::BitXor
                | Self::BitAdd
                | Self::BitSub
                | Self::BitShl
                | Self::BitShr
                | Self::BitMulHigh
                | Self::BitMulLow
        )
    }

    /// Whether the operands may change places without changing a bit of the result.
    pub const fn is_commutative(self) -> bool {
        matches!(
            self,
            Self::Add
                | Self::Mul
                | Self::Min
                | Self::Max
                | Self::Eq
                | Self::Ne
                | Self::IAdd
                | Self::IMul
                | Self::And
                | Self::Or
                | Self::Xor
                | Self::BitAnd
                | Self::BitOr
                | Self::BitXor
                | Self::BitAdd
                | Self::BitMulHigh
                | Self::BitMulLow
                | Self::IEq
                | Self::INe
                | Self::BAnd
                | Self::BOr
                | Self::BXor
        )
    }
}

macro_rules! math {
    ($($(#[$doc:meta])* $variant:ident $text:literal $arity:literal)*) => {
        /// Functions without an operator of their own. Their bits are the engine's, or the portable library's: whoever
        /// runs a kernel brings a [`MathLibrary`](crate::interpret::MathLibrary).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Math {
            $($(#[$doc])* $variant,)*
        }

        impl Math {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The function's name, in the text form and in JavaScript.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// How many doubles it takes.
            pub const fn arity(self) -> usize {
                match self { $(Self::$variant => $arity,)* }
            }
        }
    };
}

math! {
    /// `Math.acos`.
    Acos "acos" 1
    /// `Math.acosh`.
    Acosh "acosh" 1
    /// `Math.asin`.
    Asin "asin" 1
    /// `Math.asinh`.
    Asinh "asinh" 1
    /// `Math.atan`.
    Atan "atan" 1
    /// `Math.atanh`.
    Atanh "atanh" 1
    /// `Math.atan2(y, x)`.
    Atan2 "atan2" 2
    /// `Math.cbrt`.
    Cbrt "cbrt" 1
    /// `Math.cos`.
    Cos "cos" 1
    /// `Math.cosh`.
    Cosh "cosh" 1
    /// `Math.exp`.
    Exp "exp" 1
    /// `Math.expm1`.
    Expm1 "expm1" 1
    /// `Math.log`.
    Log "log" 1
    /// `Math.log1p`.
    Log1p "log1p" 1
    /// `Math.log10`.
    Log10 "log10" 1
    /// `Math.log2`.
    Log2 "log2" 1
    /// `Math.pow(x, y)` and `x ** y`.
    Pow "pow" 2
    /// `Math.sin`.
    Sin "sin" 1
    /// `Math.sinh`.
    Sinh "sinh" 1
    /// `Math.tan`.
    Tan "tan" 1
    /// `Math.tanh`.
    Tanh "tanh" 1
    /// `random(seed, i, k)` of allcores: counter-based, the same value on every machine.
    Random "random" 3
}

impl Math {
    /// The largest arity.
    pub const MAX_ARITY: usize = 3;

    /// The function of this [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }
}

/// What makes a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// A constant.
    Const(Const),
    /// The index of this dimension, an integer below 2^53 as a double.
    Index(u8),
    /// A number of the caller's.
    Scalar(ScalarId),
    /// The number of elements of an array, as a double.
    Length(ArrayId),
    /// An operator.
    Unary(Unary, Value),
    /// An operator.
    Binary(Binary, Value, Value),
    /// The second if the first is true, otherwise the third. Both are there already.
    Select(Value, Value, Value),
    /// A function of doubles, as many as its arity.
    Call(Math, Box<[Value]>),
    /// `array[index]` as a double: NaN unless [`InBounds`](Self::InBounds). The index is an `F64`, or a signed `I32`.
    Load(ArrayId, Value),
    /// Whether `array[index]` is an element: the index is an integer, -0 included, and 0 <= index < length.
    InBounds(ArrayId, Value),
    /// An element of a local array, NaN beyond its ends.
    LocalLoad(LocalId, Value),
    /// An element of an integer array, changed in one step that no other thread can come between. Operands are `F64`.
    /// An index that is not [`InBounds`](Self::InBounds) stops the whole call: JavaScript would throw a RangeError.
    Atomic(AtomicOp, ArrayId, Value, Box<[Value]>),
}

impl Op {
    /// The operands, in the order of the text form.
    pub fn operands(&self) -> impl Iterator<Item = Value> + '_ {
        let (fixed, rest): ([Option<Value>; 3], &[Value]) = match self {
            Self::Const(_) | Self::Index(_) | Self::Scalar(_) | Self::Length(_) => ([None; 3], &[]),
            Self::Unary(_, a) | Self::Load(_, a) | Self::InBounds(_, a) | Self::LocalLoad(_, a) => {
                ([Some(*a), None, None], &[])
            }
            Self::Binary(_, a, b) => ([Some(*a), Some(*b), None], &[]),
            Self::Select(a, b, c) => ([Some(*a), Some(*b), Some(*c)], &[]),
            Self::Call(_, arguments) => ([None; 3], arguments),
            Self::Atomic(_, _, index, arguments) => ([Some(*index), None, None], arguments),
        };
        fixed.into_iter().flatten().chain(rest.iter().copied())
    }

    /// Replaces every operand.
    pub fn map_operands(&mut self, mut map: impl FnMut(Value) -> Value) {
        match self {
            Self::Const(_) | Self::Index(_) | Self::Scalar(_) | Self::Length(_) => {}
            Self::Unary(_, a) | Self::Load(_, a) | Self::InBounds(_, a) | Self::LocalLoad(_, a) => {
                *a = map(*a);
            }
            Self::Binary(_, a, b) => {
                *a = map(*a);
                *b = map(*b);
            }
            Self::Select(a, b, c) => {
                *a = map(*a);
                *b = map(*b);
                *c = map(*c);
            }
            Self::Call(_, arguments) => arguments.iter_mut().for_each(|a| *a = map(*a)),
            Self::Atomic(_, _, index, arguments) => {
                *index = map(*index);
                arguments.iter_mut().for_each(|a| *a = map(*a));
            }
        }
    }

    /// Whether the same operands always make the same value, and making it changes nothing and never stops the call.
    pub const fn is_pure(&self) -> bool {
        !matches!(self, Self::Load(..) | Self::LocalLoad(..) | Self::Atomic(..))
    }

    /// Whether it must run even if nobody uses its value.
    pub const fn has_effect(&self) -> bool {
        matches!(self, Self::Atomic(..))
    }
}
