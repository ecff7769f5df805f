//! Means, variances and norms: the exact rational number, or the square root of it, rounded once.

use super::data::{Random, kinds};
use super::rational::{Big, Ratio, is_nearest, units};
use super::{assert_same, bytes, oracle};
use crate::{Dot, Mean, Norm, Total, Variance};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

/// Mean, variance with each of these `ddof`, and norm.
#[derive(Clone, Copy, Debug)]
struct Results {
    mean: f64,
    variances: [f64; 3],
    norm: f64,
}

const DDOFS: [u64; 3] = [0, 1, 5];

impl Results {
    fn list(self) -> impl Iterator<Item = f64> {
        [self.mean, self.norm].into_iter().chain(self.variances)
    }
}

/// What all kernels of this instruction set say of a block.
fn results(element: Element, isa: Isa, block: Block<'_>) -> Results {
    let (mut mean, mut variance, mut norm) =
        (Mean::new(element, isa), Variance::new(element, isa), Norm::new(element, isa));
    mean.add(block);
    variance.add(block);
    norm.add(block);
    Results { mean: mean.value(), variances: DDOFS.map(|ddof| variance.value(ddof)), norm: norm.value() }
}

/// The same, cut anywhere and merged in some order.
fn sliced(element: Element, mut rest: Block<'_>, random: &mut Random) -> Results {
    let isas: Vec<Isa> = Isa::available().collect();
    let mut all: Vec<_> = (0..1 + random.below(4))
        .map(|_| isas[random.below(isas.len())])
        .map(|isa| (Mean::new(element, isa), Variance::new(element, isa), Norm::new(element, isa)))
        .collect();
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at((1 + random.below(5000)) * element.size());
        let index = random.below(all.len());
        all[index].0.add(piece);
        all[index].1.add(piece);
        all[index].2.add(piece);
        rest = tail;
    }
    while all.len() > 1 {
        let from = all.swap_remove(random.below(all.len()));
        let into = random.below(all.len());
        all[into].0.merge(&from.0);
        all[into].1.merge(&from.1);
        all[into].2.merge(&from.2);
    }
    let (mean, variance, norm) = &all[0];
    Results { mean: mean.value(), variances: DDOFS.map(|ddof| variance.value(ddof)), norm: norm.value() }
}

/// Fails unless the results are those of numbers, each a sign and a magnitude in units of 2^`exponent`.
fn check_exact(results: Results, numbers: &[(bool, Big)], exponent: i32, what: &dyn std::fmt::Debug) {
    let (mut sums, mut squares) = ([Big::default(), Big::default()], Big::default());
    for (is_negative, x) in numbers {
        let sum = &mut sums[usize::from(*is_negative)];
        *sum = sum.plus(x);
        squares = squares.plus(&x.times(x));
    }
    let count = Big::new(numbers.len() as u128);
    let (is_negative, sum) = (sums[0].compare(&sums[1]).is_lt(), sums[0].minus(&sums[1]));

    let mean = Ratio { dividend: sum.clone(), divisor: count.clone(), exponent };
    assert!(
        numbers.is_empty() && results.mean.is_nan() || is_nearest(results.mean.abs(), &mean, false),
        "{what:?}"
    );
    assert!(
        sum.compare(&Big::default()).is_eq() || results.mean.is_sign_negative() == is_negative,
        "{what:?}"
    );

    let norm = Ratio { dividend: squares.clone(), divisor: Big::new(1), exponent: 2 * exponent };
    assert!(is_nearest(results.norm, &norm, true), "{} {what:?}", results.norm);

    for (variance, ddof) in results.variances.into_iter().zip(DDOFS) {
        if numbers.len() as u64 <= ddof {
            assert!(variance.is_nan(), "{variance} {what:?}");
            continue;
        }
        let dividend = count.times(&squares).minus(&sum.times(&sum));
        let divisor = count.times(&Big::new(numbers.len() as u128 - u128::from(ddof)));
        let exact = Ratio { dividend, divisor, exponent: 2 * exponent };
        assert!(
            variance.is_sign_positive() && is_nearest(variance, &exact, false),
            "{variance} {ddof} {what:?}"
        );
    }
}

