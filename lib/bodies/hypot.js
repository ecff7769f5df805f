'use strict';

// Math.hypot as bodies are compiled to have it, which is V8's: engines differ in its last digit. No library is looked for.

const { MathSqrt, ObjectIs, ReflectApply } = require('../intrinsics');
const { list } = require('./lists');

const INFINITY = 1 / 0;
const NAN = INFINITY - INFINITY;

/** Numbers of all kinds of digits, some with squares that are too large or too small, and the special ones. */
const PROBES = [
  3,
  4,
  0.1,
  1 / 3,
  0.7853981633974483,
  7.38905609893065,
  123456.789,
  98765.4321,
  1.1e-5,
  1.0000000000000002,
  0.9999999999999999,
  6.02e23,
  1.602e-19,
  1.7e300,
  3.3e-300,
  5e-324,
  0,
  -0,
  -1.5,
  -INFINITY,
  NAN,
];

function hypot(values) {
  const magnitudes = list();
  let largest = 0;
  let isNumber = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    magnitudes[i] = value < 0 ? -value : value;
    if (magnitudes[i] > largest) largest = magnitudes[i];
    if (!(magnitudes[i] >= 0)) isNumber = false;
  }
  if (largest === INFINITY) return INFINITY;
  if (!isNumber) return NAN;
  if (largest === 0) return 0;
  let sum = 0;
  let compensation = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    const scaled = magnitudes[i] / largest;
    const summand = scaled * scaled - compensation;
    const preliminary = sum + summand;
    compensation = preliminary - sum - summand;
    sum = preliminary;
  }
  return MathSqrt(sum) * largest;
}

/** Whether the function that the program has is the same, of two numbers and of three. */
function isOurs() {
  try {
    const { Math } = globalThis;
    const func = Math.hypot;
    for (let i = 0; i < PROBES.length; i++) {
      for (let j = 0; j < PROBES.length; j++) {
        const two = [PROBES[i], PROBES[j]];
        const three = [PROBES[i], PROBES[j], PROBES[(i * 7 + j * 3) % PROBES.length]];
        if (!ObjectIs(ReflectApply(func, Math, two), hypot(two))) return false;
        if (!ObjectIs(ReflectApply(func, Math, three), hypot(three))) return false;
      }
    }
    return true;
  } catch {
    return false;
  }
}

module.exports = { isOurs };
