//! Loop bodies: compiling them, rehearsing them, and starting calls with them.

#![allow(
    clippy::too_many_arguments,
    reason = "JavaScript would have to make an object, and we to read its properties"
)]

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use allcores_kernel::diagnostic::{locate, render, snippet};
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Parameters, Refused, Request, Returns};
use allcores_kernel::math::Portable;
use allcores_kernel::{Body, Cache};
use napi::bindgen_prelude::External;
use napi::{Env, JsValue, Unknown, sys};
use napi_derive::napi;

use super::environment::{Environment, Resources};
use super::error::{Error, JsResult, Unsupported, check};
use super::exports::{pool, width};
use super::integer;
use super::shape;
use super::typed_array::TypedArray;
use crate::failpoint;
use crate::jobs::{Array, Call, Grid, Library, begin_slots, rehearse};

/// All bodies of the process.
static BODIES: LazyLock<Cache> = LazyLock::new(Cache::default);

/// A compiled body, as JavaScript holds it. It goes with the object.
type Compiled = External<Arc<Body>>;

/// Compiles the text of a function.
///
/// `parameters` is `i1`, `i2` or `i3` for a body that is called with so many indices and `data`, or `e` and the name of an
/// element type for one that is called with an element, its index and `data`. `returns` is whether its value counts. `data` and
/// `texts` are as [`shape`] has them.
#[napi(catch_unwind)]
pub(crate) fn compile(
    parameters: String,
    returns: bool,
    source: String,
    data: String,
    texts: Vec<String>,
) -> JsResult<Compiled> {
    JsResult::of(|| {
        let bad = |argument, expected| Error::WrongType { argument, expected };
        let parameters = parameters_of(&parameters).ok_or(bad("parameters", "those of a body"))?;
        let data = shape::parse(&data, &texts).ok_or(bad("data", "a shape"))?;
        let returns = if returns { Returns::Number } else { Returns::Nothing };
        let request = Request { source: &source, parameters, returns, data: &data };
        let body = BODIES.get(&request).map_err(|refused| unsupported(&refused, &request))?;
        Ok(External::new(body))
    })
}

fn parameters_of(text: &str) -> Option<Parameters> {
    match text {
        "i1" => Some(Parameters::Indices(1)),
        "i2" => Some(Parameters::Indices(2)),
        "i3" => Some(Parameters::Indices(3)),
        _ => Element::from_name(text.strip_prefix('e')?)
            .filter(|element| !element.is_bigint())
            .map(Parameters::Element),
    }
}

/// All that is refused, as one error: its place is that of the first.
fn unsupported(refused: &[Refused], request: &Request<'_>) -> Error {
    let mut message = String::from("The body cannot be compiled:");
    let mut at = 0;
    while let Some(first) = refused.get(at) {
        let same = refused[at..].iter().take_while(|other| other.helper == first.helper).count();
        let diagnostics: Vec<_> =
            refused[at..at + same].iter().map(|other| other.diagnostic.clone()).collect();
        let source = source_of(first, request);
        message.push('\n');
        if let Some(helper) = &first.helper {
            let _ = writeln!(message, "in the helper function `{helper}`:");
        }
        message.push_str(render(&diagnostics, source).trim_end());
        at += same;
    }
    let Some(first) = refused.first() else {
        return Error::Panicked("a body was refused without a reason".to_owned());
    };
    let source = source_of(first, request);
    let place = locate(source, first.diagnostic.span.start);
    let (line, carets) = snippet(source, first.diagnostic.span);
    Error::Unsupported(Unsupported {
        message,
        line: place.line,
        column: place.column,
        snippet: format!("{line}\n{carets}"),
    })
}

/// The text that something is refused in.
fn source_of<'a>(refused: &Refused, request: &Request<'a>) -> &'a str {
    use allcores_kernel::lower::Shape;
    let Some(helper) = &refused.helper else { return request.source };
    let path: Vec<Box<str>> = helper.split('.').map(Box::from).collect();
    match request.data.at(&path) {
        Some(Shape::Function(source)) => source,
        _ => "",
    }
}

