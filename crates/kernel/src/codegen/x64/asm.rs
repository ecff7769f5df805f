//! The encoder: from instructions to bytes.
//!
//! For AVX2, vector instructions are all VEX-encoded: [Intel's manual](https://www.intel.com/sdm), volume 2A, 2.3. They have three forms, after where
//! their operands are encoded (`reg`, `vvvv`, `r/m`, and an immediate byte that may name a fourth register). What one does stands in a
//! table: [`Vex`] has its prefix, opcode map, opcode and `W`. Of general instructions there are only those that loops and element
//! accesses need. For AVX-512, they are all EVEX-encoded: see [`evex`].
//!
//! Jumps have 32-bit displacements, and constants live behind the code, where instructions reach them relative to their own end. Both are
//! patched in [`Assembler::finish`].

mod evex;
mod scalar;

use crate::hash::Map;
use evex::Masking;
pub use evex::{Kreg, MaskOp, Spread};

/// A vector register: `ymm0` to `ymm15`, or `zmm0` to `zmm31` with AVX-512; or the lower part of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vreg(pub u8);

/// A general register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum Gpr {
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}

/// Memory: `[base + index * scale + disp]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mem {
    /// Any register.
    pub base: Gpr,
    /// Not `rsp`; with the power of two that it is scaled by, 0 to 3.
    pub index: Option<(Gpr, u8)>,
    /// In bytes.
    pub disp: i32,
}

impl Mem {
    /// `[base + disp]`.
    pub const fn new(base: Gpr, disp: i32) -> Self {
        Self { base, index: None, disp }
    }

    /// `[base + index * 2^scale]`.
    pub const fn indexed(base: Gpr, index: Gpr, scale: u8) -> Self {
        Self { base, index: Some((index, scale)), disp: 0 }
    }
}

/// A constant behind the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Constant(u32);

/// What the `r/m` part of an instruction can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// A vector register.
    Reg(Vreg),
    /// Memory.
    Mem(Mem),
    /// A constant behind the code.
    Const(Constant),
    /// Memory of one element, which all lanes get: with AVX-512.
    Each(Mem),
    /// The same behind the code.
    EachConst(Constant),
}

impl From<Vreg> for Operand {
    fn from(reg: Vreg) -> Self {
        Self::Reg(reg)
    }
}

impl From<Mem> for Operand {
    fn from(mem: Mem) -> Self {
        Self::Mem(mem)
    }
}

/// A place in the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(u32);

impl Label {
    /// For another encoder that goes on with the labels of this one.
    pub(in crate::codegen) const fn numbered(number: usize) -> Self {
        Self(number as u32)
    }

    /// Labels are numbered in the order in which they are given out.
    pub(in crate::codegen) const fn number(self) -> usize {
        self.0 as usize
    }
}

/// 128, 256 or 512 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// `xmm`.
    L128,
    /// `ymm`.
    L256,
    /// `zmm`: with AVX-512.
    L512,
}

impl Cond {
    /// The one that holds where this one does not.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::B => Self::Ae,
            Self::Ae => Self::B,
            Self::E => Self::Ne,
            Self::Ne => Self::E,
            Self::Be => Self::A,
            Self::A => Self::Be,
            Self::O => Self::No,
            Self::No => Self::O,
            Self::S => Self::Ns,
            Self::Ns => Self::S,
            Self::P => Self::Np,
            Self::Np => Self::P,
            Self::L => Self::Ge,
            Self::Ge => Self::L,
            Self::Le => Self::G,
            Self::G => Self::Le,
        }
    }
}

impl Gpr {
    /// All of them, by number.
    pub const ALL: [Self; 16] = [
        Self::Rax,
        Self::Rcx,
        Self::Rdx,
        Self::Rbx,
        Self::Rsp,
        Self::Rbp,
        Self::Rsi,
        Self::Rdi,
        Self::R8,
        Self::R9,
        Self::R10,
        Self::R11,
        Self::R12,
        Self::R13,
        Self::R14,
        Self::R15,
    ];
}

