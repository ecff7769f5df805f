//! Loops that look at an element again and again, until somebody else has changed it.
//!
//! ```text
//! for each loop:
//!   which of its parameters move on: each turn adds to them, or each takes away       j = j + 1, root = 2 * root + 1
//!   an element is polled if its place does not move on with them, and no turn of the loop stores to it
//!   the loop polls an array if an element of it that is polled decides whether there is another turn
//! ```
//!
//! What moves on comes to an end, of an array or of a count, whatever others do: `while (j >= 0 && a[j] > x) j--` waits for nobody,
//! and neither does `while (a[i] > 1) a[i] /= 2`. `while (a[k] === 0);` does, and so may `while (next[x] !== x) x = next[x]`: nobody
//! knows where that leads.

use super::moves::{Fact, Step, of_op};
use crate::ir::{ArrayId, Const, End, Function, Label, Op, Region, RegionId, Stmt, Value};

/// How often a loop is walked through at the most until nothing changes. Few take more than three.
const PASSES: usize = 8;

/// Statements and values that are looked at for all loops of a function together: some milliseconds. A body of 3000 operations in ten
/// loops takes half of it. Of a loop that is not looked at, all arrays count as polled.
const MAX_WORK: usize = 1 << 18;

/// For each array, whether a loop polls it.
pub fn polled_arrays(function: &Function) -> Box<[bool]> {
    let loads = |region: &Region| region.stmts.iter().any(|stmt| load_of(stmt).is_some());
    let loops = function.regions.iter().filter(|region| matches!(region.end, End::Loop { .. }));
    let mut polled = 0;
    if function.regions.iter().any(loads) {
        let mut walk = Walk::new(function);
        for region in loops {
            polled |= walk.polled_by(&region.end);
        }
    }
    (0..function.arrays.len()).map(|array| polled & bit(ArrayId(array as u32)) != 0).collect()
}

/// Sets of arrays. Those beyond the last bit share it.
fn bit(array: ArrayId) -> u64 {
    1 << array.index().min(63)
}

fn load_of(stmt: &Stmt) -> Option<ArrayId> {
    match stmt {
        Stmt::Let(_, Op::Load(array, _)) => Some(*array),
        _ => None,
    }
}

/// A walk through the turns of one loop.
struct Walk<'a> {
    function: &'a Function,
    constants: Vec<Option<f64>>,
    /// What is known of values that the loop defines.
    facts: Vec<Option<Fact>>,
    /// Those that there is something in `facts` for.
    known: Vec<Value>,
    /// For each array of the caller, and of the body's own: what decides what the loop stores to it.
    stored: Vec<u64>,
    kept: Vec<u64>,
    label: Label,
    params: &'a [Value],
    /// The elements that each turn stores to.
    own: Vec<(ArrayId, Value)>,
    /// For each parameter, what becomes of it in a turn.
    turns: Vec<Option<Step>>,
    /// Where branches within the loop go.
    targets: Vec<(Label, &'a [Value])>,
    /// What has decided whether the rest of these is skipped.
    skipped: Vec<(Label, u64)>,
    /// What decides whether there is another turn.
    polled: u64,
    has_changed: bool,
    /// What has been looked at so far.
    work: usize,
}

impl<'a> Walk<'a> {
    fn new(function: &'a Function) -> Self {
        Self {
            function,
            constants: constants(function),
            facts: vec![None; function.values.len()],
            known: Vec::new(),
            stored: vec![0; function.arrays.len()],
            kept: vec![0; function.locals.len()],
            label: Label(0),
            params: &[],
            own: Vec::new(),
            turns: Vec::new(),
            targets: Vec::new(),
            skipped: Vec::new(),
            polled: 0,
            has_changed: false,
            work: 0,
        }
    }

