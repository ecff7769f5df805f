//! One file for each rule: a body, the IR that becomes of it, and what it answers.
//!
//! `filetests/*.kernel` begin with a comment, and have four parts, each after a line `== name`:
//!
//! - `body`: the text of a JavaScript function;
//! - `data`: a line for each entry: `n number 5`, `b boolean true`, `a float64 shared 1 -0 NaN` or `private`, `m table 2x3 1 2 3 4
//!   5 6`, `f function x => x * x`, `o.x number 1`;
//! - `answers`: a line `index value` for each index, which run in this order, and for each array that the body writes a line with
//!   what is in it then. JavaScript engines give the same: `node tests/oracle/filetests.js`, which can also write them;
//! - `ir`: after all passes. `ALLCORES_UPDATE=1 cargo test -p allcores-kernel --test filetests` writes it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use allcores_kernel::interpret::{Arrays, Block, Plan, Scalar};
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Lowered, Parameters, Request, Returns, Shape, lower};
use allcores_kernel::math::Portable;

/// A file, cut into its parts.
struct File<'a> {
    comment: &'a str,
    body: &'a str,
    data: &'a str,
    answers: &'a str,
    ir: &'a str,
}

impl<'a> File<'a> {
    fn parse(text: &'a str) -> Self {
        let (comment, rest) = text.split_once("== body\n").expect("a part `body`");
        let (body, rest) = rest.split_once("== data\n").expect("a part `data`");
        let (data, rest) = rest.split_once("== answers\n").expect("a part `answers`");
        let (answers, ir) = rest.split_once("== ir\n").expect("a part `ir`");
        Self { comment, body: body.trim_end(), data, answers, ir }
    }

    fn with_ir(&self, ir: &str) -> String {
        let Self { comment, body, data, answers, .. } = self;
        format!("{comment}== body\n{body}\n== data\n{data}== answers\n{answers}== ir\n{ir}")
    }
}

/// What an entry of `data` is when it runs.
enum Input {
    Number(f64),
    Array(Element, Vec<f64>),
    Function,
}

