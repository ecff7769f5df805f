'use strict';

// `explain(body, options)`: what a body is compiled to, what is refused in it, and whether it can be compared with the
// function; for people. Nothing is run but getters in the data.

const { JSONParse } = require('../intrinsics');
const { ask } = require('../engine');
const { outOfRange } = require('../errors');
const native = require('../binding');
const { checkBody, checkView } = require('./arguments');
const { whyUnchecked } = require('./check');
const { compile, textsOf } = require('./compiled');
const { readData, release } = require('./data');
const { invalidArgType } = require('./errors');
const { known } = require('./functions');
const { firstUnknown, unknownMath } = require('./math');
const { GRID, RANGE, VIEW, readOptions } = require('./options');

/**
 * The options are those of a call, and `view` for a body that is called with elements, or `dimensions` for one with more
 * indices.
 */
function explain(body, options) {
  checkBody(body);
  const { over, parameters } = waysToCall(options);
  const { data: object, portable } = readOptions(options, over);
  const entry = known(body);
  const data = readData(object, undefined);
  try {
    const asValue = explainAs(entry, parameters, true, data, portable);
    if (asValue.refusals.length === 0) return complete(asValue, entry, parameters, true, data, portable);
    // What is no sum may still be a loop.
    const asLoop = explainAs(entry, parameters, false, data, portable);
    if (asLoop.refusals.length > 0) return summary(asValue, true, 'it cannot be compiled');
    const note = `note    refused in a sum or a map: ${asValue.refusals[0].message}\n`;
    return complete(asLoop, entry, parameters, false, data, portable, note);
  } finally {
    release(data);
  }
}

function waysToCall(options) {
  const { dimensions, view } = options ?? {};
  if (view !== undefined) {
    return { over: VIEW, parameters: `e${checkView('options.view', view).element}` };
  }
  if (dimensions === undefined) return { over: RANGE, parameters: 'i1' };
  if (typeof dimensions !== 'number')
    throw invalidArgType('options.dimensions', 'of type number', dimensions);
  if (dimensions !== 1 && dimensions !== 2 && dimensions !== 3) {
    throw outOfRange('options.dimensions', '1, 2 or 3', dimensions);
  }
  return { over: dimensions === 1 ? RANGE : GRID, parameters: `i${dimensions}` };
}

const explainAs = (entry, parameters, returns, data, portable) =>
  JSONParse(
    ask((port) =>
      native.explainBody(port, parameters, returns, entry.text, data.shape, textsOf(data), portable),
    ),
  );

/** Of a body that can be compiled. */
function complete(first, entry, parameters, returns, data, portable, note = '') {
  const compiled = compile(entry, parameters, returns, data);
  const unknown = portable ? undefined : firstUnknown(compiled.math);
  if (unknown !== undefined) {
    const refusal = unknownMath(unknown, entry, parameters, returns, data);
    first.text += note;
    first.refusals = [refusal];
    return summary(first, returns, refusal.message);
  }
  // Which code there is depends on the functions of Math, which are known only now.
  const isFinal = portable || compiled.math.length === 0;
  const explained = isFinal ? first : explainAs(entry, parameters, returns, data, portable);
  explained.text += note;
  const unchecked = whyUnchecked({ compiled, data, portable });
  explained.text +=
    unchecked === undefined
      ? 'note    it is compared with the function before it runs first\n'
      : `note    it runs without being compared with the function: ${unchecked}\n`;
  return summary(explained, returns, unchecked);
}

const summary = ({ text, refusals, engine, isa, block, bytes }, returns, unchecked) => ({
  text,
  refusals,
  returns,
  checked: unchecked === undefined,
  unchecked,
  engine,
  isa,
  block,
  bytes,
});

module.exports = { explain };
