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
use super::copies;
use super::inst::{Inst, V, Vector};

/// Takes copies out of innermost loops. `count` registers are in use.
pub(super) fn coalesce(mut code: Vec<Inst>, count: usize) -> Vec<Inst> {
    let turns = innermost_loops(&code);
    if turns.is_empty() {
        return code;
    }
    let mut everywhere = vec![Accesses::default(); count];
    code.iter().for_each(|inst| add(&mut everywhere, inst));
    let mut is_left = vec![true; code.len()];
    // From the last one on, as copies within a turn: what has been made in place is read later than what has not.
    for turn in turns.into_iter().rev() {
        let (code, is_left) = (&mut code[turn.clone()], &mut is_left[turn]);
        if !goes_straight(code) {
            continue;
        }
        let mut registers = Registers::of(code, &mut everywhere);
        for at in (0..code.len()).rev() {
            if let Some(copy) = copied(&code[at]) {
                is_left[at] = !registers.make_in_place(code, at, copy);
            }
        }
        registers.rename(code);
    }
    let mut is_left = is_left.into_iter();
    code.retain(|_| is_left.next() == Some(true));
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
    last.target() == Some(*head)
        && hot(body).all(|(_, inst)| !matches!(inst, Inst::Bind(_)))
        && body.iter().all(|inst| inst.target() != Some(*head))
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

/// A copy of a vector: where it goes, and what is copied.
fn copied(inst: &Inst) -> Option<(V, V)> {
    copies::copied(inst).filter(|(to, from)| !to.is_mask() && !to.is_general() && to != from)
}

/// How often a register is accessed.
#[derive(Clone, Copy, Default)]
struct Accesses {
    writes: u32,
    reads: u32,
}

fn add(accesses: &mut [Accesses], inst: &Inst) {
    inst.uses(|v| accesses[v.index()].reads += 1);
    inst.def().into_iter().for_each(|v| accesses[v.index()].writes += 1);
}

/// What is known of registers in one turn of a loop, while copies are taken out.
struct Registers<'a> {
    everywhere: &'a mut [Accesses],
    here: Vec<Accesses>,
    /// What is read by an instruction that comes before the one that writes it.
    is_carried: Vec<bool>,
    /// Those that have become another one.
    names: Vec<Option<V>>,
    /// Which instructions of the turn are not out of the way.
    is_hot: Vec<bool>,
}

impl<'a> Registers<'a> {
    fn of(code: &[Inst], everywhere: &'a mut [Accesses]) -> Self {
        let count = everywhere.len();
        let mut here = vec![Accesses::default(); count];
        let mut is_carried = vec![false; count];
        for inst in code {
            let def = inst.def();
            inst.uses(|v| is_carried[v.index()] |= here[v.index()].writes == 0 && def != Some(v));
            add(&mut here, inst);
        }
        let mut is_hot = vec![false; code.len()];
        hot(code).for_each(|(at, _)| is_hot[at] = true);
        Self { everywhere, here, is_carried, names: vec![None; count], is_hot }
    }

    fn name(&self, mut v: V) -> V {
        while let Some(name) = self.names[v.index()] {
            v = name;
        }
        v
    }

    fn reads(&self, inst: &Inst, v: V) -> bool {
        let mut found = false;
        inst.uses(|other| found |= self.name(other) == v);
        found
    }

    fn writes(&self, inst: &Inst, v: V) -> bool {
        inst.def().is_some_and(|other| self.name(other) == v)
    }

    /// Has the instruction that makes `from` write `to`, to which the one at `copy` copies it. Returns whether it can: then the copy is
    /// needless.
    fn make_in_place(&mut self, code: &mut [Inst], copy: usize, (to, from): (V, V)) -> bool {
        let (to, from) = (self.name(to), self.name(from));
        let is_here_alone = |v: V| self.everywhere[v.index()].reads == self.here[v.index()].reads;
        let is_made_once = self.everywhere[from.index()].writes == 1 && self.here[from.index()].writes == 1;
        let is_steady = self.here[to.index()].writes == 1
            && is_here_alone(to)
            && is_here_alone(from)
            && !self.is_carried[from.index()];
        if to == from || !is_made_once || !is_steady || !self.is_hot[copy] {
            return false;
        }
        let Some(made) = code[..copy].iter().rposition(|inst| self.writes(inst, from)) else { return false };
        if !self.is_hot[made]
            || !matches!(code[made], Inst::Vector(_))
            || !skips_nothing(&code[made + 1..copy])
        {
            return false;
        }
        if let Some(last) = (made + 1..copy).rev().find(|at| self.reads(&code[*at], to)) {
            let is_free = |inst: &Inst| {
                inst.only_computes()
                    && !self.reads(inst, from)
                    && inst.def().is_none_or(|v| !self.reads(&code[made], self.name(v)))
            };
            if !code[made + 1..=last].iter().all(is_free) || takes_long(&code[made]) {
                return false;
            }
            code[made..=last].rotate_left(1);
        }
        self.names[from.index()] = Some(to);
        for accesses in [&mut *self.everywhere, &mut self.here] {
            accesses[to.index()].reads += accesses[from.index()].reads;
        }
        true
    }

    fn rename(&self, code: &mut [Inst]) {
        if self.names.iter().any(Option::is_some) {
            let name = |v: V| self.name(v);
            code.iter_mut().for_each(|inst| inst.map(name, name));
        }
    }
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
    use crate::codegen::x64::inst::{Form, Size, Src};
    use crate::codegen::x64::lower::{Plan, lower_alone};
    use crate::codegen::x64::machine::Machine;
    use crate::codegen::x64::prune::prune;
    use crate::codegen::x64::sink::sink;
    use crate::ir::parse;

    /// How many vectors a turn of the only loop copies.
    fn copies(text: &str, machine: Machine) -> (usize, usize) {
        let function = parse(text).unwrap();
        let plan = Plan { machine, parts: 2, in_pairs: false, hurries: false };
        let mut lowered = lower_alone(&function, &[], plan).unwrap_or_else(|_| panic!("{text}"));
        let code = sink(prune(lowered.code, lowered.kinds.len()), &mut lowered.kinds);
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
        // The turn begins with what the last one has made.
        assert!(is_left(|_| vec![sum(2, 1, 9), sum(1, 0, 9), copy(0, 1)], vec![]));
        // Somebody reads it before the last one who reads what there was.
        assert!(is_left(|_| vec![sum(1, 0, 9), sum(2, 1, 0), copy(0, 1)], vec![]));
        // It had better begin early.
        let quotient = || vector(Form::Vrm, Vex::VDIVPD, v(1), (Some(v(0)), v(9)));
        assert!(is_left(|_| vec![quotient(), sum(2, 0, 9), copy(0, 1)], vec![]));
        assert!(!is_left(|_| vec![quotient(), copy(0, 1)], vec![]));
    }

    /// The first copy becomes one of what the second has been given.
    #[test]
    fn what_is_copied_twice_is_made_where_it_is_carried() {
        let code = coalesced(|_| vec![sum(1, 0, 9), copy(0, 1), copy(3, 1)], vec![]);
        let turn = &code[innermost_loops(&code).remove(0)];
        assert_eq!(turn[2..], [sum(0, 0, 9), Inst::Jump(Label::numbered(0))]);
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
