//! The text form, read. Values, labels and regions may have any numbers in the text; they are numbered anew in the order in which
//! they come. What is read is well formed as text; whether it makes sense, [`verify`](super::verify()) says.

use std::collections::HashMap;
use std::fmt;

use allcores_machine::{AtomicOp, Element};

use super::function::{Array, End, Function, Local, Origin, Region, Stmt};
use super::op::{Binary, Math, Op, Unary};
use super::types::{ArrayId, Const, Label, LocalId, RegionId, ScalarId, Type, Value};

/// Text that is no function, and on which line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// What was expected.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

type Result<T> = std::result::Result<T, ParseError>;

/// Deeper text is refused, so that no text overflows the stack.
const MAX_DEPTH: usize = 256;

/// Reads one function.
pub fn parse(text: &str) -> Result<Function> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        values: HashMap::new(),
        labels: HashMap::new(),
        function: Function {
            indices: 1,
            scalars: Vec::new(),
            arrays: Vec::new(),
            locals: Vec::new(),
            result: None,
            values: Vec::new(),
            origins: Vec::new(),
            regions: Vec::new(),
            entry: RegionId(0),
            labels: 0,
        },
    };
    parser.function()?;
    Ok(parser.function)
}

/// A word, a string in quotes (kept with the opening one), or a punctuation mark; and its line.
type Token<'a> = (&'a str, usize);

fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line_number = number + 1;
        let mut rest = line.trim_start();
        while !rest.is_empty() && !rest.starts_with(';') {
            let len = if let Some(string) = rest.strip_prefix('"') {
                let end = string.find('"').ok_or_else(|| ParseError {
                    line: line_number,
                    message: "a string without an end".into(),
                })?;
                end + 2
            } else if rest.starts_with("->") {
                2
            } else if rest.starts_with(['{', '}', ',', ':', '=']) {
                1
            } else {
                let is_end =
                    |c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | ':' | '=' | ';' | '"');
                rest.find(is_end).unwrap_or(rest.len())
            };
            let (token, after) = rest.split_at(len);
            tokens.push((token, line_number));
            rest = after.trim_start();
        }
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    values: HashMap<&'a str, Value>,
    labels: HashMap<&'a str, Label>,
    function: Function,
}

impl<'a> Parser<'a> {
    fn function(&mut self) -> Result<()> {
        self.expect("function")?;
        self.function.indices = self.number("the number of dimensions")?;
        if self.eat("->") {
            self.function.result = Some(self.ty()?);
        }
        loop {
            if self.eat("scalar") {
                let number = self.function.scalars.len();
                self.this_number(number)?;
                let name = self.string()?;
                self.function.scalars.push(name);
            } else if self.eat("array") {
                let number = self.function.arrays.len();
                self.this_number(number)?;
                let element = self.element()?;
                let name = self.string()?;
                let is_written = self.eat("written");
                self.function.arrays.push(Array { name, element, is_written });
            } else if self.eat("local") {
                let number = self.function.locals.len();
                self.this_number(number)?;
                let element = self.element()?;
                let len = self.number("the number of elements")?;
                let is_plain = self.eat("plain");
                let is_set = self.eat("set");
                self.function.locals.push(Local { element, len, is_plain, is_set });
            } else {
                break;
            }
        }
        self.function.entry = self.region(0)?;
        if self.at < self.tokens.len() {
            return self.fail("nothing after the function");
        }
        Ok(())
    }

    fn region(&mut self, depth: usize) -> Result<RegionId> {
        if depth > MAX_DEPTH {
            return self.fail(format!("at most {MAX_DEPTH} regions within each other"));
        }
        self.expect("{")?;
        let id = RegionId(self.function.regions.len() as u32);
        self.function.regions.push(Region { stmts: Vec::new(), end: End::Yield(Vec::new()) });
        let mut stmts = Vec::new();
        let end = loop {
            match self.peek() {
                "yield" => {
                    self.at += 1;
                    break End::Yield(self.values()?);
                }
                "br" => {
                    self.at += 1;
                    let label = self.label()?;
                    break End::Branch(label, self.values()?);
                }
                "loop" => {
                    self.at += 1;
                    break self.loop_end(depth)?;
                }
                _ => stmts.push(self.stmt(depth)?),
            }
        };
        self.expect("}")?;
        self.function.regions[id.index()] = Region { stmts, end };
        Ok(id)
    }

    fn loop_end(&mut self, depth: usize) -> Result<End> {
        let label = self.label()?;
        let (mut params, mut initial) = (Vec::new(), Vec::new());
        while self.peek() != "{" {
            if !params.is_empty() {
                self.expect(",")?;
            }
            params.push(self.typed_value()?);
            self.expect("=")?;
            initial.push(self.value()?);
        }
        let body = self.region(depth + 1)?;
        Ok(End::Loop { label, params, initial, body })
    }

