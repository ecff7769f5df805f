//! Names: which variable, function or part of `data` each means where it stands.

use super::builtin;
use super::value::{Item, Js, Static};
use super::{Lower, Shape, Unit, UnitId};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::hash::{Map, Set};
use crate::syntax::ast::{
    DeclarationKind, ExprId, ExprKind, ForHead, ForInit, FunctionId, PatternId, PatternKind, Stmt, StmtId,
    StmtKind, Tree,
};
use crate::syntax::names::{Name, word};
use crate::syntax::span::Span;

/// A variable. Each time a declaration runs anew (in another inlined call), it makes another one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct VarId(pub(super) usize);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ScopeId(pub(super) usize);

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) is_const: bool,
    /// Whether something in its text assigns to a variable of this name after its declaration.
    pub(super) is_reassigned: bool,
}

#[derive(Debug)]
pub(super) struct Scope {
    parent: Option<ScopeId>,
    pub(super) names: Map<Name, VarId>,
}

impl Scope {
    pub(super) fn root() -> Self {
        Self { parent: None, names: Map::default() }
    }
}

impl Lower<'_> {
    /// Opens a scope within another.
    pub(super) fn open_scope(&mut self, parent: ScopeId) -> ScopeId {
        self.scopes.push(Scope { parent: Some(parent), names: Map::default() });
        ScopeId(self.scopes.len() - 1)
    }

    /// Declares a name in the current scope.
    pub(super) fn declare(&mut self, name: Name, is_const: bool, value: Js) -> VarId {
        if let Some(known) = self.scopes[self.scope.0].names.get(&name) {
            return *known;
        }
        let is_reassigned = !is_const && self.units[self.unit.0].assigned.contains(&name);
        self.variables.push(Variable { is_const, is_reassigned });
        self.env.push(value);
        let id = VarId(self.variables.len() - 1);
        self.scopes[self.scope.0].names.insert(name, id);
        id
    }

    /// The variable that a name means in the current scope.
    pub(super) fn variable(&self, name: Name) -> Option<VarId> {
        self.variable_from(self.scope, name)
    }

    fn variable_from(&self, scope: ScopeId, name: Name) -> Option<VarId> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            let scope = &self.scopes[scope.0];
            if let Some(id) = scope.names.get(&name) {
                return Some(*id);
            }
            at = scope.parent;
        }
        None
    }

    /// All variables that names mean in a scope and those around it.
    pub(super) fn visible_from(&self, scope: ScopeId) -> impl Iterator<Item = VarId> {
        let scopes = std::iter::successors(Some(scope), |scope| self.scopes[scope.0].parent);
        scopes.flat_map(|scope| self.scopes[scope.0].names.values().copied())
    }

    /// Declares what a list of statements declares in its own scope: `let` and `const`, not yet to be used, and functions.
    pub(super) fn hoist(&mut self, stmts: &[StmtId]) {
        let tree = self.tree();
        for id in stmts {
            match &tree[*id].kind {
                StmtKind::Declare(declaration) if declaration.kind != DeclarationKind::Var => {
                    let is_const = declaration.kind == DeclarationKind::Const;
                    for declarator in &declaration.declarators {
                        self.hoist_pattern(declarator.target, is_const);
                    }
                }
                StmtKind::Function(function) => self.hoist_function(*function),
                StmtKind::Labeled { .. } => {
                    let mut at: &Stmt = &tree[*id];
                    while let StmtKind::Labeled { body, .. } = &at.kind {
                        at = &tree[*body];
                    }
                    if let StmtKind::Function(function) = &at.kind {
                        self.hoist_function(*function);
                    }
                }
                _ => {}
            }
        }
    }

    fn hoist_function(&mut self, function: FunctionId) {
        let tree = self.tree();
        if let Some(identifier) = tree[function].name {
            let definition = &tree[function];
            // In a script, such a declaration also assigns to a `var` of the function around; in a module it does not.
            if !definition.is_top_level && !definition.strict && self.is_known(identifier.name) {
                self.refuse_kind(Refusal::BlockFunction, identifier.span);
            }
            let closure = Static::Closure { unit: self.unit, function, scope: self.scope };
            let id = self.declare(identifier.name, false, Js::Undefined);
            self.env[id] = Js::Static(closure);
        }
    }

    /// Whether a name means something here, other than what the innermost scope declares.
    fn is_known(&self, name: Name) -> bool {
        let outer = self.scopes[self.scope.0].parent;
        let path = [Box::from(self.units[self.unit.0].tree.name(name))];
        outer.is_some_and(|outer| self.variable_from(outer, name).is_some())
            || self.request.data.at(&path).is_some()
            || builtin::global(&path[0]).is_some()
    }

    pub(super) fn hoist_pattern(&mut self, pattern: PatternId, is_const: bool) {
        let tree = self.tree();
        match &tree[pattern].kind {
            PatternKind::Name(name) => {
                self.declare(*name, is_const, Js::Uninitialized);
            }
            PatternKind::Expr(_) => {}
            PatternKind::Array(items) => {
                items.iter().flatten().for_each(|item| self.hoist_pattern(*item, is_const));
            }
            PatternKind::Object { properties, rest } => {
                properties.iter().for_each(|property| self.hoist_pattern(property.value, is_const));
                rest.iter().for_each(|rest| self.hoist_pattern(*rest, is_const));
            }
            PatternKind::Default { target, .. } | PatternKind::Rest(target) => {
                self.hoist_pattern(*target, is_const);
            }
        }
    }

    /// What a name is.
    pub(super) fn read_name(&mut self, name: Name, span: Span) -> Js {
        if let Some(id) = self.variable(name) {
            return match &self.env[id] {
                Js::Uninitialized => self.refuse_kind(Refusal::UsedTooEarly, span),
                value => value.clone(),
            };
        }
        if name == word::ARGUMENTS {
            // Refused by the syntax.
            return Js::Error;
        }
        let tree = self.tree();
        let text = tree.name(name);
        let path = [Box::from(text)];
        if self.request.data.at(&path).is_some() {
            if !self.captured.iter().any(|known| **known == *text) {
                self.captured.push(text.into());
            }
            return self.read_data(&path, span);
        }
        let of_bits = if self.is_own { builtin::of_bits(text) } else { None };
        match of_bits.or_else(|| builtin::global(text)) {
            Some(builtin::Global::Value(number)) => Js::Number(self.builder.f64(number)),
            Some(builtin::Global::Undefined) => Js::Undefined,
            Some(builtin::Global::Static(value)) => {
                self.is_closed = false;
                Js::Static(value)
            }
            None => self.refuse(Diagnostic::unknown_name(text, span)),
        }
    }

    /// What is at a path of `data`.
    pub(super) fn read_data(&mut self, path: &[Box<str>], span: Span) -> Js {
        let request = self.request;
        let Some(shape) = request.data.at(path) else {
            let name = path.last().map_or("data", |name| name);
            return self.refuse(Diagnostic::unknown_name(name, span));
        };
        match shape {
            Shape::Number => Js::Number(self.scalar_at(path)),
            Shape::Boolean => {
                let number = self.scalar_at(path);
                Js::Boolean(self.builder.unary(crate::ir::Unary::ToBool, number))
            }
            Shape::Array { element, .. } if element.is_bigint() => {
                self.refuse_data(path, &format!("a {}", element.class()), span)
            }
            Shape::Array { element, is_shared } => {
                let array = self.array_at(path, *element);
                Js::Static(Static::Array { array, is_shared: *is_shared })
            }
            Shape::Table(dimensions) => {
                let array = self.array_at(path, crate::ir::Element::Float64);
                Js::Static(Static::Table { array, dimensions: dimensions.as_ref().into(), row: None })
            }
            Shape::List(dimensions, _) => {
                let dimensions = dimensions.as_ref().into();
                Js::Static(Static::Item(Item { path: path.into(), dimensions, number: None }))
            }
            Shape::Object(_) => Js::Static(Static::Data(path.into())),
            Shape::Function(source) => self.helper(path, source, span),
            Shape::Other(what) => self.refuse_data(path, what, span),
        }
    }

    fn refuse_data(&mut self, path: &[Box<str>], what: &str, span: Span) -> Js {
        let name = path.join(".");
        let diagnostic =
            Diagnostic::new(Refusal::BadData, span).saying(format!("`{name}` in `data` is {what}"));
        self.refuse(match remedy_for(what) {
            Some(remedy) => diagnostic.advising(remedy),
            None => diagnostic,
        })
    }

    /// A helper function: its text is read the first time that its name is met.
    fn helper(&mut self, path: &[Box<str>], source: &str, span: Span) -> Js {
        let name = path.join(".");
        let known = self.units.iter().position(|unit| unit.name.as_deref() == Some(&*name));
        let unit = match known {
            Some(unit) => UnitId(unit),
            None => match crate::syntax::parse(source) {
                Ok(parsed) => {
                    let unit = UnitId(self.units.len());
                    self.units.push(Unit::new(Some(name.into()), parsed));
                    unit
                }
                Err(diagnostic) => {
                    if let Some(builtin) = builtin::native(&name, diagnostic.kind) {
                        return Js::Static(Static::Builtin(builtin));
                    }
                    let what =
                        format!("the helper function `{name}` cannot be compiled: {}", diagnostic.what);
                    return self.refuse(Diagnostic::new(diagnostic.kind, span).saying(what));
                }
            },
        };
        let function = self.units[unit.0].tree.root;
        Js::Static(Static::Closure { unit, function, scope: super::ScopeId(0) })
    }
}

