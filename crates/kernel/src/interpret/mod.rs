//! Engines that run the IR without machine code.
//!
//! 1. `environment`: what a function needs from outside: memory, functions of `Math`, and leave to go on.
//! 2. `arrays`: memory of one thread, for tests.
//! 3. `scalar`: one index at a time, as obvious as can be. The oracle of every other engine.
//! 4. `block`: some hundred indices at once. The portable engine.

mod arrays;
mod block;
mod environment;
mod scalar;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use arrays::Arrays;
pub use block::{Block, Plan, State, WIDTH};
pub use environment::{Fuel, MathLibrary, Memory, Stop, Unlimited};
pub use scalar::Scalar;
