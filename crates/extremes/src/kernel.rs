//! [`least`]: the least key of a block.
//!
//! - *Integers:* the least of their vectors, lane by lane.
//! - *Half precision:* as integers of 16 bits, folded (see [`folded`](super::order::folded)). The greatest is computed along with the
//!   least: whichever NaN there is, one of the two shows it.
//! - *Single and double precision:* the least of the vectors, for which 0 and -0 are the same, and NaN may or may not win. So two
//!   things are watched on the way: whether any comparison was unordered, which is NaN; and the signs of all numbers. If the least
//!   is a zero then no number is below, and a sign that was seen is that of a -0.

use std::marker::PhantomData;

use super::order::{Double, EMPTY, Format, Half, Int8, Int16, Int32, Int64, NAN, Order, Single};
use super::simd::{GROUP, Simd};
use allcores_machine::{Element, Isa, Portable, Task};
use allcores_memory::Block;

/// The least key of the elements of a block, [`EMPTY`] if it has none.
#[inline]
pub(crate) fn least(order: Order, isa: Isa, block: Block<'_>) -> i64 {
    let flip = order.flip();
    match order.element() {
        Element::Int8 | Element::Uint8 | Element::Uint8Clamped => isa.run(Least::<Int8>::new(block, flip)),
        Element::Int16 | Element::Uint16 => isa.run(Least::<Int16>::new(block, flip)),
        Element::Int32 | Element::Uint32 => isa.run(Least::<Int32>::new(block, flip)),
        Element::BigInt64 | Element::BigUint64 => isa.run(Least::<Int64>::new(block, flip)),
        Element::Float16 => isa.run(Least::<Half>::new(block, flip)),
        Element::Float32 => isa.run(Least::<Single>::new(block, flip)),
        Element::Float64 => isa.run(Least::<Double>::new(block, flip)),
    }
}

/// The first element of a block that has the least key: its number and its key. `None` if it has no elements.
pub(crate) fn first_least(order: Order, block: Block<'_>) -> Option<(u64, i64)> {
    let flip = order.flip();
    match order.element() {
        Element::Int8 | Element::Uint8 | Element::Uint8Clamped => Least::<Int8>::new(block, flip).first(),
        Element::Int16 | Element::Uint16 => Least::<Int16>::new(block, flip).first(),
        Element::Int32 | Element::Uint32 => Least::<Int32>::new(block, flip).first(),
        Element::BigInt64 | Element::BigUint64 => Least::<Int64>::new(block, flip).first(),
        Element::Float16 => Least::<Half>::new(block, flip).first(),
        Element::Float32 => Least::<Single>::new(block, flip).first(),
        Element::Float64 => Least::<Double>::new(block, flip).first(),
    }
}

/// All elements of a block, whose least is wanted.
struct Least<'a, T> {
    block: Block<'a>,
    flip: u64,
    format: PhantomData<T>,
}

impl<'a, T: Format> Least<'a, T> {
    fn new(block: Block<'a>, flip: u64) -> Self {
        Self { block, flip, format: PhantomData }
    }

    /// The least, one by one.
    #[inline(always)]
    fn of_each(self) -> i64 {
        let mut least = EMPTY;
        self.block.for_each::<T::Bits>(|bits| least = least.min(T::key(bits.into() ^ self.flip)));
        least
    }

    fn first(self) -> Option<(u64, i64)> {
        let mut first: Option<(u64, i64)> = None;
        let mut index = 0;
        self.block.for_each::<T::Bits>(|bits| {
            let key = T::key(bits.into() ^ self.flip);
            if first.is_none_or(|(_, least)| key < least) {
                first = Some((index, key));
            }
            index += 1;
        });
        first
    }
}

impl<T: Format> Task<Portable, i64> for Least<'_, T> {
    #[inline(always)]
    fn run(self, _: Portable) -> i64 {
        self.of_each()
    }
}

impl<S: Simd, T: Vectors> Task<S, i64> for Least<'_, T> {
    #[inline(always)]
    fn run(self, simd: S) -> i64 {
        let flip = simd.fill(self.flip);
        let (groups, rest) = self.block.whole_pieces(GROUP * S::BYTES);
        let mut state = T::begin(simd);
        for vectors in groups {
            state = T::add(simd, state, simd.load(vectors).map(|x| simd.xor(x, flip)));
        }
        T::end(simd, state).min(Least::<T>::new(rest, self.flip).of_each())
    }
}

/// How the elements of a format are compared in vectors.
trait Vectors: Format {
    /// What is known of the vectors so far.
    type State<S: Simd>: Copy;

    fn begin<S: Simd>(simd: S) -> Self::State<S>;

    /// Takes vectors of flipped elements.
    fn add<S: Simd>(simd: S, state: Self::State<S>, vectors: [S::Vector; GROUP]) -> Self::State<S>;

