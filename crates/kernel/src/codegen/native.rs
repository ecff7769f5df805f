//! [`Native`]: a function as machine code, and how it is called.

use std::ops::Range;
use std::sync::atomic::AtomicU32;
use std::time::Instant;

use allcores_machine::code::Code;

use super::block::{Block, LANES, Lanes, REST, address, address_of, all, begin};
use super::contest::{Contest, Side};
use super::fibers::{self, Fibers};
use super::words::Words;
use super::x64::frame::Turn;
use super::x64::frame::{LEVELS, MAX_PARTS};
use super::x64::{self, Machine, frame};
use super::{NoCode, Question, Unsupported, choice, granted};
use crate::analysis::Granted;
use crate::interpret::{Fuel, MathLibrary, Memory, Stop};
use crate::ir::{Element, Function};

/// Machine code of a function.
#[derive(Debug)]
pub struct Native {
    code: Code,
    pub(super) machine: Machine,
    pub(super) parts: usize,
    frame_words: usize,
    pub(super) indices: usize,
    scalars: usize,
    elements: Box<[Element]>,
    pub(super) returns: bool,
    adds_up: bool,
    /// One index at a time may be faster.
    pub(super) may_lose: bool,
    in_pairs: bool,
    pub(super) questions: Box<[Question]>,
    pub(super) turns: Box<[Turn]>,
    /// It reads lists when lanes may have changed places.
    pub(super) reads_lists_late: bool,
    /// How many turns a group makes at first before its lanes may be packed: what has proved good so far.
    pub(super) slice: AtomicU32,
    pub(super) pace: fibers::Pace,
    /// What has to hold for a block.
    granted: Option<Granted>,
    /// Code for one index at a time, where that may be faster.
    pub(super) rival: Option<Box<Rival>>,
}

/// Other code for the same function.
#[derive(Debug)]
pub(super) struct Rival {
    pub(super) native: Native,
    contest: Contest,
}

/// An array of the caller, as code reaches it.
#[derive(Clone, Copy, Debug)]
pub struct RawArray {
    /// Of its first element.
    pub address: usize,
    /// How many elements there are.
    pub len: u64,
}

/// Numbers and arrays of one call, for all threads.
#[derive(Clone, Debug)]
pub struct Inputs(pub(super) Box<[u64]>);

impl Inputs {
    /// In the order of the function's.
    ///
    /// # Safety
    ///
    /// As long as code runs on them, the memory of all elements must stay mapped, and writable if the function writes the array; no Rust
    /// code may access it but atomically or through racy loads.
    pub unsafe fn new(scalars: &[f64], arrays: impl IntoIterator<Item = RawArray>) -> Self {
        let mut words: Vec<u64> = scalars.iter().flat_map(|scalar| [scalar.to_bits(); 4]).collect();
        let others: u32 = scalars.iter().enumerate().map(|(k, scalar)| bit_of(k, !is_small(*scalar))).sum();
        for RawArray { address, len } in arrays {
            let lanes = (len as f64).to_bits();
            let is_small = u64::from(len > 0 && len < 1 << 31);
            words.extend([address as u64, len, is_small, 0, lanes, lanes, lanes, lanes]);
        }
        words.push(u64::from(others));
        Self(words.into())
    }

    /// Puts another number in the place of a scalar.
    pub fn set_scalar(&mut self, number: usize, value: f64) {
        self.0[4 * number..4 * number + 4].fill(value.to_bits());
        let others = self.0.last_mut().expect("the word behind all");
        *others &= !u64::from(bit_of(number, true));
        *others |= u64::from(bit_of(number, !is_small(value)));
    }
}

/// Whether a scalar is an integer below 2^25: then products and sums of some such are exact.
fn is_small(scalar: f64) -> bool {
    scalar.trunc() == scalar && scalar.abs() < f64::from(1 << frame::SMALL_BITS)
}

/// A bit for each of the first scalars.
fn bit_of(number: usize, is_set: bool) -> u32 {
    if number < frame::SCALAR_BITS { u32::from(is_set) << number } else { 0 }
}

/// The memory in which one thread runs one [`Native`].
#[derive(Debug)]
pub struct Frame {
    pub(super) words: Words,
    pub(super) fibers: Fibers,
    /// The next run adds up.
    adds_up: bool,
    /// That of the code for one index at a time.
    pub(super) rival: Option<Box<Frame>>,
}

impl Native {
    /// Lanes of a block at the most: as many as the lists have.
    pub const WIDTH: usize = 2048;

    /// How many indices it works on at a time at the most. Results are written for so many.
    pub const LANES: usize = LANES;

