//! From the syntax tree to the IR: the one room that sees both.
//!
//! Each node keeps the bits that ECMAScript gives it, or becomes a [`Diagnostic`]. Functions are inlined where they are called,
//! so that what they capture is simply in scope; variables become values, and where paths meet, results of blocks and parameters
//! of loops (`join`). What a value is (a number, a boolean, perhaps `undefined`, an array, a function) is known while lowering
//! (`value`): a body has no types to be looked at when it runs.
//!
//! 1. `shape`: what `data` holds.
//! 2. `value`: what an expression is while lowering, and its conversions.
//! 3. `scope`: names. `contract`: the parameters of a body, and what it returns.
//! 4. `env`, `kind`, `join`: what variables are on each path, and where paths meet.
//! 5. `statement`, `loops`, `switch`: statements.
//! 6. `expression`, `operator`, `assign`, `pattern`, `member`, `key`: expressions.
//! 7. `call`, `builtin`, `literal`, `hold`, `object`, `one_of`, `stack`, `plain`: calls, what ECMAScript brings along, and arrays and objects that a body
//!    makes.

mod assign;
mod builtin;
mod call;
mod contract;
mod env;
mod expression;
mod hold;
mod item;
mod join;
mod key;
mod kind;
mod literal;
mod loops;
mod member;
mod object;
mod one_of;
mod operator;
mod pattern;
mod plain;
mod scope;
mod shape;
mod stack;
mod statement;
mod switch;
#[cfg(test)]
mod tests;
mod value;

use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::hash::{Map, Set};
use crate::ir::{ArrayId, Builder, Element, Function, MAX_VALUES, Op, Origin, ScalarId, Stmt, Type, verify};
use crate::passes;
use crate::syntax::ast::{FunctionId, Tree};
use crate::syntax::span::Span;
use crate::syntax::{self};
use env::Env;
use join::{Flow, Target};
use kind::Kind;
use loops::Jump;
use plain::Plain;
use scope::{Scope, ScopeId, VarId, Variable};
pub use shape::Shape;
use value::{Js, Static};

/// What the body is called with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Parameters {
    /// That many indices, and `data`.
    Indices(u8),
    /// An element of an array of this type, its index, and `data`.
    Element(Element),
}

/// What becomes of the value that the body returns.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Returns {
    /// A number, or a boolean that counts as 1 or 0.
    Number,
    /// Whatever it is, nobody looks at it.
    Nothing,
}

/// A body to be compiled.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What `Function.prototype.toString` returned.
    pub source: &'a str,
    /// What it is called with.
    pub parameters: Parameters,
    /// What becomes of its value.
    pub returns: Returns,
    /// What `data` holds: a [`Shape::Object`].
    pub data: &'a Shape,
}

/// A path into `data`: the names of properties.
pub type Path = Vec<Box<str>>;

/// A body in the IR, and where its inputs come from.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The function.
    pub function: Function,
    /// For each scalar, where in `data` it is.
    pub scalars: Vec<Path>,
    /// For each array, where in `data` it is; empty for the array whose elements the body is called with.
    pub arrays: Vec<Path>,
    /// The names of `data` that the body or a helper takes from its surroundings, not from its parameter.
    pub captured: Vec<Box<str>>,
    /// Whether all that it does is in its source: it uses no global object and no method of an array, which a program may replace.
    pub is_closed: bool,
    /// The names of the helper functions: their numbers in an [`Origin`] are one more.
    pub helpers: Vec<Box<str>>,
    /// What is declared, in the order in which it is met.
    pub declarations: Vec<Declaration>,
    /// Where `Math.hypot` of several numbers is called first: it is made of other operations, and engines differ in which.
    pub hypot: Option<Origin>,
}

/// A name that the body or a helper declares, and what it is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// Where it is.
    pub origin: Origin,
    /// What it is: "a number".
    pub what: &'static str,
}

/// A refusal, and in which text it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The name of the helper function in `data`, or `None` for the body.
    pub helper: Option<Box<str>>,
    /// What is refused.
    pub diagnostic: Diagnostic,
}

