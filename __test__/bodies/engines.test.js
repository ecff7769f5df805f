'use strict';

// The two engines that run bodies, machine code and the block interpreter: which one runs what, by `explain` and by environment
// variables, and that both have the bits of this engine.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { describe, test } = require('node:test');
const { assertEnd, runChild, startChild, startNode } = require('../helpers/child.js');
const { isNode } = require('../helpers/engine-bits.js');
const { isas, listed } = require('../helpers/isas.js');
const { isLong, scale } = require('../helpers/scale.js');

/** Why no machine code is made here; false if some is. */
function noCode() {
  if (process.arch === 'arm64') return isas.find(({ name }) => name === 'neon').skip;
  if (process.arch !== 'x64') return `there is no machine code for ${process.arch}`;
  const { skip } = isas.find(({ name }) => name === 'avx2');
  if (skip) return skip;
  return listed('avx2', ['fma']) === false ? 'this processor has no FMA' : false;
}

const withoutCode = noCode();
const code = { skip: withoutCode };
const codeForOne = {
  skip:
    withoutCode || (process.arch === 'x64' ? false : 'there is code for one index at a time on x64 alone'),
};

/** The instruction sets that machine code can be made for here, the widest first. */
const machines = ['avx512', 'avx2', 'neon'].filter(
  (name) =>
    !withoutCode &&
    !isas.find((isa) => isa.name === name).skip &&
    (name !== 'avx512' || listed(name, ['fma', 'avx512vl']) !== false),
);

/** What the program that runs the tests asks for, is not asked of the children. */
const plain = { ALLCORES_ENGINE: undefined, ALLCORES_ISA: undefined, ALLCORES_PERF: undefined };

/** Prints what `explain` says of one body. */
function printEngine(root, source, arrays) {
  const { explain } = require(root);
  const data = {};
  for (const [name, type] of arrays) {
    const Type = globalThis[type];
    data[name] = new Type(new SharedArrayBuffer(8 * Type.BYTES_PER_ELEMENT));
  }
  const body = new Function(`return ${source}`)();
  const { engine, isa, bytes, block, refusals, text } = explain(body, { data });
  console.log(JSON.stringify({ engine, isa, bytes, block, refusals, text }));
}

async function explained(source, arrays = [], env = {}) {
  const options = { args: [source, arrays], env: { ...plain, ...env } };
  const answer = JSON.parse((await runChild(printEngine, options)).stdout);
  assert.deepEqual(answer.refusals, []);
  assert.ok(answer.block > 0);
  return answer;
}

function isInterpreted({ engine, isa, bytes, text }, why) {
  assert.deepEqual([engine, bytes], ['block interpreter', 0]);
  assert.match(isa, /^(avx512|avx2|neon|portable)$/);
  assert.match(text, why);
}

describe('explain says which engine runs a body', () => {
  test('machine code, for the widest instruction set or the one that ALLCORES_ISA names', code, async () => {
    for (const asked of [undefined, ...machines]) {
      const env = { ALLCORES_ISA: asked };
      const { engine, isa, bytes, text } = await explained(
        '(i, { a }) => Math.sqrt(a[i]) % 7',
        [['a', 'Float64Array']],
        env,
      );
      assert.deepEqual([engine, isa], ['machine code', asked ?? machines[0]]);
      assert.ok(Number.isInteger(bytes) && bytes > 0, `${bytes}`);
      const lanes = { avx512: '(8|16|32)', avx2: '(4|8|16)', neon: '(2|4|8)' }[isa];
      const line = `^engine {2}machine code for ${isa}, ${bytes} bytes, ${lanes} indices at a time$`;
      assert.match(text, new RegExp(line, 'm'));
    }
  });

  test('none if ALLCORES_ISA asks for the portable one', code, async () => {
    const answer = await explained('(i) => i * 2', [], { ALLCORES_ISA: 'portable' });
    isInterpreted(answer, /^engine {2}block interpreter: ALLCORES_ISA asks for it$/m);
    assert.equal(answer.isa, 'portable');
  });

  test('machine code, with a small array of its own', code, async () => {
    const body = '(i) => { const a = [i, 1, 2]; a[i % 3] = 5; return a[0]; }';
    assert.equal((await explained(body)).engine, 'machine code');
  });

  test('machine code for one index at a time, with a lock', codeForOne, async () => {
    const body =
      '(i, { a }) => { while (Atomics.compareExchange(a, 0, 0, 1) !== 0); a[1]++; Atomics.store(a, 0, 0); return 0; }';
    const { engine, text } = await explained(body, [['a', 'Int32Array']]);
    assert.equal(engine, 'machine code');
    assert.match(text, /^engine {2}machine code, \d+ bytes, one index at a time$/m);
  });

  test('machine code of both kinds, where one index at a time may be faster', codeForOne, async () => {
    const { bytes, text } = await explained('(i) => { let s = 0; while (s < i) s += 3; return s; }');
    const [, several] = /^engine {2}machine code for \w+, (\d+) bytes, \d+ indices at a time$/m.exec(text);
    const [, one] = /^ {8}and (\d+) bytes for one index at a time: /m.exec(text);
    assert.equal(bytes, Number(several) + Number(one));
  });

  test('none for this processor', { skip: withoutCode ? false : 'there is machine code here' }, async () => {
    isInterpreted(await explained('(i) => i * 2'), /^engine {2}block interpreter: there is no/m);
  });

  for (const [what, source, arrays, why] of [
    [
      'a large array of its own',
      '(i) => { const a = new Float64Array(2000); a[i % 3] = 5; return a[0]; }',
      [],
      /large arrays of its own/,
    ],
    ['numbers of half precision', '(i) => Math.f16round(i)', [], /half precision/],
    ['elements of half precision', '(i, { a }) => a[i]', [['a', 'Float16Array']], /half precision/],
  ]) {
    const isThere = !/f16|Float16/.test(source + arrays) || globalThis.Float16Array !== undefined;
    const skip = withoutCode || (isThere ? false : 'this engine has no half precision');
    test(`the interpreter, and why: ${what}`, { skip }, async () => {
      isInterpreted(
        await explained(source, arrays),
        new RegExp(`^engine {2}block interpreter: .*${why.source}`, 'm'),
      );
    });
  }
});

