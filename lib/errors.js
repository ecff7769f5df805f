'use strict';

// The errors of this package, worded as Node words its own. Those that the native side finds are made here from code and
// message, so that their classes are those of the realm that loaded us.
//
// What a message says of a value comes from lib/rare/, which the first such message loads.

const { Error, ObjectDefineProperty, RangeError, StringIncludes, SyntaxError, TypeError } =
  require('./intrinsics');
const { loadRare } = require('./load-rare');

/** What few programs need, for what cannot go on without it. */
function rare() {
  try {
    return loadRare();
  } catch (error) {
    throw internal(`what is seldom needed cannot be loaded (${error?.message})`);
  }
}

/** What `words` says of a value. An error has its class and code even where its words cannot be loaded. */
function inWords(value, words) {
  try {
    return words(loadRare());
  } catch {
    return `type ${typeof value}`;
  }
}

const describe = (value) => inWords(value, (words) => words.describe(value));

const show = (value) =>
  typeof value === 'number' ? `${value}` : inWords(value, (words) => words.show(value));

/** What to do about a value; see lib/rare/remedies.js. */
function remedyFor(name, received, remedies) {
  try {
    return loadRare().remedyFor(name, received, remedies);
  } catch {
    return undefined;
  }
}

/** `ERR_INVALID_ARG_TYPE`. `expected` completes "must be ...". There may be a remedy for this very value. */
function invalidArgType(name, expected, received, remedy) {
  const what = inWords(received, (words) => words.describeWithRemedy(name, received, remedy));
  return coded(
    new TypeError(`The "${name}" ${kind(name)} must be ${expected}. Received ${what}`),
    'ERR_INVALID_ARG_TYPE',
  );
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

/** `ERR_INVALID_ARG_TYPE`, for an object in the place of an argument that is not options either: `name` is no option. */
function noOption(argument, expected, name, names) {
  let known = names[0];
  for (let i = 1; i < names.length; i++) known += `, ${names[i]}`;
  return coded(
    new TypeError(
      `The "${argument}" argument must be ${expected}, or be replaced by options (${known}). ` +
        `Received an object with the property ${show(name)}`,
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
  describe,
  internal,
  invalidArgType,
  noOption,
  notShared,
  outOfRange,
  place,
  rare,
  refusal,
  remedyFor,
  show,
  unusableSignal,
};
