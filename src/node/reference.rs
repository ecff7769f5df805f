//! References to JavaScript objects.

use std::cell::Cell;
use std::ptr;

use napi::{Env, JsValue, Unknown, sys};

use super::error::{Error, check};

/// A reference to an object. A strong one keeps the object alive, as long as its environment lives. Beyond that nothing
/// can: see [`environment`](super::environment).
///
/// All methods are for the thread of the environment.
pub(super) struct Reference {
    raw: sys::napi_ref,
    strong: Cell<bool>,
}

impl Reference {
    /// A reference that keeps the object alive.
    pub(super) fn strong(env: Env, value: &Unknown<'_>) -> Result<Self, Error> {
        Self::new(env, value, true)
    }

    /// A reference that keeps nothing alive until it is [made strong](Self::strengthen).
    pub(super) fn weak(env: Env, value: &Unknown<'_>) -> Result<Self, Error> {
        Self::new(env, value, false)
    }

    fn new(env: Env, value: &Unknown<'_>, strong: bool) -> Result<Self, Error> {
        let mut raw = ptr::null_mut();
        // SAFETY: on the environment's thread, with a live handle and a place for the result.
        let status =
            unsafe { sys::napi_create_reference(env.raw(), value.raw(), u32::from(strong), &mut raw) };
        check("napi_create_reference", status)?;
        Ok(Self { raw, strong: Cell::new(strong) })
    }

    /// Makes the reference strong, unless it is.
    pub(super) fn strengthen(&self, env: sys::napi_env) -> Result<(), Error> {
        if self.strong.get() {
            return Ok(());
        }
        let mut count = 0;
        // SAFETY: on the environment's thread, with a place for the result; the reference has not been deleted, since
        // that consumes it.
        let status = unsafe { sys::napi_reference_ref(env, self.raw, &mut count) };
        check("napi_reference_ref", status)?;
        self.strong.set(true);
        Ok(())
    }

    /// Makes the reference weak, unless it is. If Node-API refuses, the object lives until the reference is deleted.
    pub(super) fn weaken(&self, env: sys::napi_env) {
        if !self.strong.get() {
            return;
        }
        let mut count = 0;
        // SAFETY: as above.
        let status = unsafe { sys::napi_reference_unref(env, self.raw, &mut count) };
        self.strong.set(status != sys::Status::napi_ok);
    }

    /// A handle to the object, unless it was collected.
    pub(super) fn get(&self, env: sys::napi_env) -> Option<sys::napi_value> {
        let mut value = ptr::null_mut();
        // SAFETY: as above.
        let status = unsafe { sys::napi_get_reference_value(env, self.raw, &mut value) };
        (status == sys::Status::napi_ok && !value.is_null()).then_some(value)
    }

    /// Deletes the reference.
    pub(super) fn delete(self, env: sys::napi_env) {
        // SAFETY: on the environment's thread; deleted once, since this consumes it.
        let _ = unsafe { sys::napi_delete_reference(env, self.raw) };
    }
}
