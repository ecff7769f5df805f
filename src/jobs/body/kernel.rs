//! [`BodyKernel`]: runs a compiled body in blocks.

use std::array;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use allcores_exact::fused::{Fused, Lanes};
use allcores_kernel::Body;
use allcores_kernel::codegen::{self, Frame, Indices, Inputs, Native, SumLanes, World};
use allcores_kernel::interpret::{self, Block, Fuel, MathLibrary, State, Stop};
use allcores_kernel::ir::Math;
use allcores_memory::SharedArray;

use super::arrays::Arrays;
use super::code::{inputs, inputs_of_rows, may_wait};
use super::grid::MAX_DIMENSIONS;
use super::{Call, Grid, Library, engine};
use crate::jobs::claims::Claims;
use crate::jobs::pipeline::{Kernel, KernelShape};
use crate::jobs::reduction::Found;
use crate::jobs::value::Refusal;
use crate::pool;

/// Indices of a block at the most.
const WIDTH: usize = Native::WIDTH;

/// What a body returns for consecutive units. Those of a body that returns nothing are meaningless.
pub(crate) struct Terms<'s> {
    /// The first unit.
    pub(in crate::jobs) start: u64,
    pub(in crate::jobs) values: &'s mut [f64],
    /// How many more there were before them, which have been added up on the way.
    pub(in crate::jobs) summed: usize,
    /// Where their sum is, with that of others, if it is to be taken now.
    pub(in crate::jobs) fused: Option<&'s mut Fused>,
}

/// Memory for one block.
pub(crate) struct Scratch {
    /// `None` only while the interpreter has it, and after a panic.
    state: Option<State>,
    /// Where machine code runs, if there is any.
    frame: Option<Frame>,
    /// Where that of rows runs, and on what.
    rows: Option<(Frame, Inputs)>,
    /// A list for each dimension, once they are needed.
    indices: Vec<[f64; WIDTH]>,
    values: Values,
    /// What machine code that adds up begins with.
    fused: Fused,
}

/// As many doubles as a block may need, from the beginning of a cache line on: those who add them up have no ends to take one by one then.
struct Values {
    memory: Box<[f64]>,
    /// Where the cache line begins.
    start: usize,
}

/// Doubles of a cache line.
const LINE: usize = 64 / size_of::<f64>();

impl Values {
    /// For blocks of up to so many, whose last row may end anywhere.
    fn new(len: usize) -> Self {
        let memory = vec![0.0; len.next_multiple_of(Native::LANES) + Native::LANES + LINE].into_boxed_slice();
        let start = LINE - memory.as_ptr().addr() / size_of::<f64>() % LINE;
        Self { memory, start }
    }

    fn all(&mut self) -> &mut [f64] {
        &mut self.memory[self.start..]
    }
}

/// See the module's head.
pub(crate) struct BodyKernel {
    body: Arc<Body>,
    scalars: Box<[f64]>,
    arrays: Arrays,
    /// For machine code, if that is to run the body.
    inputs: Option<Inputs>,
    /// The same for code of one row, whose indices but the last are scalars behind the others.
    rows: Option<Inputs>,
    library: Library,
    grid: Grid,
    /// The values are added up, and go nowhere else.
    is_sum: bool,
    /// What has been found: what comes after it need not run.
    found: Option<Arc<Found>>,
    /// When it gives up, where it is asked whether to go on.
    deadline: Option<Instant>,
    /// How many units a block has.
    block: u64,
    /// How many units a piece should have at least.
    least: u64,
    /// Memory of pieces that have ended.
    spare: Mutex<Vec<Scratch>>,
    /// Set to make all threads return.
    is_stopping: AtomicBool,
    /// A thread has returned because of that.
    is_cut_short: AtomicBool,
    /// `refusal` is there.
    is_refused: AtomicBool,
    refusal: Mutex<Option<Refusal>>,
}