fn check(results: Results, numbers: &[f64], what: &dyn std::fmt::Debug) {
    let is_nan = numbers.iter().any(|x| x.is_nan());
    if numbers.iter().all(|x| x.is_finite()) {
        let exact: Vec<_> = numbers.iter().map(|x| (x.is_sign_negative(), units(x.abs()))).collect();
        check_exact(results, &exact, -1074, what);
    } else {
        let sum = Total::Number(oracle::doubles(numbers.iter().copied()));
        assert_same(Total::Number(results.mean), sum, what);
        let norm = if is_nan { f64::NAN } else { f64::INFINITY };
        assert_same(Total::Number(results.norm), Total::Number(norm), what);
        assert!(results.variances.iter().all(|x| x.is_nan()), "{what:?}");
    }
}

/// Fails unless all ways to the results lead to the same.
fn same_everywhere(
    element: Element,
    bytes: &mut [u8],
    random: &mut Random,
    what: &dyn std::fmt::Debug,
) -> Results {
    let block = Block::from_mut(bytes);
    let first = results(element, Isa::PORTABLE, block);
    for isa in Isa::available() {
        for (a, b) in results(element, isa, block).list().zip(first.list()) {
            assert_same(Total::Number(a), Total::Number(b), &(isa, what));
        }
    }
    for (a, b) in sliced(element, block, random).list().zip(first.list()) {
        assert_same(Total::Number(a), Total::Number(b), &("sliced", what));
    }
    first
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 150 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn doubles(kind in kinds(), other in kinds(), long: bool, shifted: bool, seed: u64) {
        let mut random = Random(seed);
        let longest = if long && !cfg!(miri) { 5000 } else { 80 };
        let len = random.below(longest);
        let mut numbers = random.doubles(kind, len);
        numbers.extend(random.doubles(other, len / 3));
        if shifted {
            numbers.iter_mut().for_each(|x| *x += 1e16);
        }
        let what = (kind, other, len, seed);
        check(same_everywhere(Element::Float64, &mut bytes(&numbers), &mut random, &what), &numbers, &what);
    }

    #[test]
    fn elements(index in 0..10_usize, len in 0..5000_usize, seed: u64) {
        let mut random = Random(seed);
        let (element, len) = (Element::ALL[index], if cfg!(miri) { len % 60 } else { len });
        // Finite numbers as every type: no exponent is all ones.
        let mut bytes: Vec<u8> = (0..len * element.size()).map(|_| random.next() as u8 & 0xbf).collect();
        let numbers = oracle::values(element, &bytes);
        check(same_everywhere(element, &mut bytes, &mut random, &element), &numbers, &(element, len));
    }

    #[test]
    fn bigints(is_signed: bool, len in 0..300_usize, extreme: bool, seed: u64) {
        let mut random = Random(seed);
        let element = if is_signed { Element::BigInt64 } else { Element::BigUint64 };
        let word = |random: &mut Random| match random.below(4) {
            0 => u64::MAX,
            1 => 1 << 63,
            _ if extreme => (1 << 63) - 1,
            _ => random.next(),
        };
        let mut bytes: Vec<u8> = (0..len).flat_map(|_| word(&mut random).to_ne_bytes()).collect();
        let numbers: Vec<_> = oracle::integers_of(element, &bytes)
            .into_iter()
            .map(|x| (x < 0, Big::new(x.unsigned_abs())))
            .collect();
        let results = same_everywhere(element, &mut bytes, &mut random, &element);
        check_exact(results, &numbers, 0, &(element, len));
    }
}