/// What JavaScript has to know of a body, in JSON: `scalars` and `arrays`, paths into `data` of what the body wants, an empty
/// one for the view whose elements it is called with; `written`, for each array, whether the body stores to it; `captured`, the
/// names of `data` that are not taken from the body's parameter; `math`, the functions that come from a library; `loops`,
/// whether there are any.
#[napi(catch_unwind)]
pub(crate) fn describe_body(body: &Compiled) -> String {
    let mut text = String::from("{\"scalars\":");
    json_list(&mut text, body.scalars(), |text, path| {
        json_list(text, path, |text, name| json_string(text, name));
    });
    text.push_str(",\"arrays\":");
    json_list(&mut text, body.arrays(), |text, path| {
        json_list(text, path, |text, name| json_string(text, name));
    });
    text.push_str(",\"written\":");
    json_list(&mut text, &body.function().arrays, |text, array| {
        text.push_str(if array.is_written { "true" } else { "false" });
    });
    text.push_str(",\"captured\":");
    json_list(&mut text, body.captured(), |text, name| json_string(text, name));
    text.push_str(",\"math\":");
    json_list(&mut text, body.math(), |text, function| json_string(text, function.name()));
    let _ = write!(text, ",\"loops\":{}}}", body.has_loops());
    text
}

fn json_list<T>(text: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    text.push('[');
    for (number, value) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        item(text, value);
    }
    text.push(']');
}

fn json_string(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if u32::from(c) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// The inputs of a body: numbers in the order of its scalars, and a JavaScript array of typed arrays in the order of its
/// arrays, in which those on private memory are copied.
struct Inputs<'a> {
    body: &'a Compiled,
    scalars: Unknown<'a>,
    arrays: Unknown<'a>,
    is_portable: bool,
}

impl Inputs<'_> {
    /// # Safety
    ///
    /// Callers must keep the typed arrays alive as long as the call is used.
    unsafe fn call(&self, env: Env, grid: Grid) -> Result<Call, Error> {
        let body = Arc::clone(self.body);
        let function = body.function();
        if usize::from(function.indices) != grid.dimensions() {
            return Err(Error::WrongType {
                argument: "num",
                expected: "a range of the dimensions that the body has",
            });
        }
        let scalars = TypedArray::read_any(env, &self.scalars, "scalars")?.copy();
        if scalars.len() != function.scalars.len() {
            return Err(Error::WrongType {
                argument: "scalars",
                expected: "the numbers that the body wants",
            });
        }
        let mut arrays = Vec::new();
        arrays.try_reserve_exact(function.arrays.len())?;
        for (number, wanted) in function.arrays.iter().enumerate() {
            let value = element_of(env, &self.arrays, number as u32)?;
            let array = TypedArray::read_any(env, &value, "data")?;
            arrays.push(if array.is_shared() {
                if array.element() != wanted.element {
                    return Err(Error::WrongType {
                        argument: "data",
                        expected: "of the types that the body was compiled for",
                    });
                }
                // SAFETY: by the promise of the caller.
                Array::Shared(unsafe { array.elements() })
            } else if wanted.is_written {
                return Err(Error::NotShared { argument: "data", class: array.element().class() });
            } else {
                Array::Table(array.copy())
            });
        }
        Ok(Call { body, scalars, arrays: arrays.into(), library: library(self.is_portable), grid })
    }
}

fn library(_is_portable: bool) -> Library {
    &Portable
}

/// An element of an array of `lib/`'s own.
fn element_of<'a>(env: Env, array: &Unknown<'a>, index: u32) -> Result<Unknown<'a>, Error> {
    let mut value = std::ptr::null_mut();
    // SAFETY: on the environment's thread, inside a handle scope, with a live handle and a place for the result.
    let status = unsafe { sys::napi_get_element(env.raw(), array.raw(), index, &mut value) };
    check("napi_get_element", status)?;
    // SAFETY: a live handle of this scope, made above.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), value) })
}

