//! [`Frame`]: the memory that code works in, apart from the arrays of the caller. One for each thread.
//!
//! Words of 64 bits. In it stands all that code is told, what it was doing when it gave its driver a turn, and registers that found no
//! other place. Offsets here are in bytes, as instructions have them.

use super::inst::Scratch;
use super::machine::Machine;

/// Lists: up to three of indices, and the mask of lanes.
pub(in crate::codegen) const LISTS: usize = 4;
/// The list that says which lanes take part: all bits of a lane are set, or none.
pub(in crate::codegen) const LANE_MASK: u8 = 3;

/// Where to go on; 0 to begin.
pub(in crate::codegen) const RESUME: i32 = 0;
/// How many turns of loops are left until the driver has one.
pub(in crate::codegen) const BUDGET: i32 = 8;
/// The addresses of the lists.
pub(in crate::codegen) const LIST: i32 = 16;
pub(in crate::codegen) const OUT: i32 = LIST + 8 * LISTS as i32;
/// The address of [`Inputs`](super::native::Inputs).
pub(in crate::codegen) const INPUTS: i32 = OUT + 8;
/// Bytes of a list that are to be worked on.
pub(in crate::codegen) const END: i32 = INPUTS + 8;
/// The last index of the first lane, as an integer, if the indices of this run are consecutive. Otherwise so far from all lengths
/// that no sum with an offset is an element.
pub(in crate::codegen) const FIRST: i32 = END + 8;
/// Bytes of the lists that are done, while the driver has its turn.
pub(in crate::codegen) const DONE: i32 = FIRST + 8;
/// For each part the lanes that ask, or that are in the loop whose turn it is, as bits: four words of 32.
pub(in crate::codegen) const ASKING: i32 = DONE + 8;
/// Parts at the most.
pub(in crate::codegen) const MAX_PARTS: i32 = 4;
/// What is added to the first list, four times: of indices that follow one another the list has but the steps. Otherwise -0, which
/// changes nothing.
pub(in crate::codegen) const BASE: i32 = ASKING + 4 * MAX_PARTS;
/// Whether to add up what the function returns: 1, or 0.
pub(in crate::codegen) const ADDS_UP: i32 = BASE + 32;
/// Vectors, from here on: from the beginning of a cache line, as the frame itself.
const VECTORS: i32 = (ADDS_UP + 8 + 63) & !63;

/// Levels of a sum: see [`Block`](crate::codegen::Block).
pub(in crate::codegen) const LEVELS: usize = 2;
/// Vectors of a level, side by side: parts take turns in them, so that none waits for the sum that the one before has made.
pub(in crate::codegen) const TURNS: usize = 2;
/// Of a sum, behind its levels: the largest magnitudes, and the residues.
pub(in crate::codegen) const MAX: usize = LEVELS * TURNS;
pub(in crate::codegen) const RESIDUES: usize = MAX + 1;
/// Vectors of a sum.
pub(in crate::codegen) const SUMS: usize = RESIDUES + 1;

/// What is as long as the vectors are.
impl Machine {
    /// Three places: see [`Scratch`].
    pub(in crate::codegen) const fn scratch(self, place: Scratch) -> i32 {
        VECTORS + self.bytes() * place as i32
    }

    /// A vector register, while the driver has its turn.
    pub(in crate::codegen) const fn saved(self, register: u8) -> i32 {
        VECTORS + self.bytes() * (3 + register as i32)
    }

    /// A register of masks, a word of eight; or what the caller has in a register that is to be kept.
    pub(in crate::codegen) const fn saved_mask(self, register: u8) -> i32 {
        self.saved(self.registers()) + 8 * register as i32
    }

    /// A general register, while the driver has its turn.
    pub(in crate::codegen) const fn saved_general(self, register: u8) -> i32 {
        self.saved(self.registers()) + 8 * register as i32
    }

    /// What the caller has in a general register that is not ours to change.
    pub(in crate::codegen) const fn of_caller(self, register: u8) -> i32 {
        self.saved_general(16 + register)
    }

    /// What the driver is asked for: three arguments for each lane of each part, and then the results in the place of the first.
    pub(in crate::codegen) const fn arguments(self) -> i32 {
        let others = match self {
            Self::Scalar => 2 * 16 * 8,
            Self::Avx2 => 0,
            Self::Avx512 | Self::Neon => 64,
        };
        self.saved(self.registers()) + others
    }