/// How often lowering begins anew because a loop has shown that a variable is more than it seemed.
const MAX_ROUNDS: usize = 64;

/// How deep trees may be, with those of the functions that are inlined. A single one fits, whatever its height.
const MAX_DEPTH: usize = 1200;

/// Functions that are being inlined within each other.
const MAX_INLINE: usize = 60;

/// Lowers a body.
///
/// # Errors
/// Everything that the body cannot use, sorted by position, the body's own refusals first.
pub fn lower(request: &Request<'_>) -> Result<Lowered, Vec<Refused>> {
    lower_text(request, false)
}

/// Lowers a text of our own, which may take doubles apart as no body can.
///
/// # Errors
/// As [`lower`].
pub(crate) fn lower_own(request: &Request<'_>) -> Result<Lowered, Vec<Refused>> {
    lower_text(request, true)
}

fn lower_text(request: &Request<'_>, is_own: bool) -> Result<Lowered, Vec<Refused>> {
    let body =
        syntax::parse(request.source).map_err(|diagnostic| vec![Refused { helper: None, diagnostic }])?;
    let mut units = vec![Unit::new(None, body)];
    let mut hints = Hints::default();
    let mut made = 0;
    for _ in 0..MAX_ROUNDS {
        let mut lower = Lower::new(request, is_own, std::mem::take(&mut units), hints);
        match lower.run() {
            Outcome::Done(lowered) => return lowered.map(|lowered| *lowered),
            Outcome::Again => {
                made += lower.builder.len();
                if made > MAX_VALUES {
                    break;
                }
                units = lower.units;
                hints = lower.hints;
            }
        }
    }
    let diagnostic = Diagnostic::new(Refusal::TooLarge, Span::new(0, 0));
    Err(vec![Refused { helper: None, diagnostic }])
}

enum Outcome {
    Done(Result<Box<Lowered>, Vec<Refused>>),
    /// `hints` has learned something.
    Again,
}

/// A text: the body, or a helper function of `data`.
struct Unit {
    name: Option<Box<str>>,
    tree: std::rc::Rc<Tree>,
    /// The names that something in it assigns to.
    assigned: Set<syntax::names::Name>,
    /// What it does with the arrays and objects that names mean.
    uses: Map<syntax::names::Name, scope::Uses>,
    /// What its syntax alone refuses.
    refusals: Vec<Diagnostic>,
}

impl Unit {
    fn new(name: Option<Box<str>>, parsed: syntax::Parsed) -> Self {
        let assigned = scope::assigned_names(&parsed.tree);
        let uses = scope::uses_of_names(&parsed.tree);
        Self { name, tree: std::rc::Rc::new(parsed.tree), assigned, uses, refusals: parsed.refusals }
    }

    fn uses(&self, name: syntax::names::Name) -> scope::Uses {
        self.uses.get(&name).copied().unwrap_or_default()
    }
}

/// What earlier rounds have learned: loops are lowered before it is known what they do.
#[derive(Default)]
struct Hints {
    /// What a variable is at the beginning of a loop, where that is more than what it is before.
    kinds: Map<(usize, VarId), Kind>,
    /// The plain arrays, by number, of which it matters which elements are undefined.
    shadowed: Set<usize>,
    /// What the plain arrays, by number, hold, where that is not numbers alone.
    held: Map<usize, value::Holds>,
    /// The literals that something stores to, although they had no name by which that could be seen.
    stored: Set<value::Site>,
    /// The same, of array literals that are read at an index that is computed.
    walked: Set<value::Site>,
    /// The same, of array literals that grow.
    grown: Set<value::Site>,
}

/// The number of a [`Unit`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct UnitId(usize);

/// A function that is being inlined.
struct Frame {
    unit: UnitId,
    function: FunctionId,
    /// The target of its `return`.
    returns: usize,
    /// How many variables there were before its own.
    variables: usize,
}

