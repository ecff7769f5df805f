'use strict';

// Every kind of wrong argument to every call: always a rejected promise, with the right class, a stable code, and a message that
// names the argument and shows what arrived. Nothing starts, and the target stays as it was.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { types } = require('node:util');
const vm = require('node:vm');
const allcores = require('..');
const { CALLS, WRITING, argumentsOf, having, resolves, start, withArgument } = require('./helpers/calls.js');
const { startLong } = require('./helpers/jobs.js');
const { rejects } = require('./helpers/rejects.js');
const { VIEWS, same } = require('./helpers/views.js');
const { isLong, scale } = require('./helpers/scale.js');
const { WRONG } = require('./helpers/wrong.js');

const { share, sum, sumIntoSharedBuffer, sumRange, threads } = allcores;

WRONG['options.threads'].entries.push({
  what: 'more than there are',
  value: threads + 1,
  code: 'ERR_OUT_OF_RANGE',
  shown: new RegExp(`\\b${threads}\\b[^]*\\b${threads + 1}\\b`),
});

function slots(View = Int32Array, length = 4) {
  return new View(new SharedArrayBuffer(length * View.BYTES_PER_ELEMENT));
}

for (const [param, { says, entries }] of Object.entries(WRONG)) {
  describe(`${param} of every call that has it`, () => {
    for (const { what, value, code, shown, says: more = [] } of entries) {
      test(`rejects with ${code} for ${what}`, async () => {
        for (const row of having(param)) {
          // Without a body, several dimensions are wrong first of all.
          if (param === 'body' && /sumRange\(\[/.test(row.name)) continue;
          // Where a body may stand in the place of the options, a function is one.
          if (param === 'options' && typeof value === 'function' && !row.params.includes('body')) continue;
          const { args, slots } = withArgument(row, param, value);
          const before = slots?.slice();
          const call = () => allcores[row.fn](...args);
          // A body can have no BigInts, on whatever memory.
          const hasBody = row.params.includes('body') || row.params.includes('predicate');
          if ((param === 'view' || param === 'source') && /Big/.test(what) && hasBody) continue;
          await rejects(call, code, ...says, ...more, shown).catch((error) => {
            throw new Error(`${row.name}: ${error.message}`, { cause: error });
          });
          assert.deepEqual(slots, before, `${row.name} has changed its target`);
        }
      });
    }
  });
}

describe('num that may be left out', () => {
  // What stands second and is no object is taken for num, which is what the message says then.
  for (const { what, value, code, shown } of WRONG.num.entries) {
    if (/Date|Number object|object|proxy/.test(what)) continue;
    test(`rejects with ${code} for ${what} as the last argument`, async () => {
      for (const View of [Int32Array, BigInt64Array]) {
        const view = slots(View);
        await rejects(() => sumIntoSharedBuffer(view, value), code, /\b(num|options)\b/, shown);
        assert.ok(view.every((slot) => Number(slot) === 0));
      }
    });
  }
});

test('rejects with ERR_INVALID_ARG_TYPE for no argument at all', async () => {
  await rejects(() => sumRange(), 'ERR_INVALID_ARG_TYPE', /num\b/, /undefined/);
  await rejects(() => sumIntoSharedBuffer(), 'ERR_INVALID_ARG_TYPE', /target\b/, /undefined/);
  await rejects(() => sum(), 'ERR_INVALID_ARG_TYPE', /"view"/, /undefined/);
});

test('the message for a BigInt of thousands of digits stays readable', async () => {
  const error = await rejects(() => sumRange(10n ** 20_000n), 'ERR_OUT_OF_RANGE', /num\b/);
  assert.ok(error.message.length < 30_000);
});

describe('memory that is not shared', () => {
  for (const View of VIEWS) {
    test(`the message shows how to share a ${View.name}, and the program in it works`, async () => {
      const says = [new RegExp(`\\b${View.name} on an ArrayBuffer`), /: share\(view\),/];
      const one = /Big/.test(View.name) ? 1n : 1;
      const view = new View(8).fill(one);
      const error = await rejects(() => sum(view), 'ERR_NOT_SHARED', ...says);
      await rejects(() => sum(view.subarray(1, 3), { threads: 1 }), 'ERR_NOT_SHARED', ...says);
      const [remedy] = error.message.match(/\bshare\(.*?\)/);
      const shared = vm.runInThisContext(`(share, view) => ${remedy}`)(share, view);
      same(await sum(shared), /Big/.test(View.name) ? 8n : 8);
    });
  }

  test('rejects with ERR_NOT_SHARED for views on a resizable ArrayBuffer, out of bounds too', async () => {
    const buffer = new ArrayBuffer(64, { maxByteLength: 128 });
    const views = [new Float64Array(buffer), new Float64Array(buffer, 32, 4), new Uint8Array(buffer, 63)];
    for (const bytes of [64, 8, 0]) {
      buffer.resize(bytes);
      for (const view of views) await rejects(() => sum(view), 'ERR_NOT_SHARED');
    }
  });

  test('rejects with ERR_NOT_SHARED for a detached ArrayBuffer', async () => {
    const view = new Float64Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    assert.equal(view.length, 0);
    await rejects(() => sum(view), 'ERR_NOT_SHARED', /Float64Array/);
    const wasm = new WebAssembly.Memory({ initial: 1 });
    const old = new Int32Array(wasm.buffer);
    await rejects(() => sum(old), 'ERR_NOT_SHARED', /Int32Array/);
    wasm.grow(1);
    await rejects(() => sum(old), 'ERR_NOT_SHARED', /Int32Array/);
  });

  test('a wrong type on memory that is not shared is one or the other', async () => {
    for (const View of VIEWS.filter((View) => View !== Int32Array && View !== BigInt64Array)) {
      const plain = new View(new ArrayBuffer(64));
      await rejects(() => sumIntoSharedBuffer(plain, 10), ['ERR_INVALID_ARG_TYPE', 'ERR_NOT_SHARED']);
    }
  });
});

describe('every call', () => {
  test('returns a native promise of its own', async () => {
    for (const row of CALLS) {
      const made = [row.make('small'), row.make('small')];
      const promises = made.map((one) => start(allcores, row, one));
      assert.notEqual(promises[0], promises[1]);
      for (const promise of promises)
        assert.ok(types.isPromise(promise) && promise.constructor === Promise, row.name);
      for (const [i, promise] of promises.entries()) await resolves(row, made[i], promise);
    }
  });

  test('takes undefined, empty and inherited options, ones it does not know, and more arguments', async () => {
    const bare = Object.assign(Object.create(null), { threads: 1 });
    const inherited = Object.create({ threads: 1, signal: new AbortController().signal });
    const nothing = { signal: undefined, threads: undefined };
    for (const row of CALLS) {
      // In the place of num an object must be certain to be options.
      const isCertain = `${row.params}` !== 'target,options';
      const odd = isCertain ? [inherited, { somethingElse: 1 }] : [];
      for (const options of [undefined, {}, bare, nothing, ...odd]) {
        const made = row.make('small');
        await resolves(row, made, start(allcores, row, made, options));
      }
      const made = row.make('small');
      const rest = `${row.params}` === 'target,options' ? [undefined, {}, 5] : [{}, 5];
      await resolves(row, made, allcores[row.fn](...argumentsOf(made, rest[0]), ...rest.slice(1)));
    }
  });

  test('needs no particular `this`', async () => {
    for (const row of CALLS) {
      for (const that of [undefined, null, { threads: 0 }, Object.freeze({})]) {
        const made = row.make('small');
        await resolves(row, made, Reflect.apply(allcores[row.fn], that, argumentsOf(made)));
      }
    }
  });

  test('gives the same result for every number of threads', async () => {
    // A call that lasts is cut up from two threads on.
    const lasting = isLong ? [1, 2] : [Math.min(2, threads)];
    for (const row of CALLS) {
      for (let count = 1; count <= threads; count++) {
        for (const size of row.sizes.filter((size) => size !== 'long' || lasting.includes(count))) {
          const made = row.make(size);
          await resolves(row, made, start(allcores, row, made, { threads: count }));
        }
      }
    }
  });
});

test('a thousand refused calls leave nothing in flight, and the next ones are right', async () => {
  const refused = [];
  while (refused.length < scale(1000, 5000)) {
    for (const row of CALLS) {
      const made = row.make('small');
      refused.push(start(allcores, row, made, { threads: -1 }));
      refused.push(allcores[row.fn](Symbol('no argument of any call')));
    }
  }
  for (const { status, reason } of await Promise.allSettled(refused)) {
    assert.equal(status, 'rejected');
    assert.match(reason.code, /^ERR_(INVALID_ARG_TYPE|OUT_OF_RANGE)$/);
  }
  for (const row of CALLS) {
    const made = row.make('small');
    await resolves(row, made, start(allcores, row, made));
  }
});

test('the stack begins with class and message, and says who called', async () => {
  // No `return sumRange(-1)`: in Bun, a call in tail position leaves no trace of its function.
  let refused;
  const callers = [
    function ofIndex() {
      refused = sumRange(-1);
    },
    function ofNative() {
      refused = sum(new Float64Array(8));
    },
    function ofNativeWithSignal() {
      refused = sum(new Float64Array(8), { signal: new AbortController().signal });
    },
    function ofCompiler() {
      refused = sumRange(8, () => 'text');
    },
    function ofCheck() {
      refused = sumRange(8, (i) => i * threads, { data: { threads: 0.5 } });
    },
  ];
  for (const caller of callers) {
    caller();
    const codes = ['ERR_OUT_OF_RANGE', 'ERR_NOT_SHARED', 'ERR_UNSUPPORTED', 'ERR_DIFFERS'];
    const { message, name, stack } = await rejects(() => refused, codes);
    assert.ok(stack.startsWith(`${name}: ${message}\n`), stack);
    assert.match(stack, new RegExp(`at ${caller.name} \\(`));
  }
});

test('nothing that is refused touches the target, or keeps it busy', async () => {
  const signal = AbortSignal.abort();
  for (const row of WRITING) {
    for (const options of [null, 'x', { threads: 0 }, { signal: {} }, { signal }]) {
      if (!row.params.includes('num') && (options === null || options === 'x')) continue;
      const made = row.make('small');
      const before = made.slots.slice();
      await assert.rejects(start(allcores, row, made, options));
      assert.deepEqual(made.slots, before, row.name);
      await resolves(row, made, start(allcores, row, made));
    }
  }
});

describe('the order of the checks', () => {
  const signal = AbortSignal.abort();
  const view = () => slots().fill(100);

  test('arguments come before an aborted signal', async () => {
    await rejects(() => sumRange('5', { signal }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumRange(-5, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumRange(5, { signal, threads: 0 }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer({}, 5, { signal }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sumIntoSharedBuffer(view(), 1.5, { signal }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sumIntoSharedBuffer(new SharedArrayBuffer(4), 1, { signal }), 'ERR_OUT_OF_RANGE');
  });

  test('an aborted signal comes before what only the memory can tell', async () => {
    await rejects(() => sumIntoSharedBuffer(slots(Int32Array, 2), 10 ** 9, { signal }), 'ABORT_ERR');
    await rejects(() => sumIntoSharedBuffer(view().fill(-1), { signal }), 'ABORT_ERR');
    await rejects(
      () => sumIntoSharedBuffer(new Int32Array(4), 10, { signal }),
      ['ABORT_ERR', 'ERR_NOT_SHARED'],
    );
    const { call, part, total } = startLong(sumIntoSharedBuffer);
    await rejects(() => sumIntoSharedBuffer(part, 10, { signal }), 'ABORT_ERR');
    assert.equal(await call, total);
  });

  test('a sum that does not fit comes before a busy target', async () => {
    const { call, part, total } = startLong(sumIntoSharedBuffer);
    await rejects(() => sumIntoSharedBuffer(part, 10 ** 9), 'ERR_OUT_OF_RANGE', /slot 0/);
    await rejects(() => sumIntoSharedBuffer(part, 11), 'ERR_BUFFER_BUSY');
    assert.equal(await call, total);
  });

  test('what the view is comes before the options, and both before an aborted signal', async () => {
    const ones = () => new Float64Array(new SharedArrayBuffer(64)).fill(1);
    await rejects(() => sum([1], null), 'ERR_INVALID_ARG_TYPE', /"view"/);
    await rejects(() => sum([1], { signal }), 'ERR_INVALID_ARG_TYPE', /"view"/);
    await rejects(() => sum(ones(), { signal, threads: 0 }), 'ERR_OUT_OF_RANGE');
    await rejects(() => sum(ones(), { signal, threads: '1' }), 'ERR_INVALID_ARG_TYPE');
    await rejects(() => sum(ones(), { signal }), 'ABORT_ERR');
    await rejects(() => sum(new Float64Array(8), { signal }), ['ABORT_ERR', 'ERR_NOT_SHARED']);
    await rejects(() => sum(new Float64Array(8), { threads: 0 }), ['ERR_OUT_OF_RANGE', 'ERR_NOT_SHARED']);
    await rejects(() => sum(new Float64Array(new SharedArrayBuffer(0)), { threads: 0 }), 'ERR_OUT_OF_RANGE');
  });
});
