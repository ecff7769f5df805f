//! One JavaScript environment (the main thread's, or a worker thread's): its calls in flight, from submission to
//! settlement, and its end.
//!
//! **Why the end needs care.** The memory of a `SharedArrayBuffer` that only this environment holds is freed with
//! the environment, whatever references there are. A pool thread that still wrote to it would write to freed
//! memory. So a cleanup hook, which runs while all memory is still there, closes the port, cancels the
//! environment's jobs and waits for the pieces that are running: some tens of microseconds. After the cleanup hook no
//! thread touches the environment's memory, its threadsafe function, or anything else of it.
//!
//! **Who runs what.** Everything here runs on the environment's own thread, but for the closure that `submit`
//! hands to the pool. That closure touches the [`Port`], nothing else.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use napi::{Env, Unknown, sys};

use super::bell::ThreadsafeFunction;
use super::calls::Calls;
use super::mailbox::{BATCH, Mailbox, Record};
use super::port::Port;
use super::refusal::{Refusal, check};
use super::view::Pinned;
use crate::jobs::Value;
use crate::pool::{Completion, Handle, Pool, Work};
use crate::sync::Arc;
use allcores_machine::Isa;
use allcores_memory::Claim;

/// A job that has ended.
struct Done {
    id: u32,
    end: Completion<Value>,
}

/// A call in flight.
struct Call {
    handle: Handle,
    held: Held,
}

/// What a call holds until it is settled.
#[derive(Default)]
pub(super) struct Held {
    /// The memory that the job works on.
    pub(super) view: Option<Pinned>,
    /// The sole right to store to it.
    pub(super) claim: Option<Claim>,
}

impl Held {
    /// To be called on the environment's thread, when no thread touches the memory any more.
    pub(super) fn release(self, env: sys::napi_env) {
        drop(self.claim);
        if let Some(view) = self.view {
            view.release(env);
        }
    }
}

/// See the module's head.
pub(super) struct Environment {
    raw: sys::napi_env,
    isa: Isa,
    port: Arc<Port<Done, ThreadsafeFunction>>,
    /// `None` once the cleanup hook has run.
    bell: Cell<Option<ThreadsafeFunction>>,
    /// The calls that are not settled: each has been delivered to the port, or will be.
    calls: RefCell<Calls<Call>>,
    mailbox: Mailbox,
}

thread_local! {
    /// The environments of this thread: one as a rule, more if the addon was loaded several times. They are
    /// dropped with the thread, after Node is done with them: until then Node may still hand out their address.
    static ENVIRONMENTS: RefCell<Vec<Rc<Environment>>> = const { RefCell::new(Vec::new()) };
}

impl Environment {
    /// Opens the port of this environment: `settle(count, messages)` will be called with that many records in
    /// `mailbox`, a Uint8Array of [`MAILBOX`](super::mailbox::MAILBOX) bytes that nobody else writes. Gives back a
    /// number for [`of`](Self::of).
    pub(super) fn open(
        env: Env,
        settle: &Unknown<'_>,
        mailbox: &Unknown<'_>,
        isa: Isa,
    ) -> Result<u32, Refusal> {
        // On glibc the linker has seen to it (build.rs). Elsewhere, an addon that only workers have loaded would be
        // unmapped after the last of them, with the pool's threads in it.
        napi::bindgen_prelude::retain_current_module_for_unload_safety();

        let environment = Rc::new(Self {
            raw: env.raw(),
            isa,
            port: Arc::new(Port::new()),
            bell: Cell::new(None),
            calls: RefCell::new(Calls::new()),
            mailbox: Mailbox::new(Pinned::new(env, mailbox)?),
        });
        match environment.hang_bell(env, settle) {
            Ok(()) => Ok(ENVIRONMENTS.with_borrow_mut(|all| {
                all.push(environment);
                all.len() as u32 - 1
            })),
            Err(refusal) => {
                if let Some(environment) = Rc::into_inner(environment) {
                    environment.mailbox.close(env.raw());
                }
                Err(refusal)
            }
        }
    }

