//! The mailbox: an ArrayBuffer of the environment's own, through which results reach JavaScript without a call for
//! each. `lib/engine.js` reads what is put here.

use std::cell::RefCell;
use std::ptr;

use napi::sys;

use super::view::Pinned;
use crate::jobs::Value;
use crate::pool::Completion;

/// How many calls are settled by one entry into JavaScript.
pub(super) const BATCH: usize = 1024;

/// How many records there are: a batch, and one for an answer on the spot.
const RECORDS: usize = BATCH + 1;

/// Bytes of a mailbox.
pub(super) const MAILBOX: usize = RECORDS * size_of::<Record>();

const _: () = assert!(size_of::<Record>() == 24, "lib/engine.js knows the layout of a record");

/// One settled call.
#[repr(C)]
pub(super) struct Record {
    id: u32,
    kind: u32,
    /// A Number's bits, or the low 64 bits of a BigInt.
    low: u64,
    /// The high 64 bits of a BigInt, two's complement.
    high: u64,
}

mod kind {
    pub(super) const NUMBER: u32 = 0;
    pub(super) const BIGINT: u32 = 1;
    pub(super) const CANCELLED: u32 = 2;
    pub(super) const PANICKED: u32 = 3;
}

impl Record {
    /// The message of a panic does not fit a record; it goes to the end of `messages`.
    pub(super) fn new(id: u32, end: Completion<Value>, messages: &mut Vec<String>) -> Self {
        let (kind, low, high) = match end {
            Completion::Done(Value::Number(number)) => (kind::NUMBER, number.to_bits(), 0),
            Completion::Done(Value::BigInt(integer)) => {
                (kind::BIGINT, integer as u64, (integer >> 64) as u64)
            }
            Completion::Canceled => (kind::CANCELLED, 0, 0),
            Completion::Panicked(message) => {
                messages.push(message);
                (kind::PANICKED, 0, 0)
            }
        };
        Self { id, kind, low, high }
    }
}

/// A Uint8Array of [`MAILBOX`] bytes that the environment keeps for this, and nobody else writes; `None` once it has been
/// let go.
pub(super) struct Mailbox(RefCell<Option<Pinned>>);

/// The records of a mailbox, for as long as JavaScript does not run.
pub(super) struct Records(*mut Record);

impl Mailbox {
    pub(super) fn new(array: Pinned) -> Self {
        Self(RefCell::new(Some(array)))
    }

    /// Lets go of the array. On the environment's thread.
    pub(super) fn close(&self, env: sys::napi_env) {
        if let Some(array) = self.0.take() {
            array.release(env);
        }
    }

    /// Where the records lie now. On the environment's thread.
    pub(super) fn open(&self, env: sys::napi_env) -> Option<Records> {
        let mailbox = self.0.borrow().as_ref()?.get(env)?;
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
        (status == sys::Status::napi_ok && len == MAILBOX && records.is_aligned() && !records.is_null())
            .then_some(Records(records))
    }
}

impl Records {
    /// Puts a record in its place, below [`BATCH`], or at it for the one that no batch uses.
    pub(super) fn put(&self, index: usize, record: Record) {
        assert!(index < RECORDS, "record {index} of {RECORDS}");
        // SAFETY: the mailbox has that many records (`open`), and `index` is one of them.
        let place = unsafe { self.0.add(index) };
        // SAFETY: as above, and aligned (`open`). It is no shared memory: JavaScript, which alone could touch it or
        // take it away, does not run while its thread is here.
        unsafe { place.write(record) };
    }
}
