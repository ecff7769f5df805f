'use strict';

// Forks a child process, sends it { num }, and prints the sum of 0, 1, ... num - 1 that comes back.
//
//   node examples/fork-and-sum/main.js [num]      num: decimal digits, 0 to 9007199254740991; default 10000

const { fork } = require('node:child_process');
const path = require('node:path');

const num = parse(process.argv.slice(2));
if (num === undefined) {
  console.error(
    `Usage: main.js [num]\nnum is one integer from 0 to ${Number.MAX_SAFE_INTEGER}, in decimal digits.`,
  );
  process.exit(1);
}

const child = fork(path.join(__dirname, 'child.js'));
let answered = false;

child.on('message', (total) => {
  answered = true;
  console.log(`main got message: ${total}`);
});

child.on('exit', (code, signal) => {
  if (answered && code === 0) return;
  console.error(`The child ended without an answer (${signal ?? `exit code ${code}`}).`);
  process.exitCode = 1;
});

child.send({ num });

/** The number in the arguments, or undefined if they are anything but one integer in the range of exact doubles. */
function parse(args) {
  const [text = '10000', ...rest] = args;
  const value = Number(text);
  return rest.length === 0 && /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
