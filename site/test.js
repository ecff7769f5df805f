'use strict';

// Builds the site under a base path, and tests it in a headless browser.
//
//   node site/test.js [--built]
//
//   --built    tests what is in site/dist, which `node site/build.js --base /allcores/` has built
//
// The browser is a Chromium or Chrome of the system, or that of the environment variable CHROMIUM. Where there is none: SKIP.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../scripts/tools.js');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const BASE = '/allcores/';

process.exitCode = main(process.argv.slice(2));

function main(args) {
  const browser = process.env.CHROMIUM || NAMES.map(inPath).find(Boolean);
  if (browser === undefined || spawnSync(browser, ['--version']).status !== 0) {
    console.log('site: SKIP: there is no Chromium; on Debian: apt-get install chromium');
    return 0;
  }
  if (!packagesInstalled(__dirname)) {
    say('Installing VitePress and a driver of the browser (npm ci)');
    if (installPackages(__dirname) !== 0) {
      console.log('site: SKIP: npm cannot install VitePress; the lines above say why');
      return 0;
    }
  }
  if (
    !args.includes('--built') &&
    run(process.execPath, [path.join(__dirname, 'build.js'), '--base', BASE]) !== 0
  ) {
    console.error('site: FAILED: it does not build');
    return 1;
  }
  const env = { ...process.env, CHROMIUM: browser, ALLCORES_SITE_BASE: BASE, NODE_TEST_CONTEXT: undefined };
  const files = fs
    .readdirSync(path.join(__dirname, 'tests'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => path.join(__dirname, 'tests', name));
  const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], {
    stdio: 'inherit',
    env,
  });
  if (status !== 0) console.error('site: FAILED');
  return status ?? 1;
}

/** The path of a command; undefined if there is none. */
function inPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}
