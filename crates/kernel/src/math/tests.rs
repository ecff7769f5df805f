//! Replays the results of V8 on x64 in tests/data/math.txt: special values, values at which the functions branch, and many at which
//! C libraries have other bits.

use std::collections::BTreeMap;

use super::Portable;
use crate::interpret::MathLibrary;
use crate::ir::Math;

const TABLE: &str = include_str!("../../tests/data/math.txt");

#[test]
fn bits_of_v8() {
    let mut counts = BTreeMap::new();
    let mut differ = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let (name, numbers) = line.split_once(' ').expect("a name and numbers");
        let function = Math::named(name).expect("a function of Math");
        let numbers: Vec<f64> = numbers
            .split(' ')
            .map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).expect("hexadecimal bits")))
            .collect();
        let (expected, arguments) = numbers.split_last().expect("a result");
        assert_eq!(arguments.len(), function.arity());
        let result = Portable.call(function, arguments);
        *counts.entry(name).or_insert(0) += 1;
        if result.to_bits() != expected.to_bits() {
            differ
                .entry(name)
                .or_insert_with(Vec::new)
                .push(format!("{arguments:?}: {expected:?}, not {result:?}"));
        }
    }
    for (name, lines) in &differ {
        println!("{name}: {} of {} differ, for example {}", lines.len(), counts[name], lines[0]);
    }
    assert!(differ.is_empty());
    for math in Math::ALL {
        assert!(counts[math.name()] > 100, "{}", math.name());
    }
}
