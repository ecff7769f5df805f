'use strict';

// The calls in flight of this environment: from the id that the native side gives a call to the promise that waits for
// it. Finished calls arrive in batches, as records in a mailbox that the native side fills before it calls `settle`.

const {
  AtomicsNotify,
  BigInt64Array,
  BigUint64Array,
  Float64Array,
  ObjectSetPrototypeOf,
  Promise,
  Uint32Array,
  Uint8Array,
} = require('./intrinsics');
const { unwatch, throwIfAborted, watch } = require('./abort');
const { readThreadsVariable } = require('./arguments');
const { alarm } = require('./deno');
const { internal, refusal } = require('./errors');
const native = require('../binding');

/** The size of the pool. The first environment of the process to load this package decides. */
const threads = native.poolSize(readThreadsVariable(process.env.ALLCORES_THREADS));

// A record is 24 bytes: id and kind, 32 bits each; a Number, or the low 64 bits of a BigInt; the high 64 bits. The kinds
// are those of src/node/mailbox.rs.
// 1 is a BigInt, and what comes after CANCELLED is a panic.
const NUMBER = 0;
const CANCELLED = 2;

const MAILBOX_BYTES = native.mailboxBytes();

// No getter of a typed array is asked, since a program may have replaced them.
const memory = new ArrayBuffer(MAILBOX_BYTES);
const mailbox = new Uint8Array(memory);
const words = new Uint32Array(memory);
const numbers = new Float64Array(memory);
const lows = new BigUint64Array(memory);
const highs = new BigInt64Array(memory);

// The variable is for tests: which of the kernels to run, if not the best that the processor can.
const port = tryTo(() => native.open(settle, mailbox, process.env.ALLCORES_ISA || undefined));

/** What starts calls, and stops them. */
const { abort, sum, sumIntoSharedBuffer, sumRange } = native;

// Instead of an id:
/** The last record in the mailbox has the answer already. The native side says so of calls that cannot be aborted. */
const ANSWERED = -1;
/** Not yet submitted. */
const UNSUBMITTED = -2;
/** Taken off the table to be settled. Its id may be another call's by now. */
const SETTLING = -3;

/** Where an answer comes that does not come by `settle`. */
const LAST_RECORD = MAILBOX_BYTES / 24 - 1;

/** id -> Call. Without a prototype, whose setters for numbers could keep calls from it. */
const pending = ObjectSetPrototypeOf([], null);

/** What is to be done when a call ends. All of it are fields: what is defined runs no setter of a prototype. */
class Call {
  id = UNSUBMITTED;
  aborted = undefined;
  resolve;
  reject;
  signal;
  slots;
  flag;

  constructor(resolve, reject, signal, slots, flag) {
    this.resolve = resolve;
    this.reject = reject;
    this.signal = signal;
    this.slots = slots;
    this.flag = flag;
  }

  /** Its threads are told to stop; it settles when they have. Too late for a call that is being settled. */
  abort(error) {
    if (this.id < 0) return;
    this.aborted = error;
    abort(port, this.id);
  }
}

/**
 * The promise of one call. `prepare` checks the arguments and gives back `{ signal, submit, slots, flag }`; what it or
 * `submit` throws rejects the promise. `submit` starts the call and gives back its id. `slots[flag]`, if there are
 * slots, is where others may wait for the end.
 */
function start(prepare) {
  return new Promise((resolve, reject) => {
    const { signal, submit, slots, flag } = prepare();
    const call = new Call(resolve, reject, signal, slots, flag);
    if (signal === undefined) {
      call.id = tryTo(submit);
      if (call.id === ANSWERED) {
        resolve(valueOf(LAST_RECORD));
        return;
      }
    } else {
      throwIfAborted(signal);
      watch(signal, call);
      try {
        call.id = tryTo(submit);
      } catch (error) {
        unwatch(signal, call);
        throw error;
      }
    }
    pending[call.id] = call;
    alarm?.begin();
  });
}

/**
 * The number that a native function returns. A refusal is returned too, as an object with `code` and `message`, and thrown
 * here: V8 treats an exception thrown by native code as uncaught, even if JavaScript catches it.
 */
function tryTo(ask) {
  let answer;
  try {
    answer = ask();
  } catch (error) {
    throw error.code === 'GenericFailure' ? internal(error.message) : error;
  }
  if (typeof answer === 'number') return answer;
  throw refusal(answer.code, answer.message);
}

/** Called by the native side with `count` records in the mailbox, and the messages of those that panicked. */
function settle(count, messages) {
  // First all calls are taken off the table, then they are settled: settling may run code of the program (a hook on
  // promises, say), which may call us, and those calls get ids that are free again.
  const calls = takeCalls(count);
  alarm?.end(count);
  let panics = 0;
  for (let record = 0; record < count; record++) {
    const call = calls[record];
    const kind = words[6 * record + 1];
    const message = kind > CANCELLED ? messages[panics++] : undefined;
    if (call.slots !== undefined) AtomicsNotify(call.slots, call.flag);
    if (call.signal !== undefined) unwatch(call.signal, call);

    if (call.aborted !== undefined) {
      call.reject(call.aborted);
    } else if (kind < CANCELLED) {
      call.resolve(valueOf(record));
    } else {
      call.reject(internal(message ?? 'a call was cancelled that nobody had aborted'));
    }
  }
}

/** The result in a record. */
function valueOf(record) {
  return words[6 * record + 1] === NUMBER
    ? numbers[3 * record + 1]
    : (highs[3 * record + 2] << 64n) | lows[3 * record + 1];
}

function takeCalls(count) {
  const calls = ObjectSetPrototypeOf([], null);
  for (let record = 0; record < count; record++) {
    const id = words[6 * record];
    const call = pending[id];
    pending[id] = undefined;
    call.id = SETTLING;
    calls[record] = call;
  }
  return calls;
}

module.exports = { port, start, sum, sumIntoSharedBuffer, sumRange, threads };