    /// Makes code for a function that `verify` accepts. `elements` says what is in memory for each of its arrays, which need not be what they
    /// are to the function: an array of bytes may have been copied as doubles.
    ///
    /// # Errors
    /// There is none, for the reason that comes back.
    pub fn compile(function: &Function, elements: &[Element]) -> Result<Self, NoCode> {
        let mut native = match Self::compile_for(function, elements, choice::chosen()?) {
            // Indices that may wait for each other run one after the other.
            Err(NoCode::Function(Unsupported::Waits)) if choice::is_scalar_trusted() => {
                return Self::compile_for(function, elements, Machine::Scalar);
            }
            native => native?,
        };
        if native.may_lose && choice::is_scalar_trusted() {
            let rival = Self::compile_granted(function, elements, x64::worth_granting(function)).ok();
            native.rival = rival.map(|native| Box::new(Rival { native, contest: Contest::new() }));
        }
        Ok(native)
    }

    /// The same, for an instruction set.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn compile_for(function: &Function, elements: &[Element], machine: Machine) -> Result<Self, NoCode> {
        Self::compile_with(function, elements, machine, None, MAX_PARTS as usize)
    }

    /// The same with two vectors side by side at the most, which takes half as long: for code that hardly runs.
    pub(super) fn compile_short(
        function: &Function,
        elements: &[Element],
        machine: Machine,
    ) -> Result<Self, NoCode> {
        Self::compile_with(function, elements, machine, None, 2)
    }

    /// Code for one index at a time, for blocks for which all this holds.
    pub(super) fn compile_granted(
        function: &Function,
        elements: &[Element],
        granted: Granted,
    ) -> Result<Self, NoCode> {
        Self::compile_with(function, elements, Machine::Scalar, Some(granted), 1)
    }

    fn compile_with(
        function: &Function,
        elements: &[Element],
        machine: Machine,
        granted: Option<Granted>,
        most_parts: usize,
    ) -> Result<Self, NoCode> {
        assert_eq!(elements.len(), function.arrays.len(), "what is in memory for each array");
        if !machine.is_available() {
            return Err(NoCode::Processor);
        }
        let made = x64::compile(function, elements, machine, granted.as_ref(), most_parts)
            .map_err(NoCode::Function)?;
        let code = Code::new(&made.bytes).map_err(NoCode::Memory)?;
        Ok(Self {
            code,
            machine,
            parts: made.parts,
            frame_words: word(machine.slot(made.slots)),
            indices: usize::from(function.indices),
            scalars: function.scalars.len(),
            elements: elements.into(),
            returns: function.result.is_some(),
            adds_up: made.adds_up,
            may_lose: made.may_lose,
            in_pairs: made.in_pairs,
            questions: made.questions.into(),
            turns: made.turns.into(),
            reads_lists_late: made.reads_lists_late,
            slice: AtomicU32::new(fibers::FIRST_SLICE),
            pace: fibers::Pace::of(made.weight),
            granted,
            rival: None,
        })
    }

    /// What it takes the memory of each array for.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// How many indices it works on at a time.
    pub fn lanes(&self) -> usize {
        self.machine.lanes() * self.parts
    }

    /// Whether integers of 32 bits of two vectors of doubles are in one.
    pub fn in_pairs(&self) -> bool {
        self.in_pairs
    }

    /// Whether lanes may leave a loop long before others do.
    pub fn diverges(&self) -> bool {
        self.turns.iter().any(|turn| turn.diverges)
    }

    /// How many indices a block should have, at most [`WIDTH`](Self::WIDTH). To begin and to end one takes as long as a straight body
    /// takes for some hundred. What is returned should still be in the L1 cache when the block has ended, which arrays go through as well.
    pub fn block(&self) -> usize {
        if self.diverges() {
            // So many that the lanes that stay longest fill vectors.
            Self::WIDTH / 2
        } else if self.returns {
            (Self::WIDTH >> self.elements.len().min(2)).max(Self::WIDTH / 4)
        } else {
            Self::WIDTH
        }
    }

    /// The instruction set that it is made for.
    pub fn isa(&self) -> &'static str {
        // One index at a time takes the same instructions.
        if self.machine.is_scalar() { Machine::Avx2.name() } else { self.machine.name() }
    }

    /// Whether it can add up what the function returns on the way: where that costs nothing.
    pub fn adds_up(&self) -> bool {
        self.adds_up
    }

    /// How many indices of a block of `count` are in whole groups, and how many of them each lane of a sum has at the most.
    pub fn summed(&self, count: usize) -> (usize, usize) {
        let whole = count / self.lanes() * self.lanes();
        (whole, whole / self.sum_lanes())
    }

    /// How many lanes each level of a sum has: parts take turns in the vectors of a level.
    pub fn sum_lanes(&self) -> usize {
        self.machine.lanes() * self.parts.min(frame::TURNS)
    }

    /// Has the next run add up what the function returns, for all indices in whole groups, if the code [can](Self::adds_up). `levels` is
    /// what the two levels begin with, in each of [`sum_lanes`](Self::sum_lanes) lanes: `t = S + r; r = r - (t - S); S = t` at each in turn, where `r` is the value at first.
    pub fn begin_sum(&self, frame: &mut Frame, levels: [&[f64]; LEVELS]) {
        frame.adds_up = self.adds_up;
        frame.words[word(self.machine.sum(frame::MAX))..word(self.machine.sum(frame::SUMS))].fill(0);
        for (level, begin) in levels.into_iter().enumerate() {
            for (word, begin) in frame.words[self.level(level)].iter_mut().zip(begin) {
                *word = begin.to_bits();
            }
        }
    }

    /// What a run after [`begin_sum`](Self::begin_sum) has left, if it came to its end.
    pub fn sum<'f>(&self, frame: &'f Frame) -> SumLanes<'f> {
        let lanes = |number| &frame.words[word(self.machine.sum(number))..][..self.machine.lanes()];
        SumLanes {
            levels: [0, 1].map(|level| &frame.words[self.level(level)]),
            max: lanes(frame::MAX),
            residues: lanes(frame::RESIDUES),
        }
    }

    /// Where a level of a sum is in a frame.
    fn level(&self, level: usize) -> Range<usize> {
        let start = word(self.machine.sum(frame::TURNS * level));
        start..start + self.sum_lanes()
    }

    /// The code, for those who look at it.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// The same function as code for one index at a time, if there is some: the one that takes less time runs.
    pub fn scalar(&self) -> Option<&Self> {
        self.rival.as_deref().map(|rival| &rival.native)
    }

    /// Memory to run it in.
    pub fn frame(&self) -> Frame {
        let rival = self.scalar().map(|native| Box::new(native.frame()));
        Frame { words: self.words(), fibers: Fibers::default(), adds_up: false, rival }
    }

    pub(super) fn words(&self) -> Words {
        Words::new(self.frame_words)
    }

    /// Whether what it takes for granted holds.
    pub(super) fn is_granted(&self, inputs: &Inputs, block: &Block<'_>) -> bool {
        self.granted
            .as_ref()
            .is_none_or(|granted| granted::holds(granted, inputs, block.indices, block.count))
    }

    /// Runs the function for the indices of a block. After a stop, some of them may have run, in part or whole.
    ///
    /// # Safety
    ///
    /// `inputs` must have been made for this function: the memory of its arrays is of the types that it was compiled for.
    pub unsafe fn run<M: Memory, L: MathLibrary, F: Fuel>(
        &self,
        frame: &mut Frame,
        inputs: &Inputs,
        block: Block<'_>,
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let is_granted = |rival: &Rival| rival.native.is_granted(inputs, &block);
        if let (Some(rival), false) = (&self.rival, frame.adds_up)
            && is_granted(rival)
        {
            let turn = rival.contest.turn();
            let count = block.count.max(1) as u64;
            let start = turn.is_measured.then(Instant::now);
            let end = match (turn.side, &mut frame.rival) {
                // SAFETY: the caller's promise: both are code for the same function, and the same arrays.
                (Side::Scalar, Some(frame)) => unsafe { rival.native.run_it(frame, inputs, block, world) },
                // SAFETY: as above.
                _ => unsafe { self.run_it(frame, inputs, block, world) },
            };
            if let Some(start) = start {
                let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
                rival.contest.tell(turn, nanoseconds, count);
            }
            return end;
        }
        // SAFETY: the caller's promise.
        unsafe { self.run_it(frame, inputs, block, world) }
    }

    /// The same by this code, and by no other. There is one of it for the three that call it: it is large.
    ///
    /// # Safety
    ///
    /// As [`run`](Self::run).
    #[inline(never)]
    unsafe fn run_it<M: Memory, L: MathLibrary, F: Fuel>(
        &self,
        frame: &mut Frame,
        inputs: &Inputs,
        block: Block<'_>,
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        let Block { indices, count, out } = block;
        let adds_up = std::mem::take(&mut frame.adds_up);
        assert!(count <= Self::WIDTH && indices.dimensions() >= self.indices, "indices for each dimension");
        assert!(out.len() >= count.next_multiple_of(self.lanes()), "room for whole groups");
        assert_eq!(frame.words.len(), self.frame_words, "a frame for this code");
        assert_eq!(inputs.0.len(), 4 * self.scalars + 8 * self.elements.len() + 1, "all inputs");
        let group = self.lanes();
        if count > group && self.diverges() {
            // SAFETY: the caller's promise.
            return unsafe {
                self.run_fibers(&mut frame.fibers, inputs, Block { indices, count, out }, world)
            };
        }
        let whole = count / group * group;
        if whole > 0 {
            let lanes = indices.lanes_from(0);
            begin(&mut frame.words, inputs, lanes, address(&all().0), address_of(out), whole);
            frame.words[word(frame::ADDS_UP)] = u64::from(adds_up);
            // SAFETY: the caller's promise. Lists and masks go on to a multiple of a group, which divides their length, and results, which have
            // been found long enough, to `whole`; all of them are there until this returns.
            unsafe { self.run_whole(&mut frame.words, world) }?;
        }
        if whole < count {
            let mut tail = [[0.0; LANES]; 3];
            indices.copy(whole..count, group, &mut tail[..self.indices]);
            let lanes = Lanes { lists: tail.each_ref().map(|list| address(list)), base: -0.0, first: None };
            let mask = address(&REST[LANES - (count - whole)..]);
            begin(&mut frame.words, inputs, lanes, mask, address_of(&mut out[whole..]), count - whole);
            frame.words[word(frame::ADDS_UP)] = 0;
            // SAFETY: as above; `LANES`, which lists and masks are made for, is the most that a group has, and results have room for one more group.
            unsafe { self.run_whole(&mut frame.words, world) }?;
        }
        Ok(())
    }

    /// Runs the code until it is done.
    ///
    /// # Safety
    ///
    /// As [`enter`](Self::enter).
    unsafe fn run_whole<M: Memory, L: MathLibrary, F: Fuel>(
        &self,
        words: &mut [u64],
        world: &mut World<'_, M, L, F>,
    ) -> Result<(), Stop> {
        loop {
            words[word(frame::BUDGET)] = self.pace.turns;
            // SAFETY: the caller's promise.
            match unsafe { self.enter(words, world) }? {
                End::Done => return Ok(()),
                End::Turn(_) if world.fuel.burn_many() => {}
                End::Turn(_) => return Err(Stop::OutOfFuel),
            }
        }
    }

    /// Runs the code until it is done, or until it gives its driver a turn.
    ///
    /// # Safety
    ///
    /// As [`run`](Self::run), and what [`begin`] has been told is there, up to a whole group of lanes.
    pub(super) unsafe fn enter<M: Memory, L: MathLibrary, F>(
        &self,
        words: &mut [u64],
        world: &World<'_, M, L, F>,
    ) -> Result<End, Stop> {
        loop {
            // SAFETY: the code was made by `compile` for a function that verifies. It reads the frame, the inputs and the lists up to
            // the end that is in the frame, rounded up to a whole group; it writes the frame, the list of results as far, and elements of
            // the arrays below their lengths. The frame is borrowed; for the others the caller answers.
            let answer = unsafe { self.code.call(words.as_mut_ptr()) };
            match (answer & 0xff, answer >> 8) {
                (frame::DONE_ANSWER, _) => return Ok(End::Done),
                (frame::NO_SUCH_ROW, _) => return Err(Stop::NoSuchRow),
                (frame::LOCAL_OUT_OF_BOUNDS, _) => {
                    return Err(Stop::LocalOutOfBounds { index: self.asked(words) });
                }
                (frame::POLL, turn) => return Ok(End::Turn(turn as usize)),
                (_, question) => self.answer(words, question, world)?,
            }
        }
    }
}

/// How a run of code ends.
pub(super) enum End {
    Done,
    /// At the turn of that number.
    Turn(usize),
}

/// Where in a frame something is.
pub(super) const fn word(offset: i32) -> usize {
    offset as usize / 8
}

/// What is left of a sum, as the bits of doubles, for as many lanes as vectors have.
#[derive(Clone, Copy, Debug)]
pub struct SumLanes<'f> {
    /// The levels, for as many lanes or for twice as many.
    pub levels: [&'f [u64]; LEVELS],
    /// The largest magnitude; anything where there was a NaN.
    pub max: &'f [u64],
    /// One OR of all that was left after the last level.
    pub residues: &'f [u64],
}

/// What a run can use of the world.
#[derive(Debug)]
pub struct World<'a, M, L, F> {
    /// The same arrays as in [`Inputs`].
    pub memory: &'a M,
    /// The functions of `Math`.
    pub math: &'a L,
    /// Leave to go on.
    pub fuel: &'a mut F,
}
