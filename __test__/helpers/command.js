'use strict';

// Runs the command `allcores` in a folder of its own.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after } = require('node:test');
const { assertEnd, startNode } = require('./child.js');
const { env } = require('./installation.js');
const { ROOT } = require('./worker.js');

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
const clean = {
  ...env,
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('ALLCORES_'))
      .map((name) => [name, undefined]),
  ),
};

module.exports = { clean, folder, json, run, write, writeCommand };
