//! Vector instructions, and registers in the frame.
//!
//! `Vex` names what lowering means, which is what that instruction of x64 does.

use super::{Emitter, FRAME, INPUTS, V29, V30, V31, X8, X9, at, named};
use crate::codegen::a64::asm::{Access, Mem, Op2, Op3, Shift};
use crate::codegen::x64::asm::{Shift as X64Shift, Vex, Vreg};
use crate::codegen::x64::frame;
use crate::codegen::x64::inst::{Scratch, Src, V, Vector, steps_of};

impl Emitter<'_> {
    pub(super) fn reg(&self, v: V) -> Vreg {
        debug_assert!(!v.is_mask(), "masks are vectors here");
        named(self.registers[v.index()])
    }

    /// Bytes of so many vectors.
    pub(super) fn vectors(&self, count: u8) -> i32 {
        self.machine.bytes() * i32::from(count)
    }

    /// A lane of a place for scratch, of 64 bits.
    pub(super) fn scratch(&self, place: Scratch, lane: u8) -> Mem {
        at(self.machine.scratch(place) + 8 * i32::from(lane))
    }

    /// Where an argument of a lane of a part is, of which there are so many bytes to a lane before it.
    pub(super) fn argument(&self, number: u8, part: u8, offset: i32) -> Mem {
        let place = self.machine.arguments() + self.machine.argument() * i32::from(number);
        at(place + self.vectors(part) + offset)
    }

    /// Puts a register into the frame.
    pub(super) fn save(&mut self, place: i32, register: Vreg) {
        self.asm.access(Access::STR_Q, register, at(place));
    }

    /// Takes it back.
    pub(super) fn restore(&mut self, register: Vreg, place: i32) {
        self.asm.access(Access::LDR_Q, register, at(place));
    }

    /// Puts into `x8` how many lanes of a mask are set, less than 0: each has all its bits.
    pub(super) fn count_lanes(&mut self, mask: V) {
        self.asm.op2(Op2::ADDP, V31, self.reg(mask));
        self.asm.umov_d(X8, V31, 0);
    }

    /// Puts the lanes of a mask into `x8`, as bits.
    pub(super) fn lanes_of(&mut self, mask: V) {
        let mask = self.reg(mask);
        self.asm.umov_d(X8, mask, 0);
        self.asm.umov_d(X9, mask, 1);
        self.asm.lsr(X8, X8, 63);
        self.asm.lsr(X9, X9, 63);
        self.asm.orr(X8, X8, X9, 1);
    }

    /// Puts an operand into this register.
    fn operand_into(&mut self, dst: Vreg, src: Src) {
        let from = match src {
            Src::V(v) => return self.asm.mov(dst, self.reg(v)),
            Src::Bits(bits) if bits == 0 || bits == u64::MAX => return self.asm.fill(dst, bits != 0),
            Src::Bits(bits) if self.asm.try_double(dst, bits) => return,
            Src::Bits(bits) => return self.asm.load_constant(dst, [bits; 2]),
            Src::Lanes([a, b, ..]) => return self.asm.load_constant(dst, [*a, *b]),
            Src::Steps { first, step } => {
                let [a, b, ..] = steps_of(first, step);
                return self.asm.load_constant(dst, [a, b]);
            }
            Src::Input(offset) => Mem::new(INPUTS, offset),
            Src::Base => at(frame::BASE),
            Src::Slot(slot) => Mem::new(FRAME, self.machine.slot(slot)),
        };
        self.asm.access(Access::LDR_Q, dst, from);
    }

    /// The register of an operand: this one, unless it is in another.
    fn operand(&mut self, src: Option<Src>, spare: Vreg) -> Vreg {
        match src {
            Some(Src::V(v)) => self.reg(v),
            Some(src) => {
                self.operand_into(spare, src);
                spare
            }
            None => spare,
        }
    }

    pub(super) fn vector(&mut self, vector: &Vector) {
        let Vector { op, dst, a, b, c, imm, .. } = *vector;
        let dst = self.reg(dst);
        if op == Vex::VMOVUPD {
            return self.operand_into(dst, b.unwrap_or(Src::Bits(0)));
        }
        if let (Some(Src::Bits(bits)), Some(a)) = (b, a)
            && let Some((op, is_inverse)) = of_constant(op, bits, imm)
        {
            self.asm.op2(op, dst, self.reg(a));
            if is_inverse {
                self.asm.op2(Op2::MVN, dst, dst);
            }
            return;
        }
        // What has one source has it in one place or in the other.
        let b = self.operand(b, V31);
        let a = a.map_or(b, |a| self.reg(a));
        if let Some(op) = of_two(op) {
            return self.asm.op3(op, dst, a, b);
        }
        if let Some(op) = of_one(op, imm) {
            return self.asm.op2(op, dst, b);
        }
        match op {
            Vex::VANDNPD | Vex::VPANDN => self.asm.op3(Op3::BIC, dst, b, a),
            Vex::VMINPD => self.second_unless(dst, (a, b), (b, a)),
            Vex::VMAXPD => self.second_unless(dst, (a, b), (a, b)),
            Vex::VCMPPD => self.compare(imm, dst, a, b),
            Vex::VBLENDVPD | Vex::VBLENDVPS => {
                let c = c.map_or(b, |c| self.reg(c));
                self.choose(dst, c, b, a);
            }
            Vex::VFNMADD213PD => {
                self.asm.mov(V30, b);
                self.asm.op3(Op3::FMLS, V30, dst, a);
                self.asm.mov(dst, V30);
            }
            Vex::VPMULUDQ => {
                self.asm.op2(Op2::XTN_S, V30, a);
                self.asm.op2(Op2::XTN_S, V31, b);
                self.asm.op3(Op3::UMULL, dst, V30, V31);
            }
            // To the right is to the left by less than nothing.
            Vex::VPSRLVD => self.shift_right((Op2::NEG_S, Op3::USHL_S), dst, a, b),
            Vex::VPSRAVD => self.shift_right((Op2::NEG_S, Op3::SSHL_S), dst, a, b),
            Vex::VPSRLVQ => self.shift_right((Op2::NEG_D, Op3::USHL_D), dst, a, b),
            Vex::VCVTDQ2PD => self.both(dst, b, [Op2::SXTL_D, Op2::SCVTF]),
            Vex::VCVTUDQ2PD => self.both(dst, b, [Op2::UXTL_D, Op2::SCVTF]),
            // Of doubles that are integers of 32 bits when they are cut, which all are of which that is asked here.
            Vex::VCVTTPD2DQ => self.both(dst, b, [Op2::FCVTZS, Op2::XTN_S]),
            Vex::VPMOVSXBD => self.both(dst, b, [Op2::SXTL_H, Op2::SXTL_S]),
            Vex::VPMOVZXBD => self.both(dst, b, [Op2::UXTL_H, Op2::UXTL_S]),
            // The source stands where the mask of a store would.
            Vex::VPMOVQD => self.asm.op2(Op2::XTN_S, dst, a),
            _ => self.is_unknown = true,
        }
    }

    /// One instruction after the other.
    pub(super) fn both(&mut self, dst: Vreg, src: Vreg, [first, second]: [Op2; 2]) {
        self.asm.op2(first, dst, src);
        self.asm.op2(second, dst, dst);
    }

    fn shift_right(&mut self, (negate, shift): (Op2, Op3), dst: Vreg, a: Vreg, count: Vreg) {
        self.asm.op2(negate, V30, count);
        self.asm.op3(shift, dst, a, V30);
    }

    /// `a` where `more > less`, and `b` elsewhere, where one is NaN, too: what `minpd` and `maxpd` do, and `fmin` and `fmax` do not.
    fn second_unless(&mut self, dst: Vreg, (a, b): (Vreg, Vreg), (more, less): (Vreg, Vreg)) {
        self.asm.op3(Op3::FCMGT, V30, more, less);
        self.choose(dst, V30, a, b);
    }

    /// `yes` where the mask is set, and `no` elsewhere.
    fn choose(&mut self, dst: Vreg, mask: Vreg, yes: Vreg, no: Vreg) {
        if dst == no {
            self.asm.op3(Op3::BIT, dst, yes, mask);
        } else if dst == yes {
            self.asm.op3(Op3::BIF, dst, no, mask);
        } else {
            self.asm.mov(dst, mask);
            self.asm.op3(Op3::BSL, dst, yes, no);
        }
    }

    /// The predicates of `vcmppd`. Comparisons are false for NaN here; those that are to be true are the inverse of one.
    fn compare(&mut self, predicate: u8, dst: Vreg, a: Vreg, b: Vreg) {
        let is_inverse = match predicate {
            0x00 => self.compare_by(Op3::FCMEQ, dst, a, b, false),
            0x04 => self.compare_by(Op3::FCMEQ, dst, a, b, true),
            0x11 => self.compare_by(Op3::FCMGT, dst, b, a, false),
            0x15 => self.compare_by(Op3::FCMGT, dst, b, a, true),
            0x12 => self.compare_by(Op3::FCMGE, dst, b, a, false),
            0x16 => self.compare_by(Op3::FCMGE, dst, b, a, true),
            0x1d => self.compare_by(Op3::FCMGE, dst, a, b, false),
            0x19 => self.compare_by(Op3::FCMGE, dst, a, b, true),
            0x1e => self.compare_by(Op3::FCMGT, dst, a, b, false),
            0x1a => self.compare_by(Op3::FCMGT, dst, a, b, true),
            // Ordered, or not: neither is NaN, which is what equals itself.
            0x03 | 0x07 => {
                if a == b {
                    self.asm.op3(Op3::FCMEQ, dst, a, a);
                } else {
                    self.asm.op3(Op3::FCMEQ, V30, a, a);
                    self.asm.op3(Op3::FCMEQ, V29, b, b);
                    self.asm.op3(Op3::AND, dst, V30, V29);
                }
                predicate == 0x03
            }
            // Less or more, or not: equal, or one is NaN.
            0x0c | 0x08 => {
                self.asm.op3(Op3::FCMGT, V30, a, b);
                self.asm.op3(Op3::FCMGT, V29, b, a);
                self.asm.op3(Op3::ORR, dst, V30, V29);
                predicate == 0x08
            }
            _ => {
                self.is_unknown = true;
                false
            }
        };
        if is_inverse {
            self.asm.op2(Op2::MVN, dst, dst);
        }
    }

    fn compare_by(&mut self, op: Op3, dst: Vreg, a: Vreg, b: Vreg, is_inverse: bool) -> bool {
        self.asm.op3(op, dst, a, b);
        is_inverse
    }

    pub(super) fn shift(&mut self, op: X64Shift, dst: V, a: V, count: u8) {
        let op = match op {
            X64Shift::Vpslld => Shift::ShlS,
            X64Shift::Vpsrld => Shift::UshrS,
            X64Shift::Vpsrad => Shift::SshrS,
            X64Shift::Vpsllq => Shift::ShlD,
            X64Shift::Vpsrlq => Shift::UshrD,
        };
        let (dst, a) = (self.reg(dst), self.reg(a));
        self.asm.shift(op, dst, a, count);
    }
}

