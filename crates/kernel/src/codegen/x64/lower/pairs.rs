//! Integers of 32 bits in *pairs*: those of two parts in one vector, so that hashes, generators and pixels have twice the lanes of doubles.
//!
//! ```text
//!               part 0         part 1         part 2         part 3
//! f64         [ a b c d ]    [ e f g h ]    [ i j k l ]    [ m n o p ]
//! i32         [ a b c d       e f g h  ]    [ i j k l       m n o p  ]
//! ```
//!
//! The parts of a value name the same register for both, so whoever asks for what a part has finds it; what makes an integer does so once
//! for both. Where a part is wanted alone, for doubles, indices or elements, the lower half of the register is there for nothing, and the
//! upper one is taken out. What is the same for all lanes is so in both halves.
//!
//! Conditions stay masks of parts. For a selection of integers two of them are brought together; where they come from a comparison of
//! integers, it has left them in that form.

use super::masks::Ints;
use super::ops::MAGIC;
use super::{Form, Inst, Kind, Lowering, Narrow, Op, Parts, Size, Src, Type, V, Value, Vex, Wide};
use crate::codegen::x64::asm::MaskOp;
use crate::ir::{Binary, Function, Stmt, Unary};

/// Of two vectors of doubles, quarters in the order of their lanes.
const IN_ORDER: u8 = 0b11_01_10_00;
/// The lower halves of lanes of 64 bits.
const LOWER: u8 = 0b10_00_10_00;

/// Whether a function has integers that pairs would be for.
pub(in crate::codegen::x64) fn has_integers(function: &Function) -> bool {
    let makes_integers = |stmt: &Stmt| match stmt {
        Stmt::Let(value, op) => function.ty(*value) == Type::I32 && !matches!(op, Op::Const(_)),
        _ => false,
    };
    function.regions.iter().flat_map(|region| &region.stmts).any(makes_integers)
}

/// The operation that a comparison of integers asks for, and whether its operands change places.
fn order(op: Binary) -> Option<(Ints, bool)> {
    Some(match op {
        Binary::IEq => (Ints::Eq, false),
        Binary::INe => (Ints::Ne, false),
        Binary::ILt => (Ints::Gt, true),
        Binary::ILe => (Ints::Le, false),
        Binary::ULt => (Ints::Below, false),
        Binary::ULe => (Ints::BelowOrEqual, false),
        _ => return None,
    })
}

