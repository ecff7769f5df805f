//! Means, variances, norms and dot products of any bytes as elements of any type, at any offset, whole and in two parts, are the exact
//! numbers of rational arithmetic, rounded once, on every instruction set. No kernel reads past its block, as in `kernels`.

use std::fmt::Debug;

use allcores_exact::{Dot, Mean, Norm, Total, Variance};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

use crate::oracle;
use crate::rational::{Big, Ratio, is_nearest, units};
use crate::room::{Room, same};

/// Repeated so often, elements become longer than the tiles of the kernels. The arithmetic of what is right takes one copy.
const MOST_COPIES: u8 = 24;

/// The first six bytes say which types, how far from a cache line, where to cut, how often the rest is to be there, and the `ddof`.
pub fn check(data: &[u8]) {
    let Some((&[element, other, offset, cut, repeat, ddof], seed)) = data.split_first_chunk::<6>() else {
        return;
    };
    let of = |byte: u8| Element::ALL[usize::from(byte) % Element::ALL.len()];
    let (elements, offset, cut) = ([of(element), of(other)], usize::from(offset) % 64, usize::from(cut));
    let copies = usize::from(repeat % MOST_COPIES) + 1;
    moments(elements[0], seed, copies, offset, cut, ddof.into());
    dot(elements, seed, copies, offset, cut);
}

/// Some copies of elements, exactly.
pub(crate) struct Terms {
    one: Exact,
    copies: usize,
}

/// One of the copies.
enum Exact {
    /// A sign and a magnitude each, in units of a power of two.
    Finite(Vec<(bool, Big)>, i32),
    /// Some of them are no numbers.
    Special(Vec<f64>),
}

impl Terms {
    pub(crate) fn of(element: Element, bytes: &[u8], copies: usize) -> Self {
        Self { one: Exact::of(element, bytes), copies }
    }

    /// This many times what one copy has.
    fn all(&self, of_one: &Big) -> Big {
        of_one.times(&Big::new(self.copies as u128))
    }
}

impl Exact {
    fn of(element: Element, bytes: &[u8]) -> Self {
        if element.is_bigint() {
            let integers = oracle::integers_of(element, bytes);
            let terms = integers.into_iter().map(|x| (x < 0, Big::new(x.unsigned_abs())));
            return Self::Finite(terms.collect(), 0);
        }
        let values = oracle::values(element, bytes);
        if values.iter().any(|x| !x.is_finite()) {
            return Self::Special(values);
        }
        Self::Finite(values.into_iter().map(|x| (x.is_sign_negative(), units(x.abs()))).collect(), -1074)
    }
}

/// The magnitude of a sum of terms with signs, and whether it is negative.
fn difference(terms: impl Iterator<Item = (bool, Big)>) -> (bool, Big) {
    let mut sums = [Big::default(), Big::default()];
    for (is_negative, term) in terms {
        let sum = &mut sums[usize::from(is_negative)];
        *sum = sum.plus(&term);
    }
    (sums[0].compare(&sums[1]).is_lt(), sums[0].minus(&sums[1]))
}

fn is_zero(number: &Big) -> bool {
    number.compare(&Big::default()).is_eq()
}

/// Mean, variance, norm.
type Results = [f64; 3];

fn moments(element: Element, seed: &[u8], copies: usize, offset: usize, cut: usize, ddof: u64) {
    let one = &seed[..seed.len() / element.size() * element.size()];
    let bytes = &one.repeat(copies);
    let cut = cut * bytes.len() / 256 / element.size() * element.size();
    let mut room = Room::new(offset, bytes);
    let block = room.elements(bytes.len());
    let mut expected: Option<Results> = None;
    for isa in Isa::available() {
        let new = || (Mean::new(element, isa), Variance::new(element, isa), Norm::new(element, isa));
        let (mut whole, mut part, mut rest) = (new(), new(), new());
        let all = Block::from_mut(block);
        let (first, second) = all.split_at(cut);
        for (sums, block) in [(&mut whole, all), (&mut rest, second), (&mut part, first)] {
            sums.0.add(block);
            sums.1.add(block);
            sums.2.add(block);
        }
        part.0.merge(&rest.0);
        part.1.merge(&rest.1);
        part.2.merge(&rest.2);
        for sums in [whole, part] {
            let results = [sums.0.value(), sums.1.value(ddof), sums.2.value()];
            let what = (element, isa, cut, ddof);
            match expected {
                None => check_moments(results, &Terms::of(element, one, copies), ddof, &what),
                Some(expected) => {
                    for (a, b) in results.into_iter().zip(expected) {
                        assert!(same(Total::Number(a), Total::Number(b)), "{a}, not {b}: {what:?}");
                    }
                }
            }
            expected = Some(results);
        }
    }
}

