//! Puts a text in the place of a call.

use super::texts::Text;
use crate::ir::{End, Function, Label, Op, Region, RegionId, Stmt, Value};

/// Appends to `stmts` what makes `result`, the value of a call with these arguments. `function` gets the regions and values for it.
pub(super) fn inline(
    function: &mut Function,
    text: &Text,
    result: Value,
    arguments: &[Value],
    stmts: &mut Vec<Stmt>,
) {
    let first = function.values.len() as u32;
    function.values.extend(&text.function.values);
    function.origins.resize(function.values.len(), function.origins[result.index()]);
    let labels = function.labels;
    function.labels += text.function.labels;
    let mut inliner = Inliner {
        function,
        text,
        labels,
        values: (0..text.function.values.len() as u32).map(|number| Value(first + number)).collect(),
    };
    let End::Yield(made) = &text.function.region(text.function.entry).end else {
        unreachable!("a branch out of the entry region has no target")
    };
    inliner.values[made[0].index()] = result;
    let entry = &text.function.region(text.function.entry).stmts;
    inliner.stmts(entry, arguments, stmts);
}

struct Inliner<'a> {
    function: &'a mut Function,
    text: &'a Text,
    /// What the first label of the text is here.
    labels: u32,
    /// What each value of the text is here.
    values: Vec<Value>,
}

impl Inliner<'_> {
    fn stmts(&mut self, from: &[Stmt], arguments: &[Value], to: &mut Vec<Stmt>) {
        for stmt in from {
            match stmt {
                Stmt::Let(value, Op::Scalar(scalar)) => {
                    self.values[value.index()] = arguments[self.text.arguments[scalar.index()]];
                }
                Stmt::Let(value, op) => {
                    let mut op = op.clone();
                    op.map_operands(|operand| self.values[operand.index()]);
                    to.push(Stmt::Let(self.values[value.index()], op));
                }
                Stmt::If { condition, results, then, otherwise } => {
                    let [then, otherwise] = [*then, *otherwise].map(|side| self.region(side, arguments));
                    let condition = self.values[condition.index()];
                    to.push(Stmt::If { condition, results: self.all(results), then, otherwise });
                }
                Stmt::Block { label, results, body } => {
                    let (label, body) = (self.label(*label), self.region(*body, arguments));
                    to.push(Stmt::Block { label, results: self.all(results), body });
                }
                Stmt::Store { .. }
                | Stmt::LocalStore { .. }
                | Stmt::LocalFill { .. }
                | Stmt::Guard { .. } => {
                    unreachable!("texts compute, and do nothing else")
                }
            }
        }
    }

    fn region(&mut self, id: RegionId, arguments: &[Value]) -> RegionId {
        let text = self.text;
        let region = text.function.region(id);
        let mut stmts = Vec::with_capacity(region.stmts.len());
        self.stmts(&region.stmts, arguments, &mut stmts);
        let end = match &region.end {
            End::Yield(values) => End::Yield(self.all(values)),
            End::Branch(label, values) => End::Branch(self.label(*label), self.all(values)),
            End::Loop { .. } => unreachable!("texts have no loops"),
        };
        self.function.regions.push(Region { stmts, end });
        RegionId(self.function.regions.len() as u32 - 1)
    }

    fn label(&self, label: Label) -> Label {
        Label(self.labels + label.0)
    }

    fn all(&self, values: &[Value]) -> Vec<Value> {
        values.iter().map(|value| self.values[value.index()]).collect()
    }
}
