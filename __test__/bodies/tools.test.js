'use strict';

// Loops as people run them in workers, as real tools rewrite them: each must have the bits that this JavaScript engine makes of the
// loop as it was written. crates/kernel/tests/oracle/snapshots.js made the texts.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { forRange, sum, sumRange } = require('../../index.js');
const { isNode, orSkip } = require('../helpers/engine-bits.js');
const { rejects } = require('../helpers/rejects.js');

const DATA = path.join(__dirname, '..', '..', 'crates', 'kernel', 'tests', 'data');
const bodies = require(path.join(DATA, 'bodies.cjs'));

/** What a body may not use, and what the message must say. */
const REFUSED = {
  'busy loop with random numbers': /random\(seed, i\)/,
  'happy numbers, bigint': /BigInt/,
  'fibonacci, recursive': /calls itself/,
};

/** The same for what a tool makes of a loop over the elements of an array. */
const REFUSED_AFTER = {
  'babel ie11': { 'kernel density': /babel.*compile for a newer target/ },
  'tsc es5': { 'kernel density': /no `try`/ },
};

/** name of the tool -> name of the function -> its text after the tool */
const texts = new Map();
for (const entry of fs.readFileSync(path.join(DATA, 'snapshots.txt'), 'utf8').split(/^=== /m).slice(1)) {
  const [, tool, name, text] = /^\w+ ([^:\n]+): (.*)\n([\s\S]*)$/.exec(entry);
  if (!texts.has(tool)) texts.set(tool, new Map());
  texts.get(tool).set(name, text);
}

/** Counters of coverage tools, which count nothing here. */
const counters = new Proxy(() => counters, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : counters),
  set: () => true,
});

/** What tools put beside the functions that they rewrite. */
const HELPERS = {
  __name: (f) => f,
  __pow: Math.pow,
  __read: (list) => list,
  __spreadArray: (to, from) => [...to, ...from],
  _slicedToArray: (list) => list,
};

/** The function of this text, in whose surroundings the captured values are. */
function functionOf(text, captures) {
  const isMethod = !/^(async\b|function\b|\(|[\w$]+\s*=>)/.test(text);
  const counter = /\bcov_\w+/.exec(text)?.[0];
  const scope = { ...HELPERS, ...captures };
  const names = Object.keys(scope);
  const expression = isMethod ? `Object.values({ ${text} })[0]` : `(${text})`;
  const make = new Function(...names, ...(counter ? [counter] : []), `return ${expression}`);
  return make(...Object.values(scope), counters);
}

/** The captured values of a body, helpers as this tool leaves them. */
function capturesOf({ name, captures = {} }, tool) {
  const result = {};
  for (const [key, value] of Object.entries(captures)) {
    const text = typeof value === 'function' ? texts.get(tool).get(`${name}: ${key}`) : undefined;
    result[key] = text === undefined ? value : functionOf(text, result);
  }
  return result;
}

const views = (data) => Object.entries(data).filter(([, value]) => ArrayBuffer.isView(value));

// As it is written: programs.test.js.
texts.delete('plain');

for (const tool of texts.keys()) {
  test(`${tool}: bodies have the bits of the loops that they were`, async (t) => {
    let ran = 0;
    for (const entry of bodies) {
      const { name, body: original, kind, make, n, racy } = entry;
      const text = texts.get(tool).get(name);
      if (text === undefined) continue;
      await t.test(name, async (t) => {
        const captures = capturesOf(entry, tool);
        const body = functionOf(text, captures);
        const data = make();
        const options = { data: { ...data, ...captures } };
        const call = () => (kind === 'for' ? forRange(n, body, options) : sumRange(n, body, options));
        const reason = REFUSED[name] ?? REFUSED_AFTER[tool]?.[name];
        if (reason !== undefined) {
          await rejects(call, 'ERR_UNSUPPORTED', reason);
          return;
        }
        const expected = make();
        const terms = new Float64Array(new SharedArrayBuffer(8 * n));
        for (let i = 0; i < n; i++) terms[i] = Number(original(i, expected));
        const results = await orSkip(t, async () => [await call()]);
        if (results === undefined) return;
        const [result] = results;
        ran++;
        if (kind !== 'for')
          assert.ok(Object.is(result, await sum(terms)), `${result}, not ${await sum(terms)}`);
        if (racy) return;
        for (const [key, view] of views(expected)) {
          for (let k = 0; k < view.length; k++) {
            assert.ok(Object.is(data[key][k], view[k]), `${key}[${k}] is ${data[key][k]}, not ${view[k]}`);
          }
        }
      });
    }
    assert.ok(ran >= (isNode ? 37 : 30), `${ran} bodies ran`);
  });
}
