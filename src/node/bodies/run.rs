//! Starting calls with a body.

use napi::{Env, Unknown};
use napi_derive::napi;

use super::Compiled;
use super::inputs::{Inputs, grid, library};
use crate::failpoint;
use crate::jobs::{Grid, Kind, Length, Value, begin_slots, may_run_here, repeats, run_here};
use crate::node::environment::{Environment, Resources};
use crate::node::error::{Error, JsResult};
use crate::node::exports::{pool, width};
use crate::node::integer;
use crate::node::typed_array::TypedArray;
use allcores_memory::SharedArray;

/// What becomes of the values that a body returns.
enum Use<'a> {
    /// Their exact sum.
    Sum,
    /// What they are reduced to.
    Reduce(Kind),
    /// The first index for which it is true.
    FindIndex,
    /// Nothing.
    Nothing,
    /// They are stored to this array, one for each unit.
    Store(Unknown<'a>),
    /// Their sum, and partial sums into the first slots of a target of this length.
    Slots(Unknown<'a>, usize),
}

/// Returned in the place of an id: the result is in the last record of the mailbox.
const ANSWERED: i64 = -1;
/// The same, of a call that was the only one.
const ANSWERED_ALONE: i64 = -2;

/// Starts a call with a body, and returns its id: `settle` reports it exactly once. If `here` is 1, one that is short runs at once, on this
/// thread: then the result is in the last record of the mailbox, and -1 is returned instead of an id. If it is 2, no other call has been made
/// in passing, and so it is with one that is a little longer if none is in flight either: -2 is returned then.
///
/// It is called for the indices `from .. counts[0]`, or for all tuples of indices below several counts. `end` says what becomes
/// of what it returns: `sum`, `nothing`, `store` (to `target`), `slots` (the first `length` of `target`; without `counts` the
/// request is what the last of them holds), `findIndex`, or the name of a reduction, whose `ddof` is looked at if it is a variance. An index is told as the number of the tuple.
#[napi(catch_unwind)]
pub(crate) fn run_body(
    env: Env,
    port: u32,
    end: String,
    body: &Compiled,
    from: f64,
    counts: Vec<f64>,
    target: Unknown<'_>,
    length: i64,
    scalars: Unknown<'_>,
    arrays: Unknown<'_>,
    portable: bool,
    threads: u32,
    here: u32,
    ddof: i64,
) -> JsResult<i64> {
    JsResult::of(|| {
        let environment = Environment::of(port)?;
        let end = match end.as_str() {
            "sum" => Use::Sum,
            "nothing" => Use::Nothing,
            "store" => Use::Store(target),
            "slots" => Use::Slots(target, usize::try_from(length).unwrap_or(0)),
            "findIndex" => Use::FindIndex,
            name => match Kind::named(name, ddof.max(0).cast_unsigned()) {
                Some(kind) => Use::Reduce(kind),
                None => {
                    return Err(Error::WrongType {
                        argument: "end",
                        expected: "one of those that there are",
                    });
                }
            },
        };
        let inputs = Inputs { body, scalars, arrays, is_portable: portable };
        let most = match here {
            0 => None,
            2 if !environment.is_busy() => Some(Length::ShortAlone),
            _ => Some(Length::Short),
        };
        if let Some(most) = most
            && let Some(length) = answer_here(&environment, env, &inputs, from, &counts, &end, most)?
        {
            return Ok(if length == Length::Short { ANSWERED } else { ANSWERED_ALONE });
        }
        start(&environment, env, &inputs, from, &counts, end, threads).map(i64::from)
    })
}

/// Runs a call at once, if it is expected to be no longer than `most`, and returns how long that was. `None` if it is longer, and then
/// it has done nothing, or nothing that it does not do again.
fn answer_here(
    environment: &Environment,
    env: Env,
    inputs: &Inputs<'_>,
    from: f64,
    counts: &[f64],
    end: &Use<'_>,
    most: Length,
) -> Result<Option<Length>, Error> {
    // Threads may wait for the last slot, and have to be told.
    if matches!(end, Use::Slots(..)) {
        return Ok(None);
    }
    let grid = grid(from, counts)?;
    let library = library(inputs.body, inputs.is_portable)?;
    let length = may_run_here(inputs.body, library, grid.units());
    if length > most {
        return Ok(None);
    }
    let isa = environment.isa();
    // SAFETY: the arguments keep the arrays alive until `run_body` returns, and the call is over by then.
    let call = unsafe { inputs.call(env, grid) }?;
    let target = match end {
        // SAFETY: as above.
        Use::Store(target) => Some(unsafe { into(env, target, grid) }?),
        _ => None,
    };
    if !repeats(&call, target.as_ref()) {
        return Ok(None);
    }
    let value = match end {
        Use::Sum => run_here(call.into_sum(isa, 1)?),
        Use::Reduce(kind) => run_here(call.into_reduction(*kind, isa, 1)?),
        Use::FindIndex => run_here(call.into_find_index(1)),
        Use::Nothing => run_here(call.into_for_each(1)),
        Use::Store(_) => target.and_then(|into| run_here(call.into_map(into, 1))),
        Use::Slots(..) => None,
    };
    match value {
        None => Ok(None),
        Some(Value::Refused(refusal)) => Err(Error::Refused(refusal)),
        // Without a mailbox, a call that has run cannot run again.
        Some(value) => {
            if environment.answer_now(value) {
                Ok(Some(length))
            } else {
                Err(Error::Closing)
            }
        }
    }
}

/// Where `map` stores what a body returns for each unit.
///
/// # Safety
///
/// Callers must keep the buffer of the array alive as long as the elements are used.
unsafe fn into(env: Env, target: &Unknown<'_>, grid: Grid) -> Result<SharedArray, Error> {
    let array = TypedArray::read(env, target, "into")?;
    // SAFETY: by the promise of the caller; it is shared.
    let into = unsafe { array.elements() };
    if (into.len() as u64) < grid.units() || into.element().is_bigint() {
        return Err(Error::OutOfRange { argument: "into", expected: "as long as the view" });
    }
    Ok(into)
}

fn start(
    environment: &Environment,
    env: Env,
    inputs: &Inputs<'_>,
    from: f64,
    counts: &[f64],
    end: Use<'_>,
    threads: u32,
) -> Result<u32, Error> {
    failpoint::hit(failpoint::Point::Submit);
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    let isa = environment.isa();
    // From here on the buffers live as long as this call is in flight: the references are deleted when it is settled, and if
    // the environment ends before, its cleanup hook waits for the job first.
    let mut resources = Resources::default();
    if !inputs.body.function().arrays.is_empty() {
        resources.pin(env, &inputs.arrays)?;
    }
    let pinned = match &end {
        Use::Store(target) | Use::Slots(target, _) => resources.pin(env, target),
        Use::Sum | Use::Reduce(_) | Use::FindIndex | Use::Nothing => Ok(()),
    };
    // SAFETY: see above. Where nothing is submitted, no job has seen the arrays.
    let call = |grid| unsafe { inputs.call(env, grid) };
    let submitted = pinned.and_then(|()| match end {
        Use::Sum => {
            let job = call(grid(from, counts)?)?.into_sum(isa, threads)?;
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::Reduce(kind) => {
            let job = call(grid(from, counts)?)?.into_reduction(kind, isa, threads)?;
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::FindIndex => {
            let job = call(grid(from, counts)?)?.into_find_index(threads);
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::Nothing => {
            let job = call(grid(from, counts)?)?.into_for_each(threads);
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::Store(target) => {
            let grid = grid(from, counts)?;
            // SAFETY: see above.
            let into = unsafe { into(env, &target, grid) }?;
            let call = call(grid)?;
            environment.submit(pool, call.into_map(into, threads), threads, std::mem::take(&mut resources))
        }
        Use::Slots(target, length) => {
            let array = TypedArray::read(env, &target, "target")?;
            // SAFETY: see above.
            let slots = unsafe { array.slots(length) }?;
            let num = match counts {
                [] => None,
                counts => Some(grid(0.0, counts)?.units()),
            };
            let first = integer::of(from).unwrap_or(0);
            let mut call = call(Grid::range(0, 0))?;
            let (slots, num, claim) = begin_slots(slots, num)?;
            call.grid = Grid::range(first, num);
            resources.claim = Some(claim);
            environment.submit(
                pool,
                call.into_slots(slots, isa, threads),
                threads,
                std::mem::take(&mut resources),
            )
        }
    });
    // Empty by now, unless nothing was submitted.
    resources.release(env.raw());
    submitted
}

/// How many units a call has done.
#[napi(catch_unwind)]
pub(crate) fn progress(port: u32, id: u32) -> f64 {
    Environment::of(port).map_or(0.0, |environment| environment.progress(id) as f64)
}
