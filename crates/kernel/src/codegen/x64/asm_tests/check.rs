//! [`Proof`]: encodes, decodes and compares.

use iced_x86::{
    CpuidFeature, Decoder, DecoderError, DecoderOptions, Instruction, Mnemonic, OpKind, Register,
};

use super::GPRS;
use crate::codegen::x64::asm::{Assembler, Gpr, Mem, Spread, Vreg};

/// An operand as the decoder is to find it. Memory comes with how many bytes are accessed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Arg {
    Reg(Register),
    Imm(u64),
    Mem(Mem, usize),
    /// A constant of these lanes behind the code.
    Const([u64; 4], usize),
    /// Memory of one element, of so many bytes, for all lanes.
    Each(Mem, usize),
    /// A constant of one word, of which so many bytes are read: for all lanes if the instruction works on vectors.
    Word(u64, usize),
    /// A constant of eight words.
    Words([u64; 8], usize),
    /// Memory of each lane: the length of the indices as 0 to 2, and the size of an element.
    Spread(Spread, usize, usize),
}

/// `xmm0` to `xmm15`.
pub(super) fn xmm(reg: Vreg) -> Arg {
    Arg::Reg(Register::XMM0 + u32::from(reg.0))
}

/// `ymm0` to `ymm15`.
pub(super) fn ymm(reg: Vreg) -> Arg {
    Arg::Reg(Register::YMM0 + u32::from(reg.0))
}

/// A general register of 1, 2, 4 or 8 bytes.
pub(super) fn gpr(reg: Gpr, bytes: usize) -> Arg {
    let number = GPRS.iter().position(|gpr| *gpr == reg).unwrap();
    Arg::Reg(match bytes {
        // AL, CL, DL, BL, then AH to BH, then SPL and all the rest.
        1 if number < 4 => Register::AL + number as u32,
        1 => Register::SPL + (number as u32 - 4),
        2 => Register::AX + number as u32,
        4 => Register::EAX + number as u32,
        8 => Register::RAX + number as u32,
        _ => unreachable!(),
    })
}

/// The mnemonic of this name.
pub(super) fn mnemonic(name: &str) -> Mnemonic {
    let called = |mnemonic: &Mnemonic| format!("{mnemonic:?}").eq_ignore_ascii_case(name);
    Mnemonic::values().find(called).unwrap_or_else(|| panic!("no mnemonic {name}"))
}

struct Expected {
    mnemonic: Mnemonic,
    args: [Option<Arg>; 4],
    /// The mask, 0 for none, and whether other lanes become 0.
    masking: (u8, bool),
    end: usize,
}

/// Encodes instructions and remembers what they should be; decodes them, some thousands at a time.
#[derive(Default)]
pub(super) struct Proof {
    asm: Assembler,
    expected: Vec<Expected>,
    /// The different constants of the code.
    constants: Vec<Vec<u64>>,
    checked: usize,
}

impl Proof {
    /// Of instructions of AVX-512. All their constants are of one length.
    pub(super) fn evex() -> Self {
        Self { asm: Assembler::evex_encoded(), ..Self::default() }
    }

    /// `emit` encodes one instruction, which should be this.
    pub(super) fn add(&mut self, mnemonic: Mnemonic, args: &[Arg], emit: impl FnOnce(&mut Assembler)) {
        self.add_masked(mnemonic, args, (0, false), emit);
    }

    /// The same with a mask.
    pub(super) fn add_masked(
        &mut self,
        mnemonic: Mnemonic,
        args: &[Arg],
        masking: (u8, bool),
        emit: impl FnOnce(&mut Assembler),
    ) {
        emit(&mut self.asm);
        for arg in args {
            let words = match arg {
                Arg::Const(lanes, _) => lanes.to_vec(),
                Arg::Word(word, _) => vec![*word],
                Arg::Words(words, _) => words.to_vec(),
                _ => continue,
            };
            if !self.constants.contains(&words) {
                self.constants.push(words);
            }
        }
        let args = std::array::from_fn(|i| args.get(i).copied());
        self.expected.push(Expected { mnemonic, args, masking, end: self.asm.len() });
        if self.expected.len() == 10_000 {
            self.check();
        }
    }

    /// What has been encoded, and not yet been proved.
    pub(super) fn code(self) -> Vec<u8> {
        self.asm.finish()
    }

    /// How many instructions have been proved.
    pub(super) fn finish(mut self) -> usize {
        self.check();
        self.checked
    }

    fn check(&mut self) {
        let end = self.asm.len();
        let is_evex = self.asm.is_evex();
        let next = if is_evex { Assembler::evex_encoded() } else { Assembler::new() };
        let code = std::mem::replace(&mut self.asm, next).finish();
        let mut decoder = Decoder::new(64, &code, DecoderOptions::NONE);
        let mut instruction = Instruction::default();
        for expected in self.expected.drain(..) {
            let start = decoder.position();
            decoder.decode_out(&mut instruction);
            if let Err(what) = compare(&decoder, &instruction, &code, &expected, is_evex) {
                let (bytes, Expected { mnemonic, args, .. }) = (&code[start..expected.end], &expected);
                panic!("{what}: {mnemonic:?} {args:?} is {bytes:02x?}, which is {instruction:?}");
            }
            self.checked += 1;
        }
        // Constants are behind the code, each once, with traps before them.
        let line = if is_evex { 64 } else { 32 };
        let start = if self.constants.is_empty() { end } else { end.next_multiple_of(line) };
        assert!(code[end..start].iter().all(|byte| *byte == 0xcc));
        assert_eq!(code.len(), start + 8 * self.constants.concat().len());
        self.constants.clear();
    }
}

