//! What a body cannot use, as far as the syntax alone tells.

use super::ast::*;
use super::names::word;
use super::span::Span;
use crate::diagnostic::{Diagnostic, Kind};

/// What `new` can make: arrays of numbers that live for one call of the body. Lowering looks at their lengths.
const LOCAL_ARRAYS: &[&str] = &[
    "Array",
    "Float64Array",
    "Float32Array",
    "Float16Array",
    "Int32Array",
    "Uint32Array",
    "Int16Array",
    "Uint16Array",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
];

/// Adds the refusals of a tree in no particular order. Walks along the arenas, so it needs no recursion.
pub(super) fn collect(tree: &Tree, refusals: &mut Vec<Diagnostic>) {
    let quiet = quiet_expressions(tree);
    for (index, expr) in tree.exprs.iter().enumerate().skip(tree.key_end.exprs) {
        if !quiet[index] {
            expression(tree, expr, refusals);
        }
    }
    let mut refuse = |kind, span| refusals.push(Diagnostic::new(kind, span));
    for stmt in &tree.stmts[tree.key_end.stmts..] {
        statement(tree, stmt, &mut refuse);
    }
    for pattern in &tree.patterns[tree.key_end.patterns..] {
        match &pattern.kind {
            PatternKind::Object { rest: Some(rest), .. } => refuse(Kind::ObjectRest, tree[*rest].span),
            PatternKind::Array(items) => {
                if let Some(Some(last)) = items.last()
                    && let PatternKind::Rest(_) = tree[*last].kind
                {
                    refuse(Kind::ArrayRest, tree[*last].span);
                }
            }
            _ => {}
        }
    }
    for function in &tree.functions[tree.key_end.functions..] {
        let head = function_head(tree, function);
        if function.is_async {
            refuse(Kind::AsyncFunction, head);
        }
        if function.is_generator {
            refuse(Kind::GeneratorFunction, head);
        }
        for param in &function.params {
            if let PatternKind::Rest(_) = tree[*param].kind {
                refuse(Kind::RestParameter, tree[*param].span);
            }
        }
    }
}

fn function_head(tree: &Tree, function: &Function) -> Span {
    let end = match &function.body {
        Body::Expr(id) => tree[*id].span.start,
        Body::Block { span, .. } => span.start,
    };
    Span::new(function.span.start, end.max(function.span.start))
}

/// Strings that only name an element, `a["length"]`, or are directives; the keys of objects, which are refused whole; and what goes
/// with something that is refused, such as the text of `throw new Error("text")`.
fn quiet_expressions(tree: &Tree) -> Vec<bool> {
    let mut quiet = vec![false; tree.exprs.len()];
    let mut key = |key: &PropertyKey| {
        if let PropertyKey::Literal(id) | PropertyKey::Computed(id) = key {
            quiet[id.index()] = matches!(tree[*id].kind, ExprKind::String(_));
        }
    };
    for expr in &tree.exprs {
        match &expr.kind {
            ExprKind::Index { index, .. } => key(&PropertyKey::Computed(*index)),
            ExprKind::Foreign(Foreign::Object(properties)) => {
                for property in properties {
                    if let PropertyKind::Value { key: name, .. } = &property.kind {
                        key(name);
                    }
                }
            }
            _ => {}
        }
    }
    for pattern in &tree.patterns {
        if let PatternKind::Object { properties, .. } = &pattern.kind {
            properties.iter().for_each(|property| key(&property.key));
        }
    }
    for stmt in &tree.stmts {
        if let StmtKind::Directive(id) = stmt.kind {
            quiet[id.index()] = true;
        }
    }
    let made = tree.exprs.iter().flat_map(|expr| match &expr.kind {
        ExprKind::New { callee, args } if !makes_array(tree, *callee) => args.as_slice(),
        _ => &[],
    });
    let mut open: Vec<Node> = made
        .map(|arg| match arg {
            Element::Expr(id) | Element::Spread(_, id) => Node::Expr(*id),
        })
        .collect();
    open.extend(tree.stmts.iter().filter_map(|stmt| match stmt.kind {
        StmtKind::Foreign(ForeignStmt::Throw(thrown)) => Some(Node::Expr(thrown)),
        _ => None,
    }));
    while let Some(node) = open.pop() {
        if let Node::Expr(id) = node
            && std::mem::replace(&mut quiet[id.index()], true)
        {
            continue;
        }
        tree.for_each_child(node, &mut |child| open.push(child));
    }
    quiet
}

