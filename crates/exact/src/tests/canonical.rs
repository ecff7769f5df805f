//! Sums as bytes: the same bytes for the same sum, however it was made; what is read is what was written; and nothing else is read.

mod vectors;

use super::bytes;
use super::data::{Random, kinds};
use super::rational::{Big, units};
use crate::{Mean, Norm, Sum, Total, Variance};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

/// All that can be written of some doubles.
#[derive(Clone)]
struct All {
    terms: u64,
    sum: Sum,
    mean: Mean,
    variance: Variance,
    norm: Norm,
}

/// Their bytes: of the sum, the mean, the variance and the norm.
type Bytes = [Vec<u8>; 4];

impl All {
    fn new(isa: Isa) -> All {
        let element = Element::Float64;
        All {
            terms: 0,
            sum: Sum::new(element, isa),
            mean: Mean::new(element, isa),
            variance: Variance::new(element, isa),
            norm: Norm::new(element, isa),
        }
    }

    fn of(numbers: &[f64]) -> All {
        let mut all = All::new(Isa::detect());
        all.add(Block::from_mut(&mut bytes(numbers)));
        all
    }

    fn add(&mut self, block: Block<'_>) {
        self.terms += (block.len() / size_of::<f64>()) as u64;
        self.sum.add(block);
        self.mean.add(block);
        self.variance.add(block);
        self.norm.add(block);
    }

    fn merge(&mut self, other: &All) {
        self.terms += other.terms;
        self.sum.merge(&other.sum);
        self.mean.merge(&other.mean);
        self.variance.merge(&other.variance);
        self.norm.merge(&other.norm);
    }

    fn write(&self) -> Bytes {
        let mut bytes = Bytes::default();
        let [sum, mean, variance, norm] = &mut bytes;
        self.sum.write(sum);
        self.mean.write(mean);
        self.variance.write(variance);
        self.norm.write(norm);
        bytes
    }

    fn read(bytes: &Bytes, terms: u64) -> All {
        let [sum, mean, variance, norm] = bytes;
        All {
            terms,
            sum: whole(sum, terms, Sum::read).unwrap(),
            mean: whole(mean, terms, Mean::read).unwrap(),
            variance: whole(variance, terms, Variance::read).unwrap(),
            norm: whole(norm, terms, Norm::read).unwrap(),
        }
    }

    fn results(&self) -> [u64; 5] {
        let Total::Number(sum) = self.sum.total() else { panic!("no Number") };
        let results =
            [sum, self.mean.value(), self.variance.value(0), self.variance.value(1), self.norm.value()];
        results.map(|x| if x.is_nan() { f64::NAN } else { x }.to_bits())
    }
}

/// What is read of all of the bytes.
fn whole<T>(bytes: &[u8], terms: u64, read: fn(&mut &[u8], u64) -> Option<T>) -> Option<T> {
    let mut input = bytes;
    read(&mut input, terms).filter(|_| input.is_empty())
}

/// What is read of the bytes, written again.
fn again(which: usize, bytes: &[u8], terms: u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match which {
        0 => whole(bytes, terms, Sum::read)?.write(&mut out),
        1 => whole(bytes, terms, Mean::read)?.write(&mut out),
        2 => whole(bytes, terms, Variance::read)?.write(&mut out),
        _ => whole(bytes, terms, Norm::read)?.write(&mut out),
    }
    Some(out)
}

/// The same, cut anywhere, on any instruction sets, each part written and read, merged in some order, and now and then written and read
/// in between.
fn sliced(mut rest: Block<'_>, random: &mut Random) -> All {
    let isas: Vec<Isa> = Isa::available().collect();
    let mut all: Vec<All> =
        (0..1 + random.below(5)).map(|_| All::new(isas[random.below(isas.len())])).collect();
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at((1 + random.below(5000)) * size_of::<f64>());
        let index = random.below(all.len());
        all[index].add(piece);
        rest = tail;
    }
    let mut parts: Vec<All> =
        all.iter().filter(|all| all.terms > 0).map(|all| All::read(&all.write(), all.terms)).collect();
    while parts.len() > 1 {
        let from = parts.swap_remove(random.below(parts.len()));
        let into = random.below(parts.len());
        parts[into].merge(&from);
        if random.below(2) == 0 {
            parts[into] = All::read(&parts[into].write(), parts[into].terms);
        }
    }
    parts.pop().unwrap()
}