fn check_moments([mean, variance, norm]: Results, terms: &Terms, ddof: u64, what: &dyn Debug) {
    check_mean(mean, terms, what);
    check_variance(variance, terms, ddof, what);
    check_norm(norm, terms, what);
}

/// Fails unless this is the mean of the terms.
pub(crate) fn check_mean(mean: f64, terms: &Terms, what: &dyn Debug) {
    match &terms.one {
        Exact::Special(values) => {
            let sum = oracle::doubles(values.iter().copied());
            assert!(same(Total::Number(mean), Total::Number(sum)), "mean {mean}: {what:?}");
        }
        Exact::Finite(one, _) if one.is_empty() => assert!(mean.is_nan(), "mean {mean}: {what:?}"),
        Exact::Finite(one, exponent) => {
            let (is_negative, sum) = difference(one.iter().cloned());
            let divisor = Big::new(one.len() as u128);
            let exact = Ratio { dividend: sum.clone(), divisor, exponent: *exponent };
            assert!(is_nearest(mean.abs(), &exact, false), "mean {mean}: {what:?}");
            assert!(is_zero(&sum) || mean.is_sign_negative() == is_negative, "mean {mean}: {what:?}");
        }
    }
}

/// Fails unless this is the norm of the terms.
pub(crate) fn check_norm(norm: f64, terms: &Terms, what: &dyn Debug) {
    match &terms.one {
        Exact::Special(values) => {
            let expected = if values.iter().any(|x| x.is_nan()) { f64::NAN } else { f64::INFINITY };
            assert!(same(Total::Number(norm), Total::Number(expected)), "norm {norm}: {what:?}");
        }
        Exact::Finite(one, exponent) => {
            let dividend = terms.all(&squares(one));
            let square = Ratio { dividend, divisor: Big::new(1), exponent: 2 * exponent };
            assert!(norm.is_sign_positive() && is_nearest(norm, &square, true), "norm {norm}: {what:?}");
        }
    }
}

/// Fails unless this is the variance of the terms.
pub(crate) fn check_variance(variance: f64, terms: &Terms, ddof: u64, what: &dyn Debug) {
    let (one, exponent, count) = match &terms.one {
        Exact::Finite(one, exponent) if (one.len() * terms.copies) as u64 > ddof => {
            (one, exponent, (one.len() * terms.copies) as u64)
        }
        _ => {
            assert!(variance.is_nan(), "variance {variance}: {what:?}");
            return;
        }
    };
    let size = Big::new(count.into());
    let sum = terms.all(&difference(one.iter().cloned()).1);
    let dividend = size.times(&terms.all(&squares(one))).minus(&sum.times(&sum));
    let divisor = size.times(&Big::new((count - ddof).into()));
    let exact = Ratio { dividend, divisor, exponent: 2 * exponent };
    let is_right = variance.is_sign_positive() && is_nearest(variance, &exact, false);
    assert!(is_right, "variance {variance}: {what:?}");
}

fn squares(terms: &[(bool, Big)]) -> Big {
    terms.iter().fold(Big::default(), |sum, (_, x)| sum.plus(&x.times(x)))
}

