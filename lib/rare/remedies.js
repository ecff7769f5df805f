'use strict';

// What to do about a value that is none of those which an argument may have.

const { CLASSES, ObjectKeys } = require('../intrinsics');
const { className, describe } = require('./words');

/** What to do about a value that must be a view, by its class. */
const VIEW_REMEDIES = {
  __proto__: null,
  Promise: 'await it?',
  SharedArrayBuffer: 'pass a view on it, such as new Float64Array(buffer)',
  ArrayBuffer: 'copy a view on it to shared memory: share(new Float64Array(buffer))',
  DataView: 'pass a typed array on its buffer',
  Memory: 'pass a typed array on its buffer',
  array: 'copy it to shared memory: share(array)',
};

/** For what must be a function. */
const BODY_REMEDIES = {
  __proto__: null,
  Promise: 'await it?',
  string: 'pass the function itself, not its source',
  AbortSignal: 'pass { signal }',
  AbortController: 'pass { signal: controller.signal }',
};

/** For a count, in whose place there is something to count. */
const COUNT_REMEDY = 'sum(view) and map(view, body) run over the elements of one';

/** For an array, in whose place there is a count. */
const RANGE_REMEDY =
  'a range is for sumRange(num), or with a body for sumRange(num, body) and forRange(num, body); ' +
  'for an array of results there is map(shared(Float64Array, num), (x, i) => ...)';

/** What to do about a value, by argument and by its class, or its type if it is no object. */
const REMEDIES = {
  __proto__: null,
  num: {
    __proto__: null,
    Promise: 'await it?',
    array: 'pass a body too: [n0, n1] is for (i, j) => ...',
    function: 'pass num before it',
    'Number object': 'pass the number itself',
    'BigInt object': 'pass the bigint itself',
    AbortSignal: 'pass { signal }',
    AbortController: 'pass { signal: controller.signal }',
  },
  body: BODY_REMEDIES,
  predicate: BODY_REMEDIES,
  options: {
    __proto__: null,
    Promise: 'await it?',
    function: 'pass it before the options',
    AbortSignal: 'pass { signal }',
    AbortController: 'pass { signal: controller.signal }',
  },
  'options.signal': { __proto__: null, Promise: 'await it?', AbortController: 'pass its signal' },
  'options.threads': {
    __proto__: null,
    Promise: 'await it?',
    'Number object': 'pass the number itself',
  },
  target: {
    __proto__: null,
    Promise: 'await it?',
    DataView: 'pass an Int32Array or a BigInt64Array on its buffer',
    Memory: 'pass an Int32Array or a BigInt64Array on its buffer',
    array: 'pass a new BigInt64Array(new SharedArrayBuffer(8 * array.length))',
  },
  view: {
    ...VIEW_REMEDIES,
    __proto__: null,
    number: RANGE_REMEDY,
    bigint: RANGE_REMEDY,
    function: 'pass the array before it',
  },
  a: VIEW_REMEDIES,
  b: VIEW_REMEDIES,
  source: {
    ...VIEW_REMEDIES,
    __proto__: null,
    array: 'a range of [n0, n1] indices takes a body; for the elements of an array pass share(array)',
    number: 'a range takes a body',
    bigint: 'a range takes a body',
    function: 'pass what it is called for before it',
  },
  Type: { __proto__: null, string: 'pass the class itself, not its name' },
  elements: { __proto__: null, Promise: 'await it?', SharedArrayBuffer: 'pass a view on it' },
  array: { __proto__: null, Promise: 'await it?', Set: 'pass shared(Float64Array, set)' },
};

const CLASS_NAMES = ObjectKeys(CLASSES);
for (let i = 0; i < CLASS_NAMES.length; i++) REMEDIES.num[CLASS_NAMES[i]] = COUNT_REMEDY;

/** The remedy for a value in the place of an argument; undefined if there is none. `remedies` are those for the argument. */
function remedyFor(name, received, remedies = REMEDIES[name]) {
  if (remedies === undefined || received === null) return undefined;
  return remedies[typeof received === 'object' ? className(received) : typeof received];
}

/** The words for a value with what to do about it. */
function describeWithRemedy(name, received, remedy = remedyFor(name, received)) {
  return remedy === undefined ? describe(received) : `${describe(received)}: ${remedy}`;
}

module.exports = { describeWithRemedy, remedyFor };
