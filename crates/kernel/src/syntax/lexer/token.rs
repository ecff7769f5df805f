//! Tokens.

use crate::syntax::{names::Name, span::Span};

macro_rules! punctuators {
    ($($id:ident = $text:literal,)*) => {
        /// A punctuator.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Punct { $($id),* }

        impl Punct {
            pub(crate) const fn text(self) -> &'static str {
                match self { $(Self::$id => $text),* }
            }
        }
    };
}

punctuators! {
    BraceOpen = "{", BraceClose = "}", ParenOpen = "(", ParenClose = ")", BracketOpen = "[", BracketClose = "]",
    Dot = ".", Ellipsis = "...", Semicolon = ";", Comma = ",", Question = "?", QuestionDot = "?.", Colon = ":",
    Arrow = "=>", Less = "<", LessEqual = "<=", Greater = ">", GreaterEqual = ">=", Equal = "==",
    NotEqual = "!=", StrictEqual = "===", StrictNotEqual = "!==", Plus = "+", Minus = "-", Star = "*",
    StarStar = "**", Slash = "/", Percent = "%", PlusPlus = "++", MinusMinus = "--", ShiftLeft = "<<",
    ShiftRight = ">>", ShiftRightUnsigned = ">>>", And = "&", Or = "|", Xor = "^", Not = "!", Tilde = "~",
    AndAnd = "&&", OrOr = "||", Coalesce = "??", Assign = "=", PlusAssign = "+=", MinusAssign = "-=",
    StarAssign = "*=", StarStarAssign = "**=", SlashAssign = "/=", PercentAssign = "%=", ShiftLeftAssign = "<<=",
    ShiftRightAssign = ">>=", ShiftRightUnsignedAssign = ">>>=", AndAssign = "&=", OrAssign = "|=",
    XorAssign = "^=", AndAndAssign = "&&=", OrOrAssign = "||=", CoalesceAssign = "??=", At = "@",
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum TokenKind {
    End,
    /// An identifier or a keyword.
    Name(Name),
    Private(Name),
    Number(f64),
    BigInt,
    String,
    /// Only the backtick: the parser goes on with `Lexer::template_text`.
    Template,
    Punct(Punct),
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// A line ends between the token before and this one.
    pub(crate) newline_before: bool,
    /// A name with a `\u` escape in it, which is no keyword.
    pub(crate) escaped: bool,
    /// A number like `010` or a string like `'\10'`, which strict code does not have.
    pub(crate) legacy: bool,
}
