//! What only code that is out of the way needs is made there.
//!
//! An index as doubles, say, is needed where elements are read one by one, and not where one look at the first has shown that they follow one
//! another. Lowering makes it ahead of both. Here such instructions move to the cold code that reads what they write; a copy goes to each, if
//! there are several.
//!
//! That is possible where the result does not depend on when it is made: the instruction only computes, and what it reads and writes is
//! written in one place. Lists, inputs and constants stay as they are for a group of lanes.
//!
//! Nothing moves into a loop, or past one: operands would have to be there when lanes change places with those of another fiber, and of
//! what is only on the way to a value nobody has said how its lanes lie.

use super::frame::Kind;
use super::inst::{Form, Inst, V, Vector};

/// Cold code that a copy may go to, for one instruction.
const MOST_COPIES: usize = 8;

/// Who reads a register.
#[derive(Default, Clone)]
struct Readers {
    /// Instructions that are not cold.
    hot: usize,
    /// Pieces of cold code, by number.
    cold: Vec<usize>,
}

/// Instructions for the beginning of a piece of cold code, the last one first; and what its names are for what they write.
#[derive(Default)]
struct Piece {
    code: Vec<Inst>,
    names: Vec<(V, V)>,
}

/// Moves instructions to cold code. `kinds` says what is in each register, and grows.
pub(super) fn sink(code: Vec<Inst>, kinds: &mut Vec<(Kind, u8)>) -> Vec<Inst> {
    let (pieces, starts) = pieces(&code);
    if starts.is_empty() {
        return code;
    }
    let mut writes = vec![0_u32; kinds.len()];
    let mut readers = vec![Readers::default(); kinds.len()];
    for (inst, Spot { piece, .. }) in code.iter().zip(&pieces) {
        inst.def().into_iter().for_each(|v| writes[v.index()] += 1);
        inst.uses(|v| match piece {
            None => readers[v.index()].hot += 1,
            Some(piece) => add(&mut readers[v.index()].cold, *piece),
        });
    }
    let mut made: Vec<Piece> = starts.iter().map(|_| Piece::default()).collect();
    let mut moved = vec![false; code.len()];
    // From the end, so that what is read only by what has moved moves too.
    for (at, inst) in code.iter().enumerate().rev() {
        let (None, Some(dst)) = (pieces[at].piece, only_computes(inst)) else { continue };
        let Readers { hot, cold } = &readers[dst.index()];
        if *hot > 0 || cold.is_empty() || cold.len() > MOST_COPIES {
            continue;
        }
        let mut is_steady = writes[dst.index()] == 1;
        inst.uses(|v| is_steady &= writes[v.index()] == 1);
        let passes_no_loop = cold.iter().all(|piece| starts[*piece].loops == pieces[at].loops);
        if !is_steady || !passes_no_loop {
            continue;
        }
        moved[at] = true;
        inst.uses(|v| readers[v.index()].hot -= 1);
        // Nobody asks for its readers again.
        for piece in std::mem::take(&mut readers[dst.index()].cold) {
            inst.uses(|v| add(&mut readers[v.index()].cold, piece));
            let copy = dst.renamed(kinds.len() as u32);
            kinds.push(kinds[dst.index()]);
            made[piece].names.push((dst, copy));
            made[piece].code.push(inst.clone());
        }
    }
    let mut out = Vec::with_capacity(kinds.len() - readers.len() + code.len());
    // What registers are called in the piece that is gone through.
    let mut names: Vec<Option<V>> = vec![None; readers.len()];
    let mut within = None;
    for (at, inst) in code.into_iter().enumerate() {
        if moved[at] {
            continue;
        }
        let piece = pieces[at].piece;
        let is_entered = piece != within;
        if is_entered {
            let of = |piece: Option<usize>| piece.map_or(&[][..], |piece| &made[piece].names);
            of(within).iter().for_each(|(v, _)| names[v.index()] = None);
            of(piece).iter().for_each(|(v, copy)| names[v.index()] = Some(*copy));
            within = piece;
        }
        let Some(piece) = piece else {
            out.push(inst);
            continue;
        };
        let renamed = |mut inst: Inst| {
            let name = |v: V| names[v.index()].unwrap_or(v);
            inst.map(name, name);
            inst
        };
        out.push(renamed(inst));
        if is_entered {
            // The first one is the start itself.
            out.extend(std::mem::take(&mut made[piece].code).into_iter().rev().map(renamed));
        }
    }
    out
}

fn add(pieces: &mut Vec<usize>, piece: usize) {
    if !pieces.contains(&piece) {
        pieces.push(piece);
    }
}

/// Where an instruction stands.
#[derive(Clone, Copy)]
struct Spot {
    /// The piece of cold code that it is in, the outermost.
    piece: Option<usize>,
    /// How many turns of loops have begun or ended before it.
    loops: usize,
}

/// Where each instruction stands, and where each piece of cold code starts.
fn pieces(code: &[Inst]) -> (Vec<Spot>, Vec<Spot>) {
    let (mut depth, mut loops) = (0, 0);
    let mut starts: Vec<Spot> = Vec::new();
    let of = |inst: &Inst| {
        match inst {
            Inst::ColdStart(_) => {
                if depth == 0 {
                    starts.push(Spot { piece: None, loops });
                }
                depth += 1;
            }
            Inst::LoopStart | Inst::LoopEnd => loops += 1,
            _ => {}
        }
        let piece = (depth > 0).then(|| starts.len() - 1);
        depth -= i32::from(matches!(inst, Inst::ColdEnd));
        Spot { piece, loops }
    };
    let spots = code.iter().map(of).collect();
    (spots, starts)
}