/// The range that a body is called for: `from` counts if there is one dimension.
fn grid(from: f64, counts: &[f64]) -> Result<Grid, Error> {
    let bad = Error::OutOfRange { argument: "num", expected: "integers whose product is below 2 ** 53" };
    let integers: Option<Vec<u64>> = counts.iter().map(|count| integer::of(*count)).collect();
    match (integers.as_deref(), integer::of(from)) {
        (Some([to]), Some(from)) => Ok(Grid::range(from, *to)),
        (Some(counts), Some(0)) => Grid::of(counts).ok_or(bad),
        _ => Err(bad),
    }
}

/// Runs a body at a few points, each of as many numbers as it has indices, on copies of what it would store to: see
/// [`rehearse`]. The loops of all points may take `turns` turns.
#[napi(catch_unwind)]
pub(crate) fn check_body(
    env: Env,
    body: &Compiled,
    points: Vec<f64>,
    scalars: Unknown<'_>,
    arrays: Unknown<'_>,
    portable: bool,
    turns: u32,
) -> JsResult<Vec<f64>> {
    JsResult::of(|| {
        let dimensions = usize::from(body.function().indices);
        let grid =
            Grid::of(&[0; 3][..dimensions]).ok_or(Error::Panicked("a body without indices".to_owned()))?;
        let inputs = Inputs { body, scalars, arrays, is_portable: portable };
        // SAFETY: the arguments keep the arrays alive until this function returns.
        let call = unsafe { inputs.call(env, grid) }?;
        Ok(rehearse(&call, &points, u64::from(turns)))
    })
}

/// What becomes of the values that a body returns.
enum Use<'a> {
    /// Their exact sum.
    Sum,
    /// Nothing.
    Nothing,
    /// They are stored to this array, one for each unit.
    Store(Unknown<'a>),
    /// Their sum, and partial sums into the first slots of a target of this length.
    Slots(Unknown<'a>, usize),
}

/// Starts a call with a body, and returns its id: `settle` reports it exactly once.
///
/// It is called for the indices `from .. counts[0]`, or for all tuples of indices below several counts. `end` says what becomes
/// of what it returns: `sum`, `nothing`, `store` (to `target`), or `slots` (the first `length` of `target`; without `counts` the
/// request is what the last of them holds).
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
) -> JsResult<u32> {
    JsResult::of(|| {
        let environment = Environment::of(port)?;
        let end = match end.as_str() {
            "sum" => Use::Sum,
            "nothing" => Use::Nothing,
            "store" => Use::Store(target),
            "slots" => Use::Slots(target, usize::try_from(length).unwrap_or(0)),
            _ => return Err(Error::WrongType { argument: "end", expected: "one of those that there are" }),
        };
        let inputs = Inputs { body, scalars, arrays, is_portable: portable };
        start(&environment, env, &inputs, from, &counts, end, threads)
    })
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
    resources.pin(env, &inputs.arrays)?;
    let pinned = match &end {
        Use::Store(target) | Use::Slots(target, _) => resources.pin(env, target),
        Use::Sum | Use::Nothing => Ok(()),
    };
    // SAFETY: see above. Where nothing is submitted, no job has seen the arrays.
    let call = |grid| unsafe { inputs.call(env, grid) };
    let submitted = pinned.and_then(|()| match end {
        Use::Sum => {
            let job = call(grid(from, counts)?)?.into_sum(isa, threads)?;
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::Nothing => {
            let job = call(grid(from, counts)?)?.into_for_each(threads);
            environment.submit(pool, job, threads, std::mem::take(&mut resources))
        }
        Use::Store(target) => {
            let array = TypedArray::read(env, &target, "into")?;
            let call = call(grid(from, counts)?)?;
            // SAFETY: see above.
            let into = unsafe { array.elements() };
            if (into.len() as u64) < call.grid.units() || into.element().is_bigint() {
                return Err(Error::OutOfRange { argument: "into", expected: "as long as the view" });
            }
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