impl Lowering<'_> {
    /// How much of a register integers of 32 bits take.
    pub(super) fn of_integers(&self) -> Size {
        if self.in_pairs { Wide } else { Narrow }
    }

    /// Whether a value is in pairs.
    pub(super) fn is_in_pairs(&self, value: Value) -> bool {
        self.in_pairs && self.function.ty(value) == Type::I32 && !self.facts.uniform[value.index()]
    }

    // --- halves ---

    /// The lanes of a part, in the lower half of a register.
    pub(super) fn half_of(&mut self, value: Value, part: usize) -> V {
        let v = self.v(value, part);
        if self.is_in_pairs(value) { self.half(v, part) } else { v }
    }

    /// The same of a pair.
    pub(super) fn half(&mut self, pair: V, part: usize) -> V {
        if part.is_multiple_of(2) {
            return pair;
        }
        let op = if self.machine.has_masks() { Vex::VEXTRACTF64X4 } else { Vex::VEXTRACTF128 };
        self.mri(op, pair, 1)
    }

    /// A pair of two lower halves.
    pub(super) fn join(&mut self, low: V, high: V) -> V {
        let pair = self.fresh();
        self.join_into(pair, low, high);
        pair
    }

    pub(super) fn join_into(&mut self, pair: V, low: V, high: V) {
        let op = if self.machine.has_masks() { Vex::VINSERTF64X4 } else { Vex::VINSERTF128 };
        self.vector(pair, Form::Vrmi, op, Wide, (Some(low), Some(high.into()), None), 1);
    }

    /// Integers of each part, as those of values are.
    pub(super) fn integers_from(&mut self, halves: &[V]) -> Parts {
        if !self.in_pairs {
            self.hold_integers(halves);
            return halves.into();
        }
        let pairs: Parts = halves.chunks(2).flat_map(|halves| [self.join(halves[0], halves[1]); 2]).collect();
        self.hold_integers(&pairs);
        pairs
    }

    /// Registers for integers of all parts.
    pub(super) fn fresh_integers(&mut self) -> Parts {
        let each = if self.in_pairs { 2 } else { 1 };
        let registers: Vec<V> = (0..self.parts / each).map(|_| self.fresh()).collect();
        let parts: Parts = (0..self.parts).map(|part| registers[part / each]).collect();
        self.hold_integers(&parts);
        parts
    }

    fn hold_integers(&mut self, parts: &[V]) {
        let (kind, each) = if self.in_pairs { (Kind::Pair, 2) } else { (Kind::Narrow, 1) };
        for (part, v) in parts.iter().enumerate().step_by(each) {
            self.kinds[v.index()] = (kind, part as u8);
        }
    }

    /// An integer that is the same for all lanes, of which the lower half is there.
    pub(super) fn in_both_halves(&mut self, half: V) -> V {
        if self.in_pairs { self.join(half, half) } else { half }
    }

    // --- masks ---

    /// The mask of a pair, of those of its parts.
    pub(super) fn pair_mask(&mut self, low: V, high: V) -> V {
        if low.is_mask() {
            let dst = self.fresh_mask();
            self.code.push(Inst::Mask { op: MaskOp::Kunpckbw, dst, a: high, b: low });
            return dst;
        }
        if low == high {
            // The same for all lanes.
            return low;
        }
        let both = self.vrmi(Vex::VSHUFPS, Wide, low, high, LOWER);
        self.rmi(Vex::VPERMQ, Wide, both, IN_ORDER)
    }

    /// The same, of a condition.
    fn pair_mask_of(&mut self, condition: Value, part: usize) -> V {
        if let Some(masks) = self.pair_masks.get(&condition) {
            return masks[part];
        }
        let [low, high] = [part, part + 1].map(|part| self.v(condition, part));
        self.pair_mask(low, high)
    }

    /// For each lane, `b` where the mask of a pair is set and `a` elsewhere.
    pub(super) fn blend_pair(&mut self, a: V, b: impl Into<Src>, mask: V) -> V {
        let op = if mask.is_mask() { Vex::VPBLENDMD } else { Vex::VBLENDVPS };
        self.push(Form::Vrmv, op, Wide, (Some(a), Some(b.into()), Some(mask)), 0)
    }

    // --- operations ---

    /// Whether an operation takes or makes pairs.
    pub(super) fn is_of_pairs(&self, value: Value, op: &Op) -> bool {
        let takes_or_makes = match op {
            Op::Unary(op, _) => op.operand() == Type::I32 || op.result() == Type::I32,
            Op::Binary(op, ..) => op.operand() == Type::I32,
            Op::Select(_, a, _) => self.function.ty(*a) == Type::I32,
            _ => false,
        };
        self.in_pairs
            && takes_or_makes
            && !self.facts.uniform[value.index()]
            && !self.facts.multiples.contains_key(&value)
    }

    /// Such an operation, for a part and the next one.
    pub(super) fn of_pair(&mut self, value: Value, op: &Op, part: usize) -> [V; 2] {
        match *op {
            Op::Unary(Unary::FromInt32, a) => {
                let pair = self.v(a, part);
                self.doubles_of_pair(pair, true)
            }
            Op::Unary(Unary::FromUint32, a) => {
                let pair = self.v(a, part);
                self.doubles_of_pair(pair, false)
            }
            Op::Unary(Unary::ToInt32, a) => {
                let doubles = [part, part + 1].map(|part| self.v(a, part));
                [self.int32_pair(doubles, part); 2]
            }
            Op::Unary(Unary::I32FromBool, a) => {
                let mask = self.pair_mask_of(a, part);
                [self.kept_pair(Src::i32(1), mask); 2]
            }
            Op::Unary(op, a) => {
                let pair = self.v(a, part);
                let [low, high] =
                    [0, 1].map(|part| self.half(pair, part)).map(|x| self.unary_of(op, x, None));
                [self.join(low, high); 2]
            }
            Op::Binary(op, a, b) if let Some((how, is_turned)) = order(op) => {
                let (a, b) = if is_turned { (b, a) } else { (a, b) };
                let (a, b) = (self.v(a, part), self.src(b, part));
                self.compare_pair(value, how, (a, b), part)
            }
            Op::Binary(op, a, b) => [self.binary(op, a, b, part); 2],
            Op::Select(condition, a, b) => [self.select_integers(condition, a, b, part); 2],
            _ => unreachable!("none of pairs"),
        }
    }

    /// One of two integers, in all of a register.
    pub(super) fn select_integers(&mut self, condition: Value, a: Value, b: Value, part: usize) -> V {
        let mask = self.pair_mask_of(condition, part);
        if self.src(b, part) == Src::bits(0) {
            let a = self.src(a, part);
            return self.kept_pair(a, mask);
        }
        let (a, b) = (self.src(a, part), self.v(b, part));
        self.blend_pair(b, a, mask)
    }

    /// What integers are where the mask of a pair is set; 0 elsewhere.
    fn kept_pair(&mut self, x: impl Into<Src>, mask: V) -> V {
        let x = x.into();
        if mask.is_mask() {
            return self.push(Form::Rm, Vex::VMOVUPS, Wide, (None, Some(x), Some(mask)), 0);
        }
        self.vrm(Vex::VPAND, Wide, mask, x)
    }

    /// Where a comparison holds: the masks of the parts. That of the pair is kept for selections.
    fn compare_pair(&mut self, value: Value, how: Ints, (a, b): (V, Src), part: usize) -> [V; 2] {
        let (pair, of_parts) = if self.machine.has_masks() {
            let pair = self.compare_lanes(Wide, a, b, how);
            let of_parts = [0, 1].map(|half| {
                let (a, b) = (self.half(a, half), self.half_of_src(b, half));
                self.compare_lanes(Narrow, a, b, how)
            });
            (pair, of_parts)
        } else {
            let pair = self.compare_lanes(Wide, a, b, how);
            let of_parts = [0, 1].map(|part| {
                let half = self.half(pair, part);
                self.rm(Vex::VPMOVSXDQ, Wide, half)
            });
            (pair, of_parts)
        };
        let nothing = pair;
        let masks = self.pair_masks.entry(value).or_insert_with(|| vec![nothing; self.parts].into());
        (masks[part], masks[part + 1]) = (pair, pair);
        of_parts
    }

    fn half_of_src(&mut self, src: Src, part: usize) -> Src {
        match src {
            Src::V(v) => Src::V(self.half(v, part)),
            // The same in all lanes.
            src => src,
        }
    }

    // --- conversions ---

    /// The integers of a pair as doubles.
    pub(super) fn doubles_of_pair(&mut self, pair: V, is_signed: bool) -> [V; 2] {
        if is_signed || self.machine.has_masks() {
            let op = if is_signed { Vex::VCVTDQ2PD } else { Vex::VCVTUDQ2PD };
            return [0, 1].map(|part| {
                let half = self.half(pair, part);
                self.rm(op, Wide, half)
            });
        }
        // Unpacking takes two lanes of each half of a register, and puts above each the exponent of 2^52.
        let turned = self.rmi(Vex::VPERMQ, Wide, pair, IN_ORDER);
        [Vex::VUNPCKLPS, Vex::VUNPCKHPS].map(|op| {
            let large = self.vrm(op, Wide, turned, Src::i32((MAGIC >> 32) as i32));
            self.vrm(Vex::VSUBPD, Wide, large, Src::bits(MAGIC))
        })
    }

    /// ToInt32 of the doubles of two parts. Lanes that do not take part need not be right, but are looked at first: which those are is
    /// asked for in cold code alone.
    pub(super) fn int32_pair(&mut self, doubles: [V; 2], part: usize) -> V {
        let (large, slow) = (self.asm.label(), self.asm.label());
        // A lane that stands for no index has that of another.
        let mask = self.mask.clone().filter(|_| self.mask != self.all_there);
        let mask = mask.map(|mask| [mask[part], mask[part + 1]]);
        let pair = if self.machine.has_masks() {
            let [(low, of_low), (high, of_high)] = doubles.map(|x| self.int32_if_small(x));
            let pair = self.join(low, high);
            let is_large = self.either(of_low, of_high);
            self.code.push(Inst::JumpIf { any: true, mask: is_large, label: large });
            self.code.push(Inst::ColdStart(large));
            if let Some([low, high]) = mask {
                let (low, high) = (self.both(of_low, low), self.both(of_high, high));
                let mask = self.either(low, high);
                self.code.push(Inst::JumpIf { any: true, mask, label: slow });
            }
            pair
        } else {
            let [low, high] = doubles.map(|x| self.rm(Vex::VCVTTPD2DQ, Wide, x));
            let pair = self.join(low, high);
            let is_large = self.vrm(Vex::VPCMPEQD, Wide, pair, Src::i32(i32::MIN));
            self.code.push(Inst::JumpIfAny { a: is_large, label: large });
            self.code.push(Inst::ColdStart(large));
            if let Some([low, high]) = mask {
                let mask = self.pair_mask(low, high);
                let a = self.vrm(Vex::VPAND, Wide, is_large, mask);
                self.code.push(Inst::JumpIfAny { a, label: slow });
            }
            pair
        };
        if mask.is_some() {
            self.code.push(Inst::ColdStart(slow));
        }
        let [low, high] = doubles.map(|x| self.int32_slowly(x));
        self.join_into(pair, low, high);
        if mask.is_some() {
            self.code.push(Inst::ColdEnd);
        }
        self.code.push(Inst::ColdEnd);
        pair
    }
}
