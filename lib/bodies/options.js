'use strict';

// The options of a call with a body, each of which is read once. Those of other calls are ignored, but for `from` where
// there is no range: to ignore it would be to answer another question.

const { TypedArrayName } = require('../intrinsics');
const { isPlainObject } = require('../objects');
const { outOfRange } = require('../errors');
const { ddofOf, signalClassOf } = require('../options');
const { newShared } = require('../shared');
const { threadLimit } = require('../threads');
const { checkView, integer } = require('./arguments');
const { infoOf } = require('./arrays');
const { invalidArgType } = require('./errors');

/** What to do about an array in the place of data. */
const NAMED = 'give it a name: { data: { array } }';

/** Fields, not an object without a prototype: that would take longer to make than everything else here. */
class Read {
  data = undefined;
  /** What a variance takes off the number of terms. */
  ddof = 0;
  from = 0;
  into = undefined;
  onProgress = undefined;
  portable = false;
  signal = undefined;
  signalClass = undefined;
  /** 0 for no limit. */
  threads = 0;
  /** The class of the result of a map. */
  type = undefined;
}

const NONE = new Read();

/** What a call runs over. */
const RANGE = 'a range';
const GRID = 'more than one dimension';
const VIEW = 'a view';
const MAP = 'a map';

/** `over` is one of the above. Only a variance has a `ddof`. */
function readOptions(options, over, hasDdof = false) {
  if (options === undefined) return NONE;
  if (!isPlainObject(options)) throw invalidArgType('options', 'a plain object', options);
  const { data, from, math, onProgress, signal, threads } = options;
  const read = new Read();
  if (over === MAP) {
    read.into = options.into;
    read.type = options.type;
  }
  if (hasDdof) read.ddof = ddofOf(options.ddof);
  read.signal = signal;
  read.signalClass = signalClassOf(signal);
  read.threads = threadLimit(threads);
  if (data !== undefined && !isPlainObject(data))
    throw invalidArgType(
      'options.data',
      'a plain object',
      data,
      TypedArrayName(data) !== undefined ? NAMED : undefined,
    );
  read.data = data;
  read.portable = isPortable(math);
  if (from !== undefined) read.from = firstIndex(from, over);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgType('options.onProgress', 'of type function', onProgress);
  }
  read.onProgress = onProgress;
  if (read.into !== undefined) checkView('options.into', read.into);
  if (read.type !== undefined) checkType(read.type, read.into);
  return read;
}

/** A class of typed arrays of numbers, and nothing that has a class already. */
function checkType(type, into) {
  const expected = 'a class of typed arrays of numbers, such as Float64Array';
  if (infoOf(newShared(type, 0, 'options.type', 'view')) === undefined) {
    throw invalidArgType('options.type', expected, type, 'a body computes with numbers');
  }
  if (into !== undefined) {
    throw invalidArgType(
      'options.type',
      'undefined where there is options.into',
      type,
      'leave out one of the two',
    );
  }
}

function firstIndex(from, over) {
  const first = integer('options.from', from);
  if (over === RANGE || first === 0) return first;
  const remedy = over === GRID ? 'add it to an index in the body' : 'pass view.subarray(from)';
  throw outOfRange('options.from', `0 with ${over === MAP ? VIEW : over}: ${remedy}`, from);
}

function isPortable(math) {
  if (math === undefined) return false;
  if (math === 'portable') return true;
  if (typeof math !== 'string') throw invalidArgType('options.math', "'portable' or undefined", math);
  throw outOfRange('options.math', "'portable'", math);
}

module.exports = { GRID, MAP, RANGE, VIEW, readOptions };
