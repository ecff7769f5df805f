//! What can be known of a function without running it.
//!
//! 1. `uses`: which values each region takes from outside, and after which statement nobody needs a value any more.
//! 2. `uniformity`: which values are the same for all indices that run together.
//! 3. `integers`: which doubles are integers.
//! 4. `ranges`: between which numbers integers are.
//! 5. `polling`: which arrays loops look at until they have changed; `moves`: what moves on from turn to turn, and waits for nobody.
//! 6. `waiting`: whether indices may wait for each other, so that each has to run by itself.

mod integers;
mod moves;
mod polling;
mod ranges;
mod uniformity;
mod uses;
mod waiting;

pub use integers::integer_values;
pub use polling::polled_arrays;
pub use ranges::{Granted, LARGEST, Range, integer_ranges, of_element};
pub use uniformity::uniform_values;
pub use uses::{RegionUses, region_uses, use_counts};
pub use waiting::may_wait;
