'use strict';

// Dated records: benchmark/records/<date>-<slug>/ with results.json, table.md, report.md and plot.svg.

const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '..', 'records');

/** Writes a record; returns its folder. A record of the same day and name is replaced. `within` is where records are. */
function write(slug, files, within = folder) {
  const date = files['results.json'].date.slice(0, 10);
  const record = path.join(within, `${date}-${slug}`);
  fs.mkdirSync(record, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : json(content);
    fs.writeFileSync(path.join(record, name), text.endsWith('\n') ? text : `${text}\n`);
  }
  return record;
}

/** The latest record of each benchmark: Map { 'sum' => '/…/records/2030-01-01-sum-some-cpu' }. */
function latest() {
  const found = new Map();
  for (const entry of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const file = path.join(folder, entry, 'results.json');
    if (!fs.existsSync(file)) continue;
    const { benchmark, date } = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (date > (found.get(benchmark)?.date ?? ''))
      found.set(benchmark, { date, record: path.join(folder, entry) });
  }
  return new Map([...found].map(([benchmark, { record }]) => [benchmark, record]));
}

/** Lists of numbers on one line each: a record is to be read, and compared by git. */
function json(value) {
  return JSON.stringify(value, null, 1).replace(
    /\[\s+([-\d.e+,\s]+?)\s+\]/g,
    (_, list) => `[${list.replace(/\s+/g, ' ')}]`,
  );
}

/** 'Intel(R) Xeon(R) @ 2.50GHz' -> 'intel-xeon-2-50ghz' */
function slug(text) {
  return text
    .toLowerCase()
    .replace(/\((r|tm)\)|\b(cpu|processor)\b/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

module.exports = { latest, slug, write };