describe('ALLCORES_ENGINE', () => {
  test('interpreter: all bodies are interpreted', async () => {
    const why = withoutCode
      ? /^engine {2}block interpreter: /
      : /block interpreter: ALLCORES_ENGINE asks for it$/;
    isInterpreted(
      await explained('(i) => i * 2', [], { ALLCORES_ENGINE: 'interpreter' }),
      new RegExp(why.source, 'm'),
    );
  });

  test('code, or nothing: machine code', code, async () => {
    for (const value of ['code', '']) {
      const { engine } = await explained('(i) => i * 2', [], { ALLCORES_ENGINE: value });
      assert.equal(engine, 'machine code', value);
    }
  });

  for (const [name, value] of [
    ['ALLCORES_ENGINE', 'jit'],
    ['ALLCORES_ENGINE', 'Interpreter'],
    ['ALLCORES_PERF', 'yes'],
  ]) {
    test(`${name}=${value} is ERR_OUT_OF_RANGE for each call with a body, and for no other`, async () => {
      const program = async (root, name) => {
        const assert = require('node:assert/strict');
        const { explain, forRange, random, sumRange } = require(root);
        const isIt = (error) =>
          error.code === 'ERR_OUT_OF_RANGE' &&
          error instanceof RangeError &&
          error.message.includes(`"${name}"`);
        for (let round = 0; round < 2; round++) {
          await assert.rejects(
            sumRange(10, (i) => i),
            isIt,
          );
          await assert.rejects(
            forRange(10, () => {}),
            isIt,
          );
          assert.throws(() => explain((i) => i), isIt);
          assert.throws(() => random(1, 2), isIt);
        }
        assert.equal(await sumRange(10), 45);
      };
      await runChild(program, { args: [name], env: { ...plain, [name]: value } });
    });
  }
});

describe('ALLCORES_PERF', () => {
  const skip = withoutCode || (process.platform !== 'linux' ? 'perf is a tool of Linux' : false);

  /** Runs a body twice, and prints what is in the file that perf reads. */
  async function printMap(root) {
    const { existsSync, readFileSync, rmSync } = require('node:fs');
    const { sumRange } = require(root);
    const file = `/tmp/perf-${process.pid}.map`;
    // An earlier process of the same number may have left one.
    rmSync(file, { force: true });
    const body = (i) => {
      return (i * 2.5) / 3 + Math.floor(i / 7) * 11 - (i % 13) + Math.abs(100 - i);
    };
    for (let round = 0; round < 2; round++) await sumRange(100_000, body);
    console.log(
      JSON.stringify({ source: `${body}`, map: existsSync(file) ? readFileSync(file, 'utf8') : '' }),
    );
    rmSync(file, { force: true });
  }

  test('1: perf is told of each piece of code once, by the first 60 characters of its source', {
    skip,
  }, async () => {
    const env = { ...plain, ALLCORES_PERF: '1' };
    const { source, map } = JSON.parse((await runChild(printMap, { env })).stdout);
    const lines = map.split('\n').filter((line) => line.includes('allcores:'));
    assert.equal(lines.length, 1, map);
    const [, start, len, name] = /^([0-9a-f]+) ([0-9a-f]+) allcores:(.*)$/.exec(lines[0]);
    assert.equal(Number.parseInt(start, 16) % 4096, 0);
    assert.ok(Number.parseInt(len, 16) > 0);
    assert.equal(name, source.slice(0, 60).replaceAll('\n', ' '));
  });

  for (const value of [undefined, '', '0']) {
    test(`${value}: it is told nothing`, { skip }, async () => {
      const env = { ...plain, ALLCORES_PERF: value };
      assert.equal(JSON.parse((await runChild(printMap, { env })).stdout).map, '');
    });
  }
});

