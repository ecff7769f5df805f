//! [`Mean`], [`Variance`] and [`Norm`]: what comes of exact sums by one division or one square root, rounded once.

use super::{
    Sum,
    big_products::{self, BigProducts},
    canonical::{self, Class, Number},
    fused::Fused,
    natural::{Natural, nearest_quotient, nearest_root},
    product_sum::ProductSum,
    products::{Squares, SquaresAndNumbers, TILE, Terms},
    superaccumulator::{self, Superaccumulator},
    wide::{self, WideAccumulator},
    widen::widen,
};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

/// The arithmetic mean: the exact sum of all elements, divided by their number, rounded once to the nearest double, ties to even.
///
/// NaN if there are no elements. NaN, infinities and negative zeros as in a [`Sum`]: the mean of one number is that number.
#[derive(Clone, Debug)]
pub struct Mean {
    sum: Sum,
    count: u64,
}

impl Mean {
    /// The mean of no elements, to which elements of this type can be added.
    pub const fn new(element: Element, isa: Isa) -> Mean {
        Mean { sum: Sum::new(element, isa), count: 0 }
    }

    /// Adds the elements of a block, as [`Sum::add`] does.
    pub fn add(&mut self, block: Block<'_>) {
        self.count += (block.len() / self.sum.element.size()) as u64;
        self.sum.add(block);
    }

    /// Counts doubles that a loop adds up, and that are going to be [taken](Self::take).
    pub fn count(&mut self, doubles: usize) {
        self.count += doubles as u64;
    }

    /// Takes doubles that a loop has added up, as [`Sum::take`] does. They have been [counted](Self::count).
    pub fn take(&mut self, fused: &mut Fused) {
        self.sum.take(fused);
    }

    /// Adds the elements of another mean of the same type.
    pub fn merge(&mut self, other: &Mean) {
        self.count += other.count;
        self.sum.merge(&other.sum);
    }

    /// Writes the sum of all elements so far, as [`canonical`] has it.
    pub fn write(&self, out: &mut impl Extend<u8>) {
        self.sum.write(out);
    }

    /// The mean of `terms` doubles, at least one, whose sum is written next; `None` if there is none.
    pub fn read(input: &mut &[u8], terms: u64) -> Option<Mean> {
        Some(Mean { sum: Sum::read(input, terms)?, count: terms })
    }

    /// The mean of all elements so far.
    pub fn value(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.sum.quotient(self.count) }
    }
}

/// Exact sums of squares.
#[derive(Clone, Debug)]
struct Moments<T> {
    element: Element,
    isa: Isa,
    /// Of a type of Numbers.
    numbers: ProductSum<T>,
    /// Of a type of BigInts: the squares, and the integers themselves.
    bigints: (BigProducts, i128),
    count: u64,
}

impl<T: Terms> Moments<T> {
    const fn new(element: Element, isa: Isa) -> Moments<T> {
        Moments { element, isa, numbers: ProductSum::new(), bigints: (BigProducts::new(), 0), count: 0 }
    }

    fn add(&mut self, block: Block<'_>) {
        let (element, isa) = (self.element, self.isa);
        self.count += (block.len() / element.size()) as u64;
        match element {
            Element::Float64 => self.numbers.add(block, block, isa),
            Element::BigInt64 | Element::BigUint64 => {
                let (squares, sum) = &mut self.bigints;
                big_products::for_each(block, element == Element::BigInt64, |x| {
                    squares.add_product(x, x);
                    *sum += x;
                });
            }
            _ => {
                let mut places = [0.0; TILE];
                for piece in block.pieces(TILE * element.size()) {
                    let piece = widen(element, piece, &mut places, isa);
                    self.numbers.add(piece, piece, isa);
                }
            }
        }
    }

    fn merge(&mut self, other: &Moments<T>) {
        debug_assert_eq!(self.element, other.element);
        self.numbers.merge(&other.numbers);
        self.bigints.0.merge(&other.bigints.0);
        self.bigints.1 += other.bigints.1;
        self.count += other.count;
    }

    /// The sum of the squares, and the exponent of its unit.
    fn squares(&self) -> (Natural, i32) {
        if self.element.is_bigint() {
            (self.bigints.0.magnitude(), 0)
        } else {
            (self.numbers.products().1, wide::LOWEST)
        }
    }

    /// Whether the sum of the elements is negative, its magnitude, and the exponent of its unit.
    fn sum(&self) -> (bool, Natural, i32) {
        if self.element.is_bigint() {
            (self.bigints.1 < 0, Natural::from_u128(self.bigints.1.unsigned_abs()), 0)
        } else {
            let (is_negative, magnitude) = self.numbers.numbers();
            (is_negative, magnitude, superaccumulator::LOWEST)
        }
    }

    /// n Σx² and (Σx)², and the exponent of their unit.
    fn scaled_squares(&self) -> (Natural, Natural, i32) {
        let ((squares, squares_unit), (_, sum, sum_unit)) = (self.squares(), self.sum());
        let shift = (squares_unit - 2 * sum_unit).cast_unsigned();
        (squares.times(self.count).shifted_left(shift), sum.squared(), 2 * sum_unit)
    }

