//! The mailbox: a typed array through which results reach JavaScript, many of them with one call.
//!
//! Its layout is defined here and nowhere else: `lib/engine.js` and `tests/fake` read the constants that are exported.
//!
//! ```text
//! mailbox  = BATCH records, then one more, for the result of a call that ran at once
//! record   = id: u32 | kind: u32 | low: u64 | high: u64 | top: u64       in native byte order
//! NUMBER:    low = the bits of the double
//! BIGINT:    high, low = 128 bits, two's complement
//! LARGE_BIGINT: top, high, low = 192 bits, two's complement
//! PANICKED, REFUSED: the message is the next of the strings that come with the batch
//! PARTIAL:   the bytes are the next of these strings, a character of Latin-1 each
//! ```

#![allow(unreachable_pub, reason = "napi-derive exports public constants only")]

use std::mem::offset_of;
use std::ptr;

use napi::sys;
use napi_derive::napi;

use super::reference::Reference;
use crate::jobs::{Refusal, Value};
use crate::pool::Completion;

/// How many calls are settled by one call of `settle`. The record of this index is the one for a call that ran at once.
#[napi]
pub const MAILBOX_BATCH: u32 = BATCH as u32;
/// The length of a mailbox.
#[napi]
pub const MAILBOX_BYTES: u32 = (RECORDS * size_of::<Record>()) as u32;
/// The length of a record.
#[napi]
pub const RECORD_BYTES: u32 = size_of::<Record>() as u32;
/// Where a record has the id of the call, a u32.
#[napi]
pub const RECORD_ID: u32 = offset_of!(Record, id) as u32;
/// Where it has its kind, a u32.
#[napi]
pub const RECORD_KIND: u32 = offset_of!(Record, kind) as u32;
/// Where it has a double, or the low 64 bits of a BigInt.
#[napi]
pub const RECORD_LOW: u32 = offset_of!(Record, low) as u32;
/// Where it has the next 64 bits of a BigInt: the high ones, or the middle ones if it is large.
#[napi]
pub const RECORD_HIGH: u32 = offset_of!(Record, high) as u32;
/// Where it has the top 64 bits of a large BigInt.
#[napi]
pub const RECORD_TOP: u32 = offset_of!(Record, top) as u32;
/// The kind of a record whose result is a Number.
#[napi]
pub const KIND_NUMBER: u32 = 0;
/// The kind of a record whose result is a BigInt.
#[napi]
pub const KIND_BIGINT: u32 = 1;
/// The kind of a record of a call that was canceled.
#[napi]
pub const KIND_CANCELED: u32 = 2;
/// The kind of a record of a call that panicked.
#[napi]
pub const KIND_PANICKED: u32 = 3;
/// The kind of a record of a call that has no result.
#[napi]
pub const KIND_UNDEFINED: u32 = 4;
/// The kind of a record of a call that could not go on, for a reason of the caller's: `ERR_OUT_OF_RANGE`.
#[napi]
pub const KIND_REFUSED: u32 = 5;
/// The kind of a record whose result is a BigInt that 128 bits do not hold.
#[napi]
pub const KIND_LARGE_BIGINT: u32 = 6;
/// The kind of a record whose result is a partial one.
#[napi]
pub const KIND_PARTIAL: u32 = 7;

pub(super) const BATCH: usize = 1024;
const RECORDS: usize = BATCH + 1;

/// One settled call.
#[repr(C)]
pub(super) struct Record {
    id: u32,
    kind: u32,
    low: u64,
    high: u64,
    top: u64,
}

// JavaScript reads it as an array of 32-bit words and as one of 64-bit words.
const _: () = assert!(size_of::<Record>().is_multiple_of(8) && offset_of!(Record, low).is_multiple_of(8));

impl Record {
    /// A message does not fit a record; it goes to the end of `messages`.
    pub(super) fn new(id: u32, completion: Completion<Value>, messages: &mut Vec<String>) -> Self {
        let (kind, [low, high, top]) = match completion {
            Completion::Done(Value::Number(number)) => (KIND_NUMBER, [number.to_bits(), 0, 0]),
            Completion::Done(Value::BigInt(integer)) => {
                (KIND_BIGINT, [integer as u64, (integer >> 64) as u64, 0])
            }
            Completion::Done(Value::LargeBigInt(limbs)) => (KIND_LARGE_BIGINT, limbs),
            Completion::Done(Value::Undefined) => (KIND_UNDEFINED, [0; 3]),
            Completion::Done(Value::Partial(bytes)) => {
                messages.push(latin1(&bytes));
                (KIND_PARTIAL, [0; 3])
            }
            Completion::Done(Value::Refused(Refusal(message))) => {
                messages.push(message);
                (KIND_REFUSED, [0; 3])
            }
            Completion::Canceled => (KIND_CANCELED, [0; 3]),
            Completion::Panicked(message) => {
                messages.push(message);
                (KIND_PANICKED, [0; 3])
            }
        };
        Self { id, kind, low, high, top }
    }
}

/// Bytes as a string: JavaScript makes typed arrays of its own realm.
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A Uint8Array of [`MAILBOX_BYTES`] bytes that only this environment writes.
pub(super) struct Mailbox(Reference);

/// The records of a mailbox, until JavaScript runs again.
pub(super) struct Records(*mut Record);

impl Mailbox {
    pub(super) fn new(array: Reference) -> Self {
        Self(array)
    }

    pub(super) fn array(&self) -> &Reference {
        &self.0
    }

    pub(super) fn into_array(self) -> Reference {
        self.0
    }

    /// Where the records lie now. On the environment's thread.
    pub(super) fn records(&self, env: sys::napi_env) -> Option<Records> {
        let mailbox = self.0.get(env)?;
        let (mut len, mut data) = (0, ptr::null_mut());
        // SAFETY: on the environment's thread, with a live handle to a typed array; null for what is not asked.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                mailbox,
                ptr::null_mut(),
                &mut len,
                &mut data,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        let records = data.cast::<Record>();
        (status == sys::Status::napi_ok
            && len == MAILBOX_BYTES as usize
            && records.is_aligned()
            && !records.is_null())
        .then_some(Records(records))
    }
}

impl Records {
    /// Writes record `index`: below [`BATCH`], or [`BATCH`] itself for a call that ran at once.
    pub(super) fn put(&self, index: usize, record: Record) {
        assert!(index < RECORDS, "record {index} of {RECORDS}");
        // SAFETY: the mailbox has that many records (`records`), and `index` is one of them.
        let place = unsafe { self.0.add(index) };
        // SAFETY: as above, and aligned (`records`). It is no shared memory: JavaScript, which alone could touch it or
        // take it away, does not run while its thread is here.
        unsafe { place.write(record) };
    }
}
