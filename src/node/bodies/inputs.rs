//! What a body works on, as JavaScript hands it over; and rehearsals, which are over before the call returns.

use std::sync::Arc;

use allcores_kernel::Body;
use allcores_kernel::math::Portable;
use napi::bindgen_prelude::Float64ArraySlice;
use napi::{Env, JsValue, Unknown, sys};
use napi_derive::napi;

use super::Compiled;
use crate::jobs::{Array, Call, Grid, Library, rehearse};
use crate::node::error::{Error, JsResult, check};
use crate::node::host_math::{self, Host};
use crate::node::integer;
use crate::node::typed_array::TypedArray;

/// The inputs of a body: numbers in the order of its scalars, and a JavaScript array of typed arrays in the order of its
/// arrays, in which those on private memory are copied.
pub(super) struct Inputs<'a> {
    pub(super) body: &'a Compiled,
    pub(super) scalars: Unknown<'a>,
    pub(super) arrays: Unknown<'a>,
    pub(super) is_portable: bool,
}

impl Inputs<'_> {
    /// # Safety
    ///
    /// Callers must keep the typed arrays alive as long as the call is used.
    pub(super) unsafe fn call(&self, env: Env, grid: Grid) -> Result<Call, Error> {
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
        let library = library(&body, self.is_portable)?;
        Ok(Call { body, scalars, arrays: arrays.into(), library, grid })
    }
}

/// Portable functions, or those of this engine: of which all must have been adopted that the body calls.
pub(super) fn library(body: &Body, is_portable: bool) -> Result<Library, Error> {
    if is_portable {
        Ok(&Portable)
    } else if body.math().iter().all(|function| host_math::is_adopted(*function)) {
        Ok(&Host)
    } else {
        Err(Error::WrongType { argument: "math", expected: "'portable' for a body with such functions" })
    }
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
pub(super) fn grid(from: f64, counts: &[f64]) -> Result<Grid, Error> {
    let bad = Error::OutOfRange { argument: "num", expected: "integers whose product is below 2 ** 53" };
    let integers: Option<Vec<u64>> = counts.iter().map(|count| integer::of(*count)).collect();
    match (integers.as_deref(), integer::of(from)) {
        (Some([to]), Some(from)) => Ok(Grid::range(from, *to)),
        (Some(counts), Some(0)) => Grid::of(counts).ok_or(bad),
        _ => Err(bad),
    }
}

/// Runs a body at a few points, each of as many numbers as it has indices, on copies of what it would store to: see
/// [`rehearse`]. The loops of all points may take `turns` turns. `points` is a Float64Array.
#[napi(catch_unwind)]
pub(crate) fn check_body<'env>(
    env: &'env Env,
    body: &Compiled,
    points: Unknown<'_>,
    scalars: Unknown<'_>,
    arrays: Unknown<'_>,
    portable: bool,
    turns: u32,
) -> JsResult<Float64ArraySlice<'env>> {
    JsResult::of(|| {
        let points = TypedArray::read_any(*env, &points, "points")?.copy();
        let dimensions = usize::from(body.function().indices);
        let grid =
            Grid::of(&[0; 3][..dimensions]).ok_or(Error::Panicked("a body without indices".to_owned()))?;
        let inputs = Inputs { body, scalars, arrays, is_portable: portable };
        // SAFETY: the arguments keep the arrays alive until this function returns.
        let call = unsafe { inputs.call(*env, grid) }?;
        TypedArray::of(env, &rehearse(&call, &points, u64::from(turns)))
    })
}
