//! Vector instructions: between registers.

use super::Assembler;
use crate::codegen::x64::asm::Vreg;

/// An instruction of two sources, without its registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Op3(u32);

/// An instruction of one source, without its registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Op2(u32);

macro_rules! instructions {
    ($op:ident: $($(#[$doc:meta])* $name:ident = $word:literal $text:literal;)*) => {
        impl $op {
            $($(#[$doc])* pub(in crate::codegen) const $name: Self = Self($word);)*

            /// All of them, as an assembler knows them: `{d}`, `{n}` and `{m}` are the numbers of registers.
            #[cfg(test)]
            pub(in crate::codegen) const ALL: &[(Self, &'static str)] = &[$((Self::$name, $text)),*];
        }
    };
}

#[rustfmt::skip]
instructions! { Op3:
    // --- doubles ---
    FADD = 0x4e60_d400 "fadd v{d}.2d, v{n}.2d, v{m}.2d";
    FSUB = 0x4ee0_d400 "fsub v{d}.2d, v{n}.2d, v{m}.2d";
    FMUL = 0x6e60_dc00 "fmul v{d}.2d, v{n}.2d, v{m}.2d";
    FDIV = 0x6e60_fc00 "fdiv v{d}.2d, v{n}.2d, v{m}.2d";
    /// As `Math.min`: -0 is less than 0, and NaN stays.
    FMIN = 0x4ee0_f400 "fmin v{d}.2d, v{n}.2d, v{m}.2d";
    FMAX = 0x4e60_f400 "fmax v{d}.2d, v{n}.2d, v{m}.2d";
    /// `d -= n * m`, rounded once: only where that is exact.
    FMLS = 0x4ee0_cc00 "fmls v{d}.2d, v{n}.2d, v{m}.2d";
    FCMEQ = 0x4e60_e400 "fcmeq v{d}.2d, v{n}.2d, v{m}.2d";
    FCMGE = 0x6e60_e400 "fcmge v{d}.2d, v{n}.2d, v{m}.2d";
    FCMGT = 0x6ee0_e400 "fcmgt v{d}.2d, v{n}.2d, v{m}.2d";
    // --- bits ---
    AND = 0x4e20_1c00 "and v{d}.16b, v{n}.16b, v{m}.16b";
    /// `d = n & !m`.
    BIC = 0x4e60_1c00 "bic v{d}.16b, v{n}.16b, v{m}.16b";
    ORR = 0x4ea0_1c00 "orr v{d}.16b, v{n}.16b, v{m}.16b";
    EOR = 0x6e20_1c00 "eor v{d}.16b, v{n}.16b, v{m}.16b";
    /// `d = d ? n : m`.
    BSL = 0x6e60_1c00 "bsl v{d}.16b, v{n}.16b, v{m}.16b";
    /// `d = m ? n : d`.
    BIT = 0x6ea0_1c00 "bit v{d}.16b, v{n}.16b, v{m}.16b";
    /// `d = m ? d : n`.
    BIF = 0x6ee0_1c00 "bif v{d}.16b, v{n}.16b, v{m}.16b";
    // --- integers of 64 bits, and of 32 in the lower half ---
    ADD_D = 0x4ee0_8400 "add v{d}.2d, v{n}.2d, v{m}.2d";
    SUB_D = 0x6ee0_8400 "sub v{d}.2d, v{n}.2d, v{m}.2d";
    ADD_S = 0x0ea0_8400 "add v{d}.2s, v{n}.2s, v{m}.2s";
    SUB_S = 0x2ea0_8400 "sub v{d}.2s, v{n}.2s, v{m}.2s";
    MUL_S = 0x0ea0_9c00 "mul v{d}.2s, v{n}.2s, v{m}.2s";
    UMULL = 0x2ea0_c000 "umull v{d}.2d, v{n}.2s, v{m}.2s";
    CMEQ_S = 0x2ea0_8c00 "cmeq v{d}.2s, v{n}.2s, v{m}.2s";
    CMGT_S = 0x0ea0_3400 "cmgt v{d}.2s, v{n}.2s, v{m}.2s";
    UMAX_S = 0x2ea0_6400 "umax v{d}.2s, v{n}.2s, v{m}.2s";
    /// By the lowest byte of each lane: to the right if it is negative.
    USHL_D = 0x6ee0_4400 "ushl v{d}.2d, v{n}.2d, v{m}.2d";
    USHL_S = 0x2ea0_4400 "ushl v{d}.2s, v{n}.2s, v{m}.2s";
    SSHL_S = 0x0ea0_4400 "sshl v{d}.2s, v{n}.2s, v{m}.2s";
}

#[rustfmt::skip]
instructions! { Op2:
    FSQRT = 0x6ee1_f800 "fsqrt v{d}.2d, v{n}.2d";
    FABS = 0x4ee0_f800 "fabs v{d}.2d, v{n}.2d";
    FNEG = 0x6ee0_f800 "fneg v{d}.2d, v{n}.2d";
    FCMEQ_0 = 0x4ee0_d800 "fcmeq v{d}.2d, v{n}.2d, #0.0";
    FCMGE_0 = 0x6ee0_c800 "fcmge v{d}.2d, v{n}.2d, #0.0";
    FCMGT_0 = 0x4ee0_c800 "fcmgt v{d}.2d, v{n}.2d, #0.0";
    FCMLE_0 = 0x6ee0_d800 "fcmle v{d}.2d, v{n}.2d, #0.0";
    FCMLT_0 = 0x4ee0_e800 "fcmlt v{d}.2d, v{n}.2d, #0.0";
    FRINTN = 0x4e61_8800 "frintn v{d}.2d, v{n}.2d";
    FRINTM = 0x4e61_9800 "frintm v{d}.2d, v{n}.2d";
    FRINTP = 0x4ee1_8800 "frintp v{d}.2d, v{n}.2d";
    FRINTZ = 0x4ee1_9800 "frintz v{d}.2d, v{n}.2d";
    /// What is too large becomes the largest, and NaN 0.
    FCVTZS = 0x4ee1_b800 "fcvtzs v{d}.2d, v{n}.2d";
    SCVTF = 0x4e61_d800 "scvtf v{d}.2d, v{n}.2d";
    FCVTL = 0x0e61_7800 "fcvtl v{d}.2d, v{n}.2s";
    FCVTN = 0x0e61_6800 "fcvtn v{d}.2s, v{n}.2d";
    /// The lower halves of lanes: the rest of the register becomes 0.
    XTN_S = 0x0ea1_2800 "xtn v{d}.2s, v{n}.2d";
    XTN_H = 0x0e61_2800 "xtn v{d}.4h, v{n}.4s";
    XTN_B = 0x0e21_2800 "xtn v{d}.8b, v{n}.8h";
    SXTL_D = 0x0f20_a400 "sxtl v{d}.2d, v{n}.2s";
    UXTL_D = 0x2f20_a400 "uxtl v{d}.2d, v{n}.2s";
    SXTL_S = 0x0f10_a400 "sxtl v{d}.4s, v{n}.4h";
    UXTL_S = 0x2f10_a400 "uxtl v{d}.4s, v{n}.4h";
    SXTL_H = 0x0f08_a400 "sxtl v{d}.8h, v{n}.8b";
    UXTL_H = 0x2f08_a400 "uxtl v{d}.8h, v{n}.8b";
    MVN = 0x6e20_5800 "mvn v{d}.16b, v{n}.16b";
    NEG_D = 0x6ee0_b800 "neg v{d}.2d, v{n}.2d";
    CLZ_S = 0x2ea0_4800 "clz v{d}.2s, v{n}.2s";
    NEG_S = 0x2ea0_b800 "neg v{d}.2s, v{n}.2s";
    /// The first lane, in both.
    DUP = 0x4e08_0400 "dup v{d}.2d, v{n}.d[0]";
    /// The sum of both lanes of 64 bits, in the first.
    ADDP = 0x5ef1_b800 "addp d{d}, v{n}.2d";
    // --- of the first lane alone: the rest of the register becomes 0 ---
    FCVT_DS = 0x1e22_c000 "fcvt d{d}, s{n}";
}

/// Shifts of lanes by an immediate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Shift {
    ShlS,
    UshrS,
    SshrS,
    ShlD,
    UshrD,
}

impl Assembler {
    /// `op d, n, m`.
    pub(in crate::codegen) fn op3(&mut self, op: Op3, d: Vreg, n: Vreg, m: Vreg) {
        self.word(op.0 | u32::from(m.0) << 16 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `op d, n`.
    pub(in crate::codegen) fn op2(&mut self, op: Op2, d: Vreg, n: Vreg) {
        self.word(op.0 | u32::from(n.0) << 5 | u32::from(d.0));
    }

    /// `mov d, n`; nothing within a register.
    pub(in crate::codegen) fn mov(&mut self, d: Vreg, n: Vreg) {
        if d != n {
            self.op3(Op3::ORR, d, n, n);
        }
    }

    /// `op d, n, count`, of a count that is less than lanes have bits.
    pub(in crate::codegen) fn shift(&mut self, op: Shift, d: Vreg, n: Vreg, count: u8) {
        let bits: u32 = if matches!(op, Shift::ShlD | Shift::UshrD) { 64 } else { 32 };
        let count = u32::from(count);
        debug_assert!(count < bits, "lanes have {bits} bits");
        // To the right by nothing at all cannot be written.
        if count == 0 {
            return self.mov(d, n);
        }
        let (word, number) = match op {
            Shift::ShlS => (0x0f00_5400, bits + count),
            Shift::UshrS => (0x2f00_0400, 2 * bits - count),
            Shift::SshrS => (0x0f00_0400, 2 * bits - count),
            Shift::ShlD => (0x4f00_5400, bits + count),
            Shift::UshrD => (0x6f00_0400, 2 * bits - count),
        };
        self.op2(Op2(word | number << 16), d, n);
    }

    /// `movi d, #0`, or all bits.
    pub(in crate::codegen) fn fill(&mut self, d: Vreg, ones: bool) {
        self.word(if ones { 0x6f07_e7e0 } else { 0x6f00_e400 } | u32::from(d.0));
    }

    /// `fmov d, #imm`, in both lanes, if such a double can be written: ±(16 to 31) / 16 * 2^(-3 to 4).
    pub(in crate::codegen) fn try_double(&mut self, d: Vreg, bits: u64) -> bool {
        // The sign, an exponent of three bits, and four of the fraction.
        let exponent = bits >> 54 & 0x1ff;
        if bits << 16 != 0 || !(exponent == 0x100 || exponent == 0x0ff) {
            return false;
        }
        let imm = (bits >> 63 << 7 | (exponent & 1) << 6 | bits >> 48 & 0x3f) as u32;
        self.word(0x6f00_f400 | (imm >> 5) << 16 | (imm & 31) << 5 | u32::from(d.0));
        true
    }
}
