//! What Intel's manual says of instructions of AVX-512: their operands, and what they read or write in memory.

use iced_x86::{Mnemonic, Register};

use super::check::{Arg, Proof, mnemonic};
use crate::codegen::x64::asm::{Assembler, Kreg, Length, Mem, Operand, Vex, Vreg};

/// Where the operands are encoded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Form {
    /// reg, vvvv, r/m
    Vrm,
    /// reg, vvvv, r/m, imm8
    Vrmi,
    /// reg, r/m
    Rm,
    /// reg, r/m, imm8
    Rmi,
    /// r/m, reg
    Mr,
    /// r/m, reg, imm8
    Mri,
}

/// What becomes of lanes that are not in the mask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Masks {
    /// There is no mask.
    None,
    /// They are left alone, or not set.
    Keep,
    /// The same, or 0.
    Zero,
}

#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) names: &'static str,
    pub(super) form: Form,
    /// `v` is a register of the instruction's length, `h` of half of it, `q` of a quarter (of `xmm` at least), `x` always `xmm`, `k` one of
    /// masks; the r/m operand may also be memory, and `m` is memory alone, `r` a register alone.
    operands: &'static str,
    /// The size of the memory operand with 128, 256 and 512 bits; 0 where there is no such instruction.
    bytes: [usize; 3],
    /// The size of an element that all lanes can get; 0 if none can.
    pub(super) element: usize,
    masks: Masks,
}

const FULL: [usize; 3] = [16, 32, 64];
const HALF: [usize; 3] = [8, 16, 32];
const QUARTER: [usize; 3] = [4, 8, 16];

const fn row(
    names: &'static str,
    form: Form,
    operands: &'static str,
    bytes: [usize; 3],
    element: usize,
    masks: Masks,
) -> Row {
    Row { names, form, operands, bytes, element, masks }
}

use Form::{Mr, Mri, Rm, Rmi, Vrm, Vrmi};
use Masks::{Keep, Zero};

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("VADDPD VSUBPD VMULPD VDIVPD VMINPD VMAXPD VANDPD VANDNPD VORPD VXORPD VFNMADD213PD VPADDQ VPSUBQ VPMULUDQ VPSLLVQ VPSRLVQ VBLENDMPD", Vrm, "vvv", FULL, 8, Zero),
    row("VPADDD VPSUBD VPMULLD VPMAXUD VPMINUD VPMINSD VPMAXSD VPSLLVD VPSRLVD VPSRAVD VPBLENDMD VUNPCKLPS VPAND VPANDN VPOR VPXOR", Vrm, "vvv", FULL, 4, Zero),
    row("VPSHUFB", Vrm, "vvv", FULL, 0, Zero),
    row("VCVTSS2SD", Vrm, "xxx", [4; 3], 0, Zero),
    row("VMOVHPD", Vrm, "xxm", [8, 0, 0], 0, Masks::None),
    row("VCMPPD VPCMPQ", Vrmi, "kvv", FULL, 8, Keep),
    row("VPCMPD VPCMPUD", Vrmi, "kvv", FULL, 4, Keep),
    row("VSHUFPS", Vrmi, "vvv", FULL, 4, Zero),
    row("VINSERTF64X4", Vrmi, "vvh", [0, 0, 32], 0, Zero),
    row("VPINSRB", Vrmi, "xxm", [1, 0, 0], 0, Masks::None),
    row("VPINSRW", Vrmi, "xxm", [2, 0, 0], 0, Masks::None),
    row("VPINSRD", Vrmi, "xxm", [4, 0, 0], 0, Masks::None),
    row("VINSERTPS", Vrmi, "xxx", [4, 0, 0], 0, Masks::None),
    row("VMOVUPD VMOVUPS", Rm, "vv", FULL, 0, Zero),
    row("VSQRTPD VCVTTPD2QQ", Rm, "vv", FULL, 8, Zero),
    row("VCVTTPD2DQ VCVTPD2DQ VCVTPD2PS", Rm, "hv", FULL, 8, Zero),
    row("VCVTDQ2PD VCVTPS2PD VCVTUDQ2PD", Rm, "vh", HALF, 4, Zero),
    row("VPMOVSXWD VPMOVZXWD VPMOVSXDQ VPMOVZXDQ", Rm, "vh", HALF, 0, Zero),
    row("VPMOVSXBD VPMOVZXBD", Rm, "vq", QUARTER, 0, Zero),
    row("VBROADCASTSD", Rm, "vx", [0, 8, 8], 0, Zero),
    row("VBROADCASTSS VPBROADCASTD", Rm, "vx", [4; 3], 0, Zero),
    row("VMOVSD", Rm, "xm", [8; 3], 0, Zero),
    row("VMOVSS", Rm, "xm", [4; 3], 0, Zero),
    row("VMOVD", Rm, "xm", [4, 0, 0], 0, Masks::None),
    row("VPMOVQ2M", Rm, "kr", FULL, 0, Masks::None),
    row("VROUNDPD", Rmi, "vv", FULL, 8, Zero),
    row("VPSHUFD", Rmi, "vv", FULL, 4, Zero),
    row("VMOVUPD_STORE VMOVUPS_STORE", Mr, "mv", FULL, 0, Keep),
    row("VMOVSD_STORE", Mr, "mx", [8; 3], 0, Keep),
    row("VMOVSS_STORE", Mr, "mx", [4; 3], 0, Keep),
    row("VMOVD_STORE", Mr, "mx", [4, 0, 0], 0, Masks::None),
    row("VMOVQ_STORE", Mr, "mx", [8, 0, 0], 0, Masks::None),
    row("VPMOVQD VPMOVDW", Mr, "hv", HALF, 0, Keep),
    row("VPMOVDB", Mr, "qv", QUARTER, 0, Keep),
    row("VEXTRACTF64X4", Mri, "hv", [0, 0, 32], 0, Keep),
];

