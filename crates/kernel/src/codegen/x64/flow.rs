//! When a register holds what somebody will still read.
//!
//! The code is gone through from its end: what an instruction reads is live before it, what it writes is not, and where it jumps to, what is
//! live there is. All jumps but those of loops go forward, so that once is enough without loops; with them it is done again until
//! nothing changes.
//!
//! Code for several lanes reads, now and then, what it has not written: the result of a block that no lane has left yet, for the lanes that
//! have not. Nobody looks at what such a lane gets. So what is before the first instruction that names a register is no use of it, although
//! a loop may come by there again.

use super::asm::Label;
use super::inst::{Depth, Inst, Src, V, Vector, with_depth};

/// A stretch of the code, from `start` on and before `end`. An instruction, the `k`th, reads at `2 k` and writes at `2 k + 1`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Where each variable is live: spans in order, with room between two. Variables are the virtual registers, and after them the
/// slots of the frame.
pub(super) struct Flow {
    /// Where the spans of each begin; and the end of all.
    first: Vec<u32>,
    spans: Vec<Span>,
}

impl Flow {
    /// Of code with these operands.
    pub(super) fn of(code: &[Inst], operands: &Operands) -> Self {
        let mut walk = Walk::new(operands);
        // What comes together at labels is all that the first time is about.
        walk.back_through(code, true);
        while walk.back_through(code, false) {}
        walk.finish()
    }

    pub(super) fn spans(&self, variable: usize) -> &[Span] {
        &self.spans[self.first[variable] as usize..self.first[variable + 1] as usize]
    }
}

/// Whether no place is in both, of spans in order.
pub(super) fn are_apart(a: &[Span], b: &[Span]) -> bool {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        if x.end <= y.start {
            a.next();
        } else if y.end <= x.start {
            b.next();
        } else {
            return false;
        }
    }
    true
}

/// Both together, of spans that are apart.
pub(super) fn union(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = a.iter().chain(b).copied().collect();
    all.sort_unstable_by_key(|span| span.start);
    all.dedup_by(|next, span| {
        let follows = next.start == span.end;
        if follows {
            span.end = next.end;
        }
        follows
    });
    all
}

const NOWHERE: u32 = u32::MAX;
const WORD: usize = u64::BITS as usize;
/// The row of what comes together where a group of lanes begins.
const GROUP: usize = 0;

/// What each instruction reads and writes.
pub(super) struct Operands {
    /// Where those of each instruction begin, and where those that it reads end; at last the end of all.
    bounds: Vec<(u32, u32)>,
    variables: Vec<u32>,
    /// The virtual registers, in the order in which instructions name them first.
    pub(super) named: Vec<V>,
    /// How often each variable is named where it counts: ten times in a loop, and hardly in cold code.
    pub(super) weights: Vec<f32>,
    /// The first instruction that names each variable.
    first: Vec<u32>,
    /// Of those that may be live where code comes together, a number each; and the variable of each number.
    shared: Vec<u32>,
    of_shared: Vec<u32>,
    /// For each label, a number among those that are bound.
    rows: Vec<u32>,
    row_count: usize,
}

