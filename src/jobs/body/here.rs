//! Short calls run on the thread that makes them.
//!
//! To hand a call over and to be told of its end takes the calling thread about as long as a short one does, and the program far longer:
//! its event loop sleeps before the result is there, and has to be woken. So a call that the last one lets expect to be short runs at
//! once. Nobody can abort it, so it has to be short, whatever it does this time:
//!
//! - without loops, an index takes no longer than all operations of the body;
//! - with loops, it is given up after a tenth of a millisecond or so, and handed over after all. Then it begins again, so that nothing
//!   may have been stored that it reads.
//!
//! A program that waits for each call before it makes the next one gains by that what it waits for in vain. One that makes many at once
//! would have them run side by side: then the limit is lower.

use std::ops::Range;

use allcores_kernel::Body;
use allcores_machine::fp_env;
use allcores_memory::SharedArray;

use super::code::overlap;
use super::kernel::{BodyKernel, Terms};
use super::{Call, Library};
use crate::failpoint;
use crate::jobs::claims::Claims;
use crate::jobs::pipeline::{Pipeline, Sink};
use crate::jobs::source::Indices;
use crate::jobs::value::Value;
use crate::pool::{Completion, Work};

/// Nanoseconds: more than handing over and settling cost the thread, and half of what they cost a program that waits for them.
const SHORT: u64 = 12_000;
/// The same for a call that nobody makes another one beside: two threads would need as long for it, with what it takes to hand it over.
const SHORT_ALONE: u64 = 40_000;
/// However little they seem to cost: clocks may be coarse.
const MOST: u64 = 1 << 15;
/// Bodies whose regions are deeper in each other take much of the stack, of which the program may have left little.
const DEEP: usize = 32;

/// How short a call is expected to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Length {
    Short,
    /// Short, if it is the only one.
    ShortAlone,
    Long,
}

impl Length {
    /// That of a call of so many units.
    fn expected(body: &Body, units: u64) -> Self {
        let (cost, units) = (u128::from(body.cost()), u128::from(units));
        let is_within = |time: u64| cost != 0 && units * cost <= u128::from(time) * 1000;
        if units > u128::from(MOST) || !is_within(SHORT_ALONE) {
            Self::Long
        } else if is_within(SHORT) {
            Self::Short
        } else {
            Self::ShortAlone
        }
    }
}

/// Whether a call of so many units may run here, and as what: where it has loops, only if it [repeats](repeats) itself.
pub(crate) fn may_run_here(body: &Body, library: Library, units: u64) -> Length {
    let may_run = || body.depth() <= DEEP && is_bounded(body, library) && fp_env::is_default();
    let length = Length::expected(body, units);
    if length < Length::Long && may_run() { length } else { Length::Long }
}

fn is_bounded(body: &Body, library: Library) -> bool {
    // The interpreter is asked at every turn, whatever that takes.
    !body.has_loops() || body.has_native(library)
}

/// Whether a call that is begun again comes to the same as if it had not been: if it reads nothing that it stores. `into` is where what
/// the body returns goes.
pub(crate) fn repeats(call: &Call, into: Option<&SharedArray>) -> bool {
    let Call { body, arrays, .. } = call;
    if !body.has_loops() {
        return true;
    }
    let of = |number: usize| arrays[number].addresses();
    let is_written = |number: &usize| body.function().arrays[*number].is_written;
    let written: Vec<Range<usize>> =
        (0..arrays.len()).filter(is_written).filter_map(of).chain(into.map(SharedArray::addresses)).collect();
    let read = (0..arrays.len()).filter(|number| body.read()[*number]).filter_map(of);
    !read.into_iter().any(|read| written.iter().any(|written| overlap(written, &read)))
}

/// The result of a job for one thread; `None` if it takes too long.
pub(crate) fn run_here<T>(job: Pipeline<Claims, Indices, BodyKernel, T>) -> Option<Value>
where
    T: for<'s> Sink<Terms<'s>>,
{
    failpoint::hit(failpoint::Point::Run);
    let job = Pipeline { kernel: job.kernel.into_bounded(), ..job };
    while !job.is_exhausted() {
        job.run(0, 0);
    }
    (!job.is_cut_short()).then(|| {
        failpoint::hit(failpoint::Point::Finish);
        job.finish(&Completion::Done(()))
    })
}
