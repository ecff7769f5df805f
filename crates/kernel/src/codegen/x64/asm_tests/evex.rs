//! Instructions of AVX-512: what Intel's manual says of their operands, and the proof that the encoder makes them.

use iced_x86::{Mnemonic, Register};

use super::check::{Arg, Proof, gpr, mnemonic};
use super::{GPRS, MEMS, mems};
use crate::codegen::x64::asm::{
    Assembler, Gpr, Kreg, Length, MaskOp, Mem, Operand, Shift, Spread, Vex, Vreg,
};

/// Where the operands are encoded.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
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
}

/// What becomes of lanes that are not in the mask.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Masks {
    /// There is no mask.
    None,
    /// They are left alone, or not set.
    Keep,
    /// The same, or 0.
    Zero,
}

#[derive(Clone, Copy)]
struct Row {
    names: &'static str,
    form: Form,
    /// `v` is a register of the instruction's length, `h` of half of it, `q` of a quarter (of `xmm` at least), `x` always `xmm`, `k` one of
    /// masks; the r/m operand may also be memory, and `m` is memory alone, `r` a register alone.
    operands: &'static str,
    /// The size of the memory operand with 128, 256 and 512 bits; 0 where there is no such instruction.
    bytes: [usize; 3],
    /// The size of an element that all lanes can get; 0 if none can.
    element: usize,
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

use Form::{Mr, Rm, Rmi, Vrm, Vrmi};
use Masks::{Keep, Zero};

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("VADDPD VSUBPD VMULPD VDIVPD VMINPD VMAXPD VANDPD VANDNPD VORPD VXORPD VFNMADD231PD VPADDQ VPSUBQ VBLENDMPD", Vrm, "vvv", FULL, 8, Zero),
    row("VPADDD VPSUBD VPMULLD VPMAXUD VPSLLVD VPSRLVD VPSRAVD VPBLENDMD VUNPCKLPS VPAND VPANDN VPOR VPXOR", Vrm, "vvv", FULL, 4, Zero),
    row("VPSHUFB", Vrm, "vvv", FULL, 0, Zero),
    row("VCVTSS2SD", Vrm, "xxx", [4; 3], 0, Zero),
    row("VMOVHPD", Vrm, "xxm", [8, 0, 0], 0, Masks::None),
    row("VCMPPD VPCMPQ", Vrmi, "kvv", FULL, 8, Keep),
    row("VPCMPD VPCMPUD", Vrmi, "kvv", FULL, 4, Keep),
    row("VSHUFPS", Vrmi, "vvv", FULL, 4, Zero),
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
    row("VBROADCASTSS", Rm, "vx", [4; 3], 0, Zero),
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
];

/// Not in the rows: their memory is another one for each lane.
const SPREAD: [&str; 5] = ["VGATHERDPD", "VGATHERDPS", "VPGATHERDD", "VSCATTERDPD", "VPSCATTERDD"];

const LENGTHS: [Length; 3] = [Length::L128, Length::L256, Length::L512];
const VREGS: usize = 32;
const WORDS: [u64; 3] = [0, u64::MAX, 0x3ff0_0000_0000_0000];

/// An instruction at a length.
#[derive(Clone, Copy)]
struct Subject {
    op: Vex,
    mnemonic: Mnemonic,
    row: Row,
    /// 0 to 2.
    length: usize,
}

#[derive(Clone, Copy)]
enum Other {
    Reg(u8),
    Mem(Mem),
    Each(Mem),
    /// A constant of one element for all lanes, or of eight.
    Word(u64),
    Words(u64),
}

fn subjects() -> Vec<Subject> {
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

fn vector(length: usize, number: u8) -> Arg {
    let first = [Register::XMM0, Register::YMM0, Register::ZMM0][length];
    Arg::Reg(first + u32::from(number))
}

fn mask(number: u8) -> Arg {
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
            Mr => 0,
        }
    }

    fn takes_register(self) -> bool {
        self.row.operands.as_bytes()[self.other()] != b'm'
    }

    fn takes_memory(self) -> bool {
        self.row.operands.as_bytes()[self.other()] != b'r'
    }

    /// How many numbers of registers its first operand has.
    fn firsts(self) -> usize {
        if self.row.form != Mr && self.row.operands.starts_with('k') { 8 } else { VREGS }
    }

    fn immediates(self) -> &'static [u8] {
        if matches!(self.row.form, Vrmi | Rmi) { &[0, 4, 0x1f, 0x80, 0xff] } else { &[0] }
    }

    fn masks(self) -> Vec<(u8, bool)> {
        let mut masks = vec![(0, false)];
        if self.row.masks != Masks::None {
            masks.extend((1..8).map(|number| (number, false)));
        }
        if self.row.masks == Zero {
            masks.extend((1..8).map(|number| (number, true)));
        }
        masks
    }

    fn add(self, proof: &mut Proof, [reg, vvvv]: [u8; 2], other: Other, imm: u8, masking: (u8, bool)) {
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
                (Mr, _) => unreachable!("it goes to memory"),
            }
        });
    }
}

