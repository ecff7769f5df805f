//! Instructions that read and write memory.
//!
//! An address is a register and an offset that an instruction has room for; for others, and for indices, `x17` holds the sum.

use super::{Assembler, X};
use crate::codegen::x64::asm::{Extend, Vreg};

/// Memory: `[base + (index << shift) + disp]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Mem {
    pub(in crate::codegen) base: X,
    pub(in crate::codegen) index: Option<(X, u8)>,
    pub(in crate::codegen) disp: i32,
}

impl Mem {
    /// `[base + disp]`.
    pub(in crate::codegen) const fn new(base: X, disp: i32) -> Self {
        Self { base, index: None, disp }
    }

    /// `[base + (index << shift)]`.
    pub(in crate::codegen) const fn indexed(base: X, index: X, shift: u8) -> Self {
        Self { base, index: Some((index, shift)), disp: 0 }
    }
}

/// What is read or written, and how it gets into a register: without its operands, and the power of two that its offset counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Access(u32, u8);

macro_rules! accesses {
    ($($name:ident = $word:literal $scale:literal $text:literal;)*) => {
        impl Access {
            $(pub(in crate::codegen) const $name: Self = Self($word, $scale);)*

            /// All of them, as an assembler knows them: `{t}` is the number of the register.
            #[cfg(test)]
            pub(in crate::codegen) const ALL: &[(Self, &'static str)] = &[$((Self::$name, $text)),*];
        }
    };
}

accesses! {
    LDR_Q = 0x3dc0_0000 4 "ldr q{t}";
    STR_Q = 0x3d80_0000 4 "str q{t}";
    LDR_D = 0xfd40_0000 3 "ldr d{t}";
    STR_D = 0xfd00_0000 3 "str d{t}";
    LDR_S = 0xbd40_0000 2 "ldr s{t}";
    LDR_H = 0x7d40_0000 1 "ldr h{t}";
    STR_H = 0x7d00_0000 1 "str h{t}";
    LDR_B = 0x3d40_0000 0 "ldr b{t}";
    LDR_X = 0xf940_0000 3 "ldr x{t}";
    STR_X = 0xf900_0000 3 "str x{t}";
    LDR_W = 0xb940_0000 2 "ldr w{t}";
    STR_W = 0xb900_0000 2 "str w{t}";
    LDRSW = 0xb980_0000 2 "ldrsw x{t}";
    LDRH = 0x7940_0000 1 "ldrh w{t}";
    STRH = 0x7900_0000 1 "strh w{t}";
    LDRSH = 0x7980_0000 1 "ldrsh x{t}";
    LDRB = 0x3940_0000 0 "ldrb w{t}";
    STRB = 0x3900_0000 0 "strb w{t}";
    LDRSB = 0x3980_0000 0 "ldrsb x{t}";
}

impl Access {
    /// What loads a smaller integer to 64 bits.
    pub(in crate::codegen) const fn extending(how: Extend) -> Self {
        match how {
            Extend::Movzx8 => Self::LDRB,
            Extend::Movsx8 => Self::LDRSB,
            Extend::Movzx16 => Self::LDRH,
            Extend::Movsx16 => Self::LDRSH,
            Extend::Mov32 => Self::LDR_W,
            Extend::Movsxd => Self::LDRSW,
        }
    }

    /// What stores so many bytes of a general register: a power of two.
    pub(in crate::codegen) const fn storing(scale: u8) -> Self {
        match scale {
            0 => Self::STRB,
            1 => Self::STRH,
            2 => Self::STR_W,
            _ => Self::STR_X,
        }
    }
}

/// Elements of one register, each of which is read or written as a whole wherever it is aligned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) enum Multiple {
    /// `ld1 {t.2s}`.
    LoadS = 0x0c40_7800,
    /// `st1 {t.2s}`.
    StoreS = 0x0c00_7800,
    /// `ld1r {t.2d}`: one, in both lanes.
    Repeat = 0x4d40_cc00,
}

/// One lane of a register: the others are left as they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::codegen) struct Lane {
    /// The power of two that its size is.
    pub(in crate::codegen) scale: u8,
    pub(in crate::codegen) number: u8,
    pub(in crate::codegen) is_load: bool,
}