    /// The arrays that a loop polls.
    fn polled_by(&mut self, end: &'a End) -> u64 {
        let End::Loop { label, params, body, .. } = end else { return 0 };
        let all = self.loads(*body);
        if all == 0 {
            return 0;
        }
        (self.label, self.params) = (*label, params);
        self.own = self.stores_of_each_turn(*body);
        let mut moving = vec![false; params.len()];
        // At first nothing moves on. Then what has been seen to: there can only be less that is polled.
        for _ in 0..2 {
            if !self.settles(*body, &moving) {
                return all;
            }
            let moves =
                |(k, turn): (usize, &Option<Step>)| turn.is_some_and(|step| step.is_on_from(params[k]));
            moving = self.turns.iter().enumerate().map(moves).collect();
            if self.polled == 0 || !moving.contains(&true) {
                break;
            }
        }
        self.polled
    }

    /// The arrays that a region loads from.
    fn loads(&self, id: RegionId) -> u64 {
        let region = self.function.region(id);
        let of_stmt = |stmt: &Stmt| {
            let inner = Function::children(stmt).fold(0, |all, child| all | self.loads(child));
            inner | load_of(stmt).map_or(0, bit)
        };
        let inner = if let End::Loop { body, .. } = &region.end { self.loads(*body) } else { 0 };
        region.stmts.iter().fold(inner, |all, stmt| all | of_stmt(stmt))
    }

    /// The elements that a turn cannot come to its end without storing to.
    fn stores_of_each_turn(&self, body: RegionId) -> Vec<(ArrayId, Value)> {
        let region = self.function.region(body);
        if !matches!(region.end, End::Branch(label, _) if label == self.label) {
            return Vec::new();
        }
        let store = |stmt: &Stmt| match stmt {
            Stmt::Store { array, index, .. } => Some((*array, *index)),
            _ => None,
        };
        region.stmts.iter().filter_map(store).collect()
    }

    /// Walks through the loop until nothing changes; false if that takes too long.
    fn settles(&mut self, body: RegionId, moving: &[bool]) -> bool {
        self.known.drain(..).for_each(|value| self.facts[value.index()] = None);
        self.stored.fill(0);
        self.kept.fill(0);
        self.polled = 0;
        self.turns = vec![None; self.params.len()];
        for (param, moves) in self.params.iter().zip(moving) {
            let fact = Fact { step: Step::start(*param), moves: *moves, stays: false, polls: 0 };
            self.facts[param.index()] = Some(fact);
            self.known.push(*param);
        }
        for _ in 0..PASSES {
            self.has_changed = false;
            self.skipped.clear();
            self.region(body, &[], 0);
            if !self.has_changed {
                return self.work < MAX_WORK;
            }
        }
        false
    }

    /// `results` are what a yield makes; `control` is what has decided that the region runs.
    fn region(&mut self, id: RegionId, results: &'a [Value], control: u64) {
        let region = self.function.region(id);
        self.work += region.stmts.len() + 1;
        if self.work >= MAX_WORK {
            return;
        }
        for stmt in &region.stmts {
            let control = control | self.skips();
            match stmt {
                Stmt::Let(value, op) => {
                    let fact = self.op(op);
                    self.set(*value, fact);
                }
                Stmt::Store { array, value, .. } => {
                    let polls = self.of(*value).polls | control;
                    self.has_changed |= add(&mut self.stored[array.index()], polls);
                }
                Stmt::LocalStore { local, value, .. } | Stmt::LocalFill { local, value } => {
                    let polls = self.of(*value).polls | control;
                    self.has_changed |= add(&mut self.kept[local.index()], polls);
                }
                Stmt::Guard { .. } => {}
                Stmt::Block { label, results, body } => {
                    self.targets.push((*label, results));
                    self.region(*body, results, control);
                    self.close(*label);
                }
                Stmt::If { condition, results, then, otherwise } => {
                    let control = control | self.of(*condition).polls;
                    self.region(*then, results, control);
                    self.region(*otherwise, results, control);
                }
            }
        }
        let control = control | self.skips();
        match &region.end {
            End::Yield(values) => self.bring(values, results, control),
            End::Branch(label, values) => self.branch(*label, values, control),
            End::Loop { label, params, initial, body } => {
                self.bring(initial, params, 0);
                self.targets.push((*label, params));
                self.region(*body, &[], control);
                self.close(*label);
            }
        }
    }

