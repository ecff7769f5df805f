//! Which registers an instruction reads and writes.

use super::{Form, Inst, Src, V, Vector};
use crate::codegen::x64::asm::Label;

impl Inst {
    /// Whether the driver has its turn here.
    pub(in crate::codegen) fn gives_turn(&self) -> bool {
        matches!(self, Self::Poll { .. } | Self::Ask(_))
    }

    /// Where it jumps to, if it does.
    pub(in crate::codegen) fn target(&self) -> Option<Label> {
        match self {
            Self::Jump(label)
            | Self::JumpUnlessAddsUp(label)
            | Self::JumpIfSpent(label)
            | Self::JumpIfMovedAway(label)
            | Self::JumpIf { label, .. }
            | Self::JumpIfAny { label, .. }
            | Self::JumpUnlessAll { label, .. }
            | Self::Consecutive { label, .. }
            | Self::ConsecutiveFrom { label, .. }
            | Self::ConsecutiveIf { label, .. }
            | Self::JumpUnlessBelow { label, .. }
            | Self::JumpUnlessIntegers { label, .. }
            | Self::JumpUnlessTame { label, .. }
            | Self::JumpUnlessSmall { label, .. }
            | Self::ElementNumber { label, .. }
            | Self::JumpCompare { label, .. }
            | Self::JumpUnlessInt32 { label, .. }
            | Self::JumpGeneral { label, .. }
            | Self::JumpUnlessElement { label, .. }
            | Self::ToInt32One { label, .. } => Some(*label),
            _ => None,
        }
    }

    /// A jump to `to` where this one jumps, or where it does not: of those that compare, and of those that always jump.
    pub(in crate::codegen) fn jump(&self, holds: bool, to: Label) -> Option<Self> {
        Some(match *self {
            Self::Jump(_) if holds => Self::Jump(to),
            Self::JumpIf { any, mask, .. } => Self::JumpIf { any: any == holds, mask, label: to },
            Self::JumpCompare { a, b, how, holds: before, .. } => {
                Self::JumpCompare { a, b, how, holds: before == holds, label: to }
            }
            Self::JumpGeneral { a, b, size, cond, .. } => {
                Self::JumpGeneral { a, b, size, cond: if holds { cond } else { cond.inverse() }, label: to }
            }
            _ => return None,
        })
    }

    /// Whether it reads what belongs to the indices of a group: a list, or what is added to one.
    pub(in crate::codegen) fn reads_lists(&self) -> bool {
        matches!(self, Self::LoadList { .. } | Self::Vector(Vector { b: Some(Src::Base), .. }))
    }

    /// Calls for each register that it reads.
    pub(in crate::codegen) fn uses(&self, mut each: impl FnMut(V)) {
        // Most are of this kind.
        let Self::Vector(Vector { form, dst, a, b, c, .. }) = self else { return self.each_use(&mut each) };
        if let Some(a) = a {
            each(*a);
        }
        if let Some(c) = c {
            each(*c);
        }
        if let Some(Src::V(b)) = b {
            each(*b);
        }
        if *form == Form::Accumulate {
            each(*dst);
        }
    }

    /// The same for all other kinds, once for all who call it: it is large.
    #[inline(never)]
    fn each_use(&self, each: &mut dyn FnMut(V)) {
        match self {
            Self::Shift { a, .. } | Self::NotMask { a, .. } | Self::CopyMask { a, .. } => each(*a),
            Self::Mask { a, b, .. } => {
                each(*a);
                each(*b);
            }
            Self::GatherMasked { dst: other, index, mask, .. }
            | Self::Scatter { src: other, index, mask, .. } => {
                each(*other);
                each(*index);
                each(*mask);
            }
            Self::StoreRun { src, mask, .. } => {
                each(*src);
                mask.iter().copied().for_each(each);
            }
            Self::StoreOne { src, at, .. } | Self::StoreLocalOne { src, at, .. } => {
                each(*src);
                at.each(each);
            }
            Self::LoadOne { at, .. } | Self::LoadLocalOne { at, .. } => at.each(each),
            Self::General(general) => general.uses(each),
            Self::JumpGeneral { a, b, .. } => {
                each(*a);
                b.each(each);
            }
            Self::JumpUnlessElement { number, .. } => each(*number),
            Self::StoreOut { src, .. }
            | Self::StoreSum { src, .. }
            | Self::Spill { src, .. }
            | Self::ToScratch { src, .. }
            | Self::Argument { src, .. } => each(*src),
            Self::Asking { mask, .. } | Self::Atomic { mask, .. } => mask.iter().copied().for_each(each),
            Self::LoadLocal { index, .. } => each(*index),
            Self::StoreLocal { index, value, mask, .. } => {
                each(*index);
                each(*value);
                mask.iter().copied().for_each(each);
            }
            Self::LoadLocalLanes { mask, .. } | Self::StoreLocalLanes { mask, .. } => each(*mask),
            Self::FillLocal { value, mask, .. } => {
                each(*value);
                mask.iter().copied().for_each(each);
            }
            Self::GatherPair { index, .. } | Self::Gather { index, .. } => each(*index),
            Self::JumpIf { mask, .. }
            | Self::JumpIfAny { a: mask, .. }
            | Self::JumpUnlessAll { mask, .. }
            | Self::LoadLanes { mask, .. }
            | Self::StoreLanes { mask, .. } => each(*mask),
            Self::ConsecutiveFrom { index, .. }
            | Self::ConsecutiveIf { index, .. }
            | Self::ElementNumber { index, .. } => each(*index),
            Self::ToInt32One { src, .. }
            | Self::JumpUnlessInt32 { src, .. }
            | Self::JumpUnlessTame { src, .. } => each(*src),
            Self::JumpCompare { a, b, .. } => {
                each(*a);
                if let Src::V(b) = b {
                    each(*b);
                }
            }
            _ => {}
        }
    }

