'use strict';

// The calls in flight of this environment: from the id that the native side gives a call to the promise that waits for it.
// Finished calls arrive in batches, as records in a mailbox that the native side fills before it calls `settle`.

const { AtomicsNotify, ObjectHasOwn, ObjectSetPrototypeOf, Promise } = require('./intrinsics');
const { unwatch, watch } = require('./abort');
const { variable } = require('./environment');
const { internal, refusal } = require('./errors');
const {
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
} = require('./mailbox');
const { begin, isHeard } = require('./diagnostics');
const { wakeTimer } = require('./wake-timer');
const native = require('./binding');

/**
 * This environment, as the native side knows it. That holds `settle` and the mailbox weakly while no call is in flight, or
 * no realm could ever be collected, and closes the environment when `settle` is gone. So they are kept here, in an object
 * that every call needs: V8 keeps a variable of a module only if some function refers to it.
 */
const environment = {
  __proto__: null,
  settle,
  mailbox,
  // The variable is for tests: the instruction set of the kernels, if not the widest that the processor has.
  port: callNative(() => native.open(settle, mailbox, variable('ALLCORES_ISA') || undefined)),
};

// What stands in the place of an id.
/** Returned by the native side: the result is in the mailbox's last record. Only for calls that cannot be aborted. */
const ANSWERED = -1;
/** Not submitted yet. */
const UNSUBMITTED = -2;
/** No longer in the table; another call may have the id by now. */
const SETTLING = -3;

/** id -> Call. Without a prototype, where a program could put setters for its indices. */
const pending = ObjectSetPrototypeOf([], null);

/** A promise, and what settles it. All of it are fields: defining one runs no setter of a prototype. */
class Call {
  id = UNSUBMITTED;
  promise;
  resolve;
  reject;
  /** Set by `watch`. */
  watch = undefined;
  slots;
  flag;
  /**
   * What a call that computes no number resolves with. To a number it is added: 0 makes 0 of -0. A function converts it, or a partial
   * result.
   */
  result;
  /** What reports how far it has come; see lib/bodies/progress.js. */
  progress;
  kind = undefined;
  value = undefined;
  aborted = undefined;