struct Lower<'a> {
    request: &'a Request<'a>,
    /// The text is ours: see [`lower_own`].
    is_own: bool,
    builder: Builder,
    units: Vec<Unit>,
    /// Which unit is being lowered.
    unit: UnitId,
    scopes: Vec<Scope>,
    scope: ScopeId,
    variables: Vec<Variable>,
    /// What each variable is now.
    env: Env,
    frames: Vec<Frame>,
    targets: Vec<Target>,
    scalars: Vec<Path>,
    arrays: Vec<Path>,
    captured: Vec<Box<str>>,
    is_closed: bool,
    /// Whether the `?.` chain that is being read has ended at something absent.
    is_cut: bool,
    declarations: Vec<Declaration>,
    hypot: Option<Origin>,
    hints: Hints,
    /// Loops so far.
    loops: usize,
    /// The plain arrays of the body's own, so far.
    plain: Vec<Plain>,
    /// A hint has been added.
    again: bool,
    /// It is one by which variables and arrays get other numbers: no hint that has such a number counts.
    is_anew: bool,
    /// Whether the current point can be reached.
    flow: Flow,
    /// Where `break` and `continue` lead.
    jumps: Vec<Jump>,
    refused: Vec<(UnitId, Diagnostic)>,
    is_too_large: bool,
    /// How deep in the tree this is, with the trees of the functions that are being inlined.
    depth: usize,
}

impl<'a> Lower<'a> {
    fn new(request: &'a Request<'a>, is_own: bool, units: Vec<Unit>, hints: Hints) -> Self {
        let indices = match request.parameters {
            Parameters::Indices(indices) => indices,
            Parameters::Element(_) => 1,
        };
        let result = (request.returns == Returns::Number).then_some(Type::F64);
        // The entry region stays open until `run` closes it.
        let (builder, _) = Builder::new(indices, result);
        Self {
            request,
            is_own,
            builder,
            units,
            unit: UnitId(0),
            scopes: vec![Scope::root()],
            scope: ScopeId(0),
            variables: Vec::new(),
            env: Env::default(),
            frames: Vec::new(),
            targets: Vec::new(),
            scalars: Vec::new(),
            arrays: Vec::new(),
            captured: Vec::new(),
            is_closed: true,
            is_cut: false,
            declarations: Vec::new(),
            hypot: None,
            hints,
            loops: 0,
            plain: Vec::new(),
            again: false,
            is_anew: false,
            flow: Flow::Alive,
            jumps: Vec::new(),
            refused: Vec::new(),
            is_too_large: false,
            depth: 0,
        }
    }

    fn run(&mut self) -> Outcome {
        let tree = self.tree();
        let mut arguments = Vec::new();
        match self.request.parameters {
            Parameters::Indices(indices) => {
                for dimension in 0..indices {
                    arguments.push(Js::Number(self.builder.op(Op::Index(dimension))));
                }
            }
            Parameters::Element(element) if element.is_bigint() => {
                let diagnostic = Diagnostic::new(Refusal::BadData, tree[tree.root].span);
                let what = format!(
                    "the elements of a {} are BigInts, and a body computes with numbers",
                    element.class()
                );
                arguments.push(self.refuse(diagnostic.saying(what)));
                arguments.push(Js::Number(self.builder.op(Op::Index(0))));
            }
            Parameters::Element(element) => {
                let array = self.new_array("", element, Path::new());
                let index = self.builder.op(Op::Index(0));
                let number = self.builder.op(Op::Load(array, index));
                arguments.extend([Js::Number(number), Js::Number(index)]);
            }
        }
        arguments.push(Js::Static(Static::Data(Path::new().into())));
        self.check_contract(&mut arguments);
        let value = self.inline(UnitId(0), tree.root, ScopeId(0), arguments, tree[tree.root].span);
        if self.again {
            return Outcome::Again;
        }
        let result = match self.request.returns {
            Returns::Nothing => None,
            Returns::Number => Some(self.returned(&value, &tree)),
        };
        for (number, unit) in self.units.iter().enumerate() {
            self.refused.extend(unit.refusals.iter().map(|diagnostic| (UnitId(number), diagnostic.clone())));
        }
        if !self.refused.is_empty() {
            return Outcome::Done(Err(self.take_refused()));
        }
        let builder = std::mem::replace(&mut self.builder, Builder::new(1, None).0);
        let mut function = builder.finish_with(result);
        passes::simplify(&mut function);
        debug_assert_eq!(verify(&function), Ok(()), "{function}");
        if let Err(error) = verify(&function) {
            let diagnostic = Diagnostic::new(Refusal::TooLarge, tree[tree.root].span)
                .saying(format!("the body is too large to be compiled ({error})"));
            return Outcome::Done(Err(vec![Refused { helper: None, diagnostic }]));
        }
        let (scalars, arrays) = (std::mem::take(&mut self.scalars), std::mem::take(&mut self.arrays));
        let captured = std::mem::take(&mut self.captured);
        let helpers = self.units.iter().filter_map(|unit| unit.name.clone()).collect();
        let declarations = std::mem::take(&mut self.declarations);
        let (hypot, is_closed) = (self.hypot, self.is_closed);
        let lowered =
            Lowered { function, scalars, arrays, captured, is_closed, helpers, declarations, hypot };
        Outcome::Done(Ok(Box::new(lowered)))
    }

