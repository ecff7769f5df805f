'use strict';

// The errors of this package, worded as Node words its own. Those that the native side finds are made here from code and
// message, so that their classes are those of the realm that loaded us.

const {
  CLASSES,
  Error,
  ObjectDefineProperty,
  ObjectKeys,
  RangeError,
  StringIncludes,
  SyntaxError,
  TypeError,
} = require('./intrinsics');
const { className, describe, show } = require('./describe');

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

/** `ERR_INVALID_ARG_TYPE`. `expected` completes "must be ...". */
function invalidArgType(name, expected, received, remedy = remedyFor(name, received)) {
  const what = remedy === undefined ? describe(received) : `${describe(received)}: ${remedy}`;
  return coded(
    new TypeError(`The "${name}" ${kind(name)} must be ${expected}. Received ${what}`),
    'ERR_INVALID_ARG_TYPE',
  );
}

function remedyFor(name, received, remedies = REMEDIES[name]) {
  if (remedies === undefined || received === null) return undefined;
  return remedies[typeof received === 'object' ? className(received) : typeof received];
}

/** `ERR_INVALID_ARG_TYPE`, for a signal that looks like one, but takes no listener. */
function unusableSignal(signal, cause) {
  return coded(
    new TypeError(
      `The "options.signal" property must be an AbortSignal. Received ${describe(signal)} to which no listener can be added`,
      { __proto__: null, cause },
    ),
    'ERR_INVALID_ARG_TYPE',
  );
}

/**
 * `ERR_INVALID_ARG_TYPE`, for an object in the place of an argument that is not options either: `name`, as shown, is no
 * option.
 */
function noOption(argument, expected, name, names) {
  let known = names[0];
  for (let i = 1; i < names.length; i++) known += `, ${names[i]}`;
  return coded(
    new TypeError(
      `The "${argument}" argument must be ${expected}, or be replaced by options (${known}). ` +
        `Received an object with the property ${name}`,
    ),
    'ERR_INVALID_ARG_TYPE',
  );
}

/** `ERR_OUT_OF_RANGE`. `expected` completes "It must be ...", `unit` what was received. */
function outOfRange(name, expected, received, unit) {
  const what = unit === undefined ? show(received) : `${show(received)} ${unit}`;
  return coded(
    new RangeError(`The value of "${name}" is out of range. It must be ${expected}. Received ${what}`),
    'ERR_OUT_OF_RANGE',
  );
}

/** `ERR_NOT_SHARED`, for an ArrayBuffer itself; the native side refuses views on one. */
function notShared(name) {
  return coded(
    new TypeError(
      `The "${name}" argument must be shared memory. Received an ArrayBuffer, which can be detached or shrunk while ` +
        `threads work on it. Make a shared one: new SharedArrayBuffer(${name}.byteLength)`,
    ),
    'ERR_NOT_SHARED',
  );
}

/** `ERR_INTERNAL`: a fault of ours, most often a panic that was caught. */
function internal(message) {
  return coded(
    new Error(
      `Internal error in allcores: ${message}. The pool is still usable. Please report it with the program that caused it.`,
    ),
    'ERR_INTERNAL',
  );
}

/** The error for a call that the native side has refused: `code` and `message`, and where in the source of a body. */
function refusal({ code, message, line, column, snippet }) {
  switch (code) {
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_NOT_SHARED':
      return coded(new TypeError(message), code);
    case 'ERR_OUT_OF_RANGE':
      return coded(new RangeError(message), code);
    case 'ERR_UNSUPPORTED':
      return place(coded(new SyntaxError(message), code), line, column, snippet);
    default:
      return coded(new Error(message), code);
  }
}

/** Where in a source an error is. */
function place(error, line, column, snippet) {
  define(error, 'line', line);
  define(error, 'column', column);
  return define(error, 'snippet', snippet);
}

/** As Node's own, which Node keeps private. */
class AbortError extends Error {
  // Fields, not assignments: defining one runs no setter of a prototype.
  code = 'ABORT_ERR';
  name = 'AbortError';

  constructor(reason) {
    super('The operation was aborted', { __proto__: null, cause: reason });
  }
}

const coded = (error, code) => define(error, 'code', code);

/** A property as an assignment makes one, but that runs no setter of a prototype. */
function define(object, name, value) {
  return ObjectDefineProperty(object, name, {
    __proto__: null,
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

const kind = (name) => (StringIncludes(name, '.') ? 'property' : 'argument');

module.exports = {
  AbortError,
  coded,
  define,
  internal,
  invalidArgType,
  noOption,
  notShared,
  outOfRange,
  place,
  refusal,
  remedyFor,
  unusableSignal,
};
