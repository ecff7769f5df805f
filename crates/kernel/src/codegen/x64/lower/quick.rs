//! Runs of operations that take for granted that the elements they read are there.
//!
//! An element that is not there is NaN, which sums and products of integers would have to look for at each step. Hardly any program
//! reads one. So a run of operations without effects is made twice:
//!
//! ```text
//!   load f: goes to `slow` if there is none
//!   load s: likewise
//!   f * s, a + f * s                               nobody looks for NaN
//!   …
//! slow:                                            out of the way
//!   the same operations, of elements that may be NaN
//!   what is read afterwards goes where it would be
//! ```
//!
//! Nothing that the first half has done can be seen, so that the second may begin anew.

use std::ops::Range as Span;

use super::{Home, Inst, Lowering, Op, Parts, Src, Stmt, V, Value, Wide};
use crate::analysis::Range;
use crate::ir::{Binary, Unary};

/// Operations of a run at the most.
const MOST: usize = 96;

/// Where the code of a run is.
pub(super) struct QuickRun {
    quick: Span<usize>,
    /// Where the slow half ends.
    end: usize,
    /// Registers of the quick half, and those that have the same in the slow half.
    pairs: Vec<(V, V)>,
}

/// Where a value is.
type Places = (Home, Option<V>, Option<Parts>);

impl Lowering<'_> {
    /// The next operations that are worth being made twice, if any are before something else comes.
    pub(super) fn quick_run(&self, stmts: &[Stmt]) -> Option<Span<usize>> {
        if !self.makes_quick_runs || !self.machine.is_scalar() {
            return None;
        }
        // Values that are NaN because an element is not there, if at all.
        let mut missing: Vec<Value> = Vec::new();
        let (mut start, mut end) = (None, 0);
        for (at, stmt) in stmts.iter().take(MOST).enumerate() {
            let Stmt::Let(value, op) = stmt else { break };
            if matches!(op, Op::Call(..) | Op::Atomic(..)) {
                break;
            }
            if !self.wanted.is_wanted[value.index()] || !self.may_be_nan(*value) {
                continue;
            }
            if matches!(op, Op::Load(..) | Op::LocalLoad(..)) {
                start.get_or_insert(at);
                missing.push(*value);
            } else if passed_on(op).iter().any(|operand| missing.contains(operand)) {
                missing.push(*value);
                end = at + 1;
            }
        }
        start.filter(|start| *start < end).map(|start| start..end)
    }

    pub(super) fn make_quick_run(&mut self, stmts: &[Stmt]) {
        let slow = self.asm.label();
        let before = self.take_elements_for_granted(stmts);
        let start = self.code.len();
        self.no_element = Some(slow);
        self.in_order(stmts);
        self.no_element = None;
        let quick = start..self.code.len();
        let places = self.take_places(stmts);
        before.into_iter().for_each(|(value, range)| self.wanted.ranges[value.index()] = range);
        self.code.push(Inst::ColdStart(slow));
        self.in_order(stmts);
        let end = self.code.len();
        self.code.push(Inst::ColdEnd);
        let slow = self.take_places(stmts);
        let mut pairs = Vec::new();
        for ((value, (home, general, integer)), (_, others)) in places.into_iter().zip(slow) {
            if let (Home::Registers(of_quick), Home::Registers(of_slow)) = (&home, &others.0) {
                pairs.push((of_quick[0], of_slow[0]));
            }
            pairs.extend(general.zip(others.1));
            pairs.extend(integer.as_ref().zip(others.2.as_ref()).map(|(a, b)| (a[0], b[0])));
            self.places[value.index()] = home;
            self.generals[value.index()] = general;
            if let Some(integer) = integer {
                self.integers_of.insert(value, integer);
            }
        }
        self.quick_runs.push(QuickRun { quick, end, pairs });
    }

    /// Operations, one after the other.
    pub(super) fn in_order(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            match stmt {
                Stmt::Let(_, Op::LocalLoad(..)) => self.local_stmt(stmt),
                Stmt::Let(value, op) => self.op(*value, op),
                _ => unreachable!("a run of operations"),
            }
        }
    }

    /// What is NaN only where an element is not there, is none from here on. Returns what was known of those values.
    fn take_elements_for_granted(&mut self, stmts: &[Stmt]) -> Vec<(Value, Option<Range>)> {
        let mut before = Vec::new();
        for stmt in stmts {
            let Stmt::Let(value, op) = stmt else { continue };
            let is_there = match op {
                Op::Load(..) | Op::LocalLoad(..) => true,
                op => {
                    let from = passed_on(op);
                    !from.is_empty() && from.iter().all(|operand| !self.may_be_nan(*operand))
                }
            };
            let range = &mut self.wanted.ranges[value.index()];
            if is_there && let Some(range) = range {
                before.push((*value, Some(*range)));
                range.may_be_nan = false;
            }
        }
        before
    }

    /// Where the values of a run are. They are nowhere then.
    fn take_places(&mut self, stmts: &[Stmt]) -> Vec<(Value, Places)> {
        let values = stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Let(value, _) => Some(*value),
            _ => None,
        });
        values
            .map(|value| {
                let home = std::mem::replace(&mut self.places[value.index()], Home::Nowhere);
                let general = self.generals[value.index()].take();
                (value, (home, general, self.integers_of.remove(&value)))
            })
            .collect()
    }

    /// Has the slow half of each run put what is read after it where the quick half has it. Returns whether that can be done.
    pub(super) fn settle_quick_runs(&mut self) -> bool {
        let runs = std::mem::take(&mut self.quick_runs);
        if runs.is_empty() {
            return true;
        }
        let mut made_in: Vec<Option<usize>> = vec![None; self.count as usize];
        for (number, run) in runs.iter().enumerate() {
            let quick = &self.code[run.quick.clone()];
            quick.iter().filter_map(Inst::def).for_each(|v| made_in[v.index()] = Some(number));
        }
        let mut read: Vec<Vec<V>> = vec![Vec::new(); runs.len()];
        let mut is_sound = true;
        for (at, inst) in self.code.iter().enumerate() {
            inst.uses(|v| {
                let Some(number) = made_in[v.index()] else { return };
                let QuickRun { quick, end, .. } = &runs[number];
                // The slow half makes all for itself.
                is_sound &= !(quick.end..*end).contains(&at);
                if !(quick.start..*end).contains(&at) && !read[number].contains(&v) {
                    read[number].push(v);
                }
            });
        }
        let code = std::mem::take(&mut self.code);
        let mut ends = runs.iter().zip(read).peekable();
        for (at, inst) in code.into_iter().enumerate() {
            if let Some((run, read)) = ends.next_if(|(run, _)| run.end == at) {
                for v in read {
                    match run.pairs.iter().find(|(quick, _)| *quick == v) {
                        Some((_, slow)) => self.write(v, Wide, Src::V(*slow)),
                        None => is_sound = false,
                    }
                }
            }
            self.code.push(inst);
        }
        is_sound
    }
}