// --- the tests of bodies once more, on the other engine ---

/** Those that compare with this engine, or that bodies are stopped, checked and watched. */
const FILES = [
  ...[
    'check',
    'check-calls',
    'check-races',
    'check-stores',
    'literals',
    'locks',
    'math',
    'names',
    'programs',
  ],
  ...['progress', 'random', '../math/many'],
];

const isInterpreter = process.env.ALLCORES_ENGINE === 'interpreter';
const others = [
  { ALLCORES_ENGINE: isInterpreter ? 'code' : 'interpreter' },
  // On code that is narrower than what the tests themselves run on.
  ...machines.slice(1).map((name) => ({ ALLCORES_ENGINE: 'code', ALLCORES_ISA: name })),
];

/** Other runtimes run no file of tests by itself; whether a body has the right bits does not depend on them. */
const cannot = (engine) =>
  isNode ? engine === 'code' && withoutCode : 'only Node.js runs a file of tests as a program';

for (const other of others) {
  const title = Object.entries(other).map(([name, value]) => `${name}=${value}`);
  describe(`the tests of bodies by ${title.join(', ')}`, { skip: cannot(other.ALLCORES_ENGINE) }, () =>
    testFiles(other),
  );
}

function testFiles(other) {
  for (const name of FILES) {
    test(name, async () => {
      const env = {
        ...other,
        ALLCORES_TEST_PAIRS: process.env.ALLCORES_TEST_PAIRS ?? String(scale(200_000, 1_200_000)),
        ALLCORES_TEST_MATH: process.env.ALLCORES_TEST_MATH ?? String(scale(200_000, 1_000_000)),
        ALLCORES_TEST_LONG: isLong ? '1' : undefined,
        // What the runner of these tests tells its own children.
        NODE_TEST_CONTEXT: undefined,
      };
      const limit = 2 ** 31 - 1;
      const file = path.join(__dirname, `${name}.test.js`);
      assertEnd(await startNode([file], { env, limit }).done, { stderr: /^/ });
    });
  }
}

describe('a debugger', () => {
  function whyNot() {
    if (withoutCode) return withoutCode;
    if (process.platform !== 'linux' || process.arch !== 'x64') return 'gdb is asked on Linux, on x64';
    return spawnSync('gdb', ['--version']).status === 0 ? false : 'gdb is not installed';
  }

  /** Sums on one thread, and stops this process by a signal meanwhile. */
  function stopWithin(root) {
    const { readFileSync, rmSync } = require('node:fs');
    const { sumRange } = require(root);
    const body = (i) => {
      let s = i;
      for (let k = 0; k < 100_000; k++) s = s * 0.5 + 1;
      return s;
    };
    const map = `/tmp/perf-${process.pid}.map`;
    setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 300);
    sumRange(40_000, body, { threads: 1 }).then((sum) => {
      // There is code of several kinds, each in a line that begins with its address and its length.
      const lines = readFileSync(map, 'utf8').trim().split('\n');
      const code = lines.map((line) => `code ${line.split(' ', 2).join(' ')}`);
      console.log(['', `sum ${sum}`, ...code].join('\n'));
      rmSync(map, { force: true });
    });
  }

  test('stops within code, finds the caller on top of the stack, and goes on', {
    skip: whyNot(),
  }, async () => {
    const commands = [
      'set pagination off',
      'set debuginfod enabled off',
      'handle SIGUSR2 stop nopass',
      'run',
      'thread apply all -q printf "\\nat %#lx from %#lx\\n", $pc, *(unsigned long *) $rsp',
      'info proc mappings',
      'continue',
    ];
    const wrap = ['gdb', '-nx', '-batch', ...commands.flatMap((command) => ['-ex', command]), '--args'];
    const { done } = startChild(stopWithin, { wrap, env: { ...plain, ALLCORES_PERF: '1' } });
    const { stdout, stderr } = await done;
    const all = stdout + stderr;
    const code = [...stdout.matchAll(/^code ([\da-f]+) ([\da-f]+)$/gm)].map(([, start, length]) => ({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${start}`) + BigInt(`0x${length}`),
    }));
    const isCode = (at) => code.some(({ start, end }) => start <= BigInt(at) && BigInt(at) < end);
    const callers = [...stdout.matchAll(/^at (0x[\da-f]+) from (0x[\da-f]+)$/gm)]
      .filter(([, at]) => isCode(at))
      .map(([, , from]) => BigInt(from));
    assert.equal(callers.length, 1, all);
    const addon = stdout
      .split('\n')
      .filter((line) => /allcores\.[\w.-]+\.node$/.test(line.trim()))
      .map((line) => line.trim().split(/\s+/).slice(0, 2).map(BigInt));
    assert.ok(
      addon.some(([from, to]) => from <= callers[0] && callers[0] < to),
      `the caller is not the addon: ${all}`,
    );
    assert.match(stdout, /^sum 80000$/m, all);
    assert.match(stdout, /exited normally/, all);
  });
});
