//! The threadsafe function of an environment: what wakes its event loop.

use std::ffi::{CStr, c_void};
use std::ptr;

use napi::{Env, JsValue, Unknown, sys};

use super::port::Bell;
use super::refusal::{Refusal, check};

/// A threadsafe function, made by [`new`](Self::new) and taken down by [`release`](Self::release).
#[derive(Clone, Copy)]
pub(super) struct ThreadsafeFunction(sys::napi_threadsafe_function);

// SAFETY: a threadsafe function may be called from any thread; that is what it is for.
unsafe impl Send for ThreadsafeFunction {}
// SAFETY: as for Send.
unsafe impl Sync for ThreadsafeFunction {}

/// What Node-API calls on the environment's thread: with the function that was wrapped, and the context.
pub(super) type OnCall =
    unsafe extern "C" fn(sys::napi_env, callback: sys::napi_value, context: *mut c_void, data: *mut c_void);

impl ThreadsafeFunction {
    /// On the environment's thread. It does not keep the process alive.
    ///
    /// # Safety
    ///
    /// Callers keep what `context` points to until the environment has ended or the function is released, and it must be what
    /// `on_call` expects.
    pub(super) unsafe fn new(
        env: Env,
        callback: &Unknown<'_>,
        name: &CStr,
        context: *mut c_void,
        on_call: OnCall,
    ) -> Result<Self, Refusal> {
        let name = env.create_string(name.to_string_lossy()).map_err(|error| Refusal::NodeApi {
            call: "napi_create_string_utf8",
            status: error.status as sys::napi_status,
        })?;
        let mut function = ptr::null_mut();
        // SAFETY: on the environment's thread with live handles; `context` and `on_call` by the promise of the caller.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env.raw(),
                callback.raw(),
                ptr::null_mut(),
                name.raw(),
                0,
                1,
                ptr::null_mut(),
                None,
                context,
                Some(on_call),
                &mut function,
            )
        };
        check("napi_create_threadsafe_function", status)?;
        let made = Self(function);
        let status = made.unreference(env.raw());
        check("napi_unref_threadsafe_function", status).inspect_err(|_| made.release())?;
        Ok(made)
    }

    /// The event loop waits for it from now on. On the environment's thread, before it is released.
    pub(super) fn reference(self, env: sys::napi_env) -> sys::napi_status {
        // SAFETY: by the promise of the caller.
        unsafe { sys::napi_ref_threadsafe_function(env, self.0) }
    }

    /// The event loop does not wait for it from now on. On the environment's thread, before it is released.
    pub(super) fn unreference(self, env: sys::napi_env) -> sys::napi_status {
        // SAFETY: by the promise of the caller.
        unsafe { sys::napi_unref_threadsafe_function(env, self.0) }
    }

    /// Takes the function down. On the environment's thread, once, when no thread is in it, or will call it.
    pub(super) fn release(self) {
        // SAFETY: by the promise of the caller; this releases the one count that the function was made with.
        let _ = unsafe {
            sys::napi_release_threadsafe_function(self.0, sys::ThreadsafeFunctionReleaseMode::abort)
        };
    }
}

impl Bell for ThreadsafeFunction {
    fn ring(&self) {
        // The status says nothing of use: if the function is closing, so is the environment, and its hook ends what
        // is in flight.
        //
        // SAFETY: the function exists as long as the port holds it, and cannot be taken out of the port during this
        // call. Its queue is unbounded, so the call does not block.
        let _ = unsafe {
            sys::napi_call_threadsafe_function(
                self.0,
                ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
    }
}
