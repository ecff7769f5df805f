//! What `lib/` calls.

use std::ptr;
use std::sync::OnceLock;

use allcores_kernel::ir::Math;
use napi::bindgen_prelude::Float64ArraySlice;
use napi::{Env, JsValue, Unknown, sys};
use napi_derive::napi;

use super::environment::{Environment, Resources};
use super::error::{Error, JsResult, check};
use super::host_math;
use super::integer;
use super::typed_array::TypedArray;
use crate::failpoint;
use crate::jobs::{
    Config, DotViews, ElementPairs, Elements, Kind, PairConfig, ReduceView, Sum, SumIntoSharedBuffer,
    SumRange, dot_small, reduce_small, sum_small,
};
use crate::pool::{self, MAX_THREADS, Pool};
use allcores_machine::{Isa, fp_env};

/// One pool for the whole process. Never dropped: its threads end with the process.
static POOL: OnceLock<Pool> = OnceLock::new();

/// The pool, of `wanted` threads if this is the first call, or of one for each CPU the process may use.
pub(super) fn pool(wanted: Option<usize>) -> &'static Pool {
    POOL.get_or_init(|| Pool::new(wanted.unwrap_or_else(pool::default_size).min(MAX_THREADS), fp_env::reset))
}

/// The number of threads of the pool. Starts none. `wanted` counts only for the first caller of the process.
#[napi(catch_unwind)]
pub(crate) fn pool_size(wanted: Option<u32>) -> u32 {
    pool(wanted.map(|wanted| wanted as usize)).size() as u32
}

/// The number of its threads that have been started.
#[napi(catch_unwind)]
pub(crate) fn pool_running() -> u32 {
    pool(None).running() as u32
}

/// The name of the instruction set of an environment's kernels.
#[napi(catch_unwind)]
pub(crate) fn isa(port: u32) -> JsResult<String> {
    JsResult::of(|| Ok(Environment::of(port)?.isa().name().to_owned()))
}

/// Makes the next job of the process that comes past `point` panic there.
#[cfg(feature = "faults")]
#[napi(catch_unwind)]
pub(crate) fn inject_fault(point: String) -> napi::Result<()> {
    use crate::failpoint::{Point, panic_at};
    match point.as_str() {
        "run" => panic_at(Point::Run),
        "finish" => panic_at(Point::Finish),
        "submit" => panic_at(Point::Submit),
        _ => return Err(napi::Error::from_reason(format!("no such point: {point}"))),
    }
    Ok(())
}

/// Whether completions are held back until the environment that waits for them is going.
#[cfg(feature = "faults")]
#[napi(catch_unwind)]
pub(crate) fn hold_completions(held: bool) {
    failpoint::delay_deliveries(held);
}

/// How many completions have come after their environment had closed its port.
#[cfg(feature = "faults")]
#[napi(catch_unwind)]
pub(crate) fn late_completions() -> u32 {
    failpoint::late_deliveries()
}

/// Opens an environment for the caller and returns its number, which every call names. The caller keeps `settle` and
/// `mailbox` alive for as long as it makes calls; when `settle` has been collected, the environment is closed.
///
/// `settle(count, messages)` will be called with `count` records in `mailbox`, a Uint8Array of `MAILBOX_BYTES`. `isa`
/// names the instruction set of the kernels, if not the widest is wanted that the processor has. Then the machine code of bodies is made for
/// no wider one, in the whole process.
#[napi(catch_unwind)]
pub(crate) fn open(
    env: Env,
    settle: Unknown<'_>,
    mailbox: Unknown<'_>,
    isa: Option<String>,
) -> JsResult<u32> {
    JsResult::of(|| {
        let isa = match isa {
            None => Isa::detect(),
            Some(name) => {
                let isa = Isa::from_name(&name).ok_or(Error::NoSuchIsa { name })?;
                allcores_kernel::codegen::use_isa(isa);
                isa
            }
        };
        Environment::open(env, &settle, &mailbox, isa)
    })
}

// These start a call and return its id; `settle` reports each id exactly once. A call that is refused has not started, and
// they return the error. Functions and not methods: to find out what `this` is takes Node-API half a microsecond.

/// Sums the integers below `num`, on at most `threads` threads (0: all).
#[napi(catch_unwind)]
pub(crate) fn sum_range(env: Env, port: u32, num: Unknown<'_>, threads: u32) -> JsResult<u32> {
    JsResult::of(|| start_range(&*Environment::of(port)?, env, &num, threads))
}

