//! Why a call is refused, as the JavaScript error it becomes.

use std::collections::TryReserveError;
use std::fmt;
use std::ptr;

use napi::bindgen_prelude::ToNapiValue;
use napi::{Env, JsValue, sys};

use crate::jobs::DoesNotFit;
use crate::pool::NoThreads;
use allcores_machine::Isa;
use allcores_memory::SlotType;

/// A call that was refused before any thread saw it.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The argument of that name is not what it must be.
    WrongType { argument: &'static str, expected: &'static str },
    /// An integer out of its range.
    OutOfRange { argument: &'static str, expected: &'static str },
    /// Memory that can be detached or shrunk.
    NotShared { argument: &'static str, class: &'static str },
    /// The request slot holds a negative number.
    NegativeRequest { slot: usize, request: i64 },
    /// Something does not fit its slot.
    DoesNotFit { what: DoesNotFit, kind: SlotType, num: u64 },
    /// Another call stores to the same bytes.
    Busy,
    /// The system gives no memory.
    OutOfMemory,
    /// The system gives no threads.
    NoThreads(NoThreads),
    /// The processor, or this crate, does not know the instruction set.
    NoSuchIsa { name: String },
    /// The environment is being torn down.
    Closing,
    /// Node-API refused something that it should not have.
    NodeApi { call: &'static str, status: sys::napi_status },
}

impl Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongType { .. } => "ERR_INVALID_ARG_TYPE",
            Self::OutOfRange { .. }
            | Self::NegativeRequest { .. }
            | Self::DoesNotFit { .. }
            | Self::NoSuchIsa { .. } => "ERR_OUT_OF_RANGE",
            Self::NotShared { .. } => "ERR_NOT_SHARED",
            Self::Busy => "ERR_BUFFER_BUSY",
            Self::NoThreads(_) => "ERR_THREADS",
            Self::OutOfMemory | Self::Closing | Self::NodeApi { .. } => "ERR_INTERNAL",
        }
    }

    /// The `Error` object that it is to JavaScript.
    fn into_value(self, env: Env) -> Result<sys::napi_value, Self> {
        type Create = unsafe fn(
            sys::napi_env,
            sys::napi_value,
            sys::napi_value,
            *mut sys::napi_value,
        ) -> sys::napi_status;
        let (name, create): (_, Create) = match self {
            Self::WrongType { .. } | Self::NotShared { .. } => {
                ("napi_create_type_error", sys::napi_create_type_error)
            }
            Self::OutOfRange { .. }
            | Self::NegativeRequest { .. }
            | Self::DoesNotFit { .. }
            | Self::NoSuchIsa { .. } => ("napi_create_range_error", sys::napi_create_range_error),
            Self::Busy | Self::NoThreads(_) | Self::OutOfMemory | Self::Closing | Self::NodeApi { .. } => {
                ("napi_create_error", sys::napi_create_error)
            }
        };
        let string = |text: &str| match env.create_string(text) {
            Ok(string) => Ok(string.raw()),
            Err(error) => Err(Self::NodeApi {
                call: "napi_create_string_utf8",
                status: error.status as sys::napi_status,
            }),
        };
        let (code, message) = (string(self.code())?, string(&self.to_string())?);
        let mut error = ptr::null_mut();
        // SAFETY: on the environment's thread, inside a handle scope, with the live handles of two strings and a place
        // for the answer.
        let status = unsafe { create(env.raw(), code, message, &mut error) };
        check(name, status)?;
        Ok(error)
    }
}

/// What an export gives back: its answer, or the refusal as an `Error` object, which `lib/engine.js` throws.
///
/// It is not thrown here: what Node-API throws is uncaught to V8, whoever catches it later, and Node's option
/// `--abort-on-uncaught-exception` would end the process.
#[derive(Debug)]
pub(crate) struct Outcome<T>(pub(super) Result<T, Refusal>);

