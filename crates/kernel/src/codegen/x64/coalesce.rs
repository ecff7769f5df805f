//! What a loop carries is made where it is carried.
//!
//! At its end a turn copies what it has made to where the next one looks for it. The copy goes if the instruction that makes the value
//! can write there itself: if from then on the turn does not read what it was given. Where it does, the instruction that makes the value may
//! move behind the last one that reads.
//!
//! ```text
//! loop: t = x * x - y         loop: t = x * x
//!       y = 2 * x * y    →          y = 2 * x * y
//!       x = t                       x = t - y
//! ```
//!
//! Loops within which lanes meet again, or which begin anew at several places, keep their copies.

use std::ops::Range;

use super::asm::{Label, Vex};
use super::inst::{Form, Inst, Src, V, Vector};

/// Takes copies out of innermost loops. `count` registers are in use.
pub(super) fn coalesce(mut code: Vec<Inst>, count: usize) -> Vec<Inst> {
    let mut writes = vec![0_u32; count];
    code.iter().filter_map(Inst::def).for_each(|v| writes[v.index()] += 1);
    // From the last one on: those before stay where they are.
    for turn in innermost_loops(&code).into_iter().rev() {
        if !goes_straight(&code[turn.clone()]) {
            continue;
        }
        let mut end = turn.end;
        for at in turn.clone().rev() {
            if let Some((to, from)) = copied(&code[at])
                && writes[from.index()] == 1
                && make_in_place(&mut code, turn.start..end, at, (to, from))
            {
                code.remove(at);
                end -= 1;
            }
        }
    }
    code
}

/// The instructions of each loop without another one, from its start to its end.
fn innermost_loops(code: &[Inst]) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), None);
    for (at, inst) in code.iter().enumerate() {
        match inst {
            Inst::LoopStart => start = Some(at),
            Inst::LoopEnd => found.extend(start.take().map(|start| start..at)),
            _ => {}
        }
    }
    found
}

/// Whether nobody jumps to a place within a turn, apart from code that is out of the way, and only its last instruction to its start.
fn goes_straight(turn: &[Inst]) -> bool {
    let [Inst::LoopStart, Inst::Bind(head), body @ .., last] = turn else { return false };
    jumps_to(last) == Some(*head)
        && hot(body).all(|(_, inst)| !matches!(inst, Inst::Bind(_)))
        && body.iter().all(|inst| jumps_to(inst) != Some(*head))
}

fn jumps_to(inst: &Inst) -> Option<Label> {
    match inst {
        Inst::Jump(label) | Inst::JumpIf { label, .. } | Inst::JumpUnlessAll { label, .. } => Some(*label),
        _ => None,
    }
}

/// Instructions that are not out of the way, and their numbers.
fn hot(code: &[Inst]) -> impl Iterator<Item = (usize, &Inst)> {
    let mut depth = 0;
    code.iter().enumerate().filter(move |(_, inst)| {
        depth += i32::from(matches!(inst, Inst::ColdStart(_)));
        let is_hot = depth == 0;
        depth -= i32::from(matches!(inst, Inst::ColdEnd));
        is_hot
    })
}

/// Where a copy of a vector goes, and what is copied: of integers, nobody looks at the half that they do not fill.
fn copied(inst: &Inst) -> Option<(V, V)> {
    match inst {
        Inst::Vector(Vector {
            form: Form::Rm,
            op: Vex::VMOVUPD,
            dst,
            b: Some(Src::V(from)),
            c: None,
            ..
        }) => (!dst.is_mask() && !dst.is_general() && dst != from).then_some((*dst, *from)),
        _ => None,
    }
}

fn reads(inst: &Inst, v: V) -> bool {
    let mut found = false;
    inst.uses(|other| found |= other == v);
    found
}

