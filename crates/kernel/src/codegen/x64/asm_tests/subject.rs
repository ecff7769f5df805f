//! [`Subject`]: what is proved of the instructions in the table.

use iced_x86::Mnemonic;

use super::check::{Arg, Proof, mnemonic, xmm, ymm};
use super::table::{Form, ROWS, Row};
use crate::codegen::x64::asm::{Assembler, Length, Mem, Operand, Vex, Vreg};

/// Registers for one place.
pub(super) const VREGS: usize = 16;

const IMMEDIATES: [u8; 6] = [0, 1, 0x1f, 0x7f, 0x80, 0xff];

/// One instruction at one length.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    op: Vex,
    pub(super) mnemonic: Mnemonic,
    form: Form,
    operands: &'static str,
    pub(super) length: Length,
    /// Of the memory operand; 0 if the processor has no such instruction.
    pub(super) bytes: usize,
}

/// What an r/m operand is to be.
#[derive(Clone, Copy)]
pub(super) enum Rm {
    Reg(u8),
    Mem(Mem),
    Const([u64; 4]),
}

impl Subject {
    /// Those that the processor has.
    pub(super) fn all() -> Vec<Self> {
        Self::with_and_without().into_iter().filter(|subject| subject.bytes != 0).collect()
    }

    /// Also those that it does not have at this length.
    pub(super) fn with_and_without() -> Vec<Self> {
        let mut all = Vec::new();
        for (name, op) in Vex::ALL {
            let mut rows = ROWS.iter().filter(|row| row.names.split(' ').any(|other| other == *name));
            let row = rows.next().unwrap_or_else(|| panic!("{name} has no row in the table"));
            assert!(rows.next().is_none(), "{name} has two rows in the table");
            let mnemonic = mnemonic(name.trim_end_matches("_STORE"));
            let Row { form, operands, bytes, .. } = *row;
            for (length, bytes) in [Length::L128, Length::L256].into_iter().zip(bytes) {
                all.push(Self { op: *op, mnemonic, form, operands, length, bytes });
            }
        }
        all
    }

    /// The vector register in place `at` of the operands.
    fn register(self, at: usize, number: u8) -> Arg {
        let wide = self.length == Length::L256 && self.operands.as_bytes()[at] == b'v';
        if wide { ymm(Vreg(number)) } else { xmm(Vreg(number)) }
    }

    /// Encodes it with these registers (as many as its form has, not counting r/m), r/m, and immediate or fourth register.
    pub(super) fn add(self, proof: &mut Proof, [reg, vvvv, is4]: [u8; 3], rm: Rm, imm: u8) {
        let Self { op, mnemonic, form, length, bytes, .. } = self;
        let (dst, a, c) = (Vreg(reg), Vreg(vvvv), Vreg(is4));
        let other = match rm {
            Rm::Reg(number) => self.register(self.rm(), number),
            Rm::Mem(mem) => Arg::Mem(mem, bytes),
            Rm::Const(lanes) => Arg::Const(lanes, bytes),
        };
        let operand = |asm: &mut Assembler| match rm {
            Rm::Reg(number) => Operand::Reg(Vreg(number)),
            Rm::Mem(mem) => Operand::Mem(mem),
            Rm::Const(lanes) => Operand::Const(asm.constant(lanes)),
        };
        let immediate = Arg::Imm(imm.into());
        let [first, second] = [self.register(0, reg), self.register(1, vvvv)];
        match form {
            Form::Vrm => proof.add(mnemonic, &[first, second, other], |asm| {
                let b = operand(asm);
                asm.vrm(op, length, dst, a, b);
            }),
            Form::Vrmi => proof.add(mnemonic, &[first, second, other, immediate], |asm| {
                let b = operand(asm);
                asm.vrmi(op, length, dst, a, b, imm);
            }),
            Form::Vrmv => proof.add(mnemonic, &[first, second, other, self.register(3, is4)], |asm| {
                let b = operand(asm);
                asm.vrmv(op, length, dst, a, b, c);
            }),
            Form::Rm => proof.add(mnemonic, &[first, other], |asm| {
                let a = operand(asm);
                asm.rm(op, length, dst, a);
            }),
            Form::Rmi => proof.add(mnemonic, &[first, other, immediate], |asm| {
                let a = operand(asm);
                asm.rmi(op, length, dst, a, imm);
            }),
            Form::Mr => {
                let Rm::Mem(mem) = rm else { unreachable!("it goes to memory") };
                proof.add(mnemonic, &[other, self.register(1, reg)], |asm| asm.mr(op, length, mem, dst));
            }
            Form::Mri => proof.add(mnemonic, &[other, self.register(1, reg), immediate], |asm| {
                let to = operand(asm);
                asm.mri(op, length, to, dst, imm);
            }),
        }
    }

    /// How many registers it has besides r/m: reg, vvvv, is4.
    pub(super) fn places(self) -> u32 {
        match self.form {
            Form::Vrm | Form::Vrmi => 2,
            Form::Vrmv => 3,
            _ => 1,
        }
    }

    /// All combinations of the registers besides r/m.
    pub(super) fn registers(self) -> impl Iterator<Item = [u8; 3]> {
        let places = self.places();
        (0..VREGS.pow(places)).map(numbers)
    }

    pub(super) fn immediates(self) -> &'static [u8] {
        match self.form {
            Form::Vrmi | Form::Rmi | Form::Mri => &IMMEDIATES,
            _ => &[0],
        }
    }

    /// Which operand is r/m.
    fn rm(self) -> usize {
        match self.form {
            Form::Vrm | Form::Vrmi | Form::Vrmv => 2,
            Form::Rm | Form::Rmi => 1,
            Form::Mr | Form::Mri => 0,
        }
    }

    /// Whether r/m may be a register.
    pub(super) fn takes_register(self) -> bool {
        self.operands.as_bytes()[self.rm()] != b'm'
    }

    /// Whether r/m may be a constant.
    pub(super) fn reads(self) -> bool {
        !matches!(self.form, Form::Mr | Form::Mri)
    }
}

/// Three numbers below 16.
pub(super) fn numbers(i: usize) -> [u8; 3] {
    [i & 15, i >> 4 & 15, i >> 8 & 15].map(|number| number as u8)
}
