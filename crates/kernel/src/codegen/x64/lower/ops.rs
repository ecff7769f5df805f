//! Operations without control flow.

use std::ops::Range;

use super::masks::Ints;
use super::{Home, Inst, Lowering, Narrow, Op, Size, Src, V, Value, Vex, Wide};
use crate::codegen::x64::asm::Shift;
use crate::codegen::x64::frame;
use crate::codegen::x64::general::General;
use crate::ir::{Binary, Stmt, Type, Unary};
use crate::numeric;

/// 2^52: a double of that size has its last bit at one.
pub(super) const MAGIC: u64 = 0x4330_0000_0000_0000;
pub(super) const SIGN: u64 = 1 << 63;

/// Rounding of `vroundpd`, without the exception of inexact results.
pub(super) const NEAREST: u8 = 8;
pub(super) const DOWN: u8 = 9;
pub(super) const UP: u8 = 10;
pub(super) const TRUNCATE: u8 = 11;

/// Predicates of `vcmppd`.
pub(super) const EQ: u8 = 0x00;
pub(super) const LT: u8 = 0x11;
pub(super) const LE: u8 = 0x12;
pub(super) const UNORDERED: u8 = 0x03;
pub(super) const ORDERED: u8 = 0x07;
pub(super) const NE: u8 = 0x04;
/// Not for NaN.
pub(super) const NE_ORDERED: u8 = 0x0c;
pub(super) const GE: u8 = 0x1d;
pub(super) const GT: u8 = 0x1e;

