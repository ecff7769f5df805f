//! Neighbors in an array are looked for together.
//!
//! A run of operations that takes its elements for granted ([`quick`](super::lower)) goes to its slow half if one of them does not exist.
//! Where their numbers are a register plus constants, they all exist if the lowest and the highest do:
//!
//! ```text
//! n + 3 of a?  load it            n of a?  n + 3 of a?
//! n + 2 of a?  load it            load all three
//! n of a?      load it       →
//! ```
//!
//! Where an element is read or written alone, its number need not be computed at all: addresses are sums already.
//!
//! The slow half needs nothing that the quick one has made: it can be gone to from before. And as nobody goes there later on, what
//! the quick half has read need not be kept.

use super::asm::{Alu, Label};
use super::frame::Kind;
use super::general::{General, Operand};
use super::inst::{Bound, Inst, Nth, Size, V};

/// The number of an element, as a sum.
#[derive(Clone, Copy, PartialEq)]
struct Number {
    base: V,
    addend: i32,
}

/// Elements from the base at the most: addresses have 32 bits for that, and elements at most eight bytes.
const FARTHEST: u32 = 1 << 27;

/// Checks of a run that can be made together, where the first of them is.
struct Group {
    bound: Bound,
    base: V,
    label: Label,
    first: usize,
    others: Vec<usize>,
    /// Of the first, of the lowest and of the highest number.
    addend: i32,
    least: i32,
    most: i32,
}

/// The same code with as few checks. `kinds` says what is in each register, and grows.
pub(super) fn together(mut code: Vec<Inst>, kinds: &mut Vec<(Kind, u8)>) -> Vec<Inst> {
    if !code.iter().any(|inst| matches!(inst, Inst::JumpUnlessElement { .. })) {
        return code;
    }
    let groups = groups(&mut code);
    let mut at_first: Vec<Option<&Group>> = vec![None; code.len()];
    let mut is_made_before = vec![false; code.len()];
    for group in groups.iter().filter(|group| !group.others.is_empty()) {
        at_first[group.first] = Some(group);
        group.others.iter().for_each(|at| is_made_before[*at] = true);
    }
    let mut out = Vec::with_capacity(code.len());
    for (at, inst) in code.into_iter().enumerate() {
        if is_made_before[at] {
            continue;
        }
        let (Some(group), Inst::JumpUnlessElement { bound, number, label }) = (at_first[at], &inst) else {
            out.push(inst);
            continue;
        };
        let mut ends = vec![group.least, group.most];
        ends.dedup();
        for addend in ends {
            let number = match addend {
                0 => group.base,
                _ if addend == group.addend => *number,
                _ => {
                    let dst = V::general(kinds.len() as u32);
                    kinds.push(kinds[group.base.index()]);
                    let (a, b) = (group.base, Operand::Is(addend));
                    out.push(Inst::General(General::Alu { op: Alu::Add, size: Size::Wide, dst, a, b }));
                    dst
                }
            };
            out.push(Inst::JumpUnlessElement { bound: *bound, number, label: *label });
        }
    }
    out
}