/// Fills the first `length` - 1 slots of `target`. Without `num` the request is what the last slot holds.
#[napi(catch_unwind)]
pub(crate) fn sum_into_shared_buffer(
    env: Env,
    port: u32,
    target: Unknown<'_>,
    length: i64,
    num: Option<Unknown<'_>>,
    threads: u32,
) -> JsResult<u32> {
    JsResult::of(|| {
        start_sum_into_shared_buffer(&*Environment::of(port)?, env, &target, length, num.as_ref(), threads)
    })
}

/// Sums the elements of a typed array. If `here`, a small one is summed at once, on this thread: then the result is in the
/// last record of the mailbox, and -1 is returned instead of an id.
#[napi(catch_unwind)]
pub(crate) fn sum(env: Env, port: u32, view: Unknown<'_>, threads: u32, here: bool) -> JsResult<i64> {
    JsResult::of(|| start_sum(&*Environment::of(port)?, env, &view, threads, here))
}

/// Reduces the elements of a typed array to what `kind` names, as [`sum`] sums them. `ddof` is that of a variance.
#[napi(catch_unwind)]
pub(crate) fn reduce(
    env: Env,
    port: u32,
    kind: String,
    view: Unknown<'_>,
    threads: u32,
    here: bool,
    ddof: i64,
) -> JsResult<i64> {
    JsResult::of(|| {
        let kind = Kind::named(&kind, ddof.max(0).cast_unsigned())
            .filter(|kind| kind.is_of_elements())
            .ok_or(Error::WrongType { argument: "kind", expected: "one of those that there are" })?;
        start_reduction(&*Environment::of(port)?, env, kind, &view, threads, here)
    })
}

/// Sums the products of the elements of two typed arrays, pair by pair, as [`sum`] sums elements.
#[napi(catch_unwind)]
pub(crate) fn dot(
    env: Env,
    port: u32,
    a: Unknown<'_>,
    b: Unknown<'_>,
    threads: u32,
    here: bool,
) -> JsResult<i64> {
    JsResult::of(|| start_dot(&*Environment::of(port)?, env, [&a, &b], threads, here))
}

/// Stops the call with that id, unless it is settled. An environment that is going has stopped its calls already.
#[napi(catch_unwind)]
pub(crate) fn abort(port: u32, id: u32) {
    if let Ok(environment) = Environment::of(port) {
        environment.abort(id);
    }
}

/// The arguments for which [`adopt`] wants the results of a function of `Math`: for one of two arguments, pairs. None if there is
/// no such function.
#[napi(catch_unwind)]
pub(crate) fn probes(env: &Env, name: String) -> JsResult<Float64ArraySlice<'_>> {
    JsResult::of(|| {
        let probes: Vec<f64> =
            Math::named(&name).map_or(Vec::new(), |function| host_math::probes(function).collect());
        TypedArray::of(env, &probes)
    })
}

/// Whether there is a library in which the function has just these results, and bodies may use the function: by that library,
/// from now on. It is settled once in a process; and it is asked in each environment, whose `Math` may have been changed.
#[napi(catch_unwind)]
pub(crate) fn adopt(env: Env, name: String, results: Unknown<'_>) -> JsResult<bool> {
    JsResult::of(|| {
        let Some(function) = Math::named(&name) else { return Ok(false) };
        // Not even numbers, if the function is the user's own.
        let Some(results) = numbers(env, &results)? else { return Ok(false) };
        Ok(host_math::adopt(function, &results))
    })
}

/// The numbers in an array of `lib/`'s own, unless there is something else in it.
fn numbers(env: Env, array: &Unknown<'_>) -> Result<Option<Vec<f64>>, Error> {
    let mut count = 0;
    // SAFETY: on the environment's thread, with a live handle and a place for the result.
    let status = unsafe { sys::napi_get_array_length(env.raw(), array.raw(), &mut count) };
    check("napi_get_array_length", status)?;
    let mut numbers = Vec::new();
    for index in 0..count {
        let (mut value, mut number) = (ptr::null_mut(), 0.0);
        // SAFETY: as above; there is a handle scope around every call of an export.
        let status = unsafe { sys::napi_get_element(env.raw(), array.raw(), index, &mut value) };
        check("napi_get_element", status)?;
        // SAFETY: as above, with the handle that the call before has made.
        let status = unsafe { sys::napi_get_value_double(env.raw(), value, &mut number) };
        if status == sys::Status::napi_number_expected {
            return Ok(None);
        }
        check("napi_get_value_double", status)?;
        numbers.push(number);
    }
    Ok(Some(numbers))
}

fn start_range(environment: &Environment, env: Env, num: &Unknown<'_>, threads: u32) -> Result<u32, Error> {
    let (num, numeric) = integer::read(env, num)?;
    failpoint::hit(failpoint::Point::Submit);
    let pool = pool(None);
    let width = width(environment.prepare(pool)?, threads);
    environment.submit(pool, SumRange::new(num, width, numeric)?, width, Resources::default())
}

