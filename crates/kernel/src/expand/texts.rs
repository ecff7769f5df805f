//! Which text is whose, compiled.

use std::sync::OnceLock;

use crate::ir::{Function, Math};
use crate::lower::{Parameters, Request, Returns, Shape, lower_own};
use crate::stack::with_stack;

const EXP: &str = include_str!("exp.mjs");
const LOG: &str = include_str!("log.mjs");
const CBRT: &str = include_str!("cbrt.mjs");
const HYPERBOLIC: &str = include_str!("hyperbolic.mjs");
const INVERSE: &str = include_str!("inverse.mjs");
const POW: &str = include_str!("pow.mjs");
const RANDOM: &str = include_str!("random.mjs");
const TRIG: &str = include_str!("trig.mjs");

/// A function of up to three scalars, which have the names [`ARGUMENTS`].
pub(super) struct Text {
    pub(super) function: Function,
    /// The arguments that its scalars are.
    pub(super) arguments: Vec<usize>,
    /// How many operations it has.
    pub(super) operations: usize,
}

const ARGUMENTS: [&str; Math::MAX_ARITY] = ["x", "y", "z"];

/// The files that a function needs, its own last.
pub(super) const fn files(math: Math) -> &'static [&'static str] {
    match math {
        Math::Exp | Math::Expm1 => &[EXP],
        Math::Log | Math::Log1p | Math::Log2 | Math::Log10 => &[LOG],
        Math::Sin | Math::Cos | Math::Tan => &[TRIG],
        Math::Acos | Math::Asin | Math::Atan | Math::Atan2 => &[INVERSE],
        Math::Sinh | Math::Cosh | Math::Tanh => &[EXP, HYPERBOLIC],
        Math::Asinh | Math::Acosh | Math::Atanh => &[EXP, LOG, HYPERBOLIC],
        Math::Cbrt => &[CBRT],
        Math::Pow => &[EXP, POW],
        Math::Random => &[RANDOM],
    }
}

static TEXTS: [OnceLock<Text>; Math::ALL.len()] = [const { OnceLock::new() }; Math::ALL.len()];

/// The function as operations, if there is a text: compiled when it is asked for first.
pub(super) fn text(math: Math) -> Option<&'static Text> {
    let files = files(math);
    (!files.is_empty()).then(|| TEXTS[math as usize].get_or_init(|| with_stack(|| compile(math, files))))
}

/// A body that returns what the function does, with all of the files in it: functions that are not called cost nothing.
fn source(math: Math, files: &[&str]) -> String {
    let mut source = format!("(i, {{ {} }}) => {{\n", ARGUMENTS.join(", "));
    let mut is_import = false;
    for line in files.iter().flat_map(|file| file.lines()) {
        // A body is no module.
        is_import |= line.starts_with("import ");
        if !is_import {
            source.push_str(line.strip_prefix("export ").unwrap_or(line));
            source.push('\n');
        }
        is_import &= !line.ends_with(';');
    }
    // Its own name is that of the function that it asks for what is rare.
    let name = if math == Math::Random { "philox" } else { math.name() };
    source + &format!("return {name}({});\n}}", ARGUMENTS[..math.arity()].join(", "))
}

fn compile(math: Math, files: &[&str]) -> Text {
    let source = source(math, files);
    let data = Shape::Object(ARGUMENTS.map(|name| (name.into(), Shape::Number)).into());
    let request = Request {
        source: &source,
        parameters: Parameters::Indices(1),
        returns: Returns::Number,
        data: &data,
    };
    let lowered = lower_own(&request).unwrap_or_else(|refused| panic!("{}: {refused:?}", math.name()));
    let arguments = lowered.scalars.iter().map(|path| ARGUMENTS.iter().position(|name| *path[0] == **name));
    let arguments = arguments.map(|number| number.expect("one of the names")).collect();
    let operations = lowered.function.regions.iter().map(|region| region.stmts.len()).sum();
    Text { function: lowered.function, arguments, operations }
}
