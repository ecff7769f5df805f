//! What makes a function smaller or faster without changing a bit of what it computes.
//!
//! 1. `fold`: operations on constants, operations that are there already, conversions there and back.
//! 2. `select`: short ifs become selections.
//! 3. `narrow`: integers of 32 bits that are carried, or added, as doubles stay integers.
//! 4. `hoist`: what takes long and is the same in all turns leaves its loop.
//! 5. `prune`: results and parameters that are always one value, operations that nobody needs, blocks that nobody leaves early.

mod fold;
mod hoist;
mod narrow;
mod prune;
mod select;
#[cfg(test)]
mod tests;

use crate::ir::Function;

type Pass = fn(&mut Function) -> bool;

/// In the order in which they run. Each returns whether it has changed anything.
const PASSES: [Pass; 5] = [prune::prune, fold::fold, select::select, narrow::narrow, hoist::hoist];

/// How often each of them runs at the most.
const ROUNDS: usize = 4;

/// Runs all passes, until the function stays as it is or has been gone through a few times.
pub fn simplify(function: &mut Function) {
    if !settles(function, &PASSES) {
        while prune::prune(function) {}
    }
}

/// Runs passes in turn until none of them has anything left to change: whether they come to that. What has changed nothing does not run again
/// before another one has.
fn settles(function: &mut Function, passes: &[Pass]) -> bool {
    let mut idle = 0;
    for pass in passes.iter().cycle().take(ROUNDS * passes.len()) {
        idle = if pass(function) { 0 } else { idle + 1 };
        if idle == passes.len() {
            return true;
        }
    }
    false
}
