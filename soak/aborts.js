'use strict';

// The ways in which a call is aborted, from before it begins to long after it would have ended.

const { getEventListeners } = require('node:events');

/** Not aborted, though the signal of half of them may be: nobody ever does. */
function never(random, forever) {
  return random.chance(0.5) ? plan(undefined) : { ...plan(forever), leaves: undefined };
}

/** `must`: no answer but an abort is right. `started`: not before the call. `act` is called when it has been made. */
function plan(signal, { must = false, started = true, act = () => {} } = {}) {
  const leaves = () => (signal === undefined ? 0 : getEventListeners(signal, 'abort').length);
  return { signal, must, started, act, leaves };
}

const WAYS = [
  /** Before the call. */
  (_random, reason) => plan(AbortSignal.abort(reason), { must: true, started: false }),
  /** In the same turn. */
  (_random, reason) => {
    const controller = new AbortController();
    return plan(controller.signal, { must: true, act: () => controller.abort(reason) });
  },
  /** In a microtask. */
  (_random, reason) => {
    const controller = new AbortController();
    return plan(controller.signal, { act: () => queueMicrotask(() => controller.abort(reason)) });
  },
  /** In the next turn. */
  (_random, reason) => {
    const controller = new AbortController();
    return plan(controller.signal, { act: () => setImmediate(() => controller.abort(reason)) });
  },
  /** After some turns. */
  (random, reason) => {
    const controller = new AbortController();
    const later = random.integer(0, 4);
    return plan(controller.signal, { act: () => setTimeout(() => controller.abort(reason), later) });
  },
  /** By a timeout. */
  (random) => plan(AbortSignal.timeout(random.integer(0, 5))),
  /** By one of two. */
  (random, reason) => {
    const [one, two] = [new AbortController(), new AbortController()];
    if (AbortSignal.any === undefined) return plan(undefined);
    const who = random.pick([one, two]);
    const act = () => setImmediate(() => who.abort(reason));
    return plan(AbortSignal.any([one.signal, two.signal]), { act });
  },
];

/** Aborted in any of these ways, with this reason. */
const somehow = (random, reason) => random.pick(WAYS)(random, reason);

module.exports = { never, somehow };
