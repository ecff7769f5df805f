//! AVX-512: vector instructions in the EVEX encoding ([Intel's manual](https://www.intel.com/sdm), volume 2A, 2.7), which names 32
//! registers, a mask for the lanes, and memory whose one element all lanes get; and instructions on masks.
//!
//! ```text
//! 62   R X B R' 0 map   W vvvv 1 pp   z L'L b V' aaa   opcode   ModRM …          (R to V' are inverted)
//!                                     │     │    └── the mask, 0 for none
//!                                     │     └─────── the one element of memory for all lanes
//!                                     └───────────── lanes that are not in the mask become 0; otherwise they are left alone
//! ```
//!
//! Nearly all instructions have the opcode, the map and the prefix that they have with VEX; the width of a lane is in `W`, which VEX
//! ignores. A displacement of a byte counts in units of the memory operand, so that what it can be depends on the instruction.

use super::{Assembler, Gpr, Length, Mem, Operand, Rm, Vex, Vreg, extensions};

/// A register of masks: `k0` to `k7`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kreg(pub u8);

/// What the memory operand of an instruction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen::x64) enum Tuple {
    /// A vector, or one element for all lanes.
    Full,
    /// A vector.
    FullMem,
    /// Half of a vector, or one element for all lanes.
    Half,
    /// Half of a vector.
    HalfMem,
    /// A quarter of it.
    QuarterMem,
    /// So many bytes, however long the vector is.
    Scalar(u8),
}

macro_rules! encodings {
    ($($w:literal $tuple:expr => $($name:ident)*;)*) => {
        impl Vex {
            /// Its `W`, and its memory operand. `None` if it has no such encoding.
            pub(in crate::codegen::x64) const fn evex(self) -> Option<(bool, Tuple)> {
                match self {
                    $($(Self::$name)|* => Some(($w != 0, $tuple)),)*
                    _ => None,
                }
            }
        }
    };
}

use Tuple::{Full, FullMem, Half, HalfMem, QuarterMem, Scalar};

#[rustfmt::skip]
encodings! {
    1 Full => VADDPD VSUBPD VMULPD VDIVPD VMINPD VMAXPD VANDPD VANDNPD VORPD VXORPD VFNMADD213PD VCMPPD VSQRTPD VROUNDPD VCVTTPD2DQ
        VCVTPD2DQ VCVTPD2PS VPADDQ VPSUBQ VPMULUDQ VPSLLVQ VPSRLVQ VBLENDMPD VCVTTPD2QQ VPCMPQ;
    0 Full => VPADDD VPSUBD VPMULLD VPAND VPANDN VPOR VPXOR VPMAXUD VPMINUD VPMINSD VPMAXSD VPSLLVD VPSRLVD VPSRAVD VPSHUFD VSHUFPS VUNPCKLPS VPBLENDMD VPCMPD
        VPCMPUD;
    1 FullMem => VMOVUPD VMOVUPD_STORE VPMOVQ2M;
    0 FullMem => VMOVUPS VMOVUPS_STORE VPSHUFB;
    0 Half => VCVTDQ2PD VCVTPS2PD VCVTUDQ2PD;
    1 HalfMem => VINSERTF64X4 VEXTRACTF64X4;
    0 HalfMem => VPMOVSXWD VPMOVZXWD VPMOVSXDQ VPMOVZXDQ VPMOVQD VPMOVDW;
    0 QuarterMem => VPMOVSXBD VPMOVZXBD VPMOVDB;
    1 Scalar(8) => VMOVSD VMOVSD_STORE VMOVHPD VBROADCASTSD VMOVQ_STORE VGATHERDPD VSCATTERDPD;
    0 Scalar(4) => VPBROADCASTD VMOVSS VMOVSS_STORE VMOVD VMOVD_STORE VCVTSS2SD VBROADCASTSS VPINSRD VINSERTPS VGATHERDPS VPGATHERDD VPSCATTERDD;
    0 Scalar(2) => VPINSRW;
    0 Scalar(1) => VPINSRB;
}

