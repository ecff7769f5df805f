'use strict';

// Whether anybody wants to know of the calls of this environment: subscribers of the tracing channel `allcores:call`, and stderr where
// NODE_DEBUG names allcores; lib/rare/ tells them. Node's modules for that are not loaded before the first call has been submitted:
// then other threads are at work anyway.

const { variable } = require('./environment');
const { loadRare } = require('./load-rare');
const { threads } = require('./threads');
const native = require('./binding');

/** `node:diagnostics_channel`, from the first call on; null in a runtime without it, or where the program has broken what loads it. */
let node;
/** Writes a line, if NODE_DEBUG asks for that. */
let debug;
/** The channels by event, from the first call on that somebody listens to, or the second one: to make them takes longer than to ask for them. */
let channels;

function nameOf(event) {
  return `tracing:allcores:call:${event}`;
}

/** Looks for the first time whether anybody wants to hear of calls. */
function isFirstHeard() {
  node = null;
  try {
    const { channel, hasSubscribers } = require('node:diagnostics_channel');
    if (variable('NODE_DEBUG')) debug = debugLog();
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

/** Bun does not say whether it is enabled; otherwise it writes nothing. */
function debugLog() {
  const log = require('node:util').debuglog('allcores');
  return log.enabled === false ? undefined : log;
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
  let rare;
  try {
    rare = loadRare();
  } catch {
    // The call goes on unheard, as where Node's own modules cannot be loaded.
    return;
  }
  const pool = { __proto__: null, size: threads, running: native.poolRunning() };
  rare.begin({ __proto__: null, channels, debug }, call, { __proto__: null, name, pool, isa, limit, engine });
}

module.exports = { begin, isHeard };
