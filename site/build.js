'use strict';

// Builds the documentation site in site/dist, from the documents of the repository.
//
//   node site/build.js [--base /allcores/]
//
//   --base    the path that the site is served under; / by default
//
// Installs VitePress first, without install scripts, if it is not there.

const path = require('node:path');
const { installPackages, packagesInstalled, run, say } = require('../scripts/tools.js');

process.exitCode = main(process.argv.slice(2));

function main(args) {
  const at = args.indexOf('--base');
  const base = at < 0 ? '/' : args[at + 1];
  if (!/^\/(?:[\w.-]+\/)*$/.test(base ?? '')) {
    console.error(`--base: expected a path such as /allcores/, got ${base}`);
    return 1;
  }
  if (!packagesInstalled(__dirname)) {
    say('Installing VitePress (npm ci)');
    if (installPackages(__dirname) !== 0) return 1;
  }
  require('./source/stage.js').stage(path.join(__dirname, 'pages'));
  const vitepress = path.join(__dirname, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
  const env = { ...process.env, ALLCORES_SITE_BASE: base };
  return run(process.execPath, [vitepress, 'build', __dirname], { cwd: __dirname, env });
}