/// What is one instruction of two sources here, too.
fn of_two(op: Vex) -> Option<Op3> {
    Some(match op {
        Vex::FMIN => Op3::FMIN,
        Vex::FMAX => Op3::FMAX,
        Vex::VADDPD => Op3::FADD,
        Vex::VSUBPD => Op3::FSUB,
        Vex::VMULPD => Op3::FMUL,
        Vex::VDIVPD => Op3::FDIV,
        Vex::VANDPD | Vex::VPAND => Op3::AND,
        Vex::VORPD | Vex::VPOR => Op3::ORR,
        Vex::VXORPD | Vex::VPXOR => Op3::EOR,
        Vex::VPADDQ => Op3::ADD_D,
        Vex::VPSUBQ => Op3::SUB_D,
        Vex::VPADDD => Op3::ADD_S,
        Vex::VPSUBD => Op3::SUB_S,
        Vex::VPMULLD => Op3::MUL_S,
        Vex::VPCMPEQD => Op3::CMEQ_S,
        Vex::VPCMPGTD => Op3::CMGT_S,
        Vex::VPMAXUD => Op3::UMAX_S,
        // Lowering sees to it that no count is more than lanes have bits.
        Vex::VPSLLVD => Op3::USHL_S,
        Vex::VPSLLVQ => Op3::USHL_D,
        _ => return None,
    })
}

