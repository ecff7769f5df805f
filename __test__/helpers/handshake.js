'use strict';

// Handshakes between threads, so that no test has to sleep and hope. Every wait has an end: a handshake that does not
// come is an error that says which one, never a hang.

/** An emulated processor takes longer. */
const LIMIT = Number(process.env.ALLCORES_TEST_LIMIT || 20_000);

/** Spins on this thread, without a turn of its event loop, until `ready()` is true. */
function spinUntil(ready, what = 'the condition', limit = LIMIT) {
  const end = performance.now() + limit;
  while (!ready()) {
    if (performance.now() > end) throw new Error(`waited ${limit} ms for ${what}`);
  }
}

/**
 * For a test that aims at a race: a function that says whether there is time for another attempt. On a busy machine most of
 * them may fail, so it is time that limits them, and no count: half of what a child process may take.
 */
function patience(milliseconds = Number(process.env.ALLCORES_TEST_LIMIT || 60_000) / 2) {
  const end = performance.now() + milliseconds;
  return () => performance.now() < end;
}

/** Keeps this thread busy, without a turn of its event loop. Only for "this must not change" and "let it fall asleep". */
function spin(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** A row of flags in shared memory that one thread raises and another waits for. Post `gates.cells`, wrap it again. */
class Gates {
  constructor(cells = new Int32Array(new SharedArrayBuffer(16 * 4))) {
    this.cells = cells;
  }

  raise(gate, value = 1) {
    Atomics.store(this.cells, gate, value);
    Atomics.notify(this.cells, gate);
  }

  value(gate) {
    return Atomics.load(this.cells, gate);
  }

  /** Blocks this thread until the gate is raised, and returns its value. */
  wait(gate, limit = LIMIT) {
    if (Atomics.wait(this.cells, gate, 0, limit) === 'timed-out') {
      throw new Error(`waited ${limit} ms for gate ${gate}`);
    }
    return this.value(gate);
  }

  /** The same, while the event loop of this thread goes on turning. */
  async until(gate, limit = LIMIT) {
    const end = performance.now() + limit;
    while (this.value(gate) === 0) {
      if (performance.now() > end) throw new Error(`waited ${limit} ms for gate ${gate}`);
      await new Promise(setImmediate);
    }
    return this.value(gate);
  }
}

/** `promise`, or an error when it is not settled in time. */
function within(promise, what = 'the promise', limit = LIMIT) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit} ms for ${what}`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

module.exports = { Gates, patience, spin, spinUntil, within };
