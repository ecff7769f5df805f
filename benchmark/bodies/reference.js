'use strict';

// What each kernel has to give, by its body, called here for one index after the other: the exact sum of what it returns, or the
// elements that it writes.

const { exactSum, toDouble, ulps } = require('../common/exact');

/** Terms that are added up at a time. */
const CHUNK = 2 ** 20;

class Reference {
  #workload;
  #units = 0n;
  #magnitude = 0;
  #elements;

  constructor(workload, memory) {
    const { kernel, count } = workload;
    this.#workload = workload;
    const data = kernel.data(memory, count);
    if (writes(kernel)) this.#elements = elements(kernel, count, data);
    else this.#addUp(kernel, count, data);
  }

  #addUp(kernel, count, data) {
    const terms = new Float64Array(CHUNK);
    let length = 0;
    const flush = () => {
      const part = terms.subarray(0, length);
      this.#units += exactSum(part);
      for (const term of part) this.#magnitude += Math.abs(term);
      length = 0;
    };
    eachTerm(kernel, count, data, (term) => {
      terms[length++] = term;
      if (length === CHUNK) flush();
    });
    flush();
  }

  /**
   * Compares a result: { error } of a sum, in ulp of the exact one rounded once, or how many elements of `out` are
   * { differing }. Throws if it is wrong. Of `exact` contenders all bits must be right. A `precision` is relative to the
   * magnitude of what is added up or written.
   */
  verify(value, out, { exact, precision }) {
    const result = this.#elements
      ? this.#compareElements(out, precision)
      : this.#compareSum(value, precision);
    const wrong = Object.values(result)[0] !== 0;
    if (wrong && (exact || this.#workload.kernel.whole)) throw this.#wrong(JSON.stringify(result));
    return result;
  }

  #compareSum(value, precision) {
    const best = toDouble(this.#units);
    if (!(Math.abs(value - best) <= precision * this.#magnitude)) {
      throw this.#wrong(`${value}, not ${best}`);
    }
    return { error: ulps(this.#units, value) };
  }

  #compareElements(out, precision) {
    let differing = 0;
    this.#elements.forEach((expected, i) => {
      if (Object.is(out[i], expected)) return;
      if (!(Math.abs(out[i] - expected) <= precision * Math.abs(expected))) {
        throw this.#wrong(`element ${i} is ${out[i]}, not ${expected}`);
      }
      differing++;
    });
    return { differing };
  }

  #wrong(what) {
    return new Error(`wrong result for ${this.#workload.title}: ${what}`);
  }
}

/** Whether a kernel writes elements, and has no sum. */
function writes({ call }) {
  return call === 'forRange' || call === 'map';
}

function eachTerm({ call, body }, count, data, take) {
  if (call === 'sum') {
    data.x.forEach((value, i) => {
      take(Number(body(value, i, data)));
    });
  } else if (Array.isArray(count)) {
    for (let row = 0; row < count[0]; row++) {
      for (let column = 0; column < count[1]; column++) take(Number(body(row, column, data)));
    }
  } else {
    for (let i = 0; i < count; i++) take(Number(body(i, data)));
  }
}

function elements({ call, body }, count, data) {
  const out = new Float64Array(count);
  if (call === 'map') return out.map((_, i) => body(data.x[i], i, data));
  for (let i = 0; i < count; i++) body(i, { ...data, out });
  return out;
}

module.exports = { Reference, writes };
