//! The Node-API edge: everything that knows JavaScript.
//!
//! 1. `exports`: what `index.js` sees. Turns arguments into plain Rust, once more checked, and jobs into numbers
//!    (ids) that JavaScript keeps its promises by.
//! 2. `view`: typed arrays into [`SharedView`](crate::memory::SharedView) and [`Slots`](crate::memory::Slots).
//! 3. `environment`: one for each JavaScript environment that loads the addon: its calls in flight, and the
//!    cleanup hook that ends them before the environment goes.
//! 4. `port`: how a finished job gets from a pool thread to the environment's own thread.
//! 5. `mailbox`: how results get from there into JavaScript.
//! 6. `refusal`: errors with codes.

#[cfg(not(loom))]
mod environment;
#[cfg(not(loom))]
mod exports;
#[cfg(not(loom))]
mod mailbox;
mod port;
#[cfg(not(loom))]
mod refusal;
#[cfg(not(loom))]
mod view;

#[cfg(all(test, loom))]
mod loom_tests;
