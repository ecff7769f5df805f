//! Every kernel at every alignment and with every tail length.

use super::{assert_same, data::Random, oracle, total};
use crate::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// Room for blocks at every offset from a cache line.
#[repr(align(64))]
struct Aligned([u8; 4096]);

/// Blocks that begin at every byte of a cache line, with every number of elements left over from whole groups
/// of vectors. Typed arrays are aligned to their elements; other offsets are to be right as well.
#[test]
fn every_alignment_and_tail() {
    let tails = if cfg!(miri) { 0..2 } else { 0..257 };
    // Finite numbers as every type: no exponent is all ones.
    let mut random = Random(1);
    let bytes: Vec<u8> = (0..4096).map(|_| random.next() as u8 & 0xbf).collect();
    let mut room = Aligned([0; 4096]);
    for element in Element::ALL {
        for tail in tails.clone() {
            let bytes = &bytes[..(70 + tail) * element.size()];
            let expected = oracle::total(element, bytes);
            for offset in (tail % 7..64).step_by(7) {
                let block = &mut room.0[offset..][..bytes.len()];
                block.copy_from_slice(bytes);
                for isa in Isa::available() {
                    assert_same(total(element, isa, block), expected, &(element, isa, offset, tail));
                }
            }
        }
    }
}

/// Every length up to that of a few groups of vectors, at every offset from a cache line.
#[test]
fn every_offset_and_short_length() {
    let (lengths, offsets) = if cfg!(miri) { (0..3, 0..2) } else { (0..258, 0..64) };
    let mut random = Random(2);
    let bytes: Vec<u8> = (0..4096).map(|_| random.next() as u8 & 0xbf).collect();
    let mut room = Aligned([0; 4096]);
    for element in Element::ALL {
        for len in lengths.clone() {
            let bytes = &bytes[..len * element.size()];
            let expected = oracle::total(element, bytes);
            for offset in offsets.clone() {
                let block = &mut room.0[offset..][..bytes.len()];
                block.copy_from_slice(bytes);
                for isa in Isa::available() {
                    assert_same(total(element, isa, block), expected, &(element, isa, offset, len));
                }
            }
        }
    }
}

/// Long runs of the largest and smallest integers: the words that kernels add to are emptied in time.
#[test]
fn integers_never_overflow() {
    let len = if cfg!(miri) { 1 << 12 } else { 10 << 20 };
    for (element, byte) in [
        (Element::Int8, 0x80),
        (Element::Uint8, 0xff),
        (Element::Int16, 0x80),
        (Element::Uint16, 0xff),
        (Element::Uint16, 0x00),
        (Element::Int32, 0x80),
        (Element::Uint32, 0xff),
        (Element::BigInt64, 0x80),
        (Element::BigUint64, 0xff),
    ] {
        let mut bytes = vec![byte; len];
        let one = match oracle::total(element, &bytes[..element.size()]) {
            Total::Number(x) => x as i128,
            Total::BigInt(x) => x,
            Total::LargeBigInt(_) => unreachable!("the integer fits"),
        };
        let all = one * (len / element.size()) as i128;
        let expected = match element {
            Element::BigInt64 | Element::BigUint64 => Total::BigInt(all),
            _ => Total::Number(all as f64),
        };
        for isa in Isa::available() {
            assert_same(total(element, isa, &mut bytes), expected, &(element, isa));
        }
    }
}

/// All half-precision numbers, one at a time and alone in a crowd.
#[test]
fn every_half() {
    for bits in (0..=u16::MAX).step_by(if cfg!(miri) { 997 } else { 1 }) {
        let mut bytes = bits.to_ne_bytes().repeat(70);
        let expected = oracle::total(Element::Float16, &bytes);
        for isa in Isa::available() {
            assert_same(total(Element::Float16, isa, &mut bytes), expected, &(isa, bits));
        }
    }
}

/// All finite halves, 64 different ones at a time: a kernel that takes one lane for another is off.
#[test]
fn different_halves() {
    for first in (0..=u16::MAX).step_by(64).filter(|bits| bits >> 10 & 31 != 31) {
        let mut bytes: Vec<u8> = (first..=first + 63).flat_map(u16::to_ne_bytes).collect();
        let expected = oracle::total(Element::Float16, &bytes);
        for isa in Isa::available() {
            assert_same(total(Element::Float16, isa, &mut bytes), expected, &(isa, first));
        }
    }
}

/// A NaN or an infinity at each place of a tile.
#[test]
fn specials_are_seen_everywhere() {
    let places = if cfg!(miri) { 70 } else { 4096 };
    for place in (0..places).step_by(if cfg!(miri) { 23 } else { 1 }) {
        for special in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e301] {
            let mut bytes = super::bytes(&vec![0.3; places]);
            bytes[place * 8..][..8].copy_from_slice(&special.to_ne_bytes());
            for isa in Isa::available() {
                let actual = total(Element::Float64, isa, &mut bytes);
                assert_same(actual, Total::Number(special), &(isa, place));
            }
        }
    }
}

#[test]
fn nothing() {
    for element in Element::ALL {
        for isa in Isa::available() {
            // SAFETY: there are no bytes to read.
            let null = unsafe { Block::from_raw(std::ptr::null(), 0) };
            let mut sum = Sum::new(element, isa);
            sum.add(null);
            let other = sum.clone();
            sum.merge(&other);
            assert_same(sum.total(), oracle::total(element, &[]), &(element, isa));
        }
    }
}