/// The operands that an operation makes NaN of, if it does so of nothing else that is an integer.
fn passed_on(op: &Op) -> Vec<Value> {
    match op {
        Op::Select(_, a, b)
        | Op::Binary(Binary::Add | Binary::Sub | Binary::Mul | Binary::Min | Binary::Max, a, b) => {
            vec![*a, *b]
        }
        Op::Unary(Unary::Neg, a) => vec![*a],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, lower_alone};
    use crate::codegen::x64::asm::Cond;
    use crate::codegen::x64::inst::{Inst, Step, steps};
    use crate::codegen::x64::machine::Machine;
    use crate::ir::{Element, parse};

    /// How often code looks for what stands for NaN: where it runs as a rule, and in all.
    fn looks(text: &str) -> (usize, usize) {
        let function = parse(text).unwrap();
        let elements = [Element::Int16, Element::Uint8];
        let plan = Plan { machine: Machine::Scalar, parts: 1, in_pairs: false, hurries: false };
        let lowered = lower_alone(&function, &elements, plan).unwrap_or_else(|_| panic!("{text}"));
        let is_look = |inst: &Inst| matches!(inst, Inst::JumpGeneral { cond: Cond::O, .. });
        let as_a_rule = steps(&lowered.code, 0)
            .filter(|step| matches!(step, Step::Inst(inst, _) if is_look(inst)))
            .count();
        (as_a_rule, lowered.code.iter().filter(|inst| is_look(inst)).count())
    }

    #[test]
    fn nobody_looks_for_elements_that_are_there() {
        let head = "function 1 -> f64\narray 0 int16 \"a\"\narray 1 uint8 \"b\"\n{\n%i = index 0\n%x = load 0 %i\n%y = load 1 %i\n";
        let sums = "%p = fmul %x, %y\n%s = fadd %p, %x\n%n = i32.f64 %s\n%r = f64.i32 %n\nyield %r\n}";
        let (as_a_rule, all) = looks(&format!("{head}{sums}"));
        assert!(as_a_rule == 0 && all > 0, "{as_a_rule} of {all}");
        // What comes out of it may be NaN to all others.
        let after = "%p = fmul %x, %y\nblock @0 { if %c { br @0 } else { yield }\nyield }\n%s = fadd %p, %i\n%z = load 1 %s\nyield %z\n}";
        let (as_a_rule, _) = looks(&format!("{head}%c = flt %x, %y\n{after}"));
        assert!(as_a_rule > 0);
    }
}
