'use strict';

// AbortSignals of every make: Node's own, those of a DOM that a test environment has put in their place (jsdom, happy-dom),
// of a polyfill, of another realm.
//
// A signal is used through the functions of its class: `aborted` and `reason` take the signal, `addEventListener` and
// `removeEventListener` take the signal and a listener for "abort". For the classes that are known at load, these are the
// functions that the prototypes had then: own properties of a signal and later patches have no effect. Any other object is
// a signal if it inherits what a signal inherits.

const {
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ReflectApply,
  ReflectGet,
  types: { isProxy },
  uncurryThis,
} = require('./intrinsics');

// `node:events` may not load: in Bun it does not in a program that has frozen Object.prototype.
const addAbortListener = (() => {
  try {
    return require('node:events').addAbortListener;
  } catch {
    return undefined;
  }
})();

let insistent;

/**
 * Options for a listener that another listener's stopImmediatePropagation cannot keep from its event. Node keeps them
 * private, under a symbol that only `addAbortListener` uses, so we look at what it passes on. Bun calls the capturing
 * listeners of a target first, as the standard says. Where neither works, ours is an ordinary listener. Found out with
 * the first signal: at load it would take a fifth of a millisecond.
 */
function insistentOptions() {
  if (insistent === undefined) {
    let options;
    try {
      const addEventListener = (_type, _listener, passed) => {
        options = passed;
      };
      addAbortListener(
        { __proto__: null, aborted: false, addEventListener, removeEventListener() {} },
        () => {},
      );
    } catch {
      // A runtime that wants a real signal.
    }
    // Not just once: an event called "abort" may come from the program, and the abort later.
    insistent = { __proto__: null, ...options, capture: true, once: false };
  }
  return insistent;
}

/** The descriptor of a property of an object or of what it inherits from. */
function find(object, key) {
  for (let at = object; at !== null; at = ObjectGetPrototypeOf(at)) {
    const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** The same of the last that has it: in Deno, AbortSignal's own addEventListener reads and calls what a program can replace. */
function findLast(object, key) {
  let last;
  for (let at = object; at !== null; at = ObjectGetPrototypeOf(at)) {
    last = ObjectGetOwnPropertyDescriptor(at, key) ?? last;
  }
  return last;
}

/** The functions of a class of signals as they are now; undefined if they are not those of a signal. */
function capture(prototype) {
  try {
    const add = uncurryThis(findLast(prototype, 'addEventListener').value);
    const remove = uncurryThis(findLast(prototype, 'removeEventListener').value);
    const reason = find(prototype, 'reason')?.get;
    return {
      __proto__: null,
      aborted: uncurryThis(find(prototype, 'aborted').get),
      reason: reason === undefined ? () => undefined : uncurryThis(reason),
      addEventListener: (signal, listener) => add(signal, 'abort', listener, insistentOptions()),
      removeEventListener: (signal, listener) => remove(signal, 'abort', listener, insistentOptions()),
    };
  } catch {
    return undefined;
  }
}

/** The class that this realm calls AbortSignal. */
const GLOBAL = capture(globalThis.AbortSignal?.prototype);

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

/** The functions with which to use a signal; undefined for what is no signal. */
function classOf(value) {
  // Some versions of Node take a proxy of a signal for one, and then run its traps in the middle of our work.
  if (value === null || typeof value !== 'object' || isProxy(value)) return undefined;
  if (isOf(GLOBAL, value)) return GLOBAL;
  if (isOf(own(), value)) return own();
  return hasListeners(value) && isOf(UNKNOWN, value) ? UNKNOWN : undefined;
}

/** Not every class throws at what is not of it: in happy-dom, `aborted` of anything else is undefined. */
function isOf(signalClass, value) {
  try {
    return signalClass !== undefined && typeof signalClass.aborted(value) === 'boolean';
  } catch {
    return false;
  }
}

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

/** Whether a signal is aborted. One that cannot say so any more counts as aborted: a call that nothing can stop is worse. */
function isAborted(signal, signalClass) {
  try {
    return signalClass.aborted(signal) !== false;
  } catch {
    return true;
  }
}

function reasonOf(signal, signalClass) {
  try {
    return signalClass.reason(signal);
  } catch {
    return undefined;
  }
}

module.exports = { classOf, isAborted, reasonOf };