impl Operands {
    /// Of code that names so many registers and slots.
    pub(super) fn of(code: &[Inst], registers: u32, slots: u32) -> Self {
        let count = (registers + slots) as usize;
        let mut all = Self {
            bounds: Vec::with_capacity(code.len() + 1),
            variables: Vec::with_capacity(4 * code.len()),
            named: Vec::with_capacity(registers as usize),
            weights: vec![0.0; count],
            first: vec![NOWHERE; count],
            shared: vec![NOWHERE; count],
            of_shared: Vec::new(),
            rows: Vec::new(),
            row_count: GROUP + 1,
        };
        // The driver looks at the lanes that are in a loop, if anything says which.
        let mut is_written = Vec::new();
        if code.iter().any(|inst| matches!(inst, Inst::Poll { diverges: true, .. })) {
            is_written.resize(registers as usize, false);
            code.iter().filter_map(Inst::def).for_each(|v| is_written[v.index()] = true);
        }
        let mut stretches = vec![0_u32; count];
        let mut stretch = 0;
        for (at, (inst, Depth { loops, cold })) in with_depth(code).enumerate() {
            if let Inst::Bind(label) | Inst::ColdStart(label) = inst {
                all.rows.resize(all.rows.len().max(label.number() + 1), NOWHERE);
                all.rows[label.number()] = all.row_count as u32;
                all.row_count += 1;
            }
            stretch += u32::from(is_between_stretches(inst));
            let weight = if cold > 0 { 0.01 } else { 10.0_f32.powi(loops) };
            let start = all.variables.len() as u32;
            let mut name = |variable: u32, v: Option<V>| {
                let index = variable as usize;
                all.variables.push(variable);
                all.weights[index] += weight;
                if all.first[index] == NOWHERE {
                    (all.first[index], stretches[index]) = (at as u32, stretch);
                    all.named.extend(v);
                } else if stretches[index] != stretch && all.shared[index] == NOWHERE {
                    all.shared[index] = all.of_shared.len() as u32;
                    all.of_shared.push(variable);
                }
            };
            inst.uses(|v| name(v.index() as u32, Some(v)));
            match inst {
                Inst::Reload { slot, .. } | Inst::Vector(Vector { b: Some(Src::Slot(slot)), .. }) => {
                    name(registers + slot, None);
                }
                Inst::Poll { mask, diverges: true } => {
                    let masks = mask.iter().filter(|v| is_written[v.index()]);
                    masks.for_each(|v| name(v.index() as u32, Some(*v)));
                }
                _ => {}
            }
            let def = inst.def();
            let spilled = if let Inst::Spill { slot, .. } = inst { Some(registers + slot) } else { None };
            if let Some(v) = def {
                name(v.index() as u32, Some(v));
            }
            if let Some(slot) = spilled {
                name(slot, None);
            }
            let writes = u32::from(def.is_some()) + u32::from(spilled.is_some());
            all.bounds.push((start, all.variables.len() as u32 - writes));
        }
        all.bounds.push((all.variables.len() as u32, all.variables.len() as u32));
        all
    }

    /// All that an instruction names.
    fn all(&self, at: usize) -> &[u32] {
        &self.variables[self.bounds[at].0 as usize..self.bounds[at + 1].0 as usize]
    }

    fn read(&self, at: usize) -> &[u32] {
        let (start, end) = self.bounds[at];
        &self.variables[start as usize..end as usize]
    }

    fn written(&self, at: usize) -> &[u32] {
        &self.variables[self.bounds[at].1 as usize..self.bounds[at + 1].0 as usize]
    }
}

/// The way back through the code.
struct Walk<'a> {
    operands: &'a Operands,
    /// How many words have a bit for each variable that is shared.
    words: usize,
    /// Those live at each label that is bound, by its row.
    at_labels: Vec<u64>,
    /// The rows that somebody has asked for on this way through the code.
    is_asked: Vec<bool>,
    /// Those live here: a bit for those that are shared, and for each variable where its span ends, or nowhere.
    here: Vec<u64>,
    ends: Vec<u32>,
    /// Spans, the last ones first.
    found: Vec<(u32, Span)>,
}

impl<'a> Walk<'a> {
    fn new(operands: &'a Operands) -> Self {
        let words = operands.of_shared.len().div_ceil(WORD);
        Self {
            operands,
            words,
            at_labels: vec![0; words * operands.row_count],
            is_asked: vec![false; operands.row_count],
            here: vec![0; words],
            ends: vec![NOWHERE; operands.first.len()],
            found: Vec::with_capacity(operands.variables.len()),
        }
    }