    fn stmt(&mut self, depth: usize) -> Result<Stmt> {
        match self.peek() {
            "store" => {
                self.at += 1;
                let array = ArrayId(self.number("an array")?);
                let index = self.value()?;
                self.expect(",")?;
                Ok(Stmt::Store { array, index, value: self.value()? })
            }
            "local.store" => {
                self.at += 1;
                let local = LocalId(self.number("a local array")?);
                let index = self.value()?;
                self.expect(",")?;
                Ok(Stmt::LocalStore { local, index, value: self.value()? })
            }
            "local.fill" => {
                self.at += 1;
                let local = LocalId(self.number("a local array")?);
                Ok(Stmt::LocalFill { local, value: self.value()? })
            }
            "guard" => {
                self.at += 1;
                Ok(Stmt::Guard { condition: self.value()? })
            }
            "block" => {
                self.at += 1;
                let label = self.label()?;
                let results = self.results()?;
                Ok(Stmt::Block { label, results, body: self.region(depth + 1)? })
            }
            "if" => {
                self.at += 1;
                let condition = self.value()?;
                let results = self.results()?;
                let then = self.region(depth + 1)?;
                self.expect("else")?;
                Ok(Stmt::If { condition, results, then, otherwise: self.region(depth + 1)? })
            }
            text if text.starts_with('%') => {
                let value = self.value()?;
                self.expect("=")?;
                let (op, ty) = self.op()?;
                self.set_type(value, ty);
                Ok(Stmt::Let(value, op))
            }
            _ => self.fail("a statement, yield, br or loop"),
        }
    }

    /// An operation, and the type of its result.
    fn op(&mut self) -> Result<(Op, Type)> {
        let name = self.next();
        if let Some(ty) = name.strip_prefix("const.") {
            let constant = self.constant(ty)?;
            return Ok((Op::Const(constant), constant.ty()));
        }
        if let Some(op) = Unary::ALL.iter().find(|op| op.name() == name) {
            return Ok((Op::Unary(*op, self.value()?), op.result()));
        }
        if let Some(op) = Binary::ALL.iter().find(|op| op.name() == name) {
            let a = self.value()?;
            self.expect(",")?;
            return Ok((Op::Binary(*op, a, self.value()?), op.result()));
        }
        if let Some(function) = name.strip_prefix("call.") {
            let Some(function) = Math::named(function) else {
                return self.wrong("a function");
            };
            return Ok((Op::Call(function, self.values()?.into()), Type::F64));
        }
        if let Some(atomic) = name.strip_prefix("atomic.") {
            let Some(atomic) = AtomicOp::ALL.iter().find(|it| it.name() == atomic) else {
                return self.wrong("an atomic operation");
            };
            let array = ArrayId(self.number("an array")?);
            let index = self.value()?;
            let mut arguments = Vec::new();
            while self.eat(",") {
                arguments.push(self.value()?);
            }
            return Ok((Op::Atomic(*atomic, array, index, arguments.into()), Type::F64));
        }
        Ok(match name {
            "index" => (Op::Index(self.number("a dimension")?), Type::F64),
            "scalar" => (Op::Scalar(ScalarId(self.number("a scalar")?)), Type::F64),
            "length" => (Op::Length(ArrayId(self.number("an array")?)), Type::F64),
            "load" => (Op::Load(ArrayId(self.number("an array")?), self.value()?), Type::F64),
            "inbounds" => (Op::InBounds(ArrayId(self.number("an array")?), self.value()?), Type::Bool),
            "local.load" => (Op::LocalLoad(LocalId(self.number("a local array")?), self.value()?), Type::F64),
            "select" => {
                let condition = self.value()?;
                self.expect(",")?;
                let a = self.value()?;
                self.expect(",")?;
                (Op::Select(condition, a, self.value()?), self.function.ty(a))
            }
            _ => {
                return self.wrong("an operation");
            }
        })
    }

    fn constant(&mut self, ty: &str) -> Result<Const> {
        let text = self.next();
        let constant = match ty {
            "f64" => text.parse().ok().map(Const::f64),
            "i32" => text.parse().ok().map(Const::I32),
            "bool" => text.parse().ok().map(Const::Bool),
            _ => None,
        };
        match constant {
            Some(constant) => Ok(constant),
            None => self.wrong("a constant"),
        }
    }

    /// Values between commas, or none.
    fn values(&mut self) -> Result<Vec<Value>> {
        let mut values = Vec::new();
        if self.peek().starts_with('%') && self.tokens.get(self.at + 1).is_none_or(|(next, _)| *next != "=") {
            values.push(self.value()?);
            while self.eat(",") {
                values.push(self.value()?);
            }
        }
        Ok(values)
    }

