//! Sums of products: whatever the numbers, their slicing, the order of merging and the instruction set, the result is the exact value,
//! rounded once.

use super::data::{Kind, Random, kinds};
use super::rational::{Big, Ratio, is_nearest, units};
use super::{assert_same, bytes};
use crate::{Dot, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

/// Fails unless `actual` is the sum of these products, rounded once, NaN and infinities as multiplication has them.
#[track_caller]
fn check(actual: f64, pairs: impl Iterator<Item = (f64, f64)>, what: &dyn std::fmt::Debug) {
    let (mut sums, mut special) = ([Big::default(), Big::default()], 0.0);
    for (x, y) in pairs {
        if x.is_finite() && y.is_finite() {
            let sum = &mut sums[usize::from(x.is_sign_negative() != y.is_sign_negative())];
            *sum = sum.plus(&units(x.abs()).times(&units(y.abs())));
        } else {
            special += x * y;
        }
    }
    if special != 0.0 {
        return assert_same(Total::Number(actual), Total::Number(special), what);
    }
    let order = sums[0].compare(&sums[1]);
    let exact = Ratio { dividend: sums[0].minus(&sums[1]), divisor: Big::new(1), exponent: -2148 };
    assert!(is_nearest(actual.abs(), &exact, false), "{actual}: {what:?}");
    assert_eq!(actual.is_sign_negative(), order.is_lt(), "the sign of {actual}: {what:?}");
}

fn number(total: Total) -> f64 {
    let Total::Number(number) = total else { panic!("{total:?} is no Number") };
    number
}

/// The dot product of two lists of doubles in one block, which begin so many bytes after a cache line.
fn dot(isa: Isa, x: &[f64], y: &[f64], offsets: [usize; 2]) -> f64 {
    let mut lists = [x, y].map(bytes);
    for (list, offset) in lists.iter_mut().zip(offsets) {
        list.splice(0..0, vec![0; offset]);
    }
    let [x, y] = lists.each_mut().map(|list| Block::from_mut(list));
    let mut dot = Dot::new([Element::Float64; 2], isa).unwrap();
    dot.add([x.split_at(offsets[0]).1, y.split_at(offsets[1]).1]);
    number(dot.total())
}

/// The same when the lists are cut anywhere, summed by several sums, and merged in some order.
fn sliced(elements: [Element; 2], lists: &mut [Vec<u8>; 2], random: &mut Random) -> Total {
    let isas: Vec<Isa> = Isa::available().collect();
    let mut sums: Vec<Dot> = (0..1 + random.below(4))
        .map(|_| Dot::new(elements, isas[random.below(isas.len())]).unwrap())
        .collect();
    let mut rest = lists.each_mut().map(|list| Block::from_mut(list));
    while !rest[0].is_empty() {
        let len = 1 + random.below(6000);
        let cut = [0, 1].map(|list| rest[list].split_at(len * elements[list].size()));
        let index = random.below(sums.len());
        sums[index].add(cut.map(|(piece, _)| piece));
        rest = cut.map(|(_, tail)| tail);
    }
    while sums.len() > 1 {
        let from = sums.swap_remove(random.below(sums.len()));
        let into = random.below(sums.len());
        sums[into].merge(&from);
    }
    sums[0].total()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 150 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn doubles(x in kinds(), y in kinds(), long: bool, seed: u64) {
        let mut random = Random(seed);
        let len = random.below(if long && !cfg!(miri) { 6000 } else { 200 });
        let lists = [random.doubles(x, len), random.doubles(y, len)];
        let pairs = || lists[0].iter().copied().zip(lists[1].iter().copied());
        let what = (x, y, len, seed);
        let mut expected = None;
        for isa in Isa::available() {
            let offsets = [8 * random.below(9), 8 * random.below(9)];
            let actual = dot(isa, &lists[0], &lists[1], offsets);
            match expected {
                None => check(actual, pairs(), &(isa, what)),
                Some(expected) => assert_same(Total::Number(actual), Total::Number(expected), &(isa, what)),
            }
            expected = Some(actual);
        }
        let mut lists = lists.each_ref().map(|list| bytes(list));
        let sliced = sliced([Element::Float64; 2], &mut lists, &mut random);
        assert_same(sliced, Total::Number(expected.unwrap()), &("sliced", what));
    }

    /// Pairs whose products cancel to the last bit, but for one.
    #[test]
    fn cancellation(kind in kinds(), len in 1..3000_usize, seed: u64) {
        let mut random = Random(seed);
        let len = if cfg!(miri) { len % 60 } else { len };
        let [x, y] = [random.doubles(kind, len), random.doubles(kind, len)];
        let finite = |list: Vec<f64>| -> Vec<f64> { list.into_iter().map(|x| if x.is_finite() { x } else { 1.0 }).collect() };
        let [mut x, mut y] = [x, y].map(finite);
        x.extend(x.clone().iter().map(|x| -x));
        y.extend(y.clone());
        for (small, index) in [(3.0, random.below(2 * len)), (0.1, random.below(2 * len))] {
            x.insert(index, small);
            y.insert(index, 0.1);
        }
        for isa in Isa::available() {
            let expected = [(3.0, 0.1), (0.1, 0.1)];
            check(dot(isa, &x, &y, [0, 8]), expected.into_iter(), &(isa, kind, len));
        }
    }

    /// All types of Numbers, in any combination.
    #[test]
    fn elements(types in [0..10_usize, 0..10_usize], len in 0..5000_usize, seed: u64) {
        let mut random = Random(seed);
        let len = if cfg!(miri) { len % 60 } else { len };
        let elements = types.map(|index| Element::ALL[index]);
        // Finite numbers as every type: no exponent is all ones.
        let mut lists = elements.map(|element| -> Vec<u8> {
            (0..len * element.size()).map(|_| random.next() as u8 & 0xbf).collect()
        });
        let values: Vec<Vec<f64>> = [0, 1].map(|list| super::oracle::values(elements[list], &lists[list])).into();
        for isa in Isa::available() {
            let mut dot = Dot::new(elements, isa).unwrap();
            let [x, y] = &mut lists;
            dot.add([Block::from_mut(x), Block::from_mut(y)]);
            let pairs = values[0].iter().copied().zip(values[1].iter().copied());
            check(number(dot.total()), pairs, &(isa, elements, len));
        }
        let pairs = values[0].iter().copied().zip(values[1].iter().copied());
        check(number(sliced(elements, &mut lists, &mut random)), pairs, &("sliced", elements));
    }

    #[test]
    fn bigints(signed: [bool; 2], len in 0..300_usize, extreme: bool, seed: u64) {
        let mut random = Random(seed);
        let elements = signed.map(|signed| if signed { Element::BigInt64 } else { Element::BigUint64 });
        let mut lists = signed.map(|_| -> Vec<u8> {
            let word = |random: &mut Random| match random.below(if extreme { 4 } else { 9 }) {
                0 => u64::MAX,
                1 => 1 << 63,
                2 => (1 << 63) - 1,
                _ if extreme => 0,
                _ => random.next(),
            };
            (0..len).flat_map(|_| word(&mut random).to_ne_bytes()).collect()
        });
        let values = [0, 1].map(|list| super::oracle::integers_of(elements[list], &lists[list]));
        let mut sums = [Big::default(), Big::default()];
        for (x, y) in values[0].iter().zip(&values[1]) {
            let sum = &mut sums[usize::from((*x < 0) != (*y < 0))];
            *sum = sum.plus(&Big::new(x.unsigned_abs()).times(&Big::new(y.unsigned_abs())));
        }
        let (is_negative, magnitude) = (sums[0].compare(&sums[1]).is_lt(), sums[0].minus(&sums[1]));
        let limbs = match sliced(elements, &mut lists, &mut random) {
            Total::BigInt(integer) => [integer as u64, (integer >> 64) as u64, (integer >> 127) as u64],
            Total::LargeBigInt(limbs) => limbs,
            Total::Number(number) => panic!("{number} is no BigInt"),
        };
        // In two's complement: modulo 2^192.
        let unsigned = limbs.iter().rev().fold(Big::default(), |big, limb| big.shifted(64).plus(&Big::new((*limb).into())));
        assert_eq!(limbs[2] >> 63 == 1, is_negative, "{limbs:?}");
        let actual = if is_negative { Big::new(1).shifted(192).minus(&unsigned) } else { unsigned };
        assert!(actual.compare(&magnitude).is_eq(), "{limbs:?}");
    }
}

/// Lists of ones with a pair of other numbers at each place: what is lost by a rounded product, an overflow or an underflow.
#[test]
fn no_product_is_lost_among_ones() {
    let len = if cfg!(miri) { 40 } else { 300 };
    let tiny = f64::from_bits(1);
    for (x, y) in [
        (1e-200, 1e-200),
        (-1e-200, 1e-200),
        (tiny, tiny),
        (tiny, 1.0),
        (tiny, f64::MAX),
        (1e-150, 1e-150),
        (0.0, 1e-300),
        (1e200, 1e200),
        (1e300, 1.0),
        (f64::MAX, f64::MAX),
        (0.1, 0.3),
        (1.0 + f64::EPSILON, 1.0 - f64::EPSILON),
        (f64::INFINITY, 0.0),
        (f64::INFINITY, -1.0),
        (f64::NAN, 0.0),
    ] {
        for place in [0, 1, 7, 8, 31, len - 1] {
            let mut lists = [vec![1.0; len], vec![1.0; len]];
            (lists[0][place], lists[1][place]) = (x, y);
            lists[0].push(1.0);
            // Its opposite cancels all ones; or the sum of all others is halfway between two doubles, and the pair decides.
            for last in [-((len - 1) as f64), ((1_u64 << 53) + 2) as f64 - len as f64] {
                lists[1].truncate(len);
                lists[1].push(last);
                let pairs = [(x, y), ((len - 1) as f64, 1.0), (last, 1.0)];
                for isa in Isa::available() {
                    let actual = dot(isa, &lists[0], &lists[1], [0; 2]);
                    check(actual, pairs.into_iter(), &(isa, x, y, place, last));
                }
            }
        }
    }
}

#[test]
fn a_bigint_and_a_number_have_no_product() {
    for isa in Isa::available() {
        assert!(Dot::new([Element::BigInt64, Element::Float64], isa).is_none());
        assert!(Dot::new([Element::Int8, Element::BigUint64], isa).is_none());
        let nothing = |elements| Dot::new(elements, isa).unwrap().total();
        assert_same(nothing([Element::Float64; 2]), Total::Number(0.0), &isa);
        assert_same(nothing([Element::BigInt64; 2]), Total::BigInt(0), &isa);
    }
}

/// Most tiles are caught: else everything would be right, and slow.
#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn most_tiles_are_caught() {
    use crate::product_sum::ProductSum;
    use crate::products::{Pairs, TILE};
    let mut random = Random(7);
    for (kinds, caught) in [
        ([Kind::Uniform, Kind::Uniform], 95..=100),
        ([Kind::Bell, Kind::Bell], 95..=100),
        ([Kind::Integers, Kind::Money], 95..=100),
        ([Kind::Zeros, Kind::Uniform], 95..=100),
        ([Kind::Window(20), Kind::Window(20)], 95..=100),
        ([Kind::AnyExponent, Kind::Uniform], 0..=0),
        ([Kind::Subnormal, Kind::Subnormal], 0..=0),
    ] {
        for isa in Isa::available() {
            let mut sum = ProductSum::<Pairs>::new();
            for _ in 0..100 {
                let [mut x, mut y] = kinds.map(|kind| random.doubles(kind, TILE));
                sum.add(Block::from_doubles(&mut x), Block::from_doubles(&mut y), isa);
            }
            assert!(caught.contains(&sum.caught), "{kinds:?} {isa:?}: {}", sum.caught);
        }
    }
}
