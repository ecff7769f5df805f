'use strict';

// `options.onProgress` of a run: what it is told, at most some ten times a second, never less than before, and once more when
// the run is done. It is called in the context of the call. What it throws is the program's own, and changes nothing for the run.

const { AsyncResource } = require('node:async_hooks');

const MILLISECONDS = 100;

class Progress {
  #onProgress;
  #context = new AsyncResource('allcores.cluster.onProgress');
  #state;
  #timer;
  #done = -1;

  /** `state()` is `{ done, total, machines, lost, run }`. */
  constructor(onProgress, state) {
    this.#onProgress = onProgress;
    this.#state = state;
  }

  begin() {
    if (this.#onProgress === undefined) return;
    this.#timer = setInterval(() => this.#tick(), MILLISECONDS);
    this.#timer.unref();
  }

  #tick() {
    const state = this.#state();
    if (state.done > this.#done && state.done < state.total) this.#report(state);
  }

  #report(state) {
    this.#done = state.done;
    try {
      this.#context.runInAsyncScope(this.#onProgress, undefined, state);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }

  /** `isDone`: with a result. */
  end(isDone) {
    clearInterval(this.#timer);
    if (!isDone || this.#onProgress === undefined) return;
    const state = this.#state();
    this.#report({ ...state, done: state.total });
  }
}

module.exports = { Progress };
