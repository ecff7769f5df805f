//! [`Body`]: a compiled loop body, as those who run it want it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::analysis::polled_arrays;
use crate::codegen::{Frame, Native, NoCode, of_rows};
use crate::expand::expand;
use crate::interpret::{MathLibrary, Plan, State};
use crate::ir::{Array, Element, End, Function, Math, Op, RegionId, Stmt};
use crate::lower::{Lowered, Path, Refused, Request, Shape, lower};
use crate::stack::with_stack;

/// How many states are kept for later runs: about as many as there are threads in a call.
const MAX_SPARE: usize = 64;
/// The same of frames, which are larger.
const MAX_SPARE_FRAMES: usize = 8;

/// Code for bodies whose regions are deeper in each other is made where there is stack enough.
const DEEP: usize = 32;

/// Characters of the source that a body is called by.
const TITLE: usize = 60;

/// A loop body, ready to run on any number of threads.
#[derive(Debug)]
pub struct Body {
    title: Box<str>,
    plan: Plan,
    scalars: Box<[Path]>,
    arrays: Box<[Path]>,
    captured: Box<[Box<str>]>,
    math: Box<[Math]>,
    has_hypot: bool,
    has_loops: bool,
    has_atomics: bool,
    is_closed: bool,
    polled: Box<[bool]>,
    read: Box<[bool]>,
    depth: usize,
    /// States of runs that have ended.
    spare: Mutex<Vec<State>>,
    /// Picoseconds; 0 before the first run.
    cost: AtomicU64,
    /// For how many indices there were calls.
    called: AtomicU64,
    /// For libraries that have all of its functions as the portable one has them, and for the engine's that has not.
    native: [Made; 2],
    /// The same for one row.
    rows: [Made; 2],
    /// What is in memory for each array: those that are not shared are copied as doubles.
    elements: Box<[Element]>,
}

/// Machine code, and frames of runs that have ended.
#[derive(Default, Debug)]
struct Made {
    native: OnceLock<Result<Native, NoCode>>,
    spare: Mutex<Vec<Frame>>,
}

impl Made {
    fn spare(&self) -> MutexGuard<'_, Vec<Frame>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    /// Compiles a body.
    ///
    /// # Errors
    /// Everything in it that cannot be compiled.
    pub fn compile(request: &Request<'_>) -> Result<Self, Vec<Refused>> {
        lower(request).map(|lowered| Self::new(lowered, request))
    }

    fn new(lowered: Lowered, request: &Request<'_>) -> Self {
        let Lowered { function, scalars, arrays, captured, is_closed, hypot, .. } = lowered;
        Self {
            title: request.source.chars().take(TITLE).collect(),
            math: math_of(&function),
            has_hypot: hypot.is_some(),
            elements: elements_of(&function, &arrays, request),
            has_loops: function.regions.iter().any(|region| matches!(region.end, End::Loop { .. })),
            has_atomics: function.regions.iter().flat_map(|region| &region.stmts).any(is_atomic),
            is_closed,
            polled: polled_arrays(&function),
            read: read_arrays(&function),
            depth: depth_of(&function, function.entry),
            plan: Plan::new(function),
            scalars: scalars.into(),
            arrays: arrays.into(),
            captured: captured.into(),
            spare: Mutex::default(),
            cost: AtomicU64::new(0),
            called: AtomicU64::new(0),
            native: Default::default(),
            rows: Default::default(),
        }
    }

