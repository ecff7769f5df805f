'use strict';

// AbortSignals. However many calls share a signal, it gets one listener, and that one is gone as soon as the last of
// them has settled.

const {
  AddEventListener,
  INSISTENT,
  RemoveEventListener,
  Set,
  SetAdd,
  SetDelete,
  SetForEach,
  SetSize,
  SignalAborted,
  SignalReason,
  WeakMap,
  WeakMapDelete,
  WeakMapGet,
  WeakMapSet,
} = require('./intrinsics');
const { AbortError } = require('./errors');

/** signal -> { calls, onAbort } */
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
      // Anybody can dispatch an event of that name; only an abort makes the signal aborted.
      if (!SignalAborted(signal)) return;
      SetForEach(calls, (call) => call.abort(new AbortError(SignalReason(signal))));
    };
    entry = { __proto__: null, calls, onAbort };
    AddEventListener(signal, 'abort', onAbort, INSISTENT);
    WeakMapSet(watched, signal, entry);
  }
  SetAdd(entry.calls, call);
}

function unwatch(signal, call) {
  const entry = WeakMapGet(watched, signal);
  SetDelete(entry.calls, call);
  if (SetSize(entry.calls) > 0) return;
  WeakMapDelete(watched, signal);
  try {
    RemoveEventListener(signal, 'abort', entry.onAbort, INSISTENT);
  } catch {
    // The program has broken its signal since. The listener does nothing any more, and the call must be settled.
  }
}

module.exports = { throwIfAborted, unwatch, watch };
