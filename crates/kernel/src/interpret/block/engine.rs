//! The walk through the tree: which regions run on which lanes.

use super::operations::World;
use super::plan::Plan;
use super::registers::{Registers, Slot};
use super::targets::{Target, positions};
use super::{WIDTH, vectors};
use crate::interpret::environment::{Fuel, MathLibrary, Memory, Stop};
use crate::ir::{End, Label, RegionId, Stmt, Type, Value};
use allcores_machine::Isa;

/// A function, and the registers in which one thread runs it.
#[derive(Debug)]
pub struct Block<'a> {
    pub(super) plan: &'a Plan,
    pub(super) scalars: &'a [f64],
    pub(super) isa: Isa,
    pub(super) state: State,
}

/// What a state that waits for its next run may take for local arrays: those of one with more cost so much to clear that to
/// allocate them matters little.
const MAX_SPARE_BYTES: usize = 16 << 20;

/// The registers of a [`Plan`]: what is worth keeping from one run to the next.
#[derive(Debug)]
pub struct State {
    pub(super) registers: Registers,
    /// Elements of the local arrays: for each element, one of every lane of the block, of which there are `width` of the plan.
    pub(super) locals: Vec<Vec<f64>>,
    /// Where lanes can meet, outermost first; those beyond `open` are spare.
    targets: Vec<Target>,
    open: usize,
    /// Slots as they were outside of the regions that are running.
    saved: Vec<(Value, Option<Slot>)>,
    /// Spare lists of lanes.
    spare: Vec<Vec<u16>>,
}

impl State {
    /// Whether it takes more memory than should lie around.
    pub fn is_large(&self) -> bool {
        self.locals.iter().map(Vec::len).sum::<usize>() * size_of::<f64>() > MAX_SPARE_BYTES
    }

    /// For one thread.
    pub fn new(plan: &Plan) -> Self {
        let function = &plan.function;
        Self {
            registers: Registers::new(&function.values),
            locals: function
                .locals
                .iter()
                .map(|local| vec![0.0; local.len as usize * plan.width()])
                .collect(),
            targets: Vec::new(),
            open: 0,
            saved: Vec::new(),
            spare: Vec::new(),
        }
    }
}

impl<'a> Block<'a> {
    /// For one thread. As many numbers as the function has scalars.
    pub fn new(plan: &'a Plan, scalars: &'a [f64]) -> Self {
        Self::with_state(plan, scalars, State::new(plan))
    }

    /// The same, with the state of another run of this plan.
    pub fn with_state(plan: &'a Plan, scalars: &'a [f64], state: State) -> Self {
        assert_eq!(plan.function.scalars.len(), scalars.len(), "a number for each scalar");
        assert_eq!(plan.function.values.len(), state.registers.len(), "a state of this plan");
        Self { plan, scalars, isa: Isa::detect(), state }
    }

    /// The same, with the loops that are made for this instruction set instead of the widest.
    #[must_use]
    pub fn on(self, isa: Isa) -> Self {
        Self { isa, ..self }
    }

    /// For the next run, of the same plan.
    pub fn into_state(self) -> State {
        self.state
    }

