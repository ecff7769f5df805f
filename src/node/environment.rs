//! One JavaScript environment: its calls in flight, from submission to settlement, and its end.
//!
//! Every load of the addon makes one: a worker thread's, another one for each vm context or module registry that loads
//! the package again.
//!
//! **Two ways to end, one [`close`](Environment::close).** When the thread's JavaScript ends, a cleanup hook runs while all
//! memory is still there. When JavaScript drops the package, a finalizer runs: no call is in flight then, and nothing of
//! the environment stays behind.
//!
//! **Why closing waits.** The memory of a `SharedArrayBuffer` that only this environment holds is freed with the
//! environment, whatever references there are. A pool thread that still wrote to it would write to freed memory. So
//! `close` closes the port, cancels the environment's jobs and waits for the pieces that are running: some tens of
//! microseconds. After it no thread touches the environment's memory, its threadsafe function, or anything else of it.
//!
//! **Which thread runs what.** Everything here runs on the environment's own thread, but for the closure that `submit`
//! hands to the pool. That closure touches the [`Port`], nothing else.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use napi::{Env, JsValue, Unknown, sys};

use super::callbacks;
use super::error::Error;
use super::mailbox::{BATCH, Record};
use super::port::Port;
use super::receiver::Receiver;
use super::reference::Reference;
use super::registry::{self, Number};
use super::slab::Slab;
use super::waker::ThreadsafeFunction;
use crate::jobs::Value;
use crate::pool::{Completion, Handle, Pool, Work};
use crate::sync::Arc;
use allcores_machine::Isa;
use allcores_memory::Claim;

/// A job that has ended.
struct Ended {
    id: u32,
    completion: Completion<Value>,
}

/// A call in flight.
struct Call {
    handle: Handle,
    resources: Resources,
}

/// What a call keeps until it is settled.
#[derive(Default)]
pub(super) struct Resources {
    /// The memory that the job works on: typed arrays, or an array of such.
    pins: [Option<Reference>; 2],
    /// The sole right to store to it.
    pub(super) claim: Option<Claim>,
}

impl Resources {
    /// Keeps an object alive from now on: two at the most.
    pub(super) fn pin(&mut self, env: Env, object: &Unknown<'_>) -> Result<(), Error> {
        let pin = self.pins.iter_mut().find(|pin| pin.is_none());
        *pin.expect("a place for another object") = Some(Reference::strong(env, object)?);
        Ok(())
    }

    /// Call it on the environment's thread, when no thread touches the memory any more.
    pub(super) fn release(self, env: sys::napi_env) {
        drop(self.claim);
        self.pins.into_iter().flatten().for_each(|pin| pin.delete(env));
    }
}

/// See the module's head.
pub(super) struct Environment {
    raw: sys::napi_env,
    isa: Isa,
    port: Arc<Port<Ended, ThreadsafeFunction>>,
    /// `None` once it is closed.
    waker: Cell<Option<ThreadsafeFunction>>,
    /// `None` once it is closed.
    receiver: RefCell<Option<Receiver>>,
    /// The calls that are not settled: each has been delivered to the port, or will be.
    calls: RefCell<Slab<Call>>,
}

impl Environment {
    /// Opens an environment: `settle(count, messages)` will be called with `count` records in `mailbox`, a Uint8Array of
    /// [`MAILBOX_BYTES`](super::mailbox::MAILBOX_BYTES) bytes that nothing else writes. Returns the number for
    /// [`of`](Self::of). While no call is in flight, the caller keeps both objects alive; when `settle` has been collected,
    /// the environment is closed.
    pub(super) fn open(
        env: Env,
        settle: &Unknown<'_>,
        mailbox: &Unknown<'_>,
        isa: Isa,
    ) -> Result<u32, Error> {
        // On glibc the linker does it (build.rs). Elsewhere, an addon that only workers have loaded would be unmapped
        // after the last of them, with the pool's threads in it.
        napi::bindgen_prelude::retain_current_module_for_unload_safety();

        let raw = env.raw();
        let number = registry::next().ok_or(Error::OutOfMemory)?;
        let receiver = Receiver::new(env, settle, mailbox)?;
        let waker = match connect(env, settle, number) {
            Ok(waker) => waker,
            Err(error) => {
                receiver.delete(raw);
                return Err(error);
            }
        };
        let port = Arc::new(Port::new());
        port.open(waker);
        let environment = Self {
            raw,
            isa,
            port,
            waker: Cell::new(Some(waker)),
            receiver: RefCell::new(Some(receiver)),
            calls: RefCell::new(Slab::new()),
        };
        registry::insert(number, Rc::new(environment));
        Ok(number.get())
    }

    /// The environment of this thread that `open` returned this number for, until its end.
    pub(super) fn of(number: u32) -> Result<Rc<Self>, Error> {
        registry::get(Number::from(number)).ok_or(Error::Closing)
    }

    /// The kernels that it wants.
    pub(super) fn isa(&self) -> Isa {
        self.isa
    }

    /// Whether a call is in flight: the event loop waits for it.
    pub(super) fn is_busy(&self) -> bool {
        !self.calls.borrow().is_empty()
    }

    /// Makes room for one more call, and returns how many threads there are for it: callers who must not fail halfway
    /// begin with this.
    pub(super) fn prepare(&self, pool: &Pool) -> Result<usize, Error> {
        self.calls.borrow_mut().reserve()?;
        Ok(pool.start()?)
    }