/// Those that this encoding alone knows.
macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident = $pp:literal $map:literal $w:literal $opcode:literal;)*) => {
        #[allow(missing_docs, reason = "they are named as Intel names them")]
        impl Vex {
            $($(#[$doc])* pub const $name: Self = Self { pp: $pp, map: $map, w: $w != 0, opcode: $opcode };)*

            /// All of them, by name.
            #[cfg(test)]
            pub(in crate::codegen::x64) const EVEX_ALONE: &[(&'static str, Self)] =
                &[$((stringify!($name), Self::$name)),*];
        }
    };
}

#[rustfmt::skip]
instructions! {
    // --- reg, vvvv, r/m: lanes of the mask are those of r/m ---
    VBLENDMPD = 1 2 1 0x65; VPBLENDMD = 1 2 0 0x64;
    // --- reg, vvvv, r/m, imm8; r/m, reg, imm8 ---
    VINSERTF64X4 = 1 3 1 0x1a; VEXTRACTF64X4 = 1 3 1 0x1b;
    // --- mask, vvvv, r/m, imm8 ---
    VPCMPD = 1 3 0 0x1f; VPCMPUD = 1 3 0 0x1e; VPCMPQ = 1 3 1 0x1f;
    // --- reg, r/m ---
    VMOVUPS = 0 1 0 0x10; VBROADCASTSS = 1 2 0 0x18; VCVTTPD2QQ = 1 1 1 0x7a; VCVTUDQ2PD = 2 1 0 0x7a;
    // --- mask, reg ---
    VPMOVQ2M = 2 2 1 0x39;
    // --- r/m, reg ---
    VMOVUPS_STORE = 0 1 0 0x11; VPMOVQD = 2 2 0 0x35; VPMOVDW = 2 2 0 0x33; VPMOVDB = 2 2 0 0x31;
    // --- reg, indices; indices, reg ---
    VGATHERDPD = 1 2 1 0x92; VGATHERDPS = 1 2 0 0x92; VPGATHERDD = 1 2 0 0x90; VSCATTERDPD = 1 2 1 0xa2; VPSCATTERDD = 1 2 0 0xa0;
}

/// Instructions on masks of eight lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum MaskOp {
    Kandb = 0x41,
    /// `dst = !a & b`.
    Kandnb = 0x42,
    Korb = 0x45,
    Kxnorb = 0x46,
    Kxorb = 0x47,
    /// `dst = a << 8 | b`: of sixteen lanes.
    Kunpckbw = 0x4b,
}

/// The lanes that an instruction is about.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Masking {
    /// 0: all of them.
    number: u8,
    /// Whether the others become 0.
    zeroes: bool,
}

/// The offset of memory from the lanes of a vector: `[base + index * 2^scale + disp]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spread {
    /// Any register.
    pub base: Gpr,
    /// Lanes of 32 bits.
    pub index: Vreg,
    /// The power of two that indices are scaled by, 0 to 3.
    pub scale: u8,
    /// In bytes.
    pub disp: i32,
}

impl Vex {
    /// Whether its memory operand may be one element for all lanes.
    pub fn broadcasts(self) -> bool {
        matches!(self.evex(), Some((_, Full | Half)))
    }
}

impl Assembler {
    /// The next vector instruction is about the lanes of a mask, which is not `k0`. Others become 0, or are left as they are.
    pub fn masked(&mut self, mask: Kreg, zeroes: bool) -> &mut Self {
        assert!(mask.0 > 0, "k0 stands for all lanes");
        self.masking = Masking { number: mask.0, zeroes };
        self
    }

    pub(super) fn evex(&mut self, op: Vex, length: Length, reg: u8, vvvv: u8, operand: Operand, imm: u8) {
        let (w, tuple) = op.evex().expect("an instruction of this encoding");
        let is_broadcast = matches!(operand, Operand::Each(_) | Operand::EachConst(_));
        debug_assert!(!is_broadcast || op.broadcasts(), "it reads vectors");
        let unit = match tuple {
            Full | Half if is_broadcast => 4 << u8::from(w),
            Full | FullMem => length.bytes(),
            Half | HalfMem => length.bytes() / 2,
            QuarterMem => length.bytes() / 4,
            Scalar(bytes) => bytes,
        };
        self.evex_prefix(op, w, length, (reg, vvvv), operand.into(), is_broadcast);
        self.modrm(reg, operand.into(), imm, Some(unit));
    }

