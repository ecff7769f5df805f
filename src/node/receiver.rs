//! The JavaScript half of an environment: the function `settle`, and the mailbox that it reads.
//!
//! **They are held by weak references while no call is in flight, and by strong ones while one is.** JavaScript keeps both
//! alive for as long as it can make calls (`lib/engine.js`), and their realm is a vm context or the module registry of a
//! test runner as often as the main one. A strong reference would keep that realm for as long as the process runs; a
//! weak one would lose the results of calls whose promises nobody but us can reach any more.

use std::ptr;

use napi::{Env, Unknown, sys};

use super::error::Error;
use super::mailbox::{Mailbox, Records};
use super::reference::Reference;

/// See the module's head. All methods are for the thread of the environment.
pub(super) struct Receiver {
    settle: Reference,
    mailbox: Mailbox,
}

/// A receiver, ready for one batch: handles, and an address that is good until JavaScript runs.
pub(super) struct Delivery {
    env: sys::napi_env,
    settle: sys::napi_value,
    pub(super) records: Records,
}

impl Receiver {
    /// A receiver that keeps nothing alive.
    pub(super) fn new(env: Env, settle: &Unknown<'_>, mailbox: &Unknown<'_>) -> Result<Self, Error> {
        let settle = Reference::weak(env, settle)?;
        match Reference::weak(env, mailbox) {
            Ok(mailbox) => Ok(Self { settle, mailbox: Mailbox::new(mailbox) }),
            Err(error) => {
                settle.delete(env.raw());
                Err(error)
            }
        }
    }

    /// Keeps both objects alive from now on, or neither.
    pub(super) fn hold(&self, env: sys::napi_env) -> Result<(), Error> {
        self.settle.strengthen(env)?;
        self.mailbox.array().strengthen(env).inspect_err(|_| self.settle.weaken(env))
    }

    /// Keeps nothing alive from now on.
    pub(super) fn let_go(&self, env: sys::napi_env) {
        self.settle.weaken(env);
        self.mailbox.array().weaken(env);
    }

    /// Where the records lie now; `None` if the mailbox has been collected.
    pub(super) fn records(&self, env: sys::napi_env) -> Option<Records> {
        self.mailbox.records(env)
    }

    /// Prepares for a batch; `None` if anything has been collected.
    pub(super) fn delivery(&self, env: sys::napi_env) -> Option<Delivery> {
        Some(Delivery { env, settle: self.settle.get(env)?, records: self.records(env)? })
    }

    /// Deletes the references.
    pub(super) fn delete(self, env: sys::napi_env) {
        self.settle.delete(env);
        self.mailbox.into_array().delete(env);
    }
}

impl Delivery {
    /// Calls `settle(count, messages)`: `messages` are those of the panics, in the order of their records.
    pub(super) fn call(self, count: usize, messages: &[String]) {
        let Self { env, settle, .. } = self;
        let mut arguments = [ptr::null_mut(); 2];
        // Whatever fails here fails because the environment is ending, and then nothing waits for an answer.
        //
        // SAFETY: on the environment's thread, inside a handle scope, with a place for the result.
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
        // SAFETY: as above; `settle` and both arguments are live handles of this scope.
        let status = unsafe {
            sys::napi_call_function(
                env,
                undefined,
                settle,
                arguments.len(),
                arguments.as_ptr(),
                ptr::null_mut(),
            )
        };
        if status == sys::Status::napi_pending_exception {
            report(env);
        }
    }
}

/// Makes the pending exception an uncaught one of the program. `settle` throws only where a program has broken the
/// language before it loaded us, and then calls stay unsettled. Left pending, the exception would be no more than a
/// warning in Node; Deno would crash, or hang.
fn report(env: sys::napi_env) {
    let mut error = ptr::null_mut();
    // SAFETY: on the environment's thread, inside a handle scope, with a place for the result.
    let status = unsafe { sys::napi_get_and_clear_last_exception(env, &mut error) };
    if status == sys::Status::napi_ok {
        // The status: an environment that is being torn down refuses, and then there is nothing to report.
        //
        // SAFETY: as above, with the live handle of the exception.
        let _ = unsafe { sys::napi_fatal_exception(env, error) };
    }
}
