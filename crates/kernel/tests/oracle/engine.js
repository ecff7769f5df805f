// The interpreters of the crate, by the example `run` as a server: cargo build --release -p allcores-kernel --example run

const { spawn } = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');
const { random } = require('../../../../lib/bodies/philox.js');

const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '../../../../target');
const program = process.env.ORACLE_RUN ?? path.join(target, 'release/examples/run');

/** A double as JSON that Rust reads: JSON has no -0 to write, no infinities and no NaN. */
function text(x) {
  if (Number.isFinite(x) && !Object.is(x, -0)) return x;
  return Object.is(x, -0) ? '-0' : `${x}`.replace('Infinity', 'inf');
}

function number(value) {
  return typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : value;
}

const elementOf = (array) => array.constructor.name.replace('Array', '').toLowerCase();

/** What the example wants to know of a value of `data`. */
function entry(value) {
  if (typeof value === 'number') return { number: text(value) };
  if (typeof value === 'boolean') return { boolean: value };
  if (value === random) return { function: 'function random() { [native code] }' };
  if (typeof value === 'function') return { function: value.toString() };
  if (Array.isArray(value)) {
    const dimensions = [];
    for (let at = value; Array.isArray(at); at = at[0]) dimensions.push(at.length);
    return { table: value.flat(Number.POSITIVE_INFINITY).map(text), dimensions };
  }
  if (ArrayBuffer.isView(value)) {
    if (value instanceof BigInt64Array || value instanceof BigUint64Array) return { other: 'a BigInt array' };
    const shared = value.buffer instanceof SharedArrayBuffer;
    return { array: Array.from(value, text), element: elementOf(value), shared };
  }
  return { object: Object.fromEntries(Object.entries(value).map(([name, item]) => [name, entry(item)])) };
}

class Engine {
  #child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  #lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();

  constructor() {
    // A crash is seen by the missing answer.
    this.#child.stdin.on('error', () => {});
  }

  /** The answer to a request; `undefined` if the program has ended. */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  end() {
    this.#child.stdin.end();
  }
}

module.exports = { Engine, elementOf, entry, number, text };
