//! The bounds of bins and addends, and rounding in every place.

use super::*;

const STRIDE: usize = if cfg!(miri) { 301 } else { 1 };

/// The fullest bins that there can be, right before a settlement: no bin overflows, and no bit is lost.
#[test]
fn carries_are_settled_in_time() {
    for x in [f64::MAX, 1.0, -1.9, -f64::MIN_POSITIVE] {
        let mut sum = Superaccumulator::new();
        sum.reserve(1);
        sum.add(x);
        // Pretend that this was repeated for as long as there is room.
        sum.bins.iter_mut().for_each(|bin| *bin *= u128::from(ROOM));
        sum.room = 0;
        let expected = (0..37).fold(x, |x, _| x * 2.0);
        assert_eq!(sum.round(), expected);

        let other = sum.clone();
        sum.merge(&other);
        assert_eq!(sum.round(), expected * 2.0);
        assert_eq!(sum.room, ROOM - 1);
        assert!(sum.bins.iter().all(|&bin| bin < 1 << 33));
    }
}

/// The largest addend in every place.
#[test]
fn addends_are_below_their_bound() {
    for position in (0..=2045).step_by(STRIDE) {
        let mut sum = Superaccumulator::new();
        sum.reserve(1);
        sum.add_multiple(-(1 << 57), position);
        assert!(sum.bins.iter().all(|&bin| bin < 1 << 89));
        assert_eq!(sum.round(), (0..57 + position).fold(-f64::from_bits(1), |x, _| x * 2.0));
    }
}

/// Every place where a number can end: half of its last bit rounds to even, and the slightest bit more
/// rounds up.
#[test]
fn rounding() {
    for position in (64..=2045).step_by(STRIDE) {
        for mantissa in [1 << 52, (1 << 52) + 1] {
            let round = |bits: &[(i64, u32)]| {
                let mut sum = Superaccumulator::new();
                sum.reserve(3);
                sum.add_multiple(mantissa, position);
                bits.iter().for_each(|&(multiple, below)| sum.add_multiple(multiple, position - below));
                sum.round()
            };
            let (down, half) = (round(&[]), (1, 1));
            let up = down.next_up();
            assert_eq!(round(&[(1, 2)]), down);
            assert_eq!(round(&[half]), if mantissa % 2 == 0 { down } else { up });
            assert_eq!(round(&[half, (-1, position)]), down);
            assert_eq!(round(&[half, (1, position)]), up);
            assert_eq!(round(&[(3, 2)]), up);
        }
    }
}

/// From the largest double on, half of its last bit makes infinity.
#[test]
fn overflow() {
    let mut sum = Superaccumulator::new();
    sum.reserve(2);
    sum.add(f64::MAX);
    sum.add_multiple((1 << 52) - 1, 2045 - 53);
    assert_eq!(sum.round(), f64::MAX);
    sum.add_multiple(1, 2045 - 53);
    assert_eq!(sum.round(), f64::INFINITY);
}
