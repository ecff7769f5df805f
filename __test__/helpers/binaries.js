'use strict';

// The two builds of the addon. Teardown tests run both: some faults show only with assertions on, some only without.
// ALLCORES_TEST_ONE_BUILD=1 leaves the debug build to the tests that inject faults: under a sanitizer, where one build stands
// for both, and on the lines of Node that do not run all of `npm test`.

const fs = require('node:fs');
const { ROOT } = require('./worker.js');
const path = require('node:path');

const FAULTS = path.join(ROOT, 'target', 'faults', 'allcores.node');

const absent = fs.existsSync(FAULTS)
  ? false
  : `there is no ${path.relative(ROOT, FAULTS)}: npm run build:debug`;

/** `env` makes a child process load that build; `skip` is false, or the reason why it cannot be tested. */
const release = { name: 'release build', env: { NAPI_RS_NATIVE_LIBRARY_PATH: undefined }, skip: false };
const debug = { name: 'debug build', env: { NAPI_RS_NATIVE_LIBRARY_PATH: FAULTS }, skip: absent };

const isOne = process.env.ALLCORES_TEST_ONE_BUILD === '1';

module.exports = { binaries: isOne ? [release] : [release, debug], debug, release };
