//! [`Partial`]: what some of the terms of a reduction come to, as bytes that can be merged with those of the others, on any machine.
//!
//! ```text
//! partial     version: u8 | method: u8 | terms: u64 | payload, if there are terms
//!
//! method           payload
//!  1 sumRange      a sum        8 mean   a sum        9 variance  a variance      10 norm  a norm       allcores_exact::canonical
//!  2 count         how many of the terms are true: u64
//!  3 min   4 max   the extreme: f64
//!  5 argMin        the extreme: f64 | where it is first: u64
//!  6 argMax
//!  7 findIndex     where the first term is that is true: u64, 2^64 - 1 if there is none
//! ```
//!
//! All numbers are little-endian. NaN has the bits 0x7ff8000000000000. Where a term is, is counted over the whole range: its index, or
//! the number of its tuple of indices, row by row. There are at most 2^53 terms.
//!
//! **It is canonical:** the same terms have the same bytes, in whatever slices, on however many threads, with whatever vectors they were
//! reduced, and in whatever order partial results were merged. So two machines that have reduced the same terms can be compared, and a
//! result that arrives twice is known to be the same. Merging is associative and commutative; a partial result of no terms changes
//! nothing.
//!
//! **Nothing that is read is believed:** there is one sequence of bytes for each value, every other one is refused, and so is one that
//! no terms have. What is accepted can be merged and finished like what was reduced here.
//!
//! A change of any of this is another version. `tests.rs` pins what this one writes.

mod method;
#[cfg(test)]
mod tests;

use allcores_exact::canonical::take;
use allcores_exact::{Mean, Norm, Sum, Variance};
use allcores_extremes::{ArgExtreme, Extreme, Side, Value as Extremum};
use allcores_machine::{Element, Isa};
use allcores_memory::Block;

use super::reducer::Reducer;
use crate::jobs::lanes::Accumulator;
use crate::jobs::value::{Refusal, Value};
pub(crate) use method::Method;

const VERSION: u8 = 1;

/// In the place of an index: there is none.
const NONE: u64 = u64::MAX;

/// The largest index, and one less than the most terms.
const MAX: u64 = (1 << 53) - 1;

/// A partial result that is longer is not one. The longest is a variance.
pub(crate) const MAX_BYTES: usize = 1024;

/// What a job makes a partial result of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) method: Method,
    /// How many terms it has.
    pub(crate) terms: u64,
}

impl Part {
    /// The partial result whose payload is written by `write`.
    pub(super) fn bytes(self, write: impl FnOnce(&mut Vec<u8>)) -> Box<[u8]> {
        let mut out = vec![VERSION, self.method.code()];
        out.extend(self.terms.to_le_bytes());
        if self.terms > 0 {
            write(&mut out);
        }
        debug_assert!(out.len() <= MAX_BYTES);
        out.into()
    }
}

/// What some terms come to.
pub(crate) struct Partial {
    part: Part,
    state: State,
}

enum State {
    Reduced(Reducer),
    Found(Option<u64>),
}

impl Partial {
    /// Reads what [`bytes`](Self::bytes) writes; `name` is that of the argument.
    pub(crate) fn read(method: Method, mut bytes: &[u8], name: &str) -> Result<Self, Refusal> {
        let refuse = |received: String| {
            Err(Refusal(format!(
                "The value of \"{name}\" is out of range. It must be a partial result of {}. Received {received}",
                method.name()
            )))
        };
        let malformed = || refuse("bytes that are none".to_owned());
        let Some([version, code]) = take(&mut bytes) else { return malformed() };
        if version != VERSION {
            return refuse(format!(
                "bytes of version {version} of the format, and this is version {VERSION}"
            ));
        }
        if code != method.code() {
            return match Method::of_code(code) {
                Some(other) => refuse(format!("a partial result of {}", other.name())),
                None => malformed(),
            };
        }
        let input = &mut bytes;
        let partial =
            take(input).map(u64::from_le_bytes).filter(|terms| *terms <= MAX + 1).and_then(|terms| {
                Some(Self { part: Part { method, terms }, state: State::read(method, terms, input)? })
            });
        match partial {
            Some(partial) if bytes.is_empty() => Ok(partial),
            _ => malformed(),
        }
    }

    pub(crate) fn bytes(&self) -> Box<[u8]> {
        self.part.bytes(|out| match &self.state {
            State::Reduced(reducer) => reducer.write(out),
            State::Found(index) => write_found(*index, out),
        })
    }

    /// How many terms it is of.
    pub(crate) fn terms(&self) -> u64 {
        self.part.terms
    }

    /// Where the term is that it names, if it names one.
    pub(crate) fn index(&self) -> Option<u64> {
        match &self.state {
            State::Reduced(Reducer::ArgExtreme(extreme, from)) => extreme.index().map(|index| from + index),
            State::Reduced(_) => None,
            State::Found(index) => *index,
        }
    }

