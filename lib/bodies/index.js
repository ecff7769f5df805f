'use strict';

// The public functions, called with a loop body. Programs without one do not load this file, nor what it requires.

const { AtomicsLoad, Number, TypedArrayLength } = require('../intrinsics');
const { lengthOf } = require('../arguments');
const { internal } = require('../errors');
const { ANSWERED, callNative, start } = require('../engine');
const { newShared } = require('../shared');
const native = require('../binding');
const { MAX, checkBody, checkInto, checkView, countsOf, integer, isRange } = require('./arguments');
const { setRandom } = require('./data');
require('./engine-choice');
const { explain } = require('./explain');
const { Job } = require('./job');
const { GRID, MAP, RANGE, VIEW, readOptions } = require('./options');
const partials = require('./partials');
const { random } = require('./philox');
const { Progress } = require('./progress');
const { rangeJob, tupleOf } = require('./range');

/** The reductions whose result is an index. */
const IS_INDEX = { __proto__: null, argMax: true, argMin: true, findIndex: true };

function sumRange(num, body, options) {
  const counts = countsOf(num);
  const read = readOptions(options, counts.length === 1 ? RANGE : GRID);
  return run('sum', rangeJob(counts, body, true, read), read, undefined, 0, 0);
}

function forRange(num, body, options) {
  const counts = countsOf(num);
  checkBody(body);
  const read = readOptions(options, counts.length === 1 ? RANGE : GRID);
  return run('nothing', rangeJob(counts, body, false, read), read);
}

/** `slots` are those of the target. Without `num`, the last one holds it. */
function sumIntoSharedBuffer(slots, num, body, options) {
  const counts = num === undefined ? [] : [integer('num', num, undefined, 'slots are for one dimension')];
  const read = readOptions(options, RANGE);
  const job = rangeJob(num === undefined ? [requestIn(slots)] : counts, body, true, read);
  job.counts = counts;
  // Last of all: what ran so far may have grown the buffer.
  return run('slots', job, read, slots, lengthOf(slots), 0);
}

/** What the last slot holds now; 0 for what the native side is going to refuse. */
function requestIn(slots) {
  const request = Number(AtomicsLoad(slots, lengthOf(slots) - 1));
  return request > 0 && request <= MAX ? request : 0;
}

function sum(view, body, options) {
  const info = checkView('view', view);
  const read = readOptions(options, VIEW);
  return run('sum', viewJob(view, info, body, read), read, undefined, 0, 0);
}

/** What a body returns for a view or a range, reduced: `name` is that of the public function. */
function reduce(name, source, body, options) {
  if (!isRange(source)) {
    const info = checkView('source', source);
    checkBody(body, 'predicate');
    const read = readOptions(options, VIEW, name === 'variance');
    return run(name, viewJob(source, info, body, read), read);
  }
  const counts = countsOf(source, 'source');
  checkBody(body, 'predicate');
  const isLine = counts.length === 1;
  const read = readOptions(options, isLine ? RANGE : GRID, name === 'variance');
  const job = rangeJob(counts, body, true, read);
  const result = isLine || !IS_INDEX[name] ? undefined : (unit) => tupleOf(unit, counts);
  return run(name, job, read, undefined, 0, result);
}

function map(view, body, options) {
  const info = checkView('view', view);
  checkBody(body);
  const read = readOptions(options, MAP);
  if (read.into !== undefined) checkInto(read.into, TypedArrayLength(view));
  const job = viewJob(view, info, body, read);
  // Last of all: what ran so far may have grown a buffer.
  job.counts[0] = TypedArrayLength(view);
  if (read.into !== undefined) checkInto(read.into, job.counts[0]);
  const into = read.into ?? newResult(read.type ?? info.Class, job.counts[0]);
  return run('store', job, read, into, job.counts[0], into);
}

function viewJob(view, { element }, body, options) {
  const length = TypedArrayLength(view);
  return new Job(body, view, 0, [length], length, options).prepare(`e${element}`, true, options);
}

/** Where the values of a map go, if the program has nothing for them. */
function newResult(Class, length) {
  try {
    return newShared(Class, length, 'options.type', 'view');
  } catch (error) {
    throw error?.code === 'ERR_OUT_OF_RANGE' ? internal('there is no memory for the result of map') : error;
  }
}

/** In the place of an id: the call has run at once, and no other one beside it. */
const ANSWERED_ALONE = -2;
/** What the native side may run at once: nothing, what is short, or also what is a little longer. */
const NOTHING = 0;
const SHORT = 1;
const SHORT_ALONE = 2;

/**
 * Whether a call may be a little longer and run at once: none has since the program went on with something else. So a program that waits
 * for each call does not wait for threads, and of many calls at once, all but one have them.
 */
let isAlone = true;

async function goOn() {
  await undefined;
  isAlone = true;
}

/** `end` says what becomes of the values. The memory that they go to is `target`, its first `length` elements. */
function run(end, job, read, target, length = 0, result = undefined) {
  const { arrays, compiled, counts, from, portable, scalars, total } = job;
  // A short call is over before this returns, unless the program wants to abort it, or to hear of it.
  const isPlain = read.signal === undefined && read.onProgress === undefined;
  const here = isPlain ? (isAlone ? SHORT_ALONE : SHORT) : NOTHING;
  const submit = (port) => {
    const id = native.runBody(
      port,
      end,
      compiled.body,
      from,
      counts,
      target,
      length,
      scalars,
      arrays,
      portable,
      read.threads,
      here,
      read.ddof,
    );
    if (id !== ANSWERED_ALONE) return id;
    isAlone = false;
    goOn();
    return ANSWERED;
  };
  const slots = end === 'slots' ? target : undefined;
  const progress = read.onProgress === undefined ? undefined : new Progress(read.onProgress, total);
  const engineOf = () => callNative(() => native.engineOf(compiled.body, portable));
  return start(publicNameOf(end, job), read, slots, length - 1, submit, result, progress, engineOf);
}

/** The name of the public function. */
function publicNameOf(end, { view }) {
  switch (end) {
    case 'sum':
      return view === undefined ? 'sumRange' : 'sum';
    case 'slots':
      return 'sumIntoSharedBuffer';
    case 'store':
      return 'map';
    case 'nothing':
      return 'forRange';
    default:
      return end;
  }
}

module.exports = {
  explain,
  forRange,
  map,
  partials,
  random,
  reduce,
  setRandom,
  sum,
  sumIntoSharedBuffer,
  sumRange,
};
