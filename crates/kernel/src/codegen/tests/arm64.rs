//! Code for arm64, made wherever the tests run. What it does is seen where it can run: by all other tests.

use super::super::x64;
use super::arrays;
use crate::analysis::may_wait;
use crate::codegen::Machine;
use crate::interpret::testing::made_by;
use crate::ir::{Element, Function, generate_for_code, parse, verify};

fn words(function: &Function, elements: &[Element]) -> Vec<u32> {
    let made = x64::compile(function, elements, Machine::Neon, None, 4)
        .unwrap_or_else(|why| panic!("{why:?}\n{function}"));
    made.bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
}

fn words_of(text: &str, elements: &[Element]) -> Vec<u32> {
    let function = parse(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    verify(&function).unwrap();
    words(&function, elements)
}

#[test]
fn there_is_code_for_random_functions() {
    let elements: Vec<Element> = arrays(8).iter().map(|(element, _)| *element).collect();
    for seed in 0..if cfg!(debug_assertions) { 1_500 } else { 10_000 } {
        let function = made_by(generate_for_code, seed);
        if !may_wait(&function) {
            assert!(words(&function, &elements).len() > 10, "seed {seed}");
        }
    }
}

/// The conversion to an integer makes 0 of NaN, which is the number of an element.
#[test]
fn a_number_that_all_lanes_share_is_compared_before_it_is_an_index() {
    let text = "function 1 -> f64\narray 0 float64 \"a\"\nscalar 0 \"s\"\n{\n%s = scalar 0\n%n = ffloor %s\n%x = load 0 %n\nyield %x\n}";
    let words = words_of(text, &[Element::Float64]);
    // `fcmp d, d` of a register with itself, and `b.vs`.
    let is_it = |pair: &[u32]| {
        let [compare, jump] = [pair[0], pair[1]];
        compare & 0xffe0_fc1f == 0x1e60_2000
            && compare >> 16 & 31 == compare >> 5 & 31
            && jump & 0xff00_001f == 0x5400_0006
    };
    assert!(words.windows(2).any(is_it));
}

/// Nothing is contracted: products are rounded before they are added.
#[test]
fn a_product_and_a_sum_are_two_instructions() {
    let text = "function 1 -> f64\narray 0 float64 \"a\"\n{\n%i = index 0\n%x = load 0 %i\n%y = fmul %x, %i\n%z = fadd %y, %x\nyield %z\n}";
    let words = words_of(text, &[Element::Float64]);
    let count = |what: u32| words.iter().filter(|word| *word & 0xffe0_fc00 == what).count();
    let [fmul, fadd, fmla, fmls] = [0x6e60_dc00, 0x4e60_d400, 0x4e60_cc00, 0x4ee0_cc00].map(count);
    // One for each part; and one more for each to make the index.
    assert_eq!([fmul, fadd, fmla, fmls], [4, 8, 0, 0]);
}
