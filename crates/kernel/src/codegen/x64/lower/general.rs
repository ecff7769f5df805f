//! Integers in general registers, of code for one index at a time: what they are compared, addressed and combined with needs no way
//! between two kinds of registers.

use super::flags::Order;
use super::{Home, Inst, Lowering, Narrow, Op, Src, V, Value, Wide};
use crate::analysis::of_element;
use crate::codegen::x64::asm::{Alu, Cond, Extend};
use crate::codegen::x64::general::{General, Operand, Turn};
use crate::codegen::x64::inst::{Compare, Size};
use crate::ir::{Binary, Element, Type, Unary};

impl Lowering<'_> {
    pub(super) fn fresh_general(&mut self) -> V {
        self.fresh();
        V::general(self.count - 1)
    }

    /// Whether values of this type are in general registers.
    pub(super) fn is_general(&self, ty: Type) -> bool {
        self.machine.is_scalar() && ty == Type::I32
    }

    #[inline(never)]
    pub(super) fn general(&mut self, general: General) -> V {
        self.code.push(Inst::General(general));
        general.dst()
    }

    /// A copy into a general register that is there.
    pub(super) fn write_general(&mut self, dst: V, size: Size, src: Src) {
        match src {
            Src::V(a) => self.general(General::Copy { dst, a }),
            Src::Bits(bits) if size == Wide => self.general(General::Is { dst, number: bits.cast_signed() }),
            Src::Bits(bits) => self.general(General::Is { dst, number: i64::from(bits as u32) }),
            _ => unreachable!("an integer is a constant, or in a register"),
        };
    }

    /// An integer of 32 bits as the last operand.
    pub(super) fn operand(&self, value: Value) -> Operand {
        match self.src(value, 0) {
            Src::V(v) => Operand::V(v),
            Src::Bits(bits) => Operand::Is(bits as u32 as i32),
            _ => unreachable!("an integer is a constant, or in a register"),
        }
    }

    /// Operations on integers. `None` if it is none.
    pub(super) fn general_op(&mut self, op: &Op) -> Option<V> {
        match op {
            Op::Unary(unary, a) => self.general_unary(*unary, *a),
            Op::Binary(binary, a, b) => self.general_binary(*binary, *a, *b),
            Op::Select(condition, a, b) if self.function.ty(*a) == Type::I32 => {
                let (yes, no) = (self.v(*a, 0), self.v(*b, 0));
                Some(self.choose(*condition, yes, no))
            }
            _ => None,
        }
    }

    fn general_unary(&mut self, op: Unary, a: Value) -> Option<V> {
        Some(match op {
            Unary::Clz => {
                let (dst, a) = (self.fresh_general(), self.v(a, 0));
                self.general(General::LeadingZeros { dst, a })
            }
            Unary::I32FromBool => self.flag(a),
            Unary::FromBool => self.double_of_condition(a),
            Unary::FromInt32 => match self.integer_before(a) {
                Some(x) => self.whole_one(x),
                None => {
                    let a = self.v(a, 0);
                    self.double(Narrow, a)
                }
            },
            Unary::FromUint32 => {
                let a = self.v(a, 0);
                self.double_of_general(a, false)
            }
            _ => return None,
        })
    }

    fn general_binary(&mut self, op: Binary, a: Value, b: Value) -> Option<V> {
        use Binary as B;
        let turn = match op {
            B::IAdd | B::ISub | B::IMul | B::And | B::Or | B::Xor => None,
            B::Shl => Some(Turn::Left),
            B::Sar => Some(Turn::Right),
            B::Shr => Some(Turn::Logical),
            _ => return None,
        };
        // The last operand may be a constant.
        let is_constant = matches!(self.places[a.index()], Home::Same(_));
        let (a, b) = if is_constant && op.is_commutative() { (b, a) } else { (a, b) };
        let (a, b) = (self.v(a, 0), self.operand(b));
        if let Some(op) = turn {
            let dst = self.fresh_general();
            return Some(self.general(General::Shift { op, dst, a, by: b }));
        }
        let op = match op {
            B::IMul => {
                let dst = self.fresh_general();
                return Some(self.general(General::Multiply { size: Narrow, dst, a, b }));
            }
            B::IAdd => Alu::Add,
            B::ISub => Alu::Sub,
            B::And => Alu::And,
            B::Or => Alu::Or,
            _ => Alu::Xor,
        };
        Some(self.alu(op, Narrow, a, b))
    }

    pub(super) fn alu(&mut self, op: Alu, size: Size, a: V, b: Operand) -> V {
        let dst = self.fresh_general();
        self.general(General::Alu { op, size, dst, a, b })
    }

    pub(super) fn extend(&mut self, how: Extend, a: V) -> V {
        let dst = self.fresh_general();
        self.general(General::Extend { dst, a, how })
    }

    pub(super) fn double(&mut self, size: Size, a: V) -> V {
        let dst = self.fresh();
        self.general(General::Double { size, dst, a })
    }

    /// 32 bits as a double.
    pub(super) fn double_of_general(&mut self, a: V, is_signed: bool) -> V {
        if is_signed {
            return self.double(Narrow, a);
        }
        let wide = self.extend(Extend::Mov32, a);
        self.double(Wide, wide)
    }

    /// One of two, by a condition. A comparison need not become a flag before.
    pub(super) fn choose(&mut self, condition: Value, yes: V, no: V) -> V {
        let dst = self.fresh_general();
        if let Some(Op::Binary(op, a, b)) = self.definition(condition) {
            let (op, a, b) = (*op, *a, *b);
            if let Some(Order { a, b, size, cond }) = self.order_of((op, a, b)) {
                return self.general(General::ChooseBy { dst, a, b, size, cond, yes, no });
            }
            let ordered = match op {
                Binary::Gt => Some((a, b, Compare::Gt)),
                Binary::Ge => Some((a, b, Compare::Ge)),
                Binary::Lt => Some((b, a, Compare::Gt)),
                Binary::Le => Some((b, a, Compare::Ge)),
                _ => None,
            };
            if let Some((a, b, how)) = ordered {
                let (a, b) = (self.v(a, 0), self.src(b, 0));
                return self.general(General::ChooseByDoubles { dst, a, b, how, yes, no });
            }
        }
        let (a, b) = (self.flag(condition), Operand::Is(0));
        self.general(General::ChooseBy { dst, a, b, size: Narrow, cond: Cond::Ne, yes, no })
    }

    /// What ToInt32 makes of a value, if that is there as an integer.
    pub(super) fn integer_there(&mut self, value: Value) -> Option<V> {
        if let Some(whole) = self.generals[value.index()] {
            return Some(whole);
        }
        match self.definition(value) {
            Some(Op::Unary(Unary::FromInt32 | Unary::FromUint32, x)) => {
                let x = *x;
                Some(self.v(x, 0))
            }
            _ => self.integers_of.get(&value).map(|parts| parts[0]),
        }
    }

    /// What an element of this type has of a value, as an integer of 64 bits.
    pub(super) fn cut_general(&mut self, element: Element, value: Value) -> V {
        let integer = match self.integer_there(value) {
            Some(integer) => integer,
            None => {
                let double = self.v(value, 0);
                self.int32_of(double, None)
            }
        };
        if let (Some(range), Some(of)) = (self.wanted.ranges[value.index()], of_element(element))
            && self.generals[value.index()].is_some()
            && !range.may_be_nan
            && range.least >= of.least
            && range.most <= of.most
        {
            return integer;
        }
        let how = match element {
            Element::Int8 => Extend::Movsx8,
            Element::Uint8 => Extend::Movzx8,
            Element::Int16 => Extend::Movsx16,
            Element::Uint16 => Extend::Movzx16,
            Element::Uint32 => Extend::Mov32,
            _ => Extend::Movsxd,
        };
        self.extend(how, integer)
    }
}

/// The order that a comparison of integers of 32 bits asks for.
pub(super) fn order(op: Binary) -> Option<Cond> {
    Some(match op {
        Binary::IEq => Cond::E,
        Binary::INe => Cond::Ne,
        Binary::ILt => Cond::L,
        Binary::ILe => Cond::Le,
        Binary::ULt => Cond::B,
        Binary::ULe => Cond::Be,
        _ => return None,
    })
}
