//! Calls: of functions with a text, which are inlined, and of those that ECMAScript brings along.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::env::Env;
use super::join::Arrival;
use super::scope::{ScopeId, VarId};
use super::value::{Js, Record, Static, Tuple};
use super::{Frame, Lower, MAX_INLINE, UnitId};
use crate::diagnostic::{Diagnostic, Kind as Refusal, tool_of_name};
use crate::syntax::ast::{
    Body, DeclarationKind, Element, ExprId, ExprKind, Function, FunctionId, FunctionKind, Node,
};
use crate::syntax::span::Span;

/// Arguments of a call. Some of ECMAScript's functions take any number, and need operations for each.
const MAX_ARGUMENTS: usize = 1 << 10;

impl Lower<'_> {
    pub(super) fn call(&mut self, callee: ExprId, args: &[Element], is_optional: bool, span: Span) -> Js {
        let tree = self.tree();
        if self.is_array_function(callee) {
            return self.new_array_expression(callee, args, span);
        }
        let callee_span = tree[callee].span;
        let function = self.expression(callee);
        if let Some(end) = self.chain_ends(&function, is_optional, callee_span) {
            return end;
        }
        let mut arguments = Vec::new();
        let mut spans = Vec::new();
        for arg in args {
            match arg {
                Element::Expr(id) => {
                    arguments.push(self.expression(*id));
                    spans.push(tree[*id].span);
                }
                Element::Spread(span, id) => {
                    let Some(items) = self.spread(*id, *span) else { return Js::Error };
                    spans.extend(items.iter().map(|_| *span));
                    arguments.extend(items);
                }
            }
        }
        self.at(span);
        if arguments.len() > MAX_ARGUMENTS {
            return self.refuse_kind(Refusal::TooLarge, span);
        }
        match function {
            Js::Static(Static::Closure { unit, function, scope }) => {
                self.inline(unit, function, scope, arguments, span)
            }
            // `Number(x)`
            Js::Static(Static::Namespace("Number")) => {
                self.call_builtin(super::builtin::Builtin::ToNumber, &arguments, &spans, span)
            }
            Js::Static(Static::Builtin(builtin)) => self.call_builtin(builtin, &arguments, &spans, span),
            Js::Static(Static::Method { object, name }) => {
                self.method(&object, &name, &arguments, &spans, span)
            }
            Js::Error => Js::Error,
            Js::Conflict => {
                let what = "this is one of several functions, and which is known only when the body runs";
                let remedy = "call each where it is chosen: `c ? f(x) : g(x)`";
                self.refuse(Diagnostic::new(Refusal::Conflict, callee_span).saying(what).advising(remedy))
            }
            other => {
                let text = callee_span.text(self.source_hint(callee).as_deref().unwrap_or("")).to_owned();
                let mut diagnostic = Diagnostic::new(Refusal::NotAFunctionCall, callee_span)
                    .saying(format!("{} is called as a function", other.describe()));
                if let Some(tool) = tool_of_name(&text) {
                    diagnostic = diagnostic.advising(tool.remedy);
                }
                self.refuse(diagnostic)
            }
        }
    }

    /// The text of a callee that is just a name.
    fn source_hint(&self, callee: ExprId) -> Option<String> {
        let tree = &self.units[self.unit.0].tree;
        match tree[callee].kind {
            ExprKind::Name(name) => Some(tree.name(name).to_owned()),
            _ => None,
        }
    }

    /// Runs a function here: its value is that of the call.
    pub(super) fn inline(
        &mut self,
        unit: UnitId,
        function: FunctionId,
        scope: ScopeId,
        arguments: Vec<Js>,
        span: Span,
    ) -> Js {
        if self.frames.iter().any(|frame| frame.unit == unit && frame.function == function) {
            return self.refuse_kind(Refusal::Recursion, span);
        }
        if self.frames.len() >= MAX_INLINE {
            return self.refuse_kind(Refusal::TooDeep, span);
        }
        let (outer_unit, outer_scope) = (self.unit, self.scope);
        self.unit = unit;
        let tree = self.tree();
        let definition = &tree[function];
        let mut before = self.env.clone();
        let returns = self.open_target();
        self.frames.push(Frame { unit, function, returns, variables: self.variables.len() });
        let open = self.builder.open();
        self.scope = self.open_scope(scope);
        if let (FunctionKind::Expression, Some(name)) = (definition.kind, definition.name) {
            let own = Static::Closure { unit, function, scope };
            self.declare(name.name, true, Js::Static(own));
            self.scope = self.open_scope(self.scope);
        }
        for (number, param) in definition.params.iter().enumerate() {
            let value = arguments.get(number).cloned().unwrap_or(Js::Undefined);
            self.hoist_pattern(*param, false);
            self.bind(*param, value, Some(DeclarationKind::Let));
        }
        self.check_parameters(definition);
        for variable in &definition.vars {
            self.declare(variable.name, false, Js::Undefined);
        }
        let value = match &definition.body {
            Body::Expr(id) => {
                let value = self.expression(*id);
                let value = self.check_value(*id, value);
                self.detach(value)
            }
            Body::Block { stmts, .. } => {
                self.statements(stmts);
                Js::Undefined
            }
        };
        let is_body = self.frames.len() == 1;
        let mut end = self.arrive(open, value);
        let block = self.builder.last_closed();
        self.keep_captured(&mut before, returns, &mut end);
        if is_body {
            self.check_returns(
                returns,
                end.as_ref().is_some_and(|end| !end.is_dead && end.value == Js::Undefined),
                &tree,
            );
        }
        let value = self.close_block(&before, block, end);
        self.frames.pop();
        self.unit = outer_unit;
        self.scope = outer_scope;
        value
    }

    /// Keeps what the value of a call captures: a generator of random numbers has its state in a variable of the function that made
    /// it. Everything else that the call has declared is out of reach.
    fn keep_captured(&mut self, before: &mut Env, returns: usize, end: &mut Option<Arrival>) {
        let first = self.frames.last().map_or(0, |frame| frame.variables);
        let mut arrivals = std::mem::take(&mut self.targets[returns].arrivals);
        let mut kept = BTreeSet::new();
        for arrival in arrivals.iter().chain(end.as_ref()) {
            self.captured_by(&arrival.value, &arrival.env, first, &mut kept);
        }
        if !kept.is_empty() {
            let all = self.variables.len();
            before.pad(all);
            for arrival in arrivals.iter_mut().chain(end.as_mut()) {
                arrival.env.pad(all);
                (first..all)
                    .filter(|id| !kept.contains(id))
                    .for_each(|id| arrival.env[VarId(id)] = Js::Conflict);
            }
        }
        self.targets[returns].arrivals = arrivals;
    }

    /// Adds the variables, from a number on, that a value is made of or that a function in it sees.
    fn captured_by(&self, value: &Js, env: &Env, first: usize, found: &mut BTreeSet<usize>) {
        let mut variable = |id: VarId| {
            // One that is declared further on is not there yet.
            if id.0 >= first && id.0 < env.len() && found.insert(id.0) {
                self.captured_by(&env[id], env, first, found);
            }
        };
        match value {
            Js::Static(Static::Closure { scope, .. }) => {
                self.visible_from(*scope).for_each(variable);
            }
            Js::Static(Static::Object(fields, _)) => fields.iter().for_each(|(_, id)| variable(*id)),
            Js::Static(Static::Stack { length, .. }) => variable(*length),
            Js::Static(Static::Tuple(Tuple { items, .. })) => {
                items.iter().for_each(|item| self.captured_by(item, env, first, found));
            }
            Js::Static(Static::Record(Record { fields, .. })) => {
                fields.iter().for_each(|(_, field)| self.captured_by(field, env, first, found));
            }
            _ => {}
        }
    }

    /// An object that a function has made and returns: its variables are left behind, and their values go along. One with a method
    /// that sees it keeps its variables.
    pub(super) fn detach(&mut self, value: Js) -> Js {
        let Js::Static(Static::Object(fields, sites)) = &value else { return value };
        let first = self.frames.last().map_or(0, |frame| frame.variables);
        if fields.iter().all(|(_, variable)| variable.0 < first) {
            return value;
        }
        let mut seen = BTreeSet::new();
        for (_, variable) in fields.iter() {
            self.captured_by(&self.env[*variable], &self.env, first, &mut seen);
        }
        if fields.iter().any(|(_, variable)| seen.contains(&variable.0)) {
            return value;
        }
        let fields = fields.iter().map(|(name, variable)| (Rc::clone(name), self.env[*variable].clone()));
        let fields = fields.collect();
        Js::Static(Static::Record(Record { fields, sites: Rc::clone(sites), is_held: false }))
    }

    /// Where parameters have defaults, a `var` of the name of one is another variable: a function in a default sees the parameter.
    fn check_parameters(&mut self, definition: &Function) {
        let tree = self.tree();
        let scope = &self.scopes[self.scope.0].names;
        let Some(again) = definition.vars.iter().find(|variable| scope.contains_key(&variable.name)) else {
            return;
        };
        let mut open: Vec<Node> = definition.params.iter().map(|param| Node::Pattern(*param)).collect();
        while let Some(node) = open.pop() {
            if let Node::Function(_) = node {
                self.refuse_kind(Refusal::ParameterAgain, again.span);
                return;
            }
            tree.for_each_child(node, &mut |child| open.push(child));
        }
    }
}
