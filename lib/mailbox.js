'use strict';

// The mailbox: memory into which the native side writes the results of finished calls, as records. src/node/mailbox.rs
// defines the layout, and exports it.

const { BigInt64Array, BigUint64Array, Float64Array, Uint32Array, Uint8Array } = require('./intrinsics');
const {
  KIND_BIGINT: BIGINT,
  KIND_LARGE_BIGINT: LARGE_BIGINT,
  KIND_NUMBER: NUMBER,
  KIND_PANICKED: PANICKED,
  KIND_PARTIAL: PARTIAL,
  KIND_REFUSED: REFUSED,
  KIND_UNDEFINED: UNDEFINED,
  MAILBOX_BATCH: LAST_RECORD,
  MAILBOX_BYTES,
  RECORD_BYTES,
  RECORD_HIGH,
  RECORD_ID,
  RECORD_KIND,
  RECORD_LOW,
  RECORD_TOP,
} = require('./binding');

// The layout in 32-bit and 64-bit words.
const WORDS = RECORD_BYTES / 4;
const ID = RECORD_ID / 4;
const KIND = RECORD_KIND / 4;
const WIDE_WORDS = RECORD_BYTES / 8;
const LOW = RECORD_LOW / 8;
const HIGH = RECORD_HIGH / 8;
const TOP = RECORD_TOP / 8;

// No getter of a typed array is used: a program may have replaced them before it loaded us.
const memory = new ArrayBuffer(MAILBOX_BYTES);
const mailbox = new Uint8Array(memory);
const words = new Uint32Array(memory);
const numbers = new Float64Array(memory);
const unsigned = new BigUint64Array(memory);
const signed = new BigInt64Array(memory);

function idAt(record) {
  return words[WORDS * record + ID];
}

function kindAt(record) {
  return words[WORDS * record + KIND];
}

/** The result in a record; undefined for a call that has none. */
function valueAt(record) {
  switch (kindAt(record)) {
    case NUMBER:
      return numbers[WIDE_WORDS * record + LOW];
    case BIGINT:
      return (signed[WIDE_WORDS * record + HIGH] << 64n) | unsigned[WIDE_WORDS * record + LOW];
    case LARGE_BIGINT:
      return (
        (signed[WIDE_WORDS * record + TOP] << 128n) |
        (unsigned[WIDE_WORDS * record + HIGH] << 64n) |
        unsigned[WIDE_WORDS * record + LOW]
      );
    default:
      return undefined;
  }
}

// The last record is in no batch: it holds the result of a call that was answered before it returned.
module.exports = {
  BIGINT,
  LARGE_BIGINT,
  LAST_RECORD,
  NUMBER,
  PANICKED,
  PARTIAL,
  REFUSED,
  UNDEFINED,
  idAt,
  kindAt,
  mailbox,
  valueAt,
};
