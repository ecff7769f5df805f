//! [`Proof`]: encodes, decodes and compares.

use iced_x86::{
    CpuidFeature, Decoder, DecoderError, DecoderOptions, Instruction, Mnemonic, OpKind, Register,
};

use super::GPRS;
use crate::codegen::x64::asm::{Assembler, Gpr, Mem, Vreg};

/// An operand as the decoder is to find it. Memory comes with how many bytes are accessed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Arg {
    Reg(Register),
    Imm(u64),
    Mem(Mem, usize),
    /// A constant of these lanes behind the code.
    Const([u64; 4], usize),
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
    end: usize,
}

/// Encodes instructions and remembers what they should be; decodes them, some thousands at a time.
#[derive(Default)]
pub(super) struct Proof {
    asm: Assembler,
    expected: Vec<Expected>,
    /// The different constants of the code.
    constants: Vec<[u64; 4]>,
    checked: usize,
}

impl Proof {
    /// `emit` encodes one instruction, which should be this.
    pub(super) fn add(&mut self, mnemonic: Mnemonic, args: &[Arg], emit: impl FnOnce(&mut Assembler)) {
        emit(&mut self.asm);
        for arg in args {
            if let Arg::Const(lanes, _) = arg
                && !self.constants.contains(lanes)
            {
                self.constants.push(*lanes);
            }
        }
        let args = std::array::from_fn(|i| args.get(i).copied());
        self.expected.push(Expected { mnemonic, args, end: self.asm.len() });
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
        let code = std::mem::take(&mut self.asm).finish();
        let mut decoder = Decoder::new(64, &code, DecoderOptions::NONE);
        let mut instruction = Instruction::default();
        for expected in self.expected.drain(..) {
            let start = decoder.position();
            decoder.decode_out(&mut instruction);
            if let Err(what) = compare(&decoder, &instruction, &code, &expected) {
                let (bytes, Expected { mnemonic, args, .. }) = (&code[start..expected.end], &expected);
                panic!("{what}: {mnemonic:?} {args:?} is {bytes:02x?}, which is {instruction:?}");
            }
            self.checked += 1;
        }
        // Constants are behind the code, each once, with traps before them.
        let start = if self.constants.is_empty() { end } else { end.next_multiple_of(32) };
        assert!(code[end..start].iter().all(|byte| *byte == 0xcc));
        assert_eq!(code.len(), start + 32 * self.constants.len());
        self.constants.clear();
    }
}

fn compare(
    decoder: &Decoder<'_>,
    instruction: &Instruction,
    code: &[u8],
    expected: &Expected,
) -> Result<(), String> {
    let same = |what: &str, same: bool| if same { Ok(()) } else { Err(what.to_owned()) };
    same("invalid", decoder.last_error() == DecoderError::None)?;
    same("length", decoder.position() == expected.end)?;
    same("mnemonic", instruction.mnemonic() == expected.mnemonic)?;
    same("prefix", {
        let prefixes = instruction.has_lock_prefix() || instruction.has_rep_prefix();
        !prefixes && !instruction.has_repne_prefix() && !instruction.has_segment_prefix()
    })?;
    // The decoder takes two for one.
    same("two prefixes", {
        let is_rex = |byte: &u8| byte & 0xf0 == 0x40;
        !code[decoder.position() - instruction.len()..].iter().take(2).all(is_rex)
    })?;
    same("feature", instruction.cpuid_features().iter().all(|feature| FEATURES.contains(feature)))?;
    same("operands", instruction.op_count() as usize == expected.args.iter().flatten().count())?;
    for (at, arg) in expected.args.iter().flatten().enumerate() {
        let at = at as u32;
        let kind = instruction.op_kind(at);
        let fits = match *arg {
            Arg::Reg(register) => kind == OpKind::Register && instruction.op_register(at) == register,
            // Of an immediate that is extended, what it is extended to.
            Arg::Imm(value) => instruction.try_immediate(at).is_ok_and(|found| found == value),
            Arg::Mem(mem, bytes) => {
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
            Arg::Const(lanes, bytes) => {
                let address = instruction.memory_displacement64() as usize;
                let stored = lanes.map(u64::to_le_bytes);
                kind == OpKind::Memory
                    && instruction.is_ip_rel_memory_operand()
                    && instruction.memory_index() == Register::None
                    && address.is_multiple_of(32)
                    && code.get(address..address + 32) == Some(stored.as_flattened())
                    && instruction.memory_size().size() == bytes
            }
        };
        same(&format!("operand {at}"), fits)?;
    }
    Ok(())
}

/// What the instructions may ask of a processor.
const FEATURES: &[CpuidFeature] = &[
    CpuidFeature::X64,
    CpuidFeature::INTEL386,
    CpuidFeature::INTEL8086,
    CpuidFeature::FPU,
    CpuidFeature::FPU287,
    CpuidFeature::AVX,
    CpuidFeature::AVX2,
    CpuidFeature::FMA,
    CpuidFeature::F16C,
];
