//! The vectors of the standard test suite (test262) for `Math.sumPrecise`.

use super::{assert_same, bytes, oracle};
use crate::{Sum, Total};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// Lists of doubles and their sums, as hexadecimal bit patterns. JavaScript's tests read the same file.
const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../__test__/data/sum-precise-vectors.json"));

/// Reads the file. It is one string a line, which saves a JSON parser: "sum" begins a vector, and bare
/// strings are values.
fn vectors() -> Vec<(f64, Vec<f64>)> {
    let mut vectors = Vec::new();
    for line in VECTORS.lines() {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let double = |hex| f64::from_bits(u64::from_str_radix(hex, 16).expect("sixteen hexadecimal digits"));
        match quoted[..] {
            ["sum", sum] => vectors.push((double(sum), Vec::new())),
            ["values" | "vectors"] | ["about", ..] | [] => {}
            [value] => vectors.last_mut().expect("a sum comes first").1.push(double(value)),
            _ => panic!("unexpected line: {line}"),
        }
    }
    vectors
}

#[test]
fn file_is_complete() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 36);
    assert_eq!(vectors.iter().map(|(_, values)| values.len()).sum::<usize>(), 120);
}

#[test]
fn oracle_agrees() {
    for (expected, values) in vectors() {
        let actual = oracle::doubles(values.iter().copied());
        assert_same(Total::Number(actual), Total::Number(expected), &values);
    }
}

#[test]
fn alone() {
    for (expected, values) in vectors() {
        for isa in Isa::available() {
            let mut sum = Sum::new(Element::Float64, isa);
            sum.add(Block::from_mut(&mut bytes(&values)));
            assert_same(sum.total(), Total::Number(expected), &(isa, &values));
        }
    }
}

/// Among elements that cancel each other, which brings the vectors into the vector kernels and leaves their
/// sums the same.
#[test]
fn among_thousands_that_cancel() {
    let crowd = if cfg!(miri) { 200 } else { 9_000 };
    for (expected, values) in vectors() {
        for scale in [1.0, 1e-300, 1e300] {
            let mut crowded: Vec<f64> = (0..crowd).map(|index| (index as f64 + 0.1) * scale).collect();
            crowded.extend(crowded.clone().iter().map(|x| -x));
            for (index, &value) in values.iter().enumerate() {
                crowded.insert((index * 7919 + 13) % crowded.len(), value);
            }
            // The sum of nothing but negative zeros is -0; in company it is 0.
            let expected = if expected == 0.0 { 0.0 } else { expected };
            for isa in Isa::available() {
                let mut sum = Sum::new(Element::Float64, isa);
                sum.add(Block::from_mut(&mut bytes(&crowded)));
                assert_same(sum.total(), Total::Number(expected), &(isa, scale, &values));
            }
        }
    }
}
