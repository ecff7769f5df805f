'use strict';

// `data` from a JSON file, which has neither typed arrays nor functions: "Float64Array(1000)" stands for an array on shared memory, and
// "#name" for a function that the module of the body exports. A body has no texts, so that neither can mean anything else.

const fs = require('node:fs');
const { UsageError } = require('./arguments.js');

/** `exported` gives what the module exports under a name. */
function readData(file, allcores, exported) {
  const data = parse(file);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new UsageError(`${file} must hold an object, with a name for everything: { "array": [1, 2] }`);
  }
  return revive(data, allcores, exported, file);
}

function parse(file) {
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error.message}`);
  }
}

function revive(value, allcores, exported, file) {
  if (typeof value === 'string') {
    if (value.startsWith('#')) return exported(value.slice(1));
    const [, type, length] = /^(\w+)\((\d+)\)$/.exec(value) ?? [];
    if (type !== undefined) return typedArray(allcores, type, Number(length));
    throw new UsageError(
      `${file}: "${value}" is neither an array, as in "Float64Array(1000)", nor a function of the module, as in "#name"`,
    );
  }
  if (Array.isArray(value)) return value.map((each) => revive(each, allcores, exported, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, revive(each, allcores, exported, file)]),
  );
}

/** A new array of that type on shared memory. */
function typedArray({ shared }, type, length) {
  const Type = /^(Int|Uint|Float)\d+(Clamped)?Array$/.test(type) ? globalThis[type] : undefined;
  if (typeof Type !== 'function')
    throw new UsageError(`there is no typed array "${type}". There is Float64Array`);
  return shared(Type, length);
}

module.exports = { readData, typedArray };