    /// Submits a job, after [`prepare`](Self::prepare). The id is the environment's until the call is settled.
    /// `resources` are released just before, or now if the job is refused.
    pub(super) fn submit<W>(
        &self,
        pool: &Pool,
        work: W,
        width: usize,
        resources: Resources,
    ) -> Result<u32, Error>
    where
        W: Work<Output = Value>,
    {
        match self.try_submit(pool, work, width) {
            Ok((id, handle)) => {
                self.calls.borrow_mut().insert(Call { handle, resources });
                Ok(id)
            }
            Err(error) => {
                resources.release(self.raw);
                if !self.is_busy() {
                    self.let_go();
                }
                Err(error)
            }
        }
    }

    fn try_submit<W>(&self, pool: &Pool, work: W, width: usize) -> Result<(u32, Handle), Error>
    where
        W: Work<Output = Value>,
    {
        if !self.is_busy() {
            self.hold()?;
        }
        let id = self.calls.borrow().next();
        let port = Arc::clone(&self.port);
        // Once it is delivered, `close` may return, and the environment may be gone.
        let handle = pool.submit(work, width, move |completion| port.deliver(Ended { id, completion }))?;
        Ok((id, handle))
    }

    /// From now on the event loop waits for calls, and the objects that they are settled with stay.
    fn hold(&self) -> Result<(), Error> {
        let receiver = self.receiver.borrow();
        let (Some(receiver), Some(waker)) = (&*receiver, self.waker.get()) else {
            return Err(Error::Closing);
        };
        receiver.hold(self.raw)?;
        waker.reference(self.raw)
    }

    /// The opposite of [`hold`](Self::hold), after the last call in flight. What Node-API refuses to let go stays until
    /// the environment ends.
    fn let_go(&self) {
        if let Some(waker) = self.waker.get() {
            let _ = waker.unreference(self.raw);
        }
        if let Some(receiver) = &*self.receiver.borrow() {
            receiver.let_go(self.raw);
        }
    }

    /// Leaves the result of a call that has run on this very thread in the last record of the mailbox, which no batch
    /// uses: the program may be calling from the middle of one. False if there is no mailbox any more.
    pub(super) fn answer_now(&self, value: Value) -> bool {
        let records = self.receiver.borrow().as_ref().and_then(|receiver| receiver.records(self.raw));
        let Some(records) = records else { return false };
        records.put(BATCH, Record::new(0, Completion::Done(value), &mut Vec::new()));
        true
    }

    /// Stops a call that has not been settled. It will be settled all the same.
    pub(super) fn abort(&self, id: u32) {
        if let Some(call) = self.calls.borrow().get(id) {
            call.handle.abort();
        }
    }

    /// How many units a call has done that has not been settled.
    pub(super) fn progress(&self, id: u32) -> u64 {
        self.calls.borrow().get(id).map_or(0, |call| call.handle.progress())
    }

    /// Settles a batch of calls that have ended. On a wake-up.
    pub(super) fn settle(&self) {
        self.port.ack();
        // Without a mailbox nothing can be told, but no call stays behind for that.
        let delivery = self.receiver.borrow().as_ref().and_then(|receiver| receiver.delivery(self.raw));
        let mut messages = Vec::new();
        let mut count = 0;
        while count < BATCH
            && let Some(Ended { id, completion }) = self.port.take()
        {
            self.finish(id);
            if let Some(delivery) = &delivery {
                delivery.records.put(count, Record::new(id, completion, &mut messages));
            }
            count += 1;
        }
        if !self.is_busy() {
            self.let_go();
        }
        if count > 0
            && let Some(delivery) = delivery
        {
            delivery.call(count, &messages);
        }
        self.port.leave();
    }

    /// Removes a call and releases its memory, which no thread touches any more.
    fn finish(&self, id: u32) {
        let call = self.calls.borrow_mut().remove(id);
        if let Some(call) = call {
            call.resources.release(self.raw);
        }
    }

    /// Ends it, once. Blocks until the pieces of this environment's jobs that are running have ended.
    pub(super) fn close(&self) {
        let (waker, port) = self.port.close();
        self.waker.set(None);
        for call in self.calls.borrow().iter() {
            call.handle.cancel();
        }
        port.wait_for(self.calls.borrow().len());
        if let Some(waker) = waker {
            waker.release();
        }
        // Node 20 frees no reference that is left when an environment ends: 40 bytes each, for every worker.
        for call in self.calls.take().into_values() {
            call.resources.release(self.raw);
        }
        if let Some(receiver) = self.receiver.take() {
            receiver.delete(self.raw);
        }
    }
}

/// Makes all that calls into an environment, or nothing: the threadsafe function, the cleanup hook, the finalizer. They
/// find the environment by its number, and nothing as long as there is none.
fn connect(env: Env, settle: &Unknown<'_>, number: Number) -> Result<ThreadsafeFunction, Error> {
    // SAFETY: both functions are sound to call with the number of an environment, open or not.
    let waker = unsafe {
        ThreadsafeFunction::new(env, c"allcores", number.to_pointer(), callbacks::on_wake, callbacks::has_ref)
    }?;
    // After the threadsafe function: hooks run last in, first out, and ours must run before Node tears the function down.
    callbacks::add_cleanup_hook(env.raw(), number).inspect_err(|_| waker.release())?;
    callbacks::add_finalizer(env.raw(), settle.raw(), number).inspect_err(|_| {
        callbacks::remove_cleanup_hook(env.raw(), number);
        waker.release();
    })?;
    Ok(waker)
}
