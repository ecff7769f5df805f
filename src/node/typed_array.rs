//! Typed arrays of JavaScript, read by their internal slots: getters, prototypes and proxies have no say in it.

use std::ffi::c_void;
use std::ptr::{self, NonNull};

use napi::bindgen_prelude::Float64ArraySlice;
use napi::{Env, JsValue, Unknown, sys};

use super::error::{Error, check};
use allcores_machine::Element;
use allcores_memory::{SharedArray, SharedView, SlotType, Slots};

/// A typed array.
pub(super) struct TypedArray {
    kind: sys::napi_typedarray_type,
    len: usize,
    data: *mut c_void,
    is_shared: bool,
}

impl TypedArray {
    /// A Float64Array of these numbers, to return many: the elements of an array would be set one by one, by way of whatever a
    /// program has made of its prototype.
    pub(super) fn of<'env>(env: &'env Env, numbers: &[f64]) -> Result<Float64ArraySlice<'env>, Error> {
        Float64ArraySlice::copy_from(env, numbers)
            .map_err(|error| Error::NodeApi { call: "napi_create_typedarray", status: error.status as i32 })
    }

    /// What `value` is, if it is a typed array on a `SharedArrayBuffer`.
    pub(super) fn read(env: Env, value: &Unknown<'_>, argument: &'static str) -> Result<Self, Error> {
        let array = Self::read_any(env, value, argument)?;
        if array.is_shared {
            Ok(array)
        } else {
            Err(Error::NotShared { argument, class: array.element().class() })
        }
    }

    /// What `value` is, if it is a typed array on any memory.
    pub(super) fn read_any(env: Env, value: &Unknown<'_>, argument: &'static str) -> Result<Self, Error> {
        let wrong = Error::WrongType { argument, expected: "a typed array on a SharedArrayBuffer" };
        let (env, value) = (env.raw(), value.raw());
        let mut is_typed_array = false;
        // SAFETY: on the environment's thread, with a live handle and a place for the result.
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
        // No memory, no elements: what was detached has neither.
        let len = if data.is_null() { 0 } else { len };
        let mut is_unshared = false;
        // True for an ArrayBuffer only. Asking for a SharedArrayBuffer instead needs functions that Node 20 lacks.
        //
        // SAFETY: as above; `buffer` is the handle that the call before has made.
        let status = unsafe { sys::napi_is_arraybuffer(env, buffer, &mut is_unshared) };
        check("napi_is_arraybuffer", status)?;
        Ok(Self { kind, len, data, is_shared: !is_unshared })
    }

    /// Whether it is on a `SharedArrayBuffer`.
    pub(super) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The element type, by the numbers of Node-API.
    pub(super) fn element(&self) -> Element {
        match self.kind {
            sys::TypedarrayType::int8_array => Element::Int8,
            sys::TypedarrayType::uint8_array => Element::Uint8,
            sys::TypedarrayType::uint8_clamped_array => Element::Uint8Clamped,
            sys::TypedarrayType::int16_array => Element::Int16,
            sys::TypedarrayType::uint16_array => Element::Uint16,
            sys::TypedarrayType::int32_array => Element::Int32,
            sys::TypedarrayType::uint32_array => Element::Uint32,
            sys::TypedarrayType::float32_array => Element::Float32,
            sys::TypedarrayType::float64_array => Element::Float64,
            sys::TypedarrayType::bigint64_array => Element::BigInt64,
            sys::TypedarrayType::biguint64_array => Element::BigUint64,
            // 11, or unwritten: `index.js` lets no other type through. At two bytes an element it is also the safe
            // guess: any type that may come has at least one byte, and the only ones of one byte are above.
            _ => Element::Float16,
        }
    }

    /// All elements, as bytes.
    ///
    /// # Safety
    ///
    /// Callers must keep the buffer of the array alive as long as the view is used.
    pub(super) unsafe fn view(&self) -> SharedView {
        // No data where there are no elements.
        let base = NonNull::new(self.data.cast::<u8>()).unwrap_or(NonNull::dangling());
        let bytes = self.len * self.element().size();
        // SAFETY: `data` is where `len` elements lie. Shared memory is never unmapped, moved or shrunk while its
        // buffer lives, which the caller sees to.
        unsafe { SharedView::new(base, bytes) }
    }

    /// All elements, to be read and written one by one.
    ///
    /// # Safety
    ///
    /// Callers must keep the buffer of the array alive as long as the elements are used, and it must be shared, or nothing
    /// may run in between that could detach it.
    pub(super) unsafe fn elements(&self) -> SharedArray {
        // No data where there are no elements.
        let base = NonNull::new(self.data.cast::<u8>()).unwrap_or(NonNull::<u64>::dangling().cast());
        // SAFETY: `data` is where `len` elements lie, aligned to their size. Shared memory is never unmapped, moved or shrunk
        // while its buffer lives; the caller sees to the rest.
        unsafe { SharedArray::new(base, self.len, self.element()) }
    }

    /// What the elements are now, as Numbers.
    pub(super) fn copy(&self) -> Box<[f64]> {
        // SAFETY: the caller has a handle to the array, and no JavaScript runs before this function returns.
        let elements = unsafe { self.elements() };
        let mut copy = vec![0.0; elements.len()];
        elements.load_run(0, &mut copy);
        copy.into()
    }

    /// The first `len` elements as slots. A growable buffer may have grown since the caller has read the length;
    /// it cannot have shrunk or moved.
    ///
    /// # Safety
    ///
    /// Callers must keep the buffer of the array alive as long as the slots are used.
    pub(super) unsafe fn slots(&self, len: usize) -> Result<Slots, Error> {
        let kind = match self.kind {
            sys::TypedarrayType::int32_array => SlotType::Int32,
            sys::TypedarrayType::bigint64_array => SlotType::BigInt64,
            _ => {
                return Err(Error::WrongType {
                    argument: "target",
                    expected: "a SharedArrayBuffer, or an Int32Array or BigInt64Array on one",
                });
            }
        };
        let base = NonNull::new(self.data.cast::<u8>());
        let Some(base) = base.filter(|_| 2 <= len && len <= self.len) else {
            return Err(Error::OutOfRange { argument: "target", expected: "at least 2 slots long" });
        };
        // SAFETY: `data` is where the elements lie, aligned to their size, and there are at least `len` of them;
        // shared memory is never unmapped, moved or shrunk while its buffer lives, which the caller sees to. No
        // other Rust code touches it but through Slots or racy loads: there is none outside of memory/.
        Ok(unsafe { Slots::new(base, len, kind) })
    }
}
