'use strict';

// How the modules of lib/ become one file (release/modules.js): what stands in each form that they are written in.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');
const { asModule, namesUsed } = require('../release/modules.js');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'modules-'));
after(() => fs.rmSync(folder, { recursive: true }));

const lists = 'const b = 1;\nmodule.exports = { a, b };\n';
for (const [name, text] of Object.entries({ lists, whole: 'module.exports = load();\n' })) {
  fs.writeFileSync(path.join(folder, `${name}.js`), text);
}
const made = (text) => asModule(text, folder);

test('requires are imports, and lists in lists are taken apart', () => {
  assert.equal(
    made(
      "const { a, b: c, d: { e } } = require('./lists');\nconst all = require('./lists');\nrequire('./lists');",
    ),
    "import { a as a, b as c, d as module$0$d } from './lists';\nconst { e } = module$0$d;\n" +
      "import * as all from './lists';\nimport './lists';",
  );
  assert.equal(
    made("const {\n  a,\n} =\n  require('./whole');\nconst whole = require('./whole');"),
    "import module$0 from './whole';\nconst {\n  a,\n} = module$0;\nimport whole from './whole';",
  );
});

test('those of Node, and those within functions, stay', () => {
  const text =
    "const fs = require('node:fs');\nconst later = () => {\n  const { a } = require('./lists');\n};";
  assert.equal(made(text), text);
});

test('what a module exports is its own, a value, or a global', () => {
  assert.equal(
    made('function f() {}\nconst { g } = Math;\nmodule.exports = { f, g };'),
    'function f() {}\nconst { g } = Math;\nexport { f, g };',
  );
  assert.equal(
    made(
      'module.exports = {\n  __proto__: null,\n\n  // The global.\n  Map,\n  most: Math.max,\n  all: [1, 2],\n};',
    ),
    'const $Map = Map;\nconst most = Math.max;\nconst all = [1, 2];\nexport { $Map as Map, most, all };',
  );
  // A value must not hide what the module uses by that name.
  assert.equal(
    made("const { log } = console;\nmodule.exports = { log: () => log('x') };"),
    "const { log } = console;\nconst $log = () => log('x');\nexport { $log as log };",
  );
  assert.equal(made('module.exports = load();'), 'export default load();');
  assert.throws(() => made('module.exports = {\n  get a() {\n    return 1;\n  },\n};'), /get a\(\)/);
});

test('of another folder it is known what is used', () => {
  const inner = path.join(folder, 'inner');
  fs.mkdirSync(inner);
  fs.writeFileSync(
    path.join(inner, 'one.js'),
    "const { a } = require('../lists');\nconst w = require('../whole');\n",
  );
  fs.writeFileSync(
    path.join(inner, 'two.js'),
    "const { b: c } = require('../lists');\nconst { one } = require('./one');\n",
  );
  assert.deepEqual(
    [...namesUsed(inner, folder)],
    [
      ['lists', new Set(['a', 'b'])],
      ['whole', new Set(['default'])],
    ],
  );
  fs.writeFileSync(path.join(inner, 'three.js'), "const all = require('../lists');\n");
  assert.throws(() => namesUsed(inner, folder), /three\.js uses all of lists/);
});
