'use strict';

// Calls from the end of the stack, with bodies that nest deeply: what there is no room for is a RangeError, as that of any
// function, and everything else is as always. A crash ends the process, so each runs in a child.

const { describe, test } = require('node:test');
const { runChild } = require('../helpers/child.js');

const nest = (before, after, depth = 55) => [before.repeat(depth), after.repeat(depth)];

/** Texts of bodies, with \`#\` for a number that makes each another one. */
const BODIES = {
  'a small one': '(i) => i + #',
  'a long sum': `(i) => i + #${' + i'.repeat(900)}`,
  conditions: `(i) => ${nest('(i > 1 && (i < 3 || ', '))').join('i')} + #`,
  loops: `(i) => { let s = #; ${nest('for (let k = 0; k < 1; k++) {', '}').join('s++;')} return s; }`,
  'functions in each other': `(i) => { const f0 = (x) => x + #; ${Array.from(
    { length: 55 },
    (_, k) =>
      `const f${k + 1} = (x) => { { { { return x > 1 ? (1 + f${k}(x) + 1 + 1 + 1) : 2; } } } return 1; };`,
  ).join('')} return f55(i); }`,
};

/** Calls with a new body at each of the last levels of the stack, and says how many calls ended in an unexpected way. */
function atTheEnd(root, text, isWorker) {
  const { Worker, isMainThread } = require('node:worker_threads');
  function run() {
    const { sumRange } = require(root);
    const compile = (k) => new Function(`return ${text.replace('#', k)}`)();
    const bodies = Array.from({ length: 300 }, (_, k) => compile(k));
    const calls = [];
    const down = () => {
      try {
        down();
      } catch {
        // The end of the stack.
      }
      if (calls.length === bodies.length) return;
      const body = bodies[calls.length];
      calls.push(undefined);
      calls[calls.length - 1] = sumRange(2, body);
    };
    // With room enough it runs, so that all has been loaded.
    return sumRange(2, compile(1000)).then(() => {
      try {
        down();
      } catch {
        // The end of the stack.
      }
      let wrong = '';
      const handled = calls.map((call) =>
        call?.catch((error) => {
          if (error.name !== 'RangeError') wrong ||= `${error.code}: ${error.message}`;
        }),
      );
      return Promise.all(handled).then(() => wrong);
    });
  }
  // A rejection that the program had no room to be told of.
  process.on('unhandledRejection', () => {});
  if (isWorker && isMainThread) {
    const worker = new Worker(
      `const root = ${JSON.stringify(root)}, text = ${JSON.stringify(text)};
      process.on('unhandledRejection', () => {});
      const { parentPort } = require('node:worker_threads');
      (${run})().then((wrong) => parentPort.postMessage(wrong))`,
      { eval: true },
    );
    worker.once('message', (wrong) => console.log(wrong || 'fine'));
  } else {
    run().then((wrong) => console.log(wrong || 'fine'));
  }
}

for (const isWorker of [false, true]) {
  describe(isWorker ? 'in a worker thread, whose stack ends soon after' : 'in the main thread', () => {
    for (const [name, text] of Object.entries(BODIES)) {
      test(name, () => runChild(atTheEnd, { args: [text, isWorker] }, { stdout: 'fine', stderr: /^/ }));
    }
  });
}
