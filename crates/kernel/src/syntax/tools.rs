//! Takes out of a tree what tools have put into the function and what changes nothing:
//!
//! - counters of coverage tools, `cov_22r6rzt9ig().s[3]++`, as statements and in sequences;
//! - `__name(f, "f")` of esbuild, which is `f`;
//! - `(0, module.f)(…)` of bundlers, which is a call of `module.f`: without `this` there is no difference.
//!
//! Only exact shapes, and only where the function does not declare the name itself.

use super::ast::*;
use crate::diagnostic::is_counter;

pub(super) fn strip(tree: &mut Tree) {
    // Children have lower ids than their parents: what is inside is simple when its parent is looked at.
    for index in 0..tree.exprs.len() {
        let id = ExprId(index as u32);
        match &tree[id].kind {
            ExprKind::Sequence(list) => {
                let list = list.clone();
                strip_sequence(tree, id, list);
            }
            ExprKind::Call { .. } => {
                if let Some((value, name)) = named_value(tree, id) {
                    tree[name].kind = ExprKind::Removed;
                    replace(tree, id, value);
                } else if let Some(member) = bound_to_nothing(tree, id)
                    && let ExprKind::Call { callee, .. } = &mut tree[id].kind
                {
                    let sequence = std::mem::replace(callee, member);
                    tree[sequence].kind = ExprKind::Removed;
                }
            }
            _ => {}
        }
    }
    for index in 0..tree.stmts.len() {
        let id = StmtId(index as u32);
        let StmtKind::Expr(expr) = tree[id].kind else { continue };
        if is_count(tree, expr) {
            remove(tree, expr);
            tree[id].kind = StmtKind::Empty;
        } else if matches!(tree[expr].kind, ExprKind::Removed) {
            tree[id].kind = StmtKind::Empty;
        }
    }
}

/// Puts `inner` in the place of `outer`.
fn replace(tree: &mut Tree, outer: ExprId, inner: ExprId) {
    let kind = std::mem::replace(&mut tree[inner].kind, ExprKind::Removed);
    let span = tree[inner].span;
    tree[outer] = Expr { span, kind };
}

/// Removes a counter and all of its parts.
fn remove(tree: &mut Tree, id: ExprId) {
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        let kind = std::mem::replace(&mut tree[id].kind, ExprKind::Removed);
        kind.for_each_child(&mut |child| {
            if let Node::Expr(id) = child {
                open.push(id);
            }
        });
    }
}

fn strip_sequence(tree: &mut Tree, id: ExprId, list: Vec<ExprId>) {
    let Some((&last, first)) = list.split_last() else { return };
    let mut kept = Vec::with_capacity(list.len());
    for &item in first {
        if is_count(tree, item) {
            remove(tree, item);
        } else if !matches!(tree[item].kind, ExprKind::Removed) {
            kept.push(item);
        }
    }
    kept.push(last);
    match kept[..] {
        [only] => replace(tree, id, only),
        _ => tree[id].kind = ExprKind::Sequence(kept),
    }
}

/// `cov_22r6rzt9ig().s[3]++`, `….f[0]++` or `….b[0][1]++`
fn is_count(tree: &Tree, id: ExprId) -> bool {
    let ExprKind::Update { op: UpdateOp::Increment, prefix: false, target } = tree[id].kind else {
        return false;
    };
    let mut at = target;
    let mut depth = 0;
    while let ExprKind::Index { object, index, optional: false } = tree[at].kind {
        if !matches!(tree[index].kind, ExprKind::Number(_)) {
            return false;
        }
        at = object;
        depth += 1;
    }
    let ExprKind::Member { object, property, optional: false, .. } = tree[at].kind else { return false };
    let ExprKind::Call { callee, args, optional: false } = &tree[object].kind else { return false };
    let right_depth = match tree.name(property) {
        "s" | "f" => 1,
        "b" => 2,
        _ => return false,
    };
    depth == right_depth && args.is_empty() && is_free(tree, *callee, is_counter)
}

/// Of `__name(f, "f")`: `f` and the string.
fn named_value(tree: &Tree, id: ExprId) -> Option<(ExprId, ExprId)> {
    let ExprKind::Call { callee, args, optional: false } = &tree[id].kind else { return None };
    let [Element::Expr(value), Element::Expr(name)] = args[..] else { return None };
    let is_string = matches!(tree[name].kind, ExprKind::String(_));
    (is_string && is_free(tree, *callee, |text| text == "__name")).then_some((value, name))
}

/// Of `(0, module.f)(…)`: `module.f`.
fn bound_to_nothing(tree: &Tree, id: ExprId) -> Option<ExprId> {
    let ExprKind::Call { callee, .. } = tree[id].kind else { return None };
    let ExprKind::Sequence(list) = &tree[callee].kind else { return None };
    let [zero, value] = list[..] else { return None };
    matches!(tree[zero].kind, ExprKind::Number(0.0)).then_some(value)
}

/// Whether an expression is a name that `test` knows and that the function does not declare.
fn is_free(tree: &Tree, id: ExprId, test: impl Fn(&str) -> bool) -> bool {
    let ExprKind::Name(name) = tree[id].kind else { return false };
    test(tree.name(name))
        && !tree
            .patterns
            .iter()
            .any(|pattern| matches!(pattern.kind, PatternKind::Name(declared) if declared == name))
        && !tree.functions.iter().any(|function| function.name.is_some_and(|declared| declared.name == name))
}
