//! The threadsafe function of an environment: how a thread of the pool wakes its event loop.

use std::ffi::{CStr, c_void};
use std::ptr;

use napi::{Env, JsValue, sys};

use super::error::{Error, check};
use super::port::Waker;

/// A threadsafe function, made by [`new`](Self::new) and taken down by [`release`](Self::release).
#[derive(Clone, Copy)]
pub(super) struct ThreadsafeFunction(sys::napi_threadsafe_function);

// SAFETY: a threadsafe function may be called from any thread; that is what it is for.
unsafe impl Send for ThreadsafeFunction {}
// SAFETY: as for Send.
unsafe impl Sync for ThreadsafeFunction {}

/// What Node-API calls on the environment's thread, with the context. It wraps no JavaScript function, which it would
/// keep alive: `function` is null.
pub(super) type OnWake =
    unsafe extern "C" fn(sys::napi_env, function: sys::napi_value, context: *mut c_void, data: *mut c_void);

/// A native function that JavaScript calls.
pub(super) type Function = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

impl ThreadsafeFunction {
    /// On the environment's thread. It does not keep the event loop going.
    ///
    /// `has_ref` is what the resource of the threadsafe function answers when it is asked whether it does: tools that look
    /// for open handles ask (jest's `--detectOpenHandles` does). It gets `context` as its data.
    ///
    /// # Safety
    ///
    /// `on_wake` and `has_ref` must be sound to call with `context`, whenever Node-API does so.
    pub(super) unsafe fn new(
        env: Env,
        name: &CStr,
        context: *mut c_void,
        on_wake: OnWake,
        has_ref: Function,
    ) -> Result<Self, Error> {
        let name = env.create_string(name.to_string_lossy()).map_err(|error| Error::NodeApi {
            call: "napi_create_string_utf8",
            status: error.status as sys::napi_status,
        })?;
        // SAFETY: by the promise of the caller.
        let resource = unsafe { resource(env.raw(), has_ref, context) }?;
        let mut function = ptr::null_mut();
        // SAFETY: on the environment's thread with live handles, and null for no function; `context` and `on_wake` by the
        // promise of the caller.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                env.raw(),
                ptr::null_mut(),
                resource,
                name.raw(),
                0,
                1,
                ptr::null_mut(),
                None,
                context,
                Some(on_wake),
                &mut function,
            )
        };
        check("napi_create_threadsafe_function", status)?;
        let made = Self(function);
        made.unreference(env.raw()).inspect_err(|_| made.release())?;
        Ok(made)
    }

    /// The event loop waits for it from now on. On the environment's thread, before it is released.
    pub(super) fn reference(self, env: sys::napi_env) -> Result<(), Error> {
        // SAFETY: by the promise of the caller.
        let status = unsafe { sys::napi_ref_threadsafe_function(env, self.0) };
        check("napi_ref_threadsafe_function", status)
    }

    /// The event loop does not wait for it from now on. On the environment's thread, before it is released.
    pub(super) fn unreference(self, env: sys::napi_env) -> Result<(), Error> {
        // SAFETY: by the promise of the caller.
        let status = unsafe { sys::napi_unref_threadsafe_function(env, self.0) };
        check("napi_unref_threadsafe_function", status)
    }

    /// Takes the function down. On the environment's thread, once, when no thread is inside it or will call it.
    pub(super) fn release(self) {
        // SAFETY: by the promise of the caller; this releases the one count that the function was made with.
        let _ = unsafe {
            sys::napi_release_threadsafe_function(self.0, sys::ThreadsafeFunctionReleaseMode::abort)
        };
    }
}

impl Waker for ThreadsafeFunction {
    fn wake(&self) {
        // The status is of no use: if the function is closing, so is the environment, and its hook ends what is in flight.
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

/// The resource of a threadsafe function, for async hooks: an object with a method `hasRef`. It belongs to the realm of the
/// addon, so that it keeps no other alive.
///
/// # Safety
///
/// `has_ref` must be sound to call with `data`, at any time.
unsafe fn resource(
    env: sys::napi_env,
    has_ref: Function,
    data: *mut c_void,
) -> Result<sys::napi_value, Error> {
    let mut object = ptr::null_mut();
    // SAFETY: on the environment's thread, with a place for the result.
    let status = unsafe { sys::napi_create_object(env, &mut object) };
    check("napi_create_object", status)?;
    let property = sys::napi_property_descriptor {
        utf8name: c"hasRef".as_ptr(),
        name: ptr::null_mut(),
        method: Some(has_ref),
        getter: None,
        setter: None,
        value: ptr::null_mut(),
        attributes: sys::PropertyAttributes::default,
        data,
    };
    // SAFETY: as above, with a live handle and one descriptor; the method by the promise of the caller.
    let status = unsafe { sys::napi_define_properties(env, object, 1, &property) };
    check("napi_define_properties", status)?;
    Ok(object)
}
