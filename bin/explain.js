'use strict';

// `allcores explain FILE#NAME`: what becomes of a function that a module exports.

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { UsageError } = require('./arguments.js');
const { readData, typedArray } = require('./data.js');

async function explain({ allcores }, { body: reference, data, dimensions, view, portable, json }) {
  const { file, name, exports } = await importReference(reference, json);
  const body = exported(exports, name, file);
  if (typeof body !== 'function') {
    throw new UsageError(`${file} exports ${name}, but it is no function: ${kindOf(body)}`);
  }
  const options = {
    data: data === undefined ? undefined : await dataOf(data, { allcores, exports, file, json }),
    ...(view === undefined ? { dimensions } : { view: typedArray(allcores, view, 1024) }),
    math: portable ? 'portable' : undefined,
  };
  const explanation = allcores.explain(body, options);
  const line = lineOf(body, file);
  const report = { file, name, line, ...explanation };
  const lacksData =
    data === undefined && explanation.refusals.some(({ message }) => /\bin `data`/.test(message));
  const note = lacksData
    ? '\n\nHere `data` comes from --data FILE, JSON, or --data FILE#NAME, what a module exports.'
    : '';
  const text = `${file}${line === undefined ? '' : `:${line}`}  ${name}\n\n${explanation.text}${note}`;
  return { report, text, isWell: explanation.refusals.length === 0 };
}

/** Imports the module of FILE#NAME, or of FILE, for its default export. */
async function importReference(reference, json) {
  const at = reference.lastIndexOf('#');
  const [file, name] = at === -1 ? [reference, 'default'] : [reference.slice(0, at), reference.slice(at + 1)];
  if (file === '' || name === '') throw new UsageError(`"${reference}" is not of the form FILE#NAME`);
  const absolute = path.resolve(file);
  if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`there is no file ${file}`);
  const restore = json ? divert() : () => {};
  try {
    return { file, name, exports: await import(pathToFileURL(absolute).href) };
  } catch (error) {
    if (error?.code === 'ERR_UNKNOWN_FILE_EXTENSION') throw new UsageError(unknownKind(file, reference));
    throw new UsageError(`${file} cannot be imported: ${error?.stack ?? error}`);
  } finally {
    restore();
  }
}

/** For TypeScript where Node.js does not take it: what runs the program runs the command. */
function unknownKind(file, reference) {
  const command = path.join(__dirname, 'allcores.js');
  return `${file} cannot be imported: this Node.js takes no ${path.extname(file)} files. With tsx: npx tsx ${command} explain ${reference}`;
}

/** Has what a module prints go to stderr: it is not part of the JSON. Gives back what ends that. */
function divert() {
  const { log, info, debug } = console;
  const { write } = process.stdout;
  // Not every runtime has its console write to process.stdout.
  Object.assign(console, { log: console.error, info: console.error, debug: console.error });
  process.stdout.write = (...args) => process.stderr.write(...args);
  return () => {
    Object.assign(console, { log, info, debug });
    process.stdout.write = write;
  };
}

/** What a module exports under a name. Of a CommonJS module, all that Node has not found are properties of the default export. */
function exported(exports, name, file) {
  if (Object.hasOwn(exports, name)) return exports[name];
  const all = exports.default;
  const isObject = (typeof all === 'object' || typeof all === 'function') && all !== null;
  if (isObject && Object.hasOwn(all, name)) return all[name];
  const names = new Set([...Object.keys(exports), ...(isObject ? Object.keys(all) : [])]);
  names.delete('module.exports');
  const list = names.size > 0 ? `It exports ${[...names].join(', ')}` : 'It exports nothing';
  throw new UsageError(`${file} exports no ${name}. ${list}`);
}

async function dataOf(reference, { allcores, exports, file, json }) {
  if (reference.endsWith('.json')) {
    return readData(reference, allcores, (name) => exported(exports, name, file));
  }
  const other = await importReference(reference, json);
  const data = exported(other.exports, other.name, other.file);
  if (typeof data !== 'object' || data === null) {
    throw new UsageError(`${other.file} exports ${other.name}, but it is no object: ${kindOf(data)}`);
  }
  return data;
}

const kindOf = (value) => (value === null ? 'null' : typeof value);

/** Where the function is in its file; undefined if its source does not stand there just once. */
function lineOf(body, file) {
  const text = fs.readFileSync(file, 'utf8');
  const source = Function.prototype.toString.call(body);
  const at = text.indexOf(source);
  if (at === -1 || text.indexOf(source, at + 1) !== -1) return undefined;
  return text.slice(0, at).split('\n').length;
}

module.exports = { explain };
