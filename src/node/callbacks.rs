//! What Node-API calls of its own accord. Each gets the number of an environment, and does nothing if that environment has
//! ended: runtimes differ in what they still call, and in which order, while an environment is torn down.

use std::ffi::c_void;
use std::ptr;

use napi::sys;

use super::error::{Error, check};
use super::registry::{self, Number};

/// Calls [`on_cleanup`] when the JavaScript of this thread ends.
pub(super) fn add_cleanup_hook(env: sys::napi_env, number: Number) -> Result<(), Error> {
    // SAFETY: on the environment's thread; the hook is sound to call with any number.
    let status = unsafe { sys::napi_add_env_cleanup_hook(env, Some(on_cleanup), number.to_pointer()) };
    check("napi_add_env_cleanup_hook", status)
}

/// Undoes [`add_cleanup_hook`].
pub(super) fn remove_cleanup_hook(env: sys::napi_env, number: Number) {
    // SAFETY: on the environment's thread, with what the hook was added with.
    let _ = unsafe { sys::napi_remove_env_cleanup_hook(env, Some(on_cleanup), number.to_pointer()) };
}

/// Calls [`on_collected`] when `object` has been collected.
pub(super) fn add_finalizer(
    env: sys::napi_env,
    object: sys::napi_value,
    number: Number,
) -> Result<(), Error> {
    // SAFETY: on the environment's thread, with a live handle; the finalizer is sound to call with any number. No
    // reference is asked for, so Node-API frees its own.
    let status = unsafe {
        sys::napi_add_finalizer(
            env,
            object,
            number.to_pointer(),
            Some(on_collected),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    check("napi_add_finalizer", status)
}

/// The wake-up of an event loop.
///
/// # Safety
///
/// None: any context is the number of an environment, or of none.
pub(super) unsafe extern "C" fn on_wake(
    env: sys::napi_env,
    _function: sys::napi_value,
    context: *mut c_void,
    _data: *mut c_void,
) {
    // Null when the function is being torn down with calls left in its queue.
    if env.is_null() {
        return;
    }
    if let Some(environment) = registry::get(Number::from_pointer(context)) {
        environment.settle();
    }
}

/// The cleanup hook: the JavaScript of this thread ends.
///
/// # Safety
///
/// None, as for [`on_wake`].
unsafe extern "C" fn on_cleanup(number: *mut c_void) {
    if let Some(environment) = registry::remove(Number::from_pointer(number)) {
        environment.close();
    }
}

/// The finalizer: JavaScript has dropped the package. It may also run while an environment is torn down, before the
/// cleanup hook or after it, and then calls may be in flight.
///
/// # Safety
///
/// `env` must be the environment that the finalizer was added in, on its thread.
unsafe extern "C" fn on_collected(env: sys::napi_env, number: *mut c_void, _hint: *mut c_void) {
    let number = Number::from_pointer(number);
    if let Some(environment) = registry::remove(number) {
        remove_cleanup_hook(env, number);
        environment.close();
    }
}

/// Whether calls are in flight, for tools that look for what keeps an event loop going.
///
/// # Safety
///
/// Node-API must call it, as it calls a function that was made with the number of an environment as its data.
pub(super) unsafe extern "C" fn has_ref(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    let mut number = ptr::null_mut();
    // SAFETY: on the environment's thread, inside the call that `info` is about; null for what is not asked.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), &mut number)
    };
    let is_busy = status == sys::Status::napi_ok
        && registry::get(Number::from_pointer(number)).is_some_and(|environment| environment.is_busy());
    let mut answer = ptr::null_mut();
    // SAFETY: as above, with a place for the result. If it fails, null is returned, which is undefined to JavaScript.
    let _ = unsafe { sys::napi_get_boolean(env, is_busy, &mut answer) };
    answer
}
