'use strict';

// One of the hand-written workers.

const { parentPort, workerData } = require('node:worker_threads');
const { ELEMENTS, IDS, plainLoop, share } = require('../../common/elements');

const { memory, control, length, parts, index, threads, SLOT } = workerData;
const views = IDS.map((id) => new ELEMENTS[id].Array(memory));
const partsOf = { bigint: new BigInt64Array(parts), number: new Float64Array(parts) };

parentPort.postMessage('ready');

for (let seen = 0; ; ) {
  Atomics.wait(control, SLOT.call, seen);
  const call = Atomics.load(control, SLOT.call);
  if (call === seen) continue;
  seen = call;
  if (Atomics.load(control, SLOT.stop) === 1) break;

  const element = Atomics.load(control, SLOT.element);
  const [from, to] = share(length[0], index, threads);
  const sum = plainLoop(IDS[element])(views[element], from, to);
  partsOf[typeof sum][index] = sum;
  if (Atomics.add(control, SLOT.done, 1) + 1 === threads) Atomics.notify(control, SLOT.done);
}
