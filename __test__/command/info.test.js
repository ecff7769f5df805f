'use strict';

// The command `allcores` tells what is loaded here, and how it runs.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');
const allcores = require('../..');
const { FUNCTIONS } = require('../../bin/functions.js');
const { describeProcessors } = require('../../bin/processors.js');
const { assertEnd } = require('../helpers/child.js');
const { clean, folder, json, run, write, writeCommand } = require('../helpers/command.js');
const { copyPackage, install } = require('../helpers/installation.js');
const { ROOT } = require('../helpers/worker.js');
const manifest = require('../../package.json');

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

  test('what is secret is not shown, since reports of bugs are for everybody', async () => {
    const env = {
      ...clean,
      ALLCORES_SECRET: 'correct horse',
      ALLCORES_CONNECTION: 'redis://user:password@localhost',
    };
    for (const args of [[], ['--json']]) {
      const { stdout } = await run(args, { env });
      assert.match(stdout, /ALLCORES_SECRET.+not shown/);
      assert.match(stdout, /ALLCORES_CONNECTION.+not shown/);
      assert.doesNotMatch(stdout, /horse|password/);
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

describe('why there are so many threads', () => {
  /** A system with these files, and 8 CPUs. */
  const why = (name, size, files) => {
    const root = path.join(folder, name);
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), `${text}\n`);
    }
    return describeProcessors(size, root, 8).why.replaceAll(root, '');
  };
  const all = { 'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-7' };
  const group = { ...all, 'proc/self/cgroup': '0::/pod/app' };
  for (const [name, size, files, expected] of [
    ['plain', 8, all, 'one for each CPU'],
    ['no files', 8, {}, 'one for each CPU'],
    [
      'affinity',
      3,
      { 'proc/self/status': 'Cpus_allowed_list:\t0,2-3' },
      'of 8 CPUs, this process may run on 0,2-3',
    ],
    ['no quota', 8, { ...group, 'sys/fs/cgroup/pod/app/cpu.max': 'max 100000' }, 'one for each CPU'],
    [
      'quota',
      2,
      { ...group, 'sys/fs/cgroup/pod/app/cpu.max': '250000 100000' },
      'a quota allows the time of 2.5 CPUs (/sys/fs/cgroup/pod/app/cpu.max)',
    ],
    [
      'quota of a group around it',
      1,
      {
        ...group,
        'sys/fs/cgroup/pod/cpu.max': '100000 100000',
        'sys/fs/cgroup/pod/app/cpu.max': '400000 100000',
      },
      'a quota allows the time of 1 CPU (/sys/fs/cgroup/pod/cpu.max)',
    ],
    [
      'quota, version 1',
      1,
      {
        ...all,
        'proc/self/cgroup': '12:memory:/app\n4:cpu,cpuacct:/app\n1:name=systemd:/app',
        'sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '50000',
        'sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000',
      },
      'a quota allows the time of 0.5 CPUs (/sys/fs/cgroup/cpu/app/cpu.cfs_quota_us)',
    ],
    [
      'no quota, version 1',
      8,
      {
        ...all,
        'proc/self/cgroup': '4:cpu,cpuacct:/app',
        'sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '-1',
        'sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000',
      },
      'one for each CPU',
    ],
    [
      'a quota of more than there is',
      8,
      { ...group, 'sys/fs/cgroup/pod/app/cpu.max': '1600000 100000' },
      'one for each CPU',
    ],
    ['something else', 4, all, 'as many CPUs as the system says that this process may use'],
  ]) {
    test(name, { skip: process.env.ALLCORES_THREADS ? 'ALLCORES_THREADS is set' : false }, () => {
      assert.equal(why(name, size, files), expected);
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