    fn write(&self, out: &mut impl Extend<u8>) {
        if let Some(special) = self.numbers.special() {
            return Class::of(special).write(out);
        }
        Class::Finite.write(out);
        if T::WITH_NUMBERS {
            let (is_negative, sum, unit) = self.sum();
            canonical::write(out, is_negative, &sum, unit);
        }
        let (squares, unit) = self.squares();
        canonical::write(out, false, &squares, unit);
    }

    fn read(input: &mut &[u8], terms: u64) -> Option<Moments<T>> {
        let class = Class::read(input)?;
        let (mut squares, mut numbers) = (WideAccumulator::new(), Superaccumulator::new());
        match class {
            Class::Finite if T::WITH_NUMBERS => {
                numbers = Superaccumulator::read(&Number::read(input)?, terms)?;
                squares = WideAccumulator::read(&Number::read(input)?, terms)?;
            }
            Class::Finite => squares = WideAccumulator::read(&Number::read(input)?, terms)?,
            Class::Infinity | Class::NaN => squares = squares.with(class.special()?),
            Class::NegativeZero | Class::NegativeInfinity => return None,
        }
        let mut moments = Moments::new(Element::Float64, Isa::PORTABLE);
        moments.numbers = ProductSum::of(squares, numbers);
        moments.count = terms;
        let (more, less, _) = moments.scaled_squares();
        more.compare(&less).is_ge().then_some(moments)
    }
}

/// The variance: the exact value of (n Σx² - (Σx)²) / (n (n - ddof)), rounded once to the nearest double, ties to even.
///
/// NaN if a number is not finite, or if there are no more than `ddof` of them. A zero is +0.
#[derive(Clone, Debug)]
pub struct Variance {
    moments: Moments<SquaresAndNumbers>,
}

impl Variance {
    /// The variance of no elements, to which elements of this type can be added.
    pub const fn new(element: Element, isa: Isa) -> Variance {
        Variance { moments: Moments::new(element, isa) }
    }

    /// Adds the elements of a block, as [`Sum::add`] does.
    pub fn add(&mut self, block: Block<'_>) {
        self.moments.add(block);
    }

    /// Adds the elements of another variance of the same type.
    pub fn merge(&mut self, other: &Variance) {
        self.moments.merge(&other.moments);
    }

    /// Writes the sums of all elements so far and of their squares, as [`canonical`] has them.
    pub fn write(&self, out: &mut impl Extend<u8>) {
        self.moments.write(out);
    }

    /// The variance of `terms` doubles, at least one, whose sums are written next; `None` if there are none.
    pub fn read(input: &mut &[u8], terms: u64) -> Option<Variance> {
        Some(Variance { moments: Moments::read(input, terms)? })
    }

    /// The variance of all elements so far, with `ddof` degrees of freedom taken off their number.
    pub fn value(&self, ddof: u64) -> f64 {
        let count = self.moments.count;
        // The square of an infinity is one, and that of NaN is NaN.
        if count <= ddof || self.moments.numbers.special().is_some() {
            return f64::NAN;
        }
        // By the inequality of Cauchy and Schwarz, it is not negative: both sums are of the same elements.
        let (more, less, unit) = self.moments.scaled_squares();
        nearest_quotient(&more.minus(&less), unit, [count, count - ddof])
    }
}

/// The Euclidean norm: the square root of the exact sum of all squares, rounded once to the nearest double, ties to even.
///
/// NaN if there is a NaN, else infinity if there is one. The norm of no elements is 0.
#[derive(Clone, Debug)]
pub struct Norm {
    moments: Moments<Squares>,
}

impl Norm {
    /// The norm of no elements, to which elements of this type can be added.
    pub const fn new(element: Element, isa: Isa) -> Norm {
        Norm { moments: Moments::new(element, isa) }
    }

    /// Adds the elements of a block, as [`Sum::add`] does.
    pub fn add(&mut self, block: Block<'_>) {
        self.moments.add(block);
    }

    /// Adds the elements of another norm of the same type.
    pub fn merge(&mut self, other: &Norm) {
        self.moments.merge(&other.moments);
    }

    /// Writes the sum of the squares of all elements so far, as [`canonical`] has it.
    pub fn write(&self, out: &mut impl Extend<u8>) {
        self.moments.write(out);
    }

    /// The norm of `terms` doubles, at least one, the sum of whose squares is written next; `None` if there is none.
    pub fn read(input: &mut &[u8], terms: u64) -> Option<Norm> {
        Some(Norm { moments: Moments::read(input, terms)? })
    }

    /// The norm of all elements so far.
    pub fn value(&self) -> f64 {
        self.moments.numbers.special().unwrap_or_else(|| {
            let (squares, unit) = self.moments.squares();
            nearest_root(&squares, unit)
        })
    }
}
