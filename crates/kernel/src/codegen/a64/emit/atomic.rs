//! Atomic operations: of one lane after the other, as the lanes would do them one after the other.
//!
//! The memory order is sequential consistency. Loads that acquire and stores that release have it among each other on this processor; an
//! operation that changes what is there loads and stores until nobody has come between.

use allcores_machine::AtomicOp;

use super::{Cond, Emitter, INPUTS, NUMBER, V30, X8, X9, X10, X11, XZR};
use crate::codegen::a64::asm::{Access, Mem, X};
use crate::codegen::x64::asm::Extend;
use crate::codegen::x64::inst::{Elements, V};

/// What is stored, and what says whether it was.
const NEW: X = X(12);
const STATUS: X = X(13);

impl Emitter<'_> {
    pub(super) fn atomic(
        &mut self,
        op: AtomicOp,
        elements: Elements,
        extend: Extend,
        mask: Option<V>,
        part: u8,
    ) {
        let scale = elements.scale;
        for lane in 0..self.machine.lanes() as u8 {
            let skip = self.asm.label();
            if let Some(mask) = mask {
                self.asm.umov_d(X9, self.reg(mask), lane);
                self.asm.cbz(X9, skip);
            }
            self.asm.access(Access::LDR_D, V30, self.argument(0, part, 8 * i32::from(lane)));
            self.asm.fcvtzs(NUMBER, V30);
            self.load(X8, Mem::new(INPUTS, elements.record));
            self.asm.add(X8, X8, NUMBER, scale);
            let [first, second] = [1, 2].map(|number| self.argument(number, part, 4 * i32::from(lane)));
            self.asm.access_x(Access::LDR_W, X10, first);
            match op {
                AtomicOp::Load => self.asm.ldar(scale, X11, X8),
                AtomicOp::CompareExchange => {
                    self.asm.access_x(Access::LDR_W, NEW, second);
                    self.compare_exchange(scale);
                }
                _ => self.exchange(op, scale),
            }
            self.asm.extend_w(extend, X11, X11);
            self.asm.access_x(Access::STR_W, X11, first);
            self.asm.bind(skip);
        }
    }

    /// What is at `x8` comes into `x11`; what becomes of it and `x10` goes there.
    fn exchange(&mut self, op: AtomicOp, scale: u8) {
        let again = self.asm.label();
        self.asm.bind(again);
        self.asm.ldaxr(scale, X11, X8);
        match op {
            AtomicOp::Add => self.asm.add_w(NEW, X11, X10),
            AtomicOp::Sub => self.asm.sub_w(NEW, X11, X10),
            AtomicOp::And => self.asm.and_w(NEW, X11, X10),
            AtomicOp::Or => self.asm.orr_w(NEW, X11, X10),
            AtomicOp::Xor => self.asm.eor_w(NEW, X11, X10),
            AtomicOp::Store | AtomicOp::Exchange => self.asm.orr_w(NEW, XZR, X10),
            AtomicOp::Load | AtomicOp::CompareExchange => unreachable!("handled by the caller"),
        }
        self.asm.stlxr(scale, STATUS, NEW, X8);
        self.asm.cbnz(STATUS, again);
    }

    /// What is at `x8` comes into `x11`; if that is `x10`, as an element has it, `x12` goes there.
    fn compare_exchange(&mut self, scale: u8) {
        let expected = match scale {
            0 => Extend::Movzx8,
            1 => Extend::Movzx16,
            _ => Extend::Mov32,
        };
        self.asm.extend_w(expected, X10, X10);
        let (again, done) = (self.asm.label(), self.asm.label());
        self.asm.bind(again);
        self.asm.ldaxr(scale, X11, X8);
        self.asm.cmp_w(X11, X10);
        self.asm.b_cond(Cond::Ne, done);
        self.asm.stlxr(scale, STATUS, NEW, X8);
        self.asm.cbnz(STATUS, again);
        self.asm.bind(done);
    }
}
