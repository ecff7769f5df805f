//! The text form, written.

use std::fmt::{self, Display, Formatter};

use super::function::{End, Function, Stmt};
use super::op::Op;
use super::types::{Const, RegionId, Value};

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.indices)?;
        if let Some(result) = self.result {
            write!(f, " -> {result}")?;
        }
        writeln!(f)?;
        for (number, name) in self.scalars.iter().enumerate() {
            writeln!(f, "scalar {number} {}", Name(name))?;
        }
        for (number, array) in self.arrays.iter().enumerate() {
            let written = if array.is_written { " written" } else { "" };
            writeln!(f, "array {number} {} {}{written}", array.element.name(), Name(&array.name))?;
        }
        for (number, local) in self.locals.iter().enumerate() {
            let plain = if local.is_plain { " plain" } else { "" };
            let set = if local.is_set { " set" } else { "" };
            writeln!(f, "local {number} {} {}{plain}{set}", local.element.name(), local.len)?;
        }
        f.write_str("{\n")?;
        self.region_text(f, self.entry, 1)?;
        f.write_str("}\n")
    }
}

impl Function {
    fn region_text(&self, f: &mut Formatter<'_>, region: RegionId, depth: usize) -> fmt::Result {
        let region = self.region(region);
        for stmt in &region.stmts {
            self.stmt_text(f, stmt, depth)?;
        }
        indent(f, depth)?;
        match &region.end {
            End::Yield(values) => writeln!(f, "yield{}", List(values)),
            End::Branch(label, values) => writeln!(f, "br {label}{}", List(values)),
            End::Loop { label, params, initial, body } => {
                write!(f, "loop {label}")?;
                for (number, (param, initial)) in params.iter().zip(initial).enumerate() {
                    let comma = if number == 0 { "" } else { "," };
                    write!(f, "{comma} {param}:{} = {initial}", self.ty(*param))?;
                }
                f.write_str(" {\n")?;
                self.region_text(f, *body, depth + 1)?;
                indent(f, depth)?;
                f.write_str("}\n")
            }
        }
    }

    fn stmt_text(&self, f: &mut Formatter<'_>, stmt: &Stmt, depth: usize) -> fmt::Result {
        indent(f, depth)?;
        match stmt {
            Stmt::Let(value, op) => writeln!(f, "{value} = {op}"),
            Stmt::Store { array, index, value } => writeln!(f, "store {} {index}, {value}", array.0),
            Stmt::LocalStore { local, index, value } => {
                writeln!(f, "local.store {} {index}, {value}", local.0)
            }
            Stmt::LocalFill { local, value } => writeln!(f, "local.fill {} {value}", local.0),
            Stmt::Guard { condition } => writeln!(f, "guard {condition}"),
            Stmt::Block { label, results, body } => {
                write!(f, "block {label}")?;
                self.results_text(f, results)?;
                f.write_str(" {\n")?;
                self.region_text(f, *body, depth + 1)?;
                indent(f, depth)?;
                f.write_str("}\n")
            }
            Stmt::If { condition, results, then, otherwise } => {
                write!(f, "if {condition}")?;
                self.results_text(f, results)?;
                f.write_str(" {\n")?;
                self.region_text(f, *then, depth + 1)?;
                indent(f, depth)?;
                f.write_str("} else {\n")?;
                self.region_text(f, *otherwise, depth + 1)?;
                indent(f, depth)?;
                f.write_str("}\n")
            }
        }
    }

    fn results_text(&self, f: &mut Formatter<'_>, results: &[Value]) -> fmt::Result {
        for (number, result) in results.iter().enumerate() {
            f.write_str(if number == 0 { " -> " } else { ", " })?;
            write!(f, "{result}:{}", self.ty(*result))?;
        }
        Ok(())
    }
}

fn indent(f: &mut Formatter<'_>, depth: usize) -> fmt::Result {
    write!(f, "{:width$}", "", width = 2 * depth)
}

/// A name in quotes. What would end it early is left out: names are there for people.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text: String = self.0.chars().filter(|c| *c != '"' && !c.is_control()).collect();
        write!(f, "\"{text}\"")
    }
}

/// Values between commas, after a space if there are any.
struct List<'a>(&'a [Value]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (number, value) in self.0.iter().enumerate() {
            f.write_str(if number == 0 { " " } else { ", " })?;
            write!(f, "{value}")?;
        }
        Ok(())
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Const(constant) => write!(f, "const.{} {constant}", constant.ty()),
            Self::Index(dimension) => write!(f, "index {dimension}"),
            Self::Scalar(scalar) => write!(f, "scalar {}", scalar.0),
            Self::Length(array) => write!(f, "length {}", array.0),
            Self::Unary(op, a) => write!(f, "{} {a}", op.name()),
            Self::Binary(op, a, b) => write!(f, "{} {a}, {b}", op.name()),
            Self::Select(condition, a, b) => write!(f, "select {condition}, {a}, {b}"),
            Self::Call(function, arguments) => write!(f, "call.{}{}", function.name(), List(arguments)),
            Self::Load(array, index) => write!(f, "load {} {index}", array.0),
            Self::InBounds(array, index) => write!(f, "inbounds {} {index}", array.0),
            Self::LocalLoad(local, index) => write!(f, "local.load {} {index}", local.0),
            Self::Atomic(op, array, index, arguments) => {
                write!(f, "atomic.{} {} {index}", op.name(), array.0)?;
                arguments.iter().try_for_each(|argument| write!(f, ", {argument}"))
            }
        }
    }
}

impl Display for Const {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // The shortest text that parses to the same double; NaN, inf and -0 too.
            Self::F64(bits) => write!(f, "{}", f64::from_bits(*bits)),
            Self::I32(value) => write!(f, "{value}"),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
}
