//! The sum of what a body returns, made while the divider is what the processor waits for.
//!
//! ```text
//! max = larger of max and |x|;  r = x
//! for each level:  t = S + r;  q = t - S;  r = r - q;  S = t
//! residues = residues | r
//! ```
//!
//! Whoever runs the code says what the levels are to begin with, and makes the sum of what is left in them, or finds that bits were lost.

use super::ops::SIGN;
use super::{Inst, Lowering, Src, V, Vex, Wide};
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Form, Vector};

/// Other vector instructions that begin in a cycle, and how many cycles a division of four lanes takes.
const A_CYCLE: usize = 2;
const DIVISION: usize = 8;
/// Vectors of two lanes take no less.
const SHORTEST: usize = 8;

impl Lowering<'_> {
    /// Whether the processor waits for divisions and square roots for most of the time, so that the sum costs nothing.
    pub(super) fn waits_for_divider(&self) -> bool {
        let is_slow =
            |inst: &&Inst| matches!(inst, Inst::Vector(Vector { op: Vex::VDIVPD | Vex::VSQRTPD, .. }));
        let slow = self.code.iter().filter(is_slow).count();
        let has_loops = self.code.iter().any(|inst| matches!(inst, Inst::LoopStart));
        !has_loops && slow * (DIVISION * self.machine.lanes() / 4).max(SHORTEST) * A_CYCLE >= self.code.len()
    }

    /// Adds the values of all parts, if that is wanted in this run. Parts take turns in the levels. They stay in registers from one group of
    /// lanes to the next; what it returns is to stand after the last one.
    pub(super) fn add_up(&mut self, values: &[V]) -> Vec<Inst> {
        let turns = self.parts.min(frame::TURNS);
        let sums: Vec<(u8, V)> = (0..frame::SUMS)
            .filter(|number| *number >= frame::MAX || number % frame::TURNS < turns)
            .map(|number| (number as u8, self.fresh()))
            .collect();
        let of = |number: usize| sums.iter().find(|(n, _)| usize::from(*n) == number).expect("one of them").1;
        let before = sums.iter().map(|(number, dst)| Inst::LoadSum { dst: *dst, number: *number });
        self.code.splice(0..0, before);
        let done = self.asm.label();
        self.code.push(Inst::JumpUnlessAddsUp(done));
        for (part, x) in values.iter().enumerate() {
            let size = self.vrm(Vex::VANDPD, Wide, *x, Src::bits(!SIGN));
            self.into(of(frame::MAX), Vex::VMAXPD, size);
            let mut rest = *x;
            for level in 0..frame::LEVELS {
                let level = of(frame::TURNS * level + part % turns);
                let new = self.vrm(Vex::VADDPD, Wide, level, rest);
                let taken = self.vrm(Vex::VSUBPD, Wide, new, level);
                rest = self.vrm(Vex::VSUBPD, Wide, rest, taken);
                self.write(level, Wide, new);
            }
            self.into(of(frame::RESIDUES), Vex::VORPD, rest);
        }
        self.code.push(Inst::Bind(done));
        sums.iter().map(|(number, src)| Inst::StoreSum { src: *src, number: *number }).collect()
    }

    fn into(&mut self, dst: V, op: Vex, other: V) {
        self.vector(dst, Form::Vrm, op, Wide, (Some(dst), Some(other.into()), None), 0);
    }
}
