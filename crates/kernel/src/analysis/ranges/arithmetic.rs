//! What operations make of ranges.

use super::{FARTHEST, LARGEST, Range, SMALL};
use crate::ir::{Binary, Element};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Nobody has come here yet.
    Nothing,
    Is(Range),
    /// Any number.
    Any,
}

impl Known {
    pub(super) const fn range(self) -> Option<Range> {
        match self {
            Self::Is(range) => Some(range),
            _ => None,
        }
    }

    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Is(a), Self::Is(b)) => Self::Is(Range {
                least: a.least.min(b.least),
                most: a.most.max(b.most),
                may_be_nan: a.may_be_nan || b.may_be_nan,
                may_be_negative_zero: a.may_be_negative_zero || b.may_be_negative_zero,
            }),
            _ => Self::Any,
        }
    }
}

impl Range {
    /// Neither NaN nor -0.
    pub const fn new(least: i64, most: i64) -> Self {
        Self { least, most, may_be_nan: false, may_be_negative_zero: false }
    }

    pub(super) const fn or_nan(self, may_be_nan: bool) -> Self {
        Self { may_be_nan, ..self }
    }

    pub(super) const fn or_negative_zero(self, may_be_negative_zero: bool) -> Self {
        Self { may_be_negative_zero, ..self }
    }

    pub(super) const fn has_zero(self) -> bool {
        self.least <= 0 && self.most >= 0
    }

    /// Whether all in it are integers that a sum of two integers can be without being rounded.
    pub const fn is_exact(self) -> bool {
        self.least >= -LARGEST && self.most <= LARGEST
    }

    /// As a double.
    pub(super) fn double(self) -> Known {
        if self.is_exact() { Known::Is(self) } else { Known::Any }
    }

    /// As a double that is an integer, though it may have been rounded.
    pub(super) fn rounded(self) -> Known {
        if self.least >= -FARTHEST && self.most <= FARTHEST { Known::Is(self) } else { Known::Any }
    }

    /// A sum, of which one part may be small.
    pub(super) fn sum(self, is_small: bool) -> Known {
        if is_small && !self.is_exact() {
            return Known::Is(Self {
                least: self.least.max(-FARTHEST),
                most: self.most.min(FARTHEST),
                ..self
            });
        }
        self.double()
    }

    pub(super) const fn is_small(self) -> bool {
        self.least >= -SMALL && self.most <= SMALL
    }

    /// As an integer of 32 bits, modulo 2^32.
    pub(super) fn narrow(self) -> Range {
        let is_there = self.least >= SIGNED.least && self.most <= SIGNED.most;
        if !is_there {
            return SIGNED;
        }
        // NaN becomes 0.
        let zero = self.may_be_nan && !self.has_zero();
        if zero { Self::new(self.least.min(0), self.most.max(0)) } else { Self::new(self.least, self.most) }
    }
}

pub(super) const SIGNED: Range = Range::new(i32::MIN as i64, i32::MAX as i64);
pub(super) const UNSIGNED: Range = Range::new(0, u32::MAX as i64);

/// What elements of a type may be.
pub fn of_element(element: Element) -> Option<Range> {
    Some(match element {
        Element::Int8 => Range::new(-128, 127),
        Element::Uint8 | Element::Uint8Clamped => Range::new(0, 255),
        Element::Int16 => Range::new(-32_768, 32_767),
        Element::Uint16 => Range::new(0, 65_535),
        Element::Int32 => SIGNED,
        Element::Uint32 => UNSIGNED,
        _ => return None,
    })
}

/// The least and the largest of four products.
fn product(a: Range, b: Range) -> Option<(i64, i64)> {
    let all = [
        a.least.checked_mul(b.least)?,
        a.least.checked_mul(b.most)?,
        a.most.checked_mul(b.least)?,
        a.most.checked_mul(b.most)?,
    ];
    Some((all.into_iter().min()?, all.into_iter().max()?))
}

pub(super) fn binary(op: Binary, a: Range, b: Range) -> Known {
    let nan = a.may_be_nan || b.may_be_nan;
    let zeros = (a.may_be_negative_zero, b.may_be_negative_zero);
    match op {
        Binary::Add => Range::new(a.least.saturating_add(b.least), a.most.saturating_add(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros == (true, true))
            .sum(a.is_small() || b.is_small()),
        Binary::Sub => Range::new(a.least.saturating_sub(b.most), a.most.saturating_sub(b.least))
            .or_nan(nan)
            .or_negative_zero(zeros.0 && b.has_zero())
            .sum(b.is_small()),
        Binary::Mul => {
            // Zero times what is negative is -0.
            let is_negative = (a.has_zero() && b.least < 0) || (b.has_zero() && a.least < 0);
            let zero = is_negative || zeros.0 || zeros.1;
            product(a, b).map_or(Known::Any, |(least, most)| {
                Range::new(least, most).or_nan(nan).or_negative_zero(zero).double()
            })
        }
        // Of a negative number, a rest of nothing is -0.
        Binary::Rem => {
            let most = (b.least.abs().max(b.most.abs()) - 1).max(0);
            Range::new(a.least.max(-most).min(0), a.most.min(most).max(0))
                .or_nan(nan || b.has_zero())
                .or_negative_zero(zeros.0 || a.least < 0)
                .double()
        }
        Binary::Min => Range::new(a.least.min(b.least), a.most.min(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros.0 || zeros.1)
            .rounded(),
        Binary::Max => Range::new(a.least.max(b.least), a.most.max(b.most))
            .or_nan(nan)
            .or_negative_zero(zeros.0 || zeros.1)
            .rounded(),
        _ => Known::Any,
    }
}

pub(super) fn narrow_binary(op: Binary, a: Range, b: Range) -> Option<Range> {
    let is_natural = a.least >= 0 && b.least >= 0;
    Some(match op {
        Binary::IAdd => Range::new(a.least + b.least, a.most + b.most).narrow(),
        Binary::ISub => Range::new(a.least - b.most, a.most - b.least).narrow(),
        Binary::IMul => product(a, b).map(|(least, most)| Range::new(least, most).narrow())?,
        Binary::And if is_natural => Range::new(0, a.most.min(b.most)),
        Binary::And if a.least >= 0 => Range::new(0, a.most),
        Binary::And if b.least >= 0 => Range::new(0, b.most),
        Binary::Or | Binary::Xor if is_natural => {
            Range::new(0, (a.most.max(b.most) + 1).cast_unsigned().next_power_of_two().cast_signed() - 1)
        }
        Binary::Shl if b.least == b.most && a.least >= 0 => {
            Range::new(a.least << (b.least & 31), a.most << (b.least & 31)).narrow()
        }
        Binary::Sar if b.least == b.most => Range::new(a.least >> (b.least & 31), a.most >> (b.least & 31)),
        Binary::Shr if b.least == b.most && (a.least >= 0 || b.least & 31 > 0) => {
            let by = b.least & 31;
            if a.least >= 0 {
                Range::new(a.least >> by, a.most >> by)
            } else {
                Range::new(0, UNSIGNED.most >> by)
            }
        }
        _ => return None,
    })
}