    /// Makes the threadsafe function and the cleanup hook, or neither. Both hold the address of `self`: whoever
    /// calls this puts it into ENVIRONMENTS next.
    fn hang_bell(self: &Rc<Self>, env: Env, settle: &Unknown<'_>) -> Result<(), Refusal> {
        let context = Rc::as_ptr(self).cast_mut().cast::<c_void>();

        // SAFETY: `context` is what `on_bell` expects. It stays valid until the thread ends, by ENVIRONMENTS, or until
        // the function is released below.
        let bell = unsafe { ThreadsafeFunction::new(env, settle, c"allcores", context, on_bell) }?;
        // After the threadsafe function: hooks run last in, first out, and ours must run before Node tears the
        // function down.
        //
        // SAFETY: on the environment's thread; `context` stays valid until the thread ends, by ENVIRONMENTS.
        let status = unsafe { sys::napi_add_env_cleanup_hook(self.raw, Some(on_cleanup), context) };
        check("napi_add_env_cleanup_hook", status).inspect_err(|_| bell.release())?;
        self.bell.set(Some(bell));
        self.port.open(bell);
        Ok(())
    }

    /// The environment of this thread that `open` gave this number, until its end.
    pub(super) fn of(number: u32) -> Result<Rc<Self>, Refusal> {
        let environment = ENVIRONMENTS.try_with(|all| all.borrow().get(number as usize).map(Rc::clone));
        let open = environment.ok().flatten().filter(|it| it.bell.get().is_some());
        open.ok_or(Refusal::Closing)
    }

    /// The kernels that it wants.
    pub(super) fn isa(&self) -> Isa {
        self.isa
    }

    /// Sees to it that one more call can be submitted, and says how many threads there are for it: callers who must not
    /// fail halfway begin with this.
    pub(super) fn prepare(&self, pool: &Pool) -> Result<usize, Refusal> {
        self.calls.borrow_mut().reserve()?;
        Ok(pool.start()?)
    }

    /// Submits a job and counts it in, after [`prepare`](Self::prepare). The id is the environment's until the call is
    /// settled. `held` is released just before, or now if the job is refused.
    pub(super) fn submit<W>(&self, pool: &Pool, work: W, width: usize, held: Held) -> Result<u32, Refusal>
    where
        W: Work<Output = Value>,
    {
        match self.try_submit(pool, work, width) {
            Ok((id, handle)) => {
                self.calls.borrow_mut().insert(Call { handle, held });
                Ok(id)
            }
            Err(refusal) => {
                held.release(self.raw);
                Err(refusal)
            }
        }
    }

    fn try_submit<W>(&self, pool: &Pool, work: W, width: usize) -> Result<(u32, Handle), Refusal>
    where
        W: Work<Output = Value>,
    {
        let bell = self.bell.get().ok_or(Refusal::Closing)?;
        let calls = self.calls.borrow();
        let id = calls.next();
        let port = Arc::clone(&self.port);
        // Once it is delivered, the cleanup hook may go on, and the environment may be gone.
        let handle = pool.submit(work, width, move |end| port.deliver(Done { id, end }))?;
        if calls.is_empty() {
            let _ = bell.reference(self.raw);
        }
        Ok((id, handle))
    }

    /// Leaves the answer of a call that has run on this very thread in the last record of the mailbox, which no batch
    /// uses: the program may be calling from the middle of one. False if there is no mailbox any more.
    pub(super) fn answer_now(&self, value: Value) -> bool {
        let Some(records) = self.mailbox.open(self.raw) else { return false };
        records.put(BATCH, Record::new(0, Completion::Done(value), &mut Vec::new()));
        true
    }

    /// Stops a call that has not been settled. It will be settled all the same.
    pub(super) fn abort(&self, id: u32) {
        if let Some(call) = self.calls.borrow().get(id) {
            call.handle.abort();
        }
    }

    /// Settles a batch of finished calls. `env` and `settle` are those of this environment.
    fn settle(&self, env: sys::napi_env, settle: sys::napi_value) {
        self.port.answer();
        // Without a mailbox nobody can be told, but no call stays behind for that.
        let records = self.mailbox.open(env);
        let mut messages = Vec::new();
        let mut count = 0;
        while count < BATCH
            && let Some(Done { id, end }) = self.port.take()
        {
            self.finish(env, id);
            if let Some(records) = &records {
                records.put(count, Record::new(id, end, &mut messages));
            }
            count += 1;
        }
        if self.calls.borrow().is_empty()
            && let Some(bell) = self.bell.get()
        {
            let _ = bell.unreference(env);
        }
        if count > 0 && records.is_some() {
            call_settle(env, settle, count, &messages);
        }
        self.port.leave();
    }

