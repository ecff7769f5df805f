//! Why a call is refused, and how JavaScript is told.

use std::collections::TryReserveError;
use std::ffi::CStr;
use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use allcores_machine::Isa;
use napi::bindgen_prelude::ToNapiValue;
use napi::sys;

use crate::jobs::{BeginError, Refusal};
use crate::pool::{NoThreads, panic_message};

/// A call that was refused before any thread saw it.
#[derive(Debug)]
pub(super) enum Error {
    /// The argument of that name is not what it must be.
    WrongType { argument: &'static str, expected: &'static str },
    /// An integer out of its range.
    OutOfRange { argument: &'static str, expected: &'static str },
    /// Memory that can be detached or shrunk.
    NotShared { argument: &'static str, class: &'static str },
    /// A sum into slots cannot begin.
    Begin(BeginError),
    /// The system has no memory left.
    OutOfMemory,
    /// The system starts no thread.
    NoThreads(NoThreads),
    /// The processor, or this crate, does not know the instruction set.
    NoSuchIsa { name: String },
    /// The environment is being torn down.
    Closing,
    /// A body uses what cannot be compiled.
    Unsupported(Unsupported),
    /// A call that ran at once could not go on.
    Refused(Refusal),
    /// The call panicked on the calling thread, with this message.
    Panicked(String),
    /// Node-API refused something that it should not have.
    NodeApi { call: &'static str, status: sys::napi_status },
}

/// What is refused of a body, and where the first of it is.
#[derive(Debug)]
pub(super) struct Unsupported {
    pub(super) message: String,
    /// From 1.
    pub(super) line: u32,
    /// From 1, in characters.
    pub(super) column: u32,
    /// The line, and below it what marks the place.
    pub(super) snippet: String,
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongType { .. } => "ERR_INVALID_ARG_TYPE",
            Self::Begin(BeginError::Busy) => "ERR_BUFFER_BUSY",
            Self::OutOfRange { .. } | Self::Refused(_) | Self::Begin(_) | Self::NoSuchIsa { .. } => {
                "ERR_OUT_OF_RANGE"
            }
            Self::NotShared { .. } => "ERR_NOT_SHARED",
            Self::NoThreads(_) => "ERR_THREADS",
            Self::Unsupported(_) => "ERR_UNSUPPORTED",
            Self::OutOfMemory | Self::Closing | Self::Panicked(_) | Self::NodeApi { .. } => "ERR_INTERNAL",
        }
    }

    /// A plain object with properties of its own: `code` and `message`, and those of [`Unsupported`].
    fn into_value(self, env: sys::napi_env) -> Result<sys::napi_value, Self> {
        let mut object = ptr::null_mut();
        // SAFETY: on the environment's thread, inside a handle scope, with a place for the result.
        let status = unsafe { sys::napi_create_object(env, &mut object) };
        check("napi_create_object", status)?;
        let mut properties = vec![
            property(c"code", string(env, self.code())?),
            property(c"message", string(env, &self.to_string())?),
        ];
        if let Self::Unsupported(Unsupported { line, column, snippet, .. }) = &self {
            properties.push(property(c"line", number(env, *line)?));
            properties.push(property(c"column", number(env, *column)?));
            properties.push(property(c"snippet", string(env, snippet)?));
        }
        // Defined, not set: a setter that a program has put on Object.prototype has no say in it.
        //
        // SAFETY: as above, with a live handle and as many descriptors as it says, of live handles.
        let status =
            unsafe { sys::napi_define_properties(env, object, properties.len(), properties.as_ptr()) };
        check("napi_define_properties", status)?;
        Ok(object)
    }
}

fn string(env: sys::napi_env, text: &str) -> Result<sys::napi_value, Error> {
    let mut string = ptr::null_mut();
    // SAFETY: on the environment's thread, inside a handle scope, with the bytes of a string and a place for the result.
    let status =
        unsafe { sys::napi_create_string_utf8(env, text.as_ptr().cast(), text.len() as isize, &mut string) };
    check("napi_create_string_utf8", status)?;
    Ok(string)
}

fn number(env: sys::napi_env, number: u32) -> Result<sys::napi_value, Error> {
    let mut value = ptr::null_mut();
    // SAFETY: on the environment's thread, inside a handle scope, with a place for the result.
    let status = unsafe { sys::napi_create_uint32(env, number, &mut value) };
    check("napi_create_uint32", status)?;
    Ok(value)
}