    /// All before the operands.
    pub(super) fn evex_prefix(
        &mut self,
        op: Vex,
        w: bool,
        length: Length,
        (reg, vvvv): (u8, u8),
        rm: Rm,
        is_broadcast: bool,
    ) {
        let (x, b) = match rm {
            // The fifth bit of a register is where that of an index would be.
            Rm::Reg(number) => (number & 16 != 0, number & 8 != 0),
            _ => extensions(rm),
        };
        let Masking { number, zeroes } = std::mem::take(&mut self.masking);
        let bit = |is_set: bool, at: u8| u8::from(is_set) << at;
        let first = bit(reg & 8 == 0, 7) | bit(!x, 6) | bit(!b, 5) | bit(reg & 16 == 0, 4) | op.map;
        let second = bit(w, 7) | (!vvvv & 15) << 3 | 1 << 2 | op.pp;
        let third =
            bit(zeroes, 7) | (length as u8) << 5 | bit(is_broadcast, 4) | bit(vvvv & 16 == 0, 3) | number;
        self.bytes.extend_from_slice(&[0x62, first, second, third, op.opcode]);
    }

    /// `op dst{mask}, [memory of each lane]`, or `op [memory of each lane]{mask}, dst`. The mask is 0 afterwards.
    pub fn spread(&mut self, op: Vex, length: Length, reg: Vreg, memory: Spread, mask: Kreg) {
        let Spread { base, index, scale, disp } = memory;
        let (w, _) = op.evex().expect("an instruction of this encoding");
        self.masked(mask, false);
        // The fifth bit of an index is where that of `vvvv` would be, and the fourth where that of a general register is.
        let rm = Rm::Mem(Mem { base, index: Some((gpr_of(index), 0)), disp });
        self.evex_prefix(op, w, length, (reg.0, index.0 & 16), rm, false);
        self.bytes.extend_from_slice(&[
            0x80 | (reg.0 & 7) << 3 | 4,
            scale << 6 | (index.0 & 7) << 3 | base as u8 & 7,
        ]);
        self.bytes.extend_from_slice(&disp.to_le_bytes());
    }

    // --- masks ---

    /// `op dst, a, b`.
    pub fn mask(&mut self, op: MaskOp, dst: Kreg, a: Kreg, b: Kreg) {
        self.mask_vex(1, false, true, op as u8, (dst.0, a.0), Rm::Reg(b.0));
    }

    /// `knotb dst, a`.
    pub fn knotb(&mut self, dst: Kreg, a: Kreg) {
        self.mask_vex(1, false, false, 0x44, (dst.0, 0), Rm::Reg(a.0));
    }

    /// `kmovb dst, a`.
    pub fn kmovb(&mut self, dst: Kreg, a: Kreg) {
        self.mask_vex(1, false, false, 0x90, (dst.0, 0), Rm::Reg(a.0));
    }

    /// `kmovb dst, a`: into a general register, the rest of which becomes 0.
    pub fn kmovb_gpr(&mut self, dst: Gpr, a: Kreg) {
        self.mask_vex(1, false, false, 0x93, (dst as u8, 0), Rm::Reg(a.0));
    }

    /// `kmovq dst, [mem]`.
    pub fn kmovq_load(&mut self, dst: Kreg, from: Mem) {
        self.mask_vex(0, true, false, 0x90, (dst.0, 0), Rm::Mem(from));
    }

    /// `kmovq [mem], src`.
    pub fn kmovq_store(&mut self, to: Mem, src: Kreg) {
        self.mask_vex(0, true, false, 0x91, (src.0, 0), Rm::Mem(to));
    }

    /// `kortestb a, b`: ZF if no lane is in one of them, CF if each is.
    pub fn kortestb(&mut self, a: Kreg, b: Kreg) {
        self.mask_vex(1, false, false, 0x98, (a.0, 0), Rm::Reg(b.0));
    }

    fn mask_vex(&mut self, pp: u8, w: bool, l: bool, opcode: u8, (reg, vvvv): (u8, u8), rm: Rm) {
        let length = if l { Length::L256 } else { Length::L128 };
        self.vex(Vex { pp, map: 1, w, opcode }, length, reg, vvvv, rm, 0);
    }
}

/// The general register whose number has the same lower four bits.
fn gpr_of(index: Vreg) -> Gpr {
    if index.0 & 8 == 0 { Gpr::Rax } else { Gpr::R8 }
}