  /** `slots[flag]`, if there are slots, is where other threads may wait for the end. */
  constructor(slots, flag, result, progress) {
    this.slots = slots;
    this.flag = flag;
    this.result = result;
    this.progress = progress;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Tells its threads to stop; the promise is rejected with `error` when they have. */
  abort(error) {
    // Before it is submitted `watch` throws instead. Afterwards, slots that say "done" must not be contradicted.
    if (this.id === UNSUBMITTED || (this.id === SETTLING && this.slots !== undefined)) return;
    this.aborted = error;
    if (this.id >= 0) native.abort(environment.port, this.id);
  }

  /** Takes the call out of the table. `value` is its result, or why it has none. */
  finish(kind, value) {
    if (this.id >= 0) pending[this.id] = undefined;
    this.id = SETTLING;
    this.kind = kind;
    this.value = value;
  }

  /** May run code of the program (hooks on promises, methods of its signal), and throw what that throws. */
  settle() {
    try {
      if (this.slots !== undefined) AtomicsNotify(this.slots, this.flag);
      if (this.progress !== undefined) this.endProgress();
      unwatch(this);
    } finally {
      this.settlePromise();
    }
  }

  /** Runs a function of the program, which may abort this call. */
  endProgress() {
    const { kind } = this;
    const hasResult = kind === NUMBER || kind === BIGINT || kind === UNDEFINED || kind === PARTIAL;
    try {
      this.progress.end(hasResult && this.aborted === undefined);
    } catch (error) {
      unwatch(this);
      throw error;
    }
  }

  number() {
    const { result, value } = this;
    if (result === undefined) return value;
    return typeof result === 'function' ? result(value) : value + result;
  }

  settlePromise() {
    if (this.aborted !== undefined) {
      this.reject(this.aborted);
      return;
    }
    switch (this.kind) {
      case NUMBER:
        this.resolve(this.number());
        break;
      case BIGINT:
      case LARGE_BIGINT:
        this.resolve(this.value);
        break;
      case PARTIAL:
        this.resolve(this.result(this.value));
        break;
      case UNDEFINED:
        this.resolve(this.result);
        break;
      case REFUSED:
        this.reject(refusal({ __proto__: null, code: 'ERR_OUT_OF_RANGE', message: this.value }));
        break;
      case PANICKED:
        this.reject(internal(this.value));
        break;
      default:
        this.reject(internal('a call was canceled that was not aborted'));
    }
  }
}

/**
 * Starts a call. `submit` makes the native call on our port; what it refuses rejects the promise. The promise comes first:
 * making it may run hooks of the program, and from submission to the table nothing may. `name` is that of the public function, and
 * `engineOf` says what runs a body.
 */
function start(name, options, slots, flag, submit, result, progress, engineOf) {
  const { signal, signalClass } = options;
  const call = new Call(slots, flag, result, progress);
  try {
    if (signal !== undefined) watch(signal, signalClass, call);
    call.id = callNative(submit, environment.port);
  } catch (error) {
    unwatch(call);
    call.reject(error);
    return call.promise;
  }
  if (call.id === ANSWERED) {
    call.finish(kindAt(LAST_RECORD), valueAt(LAST_RECORD));
    if (isHeard()) begin(call, name, isa(), options.threads, engineOf?.());
    call.settlePromise();
  } else {
    pending[call.id] = call;
    wakeTimer?.begin();
    progress?.begin(environment.port, call.id);
    if (isHeard()) begin(call, name, isa(), options.threads, engineOf?.());
  }
  return call.promise;
}

/**
 * What a native function returns. A refusal is returned too, as an object with `code` and `message`, and thrown here: V8
 * treats an exception thrown by native code as uncaught, even if JavaScript catches it. A panic that was caught on this
 * thread is thrown by the binding's library, with a code of its own.
 */
function callNative(submit, port) {
  let answer;
  try {
    answer = submit(port);
  } catch (error) {
    throw error.code === undefined ? error : internal(error.message);
  }
  if (typeof answer === 'object' && ObjectHasOwn(answer, 'code')) throw refusal(answer);
  return answer;
}

/** The instruction set of this environment's kernels. */
const isa = () => ask((port) => native.isa(port));

/** What a native function returns that belongs to this environment. */
const ask = (submit) => callNative(submit, environment.port);

/**
 * Called by the native side with `count` records in the mailbox, and the texts of those that have one: messages and partial results.
 */
function settle(count, messages) {
  // All calls leave the mailbox and the table first: settling one may run code of the program, which may call us, and those
  // calls get ids that are free again.
  const calls = takeCalls(count, messages);
  wakeTimer?.end(count);
  let failure;
  for (let i = 0; i < count; i++) {
    try {
      calls[i].settle();
    } catch (error) {
      failure ??= { __proto__: null, error };
    }
  }
  // The program's own, and not before all calls are settled. The native side makes it an uncaught exception.
  if (failure !== undefined) throw failure.error;
}

function takeCalls(count, messages) {
  const calls = ObjectSetPrototypeOf([], null);
  let told = 0;
  for (let record = 0; record < count; record++) {
    const call = pending[idAt(record)];
    const kind = kindAt(record);
    const isText = kind === PANICKED || kind === REFUSED || kind === PARTIAL;
    call.finish(kind, isText ? messages[told++] : valueAt(record));
    calls[record] = call;
  }
  return calls;
}

function sumRange(num, options) {
  return start('sumRange', options, undefined, 0, (port) => native.sumRange(port, num, options.threads));
}

/** `length` is that of `slots`, read after the options: reading those may grow the buffer. */
function sumIntoSharedBuffer(slots, length, num, options) {
  return start('sumIntoSharedBuffer', options, slots, length - 1, (port) =>
    native.sumIntoSharedBuffer(port, slots, length, num, options.threads),
  );
}

function sum(view, options) {
  // A small sum is computed before the call returns, unless the program wants to be able to abort it.
  const here = options.signal === undefined;
  return start('sum', options, undefined, 0, (port) => native.sum(port, view, options.threads, here));
}

function reduce(name, view, options) {
  const here = options.signal === undefined;
  return start(name, options, undefined, 0, (port) =>
    native.reduce(port, name, view, options.threads, here, options.ddof),
  );
}

function dot(a, b, options) {
  const here = options.signal === undefined;
  return start('dot', options, undefined, 0, (port) => native.dot(port, a, b, options.threads, here));
}

module.exports = { ANSWERED, ask, callNative, dot, reduce, start, sum, sumIntoSharedBuffer, sumRange };