impl BodyKernel {
    /// `into` is where a sink stores what the body returns.
    pub(in crate::jobs) fn new(call: Call, into: Option<&SharedArray>) -> Self {
        let Call { body, scalars, arrays, library, grid } = call;
        let inputs = inputs(&body, library, &scalars, &arrays, grid.units());
        let native = inputs.as_ref().and_then(|_| body.native(library).ok());
        let block = native.map_or(interpret::WIDTH, Native::block) as u64;
        // Code takes shorter blocks, too; only lanes that leave others behind want to be many.
        let least = if native.is_some_and(Native::diverges) { block } else { interpret::WIDTH as u64 };
        // Each index has come to its end, and what it returns is where it belongs, before the next one begins.
        let block = if may_wait(&body, &arrays, into) { 1 } else { block };
        let rows = native
            .filter(|_| block > 1)
            .and_then(|native| inputs_of_rows(native, &body, library, &scalars, &arrays, grid));
        Self {
            body,
            scalars,
            arrays: Arrays(arrays),
            inputs,
            rows,
            library,
            grid,
            is_sum: false,
            found: None,
            deadline: None,
            block,
            least,
            spare: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            is_cut_short: AtomicBool::new(false),
            is_refused: AtomicBool::new(false),
            refusal: Mutex::default(),
        }
    }

    /// How its units are cut, for at most so many threads.
    pub(in crate::jobs) fn claims(&self, threads: usize) -> Claims {
        let claims = Claims::new(self.grid.units(), self.least, threads, self.body.cost());
        if self.body.has_loops() { claims.never_short() } else { claims }
    }

    /// The values will be added up, and go nowhere else.
    pub(in crate::jobs) fn into_sum(mut self) -> Self {
        self.is_sum = true;
        self
    }

    /// The values are looked through for the first that is true.
    pub(in crate::jobs) fn until(mut self, found: Arc<Found>) -> Self {
        self.found = Some(found);
        self
    }

    /// Whether a block of units from `start` on has to run, or to go on.
    #[inline]
    fn is_wanted(&self, start: u64) -> bool {
        let is_late = self.found.as_ref().is_some_and(|found| found.is_before(start));
        !is_late && !self.is_stopping.load(Ordering::Relaxed)
    }

    /// Whoever runs it does not wait for loops that take long.
    pub(super) fn into_bounded(mut self) -> Self {
        self.deadline = Some(Instant::now() + PATIENCE);
        self
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A body that cannot go on stops the call: the first reason counts.
    fn refuse(&self, stop: Stop) {
        let refusal = Refusal(explain(stop, &self.body, &self.arrays));
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(refusal);
        self.is_refused.store(true, Ordering::Release);
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

impl KernelShape for BodyKernel {
    type Scratch = Scratch;
    const BLOCK: u64 = WIDTH as u64;

    fn block(&self) -> u64 {
        self.block
    }

    fn begin(&self) -> Scratch {
        let spare = self.spare().pop();
        spare.unwrap_or_else(|| Scratch {
            state: self.inputs.is_none().then(|| self.body.state()),
            frame: self.inputs.is_some().then(|| self.body.frame(self.library, false)).flatten(),
            rows: self.rows.clone().and_then(|inputs| Some((self.body.frame(self.library, true)?, inputs))),
            indices: Vec::new(),
            values: Values::new(self.block.min(self.grid.units()) as usize),
            fused: Fused::new(),
        })
    }

    fn end(&self, scratch: Scratch) {
        self.spare().push(scratch);
    }

    fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn is_cut_short(&self) -> bool {
        // Relaxed: the pool asks when all threads have left, and has synchronized with them.
        self.is_cut_short.load(Ordering::Relaxed)
    }

    fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Acquire)
    }

    fn refusal(&self) -> Option<Refusal> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, cost: u64) {
        if cost != 0 {
            self.body.set_cost(cost);
        }
    }
}

impl Kernel<Range<u64>> for BodyKernel {
    type Terms<'s> = Terms<'s>;