fn compare(
    decoder: &Decoder<'_>,
    instruction: &Instruction,
    code: &[u8],
    expected: &Expected,
    is_evex: bool,
) -> Result<(), String> {
    let same = |what: &str, same: bool| if same { Ok(()) } else { Err(what.to_owned()) };
    same("invalid", decoder.last_error() == DecoderError::None)?;
    same("length", decoder.position() == expected.end)?;
    same("mnemonic", instruction.mnemonic() == expected.mnemonic)?;
    same("prefix", {
        // These are one step only with it.
        let locks = matches!(expected.mnemonic, Mnemonic::Xadd | Mnemonic::Cmpxchg);
        let prefixes = instruction.has_rep_prefix() || instruction.has_repne_prefix();
        instruction.has_lock_prefix() == locks && !prefixes && !instruction.has_segment_prefix()
    })?;
    // The decoder takes two for one.
    same("two prefixes", {
        let is_rex = |byte: &u8| byte & 0xf0 == 0x40;
        !code[decoder.position() - instruction.len()..].iter().take(2).all(is_rex)
    })?;
    let may = |feature| FEATURES.contains(feature) || is_evex && EVEX_FEATURES.contains(feature);
    same("feature", instruction.cpuid_features().iter().all(may))?;
    same("mask", {
        let (number, zeroes) = expected.masking;
        let mask = if number == 0 { Register::None } else { Register::K0 + u32::from(number) };
        instruction.op_mask() == mask && instruction.zeroing_masking() == zeroes
    })?;
    same("one for all lanes", {
        // What is one element in any case is not said to be one.
        let is_each = expected.args.iter().flatten().any(|arg| matches!(arg, Arg::Each(..) | Arg::Word(..)));
        let is_scalar = [Mnemonic::Vbroadcastsd, Mnemonic::Vmovsd].contains(&expected.mnemonic);
        instruction.is_broadcast() == (is_each && !is_scalar)
    })?;
    same("operands", instruction.op_count() as usize == expected.args.iter().flatten().count())?;
    for (at, arg) in expected.args.iter().flatten().enumerate() {
        let at = at as u32;
        let kind = instruction.op_kind(at);
        let fits = match *arg {
            Arg::Reg(register) => kind == OpKind::Register && instruction.op_register(at) == register,
            // Of an immediate that is extended, what it is extended to.
            Arg::Imm(value) => instruction.try_immediate(at).is_ok_and(|found| {
                let is_half = kind == OpKind::Immediate8to32;
                value == if is_half { found & u64::from(u32::MAX) } else { found }
            }),
            Arg::Mem(mem, bytes) | Arg::Each(mem, bytes) => {
                let [base, index] = [Some(mem.base), mem.index.map(|(index, _)| index)]
                    .map(|reg| reg.map_or(Arg::Reg(Register::None), |reg| gpr(reg, 8)));
                let scale = 1 << mem.index.map_or(0, |(_, scale)| scale);
                kind == OpKind::Memory
                    && Arg::Reg(instruction.memory_base()) == base
                    && Arg::Reg(instruction.memory_index()) == index
                    && instruction.memory_index_scale() == scale
                    && instruction.memory_displacement64() == i64::from(mem.disp).cast_unsigned()
                    && instruction.memory_size().size() == bytes
            }
            Arg::Const(lanes, bytes) => is_constant(instruction, kind, code, &lanes, bytes),
            Arg::Word(word, bytes) => is_constant(instruction, kind, code, &[word], bytes),
            Arg::Words(words, bytes) => is_constant(instruction, kind, code, &words, bytes),
            Arg::Spread(Spread { base, index, scale, disp }, length, bytes) => {
                let first = [Register::XMM0, Register::YMM0, Register::ZMM0][length];
                kind == OpKind::Memory
                    && Arg::Reg(instruction.memory_base()) == gpr(base, 8)
                    && instruction.memory_index() == first + u32::from(index.0)
                    && instruction.memory_index_scale() == 1 << scale
                    && instruction.memory_displacement64() == i64::from(disp).cast_unsigned()
                    && instruction.memory_size().size() == bytes
            }
        };
        same(&format!("operand {at}"), fits)?;
    }
    Ok(())
}

/// Whether an operand is a constant of these words, which begins at a multiple of its size.
fn is_constant(instruction: &Instruction, kind: OpKind, code: &[u8], words: &[u64], bytes: usize) -> bool {
    let address = instruction.memory_displacement64() as usize;
    let stored: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    kind == OpKind::Memory
        && instruction.is_ip_rel_memory_operand()
        && instruction.memory_index() == Register::None
        && address.is_multiple_of(stored.len())
        && code.get(address..address + stored.len()) == Some(&stored[..])
        && instruction.memory_size().size() == bytes
}

/// What those of AVX-512 may ask for besides.
const EVEX_FEATURES: &[CpuidFeature] =
    &[CpuidFeature::AVX512F, CpuidFeature::AVX512DQ, CpuidFeature::AVX512BW, CpuidFeature::AVX512VL];

/// What the instructions may ask of a processor.
const FEATURES: &[CpuidFeature] = &[
    CpuidFeature::X64,
    CpuidFeature::INTEL386,
    CpuidFeature::INTEL486,
    CpuidFeature::INTEL8086,
    CpuidFeature::CMOV,
    CpuidFeature::LZCNT,
    CpuidFeature::BMI2,
    CpuidFeature::FPU,
    CpuidFeature::FPU287,
    CpuidFeature::AVX,
    CpuidFeature::AVX2,
    CpuidFeature::FMA,
    CpuidFeature::F16C,
];
