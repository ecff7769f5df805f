'use strict';

// Signals of a class that this realm does not call AbortSignal.

const { ObjectGetPrototypeOf, ReflectApply, ReflectGet } = require('../intrinsics');
const { capture, insistentOptions, isOf } = require('../signals');

/** Node's own class, for a realm that calls another one AbortSignal, or none. */
let ownClass;

function own() {
  if (ownClass === undefined) {
    let prototype;
    try {
      const { transferableAbortController } = require('node:util');
      prototype = ObjectGetPrototypeOf(transferableAbortController().signal);
    } catch {
      // A runtime without it.
    }
    ownClass = capture(prototype) ?? null;
  }
  return ownClass ?? undefined;
}

/** A property that an object inherits; an own one counts only where none is inherited. */
function inherited(signal, key) {
  return ReflectGet(ObjectGetPrototypeOf(signal), key, signal) ?? signal[key];
}

/** A method that an object inherits. */
const method = (signal, key) => ReflectGet(ObjectGetPrototypeOf(signal), key, signal);

/** Signals of a class that is not known. All of these may run code of the program, and throw. */
const UNKNOWN = {
  __proto__: null,
  aborted: (signal) => inherited(signal, 'aborted'),
  reason: (signal) => inherited(signal, 'reason'),
  addEventListener: (signal, listener) =>
    ReflectApply(method(signal, 'addEventListener'), signal, ['abort', listener, insistentOptions()]),
  removeEventListener: (signal, listener) =>
    ReflectApply(method(signal, 'removeEventListener'), signal, ['abort', listener, insistentOptions()]),
};

function hasListeners(value) {
  try {
    return (
      typeof method(value, 'addEventListener') === 'function' &&
      typeof method(value, 'removeEventListener') === 'function'
    );
  } catch {
    return false;
  }
}

/** The functions with which to use a signal; undefined for what is no signal. */
function foreignClassOf(value) {
  if (isOf(own(), value)) return own();
  return hasListeners(value) && isOf(UNKNOWN, value) ? UNKNOWN : undefined;
}

module.exports = { foreignClassOf };
