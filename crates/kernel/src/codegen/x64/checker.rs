//! What the allocator has done, proved without knowing how it came about.

use super::allocate::{KINDS, REGISTERS, kind_of};
use super::asm::{Label, Vreg};
use super::inst::{Inst, USED_UP, V};

/// Follows the code on all ways through it: each read finds what was written last on the way to the virtual register that it names. Where
/// nothing was, nobody looks at what it finds; that is so before the first instruction that names it, too.
pub(super) fn check(code: &[Inst], registers: &[Vreg]) -> Result<(), String> {
    let mut ways = Ways::new(code, registers);
    // Until no way brings anything new to where a loop begins.
    while ways.follow(code)? {}
    Ok(())
}

/// What is known of virtual registers somewhere: a bit for each.
#[derive(Clone, PartialEq)]
struct Known {
    /// It may be there: written last on some way.
    there: Vec<u64>,
    /// It may have been overwritten.
    lost: Vec<u64>,
}

impl Known {
    fn nothing(count: usize) -> Self {
        let words = count.div_ceil(64);
        Self { there: vec![0; words], lost: vec![0; words] }
    }

    fn join(&mut self, other: &Self) {
        let all = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
        all(&mut self.there, &other.there);
        all(&mut self.lost, &other.lost);
    }

    fn is_lost(&self, v: usize) -> bool {
        self.lost[v / 64] >> (v % 64) & 1 != 0
    }

    fn write(&mut self, v: usize) {
        self.forget(v);
        self.there[v / 64] |= 1 << (v % 64);
    }

    fn overwrite(&mut self, v: usize) {
        let (word, bit) = (v / 64, 1 << (v % 64));
        self.lost[word] |= self.there[word] & bit;
        self.there[word] &= !bit;
    }

    fn forget(&mut self, v: usize) {
        let (word, bit) = (v / 64, 1 << (v % 64));
        self.there[word] &= !bit;
        self.lost[word] &= !bit;
    }

    fn forget_all_but(&mut self, those: &[u64]) {
        let cut = |bits: &mut [u64]| bits.iter_mut().zip(those).for_each(|(bits, those)| *bits &= those);
        cut(&mut self.there);
        cut(&mut self.lost);
    }
}

struct Ways<'a> {
    registers: &'a [Vreg],
    /// The virtual registers that are in each register.
    tenants: Vec<Vec<usize>>,
    at_labels: Vec<Option<Known>>,
    at_group: Option<Known>,
    count: usize,
}

impl<'a> Ways<'a> {
    fn new(code: &[Inst], registers: &'a [Vreg]) -> Self {
        let count = registers.len();
        let mut is_named = vec![false; count];
        let mut tenants = vec![Vec::new(); KINDS * REGISTERS];
        for inst in code {
            let mut name = |v: V| {
                if !std::mem::replace(&mut is_named[v.index()], true) {
                    tenants[place(registers, v)].push(v.index());
                }
            };
            inst.uses(&mut name);
            inst.def().into_iter().for_each(name);
        }
        Self { registers, tenants, at_labels: Vec::new(), at_group: None, count }
    }

    fn at_label(&mut self, label: Label) -> &mut Option<Known> {
        let number = label.number();
        self.at_labels.resize(self.at_labels.len().max(number + 1), None);
        &mut self.at_labels[number]
    }

    /// Once through the code. Whether a jump back has brought something new.
    fn follow(&mut self, code: &[Inst]) -> Result<bool, String> {
        let mut now = Some(Known::nothing(self.count));
        let mut is_new = false;
        // What is known behind each piece of cold code that this is in, of those who do not come by there.
        let mut around = Vec::new();
        // All that was named on the way.
        let mut named = vec![0_u64; self.count.div_ceil(64)];
        let mut bound = vec![false; self.at_labels.len()];
        for (at, inst) in code.iter().enumerate() {
            match inst {
                Inst::ColdStart(label) => {
                    around.push(now.take());
                    now = self.at_label(*label).clone();
                }
                Inst::ColdEnd => {
                    let other = around.pop().ok_or("cold code ends that has not begun")?;
                    now = joined(now, other);
                }
                Inst::Bind(label) => now = joined(now, self.at_label(*label).clone()),
                Inst::GroupStart => now = joined(now, self.at_group.clone()),
                _ => {}
            }
            if let Inst::GroupStart | Inst::ColdStart(_) | Inst::Bind(_) = inst
                && let Some(known) = &mut now
            {
                known.forget_all_but(&named);
            }
            if let Inst::ColdStart(label) | Inst::Bind(label) = inst {
                bound.resize(bound.len().max(label.number() + 1), false);
                bound[label.number()] = true;
            }
            let mut name = |v: V| named[v.index() / 64] |= 1 << (v.index() % 64);
            inst.uses(&mut name);
            inst.def().into_iter().for_each(name);
            let Some(known) = &mut now else { continue };
            self.one(known, inst).map_err(|wrong| format!("{at}: {inst:?} {wrong}"))?;
            if let Some(label) = inst.target() {
                let is_back = bound.get(label.number()).is_some_and(|is_bound| *is_bound);
                let there = self.at_label(label);
                let before = there.clone();
                *there = joined(there.take(), Some(known.clone()));
                is_new |= is_back && *there != before;
            }
            match inst {
                Inst::GroupEnd => {
                    let before = self.at_group.clone();
                    self.at_group = joined(self.at_group.take(), Some(known.clone()));
                    is_new |= self.at_group != before;
                }
                Inst::Jump(_) | Inst::Exit(_) => now = None,
                _ => {}
            }
        }
        Ok(is_new)
    }