    /// Once from the end to the start: of all variables, or of those that are shared. Whether more is live at a label than whoever has jumped
    /// back to it was told.
    fn back_through(&mut self, code: &[Inst], shared_only: bool) -> bool {
        self.found.clear();
        self.here.fill(0);
        self.ends.fill(NOWHERE);
        self.is_asked.fill(false);
        let mut changes = false;
        // What is live behind each piece of cold code that this is in.
        let mut behind: Vec<u64> = Vec::new();
        for (at, inst) in code.iter().enumerate().rev() {
            let end = 2 * at as u32 + 1;
            match inst {
                Inst::ColdEnd => behind.extend_from_slice(&self.here),
                Inst::ColdStart(label) => {
                    changes |= self.told(self.row(*label));
                    let hot = behind.len() - self.words;
                    self.become_live(at, end, |_, word| behind[hot + word]);
                    behind.truncate(hot);
                }
                Inst::Bind(label) => changes |= self.told(self.row(*label)),
                Inst::GroupStart => changes |= self.told(GROUP),
                Inst::GroupEnd => self.joined_by(at, end, GROUP),
                Inst::Jump(label) => {
                    let row = self.ask(self.row(*label));
                    self.become_live(at, end, |walk, word| walk.at_labels[row + word]);
                }
                Inst::Exit(_) => self.become_live(at, end, |_, _| 0),
                _ => {
                    if let Some(label) = inst.target() {
                        self.joined_by(at, end, self.row(label));
                    }
                }
            }
            let operands = self.operands;
            let counts = |variable: u32| !shared_only || operands.shared[variable as usize] != NOWHERE;
            for variable in operands.written(at) {
                if !counts(*variable) {
                    continue;
                }
                // Written although nobody reads it: its register is not another one's meanwhile.
                let is_read = self.ends[*variable as usize] != NOWHERE;
                if !is_read {
                    self.ends[*variable as usize] = end + 1;
                }
                self.close(*variable, if inst.writes_early() { end - 1 } else { end });
            }
            for variable in operands.read(at) {
                if counts(*variable) {
                    self.open(*variable, end);
                }
            }
            for variable in operands.all(at) {
                if operands.first[*variable as usize] == at as u32 {
                    self.close(*variable, end - 1);
                }
            }
        }
        changes
    }

    fn row(&self, label: Label) -> usize {
        self.operands.rows[label.number()] as usize
    }

    /// Where the bits of a row begin, for somebody who jumps there.
    fn ask(&mut self, row: usize) -> usize {
        self.is_asked[row] = true;
        self.words * row
    }

    /// What is live here is so at a label. Whether somebody has asked already, and was told something else.
    fn told(&mut self, row: usize) -> bool {
        let there = &mut self.at_labels[self.words * row..][..self.words];
        let is_other = *there != *self.here;
        there.copy_from_slice(&self.here);
        is_other && self.is_asked[row]
    }

    /// What is live at a label is so here too.
    fn joined_by(&mut self, at: usize, end: u32, row: usize) {
        let row = self.ask(row);
        self.become_live(at, end, |walk, word| walk.here[word] | walk.at_labels[row + word]);
    }

    /// Exactly these are live behind the instruction `at`, of which those that were not are so up to `end`.
    fn become_live(&mut self, at: usize, end: u32, bits: impl Fn(&Self, usize) -> u64) {
        for word in 0..self.words {
            let mut changed = self.here[word] ^ bits(self, word);
            while changed != 0 {
                let bit = changed.trailing_zeros() as usize;
                changed &= changed - 1;
                let variable = self.operands.of_shared[WORD * word + bit];
                if self.here[word] >> bit & 1 != 0 {
                    self.close(variable, end + 1);
                } else if self.operands.first[variable as usize] <= at as u32 {
                    self.open(variable, end + 1);
                }
            }
        }
    }

    fn open(&mut self, variable: u32, end: u32) {
        let index = variable as usize;
        if self.ends[index] == NOWHERE {
            self.ends[index] = end;
            let shared = self.operands.shared[index] as usize;
            if shared != NOWHERE as usize {
                self.here[shared / WORD] |= 1 << (shared % WORD);
            }
        }
    }

    fn close(&mut self, variable: u32, start: u32) {
        let index = variable as usize;
        let end = std::mem::replace(&mut self.ends[index], NOWHERE);
        if end == NOWHERE {
            return;
        }
        if start < end {
            self.found.push((variable, Span { start, end }));
        }
        let shared = self.operands.shared[index] as usize;
        if shared != NOWHERE as usize {
            self.here[shared / WORD] &= !(1 << (shared % WORD));
        }
    }