/// Has the instruction that makes `from` write `to`, to which the one at `copy` copies it. Returns whether it can.
fn make_in_place(code: &mut [Inst], turn: Range<usize>, copy: usize, (to, from): (V, V)) -> bool {
    let before = &code[turn.start..copy];
    let Some(made) = before.iter().position(|inst| inst.def() == Some(from)).map(|at| turn.start + at) else {
        return false;
    };
    let is_outside = |at: usize| !turn.contains(&at);
    let is_steady = code.iter().enumerate().all(|(at, inst)| {
        let rewrites = at != copy && inst.def() == Some(to) && !is_outside(at);
        !(rewrites
            || is_outside(at) && reads(inst, to)
            || !(made..turn.end).contains(&at) && reads(inst, from))
    });
    let is_hot = |at: usize| hot(&code[turn.start..=at]).any(|(k, _)| turn.start + k == at);
    if !is_steady
        || !is_hot(made)
        || !is_hot(copy)
        || !matches!(code[made], Inst::Vector(_))
        || !skips_nothing(&code[made + 1..copy])
    {
        return false;
    }
    if let Some(last) = (made + 1..copy).rev().find(|at| reads(&code[*at], to)) {
        let between = &code[made + 1..=last];
        let is_free = |inst: &Inst| {
            inst.only_computes() && !reads(inst, from) && inst.def().is_none_or(|v| !reads(&code[made], v))
        };
        if !between.iter().all(is_free) || takes_long(&code[made]) {
            return false;
        }
        code[made..=last].rotate_left(1);
    }
    let rename = |v: V| if v == from { to } else { v };
    code[turn].iter_mut().for_each(|inst| inst.map(rename, rename));
    true
}

/// Whether whoever comes to the first of these comes to the end, or leaves the loop: code that is out of the way may go on in their midst.
fn skips_nothing(code: &[Inst]) -> bool {
    hot(code).all(|(at, inst)| {
        let is_next =
            |label: &Label| matches!(code.get(at + 1), Some(Inst::ColdStart(start)) if start == label);
        inst.only_computes() || matches!(inst, Inst::JumpIf { label, .. } if is_next(label))
    })
}

/// Whether an instruction had better begin early.
fn takes_long(inst: &Inst) -> bool {
    matches!(inst, Inst::Vector(Vector { op: Vex::VDIVPD | Vex::VSQRTPD, .. }))
}

#[cfg(test)]
mod tests {
    use Size::Wide;

    use super::*;
    use crate::codegen::x64::asm::Assembler;
    use crate::codegen::x64::inst::Size;
    use crate::codegen::x64::lower::{Plan, lower};
    use crate::codegen::x64::machine::Machine;
    use crate::codegen::x64::prune::prune;
    use crate::codegen::x64::sink::sink;
    use crate::ir::parse;

    /// How many vectors a turn of the only loop copies.
    fn copies(text: &str, machine: Machine) -> (usize, usize) {
        let function = parse(text).unwrap();
        let plan = Plan { machine, parts: 2, in_pairs: false, hurries: false, granted: None };
        let mut lowered = lower(&function, &[], plan).unwrap_or_else(|_| panic!("{text}"));
        let code = sink(prune(lowered.code, lowered.count), &mut lowered.kinds);
        let count = |code: &[Inst]| {
            let turn = innermost_loops(code).remove(0);
            hot(&code[turn]).filter(|(_, inst)| copied(inst).is_some()).count()
        };
        let before = count(&code);
        (before, count(&coalesce(code, lowered.kinds.len())))
    }

    const VECTORS: [Machine; 3] = [Machine::Avx2, Machine::Avx512, Machine::Neon];

    fn mandelbrot(next: &str) -> String {
        format!(
            "function 1 -> f64\n{{\n%i = index 0\n%zero = const.f64 0\n%one = const.f64 1\n%four = const.f64 4\nblock @0 -> %r:f64 {{\n\
             loop @1 %x:f64 = %zero, %y:f64 = %i, %n:f64 = %zero {{\n%xx = fmul %x, %x\n%yy = fmul %y, %y\n%s = fadd %xx, %yy\n\
             %on = fle %s, %four\nif %on {{ yield }} else {{ br @0 %n }}\n%d = fsub %xx, %yy\n{next}\n%m = fadd %n, %one\nbr @1 {} }} }}\n\
             yield %r\n}}",
            "%a, %b, %m"
        )
    }

    #[test]
    fn what_a_loop_carries_is_made_where_it_is() {
        for machine in VECTORS {
            // x and y of two parts, and one count: y reads what x was, so that x is made after it.
            let text = mandelbrot("%a = fadd %d, %i\n%p = fmul %x, %y\n%b = fadd %p, %i");
            assert_eq!(copies(&text, machine), (5, 0), "{machine:?}");
            // They change places: neither can be made where the other one is still read.
            let text = mandelbrot("%a = fadd %y, %i\n%b = fadd %x, %i");
            assert_eq!(copies(&text, machine), (5, 2), "{machine:?}");
        }
    }

