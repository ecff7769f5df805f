//! The sum of any bytes as elements of any type, at any offset, whole and in two parts, is that of the oracle on every
//! instruction set. The block has no byte to spare before it or after it, so AddressSanitizer sees a kernel that reads
//! past its end.

use allcores_exact::Sum;
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

use crate::oracle;
use crate::room::{Room, same};

/// The first four bytes say which type, how far from a cache line, where to cut, and how often the rest is to be there.
pub fn check(data: &[u8]) {
    let Some((&[element, offset, cut, repeat], seed)) = data.split_first_chunk::<4>() else { return };
    let element = Element::ALL[usize::from(element) % Element::ALL.len()];
    let elements = seed.repeat(usize::from(repeat % 64) + 1);
    let elements = &elements[..elements.len() / element.size() * element.size()];
    let expected = oracle::total(element, elements);

    let mut room = Room::new(usize::from(offset) % 64, elements);
    let block = room.elements(elements.len());
    let cut = usize::from(cut) * elements.len() / 256 / element.size() * element.size();
    for isa in Isa::available() {
        let mut whole = Sum::new(element, isa);
        whole.add(Block::from_mut(block));
        assert!(same(whole.total(), expected), "{element:?} {isa:?}: {:?}, not {expected:?}", whole.total());

        let (mut sum, mut other) = (Sum::new(element, isa), Sum::new(element, isa));
        let (first, second) = Block::from_mut(block).split_at(cut);
        other.add(second);
        sum.add(first);
        sum.merge(&other);
        assert!(
            same(sum.total(), expected),
            "{element:?} {isa:?} cut at {cut}: {:?}, not {expected:?}",
            sum.total()
        );
    }
}
