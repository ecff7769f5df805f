//! Instructions over virtual registers: what lowering makes, and the allocator gives registers.

mod registers;

use allcores_machine::AtomicOp;

use super::asm::{Cond, Extend, Label, MaskOp, Shift, Vex};
use super::general::{General, Operand};

/// A virtual register, of vectors, of masks, or a general one. Most are written once; results of blocks and parameters of loops are written again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(in crate::codegen) struct V(u32);

/// Of those that are for a register of masks.
const IS_MASK: u32 = 1 << 31;
/// Of those that are for a general register.
const IS_GENERAL: u32 = 1 << 30;

impl V {
    /// A vector.
    pub(in crate::codegen) const fn vector(number: u32) -> Self {
        Self(number)
    }

    /// A bit for each lane, where masks have registers of their own.
    pub(in crate::codegen) const fn mask(number: u32) -> Self {
        Self(number | IS_MASK)
    }

    /// An integer, of code for one index at a time.
    pub(in crate::codegen) const fn general(number: u32) -> Self {
        Self(number | IS_GENERAL)
    }

    /// Another one of the same kind.
    pub(in crate::codegen) const fn renamed(self, number: u32) -> Self {
        Self(self.0 & (IS_MASK | IS_GENERAL) | number)
    }

    pub(in crate::codegen) const fn is_general(self) -> bool {
        self.0 & IS_GENERAL != 0
    }

    pub(in crate::codegen) const fn is_mask(self) -> bool {
        self.0 & IS_MASK != 0
    }

    /// All kinds are counted together.
    pub(in crate::codegen) const fn index(self) -> usize {
        (self.0 & !(IS_MASK | IS_GENERAL)) as usize
    }
}

/// How many bits a lane has in a vector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Size {
    /// 64: doubles. Or 32, of two parts, where integers are in [pairs](super::lower): in all of a register.
    Wide,
    /// 32: integers, in the lower half of a register.
    Narrow,
}

/// The register of masks that gathers and scatters use up.
pub(in crate::codegen) const USED_UP: u8 = 7;

/// Lanes of a vector at the most.
pub(in crate::codegen) const MOST_LANES: usize = 8;

/// The last operand of a vector instruction.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::codegen) enum Src {
    V(V),
    /// The same bits in all lanes, of 64 bits or of 32 that come twice: behind the code.
    Bits(u64),
    /// What each lane has, as many as there are: behind the code.
    Lanes(&'static [u64; MOST_LANES]),
    /// Integers of 32 bits, each `step` more than the one before: behind the code.
    Steps {
        first: i32,
        step: i32,
    },
    /// Bytes from the start of the inputs: a scalar or a length, in every lane.
    Input(i32),
    /// A slot of the frame.
    Slot(u32),
    /// [`BASE`](super::frame::BASE).
    Base,
}

impl Src {
    /// The same bits in all lanes.
    pub(in crate::codegen) const fn bits(lane: u64) -> Self {
        Self::Bits(lane)
    }

    pub(in crate::codegen) const fn f64(lane: f64) -> Self {
        Self::bits(lane.to_bits())
    }

    /// The same 32 bits in all lanes.
    pub(in crate::codegen) const fn i32(lane: i32) -> Self {
        let half = lane as u32 as u64;
        Self::bits(half << 32 | half)
    }
}

/// Words of two integers of 32 bits each: see [`Src::Steps`].
pub(in crate::codegen) fn steps_of(first: i32, step: i32) -> [u64; MOST_LANES] {
    let lane = |k: usize| u64::from(first.wrapping_add(step.wrapping_mul(k as i32)).cast_unsigned());
    std::array::from_fn(|word| lane(2 * word) | lane(2 * word + 1) << 32)
}

impl From<V> for Src {
    fn from(v: V) -> Self {
        Self::V(v)
    }
}

/// How the operands of a vector instruction are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Form {
    /// `dst, a, b`
    Vrm,
    /// `dst, a, b, imm`
    Vrmi,
    /// `dst, a, b, c`; where masks have registers of their own, `c` is one, and says where `b` is taken.
    Vrmv,
    /// `dst, b`
    Rm,
    /// `dst, b, imm`
    Rmi,
    /// `dst, a`, with `dst` in the place of memory.
    Mr,
    /// `dst, a, imm`, with `dst` in the place of memory.
    Mri,
    /// `dst, a, b`, and `dst` is read too.
    Accumulate,
}

