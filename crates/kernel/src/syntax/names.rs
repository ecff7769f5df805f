//! Names: each text is kept once, and compared by number.

use std::collections::HashMap;

/// A name, with its escapes resolved. Equal names of one tree are equal numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(u32);

macro_rules! words {
    ($($id:ident = $text:literal,)*) => {
        const WORDS: &[&str] = &[$($text),*];

        /// The words that the grammar knows, reserved or not: they have the same number in every tree.
        pub(crate) mod word {
            use super::Name;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "only the order counts")]
            enum Order { $($id),* }
            $(pub(crate) const $id: Name = Name(Order::$id as u32);)*
        }

        fn word_of(text: &str) -> Option<Name> {
            match text { $($text => Some(word::$id),)* _ => None }
        }
    };
}

// Reserved words first: `Name::is_reserved` compares numbers.
words! {
    BREAK = "break", CASE = "case", CATCH = "catch", CLASS = "class", CONST = "const", CONTINUE = "continue",
    DEBUGGER = "debugger", DEFAULT = "default", DELETE = "delete", DO = "do", ELSE = "else", ENUM = "enum",
    EXPORT = "export", EXTENDS = "extends", FALSE = "false", FINALLY = "finally", FOR = "for",
    FUNCTION = "function", IF = "if", IMPORT = "import", IN = "in", INSTANCEOF = "instanceof", NEW = "new",
    NULL = "null", RETURN = "return", SUPER = "super", SWITCH = "switch", THIS = "this", THROW = "throw",
    TRUE = "true", TRY = "try", TYPEOF = "typeof", VAR = "var", VOID = "void", WHILE = "while", WITH = "with",
    IMPLEMENTS = "implements", INTERFACE = "interface", LET = "let", PACKAGE = "package", PRIVATE = "private",
    PROTECTED = "protected", PUBLIC = "public", STATIC = "static", YIELD = "yield",
    EVAL = "eval", ARGUMENTS = "arguments",
    ASYNC = "async", AWAIT = "await", CONSTRUCTOR = "constructor", GET = "get", META = "meta", OF = "of", SET = "set",
    TARGET = "target", USING = "using",
}

impl Name {
    /// No identifier anywhere.
    pub(crate) fn is_reserved(self) -> bool {
        self <= word::WITH
    }

    /// No identifier in strict code.
    pub(crate) fn is_strict_reserved(self) -> bool {
        self <= word::YIELD
    }
}

/// The texts of the names of one tree.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Vec<Box<str>>,
    // The hasher's key is random: a source cannot choose names that collide.
    numbers: HashMap<Box<str>, Name>,
}

impl Names {
    /// The text of a name of this tree.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        let n = name.0 as usize;
        WORDS.get(n).copied().unwrap_or_else(|| &self.texts[n - WORDS.len()])
    }

    /// The name with this text, if the source has it.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Name> {
        word_of(text).or_else(|| self.numbers.get(text).copied())
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.find(text) {
            return name;
        }
        let name = Name((WORDS.len() + self.texts.len()) as u32);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), name);
        name
    }
}