fn start_sum_into_shared_buffer(
    environment: &Environment,
    env: Env,
    target: &Unknown<'_>,
    length: i64,
    num: Option<&Unknown<'_>>,
    threads: u32,
) -> Result<u32, Error> {
    let array = TypedArray::read(env, target, "target")?;
    let num = num.map(|num| integer::read(env, num)).transpose()?.map(|(num, _)| num);
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    // From here on the buffer lives as long as this call is in flight: the reference is deleted when it is settled, and
    // if the environment ends before, its cleanup hook waits for the job first.
    let mut resources = Resources::default();
    resources.pin(env, target)?;
    // SAFETY: see above. Where nothing begins, no job has seen the slots.
    let begun = unsafe { array.slots(usize::try_from(length).unwrap_or(0)) }
        .and_then(|slots| Ok(SumIntoSharedBuffer::begin(slots, num, threads)?));
    match begun {
        Ok((job, claim)) => {
            resources.claim = Some(claim);
            environment.submit(pool, job, threads, resources)
        }
        Err(error) => {
            resources.release(env.raw());
            Err(error)
        }
    }
}

fn start_sum(
    environment: &Environment,
    env: Env,
    view: &Unknown<'_>,
    threads: u32,
    here: bool,
) -> Result<i64, Error> {
    let array = TypedArray::read(env, view, "view")?;
    let element = array.element();
    // SAFETY: here, the argument keeps the buffer alive until this function returns; below, see there.
    let shared = unsafe { array.view() };
    if here
        && let Some(value) = sum_small(&shared, element, environment.isa())
        && environment.answer_now(value)
    {
        return Ok(-1);
    }
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    let work = Sum::new(shared, element, environment.isa(), threads)?;
    // From here on the buffer lives as long as this call is in flight: the reference is released when it is
    // settled, and if the environment ends before, its cleanup hook waits for the job first.
    let mut resources = Resources::default();
    resources.pin(env, view)?;
    environment.submit(pool, work, threads, resources).map(i64::from)
}

fn start_reduction(
    environment: &Environment,
    env: Env,
    kind: Kind,
    view: &Unknown<'_>,
    threads: u32,
    here: bool,
) -> Result<i64, Error> {
    let array = TypedArray::read(env, view, "source")?;
    let config = Config { kind, element: array.element(), isa: environment.isa(), from: 0, part: None };
    // SAFETY: here, the argument keeps the buffer alive until this function returns; below, see there.
    let shared = unsafe { array.view() };
    if here
        && let Some(value) = reduce_small(&shared, config)
        && environment.answer_now(value)
    {
        return Ok(-1);
    }
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    let work = ReduceView::new(shared, config, threads)?;
    // As in `start_sum`: the buffer lives as long as this call is in flight.
    let mut resources = Resources::default();
    resources.pin(env, view)?;
    environment.submit(pool, work, threads, resources).map(i64::from)
}

fn start_dot(
    environment: &Environment,
    env: Env,
    [a, b]: [&Unknown<'_>; 2],
    threads: u32,
    here: bool,
) -> Result<i64, Error> {
    let arrays = [TypedArray::read(env, a, "a")?, TypedArray::read(env, b, "b")?];
    let elements = arrays.each_ref().map(TypedArray::element);
    let config = PairConfig::new(elements, environment.isa())
        .ok_or(Error::WrongType { argument: "b", expected: "of BigInts if a is, and only then" })?;
    let [x, y] = arrays.each_ref().map(|array| {
        // SAFETY: here, the arguments keep the buffers alive until this function returns; below, see there.
        let view = unsafe { array.view() };
        Elements { view, element: array.element() }
    });
    let pairs =
        ElementPairs::new(x, y).ok_or(Error::OutOfRange { argument: "b", expected: "as long as a" })?;
    if here
        && let Some(value) = dot_small(&pairs, config)
        && environment.answer_now(value)
    {
        return Ok(-1);
    }
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    let work = DotViews::new(pairs, config, threads)?;
    // As in `start_sum`: the buffers live as long as this call is in flight.
    let mut resources = Resources::default();
    if let Err(error) = resources.pin(env, a).and_then(|()| resources.pin(env, b)) {
        resources.release(env.raw());
        return Err(error);
    }
    environment.submit(pool, work, threads, resources).map(i64::from)
}

/// How many threads a call may use.
pub(super) fn width(running: usize, threads: u32) -> usize {
    if threads == 0 { running } else { running.min(threads as usize) }
}