impl Assembler {
    /// A register and an offset for an access whose offset counts in units of two to this power. May write `x16` and `x17`.
    fn place(&mut self, mem: Mem, scale: u8) -> (X, u32) {
        let Mem { mut base, index, disp } = mem;
        if let Some((index, shift)) = index {
            self.add(X(17), base, index, shift);
            base = X(17);
        }
        if let Some(units) = scaled(disp, scale) {
            return (base, units);
        }
        self.add_imm(X(17), base, disp);
        (X(17), 0)
    }

    /// Reads or writes a vector register.
    pub(in crate::codegen) fn access(&mut self, access: Access, t: Vreg, mem: Mem) {
        self.access_numbered(access, t.0, mem);
    }

    /// Reads or writes a general register.
    pub(in crate::codegen) fn access_x(&mut self, access: Access, t: X, mem: Mem) {
        self.access_numbered(access, t.0, mem);
    }

    fn access_numbered(&mut self, Access(word, scale): Access, t: u8, mem: Mem) {
        let fits = scaled(mem.disp, scale).is_some();
        if !fits && (-256..256).contains(&mem.disp) {
            // The form whose offset counts in bytes: nine bits, with a sign.
            let (base, _) = self.place(Mem { disp: 0, ..mem }, scale);
            let offset = mem.disp as u32 & 0x1ff;
            return self.word(word & !(1 << 24) | offset << 12 | u32::from(base.0) << 5 | u32::from(t));
        }
        let (base, units) = self.place(mem, scale);
        self.word(word | units << 10 | u32::from(base.0) << 5 | u32::from(t));
    }

    /// The address of some memory, in a register: its base, if it is no more than that, or `x17`.
    pub(in crate::codegen) fn address(&mut self, mem: Mem) -> X {
        // Of no offset but 0 is such a large unit one.
        self.place(mem, 31).0
    }

    /// Reads or writes all elements of a register.
    pub(in crate::codegen) fn multiple(&mut self, what: Multiple, t: Vreg, mem: Mem) {
        let base = self.address(mem);
        self.word(what as u32 | u32::from(base.0) << 5 | u32::from(t.0));
    }

    /// Reads or writes one lane.
    pub(in crate::codegen) fn lane(&mut self, Lane { scale, number, is_load }: Lane, t: Vreg, mem: Mem) {
        let base = self.address(mem);
        // The number of the lane is in Q, S and size, as many bits as it may have; above them stands how large it is.
        let number = u32::from(number) << scale;
        let (opcode, low) = match scale {
            0 => (0x0000, 0),
            1 => (0x4000, 0),
            2 => (0x8000, 0),
            _ => (0x8000, 1 << 10),
        };
        let place = (number >> 3) << 30 | (number >> 2 & 1) << 12 | (number & 3) << 10;
        let load = if is_load { 1 << 22 } else { 0 };
        self.word(0x0d00_0000 | load | opcode | low | place | u32::from(base.0) << 5 | u32::from(t.0));
    }

    // --- exclusive accesses, which order all others around them ---

    /// `ldaxr t, [base]`, of so many bytes as a power of two, with zeros before them.
    pub(in crate::codegen) fn ldaxr(&mut self, scale: u8, t: X, base: X) {
        self.word(0x085f_fc00 | u32::from(scale) << 30 | u32::from(base.0) << 5 | u32::from(t.0));
    }

    /// `stlxr status, t, [base]`: 0 if nobody has written there meanwhile.
    pub(in crate::codegen) fn stlxr(&mut self, scale: u8, status: X, t: X, base: X) {
        let registers = u32::from(status.0) << 16 | u32::from(base.0) << 5 | u32::from(t.0);
        self.word(0x0800_fc00 | u32::from(scale) << 30 | registers);
    }

    /// `ldar t, [base]`.
    pub(in crate::codegen) fn ldar(&mut self, scale: u8, t: X, base: X) {
        self.word(0x08df_fc00 | u32::from(scale) << 30 | u32::from(base.0) << 5 | u32::from(t.0));
    }
}

/// An offset in units of two to this power, if it is a multiple, and has twelve bits.
fn scaled(disp: i32, scale: u8) -> Option<u32> {
    let is_multiple = disp.trailing_zeros() >= u32::from(scale);
    (disp >= 0 && is_multiple && disp >> scale < 4096).then_some(disp as u32 >> scale)
}
