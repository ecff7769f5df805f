'use strict';

// The functions of `Math` whose last bits ECMAScript leaves to the engine, and what becomes of each in a body here.

/** Bodies of one argument. */
const FUNCTIONS = {
  acos: (x) => Math.acos(x),
  acosh: (x) => Math.acosh(x),
  asin: (x) => Math.asin(x),
  asinh: (x) => Math.asinh(x),
  atan: (x) => Math.atan(x),
  atan2: (x) => Math.atan2(x, 0.75),
  atanh: (x) => Math.atanh(x),
  cbrt: (x) => Math.cbrt(x),
  cos: (x) => Math.cos(x),
  cosh: (x) => Math.cosh(x),
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  hypot: (x) => Math.hypot(x, 0.75),
  log: (x) => Math.log(x),
  log10: (x) => Math.log10(x),
  log1p: (x) => Math.log1p(x),
  log2: (x) => Math.log2(x),
  pow: (x) => x ** 1.75,
  sin: (x) => Math.sin(x),
  sinh: (x) => Math.sinh(x),
  tan: (x) => Math.tan(x),
  tanh: (x) => Math.tanh(x),
};

/** What can become of one, for people. */
const WAYS = {
  vectors: 'for several indices at once',
  operations: 'in operations of the body',
  calls: 'for one index after the other',
  refused: "only with { math: 'portable' }",
};

/** A word of WAYS for each function. */
function describeFunctions({ explain }) {
  return Object.fromEntries(Object.entries(FUNCTIONS).map(([name, body]) => [name, wayOf(explain(body))]));
}

function wayOf({ text, refusals, bytes }) {
  if (refusals.length > 0) return 'refused';
  if (/Math\.\w+ for one index after the other/.test(text)) return 'calls';
  if (!/Math\.\w+ in vectors/.test(text)) return 'operations';
  return bytes > 0 ? 'vectors' : 'calls';
}

module.exports = { FUNCTIONS, WAYS, describeFunctions };