impl Length {
    const fn bytes(self) -> u8 {
        16 << self as u8
    }
}

/// A vector instruction, without its operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vex {
    /// The prefix that it implies: 0 for none, 1 for 66, 2 for F3, 3 for F2.
    pp: u8,
    /// The opcode map: 1 for 0F, 2 for 0F38, 3 for 0F3A.
    map: u8,
    w: bool,
    opcode: u8,
}

macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident = $pp:literal $map:literal $w:literal $opcode:literal;)*) => {
        #[allow(missing_docs, reason = "they are named as Intel names them")]
        impl Vex {
            $($(#[$doc])* pub const $name: Self = Self { pp: $pp, map: $map, w: $w != 0, opcode: $opcode };)*

            /// All of them, by name.
            #[cfg(test)]
            pub(super) const ALL: &[(&'static str, Self)] = &[$((stringify!($name), Self::$name)),*];
        }
    };
}

// In the order of their forms: dst, src, r/m; dst, r/m; and so on.
#[rustfmt::skip]
instructions! {
    // --- reg, vvvv, r/m ---
    VADDPD = 1 1 0 0x58; VSUBPD = 1 1 0 0x5c; VMULPD = 1 1 0 0x59; VDIVPD = 1 1 0 0x5e;
    VMINPD = 1 1 0 0x5d; VMAXPD = 1 1 0 0x5f;
    VANDPD = 1 1 0 0x54; VANDNPD = 1 1 0 0x55; VORPD = 1 1 0 0x56; VXORPD = 1 1 0 0x57;
    /// `dst = b - dst * a`, rounded once: only where that is exact.
    VFNMADD213PD = 1 2 1 0xac;
    VMOVHPD = 1 1 0 0x16;
    VPADDD = 1 1 0 0xfe; VPSUBD = 1 1 0 0xfa; VPMULLD = 1 2 0 0x40;
    VPAND = 1 1 0 0xdb; VPANDN = 1 1 0 0xdf; VPOR = 1 1 0 0xeb; VPXOR = 1 1 0 0xef;
    VPCMPEQD = 1 1 0 0x76; VPCMPGTD = 1 1 0 0x66; VPCMPEQQ = 1 2 0 0x29;
    VPMAXUD = 1 2 0 0x3f; VPMINUD = 1 2 0 0x3b; VPMINSD = 1 2 0 0x39; VPMAXSD = 1 2 0 0x3d;
    VPADDQ = 1 1 0 0xd4; VPSUBQ = 1 1 0 0xfb; VPMULUDQ = 1 1 0 0xf4;
    VPSLLVD = 1 2 0 0x47; VPSRLVD = 1 2 0 0x45; VPSRAVD = 1 2 0 0x46; VPSLLVQ = 1 2 1 0x47; VPSRLVQ = 1 2 1 0x45;
    VPACKSSDW = 1 1 0 0x6b; VPSHUFB = 1 2 0 0x00;
    VUNPCKLPS = 0 1 0 0x14; VUNPCKHPS = 0 1 0 0x15; VCVTSS2SD = 2 1 0 0x5a;
    // --- reg, vvvv, r/m, imm8 ---
    VCMPPD = 1 1 0 0xc2; VSHUFPS = 0 1 0 0xc6; VINSERTF128 = 1 3 0 0x18; VPBLENDW = 1 3 0 0x0e;
    VPINSRB = 1 3 0 0x20; VPINSRW = 1 1 0 0xc4; VPINSRD = 1 3 0 0x22; VINSERTPS = 1 3 0 0x21;
    // --- reg, vvvv, r/m, is4 ---
    VBLENDVPD = 1 3 0 0x4b; VBLENDVPS = 1 3 0 0x4a;
    // --- reg, r/m ---
    VMOVSD = 3 1 0 0x10; VMOVSS = 2 1 0 0x10; VMOVD = 1 1 0 0x6e;
    VMOVUPD = 1 1 0 0x10; VSQRTPD = 1 1 0 0x51;
    VCVTDQ2PD = 2 1 0 0xe6; VCVTTPD2DQ = 1 1 0 0xe6; VCVTPD2DQ = 3 1 0 0xe6;
    VCVTPS2PD = 0 1 0 0x5a; VCVTPD2PS = 1 1 0 0x5a; VCVTPH2PS = 1 2 0 0x13;
    VPMOVSXBD = 1 2 0 0x21; VPMOVZXBD = 1 2 0 0x31; VPMOVSXWD = 1 2 0 0x23; VPMOVZXWD = 1 2 0 0x33;
    VPMOVSXDQ = 1 2 0 0x25; VPMOVZXDQ = 1 2 0 0x35;
    VBROADCASTSD = 1 2 0 0x19; VPBROADCASTD = 1 2 0 0x58;
    VTESTPD = 1 2 0 0x0f; VPTEST = 1 2 0 0x17;
    // --- reg, r/m, imm8 ---
    VROUNDPD = 1 3 0 0x09; VPSHUFD = 1 1 0 0x70; VPERMQ = 1 3 1 0x00;
    // --- r/m, reg ---
    VMOVUPD_STORE = 1 1 0 0x11; VMOVSD_STORE = 3 1 0 0x11; VMOVSS_STORE = 2 1 0 0x11; VMOVD_STORE = 1 1 0 0x7e;
    VMOVQ_STORE = 1 1 0 0xd6;
    // --- r/m, reg, imm8 ---
    VEXTRACTF128 = 1 3 0 0x19; VCVTPS2PH = 1 3 0 0x1d;
}

/// What arm64 has an instruction for, and x64 none: they have no encoding here.
#[allow(missing_docs, reason = "they are named as Arm names them")]
impl Vex {
    pub(in crate::codegen) const FMIN: Self = Self { pp: 0, map: 0, w: false, opcode: 0 };
    pub(in crate::codegen) const FMAX: Self = Self { pp: 0, map: 0, w: false, opcode: 1 };
    pub(in crate::codegen) const CLZ: Self = Self { pp: 0, map: 0, w: false, opcode: 2 };
}

/// Shifts of 32-bit lanes by an immediate: the `reg` part is a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum Shift {
    Vpslld,
    Vpsrld,
    Vpsrad,
    Vpsllq,
    Vpsrlq,
}

/// A condition of a jump.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum Cond {
    B = 2,
    Ae = 3,
    E = 4,
    Ne = 5,
    Be = 6,
    A = 7,
    O = 0,
    No = 1,
    S = 8,
    Ns = 9,
    P = 10,
    Np = 11,
    L = 12,
    Ge = 13,
    Le = 14,
    G = 15,
}

/// General instructions of two operands, on 64 bits: the opcode of `reg, r/m`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum Alu {
    Add = 0x03,
    Or = 0x0b,
    And = 0x23,
    Sub = 0x2b,
    Xor = 0x33,
    Cmp = 0x3b,
    Mov = 0x8b,
}

