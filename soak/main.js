'use strict';

// Every call there is, mixed at random, for as long as one likes: by this thread and by workers that come and go, with
// aborts, bad input, busy targets, and memory that others write to and grow. Every answer is checked. It ends with a table,
// and with exit code 0 only if nothing was wrong, nothing stood still, and nothing was left behind.
//
//   npm run test:soak -- --minutes 5

const { spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const path = require('node:path');
const { Board, LANES, SEATS } = require('./board.js');
const { BYTES_PER_CALL, Census, NOISE } = require('./census.js');
const { Client, NAMES } = require('./client.js');
const { Population } = require('./population.js');
const { Random } = require('./random.js');
const { USAGE, readOptions } = require('./options.js');
const { mib, report } = require('./report.js');
const racing = require('./racing.js');
const stage = require('./stage.js');
const { startWatchdog } = require('./watchdog.js');

/** Seats for workers; this thread has the first. */
const WORKERS = SEATS - 1;
const WORKER_SEATS = Array.from({ length: Math.min(WORKERS, 3) }, (_, i) => i + 1);

/** However short the run and busy the machine: so many calls of this thread. A leak shows after some more. */
const leastCalls = (broken) => (broken === 'memory' ? 2000 : 300);

/** A run is a number of rounds. After each the workers are called back, and the memory is read. */
const rounds = (seconds) => Math.min(Math.max(Math.round(seconds / 4), 8), 60);

/** So many of what is wrong are shown. */
const SHOWN = 20;

async function soak({ seconds, seed, patience, broken }) {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  console.log(`soak: ${seconds} s, seed ${seed}`);

  const allcores = require('..');
  await allcores.sumRange(10_000);
  const problems = [];
  const complain = (text) => {
    if (problems.push(text) <= SHOWN) process.stderr.write(`wrong: ${text}\n`);
  };

  const random = new Random(seed);
  const shared = racing.build();
  const board = new Board(NAMES);
  const shape = { cells: board.cells, buffers: stage.build(random), shared, broken };
  const client = new Client({ ...shape, allcores, seed: random.bits(), seat: 0 }, complain);
  const population = new Population({ board, random: new Random(random.bits()), shape, complain });

  const census = new Census(() => board.progress());
  const mischief = new Worker(path.join(__dirname, 'mischief.js'), { workerData: { shared, seconds } });
  mischief.on('error', (error) => complain(`the writing thread failed: ${error.stack}`));
  const mischiefOver = new Promise((resolve) => mischief.once('exit', resolve));

  const finish = (left, stalls) => {
    const memory = census.memory();
    if (memory?.leak) {
      complain(
        `memory grows by ${memory.slope.toFixed(1)} bytes per call (limit ${BYTES_PER_CALL}), ` +
          `${mib(memory.growth)} MiB in all (limit ${mib(NOISE)})`,
      );
    }
    for (const what of left) complain(`left behind: ${what}`);
    if (stalls > 0) complain('it came to a stall');
    const rows = board.rows([0.5, 0.99]);
    // The rarest operation is one call in three hundred.
    for (const { name, calls } of rows) {
      if (calls === 0 && board.progress() > 10_000) complain(`${name} was never called`);
    }
    console.log(`\n${report({ rows, population, memory, left, stalls, seconds: elapsed(), seed })}`);
    console.log(problems.length === 0 ? 'soak: all right' : `soak: ${problems.length} problems, see stderr`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  };
  const watchdog = startWatchdog(board, patience, () => {
    finish([], 1);
    process.exit();
  });

  const share = 1 / rounds(seconds);
  for (let end = share; end < 1 + share / 2; end += share) {
    const over = () => elapsed() >= seconds * end && client.count >= leastCalls(broken) * end;
    const lives = population.run(WORKER_SEATS);
    await client.run(LANES, over);
    population.callBack();
    await lives;
    await census.read();
  }
  Atomics.store(shared.control, 1, 1);
  await mischiefOver;
  await watchdog.done();

  const forgotten = client.listeners();
  finish([...(await census.left()), ...(forgotten > 0 ? [`${forgotten} listeners on a signal`] : [])], 0);
  // What a breakage has left would hold the process.
  process.exit();
}

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exit(2);
}
if (process.platform === 'linux' && process.env.MALLOC_ARENA_MAX === undefined) {
  // With an arena of its own for each of hundreds of threads, glibc's malloc grows for a long time, with or without us.
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' };
  process.exitCode =
    spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' }).status ?? 1;
} else {
  soak(options).catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