    /// The register that it writes.
    pub(in crate::codegen) fn def(&self) -> Option<V> {
        if let Self::Vector(Vector { dst, .. }) = self { Some(*dst) } else { self.other_def() }
    }

    /// The same for instructions that are no [`Self::Vector`].
    #[inline(never)]
    fn other_def(&self) -> Option<V> {
        match self {
            Self::Shift { dst, .. }
            | Self::Mask { dst, .. }
            | Self::NotMask { dst, .. }
            | Self::CopyMask { dst, .. }
            | Self::SetMask { dst, .. }
            | Self::GatherMasked { dst, .. }
            | Self::LoadList { dst, .. }
            | Self::FirstIndex { dst, .. }
            | Self::LoadSum { dst, .. }
            | Self::Reload { dst, .. }
            | Self::FromScratch { dst, .. }
            | Self::LoadUniform { dst, .. }
            | Self::LoadOne { dst, .. }
            | Self::GatherPair { dst, .. }
            | Self::Gather { dst, .. }
            | Self::LoadLocal { dst, .. }
            | Self::LoadLocalOne { dst, .. }
            | Self::Answer { dst, .. }
            | Self::ToInt32One { dst, .. }
            | Self::AtomicAnswer { dst, .. }
            | Self::LoadRun { dst, .. } => Some(*dst),
            Self::General(general) => Some(general.dst()),
            Self::ElementNumber { temp, .. } | Self::ConsecutiveIf { temp, .. } => *temp,
            Self::LoadLanes { temp, .. } => Some(*temp),
            _ => None,
        }
    }

    /// The register of masks that says which lanes it is about: not `k0`, which stands for all of them there.
    pub(in crate::codegen) fn lanes(&self) -> Option<V> {
        let mask = match self {
            Self::Vector(Vector { c: mask, .. })
            | Self::StoreRun { mask, .. }
            | Self::StoreLocal { mask, .. }
            | Self::FillLocal { mask, .. } => *mask,
            _ => None,
        };
        mask.filter(|mask| mask.is_mask())
    }

    /// Whether it uses up [`USED_UP`].
    pub(in crate::codegen) fn uses_up_a_mask(&self) -> bool {
        matches!(self, Self::GatherMasked { .. } | Self::Scatter { .. })
    }

    /// Whether it does nothing but write its register, and what it writes depends on nothing but registers and what stays as it is for a
    /// group of lanes.
    pub(in crate::codegen) fn only_computes(&self) -> bool {
        matches!(
            self,
            Self::Vector(_)
                | Self::Shift { .. }
                | Self::Mask { .. }
                | Self::NotMask { .. }
                | Self::CopyMask { .. }
                | Self::SetMask { .. }
                | Self::LoadList { .. }
                | Self::General(_)
        )
    }

    /// Whether it does nothing but write its register.
    pub(in crate::codegen) fn only_writes(&self) -> bool {
        self.only_computes()
            || matches!(
                self,
                Self::GatherMasked { .. }
                    | Self::FirstIndex { .. }
                    | Self::FromScratch { .. }
                    | Self::LoadRun { .. }
                    | Self::LoadUniform { .. }
                    | Self::LoadOne { .. }
                    | Self::LoadLocalOne { .. }
                    | Self::ToInt32One { .. }
                    | Self::AtomicAnswer { .. }
                    | Self::GatherPair { .. }
                    | Self::Gather { .. }
            )
    }

    /// Whether what it writes must not be where it reads from.
    pub(in crate::codegen) fn writes_early(&self) -> bool {
        matches!(self, Self::LoadLanes { .. } | Self::ElementNumber { .. } | Self::ConsecutiveIf { .. })
            || matches!(self, Self::General(general) if general.writes_early())
    }

