//! What this processor can do, and how it computes.
//!
//! 1. [`Isa`]: an instruction set that this processor has, chosen at run time.
//! 2. The tokens ([`Avx2`], ...): a value of each is the proof that the processor has its instructions.
//! 3. [`Task`]: a computation that is written once and compiled for every instruction set.
//! 4. [`fp_env`]: the settings of the floating-point unit that exact arithmetic relies on.
//! 5. [`Element`], [`convert`], [`AtomicOp`]: the elements of typed arrays, what becomes of a Number that is stored to one,
//!    and what `Atomics` do to one.
//! 6. [`code`]: memory for machine code that is made at run time.
//! 7. [`stack`]: how much of it is left.

mod atomic;
pub mod code;
pub mod convert;
mod element;
pub mod fp_env;
mod isa;
pub mod stack;
mod task;
mod tokens;

pub use atomic::AtomicOp;
pub use element::Element;
pub use isa::Isa;
pub use task::{Dispatch, Task};
#[cfg(target_arch = "aarch64")]
pub use tokens::Neon;
pub use tokens::Portable;
#[cfg(target_arch = "x86_64")]
pub use tokens::{Avx2, Avx512};