    fn map<'s>(&self, block: Range<u64>, scratch: &'s mut Scratch) -> Option<Terms<'s>> {
        let mut fuel = Polls::new(self, block.start);
        if !fuel.burn() {
            self.cut_short();
            return None;
        }
        let Scratch { state, frame, rows, indices, values, fused } = scratch;
        let values = values.all();
        if let Some((frame, inputs)) = rows
            && let Some(native) = engine::rows(&self.body, self.library)
        {
            return self.run_rows(native, (frame, inputs), block, values, &mut fuel);
        }
        let len = (block.end - block.start) as usize;
        let dimensions = self.grid.dimensions();
        let code = self
            .inputs
            .as_ref()
            .zip(frame.as_mut())
            .and_then(|(inputs, frame)| Some((inputs, frame, self.body.native(self.library).ok()?)));
        let first = self.grid.first(block.start).filter(|_| code.is_some());
        if first.is_none() {
            indices.resize(dimensions, [0.0; WIDTH]);
            let mut lists: [&mut [f64]; MAX_DIMENSIONS] = [&mut [], &mut [], &mut []];
            lists.iter_mut().zip(indices.iter_mut()).for_each(|(to, list)| *to = &mut list[..len]);
            self.grid.fill(block.clone(), &mut lists[..dimensions]);
        }
        if let Some((inputs, frame, native)) = code {
            let start = block.start;
            let indices = first.map_or(Indices::Lists(indices), Indices::From);
            let block = codegen::Block { indices, count: len, out: values };
            let library = Dynamic(self.library);
            let mut world = World { memory: &self.arrays, math: &library, fuel: &mut fuel };
            let (summed, most) = native.summed(len);
            let adds_up = self.is_sum && native.adds_up() && summed > 0;
            let levels = if adds_up { fused.begin(native.sum_lanes(), most as u32) } else { None };
            let is_adding = levels.is_some();
            if let Some(levels) = levels {
                native.begin_sum(frame, levels);
            }
            // SAFETY: the inputs were made for this code, by `inputs`.
            let end = unsafe { native.run(frame, inputs, block, &mut world) };
            let mut terms = self.ended(end, start, &mut values[..len])?;
            if is_adding {
                let SumLanes { levels, max, residues } = native.sum(frame);
                if fused.end(Lanes { sums: levels, max, residues }, &terms.values[..summed]) {
                    terms = Terms {
                        start: start + summed as u64,
                        values: &mut terms.values[summed..],
                        summed,
                        fused: None,
                    };
                }
            } else if adds_up && !fused.is_ready() {
                fused.learn(terms.values);
            }
            terms.fused = (adds_up && fused.is_due(most as u32)).then_some(fused);
            return Some(terms);
        }
        let taken = state.take().unwrap_or_else(|| self.body.state());
        let mut engine = Block::with_state(self.body.plan(), &self.scalars, taken);
        let library = Dynamic(self.library);
        let mut end = Ok(());
        for start in (0..len).step_by(interpret::WIDTH) {
            let part = start..len.min(start + interpret::WIDTH);
            let lists: [&[f64]; MAX_DIMENSIONS] = array::from_fn(|dimension| {
                indices.get(dimension).map_or(&[][..], |list| &list[part.clone()])
            });
            let values = &mut values[part.clone()];
            end = engine.run(&lists[..dimensions], values, &self.arrays, &library, &mut fuel);
            if end.is_err() {
                break;
            }
        }
        *state = Some(engine.into_state());
        self.ended(end, block.start, &mut values[..len])
    }

    fn rest<'s>(&self, scratch: &'s mut Scratch) -> Option<Terms<'s>> {
        let fused = &mut scratch.fused;
        (!fused.is_empty()).then_some(Terms { start: 0, values: &mut [], summed: 0, fused: Some(fused) })
    }
}

impl BodyKernel {
    /// A block has not run to its end. If that is for what was found before it, nothing is missing.
    fn cut_short(&self) {
        if self.is_stopping.load(Ordering::Relaxed) {
            self.is_cut_short.store(true, Ordering::Relaxed);
        }
    }

    /// Runs a block row by row.
    fn run_rows<'s>(
        &self,
        native: &Native,
        (frame, inputs): (&mut Frame, &mut Inputs),
        block: Range<u64>,
        values: &'s mut [f64],
        fuel: &mut Polls<'_>,
    ) -> Option<Terms<'s>> {
        let outer = self.grid.dimensions() - 1;
        let library = Dynamic(self.library);
        let (mut end, mut at) = (Ok(()), 0);
        for (indices, row) in self.grid.rows(block.clone()) {
            for (dimension, index) in indices.into_iter().take(outer).enumerate() {
                inputs.set_scalar(self.scalars.len() + dimension, index as f64);
            }
            let count = (row.end - row.start) as usize;
            // What a row writes behind its end, the next one writes again.
            let run = codegen::Block { indices: Indices::From(row.start), count, out: &mut values[at..] };
            let mut world = World { memory: &self.arrays, math: &library, fuel };
            // SAFETY: the inputs were made for this code, by `inputs_of_rows`.
            end = unsafe { native.run(frame, inputs, run, &mut world) };
            if end.is_err() {
                break;
            }
            at += count;
        }
        let len = (block.end - block.start) as usize;
        self.ended(end, block.start, &mut values[..len])
    }

    /// What came of a block.
    fn ended<'s>(&self, end: Result<(), Stop>, start: u64, values: &'s mut [f64]) -> Option<Terms<'s>> {
        match end {
            Ok(()) => Some(Terms { start, values, summed: 0, fused: None }),
            Err(Stop::OutOfFuel) => {
                self.cut_short();
                None
            }
            Err(stop) => {
                self.refuse(stop);
                None
            }
        }
    }
}

