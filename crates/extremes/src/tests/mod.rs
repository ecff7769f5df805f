//! Every kernel against the obvious: the elements as Numbers or integers, one by one, as ECMAScript's `Math.min` has it.

mod blocks;
mod positions;

use allcores_machine::Element;
use allcores_machine::convert::from_half;

use super::{Side, Value};

/// The elements of some bytes.
fn values(element: Element, bytes: &[u8]) -> Vec<Value> {
    let word = |piece: &[u8]| {
        let mut word = [0; 8];
        word[..piece.len()].copy_from_slice(piece);
        u64::from_le_bytes(word)
    };
    let value = |bits: u64| match element {
        Element::Int8 => Value::Number(f64::from(bits as i8)),
        Element::Int16 => Value::Number(f64::from(bits as i16)),
        Element::Int32 => Value::Number(f64::from(bits as i32)),
        Element::Uint8 | Element::Uint8Clamped | Element::Uint16 | Element::Uint32 => {
            Value::Number(bits as f64)
        }
        Element::Float16 => Value::Number(from_half(bits as u16)),
        Element::Float32 => Value::Number(f64::from(f32::from_bits(bits as u32))),
        Element::Float64 => Value::Number(f64::from_bits(bits)),
        Element::BigInt64 => Value::BigInt(i128::from(bits as i64)),
        Element::BigUint64 => Value::BigInt(i128::from(bits)),
    };
    bytes.chunks_exact(element.size()).map(|piece| value(word(piece))).collect()
}

/// Whether `a` is to be taken instead of `b`: ECMAScript's `Math.min` and `Math.max`, which NaN wins.
fn wins(side: Side, a: Value, b: Value) -> bool {
    let is_min = side == Side::Min;
    match (a, b) {
        (Value::BigInt(a), Value::BigInt(b)) => {
            if is_min {
                a < b
            } else {
                a > b
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let is_before =
                |a: f64, b: f64| a < b || (a == b && a.is_sign_negative() && b.is_sign_positive());
            !b.is_nan() && (a.is_nan() || if is_min { is_before(a, b) } else { is_before(b, a) })
        }
        _ => unreachable!("elements of one type"),
    }
}

/// The first element that no other is to be taken instead of.
fn oracle(side: Side, values: &[Value]) -> Option<usize> {
    (0..values.len())
        .reduce(|first, index| if wins(side, values[index], values[first]) { index } else { first })
}

/// The same, bit by bit but for NaN.
fn is_same(a: Value, b: Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (a, b) => a == b,
    }
}

/// Elements that are hard to compare, as bits: zeros of both signs, NaN with payloads of both signs, the infinities, the ends, and
/// those beside them.
fn edges(element: Element) -> Vec<u64> {
    let top = 1_u64 << (8 * element.size() - 1);
    let infinity = match element {
        Element::Float16 => 0x7c00,
        Element::Float32 => 0x7f80_0000,
        _ => 0x7ff0_0000_0000_0000,
    };
    let magnitudes = [0, 1, 2, infinity - 1, infinity, infinity + 1, top - 1];
    magnitudes.into_iter().flat_map(|bits| [bits, bits | top]).collect()
}

const SIDES: [Side; 2] = [Side::Min, Side::Max];