/// Finds checks of the same run, and has accesses add up the numbers of their elements.
fn groups(code: &mut [Inst]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Those from here on may still grow.
    let mut open = 0;
    // Sums that hold here.
    let mut sums: Vec<(V, Number)> = Vec::new();
    let mut depth = 0;
    for (at, inst) in code.iter_mut().enumerate() {
        match inst {
            Inst::ColdStart(_) => depth += 1,
            Inst::ColdEnd => depth -= 1,
            Inst::JumpUnlessElement { bound, number, label } if depth == 0 => {
                let sum = sums.iter().find(|(v, _)| v == number);
                let Number { base, addend } =
                    sum.map_or(Number { base: *number, addend: 0 }, |(_, sum)| *sum);
                let key = (*bound, base, *label);
                match groups[open..].iter_mut().find(|group| (group.bound, group.base, group.label) == key) {
                    Some(group) => {
                        group.others.push(at);
                        (group.least, group.most) = (group.least.min(addend), group.most.max(addend));
                    }
                    None => groups.push(Group {
                        bound: *bound,
                        base,
                        label: *label,
                        first: at,
                        others: Vec::new(),
                        addend,
                        least: addend,
                        most: addend,
                    }),
                }
            }
            Inst::LoadOne { at, .. }
            | Inst::StoreOne { at, .. }
            | Inst::LoadLocalOne { at, .. }
            | Inst::StoreLocalOne { at, .. } => {
                if let Nth::V(number) = at
                    && let Some((_, Number { base, addend })) = sums.iter().find(|(v, _)| v == number)
                    && addend.unsigned_abs() <= FARTHEST
                {
                    *at = Nth::Sum(*base, *addend);
                }
            }
            _ => {}
        }
        match inst {
            Inst::ColdStart(_) | Inst::ColdEnd | Inst::JumpUnlessElement { .. } => {}
            _ if depth == 0 && !goes_on(inst) => {
                open = groups.len();
                sums.clear();
            }
            _ => {}
        }
        let Some(dst) = inst.def() else { continue };
        // Of what it was before.
        sums.retain(|(v, sum)| *v != dst && sum.base != dst);
        if groups[open..].iter().any(|group| group.base == dst) {
            open = groups.len();
        }
        if let Inst::General(General::Alu {
            op: Alu::Add, size: Size::Wide, a, b: Operand::Is(addend), ..
        }) = inst
            && depth == 0
            && *a != dst
        {
            sums.push((dst, Number { base: *a, addend: *addend }));
        }
    }
    groups
}

/// Whether the next instruction is that of a run, too.
fn goes_on(inst: &Inst) -> bool {
    inst.only_writes() || inst.target().is_some() && !matches!(inst, Inst::Jump(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::inst::{Step, steps};
    use crate::codegen::x64::lower::{Plan, lower_alone};
    use crate::codegen::x64::machine::Machine;
    use crate::codegen::x64::prune::prune;
    use crate::codegen::x64::sink::sink;
    use crate::ir::{Element, parse};

    /// How many checks and sums of general registers there are where code runs as a rule: before, and after.
    fn made_of(text: &str) -> [(usize, usize); 2] {
        let function = parse(text).unwrap();
        let plan = Plan { machine: Machine::Scalar, parts: 1, in_pairs: false, hurries: false };
        let mut lowered =
            lower_alone(&function, &[Element::Uint8; 2], plan).unwrap_or_else(|_| panic!("{text}"));
        let count = |code: Vec<Inst>, kinds: &[(Kind, u8)]| {
            let code = sink(prune(code, kinds.len()), &mut kinds.to_vec());
            let hot = |is_it: fn(&Inst) -> bool| {
                steps(&code, 0).filter(|step| matches!(step, Step::Inst(inst, _) if is_it(inst))).count()
            };
            (
                hot(|inst| matches!(inst, Inst::JumpUnlessElement { .. })),
                hot(|inst| {
                    matches!(inst, Inst::General(General::Alu { op: Alu::Add, b: Operand::Is(_), .. }))
                }),
            )
        };
        let before = count(lowered.code.clone(), &lowered.kinds);
        let code = together(lowered.code, &mut lowered.kinds);
        [before, count(code, &lowered.kinds)]
    }

    fn neighbors(second: &str) -> String {
        format!(
            "function 1 -> f64\narray 0 uint8 \"a\"\narray 1 uint8 \"b\"\n{{\n%i = index 0\n%n = i32.f64 %i\n%k = f64.i32 %n\n\
             %one = const.f64 1\n%two = const.f64 2\n%p = fadd %k, %one\n%q = fadd %k, %two\n%x = load 0 %q\n\
             %y = load {second}\n%z = load 0 %k\n%s = fadd %x, %y\n%t = fadd %s, %z\n%w = i32.f64 %t\n%r = f64.i32 %w\nyield %r\n}}"
        )
    }

    #[test]
    fn neighbors_are_looked_for_together() {
        // The lowest and the highest; and the number of the highest.
        assert_eq!(made_of(&neighbors("0 %p")), [(3, 2), (2, 1)]);
        // Of another array.
        assert_eq!(made_of(&neighbors("1 %p"))[1], (3, 2));
        // The same twice.
        assert_eq!(made_of(&neighbors("0 %q"))[1], (2, 1));
    }
}