impl Lowering<'_> {
    pub(super) fn op(&mut self, value: Value, op: &Op) {
        let is_wanted = self.wanted.is_wanted[value.index()];
        if is_wanted && let Some(v) = self.whole_op(value, op) {
            return self.set(value, vec![v]);
        }
        self.operation(value, op);
        if is_wanted {
            self.make_whole(value);
        }
    }

    fn operation(&mut self, value: Value, op: &Op) {
        match op {
            Op::Const(constant) => self.places[value.index()] = Home::Same(Self::constant(*constant)),
            Op::Scalar(scalar) => {
                self.places[value.index()] = Home::Same(Src::Input(frame::INPUT * scalar.index() as i32));
            }
            Op::Length(array) => {
                let lanes = self.record(*array) + frame::RECORD_LANES;
                self.places[value.index()] = Home::Same(Src::Input(lanes));
            }
            Op::Unary(Unary::Not, a) if let Home::Same(Src::Bits(lane)) = self.places[a.index()] => {
                self.places[value.index()] = Home::Same(Src::bits(!lane));
            }
            _ if self.is_flag(value) => self.condition(value, op),
            Op::Load(array, index) if self.machine.is_scalar() => {
                let v = self.scalar_load(value, *array, *index);
                self.set(value, vec![v]);
            }
            Op::Load(array, index) if self.facts.uniform[value.index()] => {
                let v = self.load_uniform(*array, *index);
                self.set(value, vec![v; self.parts]);
            }
            Op::Load(array, index) => {
                let parts = self.load(value, *array, *index);
                self.set(value, parts);
            }
            Op::Unary(Unary::ToInt32, a) if let Some(general) = self.generals[a.index()] => {
                self.set(value, vec![general]);
            }
            Op::Unary(Unary::ToInt32, a) if self.integers_of.contains_key(a) => {
                let parts = self.integers_of[a].clone();
                self.set(value, parts);
            }
            Op::Unary(Unary::ToInt32, a) if let Some(affine) = self.affine(*a) => {
                let parts = self.int32_of_index(*a, affine);
                self.set(value, parts);
            }
            Op::Call(function, arguments) => {
                let parts = self.call(value, *function, arguments);
                self.set(value, parts);
            }
            Op::Atomic(op, array, index, arguments) => {
                let parts = self.atomic(value, *op, *array, *index, arguments);
                self.set(value, parts);
            }
            Op::Binary(Binary::Rem, a, b)
                if self.facts.uniform[b.index()]
                    && !self.facts.uniform[value.index()]
                    && self.power_of_two(*b).is_none() =>
            {
                let parts = self.remainders(*a, *b, self.facts.only_zero[value.index()]);
                self.set(value, parts);
            }
            _ if self.facts.uniform[value.index()] => {
                let mask = self.mask.take();
                let v = self.one(value, op, 0);
                self.mask = mask;
                self.set(value, vec![v; self.parts]);
            }
            _ if self.is_of_pairs(value, op) => {
                let pairs = (0..self.parts).step_by(2);
                let parts: Vec<V> = pairs.flat_map(|part| self.of_pair(value, op, part)).collect();
                self.set(value, parts);
            }
            _ => {
                let parts: Vec<V> = (0..self.parts).map(|part| self.one(value, op, part)).collect();
                self.set(value, parts);
            }
        }
    }

    /// Whether an operation is one for each part, which needs nothing but its operands, or one for all.
    pub(super) fn is_simple(&self, value: Value, op: &Op) -> bool {
        match op {
            Op::Load(..) | Op::LocalLoad(..) | Op::Call(..) | Op::Atomic(..) => false,
            Op::Unary(Unary::ToInt32, a) => !self.integers_of.contains_key(a) && self.affine(*a).is_none(),
            Op::Binary(Binary::Rem, _, b) => {
                self.facts.uniform[value.index()] || !self.facts.uniform[b.index()]
            }
            _ => true,
        }
    }

    /// Operations that are simple: those that are the same for all lanes first.
    pub(super) fn run_of_ops(&mut self, stmts: Vec<&Stmt>) {
        let mut varying = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            let Stmt::Let(value, op) = stmt else { continue };
            if self.facts.uniform[value.index()] {
                self.op(*value, op);
            } else {
                self.places[value.index()] = Home::Registers(vec![V::vector(0); self.parts].into());
                varying.push((*value, op));
            }
        }
        let each = if self.in_pairs { 2 } else { 1 };
        for part in (0..self.parts).step_by(each) {
            let alike = |(a, op): &(Value, &Op), (b, other): &(Value, &Op)| {
                self.is_of_pairs(*a, op) == self.is_of_pairs(*b, other)
            };
            let runs: Vec<&[(Value, &Op)]> = varying.chunk_by(alike).collect();
            for run in runs {
                self.run_for(run, part..part + each);
            }
        }
        for (value, _) in varying {
            if let Home::Registers(parts) = self.places[value.index()].clone() {
                self.is_of_kind(&parts, value);
            }
        }
    }

    /// Operations for a part, or for those of a pair: all of them are of pairs, or none is.
    fn run_for(&mut self, run: &[(Value, &Op)], parts: Range<usize>) {
        let put = |this: &mut Self, value: Value, part: usize, v: V| {
            if let Home::Registers(parts) = &mut this.places[value.index()] {
                parts[part] = v;
            }
        };
        if self.is_of_pairs(run[0].0, run[0].1) {
            for (value, op) in run {
                let made = self.of_pair(*value, op, parts.start);
                parts.clone().zip(made).for_each(|(part, v)| put(self, *value, part, v));
            }
            return;
        }
        for part in parts {
            for (value, op) in run {
                let v = self.one(*value, op, part);
                put(self, *value, part, v);
            }
        }
    }

    pub(super) fn one(&mut self, value: Value, op: &Op, part: usize) -> V {
        if self.machine.is_scalar()
            && let Some(v) = self.general_op(op)
        {
            return v;
        }
        if let Some(multiple) = self.facts.multiples.get(&value) {
            return self.multiple(*multiple, part);
        }
        match op {
            Op::Index(dimension) => {
                let list = self.load_list(*dimension, part);
                if self.function.indices == 1 { self.vrm(Vex::VADDPD, Wide, list, Src::Base) } else { list }
            }
            Op::InBounds(array, index) => {
                let index = self.index(*index, part);
                self.in_bounds(*array, &index)
            }
            Op::Unary(op, a) if op.result() == Type::I32 => {
                let half = self.unary(*op, *a, part);
                self.in_both_halves(half)
            }
            Op::Unary(op, a) => self.unary(*op, *a, part),
            Op::Binary(Binary::Rem, a, b) => {
                self.remainder(*a, *b, self.facts.only_zero[value.index()], part)
            }
            Op::Binary(op, a, b) => self.binary(*op, *a, *b, part),
            Op::Select(condition, a, b) if self.in_pairs && self.function.ty(*a) == Type::I32 => {
                self.select_integers(*condition, *a, *b, part)
            }
            Op::Select(condition, a, b) => {
                // One side has no bits: no blend, which is three instructions to some processors.
                let (zero, is_f64) = (Src::bits(0), self.function.ty(*a) == Type::F64);
                if is_f64 && self.src(*b, part) == zero {
                    let (mask, a) = (self.v(*condition, part), self.src(*a, part));
                    return self.kept(a, mask);
                }
                if is_f64 && self.src(*a, part) == zero {
                    let (mask, b) = (self.v(*condition, part), self.src(*b, part));
                    return self.cleared(b, mask);
                }
                let (mask, a, b) = (self.v(*condition, part), self.src(*a, part), self.v(*b, part));
                self.blend_values(value, b, a, mask)
            }
            _ => unreachable!("handled by the caller, or not supported"),
        }
    }

    fn unary(&mut self, op: Unary, a: Value, part: usize) -> V {
        let src = self.src(a, part);
        match op {
            Unary::Sqrt => self.rm(Vex::VSQRTPD, Wide, src),
            Unary::Floor => self.rmi(Vex::VROUNDPD, Wide, src, DOWN),
            Unary::Ceil => self.rmi(Vex::VROUNDPD, Wide, src, UP),
            Unary::Trunc => self.rmi(Vex::VROUNDPD, Wide, src, TRUNCATE),
            Unary::FromInt32 => self.rm(Vex::VCVTDQ2PD, Wide, src),
            Unary::ToSingle => {
                let single = self.rm(Vex::VCVTPD2PS, Wide, src);
                self.rm(Vex::VCVTPS2PD, Wide, single)
            }
            _ => {
                let x = self.v(a, part);
                // What is the same for all lanes must be right in all.
                let part = (!self.facts.uniform[a.index()]).then_some(part);
                self.unary_of(op, x, part)
            }
        }
    }

    pub(super) fn unary_of(&mut self, op: Unary, x: V, part: Option<usize>) -> V {
        match op {
            Unary::Neg => self.vrm(Vex::VXORPD, Wide, x, Src::bits(SIGN)),
            Unary::Abs => self.vrm(Vex::VANDPD, Wide, x, Src::bits(!SIGN)),
            // Up, and one less where that was more than a half.
            Unary::Round => {
                let up = self.rmi(Vex::VROUNDPD, Wide, x, UP);
                let half = self.vrm(Vex::VSUBPD, Wide, up, Src::f64(0.5));
                let is_more = self.compare(half, x, GT);
                let one = self.kept(Src::f64(1.0), is_more);
                self.vrm(Vex::VSUBPD, Wide, up, one)
            }
            // One with the sign of what is neither 0 nor NaN.
            Unary::Sign => {
                let is_number = self.compare(x, Src::bits(0), NE_ORDERED);
                let sign = self.vrm(Vex::VANDPD, Wide, x, Src::bits(SIGN));
                let one = self.vrm(Vex::VORPD, Wide, sign, Src::f64(1.0));
                self.blend(x, one, is_number)
            }
            Unary::Clz if self.machine.is_neon() => self.rm(Vex::CLZ, Narrow, x),
            // 2x + 1 as a double: its exponent is the number of bits.
            Unary::Clz => {
                let wide = self.rm(Vex::VPMOVZXDQ, Wide, x);
                let twice = self.shift(Shift::Vpsllq, Wide, wide, 1);
                let odd = self.vrm(Vex::VORPD, Wide, twice, Src::bits(MAGIC | 1));
                let double = self.vrm(Vex::VSUBPD, Wide, odd, Src::bits(MAGIC));
                let exponent = self.shift(Shift::Vpsrlq, Wide, double, 52);
                let low = self.narrow(exponent);
                let biased = self.rm(Vex::VMOVUPD, Narrow, Src::i32(1023 + 32));
                self.vrm(Vex::VPSUBD, Narrow, biased, low)
            }
            Unary::Not => self.not(x),
            Unary::ToInt32 => self.int32_of(x, part),
            Unary::I32FromBool => self.kept_ints(Src::i32(1), x),
            Unary::FromUint32 => self.double_of_uint32(x),
            Unary::FromBool => self.kept(Src::f64(1.0), x),
            Unary::ToBool => self.compare(x, Src::bits(0), NE_ORDERED),
            Unary::Sqrt
            | Unary::Floor
            | Unary::Ceil
            | Unary::Trunc
            | Unary::FromInt32
            | Unary::ToSingle
            | Unary::ToHalf => unreachable!("handled by the caller, or not supported"),
        }
    }

    pub(super) fn shift(&mut self, op: Shift, size: Size, a: V, imm: u8) -> V {
        let dst = self.fresh();
        self.code.push(Inst::Shift { op, size, dst, a, imm });
        dst
    }

    pub(super) fn binary(&mut self, op: Binary, a: Value, b: Value, part: usize) -> V {
        let (a, b) = match (self.src(a, part), self.src(b, part)) {
            // The last operand may be a constant.
            (Src::V(_), _) => (a, b),
            (_, Src::V(_)) if op.is_commutative() => (b, a),
            _ => (a, b),
        };
        match op {
            Binary::Div => return self.divide(a, b, part),
            Binary::Shl | Binary::Sar | Binary::Shr => return self.shift_by(op, a, b, part),
            Binary::BitShl | Binary::BitShr => return self.shift_bits(op, a, b, part),
            Binary::BitAndNot => return self.and_not(a, b, part),
            Binary::ILt => return self.greater(b, a, part),
            _ => {}
        }
        let (x, y) = (self.v(a, part), self.src(b, part));
        match op {
            Binary::Add => self.vrm(Vex::VADDPD, Wide, x, y),
            Binary::Sub => self.vrm(Vex::VSUBPD, Wide, x, y),
            Binary::Mul => self.vrm(Vex::VMULPD, Wide, x, y),
            Binary::Eq => self.compare(x, y, EQ),
            Binary::Ne => self.compare(x, y, NE),
            Binary::Lt => self.compare(x, y, LT),
            Binary::Le => self.compare(x, y, LE),
            Binary::Gt => self.compare(x, y, GT),
            Binary::Ge => self.compare(x, y, GE),
            Binary::Min if self.machine.is_neon() => self.vrm(Vex::FMIN, Wide, x, y),
            Binary::Max if self.machine.is_neon() => self.vrm(Vex::FMAX, Wide, x, y),
            // Of two zeros, and of NaN and a number, these return the second: so each is the second once.
            Binary::Min => {
                let y = self.v(b, part);
                let one = self.vrm(Vex::VMINPD, Wide, x, y);
                let other = self.vrm(Vex::VMINPD, Wide, y, x);
                self.vrm(Vex::VORPD, Wide, one, other)
            }
            Binary::Max => {
                let y = self.v(b, part);
                let one = self.vrm(Vex::VMAXPD, Wide, x, y);
                let other = self.vrm(Vex::VMAXPD, Wide, y, x);
                let both = self.vrm(Vex::VANDPD, Wide, one, other);
                let nan = self.compare(x, y, UNORDERED);
                self.or_nan(both, nan)
            }
            Binary::IAdd => self.vrm(Vex::VPADDD, self.of_integers(), x, y),
            Binary::ISub => self.vrm(Vex::VPSUBD, self.of_integers(), x, y),
            Binary::IMul => self.vrm(Vex::VPMULLD, self.of_integers(), x, y),
            Binary::And => self.vrm(Vex::VPAND, self.of_integers(), x, y),
            Binary::Or => self.vrm(Vex::VPOR, self.of_integers(), x, y),
            Binary::Xor => self.vrm(Vex::VPXOR, self.of_integers(), x, y),
            Binary::IEq => self.compare_ints(x, y, Ints::Eq),
            Binary::INe => self.compare_ints(x, y, Ints::Ne),
            Binary::ILe => self.compare_ints(x, y, Ints::Le),
            Binary::ULe => self.compare_ints(x, y, Ints::BelowOrEqual),
            Binary::ULt => self.compare_ints(x, y, Ints::Below),
            Binary::BAnd => self.both(x, y),
            Binary::BOr => self.either(x, y),
            Binary::BXor => self.one_of(x, y),
            Binary::BitAnd => self.vrm(Vex::VANDPD, Wide, x, y),
            Binary::BitOr => self.vrm(Vex::VORPD, Wide, x, y),
            Binary::BitXor => self.vrm(Vex::VXORPD, Wide, x, y),
            Binary::BitAdd => self.vrm(Vex::VPADDQ, Wide, x, y),
            Binary::BitSub => self.vrm(Vex::VPSUBQ, Wide, x, y),
            Binary::BitMulHigh => {
                let product = self.vrm(Vex::VPMULUDQ, Wide, x, y);
                self.shift(Shift::Vpsrlq, Wide, product, 32)
            }
            Binary::BitMulLow => {
                let product = self.vrm(Vex::VPMULUDQ, Wide, x, y);
                self.vrm(Vex::VANDPD, Wide, product, Src::bits(0xffff_ffff))
            }
            Binary::Rem => unreachable!("handled by the caller"),
            Binary::Div
            | Binary::Shl
            | Binary::Sar
            | Binary::Shr
            | Binary::ILt
            | Binary::BitShl
            | Binary::BitShr
            | Binary::BitAndNot => unreachable!("handled above"),
        }
    }

    fn greater(&mut self, a: Value, b: Value, part: usize) -> V {
        let (a, b) = (self.v(a, part), self.src(b, part));
        self.compare_ints(a, b, Ints::Gt)
    }

    fn shift_by(&mut self, op: Binary, a: Value, b: Value, part: usize) -> V {
        let x = self.v(a, part);
        if let Some(count) = self.i32_constant_of(b) {
            let op = match op {
                Binary::Shl => Shift::Vpslld,
                Binary::Sar => Shift::Vpsrad,
                _ => Shift::Vpsrld,
            };
            return self.shift(op, self.of_integers(), x, (count & 31) as u8);
        }
        let op = match op {
            Binary::Shl => Vex::VPSLLVD,
            Binary::Sar => Vex::VPSRAVD,
            _ => Vex::VPSRLVD,
        };
        let y = self.v(b, part);
        let size = self.of_integers();
        let count = self.vrm(Vex::VPAND, size, y, Src::i32(31));
        self.vrm(op, size, x, count)
    }

    /// Of 64 bits. Those who take doubles apart know by how much.
    fn shift_bits(&mut self, op: Binary, a: Value, b: Value, part: usize) -> V {
        let x = self.v(a, part);
        if let Some(count) = self.constant_of(b) {
            let op = if op == Binary::BitShl { Shift::Vpsllq } else { Shift::Vpsrlq };
            return self.shift(op, Wide, x, (numeric::to_int32(count) & 63) as u8);
        }
        let op = if op == Binary::BitShl { Vex::VPSLLVQ } else { Vex::VPSRLVQ };
        let count = self.v(b, part);
        // What is the same for all lanes must be right in all.
        let part = (!self.facts.uniform[b.index()]).then_some(part);
        let mut count = self.int32_of(count, part);
        if count.is_general() {
            let dst = self.fresh();
            count = self.general(General::ToVector { dst, a: count });
        }
        let count = self.vrm(Vex::VPAND, Narrow, count, Src::i32(63));
        let count = self.rm(Vex::VPMOVZXDQ, Wide, count);
        self.vrm(op, Wide, x, count)
    }

    fn and_not(&mut self, a: Value, b: Value, part: usize) -> V {
        match self.src(b, part) {
            Src::Bits(lane) => {
                let x = self.v(a, part);
                self.vrm(Vex::VANDPD, Wide, x, Src::Bits(!lane))
            }
            _ => {
                let (x, y) = (self.src(a, part), self.v(b, part));
                self.vrm(Vex::VANDNPD, Wide, y, x)
            }
        }
    }
}
