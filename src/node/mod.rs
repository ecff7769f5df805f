//! The Node-API edge: everything that knows JavaScript.
//!
//! 1. `exports`: what `index.js` sees. Turns arguments into plain Rust, once more checked, and jobs into numbers
//!    (ids) that JavaScript keeps its promises by.
//! 2. `view`: typed arrays into [`SharedView`](allcores_memory::SharedView) and [`Slots`](allcores_memory::Slots).
//! 3. `integer`: a Number or a BigInt into an integer.
//! 4. `environment`: one for each JavaScript environment that loads the addon: its calls in flight, and the
//!    cleanup hook that ends them before the environment goes.
//! 5. `calls`: the table of the calls in flight.
//! 6. `port`: how a finished job gets from a pool thread to the environment's own thread.
//! 7. `bell`: what wakes that thread.
//! 8. `mailbox`: how results get from there into JavaScript.
//! 9. `refusal`: errors with codes.

#[cfg(not(loom))]
mod bell;
#[cfg(not(loom))]
mod calls;
#[cfg(not(loom))]
mod environment;
#[cfg(not(loom))]
mod exports;
#[cfg(not(loom))]
mod integer;
#[cfg(not(loom))]
mod mailbox;
mod port;
#[cfg(not(loom))]
mod refusal;
#[cfg(not(loom))]
mod view;

#[cfg(all(test, loom, not(shuttle)))]
mod loom_tests;
