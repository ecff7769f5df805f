'use strict';

// AbortSignals of every make: Node's own, those of a DOM that a test environment has put in their place (jsdom, happy-dom),
// of a polyfill, of another realm.
//
// A signal is used through the functions of its class: `aborted` and `reason` take the signal, `addEventListener` and
// `removeEventListener` take the signal and a listener for "abort". For the class that the realm calls AbortSignal, these are the
// functions that the prototypes had at load: own properties of a signal and later patches have no effect. Other classes are for
// lib/rare/: any object is a signal if it inherits what a signal inherits.

const {
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  types: { isProxy },
  uncurryThis,
} = require('./intrinsics');
const { loadRare } = require('./load-rare');

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

/** What Node's own signals inherit their methods from, and these as they are at load, though the class may be captured later. */
const TARGET = globalThis.EventTarget?.prototype;
const TARGET_METHODS = {
  __proto__: null,
  addEventListener: TARGET?.addEventListener,
  removeEventListener: TARGET?.removeEventListener,
};

/** A method of the last object that has it: in Deno, AbortSignal's own addEventListener reads and calls what a program can replace. */
function listenerMethod(prototype, key) {
  let method;
  for (let at = prototype; at !== null; at = ObjectGetPrototypeOf(at)) {
    const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) method = at === TARGET ? TARGET_METHODS[key] : descriptor.value;
  }
  return uncurryThis(method);
}

/** The functions of a class of signals as they are now; undefined if they are not those of a signal. */
function capture(prototype) {
  try {
    const add = listenerMethod(prototype, 'addEventListener');
    const remove = listenerMethod(prototype, 'removeEventListener');
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

/**
 * The class that this realm calls AbortSignal: null if that is none, undefined as long as it is not captured. Node 20 loads the class when
 * somebody first asks for it or for AbortController, by a getter that is gone then, and takes a seventh of a millisecond for it. So if
 * nobody has, it is captured with the first signal.
 */
let globalClass = isAsked('AbortSignal') || isAsked('AbortController') ? captureGlobal() : undefined;

function isAsked(name) {
  return ObjectGetOwnPropertyDescriptor(globalThis, name)?.get === undefined;
}

function captureGlobal() {
  return capture(globalThis.AbortSignal?.prototype) ?? null;
}

/** The functions with which to use a signal; undefined for what is no signal. */
function classOf(value) {
  // Some versions of Node take a proxy of a signal for one, and then run its traps in the middle of our work.
  if (value === null || typeof value !== 'object' || isProxy(value)) return undefined;
  if (globalClass === undefined) globalClass = captureGlobal();
  if (isOf(globalClass, value)) return globalClass;
  return foreignClassOf(value);
}

/** Without lib/rare/ there are no signals of other classes. */
function foreignClassOf(value) {
  let rare;
  try {
    rare = loadRare();
  } catch {
    return undefined;
  }
  return rare.foreignClassOf(value);
}

/** Not every class throws at what is not of it: in happy-dom, `aborted` of anything else is undefined. */
function isOf(signalClass, value) {
  try {
    return typeof signalClass.aborted(value) === 'boolean';
  } catch {
    // Or there is no such class.
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

module.exports = { capture, classOf, insistentOptions, isAborted, isOf, reasonOf };
