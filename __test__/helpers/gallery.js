'use strict';

// The examples that are there in two forms: their programs, and what they export.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { after } = require('node:test');
const { GALLERY } = require('../../examples/common/gallery.js');
const { readPicture } = require('../../examples/common/picture.js');
const { assertEnd, startNode } = require('./child.js');
const { plain } = require('./plain.js');
const { ROOT } = require('./worker.js');
const allcores = require('../..');

const examples = path.join(ROOT, 'examples');
const fileOf = (name, form = 'main.js') => path.join(examples, name, form);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'allcores-gallery-'));
after(() => fs.rmSync(folder, { recursive: true }));

/** What a program exports, if the package's functions are plain loops. */
function withPlainLoops(file) {
  const requireThere = createRequire(file);
  const module = { exports: {} };
  const scope = {
    require: (id) => (id === '../..' ? plain(allcores) : requireThere(id)),
    module,
    __filename: file,
    __dirname: path.dirname(file),
  };
  new Function(...Object.keys(scope), fs.readFileSync(file, 'utf8'))(...Object.values(scope));
  return module.exports;
}

/** What `run` makes of the small settings. */
function runSmall(name, { DEFAULTS, prepare, run }, extras) {
  const settings = { ...DEFAULTS, ...GALLERY[name].small };
  return run(settings, { input: prepare?.(settings), ...extras });
}

const small = (name) => runSmall(name, require(fileOf(name)));

/** Runs the program of an example in a folder of its own, with the small settings and others; resolves with what it printed. */
async function runProgram(name, others = {}, form = 'main.js') {
  const wanted = { ...GALLERY[name].small, ...others };
  const args = Object.entries(wanted).map(([option, value]) => `--${option}=${value}`);
  const result = await startNode([fileOf(name, form), ...args], { cwd: folder }).done;
  assertEnd(result, { stdout: /./ });
  return result.stdout;
}

/** The picture that a program has drawn. */
const drawn = (file) => readPicture(path.join(folder, file));

module.exports = { GALLERY, drawn, examples, fileOf, folder, runProgram, runSmall, small, withPlainLoops };
