'use strict';

// The command `allcores`: what is loaded here, a self-test with a benchmark, and what becomes of a body in a file.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const allcores = require('..');
const { bench } = require('../bin/bench.js');
const { FUNCTIONS } = require('../bin/functions.js');
const { assertEnd, startNode } = require('./helpers/child.js');
const { copyPackage, env, install } = require('./helpers/installation.js');
const { ROOT } = require('./helpers/worker.js');
const manifest = require('../package.json');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-command-')));
after(() => fs.rmSync(folder, { recursive: true }));

/** Writes a file for the command to read; gives back its name. */
function write(name, text) {
  fs.writeFileSync(path.join(folder, name), text);
  return name;
}

/** Runs the command; `options` are those of startNode, `home` is where the package is, and `script` may be a program of its own. */
function run(args, { home = ROOT, script = path.join(home, 'bin', 'allcores.js'), ...options } = {}) {
  return startNode([script, ...args], { cwd: folder, ...options }).done;
}

/** A program that does something first, and is the command then. */
function writeCommand(name, first) {
  return write(name, `${first}\nrequire(${JSON.stringify(path.join(ROOT, 'bin', 'allcores.js'))});\n`);
}

async function json(args, { code = 0, stderr = '', ...options } = {}) {
  const result = await run([...args, '--json'], options);
  assertEnd(result, { code, stderr });
  return JSON.parse(result.stdout);
}

/** Without what a run of the tests may have set. */
const clean = { ...env, ALLCORES_THREADS: undefined, ALLCORES_ISA: undefined, ALLCORES_ENGINE: undefined };

describe('allcores: what is loaded', () => {
  test('for people', async () => {
    const result = await run([], { env: { ...clean, ALLCORES_THREADS: '3' } });
    assertEnd(result, { stdout: /./ });
    const [first, ...rows] = result.stdout
      .trimEnd()
      .replace(/\n {13}/g, ' ')
      .split('\n');
    assert.equal(first, `allcores ${manifest.version}`);
    const value = (name) => rows.find((row) => row.startsWith(`  ${name} `))?.slice(13);
    assert.ok(value('binary').startsWith(path.join(ROOT, 'allcores.')), result.stdout);
    assert.equal(value('threads'), '3: ALLCORES_THREADS is 3');
    assert.equal(value('variable'), 'ALLCORES_THREADS=3');
    assert.equal(value('kernels'), allcores.explain((i) => i).isa);
    assert.match(
      value('runtime'),
      new RegExp(
        `^\\w[\\w.]* ${(process.versions.bun ?? process.versions.deno ?? process.versions.node).replaceAll('.', '\\.')}`,
      ),
    );
    assert.match(value('processor'), / GiB of memory$/);
    assert.match(value('bodies'), /^(machine code for \w+, \d+ indices at a time|block interpreter: .+)$/);
    // Each function of Math is somewhere.
    const named = rows
      .filter((row) => row.startsWith('  Math'))
      .flatMap((row) => row.split(': ').at(-1).split(' '));
    assert.deepEqual(named.sort(), Object.keys(FUNCTIONS).sort());
  });

  test('for programs: the binary, the threads, what runs bodies', async () => {
    const report = await json([], { env: clean });
    assert.equal(report.version, manifest.version);
    assert.equal(path.dirname(report.binary.path), ROOT);
    assert.equal(report.binary.bytes, fs.statSync(report.binary.path).size);
    assert.equal(report.runtime.node, process.versions.node);
    assert.deepEqual([report.system.platform, report.system.arch], [process.platform, process.arch]);
    assert.deepEqual(
      Object.keys(report.variables).filter((name) => name.startsWith('ALLCORES_')),
      [],
    );
    assert.equal(report.threads.cpus, os.cpus().length);
    assert.equal(report.threads.variable, undefined);
  });

  test('why there are so many threads: affinity', { skip: noTaskset() }, async () => {
    const [first] = allowed();
    const report = await json([], { env: clean, wrap: ['taskset', '-c', first] });
    assert.deepEqual(report.threads.affinity, { list: first, count: 1 });
    assert.equal(report.threads.size, 1);
    if (os.cpus().length > 1 && report.threads.quota === undefined) {
      assert.equal(report.threads.why, `of ${os.cpus().length} CPUs, this process may run on ${first}`);
    }
  });

  test('what was asked for: another instruction set, the interpreter', async () => {
    const portable = await json([], { env: { ...clean, ALLCORES_ISA: 'portable' } });
    assert.equal(portable.isa, 'portable');
    assert.equal(portable.bodies.isMachineCode, false);
    assert.deepEqual(portable.variables.ALLCORES_ISA, 'portable');
    const interpreted = await json([], { env: { ...clean, ALLCORES_ENGINE: 'interpreter' } });
    assert.deepEqual(interpreted.bodies, {
      engine: 'block interpreter',
      isMachineCode: false,
      words: 'block interpreter: ALLCORES_ENGINE asks for it',
    });
    // Nothing is computed for several indices at once there.
    assert.ok(!Object.values(interpreted.math).includes('vectors'));
  });

  test('a function of Math that the program has replaced is refused', async () => {
    const before = await json([], { env: clean });
    // `pow` is asked for by its operator, which nobody can replace.
    const [name] = Object.entries(before.math).find(
      ([name, way]) => name !== 'pow' && (way === 'vectors' || way === 'calls'),
    );
    const first = `const { ${name} } = Math; Math.${name} = (...x) => ${name}(...x) + 1e-9;`;
    const options = { env: clean, script: writeCommand('replaced.cjs', first) };
    const { math } = await json([], options);
    assert.deepEqual(math, { ...before.math, [name]: 'refused' });
    // That is no fault of the package, so that its self-test passes.
    const report = await json(['bench', '--seconds', '0.01'], options);
    assert.equal(report.isWell, true);
    assert.ok(report.functions.refused.includes(name));
  });

  test('a package without a binary: what is missing, and all that is known', async () => {
    const home = install();
    const people = await run([], { home, env: clean });
    assertEnd(people, {
      code: 1,
      stdout: /^allcores \S+ cannot be loaded \(ERR_NO_BINARY\)\n\nallcores finds no binary for /,
    });
    assert.match(people.stdout, /^ {2}runtime {4}/m);
    const report = await json([], { home, env: clean, code: 1 });
    assert.equal(report.error.code, 'ERR_NO_BINARY');
    assert.match(report.error.message, /is not installed/);
    assert.equal(report.binary, undefined);
    for (const command of [['bench'], ['explain', write('any.mjs', 'export const f = (i) => i'), '--json']]) {
      assertEnd(await run(command, { home, env: clean }), {
        code: 1,
        stdout: '',
        stderr: /^allcores: allcores finds no binary /,
      });
    }
  });

  test('a wrong value of a variable', async () => {
    const report = await json([], { env: { ...clean, ALLCORES_THREADS: 'many' }, code: 1 });
    assert.equal(report.error.code, 'ERR_OUT_OF_RANGE');
    assert.match(report.error.message, /ALLCORES_THREADS/);
  });

  test('the binary of a copy', async () => {
    const home = copyPackage(path.join(folder, 'copy'));
    const { binary } = await json([], { home, env: clean });
    assert.equal(path.dirname(binary.path), home);
  });
});