    /// Runs the function for up to [`WIDTH`] indices: `indices` has a list of equal length for each dimension.
    ///
    /// Puts what the body returns into `out`, which is as long, if it returns anything: a double, or a boolean as 1 or 0.
    /// After a stop, some indices may have run, in part or whole.
    pub fn run<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        indices: &[&[f64]],
        out: &mut [f64],
        memory: &M,
        math: &L,
        fuel: &mut F,
    ) -> Result<(), Stop> {
        let function = &self.plan.function;
        assert_eq!(usize::from(function.indices), indices.len(), "indices for each dimension");
        let count = indices[0].len();
        assert!(count <= WIDTH && indices.iter().all(|list| list.len() == count), "lists of one length");
        if (1..=self.plan.width()).contains(&count) {
            return self.run_together(indices, out, memory, math, fuel);
        }
        for start in (0..count).step_by(self.plan.width()) {
            let range = start..count.min(start + self.plan.width());
            let some: Vec<&[f64]> = indices.iter().map(|list| &list[range.clone()]).collect();
            let out = if out.is_empty() { &mut [] } else { &mut out[range] };
            self.run_together(&some, out, memory, math, fuel)?;
        }
        Ok(())
    }

    /// As [`run`](Self::run) does, one operation over all indices.
    fn run_together<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        indices: &[&[f64]],
        out: &mut [f64],
        memory: &M,
        math: &L,
        fuel: &mut F,
    ) -> Result<(), Stop> {
        let function = &self.plan.function;
        let count = indices[0].len();
        self.state.registers.reset();
        self.state.saved.clear();
        self.state.open = 0;
        for local in &mut self.state.locals {
            local.chunks_mut(self.plan.width()).for_each(|lanes| lanes[..count].fill(0.0));
        }
        let mut world = World { indices, memory, math, fuel };
        let mut all = self.list();
        all.extend(0..count as u16);
        let entry = function.entry;
        self.statements(entry, &mut all, &mut world)?;
        if let End::Yield(values) = &function.region(entry).end
            && let Some(value) = values.first()
        {
            self.result(*value, &mut out[..count]);
        }
        self.state.spare.push(all);
        Ok(())
    }

    /// No register is in use but those of values that the entry region has defined, and no list is lost.
    #[cfg(test)]
    pub(crate) fn assert_balanced(&mut self) {
        for stmt in &self.plan.function.region(self.plan.function.entry).stmts {
            match stmt {
                Stmt::Let(value, _) => self.state.registers.kill(*value),
                Stmt::Block { results, .. } | Stmt::If { results, .. } => {
                    results.iter().for_each(|value| self.state.registers.kill(*value));
                }
                _ => {}
            }
        }
        assert_eq!((self.state.open, self.state.saved.len()), (0, 0));
        assert_eq!(self.state.registers.in_use(), 0, "a register is lost\n{}", self.plan.function);
    }

    fn result(&self, value: Value, out: &mut [f64]) {
        let registers = &self.state.registers;
        if self.plan.uniform[value.index()] {
            let bits = registers.uniform(value);
            out.fill(match self.plan.function.ty(value) {
                Type::F64 => bits.as_f64(),
                Type::I32 => f64::from(bits.as_i32()),
                Type::Bool => f64::from(u8::from(bits.as_bool())),
            });
            return;
        }
        let register = registers.register(value);
        let count = out.len();
        match self.plan.function.ty(value) {
            Type::F64 => out.copy_from_slice(&registers.f64.get(register)[..count]),
            Type::I32 => vectors::from_int32(self.isa, out, &registers.i32.get(register)[..count]),
            Type::Bool => vectors::from_bool(self.isa, out, &registers.bool.get(register)[..count]),
        }
    }

    /// Runs a region inside another on lanes of its own: all of the outer region's, or those at `positions`. The lanes that
    /// yield arrive at the target `to`.
    fn nested<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        id: RegionId,
        outer: &[u16],
        subset: Option<&[u16]>,
        to: usize,
        results: &[Value],
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let plan = self.plan;
        let mut inner = self.list();
        match subset {
            None => inner.extend_from_slice(outer),
            Some(subset) => inner.extend(subset.iter().map(|position| outer[usize::from(*position)])),
        }
        let mark = self.enter(&plan.uses[id.index()].live_in, subset);
        self.region(id, &mut inner, to, results, world)?;
        self.leave(mark);
        self.state.spare.push(inner);
        Ok(())
    }

    /// Borrows the values that a region takes from outside, or packs them.
    fn enter(&mut self, values: &[Value], subset: Option<&[u16]>) -> usize {
        let mark = self.state.saved.len();
        for value in values {
            let outer = self.state.registers.slot(*value);
            self.state.saved.push((*value, outer));
            let inner = outer.map(|slot| match subset {
                None => Slot { is_owned: false, ..slot },
                Some(positions) => self.state.registers.gather(slot, positions),
            });
            self.state.registers.set_slot(*value, inner);
        }
        mark
    }

    fn leave(&mut self, mark: usize) {
        while self.state.saved.len() > mark {
            let (value, outer) = self.state.saved.pop().expect("longer than the mark");
            self.state.registers.kill(value);
            self.state.registers.set_slot(value, outer);
        }
    }

    /// Runs a region to its end, and frees what it has defined.
    fn region<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        id: RegionId,
        lanes: &mut Vec<u16>,
        to: usize,
        results: &[Value],
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let plan = self.plan;
        self.statements(id, lanes, world)?;
        if !lanes.is_empty() {
            match &plan.function.region(id).end {
                End::Yield(values) => self.arrive(to, lanes, values, results),
                End::Branch(label, values) => {
                    let at = self.find(*label);
                    self.arrive(at, lanes, values, plan.results(*label));
                }
                End::Loop { label, params, initial, body } => {
                    self.run_loop(*label, params, initial, *body, lanes, world)?;
                }
            }
        }
        for stmt in &plan.function.region(id).stmts {
            match stmt {
                Stmt::Let(value, _) => self.state.registers.kill(*value),
                Stmt::Block { results, .. } | Stmt::If { results, .. } => {
                    results.iter().for_each(|value| self.state.registers.kill(*value));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Runs the statements of a region. Lanes that branch away are no longer in `lanes` then.
    fn statements<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        id: RegionId,
        lanes: &mut Vec<u16>,
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let plan = self.plan;
        let uses = &plan.uses[id.index()];
        for (number, stmt) in plan.function.region(id).stmts.iter().enumerate() {
            match stmt {
                Stmt::Block { label, results, body } => {
                    let to = self.open_target(Some(*label));
                    self.nested(*body, lanes, None, to, results, world)?;
                    self.close_target(results, &uses.live_after[number], lanes);
                }
                Stmt::If { condition, results, then, otherwise } => {
                    let to = self.open_target(None);
                    self.branches(*condition, [*then, *otherwise], lanes, to, results, world)?;
                    self.close_target(results, &uses.live_after[number], lanes);
                }
                _ => self.simple(stmt, lanes, world)?,
            }
            uses.dead_after[number].iter().for_each(|value| self.state.registers.kill(*value));
            if lanes.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Runs the regions of an if, each on the lanes that take it.
    fn branches<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        condition: Value,
        [then, otherwise]: [RegionId; 2],
        lanes: &[u16],
        to: usize,
        results: &[Value],
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        if self.plan.uniform[condition.index()] {
            let taken = if self.state.registers.uniform(condition).as_bool() { then } else { otherwise };
            return self.nested(taken, lanes, None, to, results, world);
        }
        let register = self.state.registers.register(condition);
        let conditions = &self.state.registers.bool.get(register)[..lanes.len()];
        let taken = conditions.iter().map(|condition| usize::from(*condition)).sum::<usize>();
        if taken == lanes.len() {
            return self.nested(then, lanes, None, to, results, world);
        }
        if taken == 0 {
            return self.nested(otherwise, lanes, None, to, results, world);
        }
        let (mut yes, mut no) = (self.list(), self.list());
        let register = self.state.registers.register(condition);
        split(&self.state.registers.bool.get(register)[..lanes.len()], &mut yes, &mut no);
        self.nested(then, lanes, Some(&yes), to, results, world)?;
        self.nested(otherwise, lanes, Some(&no), to, results, world)?;
        self.state.spare.push(yes);
        self.state.spare.push(no);
        Ok(())
    }

    fn run_loop<M: Memory, L: MathLibrary, F: Fuel>(
        &mut self,
        label: Label,
        params: &[Value],
        initial: &[Value],
        body: RegionId,
        lanes: &mut Vec<u16>,
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let plan = self.plan;
        let live_in = &plan.uses[body.index()].live_in;
        let to = self.open_target(Some(label));
        self.arrive(to, lanes, initial, params);
        let mark = self.enter(live_in, None);
        while !self.state.targets[to].lanes.is_empty() {
            if !world.fuel.burn() {
                return Err(Stop::OutOfFuel);
            }
            self.narrow(to, live_in, lanes);
            self.state.targets[to].close(&mut self.state.registers, params);
            self.state.targets[to].open(Some(label));
            // Nothing of a loop's body yields.
            self.nested(body, lanes, None, to, &[], world)?;
            params.iter().for_each(|param| self.state.registers.kill(*param));
        }
        self.leave(mark);
        self.state.open -= 1;
        lanes.clear();
        Ok(())
    }

    fn open_target(&mut self, label: Option<Label>) -> usize {
        if self.state.open == self.state.targets.len() {
            self.state.targets.push(Target::default());
        }
        self.state.targets[self.state.open].open(label);
        self.state.open += 1;
        self.state.open - 1
    }

    /// Goes on with the lanes that have arrived at the innermost target, and with its results.
    fn close_target(&mut self, results: &[Value], live_after: &[Value], lanes: &mut Vec<u16>) {
        self.state.open -= 1;
        let to = self.state.open;
        self.narrow(to, live_after, lanes);
        self.state.targets[to].close(&mut self.state.registers, results);
        // In ascending order only now.
        lanes.copy_from_slice(&self.state.targets[to].lanes);
    }

    /// Packs values, if not all lanes have arrived at a target, and `lanes` are those that have.
    fn narrow(&mut self, to: usize, values: &[Value], lanes: &mut Vec<u16>) {
        if self.state.targets[to].lanes.len() == lanes.len() {
            return;
        }
        let mut list = self.list();
        self.state.targets[to].sort();
        positions(&self.state.targets[to].lanes, lanes, &mut list);
        for value in values {
            if let Some(slot) = self.state.registers.slot(*value) {
                let packed = self.state.registers.gather(slot, &list);
                self.state.registers.kill(*value);
                self.state.registers.set_slot(*value, Some(packed));
            }
        }
        lanes.clear();
        lanes.extend_from_slice(&self.state.targets[to].lanes);
        self.state.spare.push(list);
    }

    fn arrive(&mut self, to: usize, lanes: &[u16], values: &[Value], results: &[Value]) {
        self.state.targets[to].arrive(&mut self.state.registers, lanes, values, results, &self.plan.uniform);
    }

    fn find(&self, label: Label) -> usize {
        let open = &self.state.targets[..self.state.open];
        open.iter().rposition(|target| target.label == Some(label)).expect("a label in scope")
    }

    fn list(&mut self) -> Vec<u16> {
        let mut list = self.state.spare.pop().unwrap_or_else(|| Vec::with_capacity(WIDTH + 1));
        list.clear();
        list
    }
}

/// Where the conditions are true, and where they are false. Without a branch for each, which nothing could predict.
fn split(conditions: &[bool], yes: &mut Vec<u16>, no: &mut Vec<u16>) {
    let len = conditions.len();
    // One more than there are at the most: each position is written to both, and counted in one.
    yes.resize(len + 1, 0);
    no.resize(len + 1, 0);
    let (mut trues, mut falses) = (0, 0);
    for (position, condition) in conditions.iter().enumerate() {
        yes[trues] = position as u16;
        no[falses] = position as u16;
        trues += usize::from(*condition);
        falses += usize::from(!*condition);
    }
    yes.truncate(trues);
    no.truncate(falses);
}
