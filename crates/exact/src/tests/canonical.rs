//! Sums as bytes: the same bytes for the same sum, however it was made; what is read is what was written; and nothing else is read.

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

/// What the format is: a change of these is another version of it.
#[test]
fn what_is_written() {
    let inf = f64::INFINITY;
    let max = f64::MAX;
    let cases: [(&[f64], &[u8], &[u8]); 14] = [
        (&[1.0], &[0, 0, 0, 1, 1, 0, 0, 0], &[0, 0, 0, 1, 1, 0, 0, 0]),
        (&[-1.0, -1.0], &[0, 1, 0, 1, 2, 0, 0, 0], &[0, 0, 0, 1, 2, 0, 0, 0]),
        (&[0.0, -0.0], &[0, 0, 0, 0], &[0, 0, 0, 0]),
        (&[2.5, -2.5], &[0, 0, 0, 0], &[0, 0, 255, 2, 0, 0, 0, 0x80, 12, 0, 0, 0]),
        (&[-0.0, -0.0], &[1], &[0, 0, 0, 0]),
        (&[4294967296.0], &[0, 0, 1, 1, 1, 0, 0, 0], &[0, 0, 2, 1, 1, 0, 0, 0]),
        (
            &[4294967296.0, 3.0],
            &[0, 0, 0, 2, 3, 0, 0, 0, 1, 0, 0, 0],
            &[0, 0, 0, 3, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
        ),
        (&[0.75], &[0, 0, 255, 1, 0, 0, 0, 0xc0], &[0, 0, 255, 1, 0, 0, 0, 0x90]),
        (&[f64::from_bits(1)], &[0, 0, 222, 1, 0, 0x40, 0, 0], &[0, 0, 188, 1, 0, 0, 0, 0x10]),
        (
            &[max],
            &[0, 0, 30, 2, 0, 0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0, 0, 60, 4, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
        (&[1.0, inf, 2.0], &[2], &[2]),
        (&[-inf], &[3], &[2]),
        (&[inf, -inf], &[4], &[2]),
        (&[3.0, f64::NAN, inf], &[4], &[4]),
    ];
    for (numbers, sum, squares) in cases {
        let written = All::of(numbers).write();
        let variance = if sum[0] > 1 || squares[0] > 1 {
            squares.to_vec()
        } else {
            let number = if sum[0] == 1 { &[0, 0, 0][..] } else { &sum[1..] };
            [&[0], number, &squares[1..]].concat()
        };
        assert_eq!(written, [sum.to_vec(), sum.to_vec(), variance, squares.to_vec()], "{numbers:?}");
        let read = All::read(&written, numbers.len() as u64);
        assert_eq!(read.results(), All::of(numbers).results(), "{numbers:?}");
    }
}

/// A number with these digits.
fn digits(sign: u8, place: i8, digits: &[u32]) -> Vec<u8> {
    let bytes = digits.iter().flat_map(|digit| digit.to_le_bytes());
    [sign, place as u8, digits.len() as u8].into_iter().chain(bytes).collect()
}

fn sum(sign: u8, place: i8, of: &[u32]) -> Vec<u8> {
    [vec![0], digits(sign, place, of)].concat()
}

#[test]
fn what_is_refused() {
    let sum_of = |bytes: &[u8], terms| whole(bytes, terms, Sum::read).is_some();
    let norm_of = |bytes: &[u8], terms| whole(bytes, terms, Norm::read).is_some();
    assert!(sum_of(&sum(0, 0, &[1]), 1) && norm_of(&sum(0, 0, &[1]), 1));
    // Zero in other ways, digits that are zero, other signs and classes, too few digits, and more than a number.
    for bytes in [
        sum(1, 0, &[]),
        sum(0, 1, &[]),
        sum(0, 0, &[0]),
        sum(0, 0, &[0, 1]),
        sum(0, 0, &[1, 0]),
        sum(2, 0, &[1]),
        vec![5],
        vec![],
        vec![0, 0, 0, 1, 1, 0, 0],
        vec![0, 0, 0],
        vec![2, 0],
        [sum(0, 0, &[1]), vec![0]].concat(),
    ] {
        assert!(!sum_of(&bytes, 1) && !norm_of(&bytes, 1), "{bytes:?}");
    }
    // Squares are not negative, and none is -0.
    for bytes in [sum(1, 0, &[1]), vec![1], vec![3]] {
        assert!(sum_of(&bytes, 1) && !norm_of(&bytes, 1), "{bytes:?}");
    }
    // Below the lowest bit.
    for (place, lowest) in [(-34, 14), (-68, 28)] {
        let is_read = |digit: u32| {
            let bytes = sum(0, place, &[digit]);
            if place == -34 { sum_of(&bytes, 1) } else { norm_of(&bytes, 1) }
        };
        assert!(is_read(1 << lowest) && !is_read(1 << (lowest - 1)) && !is_read(3 << (lowest - 1)));
    }
    for place in [-128, -100, -69, 66, 67, 127] {
        assert!(!sum_of(&sum(0, place, &[1 << 31]), 1 << 53), "{place}");
        assert!(!norm_of(&sum(0, place, &[1 << 31]), 1 << 53), "{place}");
    }
    for place in [-67, -35, 34, 65] {
        assert!(!sum_of(&sum(0, place, &[1 << 31]), 1 << 53), "{place}");
    }
    assert!(norm_of(&sum(0, 65, &[1 << 15]), 1 << 53));
}

/// No more than so many of the largest doubles, by any unit.
#[test]
fn sums_are_those_of_their_terms() {
    for terms in [1_u64, 2, 3, 1000, (1 << 53) - 1, 1 << 53] {
        let most = Big::new((1 << 53) - 1);
        let squares = most.times(&most).times(&Big::new(terms.into())).shifted(2 * 971 - 32 * 60);
        let most = most.times(&Big::new(terms.into())).shifted(971 - 32 * 30);
        for (which, place, most) in [(0, 30, most), (3, 60, squares)] {
            let is_read = |big: &Big| {
                let bytes = big.bytes();
                let (all, _) = bytes.as_chunks::<4>();
                let zeros = all.iter().take_while(|digit| **digit == [0; 4]).count();
                let of: Vec<u32> = all[zeros..].iter().copied().map(u32::from_le_bytes).collect();
                again(which, &sum(0, place + zeros as i8, &of), terms).is_some()
            };
            assert!(is_read(&most) && !is_read(&most.plus(&Big::new(1))), "{which} {terms}");
        }
    }
}

/// The square of the sum of n numbers is at most n times the sum of their squares.
#[test]
fn a_variance_is_not_negative() {
    let variance = |sum: u32, squares: u32, terms| {
        let bytes = [vec![0], digits(1, 0, &[sum]), digits(0, 0, &[squares])].concat();
        whole(&bytes, terms, Variance::read).map(|variance| variance.value(0))
    };
    assert_eq!(variance(6, 12, 3), Some(0.0));
    assert_eq!(variance(6, 13, 3), Some(1.0 / 3.0));
    assert_eq!(variance(6, 11, 3), None);
    assert_eq!(variance(6, 35, 1), None);
    assert_eq!(variance(6, 36, 1), Some(0.0));
}

/// As many terms as there can be.
#[test]
fn the_largest_sums_merge() {
    let mut all = All::of(&[f64::MAX, f64::MAX]);
    for doubling in 2..=52 {
        let written = all.write();
        all = All::read(&written, all.terms);
        all.merge(&All::read(&written, all.terms));
        assert_eq!(all.terms, 1 << doubling);
    }
    let [sum, mean, variance, norm] = all.write();
    assert!(sum.len() <= 20 && mean == sum && norm.len() <= 32 && variance.len() <= 50);
    assert_eq!(all.mean.value(), f64::MAX);
    assert_eq!((all.variance.value(0), all.norm.value()), (0.0, f64::INFINITY));
}

/// Sums of integers are written as the numbers that they are.
#[test]
fn integers() {
    let mut sum = Sum::new(Element::Int32, Isa::detect());
    sum.add(Block::from_mut(&mut [0xff; 8]));
    let mut written = Vec::new();
    sum.write(&mut written);
    assert_eq!(written, [0, 1, 0, 1, 2, 0, 0, 0]);
}