/// What an instruction writes, if it depends on nothing but its operands and does nothing else.
fn only_computes(inst: &Inst) -> Option<V> {
    let accumulates = matches!(inst, Inst::Vector(Vector { form: Form::Accumulate, .. }));
    inst.def().filter(|_| inst.only_computes() && !accumulates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::asm::Vex;
    use crate::codegen::x64::inst::{Step, steps};
    use crate::codegen::x64::lower::{Plan, lower_alone};
    use crate::codegen::x64::machine::Machine;
    use crate::codegen::x64::prune::prune;
    use crate::ir::{Element, parse};

    /// How many instructions for which `is_it` holds are not cold, and how many there are in all.
    fn count(code: &[Inst], is_it: impl Fn(&Inst) -> bool) -> (usize, usize) {
        let hot = steps(code, 0).filter(|step| matches!(step, Step::Inst(inst, _) if is_it(inst))).count();
        (hot, code.iter().filter(|inst| is_it(inst)).count())
    }

    fn made_of(text: &str, machine: Machine) -> Vec<Inst> {
        let function = parse(text).unwrap();
        let plan = Plan { machine, parts: 4, in_pairs: false, hurries: false };
        let mut lowered =
            lower_alone(&function, &[Element::Float64; 2], plan).unwrap_or_else(|_| panic!("{text}"));
        sink(prune(lowered.code, lowered.kinds.len()), &mut lowered.kinds)
    }

    #[test]
    fn elements_in_a_row_need_neither_indices_nor_a_mask() {
        let text = "function 1\narray 0 float64 \"a\"\narray 1 float64 \"b\" written\n{\n%i = index 0\n%one = const.f64 1\n%l = fsub %i, %one\n\
                    %x = load 0 %l\n%y = load 0 %i\n%s = fadd %x, %y\nstore 1 %i, %s\nyield\n}";
        for machine in [Machine::Avx2, Machine::Avx512, Machine::Neon] {
            let code = made_of(text, machine);
            let (hot, all) = count(&code, |inst| matches!(inst, Inst::LoadList { .. }));
            assert!(hot == 0 && all > 0, "{machine:?}: {hot} of {all} lists");
            // A sum for each of four vectors, and nothing else.
            let (hot, _) = count(&code, |inst| matches!(inst, Inst::Vector(_)));
            assert_eq!(hot, 4, "{machine:?}");
        }
    }

    #[test]
    fn one_look_is_enough_for_an_index_and_a_number() {
        let text = "function 1 -> f64\nscalar 0 \"u\"\narray 0 float64 \"a\"\narray 1 float64 \"b\"\n{\n%i = index 0\n%u = scalar 0\n%k = fadd %i, %u\n\
                    %x = load 0 %k\nyield %x\n}";
        for machine in [Machine::Avx2, Machine::Avx512, Machine::Neon] {
            let code = made_of(text, machine);
            assert_eq!(
                count(&code, |inst| matches!(inst, Inst::ConsecutiveIf { .. })),
                (1, 1),
                "{machine:?}"
            );
            assert_eq!(count(&code, |inst| matches!(inst, Inst::ConsecutiveFrom { .. })).1, 0, "{machine:?}");
        }
    }

    #[test]
    fn no_double_is_made_of_an_index_that_is_an_integer() {
        let text = "function 1 -> f64\n{\n%i = index 0\n%two = const.f64 2\n%one = const.f64 1\n%x = fmul %i, %two\n%y = fadd %x, %one\n\
                    %n = i32.f64 %y\n%h = imul %n, %n\n%r = f64.u32 %h\nyield %r\n}";
        for machine in [Machine::Avx2, Machine::Avx512] {
            let code = made_of(text, machine);
            let (hot, all) = count(&code, |inst| {
                matches!(inst, Inst::LoadList { .. } | Inst::Vector(Vector { op: Vex::VMULPD, .. }))
            });
            assert!(hot == 0 && all > 0, "{machine:?}: {hot} of {all} are not cold");
        }
    }

    #[test]
    fn what_is_there_as_integers_is_stored_as_it_is() {
        let text = "function 1\narray 0 float64 \"a\"\narray 1 float64 \"b\" written\n{\n%i = index 0\n%x = load 0 %i\n%n = i32.f64 %x\n\
                    %m = imul %n, %n\n%d = f64.i32 %m\nstore 1 %i, %d\nyield\n}";
        let function = parse(text).unwrap();
        for machine in [Machine::Avx2, Machine::Avx512, Machine::Neon] {
            for in_pairs in [false, true] {
                let plan =
                    Plan { machine, parts: 4, in_pairs: in_pairs && !machine.is_neon(), hurries: false };
                let elements = [Element::Float64, Element::Int16];
                let lowered = lower_alone(&function, &elements, plan).unwrap_or_else(|_| panic!("{text}"));
                let code = prune(lowered.code, lowered.kinds.len());
                // Of what is loaded, and of nothing else.
                let op = if machine == Machine::Avx2 { Vex::VCVTTPD2DQ } else { Vex::VCVTTPD2QQ };
                let (hot, _) = count(&code, |inst| matches!(inst, Inst::Vector(vector) if vector.op == op));
                assert_eq!(hot, 4, "{machine:?}");
            }
        }
    }
}
