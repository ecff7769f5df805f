//! Where paths meet. Each path arrives with what the variables are there; where they differ, the block, the if or the loop gets
//! a result or a parameter for them.

use std::rc::Rc;

use super::Lower;
use super::env::Env;
use super::kind::Kind;
use super::scope::VarId;
use super::value::{Item, Js, OneOf, Perhaps, Record, Static, Tuple};
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
fn types(kind: &Kind, out: &mut Vec<Type>) {
    match kind {
        Kind::Number | Kind::Mixed | Kind::Row { .. } | Kind::Item { .. } | Kind::OneOf(_) => {
            out.push(Type::F64);
        }
        Kind::Boolean => out.push(Type::Bool),
        Kind::Maybe { .. } => out.extend([Type::F64, Type::Bool]),
        Kind::Perhaps { kind, .. } => {
            out.push(Type::Bool);
            types(kind, out);
        }
        Kind::Tuple { items, .. } => items.iter().for_each(|item| types(item, out)),
        Kind::Record { fields, .. } => fields.iter().for_each(|(_, field)| types(field, out)),
        Kind::Undefined
        | Kind::Absent(_)
        | Kind::Null
        | Kind::Uninitialized
        | Kind::Fixed(_)
        | Kind::Other
        | Kind::Error => {}
    }
}

/// Any value of a type.
fn dummy(ty: Type) -> Op {
    Op::Const(match ty {
        Type::F64 => Const::F64(0),
        Type::I32 => Const::I32(0),
        Type::Bool => Const::Bool(false),
    })
}

