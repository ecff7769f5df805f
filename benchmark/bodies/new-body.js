'use strict';

// Bodies that no one has seen: ten lines with a number that no other has.

/** Indices of a call: few, so that what is timed is not the work. */
const COUNT = 1000;

let number = 0;

function newSource() {
  number++;
  return `(i) => {
    const seed = ${number};
    const x = (i + seed) * 0.001;
    let u = 0;
    let steps = 0;
    while (steps < 4 && u * u <= 100) {
      u = u * u - x;
      steps++;
    }
    return x > 2 ? steps + Math.sqrt(x) : steps * x;
  }`;
}

function newBody(source) {
  return new Function(`return ${source}`)();
}

function plainSum(body, from, to) {
  let sum = 0;
  for (let i = from; i < to; i++) sum += body(i);
  return sum;
}

module.exports = { COUNT, newBody, newSource, plainSum };
