//! [`widen`]: numbers of every element type as doubles in private memory. All types but those of BigInts are held by doubles exactly.

use super::{
    format::{Format, Half, Single},
    simd::{GROUP, Simd},
};
use allcores_machine::{Element, Isa, Task};
use allcores_memory::Block;
use std::marker::PhantomData;

/// The elements of a block, each read once, at the beginning of `places`, which has room for them.
pub(super) fn widen<'a>(element: Element, block: Block<'_>, places: &'a mut [f64], isa: Isa) -> Block<'a> {
    let len = block.len() / element.size();
    let places = &mut places[..len];
    match element {
        Element::Int8 => each(block, places, |bits: u8| f64::from(bits.cast_signed())),
        Element::Uint8 | Element::Uint8Clamped => each(block, places, |bits: u8| f64::from(bits)),
        Element::Int16 => each(block, places, |bits: u16| f64::from(bits.cast_signed())),
        Element::Uint16 => each(block, places, |bits: u16| f64::from(bits)),
        Element::Int32 => each(block, places, |bits: u32| f64::from(bits.cast_signed())),
        Element::Uint32 => each(block, places, |bits: u32| f64::from(bits)),
        Element::Float16 => isa.run(Widen::<Half> { block, places, format: PhantomData }),
        Element::Float32 => isa.run(Widen::<Single> { block, places, format: PhantomData }),
        Element::Float64 => each(block, places, f64::from_bits),
        // Callers see to it that there are none.
        Element::BigInt64 => each(block, places, |bits: u64| bits.cast_signed() as f64),
        Element::BigUint64 => each(block, places, |bits: u64| bits as f64),
    }
    Block::from_doubles(places)
}

#[inline(always)]
fn each<T: allcores_memory::Atom>(block: Block<'_>, places: &mut [f64], widen: impl Fn(T) -> f64) {
    let mut places = places.iter_mut();
    block.for_each(|bits: T| {
        if let Some(place) = places.next() {
            *place = widen(bits);
        }
    });
}

/// Widens a block of a floating-point format.
struct Widen<'a, 'p, F> {
    block: Block<'a>,
    places: &'p mut [f64],
    format: PhantomData<F>,
}

impl<S: Simd, F: Format> Task<S, ()> for Widen<'_, '_, F> {
    #[inline(always)]
    fn run(self, simd: S) {
        let (groups, rest) = self.block.whole_pieces(GROUP * S::LANES * size_of::<F::Bits>());
        let (mut vectors, mut len) = (self.places.chunks_exact_mut(S::LANES), 0);
        for group in groups {
            for x in F::load(simd, group) {
                if let Some(places) = vectors.next() {
                    places.iter_mut().zip(simd.lanes(x)).for_each(|(place, x)| *place = x);
                    len += S::LANES;
                }
            }
        }
        each(rest, &mut self.places[len..], F::widen);
    }
}
