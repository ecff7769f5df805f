//! What a compiled body does, for people: line by line, what is computed for many indices at once, and what is not.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use crate::analysis::{may_wait, uniform_values};
use crate::expand::has_text;
use crate::interpret::MathLibrary;
use crate::ir::{ArrayId, Binary, End, Function, Math, Op, Origin, RegionId, Stmt, Type, Value};
use crate::lower::{Declaration, Lowered, Path, Refused, Request, Shape, lower};
use crate::stack::with_stack;
use crate::syntax::span::{Span, locate};

/// How many columns of a line of the source are shown.
const WIDTH: usize = 72;
/// How many lines of each source are shown.
const MAX_LINES: usize = 200;
/// How much is said of a line: minified code has one.
const MAX_NOTES: usize = 40;

/// Describes what is made of a body that runs with a library: its inputs, and its lines, each with what becomes of it.
///
/// # Errors
/// Everything in it that cannot be compiled.
pub fn explain(request: &Request<'_>, library: &(dyn MathLibrary + Sync)) -> Result<String, Vec<Refused>> {
    with_stack(|| lower(request).map(|lowered| describe(&lowered, request, library)))
}

/// Where a body calls a function of `Math` first: in which helper function, or in the body itself. `None` if it does not.
pub fn first_call(request: &Request<'_>, name: &str) -> Option<(Option<Box<str>>, Span)> {
    let lowered = with_stack(|| lower(request)).ok()?;
    let function = &lowered.function;
    let stmts = function.regions.iter().flat_map(|region| &region.stmts);
    let origins = stmts.filter_map(|stmt| match stmt {
        Stmt::Let(value, Op::Call(math, _)) if math.name() == name => Some(function.origins[value.index()]),
        _ => None,
    });
    let hypot = lowered.hypot.filter(|_| name == "hypot");
    let first = origins.chain(hypot).min_by_key(|origin| (origin.unit, origin.start))?;
    let helper = (first.unit as usize).checked_sub(1).map(|number| lowered.helpers[number].clone());
    Some((helper, Span::new(first.start, first.end)))
}

fn describe(lowered: &Lowered, request: &Request<'_>, library: &dyn MathLibrary) -> String {
    let mut text = String::new();
    inputs(&mut text, lowered);
    let notes = Notes::of(lowered, library);
    let mut sources = vec![(None, request.source)];
    sources.extend(lowered.helpers.iter().map(|name| (Some(name), source_of(name, request))));
    for (unit, (name, source)) in sources.into_iter().enumerate() {
        if let Some(name) = name {
            let _ = writeln!(text, "\nhelper function {name}");
        } else {
            text.push_str("\nbody\n");
        }
        lines(&mut text, source, unit as u32, &notes);
    }
    text
}

fn source_of<'a>(helper: &str, request: &Request<'a>) -> &'a str {
    let path: Path = helper.split('.').map(Box::from).collect();
    match request.data.at(&path) {
        Some(Shape::Function(source)) => source,
        _ => "",
    }
}

fn inputs(text: &mut String, lowered: &Lowered) {
    let function = &lowered.function;
    for path in &lowered.scalars {
        let _ = writeln!(text, "input   {}: a number", path.join("."));
    }
    for (path, array) in lowered.arrays.iter().zip(&function.arrays) {
        let name = if path.is_empty() { "the view".to_owned() } else { path.join(".") };
        let access = if array.is_written { "read and written" } else { "read" };
        let _ = writeln!(text, "input   {name}: {} elements, {access}", array.element.name());
    }
    for local in &function.locals {
        let _ = writeln!(
            text,
            "local   an array of {} {} elements, for each index",
            local.len,
            local.element.name()
        );
    }
    if may_wait(function) {
        text.push_str("note    each index runs by itself: it may wait in a loop for what others write\n");
    }
    for name in &lowered.captured {
        let _ = writeln!(
            text,
            "note    {name} is taken from the surroundings of a function: `data` says what it is"
        );
    }
}

