//! Where paths meet. Each path arrives with what the variables are there; where they differ, the block, the if or the loop gets
//! a result or a parameter for them.

use super::Lower;
use super::env::Env;
use super::scope::VarId;
use super::value::{Js, Kind};
use crate::ir::{Const, End, Label, Op, Open, RegionId, Stmt, Type, Unary, Value};

/// A path that has come to an end.
pub(super) struct Arrival {
    /// The region that ends here.
    pub(super) region: RegionId,
    /// Whether nobody reaches this end.
    pub(super) is_dead: bool,
    /// What the variables are.
    pub(super) env: Env,
    /// The value that the path brings, if any: of an expression, or of `return`.
    pub(super) value: Js,
    /// Whether it branches to the label; otherwise it yields.
    pub(super) branches: bool,
}

/// Whether the current point can be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    Alive,
    /// The region has branched away.
    Branched(RegionId),
    /// No path leads here.
    Dead,
}

/// Something that branches lead to.
pub(super) struct Target {
    pub(super) label: Label,
    pub(super) arrivals: Vec<Arrival>,
}

/// What a variable is made of in the IR.
fn types(kind: Kind) -> &'static [Type] {
    match kind {
        Kind::Number | Kind::Mixed => &[Type::F64],
        Kind::Boolean => &[Type::Bool],
        Kind::Maybe { .. } => &[Type::F64, Type::Bool],
        Kind::Undefined | Kind::Other => &[],
    }
}

/// What values of these types are as a variable of a kind that is no [`Kind::Other`].
fn assemble(kind: Kind, values: &[Value]) -> Js {
    match (kind, values) {
        (Kind::Number, [number]) => Js::Number(*number),
        (Kind::Mixed, [number]) => Js::Mixed(*number),
        (Kind::Boolean, [boolean]) => Js::Boolean(*boolean),
        (Kind::Maybe { is_mixed }, [number, undefined]) => {
            Js::Maybe { number: *number, undefined: *undefined, is_mixed }
        }
        (Kind::Undefined, []) => Js::Undefined,
        _ => Js::Conflict,
    }
}