/// What to pass instead of something that is no data: where there is one thing to say.
fn remedy_for(what: &str) -> Option<&'static str> {
    Some(match what {
        "a string" => "pass a number for each option, `{ mode: 2 }`",
        "null" => "leave it out, or pass a number that means absent",
        "an array of arrays of different lengths" => {
            "pass one array with all rows behind each other, and another one that says where each begins"
        }
        _ if what.starts_with("an array with a boolean") => "pass numbers: `list.map(Number)`",
        _ if what.starts_with("an array with a") && what.contains("Array at [") => {
            "give each a name, `{ r, g, b }`, or pass one typed array with all of them behind each other"
        }
        _ => return None,
    })
}

/// The names that a text assigns to, other than by declaring them with a value.
pub(super) fn assigned_names(tree: &Tree) -> Set<Name> {
    let mut names = Set::default();
    let mut patterns: Vec<PatternId> = Vec::new();
    for expr in &tree.exprs {
        match &expr.kind {
            ExprKind::Update { target, .. } => {
                if let ExprKind::Name(name) = tree[*target].kind {
                    names.insert(name);
                }
            }
            ExprKind::Assign { target, .. } => patterns.push(*target),
            _ => {}
        }
    }
    for stmt in &tree.stmts {
        match &stmt.kind {
            // Declares it for the whole function, and may run many times.
            StmtKind::Declare(declaration)
            | StmtKind::For { init: Some(ForInit::Declare(declaration)), .. }
                if declaration.kind == DeclarationKind::Var =>
            {
                patterns.extend(declaration.declarators.iter().map(|declarator| declarator.target));
            }
            StmtKind::ForOf { head: ForHead::Declare(declaration), .. }
                if declaration.kind == DeclarationKind::Var =>
            {
                patterns.extend(declaration.declarators.iter().map(|declarator| declarator.target));
            }
            StmtKind::ForOf { head: ForHead::Pattern(pattern), .. } => patterns.push(*pattern),
            _ => {}
        }
    }
    while let Some(pattern) = patterns.pop() {
        match &tree[pattern].kind {
            PatternKind::Name(name) => {
                names.insert(*name);
            }
            PatternKind::Expr(id) => {
                if let ExprKind::Name(name) = tree[*id].kind {
                    names.insert(name);
                }
            }
            PatternKind::Array(items) => patterns.extend(items.iter().flatten()),
            PatternKind::Object { properties, rest } => {
                patterns.extend(properties.iter().map(|property| property.value));
                patterns.extend(rest);
            }
            PatternKind::Default { target, .. } | PatternKind::Rest(target) => patterns.push(*target),
        }
    }
    names
}