/// Loads that extend to 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as Intel names them")]
pub enum Extend {
    Movzx8,
    Movsx8,
    Movzx16,
    Movsx16,
    Mov32,
    Movsxd,
}

impl Extend {
    /// Whether it has 64 bits, and its opcode.
    const fn encoding(self) -> (bool, &'static [u8]) {
        match self {
            Self::Movzx8 => (false, &[0x0f, 0xb6]),
            Self::Movsx8 => (true, &[0x0f, 0xbe]),
            Self::Movzx16 => (false, &[0x0f, 0xb7]),
            Self::Movsx16 => (true, &[0x0f, 0xbf]),
            Self::Mov32 => (false, &[0x8b]),
            Self::Movsxd => (true, &[0x63]),
        }
    }
}

/// What the `r/m` field names.
#[derive(Clone, Copy)]
enum Rm {
    Reg(u8),
    Mem(Mem),
    Const(Constant),
}

impl From<Operand> for Rm {
    fn from(operand: Operand) -> Self {
        match operand {
            Operand::Reg(reg) => Self::Reg(reg.0),
            Operand::Mem(mem) | Operand::Each(mem) => Self::Mem(mem),
            Operand::Const(constant) | Operand::EachConst(constant) => Self::Const(constant),
        }
    }
}

/// Code in the making.
#[derive(Default, Debug)]
pub struct Assembler {
    bytes: Vec<u8>,
    /// Where each label is.
    labels: Vec<Option<u32>>,
    /// Where a displacement to a label is to be written.
    jumps: Vec<(u32, Label)>,
    /// In words. Each constant begins at a multiple of its size.
    constants: Vec<u64>,
    known: Map<Key, Constant>,
    /// Where a displacement to a constant is, and how many bytes of its instruction come after it.
    references: Vec<(u32, u8, Constant)>,
    is_evex: bool,
    /// Of the next instruction.
    masking: Masking,
}

