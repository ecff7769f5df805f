//! A Node-API with no JavaScript behind it: as much of one as it takes to load the addon, call its exports, and see what
//! it does with what it is told.
//!
//! The test decides what values are, which call fails, and with what status. Misuse of Node-API (a reference deleted
//! twice, a threadsafe function used after its release) panics in a C function, which ends the process.
//!
//! An environment is a thread, as in Node: everything but the threadsafe functions is the thread's own.

#![allow(dead_code, unused_imports, reason = "each program that has a fake needs a part of it")]

mod api;
mod program;
mod threadsafe;

use std::cell::RefCell;

// The addon itself, which is never named again.
use allcores as _;

pub(crate) use program::{Program, refusal};
pub(crate) use threadsafe::ThreadsafeFunction;

/// `napi_status`.
pub(crate) type Status = i32;
/// `napi_value`, `napi_env`, `napi_ref`: never null.
pub(crate) type Handle = usize;
/// A native function, as Node calls it.
pub(crate) type Callback = extern "C" fn(Handle, *const Arguments) -> Handle;
type Hook = extern "C" fn(usize);
type FinalizeCallback = extern "C" fn(env: Handle, data: usize, hint: usize);

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
    /// With its properties.
    Object(Vec<(String, Handle)>),
    Array(Vec<Handle>),
    Error {
        code: String,
        message: String,
    },
    Function {
        callback: Callback,
        data: usize,
    },
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
pub(crate) struct Arguments {
    values: Vec<Handle>,
    data: usize,
}

/// Something thrown: its code and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A reference, and how many times it was made strong.
#[derive(Clone, Copy)]
struct Reference {
    value: Handle,
    count: u32,
}

/// What is called when an object has been collected.
#[derive(Clone, Copy)]
struct Finalizer {
    object: Handle,
    callback: FinalizeCallback,
    data: usize,
}

/// A record of the mailbox, as `lib/` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: u32,
    pub(crate) kind: u32,
    pub(crate) low: u64,
    pub(crate) high: u64,
}

impl Record {
    /// Record `index` of a mailbox, by the layout that the addon exports.
    ///
    /// # Safety
    ///
    /// The mailbox must have so many records, and not be written meanwhile.
    unsafe fn read(mailbox: *const u8, index: usize) -> Self {
        let at = |name| mailbox.wrapping_add(index * constant("RECORD_BYTES") + constant(name));
        // SAFETY: by the promise of the caller.
        let word = |name| unsafe { at(name).cast::<u32>().read_unaligned() };
        // SAFETY: by the promise of the caller.
        let wide = |name| unsafe { at(name).cast::<u64>().read_unaligned() };
        Self {
            id: word("RECORD_ID"),
            kind: word("RECORD_KIND"),
            low: wide("RECORD_LOW"),
            high: wide("RECORD_HIGH"),
        }
    }
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
    references: Vec<Option<Reference>>,
    hooks: Vec<(Hook, usize)>,
    /// How many of them the binding's library has added while it was loaded.
    own_hooks: usize,
    finalizers: Vec<Finalizer>,
    functions: Vec<&'static ThreadsafeFunction>,
    /// How many of them the binding's library has made while it was loaded.
    own: usize,
    exports: Vec<(String, Handle)>,
    thrown: Option<Thrown>,
    fault: Option<Fault>,
    calls: usize,
    failed: Vec<&'static str>,
    settled: Vec<Record>,
    messages: Vec<String>,
    /// The mailboxes, by the function that gets the results.
    mailboxes: Vec<(Handle, Handle)>,
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
    let exports = make(Value::Object(Vec::new()));
    // SAFETY: what Node does with an addon, on a thread that is a new environment.
    unsafe { napi_register_module_v1(ENV, exports) };
    with(|node| {
        let Value::Object(properties) = node.get(exports).clone() else { panic!("exports are an object") };
        node.exports = properties;
        node.own = node.functions.len();
        node.own_hooks = node.hooks.len();
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

/// The array that `lib/` makes, and whose records are read when the addon calls `settle`.
pub(crate) fn mailbox(settle: Handle, memory: &mut [u64]) -> Handle {
    let mailbox = typed_array(UINT8, memory, size_of_val(memory), false);
    with(|node| node.mailboxes.push((settle, mailbox)));
    mailbox
}

pub(crate) const UINT8: i32 = 1;
pub(crate) const INT32: i32 = 5;
pub(crate) const FLOAT64: i32 = 8;
pub(crate) const BIGINT64: i32 = 9;

/// Calls an export as JavaScript does.
pub(crate) fn call(name: &str, arguments: &[Handle]) -> Result<Value, Thrown> {
    call_function(export(name), arguments)
}

/// What the addon exports by this name.
fn export(name: &str) -> Handle {
    with(|node| {
        let found = node.exports.iter().find(|(export, _)| export == name);
        found.unwrap_or_else(|| panic!("the addon exports no {name}")).1
    })
}

/// An integer that the addon exports.
pub(crate) fn constant(name: &str) -> usize {
    let Value::Number(number) = value(export(name)) else { panic!("{name} is no number") };
    number as usize
}

/// A property of an object.
pub(crate) fn property(object: Handle, name: &str) -> Option<Handle> {
    let Value::Object(properties) = value(object) else { panic!("not an object") };
    properties.into_iter().find(|(property, _)| property == name).map(|(_, value)| value)
}

/// Calls a native function as JavaScript does.
pub(crate) fn call_function(function: Handle, arguments: &[Handle]) -> Result<Value, Thrown> {
    let Value::Function { callback, data } = value(function) else { panic!("not a function") };
    let answer = callback(ENV, &Arguments { values: arguments.to_vec(), data });
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

/// How many references there are.
pub(crate) fn references() -> usize {
    with(|node| node.references.iter().flatten().count())
}

/// How many of them keep an object alive.
pub(crate) fn strong_references() -> usize {
    with(|node| node.references.iter().flatten().filter(|reference| reference.count > 0).count())
}

/// How many cleanup hooks the addon has added since it was loaded, and not removed.
pub(crate) fn hooks() -> usize {
    with(|node| node.hooks.len().saturating_sub(node.own_hooks))
}

/// Collects an object that only weak references are left of, and runs its finalizers.
pub(crate) fn collect(object: Handle) {
    let references = with(|node| {
        let of_it = node.references.iter_mut().flatten().filter(|reference| reference.value == object);
        of_it.map(|reference| (std::mem::take(&mut reference.value), reference.count)).collect::<Vec<_>>()
    });
    assert!(references.iter().all(|&(_, count)| count == 0), "an object is collected that is referenced");
    finalize(object);
}

/// Runs the finalizers of an object, as runtimes do with all that are left when an environment ends.
pub(crate) fn finalize(object: Handle) {
    let of_it = with(|node| {
        node.finalizers.extract_if(.., |finalizer| finalizer.object == object).collect::<Vec<_>>()
    });
    for finalizer in of_it {
        (finalizer.callback)(ENV, finalizer.data, 0);
    }
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
