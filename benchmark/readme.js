'use strict';

// Makes what the documents show from the newest records: the regions between <!-- benchmark:NAME --> and <!-- /benchmark:NAME -->
// (common/page.js), and the plots in plots/.
//
//   node benchmark/readme.js           writes the documents and the plots
//   node benchmark/readme.js --check   exits with 1 if one of them is not what the records say

const fs = require('node:fs');
const path = require('node:path');
const { fillReadme } = require('../examples/common/table.js');
const { DOCUMENTS, PLOTS, filled, problems } = require('./common/page');

const root = path.join(__dirname, '..');

main().catch((error) => {
  process.stderr.write(`${error.expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
});

async function main() {
  if (process.argv.includes('--check')) {
    const found = problems();
    for (const line of found) process.stderr.write(`${line}\n`);
    process.exitCode = found.length > 0 ? 1 : 0;
    return;
  }
  require('./common/prepare').prepare({ build: false });
  const { render } = require('./common/plot');
  fillReadme();
  const written = new Set();
  fs.mkdirSync(path.join(root, PLOTS), { recursive: true });
  for (const document of Object.keys(DOCUMENTS)) {
    const file = path.join(root, document);
    const { text, plots } = filled(fs.readFileSync(file, 'utf8'), document);
    fs.writeFileSync(file, text);
    for (const plot of plots) {
      fs.writeFileSync(path.join(root, plot.file), `${await render(plot.specification, plot.label)}\n`);
      written.add(path.basename(plot.file));
    }
  }
  // Those of regions that are gone.
  for (const name of fs.readdirSync(path.join(root, PLOTS))) {
    if (!written.has(name)) fs.rmSync(path.join(root, PLOTS, name));
  }
}
