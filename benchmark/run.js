'use strict';

// Runs a benchmark: `node benchmark/run.js [name] [options]`. Each benchmark is a folder beside this file, as
// common/benchmark.js describes. What is missing (npm packages, the addon, the Rust programs) is made first.

const path = require('node:path');
const { run } = require('./common/benchmark');
const { benchmarks } = require('./common/benchmarks');
const { prepare } = require('./common/prepare');

const names = benchmarks();

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`\n${error.expected ? error.message : error.stack}\n`);
  process.exit(1);
});

async function main(args) {
  const name = args[0]?.startsWith('-') || args.length === 0 ? 'sum' : args.shift();
  if (!names.includes(name)) {
    process.stderr.write(`expected one of ${names.join(', ')}, got "${name}"\n`);
    process.exit(1);
  }
  // Loading it needs no package: those it requires when it runs.
  const benchmark = require(path.join(__dirname, name));
  if (!args.includes('--help')) {
    prepare({ build: !args.includes('--no-build'), programs: benchmark.programs });
  }
  // Workers and pools that are still idle must not keep the process alive.
  await run(name, benchmark, args);
  process.exit();
}
