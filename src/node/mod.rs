//! The Node-API edge: everything that knows JavaScript.
//!
//! 1. `exports`: what `lib/` calls. Converts and checks arguments, starts calls and returns their ids.
//! 2. `bodies`: the same for loop bodies, which are compiled first. `shape`: what `data` holds.
//! 3. `typed_array`: typed arrays into [`SharedView`](allcores_memory::SharedView) and [`Slots`](allcores_memory::Slots).
//! 4. `integer`: a Number or a BigInt into an integer.
//! 5. `error`: why a call is refused.
//! 6. `environment`: the calls in flight of one JavaScript environment, and its end.
//! 7. `registry`: which environments are open on this thread.
//! 8. `callbacks`: what Node-API calls: wake-ups, the cleanup hook, the finalizer.
//! 9. `slab`: the table of the calls in flight.
//! 10. `port`: how a finished job gets from a pool thread to the environment's own thread.
//! 11. `waker`: what wakes that thread.
//! 12. `receiver`, `mailbox`: how results get from there into JavaScript.
//! 13. `reference`: references to JavaScript objects.
//! 14. `host_math`: functions of `Math` with the bits of this JavaScript engine.

#[cfg(not(loom))]
mod bodies;
#[cfg(not(loom))]
mod callbacks;
#[cfg(not(loom))]
mod environment;
#[cfg(not(loom))]
mod error;
#[cfg(not(loom))]
mod exports;
#[cfg(not(loom))]
mod host_math;
#[cfg(not(loom))]
mod integer;
#[cfg(not(loom))]
mod mailbox;
mod port;
#[cfg(not(loom))]
mod receiver;
#[cfg(not(loom))]
mod reference;
#[cfg(not(loom))]
mod registry;
#[cfg(not(loom))]
mod shape;
#[cfg(not(loom))]
mod slab;
#[cfg(not(loom))]
mod typed_array;
#[cfg(not(loom))]
mod waker;

#[cfg(all(test, loom, not(shuttle)))]
mod loom_tests;