/// The source, with what there is to say below each line.
fn lines(text: &mut String, source: &str, unit: u32, notes: &Notes) {
    let mut of_lines: BTreeMap<u32, Line> = BTreeMap::new();
    for (origin, note) in notes.0.iter().filter(|(origin, _)| origin.unit == unit) {
        let line = of_lines.entry(locate(source, origin.start).line).or_default();
        match note {
            Note::Declares(what) => {
                let name = source.get(origin.start as usize..origin.end as usize).unwrap_or("");
                line.say(format!("{name} is {what}"));
            }
            Note::Says(what) => line.say(what.clone()),
            Note::Vector => line.vectors += 1,
            Note::Once => line.once += 1,
        }
    }
    for (number, line) in (1..).zip(source.lines().take(MAX_LINES)) {
        let mut shown: String =
            line.chars().take(WIDTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if shown.len() < line.len() {
            shown.push('…');
        }
        let _ = writeln!(text, "{number:4}  {shown}");
        for note in of_lines.remove(&number).unwrap_or_default().notes() {
            let _ = writeln!(text, "      | {note}");
        }
    }
}

/// What there is to say of a line.
#[derive(Default)]
struct Line {
    said: Vec<String>,
    vectors: usize,
    once: usize,
}

impl Line {
    fn say(&mut self, note: String) {
        if !self.said.contains(&note) && self.said.len() < MAX_NOTES {
            self.said.push(note);
        }
    }

    fn notes(mut self) -> Vec<String> {
        if self.vectors > 0 {
            self.said.push(format!("{} in vectors, for all indices of a block", operations(self.vectors)));
        }
        if self.once > 0 {
            self.said.push(format!("{} once a block: the same for all indices", operations(self.once)));
        }
        self.said
    }
}

fn operations(count: usize) -> String {
    if count == 1 { "1 operation".to_owned() } else { format!("{count} operations") }
}

/// What there is to say, and where.
struct Notes(Vec<(Origin, Note)>);

enum Note {
    /// A name is something.
    Declares(&'static str),
    Says(String),
    /// An operation over many indices.
    Vector,
    /// An operation that is the same for all indices of a block.
    Once,
}

impl Notes {
    fn of(lowered: &Lowered, library: &dyn MathLibrary) -> Self {
        let function = &lowered.function;
        let uniform = uniform_values(function);
        let declares = |it: &Declaration| (it.origin, Note::Declares(it.what));
        let mut notes = Self(lowered.declarations.iter().map(declares).collect());
        let consecutive = HashSet::new();
        let mut walk = Walk { function, library, uniform: &uniform, consecutive, notes: &mut notes };
        walk.region(function.entry);
        notes
    }
}

struct Walk<'a> {
    function: &'a Function,
    library: &'a dyn MathLibrary,
    uniform: &'a [bool],
    /// Values that grow by one from index to index.
    consecutive: HashSet<Value>,
    notes: &'a mut Notes,
}

impl Walk<'_> {
    fn region(&mut self, id: RegionId) {
        let function = self.function;
        let region = function.region(id);
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) => self.operation(*value, op),
                Stmt::Store { array, index, value } => self.access("stores to", *array, *index, *value),
                Stmt::If { condition, .. } => {
                    let note = if self.uniform[condition.index()] {
                        "a branch that all indices of a block take the same way"
                    } else {
                        "a branch: each side runs on those indices of a block that take it"
                    };
                    self.note(*condition, note.to_owned());
                }
                _ => {}
            }
            Function::children(stmt).for_each(|child| self.region(child));
        }
        if let End::Loop { params, body, .. } = &region.end {
            let first = params.first().copied().or_else(|| first_value(function, *body));
            if let Some(value) = first {
                self.note(value, "a loop: indices that are through leave it, the others go on".to_owned());
            }
            self.region(*body);
        }
    }

    fn operation(&mut self, value: Value, op: &Op) {
        let is_uniform = self.uniform[value.index()];
        match op {
            Op::Const(_) | Op::Scalar(_) | Op::Length(_) => return,
            Op::Index(dimension) => {
                if dimension + 1 == self.function.indices {
                    self.consecutive.insert(value);
                }
                return;
            }
            Op::Binary(Binary::Add | Binary::Sub, a, b) if self.is_shift(*a, *b, op) => {
                self.consecutive.insert(value);
            }
            Op::Call(function, _) => {
                let how = match is_uniform {
                    true => "once a block",
                    false if has_text(*function) && self.library.has_portable(*function) => {
                        "in vectors, where there is machine code; rare arguments one after the other"
                    }
                    false => "for one index after the other",
                };
                self.note(value, format!("{} {how}", called(*function)));
                return;
            }
            Op::Load(array, index) if !is_uniform => {
                self.access("loads from", *array, *index, value);
                return;
            }
            Op::Atomic(_, array, ..) => {
                let name = self.name(*array);
                self.note(value, format!("Atomics on {name} for one index after the other"));
                return;
            }
            _ => {}
        }
        let note = if is_uniform { Note::Once } else { Note::Vector };
        self.notes.0.push((self.function.origins[value.index()], note));
    }

    /// Whether one of the two grows from index to index, and the other does not change.
    fn is_shift(&self, a: Value, b: Value, op: &Op) -> bool {
        let is_sum = matches!(op, Op::Binary(Binary::Add, ..));
        (self.consecutive.contains(&a) && self.uniform[b.index()])
            || (is_sum && self.uniform[a.index()] && self.consecutive.contains(&b))
    }

    fn access(&mut self, verb: &str, array: ArrayId, index: Value, at: Value) {
        let name = self.name(array);
        let how = if self.uniform[index.index()] {
            "the same element for all indices"
        } else if self.consecutive.contains(&index) && self.function.ty(index) == Type::F64 {
            "consecutive elements"
        } else {
            "elements here and there"
        };
        self.note(at, format!("{verb} {name}: {how}"));
    }

    fn name(&self, array: ArrayId) -> String {
        let name = &self.function.arrays[array.index()].name;
        if name.is_empty() { "the view".to_owned() } else { name.to_string() }
    }

    fn note(&mut self, value: Value, note: String) {
        self.notes.0.push((self.function.origins[value.index()], Note::Says(note)));
    }
}