    /// Replaces registers: those that are read, and the one that is written.
    pub(in crate::codegen) fn map(&mut self, mut read: impl FnMut(V) -> V, mut write: impl FnMut(V) -> V) {
        self.map_each(&mut read, &mut write);
    }

    /// The same, once for all who call it: it is large.
    fn map_each(&mut self, read: &mut dyn FnMut(V) -> V, write: &mut dyn FnMut(V) -> V) {
        match self {
            Self::Vector(Vector { form, dst, a, b, c, .. }) => {
                for v in [a, c].into_iter().flatten() {
                    *v = read(*v);
                }
                if let Some(Src::V(b)) = b {
                    *b = read(*b);
                }
                if *form == Form::Accumulate {
                    read(*dst);
                }
                *dst = write(*dst);
            }
            Self::Mask { dst, a, b, .. } => {
                *a = read(*a);
                *b = read(*b);
                *dst = write(*dst);
            }
            Self::GatherMasked { dst, index, mask, .. } => {
                read(*dst);
                *index = read(*index);
                *mask = read(*mask);
                *dst = write(*dst);
            }
            Self::Scatter { src, index, mask, .. } => {
                *src = read(*src);
                *index = read(*index);
                *mask = read(*mask);
            }
            Self::StoreRun { src, mask, .. } => {
                *src = read(*src);
                mask.iter_mut().for_each(|mask| *mask = read(*mask));
            }
            Self::SetMask { dst, .. } => *dst = write(*dst),
            Self::Shift { dst, a, .. } | Self::NotMask { dst, a } | Self::CopyMask { dst, a } => {
                *a = read(*a);
                *dst = write(*dst);
            }
            Self::StoreOne { src, at, .. } | Self::StoreLocalOne { src, at, .. } => {
                *src = read(*src);
                at.map(read);
            }
            Self::LoadOne { dst, at, .. } | Self::LoadLocalOne { dst, at, .. } => {
                at.map(read);
                *dst = write(*dst);
            }
            Self::General(general) => general.map(read, write),
            Self::JumpGeneral { a, b, .. } => {
                *a = read(*a);
                b.map(read);
            }
            Self::JumpUnlessElement { number, .. } => *number = read(*number),
            Self::StoreOut { src, .. }
            | Self::StoreSum { src, .. }
            | Self::Spill { src, .. }
            | Self::ToScratch { src, .. }
            | Self::Argument { src, .. } => *src = read(*src),
            Self::Asking { mask, .. } | Self::Atomic { mask, .. } => {
                mask.iter_mut().for_each(|mask| *mask = read(*mask));
            }
            Self::LoadLocal { dst, index, .. } => {
                *index = read(*index);
                *dst = write(*dst);
            }
            Self::StoreLocal { index, value, mask, .. } => {
                *index = read(*index);
                *value = read(*value);
                mask.iter_mut().for_each(|mask| *mask = read(*mask));
            }
            Self::LoadLocalLanes { mask, .. } | Self::StoreLocalLanes { mask, .. } => *mask = read(*mask),
            Self::FillLocal { value, mask, .. } => {
                *value = read(*value);
                mask.iter_mut().for_each(|mask| *mask = read(*mask));
            }
            Self::GatherPair { dst, index, .. } | Self::Gather { dst, index, .. } => {
                *index = read(*index);
                *dst = write(*dst);
            }
            Self::LoadList { dst, .. }
            | Self::FirstIndex { dst, .. }
            | Self::LoadSum { dst, .. }
            | Self::Reload { dst, .. }
            | Self::FromScratch { dst, .. }
            | Self::LoadUniform { dst, .. }
            | Self::Answer { dst, .. }
            | Self::AtomicAnswer { dst, .. }
            | Self::LoadRun { dst, .. } => *dst = write(*dst),
            Self::JumpIf { mask, .. }
            | Self::JumpIfAny { a: mask, .. }
            | Self::JumpUnlessAll { mask, .. }
            | Self::StoreLanes { mask, .. } => *mask = read(*mask),
            Self::LoadLanes { mask, temp, .. } => {
                *mask = read(*mask);
                *temp = write(*temp);
            }
            Self::ConsecutiveFrom { index, .. } => *index = read(*index),
            Self::ElementNumber { index, temp, .. } | Self::ConsecutiveIf { index, temp, .. } => {
                *index = read(*index);
                temp.iter_mut().for_each(|temp| *temp = write(*temp));
            }
            Self::JumpUnlessInt32 { src, .. } | Self::JumpUnlessTame { src, .. } => *src = read(*src),
            Self::ToInt32One { dst, src, .. } => {
                *src = read(*src);
                *dst = write(*dst);
            }
            Self::JumpCompare { a, b, .. } => {
                *a = read(*a);
                if let Src::V(b) = b {
                    *b = read(*b);
                }
            }
            _ => {}
        }
    }
}
