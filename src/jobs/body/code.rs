//! Whether machine code is to run a body, and what it takes.

use std::ops::Range;

use allcores_kernel::Body;
use allcores_kernel::codegen::{Inputs, LEAST_ROW, Native};
use allcores_memory::SharedArray;

use super::grid::MAX_DIMENSIONS;
use super::{Array, Grid, Library, engine};

/// From so many units on, machine code is worth making: of one call, or of many.
const WORTH_CODE: u64 = 2048;

/// Whether an index may wait for what another one writes. Indices run in order then, one after the other, as they do in a loop: what
/// waits for an index before it comes to its end.
///
/// The compiler knows which arrays a body polls, and which it writes. That two of them are the same memory shows here.
pub(super) fn may_wait(body: &Body, arrays: &[Array], into: Option<&SharedArray>) -> bool {
    if body.plan().width() == 1 {
        return true;
    }
    if !body.polled().contains(&true) {
        return false;
    }
    let written = body.function().arrays.iter().zip(arrays).filter(|(array, _)| array.is_written);
    let written: Vec<_> =
        written.filter_map(|(_, array)| array.addresses()).chain(into.map(SharedArray::addresses)).collect();
    let is_written = |read: &Range<usize>| written.iter().any(|written| overlap(written, read));
    let polled = body.polled().iter().zip(arrays).filter(|(is_polled, _)| **is_polled);
    polled.filter_map(|(_, array)| array.addresses()).any(|read| is_written(&read))
}

/// Whether two pieces of memory have a byte in common.
pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// What machine code takes, if that is to run the body: if there is some, or if it is worth making.
pub(super) fn inputs(
    body: &Body,
    library: Library,
    scalars: &[f64],
    arrays: &[Array],
    units: u64,
) -> Option<Inputs> {
    if !engine::may_use_code() {
        return None;
    }
    let is_worth_it = || body.has_loops() || body.count_call(units) >= WORTH_CODE;
    if !(body.has_native(library) || is_worth_it()) {
        return None;
    }
    let native = engine::native(body, library).ok()?;
    let is_same = native.elements().iter().copied().eq(arrays.iter().map(Array::element));
    // SAFETY: the arrays are those of the call, which keeps their memory for as long as it runs. All access to shared memory is
    // atomic or racy by design, here as everywhere. Tables are this call's own, and no body writes them.
    is_same.then(|| unsafe { Inputs::new(scalars, arrays.iter().map(Array::raw)) })
}

/// What code of one row takes, if that is faster: of long rows, whose lanes need not wait for each other.
pub(super) fn inputs_of_rows(
    native: &Native,
    body: &Body,
    library: Library,
    scalars: &[f64],
    arrays: &[Array],
    grid: Grid,
) -> Option<Inputs> {
    let outer = grid.dimensions() - 1;
    if outer == 0 || grid.width() < LEAST_ROW || native.diverges() || native.adds_up() {
        return None;
    }
    engine::rows(body, library)?;
    let scalars: Vec<f64> =
        scalars.iter().copied().chain([0.0; MAX_DIMENSIONS].into_iter().take(outer)).collect();
    // SAFETY: as in `inputs`, whose elements are the same.
    Some(unsafe { Inputs::new(&scalars, arrays.iter().map(Array::raw)) })
}