    fn v(number: u32) -> V {
        V::vector(number)
    }

    fn vector(form: Form, op: Vex, dst: V, (a, b): (Option<V>, V)) -> Inst {
        Inst::Vector(Vector { form, op, size: Wide, dst, a, b: Some(Src::V(b)), c: None, imm: 0 })
    }

    fn sum(dst: u32, a: u32, b: u32) -> Inst {
        vector(Form::Vrm, Vex::VADDPD, v(dst), (Some(v(a)), v(b)))
    }

    fn copy(dst: u32, from: u32) -> Inst {
        vector(Form::Rm, Vex::VMOVUPD, v(dst), (None, v(from)))
    }

    /// A loop whose turns do that, and what stands after it, without copies that are not needed. 0 is what the loop carries.
    fn coalesced(turn: impl Fn(Label) -> Vec<Inst>, after: Vec<Inst>) -> Vec<Inst> {
        let mut asm = Assembler::new();
        let [head, cold] = [(); 2].map(|()| asm.label());
        let begin = [copy(0, 9), Inst::LoopStart, Inst::Bind(head)];
        let end = [Inst::Jump(head), Inst::LoopEnd];
        coalesce(begin.into_iter().chain(turn(cold)).chain(end).chain(after).collect(), 10)
    }

    fn is_left(turn: impl Fn(Label) -> Vec<Inst>, after: Vec<Inst>) -> bool {
        coalesced(turn, after).contains(&copy(0, 1))
    }

    #[test]
    fn copies_that_are_needed_are_left() {
        let made = |_| vec![sum(1, 0, 9), copy(0, 1)];
        assert!(!is_left(made, vec![]));
        // Who leaves the loop may need what there was before.
        assert!(is_left(made, vec![sum(2, 0, 9)]));
        assert!(is_left(made, vec![sum(2, 1, 9)]));
        // Something else is there in between, or afterwards.
        assert!(is_left(|_| vec![sum(1, 0, 9), copy(0, 8), sum(2, 0, 9), copy(0, 1)], vec![]));
        assert!(is_left(|_| vec![sum(1, 0, 9), copy(0, 1), sum(0, 0, 9)], vec![]));
        // It is made twice, or of what is no longer there after the last one who reads.
        assert!(is_left(|_| vec![sum(1, 0, 9), sum(1, 1, 9), copy(0, 1)], vec![]));
        assert!(is_left(|_| vec![copy(3, 9), sum(1, 0, 3), sum(3, 0, 9), copy(0, 1)], vec![]));
        // Somebody reads it before the last one who reads what there was.
        assert!(is_left(|_| vec![sum(1, 0, 9), sum(2, 1, 0), copy(0, 1)], vec![]));
        // It had better begin early.
        let quotient = || vector(Form::Vrm, Vex::VDIVPD, v(1), (Some(v(0)), v(9)));
        assert!(is_left(|_| vec![quotient(), sum(2, 0, 9), copy(0, 1)], vec![]));
        assert!(!is_left(|_| vec![quotient(), copy(0, 1)], vec![]));
    }

    #[test]
    fn what_is_out_of_the_way_may_go_on_in_the_midst_and_skips_nothing() {
        let out = |cold: Label, code: Vec<Inst>| {
            let jump = Inst::JumpIf { any: true, mask: v(7), label: cold };
            let piece = [Inst::ColdStart(cold)].into_iter().chain(code).chain([Inst::ColdEnd]);
            (jump, piece.collect::<Vec<_>>())
        };
        let next_to_it = |code: Vec<Inst>| {
            move |cold| {
                let (jump, piece) = out(cold, code.clone());
                [vec![sum(1, 0, 9), jump], piece, vec![copy(0, 1)]].concat()
            }
        };
        assert!(!is_left(next_to_it(vec![sum(2, 9, 9)]), vec![]));
        // It needs what there was.
        assert!(is_left(next_to_it(vec![sum(2, 0, 9)]), vec![]));
        // Who jumps comes back behind what stands between.
        let between = |cold| {
            let (jump, piece) = out(cold, vec![]);
            [vec![sum(1, 0, 9), jump, sum(2, 9, 9)], piece, vec![copy(0, 1)]].concat()
        };
        assert!(is_left(between, vec![]));
    }
}
