'use strict';

// Deno (2.9) can lose the wake-up of a thread-safe function that is called while its event loop goes to sleep; the program
// then sleeps for up to half a minute. Any event wakes the loop, so on Deno a 5 ms no-op timer runs while calls are in
// flight.

const { clearInterval, process, setInterval } = require('./intrinsics');

const MILLISECONDS = 5;

class WakeTimer {
  #calls = 0;
  #timer;

  /** A call has started. */
  begin() {
    this.#calls++;
    if (this.#calls === 1) this.#timer = setInterval(() => {}, MILLISECONDS);
  }

  /** `calls` calls are about to settle. */
  end(calls) {
    this.#calls -= calls;
    if (this.#calls === 0) clearInterval(this.#timer);
  }
}

/** Undefined on other runtimes, and in a context without timers. */
const wakeTimer = process.versions.deno && setInterval ? new WakeTimer() : undefined;

module.exports = { wakeTimer };
