'use strict';

// A thread that sees when nothing moves any more: when no call has been settled for some time, or one call has been
// pending that long. It says what is pending, and ends the process if the main thread does not.

const fs = require('node:fs');
const path = require('node:path');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { Board } = require('./board.js');

/** Looks so many times a second. Time is counted in looks: a machine that stood still for a while is no stall. */
const LOOKS = 5;

/** Starts the thread. `bark(text)` is called on this one. `done()` ends it. */
function startWatchdog(board, patience, bark) {
  const leash = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(path.join(__dirname, 'watchdog.js'), {
    workerData: { names: board.names, cells: board.cells, leash, patience },
  });
  worker.once('message', bark);
  const exit = new Promise((resolve) => worker.once('exit', resolve));
  return {
    done() {
      Atomics.store(leash, 0, 1);
      Atomics.notify(leash, 0);
      return exit;
    },
  };
}

function watch({ names, cells, leash, patience }) {
  const board = new Board(names, cells);
  const limit = patience * LOOKS;
  let seen = new Map();
  let [progress, idle] = [-1, 0];
  const wait = (milliseconds) => Atomics.wait(leash, 0, 0, milliseconds) === 'timed-out';

  while (wait(1000 / LOOKS)) {
    idle = board.progress() === progress ? idle + 1 : 0;
    progress = board.progress();
    const looks = new Map();
    for (const { seat, lane, turn, name } of board.pending()) {
      const key = `seat ${seat}, lane ${lane}: ${name} (call ${turn} of this lane)`;
      looks.set(key, (seen.get(key) ?? -1) + 1);
    }
    seen = looks;
    if (idle < limit && Math.max(...looks.values()) < limit) continue;
    const what = idle < limit ? 'A call was not settled' : 'No call was settled';
    const pending = [...looks].map(([key, count]) => `  ${key}, for ${(count / LOOKS).toFixed(1)} s`);
    const text = `${what} for ${patience} s. Pending:\n${pending.join('\n')}`;
    fs.writeSync(2, `${text}\n`);
    parentPort.postMessage(text);
    if (wait(5000)) {
      fs.writeSync(2, 'The main thread does not react.\n');
      process.kill(process.pid, 'SIGABRT');
    }
    return;
  }
}

if (!isMainThread && workerData?.leash) watch(workerData);

module.exports = { startWatchdog };
