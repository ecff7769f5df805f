//! Short calls run on the thread that makes them.
//!
//! To hand a call over and to be told of its end takes the calling thread about as long as a short one does, and the program far longer:
//! its event loop sleeps before the result is there, and has to be woken. So a call that the last one lets expect to be short runs at
//! once. Nobody can abort it, so it has to be short, whatever it does this time:
//!
//! - without loops, an index takes no longer than all operations of the body;
//! - with loops, it is given up after a tenth of a millisecond or so, and handed over after all. Then nothing may have been stored.

use allcores_kernel::Body;
use allcores_machine::fp_env;

use super::Library;
use super::kernel::{BodyKernel, Terms};
use crate::failpoint;
use crate::jobs::claims::Claims;
use crate::jobs::pipeline::{Pipeline, Sink};
use crate::jobs::source::Indices;
use crate::jobs::value::Value;
use crate::pool::{Completion, Work};

/// Nanoseconds: more than handing over and settling cost the thread, and half of what they cost a program that waits for them.
const SHORT: u64 = 12_000;
/// However little they seem to cost: clocks may be coarse.
const MOST: u64 = 1 << 15;
/// Bodies whose regions are deeper in each other take much of the stack, of which the program may have left little.
const DEEP: usize = 32;

/// Whether a call of so many units may run here; `is_stored` is whether what the body returns goes to memory of the program.
pub(crate) fn may_run_here(body: &Body, library: Library, units: u64, is_stored: bool) -> bool {
    let (cost, most) = (u128::from(body.cost()), u128::from(SHORT) * 1000);
    let is_short = cost != 0 && units <= MOST && u128::from(units) * cost <= most;
    is_short && body.depth() <= DEEP && is_bounded(body, library, is_stored) && fp_env::is_default()
}

fn is_bounded(body: &Body, library: Library, is_stored: bool) -> bool {
    if !body.has_loops() {
        return true;
    }
    let is_written = is_stored || body.function().arrays.iter().any(|array| array.is_written);
    // The interpreter is asked at every turn, whatever that takes.
    let has_code = body.has_native(library) && !body.polled().contains(&true);
    !is_written && has_code
}

/// The result of a job for one thread; `None` if it takes too long, and nothing has been stored.
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
