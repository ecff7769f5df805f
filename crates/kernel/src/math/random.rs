//! `random(seed, i, k)`: Philox4x32-10, a generator without a state.
//!
//! Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011): ten rounds of a bijection on four
//! words, the counter, under a key of two words. Every call with other arguments is another counter or key, and so may run on
//! any thread, in any order. The algorithm needs only products of 32-bit integers, which vector units have.

use crate::numeric::to_int32;

/// The multipliers.
const M: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// What the key grows by after each round: the golden ratio and sqrt(3) - 1.
const W: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];

/// Ten rounds.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [c0, c1, c2, c3] = counter;
        let product0 = u64::from(M[0]) * u64::from(c0);
        let product1 = u64::from(M[1]) * u64::from(c2);
        counter = [
            (product1 >> 32) as u32 ^ c1 ^ key[0],
            product1 as u32,
            (product0 >> 32) as u32 ^ c3 ^ key[1],
            product0 as u32,
        ];
        key = [key[0].wrapping_add(W[0]), key[1].wrapping_add(W[1])];
    }
    counter
}

/// The integer part of x modulo 2^64, low word first; 0 for NaN and the infinities.
fn words(x: f64) -> [u32; 2] {
    [to_int32(x) as u32, to_int32((x.trunc() / 4_294_967_296.0).floor()) as u32]
}

/// A double from 0 to 1, 1 excluded, with 53 random bits: the key is `seed`, the counter `i` and `k`, of each the integer part
/// modulo 2^64.
pub(super) fn random(seed: f64, i: f64, k: f64) -> f64 {
    let ([i0, i1], [k0, k1]) = (words(i), words(k));
    let [a, b, ..] = philox([i0, i1, k0, k1], words(seed));
    (f64::from(a >> 5) * 67_108_864.0 + f64::from(b >> 6)) / 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::{philox, random, words};

    /// Of Random123's kat_vectors, those of philox4x32 with 10 rounds.
    #[test]
    fn known_answers() {
        let ones = u32::MAX;
        for (counter, key, answer) in [
            ([0; 4], [0; 2], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]),
            ([ones; 4], [ones; 2], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]),
            (
                [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
                [0xa4093822, 0x299f31d0],
                [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
            ),
        ] {
            assert_eq!(philox(counter, key), answer);
        }
    }

    #[test]
    fn words_of_doubles() {
        assert_eq!(words(9_007_199_254_740_991.0), [u32::MAX, 0x1f_ffff]);
        assert_eq!(words(4_294_967_296.5), [0, 1]);
        assert_eq!(words(-1.0), [u32::MAX; 2]);
        assert_eq!(words(-0.5), [0, 0]);
        assert_eq!(words(f64::NAN), [0, 0]);
        assert_eq!(words(f64::INFINITY), [0, 0]);
    }

    #[test]
    fn every_argument_counts() {
        let first = random(1.0, 2.0, 3.0);
        let large = 4_294_967_296.0;
        for (seed, i, k) in [(2.0, 2.0, 3.0), (1.0, 3.0, 3.0), (1.0, 2.0, 4.0)] {
            assert_ne!(random(seed, i, k), first);
        }
        for (seed, i, k) in [(large, 0.0, 0.0), (0.0, large, 0.0), (0.0, 0.0, large)] {
            assert_ne!(random(1.0 + seed, 2.0 + i, 3.0 + k), first);
        }
    }

    #[test]
    fn uniform() {
        let count = 100_000;
        let values: Vec<f64> = (0..count).map(|i| random(7.0, f64::from(i), 0.0)).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        // The mean of uniform values is 1/2 with a deviation of 1 / sqrt(12 n), 0.0009: this is five times that.
        let mean = values.iter().sum::<f64>() / f64::from(count);
        assert!((mean - 0.5).abs() < 0.0046, "{mean}");
        // The last bit of 53, too.
        let odd = values.iter().filter(|value| (**value * 9_007_199_254_740_992.0) % 2.0 == 1.0).count();
        assert!((49_200..50_800).contains(&odd), "{odd}");
    }
}