    fn take_refused(&mut self) -> Vec<Refused> {
        let mut all: Vec<(UnitId, Diagnostic)> = std::mem::take(&mut self.refused);
        all.sort_by_key(|(unit, diagnostic)| (unit.0, diagnostic.span, diagnostic.kind));
        all.dedup_by(|(unit_b, b), (unit_a, a)| unit_a == unit_b && a.kind == b.kind && a.span == b.span);
        all.into_iter()
            .map(|(unit, diagnostic)| Refused { helper: self.units[unit.0].name.clone(), diagnostic })
            .collect()
    }

    fn tree(&self) -> std::rc::Rc<Tree> {
        std::rc::Rc::clone(&self.units[self.unit.0].tree)
    }

    /// Says that something cannot be compiled, and goes on with a value that nothing more is said about.
    fn refuse(&mut self, diagnostic: Diagnostic) -> Js {
        self.refused.push((self.unit, diagnostic));
        Js::Error
    }

    fn refuse_kind(&mut self, kind: Refusal, span: Span) -> Js {
        self.refuse(Diagnostic::new(kind, span))
    }

    /// Whether there is no point in going on: too much has been made, or everything begins anew anyway.
    fn is_over(&mut self, span: Span) -> bool {
        if self.again {
            return true;
        }
        // A quarter: joins may make as many again.
        if self.builder.len().max(self.builder.regions()) > MAX_VALUES / 4 {
            if !std::mem::replace(&mut self.is_too_large, true) {
                self.refuse_kind(Refusal::TooLarge, span);
            }
            return true;
        }
        false
    }

    /// One level down the tree, or down an inlined function: the stack has no more than it has. Whoever gets leave has to count
    /// `depth` down again.
    fn descend(&mut self, span: Span) -> bool {
        if self.depth == MAX_DEPTH {
            self.refuse_kind(Refusal::TooDeep, span);
            return false;
        }
        self.depth += 1;
        true
    }

    fn at(&mut self, span: Span) {
        self.builder.set_origin(self.origin(span));
    }

    fn origin(&self, span: Span) -> Origin {
        Origin { unit: self.unit.0 as u32, start: span.start, end: span.end }
    }

    fn new_array(&mut self, name: &str, element: Element, path: Path) -> ArrayId {
        self.arrays.push(path);
        self.builder.array(name, element)
    }

    /// The array at a path of `data`.
    fn array_at(&mut self, path: &[Box<str>], element: Element) -> ArrayId {
        if let Some(at) = self.arrays.iter().position(|known| known == path && !path.is_empty()) {
            return ArrayId(at as u32);
        }
        self.new_array(&path.join("."), element, path.to_vec())
    }

    /// The scalar at a path of `data`.
    fn scalar_at(&mut self, path: &[Box<str>]) -> crate::ir::Value {
        let at = self.scalars.iter().position(|known| known == path).unwrap_or_else(|| {
            self.scalars.push(path.to_vec());
            self.builder.scalar(&path.join("."));
            self.scalars.len() - 1
        });
        self.builder.op(Op::Scalar(ScalarId(at as u32)))
    }

    fn push(&mut self, stmt: Stmt) {
        self.builder.push(stmt);
    }
}
