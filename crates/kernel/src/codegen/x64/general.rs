//! Instructions on integers in general registers, of code for one index at a time.
//!
//! An integer of 32 bits is the lower half of its register; what is in the upper half is nobody's business. Operations of 64 bits are on
//! integers of that size.

use super::asm::{Alu, Cond, Extend};
use super::inst::{Compare, Size, Src, V};

/// The last operand of an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Operand {
    V(V),
    /// With its sign, if there are 64 bits.
    Is(i32),
    /// One that is kept behind the code.
    Wide(i64),
    /// A word of the inputs.
    Input(i32),
}

/// Shifts of 32 bits, by the lower five bits of what they are shifted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Turn {
    Left,
    Right,
    /// To the right, with zeros from the left.
    Logical,
}

/// Each writes `dst`, and nothing else.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::codegen) enum General {
    /// A number; of 64 bits, with its sign.
    Is {
        dst: V,
        number: i64,
    },
    /// A word of the inputs.
    Input {
        dst: V,
        offset: i32,
    },
    Copy {
        dst: V,
        a: V,
    },
    /// The lower part, extended to 64 bits.
    Extend {
        dst: V,
        a: V,
        how: Extend,
    },
    /// `dst = a op b`
    Alu {
        op: Alu,
        size: Size,
        dst: V,
        a: V,
        b: Operand,
    },
    /// `dst = a * b`
    Multiply {
        size: Size,
        dst: V,
        a: V,
        b: Operand,
    },
    Shift {
        op: Turn,
        dst: V,
        a: V,
        by: Operand,
    },
    /// How many zeros the 32 bits begin with.
    LeadingZeros {
        dst: V,
        a: V,
    },
    /// 1 if two integers are in this order, otherwise 0.
    Flag {
        dst: V,
        a: V,
        b: Operand,
        size: Size,
        cond: Cond,
    },
    /// The mask that a flag stands for: all ones for 1, zeros for 0.
    MaskOf {
        dst: V,
        a: V,
    },
    /// `yes` if two integers are in this order, otherwise `no`.
    ChooseBy {
        dst: V,
        a: V,
        b: Operand,
        size: Size,
        cond: Cond,
        yes: V,
        no: V,
    },
    /// The same by a comparison of doubles that is false for NaN, as the flags are then.
    ChooseByDoubles {
        dst: V,
        a: V,
        b: Src,
        how: Compare,
        yes: V,
        no: V,
    },
    /// The bits of the first lane of a vector.
    FromVector {
        dst: V,
        a: V,
    },
    /// Into the first lane of a vector.
    ToVector {
        dst: V,
        a: V,
    },
    /// An integer as a double.
    Double {
        size: Size,
        dst: V,
        a: V,
    },
    /// The same, or NaN for the least of all.
    DoubleOrNan {
        dst: V,
        a: V,
    },
    /// A double that is an integer of 64 bits; the least of all for NaN.
    Truncate {
        dst: V,
        a: V,
    },
}

impl Operand {
    pub(in crate::codegen) fn each(self, mut each: impl FnMut(V)) {
        if let Self::V(v) = self {
            each(v);
        }
    }

    pub(in crate::codegen) fn map(&mut self, mut read: impl FnMut(V) -> V) {
        if let Self::V(v) = self {
            *v = read(*v);
        }
    }
}

impl General {
    pub(in crate::codegen) fn dst(&self) -> V {
        match self {
            Self::Is { dst, .. }
            | Self::Input { dst, .. }
            | Self::Copy { dst, .. }
            | Self::Extend { dst, .. }
            | Self::Alu { dst, .. }
            | Self::Multiply { dst, .. }
            | Self::Shift { dst, .. }
            | Self::LeadingZeros { dst, .. }
            | Self::Flag { dst, .. }
            | Self::MaskOf { dst, .. }
            | Self::ChooseBy { dst, .. }
            | Self::ChooseByDoubles { dst, .. }
            | Self::FromVector { dst, .. }
            | Self::ToVector { dst, .. }
            | Self::Double { dst, .. }
            | Self::DoubleOrNan { dst, .. }
            | Self::Truncate { dst, .. } => *dst,
        }
    }

    /// Calls for each register that it reads.
    pub(in crate::codegen) fn uses(&self, each: &mut dyn FnMut(V)) {
        let mut copy = *self;
        copy.map(
            &mut |v| {
                each(v);
                v
            },
            &mut |v| v,
        );
    }

    /// Whether `dst` is written while something else is still to be read.
    pub(in crate::codegen) fn writes_early(&self) -> bool {
        matches!(self, Self::ChooseBy { .. } | Self::ChooseByDoubles { .. })
    }

    /// Replaces registers: those that are read, and the one that is written.
    pub(in crate::codegen) fn map(&mut self, read: &mut dyn FnMut(V) -> V, write: &mut dyn FnMut(V) -> V) {
        let dst = match self {
            Self::Is { dst, .. } | Self::Input { dst, .. } => dst,
            Self::Copy { dst, a }
            | Self::Extend { dst, a, .. }
            | Self::LeadingZeros { dst, a }
            | Self::MaskOf { dst, a }
            | Self::FromVector { dst, a }
            | Self::ToVector { dst, a }
            | Self::Double { dst, a, .. }
            | Self::DoubleOrNan { dst, a }
            | Self::Truncate { dst, a } => {
                *a = read(*a);
                dst
            }
            Self::Alu { dst, a, b, .. }
            | Self::Multiply { dst, a, b, .. }
            | Self::Shift { dst, a, by: b, .. }
            | Self::Flag { dst, a, b, .. } => {
                *a = read(*a);
                b.map(read);
                dst
            }
            Self::ChooseBy { dst, a, b, yes, no, .. } => {
                for v in [a, yes, no] {
                    *v = read(*v);
                }
                b.map(read);
                dst
            }
            Self::ChooseByDoubles { dst, a, b, yes, no, .. } => {
                for v in [a, yes, no] {
                    *v = read(*v);
                }
                if let Src::V(b) = b {
                    *b = read(*b);
                }
                dst
            }
        };
        *dst = write(*dst);
    }
}