    fn results(&mut self) -> Result<Vec<Value>> {
        let mut results = Vec::new();
        if self.eat("->") {
            results.push(self.typed_value()?);
            while self.eat(",") {
                results.push(self.typed_value()?);
            }
        }
        Ok(results)
    }

    fn typed_value(&mut self) -> Result<Value> {
        let value = self.value()?;
        self.expect(":")?;
        let ty = self.ty()?;
        self.set_type(value, ty);
        Ok(value)
    }

    /// A value, by whatever number the text has for it. Its type is known once it has been defined.
    fn value(&mut self) -> Result<Value> {
        let text = self.next();
        if !text.starts_with('%') || text.len() == 1 {
            return self.wrong("a value");
        }
        let function = &mut self.function;
        Ok(*self.values.entry(text).or_insert_with(|| {
            function.values.push(Type::F64);
            function.origins.push(Origin::default());
            Value(function.values.len() as u32 - 1)
        }))
    }

    fn set_type(&mut self, value: Value, ty: Type) {
        self.function.values[value.index()] = ty;
    }

    fn label(&mut self) -> Result<Label> {
        let text = self.next();
        if !text.starts_with('@') || text.len() == 1 {
            return self.wrong("a label");
        }
        let labels = &mut self.function.labels;
        Ok(*self.labels.entry(text).or_insert_with(|| {
            *labels += 1;
            Label(*labels - 1)
        }))
    }

    fn ty(&mut self) -> Result<Type> {
        let text = self.next();
        match Type::ALL.into_iter().find(|ty| ty.name() == text) {
            Some(ty) => Ok(ty),
            None => self.wrong("a type"),
        }
    }

    fn element(&mut self) -> Result<Element> {
        let text = self.next();
        match Element::from_name(text) {
            Some(element) => Ok(element),
            None => self.wrong("an element type"),
        }
    }

    fn string(&mut self) -> Result<Box<str>> {
        let text = self.next();
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => Ok(text.into()),
            None => self.wrong("a name in quotes"),
        }
    }

    fn number<T: std::str::FromStr>(&mut self, what: &str) -> Result<T> {
        match self.next().parse() {
            Ok(number) => Ok(number),
            Err(_) => self.wrong(what),
        }
    }

    fn this_number(&mut self, expected: usize) -> Result<()> {
        if self.number::<usize>("a number")? == expected {
            return Ok(());
        }
        self.wrong(format!("number {expected}"))
    }

    /// The next token; empty at the end.
    fn peek(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |(text, _)| *text)
    }

    fn next(&mut self) -> &'a str {
        let text = self.peek();
        self.at += 1;
        text
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.peek() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<()> {
        if self.eat(text) { Ok(()) } else { self.fail(format!("{text:?}")) }
    }

    /// The token that has just been taken is not what was expected.
    fn wrong<T>(&mut self, expected: impl fmt::Display) -> Result<T> {
        self.at -= 1;
        self.fail(expected)
    }

    fn fail<T>(&self, expected: impl fmt::Display) -> Result<T> {
        let at = self.at.min(self.tokens.len().saturating_sub(1));
        let line = self.tokens.get(at).map_or(1, |(_, line)| *line);
        Err(ParseError { line, message: format!("expected {expected}, found {:?}", self.peek()) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::verify;
    use super::parse;

    /// The example in the module's head.
    fn example() -> String {
        let source = include_str!("mod.rs");
        let start = source.find("```text").unwrap() + "```text".len();
        let end = start + source[start..].find("```").unwrap();
        let lines = source[start..end].lines().skip(1).map(|line| line.trim_start_matches("//!"));
        let text: String =
            lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
        text.trim_end().to_owned() + "\n"
    }

    #[test]
    fn text_comes_out_as_it_went_in() {
        let text = example();
        let function = parse(&text).unwrap();
        verify(&function).unwrap();
        assert_eq!(function.to_string(), text);
    }

    #[test]
    fn refuses_with_the_line() {
        for (text, line, message) in [
            ("", 1, "expected \"function\""),
            ("function 1\n{\n  yield\n", 3, "expected \"}\""),
            ("function 1\n{\n  nonsense\n}", 3, "expected a statement"),
            ("function 1\n{\n  %0 = nonsense\n}", 3, "expected an operation"),
            ("function 1\n{\n  %0 = const.f64 x\n}", 3, "expected a constant"),
            ("function 1\nscalar 1 \"n\"\n{ yield }", 2, "expected number 0"),
            ("function 1\n{ yield } more", 2, "expected nothing after"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.message.contains(message), "{error}");
        }
    }

    #[test]
    fn refuses_depth_instead_of_overflowing_the_stack() {
        let text = format!("function 1\n{}", "{ block @0 ".repeat(100_000));
        assert!(parse(&text).is_err());
    }
}