/// The number that is written, in units of 2^-2176, by the definition alone, and what comes after it.
fn number(bytes: &[u8]) -> (bool, Big, &[u8]) {
    let [sign, place, len, rest @ ..] = bytes else { panic!("{bytes:?}") };
    let (digits, rest) = rest.split_at(4 * usize::from(*len));
    let mut sum = Big::default();
    for (digit, place) in digits.chunks_exact(4).zip(i32::from(place.cast_signed())..) {
        let digit = u32::from_le_bytes(digit.try_into().unwrap());
        sum = sum.plus(&Big::new(digit.into()).shifted((32 * place + 2176).try_into().unwrap()));
    }
    (*sign == 1, sum, rest)
}

/// Fails unless finite numbers are written as what they come to.
fn check_numbers(numbers: &[f64], [sum, mean, variance, norm]: &Bytes) {
    let (mut sums, mut squares) = ([Big::default(), Big::default()], Big::default());
    for x in numbers {
        let magnitude = units(x.abs());
        squares = squares.plus(&magnitude.times(&magnitude));
        let sum = &mut sums[usize::from(x.is_sign_negative())];
        *sum = sum.plus(&magnitude);
    }
    let expected = (sums[0].compare(&sums[1]).is_lt(), sums[0].minus(&sums[1]).shifted(2176 - 1074));
    let squares = squares.shifted(2176 - 2 * 1074);

    assert_eq!(sum, mean);
    if numbers.iter().all(|x| x.to_bits() == 1 << 63) {
        assert_eq!(*sum, [1]);
    } else {
        let (is_negative, actual, rest) = number(&sum[1..]);
        assert!(sum[0] == 0 && is_negative == expected.0 && actual.compare(&expected.1).is_eq());
        assert!(rest.is_empty());
    }
    assert_eq!([variance[0], norm[0]], [0, 0]);
    let (is_negative, actual, rest) = number(&variance[1..]);
    assert!(is_negative == expected.0 && actual.compare(&expected.1).is_eq());
    for bytes in [rest, &norm[1..]] {
        let (is_negative, actual, rest) = number(bytes);
        assert!(!is_negative && actual.compare(&squares).is_eq() && rest.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 150 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn slices_come_to_the_same_bytes(kind in kinds(), other in kinds(), long: bool, seed: u64) {
        let mut random = Random(seed);
        let longest = if long && !cfg!(miri) { 9000 } else { 80 };
        let len = 1 + random.below(longest);
        let mut numbers = random.doubles(kind, len);
        numbers.extend(random.doubles(other, len / 3));
        let all = All::of(&numbers);
        let written = all.write();
        let other = sliced(Block::from_mut(&mut bytes(&numbers)), &mut random);
        assert_eq!((other.terms, other.write()), (all.terms, written.clone()));
        assert_eq!(other.results(), all.results());
        if numbers.iter().all(|x| x.is_finite()) {
            check_numbers(&numbers, &written);
        }
    }

    /// Bytes like those that are written are refused, or are what is written of what they are read as.
    #[test]
    fn there_is_one_sequence_for_each_value(kind in kinds(), len in 1..40_usize, seed: u64) {
        let mut random = Random(seed);
        let all = All::of(&random.doubles(kind, len));
        for (which, bytes) in all.write().into_iter().enumerate() {
            for _ in 0..50 {
                let mut changed = bytes.clone();
                for _ in 0..=random.below(2) {
                    let at = random.below(changed.len());
                    match random.below(5) {
                        0 => changed[at] ^= 1 << random.below(8),
                        1 => changed[at] = 0,
                        2 => changed.truncate(at + 1),
                        3 => changed.insert(at, random.next() as u8),
                        _ => changed[at] = random.next() as u8,
                    }
                }
                let terms = if random.below(2) == 0 { all.terms } else { 1 + random.next() % (1 << 53) };
                if let Some(again) = again(which, &changed, terms) {
                    assert_eq!(again, changed, "{which}");
                }
            }
        }
    }
}