impl Drop for BodyKernel {
    fn drop(&mut self) {
        for scratch in self.spare().drain(..) {
            if let Some(state) = scratch.state {
                self.body.recycle(state);
            }
            if let Some(frame) = scratch.frame {
                self.body.recycle_frame(self.library, false, frame);
            }
            if let Some((frame, _)) = scratch.rows {
                self.body.recycle_frame(self.library, true, frame);
            }
        }
    }
}

/// As many turns as it likes, until the call is to stop. A turn is one of many lanes, and takes far longer than to look.
struct Polls<'a> {
    kernel: &'a BodyKernel,
    /// The first unit of the block.
    start: u64,
    turns: u32,
    held_up: HeldUp,
}

/// After so many turns, some microseconds at least, the clock is read.
const TURNS: u32 = 64;
/// So long does a call run on the thread that makes it.
const PATIENCE: Duration = Duration::from_micros(100);
/// A piece that has taken so long is held up.
const LONG: Duration = Duration::from_millis(1);

impl<'a> Polls<'a> {
    fn new(kernel: &'a BodyKernel, start: u64) -> Self {
        Self { kernel, start, turns: 0, held_up: HeldUp::default() }
    }

    #[cold]
    fn look_at_clock(&mut self) {
        if self.held_up.look(Instant::now()) {
            pool::relieve();
        }
    }
}

/// Tells whether a piece is held up.
#[derive(Default)]
struct HeldUp {
    /// When to say so next.
    next: Option<Instant>,
}

impl HeldUp {
    /// True once in every [`LONG`], and not before one has passed since the first look.
    fn look(&mut self, now: Instant) -> bool {
        let is_first = self.next.is_none();
        if self.next.is_some_and(|next| now < next) {
            return false;
        }
        self.next = Some(now + LONG);
        !is_first
    }
}

impl Fuel for Polls<'_> {
    fn burn_many(&mut self) -> bool {
        if self.kernel.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.kernel.is_stopping.store(true, Ordering::Relaxed);
            return false;
        }
        self.look_at_clock();
        self.kernel.is_wanted(self.start)
    }

    #[inline]
    fn burn(&mut self) -> bool {
        self.turns += 1;
        if self.turns == TURNS {
            self.turns = 0;
            self.look_at_clock();
        }
        self.kernel.is_wanted(self.start)
    }
}

/// A library that is chosen when the call is made.
pub(super) struct Dynamic(pub(super) Library);

impl MathLibrary for Dynamic {
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        self.0.call(function, arguments)
    }

    fn has_portable(&self, function: Math) -> bool {
        self.0.has_portable(function)
    }
}

/// Why a body cannot go on, for its user.
fn explain(stop: Stop, body: &Body, arrays: &Arrays) -> String {
    match stop {
        Stop::OutOfFuel => "The body was stopped.".to_owned(),
        Stop::AtomicOutOfBounds { array, index } => {
            let name = &body.function().arrays[array.index()].name;
            let len = arrays.0[array.index()].len();
            format!(
                "The body calls a function of Atomics on element {index} of \"{name}\", which has {len} elements. What other \
                 calls of the body have stored by then stays."
            )
        }
        Stop::NoSuchRow => {
            "The body reads of a row, or of an object, that its array does not have, or of what is null or undefined. What \
                            other calls of the body have stored by then stays."
                .to_owned()
        }
        Stop::LocalOutOfBounds { index } => format!(
            "The body stores to element {index} of an array of its own, which has no room for it: one that grows by push has room \
             for 256 elements, any other one keeps its length. What other calls of the body have stored by then stays."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_held_up_once_in_every_while() {
        let mut held_up = HeldUp::default();
        let first = Instant::now();
        let looks = [
            (0, false),
            (5, false),
            (9, false),
            (10, true),
            (11, false),
            (19, false),
            (25, true),
            (34, false),
        ];
        for (tenths, expected) in looks {
            assert_eq!(held_up.look(first + tenths * LONG / 10), expected, "{tenths}");
        }
    }
}
