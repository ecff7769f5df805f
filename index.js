'use strict';

// The public API. Each function checks its arguments and starts a call; the rest is in lib/. Calls with a loop body are in
// lib/bodies/.

const { PromiseReject } = require('./lib/intrinsics');
const { checkNum, checkPair, checkSource, checkView, lengthOf, slotsOf } = require('./lib/arguments');
const engine = require('./lib/engine');
const { loadBodies: bodies, random } = require('./lib/load-bodies');
const { isOptions, readOptions, readOptionsWithoutBody } = require('./lib/options');
const { share, shared } = require('./lib/shared');
const { threads } = require('./lib/threads');

function sumRange(num, body, options) {
  try {
    if (typeof body === 'function') return bodies().sumRange(num, body, options);
    checkNum(num);
    return engine.sumRange(num, readOptionsWithoutBody(body, options));
  } catch (error) {
    return PromiseReject(error);
  }
}

function sumIntoSharedBuffer(target, num, body, options) {
  try {
    const slots = slotsOf(target);
    if (typeof body === 'function') return bodies().sumIntoSharedBuffer(slots, num, body, options);
    if (body === undefined && options === undefined && isOptions(num)) {
      body = num;
      num = undefined;
    }
    if (num !== undefined) checkNum(num);
    const read = readOptionsWithoutBody(body, options);
    // Last of all: reading the options may run code that grows the buffer.
    return engine.sumIntoSharedBuffer(slots, lengthOf(slots), num, read);
  } catch (error) {
    return PromiseReject(error);
  }
}

function sum(view, body, options) {
  try {
    if (typeof body === 'function') return bodies().sum(view, body, options);
    checkView(view);
    return engine.sum(view, readOptionsWithoutBody(body, options));
  } catch (error) {
    return PromiseReject(error);
  }
}

/** A reduction of elements, or with a body of what it returns for a view or a range. */
function reduce(name, source, body, options) {
  try {
    if (typeof body === 'function') return bodies().reduce(name, source, body, options);
    checkSource(source, body);
    return engine.reduce(name, source, readOptionsWithoutBody(body, options, name === 'variance'));
  } catch (error) {
    return PromiseReject(error);
  }
}

function min(source, body, options) {
  return reduce('min', source, body, options);
}

function max(source, body, options) {
  return reduce('max', source, body, options);
}

function argMin(source, body, options) {
  return reduce('argMin', source, body, options);
}

function argMax(source, body, options) {
  return reduce('argMax', source, body, options);
}

function mean(source, body, options) {
  return reduce('mean', source, body, options);
}

function variance(source, body, options) {
  return reduce('variance', source, body, options);
}

function norm(source, body, options) {
  return reduce('norm', source, body, options);
}

function dot(a, b, options) {
  try {
    checkView(a, 'a');
    checkView(b, 'b');
    const read = readOptions(options);
    // Last of all: reading the options may run code that grows a buffer.
    checkPair(a, b);
    return engine.dot(a, b, read);
  } catch (error) {
    return PromiseReject(error);
  }
}

/** A reduction of what a predicate returns. */
function reduceBy(name, source, predicate, options) {
  try {
    return bodies().reduce(name, source, predicate, options);
  } catch (error) {
    return PromiseReject(error);
  }
}

function count(source, predicate, options) {
  return reduceBy('count', source, predicate, options);
}

function findIndex(source, predicate, options) {
  return reduceBy('findIndex', source, predicate, options);
}

function forRange(num, body, options) {
  try {
    return bodies().forRange(num, body, options);
  } catch (error) {
    return PromiseReject(error);
  }
}

function map(view, body, options) {
  try {
    return bodies().map(view, body, options);
  } catch (error) {
    return PromiseReject(error);
  }
}

const explain = (body, options) => bodies().explain(body, options);

module.exports = {
  sumRange,
  sumIntoSharedBuffer,
  sum,
  min,
  max,
  argMin,
  argMax,
  count,
  findIndex,
  mean,
  variance,
  norm,
  dot,
  forRange,
  map,
  explain,
  random,
  share,
  shared,
  threads,
};