/// Copies of the first half of the bytes, and of the second one, as two arrays.
fn dot(elements: [Element; 2], seed: &[u8], copies: usize, offset: usize, cut: usize) {
    let (x, y) = seed.split_at(seed.len() / 2);
    let count = (x.len() / elements[0].size()).min(y.len() / elements[1].size());
    let ones = [&x[..count * elements[0].size()], &y[..count * elements[1].size()]];
    let lists = ones.map(|one| one.repeat(copies));
    let cut = cut * count * copies / 256;
    let mut rooms = [Room::new(offset, &lists[0]), Room::new(64 - offset, &lists[1])];
    let [first, second] = &mut rooms;
    let blocks =
        [Block::from_mut(first.elements(lists[0].len())), Block::from_mut(second.elements(lists[1].len()))];
    let mut expected = None;
    for isa in Isa::available() {
        let Some(mut whole) = Dot::new(elements, isa) else {
            assert_ne!(elements[0].is_bigint(), elements[1].is_bigint());
            return;
        };
        whole.add(blocks);
        let (mut part, mut rest) = (Dot::new(elements, isa).unwrap(), Dot::new(elements, isa).unwrap());
        let cuts = [0, 1].map(|list| blocks[list].split_at(cut * elements[list].size()));
        rest.add(cuts.map(|(_, tail)| tail));
        part.add(cuts.map(|(head, _)| head));
        part.merge(&rest);
        for total in [whole.total(), part.total()] {
            let what = (elements, isa, cut, count);
            match expected {
                None => check_dot(total, elements, ones, copies, &what),
                Some(expected) => assert!(same(total, expected), "{total:?}, not {expected:?}: {what:?}"),
            }
            expected = Some(total);
        }
    }
}

/// Fails unless this is the sum of the products of so many copies of two lists of elements.
pub(crate) fn check_dot(
    total: Total,
    elements: [Element; 2],
    lists: [&[u8]; 2],
    copies: usize,
    what: &dyn Debug,
) {
    match [0, 1].map(|list| Exact::of(elements[list], lists[list])) {
        [Exact::Finite(x, x_exponent), Exact::Finite(y, y_exponent)] => {
            let pairs = x.iter().zip(&y);
            let products = pairs.map(|((a_sign, a), (b_sign, b))| (a_sign != b_sign, a.times(b)));
            let (is_negative, one) = difference(products);
            let exact = one.times(&Big::new(copies as u128));
            let actual_is_negative = match total {
                Total::Number(number) => {
                    let exponent = x_exponent + y_exponent;
                    let exact = Ratio { dividend: exact.clone(), divisor: Big::new(1), exponent };
                    assert!(is_nearest(number.abs(), &exact, false), "{total:?}: {what:?}");
                    number.is_sign_negative()
                }
                Total::BigInt(number) => {
                    let actual = Big::new(number.unsigned_abs());
                    assert!(exact.compare(&actual).is_eq(), "{total:?}: {what:?}");
                    number < 0
                }
                Total::LargeBigInt(words) => {
                    let (is_negative, actual) = magnitude(words);
                    assert!(exact.compare(&actual).is_eq(), "{total:?}: {what:?}");
                    is_negative
                }
            };
            assert_eq!(actual_is_negative, is_negative, "the sign of {total:?}: {what:?}");
        }
        _ => {
            let [x, y] = [0, 1].map(|list| oracle::values(elements[list], lists[list]));
            // Of products that are finite none matters here, and none may overflow.
            let special = |(a, b): (f64, f64)| if a.is_finite() && b.is_finite() { 0.0 } else { a * b };
            let sum = x.into_iter().zip(y).map(special).sum();
            assert!(same(total, Total::Number(sum)), "{total:?}, not {sum}: {what:?}");
        }
    }
}

/// Of a number in two's complement, the lowest 64 bits first.
fn magnitude(words: [u64; 3]) -> (bool, Big) {
    let is_negative = words[2] >> 63 == 1;
    let mut carry = is_negative;
    let words = words.map(|word| {
        if !is_negative {
            return word;
        }
        let (word, overflows) = (!word).overflowing_add(carry.into());
        carry = overflows;
        word
    });
    let low = Big::new(u128::from(words[0]) | u128::from(words[1]) << 64);
    (is_negative, low.plus(&Big::new(words[2].into()).shifted(128)))
}
