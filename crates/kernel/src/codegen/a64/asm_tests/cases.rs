//! Every instruction with some registers and immediates, and its text.

use crate::codegen::a64::asm::{Access, Assembler, Cond, Lane, Mem, Multiple, Op2, Op3, Shift, X, XZR};
use crate::codegen::x64::asm::{Extend, Vreg};

/// Some instructions, one to a line.
pub(super) struct Case {
    pub(super) text: String,
    pub(super) words: Vec<u32>,
}

/// Collects cases.
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, text: impl Into<String>, make: impl FnOnce(&mut Assembler)) {
        let mut asm = Assembler::with_labels(0);
        make(&mut asm);
        let bytes = asm.finish().unwrap();
        let words = bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
        self.0.push(Case { text: text.into(), words });
    }
}

/// All instructions, with the registers of this number of 32: over all numbers, each is in each place.
pub(super) fn cases(number: usize) -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    let [d, n, m] = [1, 7, 11].map(|factor| (factor * number + factor) as u8 % 32);
    vectors(&mut cases, [d, n, m], number);
    // The last number stands for the stack pointer in some places, and for zero in others.
    let [d, n, m] = [d, n, m].map(|x| x % 31);
    general(&mut cases, [d, n, m], number);
    between(&mut cases, [d, n], (number * 5) as u8 % 32);
    memory(&mut cases, [d, n, m], number);
    cases.0
}

fn vectors(cases: &mut Cases, [d, n, m]: [u8; 3], number: usize) {
    let named = |text: &str| {
        text.replace("{d}", &d.to_string()).replace("{n}", &n.to_string()).replace("{m}", &m.to_string())
    };
    for (op, text) in Op3::ALL {
        cases.add(named(text), |asm| asm.op3(*op, Vreg(d), Vreg(n), Vreg(m)));
    }
    for (op, text) in Op2::ALL {
        cases.add(named(text), |asm| asm.op2(*op, Vreg(d), Vreg(n)));
    }
    for (op, text, bits) in [
        (Shift::ShlS, "shl v{d}.2s, v{n}.2s", 32),
        (Shift::UshrS, "ushr v{d}.2s, v{n}.2s", 32),
        (Shift::SshrS, "sshr v{d}.2s, v{n}.2s", 32),
        (Shift::ShlD, "shl v{d}.2d, v{n}.2d", 64),
        (Shift::UshrD, "ushr v{d}.2d, v{n}.2d", 64),
    ] {
        for count in [1, number.max(1), bits - 1] {
            let text = format!("{}, #{count}", named(text));
            cases.add(text, |asm| asm.shift(op, Vreg(d), Vreg(n), count as u8));
        }
    }
    if d != n {
        cases.add(format!("mov v{d}.16b, v{n}.16b"), |asm| asm.mov(Vreg(d), Vreg(n)));
        cases.add(format!("mov v{d}.16b, v{n}.16b"), |asm| asm.shift(Shift::UshrS, Vreg(d), Vreg(n), 0));
    }
    cases.add(format!("movi v{d}.2d, #0"), |asm| asm.fill(Vreg(d), false));
    cases.add(format!("movi v{d}.2d, #0xffffffffffffffff"), |asm| asm.fill(Vreg(d), true));
    let double = f64::from(16 + number as u8 % 16) / 16.0 * 2_f64.powi(number as i32 % 8 - 3);
    for double in [double, -double] {
        cases.add(format!("fmov v{d}.2d, #{double}"), |asm| {
            assert!(asm.try_double(Vreg(d), double.to_bits()));
        });
    }
}

