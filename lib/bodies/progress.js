'use strict';

// `options.onProgress`: how far a call has come, some ten times a second while the event loop turns, and once more when it
// is done.
//
// One timer asks for all calls. It keeps no process alive: calls in flight do. The function runs in the context in which the
// call was made. What it throws is the program's own, as what a listener of an event throws, and changes nothing for the
// call.

const { Set, SetAdd, SetDelete, SetForEach, SetSize, clearInterval, setInterval, uncurryThis } =
  require('../intrinsics');
const native = require('../binding');

const MILLISECONDS = 100;

let AsyncResource;
let runInAsyncScope;

function loadAsyncResource() {
  if (AsyncResource !== undefined) return;
  AsyncResource = require('node:async_hooks').AsyncResource;
  runInAsyncScope = uncurryThis(AsyncResource.prototype.runInAsyncScope);
}

/** The calls in flight that report. */
const running = new Set();
let timer;

class Progress {
  onProgress;
  total;
  context;
  last = 0;
  port = undefined;
  id = undefined;

  constructor(onProgress, total) {
    loadAsyncResource();
    this.onProgress = onProgress;
    this.total = total;
    this.context = new AsyncResource('allcores.onProgress');
  }

  /** The call has started. */
  begin(port, id) {
    this.port = port;
    this.id = id;
    SetAdd(running, this);
    if (timer !== undefined || setInterval === undefined) return;
    timer = setInterval(tick, MILLISECONDS);
    // In some environments a timer is a number.
    timer.unref?.();
  }

  /** The end of the call is for `end` to tell. */
  ask() {
    const done = native.progress(this.port, this.id);
    if (done > this.last && done < this.total) this.report(done);
  }

  /** The call is about to be settled; `isDone`: with a result. */
  end(isDone) {
    SetDelete(running, this);
    if (SetSize(running) === 0) {
      clearInterval?.(timer);
      timer = undefined;
    }
    if (isDone) this.report(this.total);
  }

  report(done) {
    this.last = done;
    runInAsyncScope(this.context, this.onProgress, undefined, { done, total: this.total });
  }
}

function tick() {
  let failure;
  SetForEach(running, (progress) => {
    try {
      progress.ask();
    } catch (error) {
      failure ??= { __proto__: null, error };
    }
  });
  if (failure !== undefined) throw failure.error;
}

module.exports = { Progress };