    /// How its source begins: for people.
    pub fn title(&self) -> &str {
        &self.title
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

    /// Whether all that it does is in its source, so that nothing but its arrays and numbers decides what it does.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// For each array, whether a loop looks at an element of it until somebody else has changed that.
    pub fn polled(&self) -> &[bool] {
        &self.polled
    }

    /// For each array, whether it reads elements of it.
    pub fn read(&self) -> &[bool] {
        &self.read
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

    /// The code for a library. There are two: what an engine has is the same for all of a process.
    fn made(&self, library: &(dyn MathLibrary + Sync), is_of_rows: bool) -> &Made {
        let is_portable = self.math.iter().all(|function| library.has_portable(*function));
        let made = if is_of_rows { &self.rows } else { &self.native };
        &made[usize::from(!is_portable)]
    }

    /// Its machine code for runs with this library, which is made when it is asked for first: in a tenth of a millisecond or so.
    ///
    /// # Errors
    /// There is none, for the reason that comes back.
    pub fn native(&self, library: &(dyn MathLibrary + Sync)) -> Result<&Native, NoCode> {
        self.native_and(library, |_| {})
    }

    /// The same; if it is made now, `tell` hears of it.
    ///
    /// # Errors
    /// As [`native`](Self::native).
    pub fn native_and(
        &self,
        library: &(dyn MathLibrary + Sync),
        tell: impl FnOnce(&Native),
    ) -> Result<&Native, NoCode> {
        let native = self
            .made(library, false)
            .native
            .get_or_init(|| self.make(library, Function::clone).inspect(tell));
        native.as_ref().map_err(|why| *why)
    }

    /// Its machine code for one row of a range of several dimensions, which is made when it is asked for first; if it is made now, `tell` hears of
    /// it. The indices but the last are scalars behind the others: see [`of_rows`]. `None` if there is none.
    pub fn rows_and(
        &self,
        library: &(dyn MathLibrary + Sync),
        tell: impl FnOnce(&Native),
    ) -> Option<&Native> {
        let made = self.made(library, true);
        made.native.get_or_init(|| self.make(library, of_rows).inspect(tell)).as_ref().ok()
    }

    fn make(
        &self,
        library: &(dyn MathLibrary + Sync),
        change: fn(&Function) -> Function,
    ) -> Result<Native, NoCode> {
        let make = || {
            let expanded = expand(self.function(), |function| library.has_portable(function));
            Native::compile(&change(expanded.as_ref().unwrap_or(self.function())), &self.elements)
        };
        if self.depth > DEEP { with_stack(make) } else { make() }
    }

    /// A frame to run its machine code in, or that of its rows. `None` if it has none, or if that has not been made.
    pub fn frame(&self, library: &(dyn MathLibrary + Sync), is_of_rows: bool) -> Option<Frame> {
        let made = self.made(library, is_of_rows);
        let Some(Ok(native)) = made.native.get() else { return None };
        let spare = made.spare().pop();
        Some(spare.unwrap_or_else(|| native.frame()))
    }

    /// Gives a frame back that was asked for in the same way.
    pub fn recycle_frame(&self, library: &(dyn MathLibrary + Sync), is_of_rows: bool, frame: Frame) {
        let mut spare = self.made(library, is_of_rows).spare();
        if spare.len() < MAX_SPARE_FRAMES {
            spare.push(frame);
        }
    }

    /// Whether its machine code has been made already.
    pub fn has_native(&self, library: &(dyn MathLibrary + Sync)) -> bool {
        matches!(self.made(library, false).native.get(), Some(Ok(_)))
    }

    /// How many picoseconds an index took on one thread when it last ran; 0 if it never has. What it will take next is only
    /// a guess: that depends on the data, and on the index.
    pub fn cost(&self) -> u64 {
        self.cost.load(Ordering::Relaxed)
    }

    /// Counts a call for so many indices. Returns for how many there were calls by now.
    pub fn count_call(&self, indices: u64) -> u64 {
        // Relaxed: it is a guess at what is to come. More than 2^64 make it small again, when there is code for long.
        self.called.fetch_add(indices, Ordering::Relaxed).saturating_add(indices)
    }

    /// Remembers what an index has cost.
    pub fn set_cost(&self, picoseconds: u64) {
        self.cost.store(picoseconds.max(1), Ordering::Relaxed);
    }
}

fn elements_of(function: &Function, arrays: &[Path], request: &Request<'_>) -> Box<[Element]> {
    let in_memory = |(array, path): (&Array, &Path)| match request.data.at(path) {
        // The view that the body is called with is shared.
        _ if path.is_empty() => array.element,
        Some(Shape::Array { is_shared: true, .. }) => array.element,
        _ => Element::Float64,
    };
    function.arrays.iter().zip(arrays).map(in_memory).collect()
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

/// For each array, whether elements of it are read.
fn read_arrays(function: &Function) -> Box<[bool]> {
    let mut read = vec![false; function.arrays.len()];
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Let(_, Op::Load(array, _) | Op::Atomic(_, array, ..)) = stmt {
            read[array.index()] = true;
        }
    }
    read.into()
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
