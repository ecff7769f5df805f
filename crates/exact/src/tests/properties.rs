//! Properties: whatever the elements, their slicing, the order of merging and the instruction set, the total
//! is the oracle's.

use super::{
    assert_same, bytes,
    data::{Kind, Random, kinds},
    oracle, total,
};
use crate::Sum;
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { 4 } else { cases },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Lengths around those where something changes: groups of vectors, tiles, and more than a tile.
fn lengths() -> impl Strategy<Value = usize> {
    let longest: usize = if cfg!(miri) { 300 } else { 13_000 };
    prop_oneof![0..200_usize, 0..longest]
}

/// The total when the bytes are cut anywhere between elements, summed by several sums, and merged in some
/// order.
fn sliced(element: Element, bytes: &mut [u8], random: &mut Random) -> Sum {
    let isas: Vec<Isa> = Isa::available().collect();
    let mut sums: Vec<Sum> =
        (0..1 + random.below(4)).map(|_| Sum::new(element, isas[random.below(isas.len())])).collect();
    let mut rest = Block::from_mut(bytes);
    while !rest.is_empty() {
        let len = (1 + random.below(6000)) * element.size();
        let (piece, tail) = rest.split_at(len);
        let index = random.below(sums.len());
        sums[index].add(piece);
        rest = tail;
    }
    while sums.len() > 1 {
        let from = sums.swap_remove(random.below(sums.len()));
        let into = random.below(sums.len());
        sums[into].merge(&from);
    }
    sums.remove(0)
}

fn check(element: Element, mut bytes: Vec<u8>, random: &mut Random, what: &dyn std::fmt::Debug) {
    let expected = oracle::total(element, &bytes);
    for isa in Isa::available() {
        assert_same(total(element, isa, &mut bytes), expected, &(isa, what));
    }
    assert_same(sliced(element, &mut bytes, random).total(), expected, &("sliced", what));
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn doubles(kind in kinds(), len in lengths(), seed: u64) {
        let mut random = Random(seed);
        let doubles = random.doubles(kind, len);
        check(Element::Float64, bytes(&doubles), &mut random, &(kind, len));
    }

    /// Kinds that follow each other within one sum: what was learnt from one must not spoil the next.
    #[test]
    fn doubles_of_several_kinds(kinds in prop::collection::vec((kinds(), lengths()), 2..5), seed: u64) {
        let mut random = Random(seed);
        let doubles: Vec<f64> = kinds.iter().flat_map(|&(kind, len)| random.doubles(kind, len)).collect();
        check(Element::Float64, bytes(&doubles), &mut random, &kinds);
    }

    #[test]
    fn singles(kind in kinds(), len in lengths(), seed: u64) {
        let mut random = Random(seed);
        let doubles = random.doubles(kind, len);
        let bytes = match kind {
            // Doubles of any exponent are mostly zeros and infinities as singles.
            Kind::AnyExponent | Kind::Cancelling | Kind::NearOverflow | Kind::Subnormal => {
                // Any exponent but that of infinity and NaN.
                doubles.iter().flat_map(|x| ((x.to_bits() >> 7) as u32 & !(1 << 23)).to_ne_bytes()).collect()
            }
            _ => doubles.iter().flat_map(|&x| (x as f32).to_ne_bytes()).collect(),
        };
        check(Element::Float32, bytes, &mut random, &(kind, len));
    }

    #[test]
    fn halves(len in lengths(), special: bool, negative: bool, seed: u64) {
        let mut random = Random(seed);
        let mask = if special { 0xffff } else { 0xbfff } & if negative { 0xffff } else { 0x7fff };
        let bytes = (0..len).flat_map(|_| (random.next() as u16 & mask).to_ne_bytes()).collect();
        check(Element::Float16, bytes, &mut random, &(len, special));
    }

    #[test]
    fn integers(element in prop::sample::select(&Element::ALL[..7]), len in lengths(), extreme: u8, seed: u64) {
        let mut random = Random(seed);
        let bytes = integer_bytes(len * element.size(), extreme, &mut random);
        check(element, bytes, &mut random, &(element, len));
    }

    #[test]
    fn bigints(element in prop::sample::select(&Element::ALL[10..]), len in lengths(), extreme: u8, seed: u64) {
        let mut random = Random(seed);
        let bytes = integer_bytes(len * element.size(), extreme, &mut random);
        check(element, bytes, &mut random, &(element, len));
    }
}

/// Random bytes, or nothing but one byte: 0xff and 0x7f make sums as large as they get.
fn integer_bytes(len: usize, extreme: u8, random: &mut Random) -> Vec<u8> {
    match extreme {
        0..64 => vec![0xff; len],
        64..96 => vec![0x80; len],
        96..128 => (0..len).map(|_| if random.next().is_multiple_of(9) { 0x7f } else { 0x80 }).collect(),
        _ => (0..len).map(|_| random.next() as u8).collect(),
    }
}