/// A vector instruction that only computes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::codegen) struct Vector {
    pub(in crate::codegen) form: Form,
    pub(in crate::codegen) op: Vex,
    pub(in crate::codegen) size: Size,
    pub(in crate::codegen) dst: V,
    pub(in crate::codegen) a: Option<V>,
    pub(in crate::codegen) b: Option<Src>,
    /// In other forms, a mask: of what is not in it, 0 is left.
    pub(in crate::codegen) c: Option<V>,
    pub(in crate::codegen) imm: u8,
}

/// Elements of which array, and how large they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Elements {
    /// Where its record is in the inputs.
    pub(in crate::codegen) record: i32,
    /// The power of two that is an element's size.
    pub(in crate::codegen) scale: u8,
}

/// How one lane's element gets to a double or an integer of 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum LaneLoad {
    /// Eight bytes as they are.
    Bits,
    /// Single precision.
    Single,
    Integer(Extend),
}

/// Comparisons of doubles that are branched on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Compare {
    Eq,
    Ne,
    /// Not for NaN.
    Differs,
    Gt,
    Ge,
}

/// Which element of an array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Nth {
    /// The one of the number in `rax`.
    Rax,
    /// The one of the number in a general register.
    V(V),
    /// The one of such a number and some more.
    Sum(V, i32),
    /// This one.
    Is(u32),
}

impl Nth {
    fn each(self, mut each: impl FnMut(V)) {
        if let Self::V(v) | Self::Sum(v, _) = self {
            each(v);
        }
    }

    fn map(&mut self, mut read: impl FnMut(V) -> V) {
        if let Self::V(v) | Self::Sum(v, _) = self {
            *v = read(*v);
        }
    }
}

/// A place in the frame, of all lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Scratch {
    Index,
    Value,
    Result,
}

/// A local array in the frame, for one part, in vectors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct LocalPlace {
    /// Where its first element is.
    pub(in crate::codegen) start: u32,
    /// From one element to the next.
    pub(in crate::codegen) step: u8,
    pub(in crate::codegen) len: u32,
}

/// How many elements there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Bound {
    /// As the array's record says.
    Array(Elements),
    Of(u32),
}

/// What lanes have their indices in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Spot {
    Array(Elements),
    /// A local array in the frame: words from its beginning, of each lane its own.
    Local(LocalPlace),
}

