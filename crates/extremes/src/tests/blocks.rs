//! Extremes of blocks of every length, at every alignment, on every instruction set.

use allcores_machine::{Element, Isa};
use allcores_memory::Block;
use proptest::prelude::*;

use super::{SIDES, edges, is_same, oracle, values};
use crate::{ArgExtreme, Extreme};

/// Compares everything with the oracle, for elements of these bytes from `offset` on.
fn check(element: Element, bytes: &mut [u8], offset: usize) {
    let bytes = &mut bytes[offset..];
    let values = values(element, bytes);
    let whole = values.len() * element.size();
    for side in SIDES {
        let expected = oracle(side, &values);
        for isa in Isa::available() {
            let mut extreme = Extreme::new(side, element, isa);
            extreme.add(Block::from_mut(&mut bytes[..whole]));
            let mut arg = ArgExtreme::new(side, element, isa);
            arg.add(7, Block::from_mut(&mut bytes[..whole]));
            assert_eq!(
                arg.index(),
                expected.map(|index| index as u64 + 7),
                "{side:?} {element:?} {isa:?} {values:?}"
            );
            let value = extreme.value();
            match expected {
                Some(index) => assert!(
                    value.is_some_and(|value| is_same(value, values[index])),
                    "{side:?} {element:?} {isa:?}: {value:?} of {values:?}"
                ),
                None => assert_eq!(value.is_none(), element.is_bigint()),
            }
        }
    }
}

fn any_element() -> impl Strategy<Value = Element> {
    prop::sample::select(Element::ALL.to_vec())
}

proptest! {
    #[test]
    fn extremes_are_those_of_ecmascript(
        element in any_element(),
        mut bytes in prop::collection::vec(any::<u8>(), 0..1500),
        offset in 0_usize..9,
    ) {
        let offset = offset.min(bytes.len());
        check(element, &mut bytes, offset);
    }

    /// Few different elements, all of them edges.
    #[test]
    fn edges_are_ordered(
        element in any_element(),
        choices in prop::collection::vec(0_usize..14, 0..200),
        among in 1_usize..14,
    ) {
        let edges = edges(element);
        let mut bytes: Vec<u8> = choices
            .iter()
            .flat_map(|choice| edges[choice % among].to_le_bytes().into_iter().take(element.size()))
            .collect();
        check(element, &mut bytes, 0);
    }
}

/// Each place of a block matters: one element that wins or does not, among others that are the same. Zeros of the other sign are such.
#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn every_place_counts() {
    for element in Element::ALL {
        let edges = edges(element);
        for len in [1, 5, 64, 300] {
            for place in (0..len).step_by(if len == 300 { 7 } else { 1 }) {
                for (one, others) in
                    edges.iter().flat_map(|one| edges[..3].iter().map(move |others| (one, others)))
                {
                    let bits = |index: usize| if index == place { *one } else { *others };
                    let mut bytes: Vec<u8> = (0..len)
                        .flat_map(|index| bits(index).to_le_bytes().into_iter().take(element.size()))
                        .collect();
                    check(element, &mut bytes, 0);
                }
            }
        }
    }
}

/// Of every length up to more than a group of the widest vectors has.
#[test]
fn every_length_counts() {
    for element in Element::ALL {
        for len in 0..if cfg!(miri) { 20 } else { 600 } {
            let mut bytes: Vec<u8> = (0..len * element.size()).map(|at| (at * 37 % 251) as u8).collect();
            check(element, &mut bytes, 0);
        }
    }
}

#[test]
fn blocks_merge_in_any_order() {
    for element in Element::ALL {
        let mut bytes: Vec<u8> =
            (0..30_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let values = values(element, &bytes);
        let half = bytes.len() / 2 / 8 * 8;
        for side in SIDES {
            for isa in Isa::available() {
                let (mut all, mut arg) =
                    (Extreme::new(side, element, isa), ArgExtreme::new(side, element, isa));
                let mut other = arg;
                let (first, second) = bytes.split_at_mut(half);
                all.add(Block::from_mut(second));
                arg.add((half / element.size()) as u64, Block::from_mut(second));
                let mut one = Extreme::new(side, element, isa);
                one.add(Block::from_mut(first));
                other.add(0, Block::from_mut(first));
                all.merge(&one);
                all.merge(&Extreme::new(side, element, isa));
                arg.merge(&other);
                arg.merge(&ArgExtreme::new(side, element, isa));
                let expected = oracle(side, &values).unwrap();
                assert!(is_same(all.value().unwrap(), values[expected]), "{side:?} {element:?}");
                assert_eq!(arg.index(), Some(expected as u64), "{side:?} {element:?}");
            }
        }
    }
}
