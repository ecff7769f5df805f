//! The intermediate representation: typed SSA with structured control flow.
//!
//! A [`Function`] is a tree of *regions*. A region is a list of statements and an end. Each value is defined once, by a
//! statement or as a parameter of a loop, and is visible from there to the end of its region and in the regions inside. There is
//! no other control flow than blocks, which can be left early with results, two-way ifs, and loops, whose parameters are what
//! changes from turn to turn. So a vector engine reads masks off the tree, and needs no analysis to find loops.
//!
//! The text form prints and parses; filetests and fuzzers use it. The sum of squares below `n` that are not multiples of 3:
//!
//! ```text
//! function 1 -> f64
//! scalar 0 "n"
//! {
//!   %0 = scalar 0
//!   %1 = const.f64 0
//!   %2 = const.f64 1
//!   %3 = const.f64 3
//!   block @0 -> %4:f64 {
//!     loop @1 %5:f64 = %1, %6:f64 = %1 {
//!       %7 = flt %5, %0
//!       if %7 {
//!         yield
//!       } else {
//!         br @0 %6
//!       }
//!       %8 = frem %5, %3
//!       %9 = bool.f64 %8
//!       if %9 -> %10:f64 {
//!         %11 = fmul %5, %5
//!         %12 = fadd %6, %11
//!         yield %12
//!       } else {
//!         yield %6
//!       }
//!       %13 = fadd %5, %2
//!       br @1 %13, %10
//!     }
//!   }
//!   yield %4
//! }
//! ```
//!
//! 1. `types`: types, elements, constants, and the ids of numbered things.
//! 2. `op`: the operations. What they compute is [`numeric`](crate::numeric).
//! 3. `function`: the tree.
//! 4. `builder`: makes it, typed by construction.
//! 5. `print`, `parse`: the text form.
//! 6. `generate`: random functions, for tests.
//! 7. `verify`: proves after every pass that the tree makes sense.

mod builder;
mod function;
#[cfg(any(test, feature = "testing"))]
mod generate;
mod op;
mod parse;
mod print;
mod types;
mod verify;

pub use allcores_machine::{AtomicOp, Element};
pub use builder::{Builder, Open};
pub use function::{Array, End, Function, Local, Origin, Region, Stmt};
#[cfg(any(test, feature = "testing"))]
pub use generate::{HARSH_OWN, HARSH_READ, HARSH_SIDE, generate, generate_for_code, generate_harsh};
pub use op::{Binary, Math, Op, Unary};
pub use parse::{ParseError, parse};
pub use types::{ArrayId, Const, Label, LocalId, RegionId, ScalarId, Type, Value};
pub use verify::{MAX_DEPTH, MAX_LOCAL_LEN, MAX_VALUES, VerifyError, verify};
