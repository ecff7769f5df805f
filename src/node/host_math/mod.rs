//! [`Host`]: the functions of `Math` with the bits that this JavaScript engine's have.
//!
//! A body computes what the same function would compute in JavaScript. ECMAScript leaves the last bits of `Math.sin` and its like to
//! the engine, and engines differ: V8 has had its own fdlibm and takes more and more from other libraries, compilers contract it on
//! some processors, JavaScriptCore calls the C library. So it is not the version of an engine that decides, but what it computes:
//!
//! 1. [`probes`] are arguments at which libraries are known to differ; JavaScript calls its own functions with them.
//! 2. [`adopt`] keeps the first library that has all of these results, bit for bit, for the rest of the process. If there is
//!    none, the function cannot be used in bodies, unless they ask for the portable one.
//!
//! All environments of a process have one engine. A program may have put another function in the place of one of `Math`: then it
//! has other results in that environment, and is refused there, and nowhere else.
//!
//! 1. `library`: a function of ours or of the process, and how it is called.
//! 2. `symbols`: finds functions of the process by their names.
//! 3. `probes`: the arguments.

mod library;
mod probes;
mod symbols;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use allcores_kernel::interpret::MathLibrary;
use allcores_kernel::ir::Math;
use allcores_kernel::math::Portable;
use library::Library;

/// What has been adopted, in the order of [`Math::ALL`].
static ADOPTED: [OnceLock<Library>; Math::ALL.len()] = [const { OnceLock::new() }; Math::ALL.len()];

/// The functions that have been adopted. What has not been is the portable one: callers ask [`is_adopted`] first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host;

impl MathLibrary for Host {
    #[inline]
    fn call(&self, function: Math, arguments: &[f64]) -> f64 {
        match ADOPTED[function as usize].get() {
            Some(library) => library.call(function, arguments),
            None => Portable.call(function, arguments),
        }
    }

    fn has_portable(&self, function: Math) -> bool {
        matches!(ADOPTED[function as usize].get(), Some(Library::Portable)) || function == Math::Random
    }
}

/// Whether [`Host`] has the function with the engine's bits. Ours that is none of `Math` it always has.
pub(super) fn is_adopted(function: Math) -> bool {
    function == Math::Random || ADOPTED[function as usize].get().is_some()
}

/// The arguments at which the function is tried, one call after the other.
pub(super) fn probes(function: Math) -> impl Iterator<Item = f64> {
    probes::of(function).iter().copied().map(f64::from_bits)
}

/// Adopts the library that has these results for the probes, one for each call. Whether there is one, and it is the one that has
/// been adopted before, if one has been.
pub(super) fn adopt(function: Math, results: &[f64]) -> bool {
    let adopted = &ADOPTED[function as usize];
    if adopted.get().is_none()
        && let Some(library) = choose(function, results)
    {
        // Another thread may have been faster: with the same one, if its results were the same.
        let _ = adopted.set(library);
    }
    adopted.get().is_some_and(|library| agrees(*library, function, results))
}

/// The first library that has these results.
fn choose(function: Math, results: &[f64]) -> Option<Library> {
    Library::candidates(function).find(|library| agrees(*library, function, results))
}

fn agrees(library: Library, function: Math, results: &[f64]) -> bool {
    let arguments: Vec<f64> = probes(function).collect();
    let calls = arguments.chunks_exact(function.arity());
    let same = |(arguments, expected): (&[f64], &f64)| {
        let result = library.call(function, arguments);
        result.to_bits() == expected.to_bits() || (result.is_nan() && expected.is_nan())
    };
    calls.len() == results.len() && calls.zip(results).all(same)
}