/// Not in the rows: their memory is another one for each lane.
pub(super) const SPREAD: [&str; 5] = ["VGATHERDPD", "VGATHERDPS", "VPGATHERDD", "VSCATTERDPD", "VPSCATTERDD"];

pub(super) const LENGTHS: [Length; 3] = [Length::L128, Length::L256, Length::L512];
pub(super) const VREGS: usize = 32;

/// An instruction at a length.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    op: Vex,
    mnemonic: Mnemonic,
    pub(super) row: Row,
    /// 0 to 2.
    length: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Other {
    Reg(u8),
    Mem(Mem),
    Each(Mem),
    /// A constant of one element for all lanes, or of eight.
    Word(u64),
    Words(u64),
}

pub(super) fn subjects() -> Vec<Subject> {
    let all = Vex::ALL.iter().filter(|(_, op)| op.evex().is_some()).chain(Vex::EVEX_ALONE);
    let mut subjects = Vec::new();
    for (name, op) in all.filter(|(name, _)| !SPREAD.contains(name)) {
        let mut rows = ROWS.iter().filter(|row| row.names.split(' ').any(|other| other == *name));
        let row = *rows.next().unwrap_or_else(|| panic!("{name} has no row"));
        assert!(rows.next().is_none(), "{name} has two rows");
        let mnemonic = mnemonic(match *name {
            "VPAND" => "VPANDD",
            "VPANDN" => "VPANDND",
            "VPOR" => "VPORD",
            "VPXOR" => "VPXORD",
            "VROUNDPD" => "VRNDSCALEPD",
            name => name.trim_end_matches("_STORE"),
        });
        assert_eq!(op.broadcasts(), row.element > 0, "{name}");
        let lengths = (0..3).filter(|length| row.bytes[*length] > 0);
        subjects.extend(lengths.map(|length| Subject { op: *op, mnemonic, row, length }));
    }
    subjects
}

pub(super) fn vector(length: usize, number: u8) -> Arg {
    let first = [Register::XMM0, Register::YMM0, Register::ZMM0][length];
    Arg::Reg(first + u32::from(number))
}

pub(super) fn mask(number: u8) -> Arg {
    Arg::Reg(Register::K0 + u32::from(number))
}

impl Subject {
    fn register(self, at: usize, number: u8) -> Arg {
        match self.row.operands.as_bytes()[at] {
            b'k' => mask(number),
            b'x' => vector(0, number),
            b'h' => vector(self.length.saturating_sub(1), number),
            b'q' => vector(self.length.saturating_sub(2), number),
            _ => vector(self.length, number),
        }
    }