/// A constant: its words, and how many there are.
type Key = ([u64; 8], u8);

impl Assembler {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, of instructions of AVX-512.
    pub fn evex_encoded() -> Self {
        Self { is_evex: true, ..Self::default() }
    }

    /// Whether instructions are those of AVX-512.
    pub fn is_evex(&self) -> bool {
        self.is_evex
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A label without a place yet.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() as u32 - 1)
    }

    /// How many labels have been given out.
    pub(super) fn labels(&self) -> usize {
        self.labels.len()
    }

    /// The label is here.
    pub fn bind(&mut self, label: Label) {
        let place = &mut self.labels[label.0 as usize];
        debug_assert!(place.is_none(), "a label has one place");
        *place = Some(self.bytes.len() as u32);
    }

    /// Where a label is that has been bound.
    pub fn place(&self, label: Label) -> Option<u32> {
        self.labels[label.0 as usize]
    }

    /// A constant of one, four or eight lanes: the same for the same lanes.
    pub fn constant<const N: usize>(&mut self, lanes: [u64; N]) -> Constant {
        let mut key = ([0; 8], N as u8);
        key.0[..N].copy_from_slice(&lanes);
        let start = self.constants.len().next_multiple_of(N);
        let next = Constant(start as u32);
        let constant = *self.known.entry(key).or_insert(next);
        if constant == next {
            self.constants.resize(start, 0);
            self.constants.extend_from_slice(&lanes);
        }
        constant
    }

    /// The code and its constants.
    pub fn finish(mut self) -> Vec<u8> {
        for (at, label) in &self.jumps {
            let place = self.labels[label.0 as usize].expect("a label that is jumped to has a place");
            let distance = place.wrapping_sub(at + 4);
            self.bytes[*at as usize..][..4].copy_from_slice(&distance.to_le_bytes());
        }
        if !self.constants.is_empty() {
            // Nothing runs into it.
            let line = if self.is_evex { 64 } else { 32 };
            self.bytes.resize(self.bytes.len().next_multiple_of(line), 0xcc);
        }
        let base = self.bytes.len() as u32;
        for (at, after, constant) in &self.references {
            let distance = (base + 8 * constant.0).wrapping_sub(at + 4 + u32::from(*after));
            self.bytes[*at as usize..][..4].copy_from_slice(&distance.to_le_bytes());
        }
        for lane in &self.constants {
            self.bytes.extend_from_slice(&lane.to_le_bytes());
        }
        self.bytes
    }

    // --- vector instructions ---

    /// `op dst, a, b`.
    pub fn vrm(&mut self, op: Vex, length: Length, dst: Vreg, a: Vreg, b: impl Into<Operand>) {
        self.vector(op, length, dst.0, a.0, b.into(), 0);
    }

    /// `op dst, a, b, imm`.
    pub fn vrmi(&mut self, op: Vex, length: Length, dst: Vreg, a: Vreg, b: impl Into<Operand>, imm: u8) {
        self.vector(op, length, dst.0, a.0, b.into(), 1);
        self.bytes.push(imm);
    }

    /// `op dst, a, b, c`.
    pub fn vrmv(&mut self, op: Vex, length: Length, dst: Vreg, a: Vreg, b: impl Into<Operand>, c: Vreg) {
        self.vrmi(op, length, dst, a, b, c.0 << 4);
    }

    /// `op dst, a`.
    pub fn rm(&mut self, op: Vex, length: Length, dst: Vreg, a: impl Into<Operand>) {
        self.vector(op, length, dst.0, 0, a.into(), 0);
    }

    /// `op dst, a, imm`.
    pub fn rmi(&mut self, op: Vex, length: Length, dst: Vreg, a: impl Into<Operand>, imm: u8) {
        self.vector(op, length, dst.0, 0, a.into(), 1);
        self.bytes.push(imm);
    }

    /// `op [mem], src`.
    pub fn mr(&mut self, op: Vex, length: Length, to: Mem, src: Vreg) {
        self.vector(op, length, src.0, 0, to.into(), 0);
    }

    /// `op dst, src`, where `dst` is encoded as `r/m`.
    pub fn mr_reg(&mut self, op: Vex, length: Length, dst: Vreg, src: Vreg) {
        self.vector(op, length, src.0, 0, dst.into(), 0);
    }

    /// `op dst, src, imm`, where `dst` is encoded as `r/m`.
    pub fn mri(&mut self, op: Vex, length: Length, dst: impl Into<Operand>, src: Vreg, imm: u8) {
        self.vector(op, length, src.0, 0, dst.into(), 1);
        self.bytes.push(imm);
    }

    /// `op dst, a, imm`: shifts each lane.
    pub fn shift(&mut self, op: Shift, length: Length, dst: Vreg, a: Vreg, imm: u8) {
        let (opcode, number) = match op {
            Shift::Vpslld => (0x72, 6),
            Shift::Vpsrld => (0x72, 2),
            Shift::Vpsrad => (0x72, 4),
            Shift::Vpsllq => (0x73, 6),
            Shift::Vpsrlq => (0x73, 2),
        };
        let is_wide = matches!(op, Shift::Vpsllq | Shift::Vpsrlq);
        let op = Vex { pp: 1, map: 1, w: false, opcode };
        self.general_vector(op, is_wide, length, (number, dst.0), Rm::Reg(a.0), 1);
        self.bytes.push(imm);
    }

    /// `vmovmskpd dst, src`: the sign of each lane.
    pub fn vmovmskpd(&mut self, dst: Gpr, src: Vreg) {
        let op = Vex { pp: 1, map: 1, w: false, opcode: 0x50 };
        self.vex(op, Length::L256, dst as u8, 0, Rm::Reg(src.0), 0);
    }

    /// `vmovmskps dst, src`: the sign of each lane of 32 bits.
    pub fn vmovmskps(&mut self, dst: Gpr, src: Vreg) {
        let op = Vex { pp: 0, map: 1, w: false, opcode: 0x50 };
        self.vex(op, Length::L256, dst as u8, 0, Rm::Reg(src.0), 0);
    }

    /// `vmaskmovpd [mem], mask, src`: the lanes whose sign is set in the mask; others are not touched.
    pub fn vmaskmovpd(&mut self, to: Mem, mask: Vreg, src: Vreg) {
        let op = Vex { pp: 1, map: 2, w: false, opcode: 0x2f };
        self.vex(op, Length::L256, src.0, mask.0, Rm::Mem(to), 0);
    }

    /// `vmovq dst, src`: the lower 64 bits.
    pub fn vmovq(&mut self, dst: Gpr, src: Vreg) {
        let op = Vex { pp: 1, map: 1, w: true, opcode: 0x7e };
        self.general_vector(op, true, Length::L128, (src.0, 0), Rm::Reg(dst as u8), 0);
    }

    /// `vpextrq dst, src, half`: the lower (0) or the upper (1) 64 bits.
    pub fn vpextrq(&mut self, dst: Gpr, src: Vreg, half: u8) {
        let op = Vex { pp: 1, map: 3, w: true, opcode: 0x16 };
        self.general_vector(op, true, Length::L128, (src.0, 0), Rm::Reg(dst as u8), 1);
        self.bytes.push(half);
    }

    /// `vcvttsd2si dst, src`: a double as a signed integer of 64 bits.
    pub fn vcvttsd2si(&mut self, dst: Gpr, src: impl Into<Operand>) {
        let op = Vex { pp: 3, map: 1, w: true, opcode: 0x2c };
        self.general_vector(op, true, Length::L128, (dst as u8, 0), src.into().into(), 0);
    }

    /// `vcvtsi2sd dst, a, src`: a signed integer of 64 bits as a double.
    pub fn vcvtsi2sd(&mut self, dst: Vreg, a: Vreg, src: Gpr) {
        let op = Vex { pp: 3, map: 1, w: true, opcode: 0x2a };
        self.general_vector(op, true, Length::L128, (dst.0, a.0), Rm::Reg(src as u8), 0);
    }

    /// `vzeroupper`.
    pub fn vzeroupper(&mut self) {
        self.bytes.extend_from_slice(&[0xc5, 0xf8, 0x77]);
    }

    /// An instruction of the table.
    fn vector(&mut self, op: Vex, length: Length, reg: u8, vvvv: u8, operand: Operand, immediate_bytes: u8) {
        if self.is_evex {
            self.evex(op, length, reg, vvvv, operand, immediate_bytes);
        } else {
            self.vex(op, length, reg, vvvv, operand.into(), immediate_bytes);
        }
    }

    /// One that is not in the table: `is_wide` is its `W` with EVEX. Memory has eight bytes.
    fn general_vector(
        &mut self,
        op: Vex,
        is_wide: bool,
        length: Length,
        (reg, vvvv): (u8, u8),
        rm: Rm,
        immediate_bytes: u8,
    ) {
        if self.is_evex {
            self.evex_prefix(op, is_wide, length, (reg, vvvv), rm, false);
            self.modrm(reg, rm, immediate_bytes, Some(8));
        } else {
            self.vex(op, length, reg, vvvv, rm, immediate_bytes);
        }
    }

    fn vex(&mut self, op: Vex, length: Length, reg: u8, vvvv: u8, rm: Rm, immediate_bytes: u8) {
        let (x, b) = extensions(rm);
        let l = u8::from(length == Length::L256);
        let tail = (!vvvv & 15) << 3 | l << 2 | op.pp;
        let r = reg < 8;
        if op.map == 1 && !op.w && !x && !b {
            self.bytes.extend_from_slice(&[0xc5, u8::from(r) << 7 | tail]);
        } else {
            let first = u8::from(r) << 7 | u8::from(!x) << 6 | u8::from(!b) << 5 | op.map;
            self.bytes.extend_from_slice(&[0xc4, first, u8::from(op.w) << 7 | tail]);
        }
        self.bytes.push(op.opcode);
        self.modrm(reg, rm, immediate_bytes, None);
    }

    // --- general instructions ---

    /// `op dst, src`, on 64 bits.
    pub fn alu(&mut self, op: Alu, dst: Gpr, src: Gpr) {
        self.general(true, &[op as u8], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `op dst, [mem]`, on 64 bits.
    pub fn alu_mem(&mut self, op: Alu, dst: Gpr, src: Mem) {
        self.general(true, &[op as u8], dst as u8, Rm::Mem(src), 0);
    }

    /// `op dst, imm`, on 64 bits; not `mov`.
    pub fn alu_imm(&mut self, op: Alu, dst: Gpr, imm: i32) {
        debug_assert!(op != Alu::Mov, "its immediate has another form");
        self.immediate(true, op, dst, imm);
    }

    /// Of one byte, if it fits.
    fn immediate(&mut self, wide: bool, op: Alu, dst: Gpr, imm: i32) {
        let number = (op as u8) >> 3;
        if let Ok(imm) = i8::try_from(imm) {
            self.general(wide, &[0x83], number, Rm::Reg(dst as u8), 1);
            self.bytes.push(imm.cast_unsigned());
        } else {
            self.general(wide, &[0x81], number, Rm::Reg(dst as u8), 4);
            self.bytes.extend_from_slice(&imm.to_le_bytes());
        }
    }

    /// `mov dst, imm`: zero-extended.
    pub fn mov_imm(&mut self, dst: Gpr, imm: u32) {
        if dst as u8 >= 8 {
            self.bytes.push(0x41);
        }
        self.bytes.push(0xb8 | dst as u8 & 7);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `lea dst, [mem]`.
    pub fn lea(&mut self, dst: Gpr, mem: Mem) {
        self.general(true, &[0x8d], dst as u8, Rm::Mem(mem), 0);
    }

    /// `lea dst, [label]`.
    pub fn lea_label(&mut self, dst: Gpr, label: Label) {
        let rex = 0x48 | (dst as u8 >> 3) << 2;
        self.bytes.extend_from_slice(&[rex, 0x8d, (dst as u8 & 7) << 3 | 5]);
        self.displacement(label);
    }

    /// `test a, a`, on 32 bits.
    pub fn test(&mut self, a: Gpr) {
        self.general(false, &[0x85], a as u8, Rm::Reg(a as u8), 0);
    }

    /// `shr a, count`, on 64 bits.
    pub fn shr(&mut self, a: Gpr, count: u8) {
        self.general(true, &[0xc1], 5, Rm::Reg(a as u8), 1);
        self.bytes.push(count);
    }

    /// `shl a, count`, on 64 bits.
    pub fn shl(&mut self, a: Gpr, count: u8) {
        self.general(true, &[0xc1], 4, Rm::Reg(a as u8), 1);
        self.bytes.push(count);
    }

    /// `mov dst, src`, on 32 bits: the upper half becomes 0.
    pub fn mov32(&mut self, dst: Gpr, src: Gpr) {
        self.general(false, &[0x8b], dst as u8, Rm::Reg(src as u8), 0);
    }

    /// `mov dword [mem], imm`.
    pub fn store_imm(&mut self, to: Mem, imm: u32) {
        self.general(false, &[0xc7], 0, Rm::Mem(to), 4);
        self.bytes.extend_from_slice(&imm.to_le_bytes());
    }

    /// `bt a, bit`, on 32 bits: the bit becomes the carry.
    pub fn bt(&mut self, a: Gpr, bit: u8) {
        self.general(false, &[0x0f, 0xba], 4, Rm::Reg(a as u8), 1);
        self.bytes.push(bit);
    }

    /// Loads a smaller integer.
    pub fn load(&mut self, op: Extend, dst: Gpr, src: Mem) {
        let (wide, opcode) = op.encoding();
        self.general(wide, opcode, dst as u8, Rm::Mem(src), 0);
    }

    /// `mov [mem], src`, of 1, 2, 4 or 8 bytes.
    pub fn store(&mut self, to: Mem, src: Gpr, bytes: u8) {
        match bytes {
            1 => {
                // Any prefix makes spl to dil of what would be ah to bh.
                if (4..8).contains(&(src as u8)) && extensions(Rm::Mem(to)) == (false, false) {
                    self.bytes.push(0x40);
                }
                self.general(false, &[0x88], src as u8, Rm::Mem(to), 0);
            }
            2 => {
                self.bytes.push(0x66);
                self.general(false, &[0x89], src as u8, Rm::Mem(to), 0);
            }
            4 => self.general(false, &[0x89], src as u8, Rm::Mem(to), 0),
            _ => self.general(true, &[0x89], src as u8, Rm::Mem(to), 0),
        }
    }

    /// `jmp label`.
    pub fn jmp(&mut self, label: Label) {
        self.bytes.push(0xe9);
        self.displacement(label);
    }

    /// `jcc label`.
    pub fn jcc(&mut self, cond: Cond, label: Label) {
        self.bytes.extend_from_slice(&[0x0f, 0x80 | cond as u8]);
        self.displacement(label);
    }

    /// `jmp [mem]`.
    pub fn jmp_mem(&mut self, mem: Mem) {
        self.general(false, &[0xff], 4, Rm::Mem(mem), 0);
    }

    /// `ret`.
    pub fn ret(&mut self) {
        self.bytes.push(0xc3);
    }

    // --- x87: remainders of any doubles, exactly ---

    /// `fld qword [mem]`.
    pub fn fld(&mut self, mem: Mem) {
        self.general(false, &[0xdd], 0, Rm::Mem(mem), 0);
    }

    /// `fstp qword [mem]`.
    pub fn fstp(&mut self, mem: Mem) {
        self.general(false, &[0xdd], 3, Rm::Mem(mem), 0);
    }

    /// `fprem`.
    pub fn fprem(&mut self) {
        self.bytes.extend_from_slice(&[0xd9, 0xf8]);
    }

    /// `fnstsw ax`.
    pub fn fnstsw(&mut self) {
        self.bytes.extend_from_slice(&[0xdf, 0xe0]);
    }

    /// `fstp st(0)`: drops one.
    pub fn fstp_st0(&mut self) {
        self.bytes.extend_from_slice(&[0xdd, 0xd8]);
    }

    fn displacement(&mut self, label: Label) {
        self.jumps.push((self.bytes.len() as u32, label));
        self.bytes.extend_from_slice(&[0; 4]);
    }

    fn general(&mut self, wide: bool, opcode: &[u8], reg: u8, rm: Rm, immediate_bytes: u8) {
        let (x, b) = extensions(rm);
        let rex = u8::from(wide) << 3 | (reg >> 3) << 2 | u8::from(x) << 1 | u8::from(b);
        if rex != 0 {
            self.bytes.push(0x40 | rex);
        }
        self.bytes.extend_from_slice(opcode);
        self.modrm(reg, rm, immediate_bytes, None);
    }

    /// `immediate_bytes` come after it. A displacement of one byte counts in units of `unit` bytes, if there is one.
    fn modrm(&mut self, reg: u8, rm: Rm, immediate_bytes: u8, unit: Option<u8>) {
        let reg = (reg & 7) << 3;
        match rm {
            Rm::Reg(number) => self.bytes.push(0xc0 | reg | number & 7),
            Rm::Const(constant) => {
                self.bytes.push(reg | 5);
                self.references.push((self.bytes.len() as u32, immediate_bytes, constant));
                self.bytes.extend_from_slice(&[0; 4]);
            }
            Rm::Mem(Mem { base, index, disp }) => {
                let low = base as u8 & 7;
                let units = match unit {
                    None => Some(disp),
                    Some(unit) => (disp % i32::from(unit) == 0).then_some(disp / i32::from(unit)),
                };
                let short = units.and_then(|units| i8::try_from(units).ok());
                let mode = match short {
                    // Without a displacement, what would be rbp or r13 means something else.
                    Some(0) if low != 5 => 0,
                    Some(_) => 0x40,
                    None => 0x80,
                };
                match index {
                    None if low != 4 => self.bytes.push(mode | reg | low),
                    None => self.bytes.extend_from_slice(&[mode | reg | 4, 4 << 3 | low]),
                    Some((index, scale)) => {
                        debug_assert!(index != Gpr::Rsp && scale < 4, "no such operand");
                        self.bytes
                            .extend_from_slice(&[mode | reg | 4, scale << 6 | (index as u8 & 7) << 3 | low]);
                    }
                }
                match mode {
                    0 => {}
                    0x40 => self.bytes.push(short.unwrap_or_default() as u8),
                    _ => self.bytes.extend_from_slice(&disp.to_le_bytes()),
                }
            }
        }
    }
}

/// The fourth bits of the index and of the base, or of the register.
fn extensions(rm: Rm) -> (bool, bool) {
    match rm {
        Rm::Reg(number) => (false, number >= 8),
        Rm::Const(_) => (false, false),
        Rm::Mem(Mem { base, index, .. }) => {
            (index.is_some_and(|(index, _)| index as u8 >= 8), base as u8 >= 8)
        }
    }
}
