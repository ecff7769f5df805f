'use strict';

// Tells who wants to know of the calls of this environment: subscribers of the tracing channel `allcores:call`, and stderr where
// NODE_DEBUG names allcores. Node's modules for that are not loaded before the first call has been submitted: then other
// threads are at work anyway.

const { MathMin, process } = require('./intrinsics');
const { threads } = require('./threads');
const native = require('./binding');

/** In the order in which Node's own tracing channels have them. */
const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** The channels by event, and `debug`, which writes a line; undefined until they are needed. */
let listeners;
/** Of those that are reported. */
let inFlight = 0;

function listen() {
  const listening = { __proto__: null, channels: undefined, debug: undefined };
  try {
    const { channel } = require('node:diagnostics_channel');
    const { debuglog } = require('node:util');
    const channels = { __proto__: null };
    // By index: the program may have changed how arrays are iterated.
    for (let i = 0; i < EVENTS.length; i++) {
      channels[EVENTS[i]] = channel(`tracing:allcores:call:${EVENTS[i]}`);
    }
    const debug = debuglog('allcores');
    if (debug.enabled) listening.debug = debug;
    listening.channels = channels;
  } catch {
    // A runtime without them, or a program that has broken what Node loads its modules with: nobody listens.
  }
  return listening;
}

/** Whether anybody wants to hear of a call. */
function isHeard() {
  listeners ??= listen();
  const { channels, debug } = listeners;
  if (debug !== undefined) return true;
  if (channels === undefined) return false;
  for (let i = 0; i < EVENTS.length; i++) if (channels[EVENTS[i]].hasSubscribers) return true;
  return false;
}

/**
 * A call has been submitted, or is over already. Runs code of the program, and sees to it that the call's end is reported. `name` is that
 * of the public function, `isa` the instruction set of its kernels, `engine` what runs its body, if it has one.
 */
function begin(call, name, isa, limit, engine) {
  const { channels, debug } = listeners;
  inFlight++;
  const running = native.poolRunning();
  const pool = { __proto__: null, size: threads, running };
  // A call that is over has run on this thread.
  const used = call.id < 0 ? 0 : limit === 0 ? running : MathMin(limit, running);
  const context = {
    __proto__: null,
    name,
    threads: used,
    pool,
    isa,
    engine,
    inFlight,
    result: undefined,
    error: undefined,
  };
  debug?.(
    '%s on %s%s, %d in flight',
    name,
    placeOf(used, running),
    engine === undefined ? '' : `, ${engine}`,
    inFlight,
  );
  report(call, context);
  channels.start.publish(context);
  channels.end.publish(context);
}

function placeOf(used, running) {
  if (used === 0) return 'this thread';
  const short = running < threads ? ` of ${running}, where there should be ${threads}` : '';
  return `${used} ${used === 1 ? 'thread' : 'threads'}${short}`;
}

function millisecondsSince(began) {
  const [seconds, nanoseconds] = process.hrtime(began);
  return (1e3 * seconds + nanoseconds / 1e6).toFixed(3);
}

/** Has the end of a call reported. What it took is counted from its submission. */
function report(call, context) {
  const { channels, debug } = listeners;
  const { reject, resolve } = call;
  const began = process.hrtime();
  const ended = (how) => {
    inFlight--;
    debug?.(
      '%s %s%s',
      context.name,
      how,
      context.threads === 0 ? '' : ` after ${millisecondsSince(began)} ms`,
    );
    if (context.error !== undefined) channels.error.publish(context);
    channels.asyncStart.publish(context);
    channels.asyncEnd.publish(context);
  };
  call.resolve = (result) => {
    resolve(result);
    context.result = result;
    ended('done');
  };
  call.reject = (error) => {
    reject(error);
    context.error = error;
    ended(`rejected (${error?.code ?? error?.name})`);
  };
}

module.exports = { begin, isHeard };
