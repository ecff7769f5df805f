//! Operators, as ECMAScript names them.

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name { $(#[doc = concat!("`", $text, "`")] $variant,)* }

        impl $name {
            /// As it is written.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

operators!(
    /// Operators with one operand that have no effect on it.
    UnaryOp {
        Minus = "-", Plus = "+", Not = "!", BitNot = "~", Typeof = "typeof", Void = "void", Delete = "delete",
    }
);
operators!(
    /// Operators that change their operand by one.
    UpdateOp { Increment = "++", Decrement = "--", }
);
operators!(
    /// Operators that evaluate both operands.
    BinaryOp {
        Equal = "==", NotEqual = "!=", StrictEqual = "===", StrictNotEqual = "!==",
        Less = "<", LessEqual = "<=", Greater = ">", GreaterEqual = ">=",
        ShiftLeft = "<<", ShiftRight = ">>", ShiftRightUnsigned = ">>>",
        Add = "+", Subtract = "-", Multiply = "*", Divide = "/", Remainder = "%", Power = "**",
        BitOr = "|", BitXor = "^", BitAnd = "&", In = "in", Instanceof = "instanceof",
    }
);
operators!(
    /// Operators that may leave their second operand unevaluated.
    LogicalOp { And = "&&", Or = "||", Coalesce = "??", }
);

/// What an assignment does with the old value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AssignOp {
    /// `=`: the old value is not read.
    Assign,
    /// `+=`, `**=`, `>>>=`, …
    Binary(BinaryOp),
    /// `&&=`, `||=`, `??=`: assigns, and evaluates the value, only where the operator asks for it.
    Logical(LogicalOp),
}
