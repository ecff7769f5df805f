//! Threadsafe functions: a queue that any thread calls, run by the thread of the environment when the test says so.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::{ENV, Handle, OK, Status, Value, with};

pub(super) type CallJs = extern "C" fn(env: Handle, function: Handle, context: usize, data: usize);

/// Never freed, so that use after release can be told.
pub(crate) struct ThreadsafeFunction {
    call_js: Option<CallJs>,
    function: Handle,
    context: usize,
    /// The object that async hooks see.
    resource: Handle,
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Default)]
struct State {
    queued: usize,
    /// Calls so far, those that failed included.
    calls: usize,
    /// How many of them have been waited for.
    awaited: usize,
    status: Status,
    unreferenced: bool,
    released: bool,
}

impl ThreadsafeFunction {
    pub(super) fn new(
        call_js: Option<CallJs>,
        function: Handle,
        context: usize,
        resource: Handle,
    ) -> &'static Self {
        let state = Mutex::default();
        Box::leak(Box::new(Self { call_js, function, context, resource, state, called: Condvar::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics in here")
    }

    /// From now on calls give this.
    pub(crate) fn set_status(&self, status: Status) {
        self.state().status = status;
    }

    /// Whether the event loop waits for it.
    pub(crate) fn is_referenced(&self) -> bool {
        let state = self.state();
        !state.unreferenced && !state.released
    }

    /// What the resource says when it is asked whether the function keeps the event loop going.
    pub(crate) fn has_ref(&self) -> bool {
        let method = super::property(self.resource, "hasRef").expect("the resource has a method");
        matches!(super::call_function(method, &[]), Ok(Value::Boolean(true)))
    }

    pub(crate) fn is_released(&self) -> bool {
        self.state().released
    }

    /// Waits for a call that nobody has waited for.
    pub(crate) fn wait(&self) {
        let (mut state, timeout) = self
            .called
            .wait_timeout_while(self.state(), Duration::from_secs(60), |state| state.calls == state.awaited)
            .expect("no thread panics in here");
        assert!(!timeout.timed_out(), "no wake-up was sent");
        state.awaited = state.calls;
    }

    /// Runs the calls in the queue, if there are any: in a live environment, or without one, as Node does when it empties
    /// the queue of a function that it tears down.
    pub(crate) fn run(&self, alive: bool) -> bool {
        let queued = std::mem::take(&mut self.state().queued);
        for _ in 0..queued {
            let call_js = self.call_js.expect("Node would call the function itself");
            if alive {
                call_js(ENV, self.function, self.context, 0);
            } else {
                call_js(0, 0, self.context, 0);
            }
        }
        queued > 0
    }

    /// Runs a call in a live environment though the function was released, as Deno may.
    pub(crate) fn run_late(&self) {
        assert!(self.is_released());
        self.call_js.expect("Node would call the function itself")(ENV, self.function, self.context, 0);
    }

    pub(super) fn call(&self) -> Status {
        let mut state = self.state();
        assert!(!state.released, "a threadsafe function is called after its release");
        if state.status == OK {
            state.queued += 1;
        }
        state.calls += 1;
        self.called.notify_all();
        state.status
    }

    pub(super) fn set_referenced(&self, referenced: bool) {
        let mut state = self.state();
        assert!(!state.released, "a threadsafe function is referenced or unreferenced after its release");
        state.unreferenced = !referenced;
    }

    pub(super) fn release(&self) {
        let was = std::mem::replace(&mut self.state().released, true);
        assert!(!was, "a threadsafe function is released twice");
    }
}

pub(super) fn find(address: usize) -> &'static ThreadsafeFunction {
    with(|node| {
        let mut all = node.functions.iter().copied();
        let found = all.find(|&function| std::ptr::from_ref(function).addr() == address);
        found.expect("a threadsafe function of this environment")
    })
}
