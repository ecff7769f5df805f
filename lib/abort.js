'use strict';

// Which calls a signal stops. All calls in flight on one signal share one listener, which is removed when the last of them
// settles.
//
// Adding and removing a listener may run code of the program, which may call us with the same signal, abort it, or throw.
// So a watch is in the table before its listener is added, and out of it before its listener is removed.

const { Set, SetAdd, SetDelete, SetForEach, SetSize, WeakMap, WeakMapDelete, WeakMapGet, WeakMapSet } =
  require('./intrinsics');
const { AbortError, unusableSignal } = require('./errors');
const { isAborted, reasonOf } = require('./signals');

/** signal -> Watch */
const watches = new WeakMap();

/** The calls in flight on a signal, and their listener. All of it are fields: defining one runs no setter of a prototype. */
class Watch {
  signal;
  signalClass;
  calls = new Set();
  listening = false;
  listener = () => {
    // A program can dispatch an event of that name; only an abort makes the signal aborted.
    if (!isAborted(this.signal, this.signalClass)) return;
    // One error for all: with a stack for each, an abort that stops 100 000 calls took seconds.
    const error = this.error();
    SetForEach(this.calls, (call) => call.abort(error));
  };

  constructor(signal, signalClass) {
    this.signal = signal;
    this.signalClass = signalClass;
  }

  error() {
    return new AbortError(reasonOf(this.signal, this.signalClass));
  }

  /** Each call sees to the listener until it is there: the call that came first may be in the middle of adding it. */
  listen() {
    if (this.listening) return;
    try {
      this.signalClass.addEventListener(this.signal, this.listener);
    } catch (error) {
      throw unusableSignal(this.signal, error);
    }
    this.listening = true;
  }

  unlisten() {
    try {
      this.signalClass.removeEventListener(this.signal, this.listener);
    } catch {
      // The program has broken its signal since. Without calls the listener does nothing.
    }
  }
}

/**
 * Calls `call.abort(error)` when `signal` is aborted, until `unwatch(call)`. Throws if it is aborted, or takes no listener:
 * then too, `unwatch` has to follow.
 */
function watch(signal, signalClass, call) {
  let entry = WeakMapGet(watches, signal);
  if (entry === undefined) {
    entry = new Watch(signal, signalClass);
    if (isAborted(signal, signalClass)) throw entry.error();
    WeakMapSet(watches, signal, entry);
  }
  SetAdd(entry.calls, call);
  call.watch = entry;
  entry.listen();
  // An abort while the listener was being added is an event that the listener may have missed.
  if (isAborted(signal, signalClass)) throw entry.error();
}

function unwatch(call) {
  const { watch } = call;
  if (watch === undefined) return;
  SetDelete(watch.calls, call);
  if (SetSize(watch.calls) > 0) return;
  WeakMapDelete(watches, watch.signal);
  watch.unlisten();
}

module.exports = { unwatch, watch };