    fn branch(&mut self, label: Label, values: &[Value], control: u64) {
        if let Some((_, targets)) = self.targets.iter().rev().find(|(target, _)| *target == label) {
            let targets = *targets;
            self.bring(values, targets, control);
            if control != 0 && !self.skipped.contains(&(label, control)) {
                self.skipped.push((label, control));
            }
            return;
        }
        self.polled |= control;
        if label == self.label {
            for (k, value) in values.iter().enumerate() {
                let fact = self.of(*value);
                self.turns[k] = Some(self.turns[k].map_or(fact.step, |step| step.or(fact.step)));
                let param = self.of(self.params[k]);
                self.set(self.params[k], Fact { polls: param.polls | fact.polls | control, ..param });
            }
        }
    }

    /// Values arrive, and what has decided that decides what is there then.
    fn bring(&mut self, values: &[Value], targets: &[Value], control: u64) {
        self.work += targets.len();
        for (value, target) in values.iter().zip(targets) {
            let fact = self.of(*value).decided_by(control);
            let fact = self.facts[target.index()].map_or(fact, |before| before.or(fact));
            self.set(*target, fact);
        }
    }

    fn close(&mut self, label: Label) {
        self.targets.pop();
        self.skipped.retain(|(target, _)| *target != label);
    }

    fn skips(&self) -> u64 {
        self.skipped.iter().fold(0, |all, (_, control)| all | control)
    }

    fn of(&self, value: Value) -> Fact {
        self.facts[value.index()].unwrap_or(Fact::OUTSIDE)
    }

    fn set(&mut self, value: Value, fact: Fact) {
        let before = self.facts[value.index()].replace(fact);
        if before.is_none() {
            self.known.push(value);
        }
        self.has_changed |= before != Some(fact);
    }

    fn op(&mut self, op: &Op) -> Fact {
        let fact = of_op(op, |value| self.of(value), |value| self.constants[value.index()]);
        match op {
            Op::Load(array, index) => {
                let is_polled = !self.of(*index).moves && !self.own.contains(&(*array, *index));
                let polled = if is_polled { bit(*array) } else { 0 };
                fact.decided_by(polled | self.stored[array.index()])
            }
            Op::LocalLoad(local, _) => fact.decided_by(self.kept[local.index()]),
            Op::Atomic(_, array, _, arguments) => {
                let polls = arguments.iter().fold(0, |all, argument| all | self.of(*argument).polls);
                self.has_changed |= add(&mut self.stored[array.index()], polls);
                fact
            }
            _ => fact,
        }
    }
}

fn constants(function: &Function) -> Vec<Option<f64>> {
    let mut constants = vec![None; function.values.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(value, Op::Const(constant)) = stmt {
            constants[value.index()] = match constant {
                Const::I32(number) => Some(f64::from(*number)),
                _ => constant.as_f64(),
            };
        }
    }
    constants
}

fn add(set: &mut u64, more: u64) -> bool {
    let before = *set;
    *set |= more;
    *set != before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Element;
    use crate::lower::{Parameters, Request, Returns, Shape, lower};

    #[test]
    fn what_is_looked_at_is_bounded() {
        let variables: String = (0..100).map(|k| format!("let v{k} = {k}; ")).collect();
        let loops: String = (0..30).map(|k| format!("while (v{k} < i + b[{k}]) {{ ")).collect();
        let round: String = (0..99).map(|k| format!("v{k} = v{}; ", k + 1)).collect();
        let source = &format!(
            "(i, {{ b }}) => {{ {variables} {loops} {round} v99 = v99 + b[1]; {} return v0 }}",
            "}".repeat(30)
        );
        let array = Shape::Array { element: Element::Int32, is_shared: true };
        let data = Shape::Object([("b".into(), array)].into());
        let request =
            Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
        let function = lower(&request).unwrap().function;
        let mut walk = Walk::new(&function);
        let loops = function.regions.iter().filter(|region| matches!(region.end, End::Loop { .. }));
        for region in loops {
            assert_ne!(walk.polled_by(&region.end), 0);
        }
        assert!(walk.work < 2 * MAX_WORK, "{}", walk.work);
    }
}