describe('allcores bench', () => {
  test('compares all results, and times them', async () => {
    for (const args of [['bench'], ['--self-test']]) {
      const result = await run([...args, '--seconds', '0.01'], { env: clean });
      assertEnd(result, { stdout: /^All results are right\.$/m });
      for (const name of ['sum of 2 Mi doubles', 'Mandelbrot set']) {
        const row = new RegExp(`^  ${name} +[\\d.]+ ms +[\\d.]+ ms +[\\d.]+   same$`, 'm');
        assert.match(result.stdout, row);
      }
    }
  });

  test('for programs', async () => {
    const report = await json(['bench', '--seconds', '0.01'], { env: clean });
    assert.equal(report.isWell, true);
    const { same, different, refused } = report.functions;
    assert.deepEqual([...same, ...refused].sort(), Object.keys(FUNCTIONS).sort());
    assert.deepEqual(different, []);
    assert.equal(report.results.length, 6);
    for (const { name, result, rounds, loop, allcores, ratio } of report.results) {
      if (result === 'refused') continue;
      assert.equal(result, 'same', name);
      assert.ok(rounds >= 3 && loop > 0 && allcores > 0 && ratio > 0, name);
    }
  });

  test('finds what is wrong', async () => {
    const wrong = {
      ...allcores,
      sum: async (...args) => (await allcores.sum(...args)) + 2 ** -20,
      map: async (view, body, options) => {
        const result = await allcores.map(view, body, options);
        result[7] = 12_345;
        return result;
      },
      forRange: () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_INTERNAL' })),
    };
    const sine = allcores.explain(FUNCTIONS.sin).refusals.length > 0 ? 'refused' : 'different';
    const { report, text, isWell } = await bench({ allcores: wrong }, { seconds: 0.01 });
    assert.equal(isWell, false);
    assert.deepEqual(report.functions.same, []);
    assert.deepEqual(Object.fromEntries(report.results.map(({ name, result }) => [name, result])), {
      'sum of 2 Mi doubles': 'different',
      'min of 2 Mi doubles': 'same',
      'sum of 4 / (1 + x²)': 'same',
      'map by sin(x) · exp(-x)': sine,
      'primes below 300 000': 'same',
      'Mandelbrot set': 'failed',
    });
    assert.match(text, /^ {2}sum of 2 Mi doubles +DIFFERENT$/m);
    assert.match(text, /^ {2}Mandelbrot set +ERR_INTERNAL: no$/m);
    assert.match(text, /^DIFFERENT: \w/m);
    assert.match(text, /^Something is wrong: please report it, with --json\.$/m);
  });
});

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

test('--help and --version', async () => {
  assertEnd(await run(['--help']), { stdout: /^Usage: allcores .*^Exit codes: /ms });
  assertEnd(await run(['--version']), { stdout: manifest.version });
});

test('the package names the command, and the template for bugs asks for it', () => {
  assert.equal(manifest.bin.allcores, 'bin/allcores.js');
  assert.match(fs.readFileSync(path.join(ROOT, 'bin', 'allcores.js'), 'utf8'), /^#!\/usr\/bin\/env node\n/);
  const template = fs.readFileSync(path.join(ROOT, '.github', 'ISSUE_TEMPLATE', 'bug.yml'), 'utf8');
  assert.match(template, /npx allcores --json/);
});

/** The CPUs that this process may run on, as texts. */
function allowed() {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
  return list.split(/[,-]/);
}

function noTaskset() {
  return process.platform === 'linux' && fs.existsSync('/usr/bin/taskset') ? false : 'there is no taskset';
}
