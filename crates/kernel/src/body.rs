//! [`Body`]: a compiled loop body, as those who run it want it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::interpret::{Plan, State};
use crate::ir::{End, Function, Math, Op, RegionId, Stmt};
use crate::lower::{Lowered, Path, Refused, Request, lower};

/// How many states are kept for later runs: about as many as there are threads in a call.
const MAX_SPARE: usize = 64;

/// A loop body, ready to run on any number of threads.
#[derive(Debug)]
pub struct Body {
    plan: Plan,
    scalars: Box<[Path]>,
    arrays: Box<[Path]>,
    captured: Box<[Box<str>]>,
    math: Box<[Math]>,
    has_hypot: bool,
    has_loops: bool,
    has_atomics: bool,
    depth: usize,
    /// States of runs that have ended.
    spare: Mutex<Vec<State>>,
    /// Picoseconds; 0 before the first run.
    cost: AtomicU64,
}

impl Body {
    /// Compiles a body.
    ///
    /// # Errors
    /// Everything in it that cannot be compiled.
    pub fn compile(request: &Request<'_>) -> Result<Self, Vec<Refused>> {
        lower(request).map(Self::new)
    }

    fn new(lowered: Lowered) -> Self {
        let Lowered { function, scalars, arrays, captured, hypot, .. } = lowered;
        Self {
            math: math_of(&function),
            has_hypot: hypot.is_some(),
            has_loops: function.regions.iter().any(|region| matches!(region.end, End::Loop { .. })),
            has_atomics: function.regions.iter().flat_map(|region| &region.stmts).any(is_atomic),
            depth: depth_of(&function, function.entry),
            plan: Plan::new(function),
            scalars: scalars.into(),
            arrays: arrays.into(),
            captured: captured.into(),
            spare: Mutex::default(),
            cost: AtomicU64::new(0),
        }
    }

    /// What the block interpreter runs.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The IR.
    pub fn function(&self) -> &Function {
        self.plan.function()
    }

    /// For each scalar of the function, where in `data` it is.
    pub fn scalars(&self) -> &[Path] {
        &self.scalars
    }

    /// For each array of the function, where in `data` it is; empty for the array whose elements the body is called with.
    pub fn arrays(&self) -> &[Path] {
        &self.arrays
    }

    /// The names of `data` that the body or a helper takes from its surroundings, not from its parameter.
    pub fn captured(&self) -> &[Box<str>] {
        &self.captured
    }

    /// The functions that it wants of a [`MathLibrary`](crate::interpret::MathLibrary).
    pub fn math(&self) -> &[Math] {
        &self.math
    }

    /// Whether it calls `Math.hypot` of several numbers, which has the bits of V8's and comes from no library.
    pub fn has_hypot(&self) -> bool {
        self.has_hypot
    }

    /// Whether there is a loop in it.
    pub fn has_loops(&self) -> bool {
        self.has_loops
    }

    /// Whether it uses `Atomics`.
    pub fn has_atomics(&self) -> bool {
        self.has_atomics
    }

    /// How deep its regions are in each other: the stack that a run of it takes grows with that.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// A state to run it with.
    pub fn state(&self) -> State {
        let spare = self.spare().pop();
        spare.unwrap_or_else(|| State::new(&self.plan))
    }

    /// Gives a state back.
    pub fn recycle(&self, state: State) {
        let mut spare = self.spare();
        if spare.len() < MAX_SPARE && !state.is_large() {
            spare.push(state);
        }
    }

    fn spare(&self) -> MutexGuard<'_, Vec<State>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many picoseconds an index took on one thread when it last ran; 0 if it never has. What it will take next is only
    /// a guess: that depends on the data, and on the index.
    pub fn cost(&self) -> u64 {
        self.cost.load(Ordering::Relaxed)
    }

    /// Remembers what an index has cost.
    pub fn set_cost(&self, picoseconds: u64) {
        self.cost.store(picoseconds.max(1), Ordering::Relaxed);
    }
}

fn depth_of(function: &Function, id: RegionId) -> usize {
    let region = function.region(id);
    let loops = match region.end {
        End::Loop { body, .. } => Some(body),
        _ => None,
    };
    let inner = region.stmts.iter().flat_map(Function::children).chain(loops);
    1 + inner.map(|child| depth_of(function, child)).max().unwrap_or(0)
}

fn is_atomic(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Let(_, Op::Atomic(..)))
}

/// The functions that are called, each once, in the order of [`Math::ALL`].
fn math_of(function: &Function) -> Box<[Math]> {
    let mut called = vec![false; Math::ALL.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(_, Op::Call(math, _)) = stmt {
            called[*math as usize] = true;
        }
    }
    Math::ALL.iter().zip(called).filter(|(_, called)| *called).map(|(math, _)| *math).collect()
}
