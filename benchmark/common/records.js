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

/**
 * The records that documents show of a benchmark, the newest first: with `everySet` the newest of each set of instructions, else the
 * newest one. [{ name, folder, set, results }]. Those from before a record had its set are shown only if no other is there.
 */
function newest(benchmark, { everySet }, within = folder) {
  const found = all(within).filter(({ results }) => results.benchmark === benchmark && !results.quick);
  if (!everySet) return found.slice(0, 1);
  const sets = new Map();
  for (const record of found) if (!sets.has(record.set)) sets.set(record.set, record);
  if (sets.size > 1) sets.delete(undefined);
  return [...sets.values()];
}

/** All records, the newest first. */
function all(within = folder) {
  return (fs.existsSync(within) ? fs.readdirSync(within) : [])
    .map((name) => ({ name, folder: path.join(within, name) }))
    .filter((record) => fs.existsSync(path.join(record.folder, 'results.json')))
    .map((record) => {
      const results = JSON.parse(fs.readFileSync(path.join(record.folder, 'results.json'), 'utf8'));
      return { ...record, set: setOf(results, record.name), results };
    })
    .sort((a, b) => (a.results.date < b.results.date ? 1 : -1));
}

/** The instructions of the machine code that ran: 'avx2'. Early records have it in their names at most. */
function setOf({ isa, engine }, name) {
  if (engine?.includes('interpreter')) return 'interpreter';
  return isa ?? /-(avx2|avx512|interpreter)\b/.exec(name)?.[1];
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

module.exports = { all, newest, setOf, slug, write };
