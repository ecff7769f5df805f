'use strict';

// AbortSignals. However many calls share a signal, it gets one listener, and that one is gone as soon as the last of
// them has settled.

const {
  Set,
  SetAdd,
  SetDelete,
  SetForEach,
  SetSize,
  SignalAborted,
  SignalReason,
  SymbolDispose,
  WeakMap,
  WeakMapDelete,
  WeakMapGet,
  WeakMapSet,
  addAbortListener,
} = require('./intrinsics');
const { AbortError } = require('./errors');

/** signal -> { calls, listener } */
const watched = new WeakMap();

function throwIfAborted(signal) {
  if (signal !== undefined && SignalAborted(signal)) throw new AbortError(SignalReason(signal));
}

/** Calls `call.abort(error)` when `signal` is aborted, until `unwatch`. */
function watch(signal, call) {
  let entry = WeakMapGet(watched, signal);
  if (entry === undefined) {
    const calls = new Set();
    const onAbort = () => {
      const error = new AbortError(SignalReason(signal));
      SetForEach(calls, (call) => call.abort(error));
    };
    // Not addEventListener: another listener's stopImmediatePropagation must not keep the abort from us.
    entry = { __proto__: null, calls, listener: addAbortListener(signal, onAbort) };
    WeakMapSet(watched, signal, entry);
  }
  SetAdd(entry.calls, call);
}

function unwatch(signal, call) {
  const entry = WeakMapGet(watched, signal);
  SetDelete(entry.calls, call);
  if (SetSize(entry.calls) > 0) return;
  WeakMapDelete(watched, signal);
  entry.listener[SymbolDispose]();
}

module.exports = { throwIfAborted, unwatch, watch };