impl Lower<'_> {
    /// Closes the innermost region, whose end is where its owner goes on. `None` if it has branched away.
    pub(super) fn arrive(&mut self, region: Open, value: Js) -> Option<Arrival> {
        let id = self.builder.close(region, End::Yield(Vec::new()));
        let end = std::mem::replace(&mut self.flow, Flow::Alive);
        match end {
            Flow::Branched(from) if from == id => None,
            _ => Some(Arrival {
                region: id,
                // Nobody reaches this end; what it yields is filled in when the types are known.
                is_dead: end != Flow::Alive,
                env: self.env.clone(),
                value,
                branches: false,
            }),
        }
    }

    /// Branches from the current point to a target.
    pub(super) fn branch(&mut self, target: usize, value: Js) {
        if self.flow != Flow::Alive {
            return;
        }
        let region = self.builder.current();
        let arrival = Arrival { region, is_dead: false, env: self.env.clone(), value, branches: true };
        self.targets[target].arrivals.push(arrival);
        self.flow = Flow::Branched(region);
    }

    /// Leaves for a target unless a condition holds.
    pub(super) fn branch_unless(&mut self, condition: Value, target: usize) {
        let then = self.builder.open();
        let then = self.builder.close(then, End::Yield(Vec::new()));
        let otherwise = self.builder.open();
        self.branch(target, Js::Undefined);
        let otherwise = self.builder.close(otherwise, End::Yield(Vec::new()));
        self.flow = Flow::Alive;
        self.builder.push(Stmt::If { condition, results: Vec::new(), then, otherwise });
    }

    /// A new target, the innermost.
    pub(super) fn open_target(&mut self) -> usize {
        let label = self.builder.label();
        self.targets.push(Target { label, arrivals: Vec::new() });
        self.targets.len() - 1
    }

    /// Ends the innermost block: `body` is what it runs, `end` the path that has come to its end.
    pub(super) fn close_block(&mut self, before: &Env, body: RegionId, end: Option<Arrival>) -> Js {
        let target = self.targets.pop().expect("a target is open");
        let mut arrivals = target.arrivals;
        arrivals.extend(end);
        let (results, value) = self.join(before, arrivals, Some(target.label));
        self.builder.push(Stmt::Block { label: target.label, results, body });
        value
    }

    /// Makes the results of a block or an if of paths that arrive at its end. `before` is what the variables were at its beginning.
    /// Returns the results, and the value that the paths bring. The current point is behind the statement, and dead if no path
    /// arrives.
    pub(super) fn join(
        &mut self,
        before: &Env,
        arrivals: Vec<Arrival>,
        label: Option<Label>,
    ) -> (Vec<Value>, Js) {
        let alive: Vec<&Arrival> = arrivals.iter().filter(|arrival| !arrival.is_dead).collect();
        let mut kinds: Vec<(Option<VarId>, Kind)> = Vec::new();
        let mut joined = before.clone();
        let envs: Vec<&Env> = alive.iter().map(|arrival| &arrival.env).collect();
        for variable in before.changed_in(&envs) {
            kinds.push((Some(variable), self.join_kind(envs.iter().map(|env| &env[variable]))));
        }
        let mut value = Js::Undefined;
        if let Some(first) = alive.first() {
            let is_constant = matches!(first.value, Js::Static(_) | Js::Undefined | Js::Null | Js::Error);
            if is_constant && alive.iter().all(|arrival| arrival.value == first.value) {
                value = first.value.clone();
            } else {
                kinds.push((None, self.join_kind(alive.iter().map(|arrival| &arrival.value))));
            }
        }
        self.flow = if alive.is_empty() { Flow::Dead } else { Flow::Alive };

        // What each path brings, converted at its end.
        let mut result_types = Vec::new();
        kinds.iter().for_each(|(_, kind)| result_types.extend_from_slice(types(*kind)));
        for arrival in &arrivals {
            let mut brought = Vec::new();
            if !arrival.is_dead {
                for (variable, kind) in &kinds {
                    let from = match variable {
                        Some(variable) => &arrival.env[*variable],
                        None => &arrival.value,
                    };
                    self.convert(from, *kind, arrival.region, &mut brought);
                }
            } else {
                self.dummies(&result_types, arrival.region, &mut brought);
            }
            let end = match label {
                Some(label) if arrival.branches => End::Branch(label, brought),
                _ => End::Yield(brought),
            };
            self.builder.set_end(arrival.region, end);
        }

        let mut results = Vec::new();
        for (variable, kind) in kinds {
            let values: Vec<Value> = types(kind).iter().map(|ty| self.builder.declare(*ty)).collect();
            let js = if kind == Kind::Other {
                // The same array or function on all paths, or a conflict.
                self.same(&arrivals, variable)
            } else {
                assemble(kind, &values)
            };
            results.extend(values);
            match variable {
                Some(variable) => joined[variable] = js,
                None => value = js,
            }
        }
        // What has been declared inside is out of reach.
        joined.pad(self.variables.len());
        self.env = joined;
        (results, value)
    }

    fn same<'b>(&self, arrivals: &'b [Arrival], variable: Option<VarId>) -> Js {
        let brought = |arrival: &'b Arrival| match variable {
            Some(variable) => &arrival.env[variable],
            None => &arrival.value,
        };
        let mut values = arrivals.iter().filter(|arrival| !arrival.is_dead).map(brought);
        if values.clone().any(|value| *value == Js::Error) {
            return Js::Error;
        }
        match values.next() {
            Some(first @ (Js::Static(_) | Js::Null | Js::Uninitialized | Js::Error))
                if values.all(|other| other == first) =>
            {
                first.clone()
            }
            _ => Js::Conflict,
        }
    }

    fn join_kind<'b>(&self, mut values: impl Iterator<Item = &'b Js>) -> Kind {
        let first = values.next().map_or(Kind::Undefined, Js::kind);
        values.fold(first, |kind, value| kind.join(value.kind()))
    }

    /// Appends what makes `from` a variable of this kind to a closed region.
    fn convert(&mut self, from: &Js, kind: Kind, region: RegionId, out: &mut Vec<Value>) {
        let open = self.builder.reopen(region);
        self.convert_here(from, kind, out);
        self.builder.close_again(open);
    }

    /// Values for an end that nobody reaches.
    pub(super) fn dummies(&mut self, types: &[Type], region: RegionId, out: &mut Vec<Value>) {
        for ty in types {
            let constant = match ty {
                Type::F64 => Const::F64(0),
                Type::I32 => Const::I32(0),
                Type::Bool => Const::Bool(false),
            };
            out.push(self.builder.op_in(region, Op::Const(constant)));
        }
    }

    /// The parameters of a loop: for each variable that the loop may change, what it is at the beginning of a turn. `loop_number`
    /// tells loops apart. Fills `initial` and sets the variables.
    pub(super) fn open_params(
        &mut self,
        loop_number: usize,
        changed: &[VarId],
        initial: &mut Vec<Value>,
    ) -> (Vec<(VarId, Kind)>, Vec<Value>) {
        let (mut kinds, mut params) = (Vec::new(), Vec::new());
        for variable in changed {
            let before = self.env[*variable].clone();
            let mut kind = before.kind();
            if let Some(hint) = self.hints.kinds.get(&(loop_number, *variable)) {
                kind = kind.join(*hint);
            }
            if kind == Kind::Other {
                // An array or a function stays what it is, or it is a conflict.
                if self.hints.kinds.contains_key(&(loop_number, *variable)) {
                    self.env[*variable] = Js::Conflict;
                }
                kinds.push((*variable, kind));
                continue;
            }
            self.convert_here(&before, kind, initial);
            let values: Vec<Value> = types(kind).iter().map(|ty| self.builder.declare(*ty)).collect();
            self.env[*variable] = assemble(kind, &values);
            params.extend(values);
            kinds.push((*variable, kind));
        }
        (kinds, params)
    }

    /// As [`convert`](Self::convert), in the region that is open.
    fn convert_here(&mut self, from: &Js, kind: Kind, out: &mut Vec<Value>) {
        match (kind, from) {
            (Kind::Undefined | Kind::Other, _) => return,
            (Kind::Boolean, Js::Boolean(boolean)) => return out.push(*boolean),
            // Refused already.
            (Kind::Boolean, _) => return out.push(self.builder.bool(false)),
            _ => {}
        }
        let number = match from {
            Js::Number(number)
            | Js::Mixed(number)
            | Js::Maybe { number, .. }
            | Js::Element { number, .. }
            | Js::LocalElement { number, .. } => *number,
            Js::Boolean(boolean) => self.builder.unary(Unary::FromBool, *boolean),
            _ => self.builder.f64(f64::NAN),
        };
        out.push(number);
        if let Kind::Maybe { .. } = kind {
            let undefined = self.is_undefined(from).unwrap_or_else(|| self.builder.bool(false));
            out.push(undefined);
        }
    }

    /// Sends the paths that go on to a loop's next turn there. Learns a hint where a variable is more than was thought.
    pub(super) fn close_params(
        &mut self,
        loop_number: usize,
        kinds: &[(VarId, Kind)],
        at_start: &Env,
        arrivals: Vec<Arrival>,
        label: Label,
    ) {
        for arrival in &arrivals {
            let mut brought = Vec::new();
            for (variable, kind) in kinds {
                let value = if arrival.is_dead { &at_start[*variable] } else { &arrival.env[*variable] };
                let actual = value.kind();
                if *value == Js::Error {
                    // Refused already: nothing more is to be said, but the turn must bring something.
                    self.dummies(types(*kind), arrival.region, &mut brought);
                    continue;
                }
                if *kind == Kind::Other {
                    // The same thing must come back.
                    if *value != at_start[*variable] && at_start[*variable] != Js::Conflict {
                        self.learn(loop_number, *variable, Kind::Other);
                    }
                    continue;
                }
                if kind.join(actual) != *kind {
                    self.learn(loop_number, *variable, actual);
                }
                if arrival.is_dead {
                    self.dummies(types(*kind), arrival.region, &mut brought);
                } else {
                    self.convert(value, *kind, arrival.region, &mut brought);
                }
            }
            self.builder.set_end(arrival.region, End::Branch(label, brought));
        }
    }

    fn learn(&mut self, loop_number: usize, variable: VarId, kind: Kind) {
        let hint = self.hints.kinds.entry((loop_number, variable)).or_insert(kind);
        *hint = hint.join(kind);
        self.again = true;
    }
}
