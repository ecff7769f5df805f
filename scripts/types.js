'use strict';

// Compiles the type tests in __test__/types once for each way TypeScript has to find a package.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '..');
// The script behind bin/tsc, which has no extension: early versions of Node 20 cannot run it.
const compiler = path.join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');

for (const config of ['tsconfig.json', 'tsconfig.node16.json', 'tsconfig.bundler.json']) {
  const project = path.join('__test__', 'types', config);
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? '✔' : '✖'} types: ${project}`);
  if (status !== 0) process.exitCode = 1;
}
