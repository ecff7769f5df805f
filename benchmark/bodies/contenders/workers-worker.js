'use strict';

// One of the hand-written workers.

const { parentPort, workerData } = require('node:worker_threads');
const { share } = require('../../common/elements');
const { workloads } = require('../kernels');

const { memory, quick, control, parts, index, SLOT } = workerData;
const tasks = workloads({ quick }).map(({ kernel, count }) => {
  return { loop: kernel.loop, length: [count].flat()[0], data: kernel.data(memory, count) };
});

parentPort.postMessage('ready');

const slot = SLOT.call + index;
for (let seen = 0; ; ) {
  Atomics.wait(control, slot, seen);
  const call = Atomics.load(control, slot);
  if (call === seen) continue;
  seen = call;
  if (Atomics.load(control, SLOT.stop) === 1) break;

  const threads = Atomics.load(control, SLOT.threads);
  const { loop, length, data } = tasks[Atomics.load(control, SLOT.workload)];
  const [from, to] = share(length, index, threads);
  parts[index] = loop(from, to, data);
  if (Atomics.add(control, SLOT.done, 1) + 1 === threads) Atomics.notify(control, SLOT.done);
}