/// An ordinary property, as an object literal has it.
fn property(name: &'static CStr, value: sys::napi_value) -> sys::napi_property_descriptor {
    let default = sys::PropertyAttributes::writable
        | sys::PropertyAttributes::enumerable
        | sys::PropertyAttributes::configurable;
    sys::napi_property_descriptor {
        utf8name: name.as_ptr(),
        name: ptr::null_mut(),
        method: None,
        getter: None,
        setter: None,
        value,
        attributes: default,
        data: ptr::null_mut(),
    }
}

/// What an export returns: its answer, or the error as a plain object, out of which `lib/` makes an error and throws it.
///
/// It is no `Error` object: that would be one of the main realm, whichever realm calls. And it is not thrown here: V8
/// treats an exception thrown by native code as uncaught, even if JavaScript catches it, and Node's option
/// `--abort-on-uncaught-exception` would end the process.
#[derive(Debug)]
pub(crate) struct JsResult<T>(Result<T, Error>);

impl<T> JsResult<T> {
    /// The result of `act`, or the panic that it ended with.
    pub(super) fn of(act: impl FnOnce() -> Result<T, Error>) -> Self {
        // What a panic may leave half done is a call that has not started, and no other call sees that.
        Self(catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|payload| {
            let message = panic_message(payload.as_ref());
            // A payload may panic in its own drop. It is a bug's debris: leak it rather than run it.
            let _ = ManuallyDrop::new(payload);
            Err(Error::Panicked(message))
        }))
    }
}

impl<T: ToNapiValue> ToNapiValue for JsResult<T> {
    /// Fails, and then throws, only if not even an object can be made.
    unsafe fn to_napi_value(env: sys::napi_env, result: Self) -> napi::Result<sys::napi_value> {
        match result.0 {
            // SAFETY: by the promise of the caller.
            Ok(answer) => unsafe { T::to_napi_value(env, answer) },
            Err(error) => {
                error.into_value(env).map_err(|failure| napi::Error::from_reason(failure.to_string()))
            }
        }
    }
}

impl fmt::Display for Error {
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
                 ArrayBuffer, which can be detached or shrunk while threads work on it. {remedy}",
                article = if class.starts_with('I') { "an" } else { "a" },
                // What is written to is no copy.
                remedy = match *argument {
                    "target" =>
                        format!("Make it shared: new {class}(new SharedArrayBuffer(target.byteLength))"),
                    _ => format!("Copy it to shared memory: share({argument}), which allcores exports"),
                }
            ),
            Self::Begin(error) => error.fmt(f),
            Self::NoThreads(NoThreads(error)) => write!(
                f,
                "No thread could be started ({error}). Raise the limit on threads (ulimit -u, the pids limit of the \
                 container); the next call tries again."
            ),
            Self::NoSuchIsa { name } => {
                let known: Vec<_> = Isa::available().map(Isa::name).collect();
                write!(f, "The value of ALLCORES_ISA must be one of {}. Received '{name}'", known.join(", "))
            }
            Self::Unsupported(Unsupported { message, .. }) | Self::Refused(Refusal(message)) => {
                f.write_str(message)
            }
            Self::OutOfMemory => {
                write!(
                    f,
                    "Memory for the call could not be allocated. Nothing has started; the next call tries again."
                )
            }
            Self::Closing => write!(f, "This JavaScript environment is being torn down."),
            Self::Panicked(message) => write!(
                f,
                "Internal error in allcores: {message}. The pool is still usable. Please report it with the program \
                 that caused it."
            ),
            Self::NodeApi { call, status } => write!(
                f,
                "{call} failed with status {status}. This is a bug in allcores or in the runtime: please report it."
            ),
        }
    }
}

impl From<BeginError> for Error {
    fn from(error: BeginError) -> Self {
        Self::Begin(error)
    }
}

impl From<NoThreads> for Error {
    fn from(error: NoThreads) -> Self {
        Self::NoThreads(error)
    }
}

impl From<TryReserveError> for Error {
    fn from(_: TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

/// Makes an error of a status that is not `napi_ok`.
pub(super) fn check(call: &'static str, status: sys::napi_status) -> Result<(), Error> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(Error::NodeApi { call, status }) }
}