/// What is an instruction of one source here with a constant as the other, and whether all bits are inverted after it.
fn of_constant(op: Vex, bits: u64, imm: u8) -> Option<(Op2, bool)> {
    const SIGN: u64 = 1 << 63;
    const NUMBER: u64 = !SIGN;
    Some(match (op, bits, imm) {
        (Vex::VANDPD, NUMBER, _) => (Op2::FABS, false),
        (Vex::VXORPD, SIGN, _) => (Op2::FNEG, false),
        (Vex::VXORPD, u64::MAX, _) => (Op2::MVN, false),
        (Vex::VCMPPD, 0, 0x00) => (Op2::FCMEQ_0, false),
        (Vex::VCMPPD, 0, 0x04) => (Op2::FCMEQ_0, true),
        (Vex::VCMPPD, 0, 0x11) => (Op2::FCMLT_0, false),
        (Vex::VCMPPD, 0, 0x15) => (Op2::FCMLT_0, true),
        (Vex::VCMPPD, 0, 0x12) => (Op2::FCMLE_0, false),
        (Vex::VCMPPD, 0, 0x16) => (Op2::FCMLE_0, true),
        (Vex::VCMPPD, 0, 0x1d) => (Op2::FCMGE_0, false),
        (Vex::VCMPPD, 0, 0x19) => (Op2::FCMGE_0, true),
        (Vex::VCMPPD, 0, 0x1e) => (Op2::FCMGT_0, false),
        (Vex::VCMPPD, 0, 0x1a) => (Op2::FCMGT_0, true),
        _ => return None,
    })
}

/// What is one instruction of one source here, too.
fn of_one(op: Vex, imm: u8) -> Option<Op2> {
    Some(match (op, imm) {
        (Vex::CLZ, _) => Op2::CLZ_S,
        (Vex::VSQRTPD, _) => Op2::FSQRT,
        (Vex::VROUNDPD, 8) => Op2::FRINTN,
        (Vex::VROUNDPD, 9) => Op2::FRINTM,
        (Vex::VROUNDPD, 10) => Op2::FRINTP,
        (Vex::VROUNDPD, 11) => Op2::FRINTZ,
        (Vex::VCVTPS2PD, _) => Op2::FCVTL,
        (Vex::VCVTPD2PS, _) => Op2::FCVTN,
        (Vex::VCVTTPD2QQ, _) => Op2::FCVTZS,
        (Vex::VPMOVSXWD, _) => Op2::SXTL_S,
        (Vex::VPMOVZXWD, _) => Op2::UXTL_S,
        (Vex::VPMOVSXDQ, _) => Op2::SXTL_D,
        (Vex::VPMOVZXDQ, _) => Op2::UXTL_D,
        (Vex::VBROADCASTSD, _) => Op2::DUP,
        _ => return None,
    })
}