    /// Takes the terms of another one of the same method. Refused if both have more than 2^53.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), Refusal> {
        debug_assert_eq!(self.part.method, other.part.method);
        let terms = self.part.terms + other.part.terms;
        if terms > MAX + 1 {
            return Err(Refusal(format!(
                "The value of \"b\" is out of range. With \"a\", it must have no more than {} terms. Received {terms} in all",
                MAX + 1
            )));
        }
        self.part.terms = terms;
        match (&mut self.state, &other.state) {
            (State::Reduced(reducer), State::Reduced(other)) => reducer.merge(other),
            (State::Found(index), State::Found(other)) => {
                *index = index.iter().chain(other).min().copied();
            }
            _ => unreachable!("partial results of one method"),
        }
        Ok(())
    }

    /// What the public function comes to whose terms these are. Only a variance looks at `ddof`.
    pub(crate) fn value(&self, ddof: u64) -> f64 {
        match &self.state {
            State::Reduced(Reducer::Variance(variance, _)) => variance.value(ddof),
            State::Reduced(reducer) => match reducer.total() {
                // The sum of no terms, and of negative zeros, is +0.
                Value::Number(number) if self.part.method == Method::SumRange => number + 0.0,
                Value::Number(number) => number,
                _ => unreachable!("reductions of doubles are Numbers"),
            },
            State::Found(index) => index.map_or(-1.0, |index| index as f64),
        }
    }
}

/// The partial result of these terms, the first of which is at `start`, made without a job.
#[cfg(feature = "internals")]
pub(crate) fn of(method: Method, start: u64, terms: &mut [f64]) -> Box<[u8]> {
    use super::reducer::is_true;
    use crate::jobs::lanes::Accumulate;
    use crate::jobs::source::ElementBlock;

    let part = Part { method, terms: terms.len() as u64 };
    part.bytes(|out| match method.kind() {
        None => {
            let first = terms.iter().position(|term| is_true(*term));
            write_found(first.map(|first| start + first as u64), out);
        }
        Some(super::Kind::Count) => {
            Reducer::Count(terms.iter().filter(|term| is_true(**term)).count() as u64).write(out);
        }
        Some(kind) => {
            let config = super::Config {
                kind,
                element: Element::Float64,
                isa: Isa::detect(),
                from: start,
                part: None,
            };
            let mut reducer = Reducer::new(config);
            reducer.add(ElementBlock { start: 0, block: Block::from_doubles(terms) });
            reducer.write(out);
        }
    })
}

impl State {
    /// The payload of a partial result of so many terms; `None` if there is none.
    fn read(method: Method, terms: u64, input: &mut &[u8]) -> Option<Self> {
        let Some(kind) = method.kind() else {
            let index = if terms == 0 { NONE } else { take(input).map(u64::from_le_bytes)? };
            return match index {
                NONE => Some(Self::Found(None)),
                0..=MAX => Some(Self::Found(Some(index))),
                _ => None,
            };
        };
        if terms == 0 {
            let config =
                super::Config { kind, element: Element::Float64, isa: Isa::PORTABLE, from: 0, part: None };
            return Some(Self::Reduced(Reducer::new(config)));
        }
        Some(Self::Reduced(match method {
            Method::SumRange => Reducer::Sum(Box::new(Sum::read(input, terms)?)),
            Method::Mean => Reducer::Mean(Box::new(Mean::read(input, terms)?)),
            Method::Variance => Reducer::Variance(Box::new(Variance::read(input, terms)?), 0),
            Method::Norm => Reducer::Norm(Box::new(Norm::read(input, terms)?)),
            Method::Count => {
                Reducer::Count(take(input).map(u64::from_le_bytes).filter(|count| *count <= terms)?)
            }
            Method::Min => extreme(Side::Min, input)?,
            Method::Max => extreme(Side::Max, input)?,
            Method::ArgMin => arg_extreme(Side::Min, input)?,
            Method::ArgMax => arg_extreme(Side::Max, input)?,
            Method::FindIndex => return None,
        }))
    }
}

fn extreme(side: Side, input: &mut &[u8]) -> Option<Reducer> {
    let mut extreme = Extreme::new(side, Element::Float64, Isa::PORTABLE);
    extreme.add(Block::from_doubles(&mut [double(input)?]));
    Some(Reducer::Extreme(extreme))
}

fn arg_extreme(side: Side, input: &mut &[u8]) -> Option<Reducer> {
    let value = double(input)?;
    let index = take(input).map(u64::from_le_bytes).filter(|index| *index <= MAX)?;
    let mut extreme = ArgExtreme::new(side, Element::Float64, Isa::PORTABLE);
    extreme.add(index, Block::from_doubles(&mut [value]));
    Some(Reducer::ArgExtreme(extreme, 0))
}

/// The one NaN.
const NAN: u64 = 0x7ff8 << 48;

fn double(input: &mut &[u8]) -> Option<f64> {
    let value = f64::from_bits(u64::from_le_bytes(take(input)?));
    (!value.is_nan() || value.to_bits() == NAN).then_some(value)
}

fn write_double(value: Option<Extremum>, out: &mut Vec<u8>) {
    let bits = match value {
        Some(Extremum::Number(number)) if !number.is_nan() => number.to_bits(),
        // Terms are doubles, and there are some.
        _ => NAN,
    };
    out.extend(bits.to_le_bytes());
}

/// The payload of `findIndex`.
pub(super) fn write_found(index: Option<u64>, out: &mut Vec<u8>) {
    out.extend(index.unwrap_or(NONE).to_le_bytes());
}

impl Reducer {
    /// The payload, of some terms.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Extreme(extreme) => write_double(extreme.value(), out),
            Self::ArgExtreme(extreme, from) => {
                write_double(extreme.value(), out);
                write_found(extreme.index().map(|index| from + index), out);
            }
            Self::Count(count) => out.extend(count.to_le_bytes()),
            Self::Sum(sum) => sum.write(out),
            Self::Mean(mean) => mean.write(out),
            Self::Variance(variance, _) => variance.write(out),
            Self::Norm(norm) => norm.write(out),
        }
    }
}