/// What values of these types are as a variable of a kind.
fn assemble(kind: &Kind, values: &mut impl Iterator<Item = Value>) -> Js {
    let mut next = || values.next().expect("a value for each type");
    match kind {
        Kind::Number => Js::Number(next()),
        Kind::Mixed => Js::Mixed(next()),
        Kind::Boolean => Js::Boolean(next()),
        Kind::Maybe { holds } => Js::Maybe { number: next(), undefined: next(), holds: *holds },
        Kind::Undefined => Js::Undefined,
        Kind::Absent(diagnostic) => Js::Absent(Rc::clone(diagnostic)),
        Kind::Null => Js::Null,
        Kind::Uninitialized => Js::Uninitialized,
        Kind::Fixed(value) => Js::Static(value.clone()),
        Kind::OneOf(locals) => Js::Static(Static::OneOf(OneOf { locals: Rc::clone(locals), which: next() })),
        Kind::Row { array, dimensions } => {
            let row = Some(next());
            Js::Static(Static::Table { array: *array, dimensions: Rc::clone(dimensions), row })
        }
        Kind::Item { path, dimensions } => {
            let number = Some(next());
            let (path, dimensions) = (Rc::clone(path), Rc::clone(dimensions));
            Js::Static(Static::Item(Item { path, dimensions, number }))
        }
        Kind::Perhaps { kind, nothing } => {
            let is_there = next();
            Js::Perhaps(Rc::new(Perhaps { value: assemble(kind, values), is_there, nothing: *nothing }))
        }
        Kind::Tuple { items, sites, is_held } => Js::Static(Static::Tuple(Tuple {
            items: items.iter().map(|item| assemble(item, values)).collect(),
            sites: Rc::clone(sites),
            is_held: *is_held,
            copy: None,
        })),
        Kind::Record { fields, sites, is_held } => Js::Static(Static::Record(Record {
            fields: fields.iter().map(|(name, field)| (Rc::clone(name), assemble(field, values))).collect(),
            sites: Rc::clone(sites),
            is_held: *is_held,
        })),
        Kind::Other => Js::Conflict,
        Kind::Error => Js::Error,
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
        if alive.iter().any(|arrival| arrival.value != Js::Undefined) {
            kinds.push((None, self.join_kind(alive.iter().map(|arrival| &arrival.value))));
        }
        self.flow = if alive.is_empty() { Flow::Dead } else { Flow::Alive };

        // What each path brings, converted at its end.
        let mut result_types = Vec::new();
        kinds.iter().for_each(|(_, kind)| types(kind, &mut result_types));
        for arrival in &arrivals {
            let mut brought = Vec::new();
            if !arrival.is_dead {
                for (variable, kind) in &kinds {
                    let from = match variable {
                        Some(variable) => &arrival.env[*variable],
                        None => &arrival.value,
                    };
                    self.convert(from, kind, arrival.region, &mut brought);
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
            let values = self.declare_types(&kind);
            let js = assemble(&kind, &mut values.iter().copied());
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

    /// A value of each type that a kind is made of.
    fn declare_types(&mut self, kind: &Kind) -> Vec<Value> {
        let mut all = Vec::new();
        types(kind, &mut all);
        all.into_iter().map(|ty| self.builder.declare(ty)).collect()
    }

    fn join_kind<'b>(&mut self, mut values: impl Iterator<Item = &'b Js>) -> Kind {
        let first = values.next().map_or(Kind::Undefined, Js::kind);
        values.fold(first, |kind, value| self.join_two(&kind, &value.kind()))
    }

    /// What covers both. An array of values that takes the place of one in memory has to be there, too.
    fn join_two(&mut self, a: &Kind, b: &Kind) -> Kind {
        if let (Kind::Tuple { sites, .. }, other) | (other, Kind::Tuple { sites, .. }) = (a, b)
            && other.locals().is_some()
        {
            self.learn_stored(sites);
        }
        a.join(b)
    }

    /// Appends what makes `from` a variable of this kind to a closed region.
    fn convert(&mut self, from: &Js, kind: &Kind, region: RegionId, out: &mut Vec<Value>) {
        let open = self.builder.reopen(region);
        self.convert_here(from, kind, out);
        self.builder.close_again(open);
    }

    /// Values for an end that nobody reaches.
    pub(super) fn dummies(&mut self, types: &[Type], region: RegionId, out: &mut Vec<Value>) {
        for ty in types {
            out.push(self.builder.op_in(region, dummy(*ty)));
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
                kind = kind.join(hint);
            }
            self.convert_here(&before, &kind, initial);
            let values = self.declare_types(&kind);
            self.env[*variable] = assemble(&kind, &mut values.iter().copied());
            params.extend(values);
            kinds.push((*variable, kind));
        }
        (kinds, params)
    }

    /// As [`convert`](Self::convert), in the region that is open.
    fn convert_here(&mut self, from: &Js, kind: &Kind, out: &mut Vec<Value>) {
        match (kind, from) {
            (
                Kind::Undefined
                | Kind::Absent(_)
                | Kind::Null
                | Kind::Uninitialized
                | Kind::Fixed(_)
                | Kind::Other
                | Kind::Error,
                _,
            ) => return,
            (Kind::Perhaps { kind, .. }, _) => {
                let (is_there, value) = match from {
                    Js::Perhaps(perhaps) => (perhaps.is_there, Some(&perhaps.value)),
                    Js::Null | Js::Undefined => (self.builder.bool(false), None),
                    other => (self.builder.bool(true), Some(other)),
                };
                out.push(is_there);
                if let Some(value) = value {
                    return self.convert_here(value, kind, out);
                }
                return self.dummies_here(kind, out);
            }
            (Kind::Boolean, Js::Boolean(boolean)) => return out.push(*boolean),
            (Kind::Row { .. }, Js::Static(Static::Table { row: Some(row), .. })) => return out.push(*row),
            (Kind::Item { .. }, Js::Static(Static::Item(Item { number: Some(number), .. }))) => {
                return out.push(*number);
            }
            (Kind::OneOf(_), Js::Static(Static::OneOf(one))) => return out.push(one.which),
            (Kind::OneOf(_), Js::Static(Static::Local(local))) => {
                return out.push(self.builder.f64(f64::from(local.0)));
            }
            (Kind::Tuple { items, .. }, Js::Static(Static::Tuple(tuple))) => {
                return items.iter().zip(tuple.items.iter()).for_each(|(kind, from)| {
                    self.convert_here(from, kind, out);
                });
            }
            (Kind::Record { fields, .. }, Js::Static(Static::Record(record))) => {
                return fields.iter().zip(record.fields.iter()).for_each(|((_, kind), (_, from))| {
                    self.convert_here(from, kind, out);
                });
            }
            (
                Kind::Boolean
                | Kind::OneOf(_)
                | Kind::Row { .. }
                | Kind::Item { .. }
                | Kind::Tuple { .. }
                | Kind::Record { .. },
                _,
            ) => {
                // Refused already, or everything begins anew.
                return self.dummies_here(kind, out);
            }
            _ => {}
        }
        let number = match from {
            Js::Number(number)
            | Js::Mixed(number)
            | Js::Maybe { number, .. }
            | Js::Element { number, .. }
            | Js::LocalElement { number, .. }
            | Js::OneElement { number, .. } => *number,
            Js::Boolean(boolean) => self.builder.unary(Unary::FromBool, *boolean),
            _ => self.builder.f64(f64::NAN),
        };
        out.push(number);
        if let Kind::Maybe { .. } = kind {
            let undefined = self.is_undefined(from).unwrap_or_else(|| self.builder.bool(false));
            out.push(undefined);
        }
    }

    /// Appends any values for a kind, in the region that is open.
    fn dummies_here(&mut self, kind: &Kind, out: &mut Vec<Value>) {
        let mut all = Vec::new();
        types(kind, &mut all);
        all.iter().for_each(|ty| out.push(self.builder.op(dummy(*ty))));
    }

    /// Sends the paths that go on to a loop's next turn there. Learns a hint where a variable is more than was thought. `locals` is how
    /// many local arrays there were before the loop.
    pub(super) fn close_params(
        &mut self,
        loop_number: usize,
        kinds: &[(VarId, Kind)],
        at_start: &Env,
        locals: usize,
        arrivals: Vec<Arrival>,
        label: Label,
    ) {
        for arrival in &arrivals {
            let mut brought = Vec::new();
            for (variable, kind) in kinds {
                let value = if arrival.is_dead { &at_start[*variable] } else { &arrival.env[*variable] };
                let actual = value.kind();
                if actual.has_error() && !matches!(kind, Kind::Other | Kind::Error) {
                    // Refused already, or everything begins anew: nothing is to be learned, but the turn must bring something.
                    let mut all = Vec::new();
                    types(kind, &mut all);
                    self.dummies(&all, arrival.region, &mut brought);
                    continue;
                }
                if matches!(kind, Kind::Other | Kind::Error) {
                    continue;
                }
                // An array that is made in a turn has the memory of the one that was made in the turn before.
                let actual = if actual.has_local_from(locals) { Kind::Other } else { actual };
                if self.join_two(kind, &actual) != *kind {
                    self.learn(loop_number, *variable, actual);
                }
                if arrival.is_dead {
                    let mut all = Vec::new();
                    types(kind, &mut all);
                    self.dummies(&all, arrival.region, &mut brought);
                } else {
                    self.convert(value, kind, arrival.region, &mut brought);
                }
            }
            self.builder.set_end(arrival.region, End::Branch(label, brought));
        }
    }

    fn learn(&mut self, loop_number: usize, variable: VarId, kind: Kind) {
        if self.is_anew {
            return;
        }
        let hint = self.hints.kinds.entry((loop_number, variable)).or_insert_with(|| kind.clone());
        *hint = hint.join(&kind);
        self.again = true;
    }
}
