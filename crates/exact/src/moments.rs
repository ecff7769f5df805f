//! [`Mean`], [`Variance`] and [`Norm`]: what comes of exact sums by one division or one square root, rounded once.

use super::{
    Sum,
    big_products::{self, BigProducts},
    fused::FusedSum,
    natural::{Natural, nearest_quotient, nearest_root},
    product_sum::ProductSum,
    products::{Squares, SquaresAndNumbers, TILE, Terms},
    superaccumulator, wide,
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

    /// Adds the doubles of a block of which a loop has made the sum already.
    pub fn add_fused(&mut self, sum: FusedSum, block: Block<'_>) {
        self.count += (block.len() / size_of::<f64>()) as u64;
        self.sum.add_fused(sum, block);
    }

    /// Adds the elements of another mean of the same type.
    pub fn merge(&mut self, other: &Mean) {
        self.count += other.count;
        self.sum.merge(&other.sum);
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

    /// The magnitude of the sum of the elements, and the exponent of its unit.
    fn sum(&self) -> (Natural, i32) {
        if self.element.is_bigint() {
            (Natural::from_u128(self.bigints.1.unsigned_abs()), 0)
        } else {
            (self.numbers.numbers(), superaccumulator::LOWEST)
        }
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

    /// The variance of all elements so far, with `ddof` degrees of freedom taken off their number.
    pub fn value(&self, ddof: u64) -> f64 {
        let count = self.moments.count;
        // The square of an infinity is one, and that of NaN is NaN.
        if count <= ddof || self.moments.numbers.special().is_some() {
            return f64::NAN;
        }
        let ((squares, squares_unit), (sum, sum_unit)) = (self.moments.squares(), self.moments.sum());
        let shift = (squares_unit - 2 * sum_unit).cast_unsigned();
        let more = squares.times(count).shifted_left(shift);
        // By the inequality of Cauchy and Schwarz, it is not negative: both sums are of the same elements.
        let difference = more.minus(&sum.squared());
        nearest_quotient(&difference, 2 * sum_unit, [count, count - ddof])
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

    /// The norm of all elements so far.
    pub fn value(&self) -> f64 {
        self.moments.numbers.special().unwrap_or_else(|| {
            let (squares, unit) = self.moments.squares();
            nearest_root(&squares, unit)
        })
    }
}