    /// Bytes from one argument to the next.
    pub(in crate::codegen) const fn argument(self) -> i32 {
        self.bytes() * MAX_PARTS
    }

    /// What a sum has of each lane: [`TURNS`] vectors for each level, [`MAX`] and [`RESIDUES`].
    pub(in crate::codegen) const fn sum(self, number: usize) -> i32 {
        self.arguments() + 3 * self.argument() + self.bytes() * number as i32
    }

    /// Registers that found no other place, and then local arrays.
    pub(in crate::codegen) const fn slot(self, number: u32) -> i32 {
        self.sum(SUMS) + self.bytes() * number as i32
    }
}

/// Bytes of an input: four times the same.
pub(in crate::codegen) const INPUT: i32 = 32;
/// Bytes of what is known of an array: its address, its length, whether it has elements and their numbers fit into 32 bits, and its
/// length as a double, four times.
pub(in crate::codegen) const RECORD: i32 = 64;
/// Where in a record the second of these is.
pub(in crate::codegen) const LENGTH: i32 = 8;
/// Where in a record the third of these is.
pub(in crate::codegen) const RECORD_SMALL: i32 = 16;
/// Where in a record the doubles are.
pub(in crate::codegen) const RECORD_LANES: i32 = 32;

/// Behind all inputs there is a word with a bit for each of the first so many scalars that is no integer below 2 to the power of [`SMALL_BITS`].
pub(in crate::codegen) const SCALAR_BITS: usize = 31;
pub(in crate::codegen) const SMALL_BITS: u32 = 25;

/// As many turns of a loop as take the time of four remainders of numbers of very different size.
pub(in crate::codegen) const REMAINDER_TURNS: i32 = 32;

/// The largest that doubles below 2^50 have, with its bias: eight such integers add up to what is exact.
pub(in crate::codegen) const TAME_EXPONENT: i32 = 1023 + 49;

/// What code answers.
pub(in crate::codegen) const DONE_ANSWER: u32 = 0;
/// The budget is used up: call again to go on. Above the lowest eight bits stands at which loop: see [`Turn`].
pub(in crate::codegen) const POLL: u32 = 1;
/// A [`Guard`](crate::ir::Stmt::Guard) does not hold.
pub(in crate::codegen) const NO_SUCH_ROW: u32 = 2;
/// A store beyond the end of a plain array of the body's own: the lanes that ask have the index as their argument.
pub(in crate::codegen) const LOCAL_OUT_OF_BOUNDS: u32 = 4;
/// The driver is asked for something, by the number above the lowest eight bits. Call again to go on.
pub(in crate::codegen) const ASK: u32 = 3;

/// What a lane has in a place of the frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Kind {
    /// 64 bits.
    Wide,
    /// 32 bits, side by side from the beginning of the place.
    Narrow,
    /// The same of two parts, one after the other: of the part that is named, and of the next.
    Pair,
    /// One bit, in the word that the place is.
    Bit,
    /// The same in all lanes.
    Uniform,
    /// Made anew when lanes may have changed places.
    Remade,
}

impl Kind {
    /// Whether it belongs to no part.
    pub(in crate::codegen) const fn is_of_all_parts(self) -> bool {
        matches!(self, Self::Uniform | Self::Remade)
    }
}

/// Nobody has said to which part something belongs.
pub(in crate::codegen) const NO_PART: u8 = u8::MAX;

/// What lanes of a part take along: places, by what lanes have there.
#[derive(Clone, Default, Debug)]
pub(in crate::codegen) struct Taken {
    pub(in crate::codegen) wide: Box<[u32]>,
    pub(in crate::codegen) narrow: Box<[u32]>,
    pub(in crate::codegen) bits: Box<[u32]>,
}

/// The beginning of a turn of a loop, where the driver may have its turn: what is where in the frame then. Places are words.
#[derive(Clone, Debug)]
pub(in crate::codegen) struct Turn {
    /// All that is needed afterwards and lanes have of their own, for each part.
    pub(in crate::codegen) taken: Box<[Taken]>,
    /// What is needed and is the same for all lanes.
    pub(in crate::codegen) shared: Box<[usize]>,
    /// Whether lanes may leave the loop while others stay, and it is known of which part everything is.
    pub(in crate::codegen) diverges: bool,
}
