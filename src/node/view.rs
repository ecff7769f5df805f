//! Typed arrays of JavaScript, as what they are by their internal slots: getters, prototypes and proxies have no
//! say in it.

use std::ffi::c_void;
use std::ptr::{self, NonNull};

use napi::{Env, JsValue, Unknown, sys};

use super::refusal::{Refusal, check};
use crate::memory::{SlotType, Slots};

/// A typed array on shared memory.
pub(super) struct TypedArray {
    kind: sys::napi_typedarray_type,
    len: usize,
    data: *mut c_void,
}

impl TypedArray {
    /// What `value` is, if it is a typed array on a `SharedArrayBuffer`.
    pub(super) fn read(env: Env, value: &Unknown<'_>, argument: &'static str) -> Result<Self, Refusal> {
        let wrong = Refusal::WrongType { argument, expected: "a typed array on a SharedArrayBuffer" };
        let (env, value) = (env.raw(), value.raw());
        let mut is_typed_array = false;
        // SAFETY: on the environment's thread, with a live handle and a place for the answer.
        let status = unsafe { sys::napi_is_typedarray(env, value, &mut is_typed_array) };
        check("napi_is_typedarray", status)?;
        if !is_typed_array {
            return Err(wrong);
        }
        // Node 24.0 to 24.13.0 leave the type of a Float16Array unwritten.
        let (mut kind, mut len, mut data, mut buffer) = (-1, 0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: as above; the byte offset, which `data` includes, is not asked for.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &mut kind,
                &mut len,
                &mut data,
                &mut buffer,
                ptr::null_mut(),
            )
        };
        check("napi_get_typedarray_info", status)?;
        let mut is_unshared = false;
        // True for an ArrayBuffer only. Asking for a SharedArrayBuffer instead needs functions that Node 20 lacks.
        //
        // SAFETY: as above; `buffer` is the handle that the call before has made.
        let status = unsafe { sys::napi_is_arraybuffer(env, buffer, &mut is_unshared) };
        check("napi_is_arraybuffer", status)?;
        if is_unshared {
            return Err(Refusal::NotShared { argument });
        }
        Ok(Self { kind, len, data })
    }

    /// The first `len` elements as slots. A growable buffer may have grown since the caller has read the length;
    /// it cannot have shrunk or moved.
    ///
    /// # Safety
    ///
    /// Callers must keep the buffer of the array alive as long as the slots are used.
    pub(super) unsafe fn slots(&self, len: usize) -> Result<Slots, Refusal> {
        let kind = match self.kind {
            sys::TypedarrayType::int32_array => SlotType::Int32,
            sys::TypedarrayType::bigint64_array => SlotType::BigInt64,
            _ => {
                return Err(Refusal::WrongType {
                    argument: "target",
                    expected: "a SharedArrayBuffer, or an Int32Array or BigInt64Array on one",
                });
            }
        };
        let base = NonNull::new(self.data.cast::<u8>());
        let Some(base) = base.filter(|_| 2 <= len && len <= self.len) else {
            return Err(Refusal::OutOfRange { argument: "target", expected: "at least 2 slots long" });
        };
        // SAFETY: `data` is where the elements lie, aligned to their size, and there are at least `len` of them;
        // shared memory is never unmapped, moved or shrunk while its buffer lives, which the caller sees to. No
        // other Rust code touches it but through Slots or racy loads: there is none outside of memory/.
        Ok(unsafe { Slots::new(base, len, kind) })
    }
}

/// A strong reference that keeps a typed array, and so its buffer, from being collected while its environment
/// lives. Beyond that nothing can: see [`environment`](super::environment).
pub(super) struct Pinned(sys::napi_ref);

impl Pinned {
    pub(super) fn new(env: Env, value: &Unknown<'_>) -> Result<Self, Refusal> {
        let mut reference = ptr::null_mut();
        // SAFETY: on the environment's thread, with a live handle and a place for the answer.
        let status = unsafe { sys::napi_create_reference(env.raw(), value.raw(), 1, &mut reference) };
        check("napi_create_reference", status)?;
        Ok(Self(reference))
    }

    /// Lets go of the array.
    pub(super) fn release(self, env: sys::napi_env) {
        // SAFETY: on the environment's thread; the reference is its own, and deleted once, since this consumes it.
        let _ = unsafe { sys::napi_delete_reference(env, self.0) };
    }

    /// The referenced array.
    pub(super) fn get(&self, env: sys::napi_env) -> Option<sys::napi_value> {
        let mut value = ptr::null_mut();
        // SAFETY: on the environment's thread; the reference has not been deleted, since that consumes it.
        let status = unsafe { sys::napi_get_reference_value(env, self.0, &mut value) };
        (status == sys::Status::napi_ok && !value.is_null()).then_some(value)
    }
}