/// Equal numbers have no variance, whatever they are, and their mean is that number; shifting does not change a variance.
#[test]
fn equal_and_shifted_numbers() {
    let mut random = Random(3);
    for x in [0.1, -1e16, f64::MAX, f64::from_bits(1), 1e-310, 123_456.789] {
        let mut equal = bytes(&vec![x; if cfg!(miri) { 40 } else { 5000 }]);
        let results = same_everywhere(Element::Float64, &mut equal, &mut random, &x);
        assert_eq!((results.mean, results.variances), (x, [0.0; 3]));
    }
    let numbers =
        |shift: f64| bytes(&(0..4000).map(|index| f64::from(index % 4) * 2.0 + shift).collect::<Vec<_>>());
    for shift in [0.0, 1e16, -1e16] {
        let results = same_everywhere(Element::Float64, &mut numbers(shift), &mut random, &shift);
        assert_eq!((results.mean, results.variances[0]), (3.0 + shift, 5.0));
    }
}

/// Squares that no double holds.
#[test]
fn squares_overflow_and_underflow() {
    let mut random = Random(4);
    for (numbers, mean, variance, norm) in [
        (&[3e200, 4e200][..], 3.5e200, f64::INFINITY, 5e200),
        (&[3e-200, 5e-200], 4e-200, 0.0, 34_f64.sqrt() * 1e-200),
        (&[f64::MAX, f64::MAX], f64::MAX, 0.0, f64::INFINITY),
        (&[f64::MAX, -f64::MAX], 0.0, f64::INFINITY, f64::INFINITY),
        (&[-0.0], -0.0, 0.0, 0.0),
        (&[0.0, -0.0], 0.0, 0.0, 0.0),
        (&[f64::from_bits(3), f64::from_bits(4)], f64::from_bits(4), 0.0, f64::from_bits(5)),
        (&[1e-162, -1e-162], 0.0, 0.0, 2_f64.sqrt() * 1e-162),
    ] {
        let results = same_everywhere(Element::Float64, &mut bytes(numbers), &mut random, &numbers);
        check(results, numbers, &numbers);
        assert_eq!(results.mean.to_bits(), f64::to_bits(mean), "{numbers:?}");
        assert_eq!(results.variances[0], variance, "{numbers:?}");
        assert!((results.norm / norm - 1.0).abs() < 1e-15 || results.norm == norm, "{numbers:?}");
    }
}

/// Lists of doubles with what Python's `fractions` makes of them, as hexadecimal bit patterns. JavaScript's tests read the same file.
const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../__test__/data/moments-vectors.json"));

/// It is one string a line, which saves a JSON parser.
#[test]
fn vectors_of_fractions() {
    let (mut lists, mut numbers) = (0, Vec::new());
    for line in VECTORS.lines() {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let double = |hex| f64::from_bits(u64::from_str_radix(hex, 16).expect("sixteen hexadecimal digits"));
        match quoted[..] {
            ["values" | "vectors"] | ["about", ..] | [] => {}
            [value] => numbers.push(double(value)),
            [name, result] => {
                for isa in Isa::available() {
                    let block = &mut bytes(&numbers);
                    let of = results(Element::Float64, isa, Block::from_mut(block));
                    let actual = match name {
                        "mean" => of.mean,
                        "variance" => of.variances[0],
                        "sampleVariance" => of.variances[1],
                        "norm" => of.norm,
                        "dot" => {
                            let reversed = &mut bytes(&numbers.iter().rev().copied().collect::<Vec<_>>());
                            let mut dot = Dot::new([Element::Float64; 2], isa).unwrap();
                            dot.add([Block::from_mut(block), Block::from_mut(reversed)]);
                            let Total::Number(dot) = dot.total() else { panic!("no Number") };
                            dot
                        }
                        _ => panic!("unexpected line: {line}"),
                    };
                    assert_same(Total::Number(actual), Total::Number(double(result)), &(isa, name, &numbers));
                }
                if name == "dot" {
                    lists += 1;
                    numbers.clear();
                }
            }
            _ => panic!("unexpected line: {line}"),
        }
    }
    assert_eq!(lists, 38);
}
