//! Two registers that never hold different things at the same time are one, and need no copy from one to the other.
//!
//! What a loop carries is copied from where a turn has made it, the result of a block from where each of its branches has it. As long as what is
//! copied is not read after the copy, or the target before it, both can be in one register: [`Flow`] says when each is live.
//! The copies in the innermost loops are looked at first (G. J. Chaitin, *Register allocation and spilling via graph coloring*, 1982, without
//! the graph).

use super::flow::{Flow, Operands, Span, are_apart, union};
use super::frame::Kind;
use super::general::General;
use super::inst::{Depth, Form, Inst, Src, V, Vector, with_depth};
use crate::codegen::x64::asm::Vex;

/// Takes out the copies that are not needed, if there are any in loops. `kinds` says what is in each register.
pub(super) fn without_copies(mut code: Vec<Inst>, kinds: &[(Kind, u8)]) -> Vec<Inst> {
    let copies = copies(&code, kinds);
    // Others take no time.
    if copies.first().is_none_or(|(order, _)| *order >= OUTSIDE_LOOPS) {
        return code;
    }
    let mut registers = Registers::of(&code, kinds.len());
    for (_, copy) in copies {
        registers.make_one(copy);
    }
    code.iter_mut().for_each(|inst| inst.map(|v| registers.name_of(v), |v| registers.name_of(v)));
    code.retain(|inst| copied(inst).is_none_or(|(to, from)| to != from));
    code
}

/// How often code runs: the lower, the more often. Loops that it is in, and cold code.
type Order = (i32, i32);
const OUTSIDE_LOOPS: Order = (0, 0);

/// Where each copy goes and what it copies, those of innermost loops first, and those of cold code last.
fn copies(code: &[Inst], kinds: &[(Kind, u8)]) -> Vec<(Order, (V, V))> {
    let mut found = Vec::new();
    for (inst, Depth { loops, cold }) in with_depth(code) {
        let of_one_kind =
            |(to, from): &(V, V)| to != from && (to.is_general() || kinds[to.index()] == kinds[from.index()]);
        found.extend(copied(inst).filter(of_one_kind).map(|copy| ((cold, -loops), copy)));
    }
    found.sort_by_key(|(order, _)| *order);
    found
}

/// Where a copy of a register goes, and what is copied. Of integers of 32 bits, nobody looks at the half of a vector that they do not fill.
pub(super) fn copied(inst: &Inst) -> Option<(V, V)> {
    match inst {
        Inst::Vector(Vector {
            form: Form::Rm,
            op: Vex::VMOVUPD,
            dst,
            b: Some(Src::V(from)),
            c: None,
            ..
        })
        | Inst::CopyMask { dst, a: from }
        | Inst::General(General::Copy { dst, a: from }) => Some((*dst, *from)),
        _ => None,
    }
}

/// Which registers are one, and when each is live.
struct Registers {
    /// Another one that it is one with, or itself.
    parents: Vec<V>,
    flow: Flow,
    /// When those are live that several have been made one.
    joined: Vec<Option<Vec<Span>>>,
}

impl Registers {
    fn of(code: &[Inst], count: usize) -> Self {
        let operands = Operands::of(code, count as u32, 0);
        let flow = Flow::of(code, &operands);
        let mut parents: Vec<V> = (0..count as u32).map(V::vector).collect();
        operands.named.iter().for_each(|v| parents[v.index()] = *v);
        Self { parents, flow, joined: vec![None; count] }
    }

    fn name_of(&self, mut v: V) -> V {
        while self.parents[v.index()] != v {
            v = self.parents[v.index()];
        }
        v
    }

    fn spans(&self, v: V) -> &[Span] {
        self.joined[v.index()].as_deref().unwrap_or_else(|| self.flow.spans(v.index()))
    }

    fn make_one(&mut self, (to, from): (V, V)) {
        let (to, from) = (self.name_of(to), self.name_of(from));
        if to == from || !are_apart(self.spans(to), self.spans(from)) {
            return;
        }
        let spans = union(self.spans(to), self.spans(from));
        self.joined[to.index()] = Some(spans);
        self.joined[from.index()] = None;
        self.parents[from.index()] = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::frame::NO_PART;
    use crate::codegen::x64::inst::Size;
    use crate::codegen::x64::testing::{copy, is, labels, sum, unless};

    fn in_a_loop(code: Vec<Inst>) -> Vec<Inst> {
        [vec![Inst::LoopStart], code, vec![Inst::LoopEnd]].concat()
    }

    /// How many copies are left.
    fn left(code: Vec<Inst>) -> usize {
        let kinds = [(Kind::Wide, NO_PART); 8];
        without_copies(in_a_loop(code), &kinds).iter().filter(|inst| copied(inst).is_some()).count()
    }

    /// A loop that carries 0 and 1 on in turns that do that, and adds up what there is in the end.
    fn looped(turn: &[Inst]) -> Vec<Inst> {
        let [head] = labels();
        let again = unless(0, head);
        let begin = [is(0), is(1), Inst::LoopStart, Inst::Bind(head)];
        begin.into_iter().chain(turn.iter().cloned()).chain([again, Inst::LoopEnd, sum(7, 0, 1)]).collect()
    }

    #[test]
    fn what_a_loop_carries_is_made_in_its_place() {
        assert_eq!(left(looped(&[sum(2, 0, 0), sum(3, 1, 1), copy(0, 2), copy(1, 3)])), 0);
        // The next value of 1 needs what 0 was.
        assert_eq!(left(looped(&[sum(2, 0, 0), sum(3, 1, 0), copy(0, 2), copy(1, 3)])), 1);
        // They change places.
        assert_eq!(left(looped(&[copy(2, 0), copy(0, 1), copy(1, 2)])), 3);
    }

    #[test]
    fn copies_that_go_different_ways_stay() {
        let twice = vec![is(0), copy(1, 0), sum(2, 0, 0), sum(3, 1, 1)];
        assert_eq!(left(twice), 1);
        let written = vec![is(0), copy(1, 0), sum(1, 1, 1), sum(2, 1, 1)];
        assert_eq!(left(written), 0);
        // Of one kind they must be: an integer of 32 bits is not a double. And all lanes are copied, or it is none.
        let vector = |dst, from, c| {
            let (form, op, size) = (Form::Rm, Vex::VMOVUPD, Size::Wide);
            let (dst, b) = (V::vector(dst), Some(Src::V(V::vector(from))));
            Inst::Vector(Vector { form, op, size, dst, a: None, b, c, imm: 0 })
        };
        let code = |c| in_a_loop(vec![vector(0, 2, None), vector(1, 0, c), vector(3, 1, None)]);
        let mut kinds = [(Kind::Wide, NO_PART); 5];
        assert_eq!(without_copies(code(None), &kinds).len(), 2);
        assert_eq!(without_copies(code(Some(V::mask(4))), &kinds).len(), 3);
        kinds[1] = (Kind::Narrow, NO_PART);
        assert_eq!(without_copies(code(None), &kinds).len(), 4);
    }
}
