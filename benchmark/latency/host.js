'use strict';

// The process of one contender whose pool stays warm: node host.js <contender> <threads>. Each line on stdin is the name of a
// measure and its arguments, as JSON; the answer, a line of JSON on stdout, is what `turn` of that measure resolves with.

const readline = require('node:readline');
const { contenders } = require('./contenders');
const { makeMemory } = require('./memory');

const [name, threads] = process.argv.slice(2);
const contender = contenders.find((one) => one.name === name);
const ready = (async () => {
  const pool = await contender.start({ threads: Number(threads) });
  await pool.all();
  return pool;
})();
// The parent is told.
ready.catch(() => {});

let memory;

async function answer(line) {
  const pool = await ready;
  const [measure, ...rest] = line.split(' ');
  const options = JSON.parse(rest.join(' '));
  if (options.bytes !== undefined && memory?.byteLength !== options.bytes) {
    memory = undefined;
    memory = makeMemory(options.bytes);
  }
  return require(`./measures/${measure}`).turn(pool, { ...options, memory });
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  let text;
  try {
    text = JSON.stringify(await answer(line));
  } catch (error) {
    text = `error ${String(error?.stack ?? error).replaceAll('\n', ' ')}`;
  }
  process.stdout.write(`${text}\n`);
});
// The pool may keep the process; its parent has gone.
process.stdin.on('end', () => process.exit());