/// One step of the code.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::codegen) enum Inst {
    Vector(Vector),
    Shift {
        op: Shift,
        size: Size,
        dst: V,
        a: V,
        imm: u8,
    },
    /// On masks that have registers of their own.
    Mask {
        op: MaskOp,
        dst: V,
        a: V,
        b: V,
    },
    NotMask {
        dst: V,
        a: V,
    },
    CopyMask {
        dst: V,
        a: V,
    },
    /// All lanes, or none.
    SetMask {
        dst: V,
        all: bool,
    },
    /// The lanes of this group of the list of a dimension; of the mask of lanes for the list after the last.
    LoadList {
        dst: V,
        list: u8,
        part: u8,
    },
    /// The value of the body, for the lanes of a part.
    StoreOut {
        src: V,
        part: u8,
    },
    /// Jumps unless the value of the body is to be added up.
    JumpUnlessAddsUp(Label),
    /// What there is of the sum, from the frame or to it.
    LoadSum {
        dst: V,
        number: u8,
    },
    StoreSum {
        src: V,
        number: u8,
    },
    /// From a register to the frame, or back.
    Spill {
        slot: u32,
        src: V,
    },
    Reload {
        dst: V,
        slot: u32,
    },
    ToScratch {
        to: Scratch,
        src: V,
        size: Size,
    },
    FromScratch {
        dst: V,
        from: Scratch,
    },

    /// The label is here. A loop's label comes with the number of its loop.
    Bind(Label),
    Jump(Label),
    /// Jumps if no lane (`any` false), or any lane, of the mask is set.
    JumpIf {
        any: bool,
        mask: V,
        label: Label,
    },
    /// Jumps if any lane of 32 bits of a vector has its sign.
    JumpIfAny {
        a: V,
        label: Label,
    },
    /// Jumps unless all lanes of the mask are set.
    JumpUnlessAll {
        mask: V,
        label: Label,
    },
    /// Where a loop begins and where it ends: what is live in it and was before stays so to its end.
    LoopStart,
    LoopEnd,
    /// All that stands between runs for one group of lanes after the other; what stands before and after, once.
    GroupStart,
    GroupEnd,
    /// Takes a turn of a loop from those that are left until the driver has one, and jumps if there is none.
    JumpIfSpent(Label),
    /// Gives the driver its turn. `mask` has the lanes that are in the loop.
    Poll {
        mask: Box<[V]>,
        diverges: bool,
    },
    /// Jumps if the driver has left no lane in the loop.
    JumpIfMovedAway(Label),
    /// Leaves the code with this answer.
    Exit(u32),
    /// What stands between runs only when somebody jumps to the label: it is moved behind the rest, and goes on after its end.
    ColdStart(Label),
    ColdEnd,

    /// Puts into `rax` the number of the first element, where consecutive indices are those of the range plus `offset`, and into `r8` the
    /// address of the array; jumps unless so many elements from there on exist.
    Consecutive {
        elements: Elements,
        offset: i32,
        lanes: u8,
        label: Label,
    },
    /// The same, from the first lane of indices that are known to be consecutive.
    ConsecutiveFrom {
        elements: Elements,
        index: V,
        label: Label,
    },
    /// The same, where they are if those of the range are, and below 2^50, of so many lanes. With `temp`, jumps unless the first is an integer.
    ConsecutiveIf {
        elements: Elements,
        index: V,
        lanes: u8,
        temp: Option<V>,
        label: Label,
    },
    /// Jumps unless indices are consecutive, and the first one is below 2 to the power of `bits`.
    JumpUnlessBelow {
        bits: u8,
        label: Label,
    },
    /// `index * factor + addend` modulo 2^32 of the first lane, in all lanes of 32 bits, where indices are consecutive.
    FirstIndex {
        dst: V,
        factor: i32,
        addend: i32,
    },
    /// Jumps unless all scalars with these bits, of those that have one, are small integers.
    JumpUnlessIntegers {
        scalars: u32,
        /// Where the word of all of them is in the inputs.
        at: i32,
        label: Label,
    },
    /// Jumps unless a number that is the same for all lanes is so small that integers of its size are far from being rounded.
    JumpUnlessTame {
        src: V,
        label: Label,
    },
    /// The elements of a part, of which the first has its first at the element of number `rax` of the array at `r8`.
    LoadRun {
        dst: V,
        elements: Elements,
        part: u8,
        op: Vex,
        size: Size,
    },
    /// Of the lanes of the mask; of all without one.
    StoreRun {
        src: V,
        mask: Option<V>,
        elements: Elements,
        part: u8,
        op: Vex,
        size: Size,
    },
    /// For each lane of the mask, the element at the index in `Scratch::Index`, into `Scratch::Result`. Writes `temp`.
    LoadLanes {
        mask: V,
        elements: Elements,
        how: LaneLoad,
        temp: V,
    },
    /// For each lane of the mask, from `Scratch::Value`, whose lanes are `stride` bytes apart.
    StoreLanes {
        mask: V,
        elements: Elements,
        stride: u8,
    },
    /// For each lane, `Scratch::Result = Scratch::Index % Scratch::Value`.
    RemLanes,
    /// Jumps unless the array has elements, and their numbers fit into 32 bits.
    JumpUnlessSmall {
        elements: Elements,
        label: Label,
    },
    /// Puts the first lane of an index into `rax`, if that is an integer; jumps unless it is the number of an element.
    /// A double that may be no integer is looked at, with the help of `temp`.
    ElementNumber {
        bound: Bound,
        index: V,
        temp: Option<V>,
        label: Label,
    },
    /// Jumps if a comparison of the first lanes holds, or if it does not.
    JumpCompare {
        a: V,
        b: Src,
        how: Compare,
        holds: bool,
        label: Label,
    },
    /// Jumps unless the first lane, an integer if it is a number at all, is one of 32 bits.
    JumpUnlessInt32 {
        src: V,
        label: Label,
    },
    /// On general registers.
    General(General),
    /// Jumps if two integers are in this order.
    JumpGeneral {
        a: V,
        b: Operand,
        size: Size,
        cond: Cond,
        label: Label,
    },
    /// Jumps unless an integer of 64 bits is the number of an element.
    JumpUnlessElement {
        bound: Bound,
        number: V,
        label: Label,
    },
    /// ToInt32 of the first lane, into a general register; jumps if that is not in 64 bits.
    ToInt32One {
        dst: V,
        src: V,
        label: Label,
    },
    /// An element: a double or a float into the first lane, an integer into a general register.
    LoadOne {
        dst: V,
        elements: Elements,
        how: LaneLoad,
        at: Nth,
    },
    /// The first lane, or a general register, to an element.
    StoreOne {
        src: V,
        elements: Elements,
        is_wide: bool,
        at: Nth,
    },
    /// The element of number `rax`, as a double in all lanes.
    LoadUniform {
        dst: V,
        elements: Elements,
        how: LaneLoad,
    },
    /// The elements at four indices of 32 bits, all of which exist: doubles, one half (0 or 1) at a time.
    GatherPair {
        dst: V,
        index: V,
        elements: Elements,
        half: u8,
    },
    /// The same for smaller elements, as they are, side by side in the lower half.
    Gather {
        dst: V,
        index: V,
        elements: Elements,
        op: Vex,
        first: Option<Vex>,
    },

    /// For each lane of the mask, the element at an index of 32 bits, all of which exist; the others are left as they are.
    GatherMasked {
        dst: V,
        index: V,
        mask: V,
        from: Spot,
        op: Vex,
        size: Size,
    },
    /// The same the other way.
    Scatter {
        src: V,
        index: V,
        mask: V,
        to: Spot,
        op: Vex,
        size: Size,
    },

    /// An element of a local array, whose index is that of the first lane.
    LoadLocal {
        dst: V,
        index: V,
        local: LocalPlace,
    },
    /// An element of a local array.
    LoadLocalOne {
        dst: V,
        local: LocalPlace,
        at: Nth,
    },
    StoreLocalOne {
        src: V,
        local: LocalPlace,
        at: Nth,
    },
    /// As `LoadLocal`, of the lanes of the mask; of all without one.
    StoreLocal {
        index: V,
        value: V,
        mask: Option<V>,
        local: LocalPlace,
    },
    /// For each lane of the mask, the element at the index in `Scratch::Index`, into `Scratch::Result`, or from `Scratch::Value`.
    LoadLocalLanes {
        mask: V,
        local: LocalPlace,
    },
    StoreLocalLanes {
        mask: V,
        local: LocalPlace,
    },
    /// Sets all elements of a local array, of the lanes of the mask; of all without one.
    FillLocal {
        local: LocalPlace,
        value: V,
        mask: Option<V>,
    },

    /// An argument of what the driver is asked for.
    Argument {
        src: V,
        number: u8,
        part: u8,
    },
    /// The lanes that ask; all of the part without a mask. With `one`, the first of them only.
    Asking {
        mask: Option<V>,
        part: u8,
        one: bool,
    },
    /// An atomic operation for each lane of the mask; for all without one. The arguments are its indices, and one or two integers of 32
    /// bits. What was there takes the place of the first integer.
    Atomic {
        op: AtomicOp,
        elements: Elements,
        extend: Extend,
        mask: Option<V>,
        part: u8,
    },
    /// The integers that it has left.
    AtomicAnswer {
        dst: V,
        part: u8,
    },
    /// Takes so many turns of loops from those that are left until the driver has one.
    Spend(u32),
    /// Asks the driver for something, by its number.
    Ask(u32),
    /// What it has answered.
    Answer {
        dst: V,
        part: u8,
    },
}

