//! What is written, byte by byte, and what is refused.

use super::super::rational::Big;
use super::{All, again, whole};
use crate::{Norm, Sum, Variance};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

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