fn general(cases: &mut Cases, [d, n, m]: [u8; 3], number: usize) {
    let (x, y, z) = (X(d), X(n), X(m));
    let shift = number as u8 % 32;
    cases.add(format!("add x{d}, x{n}, x{m}, lsl #{shift}"), |asm| asm.add(x, y, z, shift));
    cases.add(format!("orr x{d}, x{n}, x{m}, lsl #{shift}"), |asm| asm.orr(x, y, z, shift));
    cases.add(format!("cmp x{n}, x{m}"), |asm| asm.cmp(y, z));
    cases.add(format!("cmp w{n}, w{m}"), |asm| asm.cmp_w(y, z));
    cases.add(format!("add w{d}, w{n}, w{m}"), |asm| asm.add_w(x, y, z));
    cases.add(format!("sub w{d}, w{n}, w{m}"), |asm| asm.sub_w(x, y, z));
    cases.add(format!("and w{d}, w{n}, w{m}"), |asm| asm.and_w(x, y, z));
    cases.add(format!("orr w{d}, w{n}, w{m}"), |asm| asm.orr_w(x, y, z));
    cases.add(format!("eor w{d}, w{n}, w{m}"), |asm| asm.eor_w(x, y, z));
    cases.add(format!("mov w{d}, w{m}"), |asm| asm.orr_w(x, XZR, z));
    cases.add(format!("lsr x{d}, x{n}, #{}", shift + 1), |asm| asm.lsr(x, y, shift + 1));
    for imm in [0, 1, 4095, number as u32] {
        cases.add(format!("subs x{d}, x{n}, #{imm}"), |asm| asm.subs_imm(x, y, imm));
        cases.add(format!("cmn x{n}, #{imm}"), |asm| asm.cmn_imm(y, imm));
        cases.add(format!("add x{d}, x{n}, #{imm}"), |asm| asm.add_imm(x, y, imm as i32));
    }
    cases.add(format!("sub x{d}, x{n}, #4095"), |asm| asm.add_imm(x, y, -4095));
    cases.add(format!("movz x16, #4096\nadd x{d}, x{n}, x16"), |asm| asm.add_imm(x, y, 4096));
    let far =
        "movz x16, #61440\nmovk x16, #65535, lsl #16\nmovk x16, #65535, lsl #32\nmovk x16, #65535, lsl #48";
    cases.add(format!("{far}\nadd x{d}, x{n}, x16"), |asm| asm.add_imm(x, y, -4096));
    for (imm, text) in [
        (0, format!("movz x{d}, #0")),
        (0xffff, format!("movz x{d}, #65535")),
        (0x1_0000, format!("movz x{d}, #1, lsl #16")),
        (0x5678_1234, format!("movz x{d}, #4660\nmovk x{d}, #22136, lsl #16")),
        (0xabcd_0000_0000_0001, format!("movz x{d}, #1\nmovk x{d}, #43981, lsl #48")),
        (7 << 32, format!("movz x{d}, #7, lsl #32")),
    ] {
        cases.add(text, |asm| asm.mov_imm(x, imm));
    }
    for (extend, text) in [
        (Extend::Movsx8, "sxtb"),
        (Extend::Movsx16, "sxth"),
        (Extend::Movzx8, "uxtb"),
        (Extend::Movzx16, "uxth"),
        (Extend::Mov32, "mov"),
        (Extend::Movsxd, "mov"),
    ] {
        cases.add(format!("{text} w{d}, w{n}"), |asm| asm.extend_w(extend, x, y));
    }
    jumps(cases, x, number);
}

/// To where they are, and to what comes after them.
fn jumps(cases: &mut Cases, x: X, number: usize) {
    let d = x.0;
    let all = [(Cond::Ne, "ne"), (Cond::Hs, "hs"), (Cond::Lo, "lo"), (Cond::Mi, "mi"), (Cond::Vs, "vs")];
    let (cond, name) = all[number % all.len()];
    let text = format!("b .\nb.{name} .\ncbz x{d}, .\ncbnz x{d}, .\nadr x{d}, .\nb .+4\nbr x{d}\nret");
    cases.add(text, |asm| {
        let here = |asm: &mut Assembler| {
            let label = asm.label();
            asm.bind(label);
            label
        };
        let label = here(asm);
        asm.b(label);
        let label = here(asm);
        asm.b_cond(cond, label);
        let label = here(asm);
        asm.cbz(x, label);
        let label = here(asm);
        asm.cbnz(x, label);
        let label = here(asm);
        asm.adr(x, label);
        let label = asm.label();
        asm.b(label);
        asm.bind(label);
        asm.br(x);
        asm.ret();
    });
}

/// Between general registers and the vector register `v`.
fn between(cases: &mut Cases, [d, n]: [u8; 2], v: u8) {
    for lane in 0..2 {
        cases.add(format!("umov x{d}, v{v}.d[{lane}]"), |asm| asm.umov_d(X(d), Vreg(v), lane));
        cases.add(format!("umov w{d}, v{v}.s[{lane}]"), |asm| asm.umov_s(X(d), Vreg(v), lane));
    }
    cases.add(format!("fcvtzs x{d}, d{v}"), |asm| asm.fcvtzs(X(d), Vreg(v)));
    cases.add(format!("scvtf d{v}, x{n}"), |asm| asm.scvtf(Vreg(v), X(n)));
    cases.add(format!("fcmp d{v}, d{n}"), |asm| asm.fcmp(Vreg(v), Vreg(n)));
}

