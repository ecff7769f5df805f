//! Partial results: started as calls are, and merged, finished and checked at once.

use napi::{Env, Unknown};
use napi_derive::napi;

use super::Compiled;
use super::inputs::Inputs;
use crate::failpoint;
use crate::jobs::{Grid, MAX_BYTES, Method, Partial, Refusal};
use crate::node::environment::{Environment, Resources};
use crate::node::error::{Error, JsResult};
use crate::node::exports::{pool, width};
use crate::node::integer;
use crate::node::mailbox::latin1;
use crate::node::typed_array::TypedArray;
use allcores_machine::Element;

/// Starts a call with a body, as `run_body` does, for a part of a range: the indices `start .. end` of those below the one count, or
/// the tuples of these numbers. `method` is the name of the public function.
#[napi(catch_unwind)]
pub(crate) fn run_partial(
    env: Env,
    port: u32,
    method: String,
    body: &Compiled,
    counts: Vec<f64>,
    start: f64,
    end: f64,
    scalars: Unknown<'_>,
    arrays: Unknown<'_>,
    portable: bool,
    threads: u32,
) -> JsResult<i64> {
    JsResult::of(|| {
        let environment = Environment::of(port)?;
        let method = method_of(&method)?;
        let grid = part(&counts, start, end).ok_or(Error::OutOfRange {
            argument: "end",
            expected: "the end of a part of the range that begins at start",
        })?;
        let inputs = Inputs { body, scalars, arrays, is_portable: portable };
        begin(&environment, env, &inputs, method, grid, threads).map(i64::from)
    })
}

fn part(counts: &[f64], start: f64, end: f64) -> Option<Grid> {
    let counts: Option<Vec<u64>> = counts.iter().map(|count| integer::of(*count)).collect();
    Grid::of(&counts?)?.part(integer::of(start)?..integer::of(end)?)
}

fn begin(
    environment: &Environment,
    env: Env,
    inputs: &Inputs<'_>,
    method: Method,
    grid: Grid,
    threads: u32,
) -> Result<u32, Error> {
    failpoint::hit(failpoint::Point::Submit);
    let pool = pool(None);
    let threads = width(environment.prepare(pool)?, threads);
    let isa = environment.isa();
    // As in `run`: from here on the buffers live as long as this call is in flight.
    let mut resources = Resources::default();
    if !inputs.body.function().arrays.is_empty() {
        resources.pin(env, &inputs.arrays)?;
    }
    // SAFETY: see above. Where nothing is submitted, no job has seen the arrays.
    let call = unsafe { inputs.call(env, grid) };
    let submitted = call.and_then(|call| match method.kind() {
        Some(kind) => {
            let job = call.into_partial_reduction(method, kind, isa, threads)?;
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        None => {
            let job = call.into_partial_find_index(threads);
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
    });
    // Empty by now, unless nothing was submitted.
    resources.release(env.raw());
    submitted
}

/// What two partial results come to together, a character of Latin-1 for each byte. `a` and `b` are Uint8Arrays.
#[napi(catch_unwind)]
pub(crate) fn merge_partials(env: Env, method: String, a: Unknown<'_>, b: Unknown<'_>) -> JsResult<String> {
    JsResult::of(|| {
        let mut merged = read(env, &method, &a, "a")?;
        merged.merge(&read(env, &method, &b, "b")?).map_err(Error::Refused)?;
        Ok(latin1(&merged.bytes()))
    })
}

/// What the public function comes to, an index as the number of its tuple. `bytes` is a Uint8Array; only a variance looks at `ddof`.
#[napi(catch_unwind)]
pub(crate) fn finish_partial(env: Env, method: String, bytes: Unknown<'_>, ddof: i64) -> JsResult<f64> {
    JsResult::of(|| Ok(read(env, &method, &bytes, "bytes")?.value(ddof.max(0).cast_unsigned())))
}

/// Refuses bytes that are no partial result of so many terms. Unless `start` is negative, so is one that names a term which is none of
/// the `terms` from there on.
#[napi(catch_unwind)]
pub(crate) fn verify_partial(
    env: Env,
    method: String,
    bytes: Unknown<'_>,
    terms: f64,
    start: f64,
) -> JsResult<()> {
    JsResult::of(|| {
        let partial = read(env, &method, &bytes, "bytes")?;
        let wrong = |expected: String, received: u64| {
            Err(Error::Refused(Refusal(format!(
                "The value of \"bytes\" is out of range. It must {expected}. Received {received}"
            ))))
        };
        if partial.terms() as f64 != terms {
            return wrong(format!("have {terms} terms"), partial.terms());
        }
        match partial.index() {
            Some(index) if start >= 0.0 && !(start..start + terms).contains(&(index as f64)) => {
                wrong(format!("name one of the {terms} terms from {start} on"), index)
            }
            _ => Ok(()),
        }
    })
}

fn method_of(name: &str) -> Result<Method, Error> {
    Method::named(name).ok_or(Error::WrongType {
        argument: "method",
        expected: "the name of a function that has partial results",
    })
}

fn read(env: Env, method: &str, value: &Unknown<'_>, argument: &'static str) -> Result<Partial, Error> {
    let method = method_of(method)?;
    let array = TypedArray::read_any(env, value, argument)?;
    if array.element() != Element::Uint8 {
        return Err(Error::WrongType { argument, expected: "a Uint8Array" });
    }
    // SAFETY: the caller has a handle to the array, and no JavaScript runs before this function returns.
    let view = unsafe { array.view() };
    // One more than there may be is refused like all that are too long.
    let len = view.len().min(MAX_BYTES + 1);
    let mut bytes = Vec::with_capacity(len);
    view.block(0..len).for_each::<u8>(|byte| bytes.push(byte));
    Partial::read(method, &bytes, argument).map_err(Error::Refused)
}
