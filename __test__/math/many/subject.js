'use strict';

// A function of Math that is compared: as a loop body of the package, as a loop in this engine, and what has come out so far.

const shown = (value) => (Object.is(value, -0) ? '-0' : String(value));

/** So many results are looked at as integers before they are looked at one by one. */
const ROW = 32;

class Subject {
  /** `from` are the names of the arrays that have its arguments, `numbers` those arrays. `%` is a function too. */
  constructor(name, from, numbers) {
    const call = (args) => (name === '%' ? args.join(' % ') : `Math.${name}(${args.join(', ')})`);
    const [first, ...others] = from;
    const elements = others.map((array) => `${array}[i]`);
    this.name = from.length > 2 ? `${name} of ${from.length}` : name;
    this.view = numbers[first];
    this.arguments = from.map((array) => numbers[array]);
    this.data = Object.fromEntries(others.map((array) => [array, numbers[array]]));
    this.body = new Function('x', 'i', `{ ${others.join(', ')} }`, `return ${call(['x', ...elements])};`);
    const loop = `for (let i = 0; i < into.length; i++) into[i] = ${call([`${first}[i]`, ...elements])};`;
    this.loop = new Function('into', `{ ${from.join(', ')} }`, loop);
    this.compared = 0;
    this.differing = 0;
    this.notNumbers = 0;
    this.example = undefined;
  }

  /** Counts where two arrays of results differ; all NaNs are one. The words are the same arrays as integers. */
  compare(found, expected, foundWords, expectedWords) {
    for (let start = 0; start < expected.length; start += ROW) {
      let bits = 0;
      for (let k = 2 * start; k < 2 * (start + ROW); k++) bits |= foundWords[k] ^ expectedWords[k];
      if (bits !== 0) this.compareRow(found, expected, start);
    }
    for (let k = 0; k < expected.length; k++) if (Number.isNaN(expected[k])) this.notNumbers++;
    this.compared += expected.length;
  }

  compareRow(found, expected, start) {
    for (let at = start; at < start + ROW; at++) {
      if (Object.is(found[at], expected[at])) continue;
      this.differing++;
      const args = this.arguments.map((array) => shown(array[at])).join(', ');
      this.example ??= `${this.name}(${args}) is ${shown(expected[at])}, not ${shown(found[at])}`;
    }
  }
}

module.exports = { Subject };