    fn one(&self, known: &mut Known, inst: &Inst) -> Result<(), String> {
        let mut wrong = None;
        inst.uses(|v| {
            if known.is_lost(v.index()) {
                wrong = Some(format!("reads {v:?}, whose register holds something else"));
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if inst.lanes().is_some_and(|mask| self.registers[mask.index()].0 == 0) {
            return Err("has the mask that stands for all lanes".into());
        }
        if inst.uses_up_a_mask() {
            let used_up = &self.tenants[REGISTERS + usize::from(USED_UP)];
            used_up.iter().for_each(|v| known.overwrite(*v));
        }
        let Some(v) = inst.def() else { return Ok(()) };
        let place = place(self.registers, v);
        if inst.writes_early() {
            let mut clash = false;
            inst.uses(|other| clash |= other != v && self::place(self.registers, other) == place);
            if clash {
                return Err("overwrites what it reads".into());
            }
        }
        self.tenants[place].iter().for_each(|other| known.overwrite(*other));
        known.write(v.index());
        Ok(())
    }
}

fn place(registers: &[Vreg], v: V) -> usize {
    REGISTERS * kind_of(v) + usize::from(registers[v.index()].0)
}

/// What is known where two ways meet; `None` for one that nobody comes along.
fn joined(a: Option<Known>, b: Option<Known>) -> Option<Known> {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.join(&b);
            Some(a)
        }
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::testing::{is, labels, sum, unless};

    /// Whether code passes with its virtual registers in these.
    fn passes(code: &[Inst], registers: &[u8]) -> bool {
        let registers: Vec<Vreg> = registers.iter().map(|register| Vreg(*register)).collect();
        check(code, &registers).is_ok()
    }

    #[test]
    fn what_is_read_must_still_be_there() {
        let code = [is(0), is(1), sum(2, 0, 1)];
        assert!(passes(&code, &[0, 1, 0]));
        assert!(!passes(&code, &[0, 0, 1]));
    }

    #[test]
    fn loops_come_by_again() {
        let [head] = labels();
        let code = [
            is(0),
            is(1),
            Inst::LoopStart,
            Inst::Bind(head),
            sum(2, 0, 0),
            unless(2, head),
            Inst::LoopEnd,
            sum(3, 1, 1),
        ];
        assert!(passes(&code, &[0, 1, 2, 0]));
        // The first turn finds it, and the second does not.
        assert!(!passes(&code, &[0, 1, 0, 2]));
        assert!(!passes(&code, &[0, 1, 1, 2]));
        let group = [is(0), Inst::GroupStart, sum(1, 0, 0), Inst::GroupEnd];
        assert!(passes(&group, &[0, 1]));
        assert!(!passes(&group, &[0, 0]));
    }

    #[test]
    fn every_way_counts() {
        let [cold, join] = labels();
        let around =
            [is(0), is(1), unless(0, cold), Inst::ColdStart(cold), is(2), Inst::ColdEnd, sum(3, 1, 1)];
        assert!(passes(&around, &[0, 1, 0, 0]));
        assert!(!passes(&around, &[0, 1, 1, 0]));
        // What cold code makes anew may have been anywhere.
        let anew =
            [is(0), is(1), unless(0, cold), Inst::ColdStart(cold), is(2), is(1), Inst::ColdEnd, sum(3, 1, 1)];
        assert!(passes(&anew, &[0, 1, 1, 0]));
        let branches = [is(0), is(1), unless(0, join), is(2), Inst::Bind(join), sum(3, 1, 1)];
        assert!(passes(&branches, &[0, 1, 0, 0]));
        assert!(!passes(&branches, &[0, 1, 1, 0]));
        // Nobody comes from a jump to what follows it.
        let away = [is(1), Inst::Jump(join), is(2), Inst::Bind(join), sum(3, 1, 1)];
        assert!(passes(&away, &[0, 1, 1, 0]));
    }

    #[test]
    fn what_nothing_has_written_may_be_anything() {
        let [head, skip] = labels();
        let code = [
            is(0),
            Inst::LoopStart,
            Inst::Bind(head),
            unless(0, skip),
            is(1),
            Inst::Bind(skip),
            sum(2, 1, 1),
            unless(2, head),
            Inst::LoopEnd,
        ];
        assert!(passes(&code, &[0, 1, 1]));
    }
}
