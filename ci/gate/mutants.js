'use strict';

// The mutants of a gate: patches that break the sources, each with the test that must notice and what it then prints.

const fs = require('node:fs');
const path = require('node:path');

/** Those whose name contains one of the texts, or all: `{ name, patch, files, test, expect }`. `files` are the patch and what it changes. */
function readMutants(folder, texts) {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .filter((file) => texts.length === 0 || texts.some((text) => file.includes(text)))
    .sort()
    .map((file) => readMutant(path.join(folder, file)));
}

function readMutant(patch) {
  const text = fs.readFileSync(patch, 'utf8');
  const header = /^test: (\S.*)\nexpect: (\S.*)\n--- a\//.exec(text);
  if (!header) throw new Error(`${patch} does not start with the lines "test: ..." and "expect: ..."`);
  return {
    name: path.basename(patch, '.patch'),
    patch,
    files: [
      path.posix.join('ci', 'mutants', path.basename(path.dirname(patch)), path.basename(patch)),
      ...Array.from(text.matchAll(/^\+\+\+ b\/(.*)$/gm), ([, file]) => file),
    ],
    test: header[1].split(' '),
    expect: new RegExp(header[2], 'm'),
  };
}

module.exports = { readMutants };