/// Two numbers of registers from one.
fn numbers(subject: Subject, i: usize) -> [u8; 2] {
    [(i % subject.firsts()) as u8, (i / 7 % VREGS) as u8]
}

#[test]
fn every_register_in_every_place() {
    let (mut proof, mut count) = (Proof::evex(), 0);
    for subject in subjects().into_iter().filter(|subject| subject.takes_register()) {
        let seconds = if matches!(subject.row.form, Vrm | Vrmi) { VREGS } else { 1 };
        for first in 0..subject.firsts() {
            for second in 0..seconds {
                for other in 0..VREGS as u8 {
                    let imm = subject.immediates()[usize::from(other) % subject.immediates().len()];
                    subject.add(&mut proof, [first as u8, second as u8], Other::Reg(other), imm, (0, false));
                    count += 1;
                }
            }
        }
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

/// The other registers, the masks and the immediates vary along.
#[test]
fn every_memory_operand() {
    let (mut proof, mut count) = (Proof::evex(), 0);
    for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
        let masks = subject.masks();
        for (i, mem) in mems().enumerate() {
            let imm = subject.immediates()[i % subject.immediates().len()];
            let masking = masks[i % masks.len()];
            subject.add(&mut proof, numbers(subject, i * 257), Other::Mem(mem), imm, masking);
            count += 1;
            if subject.row.element > 0 {
                subject.add(&mut proof, numbers(subject, i * 257), Other::Each(mem), imm, masking);
                count += 1;
            }
        }
    }
    assert_eq!(proof.finish(), count);
    println!("{count} encodings");
}

#[test]
fn every_mask_and_every_immediate() {
    let mut proof = Proof::evex();
    for subject in subjects() {
        for masking in subject.masks() {
            let imms = if subject.immediates().len() > 1 { 0..=255 } else { 0..=0 };
            for imm in imms {
                if subject.takes_register() {
                    subject.add(&mut proof, [5, 17], Other::Reg(27), imm, masking);
                }
                if subject.takes_memory() {
                    subject.add(&mut proof, [2, 30], Other::Mem(Mem::new(Gpr::R12, 8)), imm, masking);
                }
            }
        }
    }
    println!("{} encodings", proof.finish());
}

/// Displacements that are and that are not multiples of the memory operand, up to the limits of a byte.
#[test]
fn displacements_count_in_units_of_the_operand() {
    let mut proof = Proof::evex();
    for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
        for disp in (-129..=129).flat_map(|k| [1, 2, 4, 8, 16, 32, 64].map(|unit| k * unit)) {
            let mem = Mem::new(Gpr::Rdi, disp);
            subject.add(&mut proof, [1, 2], Other::Mem(mem), 0, (0, false));
            if subject.row.element > 0 {
                subject.add(&mut proof, [1, 2], Other::Each(mem), 0, (0, false));
            }
        }
    }
    println!("{} encodings", proof.finish());
}

#[test]
fn constants_of_one_lane_and_of_all() {
    for is_one in [true, false] {
        let mut proof = Proof::evex();
        for subject in subjects().into_iter().filter(|subject| subject.takes_memory()) {
            let is_scalar = ["VBROADCASTSD", "VMOVSD"].contains(&subject.row.names);
            let takes = if is_one { subject.row.element > 0 || is_scalar } else { true };
            if subject.row.form == Mr || !takes {
                continue;
            }
            for (i, word) in WORDS.into_iter().enumerate() {
                for first in 0..subject.firsts() {
                    let other = if is_one { Other::Word(word) } else { Other::Words(word) };
                    subject.add(&mut proof, [first as u8, (5 * i) as u8], other, 0xa5, (0, false));
                }
            }
        }
        println!("{} encodings", proof.finish());
    }
}