    /// Counts a call out and lets go of its memory, which no thread touches any more.
    fn finish(&self, env: sys::napi_env, id: u32) {
        let call = self.calls.borrow_mut().remove(id);
        if let Some(call) = call {
            call.held.release(env);
        }
    }

    /// The cleanup hook. Blocks until the pieces of this environment's jobs that are running have ended.
    fn close(&self) {
        let (bell, port) = self.port.close();
        self.bell.set(None);
        for call in self.calls.borrow().iter() {
            call.handle.cancel();
        }
        port.wait_for(self.calls.borrow().len());
        if let Some(bell) = bell {
            bell.release();
        }
        // Node 20 frees no reference that is left when an environment goes: 40 bytes each, for every worker.
        for call in self.calls.take().into_values() {
            call.held.release(self.raw);
        }
        self.mailbox.close(self.raw);
    }
}

/// Calls `settle(count, messages)`: `messages` are the panics' in the order of their records.
fn call_settle(env: sys::napi_env, settle: sys::napi_value, count: usize, messages: &[String]) {
    let mut arguments = [ptr::null_mut(); 2];
    // Whatever fails here fails because the environment is on its way out, and then nobody waits for an answer.
    //
    // SAFETY: on the environment's thread, inside a handle scope, with a place for the answer.
    let status = unsafe { sys::napi_create_uint32(env, count as u32, &mut arguments[0]) };
    if status != sys::Status::napi_ok {
        return;
    }
    // SAFETY: as above.
    let status = unsafe { sys::napi_create_array(env, &mut arguments[1]) };
    if status != sys::Status::napi_ok {
        return;
    }
    for (index, message) in messages.iter().enumerate() {
        let mut text = ptr::null_mut();
        // SAFETY: as above; pointer and length are those of a string that lives until the call returns.
        let status = unsafe {
            sys::napi_create_string_utf8(env, message.as_ptr().cast(), message.len() as isize, &mut text)
        };
        if status == sys::Status::napi_ok {
            // SAFETY: as above, with an array and a string made above.
            let _ = unsafe { sys::napi_set_element(env, arguments[1], index as u32, text) };
        }
    }
    let mut undefined = ptr::null_mut();
    // SAFETY: as above.
    let status = unsafe { sys::napi_get_undefined(env, &mut undefined) };
    if status != sys::Status::napi_ok {
        return;
    }
    // SAFETY: as above; `settle` is the function that the threadsafe function was made with, and both arguments
    // are live handles.
    let status = unsafe {
        sys::napi_call_function(env, undefined, settle, arguments.len(), arguments.as_ptr(), ptr::null_mut())
    };
    if status == sys::Status::napi_pending_exception {
        report(env);
    }
}

/// Makes the pending exception an uncaught one of the program's. `settle` throws only where a program has broken the
/// language before it loaded us, and then calls stay unsettled. Left pending, the exception would be no more than a
/// warning in Node; Deno would crash, or hang.
fn report(env: sys::napi_env) {
    let mut error = ptr::null_mut();
    // SAFETY: on the environment's thread, inside a handle scope, with a place for the answer.
    let status = unsafe { sys::napi_get_and_clear_last_exception(env, &mut error) };
    if status == sys::Status::napi_ok {
        // The status: an environment that is being torn down refuses, and then there is nothing to report.
        //
        // SAFETY: as above, with the live handle of the exception.
        let _ = unsafe { sys::napi_fatal_exception(env, error) };
    }
}

/// What the bell calls on the environment's thread.
///
/// # Safety
///
/// Node-API must call it with the context of the threadsafe function: an [`Environment`] of this thread.
unsafe extern "C" fn on_bell(
    env: sys::napi_env,
    settle: sys::napi_value,
    context: *mut c_void,
    _: *mut c_void,
) {
    // Null when the function is being torn down with calls left in its queue.
    if env.is_null() || settle.is_null() {
        return;
    }
    // SAFETY: ENVIRONMENTS keeps it until the thread ends, and this is its thread.
    let environment = unsafe { &*context.cast::<Environment>() };
    environment.settle(env, settle);
}

/// The cleanup hook.
///
/// # Safety
///
/// Node-API must call it with the argument it was added with: an [`Environment`] of this thread.
unsafe extern "C" fn on_cleanup(context: *mut c_void) {
    // SAFETY: ENVIRONMENTS keeps it until the thread ends, and this is its thread.
    let environment = unsafe { &*context.cast::<Environment>() };
    environment.close();
}
