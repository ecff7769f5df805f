// The runtimes, and how each of them runs a test file. Their versions are those of package.json, in this folder.

const path = require('node:path');
const { nodeResults, junitResults } = require('./results.js');

const { optionalDependencies } = require('./package.json');

const ARCH = { x64: 'x64', arm64: 'arm64' }[process.arch];
const BUN_ARCH = { x64: 'x64', arm64: 'aarch64' }[process.arch];

/** Longer than any test takes: the tests themselves say how long something may take. */
const PATIENCE = 600_000;

const node = (line) => ({
  name: `node@${line}`,
  family: 'node',
  package: `node-${line}-${process.platform}-${ARCH}`,
  binary: 'bin/node',
  args: (file, report) => [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${path.join(__dirname, 'reporter.js')}`,
    `--test-reporter-destination=${report}`,
    file,
  ],
  read: nodeResults,
});

const bun = {
  name: 'bun',
  family: 'bun',
  package: `@oven/bun-${process.platform}-${BUN_ARCH}`,
  binary: 'bin/bun',
  // Without ./ it is a filter and no file.
  args: (file, report) => [
    'test',
    `--timeout=${PATIENCE}`,
    '--reporter=junit',
    `--reporter-outfile=${report}`,
    `./${file}`,
  ],
  read: junitResults,
};

const deno = {
  name: 'deno',
  family: 'deno',
  package: `@deno/${process.platform}-${ARCH}-glibc`,
  binary: 'deno',
  args: (file, report) => ['test', '--allow-all', '--no-check', `--junit-path=${report}`, file],
  read: junitResults,
};

/** In the order in which they are run. The first is the oldest that the package supports. */
const RUNTIMES = [...['20.9', '20', '22', '24', '26'].map(node), bun, deno].map((runtime) => ({
  ...runtime,
  version: optionalDependencies[runtime.package]?.replace(/^npm:.*@/, ''),
  path: path.join(__dirname, 'node_modules', runtime.package, runtime.binary),
}));

/** What a brief run leaves out: files whose outcome does not depend on the runtime, and the soak. */
const INDEPENDENT = [
  'api/overflow',
  'api/slots',
  'api/sum-range',
  'benchmark',
  'benchmark-page',
  // Whether one engine has the bits of the other.
  'bodies/engines',
  'bodies/tools',
  'bodies/waiting',
  'busy',
  'cluster/window',
  'cluster/wire',
  'documents',
  'examples',
  'gallery/compare',
  'gallery/documents',
  'gallery/programs',
  'gallery/same',
  'gates',
  'modules',
  'soak',
  'sum/huge',
  'sum/lengths',
  'sum/property',
  'sum/racing',
  'sum/vectors',
].map((name) => `__test__/${name}.test.js`);

/** What a smoke run consists of: one file for each thing that a runtime may do in its own way. */
const SMOKE = [
  'abort',
  'api/flags',
  'api/load',
  'api/sum-into-shared-buffer',
  'api/threads',
  'bodies/check',
  'bodies/data',
  'bodies/long',
  'bodies/programs',
  'concurrency',
  'errors',
  'faults',
  'hostile/reentrancy',
  'hostile/settling',
  'math/host',
  'memory-kinds',
  'memory-refused',
  'realms',
  'signals',
  'sum/types',
  'teardown/late',
  'teardown/main',
  'teardown/worker',
].map((name) => `__test__/${name}.test.js`);

/** What a run of a line between two that run more consists of: that, and what its engine computes. */
const BETWEEN = [
  ...SMOKE,
  ...['cache', 'literals', 'math', 'names', 'random', 'random-leaving', 'random-literals'].map(
    (name) => `__test__/bodies/${name}.test.js`,
  ),
  '__test__/math/many.test.js',
  '__test__/teardown/others.test.js',
];

/** False, or the reason why no runtime, or not this one, can be run on this machine. */
function missing({ version }) {
  if (version === undefined) return `there is no npm package of it for ${process.platform}-${process.arch}`;
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return musl ? 'its npm package is for glibc' : false;
}

module.exports = { BETWEEN, INDEPENDENT, PATIENCE, RUNTIMES, SMOKE, missing };