fn number(text: &str) -> f64 {
    text.replace("Infinity", "inf").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

fn entry(line: &str) -> (&str, Shape, Input) {
    let (name, rest) = line.split_once(' ').expect("a name");
    let (kind, rest) = rest.split_once(' ').expect("a kind");
    let numbers = |text: &str| text.split_whitespace().map(number).collect::<Vec<_>>();
    match kind {
        "number" => (name, Shape::Number, Input::Number(number(rest))),
        "boolean" => (name, Shape::Boolean, Input::Number(f64::from(u8::from(rest == "true")))),
        "function" => (name, Shape::Function(rest.into()), Input::Function),
        "table" => {
            let (dimensions, rest) = rest.split_once(' ').expect("dimensions");
            let dimensions = dimensions.split('x').map(|length| length.parse().expect("a length")).collect();
            (name, Shape::Table(dimensions), Input::Array(Element::Float64, numbers(rest)))
        }
        _ => {
            let element = Element::from_name(kind).unwrap_or_else(|| panic!("{line}: what is {kind}?"));
            let (place, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            (
                name,
                Shape::Array { element, is_shared: place == "shared" },
                Input::Array(element, numbers(rest)),
            )
        }
    }
}

/// Puts a shape at a path, `o.x`.
fn insert(into: &mut BTreeMap<Box<str>, Shape>, path: &str, shape: Shape) {
    let Some((first, rest)) = path.split_once('.') else {
        into.insert(path.into(), shape);
        return;
    };
    let object = into.entry(first.into()).or_insert_with(|| Shape::Object(BTreeMap::new()));
    let Shape::Object(properties) = object else { panic!("{first} is no object") };
    insert(properties, rest, shape);
}

fn text(value: f64) -> String {
    if value.is_infinite() { format!("{value}").replace("inf", "Infinity") } else { format!("{value}") }
}

/// The answers to these indices, one at a time.
fn run(lowered: &Lowered, inputs: &BTreeMap<&str, Input>, indices: &[f64], is_block: bool) -> String {
    let scalar_of = |path: &[Box<str>]| match inputs[path.join(".").as_str()] {
        Input::Number(number) => number,
        _ => panic!("{path:?} is no number"),
    };
    let scalars: Vec<f64> = lowered.scalars.iter().map(|path| scalar_of(path)).collect();
    let array_of = |path: &Vec<Box<str>>| match &inputs[path.join(".").as_str()] {
        Input::Array(element, values) => (*element, values.clone()),
        _ => panic!("{path:?} is no array"),
    };
    let memory = Arrays::new(lowered.arrays.iter().map(array_of));
    let plan = Plan::new(lowered.function.clone());
    let mut answers = String::new();
    for index in indices {
        let mut out = [0.0];
        if is_block {
            let mut block = Block::new(&plan, &scalars);
            block.run(&[&[*index]], &mut out, &memory, &Portable, &mut 100_000).expect("runs to its end");
        } else {
            let mut scalar = Scalar::new(&lowered.function, &scalars);
            let result = scalar.run(&[*index], &memory, &Portable, &mut 100_000).expect("runs to its end");
            out[0] = result.expect("a value");
        }
        writeln!(answers, "{} {}", text(*index), text(out[0])).expect("a text");
    }
    for ((path, values), array) in lowered.arrays.iter().zip(memory.values()).zip(&lowered.function.arrays) {
        if array.is_written {
            let values: Vec<String> = values.iter().map(|value| text(*value)).collect();
            writeln!(answers, "{} {}", path.join("."), values.join(" ")).expect("a text");
        }
    }
    answers
}

/// The same words, and the same doubles, however they are written.
fn same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<Result<u64, String>> {
        let word = |word: &str| word.replace("Infinity", "inf").parse::<f64>().map_err(|_| word.to_owned());
        text.split_whitespace().map(word).map(|word| word.map(f64::to_bits)).collect()
    };
    a.lines().count() == b.lines().count() && words(a) == words(b)
}

fn check(path: &Path, is_update: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(path).expect("a file");
    let file = File::parse(&text);
    let mut properties = BTreeMap::new();
    let mut inputs = BTreeMap::new();
    for line in file.data.lines() {
        let (name, shape, input) = entry(line);
        insert(&mut properties, name, shape);
        inputs.insert(name, input);
    }
    let data = Shape::Object(properties);
    let request = Request {
        source: file.body,
        parameters: Parameters::Indices(1),
        returns: Returns::Number,
        data: &data,
    };
    let lowered = lower(&request).map_err(|refused| format!("refused: {refused:?}"))?;
    let ir = lowered.function.to_string();
    if is_update {
        std::fs::write(path, file.with_ir(&ir)).expect("can be written");
    } else if ir != file.ir {
        return Err(format!("the IR is another one now:\n{ir}"));
    }
    let is_index = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
    let indices: Vec<f64> = file
        .answers
        .lines()
        .filter(is_index)
        .map(|line| number(line.split(' ').next().expect("an index")))
        .collect();
    for is_block in [false, true] {
        let answers = run(&lowered, &inputs, &indices, is_block);
        if !same(&answers, file.answers) {
            let engine = if is_block { "block" } else { "scalar" };
            return Err(format!("the {engine} interpreter answers\n{answers}"));
        }
    }
    Ok(())
}

#[test]
fn every_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filetests");
    let mut files: Vec<PathBuf> =
        folder.read_dir().expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 18, "{} files", files.len());
    let is_update = std::env::var_os("ALLCORES_UPDATE").is_some();
    let failed: Vec<String> = files
        .iter()
        .filter_map(|path| check(path, is_update).err().map(|error| format!("{}: {error}", path.display())))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
