'use strict';

// A hand-written worker that sleeps until Atomics.notify wakes it.

const { workerData } = require('node:worker_threads');
const task = require('./task');

const { control, SLOT } = workerData;

for (let seen = 0; ; ) {
  Atomics.wait(control, SLOT.request, seen);
  const request = Atomics.load(control, SLOT.request);
  if (request === seen) continue;
  seen = request;
  Atomics.store(control, SLOT.value, task(Atomics.load(control, SLOT.value)));
  Atomics.store(control, SLOT.answer, request);
  Atomics.notify(control, SLOT.answer);
}
