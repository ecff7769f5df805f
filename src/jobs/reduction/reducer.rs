//! [`Reducer`]: the accumulator of every reduction that takes all terms.

use allcores_exact::{Mean, Norm, Sum, Variance};
use allcores_extremes::{ArgExtreme, Extreme, Side, Value as Element};
use allcores_memory::Block;

use super::{Config, Kind};
use crate::jobs::body::Terms;
use crate::jobs::lanes::{Accumulate, Accumulator};
use crate::jobs::source::ElementBlock;
use crate::jobs::value::{Refusal, Value};

/// See the module's head.
pub(crate) enum Reducer {
    Extreme(Extreme),
    /// An index counts from the first term, whose own index comes after it.
    ArgExtreme(ArgExtreme, u64),
    Count(u64),
    /// Boxed, like the others that follow: they are kilobytes.
    Sum(Box<Sum>),
    Mean(Box<Mean>),
    /// With its `ddof`.
    Variance(Box<Variance>, u64),
    Norm(Box<Norm>),
}

impl Reducer {
    /// Of no terms.
    pub(super) fn new(Config { kind, element, isa, from, .. }: Config) -> Self {
        match kind {
            Kind::Min => Self::Extreme(Extreme::new(Side::Min, element, isa)),
            Kind::Max => Self::Extreme(Extreme::new(Side::Max, element, isa)),
            Kind::ArgMin => Self::ArgExtreme(ArgExtreme::new(Side::Min, element, isa), from),
            Kind::ArgMax => Self::ArgExtreme(ArgExtreme::new(Side::Max, element, isa), from),
            Kind::Count => Self::Count(0),
            Kind::Sum => Self::Sum(Box::new(Sum::new(element, isa))),
            Kind::Mean => Self::Mean(Box::new(Mean::new(element, isa))),
            Kind::Variance { ddof } => Self::Variance(Box::new(Variance::new(element, isa)), ddof),
            Kind::Norm => Self::Norm(Box::new(Norm::new(element, isa))),
        }
    }

    /// Takes consecutive terms, of which the first has this number.
    #[inline]
    fn take(&mut self, start: u64, block: Block<'_>) {
        match self {
            Self::Extreme(extreme) => extreme.add(block),
            Self::ArgExtreme(extreme, _) => extreme.add(start, block),
            Self::Sum(sum) => Sum::add(sum, block),
            Self::Mean(mean) => mean.add(block),
            Self::Variance(variance, _) => variance.add(block),
            Self::Norm(norm) => norm.add(block),
            Self::Count(_) => unreachable!("only what bodies return is counted"),
        }
    }
}

/// Whether JavaScript takes a number for true: NaN is not.
#[inline]
pub(super) fn is_true(number: f64) -> bool {
    number.abs() > 0.0
}

/// An index, or -1 if there is none.
pub(super) fn index(unit: Option<u64>, from: u64) -> Value {
    Value::Number(unit.map_or(-1.0, |unit| (from + unit) as f64))
}

impl Accumulator for Reducer {
    type Config = Config;

    fn empty(config: Config) -> Self {
        Self::new(config)
    }

    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Reducer::Extreme(extreme), Reducer::Extreme(other)) => extreme.merge(other),
            (Reducer::ArgExtreme(extreme, _), Reducer::ArgExtreme(other, _)) => extreme.merge(other),
            (Reducer::Count(count), Reducer::Count(other)) => *count += other,
            (Reducer::Sum(sum), Reducer::Sum(other)) => Sum::merge(sum, other),
            (Reducer::Mean(mean), Reducer::Mean(other)) => mean.merge(other),
            (Reducer::Variance(variance, _), Reducer::Variance(other, _)) => variance.merge(other),
            (Reducer::Norm(norm), Reducer::Norm(other)) => norm.merge(other),
            _ => unreachable!("accumulators of one job"),
        }
    }

    fn total(&self) -> Value {
        match self {
            Reducer::Extreme(extreme) => match extreme.value() {
                Some(Element::Number(number)) => Value::Number(number),
                Some(Element::BigInt(integer)) => Value::BigInt(integer),
                None => Value::Refused(Refusal(
                    "The value of \"source\" is out of range. It must have an element: among BigInts there is no infinity for the \
                     extreme of none."
                        .to_owned(),
                )),
            },
            Reducer::ArgExtreme(extreme, from) => index(extreme.index(), *from),
            Reducer::Count(count) => Value::Number(*count as f64),
            Reducer::Sum(sum) => Sum::total(sum).into(),
            Reducer::Mean(mean) => Value::Number(mean.value()),
            Reducer::Variance(variance, ddof) => Value::Number(variance.value(*ddof)),
            Reducer::Norm(norm) => Value::Number(norm.value()),
        }
    }

    fn result(&self, config: Config) -> Value {
        match config.part {
            None => self.total(),
            Some(part) => Value::Partial(part.bytes(|out| self.write(out))),
        }
    }
}

impl Accumulate<ElementBlock<'_>> for Reducer {
    #[inline]
    fn add(&mut self, terms: ElementBlock<'_>) {
        self.take(terms.start, terms.block);
    }
}

impl Accumulate<Terms<'_>> for Reducer {
    #[inline]
    fn add(&mut self, terms: Terms<'_>) {
        match self {
            // Memory of our own, which compilers make vectors of.
            Self::Count(count) => {
                *count += terms.values.iter().filter(|value| is_true(**value)).count() as u64;
            }
            // What was added up on the way is taken as it is.
            Self::Sum(sum) => sum.add(terms),
            Self::Mean(mean) => {
                mean.count(terms.summed);
                mean.add(Block::from_doubles(terms.values));
                if let Some(fused) = terms.fused {
                    mean.take(fused);
                }
            }
            _ => self.take(terms.start, Block::from_doubles(terms.values)),
        }
    }
}
