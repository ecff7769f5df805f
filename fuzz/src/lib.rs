//! What is fuzzed: for each target a check that takes any bytes, makes a case of them, and fails if something is wrong.
//! `ci/fuzz.sh` runs them with coverage, `tests/replay.rs` on all inputs that are kept.

#![cfg(unix)]

pub mod arguments;
pub mod ir;
pub mod kernels;
pub mod moments;
pub mod partials;
pub mod planner;
pub mod text;

mod room;

#[path = "../../tests/fake/mod.rs"]
mod fake;

#[path = "../../crates/exact/src/tests/oracle.rs"]
#[allow(dead_code, reason = "the tests of exact/ use all of it")]
mod oracle;

#[path = "../../crates/exact/src/tests/rational.rs"]
#[allow(dead_code, reason = "the tests of exact/ use all of it")]
mod rational;

use allcores_exact::Total;
