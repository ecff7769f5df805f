'use strict';

// Tells who wants to know of the calls of this environment: subscribers of the tracing channel `allcores:call`, and stderr where
// NODE_DEBUG names allcores. Node's modules for that are not loaded before the first call has been submitted: then other
// threads are at work anyway.

const { MathMin, process } = require('./intrinsics');
const { threads } = require('./threads');
const native = require('./binding');

/** `node:diagnostics_channel`, from the first call on; null in a runtime without it, or where the program has broken what loads it. */
let node;
/** Writes a line, if NODE_DEBUG asks for that. */
let debug;
/** The channels by event, from the first call on that somebody listens to, or the second one: to make them takes longer than to ask for them. */
let channels;
/** Of those that are reported. */
let inFlight = 0;

const nameOf = (event) => `tracing:allcores:call:${event}`;

/** Looks for the first time whether anybody wants to hear of calls. */
function isFirstHeard() {
  node = null;
  try {
    const { channel, hasSubscribers } = require('node:diagnostics_channel');
    const log = require('node:util').debuglog('allcores');
    if (log.enabled) debug = log;
    node = { __proto__: null, channel, hasSubscribers };
    const isHeard = (event) => hasSubscribers(nameOf(event));
    // In the order in which Node's own tracing channels have them.
    return (
      debug !== undefined ||
      isHeard('start') ||
      isHeard('end') ||
      isHeard('asyncStart') ||
      isHeard('asyncEnd') ||
      isHeard('error')
    );
  } catch {
    node = null;
    return false;
  }
}

function makeChannels({ channel }) {
  try {
    channels = {
      start: channel(nameOf('start')),
      end: channel(nameOf('end')),
      asyncStart: channel(nameOf('asyncStart')),
      asyncEnd: channel(nameOf('asyncEnd')),
      error: channel(nameOf('error')),
    };
    return true;
  } catch {
    node = null;
    return false;
  }
}

/** Whether anybody wants to hear of a call. */
function isHeard() {
  if (channels === undefined) {
    if (node === null) return false;
    if (node === undefined && !isFirstHeard()) return false;
    if (!makeChannels(node)) return false;
  }
  return (
    debug !== undefined ||
    channels.start.hasSubscribers ||
    channels.end.hasSubscribers ||
    channels.asyncStart.hasSubscribers ||
    channels.asyncEnd.hasSubscribers ||
    channels.error.hasSubscribers
  );
}

/**
 * A call has been submitted, or is over already. Runs code of the program, and sees to it that the call's end is reported. `name` is that
 * of the public function, `isa` the instruction set of its kernels, `engine` what runs its body, if it has one.
 */
function begin(call, name, isa, limit, engine) {
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
