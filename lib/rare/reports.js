'use strict';

// What those hear who want to know of calls: subscribers of the tracing channel `allcores:call`, and readers of stderr. `listeners` has the
// channels by event, and `debug`, which writes a line, if there is to be one.

const { MathMin, process } = require('../intrinsics');

/** The calls that are reported. */
let inFlight = 0;

/** Tells of a call that has been submitted, or is over already, and sees to it that its end is told too. */
function begin(listeners, call, { name, pool, isa, limit, engine }) {
  const { channels, debug } = listeners;
  inFlight++;
  // A call that is over has run on this thread.
  const used = call.id < 0 ? 0 : limit === 0 ? pool.running : MathMin(limit, pool.running);
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
    placeOf(used, pool),
    engine === undefined ? '' : `, ${engine}`,
    inFlight,
  );
  reportEnd(listeners, call, context);
  channels.start.publish(context);
  channels.end.publish(context);
}

function placeOf(used, { running, size }) {
  if (used === 0) return 'this thread';
  const short = running < size ? ` of ${running}, where there should be ${size}` : '';
  return `${used} ${used === 1 ? 'thread' : 'threads'}${short}`;
}

function millisecondsSince(began) {
  const [seconds, nanoseconds] = process.hrtime(began);
  return (1e3 * seconds + nanoseconds / 1e6).toFixed(3);
}

/** Has the end of a call reported. What it took is counted from its submission. */
function reportEnd({ channels, debug }, call, context) {
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

module.exports = { begin };