/// What a text does with the array or object that a name means.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Uses {
    /// Stores to elements.
    pub(super) is_stored: bool,
    /// Reads elements whose number is not written out.
    pub(super) is_walked: bool,
    /// Assigns to properties.
    pub(super) is_assigned: bool,
    /// Adds elements, or takes some away.
    pub(super) is_grown: bool,
}

/// Says what is done with the name that an expression is.
type Use<'u> = dyn FnMut(ExprId, &dyn Fn(&mut Uses)) + 'u;

/// What a text does with the names in it. It is no more than a guess which variables are meant, and how they came to their values:
/// a store that it does not foresee is found while lowering.
pub(super) fn uses_of_names(tree: &Tree) -> Map<Name, Uses> {
    let mut uses: Map<Name, Uses> = Map::default();
    let mut of = |object: ExprId, set: &dyn Fn(&mut Uses)| {
        if let ExprKind::Name(name) = tree[object].kind {
            set(uses.entry(name).or_default());
        }
    };
    let store = |target: ExprId, of: &mut Use<'_>| match &tree[target].kind {
        ExprKind::Index { object, index, .. } if !matches!(tree[*index].kind, ExprKind::String(_)) => {
            of(*object, &|uses| uses.is_stored = true);
        }
        ExprKind::Index { object, .. } | ExprKind::Member { object, .. } => {
            of(*object, &|uses| uses.is_assigned = true);
        }
        _ => {}
    };
    for expr in &tree.exprs {
        match &expr.kind {
            ExprKind::Update { target, .. } => store(*target, &mut of),
            ExprKind::Index { object, index, .. }
                if !matches!(tree[*index].kind, ExprKind::Number(_) | ExprKind::String(_)) =>
            {
                of(*object, &|uses| uses.is_walked = true);
            }
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Member { object, property, .. } = &tree[*callee].kind {
                    match tree.name(*property) {
                        "fill" => of(*object, &|uses| uses.is_stored = true),
                        "push" | "pop" => of(*object, &|uses| uses.is_grown = true),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    for pattern in &tree.patterns {
        if let PatternKind::Expr(id) = pattern.kind {
            store(id, &mut of);
        }
    }
    for stmt in &tree.stmts {
        if let StmtKind::ForOf { iterable, .. } = &stmt.kind {
            let walked = match &tree[*iterable].kind {
                // `a.entries()`
                ExprKind::Call { callee, .. } => match &tree[*callee].kind {
                    ExprKind::Member { object, .. } => *object,
                    _ => *callee,
                },
                _ => *iterable,
            };
            of(walked, &|uses| uses.is_walked = true);
        }
    }
    uses
}
