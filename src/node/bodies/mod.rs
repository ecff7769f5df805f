//! What `lib/` calls for loop bodies.
//!
//! 1. `compile`: from the text of a function to a body that JavaScript holds; what a body is, and how it is explained. `json`.
//! 2. `inputs`: numbers and arrays for a body, and rehearsals with them.
//! 3. `run`: starting a call, as `exports` does for the calls without a body.
//! 4. `partials`: parts of a call, to be merged.

#![allow(
    clippy::too_many_arguments,
    reason = "JavaScript would have to make an object, and we to read its properties"
)]

mod compile;
mod inputs;
mod json;
mod partials;
mod run;

use std::sync::Arc;

use allcores_kernel::Body;
use napi::bindgen_prelude::External;

/// A compiled body, as JavaScript holds it. It goes with the object.
type Compiled = External<Arc<Body>>;
