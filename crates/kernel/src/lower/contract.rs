//! The contract of a body with the call: which parameters it has, and that it returns a value. What breaks it is said in terms of
//! the call, and once.

use super::value::Js;
use super::{Lower, Parameters, Returns};
use crate::diagnostic::{Diagnostic, Kind as Refusal};
use crate::ir::Value;
use crate::syntax::ast::{Body, ExprId, ExprKind, PatternId, PatternKind, Tree, UnaryOp};
use crate::syntax::span::Span;

/// The longest pattern that is shown in a remedy, in bytes.
const MAX_PATTERN: usize = 40;

impl Lower<'_> {
    /// Which parameter is `data`.
    fn data_position(&self) -> usize {
        match self.request.parameters {
            Parameters::Indices(indices) => usize::from(indices),
            Parameters::Element(_) => 2,
        }
    }

    /// The parameters, in words.
    pub(super) fn called_with(&self) -> &'static str {
        match self.request.parameters {
            Parameters::Indices(1) => "`(i, data)`",
            Parameters::Indices(2) => "`(i, j, data)`",
            Parameters::Indices(_) => "`(i, j, k, data)`",
            Parameters::Element(_) => "`(x, i, data)`",
        }
    }

    /// How to get one index more.
    fn more_indices(&self) -> &'static str {
        match self.request.parameters {
            Parameters::Indices(1) => "for a second index pass `[n0, n1]`; ",
            Parameters::Indices(2) => "for a third index pass `[n0, n1, n2]`; ",
            Parameters::Indices(_) | Parameters::Element(_) => "",
        }
    }

    /// Refuses parameters that take apart what they are not: an index, or what is not there. Nothing more is said about these.
    pub(super) fn check_contract(&mut self, arguments: &mut Vec<Js>) {
        let tree = self.tree();
        let position = self.data_position();
        for (number, param) in tree[tree.root].params.iter().enumerate() {
            let span = tree[*param].span;
            let called = self.called_with();
            if number < position && takes_apart(&tree, *param, true) && arguments[number] != Js::Error {
                let remedy = self.data_last(&tree, *param);
                let what = format!("a number is taken apart here: the body is called with {called}");
                arguments[number] =
                    self.refuse(Diagnostic::new(Refusal::Parameters, span).saying(what).advising(remedy));
            } else if number > position && takes_apart(&tree, *param, false) {
                let what = format!("this is a parameter too many: the body is called with {called}");
                let remedy = format!("{}{}", self.more_indices(), self.data_last(&tree, *param));
                self.refuse(Diagnostic::new(Refusal::Parameters, span).saying(what).advising(remedy));
                arguments.truncate(position);
                arguments.resize(tree[tree.root].params.len(), Js::Error);
                return;
            }
        }
    }

    /// The parameters as they should be, where this one is meant as `data`.
    fn data_last(&self, tree: &Tree, param: PatternId) -> String {
        let text = tree[param].span.text(self.request.source);
        match tree[param].kind {
            PatternKind::Object { .. } if text.len() <= MAX_PATTERN && !text.contains('\n') => {
                format!("to take something out of `data` write {}", self.called_with().replace("data", text))
            }
            _ => "`data` is the last parameter".to_owned(),
        }
    }

    /// `data` itself in the place of a number: as a rule the body has one parameter more than there are indices.
    pub(super) fn data_as_number(&self, span: Span) -> Diagnostic {
        let (position, called, more) = (self.data_position(), self.called_with(), self.more_indices());
        let tree = &self.units[0].tree;
        let name = tree[tree.root].params.get(position).and_then(|param| match tree[*param].kind {
            PatternKind::Name(name) => Some(tree.names.text(name)),
            _ => None,
        });
        let (what, taken) = match name {
            Some(name) => (format!("`{name}` is `data` here, and used as a number"), name),
            None => ("`data` itself is used as a number here".to_owned(), "a"),
        };
        let remedy = format!(
            "the body is called with {called}: {more}to take a number out of `data` write `{{ {taken} }}`"
        );
        Diagnostic::new(Refusal::NotANumber, span).saying(what).advising(remedy)
    }

    /// Refuses what a body returns that is no value, where one is wanted: `null` and `undefined` as they are written. An element
    /// beyond the end of an array is undefined, too, but that is known only when the body runs: it is NaN.
    pub(super) fn check_value(&mut self, id: ExprId, value: Js) -> Js {
        if self.frames.len() != 1 || self.request.returns != Returns::Number {
            return value;
        }
        let tree = self.tree();
        let before = self.refused.len();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match &tree[id].kind {
                ExprKind::Conditional { yes, no, .. } => open.extend([*no, *yes]),
                ExprKind::Logical { right, .. } => open.push(*right),
                ExprKind::Sequence(items) => open.extend(items.last()),
                ExprKind::Null => self.refuse_value("null", tree[id].span),
                ExprKind::Unary { op: UnaryOp::Void, .. } => self.refuse_value("undefined", tree[id].span),
                ExprKind::Name(name) if tree.name(*name) == "undefined" && self.variable(*name).is_none() => {
                    self.refuse_value("undefined", tree[id].span);
                }
                _ => {}
            }
        }
        if self.refused.len() == before {
            let span = tree[id].span;
            match (&value, &tree[id].kind) {
                (Js::Null, _) => self.refuse_value("null", span),
                // Of a function that returns nothing.
                (Js::Undefined, ExprKind::Call { callee, .. }) if tree.as_name(*callee).is_some() => {
                    self.refuse_value("undefined", span);
                }
                _ => return value,
            }
        }
        Js::Error
    }

    fn refuse_value(&mut self, what: &str, span: Span) {
        let what = format!("the body returns {what} here");
        self.refuse(Diagnostic::new(Refusal::NoValue, span).saying(what));
    }

    /// The number that the body returns.
    pub(super) fn returned(&mut self, value: &Js, tree: &Tree) -> Value {
        let span = tree[tree.root].span;
        if let (Js::Undefined, Body::Block { span: body, .. }) = (value, &tree[tree.root].body) {
            self.refuse(Diagnostic::new(Refusal::NoReturn, Span::new(body.end.saturating_sub(1), body.end)));
            return self.builder.f64(0.0);
        }
        if let Js::Perhaps(_) = value {
            self.refuse_value(value.describe(), span);
            return self.builder.f64(0.0);
        }
        if let Js::Static(_) = value {
            let what = format!("the body returns {}", value.describe());
            let diagnostic = Diagnostic::new(Refusal::NotANumber, span).saying(what);
            self.refuse(diagnostic.advising("return a number or a boolean on every path"));
            return self.builder.f64(0.0);
        }
        self.number(value, span)
    }

    /// A body whose value matters must have one on every path.
    pub(super) fn check_returns(&mut self, returns: usize, falls_off: bool, tree: &Tree) {
        if self.request.returns != Returns::Number {
            return;
        }
        let arrivals = &self.targets[returns].arrivals;
        let has_value = arrivals.iter().any(|arrival| arrival.value != Js::Undefined);
        let lacks_value = falls_off || arrivals.iter().any(|arrival| arrival.value == Js::Undefined);
        if has_value && lacks_value {
            let end = tree[tree.root].span.end;
            self.refuse_kind(Refusal::NoReturn, Span::new(end.saturating_sub(1), end));
        }
    }
}

/// Whether a parameter takes its value apart; by `even_with_default`, though undefined has a default.
fn takes_apart(tree: &Tree, param: PatternId, even_with_default: bool) -> bool {
    match tree[param].kind {
        PatternKind::Object { .. } | PatternKind::Array(_) => true,
        PatternKind::Default { target, .. } => even_with_default && takes_apart(tree, target, false),
        _ => false,
    }
}
