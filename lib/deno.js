'use strict';

// Deno (2.9) may lose the wake-up of a thread-safe function that is called while its event loop goes to sleep, whoever calls
// it: a program with nothing else to do then sleeps on, for half a minute. Whatever else happens makes up for it. So there,
// while calls are in flight, something happens every few milliseconds.

const { clearInterval, setInterval } = globalThis;

const MILLISECONDS = 5;

class Alarm {
  #calls = 0;
  #timer;

  /** A call is on its way. */
  begin() {
    this.#calls++;
    if (this.#calls === 1) this.#timer = setInterval(() => {}, MILLISECONDS);
  }

  /** So many calls are about to be settled. */
  end(calls) {
    this.#calls -= calls;
    if (this.#calls === 0) clearInterval(this.#timer);
  }
}

/** Undefined where none is needed, and in a context that has no timers. */
const alarm = process.versions.deno && setInterval ? new Alarm() : undefined;

module.exports = { alarm };