    /// Which operand is r/m.
    fn other(self) -> usize {
        match self.row.form {
            Vrm | Vrmi => 2,
            Rm | Rmi => 1,
            Mr | Mri => 0,
        }
    }

    pub(super) fn takes_register(self) -> bool {
        self.row.operands.as_bytes()[self.other()] != b'm'
    }

    pub(super) fn takes_memory(self) -> bool {
        self.row.operands.as_bytes()[self.other()] != b'r'
    }

    /// How many numbers of registers its first operand has.
    pub(super) fn firsts(self) -> usize {
        if !matches!(self.row.form, Mr | Mri) && self.row.operands.starts_with('k') { 8 } else { VREGS }
    }

    pub(super) fn immediates(self) -> &'static [u8] {
        if matches!(self.row.form, Vrmi | Rmi | Mri) { &[0, 4, 0x1f, 0x80, 0xff] } else { &[0] }
    }

    pub(super) fn masks(self) -> Vec<(u8, bool)> {
        let mut masks = vec![(0, false)];
        if self.row.masks != Masks::None {
            masks.extend((1..8).map(|number| (number, false)));
        }
        if self.row.masks == Zero {
            masks.extend((1..8).map(|number| (number, true)));
        }
        masks
    }

    pub(super) fn add(
        self,
        proof: &mut Proof,
        [reg, vvvv]: [u8; 2],
        other: Other,
        imm: u8,
        masking: (u8, bool),
    ) {
        let Self { op, mnemonic, row: Row { form, bytes, element, .. }, .. } = self;
        let (length, bytes) = (LENGTHS[self.length], bytes[self.length]);
        let arg = match other {
            Other::Reg(number) => self.register(self.other(), number),
            Other::Mem(mem) => Arg::Mem(mem, bytes),
            Other::Each(mem) => Arg::Each(mem, element),
            Other::Word(word) => Arg::Word(word, element.max(bytes * usize::from(element == 0))),
            Other::Words(word) => Arg::Words([word; 8], bytes),
        };
        let operand = |asm: &mut Assembler| match other {
            Other::Reg(number) => Operand::Reg(Vreg(number)),
            Other::Mem(mem) => Operand::Mem(mem),
            Other::Each(mem) => Operand::Each(mem),
            Other::Word(word) if element > 0 => Operand::EachConst(asm.constant([word])),
            Other::Word(word) => Operand::Const(asm.constant([word])),
            Other::Words(word) => Operand::Const(asm.constant([word; 8])),
        };
        let (dst, a, immediate) = (Vreg(reg), Vreg(vvvv), Arg::Imm(imm.into()));
        let args = match form {
            Vrm => vec![self.register(0, reg), self.register(1, vvvv), arg],
            Vrmi => vec![self.register(0, reg), self.register(1, vvvv), arg, immediate],
            Rm => vec![self.register(0, reg), arg],
            Rmi => vec![self.register(0, reg), arg, immediate],
            Mr => vec![arg, self.register(1, reg)],
            Mri => vec![arg, self.register(1, reg), immediate],
        };
        proof.add_masked(mnemonic, &args, masking, |asm| {
            let b = operand(asm);
            if masking.0 > 0 {
                asm.masked(Kreg(masking.0), masking.1);
            }
            match (form, other) {
                (Vrm, _) => asm.vrm(op, length, dst, a, b),
                (Vrmi, _) => asm.vrmi(op, length, dst, a, b, imm),
                (Rm, _) => asm.rm(op, length, dst, b),
                (Rmi, _) => asm.rmi(op, length, dst, b, imm),
                (Mr, Other::Reg(number)) => asm.mr_reg(op, length, Vreg(number), dst),
                (Mr, Other::Mem(mem)) => asm.mr(op, length, mem, dst),
                (Mri, _) => asm.mri(op, length, b, dst, imm),
                (Mr, _) => unreachable!("it goes to memory"),
            }
        });
    }
}

/// Two numbers of registers from one.
pub(super) fn numbers(subject: Subject, i: usize) -> [u8; 2] {
    [(i % subject.firsts()) as u8, (i / 7 % VREGS) as u8]
}