impl<T: ToNapiValue> ToNapiValue for Outcome<T> {
    /// Fails, and is thrown then, only if not even an error can be made.
    unsafe fn to_napi_value(env: sys::napi_env, outcome: Self) -> napi::Result<sys::napi_value> {
        match outcome.0 {
            // SAFETY: by the promise of the caller.
            Ok(answer) => unsafe { T::to_napi_value(env, answer) },
            Err(refusal) => refusal
                .into_value(Env::from_raw(env))
                .map_err(|failure| napi::Error::from_reason(failure.to_string())),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { argument, expected } => {
                write!(f, "The \"{argument}\" argument must be {expected}.")
            }
            Self::OutOfRange { argument, expected } => {
                write!(f, "The value of \"{argument}\" is out of range. It must be {expected}.")
            }
            Self::NotShared { argument, class } => write!(
                f,
                "The \"{argument}\" argument must be on a SharedArrayBuffer. Received {article} {class} on an \
                 ArrayBuffer, which can be detached or shrunk while threads work on it. Make a shared one: \
                 const shared = new {class}(new SharedArrayBuffer({argument}.byteLength)); shared.set({argument})",
                article = if class.starts_with('I') { "an" } else { "a" }
            ),
            Self::NegativeRequest { slot, request } => write!(
                f,
                "The value of \"num\" is out of range. It was left out, so the request is what the last slot ({slot}) \
                 of \"target\" holds. It must be >= 0. Received {request}."
            ),
            Self::DoesNotFit { what: DoesNotFit::Partial { slot, sum }, kind, num } => {
                let remedy = match kind {
                    SlotType::Int32 => {
                        "Use a BigInt64Array, whose slots hold up to 2n ** 63n - 1n, or more slots."
                    }
                    SlotType::BigInt64 => "Use a BigInt64Array with more slots, or sumRange(num).",
                };
                write!(
                    f,
                    "The value of \"num\" is out of range. For num = {num} the partial sum of slot {slot} is {sum}, but \
                     a slot of \"target\" holds at most {}. {remedy}",
                    kind.max()
                )
            }
            Self::DoesNotFit { what: DoesNotFit::Request { slot }, kind, num } => {
                let remedy = match kind {
                    SlotType::Int32 => "Use a BigInt64Array.",
                    SlotType::BigInt64 => "Use sumRange(num): even a BigInt64Array cannot hold it.",
                };
                write!(
                    f,
                    "The value of \"num\" is out of range. It is kept in the last slot ({slot}) of \"target\" while the \
                     sum runs, which holds at most {}. Received {num}. {remedy}",
                    kind.max()
                )
            }
            Self::Busy => write!(
                f,
                "The \"target\" argument overlaps the target of a call in flight. Await that call first, or use a \
                 buffer for each call."
            ),
            Self::NoThreads(NoThreads(error)) => write!(
                f,
                "No thread could be started ({error}). Raise the limit on threads (ulimit -u, the pids limit of the \
                 container); the next call tries again."
            ),
            Self::NoSuchIsa { name } => {
                let known: Vec<_> = Isa::available().map(Isa::name).collect();
                write!(f, "The value of ALLCORES_ISA must be one of {}. Received '{name}'", known.join(", "))
            }
            Self::OutOfMemory => {
                write!(
                    f,
                    "Memory for the call could not be allocated. Nothing has started; the next call tries again."
                )
            }
            Self::Closing => write!(f, "This JavaScript environment is being torn down."),
            Self::NodeApi { call, status } => write!(
                f,
                "{call} failed with status {status}. This is a bug in allcores or in the runtime: please report it."
            ),
        }
    }
}

impl From<NoThreads> for Refusal {
    fn from(error: NoThreads) -> Self {
        Self::NoThreads(error)
    }
}

impl From<TryReserveError> for Refusal {
    fn from(_: TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

/// Makes a refusal of a status that is not `napi_ok`.
pub(super) fn check(call: &'static str, status: sys::napi_status) -> Result<(), Refusal> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(Refusal::NodeApi { call, status }) }
}