fn memory(cases: &mut Cases, [t, n, m]: [u8; 3], number: usize) {
    for (access, text) in Access::ALL {
        let text = text.replace("{t}", &t.to_string());
        let size = size_of(&text);
        for disp in [0, size, 4095 * size] {
            cases.add(format!("{text}, [x{n}, #{disp}]"), |asm| {
                asm.access(*access, Vreg(t), Mem::new(X(n), disp));
            });
        }
        // One more, and what is far to the left.
        let far = 4096 * size;
        let sum = match far {
            4096 | 8192 | 16384 | 32768 => format!("movz x16, #{far}"),
            _ => format!("movz x16, #{}, lsl #16", far >> 16),
        };
        cases.add(format!("{sum}\nadd x17, x{n}, x16\n{text}, [x17]"), |asm| {
            asm.access_x(*access, X(t), Mem::new(X(n), far));
        });
        cases.add(format!("sub x17, x{n}, #257\n{text}, [x17]"), |asm| {
            asm.access_x(*access, X(t), Mem::new(X(n), -257));
        });
        // Those that count in bytes.
        let [op, register] = [text.split(' ').next(), text.split(' ').nth(1)].map(Option::unwrap);
        let text_of_bytes = format!("{} {register}", op.replace("ldr", "ldur").replace("str", "stur"));
        for disp in [-256, -1, 255] {
            if size > 1 || disp < 0 {
                cases.add(format!("{text_of_bytes}, [x{n}, #{disp}]"), |asm| {
                    asm.access_x(*access, X(t), Mem::new(X(n), disp));
                });
            }
        }
        if size > 1 {
            cases.add(format!("add x17, x{n}, #257\n{text}, [x17]"), |asm| {
                asm.access_x(*access, X(t), Mem::new(X(n), 257));
            });
        }
        let shift = number as u8 % 4;
        cases.add(format!("add x17, x{n}, x{m}, lsl #{shift}\n{text}, [x17, #{size}]"), |asm| {
            let mem = Mem { disp: size, ..Mem::indexed(X(n), X(m), shift) };
            asm.access(*access, Vreg(t), mem);
        });
    }
    for (what, text) in [
        (Multiple::LoadS, "ld1 {v$.2s}"),
        (Multiple::StoreS, "st1 {v$.2s}"),
        (Multiple::Repeat, "ld1r {v$.2d}"),
    ] {
        let text = text.replace('$', &t.to_string());
        cases.add(format!("{text}, [x{n}]"), |asm| asm.multiple(what, Vreg(t), Mem::new(X(n), 0)));
        cases.add(format!("add x17, x{n}, #16\n{text}, [x17]"), |asm| {
            asm.multiple(what, Vreg(t), Mem::new(X(n), 16));
        });
    }
    for (scale, name) in [(0, 'b'), (1, 'h'), (2, 's'), (3, 'd')] {
        for lane in [0, 1, (number % (16 >> scale)) as u8] {
            for (is_load, op) in [(true, "ld1"), (false, "st1")] {
                cases.add(format!("{op} {{v{t}.{name}}}[{lane}], [x{n}]"), |asm| {
                    asm.lane(Lane { scale, number: lane, is_load }, Vreg(t), Mem::new(X(n), 0));
                });
            }
        }
    }
    exclusive(cases, [t, n, m]);
}

fn size_of(text: &str) -> i32 {
    let (op, register) = text.split_once(' ').unwrap();
    match (op, &register[..1]) {
        ("ldrb" | "strb" | "ldrsb", _) | (_, "b") => 1,
        ("ldrh" | "strh" | "ldrsh", _) | (_, "h") => 2,
        ("ldrsw", _) | (_, "w" | "s") => 4,
        (_, "q") => 16,
        _ => 8,
    }
}

fn exclusive(cases: &mut Cases, [t, n, m]: [u8; 3]) {
    for (scale, name) in [(0, "b"), (1, "h"), (2, "")] {
        cases.add(format!("ldaxr{name} w{t}, [x{n}]"), |asm| asm.ldaxr(scale, X(t), X(n)));
        cases.add(format!("ldar{name} w{t}, [x{n}]"), |asm| asm.ldar(scale, X(t), X(n)));
        // The three must differ.
        let (status, value, base) = (m % 8, 8 + t % 8, 16 + n % 8);
        cases.add(format!("stlxr{name} w{status}, w{value}, [x{base}]"), |asm| {
            asm.stlxr(scale, X(status), X(value), X(base));
        });
    }
}