/// Loops that an instruction is in, and pieces of cold code, of which one may be within another.
#[derive(Clone, Copy, Default)]
pub(in crate::codegen) struct Depth {
    pub(in crate::codegen) loops: i32,
    pub(in crate::codegen) cold: i32,
}

/// Instructions, and how deep each is. What begins a loop or a piece of cold code is in it, and what ends it is not.
pub(in crate::codegen) fn with_depth(code: &[Inst]) -> impl Iterator<Item = (&Inst, Depth)> {
    let mut depth = Depth::default();
    code.iter().map(move |inst| {
        match inst {
            Inst::LoopStart => depth.loops += 1,
            Inst::LoopEnd => depth.loops -= 1,
            Inst::ColdStart(_) => depth.cold += 1,
            Inst::ColdEnd => depth.cold -= 1,
            _ => {}
        }
        (inst, depth)
    })
}

/// What emitters come to, one after the other.
pub(in crate::codegen) enum Step<'a> {
    /// An instruction, and its number.
    Inst(&'a Inst, usize),
    /// Code that is out of the way, and the number of its first instruction.
    Cold { start: Label, code: &'a [Inst], number: usize },
}

/// Takes code apart, of which the first instruction has this number. Cold code within cold code is part of it.
pub(in crate::codegen) fn steps(code: &[Inst], number: usize) -> impl Iterator<Item = Step<'_>> {
    let mut k = 0;
    std::iter::from_fn(move || {
        let (inst, number) = (code.get(k)?, number + k);
        k += 1;
        let Inst::ColdStart(start) = inst else { return Some(Step::Inst(inst, number)) };
        let len = cold_len(&code[k - 1..]);
        let code = &code[k..(k + len).saturating_sub(1)];
        k += len;
        Some(Step::Cold { start: *start, code, number: number + 1 })
    })
}

/// How many instructions of these, which begin with the start of cold code, stand before its end.
fn cold_len(code: &[Inst]) -> usize {
    let mut depth = 0;
    let end = code.iter().position(|inst| {
        match inst {
            Inst::ColdStart(_) => depth += 1,
            Inst::ColdEnd => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.unwrap_or(code.len())
}