/// Whether what `new` calls is a class of small arrays of numbers.
fn makes_array(tree: &Tree, callee: ExprId) -> bool {
    tree.as_name(callee).is_some_and(|name| LOCAL_ARRAYS.contains(&name))
}

fn expression(tree: &Tree, expr: &Expr, refusals: &mut Vec<Diagnostic>) {
    let kind = match &expr.kind {
        ExprKind::String(_) => Kind::String,
        ExprKind::Name(word::ARGUMENTS) => Kind::Arguments,
        ExprKind::New { callee, args } => {
            if !makes_array(tree, *callee) {
                let name = tree.as_name(*callee).unwrap_or("");
                refusals.push(Diagnostic::unknown_class(name, expr.span));
                return;
            }
            for arg in args {
                if let Element::Spread(span, _) = arg {
                    refusals.push(Diagnostic::new(Kind::Spread, *span));
                }
            }
            return;
        }
        ExprKind::Unary { op: UnaryOp::Typeof, .. } => Kind::Typeof,
        ExprKind::Unary { op: UnaryOp::Delete, .. } => Kind::Delete,
        ExprKind::Binary { op: BinaryOp::In, .. } => Kind::In,
        ExprKind::Binary { op: BinaryOp::Instanceof, .. } => Kind::Instanceof,
        ExprKind::Foreign(foreign) => match foreign {
            Foreign::BigInt => Kind::BigInt,
            Foreign::Regex => Kind::Regex,
            Foreign::Template(_) => Kind::Template,
            Foreign::This => Kind::This,
            Foreign::Super => Kind::Super,
            Foreign::Meta => Kind::Meta,
            Foreign::Import(_) => Kind::Import,
            // Lowering looks at its properties, and at whether what stands before a `?.` is there.
            Foreign::Object(_) | Foreign::Chain(_) => return,
            Foreign::Class(_) => Kind::Class,
            Foreign::Await(_) => Kind::Await,
            Foreign::Yield(..) => Kind::Yield,
            Foreign::PrivateMember(..) | Foreign::PrivateName(_) => Kind::Private,
        },
        _ => return,
    };
    refusals.push(Diagnostic::new(kind, expr.span));
}

fn statement(tree: &Tree, stmt: &Stmt, refuse: &mut impl FnMut(Kind, Span)) {
    // Of long statements only the head is underlined.
    let until = |end: u32| Span::new(stmt.span.start, end);
    match &stmt.kind {
        StmtKind::ForOf { iterable, is_await: true, .. } => {
            refuse(Kind::ForAwait, until(tree[*iterable].span.end));
        }
        StmtKind::Foreign(ForeignStmt::ForIn { object, .. }) => {
            refuse(Kind::ForIn, until(tree[*object].span.end));
        }
        StmtKind::Foreign(ForeignStmt::Throw(_)) => refuse(Kind::Throw, stmt.span),
        StmtKind::Foreign(ForeignStmt::Try { .. }) => refuse(Kind::Try, until(stmt.span.start + 3)),
        StmtKind::Foreign(ForeignStmt::With { object, .. }) => {
            refuse(Kind::With, until(tree[*object].span.end));
        }
        StmtKind::Foreign(ForeignStmt::Debugger) => refuse(Kind::Debugger, stmt.span),
        StmtKind::Foreign(ForeignStmt::Class(id)) => refuse(Kind::Class, until(tree[*id].body_span.start)),
        _ => {}
    }
}
