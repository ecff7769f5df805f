//! A Node-API with no JavaScript behind it: as much of one as it takes to load the addon, call its exports, and see what
//! it does with what it is told.
//!
//! The test decides what values are, which call fails, and with what status. Misuse of Node-API (a reference deleted
//! twice, a threadsafe function used after its release) panics in a C function, which ends the process.
//!
//! An environment is a thread, as in Node: everything but the threadsafe functions is the thread's own.

#![allow(dead_code, reason = "each program that has a fake needs a part of it")]

mod api;
mod program;
mod threadsafe;

use std::cell::RefCell;

// The addon itself, which is never named again.
use allcores as _;

pub(crate) use program::Program;
pub(crate) use threadsafe::ThreadsafeFunction;

/// `napi_status`.
pub(crate) type Status = i32;
/// `napi_value`, `napi_env`, `napi_ref`: never null.
pub(crate) type Handle = usize;
/// A native function, as Node calls it.
pub(crate) type Callback = extern "C" fn(Handle, *const Arguments) -> Handle;
type Hook = extern "C" fn(usize);

pub(crate) const OK: Status = 0;
pub(crate) const INVALID_ARG: Status = 1;
pub(crate) const GENERIC_FAILURE: Status = 9;
pub(crate) const PENDING_EXCEPTION: Status = 10;
pub(crate) const CLOSING: Status = 16;
pub(crate) const CANNOT_RUN_JS: Status = 23;

/// The only environment that a thread has.
pub(crate) const ENV: Handle = 0xe0;

/// What a JavaScript value is to Node-API.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    /// `words` is all there is to tell about its size.
    BigInt {
        negative: bool,
        words: Vec<u64>,
    },
    Text(String),
    Object,
    Array(Vec<Handle>),
    Error {
        code: String,
        message: String,
    },
    Function(Callback),
    /// The function that gets the results.
    Settle,
    TypedArray {
        /// `napi_typedarray_type`; anything may be claimed.
        kind: i32,
        len: usize,
        data: usize,
        buffer: Handle,
    },
    ArrayBuffer,
    SharedArrayBuffer,
}

/// What a native function is called with.
pub(crate) struct Arguments(Vec<Handle>);

/// Something thrown: its code and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A record of the mailbox, as `lib/engine.js` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: u32,
    pub(crate) kind: u32,
    pub(crate) low: u64,
    pub(crate) high: u64,
}

/// Which call of Node-API fails: number `at` from when this is set, or every one from there on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) onwards: bool,
    pub(crate) status: Status,
}

/// One environment.
#[derive(Default)]
struct Node {
    values: Vec<Value>,
    references: Vec<Option<Handle>>,
    hooks: Vec<(Hook, usize)>,
    functions: Vec<&'static ThreadsafeFunction>,
    /// How many of them the binding's library has made while it was loaded.
    own: usize,
    exports: Vec<(String, Callback)>,
    thrown: Option<Thrown>,
    fault: Option<Fault>,
    calls: usize,
    failed: Vec<&'static str>,
    settled: Vec<Record>,
    messages: Vec<String>,
    mailbox: Option<Handle>,
}

thread_local! {
    static NODE: RefCell<Node> = RefCell::default();
}

fn with<R>(act: impl FnOnce(&mut Node) -> R) -> R {
    NODE.with_borrow_mut(act)
}

impl Node {
    fn make(&mut self, value: Value) -> Handle {
        self.values.push(value);
        self.values.len()
    }

    fn get(&self, handle: Handle) -> &Value {
        &self.values[handle - 1]
    }
}

unsafe extern "C" {
    fn napi_register_module_v1(env: Handle, exports: Handle) -> Handle;
}

/// Loads the addon into this thread.
pub(crate) fn load() {
    let exports = make(Value::Object);
    // SAFETY: what Node does with an addon, on a thread that is a new environment.
    unsafe { napi_register_module_v1(ENV, exports) };
    with(|node| {
        node.own = node.functions.len();
        // Room for whatever a test does, so that what allocates during a call is the addon.
        node.values.reserve(1 << 12);
        node.references.reserve(1 << 12);
        node.settled.reserve(1 << 12);
    });
}

pub(crate) fn make(value: Value) -> Handle {
    with(|node| node.make(value))
}

pub(crate) fn value(handle: Handle) -> Value {
    with(|node| node.get(handle).clone())
}

/// How many values there are.
pub(crate) fn values() -> usize {
    with(|node| node.values.len())
}

/// Forgets all values but the first `count`, and the places of references that are gone.
pub(crate) fn forget(count: usize) {
    with(|node| {
        node.values.truncate(count);
        while let Some(None) = node.references.last() {
            node.references.pop();
        }
    });
}

/// A typed array on shared memory, or on an ArrayBuffer.
pub(crate) fn typed_array(kind: i32, memory: &mut [u64], len: usize, shared: bool) -> Handle {
    let buffer = make(if shared { Value::SharedArrayBuffer } else { Value::ArrayBuffer });
    make(Value::TypedArray { kind, len, data: memory.as_mut_ptr().addr(), buffer })
}

/// The array that `lib/engine.js` makes, and whose records are read when the addon settles calls.
pub(crate) fn mailbox(memory: &mut [u64]) -> Handle {
    let handle = typed_array(UINT8, memory, size_of_val(memory), false);
    with(|node| node.mailbox = Some(handle));
    handle
}

pub(crate) const UINT8: i32 = 1;
pub(crate) const INT32: i32 = 5;
pub(crate) const FLOAT64: i32 = 8;
pub(crate) const BIGINT64: i32 = 9;

/// Calls an export as JavaScript does.
pub(crate) fn call(name: &str, arguments: &[Handle]) -> Result<Value, Thrown> {
    let callback = with(|node| {
        let found = node.exports.iter().find(|(export, _)| export == name);
        found.unwrap_or_else(|| panic!("the addon exports no {name}")).1
    });
    let answer = callback(ENV, &Arguments(arguments.to_vec()));
    match with(|node| node.thrown.take()) {
        Some(thrown) => Err(thrown),
        // Null stands for undefined.
        None if answer == 0 => Ok(Value::Undefined),
        None => Ok(value(answer)),
    }
}

/// From now on a call of Node-API fails, and the list of those that did is empty.
pub(crate) fn set_fault(fault: Option<Fault>) {
    with(|node| {
        (node.fault, node.calls) = (fault, 0);
        node.failed.clear();
    });
}

/// The calls that have failed on command.
pub(crate) fn failed() -> Vec<&'static str> {
    with(|node| node.failed.clone())
}

/// How many references are alive.
pub(crate) fn references() -> usize {
    with(|node| node.references.iter().flatten().count())
}

/// What the addon has settled since this was asked last, and the messages that came with it.
pub(crate) fn settled() -> (Vec<Record>, Vec<String>) {
    with(|node| (std::mem::take(&mut node.settled), std::mem::take(&mut node.messages)))
}

/// The threadsafe function made last.
pub(crate) fn last_function() -> &'static ThreadsafeFunction {
    with(|node| *node.functions.last().expect("the addon has made a threadsafe function"))
}

/// How many threadsafe functions have been made.
pub(crate) fn functions() -> usize {
    with(|node| node.functions.len())
}

/// Whether every threadsafe function that the addon has made since it was loaded has been released.
pub(crate) fn all_released() -> bool {
    with(|node| node.functions[node.own..].iter().all(|function| function.is_released()))
}

/// Ends the environment: its cleanup hooks run, last in, first out.
pub(crate) fn end() {
    while let Some((hook, argument)) = with(|node| node.hooks.pop()) {
        hook(argument);
    }
}