    /// The least key.
    fn end<S: Simd>(simd: S, state: Self::State<S>) -> i64;
}

/// The elements of some vectors, as keys of the integers or numbers that they are.
#[inline(always)]
fn keys<S: Simd, T: Format>(simd: S, vector: S::Vector) -> impl Iterator<Item = i64> {
    simd.words(vector)
        .flat_map(|word| (0..64).step_by(T::BITS as usize).map(move |shift| T::key(word >> shift)))
}

macro_rules! integers {
    ($($format:ident $min:ident $greatest:literal;)*) => {$(
        impl Vectors for $format {
            type State<S: Simd> = S::Vector;

            #[inline(always)]
            fn begin<S: Simd>(simd: S) -> S::Vector {
                simd.fill($greatest)
            }

            #[inline(always)]
            fn add<S: Simd>(simd: S, least: S::Vector, [a, b, c, d]: [S::Vector; GROUP]) -> S::Vector {
                simd.$min(least, simd.$min(simd.$min(a, b), simd.$min(c, d)))
            }

            #[inline(always)]
            fn end<S: Simd>(simd: S, least: S::Vector) -> i64 {
                // What there are no elements of is as great as the greatest: that is no harm among others.
                keys::<S, Self>(simd, least).fold(EMPTY, i64::min)
            }
        }
    )*};
}

integers! {
    Int8 min_i8 0x7f7f_7f7f_7f7f_7f7f;
    Int16 min_i16 0x7fff_7fff_7fff_7fff;
    Int32 min_i32 0x7fff_ffff_7fff_ffff;
    Int64 min_i64 0x7fff_ffff_ffff_ffff;
}

impl Vectors for Half {
    /// The least and the greatest folded numbers.
    type State<S: Simd> = [S::Vector; 2];

    #[inline(always)]
    fn begin<S: Simd>(simd: S) -> [S::Vector; 2] {
        // Infinity has to be there for every other one to be less. It is no NaN, and no more than what there may be.
        [simd.fill(0x7c00_7c00_7c00_7c00); 2]
    }

    #[inline(always)]
    fn add<S: Simd>(
        simd: S,
        [least, greatest]: [S::Vector; 2],
        vectors: [S::Vector; GROUP],
    ) -> [S::Vector; 2] {
        let [a, b, c, d] = vectors.map(|x| simd.fold_i16(x));
        [
            simd.min_i16(least, simd.min_i16(simd.min_i16(a, b), simd.min_i16(c, d))),
            simd.max_i16(greatest, simd.max_i16(simd.max_i16(a, b), simd.max_i16(c, d))),
        ]
    }

    #[inline(always)]
    fn end<S: Simd>(simd: S, [least, greatest]: [S::Vector; 2]) -> i64 {
        let infinity = Self::INFINITY.unwrap_or(EMPTY);
        let folded = |vector| keys::<S, Int16>(simd, vector);
        let has_nan = folded(greatest).any(|key| key > infinity);
        let least = folded(least).fold(EMPTY, i64::min);
        if has_nan || least < -1 - infinity { NAN } else { least }
    }
}

macro_rules! floats {
    ($($format:ident $min:ident $unordered:ident $infinity:literal $signs:literal;)*) => {$(
        impl Vectors for $format {
            /// The least numbers, the signs of all, and whether there was a NaN.
            type State<S: Simd> = [S::Vector; 3];

            #[inline(always)]
            fn begin<S: Simd>(simd: S) -> [S::Vector; 3] {
                [simd.fill($infinity), simd.fill(0), simd.fill(0)]
            }

            #[inline(always)]
            fn add<S: Simd>(
                simd: S,
                [least, signs, nans]: [S::Vector; 3],
                [a, b, c, d]: [S::Vector; GROUP],
            ) -> [S::Vector; 3] {
                [
                    simd.$min(least, simd.$min(simd.$min(a, b), simd.$min(c, d))),
                    simd.or(signs, simd.or(simd.or(a, b), simd.or(c, d))),
                    simd.or(nans, simd.or(simd.$unordered(a, b), simd.$unordered(c, d))),
                ]
            }

            #[inline(always)]
            fn end<S: Simd>(simd: S, [least, signs, nans]: [S::Vector; 3]) -> i64 {
                if simd.words(nans).any(|word| word != 0) {
                    return NAN;
                }
                let least = keys::<S, Self>(simd, least).fold(EMPTY, i64::min);
                let has_sign = simd.words(signs).any(|word| word & $signs != 0);
                // The keys of 0 and -0.
                if least == 0 && has_sign { -1 } else { least }
            }
        }
    )*};
}

floats! {
    Single min_f32 unordered_f32 0x7f80_0000_7f80_0000 0x8000_0000_8000_0000;
    Double min_f64 unordered_f64 0x7ff0_0000_0000_0000 0x8000_0000_0000_0000;
}
