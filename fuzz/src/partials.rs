//! Partial results. Any bytes are refused, or are the only sequence for what they are read as, and can be merged and finished. Any terms,
//! cut into two, come to the bytes and to the value of the whole; of sums, that is the value of the oracle.

use allcores::internals::{METHODS, finish_partial, merge_partials, partial};

use crate::oracle;

/// The first byte says which method, and what the others are: terms, the bytes of a partial result, or changes to that of some terms.
pub fn check(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let method = usize::from(first) % METHODS;
    match first {
        // Where the first term is, and where to cut.
        0..80 => {
            if let Some((&[start, cut], terms)) = rest.split_first_chunk() {
                let terms = doubles(terms);
                check_terms(method, start.into(), usize::from(cut) % (terms.len() + 1), terms);
            }
        }
        // Which bytes are what else.
        80..200 => {
            if let Some((changes, terms)) = rest.split_first_chunk::<4>() {
                let mut bytes = partial(method, 7, &mut doubles(terms));
                let len = bytes.len();
                for &[at, value] in changes.as_chunks().0 {
                    bytes[usize::from(at) % len] = value;
                }
                check_bytes(method, &bytes);
            }
        }
        _ => check_bytes(method, rest),
    }
}

fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|bits| f64::from_bits(u64::from_le_bytes(*bits))).collect()
}

fn check_bytes(method: usize, bytes: &[u8]) {
    let empty = partial(method, 0, &mut []);
    let value = finish_partial(method, bytes, 1);
    let merged = merge_partials(method, bytes, &empty);
    assert_eq!(merged.is_some(), value.is_some());
    let Some(merged) = merged else { return };
    assert_eq!(*merged, *bytes);
    assert_eq!(merge_partials(method, &empty, bytes), Some(merged));

    let three = partial(method, 5, &mut [1.5, -2.0, f64::MAX]);
    let (up, down) = (merge_partials(method, bytes, &three), merge_partials(method, &three, bytes));
    assert_eq!(up, down);
    if let Some(up) = up {
        assert!(finish_partial(method, &up, 0).is_some());
        let twice = merge_partials(method, &up, bytes);
        let other =
            merge_partials(method, bytes, bytes).and_then(|twice| merge_partials(method, &three, &twice));
        assert_eq!(twice, other);
    }
}

fn check_terms(method: usize, start: u64, cut: usize, mut terms: Vec<f64>) {
    let whole = partial(method, start, &mut terms);
    let (low, high) = terms.split_at_mut(cut);
    let [low, high] = [partial(method, start, low), partial(method, start + cut as u64, high)];
    assert_eq!(merge_partials(method, &low, &high).as_ref(), Some(&whole));
    assert_eq!(merge_partials(method, &high, &low).as_ref(), Some(&whole));
    let value = finish_partial(method, &whole, 0).expect("what was written is read");
    if method == 0 {
        let expected = oracle::doubles(terms.iter().copied()) + 0.0;
        assert!(
            value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan(),
            "{value}, not {expected}"
        );
    }
}
