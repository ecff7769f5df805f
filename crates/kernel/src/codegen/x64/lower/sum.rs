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
use crate::codegen::x64::inst::Vector;

/// Other vector instructions that begin in a cycle, and how many cycles a division of four lanes takes.
const A_CYCLE: usize = 2;
const DIVISION: usize = 8;

impl Lowering<'_> {
    /// Whether the processor waits for divisions and square roots for most of the time, so that the sum costs nothing.
    pub(super) fn waits_for_divider(&self) -> bool {
        let is_slow =
            |inst: &&Inst| matches!(inst, Inst::Vector(Vector { op: Vex::VDIVPD | Vex::VSQRTPD, .. }));
        let slow = self.code.iter().filter(is_slow).count();
        let has_loops = self.code.iter().any(|inst| matches!(inst, Inst::LoopStart));
        !has_loops && slow * DIVISION * self.machine.lanes() / 4 * A_CYCLE >= self.code.len()
    }

    /// Adds the values of all parts, if that is wanted in this run.
    pub(super) fn add_up(&mut self, values: &[V]) {
        let done = self.asm.label();
        self.code.push(Inst::JumpUnlessAddsUp(done));
        let mut sum: Vec<V> = (0..=frame::RESIDUES).map(|number| self.load_sum(number as u8)).collect();
        for x in values {
            let size = self.vrm(Vex::VANDPD, Wide, *x, Src::bits(!SIGN));
            sum[frame::MAX] = self.vrm(Vex::VMAXPD, Wide, sum[frame::MAX], size);
            let mut rest = *x;
            for level in &mut sum[..frame::LEVELS] {
                let new = self.vrm(Vex::VADDPD, Wide, *level, rest);
                let taken = self.vrm(Vex::VSUBPD, Wide, new, *level);
                rest = self.vrm(Vex::VSUBPD, Wide, rest, taken);
                *level = new;
            }
            sum[frame::RESIDUES] = self.vrm(Vex::VORPD, Wide, sum[frame::RESIDUES], rest);
        }
        for (number, src) in sum.into_iter().enumerate() {
            self.code.push(Inst::StoreSum { src, number: number as u8 });
        }
        self.code.push(Inst::Bind(done));
    }

    fn load_sum(&mut self, number: u8) -> V {
        let dst = self.fresh();
        self.code.push(Inst::LoadSum { dst, number });
        dst
    }
}
