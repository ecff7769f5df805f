'use strict';

// `allcores explain` says what becomes of a function that a module exports, or what is wrong with the command line.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { assertEnd } = require('../helpers/child.js');
const { clean, json, run, write, writeCommand } = require('../helpers/command.js');

describe('allcores explain', () => {
  const BODIES = `
export const area = (i, { step }) => {
  const x = (i + 0.5) * step;
  return 4 / (1 + x * x);
};
export default (i) => i * 2;
export const scale = (x, i, { by }) => x * by[i % 2];
export const pixel = (y, x, { out, width, weigh }) => { out[y * width + x] = weigh(x); };
export const weigh = (x) => x * 0.5;
export const data = { out: new Float32Array(new SharedArrayBuffer(400)), width: 10, weigh };
export const refused = (i, { table }) => {
  const text = 'a';
  return table[i] + text + missing + Date.now();
};
export const number = 5;
console.log('imported');
`;
  write('bodies.mjs', BODIES);

  test('the text of explain(), and where the body is', async () => {
    write('step.json', '{ "step": 0.001 }');
    const result = await run(['explain', 'bodies.mjs#area', '--data', 'step.json'], { env: clean });
    assertEnd(result, { stdout: /^imported\nbodies\.mjs:2 {2}area\n\n/ });
    const area = (i, { step }) => {
      const x = (i + 0.5) * step;
      return 4 / (1 + x * x);
    };
    const { engine } = allcores.explain(area, { data: { step: 0.001 } });
    assert.ok(result.stdout.includes(`engine  ${engine}`), result.stdout);
    assert.match(result.stdout, /const x = \(i \+ 0\.5\) \* step;/);
    assert.match(result.stdout, /step: a number/);
  });

  test('for programs, without what the module prints', async () => {
    const result = await run(['explain', 'bodies.mjs', '--json'], { env: clean });
    assertEnd(result, { stdout: /^\{/, stderr: 'imported' });
    const report = JSON.parse(result.stdout);
    assert.deepEqual([report.file, report.name, report.line], ['bodies.mjs', 'default', 6]);
    assert.deepEqual([report.refusals, report.returns, report.checked], [[], true, true]);
  });

  test('all that is refused, each with its line and a caret: exit code 1', async () => {
    const result = await run(['explain', 'bodies.mjs#refused'], { env: clean });
    assert.equal(result.code, 1, result.stderr);
    const carets = result.stdout.split('\n').filter((line) => /^ *\^+$/.test(line));
    assert.ok(carets.length >= 4, result.stdout);
    // Some runtimes have put the text into the place of its name.
    assert.match(result.stdout, /['"]a['"]/);
    for (const text of ['`missing` is declared neither', '`table`', 'Date']) {
      assert.ok(result.stdout.includes(text), `${text}: ${result.stdout}`);
    }
    const { refusals } = JSON.parse((await run(['explain', 'bodies.mjs#refused', '--json'])).stdout);
    assert.equal(refusals.length, carets.length);
    assert.match(result.stdout, /`data` comes from --data FILE/);
    const withData = await run(['explain', 'bodies.mjs#refused', '--data', 'bodies.mjs#data'], {
      env: clean,
    });
    assert.doesNotMatch(withData.stdout, /--data FILE/);
  });

  const takesAll = process.versions.bun || process.versions.deno;
  test('a file that Node.js does not import: what does', { skip: Boolean(takesAll) }, async () => {
    write('bodies.tsx', 'export const area = (i: number) => i;');
    const result = await run(['explain', 'bodies.tsx#area'], { env: clean });
    assert.equal(result.code, 2);
    assert.match(
      result.stderr,
      /takes no \.tsx files\. With tsx: npx tsx .*allcores\.js explain bodies\.tsx#area/,
    );
  });

  test('data from JSON: arrays on shared memory, functions of the module', async () => {
    write('pixel.json', '{ "out": "Float32Array(100)", "width": 10, "weigh": "#weigh" }');
    const fromJson = await run(['explain', 'bodies.mjs#pixel', '--dimensions', '2', '--data', 'pixel.json']);
    assertEnd(fromJson, { stdout: /out: float32/ });
    const fromModule = await run([
      'explain',
      'bodies.mjs#pixel',
      '--dimensions',
      '2',
      '--data',
      'bodies.mjs#data',
    ]);
    assertEnd(fromModule, { stdout: /out: float32/ });
    assert.equal(fromJson.stdout, fromModule.stdout);
  });

  test('elements of a view, portable functions, CommonJS', async () => {
    write('by.json', '{ "by": [1, 2] }');
    const scale = await json(['explain', 'bodies.mjs#scale', '--view', 'Uint8Array', '--data', 'by.json'], {
      stderr: 'imported',
    });
    assert.deepEqual(scale.refusals, []);
    assert.match(scale.text, /uint8/);
    write('common.cjs', 'const name = "odd"; exports[name] = (i) => Math.sin(i) + i % 2;');
    const script = writeCommand('patched.cjs', 'Math.sin = () => 0.5;');
    const refused = await json(['explain', 'common.cjs#odd'], { script, code: 1 });
    assert.match(refused.refusals[0].message, /Math\.sin/);
    assert.deepEqual((await json(['explain', 'common.cjs#odd', '--portable'], { script })).refusals, []);
  });

  test('a module that keeps running does not keep the command', async () => {
    write('running.mjs', 'setInterval(() => {}, 1000); export const f = (i) => i;');
    assertEnd(await run(['explain', 'running.mjs#f']), { stdout: /^running\.mjs:1 {2}f\n/ });
  });

  write('list.json', '[1, 2]');
  write('broken.json', '{ "a": ');
  write('text.json', '{ "a": "red" }');
  write('odd.json', '{ "a": "OddArray(5)" }');
  write('broken.mjs', 'export const f = (i) => ;');
  write('leaves.mjs', 'process.exit(0); export const f = (i) => i;');
  write('waits.mjs', 'await new Promise(() => {}); export const f = (i) => i;');
  write('throws.mjs', 'throw new Error("not today");');
  for (const [args, message] of [
    [['explain'], 'which body? allcores explain FILE#NAME, as in bodies.mjs#area'],
    [['explain', 'none.mjs#f'], 'there is no file none.mjs'],
    [['explain', '#f'], '"#f" is not of the form FILE#NAME'],
    [['explain', 'bodies.mjs#'], '"bodies.mjs#" is not of the form FILE#NAME'],
    [
      ['explain', 'bodies.mjs#none'],
      'bodies.mjs exports no none. It exports area, data, default, number, pixel, refused, scale, weigh',
    ],
    [['explain', 'bodies.mjs#number'], 'bodies.mjs exports number, but it is no function: number'],
    [['explain', 'broken.mjs#f'], 'broken.mjs cannot be imported: '],
    [['explain', 'throws.mjs#f'], 'throws.mjs cannot be imported: Error: not today'],
    [['explain', 'bodies.mjs#area', '--data', 'none.json'], 'none.json cannot be read: '],
    [['explain', 'bodies.mjs#area', '--data', 'broken.json'], 'broken.json is no JSON: '],
    [
      ['explain', 'bodies.mjs#area', '--data', 'list.json'],
      'list.json must hold an object, with a name for everything',
    ],
    [['explain', 'bodies.mjs#area', '--data', 'text.json'], 'text.json: "red" is neither an array, as in '],
    [['explain', 'bodies.mjs#area', '--data', 'odd.json'], 'there is no typed array "OddArray"'],
    [
      ['explain', 'bodies.mjs#area', '--data', 'bodies.mjs#number'],
      'bodies.mjs exports number, but it is no object: number',
    ],
    [['explain', 'bodies.mjs#area', '--view', 'Array'], 'there is no typed array "Array"'],
    [
      ['explain', 'bodies.mjs#area', '--dimensions', '4'],
      '--dimensions must be a number, 1, 2 or 3. Received "4"',
    ],
    [['explain', 'leaves.mjs#f'], 'the process has ended before the module was imported'],
    [['explain', 'waits.mjs#f'], 'the process has ended before the module was imported'],
    [
      ['explain', 'bodies.mjs#scale', '--view', 'Uint8Array', '--dimensions', '2'],
      'a body is called with the elements of --view or with the indices of --dimensions: only one of them',
    ],
    [['explain', 'bodies.mjs#area', 'more'], 'there is an argument too many: "more"'],
    [['expain'], 'there is no command "expain". There are bench and explain'],
    [['bench', '--seconds', '0'], '--seconds must be a number, above 0, up to 3600. Received "0"'],
    [['bench', 'more'], 'there is an argument too many: "more"'],
    [['--seconds', '5'], '--seconds is an option of bench'],
    [['bench', '--data', 'step.json'], '--data is an option of explain'],
    [['--colour'], "Unknown option '--colour'"],
  ]) {
    test(`${args.join(' ')}: exit code 2`, async () => {
      const { code, stderr, stdout } = await run(args);
      assert.equal(code, 2, stderr);
      // Node warns of a module that waits for ever.
      assert.ok(stderr.includes(`allcores: ${message}`), stderr);
      assert.doesNotMatch(stdout, /engine/);
    });
  }
});