fn called(function: Math) -> String {
    if function == Math::Random { "random".to_owned() } else { format!("Math.{}", function.name()) }
}

/// A value that is made in a region, to know where that is.
fn first_value(function: &Function, id: RegionId) -> Option<Value> {
    function.region(id).stmts.iter().find_map(|stmt| match stmt {
        Stmt::Let(value, op) if !matches!(op, Op::Const(_)) => Some(*value),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Element;
    use crate::lower::{Parameters, Returns};
    use crate::math::Portable;

    #[test]
    fn each_line_says_what_becomes_of_it() {
        let source = "(i, { a, k, f }) => {\n  let sum = a[i + 1] + a[2 * i];\n  for (let j = 0; j < i; j++) {\n    \
                      sum += f(j) * (k + 1);\n  }\n  return sum + Math.exp(i);\n}";
        let data = Shape::Object(
            [
                ("a".into(), Shape::Array { element: Element::Float32, is_shared: true }),
                ("k".into(), Shape::Number),
                ("f".into(), Shape::Function("x => Math.sin(x)".into())),
            ]
            .into(),
        );
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        let text = explain(&request, &Portable).unwrap();
        for expected in [
            "input   k: a number\n",
            "input   a: float32 elements, read\n",
            "      | sum is a number\n      | loads from a: consecutive elements\n      | loads from a: elements here and there\n",
            "   3    for (let j = 0; j < i; j++) {\n      | j is a number\n      | a loop: ",
            "   4      sum += f(j) * (k + 1);\n      | 1 operation in vectors, for all indices of a block\n      | 2 operations once",
            "Math.exp in vectors",
            "helper function f\n   1  x => Math.sin(x)\n      | x is a number\n      | Math.sin once a block\n",
        ] {
            assert!(text.contains(expected), "{expected:?} is not in\n{text}");
        }
    }
}
