'use strict';

// The functions of Math with this engine's bits. For each, the native side knows arguments at which the implementations that
// there are differ; what this engine's function makes of them tells which one it is.

const { JSONParse, ReflectApply, TypedArrayLength } = require('../intrinsics');
const { callNative } = require('../engine');
const native = require('../binding');
const { textsOf } = require('./compiled');
const { isOurs: isOurHypot } = require('./hypot');
const { list } = require('./lists');

/** Those of two arguments. */
const BINARY = { __proto__: null, atan2: true, pow: true };

/** Those that have been found. */
const adopted = { __proto__: null };

/** The first of the functions whose bits cannot be had; undefined if all can. */
function firstUnknown(names) {
  for (let i = 0; i < names.length; i++) if (!adopt(names[i])) return names[i];
  return undefined;
}

function adopt(name) {
  // Ours.
  if (name === 'random' || adopted[name]) return true;
  if (name === 'hypot') {
    adopted[name] = isOurHypot();
    return adopted[name];
  }
  const results = resultsOf(
    name,
    callNative(() => native.probes(name)),
  );
  if (results === undefined || !callNative(() => native.adopt(name, results))) return false;
  adopted[name] = true;
  return true;
}

/** What the function that the program has makes of the arguments; undefined if it is no such function. */
function resultsOf(name, args) {
  const results = list();
  try {
    const { Math } = globalThis;
    const func = Math[name];
    const step = BINARY[name] ? 2 : 1;
    const count = TypedArrayLength(args);
    for (let i = 0; i < count; i += step) {
      const result = ReflectApply(func, Math, step === 2 ? [args[i], args[i + 1]] : [args[i]]);
      if (typeof result !== 'number') return undefined;
      results[i / step] = result;
    }
  } catch {
    return undefined;
  }
  return results;
}

/** What is refused if a body calls a function of Math whose bits cannot be had: `message`, and where it does so first. */
function unknownMath(name, entry, parameters, returns, data) {
  const refusal = JSONParse(
    callNative(() => native.locateMath(parameters, returns, entry.text, data.shape, textsOf(data), name)),
  );
  refusal.message =
    `The body calls Math.${name}, and no library here has the bits of the Math.${name} of this program. ` +
    "{ math: 'portable' } computes it with the bits that it has in Node.js on x64, on every machine";
  return refusal;
}

module.exports = { firstUnknown, unknownMath };