    fn finish(self) -> Flow {
        let mut first = vec![0_u32; self.ends.len() + 1];
        self.found.iter().for_each(|(variable, _)| first[*variable as usize + 1] += 1);
        for k in 1..first.len() {
            first[k] += first[k - 1];
        }
        let mut next = first.clone();
        let mut spans = vec![Span { start: 0, end: 0 }; self.found.len()];
        for (variable, span) in self.found.iter().rev() {
            let place = &mut next[*variable as usize];
            spans[*place as usize] = *span;
            *place += 1;
        }
        Flow { first, spans }
    }
}

/// Whether code comes together at an instruction, or does not go on behind it.
fn is_between_stretches(inst: &Inst) -> bool {
    matches!(
        inst,
        Inst::Bind(_)
            | Inst::ColdStart(_)
            | Inst::ColdEnd
            | Inst::GroupStart
            | Inst::GroupEnd
            | Inst::Jump(_)
            | Inst::Exit(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::testing::{is, labels, sum, unless};

    /// The instructions behind which each register is live.
    fn live(code: &[Inst], count: u32) -> Vec<Vec<usize>> {
        let flow = Flow::of(code, &Operands::of(code, count, 0));
        let is_live = |v: u32, at: usize| {
            let behind = 2 * at as u32 + 1;
            flow.spans(v as usize).iter().any(|span| span.start <= behind && behind < span.end)
        };
        (0..count).map(|v| (0..code.len()).filter(|at| is_live(v, *at)).collect()).collect()
    }

    #[test]
    fn from_what_writes_to_the_last_that_reads() {
        let [end] = labels();
        let code = [is(0), is(1), sum(2, 0, 1), sum(3, 2, 1), unless(3, end), Inst::Bind(end)];
        assert_eq!(live(&code, 4), [vec![0, 1], vec![1, 2], vec![2], vec![3]]);
        // Written for nothing: its register is taken nevertheless.
        let flow = Flow::of(&[is(0)], &Operands::of(&[is(0)], 1, 0));
        assert_eq!(flow.spans(0), [Span { start: 1, end: 2 }]);
    }

    #[test]
    fn what_a_loop_needs_stays_and_what_it_makes_does_not() {
        let [head, outer, inner, end] = labels();
        // 1 is the same in all turns, 0 is carried, and 2 made in each.
        let turn = [sum(2, 0, 1), sum(0, 2, 2), unless(0, head), Inst::LoopEnd];
        let code: Vec<Inst> =
            [is(0), is(1), Inst::LoopStart, Inst::Bind(head)].into_iter().chain(turn).collect();
        assert_eq!(live(&code, 3), [vec![0, 1, 2, 3, 5, 6], vec![1, 2, 3, 4, 5, 6], vec![4]]);
        // In all of the inner loop, too, although only the outer one begins anew with it.
        let code = [
            is(0),
            is(1),
            Inst::Bind(outer),
            sum(2, 0, 0),
            Inst::Bind(inner),
            unless(1, end),
            is(1),
            Inst::Jump(inner),
            Inst::Bind(end),
            unless(2, outer),
        ];
        assert_eq!(live(&code, 3)[0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn cold_code_is_a_way_around() {
        let [cold] = labels();
        // 1 is made on both ways; 2 is needed on the cold one alone.
        let code = [
            is(0),
            is(2),
            is(1),
            unless(0, cold),
            Inst::ColdStart(cold),
            sum(4, 2, 2),
            sum(1, 4, 4),
            Inst::ColdEnd,
            sum(3, 1, 1),
        ];
        let live = live(&code, 5);
        assert!(!live[1].contains(&5), "not before it is made anew");
        assert!([2, 3, 6, 7].iter().all(|at| live[1].contains(at)));
        assert_eq!(live[2], [1, 2, 3], "and from where the cold way begins");
    }

    #[test]
    fn nothing_is_live_before_it_is_named() {
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
        assert_eq!(live(&code, 3)[1], [4, 5]);
    }
}