#[test]
fn gathers_and_scatters() {
    let mut proof = Proof::evex();
    let all = Vex::EVEX_ALONE.iter().filter(|(name, _)| SPREAD.contains(name));
    for (name, op) in all {
        let mnemonic = mnemonic(name);
        for (length, long) in LENGTHS.into_iter().enumerate() {
            // Of doubles, the indices take half as much room.
            let indices = if name.ends_with("DPD") { usize::max(length, 1) - 1 } else { length };
            for i in 0..32 * 32 * 16 {
                let (reg, index, base) = (i as u8 & 31, (i >> 5) as u8 & 31, GPRS[i >> 10]);
                // A gather must not overwrite its own indices.
                if reg == index {
                    continue;
                }
                let (scale, disp) = ((i * 7 % 11 % 4) as u8, [0, 8, -1, 1_000_000][i % 4]);
                let number = 1 + (i % 7) as u8;
                let spread = Spread { base, index: Vreg(index), scale, disp };
                let bytes = if name.ends_with("DPD") { 8 } else { 4 };
                let memory = Arg::Spread(spread, indices, bytes);
                let args = if name.contains("GATHER") {
                    [vector(length, reg), memory]
                } else {
                    [memory, vector(length, reg)]
                };
                proof.add_masked(mnemonic, &args, (number, false), |asm| {
                    asm.spread(*op, long, Vreg(reg), spread, Kreg(number));
                });
            }
        }
    }
    assert_eq!(proof.finish(), 5 * 3 * 31 * 32 * 16);
}

#[test]
fn masks() {
    let mut proof = Proof::evex();
    let ops = [MaskOp::Kandb, MaskOp::Kandnb, MaskOp::Korb, MaskOp::Kxnorb, MaskOp::Kxorb];
    for a in 0..8 {
        for b in 0..8 {
            for dst in 0..8 {
                for op in ops {
                    let args = [mask(dst), mask(a), mask(b)];
                    proof.add(mnemonic(&format!("{op:?}")), &args, |asm| {
                        asm.mask(op, Kreg(dst), Kreg(a), Kreg(b));
                    });
                }
            }
            let [dst, src] = [Kreg(a), Kreg(b)];
            proof.add(Mnemonic::Knotb, &[mask(a), mask(b)], |asm| asm.knotb(dst, src));
            proof.add(Mnemonic::Kmovb, &[mask(a), mask(b)], |asm| asm.kmovb(dst, src));
            proof.add(Mnemonic::Kortestb, &[mask(a), mask(b)], |asm| asm.kortestb(dst, src));
        }
        for dst in GPRS {
            proof.add(Mnemonic::Kmovb, &[gpr(dst, 4), mask(a)], |asm| asm.kmovb_gpr(dst, Kreg(a)));
        }
        for mem in mems() {
            let arg = Arg::Mem(mem, 8);
            proof.add(Mnemonic::Kmovq, &[mask(a), arg], |asm| asm.kmovq_load(Kreg(a), mem));
            proof.add(Mnemonic::Kmovq, &[arg, mask(a)], |asm| asm.kmovq_store(mem, Kreg(a)));
        }
    }
    assert_eq!(proof.finish(), 64 * (8 * 5 + 3) + 8 * (16 + 2 * MEMS));
}

#[test]
fn shifts() {
    let mut proof = Proof::evex();
    for op in [Shift::Vpslld, Shift::Vpsrld, Shift::Vpsrad, Shift::Vpsllq, Shift::Vpsrlq] {
        let mnemonic = mnemonic(&format!("{op:?}"));
        for (length, long) in LENGTHS.into_iter().enumerate() {
            for registers in 0..32 * 32 {
                let [dst, a] = [registers as u8 & 31, (registers >> 5) as u8];
                for imm in [0, 1, 31, 52, 63, 255_u8] {
                    let args = [vector(length, dst), vector(length, a), Arg::Imm(imm.into())];
                    proof.add(mnemonic, &args, |asm| asm.shift(op, long, Vreg(dst), Vreg(a), imm));
                }
            }
        }
    }
    assert_eq!(proof.finish(), 5 * 3 * 1024 * 6);
}

#[test]
fn to_and_from_general_registers() {
    let mut proof = Proof::evex();
    for general in GPRS {
        for number in 0..32 {
            let (reg, arg) = (Vreg(number), vector(0, number));
            let convert = Mnemonic::Vcvttsd2si;
            proof.add(convert, &[gpr(general, 8), arg], |asm| asm.vcvttsd2si(general, reg));
            proof.add(Mnemonic::Vmovq, &[gpr(general, 8), arg], |asm| asm.vmovq(general, reg));
            for half in 0..2 {
                let args = [gpr(general, 8), arg, Arg::Imm(half.into())];
                proof.add(Mnemonic::Vpextrq, &args, |asm| asm.vpextrq(general, reg, half));
            }
            for other in 0..32 {
                let args = [arg, vector(0, other), gpr(general, 8)];
                proof.add(Mnemonic::Vcvtsi2sd, &args, |asm| asm.vcvtsi2sd(reg, Vreg(other), general));
            }
        }
        for mem in mems() {
            let args = [gpr(general, 8), Arg::Mem(mem, 8)];
            proof.add(Mnemonic::Vcvttsd2si, &args, |asm| asm.vcvttsd2si(general, mem));
        }
    }
    assert_eq!(proof.finish(), 16 * (32 * (4 + 32) + MEMS));
}
